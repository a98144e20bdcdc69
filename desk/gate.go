package desk

import (
	"time"

	"hark/account"
	"hark/fault"
	"hark/store"
)

// automatic is a mail that no person wrote, asking to go out.
type automatic struct {
	to      account.Person
	ticket  int64
	answer  bool   // it answers a mail that came in; reminders and announcements do not
	beside  int64  // how many answers the same event has sent already: a policy may say two things at once (S0-11)
	ahead   int64  // how many mails to them are about to go out before this one
	machine string // why a machine is behind what caused it, "" when a person is
	now     time.Time
}

// The second brake (D4): header rules can be stripped on the way, counters cannot.
const (
	answersPerTicket = 1 // a sender and ticket, within answersWindow
	answersWindow    = 24 * time.Hour
	mailsPerHour     = 20 // automatic mails of any sort to one address
)

// gate is the only door for automatic mail (D3): it returns why a mail must not go out, or "" when it may. Every
// message the policy sends comes through here; mail a person wrote does not.
func (d *Desk) gate(tx *store.Tx, m automatic) (why string, err error) {
	if m.machine != "" {
		return m.machine, nil
	}
	own, err := d.isOwn(tx, m.to.Email)
	switch {
	case err != nil:
		return "", err
	case own:
		return m.to.Email + " is an address of this desk", nil
	case m.to.Suspended:
		return m.to.Display() + " is suspended", nil
	case m.to.Unreachable != "":
		return "mail does not reach " + m.to.Email + ": " + m.to.Unreachable, nil
	}
	return d.brake(tx, m)
}

func (d *Desk) brake(tx *store.Tx, m automatic) (string, error) {
	address := account.FoldAddress(m.to.Email)
	if m.answer {
		n, err := tx.AnswersTo(address, m.ticket, m.now.Add(-answersWindow))
		if err != nil || n-m.beside >= answersPerTicket {
			return "this address had an automatic answer about this ticket within a day", err
		}
	}
	n, err := tx.AutomaticTo(address, 0, m.now.Add(-time.Hour))
	if err != nil || n+m.ahead >= mailsPerHour {
		return braked, err
	}
	return "", nil
}

// braked is why a mail is kept back that may go out later.
const braked = "this address had as many automatic mails within an hour as we send"

// bounceLimit mails that will not arrive, within bounceWindow, stop automatic mail to an address until a person corrects it.
const (
	bounceLimit  = 3
	bounceWindow = 7 * 24 * time.Hour
)

// movesPerHour is how often one sender can move one ticket by mail; more is a loop whose headers were stripped.
const movesPerHour = 10

// loops reports whether a sender has written to a ticket so often that no person does.
func loops(tx *store.Tx, ticketID int64, address string, now time.Time) (bool, error) {
	over, err := overLimit(tx, now, limit{"moves/" + itoa(ticketID) + "/" + account.FoldAddress(address), movesPerHour, time.Hour})
	return len(over) > 0, err
}

// isNotFound says that a lookup found nothing, which is no failure where something is only looked for.
func isNotFound(err error) bool { return fault.Is(err, fault.NotFound) }
