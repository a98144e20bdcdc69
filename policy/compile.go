package policy

import (
	"fmt"
	"slices"
	"time"

	"hark/calendar"
	"hark/fault"
)

// compile makes what can be asked out of what was written: the zone, the first instant and the calendars.
func (p *Policy) compile(r *reader) {
	p.Name, p.Version = p.Doc.Name, p.Doc.Version
	p.Zone = r.zone(p.Doc.Zone)
	p.Effective = r.effective(p.Doc.Effective, p.Zone)
	p.initial, p.bound = p.findInitial(), p.findBound()
	p.clock, _ = calendar.New(calendar.Spec{Zone: p.Zone.String()})
	p.Calendars = map[string]*calendar.Calendar{}
	for _, id := range p.Keys("calendars") {
		cal, err := calendar.New(specOf(id, p.Doc.Calendars[id], p.Doc.Zone))
		for _, m := range calendar.MistakesIn(err) {
			r.calendar(id, m)
		}
		p.Calendars[id] = cal
	}
}

func (r *reader) zone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if n := r.nodes["zone"]; n != nil && n.kind == scalar && (err != nil || name == "" || name == "Local") {
		r.found(n.at, "zone", fmt.Sprintf("%q is not a time zone", clip(name)), "write an IANA name like America/New_York, Europe/London or UTC")
	}
	if zone == nil {
		zone = time.UTC
	}
	return zone
}

// effective is a local time of the company. The pattern is checked before, so only dates such as 31 February remain.
func (r *reader) effective(text string, zone *time.Location) time.Time {
	n := r.nodes["effective"]
	if n == nil || !shapes["Document.effective"].pattern.MatchString(text) {
		return time.Time{}
	}
	date, err := calendar.ParseDate(text[:10])
	local, wrong := time.Parse("15:04", text[11:])
	if err != nil || wrong != nil {
		r.found(n.at, "date", fmt.Sprintf("there is no %s", clip(text)), `write a day and a time that exist, like "2026-11-01T00:00"`)
	}
	return calendar.Resolve(date, calendar.ClockOf(local.Hour(), local.Minute()), zone)
}

func specOf(id string, c Calendar, zone string) calendar.Spec {
	s := calendar.Spec{ID: id, Zone: c.Zone, Week: map[string][]string{}, Holidays: c.Holidays, By: c.By, Regions: map[string]calendar.RegionSpec{}, DefaultRegion: c.DefaultRegion}
	if s.Zone == "" {
		s.Zone = zone
	}
	for day, hours := range c.Week {
		s.Week[day] = hours
	}
	for _, e := range c.Except {
		s.Except = append(s.Except, calendar.ExceptSpec{Date: e.Date, Hours: e.Hours, Why: e.Why})
	}
	for name, region := range c.Regions {
		s.Regions[name] = calendar.RegionSpec{Zone: region.Zone, Holidays: region.Holidays}
	}
	return s
}

// calendar reports a mistake that the calendar found, at the line where it stands. A wrong zone of the policy itself is
// reported once, by zone; hours that were reported while reading are not reported again.
func (r *reader) calendar(id string, m *calendar.Mistake) {
	n := r.nodes["calendars."+id+"."+m.At]
	if n == nil {
		return
	}
	if slices.ContainsFunc(append(n.entries, n), r.reported) {
		return
	}
	message, mend := halves(m.Says)
	r.found(n.at, "calendar", message, mend)
}

// reported says whether something is wrong with a value already.
func (r *reader) reported(n *node) bool {
	return slices.ContainsFunc(r.findings, func(f Finding) bool { return f.Line == n.at.line && f.Column == n.at.column })
}

// halves takes a sentence apart at its last semicolon: what is wrong, and how to mend it.
func halves(says string) (message, mend string) {
	for i := len(says) - 2; i > 0; i-- {
		if says[i] == ';' {
			return says[:i], says[i+2:]
		}
	}
	return says, "correct it"
}

// Calendar finds a calendar by its id. The empty id is the policy's only one; with several, or none, that is an error,
// because business days of an unnamed calendar mean nothing.
func (p *Policy) Calendar(id string) (*calendar.Calendar, error) {
	if c, ok := p.Calendars[id]; ok {
		return c, nil
	}
	if id != "" {
		return nil, fault.New(fault.Invalid, "policy %s has no calendar %q; it has %s", p.Name, clip(id), listed(p.Keys("calendars")))
	}
	if len(p.Calendars) == 1 {
		for _, c := range p.Calendars {
			return c, nil
		}
	}
	return nil, fault.New(fault.Invalid, "policy %s has several calendars (%s); name the one that is meant", p.Name, listed(p.Keys("calendars")))
}

// ZoneFor is the clock of the customer of whom these facts are known: that of their region where calendars follow regions,
// the default one's when nobody has said which (A19), else the company's.
func (p *Policy) ZoneFor(facts Facts) *time.Location {
	for _, id := range p.Keys("calendars") {
		if c := p.Calendars[id]; c != nil && c.By != "" {
			region, _ := facts(c.By)
			name, _ := region.(string)
			here, _ := c.ForRegion(name)
			return here.Zone
		}
	}
	return p.Zone
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return either(names)
}
