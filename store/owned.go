package store

import (
	"cmp"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
)

// What customers own. Reading takes the actor: staff see everything, a customer what is their own or their organisation's, and
// whoever holds a link to one ticket nothing. The condition stands in the SQL, so that what is foreign answers like what is not
// there (threat B1).

// theirs appends the condition that decides what of this an actor may know of; the table has the alias o and the columns
// person_id and organization_id.
func (q *query) theirs(a access.Actor) *query {
	switch {
	case a.Desk, access.May(a, access.SeeCustomers):
		return q.add("1 = 1")
	case a.Ticket != 0 || a.Person == 0 || a.Role != access.Customer:
		return q.add("1 = 0")
	}
	return q.add("(o.person_id = ? OR o.organization_id = (SELECT organization_id FROM people WHERE id = ?))", a.Person, a.Person)
}

// ofOwner appends the condition that a row belongs to the person or to the organisation.
func (q *query) ofOwner(w account.Owner) *query {
	return q.add("(o.person_id = ? OR o.organization_id = ?)", ref(w.Person), ref(w.Organization))
}

// OwnerOf is a customer as an owner: themselves and the organisation they belong to.
func OwnerOf(p account.Person) account.Owner {
	return account.Owner{Person: p.ID, Organization: p.Organization}
}

// Owned returns what a customer owns of a brand, 0 for all brands, as far as the actor may know of it; each kind newest first.
func (tx *Tx) Owned(a access.Actor, who account.Owner, brand int64) (o account.Owned, err error) {
	of := func(q *query) {
		q.ofOwner(who).add(" AND ").theirs(a)
		if brand != 0 {
			q.add(" AND o.brand_id = ?", brand)
		}
	}
	if o.Licences, err = tx.licences(of, " ORDER BY o.ordered_on DESC, o.id DESC"); err != nil {
		return o, err
	}
	if o.Orders, err = tx.orders(of); err != nil {
		return o, err
	}
	if o.Subscriptions, err = tx.subscriptions(of); err != nil {
		return o, err
	}
	o.Evaluations, err = tx.evaluations(a, who.Person, brand)
	return o, err
}

const selectLicence = `
	SELECT
		o.id, o.brand_id, o.person_id, o.organization_id, o.product_id, p.name, o.version_id, v.name, v.supported_until,
		o.site, o.key_hash, o.key_start, o.order_id, r.number, o.ordered_on, o.status, o.external_id
	FROM licences o
	JOIN products p ON p.id = o.product_id
	LEFT JOIN product_versions v ON v.id = o.version_id
	LEFT JOIN orders r ON r.id = o.order_id
	WHERE `

func (tx *Tx) licences(where func(*query), order string) (all []account.Licence, err error) {
	q := (&query{}).add(selectLicence)
	where(q)
	q.add(order)
	var l account.Licence
	err = tx.each([]any{
		&l.ID, &l.Brand, &l.Person, &l.Organization, &l.Product, &l.ProductName, &l.Version, &l.VersionName, &l.SupportedUntil,
		&l.Site, &l.Key.Hash, &l.Key.Start, &l.Order, &l.OrderNumber, &l.OrderedOn, &l.Status, &l.External,
	}, func() error { all = append(all, l); return nil }, q.String(), q.args...)
	return all, err
}

