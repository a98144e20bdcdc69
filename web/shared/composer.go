package shared

import (
	"context"

	"hark/web/shared/say"
)

// Composer is where an agent answers. A reply and an internal note are two forms with two drafts, so that words meant
// for colleagues never stand in a field that is sent.
type Composer struct {
	NotesOnly bool   // the reader writes no answers
	Ticket    string // its number
	Base      string // id of the newest audit this page shows; the reply is refused when there is a newer one
	Draft     string // id of the draft; a new one after each sending, which empties the field
	Body      string // the draft's plain text
	BodyHTML  string // the draft's HTML, when it was written with Trix
	Note      string // the draft of the note
	Writing   string // "reply" or "note": which of the two is open
	To        []Person
	From      string // "Northwind Web <support@northwind.example>"
	Sends     []Send // the first is what Ctrl+Enter does
	Saved     string // "Draft saved 15:04", "" when there is none
	Presence  string // "Ben is writing a reply", "" for nobody
	Error     string // why the reply was refused
	NoteError string // why the note was refused
	Cites     bool   // articles can be put into the reply
}

// Send is one way to send: with the status it sets and what follows from it.
type Send struct {
	Status  Status
	Label   string // "Send as Pending"
	Follows string // "Reminder tomorrow 16:30, closes Fri 27 Nov"
}

func (c Composer) id(part string) string { return part + "-" + c.Ticket + "-" + c.Draft }

func (c Composer) path(verb string) string { return "/tickets/" + c.Ticket + "/" + verb }

func (c Composer) first() Send {
	if len(c.Sends) == 0 {
		return Send{Label: "Send"}
	}
	return c.Sends[0]
}

func (c Composer) others() []Send {
	if len(c.Sends) == 0 {
		return nil
	}
	return c.Sends[1:]
}

// state is what the line beside the tabs says when the page opens: a colleague at work before a saved draft.
func (c Composer) state() string {
	if c.Presence != "" {
		return c.Presence
	}
	return c.Saved
}

// writer is the address of whoever writes, "" for nobody.
func writer(ctx context.Context) string {
	if person := FrameOf(ctx).Person; person != nil {
		return person.Email
	}
	return ""
}

// tools names the buttons of the rich text field; richtext.ts draws them.
func tools(ctx context.Context) map[string]string {
	return map[string]string{
		"bold": say.It(ctx, "Bold"), "italic": say.It(ctx, "Italic"), "href": say.It(ctx, "Link"), "bullet": say.It(ctx, "Bullets"),
		"number": say.It(ctx, "Numbers"), "quote": say.It(ctx, "Quote"), "code": say.It(ctx, "Code"),
		"address": say.It(ctx, "Address"), "remove": say.It(ctx, "Remove the link"),
	}
}
