package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// KeepTime says no to another time that a customer has proposed: the call stays as it is, and their calendar is told (RFC 5546, 3.2.8).
func (d *Desk) KeepTime(ctx context.Context, a access.Actor, ticketID int64) (result Done, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return result, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		f, err := d.findFor(tx, a, ticketID, now)
		if err != nil {
			return err
		}
		call, err := bookedCall(tx, ticketID, now)
		if err != nil {
			return err
		}
		if call.Proposed.IsZero() {
			return fault.New(fault.Conflict, "nobody proposes another time any more")
		}
		result.Ticket = f.ticket
		return d.keepTime(tx, a, f, call)
	})
	return result, err
}

func (d *Desk) keepTime(tx *store.Tx, a access.Actor, f finder, call store.Call) error {
	proposed := call.Proposed
	if err := d.mailNotThen(f, call, proposed, "", "keep/"+itoa(call.ID)+"/"+itoa(proposed.Unix())); err != nil {
		return err
	}
	call.Proposed = time.Time{}
	if _, err := tx.SaveCall(call); err != nil {
		return err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	events := internally(ticket.Change, "calls.invite", "kept the time of the call and declined "+proposed.In(f.policy.CallZone()).Format("Mon 2 Jan 2006, 15:04 MST"))
	events[0].Field = "call"
	tx.Changed(f.ticket.ID)
	return tx.AddAudit(&ticket.Audit{Ticket: f.ticket.ID, Author: by, At: f.now, Via: "web", Events: events})
}

// mailNotThen tells a guest, and their calendar, that the time they proposed does not suit, and where the free times are.
func (d *Desk) mailNotThen(f finder, call store.Call, proposed time.Time, why, key string) error {
	k := &keeping{d: d, tx: f.tx, policy: f.policy, before: f.ticket, after: f.ticket, h: happening{event: ticket.Event{At: f.now}, now: f.now, call: &call}}
	to, err := f.tx.Person(call.Guest)
	if err != nil {
		return err
	}
	says := k.callSays(to)
	text := "We cannot call on " + proposed.In(callZone(call, f.policy)).Format("Monday 2 January 2006, 15:04 MST") + "."
	if why != "" {
		text += " " + sentenceEnd(why)
	}
	text += "\n\nThe call stays on " + says.start + ".\n\nTo move or call it off, see the free times: " + k.callLink(to)
	_, err = k.sendOwn(letter{key: "call-" + key, template: callTemplate, to: to, subject: "Your call stays on " + says.start, text: text, calendar: calendarNews{call, calendar.MethodDeclineCounter}})
	return err
}

// sentenceEnd is a reason as a sentence.
func sentenceEnd(why string) string {
	if why == "" || why[len(why)-1] == '.' {
		return why
	}
	return why + "."
}
