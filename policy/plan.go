package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is one thing that changes when a policy takes the place of another, in words.
type Difference struct {
	Path  string `json:"path"`           // in the new document, or in the old one for what is gone
	Kind  string `json:"kind"`           // changed, added, removed, or page: a sentence that reads differently because a rule changed
	Where string `json:"where"`          // "First reminder"
	Old   string `json:"old,omitempty"`  // "24 hours"
	New   string `json:"new,omitempty"`  // "1 business day"
	Line  int    `json:"line,omitempty"` // in the new document
}

// Says is the difference on one line: "First reminder: 24 hours → 1 business day".
func (d Difference) Says() string {
	switch d.Kind {
	case "added":
		return d.Where + ": new: " + d.New
	case "removed":
		return d.Where + ": no longer: " + d.Old
	}
	return d.Where + ": " + or(d.Old, "nothing") + " → " + or(d.New, "nothing")
}

// Differences compares two policies and says what changes, in the order of the new document, rules first and then the
// sentences on the pages that read differently because of them. Comments, order of keys and spelling of values that
// mean the same are no difference.
func Differences(old, new *Policy) []Difference {
	c := comparison{old: old, new: new}
	c.group(old.root, new.root)
	c.pages()
	return c.found
}

type comparison struct {
	old, new *Policy
	found    []Difference
}

func (c *comparison) nodes(a, b *node) {
	switch {
	case a.kind != b.kind || a.kind == scalar:
		c.values(a, b)
	case a.kind == mapping:
		c.group(a, b)
	case plainList(a) && plainList(b):
		c.values(a, b)
	case named(a) && named(b):
		c.group(a, b)
	default:
		c.sequence(a, b)
	}
}

func (c *comparison) values(a, b *node) {
	if canonical(a) == canonical(b) {
		return
	}
	c.found = append(c.found, Difference{b.path, "changed", c.new.title(b), c.old.nodeSays(a), c.new.nodeSays(b), b.key.line})
}

// group compares what goes by a name: keys, and members with an id.
func (c *comparison) group(a, b *node) {
	for i, e := range b.entries {
		if before := memberNamed(a, memberOr(e, i)); before != nil {
			c.nodes(before, e)
		} else {
			c.added(e)
		}
	}
	for i, e := range a.entries {
		if memberNamed(b, memberOr(e, i)) == nil {
			c.removed(e)
		}
	}
}

func memberOr(n *node, i int) string { return or(n.name, memberName(n, i)) }

func memberNamed(n *node, name string) *node {
	for i, e := range n.entries {
		if memberOr(e, i) == name {
			return e
		}
	}
	return nil
}

func (c *comparison) added(e *node) {
	c.found = append(c.found, Difference{e.path, "added", c.new.title(e), "", c.new.whole(e), e.key.line})
}

func (c *comparison) removed(e *node) {
	c.found = append(c.found, Difference{e.path, "removed", c.old.title(e), c.old.whole(e), "", 0})
}

// whole is a rule in words where it has a sentence, and otherwise its values.
func (p *Policy) whole(n *node) string {
	if Rule(n.path) == n.path && n.kind != scalar && n.place != "Document.messages" {
		if says := p.RuleSays(n.path, false); says != "" {
			return strings.TrimPrefix(says, p.title(n)+": ")
		}
	}
	if text := n.scalarAt("text"); text != "" {
		return text
	}
	return p.nodeSays(n)
}

// sequence compares lists whose members have only their order: what is equal stays, and between equal members the
// others are compared one to one, so that a move put in front does not make all the others look new.
func (c *comparison) sequence(a, b *node) {
	i, j := 0, 0
	for _, same := range append(commonMembers(a, b), [2]int{len(a.entries), len(b.entries)}) {
		for ; i < same[0] && j < same[1]; i, j = i+1, j+1 {
			c.nodes(a.entries[i], b.entries[j])
		}
		for ; i < same[0]; i++ {
			c.removed(a.entries[i])
		}
		for ; j < same[1]; j++ {
			c.added(b.entries[j])
		}
		i, j = same[0]+1, same[1]+1
	}
}