func (tx *Tx) orders(where func(*query)) (all []account.Order, err error) {
	q := (&query{}).add("SELECT o.id, o.brand_id, o.number, o.person_id, o.organization_id, o.placed_on, o.notes, o.source FROM orders o WHERE ")
	where(q)
	q.add(" ORDER BY o.placed_on DESC, o.id DESC")
	var o account.Order
	err = tx.each([]any{&o.ID, &o.Brand, &o.Number, &o.Person, &o.Organization, &o.PlacedOn, &o.Notes, &o.Source},
		func() error { all = append(all, o); return nil }, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	return all, tx.addLines(all)
}

// addLines reads the lines of all orders at once.
func (tx *Tx) addLines(all []account.Order) error {
	at := map[int64]int{}
	ids := make([]int64, len(all))
	for i, o := range all {
		at[o.ID], ids[i] = i, o.ID
	}
	q := (&query{}).add("SELECT order_id, product_id, what, quantity FROM order_lines WHERE ").in("order_id", ids).add(" ORDER BY order_id, position")
	var id int64
	var line account.OrderLine
	return tx.each([]any{&id, &line.Product, &line.What, &line.Quantity}, func() error {
		all[at[id]].Lines = append(all[at[id]].Lines, line)
		return nil
	}, q.String(), q.args...)
}

func (tx *Tx) subscriptions(where func(*query)) (all []account.Subscription, err error) {
	q := (&query{}).add("SELECT o.id, o.brand_id, o.person_id, o.organization_id, o.plan, o.begins_on, o.ends_on, o.external_id FROM subscriptions o WHERE ")
	where(q)
	q.add(" ORDER BY o.begins_on DESC, o.id DESC")
	var s account.Subscription
	err = tx.each([]any{&s.ID, &s.Brand, &s.Person, &s.Organization, &s.Plan, &s.From, &s.Until, &s.External},
		func() error { all = append(all, s); return nil }, q.String(), q.args...)
	return all, err
}

// evaluations belong to a person alone, so a colleague of theirs does not see them.
func (tx *Tx) evaluations(a access.Actor, person, brand int64) (all []account.Evaluation, err error) {
	if person == 0 || !access.May(a, access.SeeCustomers) && a.Person != person {
		return nil, nil
	}
	q := (&query{}).add(`
		SELECT e.id, e.brand_id, e.person_id, e.product_id, p.name, e.began_on
		FROM evaluations e
		JOIN products p ON p.id = e.product_id
		WHERE e.person_id = ?`, person)
	if brand != 0 {
		q.add(" AND e.brand_id = ?", brand)
	}
	q.add(" ORDER BY e.began_on DESC, e.id DESC")
	var e account.Evaluation
	err = tx.each([]any{&e.ID, &e.Brand, &e.Person, &e.Product, &e.ProductName, &e.BeganOn},
		func() error { all = append(all, e); return nil }, q.String(), q.args...)
	return all, err
}

// Licence returns a licence that the actor may know of; [fault.NotFound] otherwise, as for one that is not there.
func (tx *Tx) Licence(a access.Actor, id int64) (account.Licence, error) {
	all, err := tx.licences(func(q *query) { q.add("o.id = ? AND ", id).theirs(a) }, "")
	if err != nil || len(all) == 0 {
		return account.Licence{}, orAbsent(err, "licence")
	}
	return all[0], nil
}

// Order returns an order that the actor may know of.
func (tx *Tx) Order(a access.Actor, id int64) (account.Order, error) {
	all, err := tx.orders(func(q *query) { q.add("o.id = ? AND ", id).theirs(a) })
	if err != nil || len(all) == 0 {
		return account.Order{}, orAbsent(err, "order")
	}
	return all[0], nil
}

func orAbsent(err error, what string) error {
	if err != nil {
		return err
	}
	return absent(what)
}

// OrderNumbered finds a brand's order by its number, LicenceWith a licence by another program's name for it or else by its key,
// and SubscriptionNamed a subscription by another program's name. Each answers with the zero value when there is none; what was
// sent before is changed and not added once more.
func (tx *Tx) OrderNumbered(brand int64, number string) (account.Order, error) {
	all, err := tx.orders(func(q *query) { q.add("o.brand_id = ? AND o.number = ?", brand, number) })
	if err != nil || len(all) == 0 {
		return account.Order{}, err
	}
	return all[0], nil
}

// LicenceWith see [Tx.OrderNumbered].
func (tx *Tx) LicenceWith(brand int64, external string, key account.Key) (account.Licence, error) {
	if external != "" {
		all, err := tx.licences(func(q *query) { q.add("o.brand_id = ? AND o.external_id = ? AND o.external_id <> ''", brand, external) }, "")
		if err != nil || len(all) > 0 {
			return first(all), err
		}
	}
	if key == (account.Key{}) {
		return account.Licence{}, nil
	}
	all, err := tx.licences(func(q *query) { q.add("o.brand_id = ? AND o.key_hash = ?", brand, key.Hash) }, "")
	return first(all), err
}

// LicencesOfOrder are the licences that came with an order.
func (tx *Tx) LicencesOfOrder(order int64) ([]account.Licence, error) {
	return tx.licences(func(q *query) { q.add("o.order_id = ?", order) }, " ORDER BY o.id")
}

// SubscriptionNamed see [Tx.OrderNumbered].
func (tx *Tx) SubscriptionNamed(brand int64, external string) (account.Subscription, error) {
	all, err := tx.subscriptions(func(q *query) { q.add("o.brand_id = ? AND o.external_id = ? AND o.external_id <> ''", brand, external) })
	return first(all), err
}

func first[T any](all []T) (one T) {
	if len(all) > 0 {
		one = all[0]
	}
	return one
}

// Products and their versions.

// Products returns the products of a brand, 0 for all, by name, with their versions.
func (tx *Tx) Products(brand int64) (all []account.Product, err error) {
	q := (&query{}).add("SELECT id, brand_id, name FROM products")
	if brand != 0 {
		q.add(" WHERE brand_id = ?", brand)
	}
	q.add(" ORDER BY name, id")
	var p account.Product
	if err = tx.each([]any{&p.ID, &p.Brand, &p.Name}, func() error { all = append(all, p); return nil }, q.String(), q.args...); err != nil {
		return nil, err
	}
	return all, tx.addVersions(all)
}

func (tx *Tx) addVersions(all []account.Product) error {
	at := map[int64]int{}
	for i, p := range all {
		at[p.ID] = i
	}
	var product int64
	var v account.Version
	return tx.each([]any{&product, &v.ID, &v.Name, &v.Released, &v.SupportedUntil}, func() error {
		if i, ours := at[product]; ours {
			all[i].Versions = append(all[i].Versions, v)
		}
		return nil
	}, `
		SELECT product_id, id, name, released, supported_until
		FROM product_versions
		ORDER BY released DESC, id DESC`)
}

// EnsureProduct returns the id of a brand's product of that name, compared without regard to case, and makes it known when it is new.
func (tx *Tx) EnsureProduct(brand int64, name string) (int64, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return 0, fault.New(fault.Invalid, "a product needs a name")
	}
	find := func() (id int64, err error) {
		_, err = tx.get([]any{&id}, `SELECT id FROM products WHERE brand_id = $1 AND folded = $2`, brand, cmp.Or(words(name), name))
		return id, err
	}
	return ensured(find, func() (int64, error) {
		return tx.insert(`INSERT INTO products (brand_id, name, folded) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id`, brand, name, cmp.Or(words(name), name))
	})
}

