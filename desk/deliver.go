package desk

import (
	"context"
	"errors"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// Attempted is what became of one attempt to hand a mail to another server.
type Attempted struct {
	State     string    // sent, deferred, failed, uncertain, or postponed when it was not tried at all
	Phase     string    // how far the dialogue came; "final-dot" is the one in which nobody knows
	Code      int       // of the other server's reply, 0 when it gave none
	Enhanced  string    // "5.1.1"
	Text      string    // its words
	Host      string    // who was asked
	NotBefore time.Time // when the host wants to be asked again, zero when it does not say
}

// The phases that say whether a mail whose worker was lost may have arrived.
const (
	finalDot = "final-dot"
	doneSMTP = "done"
)

// waits is how long after each attempt a deferred mail is tried again: eight attempts in about 32 hours.
var waits = []time.Duration{
	2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
}

const (
	uncertainWait = 15 * time.Minute // longer than a server may think about the final dot (RFC 5321, 4.5.3.2.6)
	delayNotice   = 2 * time.Hour
)

// ClaimMail takes mails that are due, for one attempt each, and keeps other workers from them for a time. The attempt is
// counted before anybody speaks to a server. A mail whose worker was lost after the final dot is not among them: nobody
// knows whether it arrived, so it waits as uncertain.
func (d *Desk) ClaimMail(ctx context.Context, limit int, leaseFor time.Duration) (mails []store.Outgoing, err error) {
	now := d.now()
	if next, err := d.NextMail(ctx); err != nil || next.IsZero() || next.After(now) {
		return nil, err // looking costs no write, and this is asked after every change
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		mails = nil
		claimed, err := tx.ClaimOutgoing(now, limit, leaseFor)
		if err != nil {
			return err
		}
		for _, m := range claimed {
			lost, err := d.lost(tx, m, now)
			if err != nil {
				return err
			}
			if !lost {
				mails = append(mails, m)
			}
		}
		return nil
	})
	return mails, err
}

// lost settles a mail whose worker went away while the other server may have taken it.
func (d *Desk) lost(tx *store.Tx, m store.Outgoing, now time.Time) (bool, error) {
	if m.Was != store.Sending || m.WasPhase != finalDot && m.WasPhase != doneSMTP {
		return false, nil
	}
	m.Attempts-- // the one just counted is not made
	state := "uncertain"
	if m.WasPhase == doneSMTP {
		state = "sent"
	}
	return true, d.attempted(tx, m, Attempted{State: state, Phase: m.WasPhase, Text: "the sender was stopped at this point", Host: m.Host}, now)
}

// MailPhase notes how far the dialogue about a mail has come, before the next step is taken. It is [LeaseLost] when
// another worker has the mail: then this one must stop.
func (d *Desk) MailPhase(ctx context.Context, m store.Outgoing, phase string) error {
	if phase != finalDot {
		return nil // before the dot nothing has arrived, whatever happens
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		return stillOurs(m)(tx.MarkOutgoing(m.ID, m.Lease, phase))
	})
}

// KeepMail makes the lease of a mail that is being sent last for another while. It is [LeaseLost] when another worker
// has the mail.
func (d *Desk) KeepMail(ctx context.Context, m store.Outgoing, leaseFor time.Duration) error {
	until := d.now().Add(leaseFor)
	return d.db.Write(ctx, func(tx *store.Tx) error {
		return stillOurs(m)(tx.KeepOutgoing(m.ID, m.Lease, until))
	})
}

// TakeUpMail ends the leases of workers that are gone. Only whoever knows that no other worker runs may call it.
func (d *Desk) TakeUpMail(ctx context.Context) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.ReleaseOutgoing(now) })
}

// saveLeased stores how a mail stands, if it is still the worker's that took it.
func saveLeased(tx *store.Tx, m store.Outgoing) error {
	return stillOurs(m)(tx.SaveOutgoing(&m, m.Lease))
}

// LeaseLost is in the chain of every fault.Conflict that means: another worker has the mail now, and this one must let go of it. Any
// other conflict is somebody's who wrote at the same time, and is tried again.
var LeaseLost = errors.New("the lease was lost")

// stillOurs makes an error of a lease that is not ours any more.
func stillOurs(m store.Outgoing) func(ok bool, err error) error {
	return func(ok bool, err error) error {
		if err == nil && !ok {
			err = fault.Wrap(LeaseLost, fault.Conflict, "another worker has mail %d", m.ID)
		}
		return err
	}
}

// MailAttempted stores what became of an attempt, decides when the next is made, and tells the ticket what agents should
// know. A worker whose time had run out changes nothing and gets [LeaseLost].
func (d *Desk) MailAttempted(ctx context.Context, m store.Outgoing, a Attempted) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.attempted(tx, m, a, now) })
}

func (d *Desk) attempted(tx *store.Tx, m store.Outgoing, a Attempted, now time.Time) error {
	before := m
	m.Phase, m.Host, m.LastError, m.LastCode, m.LeaseUntil = a.Phase, a.Host, a.Text, a.Enhanced, time.Time{}
	if a.State != "postponed" {
		m.Results = append(m.Results, store.Attempt{At: now, Host: a.Host, Phase: a.Phase, Code: codeOf(a), Says: a.Text})
	}
	notice := next(&m, before, a, now)
	if err := saveLeased(tx, m); err != nil {
		return err
	}
	return d.tellAttempt(tx, m, a, notice, now)
}

