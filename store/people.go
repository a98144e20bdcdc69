package store

import (
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
)

// selectPerson is somebody complete: addresses and groups are lists in the same row, because on PostgreSQL each statement is a
// message to another process. Only staff have groups.
func (tx *Tx) selectPerson() string { return everybody[tx.dialect] }

var everybody = map[string]string{
	SQLite: selectPerson + `
		(SELECT json_group_array(a.address ORDER BY a.position) FROM addresses a WHERE a.person_id = p.id),
		CASE WHEN p.role <> 'customer' THEN (SELECT json_group_array(m.team_id ORDER BY m.team_id) FROM team_members m WHERE m.person_id = p.id) END
	FROM people p
	`,
	Postgres: selectPerson + `
		(SELECT json_agg(a.address ORDER BY a.position) FROM addresses a WHERE a.person_id = p.id),
		CASE WHEN p.role <> 'customer' THEN (SELECT json_agg(m.team_id ORDER BY m.team_id) FROM team_members m WHERE m.person_id = p.id) END
	FROM people p
	`,
}

const selectPerson = `
	SELECT
		p.id,
		p.email,
		p.name,
		` + theRole + `,
		p.zone,
		p.locale,
		p.organization_id,
		p.brand_id,
		p.suspended,
		p.verified,
		p.facts,
		p.unreachable,
		p.created_at,
		p.merged_into,
		p.skills,`

func personFields(p *account.Person) []any {
	return []any{
		&p.ID,
		&p.Email,
		&p.Name,
		&p.Role,
		&p.Zone,
		&p.Locale,
		&p.Organization,
		&p.Brand,
		&p.Suspended,
		&p.Verified,
		outJSON{&p.Facts},
		&p.Unreachable,
		&p.Created,
		&p.Merged,
		outJSON{&p.Skills},
		outJSON{&p.Addresses},
		outJSON{&p.Groups},
	}
}

// Person returns somebody by id.
func (tx *Tx) Person(id int64) (account.Person, error) {
	return tx.person(tx.selectPerson()+`WHERE p.id = $1`, id)
}

// PersonForUpdate returns somebody by id, for whoever is about to save them: on PostgreSQL others who mean to wait. What only mentions
// them, a mail or a ticket, does not. It reads after it has waited, because addresses and groups are rows of their own.
func (tx *Tx) PersonForUpdate(id int64) (account.Person, error) {
	if err := tx.holdPeople(id); err != nil {
		return account.Person{}, err
	}
	return tx.Person(id)
}

// holdPeople keeps others from changing people, always in the same order.
func (tx *Tx) holdPeople(ids ...int64) error {
	return tx.hold((&query{}).add(`SELECT p.id FROM people p WHERE `).in("p.id", ids).add(` ORDER BY p.id`))
}

// PersonByAddress returns who owns a mail address, compared without regard to case; [fault.NotFound] when nobody does.
func (tx *Tx) PersonByAddress(address string) (account.Person, error) {
	return tx.person(tx.selectPerson()+`
		JOIN addresses d ON d.person_id = p.id
		WHERE d.address = $1`, account.FoldAddress(address))
}

// PersonByAddressForUpdate is PersonByAddress for whoever is about to save them; see [Tx.PersonForUpdate].
func (tx *Tx) PersonByAddressForUpdate(address string) (account.Person, error) {
	p, err := tx.PersonByAddress(address)
	if err != nil {
		return p, err
	}
	return tx.PersonForUpdate(p.ID)
}

func (tx *Tx) person(query string, arg any) (p account.Person, err error) {
	found, err := tx.get(personFields(&p), query, arg)
	if err == nil && !found {
		err = absent("person")
	}
	return p, err
}

// EnsureCustomer returns the person with that address, who becomes a customer of the brand if nobody has it yet. The
// name is kept only when none was known; a domain that an organisation owns puts the new person into it.
func (tx *Tx) EnsureCustomer(address, name string, brand int64, now time.Time) (account.Person, error) {
	p, err := tx.PersonByAddress(address)
	if fault.Is(err, fault.NotFound) {
		p = account.Person{Email: address, Name: name, Role: access.Customer, Brand: brand, Created: now}
		p.Organization, err = tx.organizationOf(address)
		if err != nil {
			return p, err
		}
		return tx.addCustomer(p)
	}
	if err == nil && p.Name == "" && name != "" {
		return tx.named(p.ID, name)
	}
	return p, err
}

// named gives somebody a name who has none yet.
func (tx *Tx) named(id int64, name string) (account.Person, error) {
	p, err := tx.PersonForUpdate(id)
	if err == nil && p.Name == "" {
		p.Name = name
		err = tx.SavePerson(&p)
	}
	return p, err
}

