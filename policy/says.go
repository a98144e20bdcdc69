package policy

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// In this file and its neighbours rules become words. Every number a person reads on a page, in a difference or in a
// suggestion comes from here, and so from the rule itself.

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
		return "The message " + p.messageSays(id) + "."
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

// RuleName is what people call what stands at a path: "First reminder". A path that leads nowhere is returned as it is.
func (p *Policy) RuleName(path string) string {
	n := p.nodes[path]
	switch {
	case n == nil:
		return path
	case n.path != "" && !strings.Contains(n.path, "."), n.kind != scalar && sectionNames[lastStep(path)] != "":
		return sectionSays(path)
	}
	return p.title(n)
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

func (p *Policy) messageName(id string) string { return or(p.Doc.Messages[id].Name, spaced(id)) }

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

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	for _, one := range list {
		if is(one) {
			return one, true
		}
	}
	return found, false
}

func lastStep(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// enumerate joins names: "a, b and c".
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// upperFirst begins a sentence. A first word that is written small wherever it stands stays as it is: the path of a rule, an
// address, a command, iPhone.
func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	if size == 0 || unicode.IsUpper(next) || writtenSmall(s) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// Capitalized begins a sentence with a capital, unless its first word is a name that is written small.
func Capitalized(s string) string { return upperFirst(s) }

func writtenSmall(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return strings.ContainsAny(strings.TrimRight(word, ".,:;!?"), "._@/") || word == "hark"
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
