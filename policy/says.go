package policy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/calendar"
)

// In this file rules become words. Every number a person reads on a page, in a difference or in a suggestion comes from
// here, and so from the rule itself.

// Says is a condition in the words of this policy: facts by what the file says they are, kinds and states by their labels.
func (p *Policy) Says(c Condition) string { return c.says(inWords{p}) }

type inWords struct{ p *Policy }

func (w inWords) fact(name string) string {
	switch fact, declared := w.p.Doc.Facts[name]; {
	case declared && fact.Type != "bool" && fact.Says != "":
		return fact.Says
	case name == "ticket.kind":
		return "the kind"
	}
	return "the " + spaced(name)
}

func (w inWords) yes(name string) string {
	if fact := w.p.factNamed(name); fact.Type == "bool" {
		return fact.Says
	}
	return ""
}

func (w inWords) value(fact string, v any) string {
	id := fmt.Sprint(v)
	switch fact {
	case "ticket.kind":
		if k, ok := w.p.Doc.Kinds[id]; ok {
			return k.Label
		}
	case "ticket.level":
		if l, ok := w.p.levelNamed(id); ok {
			return l
		}
	}
	return spaced(id)
}

func (p *Policy) levelNamed(id string) (string, bool) {
	if p.Doc.Levels == nil {
		return "", false
	}
	meaning, ok := p.Doc.Levels.Meaning[id]
	return meaning.Label, ok && meaning.Label != ""
}

// Says is a usual time in words: as the company says it, else "1 to 10 business days". It is "" where no time is given.
func (e *Expect) Says() string {
	switch {
	case e == nil || e.None:
		return ""
	case e.Say != "":
		return e.Say
	case e.From == nil && e.To == nil:
		return ""
	case e.From == nil:
		return "up to " + length(*e.To)
	case e.To == nil:
		return length(*e.From) + " or more"
	case e.From.Unit == e.To.Unit:
		return strconv.Itoa(e.From.N) + " to " + length(*e.To)
	}
	return length(*e.From) + " to " + length(*e.To)
}

// length is a duration of a range: "3 business days", whether or not it is measured to the close of the last one.
func length(d calendar.Duration) string {
	d.Edge = calendar.NoEdge
	return d.Says()
}

// setNames are the built-in sets of holidays as people call them.
var setNames = map[string]string{
	"us-federal": "US federal holidays",
	"gb-eng":     "bank holidays of England and Wales",
	"au-nsw":     "public holidays of New South Wales",
}

func holidaysSay(sets []string) string {
	names := make([]string, len(sets))
	for i, set := range sets {
		if names[i] = setNames[set]; names[i] == "" {
			names[i] = spaced(set)
		}
	}
	return enumerate(names)
}

// zoneSays names a zone by its place: "New York time".
func zoneSays(name string) string {
	if name == "UTC" {
		return "UTC"
	}
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ") + " time"
}

// enumerate joins names: "a, b and c".
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[size:]); size == 0 || unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[size:]
}

