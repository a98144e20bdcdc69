package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// CallQuestion is what somebody wants to see of the free times.
type CallQuestion struct {
	Length time.Duration // one of the policy's; 0 for its usual one, or that of the call that moves
	Host   int64         // by an agent: this one's times
}

// CallPage is everything the page of a ticket's call shows to one reader.
type CallPage struct {
	Ticket  ticket.Ticket // the public part for customers
	Policy  *policy.Policy
	Brand   account.Brand
	Why     string           // why the reader cannot book, "" when they can
	Booked  store.Call       // ID 0 without one
	Begun   bool             // its time has come, and a customer cannot call it off any more
	Held    store.Call       // the time that is kept for the ticket, ID 0 without one
	Past    []store.Call     // that took place, the first one first
	Host    string           // first name of whoever calls
	Hosts   []account.Person // for agents: who could
	Callers []account.Person // for agents: to whom a booked call could go
	Free    []FreeTime
	None    string   // why there are no free times
	Away    []string // for agents: who of the hosts is away, and when
	Length  time.Duration
	Offered []time.Time
	Phone   string // what is known of it
	Zone    string // of the customer's clock, "" when nobody said
}

// CallPage reads the call of a ticket and the free times for one: fault.NotFound when the ticket is none of the reader's.
func (d *Desk) CallPage(ctx context.Context, a access.Actor, id int64, ask CallQuestion) (page CallPage, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = d.callPage(tx, a, id, ask, now)
		return err
	})
	return page, err
}

func (d *Desk) callPage(tx *store.Tx, a access.Actor, id int64, ask CallQuestion, now time.Time) (page CallPage, err error) {
	f := finder{tx: tx, now: now, length: ask.Length, host: ask.Host}
	if f.ticket, err = tx.Ticket(a, id); err != nil {
		return page, err
	}
	if !a.Staff() && !takesPart(f.ticket, a.Person) {
		return page, notYours()
	}
	if f.policy, err = d.rules.forTicket(tx, f.ticket.Policy, f.ticket.Brand, now); err != nil {
		return page, err
	}
	if err = d.addFacts(tx, f.policy, &f.ticket, happening{now: now}); err != nil {
		return page, err
	}
	page = CallPage{Policy: f.policy, Why: f.policy.WhyNoCall(policy.FactsIn(f.ticket.Facts)), Offered: OfferedTimes(f.ticket, now)}
	if a.Staff() {
		page.Why = f.policy.CallPlanMissing(policy.FactsIn(f.ticket.Facts))
	}
	page.Phone, _ = f.ticket.Facts["call.phone"].(string)
	page.Zone, _ = f.ticket.Facts["call.zone"].(string)
	if page.Brand, err = tx.Brand(f.ticket.Brand); err != nil {
		return page, err
	}
	if err = page.calls(tx, f); err != nil {
		return page, err
	}
	page.Ticket = f.ticket
	if err = page.number(tx, a, f.ticket.Requester.ID); err != nil {
		return page, err
	}
	if !a.Staff() {
		page.Ticket = publicPage(TicketPage{Ticket: f.ticket, Policy: f.policy}).Ticket
	}
	return page, page.look(f, a)
}

func (p *CallPage) calls(tx *store.Tx, f finder) (err error) {
	if p.Booked, p.Held, err = callsNow(tx, f.ticket.ID, f.now); err != nil {
		return err
	}
	p.Begun = p.Booked.ID != 0 && begun(p.Booked, f.now)
	all, err := tx.Calls(access.Clock, f.ticket.ID)
	for _, c := range all {
		if c.State == store.CallDone {
			p.Past = append(p.Past, c)
		}
		if c.Phone != "" {
			p.Phone = c.Phone
		}
		if c.Zone != "" {
			p.Zone = c.Zone
		}
	}
	return err
}

// number fills in what is known of the number to call, and leaves numbers of others out: whoever is copied on a ticket has no business
// with the requester's.
func (p *CallPage) number(tx *store.Tx, a access.Actor, requester int64) error {
	if !a.Staff() && p.Booked.Guest != a.Person {
		p.Booked.Phone = ""
	}
	if !a.Staff() && requester != a.Person {
		p.Phone = ""
		return nil
	}
	if p.Phone != "" {
		return nil
	}
	contacts, err := tx.Contacts(requester)
	for _, c := range contacts {
		if c.Kind == account.Phone && !c.Shared && p.Phone == "" {
			p.Phone = c.Value
		}
	}
	return err
}

