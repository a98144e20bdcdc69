package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// Sale is what somebody says a customer owns: a colleague in a form, a line of a table, or a shop that reports what it sold. All
// values are as they are written; what is empty says nothing, and nothing known is taken away by it.
//
// One sale can say several things. A number of an order makes or changes the order; a product, a website or a key the licence; a
// plan the subscription; the day an evaluation began the evaluation; the name of a project the project. The same sale told again changes
// nothing, and one that says more changes what it names.
type Sale struct {
	Brand        int64  // 0 for the first
	Email        string // whose it is; the person becomes known
	Name         string
	Organization string // by its name; it becomes known
	Phone        string
	Shared       bool // the number is a switchboard

	Order   string // its number
	Ordered string // the day
	Notes   string

	Product string
	Version string
	Ends    string // the last day on which that version is supported
	Site    string
	Key     string // a licence key; only its hash and its first eight characters are kept
	Status  string // of the licence: active, ended

	Plan  string // the id of a plan of the policy, or what it is called
	From  string
	Until string

	Evaluating string // the day on which an evaluation began

	Project  string // its name
	Lead     string // who leads the project, by name or address; without a project, who stands on the owner's record as lead
	Underway string // of the project: running, ended

	Record map[string]string // what stands on the owner's record: region, representative, success-manager

	External string // another program's name for the licence or the subscription

	Told time.Time // when a shop said so; nothing newer that it said is undone. Zero for whoever says how it is now

	Licence      int64 // the licence that is corrected, by number; then whose it is stays as it is
	Subscription int64 // likewise
	OfProject    int64 // likewise
	Whole        bool  // what is corrected was shown with all its values: an empty one is taken away, except for the key
}

// Sold says what a sale came to: for each kind of thing, whether it was new, changed or known.
type Sold struct {
	Person, Organization, Licence, Order, Subscription, Evaluation, Project int64
	New, Changed                                                            bool
}

// Own writes down what a customer owns, as a colleague says it. The error names the value that cannot be used.
func (d *Desk) Own(ctx context.Context, a access.Actor, in Sale) (sold Sold, err error) {
	if err := may(a, access.KeepCustomers); err != nil {
		return sold, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		sold, err = d.own(tx, in, teller{account.ByHand, a.Person}, now)
		return err
	})
	return sold, err
}

// teller is who says something: a colleague by hand or with a table, or a shop, which is nobody.
type teller struct {
	source account.Source
	person int64
}

// owning is a sale on its way into the store.
type owning struct {
	d      *Desk
	tx     *store.Tx
	in     Sale
	teller teller
	brand  int64
	zone   *time.Location
	now    time.Time
	owner  account.Owner
	order  account.Order
	sold   Sold

	corrected []string // of the thing in hand: what a colleague has corrected since
}

func (d *Desk) own(tx *store.Tx, in Sale, by teller, now time.Time) (Sold, error) {
	s := owning{d: d, tx: tx, in: in.trimmed(), teller: by, zone: time.UTC, now: now}
	for _, step := range []func() error{s.where, s.check, s.who, s.reached, s.ordered, s.licensed, s.subscribed, s.evaluates, s.projected, s.recorded} {
		if err := step(); err != nil {
			return Sold{}, err
		}
	}
	s.sold.Person, s.sold.Organization = s.owner.Person, s.owner.Organization
	return s.sold, nil
}

func (in Sale) trimmed() Sale {
	for _, text := range []*string{&in.Email, &in.Name, &in.Organization, &in.Phone, &in.Order, &in.Ordered, &in.Product, &in.Version, &in.Ends, &in.Site, &in.Key, &in.Status, &in.Plan, &in.From, &in.Until, &in.Evaluating, &in.Project, &in.Lead, &in.Underway, &in.External} {
		*text = shortened(strings.Join(strings.Fields(*text), " "), longestSubject)
	}
	in.Notes = shortened(strings.TrimSpace(in.Notes), longestNotes)
	return in
}

// longestNotes bounds what a shop notes on an order.
const longestNotes = 4000

// where finds the brand, and the zone in which its days are.
func (s *owning) where() (err error) {
	p, brand, err := s.d.rulesFor(s.tx, s.in.Brand, s.now)
	if fault.Is(err, fault.Refused) && brand != 0 {
		s.brand = brand
		return nil // a brand whose policy is not written yet can already be given its customers
	}
	if err != nil {
		return err
	}
	s.brand, s.zone = brand, p.Zone
	return nil
}

// check reads every value before anything is stored, so that a line of a table that cannot be taken leaves nothing behind.
func (s *owning) check() error {
	for what, text := range map[string]string{"of an order": s.in.Ordered, "on which something begins": s.in.From, "on which something ends": s.in.Until, "on which an evaluation began": s.in.Evaluating, "on which support ends": s.in.Ends} {
		if _, err := s.day(text, what, calendar.Date{}); err != nil {
			return err
		}
	}
	if key := account.KeyOf(s.in.Key); s.in.Key != "" && len(key.Start) < 8 {
		return fault.New(fault.Invalid, "%q is too short for a licence key; it has at least eight letters and digits", s.in.Key)
	}
	if s.in.Phone != "" {
		if _, err := account.PhoneNumber(s.in.Phone); err != nil {
			return err
		}
	}
	if _, err := s.planMeant(); err != nil {
		return err
	}
	if err := s.underway(&account.Project{}); err != nil {
		return err
	}
	return s.status(&account.Licence{})
}