func or(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

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
		return "we send “" + p.messageName(a.Send) + "”", false
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

func (p *Policy) messageName(id string) string { return or(p.Doc.Messages[id].Name, spaced(id)) }

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

// timerSays is a timer in words. Its length is given, so that a suggestion can name the rule instead of the number.
func (p *Policy) timerSays(t Timer, after string, told bool) string {
	from := ""
	if t.Since == "last_agent_message" {
		from = ", counted from our last question"
	}
	if len(t.When) > 0 {
		from += ", if " + p.Says(t.When)
	}
	return fmt.Sprintf("After %s in %s%s: %s.", after, p.Doc.Lifecycle.States[t.In].Label, from, or(p.actionsSay(t.Do, told), "nothing that customers see"))
}

var measureSays = map[string]string{
	"first_reply": "first answer", "next_reply": "next answer", "update": "news while we work on it", "resolution": "solution",
	"call_offer": "offer of a call", "call_after_booking": "call after booking",
}

var strengthSays = map[string]string{"promise": "promised", "aim": "our aim is", "usual": "usually", "": "usually", "unstated": "internal aim"}

func (p *Policy) targetSays(t Target, told bool) string {
	if told && t.Strength == "unstated" {
		return upperFirst(measureSays[t.Measure]) + ": no time is stated."
	}
	length := or(t.Expect.Says(), "no time is given")
	if t.Within != nil && t.Expect.Says() == "" {
		length = byOrWithin(*t.Within) + t.Within.Says()
	}
	for_ := ""
	if len(t.When) > 0 {
		for_ = " if " + p.Says(t.When)
	}
	return upperFirst(measureSays[t.Measure]) + for_ + ": " + strengthSays[t.Strength] + " " + length + "."
}

// byOrWithin is the word before a length of time or an edge of a day.
func byOrWithin(d calendar.Duration) string {
	if d.Edge != calendar.NoEdge {
		return "by "
	}
	return "within "
}

// calendarSays is when people are there: hours, whose clock, and the days off.
func (p *Policy) calendarSays(id string) string {
	c, cal := p.Doc.Calendars[id], p.Calendars[id]
	if cal == nil {
		return ""
	}
	where := zoneSays(cal.Zone.String())
	if len(c.Regions) > 0 {
		where = "local time"
	}
	says := cal.WeekSays() + ", " + where
	if len(c.Holidays) > 0 {
		says += ", except " + holidaysSay(c.Holidays)
	} else if len(c.Regions) > 0 {
		says += ", except public holidays"
	}
	return says
}

func (p *Policy) channelSays(id string) string {
	c := p.Doc.Channels[id]
	title, text := p.channelItem(c, id)
	if text == "" {
		return title + "."
	}
	return title + ": " + text + "."
}

func (p *Policy) channelItem(c Channel, id string) (title, text string) {
	var parts []string
	for _, part := range []string{c.Address, c.Where, c.Purpose} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(c.ForPlans) > 0 {
		parts = append(parts, "with "+enumerate(p.planLabels(c.ForPlans)))
	}
	return or(c.Label, spaced(id)), strings.Join(parts, "; ")
}

func (p *Policy) planLabels(ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = spaced(id)
		for _, plan := range p.Doc.Plans {
			if plan.ID == id {
				labels[i] = plan.Label
			}
		}
	}
	return labels
}

func (p *Policy) planSays(plan Plan) string {
	who := plan.Who
	if who == "" && len(plan.HoldsWhen) > 0 {
		who = "if " + p.Says(plan.HoldsWhen)
	}
	return plan.Label + ": " + or(who, "for everybody") + "."
}

func (p *Policy) routeSays(r Route) string {
	says := "Tickets"
	if len(r.When) > 0 {
		says += " for which " + p.Says(r.When)
	} else {
		says = "All others"
	}
	how := map[string]string{"usually": " usually", "may": " may"}[r.Strength]
	says += how + " go to " + p.whoSays(r.To)
	if r.LookBack != nil {
		says += ", counted over the last " + r.LookBack.Says()
	}
	if r.AtLeast > 0 {
		says += fmt.Sprintf(" from %d tickets on", r.AtLeast)
	}
	if r.Else != "" {
		says += "; otherwise to " + p.whoSays(r.Else)
	}
	return says + "."
}

// whoSays is a route's goal in words: "agent: project.lead" as "the agent who leads the project".
func (p *Policy) whoSays(to string) string {
	kind, who, _ := strings.Cut(to, ":")
	who = strings.TrimSpace(who)
	switch kind {
	case "agent":
		return or(p.factNamed(who).Says, "the "+spaced(who))
	case "group":
		return "the group " + spaced(who)
	case "pool":
		return poolSays(who)
	}
	return to
}

// poolSays is a pool in words: "everyone, next available" as "the next available person".
func poolSays(pool string) string {
	name, how, _ := strings.Cut(pool, ",")
	person := strings.TrimSpace("the " + strings.TrimSpace(how) + " person")
	if name == "everyone" {
		return person
	}
	return person + " of " + spaced(name)
}

func (p *Policy) figureSays(f Figure) string {
	measured := "Measured from our own tickets"
	if f.LookBack != nil {
		measured += " of the last " + f.LookBack.Says()
	}
	if f.SourceValue != "" {
		measured += "; when this was written it was " + f.SourceValue
	}
	return measured + "."
}

var ruleOf = regexp.MustCompile(`^(lifecycle\.(timers|states|moves)|trackers\.[a-z0-9_-]+\.phases|scope\.[a-z_]+|procedures|pages|intake|[a-z_]+)\.[a-z0-9_-]+`)

// Rule cuts a path down to the rule it is part of: lifecycle.timers.reminder-1.after to lifecycle.timers.reminder-1.
func Rule(path string) string { return or(ruleOf.FindString(path), path) }

