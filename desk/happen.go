package desk

import (
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// happening is one event on one ticket, and what the policy need not know about it.
type happening struct {
	event   ticket.Event
	now     time.Time
	via     string                     // which way it came: email, web, portal, api, rule, cli
	author  *ticket.Person             // who did it, when that is not whom the event is by
	comment *ticket.Comment            // what was written, nil when nothing was
	mail    *letter                    // a person's message that goes out with it, nil when none does
	notes   []ticket.AuditEvent        // further lines of the audit
	sender  account.Person             // whoever wrote, when they are known already
	machine string                     // why a machine is behind it; then nothing automatic may go out (D3)
	amend   func(*ticket.Ticket) error // changes the policy has no say in
	undo    bool                       // may be taken back for a moment; its mail waits that long (S2-32)
	call    *store.Call                // the ticket's call as it becomes, nil when the event is not about one
	mails   bool                       // it does not happen at all while the brake keeps its mail back
	fixed   *issue.Issue               // the known problem whose fix this is about, nil when the event is not about one
}

// happened is what came of it.
type happened struct {
	ticket  ticket.Ticket
	audit   ticket.Audit
	follow  int64  // the follow-up ticket that took the message instead
	made    bool   // and whether it was made for it
	refused string // why the policy does not allow it; then nothing was stored
}

// happen lets an event happen to a ticket: the policy decides, and everything it decided is stored. It is the only way
// in which a ticket that lives ever changes; the past, about which no policy is asked, comes by import_mail.go.
func (d *Desk) happen(tx *store.Tx, t ticket.Ticket, h happening) (happened, error) {
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, h.now)
	if err != nil {
		return happened{}, err
	}
	if err := d.addFacts(tx, p, &t, h); err != nil {
		return happened{}, err
	}
	out := p.React(t, h.event, h.now)
	if out.Refused != "" {
		return happened{ticket: t, refused: out.Refused}, refusedBy(out)
	}
	if h.amend != nil {
		if err := h.amend(&out.Ticket); err != nil {
			return happened{}, err
		}
	}
	return d.keep(tx, p, t, out, h)
}

// byCustomer reports whether a customer is waiting for a sign that their message arrived. Escalation is asked for with a button, which
// no machine presses, and once in the life of a ticket: what confirms it answers no mail.
func byCustomer(k ticket.EventKind) bool {
	return k == ticket.CustomerReplies || k == ticket.CustomerCreates
}

const viaRule = "rule"

// keep stores an outcome: the comment, the effects, the audits and the ticket, in this order, because each names the one before.
func (d *Desk) keep(tx *store.Tx, p *policy.Policy, before ticket.Ticket, out policy.Outcome, h happening) (happened, error) {
	k := &keeping{d: d, tx: tx, policy: p, before: before, after: out.Ticket, h: h}
	if err := k.people(); err != nil {
		return happened{}, err
	}
	if err := k.groups(); err != nil {
		return happened{}, err
	}
	if before.ID == 0 {
		if err := tx.InsertTicket(&k.after); err != nil {
			return happened{}, err
		}
	}
	if err := k.keepCall(); err != nil {
		return happened{}, err
	}
	if err := k.everything(out.Entries); err != nil {
		return happened{}, err
	}
	if err := k.decided(); err != nil {
		return happened{}, err
	}
	return k.finish()
}

// finish stores the ticket itself. A closed ticket whose message went to a follow-up gets only the link to it: no line, no
// new time (S2-17).
func (k *keeping) finish() (happened, error) {
	did := happened{ticket: k.after, audit: k.first(), follow: k.follow, made: k.made}
	if len(k.audits) > 0 {
		k.tx.Changed(k.after.ID)
	}
	for _, audit := range k.audits {
		if isPublic(audit) {
			k.after.Updated = latest(k.after.Updated, audit.At)
		}
	}
	if k.h.undo && k.h.call == nil && len(k.audits) > 0 { // a time that was given away is not taken back
		if err := k.remember(); err != nil {
			return did, err
		}
	}
	did.ticket = k.after
	if k.before.ID == 0 && k.after.FollowedBy == 0 && !k.amended && k.after.Updated.Equal(k.before.Updated) {
		return did, nil // it was inserted as it is
	}
	return did, k.tx.SaveTicket(&k.after)
}

