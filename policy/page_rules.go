package policy

import (
	"regexp"
	"slices"
	"strings"
)

// Which rules a sentence stands on. Whoever prints a sentence knows where its words came from, so nobody has to bind by hand what
// is taken from a rule; what is said freely about a rule names it with binds, and prose stands on none.

// standsOn are the rules a block stands on: those it is bound to, else those its words are taken from.
func (p *Policy) standsOn(b Block) []string {
	if len(b.Binds) > 0 || b.Prose {
		return b.Binds
	}
	return p.takenFrom(b.Text)
}

// takenFrom are the rules that the placeholders of a text name, each once, in their order.
func (p *Policy) takenFrom(text string) (rules []string) {
	for _, one := range pieces(text) {
		if rule := p.ruleNamed(one.name); rule != "" && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// ruleNamed is the rule a placeholder takes its words from, "" for none: {{policy.product}} is product.
func (p *Policy) ruleNamed(name string) string {
	rule := Rule(strings.TrimPrefix(name, "policy."))
	if p.nodes[rule] == nil {
		return ""
	}
	return rule
}

// bySentence gives every piece of a paragraph the rules of its sentence: those its numbers and names come from, else those the
// whole block stands on.
func bySentence(paragraph []Span, block []string) (spans []Span) {
	for _, sentence := range takenApart(paragraph) {
		from := block
		if own := rulesOf(sentence); len(own) > 0 {
			from = own
		}
		for _, s := range sentence {
			s.From = from
			spans = append(spans, s)
		}
	}
	return spans
}

func rulesOf(spans []Span) (rules []string) {
	for _, s := range spans {
		if s.Says != "" && !slices.Contains(rules, s.Rule) {
			rules = append(rules, s.Rule)
		}
	}
	return rules
}

var nextSentence = regexp.MustCompile(`[.!?][”)]* +([“(]?\p{Lu})`)

// takenApart takes a paragraph apart where one sentence ends and the next begins. What comes from a rule is never cut.
func takenApart(paragraph []Span) (all [][]Span) {
	var ends []int
	for _, m := range nextSentence.FindAllStringSubmatchIndex(plainText(paragraph), -1) {
		ends = append(ends, m[2])
	}
	var sentence []Span
	at := 0
	for _, s := range paragraph {
		for len(ends) > 0 && ends[0] <= at+len(s.Text) {
			cut := ends[0] - at
			ends = ends[1:]
			if cut > 0 && s.Rule != "" && cut < len(s.Text) {
				continue
			}
			if cut > 0 {
				sentence = append(sentence, s.upTo(cut))
			}
			all, sentence = append(all, sentence), nil
			at, s = at+cut, s.after(cut)
		}
		if s.Text != "" {
			sentence = append(sentence, s)
		}
		at += len(s.Text)
	}
	if len(sentence) > 0 {
		all = append(all, sentence)
	}
	return all
}

func (s Span) upTo(at int) Span { s.Text = s.Text[:at]; return s }

func (s Span) after(at int) Span { s.Text = s.Text[at:]; return s }
