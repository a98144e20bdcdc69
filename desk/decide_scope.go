package desk

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// DecideScope is an agent saying under which clause of the scope a ticket falls: inside, partly, or outside of what is supported.
type DecideScope struct {
	Ticket int64
	Clause string // an id of the policy, "limits.coding"; "" takes the decision back
	Key    string
	Via    string
}

// DecideScope records the decision with who made it. It mails nothing: the answer that the policy has for a limit is prepared, and a
// person sends it ([Desk.SendPrepared]). Only after an answer does the customer's page say the clause (S3-16).
func (d *Desk) DecideScope(ctx context.Context, a access.Actor, in DecideScope) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.decideScope(tx, a, in, now) })
}

func (d *Desk) decideScope(tx *store.Tx, a access.Actor, in DecideScope, now time.Time) (Done, error) {
	t, p, err := d.underItsRules(tx, a, in.Ticket, now)
	if err != nil {
		return Done{}, err
	}
	facts, told, err := d.decided(p, t, in.Clause)
	if err != nil || told.From == told.To {
		return Done{Ticket: t}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: facts}, now: now, via: viaOr(in.Via), notes: []ticket.AuditEvent{told}, undo: true,
	})
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, nil
}

// decided are the facts that a decision sets, and what the audit tells of it.
func (d *Desk) decided(p *policy.Policy, t ticket.Ticket, clause string) (map[string]any, ticket.AuditEvent, error) {
	value, err := d.sayable(p, t, SayFact{Fact: policy.ClauseFact, Value: clause})
	if err != nil {
		return nil, ticket.AuditEvent{}, err
	}
	facts := p.Implied(clause)
	facts[policy.ClauseFact] = value
	told := ticket.AuditEvent{Type: ticket.Change, Field: scopeField, From: factSaid(t.Facts[policy.ClauseFact]), To: factSaid(value), Says: clauseSays(p, clause), Internal: true}
	if clause != "" {
		told.Rule = "scope." + clause
	}
	return facts, told, nil
}

// scopeField is what the audit calls a decision on the scope.
const scopeField = "scope"

// clauseSays is a decision in words: "decided that this is outside of what we support: Development, scripts and advanced programming."
func clauseSays(p *policy.Policy, id string) string {
	clauses := p.Clauses()
	i := slices.IndexFunc(clauses, func(c policy.Clause) bool { return c.ID == id })
	if i < 0 {
		return "took back whether this is supported"
	}
	reach := map[policy.Reach]string{policy.InScope: "inside of", policy.PartlyInScope: "partly inside of", policy.OutOfScope: "outside of"}[clauses[i].Reach]
	return "decided that this is " + reach + " what we support: " + clauses[i].Says
}

// declining is the ready answer of the clause that a ticket falls under, with what it still needs.
type declining struct {
	scope policy.Scoping
	facts map[string]any
	notes []ticket.AuditEvent
}

// declines reports whether a prepared message is the ready answer of the clause that holds, and what sending it decides and says.
func (d *Desk) declines(p *policy.Policy, t ticket.Ticket, in Prepared) (out declining, ok bool, err error) {
	out.scope = p.Scoping(t)
	if in.Message == "" || out.scope.Clause.Message != in.Message {
		return out, false, nil
	}
	out.facts = map[string]any{}
	if out.scope.Decided.IsZero() { // whoever sends the answer decides
		facts, told, err := d.decided(p, t, out.scope.Clause.ID)
		if err != nil {
			return out, false, err
		}
		out.facts, out.notes = facts, append(out.notes, told)
	}
	for _, ask := range out.scope.Asks {
		if strings.TrimSpace(in.Said[ask.Fact]) == "" {
			continue
		}
		value, err := d.sayable(p, t, SayFact{Fact: ask.Fact, Value: in.Said[ask.Fact]})
		if err != nil {
			return out, false, err
		}
		out.facts[ask.Fact] = value
		if told := factTold(p, t, ask.Fact, value); told.From != told.To {
			out.notes = append(out.notes, told)
		}
	}
	return out, true, nil
}

// answered ends what the policy asked an agent to do about the clause: its answer is on its way.
func answered(tx *store.Tx, t ticket.Ticket, clause string, by int64, now time.Time) error {
	tasks, err := tx.Tasks(access.Clock, t.ID)
	for _, task := range tasks {
		if err == nil && task.Rule == "scope."+clause && task.Done.IsZero() {
			err = tx.DoTask(t.ID, task.ID, by, now)
		}
	}
	return err
}

// StaffChange is a small change that only the staff can make, marked on a ticket or, once made, written down (seed 000, 0.11; S0-26).
type StaffChange struct {
	Ticket int64
	Change string   // an id of the policy's catalogue
	Noted  []string // what is written down, in the order in which the policy asks for it; none only marks the ticket
	Word   string   // whose word we have, where the policy wants an administrator's first
	Key    string
	Via    string
}

