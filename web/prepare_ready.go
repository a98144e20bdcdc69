package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/desk"
	"hark/policy"
	"hark/simulate"
	"hark/ticket"
	"hark/web/begin"
	"hark/web/visit"
)

// The last page of the preparation: a ticket that lives through the policy on a clock that jumps. Nothing is sent and nothing is
// stored; what is shown is what the desk would do.

// prepared shows the ticket, and what was left for later.
func (h *house) prepared(v *visit.Visit) error {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	view := begin.Ready{CanMail: len(house.Mailboxes) > 0, Mail: v.Person.Email, Missing: missing(p), Published: "Your page is not published yet."}
	rules, _, err := h.running(v)
	if err != nil {
		return err
	}
	if !p.Published.IsZero() {
		view.Published = "Your page is published."
		view.PageURL = publicPath(rules)
	} else if draft, err := h.draftToPrepare(v, p); err != nil {
		return err
	} else if draft != nil {
		rules = draft
	}
	if rules != nil {
		view.Moments, view.Took = oneTicket(rules, h.desk.Now())
	}
	return h.show(v, begin.ReadyPage(view))
}

// missing is what was left open, and a mailbox that does not work.
func missing(p desk.Preparation) (list []begin.Open) {
	for _, n := range p.Skipped {
		list = append(list, begin.Open{Says: "Step " + itoa(n) + ": " + steps[n-1].title, URL: begin.Address(n)})
	}
	if p.Published.IsZero() {
		list = append(list, begin.Open{Says: "Your page is not published.", URL: begin.Address(7)})
	}
	if len(p.Mail) > 0 && !allGood(p.Mail) {
		list = append(list, begin.Open{Says: "The mailbox does not work yet.", URL: begin.Address(2)})
	}
	return list
}

// story is what people do in the made-up ticket: Maria asks, we ask back, she is quiet until after the first reminder, and then
// it is solved.
func story(p *policy.Policy, now time.Time) string {
	begins := nextMorning(p, now)
	quiet := 20 * time.Hour
	for _, t := range p.Doc.Lifecycle.Timers {
		if wait := time.Duration(hours(t.After) * float64(time.Hour)); t.In == stateOf(p, ticket.Pending) && len(statusesOf(t)) == 0 {
			quiet = max(quiet, wait) + 5*time.Hour
			break
		}
	}
	at := func(instant time.Time) string { return instant.In(p.Zone).Format(formTime) }
	asked := begins.Add(50 * time.Minute)
	answered := asked.Add(quiet)
	return tried{
		kind: p.DefaultKind(), start: at(begins),
		event: []string{"agent_replies:" + stateOf(p, ticket.Pending), "customer_replies", "agent_replies:" + stateOf(p, ticket.Solved)},
		at:    []string{at(asked), at(answered), at(whenThere(p, answered.Add(20*time.Minute)))},
	}.text(p)
}

// whenThere is an instant when somebody is there: this one, or ten minutes after the next opening.
func whenThere(p *policy.Policy, at time.Time) time.Time {
	if c := firstCalendar(p); c != nil {
		if status := c.At(at); !status.Open && !status.Until.IsZero() {
			return status.Until.Add(10 * time.Minute)
		}
	}
	return at
}

func statusesOf(t policy.Timer) (states []string) {
	for _, a := range t.Do {
		if a.Status != "" {
			states = append(states, a.Status)
		}
	}
	return states
}

// nextMorning is ten minutes after the next opening that is not already past.
func nextMorning(p *policy.Policy, now time.Time) time.Time {
	c := firstCalendar(p)
	if c == nil {
		return now
	}
	for range 2 {
		status := c.At(now)
		if status.Until.IsZero() {
			return now
		}
		if now = status.Until; !status.Open {
			return now.Add(10 * time.Minute)
		}
	}
	return now
}

