package desk

import (
	"cmp"
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
// plan the subscription; the day an evaluation began the evaluation. The same sale told again changes nothing, and one that says more
// changes what it names.
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

	External string // another program's name for the licence or the subscription

	Licence      int64 // the licence that is corrected, by number; then whose it is stays as it is
	Subscription int64 // likewise
	Whole        bool  // what is corrected was shown with all its values: an empty one is taken away, except for the key
}

// Sold says what a sale came to: for each kind of thing, whether it was new, changed or known.
type Sold struct {
	Person, Organization, Licence, Order, Subscription, Evaluation int64
	New, Changed                                                   bool
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
}

func (d *Desk) own(tx *store.Tx, in Sale, by teller, now time.Time) (Sold, error) {
	s := owning{d: d, tx: tx, in: in.trimmed(), teller: by, zone: time.UTC, now: now}
	for _, step := range []func() error{s.where, s.check, s.who, s.reached, s.ordered, s.licensed, s.subscribed, s.evaluates} {
		if err := step(); err != nil {
			return Sold{}, err
		}
	}
	s.sold.Person, s.sold.Organization = s.owner.Person, s.owner.Organization
	return s.sold, nil
}

func (in Sale) trimmed() Sale {
	for _, text := range []*string{&in.Email, &in.Name, &in.Organization, &in.Phone, &in.Order, &in.Ordered, &in.Product, &in.Version, &in.Ends, &in.Site, &in.Key, &in.Status, &in.Plan, &in.From, &in.Until, &in.Evaluating, &in.External} {
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

// ordered makes an order known, or changes what is new about it.
func (s *owning) ordered() (err error) {
	if s.in.Order == "" {
		return nil
	}
	before, err := s.tx.OrderNumbered(s.brand, s.in.Order)
	if err != nil {
		return err
	}
	o := before
	if o.ID == 0 {
		o = account.Order{Brand: s.brand, Number: s.in.Order, Source: s.teller.source}
		if s.in.Ordered == "" {
			return fault.New(fault.Invalid, "say on which day order %s was placed", s.in.Order)
		}
	}
	if o.Owner, err = s.ownerOf("order "+o.Number, o.Owner); err != nil {
		return err
	}
	if o.PlacedOn, err = s.day(s.in.Ordered, "of an order", o.PlacedOn); err != nil {
		return err
	}
	o.Notes = cmp.Or(s.in.Notes, o.Notes)
	if err := s.line(&o); err != nil {
		return err
	}
	s.order = o
	if before.ID != 0 && sameOrder(before, o) {
		s.sold.Order = o.ID
		return nil
	}
	s.tell(before.ID == 0)
	err = s.tx.SaveOrder(&s.order)
	if s.sold.Order = s.order.ID; err != nil {
		return err
	}
	return s.changed("order", s.order.ID, before.ID == 0, before.Owner, o.Owner,
		valued{"placed on", dayOf(before.PlacedOn), dayOf(o.PlacedOn)}, valued{"notes", before.Notes, o.Notes}, valued{"lines", whatOf(before), whatOf(o)})
}

func sameOrder(a, b account.Order) bool {
	return a.Owner == b.Owner && a.PlacedOn == b.PlacedOn && a.Notes == b.Notes && slices.Equal(a.Lines, b.Lines)
}

// line puts a product on an order that does not have it yet.
func (s *owning) line(o *account.Order) error {
	if s.in.Product == "" {
		return nil
	}
	product, err := s.tx.EnsureProduct(s.brand, s.in.Product)
	if err != nil || slices.ContainsFunc(o.Lines, func(l account.OrderLine) bool { return l.Product == product }) {
		return err
	}
	o.Lines = append(slices.Clone(o.Lines), account.OrderLine{Product: product, What: strings.TrimSpace(s.in.Product + " " + s.in.Version), Quantity: 1})
	return nil
}

// tell notes that something was new or changed.
func (s *owning) tell(isNew bool) {
	s.sold.New, s.sold.Changed = s.sold.New || isNew, s.sold.Changed || !isNew
}

// licensed makes a licence known, or changes what is new about it.
func (s *owning) licensed() (err error) {
	if s.in.Licence == 0 && s.in.Site == "" && s.in.Key == "" && (s.in.Product == "" || s.in.Plan != "" || s.in.Evaluating != "" || s.in.Order != "") {
		return nil
	}
	before, err := s.licence()
	if err != nil {
		return err
	}
	l := before
	if err := s.describe(&l); err != nil {
		return err
	}
	s.sold.Licence = l.ID
	if l == before {
		return nil
	}
	s.tell(before.ID == 0)
	err = s.tx.SaveLicence(&l)
	if s.sold.Licence = l.ID; err != nil {
		return err
	}
	return s.changed("licence", l.ID, before.ID == 0, before.Owner, l.Owner,
		valued{"product", before.ProductName, l.ProductName}, valued{"version", before.VersionName, l.VersionName}, valued{"website", before.Site, l.Site},
		valued{"key", before.Key.Start, l.Key.Start}, valued{"order", before.OrderNumber, l.OrderNumber}, valued{"ordered on", dayOf(before.OrderedOn), dayOf(l.OrderedOn)},
		valued{"version supported until", dayOf(before.SupportedUntil), dayOf(l.SupportedUntil)}, valued{"status", string(before.Status), string(l.Status)})
}

// licence finds the licence that a sale speaks of: by its number, another program's name, its key, its order and site, or its owner
// and site; a new one when it is none of these.
func (s *owning) licence() (l account.Licence, err error) {
	if s.in.Licence != 0 {
		return s.tx.Licence(access.Clock, s.in.Licence)
	}
	if l, err = s.tx.LicenceWith(s.brand, s.in.External, account.KeyOf(s.in.Key)); err != nil || l.ID != 0 {
		return l, err
	}
	site := account.FoldSite(s.in.Site)
	same := func(l account.Licence) bool {
		return l.Brand == s.brand && l.Site == site && site != "" && l.External == ""
	}
	var theirs []account.Licence
	if s.order.ID != 0 {
		if theirs, err = s.tx.LicencesOfOrder(s.order.ID); err != nil {
			return l, err
		}
	}
	if s.owner != (account.Owner{}) {
		owned, err := s.tx.Owned(access.Clock, s.owner, s.brand)
		if err != nil {
			return l, err
		}
		theirs = append(theirs, owned.Licences...)
	}
	if i := slices.IndexFunc(theirs, same); i >= 0 {
		return theirs[i], nil
	}
	return account.Licence{Brand: s.brand, External: s.in.External}, nil
}

// empty takes away what a form was sent without.
func (s *owning) empty(l *account.Licence) {
	if !s.in.Whole || s.in.Licence == 0 {
		return
	}
	if s.in.Version == "" {
		l.Version, l.VersionName, l.SupportedUntil = 0, "", calendar.Date{}
	}
	if s.in.Order == "" {
		l.Order, l.OrderNumber = 0, ""
	}
	if s.in.Site == "" {
		l.Site = ""
	}
	if s.in.Ordered == "" {
		l.OrderedOn = calendar.Date{}
	}
}

// describe puts into a licence what the sale says about it.
func (s *owning) describe(l *account.Licence) (err error) {
	if l.Owner, err = s.ownerOf("the licence "+cmp.Or(l.Site, l.Key.Start), l.Owner); err != nil {
		return err
	}
	s.empty(l)
	if s.in.Product != "" {
		product, err := s.tx.EnsureProduct(s.brand, s.in.Product)
		if err != nil {
			return err
		}
		if product != l.Product {
			l.Product, l.ProductName, l.Version, l.VersionName, l.SupportedUntil = product, s.in.Product, 0, "", calendar.Date{}
		}
	}
	if l.Product == 0 {
		return fault.New(fault.Invalid, "say of which product this is a licence")
	}
	if s.in.Version != "" && s.in.Version != l.VersionName {
		if l.Version, err = s.tx.EnsureVersion(l.Product, s.in.Version); err != nil {
			return err
		}
		l.VersionName = s.in.Version
	}
	if err := s.supported(l); err != nil {
		return err
	}
	l.Site = cmp.Or(account.FoldSite(s.in.Site), l.Site)
	if key := account.KeyOf(s.in.Key); key != (account.Key{}) {
		l.Key = key
	}
	l.Order, l.OrderNumber = cmp.Or(s.order.ID, l.Order), cmp.Or(s.order.Number, l.OrderNumber)
	if l.OrderedOn, err = s.day(s.in.Ordered, "of an order", cmp.Or(l.OrderedOn, s.order.PlacedOn)); err != nil {
		return err
	}
	l.Status = cmp.Or(l.Status, account.Active)
	return s.status(l)
}

// supported keeps until when a version is supported, for all licences of it.
func (s *owning) supported(l *account.Licence) error {
	known := l.SupportedUntil
	if s.in.Whole && s.in.Licence != 0 {
		known = calendar.Date{}
	}
	ends, err := s.day(s.in.Ends, "on which support ends", known)
	if err != nil || ends == l.SupportedUntil {
		return err
	}
	if l.Version == 0 {
		return fault.New(fault.Invalid, "say which version is supported until %s", ends)
	}
	l.SupportedUntil = ends
	return s.tx.SaveVersion(l.Version, ends)
}

func (s *owning) status(l *account.Licence) error {
	switch strings.ToLower(s.in.Status) {
	case "":
	case "active":
		l.Status = account.Active
	case "ended", "cancelled", "canceled", "refunded", "revoked", "expired":
		l.Status = account.Ended
	default:
		return fault.New(fault.Invalid, "a licence is active or ended, not %q", s.in.Status)
	}
	return nil
}

// subscribed makes a subscription known, or changes when it ends.
func (s *owning) subscribed() (err error) {
	if s.in.Plan == "" && s.in.Subscription == 0 {
		return nil
	}
	plan, err := s.planMeant()
	if err != nil {
		return err
	}
	before, err := s.subscription(plan)
	if err != nil {
		return err
	}
	sub := before
	if sub.Owner, err = s.ownerOf("the plan "+sub.Plan, sub.Owner); err != nil {
		return err
	}
	sub.Plan = cmp.Or(plan, sub.Plan)
	if sub.From, err = s.day(s.in.From, "on which something begins", cmp.Or(sub.From, s.today())); err != nil {
		return err
	}
	if sub.Until, err = s.day(s.in.Until, "on which something ends", s.keptEnd(sub)); err != nil {
		return err
	}
	s.sold.Subscription = sub.ID
	if sub == before {
		return nil
	}
	s.tell(before.ID == 0)
	err = s.tx.SaveSubscription(&sub)
	if s.sold.Subscription = sub.ID; err != nil {
		return err
	}
	return s.changed("subscription", sub.ID, before.ID == 0, before.Owner, sub.Owner,
		valued{"plan", before.Plan, sub.Plan}, valued{"begins", dayOf(before.From), dayOf(sub.From)}, valued{"ends", dayOf(before.Until), dayOf(sub.Until)})
}

// keptEnd is when a plan ends while nothing is said: as before, and never when the form was sent without a day.
func (s *owning) keptEnd(sub account.Subscription) calendar.Date {
	if s.in.Whole && s.in.Subscription != 0 {
		return calendar.Date{}
	}
	return sub.Until
}

// planMeant is the id of the plan that is meant, by its id or by what it is called.
func (s *owning) planMeant() (string, error) {
	if s.in.Plan == "" {
		return "", nil
	}
	p, _, err := s.d.rulesFor(s.tx, s.brand, s.now)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, plan := range p.Doc.Plans {
		if plan.ID == s.in.Plan || strings.EqualFold(plan.Label, s.in.Plan) {
			return plan.ID, nil
		}
		ids = append(ids, plan.ID)
	}
	return "", fault.New(fault.Invalid, "the policy has no plan %q; it has %s", s.in.Plan, cmp.Or(strings.Join(ids, ", "), "none"))
}

// subscription finds the subscription that a sale speaks of: by its number, another program's name, or its owner, plan and first day.
func (s *owning) subscription(plan string) (sub account.Subscription, err error) {
	if s.in.Subscription != 0 {
		return s.tx.Subscription(access.Clock, s.in.Subscription)
	}
	if sub, err = s.tx.SubscriptionNamed(s.brand, s.in.External); err != nil || sub.ID != 0 {
		return sub, err
	}
	from, err := s.day(s.in.From, "on which something begins", s.today())
	if err != nil {
		return sub, err
	}
	owned, err := s.tx.Owned(access.Clock, s.owner, s.brand)
	for _, known := range owned.Subscriptions {
		if known.Plan == plan && known.External == "" && (known.From == from || s.in.From == "" && known.RunsOn(from)) {
			return known, err
		}
	}
	return account.Subscription{Brand: s.brand, External: s.in.External}, err
}

// evaluates makes an evaluation known.
func (s *owning) evaluates() (err error) {
	if s.in.Evaluating == "" {
		return nil
	}
	if s.owner.Person == 0 {
		return fault.New(fault.Invalid, "say who evaluates; a person is named by their mail address")
	}
	e := account.Evaluation{Brand: s.brand, Person: s.owner.Person}
	if e.BeganOn, err = s.day(s.in.Evaluating, "on which an evaluation began", s.today()); err != nil {
		return err
	}
	if e.Product, err = s.tx.EnsureProduct(s.brand, s.in.Product); err != nil {
		return err
	}
	owned, err := s.tx.Owned(access.Clock, s.owner, s.brand)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(owned.Evaluations, func(known account.Evaluation) bool { return known.Product == e.Product }) {
		s.tell(true)
	}
	err = s.tx.SaveEvaluation(&e)
	s.sold.Evaluation = e.ID
	return err
}

// ForgetContact forgets a telephone number of a customer.
func (d *Desk) ForgetContact(ctx context.Context, a access.Actor, person, contact int64) error {
	if err := may(a, access.KeepCustomers); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.DropContact(person, contact) })
}