// EnsureVersion returns the id of a product's version of that name, and makes it known when it is new; 0 for no name.
func (tx *Tx) EnsureVersion(product int64, name string) (int64, error) {
	if name = strings.Join(strings.Fields(name), " "); name == "" {
		return 0, nil
	}
	find := func() (id int64, err error) {
		_, err = tx.get([]any{&id}, `SELECT id FROM product_versions WHERE product_id = $1 AND name = $2`, product, name)
		return id, err
	}
	return ensured(find, func() (int64, error) {
		return tx.insert(`INSERT INTO product_versions (product_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`, product, name)
	})
}

// ensured finds something, or adds it, or finds what another node has added in between.
func ensured(find, add func() (int64, error)) (int64, error) {
	if id, err := find(); id != 0 || err != nil {
		return id, err
	}
	if id, err := add(); id != 0 || err != nil {
		return id, err
	}
	return find()
}

// SaveVersion stores the last day on which a version is supported.
func (tx *Tx) SaveVersion(version int64, until calendar.Date) error {
	_, err := tx.exec(`UPDATE product_versions SET supported_until = $1 WHERE id = $2`, until, version)
	return err
}

// Writing.

func owned(w account.Owner) error {
	if w == (account.Owner{}) {
		return fault.New(fault.Invalid, "say whose this is: a person, an organisation, or both")
	}
	return nil
}

