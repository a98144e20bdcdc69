package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/store"
	"hark/ticket"
)

// Note is an internal remark. It has no recipients: there is no field for them, and no mail is made of it (I1).
type Note struct {
	Ticket int64
	HTML   string
	Text   string
	Key    string
	Files  []File
	Via    string
}

// Note writes an internal remark that customers never see. Nothing moves and no timer changes (S2-08).
func (d *Desk) Note(ctx context.Context, a access.Actor, in Note) (Done, error) {
	if err := may(a, access.WriteNote); err != nil {
		return Done{}, err
	}
	return d.write(ctx, a, writing{in.HTML, in.Text, in.Files, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.note(tx, a, in, w, files, now)
	})
}

func (d *Desk) note(tx *store.Tx, a access.Actor, in Note, w words, files attachments, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	author, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	h := happening{
		event: ticket.Event{Kind: ticket.AgentNote, At: now, By: author, Text: w.text}, now: now, via: viaOr(in.Via),
		comment: said(author, w, files, viaOr(in.Via), now),
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}, tx.DropDraft(t.ID, a.Person, store.NoteDraft)
}

// said is what a person wrote, as a comment that nobody else sees; a public one says so.
func said(author ticket.Person, w words, files attachments, via string, now time.Time) *ticket.Comment {
	return &ticket.Comment{Author: author, HTML: w.html, Text: w.text, Trimmed: w.text, Automatic: "no", Via: via, Attachments: files.kept, Created: now}
}

// saidPublicly is what a person wrote for everybody on the ticket to read.
func saidPublicly(author ticket.Person, w words, files attachments, via string, now time.Time) *ticket.Comment {
	c := said(author, w, files, via, now)
	c.Public = true
	return c
}
