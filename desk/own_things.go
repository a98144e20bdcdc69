package desk

import (
	"cmp"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
)

// The things of a sale, each as it is found or made.

// ordered makes an order known, or changes what is new about it.
func (s *owning) ordered() (err error) {
	if s.in.Order == "" {
		return nil
	}
	before, err := s.tx.OrderNumbered(s.brand, s.in.Order)
	if err != nil {
		return err
	}
	if late, err := s.late("order", before.ID); err != nil || late {
		s.order, s.sold.Order = before, before.ID
		return err
	}
	restore, err := s.unsay("order", before.ID, map[string][]*string{"placed on": {&s.in.Ordered}, "notes": {&s.in.Notes}, "lines": {&s.in.Product}})
	defer restore()
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

// licensed makes a licence known, or changes what is new about it.
func (s *owning) licensed() (err error) {
	if s.in.Licence == 0 && s.in.Site == "" && s.in.Key == "" && (s.in.Product == "" || s.in.Plan != "" || s.in.Evaluating != "" || s.in.Order != "") {
		return nil
	}
	before, err := s.licence()
	if err != nil {
		return err
	}
	if late, err := s.late("licence", before.ID); err != nil || late {
		s.sold.Licence = before.ID
		return err
	}
	version := []*string{&s.in.Version, &s.in.Ends, &s.in.Product}
	restore, err := s.unsay("licence", before.ID, map[string][]*string{
		"product": version, "version": version, "version supported until": {&s.in.Ends}, "website": {&s.in.Site}, "key": {&s.in.Key}, "ordered on": {&s.in.Ordered}, "status": {&s.in.Status},
	})
	defer restore()
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
	if !slices.Contains(s.corrected, "order") {
		l.Order, l.OrderNumber = cmp.Or(s.order.ID, l.Order), cmp.Or(s.order.Number, l.OrderNumber)
	}
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
	if late, err := s.late("subscription", before.ID); err != nil || late {
		s.sold.Subscription = before.ID
		return err
	}
	restore, err := s.unsay("subscription", before.ID, map[string][]*string{"plan": {&plan}, "begins": {&s.in.From}, "ends": {&s.in.Until}})
	defer restore()
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
