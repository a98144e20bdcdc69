package desk

import (
	"context"
	"time"

	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// Envelope is what is known about a mail beyond its bytes, from whoever brought it.
type Envelope struct {
	From     string    // the return path, "" for the null sender
	Unstated bool      // the return path is not known; From says nothing
	To       []string  // the recipients, ours
	Remote   string    // the address of the peer
	At       time.Time // when the last byte had arrived, which is when the mail counts (A8); zero means now
}

// Unstated is kept as the envelope sender of a mail whose return path nobody knows. No address looks like it.
const Unstated = "?"

// Accepted says where a mail is kept. A duplicate is kept once, under the number it got the first time.
type Accepted struct {
	ID        int64
	Duplicate bool
}

// LargestMail is the most bytes a mail may have.
const LargestMail = 50 << 20

// Accept makes a raw mail safe and returns once it is durable; nobody has looked into it yet, so there is nothing about
// its content that could make this fail. The same mail accepted again for the same mailbox is the same row. A mail for
// nobody here is fault.NotFound, one that is too large fault.TooLarge, and a full disk fault.Unavailable: the sender keeps it.
func (d *Desk) Accept(ctx context.Context, e Envelope, raw []byte) (Accepted, error) {
	if len(raw) > LargestMail {
		return Accepted{}, fault.New(fault.TooLarge, "this mail has more than %d MB", LargestMail>>20)
	}
	in := store.Incoming{Key: mail.Key(raw), Raw: raw, Size: int64(len(raw)), Recipients: e.To, EnvelopeFrom: e.From, Remote: e.Remote}
	if e.Unstated {
		in.EnvelopeFrom = Unstated
	}
	in.ReceivedAt = e.At.UTC().Truncate(time.Microsecond)
	if e.At.IsZero() {
		in.ReceivedAt = d.now()
	}
	if err := d.db.KeepRaw(ctx, &in); err != nil {
		return Accepted{}, err
	}
	var duplicate bool
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		box, err := d.firstDoor(tx, e.To)
		if err != nil {
			return err
		}
		in.Mailbox = box.ID
		duplicate, err = tx.AddIncoming(&in)
		return err
	})
	return Accepted{ID: in.ID, Duplicate: duplicate}, err
}

// firstDoor is the mailbox of the first recipient that is ours. One mail is one row, whatever else it was sent to (C14).
func (d *Desk) firstDoor(tx *store.Tx, recipients []string) (account.Mailbox, error) {
	for _, to := range recipients {
		box, ok, err := d.door(tx, to)
		if err != nil || ok {
			return box, err
		}
	}
	return account.Mailbox{}, fault.New(fault.NotFound, "none of these recipients is an address of this desk; add one with hark mailbox add")
}
