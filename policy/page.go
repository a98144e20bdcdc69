package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/fault"
)

// PageView is a published page as data: what any printer needs, with every number already in words and every part
// naming the rule it comes from. Print writes it as HTML, Markdown or JSON; the desk's own pages draw it richer.
type PageView struct {
	Policy   string        `json:"policy"`
	Version  string        `json:"version"`
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Company  string        `json:"company"`
	Product  string        `json:"product,omitempty"`
	Language string        `json:"language"`
	Path     string        `json:"path,omitempty"`
	Audience string        `json:"audience"`
	Since    time.Time     `json:"valid_since"`
	Sections []SectionView `json:"sections"`
}

// SectionView is one section; the contents of the page are the titles of its sections. ID is an anchor.
type SectionView struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Blocks []BlockView `json:"blocks"`
}

// BlockView is one block: its parts in order, the rules that make it true, and what is measured or true just now.
type BlockView struct {
	Path    string       `json:"path"`
	Parts   []Part       `json:"parts"`
	Binds   []string     `json:"binds,omitempty"`
	Rules   []Item       `json:"rules,omitempty"` // the bound rules by name and in words, as far as readers may know them
	Prose   bool         `json:"prose,omitempty"`
	Why     string       `json:"-"` // why it is prose: for the editor, not for readers
	Figures []FigureView `json:"figures,omitempty"`
	Now     []LiveLine   `json:"now,omitempty"`
}

// FigureView is a measured number with what it rests on.
type FigureView struct {
	Value string `json:"value"` // "59 %"
	Says  string `json:"says"`  // "of tickets get an answer within one hour"
	Note  string `json:"note"`  // "measured on 17 November 2026, last 90 days, 17 tickets"
	Rule  string `json:"rule"`
}

// Part is a paragraph or something structured. Exactly one field is set.
type Part struct {
	Text    []Span      `json:"text,omitempty"`
	List    []Item      `json:"list,omitempty"`
	Steps   []Item      `json:"steps,omitempty"` // like List, but their order means something
	Table   *Table      `json:"table,omitempty"`
	Phases  []PhaseView `json:"phases,omitempty"`
	Diagram []StateView `json:"diagram,omitempty"`
}

// Span is a piece of a paragraph. With a Rule it was made from that rule; Name is what people call it, and Says is the
// rule in words.
type Span struct {
	Text string `json:"text"`
	Rule string `json:"rule,omitempty"`
	Name string `json:"name,omitempty"`
	Says string `json:"says,omitempty"`
}

// Item is one member of a list.
type Item struct {
	Title string `json:"title,omitempty"`
	Text  string `json:"text,omitempty"`
	Rule  string `json:"rule"`
}

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

// StateView is one state of the lifecycle with everything that leads out of it, in words. A drawing of the lifecycle
// has these as its text alternative: nothing is only in the picture.
type StateView struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Means    string     `json:"means,omitempty"`
	WaitsFor string     `json:"waits_for"` // us, you, something else, nobody
	Category string     `json:"category"`
	Final    bool       `json:"final,omitempty"`
	Moves    []MoveView `json:"moves,omitempty"`
	Rule     string     `json:"rule"`
}

// Ways are the ways out of a state as lines to read: equal causes once, with every state they may lead to.
func (s StateView) Ways() (lines []Item) {
	for _, m := range s.Moves {
		i := slices.IndexFunc(lines, func(have Item) bool { return have.Title == upperFirst(m.Says) })
		switch {
		case i < 0 && (m.Timer || m.To == ""):
			lines = append(lines, Item{Title: upperFirst(m.Says), Rule: m.Rule})
		case i < 0:
			lines = append(lines, Item{Title: upperFirst(m.Says), Text: m.ToLabel, Rule: m.Rule})
		default:
			lines[i].Text = strings.ReplaceAll(lines[i].Text, " or ", ", ") + " or " + m.ToLabel
		}
	}
	return lines
}

// MoveView is one way out of a state, or something that happens in it when To is empty.
type MoveView struct {
	To      string `json:"to,omitempty"`
	ToLabel string `json:"to_label,omitempty"`
	Says    string `json:"says"`            // "you answer", "after 24 hours, counted from our last question"
	Timer   bool   `json:"timer,omitempty"` // it happens by itself
	After   string `json:"after,omitempty"` // a timer's duration as written, for drawings to scale: "24h"
	Rule    string `json:"rule"`
}

// Live is what is only known when a page is read. The zero value leaves the live parts out.
type Live struct {
	At      time.Time           // when the page is read
	Zone    *time.Location      // the reader's, the company's when nil
	Region  string              // the reader's region, for calendars that have some
	Figures map[string]Measured // by the id of the figure
}

