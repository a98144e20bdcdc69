package desk

import (
	"context"
	"time"

	"hark/ticket"
)

// Past is another desk whose past can be brought in ([Desk.ImportPast]); package zendesk reads one. What it tells is as people
// there have written it, and nothing of it is trusted.
//
// Its methods end with the context. An error of kind Unavailable or Refused means that nothing more can be had just now; any other
// is about the one thing that was asked for.
type Past interface {
	Name() string // what that desk is called wherever it is spoken of: "greenfund.zendesk.com"
	Holds(ctx context.Context) (PastSize, error)
	Organizations(ctx context.Context, each func(PastOrganization) error) error
	People(ctx context.Context, each func(PastPerson) error) error
	Tickets(ctx context.Context, each func(PastTicket) error) error
	Conversation(ctx context.Context, ticket int64) ([]PastComment, error) // the oldest first
	File(ctx context.Context, f PastFile, most int) ([]byte, error)        // of at most that many bytes
}

// PastSize is about how much there is.
type PastSize struct{ Organizations, People, Tickets int }

// PastOrganization is a company that desk knows. Wrong says why its record cannot be read; then only the id is known, as far as it is.
type PastOrganization struct {
	ID      int64
	Name    string
	Domains []string
	Wrong   error
}

// PastPerson is somebody that desk knows.
type PastPerson struct {
	ID           int64
	Name         string
	Email        string // "" for somebody who has only ever called
	Phone        string
	SharedPhone  bool // the number is a switchboard
	Organization int64
	Staff        bool // answers there
	Gone         bool // suspended or deleted there
	Wrong        error
}

// PastTicket is a ticket of that desk, without its conversation. People, organisations and groups are those of that desk.
type PastTicket struct {
	ID           int64
	Subject      string
	Kind         string
	Category     ticket.Category
	Priority     string
	Tags         []string
	Requester    int64
	Submitter    int64
	Assignee     int64
	Organization int64
	Group        string
	CCs          []int64
	Followers    []int64
	Fields       map[string]string // by their titles
	Created      time.Time
	Updated      time.Time
	Wrong        error
}

// PastComment is a message of a conversation.
type PastComment struct {
	ID      int64
	Author  int64
	Public  bool
	HTML    string // as it was written: hostile until it is sanitised
	Text    string // for a message without HTML
	Files   []PastFile
	Created time.Time
}

// PastFile is a file of a message. Wrong says why it cannot be had.
type PastFile struct {
	Name, Type string
	Size       int64
	Inline     bool
	ContentID  string // by which the HTML shows it
	From       string // where it lies; only the other desk knows what that means
	Wrong      error
}
