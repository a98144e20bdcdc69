package policy

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"hark/fault"
	"hark/promise"
)

// piece is a part of a text with placeholders: words as they stand, or a name and perhaps a filter.
type piece struct {
	literal      string
	name, filter string
	at           int // where it begins, in bytes
}

// A placeholder is a name from a fixed list, or the path of a rule, and at most one filter. There is nothing to call,
// nothing to compute and nothing to loop over, so {{.}}, {{printf}} or <%= are only letters (threat H1).
var placeholder = regexp.MustCompile(`\{\{ *([a-z][a-z0-9_.-]*) *(?:\| *([a-z_]+) *)?\}\}`)

// pieces takes a text apart once. What a placeholder is replaced with is never read again.
func pieces(text string) (list []piece) {
	end := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > end {
			list = append(list, piece{literal: text[end:m[0]], at: end})
		}
		p := piece{literal: text[m[0]:m[1]], name: text[m[2]:m[3]], at: m[0]}
		if m[4] >= 0 {
			p.filter = text[m[4]:m[5]]
		}
		list, end = append(list, p), m[1]
	}
	if end < len(text) {
		list = append(list, piece{literal: text[end:], at: end})
	}
	return list
}

// placeholders are the names a message may use for what is only known when it is sent; the desk supplies the values.
var placeholders = map[string]string{
	"ticket.number":             "the number of the ticket",
	"ticket.subject":            "its subject",
	"ticket.kind":               "its kind, as people call it",
	"ticket.status":             "its state, as customers read it",
	"ticket.link":               "the address of its page, which needs no password",
	"ticket.closes_at":          "when it closes unless something happens",
	"ticket.last_question":      "what was asked last",
	"ticket.previous":           "the number of the ticket it continues",
	"ticket.other_system":       "the system that is the cause",
	"requester.name":            "the name of the customer",
	"agent.name":                "the name of the agent who wrote",
	"company.name":              "the company",
	"call.start":                "when the call begins",
	"call.host":                 "who will call",
	"call.number":               "the number that will be called",
	"call.rebook_link":          "the address of the free times",
	"scope.reason":              "why something is outside of what is supported",
	"scope.we_still":            "what is done all the same",
	"scope.alternatives":        "where else to turn",
	"issue.title":               "the name of the known problem",
	"issue.horizon":             "roughly when it will be solved",
	"issue.plan":                "how it will be solved",
	"issue.estimate":            "the estimated day, as a sentence; nothing when there is none",
	"issue.workaround":          "what helps until then",
	"issue.announcement":        "the address of the announcement",
	"feature.decision":          "what was decided about a request",
	"feature.time_frame":        "a rough time for it, if there is one",
	"phase.label":               "the name of the phase that has begun",
	"phase.means":               "what it means",
	"phase.next":                "what comes next",
	"phase.expect.say":          "how long it usually takes",
	"phase.progress":            "how far it has come, phase by phase",
	"hours.outside":             "that nobody is there just now, and when somebody is again; nothing within the hours",
	"escalation.reason":         "why the case was escalated",
	"licence.site":              "the website of the licence",
	"policy.summary_of_changes": "what a new policy changes",
}

// families are names that end in an id of the policy, or in a word of the company's own.
var families = []struct {
	pattern *regexp.Regexp
	says    string
}{
	{regexp.MustCompile(`^target\.[a-z0-9_-]+\.due$`), "when an answer is due: target.ID.due or target.MEASURE.due"},
	{regexp.MustCompile(`^target\.[a-z0-9_-]+\.says$`), "the sentence that tells it, as strongly as it is meant, and nothing where no time is stated: target.ID.says or target.MEASURE.says"},
	{regexp.MustCompile(`^plan\.[a-z0-9_-]+\.link$`), "the address where a plan can be had: plan.ID.link"},
	{regexp.MustCompile(`^links\.[a-z0-9_-]+$`), "an address of the company: links.NAME"},
}

// DueSays is when an answer is due as customers are told, as strongly as it is meant; when is the due time in words, in the
// reader's zone. It is "" for a time that the company does not state (S3-10).
func DueSays(strength promise.Strength, when string) string {
	switch strength {
	case promise.Promise:
		return "You hear from us by " + when + "."
	case promise.Aim:
		return "We aim to write to you by " + when + "."
	case promise.Unstated:
		return ""
	}
	return "You usually hear from us by " + when + "."
}

// timeFilters say in whose words an instant is told.
var timeFilters = []string{"customer_time", "company_time", "date"}

// Placeholders lists the names a message may use, with what they stand for.
func Placeholders() map[string]string { return maps.Clone(placeholders) }

// supplied reports whether a name is one whose value comes with the message.
func supplied(name string) bool {
	if _, ok := placeholders[name]; ok {
		return true
	}
	return slices.ContainsFunc(families, func(f struct {
		pattern *regexp.Regexp
		says    string
	}) bool {
		return f.pattern.MatchString(name)
	})
}

// Needs are the names of the values a message wants, in the order of its text. Times come as "name | filter" does in
// the text, and are looked up under the name alone.
func (p *Policy) Needs(id string) (names []string) {
	m := p.Doc.Messages[id]
	for _, one := range append(pieces(m.Subject), pieces(m.Body)...) {
		if supplied(one.name) && !slices.Contains(names, one.name) {
			names = append(names, one.name)
		}
	}
	return names
}

// Message writes a message: data holds the text for each name of [Policy.Needs], instants already told in the zone of
// whoever reads them. Numbers of rules are written in words. Values are put in as they are and never read as
// placeholders; in a subject their line breaks become spaces. A placeholder the policy does not know stays as written.
// The error says that there is no such message, or which value is missing.
func (p *Policy) Message(id string, data map[string]string) (subject, body string, err error) {
	m, ok := p.Doc.Messages[id]
	if !ok {
		return "", "", fault.New(fault.NotFound, "policy %s has no message %q", p.Name, clip(id))
	}
	if subject, err = p.fill(id, m.Subject, data); err != nil {
		return "", "", err
	}
	if body, err = p.fill(id, m.Body, data); err != nil {
		return "", "", err
	}
	return oneLine(subject), body, nil
}

func (p *Policy) fill(id, text string, data map[string]string) (string, error) {
	var b strings.Builder
	empty := false // the placeholder before stood for nothing, so that one of the spaces around it goes too
	for _, one := range pieces(text) {
		value, given := data[one.name]
		switch {
		case one.name == "" && empty && (b.Len() == 0 || strings.HasSuffix(b.String(), " ")):
			b.WriteString(strings.TrimPrefix(one.literal, " "))
		case one.name == "":
			b.WriteString(one.literal)
		case given && supplied(one.name):
			b.WriteString(value)
		case p.link(one.name) != "":
			b.WriteString(p.link(one.name))
		case supplied(one.name):
			return "", fault.New(fault.Invalid, "message %s says {{%s}}, and nobody said what that is here", id, one.name)
		default:
			b.WriteString(p.filled(one))
		}
		empty = one.name != "" && given && value == ""
	}
	return b.String(), nil
}

// link is the address that links.NAME stands for, "" when the policy has none of that name.
func (p *Policy) link(name string) string {
	id, isLink := strings.CutPrefix(name, "links.")
	if !isLink {
		return ""
	}
	return p.Doc.Links[id]
}

func (p *Policy) filled(one piece) string {
	if said, ok := p.inline(one.name, one.filter); ok {
		return said
	}
	return one.literal
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
