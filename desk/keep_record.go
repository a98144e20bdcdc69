package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// KeepRecord is what a colleague writes on the record of a customer, or of an organisation for all its people: their region, who
// represents them, who leads their project. Rules look at it (seed 003, 3.7 and 3.10; seed 004, 4.23; seed 002, 2.8).
type KeepRecord struct {
	Person       int64 // one of the two
	Organization int64
	Brand        int64             // whose policy asks for it, 0 for the first
	Facts        map[string]string // as typed or chosen; "" takes one back
}

// KeepRecord writes it down. Every change is kept with who made it, and open tickets are looked at again at once: another region moves
// their due times, a representative gets what nobody has. Only what the policy asks a record for can be written, and a colleague is
// named by the address they sign in with.
func (d *Desk) KeepRecord(ctx context.Context, a access.Actor, in KeepRecord) error {
	if err := may(a, access.KeepCustomers); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		r := recording{d: d, tx: tx, teller: teller{account.ByHand, a.Person}, now: now}
		return r.keep(in)
	})
}

// recording is a record on its way into the store.
type recording struct {
	d      *Desk
	tx     *store.Tx
	teller teller
	told   time.Time // when a shop said so; what a colleague wrote down after that stays. Zero for whoever says how it is now
	now    time.Time
	policy *policy.Policy
	facts  map[string]any // that became different
	notes  []ticket.AuditEvent
}

func (r *recording) keep(in KeepRecord) (err error) {
	if r.policy, _, err = r.d.rulesFor(r.tx, in.Brand, r.now); err != nil {
		return err
	}
	if in.Organization != 0 {
		return r.organization(in)
	}
	person, err := r.tx.PersonForUpdate(in.Person)
	if err != nil {
		return err
	}
	if person.Role != access.Customer || person.Merged != 0 {
		return fault.New(fault.NotFound, "there is no such customer")
	}
	if person.Facts, err = r.changed(person.Facts, in.Facts, "person:"+itoa(person.ID)); err != nil || len(r.facts) == 0 {
		return err
	}
	if err := r.tx.SavePerson(&person); err != nil {
		return err
	}
	return r.reconsider(person.ID)
}

func (r *recording) organization(in KeepRecord) error {
	o, err := r.tx.OrganizationForUpdate(in.Organization)
	if err != nil {
		return err
	}
	if o.Facts, err = r.changed(o.Facts, in.Facts, "organization:"+itoa(o.ID)); err != nil || len(r.facts) == 0 {
		return err
	}
	if err := r.tx.SaveOrganization(&o); err != nil {
		return err
	}
	return r.reconsiderAll(o.ID)
}

// reconsiderAll lets the policy look again at the open tickets of everybody in an organisation.
func (r *recording) reconsiderAll(organization int64) error {
	people, err := r.tx.People(access.Clock, store.PeopleFilter{Role: access.Customer, Organization: organization, Limit: mostOnRecord})
	for _, person := range people.Items {
		if err == nil {
			err = r.reconsider(person.ID)
		}
	}
	return err
}

// changed are the facts of a record afterwards. What became different is kept for its history and for open tickets.
func (r *recording) changed(before map[string]any, said map[string]string, about string) (map[string]any, error) {
	after, asks := maps.Clone(before), r.policy.RecordAsks()
	if after == nil {
		after = map[string]any{}
	}
	corrected, err := r.corrected(about)
	if err != nil {
		return nil, err
	}
	r.facts = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		i := slices.IndexFunc(asks, func(a policy.RecordAsk) bool { return a.Fact == name })
		if i < 0 {
			return nil, fault.New(fault.Invalid, "the policy asks no record for %q", shortened(name, 60))
		}
		if slices.Contains(corrected, asks[i].Says) {
			continue
		}
		value, err := r.value(asks[i], said[name])
		if err != nil {
			return nil, err
		}
		if factSaid(value) == factSaid(before[name]) {
			continue
		}
		after[name], r.facts[name] = value, value
		was, is := asks[i].Label(factSaid(before[name])), asks[i].Label(factSaid(value))
		r.notes = append(r.notes, ticket.AuditEvent{Type: ticket.Change, Field: "facts." + name, From: factSaid(before[name]), To: factSaid(value), Says: asks[i].Says + " is " + orWord(is, "not known any more"), Internal: true})
		if err := r.tx.AddChange(account.Change{About: about, What: asks[i].Says, Was: was, Is: is, Source: r.teller.source, By: r.teller.person, At: r.now}); err != nil {
			return nil, err
		}
	}
	return after, nil
}