// SaveOrder stores an order with its lines, new when ID is 0. A number that another order of the brand has is [fault.Conflict].
func (tx *Tx) SaveOrder(o *account.Order) error {
	if err := owned(o.Owner); err != nil {
		return err
	}
	err := tx.foundBy(orderSubject, &o.ID, func() (err error) {
		if o.ID == 0 {
			o.ID, err = tx.insert(`
				INSERT INTO orders (brand_id, number, person_id, organization_id, placed_on, notes, source)
				VALUES ($1, $2, $3, $4, $5, $6, $7)
				RETURNING id`, o.Brand, o.Number, ref(o.Person), ref(o.Organization), o.PlacedOn, o.Notes, o.Source)
			return err
		}
		_, err = tx.exec(`UPDATE orders SET number = $1, person_id = $2, organization_id = $3, placed_on = $4, notes = $5 WHERE id = $6`,
			o.Number, ref(o.Person), ref(o.Organization), o.PlacedOn, o.Notes, o.ID)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "there is an order %s already", o.Number)
	}
	if err != nil {
		return err
	}
	return tx.saveLines(*o)
}

func (tx *Tx) saveLines(o account.Order) error {
	if _, err := tx.exec(`DELETE FROM order_lines WHERE order_id = $1`, o.ID); err != nil {
		return err
	}
	for i, line := range o.Lines {
		_, err := tx.exec(`INSERT INTO order_lines (order_id, position, product_id, what, quantity) VALUES ($1, $2, $3, $4, $5)`,
			o.ID, i, ref(line.Product), line.What, max(1, line.Quantity))
		if err != nil {
			return err
		}
	}
	return nil
}

// SaveLicence stores a licence, new when ID is 0. A key that another licence of the brand has is [fault.Conflict].
func (tx *Tx) SaveLicence(l *account.Licence) error {
	if err := owned(l.Owner); err != nil {
		return err
	}
	if l.Status == "" {
		l.Status = account.Active
	}
	l.Site = account.FoldSite(l.Site)
	err := tx.foundBy(licenceSubject, &l.ID, func() (err error) {
		if l.ID == 0 {
			l.ID, err = tx.insert(`
				INSERT INTO licences (
					brand_id, person_id, organization_id, product_id, version_id, site,
					key_hash, key_start, order_id, ordered_on, status, external_id)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
				RETURNING id`,
				l.Brand, ref(l.Person), ref(l.Organization), l.Product, ref(l.Version), l.Site,
				keyHash(l.Key), l.Key.Start, ref(l.Order), l.OrderedOn, l.Status, l.External)
			return err
		}
		_, err = tx.exec(`
			UPDATE licences SET
				person_id = $1, organization_id = $2, product_id = $3, version_id = $4, site = $5,
				key_hash = $6, key_start = $7, order_id = $8, ordered_on = $9, status = $10, external_id = $11
			WHERE id = $12`,
			ref(l.Person), ref(l.Organization), l.Product, ref(l.Version), l.Site,
			keyHash(l.Key), l.Key.Start, ref(l.Order), l.OrderedOn, l.Status, l.External, l.ID)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "another licence has this key already")
	}
	return err
}

// keyHash is NULL for no key.
func keyHash(k account.Key) any {
	if k == (account.Key{}) {
		return nil
	}
	return k.Hash
}

// SaveSubscription stores a subscription, new when ID is 0.
func (tx *Tx) SaveSubscription(s *account.Subscription) (err error) {
	if err := owned(s.Owner); err != nil {
		return err
	}
	if !s.Until.IsZero() && s.Until.Before(s.From) {
		return fault.New(fault.Invalid, "a subscription that begins on %s cannot end on %s", s.From, s.Until)
	}
	if s.ID == 0 {
		s.ID, err = tx.insert(`
			INSERT INTO subscriptions (brand_id, person_id, organization_id, plan, begins_on, ends_on, external_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			RETURNING id`, s.Brand, ref(s.Person), ref(s.Organization), s.Plan, s.From, s.Until, s.External)
		return err
	}
	_, err = tx.exec(`UPDATE subscriptions SET person_id = $1, organization_id = $2, plan = $3, begins_on = $4, ends_on = $5 WHERE id = $6`,
		ref(s.Person), ref(s.Organization), s.Plan, s.From, s.Until, s.ID)
	return err
}

