package zendesk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/ticket"
)

// Records as Zendesk writes them, with the values that are taken over.

type organization struct {
	ID      int64    `json:"id"`
	Name    string   `json:"name"`
	Domains []string `json:"domain_names"`
}

type user struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	Phone        string `json:"phone"`
	Shared       bool   `json:"shared_phone_number"`
	Role         string `json:"role"` // end-user, agent, admin
	Organization int64  `json:"organization_id"`
	Suspended    bool   `json:"suspended"`
	Active       *bool  `json:"active"` // false when somebody was deleted
}

func (u user) person() desk.PastPerson {
	return desk.PastPerson{
		ID: u.ID, Name: u.Name, Email: u.Email, Phone: u.Phone, SharedPhone: u.Shared, Organization: u.Organization,
		Staff: u.Role != "end-user", Gone: u.Suspended || u.Active != nil && !*u.Active,
	}
}

type ticketRecord struct {
	ID            int64         `json:"id"`
	Subject       string        `json:"subject"`
	Type          string        `json:"type"`
	Status        string        `json:"status"`
	Priority      string        `json:"priority"`
	Tags          []string      `json:"tags"`
	Requester     int64         `json:"requester_id"`
	Submitter     int64         `json:"submitter_id"`
	Assignee      int64         `json:"assignee_id"`
	Organization  int64         `json:"organization_id"`
	Group         int64         `json:"group_id"`
	Collaborators []int64       `json:"collaborator_ids"`
	CCs           []int64       `json:"email_cc_ids"` // absent where copies and followers are one thing
	Followers     []int64       `json:"follower_ids"`
	Fields        []customField `json:"custom_fields"`
	Created       time.Time     `json:"created_at"`
	Updated       time.Time     `json:"updated_at"`
}

type customField struct {
	ID    int64 `json:"id"`
	Value any   `json:"value"`
}

func (t ticketRecord) ticket(groups, fields map[int64]string) desk.PastTicket {
	copied := t.CCs
	if copied == nil {
		copied = t.Collaborators
	}
	past := desk.PastTicket{
		ID: t.ID, Subject: t.Subject, Kind: t.Type, Category: ticket.Category(t.Status), Priority: t.Priority, Tags: t.Tags,
		Requester: t.Requester, Submitter: t.Submitter, Assignee: t.Assignee, Organization: t.Organization, Group: groups[t.Group],
		CCs: copied, Followers: t.Followers, Fields: map[string]string{}, Created: t.Created, Updated: t.Updated,
	}
	for _, field := range t.Fields {
		title, value := fields[field.ID], said(field.Value)
		if title != "" && value != "" {
			past.Fields[title] = value
		}
	}
	return past
}

// said is the value of a field as words, "" for none.
func said(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return map[bool]string{true: "yes"}[value]
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case []any:
		var all []string
		for _, one := range value {
			all = append(all, said(one))
		}
		return strings.Join(all, ", ")
	}
	return ""
}

type comment struct {
	ID      int64     `json:"id"`
	Author  int64     `json:"author_id"`
	Body    string    `json:"body"`
	HTML    string    `json:"html_body"`
	Plain   string    `json:"plain_body"`
	Public  bool      `json:"public"`
	Files   []file    `json:"attachments"`
	Created time.Time `json:"created_at"`
}

type file struct {
	ID      int64  `json:"id"`
	Name    string `json:"file_name"`
	Type    string `json:"content_type"`
	URL     string `json:"content_url"`
	Size    int64  `json:"size"`
	Inline  bool   `json:"inline"`
	Deleted bool   `json:"deleted"`
	Malware string `json:"malware_scan_result"`
}

// comment translates a message. Its pictures are named as a mail names its own, so that they are shown from here and not fetched.
func (c comment) comment() desk.PastComment {
	past := desk.PastComment{ID: c.ID, Author: c.Author, Public: c.Public, HTML: c.HTML, Text: cmp.Or(c.Plain, c.Body), Created: c.Created}
	for _, f := range c.Files {
		if f.Deleted {
			continue
		}
		one := f.file()
		if f.URL != "" {
			past.HTML = strings.NewReplacer(`"`+html.EscapeString(f.URL)+`"`, `"cid:`+one.ContentID+`"`, `"`+f.URL+`"`, `"cid:`+one.ContentID+`"`).Replace(past.HTML)
		}
		past.Files = append(past.Files, one)
	}
	return past
}

func (f file) file() desk.PastFile {
	one := desk.PastFile{Name: f.Name, Type: f.Type, Size: f.Size, Inline: f.Inline, ContentID: fmt.Sprintf("zendesk-%d", f.ID), From: f.URL}
	if f.Malware == "malware_found" {
		one.Wrong = fault.New(fault.Refused, "Zendesk found malware in it")
	}
	return one
}

// read reads a record. What stands in the way is named as people would look for it.
func read(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		return fault.New(fault.Invalid, "something is missing")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fault.Wrap(err, fault.Invalid, "its record cannot be read")
	}
	return nil
}

// idOf is the id of a record that cannot be read whole, 0 when even that is not there.
func idOf(raw json.RawMessage) int64 {
	var only struct {
		ID json.Number `json:"id"`
	}
	_ = json.Unmarshal(raw, &only)
	id, _ := only.ID.Int64()
	return id
}
