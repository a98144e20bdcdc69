package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// EndCall is the end of a call: how it went, and what was said. Both can follow later by WriteUpCall.
type EndCall struct {
	Ticket  int64
	Outcome string        // one of the policy's, "" when it is written later
	Result  string        // for the customer to read, "" when it is written later
	Length  time.Duration // how long it was; 0 counts from its planned start
	Key     string
	Via     string
}

// EndCall ends the booked call. What its outcome asks for happens at once, and a result goes to the customer as a message that begins
// with date, length and who spoke. Nobody has answered can be said only after the time that the policy waits (S0-15, S0-21).
func (d *Desk) EndCall(ctx context.Context, a access.Actor, in EndCall) (Done, error) {
	return d.onCall(ctx, a, in, func(tx *store.Tx, f finder) (Done, error) {
		call, err := bookedCall(tx, in.Ticket, f.now)
		if err != nil {
			return Done{}, err
		}
		if f.now.Before(call.Start) && !noShow(f.policy, in.Outcome) {
			return Done{}, fault.New(fault.Refused, "this call has not begun yet; move it to when it takes place, or call it off")
		}
		call.State, call.Ended = store.CallDone, call.Start.Add(CallTook(call, in.Length, f.now))
		return d.writeUp(tx, a, f, call, in, ticket.CallEnded)
	})
}

// WriteUpCall says how the last call went, after it was ended without that.
func (d *Desk) WriteUpCall(ctx context.Context, a access.Actor, in EndCall) (Done, error) {
	if strings.TrimSpace(in.Result) == "" || in.Outcome == "" {
		return Done{}, fault.New(fault.Invalid, "write what was said on the call, and choose how it went")
	}
	return d.onCall(ctx, a, in, func(tx *store.Tx, f finder) (Done, error) {
		call, err := lastDone(tx, in.Ticket)
		if err != nil {
			return Done{}, err
		}
		if in.Length > 0 {
			call.Ended = call.Start.Add(min(in.Length, longestCall))
		}
		return d.writeUp(tx, a, f, call, in, ticket.FactChanged)
	})
}

func (d *Desk) onCall(ctx context.Context, a access.Actor, in EndCall, do func(*store.Tx, finder) (Done, error)) (result Done, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) {
		f, err := d.findFor(tx, a, in.Ticket, now)
		if err != nil {
			return Done{}, err
		}
		if in.Outcome != "" && outcomeOf(f.policy, in.Outcome).ID == "" {
			return Done{}, fault.New(fault.Invalid, "the policy knows no such outcome of a call")
		}
		return do(tx, f)
	})
}

// longestCall is how long a call counts at most when somebody forgot to end it.
const longestCall = 4 * time.Hour

// CallTook is how long a call was that ends now: what was said, else the time since its planned start; whoever ends it much later
// means the planned length.
func CallTook(call store.Call, said time.Duration, now time.Time) time.Duration {
	planned := call.End.Sub(call.Start)
	switch since := now.Sub(call.Start); {
	case said > 0:
		return min(said, longestCall)
	case since > planned+time.Hour:
		return planned
	default:
		return max(since, 0)
	}
}

// writeUp lets the end of a call, or what is written of it later, happen to its ticket.
func (d *Desk) writeUp(tx *store.Tx, a access.Actor, f finder, call store.Call, in EndCall, kind ticket.EventKind) (Done, error) {
	if f.ticket.Category == ticket.Closed && (kind != ticket.CallEnded || strings.TrimSpace(in.Result) != "") {
		return Done{}, fault.New(fault.Refused, "this ticket is closed, so that nothing more reaches the customer in it; write what was said into a follow-up")
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	call.Result, call.Outcome = strings.TrimSpace(in.Result), in.Outcome
	h := happening{event: ticket.Event{Kind: kind, At: f.now, By: by}, now: f.now, via: viaOr(in.Via), call: &call}
	if kind == ticket.CallEnded {
		h.event.Outcome = in.Outcome
	} else {
		h.event.Facts = map[string]any{"call.outcome": in.Outcome, "call.result": call.Result}
	}
	if call.Result != "" {
		w, err := d.spoken(tx, f, call)
		if err != nil {
			return Done{}, err
		}
		h.event.Facts = withFact(h.event.Facts, "call.result", call.Result)
		h.comment, h.mail = saidPublicly(by, w, attachments{}, viaOr(in.Via), f.now), &letter{text: w.text}
	}
	did, err := d.happen(tx, f.ticket, h)
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, err
}

func withFact(facts map[string]any, name string, value any) map[string]any {
	if facts == nil {
		facts = map[string]any{}
	}
	facts[name] = value
	return facts
}

// spoken is the result as the customer reads it: date, length and who spoke first (S0-15).
func (d *Desk) spoken(tx *store.Tx, f finder, call store.Call) (words, error) {
	host, err := tx.Person(call.Host)
	if err != nil {
		return words{}, err
	}
	guest, err := tx.Person(call.Guest)
	if err != nil {
		return words{}, err
	}
	head := fmt.Sprintf("Call on %s, %s: %s and %s.", call.Start.In(callZone(call, f.policy)).Format("Monday 2 January 2006, 15:04 MST"),
		minutesSay(call.Ended.Sub(call.Start)), firstName(host.Name), guest.Display())
	return wordsOf("", head+"\n\n"+call.Result)
}

// callZone is where the guest of a call reads clocks.
func callZone(call store.Call, p *policy.Policy) *time.Location {
	if zone, err := time.LoadLocation(call.Zone); err == nil && call.Zone != "" {
		return zone
	}
	return p.CallZone()
}

func minutesSay(length time.Duration) string {
	if n := int(length.Round(time.Minute) / time.Minute); n != 1 {
		return fmt.Sprintf("%d minutes", n)
	}
	return "1 minute"
}

func noShow(p *policy.Policy, outcome string) bool { return outcomeOf(p, outcome).NoShow }

func outcomeOf(p *policy.Policy, id string) policy.CallOutcome {
	if p.Doc.Calls != nil {
		for _, o := range p.Doc.Calls.Outcomes {
			if o.ID == id {
				return o
			}
		}
	}
	return policy.CallOutcome{}
}

// lastDone is the last call of a ticket that took place.
func lastDone(tx *store.Tx, ticketID int64) (last store.Call, err error) {
	all, err := tx.Calls(access.Clock, ticketID)
	for _, c := range all {
		if c.State == store.CallDone {
			last = c
		}
	}
	if err == nil && last.ID == 0 {
		err = fault.New(fault.Conflict, "no call has ended on this ticket")
	}
	return last, err
}
