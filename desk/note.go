package desk

import (
	"context"

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
func (d *Desk) Note(ctx context.Context, a access.Actor, in Note) (result Done, err error) {
	if err := may(a, access.WriteNote); err != nil {
		return result, err
	}
	w, err := wordsOf(in.HTML, in.Text)
	if err != nil {
		return result, err
	}
	files, err := d.attached(ctx, in.Files)
	if err != nil {
		return result, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		result, err = once(tx, a, in.Key, now, func() (Done, error) {
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
				comment: &ticket.Comment{Author: author, HTML: w.html, Text: w.text, Trimmed: w.text, Automatic: "no", Via: viaOr(in.Via), Attachments: files.kept, Created: now},
			}
			did, err := d.happen(tx, t, h)
			if err != nil {
				return Done{}, err
			}
			return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}, tx.DropDraft(t.ID, a.Person, store.NoteDraft)
		})
		return err
	})
	return result, err
}