// person is somebody by number, without asking twice for whoever wrote.
func (h happening) person(tx *store.Tx, id int64) (account.Person, error) {
	if h.sender.ID == id && id != 0 {
		return h.sender, nil
	}
	return tx.Person(id)
}

// isPublic reports whether an audit tells of anything a customer may know. Only then has their ticket changed: its time
// and its place in their list must not give away that colleagues talked about it (I1).
func isPublic(audit ticket.Audit) bool {
	return slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return !e.Internal })
}

// keeping is an outcome on its way into the store.
type keeping struct {
	d        *Desk
	tx       *store.Tx
	policy   *policy.Policy
	before   ticket.Ticket
	after    ticket.Ticket
	h        happening
	told     ticket.Ticket // before, plus what the audits have told so far
	audits   []ticket.Audit
	follow   int64
	made     bool
	posted   []int64     // the mails that were planned
	tasks    []int64     // and those that were asked for
	remarks  []int64     // and what the policy remarked
	asked    bool        // the requester was asked how it went
	method   string      // what calendars are told of the call: REQUEST or CANCEL, "" for nothing
	invitees []int64     // who has been told
	handed   *store.Call // the call as somebody had it who has it no longer, nil when its host stays
	answers  int64       // how many of them answer the event by themselves
	amended  bool        // an effect has changed the ticket itself
	group    string      // the name of the group that a rule gave the ticket to, "" when none did
}

// people gives the persons the policy names by address their numbers.
func (k *keeping) people() error {
	a := &k.after.Assignee
	if a.ID != 0 || a.Address == "" || *a == k.before.Assignee {
		return nil
	}
	person, err := k.tx.PersonByAddress(a.Address)
	if fault.Is(err, fault.NotFound) || err == nil && (person.Suspended || !person.Actor().Staff()) {
		k.after.Assignee = k.before.Assignee // the policy named somebody who is not on the desk, or not any more
		return nil
	}
	if err == nil {
		*a = asTicketPerson(person)
	}
	return err
}

// everything turns the comment, the entries and what changed besides into rows, one audit for each instant.
func (k *keeping) everything(entries []policy.Entry) error {
	k.told = k.before
	first, err := k.opening()
	if err != nil {
		return err
	}
	groups := byInstant(entries, k.h.event.At)
	for i, g := range groups {
		events, err := k.effects(g.entries)
		if err != nil {
			return err
		}
		if i == 0 {
			events = append(first, events...)
		}
		if i == len(groups)-1 {
			invited, err := k.invite()
			if err != nil {
				return err
			}
			events = append(append(events, invited...), k.untold()...)
		}
		if err := k.write(g.at, events); err != nil {
			return err
		}
	}
	return nil
}

// opening is what the audit of an event begins with: the first values of a new ticket, and what was written.
func (k *keeping) opening() ([]ticket.AuditEvent, error) {
	var events []ticket.AuditEvent
	if k.before.ID == 0 {
		events = append(events, ticket.AuditEvent{Type: ticket.Create, Field: "subject", To: k.after.Subject})
		k.told.Subject = k.after.Subject
	}
	if c := k.h.comment; c != nil && k.takesComment() {
		c.Ticket = k.after.ID
		if err := k.tx.AddComment(c); err != nil {
			return nil, err
		}
		events = append(events, ticket.AuditEvent{Type: ticket.CommentAdded, Comment: c.ID, Public: c.Public, Internal: !c.Public})
	}
	events = append(events, k.h.notes...)
	if k.h.mail == nil {
		return events, nil
	}
	sent, err := k.deliver()
	return append(events, sent...), err
}

// takesComment is false for a closed ticket: what was written belongs to its follow-up (S2-17).
func (k *keeping) takesComment() bool { return k.after.Category != ticket.Closed }

// untold are the changes that no entry has told of: what an agent set directly.
func (k *keeping) untold() []ticket.AuditEvent {
	var events []ticket.AuditEvent
	for _, f := range fields {
		if from, to := f.of(k.told), f.of(k.after); from != to {
			events = append(events, ticket.AuditEvent{Type: changeOrCreate(k.before), Field: f.name, From: from, To: to, Rule: k.ledBy(f), Internal: f.internal})
		}
	}
	k.told = k.after
	return events
}

