package policy

import "strings"

// What a page shows as lists and tables: members of a group, steps of a procedure, levels of support, phases.

// Table has a row for each rule, such as the levels of support.
type Table struct {
	Columns []string   `json:"columns"`
	Rows    []TableRow `json:"rows"`
}

type TableRow struct {
	Cells []string `json:"cells"`
	Rule  string   `json:"rule"`
}

// PhaseView is one phase of a tracker.
type PhaseView struct {
	Label string `json:"label"`
	Means string `json:"means,omitempty"`
	Usual string `json:"usual,omitempty"`
	Next  string `json:"next,omitempty"`
	Rule  string `json:"rule"`
}

func (w writer) items(n *node) (items []Item) {
	for _, e := range n.entries {
		if item, told := w.item(n, e); told {
			items = append(items, item)
		}
	}
	return items
}

// item is one member of a list in words. Customers are not told of channels and plans that are not public.
func (w writer) item(list, e *node) (Item, bool) {
	item := Item{Rule: e.path}
	if e.kind == scalar {
		item.Text = w.p.nodeSays(e)
		return item, true
	}
	if list.path == "channels" {
		c := w.p.Doc.Channels[e.name]
		item.Title, item.Text = w.p.channelItem(c, e.name)
		return item, !w.public || isPublic(c.Public)
	}
	if list.path == "scope.integrations" {
		i, _ := w.p.integration(e.scalarAt("id"))
		item.Title, item.Text = i.Label, inOneLine([]string{i.Sentence(), i.Link})
		return item, true
	}
	item.Title = or(e.scalarAt("label"), e.scalarAt("name"), e.scalarAt("title"), e.scalarAt("date"))
	item.Text = or(e.scalarAt("says"), e.scalarAt("means"), e.scalarAt("who"), e.scalarAt("because"))
	if examples := e.entry("examples"); examples != nil && item.Text != "" {
		item.Text += " For example " + either(w.p.labels(examples)) + "."
	}
	item.Text = inOneLine([]string{item.Text, e.scalarAt("we_still"), e.scalarAt("instead"), w.byWhom(list, e)})
	if item.Title == "" && item.Text == "" {
		item.Text = w.p.nodeSays(e)
	}
	return item, !w.public || list.path != "plans" || e.scalarAt("public") == "true"
}

// byWhom is who changed the document, in its history.
func (w writer) byWhom(list, e *node) string {
	if list.path != "history" || e.scalarAt("by") == "" {
		return ""
	}
	return "(" + e.scalarAt("by") + ")"
}

func isPublic(public *bool) bool { return public != nil && *public }

func (w writer) steps(n *node) (items []Item) {
	if phases := n.entry("phases"); phases != nil {
		return w.items(phases)
	}
	if steps := n.entry("steps"); steps != nil {
		return w.procedure(steps)
	}
	return w.items(n)
}

// procedure is a guided call as a list: what is said and asked, and where each choice leads.
func (w writer) procedure(steps *node) (items []Item) {
	for _, e := range steps.entries {
		parts := append(w.stepSays(e), w.leadsTo(steps, e)...)
		items = append(items, Item{Title: e.scalarAt("title"), Text: inOneLine(parts), Ways: w.ways(steps, e), Rule: e.path})
	}
	return items
}

// stepSays is what is said, asked, looked for and done at a step, and with whom.
func (w writer) stepSays(e *node) []string {
	parts := []string{upperFirst(onlyFor(e.scalarAt("needs_caller"), ".")), w.said(e.scalarAt("say")), question(e.scalarAt("ask")), e.scalarAt("hint"), filesSay(w.stepAt(e).Files), w.searches(e)}
	if does := w.p.actionsSay(w.stepAt(e).Do, false); does != "" {
		parts = append(parts, upperFirst(does)+".")
	}
	return parts
}

// filesSay names the files of a step, for whoever reads the procedure on paper.
func filesSay(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "File: " + names[0] + "."
	}
	return "Files: " + strings.Join(names, ", ") + "."
}

func (w writer) stepAt(e *node) Step {
	return w.p.Doc.Procedures[lastStep(above(e.path, 2))].Steps[e.name]
}

// onlyFor says how sure one must be of the caller, with a sign behind it; "" where anybody will do.
func onlyFor(grade, end string) string {
	if grade == "" {
		return ""
	}
	return onlyWith(grade) + end
}

// said is what to say, with the places to pause.
func (w writer) said(say string) string {
	if say == "" {
		return ""
	}
	return "“" + strings.Join(Spoken(say), "” (wait) “") + "”"
}

