package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/mail"
	"hark/store"
)

const (
	roundTripTemplate = "round-trip"
	silenceTemplate   = "round-trip-missing"
	roundTripped      = "round-trip"

	largestRoundTrip = 64 << 10 // with whatever servers have written on top of it
)

// MakeRoundTrips writes to every mailbox that was last tried an hour ago, and tells the administrators of each whose last mail has not
// come back. While one stays silent they are told once.
func (d *Desk) MakeRoundTrips(ctx context.Context) error {
	now := d.now()
	var trips []account.RoundTrip
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		trips, err = tx.RoundTrips()
		return err
	})
	if err != nil || !slices.ContainsFunc(trips, func(r account.RoundTrip) bool { return r.Due(now) || r.Missing(now) && r.Alarmed.IsZero() }) {
		return err // looking costs no write
	}
	return d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		if err := tx.Alone("round trips"); err != nil { // one node does it
			return err
		}
		trips, err := tx.RoundTrips()
		if err != nil {
			return err
		}
		for _, r := range trips {
			if err := d.makeRoundTrip(tx, r, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Desk) makeRoundTrip(tx *store.Tx, r account.RoundTrip, now time.Time) error {
	silent := r.Missing(now) && r.Alarmed.IsZero()
	if !silent && !r.Due(now) {
		return nil
	}
	box, err := tx.Mailbox(r.Mailbox)
	if err != nil {
		return err
	}
	if silent {
		r.Alarmed = now
		if err := d.tellSilence(tx, box, r, now); err != nil {
			return err
		}
	}
	if r.Due(now) {
		if r, err = d.writeToOurselves(tx, box, r, now); err != nil {
			return err
		}
	}
	return tx.SaveRoundTrip(r)
}

// writeToOurselves plans the next mail and removes the one before it from the logs.
func (d *Desk) writeToOurselves(tx *store.Tx, box account.Mailbox, last account.RoundTrip, now time.Time) (account.RoundTrip, error) {
	if err := tx.DropRoundTrip(last); err != nil {
		return last, err
	}
	id, err := d.mailItself(tx, box, now)
	return account.RoundTrip{Mailbox: box.ID, Outgoing: id, Sent: now, Alarmed: last.Alarmed}, err
}

// tellSilence writes to everybody who administers the desk. The mail may be as lost as the one it is about, so the page of mailboxes,
// hark doctor and the metrics say the same.
func (d *Desk) tellSilence(tx *store.Tx, box account.Mailbox, r account.RoundTrip, now time.Time) error {
	left, err := d.howItLeft(tx, r)
	if err != nil {
		return err
	}
	d.log.Error("mail to a mailbox does not arrive", "mailbox", box.Address, "sent", r.Sent, "left", left)
	return d.tellAdministrators(tx, notice{
		key: silenceTemplate + "/" + itoa(box.ID) + "/" + itoa(r.Outgoing), template: silenceTemplate, subject: "Mail to " + box.Address + " does not arrive",
		text: "Every hour your support desk writes to " + box.Address + " and looks whether the mail arrives. The last one has not arrived for " + SpanSays(now.Sub(r.Sent)) + ". " + left +
			"\n\nCustomers who write to this address may be waiting for an answer to a mail nobody has seen. Please look at the mailbox and its server:\n\n" + d.url + "/admin/mailboxes/" + itoa(box.ID) + "\n\nYou hear of it again when mail arrives.\n",
	}, now)
}

// howItLeft says what became of the mail on the way out, which tells where to look.
func (d *Desk) howItLeft(tx *store.Tx, r account.RoundTrip) (string, error) {
	sent, err := tx.OutgoingByID(r.Outgoing)
	if isNotFound(err) {
		return "", nil
	}
	switch {
	case err != nil:
		return "", err
	case sent.State == store.Sent || sent.State == store.Uncertain:
		return "It has left the desk, so it was lost on the way or is kept where nobody looks, as among spam.", nil
	case sent.LastError != "":
		return "It could not be sent: " + strings.TrimSuffix(sent.LastError, ".") + ".", nil
	}
	return "It has not been sent yet.", nil
}

func (d *Desk) tellAdministrators(tx *store.Tx, n notice, now time.Time) error {
	staff, err := tx.Staff()
	if err != nil {
		return err
	}
	key := n.key
	for _, p := range staff {
		if p.Role != access.Admin || p.Suspended {
			continue
		}
		n.key, n.automatic = key+"/"+itoa(p.ID), "auto-generated"
		if _, err := d.mailOne(tx, p, p.Brand, n, now); err != nil {
			return err
		}
	}
	return nil
}

// cameRound recognises a mail that the desk wrote to its own mailbox. It names itself twice, because some servers give a mail a new
// Message-ID on its way.
func (r *receiving) cameRound() (bool, error) {
	outgoing, ours := r.d.roundTrip(r.mail, r.box.Address, r.now)
	if !ours {
		return false, nil
	}
	if err := r.tx.Alone("round trips"); err != nil {
		return false, err
	}
	trips, err := r.tx.RoundTrips()
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(trips, func(t account.RoundTrip) bool { return t.Mailbox == r.box.ID })
	if i < 0 || trips[i].Outgoing != outgoing || !trips[i].Back.IsZero() {
		return r.settle(store.Ignored, roundTripped, 0, "an earlier mail of the desk to itself")
	}
	return r.settleRoundTrip(trips[i])
}

func (r *receiving) settleRoundTrip(trip account.RoundTrip) (bool, error) {
	if !trip.Alarmed.IsZero() {
		err := r.d.tellAdministrators(r.tx, notice{
			key: silenceTemplate + "/" + itoa(trip.Mailbox) + "/over/" + itoa(trip.Outgoing), template: silenceTemplate, subject: "Mail to " + r.box.Address + " arrives again",
			text: "A mail that your support desk wrote to " + r.box.Address + " at " + trip.Sent.UTC().Format("15:04 MST") + " has arrived. Nothing more needs to be done.\n\n" + r.d.url + "/mail/in\n",
		}, r.now)
		if err != nil {
			return false, err
		}
	}
	trip.Incoming, trip.Back, trip.Alarmed = r.in.ID, r.now, time.Time{}
	if err := r.tx.SaveRoundTrip(trip); err != nil {
		return false, err
	}
	return r.settle(store.Ignored, roundTripped, 0, arrivedAfter(r.now.Sub(trip.Sent)))
}

func arrivedAfter(d time.Duration) string {
	if d < time.Minute {
		return "the desk wrote it to itself; it arrived within a minute"
	}
	return "the desk wrote it to itself; it arrived after " + SpanSays(d)
}

// roundTrip finds out whether a mail is one the desk wrote to that address of its own, and which. Only the desk can make the proof, and
// it never writes any other mail that is about no ticket and to nobody.
func (d *Desk) roundTrip(m *mail.Message, own string, now time.Time) (outgoing int64, ours bool) {
	if m.From == nil || account.FoldAddress(m.From.Email) != own {
		return 0, false
	}
	for _, id := range append([]string{m.MessageID}, m.References...) {
		if stamp, ok := d.keys.ring(now).ReadMessageID(id, now); ok && stamp.Ticket == 0 && stamp.Person == 0 {
			return stamp.Outbox, true
		}
	}
	return 0, false
}

// IsRoundTrip reports whether a raw mail that a mailbox elsewhere has is one that the desk wrote to itself there, so that it can be taken
// out of it again.
func (d *Desk) IsRoundTrip(raw []byte, own string) bool {
	if len(raw) > largestRoundTrip {
		return false
	}
	m, err := parse(raw)
	if err != nil {
		return false
	}
	_, ours := d.roundTrip(m, own, d.now())
	return ours
}

// RoundTrips returns the last round trip of each mailbox by its number, and the desk's time, for administrators.
func (d *Desk) RoundTrips(ctx context.Context, a access.Actor) (last map[int64]account.RoundTrip, now time.Time, err error) {
	if err := may(a, access.Administer); err != nil {
		return nil, now, err
	}
	last, now = map[int64]account.RoundTrip{}, d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		trips, err := tx.RoundTrips()
		for _, r := range trips {
			last[r.Mailbox] = r
		}
		return err
	})
	return last, now, err
}
