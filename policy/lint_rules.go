package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hark/calendar"
)

var sexagesimal = regexp.MustCompile(`^[0-9]+(:[0-5][0-9])+$`)

// conditions checks every fact a condition looks at, and whether the value can ever be there.
func (l *linter) conditions() {
	l.p.walk(func(n *node) {
		switch lastKey(n.place) {
		case "when", "holds_when", "opens_when", "only_if", "only_for":
			if n.kind == mapping {
				l.condition(n)
			}
		case "set":
			for _, e := range n.entries {
				l.fact(e)
			}
		}
	})
}

func lastKey(place string) string { return place[strings.LastIndex(place, ".")+1:] }

func (l *linter) condition(n *node) {
	for _, e := range n.entries {
		switch e.name {
		case "any", "all":
			for _, one := range e.entries {
				l.condition(one)
			}
		case "not":
			l.condition(e)
		default:
			l.fact(e)
		}
	}
}

func (l *linter) fact(e *node) {
	l.used["facts."+e.name] = true
	if !l.p.knowsFact(e.name) {
		l.put(e.key, Error, "unknown-fact", fmt.Sprintf("no fact is called %q", clip(e.name)), suggest(e.name, l.p.factNames(), "facts"))
		return
	}
	for _, value := range valuesOf(e) {
		l.factValue(e.name, value)
	}
}

// valuesOf are the values a fact is compared with, whichever way.
func valuesOf(e *node) (values []*node) {
	if e.kind == scalar {
		return []*node{e}
	}
	for _, inner := range e.entries {
		if inner.kind == scalar && inner.name != "exists" {
			values = append(values, inner)
		}
	}
	return values
}

func (l *linter) factValue(fact string, v *node) {
	wanted := l.p.factNamed(fact).Type
	fits := map[string]bool{"bool": v.typ == boolean, "int": v.typ == integer || v.typ == decimal, "text": v.typ == plain || v.typ == quoted, "list": true, "date": datePattern.MatchString(v.text)}
	if !fits[wanted] {
		l.put(v.at, Error, "wrong-type", fmt.Sprintf("%s is a %s and never equals %s", fact, typeSays[wanted], v.describe()), "write "+typeLike[wanted])
		return
	}
	if values := l.p.valuesOf(fact); len(values) > 0 && !slices.Contains(values, v.text) {
		l.put(v.at, Error, "wrong-word", fmt.Sprintf("%s is never %s", fact, clip(v.text)), suggest(v.text, values, "one_of of the fact"))
	}
	groups := map[string]string{"ticket.kind": "kinds", "ticket.state": "lifecycle.states", "ticket.level": "levels.meaning"}
	if group := groups[fact]; group != "" && len(l.p.Keys(group)) > 0 {
		l.reference(v, group)
	}
}

var (
	typeSays = map[string]string{"bool": "yes or no", "int": "number", "text": "text", "date": "date"}
	typeLike = map[string]string{"bool": "true or false, without quotes", "int": "a number without quotes", "text": "a word, in quotes if it looks like a number", "date": `a date like "2026-11-01"`}
)

// lifecycle checks that tickets can begin and end.
func (l *linter) lifecycle() {
	var initial []string
	for _, id := range l.p.States() {
		s, path := l.p.Doc.Lifecycle.States[id], "lifecycle.states."+id
		if s.Initial {
			initial = append(initial, id)
		}
		if s.Category == "" && !isCategory(id) {
			l.say(path, Note, "category", fmt.Sprintf("other programs know the state %s as %s, because it %s", id, l.p.Category(id), whyCategory(s)), "add category: if it should be another one")
		}
		if s.Locked && l.p.Category(id) != "closed" {
			l.say(path, Error, "category", fmt.Sprintf("%s is locked and counts as %s; only closed tickets cannot be changed", id, l.p.Category(id)), "add category: closed, or remove locked")
		}
	}
	switch {
	case len(l.p.States()) == 0:
		l.say("lifecycle.states", Error, "lifecycle", "there are no states", "add at least one with initial: true")
	case len(initial) == 0:
		l.say("lifecycle.states", Warning, "lifecycle", fmt.Sprintf("no state is marked as the one tickets begin in; %s is taken because it is the first", l.p.Initial()), "add initial: true")
	case len(initial) > 1:
		l.say("lifecycle.states."+initial[1]+".initial", Error, "lifecycle", fmt.Sprintf("tickets cannot begin in %s at once", enumerate(initial)), "keep initial: true in one state")
	}
}

