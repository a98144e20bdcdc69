package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/issue"
	"hark/store"
	"hark/ticket"
)

// LinkIssue is one more ticket that reports a known problem.
type LinkIssue struct {
	Issue  int64
	Ticket int64
}

// LinkIssue makes a ticket belong to a known problem of its brand, and lets the policy react: a phase may begin, and its mail go out. A
// closed ticket can be linked too; it stays as it is, and its reporter hears of the fix with all others. Linking a ticket to the
// problem it belongs to changes nothing; one that belongs to another is fault.Conflict.
func (d *Desk) LinkIssue(ctx context.Context, a access.Actor, in LinkIssue) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.linkIssue(tx, a, in, now) })
}

func (d *Desk) linkIssue(tx *store.Tx, a access.Actor, in LinkIssue, now time.Time) error {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return err
	}
	i, err := tx.IssueForUpdate(in.Issue)
	if err == nil && i.Brand != t.Brand {
		err = fault.New(fault.NotFound, "there is no such known problem of this brand")
	}
	if err != nil {
		return err
	}
	linked, err := tx.LinkIssue(i.ID, t.ID, a.Person, now)
	if err != nil {
		return err
	}
	if !linked {
		return alreadyLinked(tx, t.ID, i.ID)
	}
	if err := d.countLinked(tx, &i, t.ID, now); err != nil {
		return err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	e := ticket.Event{Kind: ticket.IssueLinked, At: now, By: by}
	_, err = d.happen(tx, t, happening{event: e, now: now, via: "web", notes: []ticket.AuditEvent{tellIssue(i, 0, i.ID, linkedSays(a))}})
	return err
}

func linkedSays(a access.Actor) string {
	if a.Staff() {
		return "linked this to the known problem"
	}
	return "recognised this in the form as the known problem"
}

// countLinked counts who reports it. A ticket that is linked after the fix hears of it as well, and it alone: the others have.
func (d *Desk) countLinked(tx *store.Tx, i *issue.Issue, ticket int64, now time.Time) (err error) {
	if err := tx.CountReporters(i.ID); err != nil {
		return err
	}
	if i.IsFixed() {
		if err := tx.TellOfFixFrom(ticket, latest(now, i.ToldFrom())); err != nil {
			return err
		}
	}
	if *i, err = tx.Issue(access.Clock, i.ID); err != nil {
		return err
	}
	return d.tellEngineers(tx, *i, now)
}

func alreadyLinked(tx *store.Tx, ticketID, issueID int64) error {
	other, linked, err := tx.IssueOf(ticketID)
	if err == nil && linked && other.ID != issueID {
		err = fault.New(fault.Conflict, "this ticket belongs to “%s” already; unlink it there first", other.Title)
	}
	return err
}

// UnlinkIssue takes a ticket off its known problem: it was another fault after all. What the policy knew through it is known no more;
// the phase it stands in stays, because its customer has read of it.
func (d *Desk) UnlinkIssue(ctx context.Context, a access.Actor, in LinkIssue) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.unlinkIssue(tx, a, in, now) })
}

func (d *Desk) unlinkIssue(tx *store.Tx, a access.Actor, in LinkIssue, now time.Time) error {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return err
	}
	i, err := tx.IssueForUpdate(in.Issue)
	if err != nil {
		return err
	}
	unlinked, err := tx.UnlinkIssue(i.ID, t.ID)
	if err != nil || !unlinked {
		return err
	}
	if err := tx.CountReporters(i.ID); err != nil {
		return err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	e := ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: unknownAgain()}
	_, err = d.happen(tx, t, happening{event: e, now: now, via: "web", amend: forgetIssue, notes: []ticket.AuditEvent{tellIssue(i, i.ID, 0, "unlinked this from the known problem")}})
	return err
}

// unknownAgain takes back everything that a known problem says.
func unknownAgain() map[string]any {
	facts := map[string]any{}
	for _, name := range issue.FactNames {
		facts[name] = nil
	}
	return facts
}

// forgetIssue leaves no trace of it among a ticket's facts, whether the ticket is open or closed.
func forgetIssue(t *ticket.Ticket) error {
	facts := map[string]any{}
	for name, value := range t.Facts {
		if _, known := unknownAgain()[name]; !known {
			facts[name] = value
		}
	}
	t.Facts = facts
	return nil
}
