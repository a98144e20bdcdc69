package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// A call is booked through its ticket, by the customer behind a link or by an agent. The policy says whether and when, the database
// sees to it that nobody has two at once, and ticket, call and invitations become true together.

// BookCall is a call to book.
type BookCall struct {
	Ticket    int64
	Start     time.Time
	Length    time.Duration // one of the policy's; 0 for its usual one
	Host      int64         // who calls; 0 for whoever has the ticket, else whoever is free
	Phone     string        // the number to call
	Zone      string        // IANA zone of the customer's clock, "" when nobody said
	Exception bool          // by an agent: for a customer who cannot book one, at short notice or between two steps; it is recorded
	Key       string
	Via       string
}

// mostPhone is how long a number may be, with everything people write around it.
const mostPhone = 60

// BookCall books a call, tells the customer and the host, and sends both an invitation for their calendars. It refuses with
// *Taken what somebody else has, with fault.Refused what the policy does not allow, and with fault.Conflict a second call beside a
// booked one.
func (d *Desk) BookCall(ctx context.Context, a access.Actor, in BookCall) (result Done, err error) {
	if err := may(a, access.ArrangeCall); err != nil {
		return result, err
	}
	if in.Exception && !a.Staff() {
		return result, fault.New(fault.Forbidden, "only an agent can make an exception")
	}
	if in.Phone, err = phoneNumber(in.Phone); err != nil {
		return result, err
	}
	var f finder
	result, err = d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) {
		if f, err = d.findFor(tx, a, in.Ticket, now); err != nil {
			return Done{}, err
		}
		f.length, f.host = in.Length, in.Host
		return d.bookCall(tx, a, f, in)
	})
	return result, d.taken(ctx, err, f)
}

// findFor begins looking for times of a ticket the actor takes part in or works on.
func (d *Desk) findFor(tx *store.Tx, a access.Actor, ticketID int64, now time.Time) (f finder, err error) {
	f = finder{tx: tx, now: now}
	if f.ticket, err = d.load(tx, a, ticketID); err != nil {
		return f, err
	}
	if !a.Staff() && !takesPart(f.ticket, a.Person) {
		return f, notYours()
	}
	if f.policy, err = d.rules.forTicket(tx, f.ticket.Policy, f.ticket.Brand, now); err != nil {
		return f, err
	}
	return f, d.addFacts(tx, f.policy, &f.ticket, happening{now: now})
}

func (d *Desk) bookCall(tx *store.Tx, a access.Actor, f finder, in BookCall) (Done, error) {
	if !a.Staff() {
		if why := f.policy.WhyNoCall(policy.FactsIn(f.ticket.Facts)); why != "" {
			return Done{}, fault.New(fault.Refused, "%s", why)
		}
	}
	booked, held, err := callsNow(tx, f.ticket.ID, f.now)
	if err != nil {
		return Done{}, err
	}
	if booked.ID != 0 {
		return Done{}, fault.New(fault.Conflict, "a call is booked on this ticket already; move it, or book the next one afterwards")
	}
	if f.host == 0 && held.Start.Equal(in.Start) {
		f.host = held.Host
	}
	if err := tx.DropHeldCalls(f.ticket.ID, f.now); err != nil {
		return Done{}, err
	}
	return d.bookAt(tx, a, f, in)
}

func (d *Desk) bookAt(tx *store.Tx, a access.Actor, f finder, in BookCall) (Done, error) {
	at, err := f.atOrByHand(in.Start, in.Exception, a)
	if err != nil {
		return Done{}, err
	}
	call := d.newCall(f, at, in, a)
	if call.UID, err = d.callUID(tx, f.ticket.Brand); err != nil {
		return Done{}, err
	}
	host, err := tx.Person(at.Host)
	if err != nil {
		return Done{}, err
	}
	e := ticket.Event{Kind: ticket.CallBooked, Start: at.Start, Length: at.End.Sub(at.Start), Host: host.Email}
	if _, was := f.ticket.Facts["call.exception"]; was || in.Exception {
		e.Facts = map[string]any{"call.exception": in.Exception}
	}
	return d.arrange(tx, a, f, e, call, in.Via)
}

// atOrByHand is a free time, or one that an agent gives as an exception.
func (f finder) atOrByHand(start time.Time, exception bool, a access.Actor) (FreeTime, error) {
	at, err := f.at(start)
	if exception && (fault.Is(err, fault.Refused) || fault.Is(err, fault.Conflict)) {
		return f.byHand(start, a)
	}
	return at, err
}