func whyCategory(s State) string {
	switch {
	case s.Locked:
		return "is locked"
	case s.Initial:
		return "is where tickets begin"
	}
	return "waits on " + s.WaitsOn
}

// moves checks what leads from state to state.
func (l *linter) moves() {
	told := l.binds()
	creates := false
	for i, m := range l.p.Doc.Lifecycle.Moves {
		path := fmt.Sprintf("lifecycle.moves.%d", i)
		creates = creates || m.Event == "customer_creates"
		for _, from := range m.From {
			if l.p.Doc.Lifecycle.States[from].Locked && (m.To != "" || len(m.MayChoose) > 0) {
				l.say(path+".event", Error, "locked", fmt.Sprintf("%s is locked, so nothing leads out of it", from), "let the move begin a follow_up, or remove locked from the state")
			}
		}
		if m.Event != "customer_creates" && len(m.From) == 0 && m.To != "" {
			l.say(path+".event", Warning, "lifecycle", "this move does not say from which states it leads", "add from: [...]")
		}
		for _, to := range m.MayChoose {
			if l.p.Doc.Lifecycle.States[to].Locked {
				l.say(path+".may_choose", Warning, "locked", fmt.Sprintf("agents may choose %s, which cannot be undone", to), "let a timer lead there")
			}
		}
		if m.To == "" && len(m.MayChoose) == 0 && len(m.Do) == 0 {
			l.say(path+".event", Warning, "lifecycle", "this move does nothing", "add to:, may_choose: or do:, or remove it")
		}
	}
	if !creates {
		l.say("lifecycle.moves", Error, "lifecycle", "nothing happens when a customer writes", "add {event: customer_creates, to: "+l.p.Initial()+"}")
	}
	if _, ok := told["lifecycle.moves"]; !ok && !isTold("lifecycle.moves", told) {
		l.say("lifecycle.moves", Note, "untold-moves", "no page says what an answer does to a ticket", "bind a sentence to lifecycle.moves")
	}
}

// reachable looks for states no ticket can ever be in.
func (l *linter) reachable() {
	reached := map[string]bool{l.p.Initial(): true}
	for grown := true; grown; {
		grown = false
		for _, to := range l.steps(reached) {
			if !reached[to] {
				reached[to], grown = true, true
			}
		}
	}
	for _, id := range l.p.States() {
		if !reached[id] {
			l.say("lifecycle.states."+id, Warning, "unreachable", fmt.Sprintf("no ticket can ever be %s", id), "add a move or a timer that leads there, or remove it")
		}
	}
}

// steps are the states that can follow those reached. What outcomes, phases and procedures set can follow any.
func (l *linter) steps(reached map[string]bool) (next []string) {
	in := func(from []string) bool {
		return len(from) == 0 || slices.ContainsFunc(from, func(s string) bool { return reached[s] })
	}
	for _, m := range l.p.Doc.Lifecycle.Moves {
		if in(m.From) {
			next = append(append(next, m.MayChoose...), append(statusIn(m.Do), m.To)...)
		}
	}
	for _, t := range l.p.Doc.Lifecycle.Timers {
		if reached[t.In] {
			next = append(next, statusIn(t.Do)...)
		}
	}
	l.p.walk(func(n *node) {
		if n.place == "Action.status" && !strings.HasPrefix(n.path, "lifecycle.") {
			next = append(next, n.text)
		}
	})
	return slices.DeleteFunc(next, func(s string) bool { return s == "" })
}

func statusIn(actions []Action) (states []string) {
	for _, a := range actions {
		if a.Status != "" {
			states = append(states, a.Status)
		}
	}
	return states
}

func (l *linter) timers() {
	for _, t := range l.p.Doc.Lifecycle.Timers {
		path := "lifecycle.timers." + t.ID
		switch {
		case l.p.Doc.Lifecycle.States[t.In].Locked:
			l.say(path+".in", Error, "locked", fmt.Sprintf("%s is locked, so a timer there can do nothing", t.In), "choose another state, or remove the timer")
		case len(t.Do) == 0:
			l.say(path, Warning, "lifecycle", "this timer does nothing", "add do: [{send: ...}]")
		case t.After.N == 0:
			l.say(path+".after", Warning, "lifecycle", "this timer waits for no time at all", "write a longer time, or do it in the move")
		}
		l.overtaken(t, path)
	}
}