// Measured is a figure of the desk's own: the value as it should read ("59 %"), how many tickets it rests on, and the
// instant it was counted.
type Measured struct {
	Value  string
	Sample int
	At     time.Time
}

// LiveLine is a line that is true at one instant.
type LiveLine struct {
	Text string `json:"text"`
	Rule string `json:"rule"`
}

// Page is a published page by its id; "" is the first public one. Live values are passed in; without them figures show
// what the company says of itself, and whether anybody has measured it.
func (p *Policy) Page(id string, live Live) (PageView, error) {
	if id == "" {
		id = p.firstPage()
	}
	page, ok := p.Doc.Pages[id]
	if !ok {
		return PageView{}, fault.New(fault.NotFound, "policy %s has no page %q; it has %s", p.Name, clip(id), listed(p.Pages()))
	}
	view := PageView{
		Policy: p.Name, Version: p.Version, ID: id, Title: page.Title, Company: p.Doc.Company, Product: p.Doc.Product,
		Language: p.Doc.Language, Path: page.Path, Audience: page.Audience, Since: p.Effective,
	}
	w := writer{p: p, live: live, public: page.Audience == "public"}
	for i, s := range page.Sections {
		view.Sections = append(view.Sections, w.section(fmt.Sprintf("pages.%s.sections.%d", id, i), s))
	}
	return view, nil
}

func (p *Policy) firstPage() string {
	pages := p.Pages()
	for _, id := range pages {
		if p.Doc.Pages[id].Audience == "public" {
			return id
		}
	}
	if len(pages) > 0 {
		return pages[0]
	}
	return ""
}

// writer fills the texts of one page.
type writer struct {
	p      *Policy
	live   Live
	public bool
}

func (w writer) section(path string, s Section) SectionView {
	view := SectionView{ID: anchor(s.Section), Title: s.Section}
	for i, b := range s.Blocks {
		view.Blocks = append(view.Blocks, w.block(fmt.Sprintf("%s.blocks.%d", path, i), b))
	}
	return view
}

// anchor makes an id for links out of a title.
func anchor(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
	return or(strings.Join(words, "-"), "section")
}

func (w writer) block(path string, b Block) BlockView {
	view := BlockView{Path: path, Binds: b.Binds, Prose: b.Prose, Why: b.Why, Parts: w.parts(b.Text)}
	for _, bind := range b.Binds {
		if says := w.p.RuleSays(bind, w.public); says != "" {
			view.Rules = append(view.Rules, Item{Title: w.p.ruleTitle(Rule(bind)), Text: says, Rule: bind})
		}
		if figure, ok := w.figureView(bind); ok {
			view.Figures = append(view.Figures, figure)
		}
	}
	if b.Show != "" || strings.Contains(b.Text, "| live") {
		view.Now = w.now(b)
	}
	return view
}

// parts takes a text apart into paragraphs and structures. What is left of a sentence after a list, such as its full
// stop, is dropped.
func (w writer) parts(text string) (parts []Part) {
	var spans []Span
	flush := func() {
		if said := plainText(spans); strings.Trim(said, " .,:;") != "" {
			parts = append(parts, Part{Text: trimSpans(spans)})
		}
		spans = nil
	}
	for _, one := range pieces(text) {
		if part, ok := w.structure(one); ok {
			flush()
			parts = append(parts, part)
			continue
		}
		spans = append(spans, w.span(one))
	}
	flush()
	return parts
}

func plainText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func trimSpans(spans []Span) []Span {
	spans[0].Text = strings.TrimLeft(spans[0].Text, " .,;")
	last := len(spans) - 1
	spans[last].Text = strings.TrimRight(spans[last].Text, " ")
	return slices.DeleteFunc(spans, func(s Span) bool { return s.Text == "" })
}

func (w writer) span(one piece) Span {
	if one.name == "" {
		return Span{Text: one.literal}
	}
	said, ok := w.p.inline(one.name, one.filter)
	if one.filter == "live" && ok {
		said = w.figure(lastStep(one.name))
	}
	if !ok {
		return Span{Text: one.literal}
	}
	rule := Rule(one.name)
	return Span{Text: said, Rule: rule, Name: w.p.ruleTitle(rule), Says: w.p.RuleSays(rule, w.public)}
}