// who finds whose it is: what is corrected keeps its owner, anything else belongs to whoever is named.
func (s *owning) who() (err error) {
	switch {
	case s.in.Licence != 0:
		l, err := s.tx.Licence(access.Clock, s.in.Licence)
		s.owner, s.brand = l.Owner, l.Brand
		return err
	case s.in.Subscription != 0:
		sub, err := s.tx.Subscription(access.Clock, s.in.Subscription)
		s.owner, s.brand = sub.Owner, sub.Brand
		return err
	case s.in.OfProject != 0:
		p, err := s.tx.Project(access.Clock, s.in.OfProject)
		s.owner, s.brand = p.Owner, p.Brand
		return err
	}
	var person account.Person
	if s.in.Email != "" {
		if person, err = s.person(); err != nil {
			return err
		}
	}
	s.owner = account.Owner{Person: person.ID, Organization: person.Organization}
	if s.in.Organization == "" {
		return nil
	}
	if s.owner.Organization, err = s.organization(); err != nil || person.ID == 0 || person.Organization != 0 {
		return err
	}
	if person, err = s.tx.PersonForUpdate(person.ID); err != nil || person.Organization != 0 {
		return err
	}
	person.Organization = s.owner.Organization
	s.sold.Changed = true
	return s.tx.SavePerson(&person)
}

func (s *owning) person() (account.Person, error) {
	address, err := mail.NewAddress(s.in.Email)
	if err != nil {
		return account.Person{}, fault.New(fault.Invalid, "%q is no address that mail can be sent to", s.in.Email)
	}
	if own, err := s.d.isOwn(s.tx, address); err != nil || own {
		return account.Person{}, orElse(err, ownAddress(address))
	}
	before, err := s.tx.PersonByAddress(account.FoldAddress(address))
	if notFoundIsNothing(err) != nil {
		return before, err
	}
	if before.ID != 0 && before.Role != access.Customer {
		return before, fault.New(fault.Conflict, "%s works here and owns nothing", before.Display())
	}
	after, err := s.tx.EnsureCustomer(account.FoldAddress(address), s.in.Name, s.brand, s.now)
	s.sold.New = s.sold.New || before.ID == 0
	s.sold.Changed = s.sold.Changed || before.Name != after.Name
	return after, err
}

func (s *owning) organization() (int64, error) {
	id, err := s.tx.OrganizationNamed(s.in.Organization)
	if err != nil || id != 0 {
		return id, err
	}
	o := account.Organization{Name: s.in.Organization}
	s.sold.New = true
	err = s.tx.SaveOrganization(&o)
	return o.ID, err
}

// reached keeps a telephone number.
func (s *owning) reached() error {
	if s.in.Phone == "" {
		return nil
	}
	number, err := account.PhoneNumber(s.in.Phone)
	if err != nil {
		return err
	}
	if s.owner.Person == 0 {
		return fault.New(fault.Invalid, "say whose number %s is; a person is named by their mail address", number)
	}
	known, err := s.tx.Contacts(s.owner.Person)
	if err != nil || slices.ContainsFunc(known, func(c account.Contact) bool { return c.Value == number && c.Shared == s.in.Shared }) {
		return err
	}
	s.sold.Changed = true
	return s.tx.SaveContact(&account.Contact{Person: s.owner.Person, Kind: account.Phone, Value: number, Shared: s.in.Shared})
}

// day reads a day as people and programs write it, dflt when nothing is written.
func (s *owning) day(text, what string, dflt calendar.Date) (calendar.Date, error) {
	if text == "" {
		return dflt, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return calendar.DateOf(at, s.zone), nil
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2 Jan 2006", "2 January 2006", "January 2, 2006", "2006/01/02", time.DateTime} {
		if at, err := time.Parse(layout, text); err == nil {
			return calendar.DateOf(at, time.UTC), nil
		}
	}
	return dflt, fault.New(fault.Invalid, "%q is no day %s; write it like 2026-11-27", text, what)
}

func (s *owning) today() calendar.Date { return calendar.DateOf(s.now, s.zone) }

// tell notes that something was new or changed.
func (s *owning) tell(isNew bool) {
	s.sold.New, s.sold.Changed = s.sold.New || isNew, s.sold.Changed || !isNew
}

// ForgetContact forgets a telephone number of a customer.
func (d *Desk) ForgetContact(ctx context.Context, a access.Actor, person, contact int64) error {
	if err := may(a, access.KeepCustomers); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.DropContact(person, contact) })
}