// overtaken finds timers that never come, because another one takes the ticket out of the state before.
func (l *linter) overtaken(t Timer, path string) {
	mine, ok := minutes(t.After)
	for _, other := range l.p.Doc.Lifecycle.Timers {
		theirs, alike := minutes(other.After)
		leaves := slices.ContainsFunc(statusIn(other.Do), func(s string) bool { return s != t.In })
		if ok && alike && leaves && other.ID != t.ID && other.In == t.In && other.Since == t.Since && len(other.When) == 0 && theirs < mine {
			l.say(path+".after", Warning, "unreachable", fmt.Sprintf("after %s the timer %s has already taken the ticket out of %s", other.After.Says(), other.ID, t.In), "choose a shorter time, or remove it")
		}
	}
}

// minutes compares durations of clock and calendar time; business time depends on the day.
func minutes(d calendar.Duration) (int, bool) {
	per := map[calendar.Unit]int{calendar.Minutes: 1, calendar.Hours: 60, calendar.Days: 24 * 60, calendar.Weeks: 7 * 24 * 60}[d.Unit]
	return d.N * per, per > 0 && d.Edge == calendar.NoEdge
}

func (l *linter) targets() {
	for _, t := range l.p.Doc.Targets {
		path := "targets." + t.ID
		hasTime := t.Within != nil || t.Expect != nil && (t.Expect.From != nil || t.Expect.To != nil)
		switch {
		case !hasTime:
			l.say(path, Error, "target", "this target names no time", "add within: or expect: {to: ...}")
		case t.Strength == "":
			l.say(path, Note, "target", "it is not said how strongly this is meant; it counts as usual", "add strength: "+either(words["Target.strength"]))
		case t.Strength == "promise" && t.Within == nil:
			l.say(path+".strength", Error, "target", "a promise needs the exact rule it is measured by", "add within: ...")
		}
	}
}

// figures looks for numbers about a promise or a phase that there is not.
func (l *linter) figures() {
	for _, f := range l.p.Doc.Figures {
		path := "figures." + f.ID
		switch {
		case f.Target != "" && f.Metric != "promises_kept":
			l.say(path+".target", Error, "figure", "only promises_kept is about a target", "remove target:, or say metric: promises_kept")
		case f.Target != "" && l.p.target(f.Target) == nil:
			l.say(path+".target", Error, "figure", fmt.Sprintf("there is no target %s", f.Target), "name one of "+either(l.p.Keys("targets")))
		case (f.Phase != "") != (f.Metric == "usual_phase"):
			l.say(path+".metric", Error, "figure", "usual_phase is about one phase, and only it is", "say metric: usual_phase with phase: TRACKER.PHASE")
		case f.Phase != "" && !slices.Contains(l.p.PhaseIDs(), f.Phase):
			l.say(path+".phase", Error, "figure", fmt.Sprintf("there is no phase %s", f.Phase), "name one of "+either(l.p.PhaseIDs()))
		case f.Metric == "promises_kept" && f.Target == "" && !slices.ContainsFunc(l.p.Doc.Targets, func(t Target) bool { return t.Strength == "promise" }):
			l.say(path+".metric", Error, "figure", "none of the targets is a promise, so none can be kept", "add target: with the one that is meant")
		}
	}
}

func (l *linter) levels() {
	if l.p.Doc.Levels == nil {
		return
	}
	for i, row := range l.p.Doc.Levels.Table {
		last := i == len(l.p.Doc.Levels.Table)-1
		switch {
		case len(row.When) == 0 && !last:
			l.say("levels.table."+row.ID, Error, "unreachable", "this row always fits, so no row below it ever decides", "move it to the end, or add when:")
		case len(row.When) > 0 && last:
			l.say("levels.table."+row.ID, Warning, "levels", "somebody for whom no row fits has no level", "end the table with a row that has no when:")
		}
	}
}