// inline is what a placeholder reads as in the middle of a sentence.
func (p *Policy) inline(name, filter string) (string, bool) {
	n := p.nodes[strings.TrimPrefix(name, "policy.")]
	switch {
	case filter == "" && strings.HasSuffix(name, ".expect.say"):
		return p.expectAt(strings.TrimSuffix(name, ".expect.say"))
	case n == nil || name == "":
		return "", false
	case filter == "" && n.kind == scalar:
		return p.nodeSays(n), true
	case filter == "date" && name == "policy.effective":
		return dateSays(calendar.DateOf(p.Effective, p.Zone)), true
	case filter == "live" && Rule(name) == name && strings.HasPrefix(name, "figures."):
		return n.scalarAt("source_value"), true
	case (filter == "labels" || filter == "names") && n.kind != scalar:
		return enumerate(p.labels(n)), true
	case strings.HasPrefix(name, "calendars.") && n.kind == mapping:
		return p.calendarPart(lastStep(name), filter)
	}
	return "", false
}

func (p *Policy) calendarPart(id, filter string) (string, bool) {
	c, cal := p.Doc.Calendars[id], p.Calendars[id]
	if cal == nil {
		return "", false
	}
	switch filter {
	case "hours":
		return cal.WeekSays(), true
	case "zone":
		return zoneSays(cal.Zone.String()), true
	case "holidays":
		return holidaysSay(c.Holidays), len(c.Holidays) > 0
	}
	return "", false
}

// expectAt is the usual time of a target or a phase.
func (p *Policy) expectAt(path string) (string, bool) {
	if id, ok := strings.CutPrefix(path, "targets."); ok {
		t, found := find(p.Doc.Targets, func(t Target) bool { return t.ID == id })
		return t.Expect.Says(), found && t.Expect.Says() != ""
	}
	tracker, phase, ok := strings.Cut(strings.TrimPrefix(path, "trackers."), ".phases.")
	if !ok {
		return "", false
	}
	found, ok := find(p.Doc.Trackers[tracker].Phases, func(ph Phase) bool { return ph.ID == phase })
	return or(found.Expect.Says(), "none"), ok
}

func (p *Policy) labels(n *node) (labels []string) {
	for i, e := range n.entries {
		if e.kind == scalar {
			label := p.nodeSays(e)
			if idPattern.MatchString(label) {
				label = spaced(label)
			}
			labels = append(labels, label)
			continue
		}
		labels = append(labels, or(e.scalarAt("label"), e.scalarAt("name"), e.scalarAt("title"), spaced(or(e.name, memberName(e, i)))))
	}
	return labels
}

// structure is what a placeholder stands for when that is more than words.
func (w writer) structure(one piece) (Part, bool) {
	n := w.p.nodes[one.name]
	if n == nil {
		return Part{}, false
	}
	switch one.filter {
	case "list":
		return Part{List: w.items(n)}, true
	case "steps":
		return Part{Steps: w.steps(n)}, true
	case "table":
		return Part{Table: w.levels()}, w.p.Doc.Levels != nil && one.name == "levels"
	case "phases":
		tracker, ok := w.p.Doc.Trackers[lastStep(one.name)]
		return Part{Phases: w.phases(one.name, tracker)}, ok
	case "diagram":
		return Part{Diagram: w.diagram()}, one.name == "lifecycle"
	}
	return Part{}, false
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
	item.Title = or(e.scalarAt("label"), e.scalarAt("name"), e.scalarAt("title"), e.scalarAt("date"))
	item.Text = or(e.scalarAt("says"), e.scalarAt("means"), e.scalarAt("who"), e.scalarAt("because"))
	if examples := e.entry("examples"); examples != nil && item.Text != "" {
		item.Text += " For example " + either(w.p.labels(examples)) + "."
	}
	if item.Title == "" && item.Text == "" {
		item.Text = w.p.nodeSays(e)
	}
	return item, !w.public || list.path != "plans" || e.scalarAt("public") == "true"
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
		var parts []string
		if say := e.scalarAt("say"); say != "" {
			parts = append(parts, "“"+say+"”")
		}
		parts = append(parts, e.scalarAt("hint"))
		parts = append(parts, w.leadsTo(steps, e)...)
		parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
		items = append(items, Item{Title: e.scalarAt("title"), Text: strings.Join(parts, " "), Rule: e.path})
	}
	return items
}

