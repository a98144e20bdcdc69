package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
)

// What a page can only say when it is read: measured figures, open or closed, when an answer would come.

// Live is what is only known when a page is read. The zero value leaves the live parts out.
type Live struct {
	At      time.Time           // when the page is read
	Zone    *time.Location      // the reader's, the company's when nil
	Own     bool                // that zone is known to be the reader's own, and not the one of a region they look at
	Region  string              // the reader's region, for calendars that have some
	Figures map[string]Measured // by the id of the figure
}

// Measured is a figure of the desk's own: the value as it should read ("59 %"), how many tickets it rests on, and the
// instant it was counted.
type Measured struct {
	Value  string
	Sample int
	At     time.Time
	Since  time.Time // where the counting began, when that is later than the time the figure looks back over; else zero
}

// LiveLine is a line that is true at one instant.
type LiveLine struct {
	Text string `json:"text"`
	Rule string `json:"rule"`
}

// Answers reports whether the line says when somebody who writes now hears from the company.
func (l LiveLine) Answers() bool { return strings.HasPrefix(l.Rule, "targets.") }

// FigureView is a measured number with what it rests on.
type FigureView struct {
	Value string `json:"value"` // "59 %"
	Says  string `json:"says"`  // "of tickets get an answer within one hour"
	Note  string `json:"note"`  // "measured on 17 November 2026, last 90 days, 17 tickets"
	Rule  string `json:"rule"`
}

// unmeasured stands for a figure nobody has counted yet and the company has not stated either.
var unmeasured = map[string]string{
	"share_first_reply_within": "A share nobody has measured yet", "usual_first_reply": "A time nobody has measured yet", "tickets_per_month": "a number nobody has counted yet of",
	"tickets_per_agent": "a number nobody has counted yet of", "promises_kept": "A share nobody has measured yet", "usual_phase": "A time nobody has measured yet",
}

// waitsForFigures reports whether a block says nothing but a number that nobody knows yet: neither has it been measured nor
// does the company state it. Such a sentence is printed from the day on which there is one.
func (w writer) waitsForFigures(b Block) bool {
	waits := false
	for _, one := range pieces(b.Text) {
		if id, isFigure := strings.CutPrefix(one.name, "figures."); isFigure && one.filter == "live" {
			f, _ := find(w.p.Doc.Figures, func(f Figure) bool { return f.ID == id })
			_, measured := w.live.Figures[id]
			if waits = f.SourceValue == "" && !measured; !waits {
				return false
			}
		}
	}
	return waits
}

func (w writer) figure(id string) string {
	f, _ := find(w.p.Doc.Figures, func(f Figure) bool { return f.ID == id })
	if m, ok := w.live.Figures[id]; ok && f.Live {
		return m.Value
	}
	return or(f.SourceValue, unmeasured[f.Metric])
}

// now lists what is true at the instant the page is read, for the rules a block stands on. Figures and hours are told where the
// block shows them; when a first answer comes is told wherever the page speaks of it.
func (w writer) now(b Block, rules []string) (lines []LiveLine) {
	shows := b.Show != "" || strings.Contains(b.Text, "| live")
	for _, rule := range rules {
		section, id, _ := strings.Cut(rule, ".")
		switch {
		case section == "targets":
			lines = append(lines, w.ifYouWrite(rule)...)
		case section == "calendars" && shows:
			lines = append(lines, w.openNow(rule, id)...)
		case section == "figures" && shows:
			if f, ok := w.figureView(rule); ok {
				lines = append(lines, LiveLine{f.Value + ": " + f.Note + ".", rule})
			}
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
		view.Note = fmt.Sprintf("measured on %s, %s%s", dateSays(calendar.DateOf(m.At, w.p.Zone)), w.spanSays(f, m), counted(m.Sample, sampled(f.Metric)))
	}
	return view, true
}

// spanSays is the time a figure was really counted over: what the policy looks back on, or less where tickets began later.
func (w writer) spanSays(f Figure, m Measured) string {
	switch {
	case !m.Since.IsZero():
		return "since " + dateSays(calendar.DateOf(m.Since, w.p.Zone)) + ", "
	case f.LookBack != nil:
		return "last " + f.LookBack.Says() + ", "
	}
	return ""
}

// sampled is what a figure counts.
func sampled(metric string) string {
	if metric == "promises_kept" {
		return "promise"
	}
	return "ticket"
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

// ifYouWrite answers the question every reader has, for each first answer that a rule states: when would I hear from them.
func (w writer) ifYouWrite(rule string) (lines []LiveLine) {
	for i := range w.p.Doc.Targets {
		t := &w.p.Doc.Targets[i]
		path := "targets." + t.ID
		if !within(path, rule) || t.Measure != "first_reply" || t.Strength == "unstated" || w.live.At.IsZero() {
			continue
		}
		if due, told := w.answered(t); told {
			lines = append(lines, LiveLine{w.whoWrites(t) + or(answersBy[t.Strength], "you usually hear from us by ") + w.moment(due) + w.whose() + ".", path})
		}
	}
	return lines
}

var answersBy = map[string]string{"promise": "you hear from us by ", "aim": "we aim to answer by "}

// whoWrites is for whom an answer is meant: for everybody, for what one writes about, or for whoever fits.
func (w writer) whoWrites(t *Target) string {
	about, byKind := t.When["ticket.kind"]
	_, compares := about.(map[string]any)
	switch {
	case len(t.When) == 0:
		return "If you write now, "
	case byKind && !compares && len(t.When) == 1:
		return upperFirst(either(w.kindLabels(about))) + ": if you write now, "
	}
	return "If you write now and " + w.p.Says(t.When) + ", "
}

// kindLabels are the kinds that a condition names, one or a list of them.
func (w writer) kindLabels(about any) (labels []string) {
	list, several := about.([]any)
	if !several {
		list = []any{about}
	}
	for _, kind := range list {
		labels = append(labels, w.p.KindLabel(fmt.Sprint(kind)))
	}
	return labels
}

// answered is when somebody who writes now is answered under a target. What people are only told to expect, such as "often within
// the hour", is meant for the hours in which somebody is there: while nobody is, no instant is told.
func (w writer) answered(t *Target) (due time.Time, told bool) {
	length, timed := t.allowed()
	c, err := w.p.Calendar(t.Calendar)
	if !timed || err != nil {
		return due, false
	}
	c, _ = c.ForRegion(w.live.Region)
	if t.Within == nil && !c.At(w.live.At).Open {
		return due, false
	}
	due, err = c.Add(w.live.At, length)
	return due, err == nil
}

// whose says that an instant is told on the reader's clock, when that is not the company's.
func (w writer) whose() string {
	if !w.live.Own || w.live.Zone == nil || w.live.Zone.String() == w.p.Zone.String() {
		return ""
	}
	return ", your time"
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