// look finds the free times: for a call that is booked, those it could move to.
func (p *CallPage) look(f finder, a access.Actor) (err error) {
	if p.Policy.Doc.Calls == nil || p.Why != "" && !a.Staff() && p.Booked.ID == 0 || f.ticket.Category == ticket.Closed {
		p.Host = p.nameOf(f.tx)
		return nil
	}
	p.Length, _ = f.policy.CallLength()
	if p.Booked.ID != 0 {
		f.host, f.but, f.length = cmp.Or(f.host, p.Booked.Host), p.Booked.ID, p.Booked.End.Sub(p.Booked.Start)
	}
	if f.length != 0 {
		p.Length = f.length
	}
	hosts, err := f.hosts()
	if err != nil {
		return err
	}
	for _, h := range hosts {
		p.Hosts = append(p.Hosts, h.Person)
	}
	p.Host = p.nameOf(f.tx)
	if p.Free, p.None, err = f.times(f.question()); fault.Is(err, fault.Invalid) {
		p.Free, p.None, err = nil, fault.Says(err), nil
	}
	if !a.Staff() || err != nil {
		p.Hosts = nil
		return err
	}
	if p.Callers, err = callers(f.tx); err != nil {
		return err
	}
	return p.tellAway(f)
}

// tellAway says to agents which of the hosts are away in the weeks to come. Customers only see other times.
func (p *CallPage) tellAway(f finder) error {
	soon := calendar.Span{From: f.now, To: f.now.Add(30 * 24 * time.Hour)}
	rotas, err := rotasOf(f.tx, p.Hosts, f.policy.CallZone(), soon)
	for _, host := range p.Hosts {
		for _, absence := range rotas[host.ID].Away {
			if absence.Span(rotas[host.ID].Clock).Meets(soon) {
				p.Away = append(p.Away, host.Display()+" is away "+absence.DaysSay())
			}
		}
	}
	return err
}

func (p *CallPage) nameOf(tx *store.Tx) string {
	id := p.Booked.Host
	if id == 0 && len(p.Hosts) == 1 {
		id = p.Hosts[0].ID
	}
	if host, err := tx.Person(id); err == nil && id != 0 {
		return firstName(host.Name)
	}
	return ""
}

// CallFile is the booked call as a file for the customer's calendar.
func (d *Desk) CallFile(ctx context.Context, a access.Actor, id int64) (ics []byte, err error) {
	page, err := d.CallPage(ctx, a, id, CallQuestion{})
	if err != nil {
		return nil, err
	}
	if page.Booked.ID == 0 {
		return nil, fault.New(fault.NotFound, "no call is booked on this ticket")
	}
	c := page.Booked
	i := calendar.Invitation{
		UID: c.UID, Sequence: c.Sequence, Summary: "Call with " + cmp.Or(page.Host, "us") + ", " + page.Brand.Name, Start: c.Start, End: c.End, Zone: page.Policy.CallZone(), Stamp: d.now(),
		Says: "Move or call it off: " + d.BrandURL(page.Brand) + d.TicketPath(id, c.Guest, d.now()) + "/call",
	}
	return calendar.Agenda(page.Brand.Name, d.now(), []calendar.Invitation{i}), nil
}

// CallsPage is what the list of calls shows to one agent: the calls to come, those before them that nobody has ended, and the requests
// that wait for a time.
type CallsPage struct {
	Calls   []store.InTicket
	Waiting []Waiting
	Feed    time.Time // since when the reader has an address for their calendar, zero without one
}

// Waiting is a ticket whose customer would like a call and has none.
type Waiting struct {
	Ticket  ticket.Ticket
	Offered []time.Time
	Company *time.Location // in which the company tells times
	Guests  *time.Location // of the customer's clock
}

// CallsPage reads the calls that the actor may see; mine leaves those of others out.
func (d *Desk) CallsPage(ctx context.Context, a access.Actor, mine bool) (page CallsPage, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	now, host := d.now(), int64(0)
	if mine {
		host = a.Person
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if page.Calls, err = tx.CallsToCome(a, host, time.Unix(0, 0)); err != nil {
			return err
		}
		if page.Feed, err = tx.CallFeedSince(a.Person); err != nil {
			return err
		}
		page.Waiting, err = d.waiting(tx, a, mine, now)
		return err
	})
	return page, err
}

