package desk

import (
	"fmt"
	"time"

	"hark/access"
	"hark/issue"
	"hark/store"
	"hark/ticket"
)

// Belongs is what a ticket belongs to beside its own conversation; zero for nothing.
type Belongs struct {
	Problem issue.Issue // the known problem it reports
	Card    store.Card  // the card of the roadmap behind which it stands
}

func belongs(tx *store.Tx, ticketID int64) (b Belongs, err error) {
	if b.Problem, _, err = tx.IssueOf(ticketID); err != nil {
		return b, err
	}
	b.Card, _, err = tx.CardOfTicket(ticketID)
	return b, err
}

// TakesOver is what the ticket that stays takes over from the one that goes: what it has not got itself. The one that goes keeps it too,
// because whoever wrote it is counted and told by it.
func (look TicketMergeLook) TakesOver() (b Belongs) {
	goes, stays := look.Belongs[look.Goes.ID], look.Belongs[look.Stays.ID]
	if stays.Problem.ID == 0 {
		b.Problem = goes.Problem
	}
	if stays.Card.ID == 0 {
		b.Card = goes.Card
	}
	return b
}

// takeOver lets it belong there, and returns what its audit says of that. The policy is not asked as with a link that somebody makes:
// a merge mails nobody that a problem is known.
func (d *Desk) takeOver(tx *store.Tx, a access.Actor, look TicketMergeLook, now time.Time) (notes []ticket.AuditEvent, err error) {
	over := look.TakesOver()
	if over.Problem.ID != 0 {
		if err := d.linkMerged(tx, a, over.Problem.ID, look.Stays.ID, now); err != nil {
			return nil, err
		}
		notes = append(notes, tellIssue(over.Problem, 0, over.Problem.ID, fmt.Sprintf("linked this, as #%d was, to the known problem", look.Goes.ID)))
	}
	if over.Card.ID != 0 {
		notes = append(notes, joinedCard("", over.Card.Title))
		err = tx.JoinCard(look.Stays.ID, over.Card.ID, now)
	}
	return notes, err
}

func (d *Desk) linkMerged(tx *store.Tx, a access.Actor, problem, ticketID int64, now time.Time) error {
	i, err := tx.IssueForUpdate(problem)
	if err != nil {
		return err
	}
	if _, err := tx.LinkIssue(i.ID, ticketID, a.Person, now); err != nil {
		return err
	}
	return d.countLinked(tx, &i, ticketID, now)
}
