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
	for _, e := range audit.Events {
		says := eventSays(p.Policy, e)
		if says == "" {
			continue
		}
		line := shared.Event{At: h.time(v, audit.At), Who: who(audit, e), Says: says}
		if why := cmp.Or(e.Says, p.Policy.RuleSays(e.Rule, false)); e.Rule != "" && why != "" {
			line.Why = shared.Why{Sentences: []string{sentence(why)}, Rule: e.Rule, RuleURL: h.policyURL(v, p.Policy, p.Brand)}
		}
		lines = append(lines, line)
	}
	return lines
}

// who did it. Mail of the desk's own is the policy's doing, whoever's act it follows, and so is a phase that a rule leads to.
func who(audit ticket.Audit, e ticket.AuditEvent) string {
	if e.Type == ticket.Notification && e.Message != "" || e.Type == ticket.Skipped || e.Rule != "" && (e.Field == "phase" || e.Field == "group_id" || strings.HasPrefix(e.Rule, "escalation.")) {
		return "The policy"
	}
	if audit.Via == ticket.ViaImport {
		return "The import"
	}
	return cmp.Or(audit.Author.Name, audit.Author.Address, "The policy")
}

// eventSays is one event as a sentence's end ("set Pending"), "" for what is not told.
func eventSays(p *policy.Policy, e ticket.AuditEvent) string {
	switch e.Type {
	case ticket.Change:
		return changeSays(p, e)
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

func changeSays(p *policy.Policy, e ticket.AuditEvent) string {
	if strings.HasPrefix(e.Field, "facts.") {
		return "said: " + e.Says
	}
	switch e.Field {
	case "", "call", "issue", "escalation", "scope", "staff_change":
		return e.Says
	case "group_id":
		return "gave it to " + cmp.Or(e.Subject, "group "+cmp.Or(e.To, "nobody"))
	case "status":
		return "set " + cmp.Or(p.Doc.Lifecycle.States[e.To].Label, e.To)
	case "assignee_id":
		return "gave it to " + cmp.Or(e.To, "nobody")
	case "tags":
		return "set the tags " + cmp.Or(e.To, "to none")
	case "phase":
		return "took it to " + phaseName(p, e.To)
	case "type":
		return "set the kind " + cmp.Or(p.Doc.Kinds[e.To].Label, e.To)
	case "subject":
		return "changed the subject to " + isolated(e.To)
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
