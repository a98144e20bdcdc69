package store

import (
	"slices"
	"strings"

	"hark/account"
	"hark/fault"
)

// What a desk consists of beside its people: organisations, groups, brands and mailboxes. There are few of each, so the
// lists are not paged.

// Organization returns a customer company by id.
func (tx *Tx) Organization(id int64) (o account.Organization, err error) {
	found, err := tx.get([]any{&o.ID, &o.Name, outJSON{&o.Facts}}, `
		SELECT id, name, facts
		FROM organizations
		WHERE id = $1`, id)
	if err == nil && !found {
		err = absent("organisation")
	}
	if err == nil {
		o.Domains, err = tx.domains(id)
	}
	return o, err
}

// OrganizationForUpdate is Organization for somebody about to save it: on PostgreSQL others who mean to wait.
func (tx *Tx) OrganizationForUpdate(id int64) (account.Organization, error) {
	if err := tx.hold((&query{}).add(`SELECT id FROM organizations WHERE id = ?`, id)); err != nil {
		return account.Organization{}, err
	}
	return tx.Organization(id)
}

func (tx *Tx) domains(id int64) (all []string, err error) {
	var domain string
	err = tx.each([]any{&domain}, func() error { all = append(all, domain); return nil }, `
		SELECT domain
		FROM organization_domains
		WHERE organization_id = $1
		ORDER BY domain`, id)
	return all, err
}

