package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hark/calendar"
)

// Lint looks for what can be read and still cannot be meant: names of things that are not there, rules nobody is told
// about, sentences nothing stands behind, states no ticket can reach. Errors forbid the policy to be applied; warnings
// are probably mistakes; notes are what somebody should know. The findings come in the order of the file.
func (p *Policy) Lint() Findings {
	l := linter{p: p, used: map[string]bool{}}
	for _, check := range []func(){
		l.references, l.placeholders, l.conditions, l.durations, l.calendars, l.channels, l.lifecycle, l.reachable, l.timers,
		l.targets, l.figures, l.levels, l.procedures, l.kept, l.files, l.phaseNeeds, l.pages, l.told, l.moves, l.unusedMessages, l.ambiguous, l.assumptions,
	} {
		check()
	}
	return l.findings.sorted()
}

type linter struct {
	p        *Policy
	used     map[string]bool // paths that something refers to
	findings Findings
}

// say adds a finding at a path: under a text, or under the key of a group.
func (l *linter) say(path string, severity Severity, rule, message, mend string) {
	n := l.p.nodes[path]
	for n == nil && strings.Contains(path, ".") {
		path = path[:strings.LastIndex(path, ".")]
		n = l.p.nodes[path]
	}
	at := span{1, 1, 1}
	switch {
	case n == nil:
	case n.kind == scalar:
		at = n.at
	case n.entry("id") != nil:
		at = n.entry("id").at
	default:
		at = n.key
	}
	l.put(at, severity, rule, message, mend)
}

func (l *linter) put(at span, severity Severity, rule, message, mend string) {
	if len(l.findings) < 10*mostFound {
		l.findings = append(l.findings, Finding{l.p.File, at.line, at.column, at.length, severity, rule, message, mend})
	}
}

// walk visits every node of the file in order.
func (p *Policy) walk(visit func(*node)) { walkFrom(p.root, visit) }

func walkFrom(n *node, visit func(*node)) {
	visit(n)
	for _, e := range n.entries {
		walkFrom(e, visit)
	}
}

// refersTo says where the ids written in a place must be found.
var refersTo = map[string]string{
	"Kind.tracker": "trackers", "Kind.form": "intake.forms", "Triage.default_kind": "kinds", "Intake.review": "procedures",
	"Channel.acknowledge": "messages", "Channel.calendar": "calendars", "Channel.for_plans": "plans", "Channel.for_levels": "levels.meaning",
	"Move.from": "lifecycle.states", "Move.to": "lifecycle.states", "Move.may_choose": "lifecycle.states",
	"Timer.in": "lifecycle.states", "Timer.calendar": "calendars", "Timer.deliver_in": "calendars",
	"Action.send": "messages", "Action.status": "lifecycle.states", "FollowUp.acknowledge": "messages",
	"Target.calendar": "calendars", "Target.pause_in": "lifecycle.states", "Tracker.calendar": "calendars", "Tracker.pause_in": "lifecycle.states",
	"Limit.reply_with": "messages", "Integration.reply_with": "messages", "Calls.calendar": "calendars", "Calls.for_plans": "plans", "Choice.send": "messages", "Choice.else_send": "messages",
	"Changes.send": "messages", "LevelRow.level": "levels.meaning", "Feedback.ask_on": "lifecycle.states",
}

// nextTo says where ids are looked for from the place itself: that many steps up, and then this key.
var nextTo = map[string]struct {
	up    int
	group string
}{
	"Procedure.start": {1, "steps"}, "Step.go": {2, ""}, "Choice.go": {4, ""}, "Step.go_by_level": {3, ""}, "Phase.may_go_to": {3, ""},
}

func (l *linter) references() {
	l.p.walk(func(n *node) {
		if n.kind != scalar || n.typ == null {
			return
		}
		if group, ok := refersTo[n.place]; ok {
			l.reference(n, group)
		}
		if rel, ok := nextTo[n.place]; ok {
			l.reference(n, strings.Trim(above(n.path, rel.up)+"."+rel.group, "."))
		}
		if n.place == "Action.phase" {
			l.phase(n)
		}
		if n.place == "Block.binds" {
			l.bind(n)
		}
		if n.place == "Route.to" || n.place == "Route.else" {
			l.goal(n)
		}
	})
}