// StaffChange marks a ticket as asking for a change, so that the policy says what to write down; or writes down that it was made. All
// that the policy asks for has to be there, and where whoever asked may not, whose word we have: fault.Refused says what is missing.
func (d *Desk) StaffChange(ctx context.Context, a access.Actor, in StaffChange) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.staffChange(tx, a, in, now) })
}

func (d *Desk) staffChange(tx *store.Tx, a access.Actor, in StaffChange, now time.Time) (Done, error) {
	t, p, err := d.underItsRules(tx, a, in.Ticket, now)
	if err != nil {
		return Done{}, err
	}
	if t.Category == ticket.Closed {
		return Done{}, fault.New(fault.Refused, "this ticket is closed and can no longer be changed; start a follow-up instead")
	}
	if err := d.addFacts(tx, p, &t, happening{now: now}); err != nil {
		return Done{}, err
	}
	marks, told, err := changeMade(p, t, in)
	if err != nil {
		return Done{}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: map[string]any{staffChangeFact: marks}}, now: now, via: viaOr(in.Via), notes: []ticket.AuditEvent{told},
	})
	if err == nil && marks == nil {
		err = answered(tx, did.ticket, "staff_does."+in.Change, a.Person, now)
	}
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, nil
}

// staffChangeFact names the change that a ticket asks for; nothing when none is being made.
const staffChangeFact = "ticket.staff_change"

// changeMade is what the ticket is marked with afterwards, and what the audit tells.
func changeMade(p *policy.Policy, t ticket.Ticket, in StaffChange) (marks any, told ticket.AuditEvent, err error) {
	changes := p.StaffChanges(t)
	i := slices.IndexFunc(changes, func(c policy.StaffChange) bool { return c.ID == in.Change })
	if i < 0 {
		return nil, told, fault.New(fault.Invalid, "the policy has no such change among those that the staff make")
	}
	change := changes[i]
	told = ticket.AuditEvent{Type: ticket.Change, Field: "staff_change", To: change.ID, Rule: "scope.staff_does." + change.ID, Internal: true}
	if !slices.ContainsFunc(in.Noted, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		told.Says = "marked this as a change that we make: " + change.Says
		return change.ID, told, nil
	}
	told.Says, err = writtenDown(change, in)
	return nil, told, err
}

// writtenDown is a change that was made, with all that has to be said of it.
func writtenDown(change policy.StaffChange, in StaffChange) (string, error) {
	word := strings.TrimSpace(in.Word)
	if change.First != "" && word == "" {
		return "", fault.New(fault.Refused, "%s Then write down whose word it is.", change.First)
	}
	var said []string
	for i, what := range change.Note {
		if i >= len(in.Noted) || strings.TrimSpace(in.Noted[i]) == "" {
			return "", fault.New(fault.Refused, "please write down %s too", what)
		}
		said = append(said, what+": "+shortened(strings.Join(strings.Fields(in.Noted[i]), " "), longestSubject))
	}
	if word != "" {
		said = append(said, "with the word of "+shortened(word, longestSubject))
	}
	return "made the change: " + change.Says + " " + strings.Join(said, "; "), nil
}

// withFacts are a ticket's facts with some more, for words that are written before those are kept.
func withFacts(t ticket.Ticket, more map[string]any) ticket.Ticket {
	facts := maps.Clone(t.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	maps.Copy(facts, more)
	t.Facts = facts
	return t
}

// ScopeDesk is what an agent sees of a ticket's scope, besides how it stands.
type ScopeDesk struct {
	Clauses []policy.Clause      // to decide on
	Ready   string               // the answer of the clause as it reads now; "…" stands for what has to be said first
	Changes []policy.StaffChange // that the staff make
}

// scopeDesk reads it. Who may ask for a change is looked up as of now.
func (d *Desk) scopeDesk(tx *store.Tx, page *TicketPage, now time.Time) (err error) {
	p, t := page.Policy, page.Ticket
	if p.Doc.Scope == nil || t.Category == ticket.Closed {
		return nil
	}
	page.Desk.Clauses = p.Clauses()
	if len(p.Doc.Scope.StaffDoes) > 0 {
		if err := d.addFacts(tx, p, &t, happening{now: now}); err != nil {
			return err
		}
		page.Desk.Changes = p.StaffChanges(t)
	}
	if page.Scope.Clause.Message == "" || !page.Scope.Told.IsZero() {
		return nil
	}
	open := map[string]any{}
	for _, ask := range page.Scope.Asks {
		if ask.Value == "" {
			open[ask.Fact] = "…"
		}
	}
	page.Desk.Ready, err = d.preparedText(tx, p, withFacts(t, open), page.Scope.Clause.Message, now)
	return noFault(err)
}
