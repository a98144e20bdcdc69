package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// taking is what is needed to take a change back: the ticket as it was, and what came into being with the change.
type taking struct {
	Ticket  ticket.Ticket
	Audits  []int64
	Mails   []int64
	Comment int64
	Draft   store.Draft // what was written, so that it is in the composer again
	Notes   []int64     // remarks of the policy
	Tasks   []int64     // that it asked for
	Asked   bool        // how it went
	Files   []string    // that went with it, by name
	Taken   bool        // back already
	By      int64
	Until   time.Time
}

// remember keeps what is needed to take the change back, as long as it can be.
func (k *keeping) remember() error {
	t := taking{Ticket: k.before, By: k.author().ID, Mails: k.posted, Notes: k.remarks, Tasks: k.tasks, Asked: k.asked, Until: k.h.now.Add(UndoWindow)}
	for _, a := range k.audits {
		t.Audits = append(t.Audits, a.ID)
	}
	if k.h.comment != nil {
		t.Comment, t.Draft = k.h.comment.ID, k.draft(*k.h.comment)
		for _, a := range k.h.comment.Attachments {
			t.Files = append(t.Files, a.Name)
		}
	}
	if _, _, err := k.tx.UseForm(undoKey(k.first().ID), t.By, k.h.now); err != nil {
		return err
	}
	return keepTaking(k.tx, k.first().ID, t)
}

// draft is what was sent, as it was while it was being written.
func (k *keeping) draft(c ticket.Comment) store.Draft {
	kind := store.ReplyDraft
	if !c.Public {
		kind = store.NoteDraft
	}
	return store.Draft{Ticket: k.before.ID, Person: k.author().ID, Kind: kind, Body: cmp.Or(c.HTML, c.Text)}
}

// Undo takes back what the actor did a moment ago, completely: its mail never leaves, the ticket is as it was before, with
// its state, its timers and its due times, and a line for agents says that something was taken back (S2-32). It is
// refused once the window has passed or anything has happened since. Asked for twice, it happens once. A draft has words
// and no files: files are those that went with the words and have to be added again.
func (d *Desk) Undo(ctx context.Context, a access.Actor, ticketID, audit int64) (files []string, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		files, err = d.undo(tx, a, ticketID, audit, now)
		return err
	})
	return files, err
}

func (d *Desk) undo(tx *store.Tx, a access.Actor, ticketID, audit int64, now time.Time) (files []string, err error) {
	if _, err := d.load(tx, a, ticketID); err != nil {
		return nil, err
	}
	var was taking
	if err := readTaking(tx, audit, &was); err != nil || was.Ticket.ID != ticketID || was.By != a.Person {
		return nil, orElse(err, fault.New(fault.NotFound, "there is nothing of yours to take back here"))
	}
	if was.Taken {
		return was.Files, nil
	}
	if err := still(tx, was, now); err != nil {
		return nil, err
	}
	if err := takeBack(tx, was); err != nil {
		return nil, err
	}
	if err := tx.SaveTicket(&was.Ticket); err != nil {
		return nil, err
	}
	if err := writtenAgain(tx, a, was.Draft, now); err != nil {
		return nil, err
	}
	if err := d.tellUndone(tx, was, a, now); err != nil {
		return nil, err
	}
	was.Taken = true
	return was.Files, keepTaking(tx, audit, was)
}

// still refuses what can no longer be taken back.
func still(tx *store.Tx, was taking, now time.Time) error {
	last, err := tx.LastAudit(was.Ticket.ID)
	switch {
	case err != nil:
		return err
	case !now.Before(was.Until):
		return fault.New(fault.Refused, "it is too late to take this back; its mail has left")
	case last != was.Audits[len(was.Audits)-1]:
		return fault.New(fault.Conflict, "something has happened on this ticket since; it cannot be taken back")
	}
	return nil
}

// takeBack cancels the mails, all of which must still be here, and removes what was written.
func takeBack(tx *store.Tx, was taking) error {
	for _, id := range was.Mails {
		ok, err := tx.CancelOutgoing(id)
		if err == nil && !ok {
			err = fault.New(fault.Refused, "it is too late to take this back; its mail has left")
		}
		if err != nil {
			return err
		}
	}
	if was.Asked {
		if err := tx.UnaskRating(was.Ticket.ID); err != nil {
			return err
		}
	}
	comments := was.Notes
	if was.Comment != 0 {
		comments = append(comments, was.Comment)
	}
	return tx.TakeBack(was.Ticket.ID, was.Audits, comments, was.Tasks)
}

// writtenAgain makes what was taken back a draft, unless its writer has begun another one meanwhile.
func writtenAgain(tx *store.Tx, a access.Actor, d store.Draft, now time.Time) error {
	if d.Body == "" {
		return nil
	}
	if _, begun, err := tx.Draft(a, d.Ticket, d.Kind); err != nil || begun {
		return err
	}
	d.Updated = now
	return tx.SaveDraft(d)
}

func keepTaking(tx *store.Tx, audit int64, t taking) error {
	kept, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return tx.FinishForm(undoKey(audit), string(kept))
}

func readTaking(tx *store.Tx, audit int64, was *taking) error {
	kept, err := tx.FormResult(undoKey(audit))
	if err != nil || kept == "" {
		return err
	}
	return json.Unmarshal([]byte(kept), was)
}

// undoKey is the name under which a change can be taken back; it is forgotten with the forms.
func undoKey(audit int64) [32]byte { return sha256.Sum256([]byte("undo/" + itoa(audit))) }

// tellUndone leaves a line for agents. Customers never learn that there was something.
func (d *Desk) tellUndone(tx *store.Tx, was taking, a access.Actor, now time.Time) error {
	author, err := d.person(tx, a)
	if err != nil {
		return err
	}
	says := "taken back before it was sent"
	if len(was.Files) > 0 {
		says += ", with " + strings.Join(was.Files, ", ")
	}
	tx.Changed(was.Ticket.ID)
	return tx.AddAudit(&ticket.Audit{Ticket: was.Ticket.ID, Author: author, At: now, Via: "web", Events: internally(ticket.Undone, "", says)})
}