// byHand is a time that an agent gives as an exception. The hours of calls still hold, React asks for them; and so does what the host
// wrote of their own time, unless they give the exception themselves. Whether they have a call then the database decides.
func (f finder) byHand(start time.Time, a access.Actor) (FreeTime, error) {
	hosts, err := f.hosts()
	if err != nil {
		return FreeTime{}, err
	}
	length, _ := f.policy.CallLength()
	if f.length != 0 {
		length = f.length
	}
	if length <= 0 || len(hosts) == 0 {
		return FreeTime{}, fault.New(fault.Invalid, "say how long the call is and who has it")
	}
	if !start.After(f.now) {
		return FreeTime{}, fault.New(fault.Refused, "a call begins later than now")
	}
	call := calendar.Span{From: start, To: start.Add(length)}
	id, err := f.whoCan(hosts, call, a)
	return FreeTime{call.From, call.To, id}, err
}

// whoCan is who of the hosts could have a call: the actor, whatever they wrote, else the first who has time.
func (f finder) whoCan(hosts []host, call calendar.Span, a access.Actor) (id int64, err error) {
	if slices.ContainsFunc(hosts, func(h host) bool { return h.ID == a.Person }) {
		return a.Person, nil
	}
	_, rotas, err := f.busy(hosts, call)
	if err != nil {
		return 0, err
	}
	for _, h := range hosts {
		if h.only != nil && !calendar.InOne(h.only, call) {
			continue
		}
		why := rotas[h.ID].WhyNot(call)
		if why == "" {
			return h.ID, nil
		}
		err = cmp.Or(err, fault.New(fault.Refused, "%s is %s then; choose another time, or somebody else", h.Display(), why))
	}
	return 0, cmp.Or(err, fault.New(fault.Refused, "nobody is there for this call then; choose another time, or somebody else"))
}

func (d *Desk) newCall(f finder, at FreeTime, in BookCall, a access.Actor) store.Call {
	_, gap := f.policy.CallLength()
	guest := f.ticket.Requester.ID
	if !a.Staff() {
		guest = a.Person
	}
	in.Phone, in.Zone = cmp.Or(in.Phone, f.toldBefore("call.phone")), cmp.Or(knownZone(in.Zone), f.toldBefore("call.zone"))
	return store.Call{
		Ticket: f.ticket.ID, Host: at.Host, Guest: guest, State: store.CallBooked, Start: at.Start, End: at.End, Free: at.End.Add(gap),
		Phone: in.Phone, Zone: in.Zone, Exception: in.Exception, Created: f.now,
	}
}

// toldBefore is what a customer said on their ticket when they offered times, "" when they did not.
func (f finder) toldBefore(fact string) string {
	told, _ := f.ticket.Facts[fact].(string)
	return told
}

// arrange lets something happen to a ticket and its call together.
func (d *Desk) arrange(tx *store.Tx, a access.Actor, f finder, e ticket.Event, call store.Call, via string) (done Done, err error) {
	e.At = f.now
	if e.By, err = d.person(tx, a); err != nil {
		return done, err
	}
	if via == "" && !a.Staff() {
		via = "portal"
	}
	did, err := d.happen(tx, f.ticket, happening{event: e, now: f.now, via: viaOr(via), call: &call})
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, err
}

// callUID is the name of a new call in calendars; nobody can guess it.
func (d *Desk) callUID(tx *store.Tx, brand int64) (string, error) {
	box, _, err := d.voice(tx, brand)
	var b [16]byte
	rand.Read(b[:])
	return "call-" + hex.EncodeToString(b[:]) + "@" + mail.Domain(box.Address), err
}

// callsNow are the booked call of a ticket and the time that is kept for it; without one its ID is 0.
func callsNow(tx *store.Tx, ticketID int64, now time.Time) (booked, held store.Call, err error) {
	all, err := tx.Calls(access.Clock, ticketID)
	for _, c := range all {
		switch {
		case c.State == store.CallBooked:
			booked = c
		case c.State == store.CallHeld && c.Until.After(now):
			held = c
		}
	}
	return booked, held, err
}

// phoneNumber is a number as somebody wrote it: digits, and what people put between them. None is allowed.
func phoneNumber(said string) (string, error) {
	said = strings.Join(strings.Fields(said), " ")
	strange := strings.ContainsFunc(said, func(r rune) bool { return !strings.ContainsRune("0123456789 +-./()#*,;xext", r) })
	if strange || len(said) > mostPhone {
		return "", fault.New(fault.Invalid, "a phone number has digits, spaces and + - ( ) in it, and an extension with x")
	}
	return said, nil
}

// knownZone is a zone by name, or "" for a name that no clock keeps.
func knownZone(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return ""
	}
	return name
}

func asTaken(err error) (taken *Taken, is bool) {
	is = errors.As(err, &taken)
	return taken, is
}