// leadsTo says what is done in a step and what comes next.
func (w writer) leadsTo(steps, e *node) (parts []string) {
	step := w.p.Doc.Procedures[lastStep(above(e.path, 2))].Steps[e.name]
	if does := w.p.actionsSay(step.Do, false); does != "" {
		parts = append(parts, upperFirst(does)+".")
	}
	if choices := e.entry("choices"); choices != nil {
		parts = append(parts, "Choices: "+strings.Join(w.choices(steps, choices), "; ")+".")
	}
	if levels := e.entry("go_by_level"); levels != nil {
		var ways []string
		for _, level := range levels.entries {
			label, _ := w.p.levelNamed(level.name)
			ways = append(ways, or(label, spaced(level.name))+stepTitle(steps, level.text))
		}
		parts = append(parts, "By level: "+strings.Join(ways, "; ")+".")
	}
	if next := stepTitle(steps, e.scalarAt("go")); next != "" {
		parts = append(parts, upperFirst(strings.TrimPrefix(next, ", "))+".")
	}
	return parts
}

// stepTitle is ", then “Find the account”", or nothing.
func stepTitle(steps *node, id string) string {
	goal := steps.entry(id)
	if goal == nil {
		return ""
	}
	return ", then “" + or(goal.scalarAt("title"), spaced(goal.name)) + "”"
}

func (w writer) choices(steps, choices *node) (texts []string) {
	for _, c := range choices.entries {
		text := c.scalarAt("label")
		if send := c.scalarAt("send"); send != "" {
			text += ", send “" + w.p.messageName(send) + "”"
		}
		texts = append(texts, text+stepTitle(steps, c.scalarAt("go")))
	}
	return texts
}

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

// diagram lists the states with what leads out of each. Customers are spoken to; the staff read about the customer.
func (w writer) diagram() (states []StateView) {
	for _, id := range w.p.States() {
		s := w.p.Doc.Lifecycle.States[id]
		view := StateView{
			ID: id, Label: s.Label, Means: s.Means, WaitsFor: waitsSay[s.WaitsOn], Category: string(w.p.Category(id)), Final: s.Locked,
			Moves: append(w.movesFrom(id), w.p.timersIn(id)...), Rule: "lifecycle.states." + id,
		}
		if !w.public && s.WaitsOn == "customer" {
			view.WaitsFor = "the customer"
		}
		states = append(states, view)
	}
	return states
}

func (w writer) event(event string) string {
	if says, differs := staffSays[event]; differs && !w.public {
		return says
	}
	return EventSays(event)
}

func (w writer) movesFrom(state string) (views []MoveView) {
	p := w.p
	for i, m := range p.Doc.Lifecycle.Moves {
		if !slices.Contains(m.From, state) {
			continue
		}
		rule := fmt.Sprintf("lifecycle.moves.%d", i)
		says := w.event(m.Event)
		if len(m.When) > 0 {
			says += ", if " + p.Says(m.When)
		}
		for _, to := range append(m.MayChoose, m.To) {
			if to != "" && to != state {
				views = append(views, MoveView{To: to, ToLabel: p.Doc.Lifecycle.States[to].Label, Says: says, Rule: rule})
			}
		}
		if then := p.actionsSay(m.Do, true); then != "" && m.To == "" && len(m.MayChoose) == 0 {
			views = append(views, MoveView{Says: says + ": " + then, Rule: rule})
		}
	}
	return joined(views)
}

// joined puts ways to the same state together, so that "we answer" and "we decide" are one line; what the customer
// does stays apart from what we do.
func joined(views []MoveView) (list []MoveView) {
	for _, v := range views {
		i := slices.IndexFunc(list, func(have MoveView) bool {
			return v.To != "" && have.To == v.To && strings.HasPrefix(v.Says, "we ") == strings.HasPrefix(have.Says, "we ")
		})
		if i < 0 {
			list = append(list, v)
		} else if !strings.Contains(list[i].Says, v.Says) {
			list[i].Says += " or " + v.Says
		}
	}
	return list
}

func (p *Policy) timersIn(state string) (views []MoveView) {
	for _, t := range p.Doc.Lifecycle.Timers {
		if t.In != state {
			continue
		}
		v := MoveView{Timer: true, After: t.After.String(), Rule: "lifecycle.timers." + t.ID, Says: "after " + t.After.Says()}
		if t.Since == "last_agent_message" {
			v.Says += " from our last question"
		}
		if then := p.actionsSay(t.Do, true); then != "" {
			v.Says += ": " + then
		}
		for _, a := range t.Do {
			if a.Status != "" {
				v.To, v.ToLabel = a.Status, p.Doc.Lifecycle.States[a.Status].Label
			}
		}
		views = append(views, v)
	}
	return views
}

// unmeasured stands for a figure nobody has counted yet and the company has not stated either.
var unmeasured = map[string]string{
	"share_first_reply_within": "A share nobody has measured yet", "usual_first_reply": "A time nobody has measured yet", "tickets_per_month": "a number nobody has counted yet of",
}