// RuleSays is the rule at a path in words, such as "After 24 hours in Pending, counted from our last question: we send
// “First reminder”." It is "" where the document has no such rule. Customers are not told of tasks and notes for agents,
// nor of a time that the company does not state.
func (p *Policy) RuleSays(path string, forCustomers bool) string {
	rule := Rule(path)
	n := p.nodes[rule]
	if n == nil {
		return ""
	}
	section, id := rule[:strings.LastIndex(rule, ".")+1], rule[strings.LastIndex(rule, ".")+1:]
	switch section {
	case "calendars.":
		return p.calendarSays(id) + "."
	case "channels.":
		return p.channelSays(id)
	case "messages.":
		return "The message “" + p.messageName(id) + "”."
	case "lifecycle.states.":
		s := p.Doc.Lifecycle.States[id]
		return s.Label + ": " + or(s.Means, "waits for "+waitsSay[s.WaitsOn]+".")
	}
	if says := p.memberSays(section, id, forCustomers); says != "" {
		return says
	}
	if says := p.ownWords(n, forCustomers); says != "" || forCustomers {
		return says
	}
	return upperFirst(spaced(lastStep(rule))) + ": " + p.nodeSays(n) + "."
}

// ownWords is what a rule says of itself, for rules that no sentence is made for; "" where it is only keys and values.
func (p *Policy) ownWords(n *node, told bool) string {
	switch {
	case n.path == "lifecycle.moves":
		var moves []string
		for _, m := range p.Doc.Lifecycle.Moves {
			moves = append(moves, p.moveSays(m, told))
		}
		return strings.Join(moves, " ")
	case n.kind == scalar || n.path == "levels":
		return ""
	}
	label := or(n.scalarAt("label"), n.scalarAt("title"))
	if about := or(n.scalarAt("says"), n.scalarAt("means"), n.scalarAt("about"), n.scalarAt("intro"), n.scalarAt("advice")); about != "" {
		return strings.TrimPrefix(label+": "+about, ": ")
	}
	if len(n.entries) > 0 && n.entries[0].kind == mapping {
		if said := strings.Join(p.spoken(n), "; "); said != "" {
			return upperFirst(spaced(lastStep(n.path))) + ": " + said + "."
		}
	}
	return ""
}

// spoken are the members of a list as people know them, by label or by what they say.
func (p *Policy) spoken(n *node) (names []string) {
	for _, e := range n.entries {
		if name := or(e.scalarAt("label"), e.scalarAt("name"), e.scalarAt("title"), strings.TrimSuffix(e.scalarAt("says"), ".")); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// memberSays is a rule that is a member of a list.
func (p *Policy) memberSays(section, id string, told bool) string {
	switch section {
	case "lifecycle.timers.":
		if t, ok := find(p.Doc.Lifecycle.Timers, func(t Timer) bool { return t.ID == id }); ok {
			return p.timerSays(t, t.After.Says(), told)
		}
	case "targets.":
		if t, ok := find(p.Doc.Targets, func(t Target) bool { return t.ID == id }); ok {
			return p.targetSays(t, told)
		}
	case "plans.":
		if plan, ok := find(p.Doc.Plans, func(plan Plan) bool { return plan.ID == id }); ok {
			return p.planSays(plan)
		}
	case "routing.":
		if r, ok := find(p.Doc.Routing, func(r Route) bool { return r.ID == id }); ok {
			return p.routeSays(r)
		}
	case "figures.":
		if f, ok := find(p.Doc.Figures, func(f Figure) bool { return f.ID == id }); ok {
			return p.figureSays(f)
		}
	case "lifecycle.moves.":
		if i, err := strconv.Atoi(id); err == nil && i < len(p.Doc.Lifecycle.Moves) {
			return p.moveSays(p.Doc.Lifecycle.Moves[i], told)
		}
	}
	return ""
}

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	for _, one := range list {
		if is(one) {
			return one, true
		}
	}
	return found, false
}

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

func lastStep(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// nodeSays is any value in words, for rules that have no sentence of their own.
func (p *Policy) nodeSays(n *node) string {
	if n.kind == scalar {
		switch {
		case n.says != "":
			return n.says
		case n.typ == boolean && strings.EqualFold(n.text, "true"):
			return "yes"
		case n.typ == boolean:
			return "no"
		}
		return n.text
	}
	if n.path != "" && len(n.entries) > 0 && n.entries[0].kind == mapping {
		return enumerate(p.labels(n))
	}
	var parts []string
	for _, e := range n.entries {
		said := p.nodeSays(e)
		if e.name != "" {
			said = spaced(e.name) + " " + said
		}
		parts = append(parts, said)
	}
	if n.kind == mapping && n.path != "" && len(parts) > 3 {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, ", ")
}