// procedures looks for steps that lead nowhere, steps nothing leads to, and keys that mean two things.
func (l *linter) procedures() {
	for _, id := range l.p.Keys("procedures") {
		proc, path := l.p.Doc.Procedures[id], "procedures."+id
		reached := map[string]bool{}
		l.follow(proc, proc.Start, reached)
		for _, name := range l.p.Keys(path + ".steps") {
			s, at := proc.Steps[name], path+".steps."+name
			if !reached[name] {
				l.say(at, Warning, "unreachable", fmt.Sprintf("nothing leads to the step %s", name), "let a choice go there, or remove it")
			}
			if s.End == "" && s.Go == "" && len(s.Choices) == 0 && len(s.GoByLevel) == 0 {
				l.say(at, Error, "dead-end", fmt.Sprintf("the step %s leads nowhere", name), "add go:, choices: or end:")
			}
			l.choices(s, at)
		}
		l.endless(proc, path, reached)
	}
	l.ends()
	l.links()
}

// endless looks for steps that lead round and round: whoever is in one never comes to an end. A way that leads nowhere is found by itself,
// and is as good as an end here.
func (l *linter) endless(proc Procedure, path string, reached map[string]bool) {
	ends := map[string]bool{}
	for grown := true; grown; {
		grown = false
		for name, s := range proc.Steps {
			out := func(goal string) bool { _, there := proc.Steps[goal]; return !there || ends[goal] }
			if !ends[name] && (s.End != "" || slices.ContainsFunc(s.goals(), out)) {
				ends[name], grown = true, true
			}
		}
	}
	for _, name := range l.p.Keys(path + ".steps") {
		if reached[name] && !ends[name] {
			l.say(path+".steps."+name, Warning, "endless", fmt.Sprintf("from the step %s nobody ever comes to an end", name), "let one of the steps after it lead to one with end:")
		}
	}
}

// links looks for addresses that messages speak of and nobody has written down: such a message cannot be sent.
func (l *linter) links() {
	for _, id := range l.p.Keys("messages") {
		for _, name := range l.p.Needs(id) {
			if link, isLink := strings.CutPrefix(name, "links."); isLink && l.p.Doc.Links[link] == "" {
				l.say("messages."+id+".body", Warning, "unkept", "the message speaks of {{"+name+"}}, and there is no such address", "add links: {"+link+": \"https://…\"}")
			}
		}
	}
}

// ends looks for outcomes that name an end no procedure has.
func (l *linter) ends() {
	if l.p.Doc.Calls == nil {
		return
	}
	var known []string
	for _, proc := range l.p.Doc.Procedures {
		for _, s := range proc.Steps {
			known = append(known, s.End)
		}
	}
	for _, o := range l.p.Doc.Calls.Outcomes {
		for _, end := range o.Ends {
			if !slices.Contains(known, end) {
				l.say("calls.outcomes."+o.ID+".ends", Warning, "unreachable", fmt.Sprintf("no procedure ends as %s", clip(end)), "write the end: of one of its steps")
			}
		}
	}
}

func (l *linter) follow(proc Procedure, step string, reached map[string]bool) {
	s, ok := proc.Steps[step]
	if !ok || reached[step] {
		return
	}
	reached[step] = true
	for _, goal := range s.goals() {
		l.follow(proc, goal, reached)
	}
}

// goals are the steps that a step can lead to, none for one that ends; "" is a way that leads nowhere.
func (s Step) goals() (all []string) {
	if s.End != "" {
		return nil
	}
	for _, goal := range s.GoByLevel {
		all = append(all, goal)
	}
	for _, c := range s.Choices {
		all = append(all, or(c.Go, s.Go))
	}
	if len(all) == 0 {
		all = append(all, s.Go)
	}
	return all
}

func (l *linter) choices(s Step, at string) {
	seen := map[string]bool{}
	for i, c := range s.Choices {
		path := fmt.Sprintf("%s.choices.%d", at, i)
		if c.Key != "" && seen[c.Key] {
			l.say(path+".key", Error, "duplicate-key", fmt.Sprintf("the key %s chooses two things here", c.Key), "give one of them another key")
		}
		if c.Go == "" && s.Go == "" && s.End == "" {
			l.say(path+".label", Error, "dead-end", "this choice leads nowhere", "add go: ...")
		}
		seen[c.Key] = true
	}
}