// corrected is what a colleague has written down after a shop said what it says now.
func (r *recording) corrected(about string) ([]string, error) {
	if r.told.IsZero() {
		return nil, nil
	}
	return r.tx.CorrectedSince(about, r.told)
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// value reads what was written: one of the values there are, or a colleague.
func (r *recording) value(ask policy.RecordAsk, text string) (any, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, nil
	case ask.Colleague:
		return r.colleague(ask, text)
	case len(ask.Values) > 0:
		for i, value := range ask.Values {
			if value == text || strings.EqualFold(ask.Labels[i], text) {
				return value, nil
			}
		}
		return nil, fault.New(fault.Invalid, "%s is one of %s, not %q", ask.Says, strings.Join(ask.Labels, ", "), shortened(text, 60))
	}
	return r.policy.Said(ask.Fact, text)
}

// colleague is somebody who works here, by address or by name as the desk has it.
func (r *recording) colleague(ask policy.RecordAsk, text string) (any, error) {
	p, err := colleague(r.tx, ask.Says, text)
	if err != nil {
		return nil, err
	}
	return p.Email, nil
}

func colleague(tx *store.Tx, says, text string) (account.Person, error) {
	staff, err := tx.Staff()
	if err != nil {
		return account.Person{}, err
	}
	for _, p := range staff {
		if !p.Suspended && (account.FoldAddress(p.Email) == account.FoldAddress(text) || strings.EqualFold(p.Name, text)) {
			return p, nil
		}
	}
	return account.Person{}, fault.New(fault.Invalid, "nobody called %q works here; %s is a colleague, by name or address", shortened(text, 60), says)
}

// mostReconsidered is how many open tickets of one customer are looked at again at once; others follow with what happens next on them.
const mostReconsidered = 50

// reconsider lets the policy look again at a customer's open tickets.
func (r *recording) reconsider(person int64) error {
	rows, err := r.tx.TicketsOfRequester(access.Clock, person, mostReconsidered)
	if err != nil {
		return err
	}
	by := ticket.Person{}
	if r.teller.person != 0 {
		who, err := r.tx.Person(r.teller.person)
		if err != nil {
			return err
		}
		by = asTicketPerson(who)
	}
	for _, row := range rows {
		if row.Category == ticket.Solved || row.Category == ticket.Closed {
			continue
		}
		if err := r.again(row.ID, by); err != nil {
			return fmt.Errorf("ticket %d: %w", row.ID, err)
		}
	}
	return nil
}

func (r *recording) again(id int64, by ticket.Person) error {
	t, err := r.tx.TicketForUpdate(id)
	if err != nil {
		return err
	}
	_, err = r.d.happen(r.tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: r.now, By: by, Facts: maps.Clone(r.facts)}, now: r.now, via: "web", notes: slices.Clone(r.notes),
	})
	return err
}

// The columns of a table, and the words of a shop, that say something of a record: each names the fact.
var recordColumns = map[string]string{
	"region": "customer.region", "representative": "customer.representative", "success-manager": "customer.csm",
}

// recorded keeps what a sale says of its owner's record: of the person where one is named, else of the organisation.
func (s *owning) recorded() error {
	said := map[string]string{}
	for column, fact := range recordColumns {
		if text := s.in.Record[column]; strings.TrimSpace(text) != "" {
			said[fact] = text
		}
	}
	if s.in.Lead != "" && s.in.Project == "" && s.in.OfProject == 0 {
		said[policy.LeadFact] = s.in.Lead
	}
	if len(said) == 0 {
		return nil
	}
	r := recording{d: s.d, tx: s.tx, teller: s.teller, told: s.in.Told, now: s.now}
	in := KeepRecord{Person: s.owner.Person, Brand: s.brand, Facts: said}
	if in.Person == 0 {
		in.Organization = s.owner.Organization
	}
	err := r.keep(in)
	s.sold.Changed = s.sold.Changed || len(r.facts) > 0
	return err
}
