package policy

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"hark/calendar"
	"hark/fault"
)

// Print writes a page as "html" (a fragment with no styles of its own), "markdown" or "json". In HTML every part made
// from a rule carries its path in data-rule, so that a page can open the rule beside the sentence.
func (p *Policy) Print(page, format string, live Live) ([]byte, error) {
	view, err := p.Page(page, live)
	if err != nil {
		return nil, err
	}
	switch format {
	case "html":
		return view.HTML(), nil
	case "markdown", "":
		return view.Markdown(), nil
	case "json":
		out, err := json.MarshalIndent(view, "", "  ")
		return append(out, '\n'), err
	}
	return nil, fault.New(fault.Invalid, "a page is printed as html, markdown or json, not as %q", clip(format))
}

// SinceSays is since when the page holds, in the company's zone.
func (v PageView) SinceSays() string {
	return "Valid since " + dateSays(calendar.DateOf(v.Since, v.Since.Location())) + ", version " + v.Version + "."
}

// HTML is the page as a fragment: an article with a heading, contents and sections.
func (v PageView) HTML() []byte {
	var h markup
	h.line(`<article class="policy" lang=%q data-policy=%q data-version=%q>`, v.Language, v.Policy, v.Version)
	h.element("h1", "", v.Title)
	h.line(`<p class="since">%s</p>`, html.EscapeString(v.SinceSays()))
	h.contents(v.Sections)
	for _, s := range v.Sections {
		h.line(`<section id=%q>`, s.ID)
		h.element("h2", "", s.Title)
		for _, b := range s.Blocks {
			h.block(b)
		}
		h.line(`</section>`)
	}
	h.line(`</article>`)
	return []byte(h.String())
}

// markup writes HTML. Texts are escaped where they enter; attributes come from ids, which hold no quotes, or are escaped.
type markup struct{ strings.Builder }

func (h *markup) line(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok && strings.Contains(format, "=%q") {
			args[i] = attribute(s)
		}
	}
	fmt.Fprintf(h, strings.ReplaceAll(format, "=%q", "=%v")+"\n", args...)
}

func attribute(s string) string { return `"` + html.EscapeString(s) + `"` }

// element writes one element with its text, and the rule it was made from.
func (h *markup) element(name, rule, text string) {
	fmt.Fprintf(h, "<%s%s>%s</%s>\n", name, ruleAttribute(rule), html.EscapeString(text), name)
}

func ruleAttribute(rule string) string {
	if rule == "" {
		return ""
	}
	return " data-rule=" + attribute(rule)
}

func (h *markup) contents(sections []SectionView) {
	if len(sections) < 3 {
		return
	}
	h.line(`<nav aria-label="Contents"><ul>`)
	for _, s := range sections {
		fmt.Fprintf(h, "<li><a href=%s>%s</a></li>\n", attribute("#"+s.ID), html.EscapeString(s.Title))
	}
	h.line(`</ul></nav>`)
}

func (h *markup) block(b BlockView) {
	class := "bound"
	if b.Prose {
		class = "prose"
	}
	fmt.Fprintf(h, "<div class=%q%s>\n", class, ruleAttribute(strings.Join(b.Binds, " ")))
	for _, part := range b.Parts {
		h.part(part)
	}
	for _, now := range b.Now {
		fmt.Fprintf(h, "<p class=\"now\"%s>%s</p>\n", ruleAttribute(now.Rule), html.EscapeString(now.Text))
	}
	h.line(`</div>`)
}

func (h *markup) part(p Part) {
	switch {
	case p.Text != nil:
		h.paragraph(p.Text)
	case p.List != nil:
		h.list("ul", p.List)
	case p.Steps != nil:
		h.list("ol", p.Steps)
	case p.Table != nil:
		h.table(p.Table)
	case p.Phases != nil:
		h.phases(p.Phases)
	case p.Diagram != nil:
		h.diagram(p.Diagram)
	}
}

func (h *markup) paragraph(spans []Span) {
	h.WriteString("<p>")
	for _, s := range spans {
		if s.Rule == "" {
			h.WriteString(html.EscapeString(s.Text))
			continue
		}
		fmt.Fprintf(h, "<span%s title=%s>%s</span>", ruleAttribute(s.Rule), attribute(s.Says), html.EscapeString(s.Text))
	}
	h.WriteString("</p>\n")
}

func (h *markup) list(tag string, items []Item) {
	fmt.Fprintf(h, "<%s>\n", tag)
	for _, i := range items {
		title := ""
		if i.Title != "" {
			title = "<strong>" + html.EscapeString(i.Title) + "</strong>" + html.EscapeString(i.colon())
		}
		fmt.Fprintf(h, "<li%s>%s%s", ruleAttribute(i.Rule), title, html.EscapeString(i.Text))
		if len(i.Ways) > 0 {
			h.WriteByte('\n')
			h.list("ul", i.Ways)
		}
		h.line("</li>")
	}
	fmt.Fprintf(h, "</%s>\n", tag)
}

