package desk

import (
	"maps"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// addFacts puts what the desk knows about the customer where the policy's rules look. What stands on a person's record
// counts for all their tickets at once, so a correction applies with the next event (A19, A32).
func (d *Desk) addFacts(tx *store.Tx, p *policy.Policy, t *ticket.Ticket, h happening) error {
	requester, err := h.person(tx, t.Requester.ID)
	if err != nil {
		return err
	}
	facts := maps.Clone(t.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	policy.ForgetProject(facts)
	if requester.Organization != 0 {
		o, err := tx.Organization(requester.Organization)
		if err != nil {
			return err
		}
		maps.Copy(facts, o.Facts)
		facts["requester.organisation"] = o.Name
	}
	maps.Copy(facts, requester.Facts)
	if err := d.addOwned(tx, p, t, requester, facts, h); err != nil {
		return err
	}
	if err := addVersion(tx, p, *t, facts, h); err != nil {
		return err
	}
	if err := d.addProject(tx, p, *t, requester, facts, h); err != nil {
		return err
	}
	hearLead(facts, h.event)
	if err := d.addUsualAgent(tx, p, requester, facts, h); err != nil {
		return err
	}
	if err := d.addSkilled(tx, p, *t, facts, h); err != nil {
		return err
	}
	if err := d.addIssue(tx, p, *t, facts, h.now); err != nil {
		return err
	}
	if len(facts) > 0 {
		t.Facts = facts
	}
	return nil
}

// aboutFact is what a ticket is about, as [account.About] writes it. A follow-up keeps it with the order.
const aboutFact = "order.about"

// addOwned puts what follows from what the customer owns among the facts, for the licence, order or evaluation this is about: the
// one that the event names, else the one it was about so far.
func (d *Desk) addOwned(tx *store.Tx, p *policy.Policy, t *ticket.Ticket, requester account.Person, facts map[string]any, h happening) error {
	if !p.LooksAtOwned() {
		return nil
	}
	owned, err := tx.Owned(access.Clock, store.OwnerOf(requester), t.Brand)
	if err != nil {
		return err
	}
	about, _ := facts[aboutFact].(string)
	if named, said := h.event.Facts[aboutFact].(string); said {
		about = named
	}
	p.WithOwned(facts, owned, account.ParseAbout(about), h.now)
	return nil
}

// addVersion puts what follows from the version of the customer's app among the facts, as the products are written down now: a version
// whose support has ended since is an old one from the next event on (S3-17).
func addVersion(tx *store.Tx, p *policy.Policy, t ticket.Ticket, facts map[string]any, h happening) error {
	said, _ := facts[policy.VersionFact].(string)
	if named, ok := h.event.Facts[policy.VersionFact].(string); ok {
		said = named
	}
	if said == "" {
		return nil
	}
	products, err := tx.Products(t.Brand)
	if err == nil {
		p.WithVersion(facts, said, products, h.now)
	}
	return err
}

const usualAgent = "client.usual_agent"

// addUsualAgent looks up who a client is used to, when a route of the policy asks and somebody is about to be chosen
// (S2-26, S2-27).
func (d *Desk) addUsualAgent(tx *store.Tx, p *policy.Policy, client account.Person, facts map[string]any, h happening) error {
	i := slices.IndexFunc(p.Doc.Routing, func(r policy.Route) bool { return r.To == "agent: "+usualAgent })
	if i < 0 || h.event.Kind != ticket.CustomerCreates && h.event.TicketKind == "" {
		return nil
	}
	route := p.Doc.Routing[i]
	delete(facts, usualAgent)
	delete(facts, usualAgent+"_away")
	if route.LookBack == nil {
		return nil
	}
	responders, err := tx.UsualResponders(client.ID, back(*route.LookBack, h.now))
	if err != nil || len(responders) == 0 || responders[0].Tickets < int64(route.AtLeast) {
		return err
	}
	return nameAgent(tx, p, usualAgent, responders[0].Person, facts, h.now)
}

// nameAgent sets the fact, and beside it until when the agent is away.
func nameAgent(tx *store.Tx, p *policy.Policy, fact string, id int64, facts map[string]any, now time.Time) error {
	agent, err := tx.Person(id)
	if err != nil {
		return notFoundIsNothing(err)
	}
	if agent.Suspended || !agent.Actor().Staff() {
		return nil
	}
	facts[fact] = agent.Email
	at := calendar.Span{From: now, To: now.Add(time.Second)}
	rotas, err := rotasOf(tx, []account.Person{agent}, p.Zone, at)
	if absence, away := rotas[id].AwayDuring(at); away {
		facts[fact+"_away"] = "until " + absence.To.Format("Mon 2 Jan")
	}
	return err
}

// back is where a look-back time begins. It is counted in whole days and hours: nobody can tell the hour by which a clock
// change of last spring moves it.
func back(d calendar.Duration, now time.Time) time.Time {
	unit := map[calendar.Unit]time.Duration{calendar.Minutes: time.Minute, calendar.Hours: time.Hour, calendar.Weeks: 7 * 24 * time.Hour}[d.Unit]
	if unit == 0 {
		unit = 24 * time.Hour
	}
	return now.Add(-time.Duration(d.N) * unit)
}