func above(path string, steps int) string {
	for range steps {
		path = path[:max(0, strings.LastIndex(path, "."))]
	}
	return path
}

func (l *linter) reference(n *node, group string) {
	known := l.p.Keys(group)
	if group == "levels.meaning" && len(known) == 0 {
		return
	}
	if slices.Contains(known, n.text) {
		l.used[group+"."+n.text] = true
		return
	}
	l.put(n.at, Error, "reference", fmt.Sprintf("there is no %q in %s", clip(n.text), group), suggest(n.text, known, group))
}

// suggest proposes the nearest known word, or lists what there is.
func suggest(word string, known []string, group string) string {
	if near := nearest(word, known); near != "" {
		return "write " + near + ", or add " + word + " to " + group
	}
	if len(known) == 0 || len(known) > 20 {
		return "add it to " + group
	}
	return "write " + either(known) + ", or add it to " + group
}

func (l *linter) phase(n *node) {
	var known []string
	for _, id := range l.p.Keys("trackers") {
		known = append(known, l.p.Keys("trackers."+id+".phases")...)
	}
	if !slices.Contains(known, n.text) {
		l.put(n.at, Error, "reference", fmt.Sprintf("no tracker has a phase %q", clip(n.text)), suggest(n.text, known, "a tracker"))
	}
}

func (l *linter) bind(n *node) {
	if l.p.nodes[n.text] != nil {
		l.used[n.text] = true
		return
	}
	parent := above(n.text, 1)
	l.put(n.at, Error, "reference", fmt.Sprintf("the sentence is bound to %s, and there is no such rule", clip(n.text)), suggest(lastStep(n.text), l.p.Keys(parent), or(parent, "the policy")))
}

// goal checks whom a route names: a fact that holds an agent, a group or a pool.
func (l *linter) goal(n *node) {
	kind, who, found := strings.Cut(n.text, ":")
	who = strings.TrimSpace(who)
	switch {
	case !found || who == "" || !slices.Contains([]string{"agent", "skill", "group", "pool"}, kind):
		l.put(n.at, Error, "route", fmt.Sprintf("%q does not say who that is", clip(n.text)), `write "agent: FACT", "skill: FACT", "group: NAME" or "pool: NAME, next available"`)
	case kind == "agent" && !l.p.knowsFact(who):
		l.put(n.at, Error, "unknown-fact", fmt.Sprintf("the agent is to be found in the fact %q, which is not declared", clip(who)), suggest(who, l.p.factNames(), "facts"))
	case kind == "skill" && l.p.factNamed(who).Type != "text":
		l.put(n.at, Error, "route", fmt.Sprintf("a skill is asked for by a fact that is a text, which %q is not", clip(who)), "write a fact such as ticket.topic or licence.product")
	case kind == "agent", kind == "skill":
		l.used["facts."+who] = true
	}
}

func (p *Policy) factNames() []string {
	return append(p.Keys("facts"), slices.Sorted(maps.Keys(builtin))...)
}

// asTheyStand are the texts in which nothing is ever filled in, whatever they look like: a company may be called {{x}}.
var asTheyStand = map[string]bool{"Document.company": true, "Document.product": true, "Document.title": true, "Page.title": true}

// placeholders looks at every text: messages and pages may use names, nothing else may.
func (l *linter) placeholders() {
	l.p.walk(func(n *node) {
		if n.kind != scalar || !strings.Contains(n.text, "{{") || asTheyStand[n.place] {
			return
		}
		known := func(piece) bool { return false }
		switch n.place {
		case "Message.subject", "Message.body":
			known = l.inMessage
		case "Block.text":
			known = l.onPage
		}
		for _, one := range pieces(n.text) {
			l.placeholder(n, one, known)
		}
	})
}