// ledBy is the rule that took a ticket to its phase, "" when an agent did; what else nobody has told of was set by hand.
func (k *keeping) ledBy(f field) string {
	at := k.after.Memory.Phase
	if f.name != "phase" || at.ID == "" || k.h.event.Kind == ticket.AgentMoves {
		return ""
	}
	return "trackers." + at.Tracker + ".phases." + at.ID
}

func changeOrCreate(before ticket.Ticket) string {
	if before.ID == 0 {
		return ticket.Create
	}
	return ticket.Change
}

// write adds one audit when there is something to tell.
func (k *keeping) write(at time.Time, events []ticket.AuditEvent) error {
	if len(events) == 0 {
		return nil
	}
	audit := ticket.Audit{Ticket: k.after.ID, Author: k.author(), At: at, Via: k.h.via, Events: events}
	if err := k.tx.AddAudit(&audit); err != nil {
		return err
	}
	k.audits = append(k.audits, audit)
	return nil
}

func (k *keeping) author() ticket.Person {
	if k.h.author != nil {
		return *k.h.author
	}
	return k.h.event.By
}

func (k *keeping) first() ticket.Audit {
	if len(k.audits) == 0 {
		return ticket.Audit{}
	}
	return k.audits[0]
}

// instant is the entries of one moment.
type instant struct {
	at      time.Time
	entries []policy.Entry
}

// byInstant groups entries by when they were planned for; there is always at least one group, that of the event.
func byInstant(entries []policy.Entry, at time.Time) []instant {
	groups := []instant{{at: at}}
	for _, e := range entries {
		last := &groups[len(groups)-1]
		switch {
		case e.At.IsZero() || e.At.Equal(last.at):
		case len(last.entries) == 0:
			last.at = e.At
		default:
			groups = append(groups, instant{at: e.At})
			last = &groups[len(groups)-1]
		}
		last.entries = append(last.entries, e)
	}
	return groups
}

// field is one thing about a ticket whose changes are told.
type field struct {
	name     string
	internal bool
	of       func(ticket.Ticket) string
}

var fields = []field{
	{"status", false, func(t ticket.Ticket) string { return t.State }},
	{"subject", false, func(t ticket.Ticket) string { return t.Subject }},
	{"type", false, func(t ticket.Ticket) string { return t.Kind }},
	{"priority", true, func(t ticket.Ticket) string { return t.Priority }},
	{"assignee_id", true, func(t ticket.Ticket) string { return itoa(t.Assignee.ID) }},
	{"group_id", true, func(t ticket.Ticket) string { return itoa(t.Group) }},
	{"tags", true, func(t ticket.Ticket) string { return joinTags(t.Tags) }},
	{"phase", false, phaseOf},
	{"requester_id", false, func(t ticket.Ticket) string { return itoa(t.Requester.ID) }},
	{"ccs", true, func(t ticket.Ticket) string { return joinPeople(t.CCs) }},
	{"followers", true, func(t ticket.Ticket) string { return joinPeople(t.Followers) }},
}

// phaseOf is where a ticket stands on its tracker: "bug.review", "" when it has none.
func phaseOf(t ticket.Ticket) string {
	if at := t.Memory.Phase; at.ID != "" {
		return at.Tracker + "." + at.ID
	}
	return ""
}

// load reads a ticket the actor may see, for changing it.
func (d *Desk) load(tx *store.Tx, a access.Actor, id int64) (ticket.Ticket, error) {
	if _, err := tx.Ticket(a, id); err != nil {
		return ticket.Ticket{}, err
	}
	return tx.TicketForUpdate(id)
}

// underItsRules is load with the policy that the ticket keeps.
func (d *Desk) underItsRules(tx *store.Tx, a access.Actor, id int64, now time.Time) (ticket.Ticket, *policy.Policy, error) {
	t, err := d.load(tx, a, id)
	if err != nil {
		return t, nil, err
	}
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	return t, p, err
}

// person is the actor as tickets name people.
func (d *Desk) person(tx *store.Tx, a access.Actor) (ticket.Person, error) {
	if a.Person == 0 {
		return ticket.Person{}, nil
	}
	p, err := tx.Person(a.Person)
	return asTicketPerson(p), err
}

// hasPerson reports whether somebody is in a list.
func hasPerson(people []ticket.Person, id int64) bool {
	return slices.ContainsFunc(people, func(p ticket.Person) bool { return p.ID == id })
}
