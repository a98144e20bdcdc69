package engineers

import (
	"fmt"
	"strings"
	"time"

	"hark/issue"
)

// Letter is what the engineers get to read: a new entry, or a comment on one.
type Letter struct {
	Title string // of a new entry
	Text  string // with the mark in it
	Mark  string // by which it is found again, other for each letter
	// Since is when it was first sent, when nobody knows whether it arrived: then it is looked for before it is sent again. Zero the
	// first time.
	Since time.Time
}

// Report is what is told of a known problem. Nothing of it says who the customers are.
type Report struct {
	Issue  issue.Issue
	Record string // the address of the record, which opens to colleagues
	Names  *Names // of whom must not be named
}

// Open is the letter that opens an entry.
func (r Report) Open(mark string) Letter {
	i := r.Issue
	var b strings.Builder
	r.part(&b, "What happens", i.Happens)
	r.part(&b, "What customers do until it is fixed", i.Workaround)
	fmt.Fprintf(&b, "Severity: %s. It affects %s.\n", i.Severity, map[issue.Reach]string{issue.SystemWide: "everybody", issue.Local: "one site"}[i.Reach])
	fmt.Fprintf(&b, "Reported by %s on %s.\n\n", several(i.Customers, "customer"), several(i.Tickets, "ticket"))
	r.end(&b, mark)
	return Letter{Title: harmless(r.Names.anonymous(i.Title)), Text: b.String(), Mark: mark}
}

// Told is how a known problem stood when the engineers were told of it last.
type Told struct {
	Customers int64
	Severity  issue.Severity
	State     issue.State
}

// ToldOf is how it stands now.
func ToldOf(i issue.Issue) Told { return Told{i.Customers, i.Severity, i.State} }

// IsNews reports whether there is something to tell: more customers, another severity, or that it is fixed or not fixed after all.
// Fewer customers are no news.
func (t Told) IsNews(i issue.Issue) bool {
	return i.Customers > t.Customers || i.Severity != t.Severity || i.State != t.State
}

// Comment is the letter that says what has changed since.
func (r Report) Comment(before Told, mark string) Letter {
	i := r.Issue
	var b strings.Builder
	if i.Customers != before.Customers {
		fmt.Fprintf(&b, "Reported by %s on %s now; it was %s when you heard of it last.\n", several(i.Customers, "customer"), several(i.Tickets, "ticket"), several(before.Customers, "customer"))
	}
	if i.Severity != before.Severity {
		fmt.Fprintf(&b, "Severity: %s. It was %s.\n", i.Severity, before.Severity)
	}
	switch {
	case i.State == before.State:
	case i.IsFixed():
		b.WriteString("Support has seen it work in production. The customers who reported it hear of it.\n")
	default:
		b.WriteString("It is not fixed after all: support has seen it again in production.\n")
	}
	b.WriteByte('\n')
	r.end(&b, mark)
	return Letter{Text: b.String(), Mark: mark}
}

// part quotes a text that people wrote, line by line.
func (r Report) part(b *strings.Builder, title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	b.WriteString(title + ":\n\n")
	for line := range strings.Lines(harmless(r.Names.anonymous(strings.TrimSpace(text)))) {
		b.WriteString("> " + strings.TrimRight(line, "\r\n") + "\n")
	}
	b.WriteByte('\n')
}

func (r Report) end(b *strings.Builder, mark string) {
	fmt.Fprintf(b, "Known problem %d of customer support, for colleagues: %s (%s)\n", r.Issue.ID, r.Record, mark)
}

// harmless keeps words from doing something where they are read: an @ that calls people, and Jira's way to. What begins a command of
// GitLab stands at the beginning of a line, and quoted lines begin otherwise.
func harmless(text string) string {
	return strings.NewReplacer("@", "@\u200b", "[~", "[\u200b~").Replace(text)
}

func several(n int64, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
