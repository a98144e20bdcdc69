package policy

import (
	"fmt"
)

// What happens to a ticket, and what is done then, in words.

// eventSays is what happens, from the customer's side.
var eventSays = map[string]string{
	"customer_creates": "you write to us", "customer_replies": "you answer", "customer_asks": "you ask for escalation",
	"agent_replies": "we answer", "agent_sets": "we decide", "call_booked": "a call is booked", "call_moved": "the call is moved",
	"call_ended": "the call has ended", "call_cancelled": "the call is cancelled", "issue_linked": "the fault is logged",
	"issue_fixed": "the fault is fixed", "review_started": "we begin to review it", "scope_refused": "it is outside of what we support",
	"ticket_created": "a ticket arrives", "agent_moves": "we move on", "status_solved": "it is solved", "reply_sent": "we answer",
	"agent_flags": "an agent asks for it", "impact_is_high": "many people or something critical is affected",
}

// EventSays is an event of the policy's vocabulary in words, from the customer's side: "you answer".
func EventSays(event string) string { return or(eventSays[event], spaced(event)) }

// staffSays is what customers do, on a page for the staff.
var staffSays = map[string]string{
	"customer_creates": "the customer writes", "customer_replies": "the customer answers", "customer_asks": "the customer asks for escalation",
}

var waitsSay = map[string]string{"support": "us", "customer": "you", "other": "something else", "nobody": "nobody"}

func (p *Policy) moveSays(m Move, told bool) string {
	says := "When " + EventSays(m.Event)
	if len(m.From) > 0 {
		says += " in " + either(p.stateLabels(m.From))
	}
	if len(m.When) > 0 {
		says += " and " + p.Says(m.When)
	}
	var then []string
	if m.To != "" {
		then = append(then, "it becomes "+p.Doc.Lifecycle.States[m.To].Label)
	}
	if len(m.MayChoose) > 0 {
		then = append(then, "it becomes what the agent chooses: "+either(p.stateLabels(m.MayChoose)))
	}
	then = append(then, p.actionList(m.Do, told)...)
	return says + ": " + or(enumerate(then), "it stays as it is") + "."
}

func (p *Policy) stateLabels(ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = or(p.Doc.Lifecycle.States[id].Label, spaced(id))
	}
	return labels
}

// timerSays is a timer in words. Its length is given, so that a suggestion can name the rule instead of the number.
func (p *Policy) timerSays(t Timer, after string, told bool) string {
	from := ""
	if t.Since == "last_agent_message" {
		from = ", counted from our last question"
	}
	if len(t.When) > 0 {
		from += ", if " + p.Says(t.When)
	}
	if t.DeliverIn != "" {
		from += ", in opening hours"
	}
	return fmt.Sprintf("After %s in %s%s: %s.", after, p.Doc.Lifecycle.States[t.In].Label, from, or(p.actionsSay(t.Do, told), "nothing that customers see"))
}

// actionsSay is what is done, in words; told leaves out what only agents see.
func (p *Policy) actionsSay(actions []Action, told bool) string {
	return enumerate(p.actionList(actions, told))
}

func (p *Policy) actionList(actions []Action, told bool) (parts []string) {
	for _, a := range actions {
		if says, internal := p.actionSays(a); says != "" && !(internal && told) {
			parts = append(parts, says)
		}
	}
	return parts
}

func (p *Policy) actionSays(a Action) (says string, internal bool) {
	switch {
	case a.Send != "":
		return "we send " + p.messageSays(a.Send), false
	case a.Status != "":
		return "it becomes " + p.StateLabel(a.Status), false
	case a.Tag != "":
		return "it is marked “" + a.Tag + "”", false
	case a.Priority != "":
		return "its priority becomes " + a.Priority, false
	case a.RaiseTo != "":
		return "it goes to the " + spaced(a.RaiseTo), false
	case a.FollowUp != nil:
		return "a new ticket begins that names this one", false
	case a.Phase != "":
		return "it moves on to “" + p.phaseLabel(a.Phase) + "”", false
	case a.AskRating != nil && *a.AskRating:
		return "we ask how we did", false
	case a.Publish != "":
		return "it is announced in " + spaced(a.Publish), false
	case a.OpenIssue != nil && *a.OpenIssue:
		return "it is logged as a fault", false
	case a.Assign != "":
		return "it is given to " + spaced(a.Assign), true
	case a.Notify != "":
		return spaced(a.Notify) + " is told", true
	case a.Task != "":
		return "a task is noted: " + a.Task, true
	case a.Note != "":
		return "a note is kept: " + a.Note, true
	}
	return "", true
}

func (p *Policy) phaseLabel(id string) string {
	for _, tracker := range p.Doc.Trackers {
		for _, phase := range tracker.Phases {
			if phase.ID == id {
				return phase.Label
			}
		}
	}
	return spaced(id)
}