// Organizations returns all customer companies by name.
func (tx *Tx) Organizations() (all []account.Organization, err error) {
	var o account.Organization
	err = tx.each([]any{&o.ID, &o.Name, outJSON{&o.Facts}}, func() error { all = append(all, o); return nil }, `
		SELECT id, name, facts
		FROM organizations
		ORDER BY name, id`)
	for i := range all {
		if all[i].Domains, err = tx.domains(all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, err
}

// SaveOrganization stores a customer company, new when ID is 0. A domain belongs to one company.
func (tx *Tx) SaveOrganization(o *account.Organization) error {
	return tx.foundBy(organizationSubject, &o.ID, func() error { return tx.saveOrganization(o) })
}

func (tx *Tx) saveOrganization(o *account.Organization) (err error) {
	if o.ID == 0 {
		o.ID, err = tx.insert(`INSERT INTO organizations (name, facts) VALUES ($1, $2) RETURNING id`, o.Name, inJSON{o.Facts})
	} else {
		_, err = tx.exec(`UPDATE organizations SET name = $1, facts = $2 WHERE id = $3`, o.Name, inJSON{o.Facts}, o.ID)
	}
	if err != nil {
		return err
	}
	return tx.saveDomains(*o)
}

// saveDomains writes a company's domains anew, unless they are what they were.
func (tx *Tx) saveDomains(o account.Organization) error {
	var lower []string
	for _, domain := range o.Domains {
		lower = append(lower, strings.ToLower(domain))
	}
	slices.Sort(lower)
	if was, err := tx.domains(o.ID); err != nil || slices.Equal(was, lower) {
		return err
	}
	if _, err := tx.exec(`DELETE FROM organization_domains WHERE organization_id = $1`, o.ID); err != nil {
		return err
	}
	for _, domain := range o.Domains {
		_, err := tx.exec(`INSERT INTO organization_domains (domain, organization_id) VALUES ($1, $2)`, strings.ToLower(domain), o.ID)
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.Conflict, "the domain %s belongs to another organisation", domain)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// organizationOf returns the company whose domain the address has, or 0.
func (tx *Tx) organizationOf(address string) (id int64, err error) {
	_, domain, _ := strings.Cut(account.FoldAddress(address), "@")
	_, err = tx.get([]any{&id}, `SELECT organization_id FROM organization_domains WHERE domain = $1`, domain)
	return id, err
}

// Groups returns all groups by name with their members.
func (tx *Tx) Groups() (all []account.Group, err error) {
	var id, member int64
	var name string
	err = tx.each([]any{&id, &name, &member}, func() error {
		if len(all) == 0 || all[len(all)-1].ID != id {
			all = append(all, account.Group{ID: id, Name: name})
		}
		if member != 0 {
			last := &all[len(all)-1]
			last.Members = append(last.Members, member)
		}
		return nil
	}, `
		SELECT g.id, g.name, m.person_id
		FROM teams g
		LEFT JOIN team_members m ON m.team_id = g.id
		ORDER BY g.name, g.id, m.person_id`)
	return all, err
}

// SaveGroup stores a group with its members, new when ID is 0.
func (tx *Tx) SaveGroup(g *account.Group) (err error) {
	if g.ID == 0 {
		g.ID, err = tx.insert(`INSERT INTO teams (name) VALUES ($1) RETURNING id`, g.Name)
	} else {
		_, err = tx.exec(`UPDATE teams SET name = $1 WHERE id = $2`, g.Name, g.ID)
	}
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "there is a group named %s already", g.Name)
	}
	if err != nil {
		return err
	}
	before, err := tx.ids(`SELECT person_id FROM team_members WHERE team_id = $1`, g.ID)
	if err != nil {
		return err
	}
	if err := tx.holdPeople(slices.Concat(before, g.Members)...); err != nil { // their groups are saved with them, too
		return err
	}
	tx.rightsChanged(before...)
	tx.rightsChanged(g.Members...)
	if _, err := tx.exec(`DELETE FROM team_members WHERE team_id = $1`, g.ID); err != nil {
		return err
	}
	for _, person := range g.Members {
		_, err := tx.exec(`
			INSERT INTO team_members (team_id, person_id)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, g.ID, person)
		if err != nil {
			return err
		}
	}
	return nil
}

const selectBrand = `
	SELECT
		id,
		name,
		slug,
		host,
		accent,
		two_people,
		community
	FROM brands
	`

func brandFields(b *account.Brand) []any {
	return []any{&b.ID, &b.Name, &b.Slug, &b.Host, &b.Accent, &b.TwoPeople, &b.Community}
}

// Brand returns a brand by id.
func (tx *Tx) Brand(id int64) (b account.Brand, err error) {
	found, err := tx.get(brandFields(&b), selectBrand+`WHERE id = $1`, id)
	if err == nil && !found {
		err = absent("brand")
	}
	return b, err
}

// Brands returns all brands, the first one made first.
func (tx *Tx) Brands() (all []account.Brand, err error) {
	var b account.Brand
	err = tx.each(brandFields(&b), func() error { all = append(all, b); return nil }, selectBrand+`ORDER BY id`)
	return all, err
}

// SaveBrand stores a brand, new when ID is 0.
func (tx *Tx) SaveBrand(b *account.Brand) (err error) {
	if b.ID == 0 {
		b.ID, err = tx.insert(`
			INSERT INTO brands (name, slug, host, accent, two_people, community)
			VALUES ($1, $2, $3, $4, $5, $6)
			RETURNING id`, b.Name, b.Slug, b.Host, b.Accent, b.TwoPeople, b.Community)
	} else {
		_, err = tx.exec(`
			UPDATE brands SET name = $1, slug = $2, host = $3, accent = $4, two_people = $5, community = $6
			WHERE id = $7`, b.Name, b.Slug, b.Host, b.Accent, b.TwoPeople, b.Community, b.ID)
	}
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "there is a brand with the short name %s already", b.Slug)
	}
	return err
}

const selectMailbox = `
	SELECT
		id,
		address,
		brand_id,
		team_id,
		imap,
		smtp_out,
		secret,
		position,
		trouble,
		paused,
		since
	FROM mailboxes
	`

func mailboxFields(m *account.Mailbox) []any {
	return []any{
		&m.ID,
		&m.Address,
		&m.Brand,
		&m.Group,
		&m.IMAP,
		&m.SMTPOut,
		&m.Secret,
		&m.Position,
		&m.Trouble,
		&m.Paused,
		&m.Since,
	}
}

// Mailboxes returns all mailboxes by address, with their sealed secrets.
func (tx *Tx) Mailboxes() (all []account.Mailbox, err error) {
	var m account.Mailbox
	err = tx.each(mailboxFields(&m), func() error { all = append(all, m); return nil }, selectMailbox+`ORDER BY address`)
	return all, err
}

// Mailbox returns a mailbox by id.
func (tx *Tx) Mailbox(id int64) (account.Mailbox, error) {
	return tx.mailbox(selectMailbox+`WHERE id = $1`, id)
}

// MailboxByAddress returns the mailbox with that address, compared without regard to case.
func (tx *Tx) MailboxByAddress(address string) (account.Mailbox, error) {
	return tx.mailbox(selectMailbox+`WHERE address = $1`, account.FoldAddress(address))
}

func (tx *Tx) mailbox(query string, arg any) (m account.Mailbox, err error) {
	found, err := tx.get(mailboxFields(&m), query, arg)
	if err == nil && !found {
		err = absent("mailbox")
	}
	return m, err
}

// SaveMailbox stores a mailbox, new when ID is 0. A nil Secret leaves the kept one as it is.
func (tx *Tx) SaveMailbox(m *account.Mailbox) (err error) {
	m.Address = account.FoldAddress(m.Address)
	if m.ID == 0 {
		m.ID, err = tx.insert(`
			INSERT INTO mailboxes (address, brand_id, team_id, imap, smtp_out, secret, position, trouble, paused, since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			RETURNING id`,
			m.Address, ref(m.Brand), ref(m.Group), m.IMAP, m.SMTPOut, m.Secret, m.Position, m.Trouble, m.Paused, m.Since)
	} else {
		_, err = tx.exec(`
			UPDATE mailboxes SET
				address = $1, brand_id = $2, team_id = $3, imap = $4, smtp_out = $5,
				secret = coalesce($6, secret), position = $7, trouble = $8, paused = $9, since = $10
			WHERE id = $11`,
			m.Address, ref(m.Brand), ref(m.Group), m.IMAP, m.SMTPOut, m.Secret, m.Position, m.Trouble, m.Paused, m.Since, m.ID)
	}
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "the desk receives for %s already", m.Address)
	}
	return err
}

// MailboxPosition remembers how far an IMAP mailbox has been read ("UIDVALIDITY:lastUID") and what troubles it, without
// touching what an administrator may be editing.
func (tx *Tx) MailboxPosition(id int64, position, trouble string) error {
	_, err := tx.exec(`UPDATE mailboxes SET position = $1, trouble = $2 WHERE id = $3`, position, trouble, id)
	return err
}
