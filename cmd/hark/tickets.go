package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// ticketCmd groups what is asked about tickets.
type ticketCmd struct {
	List ticketListCmd `cmd:"" help:"List tickets, the newest change first."`
	Show ticketShowCmd `cmd:"" help:"Show one ticket with everything about it."`
}

type ticketListCmd struct {
	Query string `help:"Words and operators, as in the search field."`
}

type ticketShowCmd struct {
	Number int64 `arg:"" help:"The ticket's number."`
}

// ticketJSON is a ticket as programs read it.
type ticketJSON struct {
	Number     int64         `json:"number"`
	Subject    string        `json:"subject"`
	Status     string        `json:"status"`
	Requester  *string       `json:"requester"`
	Assignee   *string       `json:"assignee"`
	Tags       []string      `json:"tags"`
	Held       bool          `json:"held"`
	Reason     string        `json:"reason,omitempty"`
	Via        string        `json:"via"`
	FollowUpOf *int64        `json:"follow_up_of"`
	Kind       string        `json:"kind,omitempty"`
	Comments   []commentJSON `json:"comments,omitzero"` // these are absent from lists
	Events     []eventJSON   `json:"events,omitzero"`
	Timers     []timerJSON   `json:"timers,omitzero"`
	Targets    []targetJSON  `json:"targets,omitzero"`
}

type commentJSON struct {
	ID          int64                 `json:"id"`
	Author      string                `json:"author"`
	Public      bool                  `json:"public"`
	Body        string                `json:"body"`
	TextTrimmed string                `json:"text_trimmed"`
	Automatic   string                `json:"automatic"`
	MessageID   string                `json:"message_id"`
	At          time.Time             `json:"at"`
	Attachments []mail.ViewAttachment `json:"attachments"`
}

type eventJSON struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	ticket.AuditEvent
}

// timerJSON is what will happen by itself.
type timerJSON struct {
	Rule string    `json:"rule"`
	At   time.Time `json:"at"`
	Why  string    `json:"why"`
}

// targetJSON is an answer that is measured.
type targetJSON struct {
	Rule     string    `json:"rule"`
	Due      time.Time `json:"due"`
	Strength string    `json:"strength"`
	State    string    `json:"state"`
	Why      string    `json:"why"`
}

// Run prints one ticket a line, page after page.
func (c *ticketListCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		for after, more := "", true; more; {
			page, err := c.page(ctx, d, operator, after)
			if err != nil {
				return err
			}
			if err := printRows(ctx, d, operator, out, page.Items); err != nil {
				return err
			}
			after, more = page.Next, page.Next != ""
		}
		return nil
	})
}

func (c *ticketListCmd) page(ctx context.Context, d *opened, operator access.Actor, after string) (store.Page[store.Row], error) {
	if c.Query != "" {
		return d.Search(ctx, operator, c.Query, after)
	}
	return d.Inbox(ctx, operator, store.Filter{View: store.All, After: after, Limit: 200})
}

func rowText(r store.Row) string {
	return fmt.Sprintf("#%-6d %-8s %-32s %s", r.ID, r.State, cut(r.Requester.Address, 32), r.Subject)
}

func cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// printRows prints a page of the list; for programs, with what a row of the inbox does not show.
func printRows(ctx context.Context, d *opened, operator access.Actor, out *Out, rows []store.Row) error {
	if !out.JSON {
		for _, row := range rows {
			if err := out.Print(nil, rowText(row)); err != nil {
				return err
			}
		}
		return nil
	}
	return d.db.Read(ctx, func(tx *store.Tx) error {
		for _, row := range rows {
			t, err := rowJSON(tx, operator, row)
			if err != nil {
				return err
			}
			if err := out.Print(t, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func rowJSON(tx *store.Tx, operator access.Actor, r store.Row) (ticketJSON, error) {
	t, err := tx.Ticket(operator, r.ID)
	if err != nil || r.Held == 0 {
		return headOf(t, nil), err
	}
	held, err := tx.HeldFor(operator, r.ID)
	return headOf(t, held), err
}

// headOf is what a list says of a ticket.
func headOf(t ticket.Ticket, held []store.Incoming) ticketJSON {
	head := ticketJSON{
		Number: t.ID, Subject: t.Subject, Status: t.State, Requester: addressOrNull(t.Requester), Assignee: addressOrNull(t.Assignee), Tags: orEmpty(t.Tags),
		Held: len(held) > 0, Via: t.Channel, FollowUpOf: numberOrNull(t.FollowUpOf), Kind: t.Kind,
	}
	if head.Held {
		head.Reason = held[0].Reason
	}
	return head
}

// Run prints everything about one ticket.
func (c *ticketShowCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		page, err := d.TicketPage(ctx, operator, c.Number)
		if err != nil {
			return err
		}
		t := wholeTicket(page)
		return out.Print(t, ticketText(t))
	})
}

func wholeTicket(p desk.TicketPage) ticketJSON {
	whole := headOf(p.Ticket, p.Held)
	whole.Comments, whole.Events, whole.Timers, whole.Targets = []commentJSON{}, []eventJSON{}, []timerJSON{}, []targetJSON{}
	for _, c := range p.Comments {
		whole.Comments = append(whole.Comments, commentOf(c))
	}
	for _, audit := range p.Audits {
		for _, e := range audit.Events {
			whole.Events = append(whole.Events, eventJSON{At: audit.At, Author: audit.Author.Address, AuditEvent: e})
		}
	}
	for _, e := range p.Why {
		if e.Strength == "" {
			whole.Timers = append(whole.Timers, timerJSON{Rule: e.Rule, At: e.At, Why: e.Sentence})
		} else {
			whole.Targets = append(whole.Targets, targetJSON{Rule: e.Rule, Due: e.At, Strength: string(e.Strength), State: string(e.State), Why: e.Sentence})
		}
	}
	return whole
}

func commentOf(c ticket.Comment) commentJSON {
	one := commentJSON{
		ID: c.ID, Author: c.Author.Address, Public: c.Public, Body: c.Text, TextTrimmed: c.Trimmed, Automatic: cmp.Or(c.Automatic, "no"),
		MessageID: c.MessageID, At: c.Created, Attachments: []mail.ViewAttachment{},
	}
	for _, a := range c.Attachments {
		one.Attachments = append(one.Attachments, mail.ViewAttachment{Name: a.Name, Type: a.Type, Size: a.Size, SHA256: a.SHA256, Inline: a.Inline, ContentID: a.ContentID})
	}
	return one
}

func addressOrNull(p ticket.Person) *string {
	if p.Address == "" {
		return nil
	}
	return &p.Address
}

func address(a *string) string {
	if a == nil {
		return ""
	}
	return *a
}

func numberOrNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// ticketText is the ticket for a terminal.
func ticketText(t ticketJSON) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\n%s, from %s", t.Number, t.Subject, t.Status, cmp.Or(address(t.Requester), "nobody"))
	if t.Assignee != nil {
		fmt.Fprintf(&b, ", with %s", *t.Assignee)
	}
	if len(t.Tags) > 0 {
		fmt.Fprintf(&b, ", tagged %s", strings.Join(t.Tags, ", "))
	}
	for _, c := range t.Comments {
		kind := ""
		if !c.Public {
			kind = " (internal)"
		}
		fmt.Fprintf(&b, "\n\n%s  %s%s\n%s", c.At.Format(time.RFC3339), cmp.Or(c.Author, "the policy"), kind, c.TextTrimmed)
	}
	for _, target := range t.Targets {
		fmt.Fprintf(&b, "\n\n%s  %s\n%s", target.Due.Format(time.RFC3339), target.Rule, target.Why)
	}
	for _, timer := range t.Timers {
		fmt.Fprintf(&b, "\n\n%s  %s\n%s", timer.At.Format(time.RFC3339), timer.Rule, timer.Why)
	}
	return b.String()
}