// commonMembers pairs equal members in order, as many as possible (longest common subsequence).
func commonMembers(a, b *node) (pairs [][2]int) {
	n, m := len(a.entries), len(b.entries)
	left, right := canonicals(a), canonicals(b)
	longest := make([][]int, n+1)
	for i := range longest {
		longest[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if left[i] == right[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case left[i] == right[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

func canonicals(n *node) []string {
	texts := make([]string, len(n.entries))
	for i, e := range n.entries {
		texts[i] = canonical(e)
	}
	return texts
}

// canonical is a value as one text that does not depend on how it was written.
func canonical(n *node) string {
	if n.kind == scalar {
		return fmt.Sprintf("%q", or(n.says, n.text))
	}
	parts := make([]string, len(n.entries))
	for i, e := range n.entries {
		parts[i] = e.name + ":" + canonical(e)
	}
	if n.kind == mapping {
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	}
	if len(parts) == 1 && n.entries[0].kind == scalar && strings.HasPrefix(n.place, "Calendar.") {
		return canonical(n.entries[0])
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func plainList(n *node) bool {
	return !slices.ContainsFunc(n.entries, func(e *node) bool { return e.kind != scalar })
}

func named(n *node) bool {
	return !slices.ContainsFunc(n.entries, func(e *node) bool { return e.scalarAt("id") == "" })
}

// mainKeys are the values a rule is mostly about, which need no name of their own in a difference.
var mainKeys = map[string]bool{"Timer.after": true, "Target.within": true, "Block.text": true, "Assumption.says": true, "Figure.says": true}

// title is what people call the rule at a node, and which part of it is meant.
func (p *Policy) title(n *node) string {
	if fact, part, isFact := p.factAt(n.path); isFact {
		return strings.TrimSuffix("Fact "+fact+", "+part, ", ")
	}
	if name, part, isScenario := p.scenarioAt(n.path); isScenario {
		return strings.TrimSuffix("Scenario “"+name+"”, "+partTitle(part), ", ")
	}
	if strings.HasPrefix(n.path, "assumptions.") {
		return p.assumptionTitle(n.path)
	}
	rule, rest := Rule(n.path), ""
	if len(n.path) > len(rule) {
		rest = n.path[len(rule)+1:]
	}
	title := p.ruleTitle(rule)
	if section := p.sectionTitle(n.path); section != "" {
		return section
	}
	if rest == "" || mainKeys[n.place] {
		return title
	}
	return title + ", " + partTitle(rest)
}

// factAt finds the fact at a path; their names have dots.
func (p *Policy) factAt(path string) (fact, part string, ok bool) {
	for _, fact = range p.Keys("facts") {
		if rest, ok := strings.CutPrefix(path+".", "facts."+fact+"."); ok {
			return fact, strings.TrimSuffix(rest, "."), true
		}
	}
	return "", "", false
}

// scenarioAt finds the scenario at a path, by its name.
func (p *Policy) scenarioAt(path string) (name, part string, ok bool) {
	rest, ok := strings.CutPrefix(path, "scenarios.")
	place, part, _ := strings.Cut(rest, ".")
	if i := number(place); ok && i < len(p.Doc.Scenarios) {
		return p.Doc.Scenarios[i].Name, part, true
	}
	return "", "", false
}

// partTitle is the way to a part of a rule in words; numbers in it count from 1.
func partTitle(rest string) string {
	var parts []string
	for _, step := range strings.Split(rest, ".") {
		if step != "" && strings.Trim(step, "0123456789") == "" {
			parts = append(parts, fmt.Sprint(number(step)+1))
			continue
		}
		parts = append(parts, spaced(step))
	}
	return strings.Join(parts, " ")
}

func number(digits string) (n int) {
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}

// titles are what rules of a section are called.
var titles = map[string]func(p *Policy, id string) string{
	"lifecycle.timers": (*Policy).timerTitle,
	"lifecycle.states": func(p *Policy, id string) string { return "State " + or(p.Doc.Lifecycle.States[id].Label, id) },
	"lifecycle.moves":  func(_ *Policy, id string) string { return fmt.Sprintf("Move %d", number(id)+1) },
	"messages":         func(p *Policy, id string) string { return "Message “" + p.messageName(id) + "”" },
	"kinds":            func(p *Policy, id string) string { return "Kind " + or(p.Doc.Kinds[id].Label, id) },
	"calendars":        func(_ *Policy, id string) string { return "Opening hours " + spaced(id) },
	"channels":         func(p *Policy, id string) string { return "Channel " + or(p.Doc.Channels[id].Label, id) },
	"targets":          (*Policy).targetTitle,
	"trackers":         func(p *Policy, id string) string { return or(p.Doc.Trackers[id].Label, id) },
	"procedures":       func(p *Policy, id string) string { return or(p.Doc.Procedures[id].Label, id) },
	"figures":          func(_ *Policy, id string) string { return "Figure (" + spaced(id) + ")" },
	"routing":          func(_ *Policy, id string) string { return "Who gets it (" + spaced(id) + ")" },
	"plans":            func(p *Policy, id string) string { return "Plan " + p.planLabels([]string{id})[0] },
}

func (p *Policy) ruleTitle(rule string) string {
	section, id := above(rule, 1), lastStep(rule)
	if title, ok := titles[section]; ok {
		return title(p, id)
	}
	return upperFirst(strings.TrimSpace(spaced(section) + " " + spaced(id)))
}

func (p *Policy) targetTitle(id string) string {
	t, _ := find(p.Doc.Targets, func(t Target) bool { return t.ID == id })
	return upperFirst(or(measureSays[t.Measure], "target")) + " (" + spaced(id) + ")"
}

// assumptionTitle names an assumption by the rule it is about.
func (p *Policy) assumptionTitle(path string) string {
	i := number(strings.Split(path, ".")[1])
	if i >= len(p.Doc.Assumptions) {
		return "Assumption"
	}
	about := p.Doc.Assumptions[i].About
	if n := p.nodes[about]; n != nil && !strings.HasPrefix(about, "assumptions") {
		about = lowerFirst(p.title(n))
	}
	return "Assumption (" + about + ")"
}

// timerTitle is what a timer is known for: the message it sends, else its id.
func (p *Policy) timerTitle(id string) string {
	t, _ := find(p.Doc.Lifecycle.Timers, func(t Timer) bool { return t.ID == id })
	for _, a := range t.Do {
		if a.Send != "" {
			return p.messageName(a.Send)
		}
	}
	return upperFirst(spaced(id))
}

// sectionTitle names the page and section of a block.
func (p *Policy) sectionTitle(path string) string {
	steps := strings.Split(path, ".")
	if len(steps) < 2 || steps[0] != "pages" {
		return ""
	}
	page, ok := p.Doc.Pages[steps[1]]
	if !ok {
		return ""
	}
	title := "Page “" + page.Title + "”"
	if len(steps) > 3 && steps[2] == "sections" && number(steps[3]) < len(page.Sections) {
		title += ", " + page.Sections[number(steps[3])].Section
	}
	return title
}

// pages adds the sentences that are written the same in both documents and read differently.
func (c *comparison) pages() {
	for _, id := range c.new.Pages() {
		before, err := c.old.Page(id, Live{})
		after, wrong := c.new.Page(id, Live{})
		if err != nil || wrong != nil {
			continue
		}
		said := map[string]string{}
		for _, b := range before.blocks() {
			said[c.old.source(b.Path)] = b.text()
		}
		for _, b := range after.blocks() {
			if was, ok := said[c.new.source(b.Path)]; ok && was != b.text() {
				before, after := changedLines(was, b.text())
				c.found = append(c.found, Difference{b.Path, "page", c.new.sectionTitle(b.Path), before, after, c.new.Line(b.Path)})
			}
		}
	}
}

func (v PageView) blocks() (list []BlockView) {
	for _, s := range v.Sections {
		list = append(list, s.Blocks...)
	}
	return list
}

// source is the text of a block as written.
func (p *Policy) source(path string) string {
	if n := p.nodes[path]; n != nil {
		return n.scalarAt("text")
	}
	return ""
}

// text is what a block reads as, without structure.
func (b BlockView) text() string {
	var out strings.Builder
	for _, part := range b.Parts {
		out.WriteString(part.markdown())
	}
	return strings.TrimSpace(out.String())
}

// changedLines leaves out the lines that both texts have, so that one changed item of a long list is all that is shown.
func changedLines(old, new string) (before, after string) {
	was, is := strings.Split(old, "\n"), strings.Split(new, "\n")
	return without(was, is), without(is, was)
}

func without(lines, others []string) string {
	var left []string
	for _, line := range lines {
		if !slices.Contains(others, line) {
			left = append(left, strings.TrimLeft(line, " -"))
		}
	}
	return strings.Join(left, " ")
}
