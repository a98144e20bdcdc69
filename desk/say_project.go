package desk

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Which project a ticket is about. A colleague says so beside the conversation, a customer in the request form; where only one is running,
// it is that one. Whoever leads it gets what nobody has taken (seed 002, 2.8).

// SayProject says which project a ticket is about.
type SayProject struct {
	Ticket  int64
	Project string // its number; "" takes it back
	Key     string
	Via     string
}

// errNoProject is the answer to any project that the requester cannot write about, whether it has ended, is somebody else's or nobody's
// (threat B1).
var errNoProject = inField("project", fault.New(fault.Invalid, "please choose one of the projects that are running"))

// SayProject sets which project a ticket is about, and the policy reacts to it at once: whoever leads it gets a ticket that nobody has
// taken. Only a running project of the requester or their organisation can be chosen.
func (d *Desk) SayProject(ctx context.Context, a access.Actor, in SayProject) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.sayProject(tx, a, in, now) })
}

func (d *Desk) sayProject(tx *store.Tx, a access.Actor, in SayProject, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	was := projectOf(t.Facts)
	if t.Category == ticket.Closed {
		return Done{}, fault.New(fault.Refused, "this ticket is closed and can no longer be changed; start a follow-up instead")
	}
	if in.Project == was {
		return Done{Ticket: t}, nil
	}
	requester, err := tx.Person(t.Requester.ID)
	if err != nil {
		return Done{}, err
	}
	says, err := projectSays(tx, in.Project, requester, t.Brand)
	if err != nil {
		return Done{}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	told := ticket.AuditEvent{Type: ticket.Change, Field: "facts." + policy.ProjectFact, From: was, To: in.Project, Says: says, Internal: true}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: map[string]any{policy.ProjectFact: in.Project}}, now: now, via: viaOr(in.Via), notes: []ticket.AuditEvent{told}, undo: true,
	})
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, err
}

// projectSays is what the record tells of the choice.
func projectSays(tx *store.Tx, number string, requester account.Person, brand int64) (string, error) {
	if number == "" {
		return "this is about no project", nil
	}
	p, err := runningProject(tx, number, requester, brand)
	return "this is about the project " + p.Name, err
}

// runningProject is a running project of a customer by its number.
func runningProject(tx *store.Tx, number string, requester account.Person, brand int64) (account.Project, error) {
	all, err := tx.Projects(access.Clock, store.OwnerOf(requester), brand)
	if err != nil {
		return account.Project{}, err
	}
	p := account.ProjectNumbered(account.Running(all), projectID(number))
	if p.ID == 0 {
		err = errNoProject
	}
	return p, err
}

// ofProject puts the project that a new request names among its facts.
func ofProject(tx *store.Tx, in Request, requester account.Person, brand int64) (Request, error) {
	if in.Project == "" {
		return in, nil
	}
	p, err := runningProject(tx, in.Project, requester, brand)
	if err == nil {
		in.Facts = with(in.Facts, policy.ProjectFact, itoa(p.ID))
	}
	return in, err
}

// addProject puts what follows from the project of a ticket among the facts: the one that somebody has said, else, for a kind that is
// about one, the only one that is running. Nobody goes without an answer because a lead has left: the lead on the record counts then.
func (d *Desk) addProject(tx *store.Tx, p *policy.Policy, t ticket.Ticket, requester account.Person, facts map[string]any, h happening) error {
	_, said := facts[policy.ProjectFact]
	if _, named := h.event.Facts[policy.ProjectFact]; named {
		said, facts[policy.ProjectFact] = true, h.event.Facts[policy.ProjectFact]
	}
	if !said && !p.AboutProject(cmp.Or(h.event.TicketKind, t.Kind, p.DefaultKind())) {
		return nil
	}
	all, err := tx.Projects(access.Clock, store.OwnerOf(requester), t.Brand)
	if err != nil {
		return err
	}
	project := account.ProjectNumbered(all, projectID(projectOf(facts)))
	if running := account.Running(all); !said && len(running) == 1 {
		project = running[0]
	}
	return leadBy(tx, p, project, facts, h.now)
}

// hearLead lets a change of whoever leads a project be heard as what it comes to for one ticket: the project's own lead counts before the
// record's.
func hearLead(facts map[string]any, e ticket.Event) {
	if _, told := e.Facts[policy.LeadFact]; told && e.Kind == ticket.FactChanged {
		e.Facts[policy.LeadFact] = facts[policy.LeadFact]
	}
}

func leadBy(tx *store.Tx, p *policy.Policy, project account.Project, facts map[string]any, now time.Time) error {
	if project.ID == 0 {
		return nil
	}
	facts[policy.ProjectFact], facts[policy.ProjectName] = itoa(project.ID), project.Name
	if !project.Led() {
		facts[policy.ProjectGap] = true
		return nil
	}
	return nameAgent(tx, p, policy.LeadFact, project.Lead, facts, now)
}

// projectOf is the number of the project that facts name, "" for none.
func projectOf(facts map[string]any) string {
	number, _ := facts[policy.ProjectFact].(string)
	return number
}

func projectID(number string) int64 {
	id, _ := strconv.ParseInt(number, 10, 64)
	return id
}

// Projects are the running projects that the actor can write a request about to a brand.
func (d *Desk) Projects(ctx context.Context, a access.Actor, brand int64) (all []account.Project, err error) {
	if err := may(a, access.OwnTickets); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(a.Person)
		if err == nil {
			all, err = tx.Projects(a, store.OwnerOf(person), brand)
		}
		return err
	})
	return account.Running(all), err
}