// addCustomer stores a new customer, or finds the one that another node has stored in the meantime.
func (tx *Tx) addCustomer(p account.Person) (account.Person, error) {
	if tx.postgres() {
		if err := tx.Alone("person " + account.FoldAddress(p.Email)); err != nil {
			return p, err
		}
		known, err := tx.PersonByAddress(p.Email)
		if !fault.Is(err, fault.NotFound) {
			return known, err
		}
	}
	err := tx.SavePerson(&p)
	return p, err
}

// SavePerson stores a person, new when ID is 0, with addresses and groups. Whoever is known already comes from [Tx.PersonForUpdate], or
// what others write meanwhile would be lost. An address that belongs to somebody else is [fault.Conflict].
// Somebody who has got another address since then is stored by [Tx.SaveReaddressed].
func (tx *Tx) SavePerson(p *account.Person) error { return tx.SaveReaddressed(p, time.Time{}) }

// SaveReaddressed is SavePerson for somebody whose addresses may have changed: one that is new to them is theirs since now.
func (tx *Tx) SaveReaddressed(p *account.Person, now time.Time) (err error) {
	p.Addresses = foldedAddresses(*p)
	if p.Addresses[0] == "" {
		return fault.New(fault.Invalid, "a person needs a mail address")
	}
	p.Email = p.Addresses[0]
	if p.Role == access.Customer {
		p.Groups = nil
	}
	if p.ID == 0 {
		err = tx.addPerson(p)
	} else {
		err = tx.foundBy(personSubject, &p.ID, func() error { return tx.updatePerson(p, now) })
	}
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "%s belongs to somebody else already", strings.Join(p.Addresses, " or "))
	}
	return err
}

func (tx *Tx) addPerson(p *account.Person) error {
	if err := tx.insertPerson(p); err != nil {
		return err
	}
	if err := tx.saveAddresses(p.ID, addedAt(p.Created, p.Addresses)); err != nil {
		return err
	}
	if err := tx.saveGroups(*p); err != nil {
		return err
	}
	return tx.newcomer(*p)
}

