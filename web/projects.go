package web

import (
	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/ticket"
	"hark/web/customers"
	"hark/web/portal"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// Projects: on a customer's record, beside a ticket, and in the request form.

// recordProjects adds the projects to a record, where the policy that runs looks at them or there are any.
func (h *house) recordProjects(v *visit.Visit, view *customers.Record, projects []account.Project) {
	p, _, err := h.running(v)
	if err != nil {
		v.Note(err)
	}
	if looks := p != nil && p.LooksAtProjects(); !looks && len(projects) == 0 {
		return
	}
	staff, err := h.desk.Staff(v.Context(), v.Actor)
	if err != nil {
		v.Note(err)
	}
	view.Leads = leadOptions(staff, 0)
	for _, p := range projects {
		view.Projects = append(view.Projects, customers.Project{ID: number(p.ID), Name: p.Name, Says: projectSays(p), Gap: !p.Ended && p.LeadGone, Ended: p.Ended, Leads: leadOptions(staff, p.Lead)})
	}
}

func leadOptions(staff []account.Person, lead int64) []shared.Option {
	options := []shared.Option{{Value: "", Label: "Nobody yet"}}
	for _, p := range staff {
		if !p.Suspended && access.May(p.Actor(), access.ReplyPublicly) {
			options = append(options, shared.Option{Value: p.Email, Label: p.Display(), Chosen: p.ID == lead})
		}
	}
	return options
}

// projectSays is who leads a project, or that nobody does, and whether it has ended.
func projectSays(p account.Project) (says string) {
	switch {
	case p.Lead == 0:
		says = "Nobody leads it yet"
	case p.LeadGone:
		says = p.LeadName + " led it and answers no tickets any more; choose who leads it now"
	default:
		says = p.LeadName + " leads it"
	}
	if p.Ended {
		says = "Ended"
		if p.Lead != 0 {
			says += "; " + p.LeadName + " led it"
		}
	}
	return says
}

// projectView is which project a ticket is about; nil when it is about none and its kind is about no project, or there is none to choose.
func projectView(v *visit.Visit, p desk.TicketPage) *page.Project {
	known := p.Project.ID != 0
	if !known && (len(p.Projects) == 0 || !p.Policy.AboutProject(p.Ticket.Kind)) {
		return nil
	}
	out := page.Project{Name: p.Project.Name, Gap: known && !p.Project.Ended && p.Project.LeadGone}
	if known {
		out.Says = projectSays(p.Project) + "."
	}
	if !access.May(v.Actor, access.ChangeTicket) || p.Ticket.Category == ticket.Closed {
		return &out
	}
	out.Options = append(out.Options, shared.Option{Value: "", Label: "No project", Chosen: !known})
	if p.Project.Ended {
		out.Options = append(out.Options, shared.Option{Value: number(p.Project.ID), Label: p.Project.Name + ", ended", Chosen: true})
	}
	for _, one := range p.Projects {
		out.Options = append(out.Options, shared.Option{Value: number(one.ID), Label: one.Name, Chosen: one.ID == p.Project.ID})
	}
	return &out
}

// sayProject says which project a ticket is about.
func (h *house) sayProject(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Project string `form:"project"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if _, err := h.desk.SayProject(v.Context(), v.Actor, desk.SayProject{Ticket: id, Project: in.Project, Via: "web"}); err != nil {
		return err
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)))
}

// ownProjects are the projects that a reader can write about, when there are several: one alone is taken by itself.
func (h *house) ownProjects(v *visit.Visit, brand int64) ([]account.Project, error) {
	if !access.May(v.Actor, access.OwnTickets) {
		return nil, nil
	}
	all, err := h.desk.Projects(v.Context(), v.Actor, brand)
	if len(all) < 2 {
		return nil, err
	}
	return all, err
}

// projectAsked is how the request form calls the project among what it asks for a kind. It is no fact of the policy: the desk reads it.
const projectAsked = "project"

// projectFields ask which project a request is about, for a kind that is about one.
func projectFields(p *policy.Policy, kind string, said, wrong map[string]string, chosen bool, projects []account.Project) []portal.AskField {
	if len(projects) == 0 || !p.AboutProject(kind) {
		return nil
	}
	f := shared.Field{Name: "value", ID: factID(kind + "." + projectAsked), Label: "Which project it is about", Type: "select", Optional: true, Options: []shared.Option{{Value: "", Label: "I cannot say"}}}
	for _, one := range projects {
		f.Options = append(f.Options, shared.Option{Value: number(one.ID), Label: one.Name, Chosen: chosen && said[projectAsked] == number(one.ID)})
	}
	if chosen {
		f.Error = wrong[projectAsked]
	}
	return []portal.AskField{{Fact: kind + "/" + projectAsked, Field: f}}
}