// Spoken takes words to say apart at the places where the speaker waits for the caller, written [pause] (seed 001, 1.5).
func Spoken(say string) (parts []string) {
	for _, part := range strings.Split(say, "[pause]") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// question is what to ask, in words; the name of a fact is for the screen.
func question(ask string) string {
	if ask == "" || factPattern.MatchString(ask) {
		return ""
	}
	return "Ask: “" + ask + "”"
}

// searches says where to look and by what.
func (w writer) searches(e *node) string {
	s := w.stepAt(e).Search
	if s == nil || len(s.By) == 0 {
		return ""
	}
	text := "Search "
	if len(s.In) > 0 {
		text += enumerate(spacedAll(s.In)) + " "
	}
	text += "by " + either(spacedAll(s.By))
	if s.Partial {
		text += "; a part of it is enough"
	}
	return text + "."
}

func spacedAll(ids []string) (texts []string) {
	for _, id := range ids {
		texts = append(texts, spaced(id))
	}
	return texts
}

// leadsTo says what comes after a step.
func (w writer) leadsTo(steps, e *node) (parts []string) {
	if next := stepTitle(steps, e.scalarAt("go")); next != "" {
		parts = append(parts, "Then "+next+".")
	}
	if end := e.scalarAt("end"); end != "" {
		parts = append(parts, "It ends here: "+spaced(end)+".")
	}
	return parts
}

// stepTitle is a step as people know it, in quotes, or nothing.
func stepTitle(steps *node, id string) string {
	goal := steps.entry(id)
	if goal == nil {
		return ""
	}
	return "“" + or(goal.scalarAt("title"), spaced(goal.name)) + "”"
}

// ways are the choices of a step, or where each level of support leads.
func (w writer) ways(steps, e *node) (ways []Item) {
	step := w.stepAt(e)
	if choices := e.entry("choices"); choices != nil {
		for i, c := range choices.entries {
			ways = append(ways, Item{Title: c.scalarAt("label"), Text: w.choice(step.Choices[i], stepTitle(steps, c.scalarAt("go"))), Rule: c.path})
		}
	}
	if levels := e.entry("go_by_level"); levels != nil {
		for _, level := range levels.entries {
			label, _ := w.p.levelNamed(level.name)
			ways = append(ways, Item{Title: or(label, spaced(level.name)), Text: "then " + stepTitle(steps, level.text), Rule: level.path})
		}
	}
	return ways
}

// choice is what a key stands for: for whom, what it sends, and where it leads.
func (w writer) choice(c Choice, next string) string {
	var parts []string
	if len(c.OnlyIf) > 0 && c.ElseSend == "" {
		parts = append(parts, "only if "+w.p.Says(c.OnlyIf))
	}
	if c.NeedsCaller != "" {
		parts = append(parts, onlyWith(c.NeedsCaller))
	}
	if c.Hint != "" {
		parts = append(parts, strings.TrimSuffix(lowerFirst(c.Hint), "."))
	}
	if send := w.sends(c); send != "" {
		parts = append(parts, send)
	}
	if does := w.p.actionsSay(c.Do, false); does != "" {
		parts = append(parts, does)
	}
	if next != "" {
		parts = append(parts, "then "+next)
	}
	return strings.Join(parts, "; ")
}

func (w writer) sends(c Choice) string {
	switch {
	case c.Send == "":
		return ""
	case c.ElseSend == "":
		return "send " + w.p.messageSays(c.Send)
	}
	return "send " + w.p.messageSays(c.Send) + " if " + w.p.Says(c.OnlyIf) + ", otherwise " + w.p.messageSays(c.ElseSend)
}

// LevelTable is who has which level of support, as the page has it; nil when everybody has the same.
func (p *Policy) LevelTable() *Table { return writer{p: p}.levels() }

func (w writer) levels() *Table {
	if w.p.Doc.Levels == nil {
		return nil
	}
	t := &Table{Columns: []string{"If", "Level of support", "Why"}}
	for _, row := range w.p.Doc.Levels.Table {
		condition := "nothing above fits"
		if len(row.When) > 0 {
			condition = w.p.Says(row.When)
		}
		label, _ := w.p.levelNamed(row.Level)
		t.Rows = append(t.Rows, TableRow{[]string{upperFirst(condition), or(label, spaced(row.Level)), row.Because}, "levels.table." + row.ID})
	}
	return t
}

func (w writer) phases(path string, tracker Tracker) (views []PhaseView) {
	for _, ph := range tracker.Phases {
		usual := ""
		if ph.Expect != nil {
			usual = or(ph.Expect.Says(), "none")
		}
		views = append(views, PhaseView{ph.Label, ph.Means, usual, ph.Next, path + ".phases." + ph.ID})
	}
	return views
}