func (w writer) figure(id string) string {
	f, _ := find(w.p.Doc.Figures, func(f Figure) bool { return f.ID == id })
	if m, ok := w.live.Figures[id]; ok && f.Live {
		return m.Value
	}
	return or(f.SourceValue, unmeasured[f.Metric])
}

// now lists what is true at the instant the page is read, for the rules a block is bound to.
func (w writer) now(b Block) (lines []LiveLine) {
	for _, bind := range b.Binds {
		section, id, _ := strings.Cut(bind, ".")
		switch section {
		case "figures":
			if f, ok := w.figureView(bind); ok {
				lines = append(lines, LiveLine{f.Value + ": " + f.Note + ".", bind})
			}
		case "calendars":
			lines = append(lines, w.openNow(bind, id)...)
		case "targets":
			lines = append(lines, w.ifYouWrite(bind, id))
		}
	}
	return slices.DeleteFunc(lines, func(l LiveLine) bool { return l.Text == "" })
}

// figureView is a bound figure that is measured (S2-25): the value, the date, the time it covers, how many tickets.
func (w writer) figureView(bind string) (FigureView, bool) {
	id, isFigure := strings.CutPrefix(bind, "figures.")
	f, ok := find(w.p.Doc.Figures, func(f Figure) bool { return f.ID == id })
	if !isFigure || !ok || !f.Live {
		return FigureView{}, false
	}
	view := FigureView{Value: w.figure(id), Says: f.Says, Note: "our own estimate, not measured yet", Rule: bind}
	if m, measured := w.live.Figures[id]; measured {
		over := ""
		if f.LookBack != nil {
			over = "last " + f.LookBack.Says() + ", "
		}
		view.Note = fmt.Sprintf("measured on %s, %s%s", dateSays(calendar.DateOf(m.At, w.p.Zone)), over, counted(m.Sample, "ticket"))
	}
	return view, true
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// openNow says whether the desk is open, until when, and which days off come next.
func (w writer) openNow(bind, id string) (lines []LiveLine) {
	c := w.p.Calendars[id]
	if c == nil || w.live.At.IsZero() {
		return nil
	}
	c, _ = c.ForRegion(w.live.Region)
	status := c.At(w.live.At)
	text := "Open now."
	switch {
	case status.Open && !status.Until.IsZero():
		text = "Open now, until " + w.moment(status.Until) + "."
	case !status.Open && status.Until.IsZero():
		text = "Closed (" + status.Why + ")."
	case !status.Open:
		text = "Closed now (" + status.Why + "), opens " + w.moment(status.Until) + "."
	}
	lines = append(lines, LiveLine{text, bind})
	if off := daysOff(c, w.live.At); off != "" {
		lines = append(lines, LiveLine{"Next days off: " + off + ".", bind})
	}
	return lines
}

func daysOff(c *calendar.Calendar, at time.Time) string {
	var days []string
	for _, closing := range c.Closings(at, 3) {
		day := dateSays(closing.Date)
		if why := strings.TrimPrefix(closing.Why, "holiday: "); why != "" {
			day += " (" + why + ")"
		}
		days = append(days, day)
	}
	return enumerate(days)
}

// ifYouWrite answers the question every reader has: when would I hear from them.
func (w writer) ifYouWrite(bind, id string) LiveLine {
	t, ok := find(w.p.Doc.Targets, func(t Target) bool { return t.ID == id })
	if !ok || t.Within == nil || w.live.At.IsZero() || t.Strength == "unstated" {
		return LiveLine{}
	}
	c, err := w.p.Calendar(t.Calendar)
	if err != nil {
		return LiveLine{}
	}
	c, _ = c.ForRegion(w.live.Region)
	due, err := c.Add(w.live.At, *t.Within)
	if err != nil {
		return LiveLine{}
	}
	how := map[string]string{"promise": "you hear from us by ", "aim": "we aim to answer by "}[t.Strength]
	whom := "If you write now, "
	if len(t.When) > 0 {
		whom = "If you write now and " + w.p.Says(t.When) + ", "
	}
	return LiveLine{whom + or(how, "you usually hear from us by ") + w.moment(due) + ".", bind}
}

// moment is an instant in the reader's zone: "Wed 18 Nov 15:00 EST".
func (w writer) moment(at time.Time) string {
	zone := w.live.Zone
	if zone == nil {
		zone = w.p.Zone
	}
	return at.In(zone).Format("Mon 2 Jan 15:04 MST")
}

// dateSays is a date in words: "18 November 2026".
func dateSays(d calendar.Date) string { return fmt.Sprintf("%d %s %d", d.D, d.M, d.Y) }