// ShopTold keeps when a shop said something about a thing: an order, a licence or a subscription. It reports false when something newer
// was said about it already.
func (tx *Tx) ShopTold(kind string, id int64, at time.Time) (newest bool, err error) {
	n, err := tx.exec(`UPDATE `+kind+`s SET told_at = $1 WHERE id = $2 AND (told_at IS NULL OR told_at <= $1)`, at, id)
	return n == 1, err
}

// Subscription returns a subscription that the actor may know of.
func (tx *Tx) Subscription(a access.Actor, id int64) (account.Subscription, error) {
	all, err := tx.subscriptions(func(q *query) { q.add("o.id = ? AND ", id).theirs(a) })
	if err != nil || len(all) == 0 {
		return account.Subscription{}, orAbsent(err, "subscription")
	}
	return all[0], nil
}

// SaveEvaluation stores that somebody evaluates a product. Who downloads it again goes on with the evaluation they began.
func (tx *Tx) SaveEvaluation(e *account.Evaluation) error {
	_, err := tx.exec(`
		INSERT INTO evaluations (brand_id, person_id, product_id, began_on)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, e.Brand, e.Person, e.Product, e.BeganOn)
	if err != nil {
		return err
	}
	_, err = tx.get([]any{&e.ID, &e.BeganOn}, `SELECT id, began_on FROM evaluations WHERE person_id = $1 AND product_id = $2`, e.Person, e.Product)
	return err
}

// How people are reached.

// Contacts returns the contact methods of a person.
func (tx *Tx) Contacts(person int64) (all []account.Contact, err error) {
	return tx.contacts(`person_id = $1 ORDER BY shared, id`, person)
}

// ContactsWith returns every contact method with that value, so that a call can show all it may be from (S1-18).
func (tx *Tx) ContactsWith(kind account.ContactKind, value string) (all []account.Contact, err error) {
	return tx.contacts(`kind = $1 AND value = $2 ORDER BY shared, id`, kind, value)
}

func (tx *Tx) contacts(where string, args ...any) (all []account.Contact, err error) {
	var c account.Contact
	err = tx.each([]any{&c.ID, &c.Person, &c.Kind, &c.Value, &c.Shared, &c.Verified}, func() error { all = append(all, c); return nil }, `
		SELECT id, person_id, kind, value, shared, verified_at
		FROM contact_methods
		WHERE `+where, args...)
	return all, err
}

// SaveContact stores a contact method of a person, or what is new about one they have already.
func (tx *Tx) SaveContact(c *account.Contact) error {
	return tx.foundBy(personSubject, &c.Person, func() error {
		_, err := tx.exec(`
			INSERT INTO contact_methods (person_id, kind, value, shared, verified_at)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person_id, kind, value) DO UPDATE SET shared = excluded.shared, verified_at = coalesce(excluded.verified_at, contact_methods.verified_at)`,
			c.Person, c.Kind, c.Value, c.Shared, c.Verified)
		if err != nil {
			return err
		}
		_, err = tx.get([]any{&c.ID}, `SELECT id FROM contact_methods WHERE person_id = $1 AND kind = $2 AND value = $3`, c.Person, c.Kind, c.Value)
		return err
	})
}

// DropContact forgets a contact method of a person.
func (tx *Tx) DropContact(person, id int64) error {
	return tx.foundBy(personSubject, &person, func() error {
		n, err := tx.exec(`DELETE FROM contact_methods WHERE person_id = $1 AND id = $2`, person, id)
		if err == nil && n == 0 {
			return absent("number")
		}
		return err
	})
}

// Decisions about levels of support.

// OrganizationNamed returns the id of the organisation of that name, compared without regard to case, 0 when there is none.
func (tx *Tx) OrganizationNamed(name string) (id int64, err error) {
	_, err = tx.get([]any{&id}, `SELECT id FROM organizations WHERE lower(name) = lower($1) ORDER BY id LIMIT 1`, name)
	return id, err
}