// oneTicket lets the story happen and tells it, with each mail as it would read.
func oneTicket(p *policy.Policy, now time.Time) (moments []begin.Moment, took string) {
	s, findings := simulate.Parse("story", []byte(story(p, now)), p.Zone)
	if len(findings) > 0 {
		return nil, ""
	}
	result := simulate.Run(p, s, simulate.Limits{Lines: trialLines})
	lines := slices.DeleteFunc(result.Lines, func(l simulate.Line) bool { return !told(l) })
	said := 0
	for _, l := range lines {
		m := begin.Moment{At: l.At.In(p.Zone).Format("Mon 2 Jan, 15:04"), Who: "desk", Says: momentSays(p, l, &said)}
		switch {
		case l.Kind == policy.IsSend:
			m.Who = "mail"
			m.Subject, m.Body, _ = p.Message(l.Message, sampleValues(p, l, lines))
		case l.Kind == policy.IsEvent && policy.ByCustomer(l.Event):
			m.Who = "customer"
		case l.Kind == policy.IsStatus:
			m.Who = "clock"
		}
		moments = append(moments, m)
	}
	if len(lines) > 0 {
		days := int(lines[len(lines)-1].At.Sub(lines[0].At).Hours()+12) / 24
		took = fmt.Sprintf("%d days in a moment", days)
	}
	return moments, took
}

// told reports the lines of a story that people would notice.
func told(l simulate.Line) bool {
	return l.Kind == policy.IsSend || l.Kind == policy.IsStatus || l.Kind == policy.IsEvent || l.Kind == policy.IsDue && l.State == "running"
}

// spoken are the words of the story, in the order of what people do.
var spoken = []string{
	"Maria writes: “Since this morning the page stays empty.”",
	"Ben answers: “Which page is it, please?”",
	"Maria answers: “The one with the opening hours.”",
	"Ben answers: “It is there again. Thank you for telling us.”",
}

func momentSays(p *policy.Policy, l simulate.Line, said *int) string {
	switch {
	case l.Kind == policy.IsEvent && *said < len(spoken):
		*said++
		return spoken[*said-1]
	case l.Kind == policy.IsStatus:
		return "It is now: " + p.StateLabel(l.Status)
	case l.Kind == policy.IsSend:
		return "A mail to Maria:"
	}
	return trialSays(p, l)
}

// sampleValues are what a mail of the story says where the policy leaves a place.
func sampleValues(p *policy.Policy, l simulate.Line, lines []simulate.Line) map[string]string {
	values := map[string]string{}
	for _, name := range p.Needs(l.Message) {
		values[name] = sampleValue(p, name, lines)
	}
	return values
}

func sampleValue(p *policy.Policy, name string, lines []simulate.Line) string {
	switch {
	case name == "ticket.number":
		return "1"
	case name == "ticket.link":
		return "(a link that opens this ticket)"
	case name == "ticket.last_question":
		return "“Which page is it, please?”"
	case name == "ticket.closes_at":
		return closesSays(p)
	case strings.HasPrefix(name, "target."):
		return dueSays(p, lines)
	}
	if says, known := policy.Placeholders()[name]; known {
		return "(" + says + ")"
	}
	return "(" + name + ")"
}

// closesSays is when the waiting ticket would be closed, counted as the rule says from our last message.
func closesSays(p *policy.Policy) string {
	for _, t := range p.Doc.Lifecycle.Timers {
		if t.In == stateOf(p, ticket.Pending) && len(statusesOf(t)) > 0 {
			return t.After.Says() + " after our last message"
		}
	}
	return "a later day"
}

// dueSays is the sentence about the first answer, as strongly as it is meant.
func dueSays(p *policy.Policy, lines []simulate.Line) string {
	for _, l := range lines {
		if l.Kind == policy.IsDue {
			return policy.DueSays(l.Strength, l.Due.In(p.Zone).Format("Monday 2 January, 15:04"))
		}
	}
	return ""
}
