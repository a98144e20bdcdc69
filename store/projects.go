package store

import (
	"hark/access"
	"hark/account"
	"hark/fault"
)

// Projects are read like what customers own: staff see all, a customer their own and their organisation's, whoever holds a link to one
// ticket none.

// Projects returns the projects of a customer or an organisation with a brand, 0 for all brands, as far as the actor may know of them;
// those that run first, each kind newest first.
func (tx *Tx) Projects(a access.Actor, who account.Owner, brand int64) ([]account.Project, error) {
	return tx.projects(func(q *query) {
		q.ofOwner(who).add(" AND ").theirs(a)
		if brand != 0 {
			q.add(" AND o.brand_id = ?", brand)
		}
	})
}

// Project returns a project that the actor may know of; [fault.NotFound] otherwise, as for one that is not there.
func (tx *Tx) Project(a access.Actor, id int64) (account.Project, error) {
	all, err := tx.projects(func(q *query) { q.add("o.id = ? AND ", id).theirs(a) })
	if err != nil || len(all) == 0 {
		return account.Project{}, orAbsent(err, "project")
	}
	return all[0], nil
}

func (tx *Tx) projects(where func(*query)) (all []account.Project, err error) {
	q := (&query{}).add(`
		SELECT o.id, o.brand_id, o.person_id, o.organization_id, o.name, o.lead_id, o.ended, l.name, l.email, l.role, coalesce(l.suspended, FALSE)
		FROM projects o
		LEFT JOIN people l ON l.id = o.lead_id
		WHERE `)
	where(q)
	q.add(" ORDER BY o.ended, o.id DESC")
	var p account.Project
	var lead account.Person
	err = tx.each([]any{&p.ID, &p.Brand, &p.Person, &p.Organization, &p.Name, &p.Lead, &p.Ended, &lead.Name, &lead.Email, &lead.Role, &lead.Suspended}, func() error {
		lead.ID = p.Lead
		p.LeadName, p.LeadGone = lead.Display(), p.Lead != 0 && (lead.Suspended || !access.May(lead.Actor(), access.ReplyPublicly))
		all = append(all, p)
		return nil
	}, q.String(), q.args...)
	return all, err
}

// SaveProject stores a project, new when ID is 0.
func (tx *Tx) SaveProject(p *account.Project) (err error) {
	if err := owned(p.Owner); err != nil {
		return err
	}
	if p.Name == "" {
		return fault.New(fault.Invalid, "a project needs a name")
	}
	if p.ID == 0 {
		p.ID, err = tx.insert(`
			INSERT INTO projects (brand_id, person_id, organization_id, name, lead_id, ended)
			VALUES ($1, $2, $3, $4, $5, $6)
			RETURNING id`, p.Brand, ref(p.Person), ref(p.Organization), p.Name, ref(p.Lead), p.Ended)
		return err
	}
	_, err = tx.exec(`UPDATE projects SET person_id = $1, organization_id = $2, name = $3, lead_id = $4, ended = $5 WHERE id = $6`,
		ref(p.Person), ref(p.Organization), p.Name, ref(p.Lead), p.Ended, p.ID)
	return err
}