func (h *markup) table(t *Table) {
	h.line("<table>\n<thead><tr>")
	for _, c := range t.Columns {
		h.line(`<th scope="col">%s</th>`, html.EscapeString(c))
	}
	h.line("</tr></thead>\n<tbody>")
	for _, row := range t.Rows {
		fmt.Fprintf(h, "<tr%s>", ruleAttribute(row.Rule))
		for _, cell := range row.Cells {
			fmt.Fprintf(h, "<td>%s</td>", html.EscapeString(cell))
		}
		h.line("</tr>")
	}
	h.line("</tbody>\n</table>")
}

func (h *markup) phases(phases []PhaseView) {
	h.line(`<ol class="phases">`)
	for _, p := range phases {
		fmt.Fprintf(h, "<li%s><h3>%s</h3>\n", ruleAttribute(p.Rule), html.EscapeString(p.Label))
		for _, text := range []string{p.Means, usualSays(p.Usual), nextSays(p.Next)} {
			if text != "" {
				h.element("p", "", text)
			}
		}
		h.line(`</li>`)
	}
	h.line(`</ol>`)
}

func usualSays(usual string) string {
	if usual == "" {
		return ""
	}
	return "Usual time: " + usual + "."
}

func nextSays(next string) string {
	if next == "" {
		return ""
	}
	return "Next: " + next
}

// diagram writes the lifecycle as a list of states and ways; a drawing is made from the same data.
func (h *markup) diagram(states []StateView) {
	h.line(`<dl class="lifecycle">`)
	for _, s := range states {
		fmt.Fprintf(h, "<dt id=%s%s>%s</dt>\n", attribute("state-"+s.ID), ruleAttribute(s.Rule), html.EscapeString(s.Label))
		h.line("<dd>")
		h.element("p", "", s.says())
		if len(s.Moves) > 0 {
			h.line("<ul>")
			for _, way := range s.Ways() {
				h.element("li", way.Rule, way.says())
			}
			h.line("</ul>")
		}
		h.line("</dd>")
	}
	h.line(`</dl>`)
}

func (s StateView) says() string {
	waits := "It waits for " + s.WaitsFor + "."
	if s.WaitsFor == "nobody" {
		waits = ""
	}
	return strings.TrimSpace(s.Means + " " + waits)
}

func (i Item) says() string {
	if i.Text == "" {
		return i.Title + "."
	}
	return i.Title + ": " + i.Text + "."
}

// colon stands between the title and the text of an item.
func (i Item) colon() string {
	switch {
	case i.Text == "":
		return ""
	case strings.HasSuffix(i.Title, "?") || strings.HasSuffix(i.Title, "."):
		return " "
	}
	return ": "
}

// Markdown is the page as text that also reads well as it is.
func (v PageView) Markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", marked(v.Title), marked(v.SinceSays()))
	for _, s := range v.Sections {
		fmt.Fprintf(&b, "\n## %s\n", marked(s.Title))
		for _, block := range s.Blocks {
			for _, part := range block.Parts {
				b.WriteString("\n" + part.markdown())
			}
			for _, now := range block.Now {
				fmt.Fprintf(&b, "\n*%s*\n", marked(now.Text))
			}
		}
	}
	return []byte(b.String())
}

// marked escapes what Markdown would read as a sign.
func marked(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "`", "\\`", "<", `\<`, "[", `\[`, "|", `\|`, "\n", " ").Replace(s)
}

func (p Part) markdown() string {
	var b strings.Builder
	switch {
	case p.Text != nil:
		return marked(plainText(p.Text)) + "\n"
	case p.List != nil:
		markdownItems(&b, "-", p.List)
	case p.Steps != nil:
		markdownItems(&b, "1.", p.Steps)
	case p.Table != nil:
		p.Table.markdown(&b)
	case p.Phases != nil:
		var items []Item
		for _, ph := range p.Phases {
			items = append(items, Item{Title: ph.Label, Text: strings.TrimSpace(ph.Means + " " + usualSays(ph.Usual) + " " + nextSays(ph.Next))})
		}
		markdownItems(&b, "1.", items)
	case p.Diagram != nil:
		for _, s := range p.Diagram {
			markdownItems(&b, "-", []Item{{Title: s.Label, Text: s.says()}})
			for _, way := range s.Ways() {
				fmt.Fprintf(&b, "  - %s\n", marked(way.says()))
			}
		}
	}
	return b.String()
}

// markdownItems writes a list with a bullet, or a numbered one when the bullet is a number.
func markdownItems(b *strings.Builder, bullet string, items []Item) {
	for n, i := range items {
		sign := bullet
		if bullet == "1." {
			sign = fmt.Sprintf("%d.", n+1)
		}
		title := ""
		if i.Title != "" {
			title = "**" + marked(i.Title) + "**" + i.colon()
		}
		fmt.Fprintf(b, "%s %s%s\n", sign, title, marked(i.Text))
		for _, way := range i.Ways {
			fmt.Fprintf(b, "%s - %s%s%s\n", strings.Repeat(" ", len(sign)), marked(way.Title), way.colon(), marked(way.Text))
		}
	}
}

func (t *Table) markdown(b *strings.Builder) {
	row := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + marked(c) + " ")
		}
		b.WriteString("|\n")
	}
	row(t.Columns)
	b.WriteString(strings.Repeat("|---", len(t.Columns)) + "|\n")
	for _, r := range t.Rows {
		row(r.Cells)
	}
}
