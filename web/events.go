package web

import (
	"cmp"
	"strings"

	"hark/desk"
	"hark/policy"
	"hark/ticket"
	"hark/web/shared"
	"hark/web/visit"
)

// events are the quiet lines of one audit: what changed and why, in words. Comments are shown as messages instead.
func (h *house) events(v *visit.Visit, p desk.TicketPage, audit ticket.Audit) []shared.Event {
	var lines []shared.Event
	names := h.names(v, p)
	for _, e := range audit.Events {
		says := eventSays(p.Policy, names, e)
		if says == "" {
			continue
		}
		line := shared.Event{At: h.time(v, audit.At), Who: who(audit, e), Says: says}
		if why := cmp.Or(e.Says, ruleSays(p.Policy, e.Rule)); e.Rule != "" && why != "" {
			line.Why = shared.Why{Sentences: []string{sentence(why)}, Rule: e.Rule, RuleURL: h.policyURL(v, p.Policy, p.Brand)}
		}
		lines = append(lines, line)
	}
	return lines
}

// ruleSays is the one rule in words, "" where no more is known than that one of the moves did it: all of them together explain
// nothing.
func ruleSays(p *policy.Policy, rule string) string {
	if rule == "lifecycle.moves" {
		return ""
	}
	return p.RuleSays(rule, false)
}

// names are those whom a ticket's history speaks of by number.
type names struct{ people, groups map[string]string }

// person is somebody's name; a number that nobody has any more is not worth reading.
func (n names) person(id string) string {
	return numbered(n.people, id, "somebody who is no longer here")
}

func (n names) group(id string) string { return numbered(n.groups, id, "a group that is gone") }

func numbered(all map[string]string, id, gone string) string {
	if id == "" || id == "0" {
		return "nobody"
	}
	return cmp.Or(all[id], gone)
}

// names reads them once per visit.
func (h *house) names(v *visit.Visit, p desk.TicketPage) names {
	return visit.Once(v, "names", func() names {
		n := names{people: map[string]string{}, groups: map[string]string{}}
		house, err := h.desk.House(v.Context(), v.Actor)
		if err != nil {
			v.Note(err)
		}
		for _, one := range house.Staff {
			n.people[number(one.ID)] = one.Display()
		}
		for _, one := range house.Groups {
			n.groups[number(one.ID)] = one.Name
		}
		for _, one := range append([]ticket.Person{p.Ticket.Requester, p.Ticket.Assignee}, p.Ticket.CCs...) {
			n.people[number(one.ID)] = cmp.Or(one.Name, one.Address)
		}
		return n
	})
}

// who did it. Mail of the desk's own is the policy's doing, whoever's act it follows, and so are a task that a rule asks for and a phase
// that it leads to.
func who(audit ticket.Audit, e ticket.AuditEvent) string {
	if e.Type == ticket.Notification && e.Message != "" || e.Type == ticket.Skipped || e.Rule != "" && (e.Type == ticket.TaskAdded || e.Field == "phase" || e.Field == "group_id" || strings.HasPrefix(e.Rule, "escalation.")) {
		return "The policy"
	}
	if audit.Via == ticket.ViaImport {
		return "The import"
	}
	return cmp.Or(audit.Author.Name, audit.Author.Address, "The policy")
}

// eventSays is one event as a sentence's end ("set Pending"), "" for what is not told.
func eventSays(p *policy.Policy, n names, e ticket.AuditEvent) string {
	switch e.Type {
	case ticket.Change:
		return changeSays(p, n, e)
	case ticket.Notification:
		return "mailed " + cmp.Or(messageName(p, e.Message), isolated(e.Subject)) + " to " + strings.Join(e.Recipients, ", ")
	case ticket.Skipped:
		if name := messageName(p, e.Message); name != "" {
			return "did not send " + name + ": " + strings.TrimPrefix(e.Says, e.Message+" was not sent: ")
		}
		return "left out: " + e.Says
	case ticket.TaskAdded:
		return "asked for: " + e.Says
	case ticket.MailFailed:
		return "could not deliver: " + e.Says
	case ticket.Held:
		return "held a message: " + e.Says
	case ticket.FollowedUp:
		if e.To != "" {
			return "continued this in #" + e.To
		}
		return "continued #" + e.From
	case ticket.Overdue:
		return "noted that its time has passed"
	case ticket.Undone:
		return "took something back: " + e.Says
	case ticket.Create, ticket.CommentAdded:
		return ""
	}
	return e.Says
}

func changeSays(p *policy.Policy, n names, e ticket.AuditEvent) string {
	if strings.HasPrefix(e.Field, "facts.") {
		return "said: " + e.Says
	}
	switch e.Field {
	case "", "call", "issue", "escalation", "scope", "staff_change", "review", "merged", "merged_ticket", "phone_call":
		return e.Says
	case "group_id":
		return "gave it to " + cmp.Or(e.Subject, n.group(e.To))
	case "status":
		return "set " + cmp.Or(p.Doc.Lifecycle.States[e.To].Label, e.To)
	case "assignee_id":
		return "gave it to " + n.person(e.To)
	case "requester_id":
		return "made it the request of " + n.person(e.To)
	case "tags":
		return "set the tags " + cmp.Or(e.To, "to none")
	case "phase":
		return "took it to " + phaseName(p, e.To)
	case "type":
		return "set the kind " + cmp.Or(p.Doc.Kinds[e.To].Label, e.To)
	case "subject":
		return "changed the subject to " + isolated(e.To)
	case "community":
		return "made it of “" + isolated(e.To) + "” in the community"
	case "roadmap":
		if e.To == "" {
			return "took it off the roadmap’s “" + e.From + "”"
		}
		return "counted it for “" + e.To + "” on the roadmap"
	}
	return "set " + strings.ReplaceAll(strings.TrimSuffix(e.Field, "_id"), "_", " ") + " to " + cmp.Or(e.To, "nothing")
}

// isolated keeps what strangers wrote from turning the words around it: an isolate ends every sign of direction within (Unicode, UAX #9).
func isolated(words string) string {
	if words == "" {
		return ""
	}
	return "\u2068" + words + "\u2069"
}

// phaseName is what customers read where the ticket stands, in quotes.
func phaseName(p *policy.Policy, rule string) string {
	tracker, phase, _ := strings.Cut(rule, ".")
	for _, one := range p.Doc.Trackers[tracker].Phases {
		if one.ID == phase {
			return "“" + one.Label + "”"
		}
	}
	return cmp.Or(phase, "no phase")
}

// messageName is the policy's own name of a message, in quotes.
func messageName(p *policy.Policy, id string) string {
	if name := p.Doc.Messages[id].Name; name != "" {
		return "“" + name + "”"
	}
	return ""
}