// foldedAddresses is all of a person's addresses, the one mail goes to first, each once.
func foldedAddresses(p account.Person) []string {
	all := []string{account.FoldAddress(p.Email)}
	for _, address := range p.Addresses {
		if address = account.FoldAddress(address); address != "" && !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	return all
}

func (tx *Tx) insertPerson(p *account.Person) (err error) {
	role, firstLine := storedRole(p.Role)
	p.ID, err = tx.insert(`
		INSERT INTO people (
			email, name, role, zone, locale, organization_id, brand_id,
			suspended, verified, facts, unreachable, created_at, first_line, skills)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		RETURNING id`,
		p.Email, p.Name, role, p.Zone, p.Locale, ref(p.Organization), ref(p.Brand),
		p.Suspended, p.Verified, inJSON{p.Facts}, p.Unreachable, p.Created, firstLine, skills(p))
	return err
}

// skills are somebody's skills as they are stored: a list also when there are none.
func skills(p *account.Person) inJSON { return inJSON{append([]string{}, p.Skills...)} }

// Loads counts the tickets that are not done, of each of some colleagues who have any.
func (tx *Tx) Loads(people []int64) (counts map[int64]int64, err error) {
	counts = map[int64]int64{}
	q := (&query{}).add("SELECT t.assignee_id, count(*) FROM tickets t WHERE "+alive+" AND ").in("t.assignee_id", people).add(" GROUP BY t.assignee_id")
	var id, n int64
	err = tx.each([]any{&id, &n}, func() error { counts[id] = n; return nil }, q.String(), q.args...)
	return counts, err
}

func (tx *Tx) updatePerson(p *account.Person, now time.Time) error {
	was, err := tx.Person(p.ID)
	if err != nil {
		return err
	}
	if was.Role != access.Customer || p.Role != access.Customer {
		tx.rightsChanged(p.ID)
	}
	stored, firstLine := storedRole(p.Role)
	_, err = tx.exec(`
		UPDATE people SET
			email = $1, name = $2, role = $3, zone = $4, locale = $5, organization_id = $6, brand_id = $7,
			suspended = $8, verified = $9, facts = $10, unreachable = $11, first_line = $12, skills = $13
		WHERE id = $14`,
		p.Email, p.Name, stored, p.Zone, p.Locale, ref(p.Organization), ref(p.Brand),
		p.Suspended, p.Verified, inJSON{p.Facts}, p.Unreachable, firstLine, skills(p), p.ID)
	if err == nil {
		err = tx.updateRest(was, *p, now)
	}
	if err != nil || was.Name == p.Name && was.Email == p.Email {
		return err
	}
	return tx.reindexOf(p.ID)
}

// updateRest writes addresses and groups anew where they changed. An address that stays is not let go of, not even for a moment: a mail
// may come from it meanwhile.
func (tx *Tx) updateRest(was, is account.Person, now time.Time) error {
	if !slices.Equal(was.Addresses, is.Addresses) {
		if err := tx.updateAddresses(is, now); err != nil {
			return err
		}
	}
	if slices.Equal(was.Groups, sorted(is.Groups)) {
		return nil
	}
	if _, err := tx.exec(`DELETE FROM team_members WHERE person_id = $1`, is.ID); err != nil {
		return err
	}
	return tx.saveGroups(is)
}

// updateAddresses writes them anew. Those that stay keep since when they are there.
func (tx *Tx) updateAddresses(is account.Person, now time.Time) error {
	before, err := tx.AddressesOf(is.ID)
	if err != nil {
		return err
	}
	all := addedAt(now, is.Addresses)
	for i, a := range all {
		if had := slices.IndexFunc(before, func(b account.Address) bool { return b.Email == a.Email }); had >= 0 {
			all[i] = before[had]
		} else if now.IsZero() {
			return fault.New(fault.Invalid, "%s is new on a record that is known; say since when it is theirs", a.Email)
		}
	}
	if _, err := tx.exec(`DELETE FROM addresses WHERE person_id = $1`, is.ID); err != nil {
		return err
	}
	return tx.saveAddresses(is.ID, all)
}

func addedAt(since time.Time, addresses []string) (all []account.Address) {
	for _, address := range addresses {
		all = append(all, account.Address{Email: address, Since: since})
	}
	return all
}

// AddressesOf are the addresses of somebody, the one mail goes to first, with since when each is theirs.
func (tx *Tx) AddressesOf(person int64) (all []account.Address, err error) {
	var a account.Address
	err = tx.each([]any{&a.Email, &a.Since}, func() error { all = append(all, a); return nil }, `
		SELECT address, added_at
		FROM addresses
		WHERE person_id = $1
		ORDER BY position`, person)
	return all, err
}

func sorted(ids []int64) []int64 { return slices.Sorted(slices.Values(ids)) }

func (tx *Tx) saveAddresses(person int64, all []account.Address) error {
	for i, a := range all {
		_, err := tx.exec(`
			INSERT INTO addresses (address, person_id, position, added_at)
			VALUES ($1, $2, $3, $4)`, a.Email, person, i, a.Since)
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) saveGroups(p account.Person) error {
	for _, group := range p.Groups {
		_, err := tx.exec(`
			INSERT INTO team_members (team_id, person_id)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, group, p.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// PeopleFilter says which people a list shows; the zero value shows all.
type PeopleFilter struct {
	Role         access.Role
	Organization int64
	Query        string // the beginning of a name or an address
	After        string
	Limit        int
}

// People returns one page of people, the newest first. Only staff may list
// people: anybody else gets none.
func (tx *Tx) People(a access.Actor, f PeopleFilter) (page Page[account.Person], err error) {
	at, err := parseCursor(f.After)
	if err != nil || !a.Staff() {
		return page, err
	}
	n := limit(f.Limit)
	q := (&query{}).add(tx.selectPerson() + "WHERE p.merged_into IS NULL")
	if f.Role != "" {
		q.add(" AND "+theRole+" = ?", string(f.Role))
	}
	if f.Organization != 0 {
		q.add(" AND p.organization_id = ?", f.Organization)
	}
	if f.Query != "" {
		begins := likePrefix(account.FoldAddress(f.Query))
		q.add(` AND (lower(p.name) LIKE ? ESCAPE '\' OR p.id IN (SELECT person_id FROM addresses WHERE address LIKE ? ESCAPE '\'))`, begins, begins)
	}
	if at.ID != 0 {
		q.add(" AND p.id < ?", at.ID)
	}
	q.add(" ORDER BY p.id DESC LIMIT ?", n+1)
	all, err := tx.people(q)
	return cut(all, n, func(p account.Person) cursor { return cursor{ID: p.ID} }), err
}

// likePrefix is a LIKE pattern for what begins with s; the signs LIKE knows stand for themselves.
func likePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

func (tx *Tx) people(q *query) (all []account.Person, err error) {
	var p account.Person
	err = tx.each(personFields(&p), func() error { all = append(all, p); return nil }, q.String(), q.args...)
	return all, err
}

const staff = "WHERE p.role <> 'customer' ORDER BY p.name, p.id"

// Staff returns everybody who works at the desk, by name, complete.
func (tx *Tx) Staff() ([]account.Person, error) {
	return tx.people((&query{}).add(tx.selectPerson() + staff))
}

// storedRole is a role as its two columns hold it: the first line are light agents to whatever does not know them.
func storedRole(r access.Role) (role access.Role, firstLine bool) {
	if r == access.LevelOne {
		return access.Light, true
	}
	return r, false
}

// theRole is somebody's role in SQL, with the person's table under the alias p.
const theRole = "CASE WHEN p.first_line THEN 'level_one' ELSE p.role END"