func (l *linter) placeholder(n *node, one piece, known func(piece) bool) {
	switch {
	case one.name == "" && strings.Contains(one.literal, "{{"):
		l.put(n.within(one.at+strings.Index(one.literal, "{{"), 2), Error, "placeholder", "this is not a placeholder and would be printed as it stands", "write {{name}} or {{name | filter}} with a name from the list; nothing is computed")
	case one.name != "" && !known(one):
		l.put(n.within(one.at, len(one.literal)), Error, "placeholder", fmt.Sprintf("nothing is known under %s", clip(one.literal)), l.placeholderMend(n, one))
	}
}

// within is a place inside of a text that stands on one line.
func (n *node) within(offset, length int) span {
	at := n.at
	if offset < 0 || strings.Contains(n.text, "\n") || n.at.length < len([]rune(n.text)) {
		return at
	}
	quote := 0
	if n.typ == quoted {
		quote = 1
	}
	return span{at.line, at.column + quote + len([]rune(n.text[:min(offset, len(n.text))])), length}
}

func (l *linter) placeholderMend(n *node, one piece) string {
	switch {
	case n.place != "Block.text" && !strings.HasPrefix(n.place, "Message."):
		return "write the words; only messages and pages have placeholders"
	case n.place == "Block.text":
		return "write the path of a rule, like lifecycle.timers.ID.after, with list, labels, hours, phases, steps, table or diagram after | where it is a whole"
	}
	names := slices.Sorted(maps.Keys(placeholders))
	if near := nearest(one.name, names); near != "" {
		return "write {{" + near + "}}"
	}
	if alike := alikeNames(one.name, names); len(alike) > 0 {
		return "write one of " + strings.Join(alike, ", ")
	}
	return "write the path of a rule, or a name such as ticket.number"
}

// alikeNames are the names of the same family, as a message may use them.
func alikeNames(name string, names []string) (alike []string) {
	family, _, dotted := strings.Cut(name, ".")
	if !dotted {
		return nil
	}
	for _, f := range families {
		if strings.HasPrefix(f.says, family+".") || strings.Contains(f.says, ": "+family+".") {
			alike = append(alike, f.says[strings.LastIndex(f.says, ": ")+2:])
		}
	}
	for _, n := range names {
		if strings.HasPrefix(n, family+".") {
			alike = append(alike, n)
		}
	}
	return alike
}

// isInstant reports a name that stands for a moment, which is told in somebody's zone.
func isInstant(name string) bool {
	return name == "ticket.closes_at" || name == "call.start" || strings.HasSuffix(name, ".due")
}

func (l *linter) inMessage(one piece) bool {
	if !supplied(one.name) {
		_, ok := l.p.inline(one.name, one.filter)
		return ok && one.filter != "live"
	}
	if one.filter != "" && !(isInstant(one.name) && slices.Contains(timeFilters, one.filter)) {
		return false
	}
	family, rest, _ := strings.Cut(one.name, ".")
	switch id := strings.Split(rest, ".")[0]; family {
	case "target":
		return slices.Contains(l.p.Keys("targets"), id) || slices.ContainsFunc(l.p.Doc.Targets, func(t Target) bool { return t.Measure == id })
	case "plan":
		return slices.Contains(l.p.Keys("plans"), id)
	}
	return true
}

func (l *linter) onPage(one piece) bool {
	if _, ok := l.p.inline(one.name, one.filter); ok {
		return true
	}
	_, ok := writer{p: l.p}.structure(one)
	return ok
}

// durations looks for business time without a calendar that says which days are business days.
func (l *linter) durations() {
	l.p.walk(func(n *node) {
		if n.says == "" {
			return
		}
		d, err := calendar.ParseDuration(n.text)
		if err != nil || !d.NeedsCalendar() || len(l.p.Calendars) == 1 || l.calendarAbove(n.path) {
			return
		}
		l.put(n.at, Error, "calendar", fmt.Sprintf("%s needs a calendar, and it is not said which of %d", n.text, len(l.p.Calendars)), "add calendar: "+either(l.p.Keys("calendars")))
	})
}

