package policy

import (
	"fmt"
	"strings"
)

// The kinds of help without us.
const (
	KnowledgeBase = "knowledge_base"
	Videos        = "videos"
	Community     = "community"
)

// SelfHelp is what customers can help themselves with, of one kind. The second value is false when this policy does not offer it:
// then it is nowhere.
func (p *Policy) SelfHelp(kind string) (SelfHelp, bool) {
	return find(p.Doc.SelfHelp, func(s SelfHelp) bool { return s.Kind == kind })
}

// Quote fills the placeholders of a Markdown text that was written elsewhere, such as an article, with what this policy says now: the
// same placeholders as on its own pages. A list or a table stands on lines of its own. What this policy does not know stays as it is
// written, and is named.
func (p *Policy) Quote(text string, live Live) (filled string, unknown []string) {
	w := writer{p: p, live: live, public: true}
	var b strings.Builder
	for _, one := range pieces(text) {
		if one.name == "" {
			b.WriteString(one.literal)
			continue
		}
		if part, ok := w.structure(one); ok {
			fmt.Fprintf(&b, "\n\n%s\n", part.markdown())
			continue
		}
		span := w.span(one)
		if span.Rule == "" {
			unknown = append(unknown, one.literal)
			b.WriteString(one.literal)
			continue
		}
		b.WriteString(marked(span.Text))
	}
	return b.String(), unknown
}