func codeOf(a Attempted) string {
	if a.Code == 0 {
		return a.Enhanced
	}
	return number(a.Code) + " " + a.Enhanced
}

// next decides what happens to a mail after an attempt, and returns what agents should be told, "" for nothing.
func next(m *store.Outgoing, before store.Outgoing, a Attempted, now time.Time) (notice string) {
	m.NextAt = time.Time{}
	switch a.State {
	case "sent":
		m.State, m.SentAt, m.LastError, m.LastCode = store.Sent, now, "", ""
	case "failed":
		m.State = store.Failed
		return "the mail could not be delivered: " + a.Text
	case "uncertain":
		return nextUncertain(m, before, now)
	case "postponed":
		m.State, m.Attempts, m.NextAt = store.Queued, m.Attempts-1, latest(a.NotBefore, now.Add(time.Minute))
	default:
		return nextDeferred(m, before, a, now)
	}
	return ""
}

// nextUncertain allows one more attempt with the same bytes, after the other server must have made up its mind.
func nextUncertain(m *store.Outgoing, before store.Outgoing, now time.Time) string {
	m.State = store.Uncertain
	for _, earlier := range before.Results {
		if earlier.Phase == finalDot {
			return "nobody knows whether the mail arrived; it was sent twice and is not sent again"
		}
	}
	m.NextAt = now.Add(uncertainWait)
	return "nobody knows yet whether the mail arrived; it is sent once more in a quarter of an hour"
}

func nextDeferred(m *store.Outgoing, before store.Outgoing, a Attempted, now time.Time) string {
	if int(m.Attempts) > len(waits) {
		m.State = store.Failed
		return "the mail could not be delivered in eight attempts: " + a.Text
	}
	m.State, m.NextAt = store.Deferred, latest(a.NotBefore, now.Add(waits[max(0, m.Attempts-1)]))
	first := m.Results[0].At
	if late := now.Sub(first) >= delayNotice; late && !noticed(before.Results, first) {
		return "the mail has not been delivered for two hours; it is still being tried: " + a.Text
	}
	return ""
}

func noticed(results []store.Attempt, first time.Time) bool {
	return len(results) > 0 && results[len(results)-1].At.Sub(first) >= delayNotice
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tellAttempt lets agents know of trouble, and the policy of a mail that will never arrive (S2-30).
func (d *Desk) tellAttempt(tx *store.Tx, m store.Outgoing, a Attempted, notice string, now time.Time) error {
	if m.Ticket != 0 {
		tx.Changed(m.Ticket)
	} else if err := tellCall(tx, m.ID); err != nil {
		return err
	}
	if notice == "" {
		return nil
	}
	hard := m.State == store.Failed && isHard(a.Enhanced)
	if m.State == store.Failed {
		if err := d.unreachable(tx, m.To, notice, hard, now); err != nil {
			return err
		}
	}
	if m.Ticket == 0 {
		return nil
	}
	t, err := tx.TicketForUpdate(m.Ticket)
	if err != nil {
		return notFoundIsNothing(err)
	}
	if m.State == store.Failed && t.Category != ticket.Closed {
		return d.tellFailure(tx, t, m, notice, hard, now, now)
	}
	return tx.AddAudit(&ticket.Audit{Ticket: t.ID, At: now, Via: viaMail, Events: []ticket.AuditEvent{mailFailed(m, notice)}})
}

func mailFailed(m store.Outgoing, says string) ticket.AuditEvent {
	return ticket.AuditEvent{Type: ticket.MailFailed, Mail: m.ID, Recipients: []string{m.To}, Subject: m.Subject, Says: says, Internal: true}
}

// isHard reports whether the address itself is at fault, so that trying again is useless (RFC 3463).
func isHard(status string) bool {
	return len(status) > 4 && status[:4] == "5.1." || status == "5.2.1"
}

// SendAgain tries a mail once more because a person says so: one that failed, or one of which nobody knows. It is
// fault.Conflict when a worker has just taken the mail.
func (d *Desk) SendAgain(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.SeeMailLog); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Outgoing(a, id); err != nil {
			return err
		}
		m, err := tx.OutgoingByID(id)
		if err != nil {
			return err
		}
		if m.State != store.Failed && m.State != store.Uncertain && m.State != store.Deferred {
			return fault.New(fault.Refused, "this mail is %s; there is nothing to send again", m.State)
		}
		m.State, m.NextAt, m.Attempts, m.LastError = store.Queued, now, 0, ""
		return saveLeased(tx, m)
	})
}

// unreachable notes that mail does not reach the address that somebody is mailed at; a failure at another of theirs says nothing about it. A
// wrong address is marked at once; three other failures within a week mark it too. From then on nothing automatic is sent there, until the
// person writes or somebody corrects it.
func (d *Desk) unreachable(tx *store.Tx, address, reason string, hard bool, now time.Time) error {
	failures, err := tx.FailuresTo(address, now.Add(-bounceWindow))
	if err != nil || !hard && failures < bounceLimit {
		return err
	}
	person, err := tx.PersonByAddressForUpdate(address)
	if err != nil || account.FoldAddress(address) != account.FoldAddress(person.Email) {
		return notFoundIsNothing(err)
	}
	person.Unreachable = reason
	return tx.SavePerson(&person)
}

// NextMail is when the next mail should be looked at; the zero time when none waits.
func (d *Desk) NextMail(ctx context.Context) (at time.Time, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		at, err = tx.NextOutgoing()
		return err
	})
	return at, err
}