// waiting looks through the open tickets for those that want a call and have none.
func (d *Desk) waiting(tx *store.Tx, a access.Actor, mine bool, now time.Time) (all []Waiting, err error) {
	kinds, err := d.callKinds(tx, now)
	if err != nil {
		return nil, err
	}
	ids, err := tx.WantCalls(a, kinds)
	for _, id := range ids {
		t, err := tx.Ticket(a, id)
		if err != nil {
			return nil, err
		}
		p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
		if err != nil {
			return nil, err
		}
		if mine && t.Assignee.ID != 0 && t.Assignee.ID != a.Person || !p.WantsCall(t) {
			continue
		}
		zone, _ := t.Facts["call.zone"].(string)
		all = append(all, Waiting{Ticket: t, Offered: OfferedTimes(t, now), Company: p.CallZone(), Guests: callZone(store.Call{Zone: zone}, p)})
	}
	return all, err
}

// callKinds are the kinds of tickets that ask for a call, in any brand.
func (d *Desk) callKinds(tx *store.Tx, now time.Time) (kinds []string, err error) {
	brands, err := tx.Brands()
	for _, brand := range brands {
		p, err := d.runningRules(tx, brand.ID, now)
		if err != nil {
			return nil, err
		}
		if p != nil {
			kinds = append(kinds, p.CallKinds()...)
		}
	}
	return kinds, err
}

// HasCalls reports whether any brand has calls. Every page of the desk asks; the answer may be some seconds old.
func (d *Desk) HasCalls(ctx context.Context) (bool, error) {
	return d.anyBrand(ctx, "calls", func(p *policy.Policy) bool { return p.Doc.Calls != nil })
}

// anyBrand reports whether the policy of any brand speaks of something. It remembers the answer for some seconds, by what is asked.
func (d *Desk) anyBrand(ctx context.Context, what string, speaks func(*policy.Policy) bool) (has bool, err error) {
	now, generation := d.now(), d.db.Generation(ctx)
	if known, ok := d.speaks.known(what, generation, now); ok {
		return known, nil
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		for _, brand := range brands {
			p, err := d.runningRules(tx, brand.ID, now)
			if err != nil {
				return err
			}
			has = has || p != nil && speaks(p)
		}
		return err
	})
	if err == nil {
		d.speaks.remember(what, worked[bool]{has, generation, now})
	}
	return has, err
}

// runningRules is the policy of a brand, nil when it has none yet.
func (d *Desk) runningRules(tx *store.Tx, brand int64, now time.Time) (*policy.Policy, error) {
	version, err := d.rules.running(tx, brand, now)
	if fault.Is(err, fault.Refused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.rules.of(tx, version)
}

// NewCallFeed makes a new secret address of the actor's calendar; the one before ends.
func (d *Desk) NewCallFeed(ctx context.Context, a access.Actor) (token string, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return "", err
	}
	token = newToken()
	return token, d.db.Write(ctx, func(tx *store.Tx) error { return tx.SetCallFeed(a.Person, hashToken(token), d.now()) })
}

// EndCallFeed ends it.
func (d *Desk) EndCallFeed(ctx context.Context, a access.Actor) error {
	if err := may(a, access.SeeTickets); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.SetCallFeed(a.Person, [32]byte{}, d.now()) })
}

// CallFeed is the calendar behind a secret address: its owner's calls, or those of everybody they may see. It ends with the owner's
// account: whoever is suspended or no longer works here reads nothing.
func (d *Desk) CallFeed(ctx context.Context, token string, team bool) (ics []byte, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		person, err := tx.CallFeed(hashToken(token))
		if err != nil {
			return err
		}
		owner, err := tx.Person(person)
		if err != nil {
			return err
		}
		if owner.Suspended || !owner.Actor().Staff() {
			return deadLink()
		}
		ics, err = d.agenda(tx, owner, team, now)
		return err
	})
	return ics, err
}

// historyOfCalls is how long a call stays in the calendar of whoever had it.
const historyOfCalls = 30 * 24 * time.Hour

func (d *Desk) agenda(tx *store.Tx, owner account.Person, team bool, now time.Time) ([]byte, error) {
	host, name := owner.ID, "Calls of "+firstName(owner.Name)
	if team {
		host, name = 0, "Calls of the team"
	}
	calls, err := tx.CallsOfCalendar(owner.Actor(), host, now.Add(-historyOfCalls))
	var all []calendar.Invitation
	for _, c := range calls {
		summary := "Call " + cmp.Or(c.Requester.Name, c.Requester.Address)
		if team {
			summary = firstName(c.HostName) + ": " + summary
		}
		all = append(all, calendar.Invitation{UID: c.UID, Sequence: c.Sequence, Summary: summary, Start: c.Start, End: c.End, Says: c.Phone + "\n" + c.Subject + "\n" + d.url + "/tickets/" + itoa(c.Ticket)})
	}
	return calendar.Agenda(name, now, slices.Clip(all)), err
}
