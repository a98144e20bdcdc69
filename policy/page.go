package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

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

	From []string `json:"from,omitempty"` // the rules its sentence stands on, none for a sentence that states no rule
}

// Item is one member of a list.
type Item struct {
	Title string `json:"title,omitempty"`
	Text  string `json:"text,omitempty"`
	Ways  []Item `json:"ways,omitempty"` // where a step of a procedure can lead
	Rule  string `json:"rule"`
}

// Answers are the lines of a page that tell whoever writes now when they hear from the company, each once.
func (v PageView) Answers() (lines []LiveLine) {
	for _, s := range v.Sections {
		for _, b := range s.Blocks {
			for _, now := range b.Now {
				if now.Answers() && !slices.Contains(lines, now) {
					lines = append(lines, now)
				}
			}
		}
	}
	return lines
}

// Whole is the text with its ways, for printers that have one line for it.
func (i Item) Whole() string {
	var ways []string
	for _, w := range i.Ways {
		ways = append(ways, w.Title+w.colon()+w.Text)
	}
	if len(ways) == 0 {
		return i.Text
	}
	return inOneLine([]string{i.Text, strings.Join(ways, "; ") + "."})
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
		if w.waitsForFigures(b) {
			continue
		}
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
	rules := w.p.standsOn(b)
	view := BlockView{Path: path, Binds: rules, Prose: b.Prose, Why: b.Why, Parts: w.parts(b.Text, rules)}
	for _, bind := range rules {
		if says := w.p.RuleSays(bind, w.public); says != "" {
			view.Rules = append(view.Rules, Item{Title: w.p.ruleTitle(Rule(bind)), Text: says, Rule: bind})
		}
		if figure, ok := w.figureView(bind); ok {
			view.Figures = append(view.Figures, figure)
		}
	}
	view.Now = w.now(b, rules)
	return view
}

// parts takes a text apart into paragraphs and structures. What is left of a sentence after a list, such as its full
// stop, is dropped. rules are those that the whole text stands on.
func (w writer) parts(text string, rules []string) (parts []Part) {
	var spans []Span
	flush := func() {
		if said := plainText(spans); strings.Trim(said, " .,:;") != "" {
			parts = append(parts, Part{Text: bySentence(trimSpans(spans), rules)})
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
	rule := or(w.p.ruleNamed(one.name), Rule(one.name))
	return Span{Text: said, Rule: rule, Name: w.p.ruleTitle(rule), Says: w.p.RuleSays(rule, w.public)}
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
