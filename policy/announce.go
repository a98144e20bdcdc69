package policy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/calendar"
)

// How customers hear that the policy has changed, and what they are told is different (seed 003, 3.21; S3-20).

// Announcement is how a version is made known.
type Announcement struct {
	Website bool              // a banner on what customers read
	InApp   bool              // a notice for those who work in the product
	Mail    bool              // a mail to customers
	Send    string            // the policy's message for it, "" for the desk's own words
	ShowFor calendar.Duration // how long banner and notice stay
	Since   calendar.Duration // whoever wrote within this time is mailed, besides those with open tickets
}

// Any reports whether anybody is told in any way.
func (a Announcement) Any() bool { return a.Website || a.InApp || a.Mail }

var (
	usualShow = calendar.Duration{N: 14, Unit: calendar.Days}
	usualBack = calendar.Duration{N: 90, Unit: calendar.Days}
)

// Announce is how this policy is made known when it takes the place of another: in the ways it names itself and in those that
// the policy before has promised. The first policy of a brand is no change, and neither is one that reads the same to everybody.
func (p *Policy) Announce(before *Policy) (a Announcement) {
	if before == nil || len(p.Announced(before)) == 0 {
		return a
	}
	is, was := p.changes(), before.changes()
	on := func(way string) bool {
		return slices.Contains(is.AnnounceOn, way) || slices.Contains(was.AnnounceOn, way)
	}
	a = Announcement{Website: on("website"), InApp: on("in_app"), Mail: on("mail"), ShowFor: usualShow, Since: usualBack}
	for _, c := range []Changes{was, is} {
		if c.ShowFor != nil {
			a.ShowFor = *c.ShowFor
		}
		if c.LookBack != nil {
			a.Since = *c.LookBack
		}
	}
	if a.Mail {
		a.Send = is.Send
	}
	return a
}

func (p *Policy) changes() Changes {
	if p.Doc.Changes == nil {
		return Changes{}
	}
	return *p.Doc.Changes
}

// After is the instant at which a length of time has passed on the company's own clock.
func (p *Policy) After(from time.Time, d calendar.Duration) time.Time {
	at, err := p.clock.Add(from, d)
	if err != nil {
		return from
	}
	return at
}

// Announced are the differences that customers can read: section by section of the public pages, in words and without anything
// that only colleagues know. They are in the order of the new pages; what is gone comes last.
func (p *Policy) Announced(before *Policy) (all []Difference) {
	was, is := before.publicSections(), p.publicSections()
	for _, s := range is {
		old, had := find(was, func(o readSection) bool { return o.key == s.key })
		switch {
		case !had:
			all = append(all, Difference{s.path, "added", s.title, "", s.begins(), p.Line(s.path)})
		case !slices.Equal(old.lines, s.lines):
			gone, new := without(old.lines, s.lines), without(s.lines, old.lines)
			if gone+new != "" { // the same lines in another order are no news
				all = append(all, Difference{s.path, "changed", s.title, gone, new, p.Line(s.path)})
			}
		}
	}
	for _, s := range was {
		if _, still := find(is, func(o readSection) bool { return o.key == s.key }); !still {
			all = append(all, Difference{s.path, "removed", s.title, s.begins(), "", 0})
		}
	}
	return all
}

// readSection is a section of a public page as it reads.
type readSection struct {
	key, path, title string
	lines            []string
}

// begins is how a section begins, for one that is wholly new or gone.
func (s readSection) begins() string {
	const most = 3
	text := strings.Join(s.lines[:min(len(s.lines), most)], " ")
	if len(s.lines) > most {
		text += " …"
	}
	return text
}

// sentenceEnd is where one sentence ends and another begins.
var sentenceEnd = regexp.MustCompile(`([.!?]) +(\p{Lu})`)

func inSentences(text string) []string {
	return strings.Split(sentenceEnd.ReplaceAllString(text, "$1\n$2"), "\n")
}

func (p *Policy) publicSections() (all []readSection) {
	pages := slices.DeleteFunc(slices.Clone(p.Pages()), func(id string) bool { return p.Doc.Pages[id].Audience != "public" })
	for _, id := range pages {
		view, err := p.Page(id, Live{})
		if err != nil {
			continue
		}
		for i, s := range view.Sections {
			title := s.Title
			if len(pages) > 1 {
				title = view.Title + ", " + s.Title
			}
			all = append(all, readSection{id + "/" + s.ID, "pages." + id + ".sections." + strconv.Itoa(i), title, s.lines()})
		}
	}
	return all
}

// lines are what a section says, a sentence or an item of a list each: so a difference is no longer than what is different.
func (s SectionView) lines() (lines []string) {
	for _, b := range s.Blocks {
		for _, part := range b.Parts {
			lines = append(lines, part.lines()...)
		}
	}
	return lines
}

func (p Part) lines() (lines []string) {
	if p.Text != nil {
		return inSentences(plainText(p.Text))
	}
	for _, i := range append(slices.Clone(p.List), p.Steps...) {
		line := i.Whole()
		if i.Title != "" {
			line = i.Title + i.colon() + line
		}
		lines = append(lines, line)
	}
	if p.Table != nil {
		for _, row := range p.Table.Rows {
			lines = append(lines, strings.Join(row.Cells, ", ")+".")
		}
	}
	for _, ph := range p.Phases {
		lines = append(lines, ph.Label+": "+strings.TrimSpace(ph.Means+" "+usualSays(ph.Usual)+" "+nextSays(ph.Next)))
	}
	for _, s := range p.Diagram {
		lines = append(lines, s.Label+": "+s.says())
		for _, way := range s.Ways() {
			lines = append(lines, s.Label+": "+way.says())
		}
	}
	return lines
}

// SummaryOfChanges is what {{policy.summary_of_changes}} stands for: the differences a customer can read, a line each, the
// first few of them.
func SummaryOfChanges(differences []Difference) string {
	const most = 8
	var lines []string
	for _, d := range differences[:min(len(differences), most)] {
		lines = append(lines, "- "+d.summary())
	}
	if more := len(differences) - most; more > 0 {
		lines = append(lines, "- and "+counted(more, "more change")+".")
	}
	return strings.Join(lines, "\n")
}

func (d Difference) summary() string {
	switch d.Kind {
	case "added":
		return d.Where + " is new: " + d.New
	case "removed":
		return d.Where + " is no longer part of it."
	}
	if d.New == "" {
		return d.Where + ", no longer: " + d.Old
	}
	if d.Old == "" {
		return d.Where + ", new: " + d.New
	}
	return d.Where + ": " + d.New + " (Until now: " + d.Old + ")"
}

// MayCall reports whether a call at this time is possible under this policy for a ticket, and if not why (S0-22).
func (p *Policy) MayCall(facts Facts, start, now time.Time) (Refusal, bool) {
	if p.Doc.Calls == nil {
		return Refusal{Because: NoCalls}, false
	}
	r := reaction{p: p, look: facts, at: now, now: now}
	open := r.isOpenFor(start)
	return r.refusal, open
}
