package desk

import (
	"cmp"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
)

// A project comes with a sale like the other things a customer owns: from a colleague, a line of a table or a shop.

// projected makes a project known, or changes what is new about it. Open tickets are looked at again: what nobody has taken goes to
// whoever leads it now.
func (s *owning) projected() error {
	if s.in.Project == "" && s.in.OfProject == 0 {
		return nil
	}
	before, err := s.project()
	if err != nil {
		return err
	}
	if late, err := s.late("project", before.ID); err != nil || late {
		s.sold.Project = before.ID
		return err
	}
	p := before
	p.Name = cmp.Or(s.in.Project, p.Name)
	if err := s.led(&p); err != nil {
		return err
	}
	if err := s.underway(&p); err != nil {
		return err
	}
	if s.sold.Project = p.ID; p == before {
		return nil
	}
	return s.keepProject(before, p)
}

func (s *owning) keepProject(before, p account.Project) error {
	s.tell(before.ID == 0)
	err := s.tx.SaveProject(&p)
	if s.sold.Project = p.ID; err != nil {
		return err
	}
	err = s.changed("project", p.ID, before.ID == 0, before.Owner, p.Owner,
		valued{"name", before.Name, p.Name}, valued{"lead", before.LeadName, p.LeadName}, valued{"status", underway(before), underway(p)})
	if err != nil {
		return err
	}
	r := recording{d: s.d, tx: s.tx, teller: s.teller, now: s.now, facts: map[string]any{policy.LeadFact: nil}}
	if p.Organization != 0 {
		return r.reconsiderAll(p.Organization)
	}
	return r.reconsider(p.Person)
}

// project finds the project that a sale speaks of: by its number, or by its name among those of its owner; a new one when it is none of
// these. A new one belongs to the organisation, so that a message of anybody there can be about it.
func (s *owning) project() (account.Project, error) {
	if s.in.OfProject != 0 {
		return s.tx.Project(access.Clock, s.in.OfProject)
	}
	theirs, err := s.tx.Projects(access.Clock, s.owner, s.brand)
	if i := slices.IndexFunc(theirs, func(p account.Project) bool { return strings.EqualFold(p.Name, s.in.Project) }); i >= 0 {
		return theirs[i], err
	}
	owner := s.owner
	if owner.Organization != 0 {
		owner.Person = 0
	}
	return account.Project{Brand: s.brand, Owner: owner}, err
}

// led puts into a project who leads it. A form that was sent without a lead takes them away.
func (s *owning) led(p *account.Project) error {
	if s.in.Lead == "" {
		if s.in.Whole && s.in.OfProject != 0 {
			p.Lead, p.LeadName, p.LeadGone = 0, "", false
		}
		return nil
	}
	lead, err := colleague(s.tx, "who leads a project", s.in.Lead)
	if err != nil {
		return inField("lead", err)
	}
	if !access.May(lead.Actor(), access.ReplyPublicly) {
		return inField("lead", fault.New(fault.Invalid, "%s cannot answer tickets, so they can lead no project", lead.Display()))
	}
	p.Lead, p.LeadName, p.LeadGone = lead.ID, lead.Display(), false
	return nil
}

func (s *owning) underway(p *account.Project) error {
	switch strings.ToLower(s.in.Underway) {
	case "":
	case "running", "active", "open":
		p.Ended = false
	case "ended", "closed", "done", "finished":
		p.Ended = true
	default:
		return fault.New(fault.Invalid, "a project is running or ended, not %q", s.in.Underway)
	}
	return nil
}

func underway(p account.Project) string {
	switch {
	case p.ID == 0:
		return ""
	case p.Ended:
		return "ended"
	}
	return "running"
}