func (l *linter) calendarAbove(path string) bool {
	for path != "" {
		path = above(path, 1)
		if n := l.p.nodes[path]; n != nil && n.scalarAt("calendar") != "" {
			return true
		}
	}
	return false
}

func (l *linter) calendars() {
	for _, id := range l.p.Keys("calendars") {
		c, path := l.p.Doc.Calendars[id], "calendars."+id
		switch {
		case len(c.Week) == 0:
			l.say(path+".week", Error, "calendar", "this calendar never opens", `write week: {mon-fri: "09:00-17:00"}`)
		case c.By == "" && len(c.Regions) > 0:
			l.say(path, Error, "calendar", "there are regions, and no fact that chooses one", "add by: customer.region")
		case c.By != "" && !l.p.knowsFact(c.By):
			l.say(path+".by", Error, "unknown-fact", fmt.Sprintf("the region is to be found in the fact %q, which is not declared", clip(c.By)), suggest(c.By, l.p.factNames(), "facts"))
		case len(c.Regions) > 0 && c.DefaultRegion == "":
			l.say(path, Warning, "calendar", "a customer without a region has no opening hours", "add default_region: "+either(l.p.Keys(path+".regions")))
		}
		l.used["facts."+c.By] = true
	}
}

func (l *linter) channels() {
	for _, id := range l.p.Channels() {
		c, path := l.p.Doc.Channels[id], "channels."+id
		user, domain, ok := strings.Cut(c.Address, "@")
		switch {
		case c.Kind == "email" && (!ok || user == "" || !strings.Contains(domain, ".") || strings.ContainsAny(c.Address, " <>")):
			l.say(path+".address", Error, "address", fmt.Sprintf("the channel %s has no mail address", id), "add address: support@example.com")
		case c.Label == "" && isPublic(c.Public):
			l.say(path, Warning, "label", fmt.Sprintf("customers read of the channel %s and it has no name for them", id), "add label: ...")
		}
	}
}

func (l *linter) unusedMessages() {
	for _, id := range l.p.Messages() {
		if kind := l.p.Doc.Messages[id].Kind; kind == "" && !l.used["messages."+id] {
			l.say("messages."+id, Warning, "unused", fmt.Sprintf("nothing sends the message %s", id), "send it in a move, a timer or a step, say kind: canned if agents choose it, or remove it")
		}
	}
	for _, name := range l.p.Keys("facts") {
		if !l.used["facts."+name] {
			l.say("facts."+name, Note, "unused", fmt.Sprintf("no rule looks at the fact %s", name), "use it, or remove it")
		}
	}
}

// assumptions are notes until somebody has confirmed them.
func (l *linter) assumptions() {
	for i, a := range l.p.Doc.Assumptions {
		l.say(fmt.Sprintf("assumptions.%d.says", i), Note, "assumption", a.About+": "+a.Says, "confirm it and remove this line, or correct the rule")
	}
}

// yamlWords are read as true, false or nothing by some programs and as words by others.
var yamlWords = map[string]bool{"on": true, "off": true, "yes": true, "no": true, "y": true, "n": true, "true": true, "false": true, "null": true}

// ambiguous warns of what another program would read differently.
func (l *linter) ambiguous() {
	l.p.walk(func(n *node) {
		lower := strings.ToLower(n.text)
		if n.name != "" && yamlWords[strings.ToLower(n.name)] {
			l.put(n.key, Warning, "ambiguous", fmt.Sprintf("some programs read the key %s as true or false", n.name), "choose another word")
		}
		if n.kind == scalar && n.typ == plain && (yamlWords[lower] || datePattern.MatchString(lower) || looksTimed(lower)) {
			l.put(n.at, Warning, "ambiguous", fmt.Sprintf("some programs do not read %s as text", clip(n.text)), fmt.Sprintf("put it in quotes: %q", n.text))
		}
	})
}

// looksTimed reports dates with a time, and pairs of digits with a colon, which old readers take for a number to base 60.
func looksTimed(s string) bool {
	return shapes["Document.effective"].pattern.MatchString(strings.ToUpper(s)) || sexagesimal.MatchString(s)
}
