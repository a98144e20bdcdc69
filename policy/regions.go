package policy

import (
	"slices"
	"strings"
	"time"

	"hark/calendar"
)

// Hours that go by region (seed 003, 3.7): which regions there are, which is the reader's, and the hours as a file for
// calendar programs.

// RegionChoice is one region a reader can say is theirs.
type RegionChoice struct {
	ID    string         `json:"id"`
	Label string         `json:"label"` // "United Kingdom", or by its clock: "London time"
	Zone  *time.Location `json:"-"`
}

// regional is the first calendar that goes by region, "" when none does.
func (p *Policy) regional() (id string, c *calendar.Calendar) {
	for _, id := range p.Keys("calendars") {
		if c := p.Calendars[id]; c != nil && c.By != "" {
			return id, c
		}
	}
	return "", nil
}

// Regions are those of the calendar that goes by region, in the order of the file; none where hours are the same for all.
func (p *Policy) Regions() (all []RegionChoice) {
	calendar, c := p.regional()
	if c == nil {
		return nil
	}
	for _, id := range p.Keys("calendars." + calendar + ".regions") {
		here, _ := c.ForRegion(id)
		label := or(p.Doc.Calendars[calendar].Regions[id].Label, upperFirst(zoneSays(here.Zone.String())))
		all = append(all, RegionChoice{id, label, here.Zone})
	}
	return all
}

// RegionOf is a reader's region: the one on their record, else the one whose clocks are most like theirs, else the default.
// The zone is nil when nothing is known of it.
func (p *Policy) RegionOf(facts Facts, reader *time.Location, at time.Time) string {
	id, c := p.regional()
	if c == nil {
		return ""
	}
	said, _ := facts(c.By)
	if name, ok := said.(string); ok && slices.Contains(c.RegionIDs(), name) {
		return name
	}
	return or(c.RegionOf(reader, at), p.Doc.Calendars[id].DefaultRegion)
}

// HoursFile is when people are there, as a file for calendar programs (RFC 5545): the calendars that public pages speak of, in
// a region, from today to the end of next year. Host names the desk in it.
func (p *Policy) HoursFile(region, host string, now time.Time) []byte {
	feed := calendar.Feed{Name: p.Doc.Company + ": opening hours", Host: host, Stamp: p.Effective}
	ids := p.publicCalendars()
	for _, id := range ids {
		c, usedDefault := p.Calendars[id].ForRegion(region)
		opening := calendar.Opening{ID: id, Says: p.Doc.Company + ": open", Calendar: c}
		if len(ids) > 1 {
			opening.Says += " (" + spaced(id) + ")"
		}
		if c.By != "" && !usedDefault {
			opening.ID += "-" + region
		}
		feed.Hours = append(feed.Hours, opening)
		feed.From = calendar.DateOf(now, c.Zone)
	}
	feed.To = calendar.Date{Y: feed.From.Y + 1, M: time.December, D: 31}
	return feed.ICS()
}

// publicCalendars are those that a public page speaks of, in the order of the file; else the first.
func (p *Policy) publicCalendars() (ids []string) {
	told := map[string]bool{}
	for _, page := range p.Doc.Pages {
		for _, s := range page.Sections {
			for _, b := range s.Blocks {
				for _, rule := range p.standsOn(b) {
					id, _ := strings.CutPrefix(rule, "calendars.")
					told[id] = told[id] || page.Audience == "public"
				}
			}
		}
	}
	for _, id := range p.Keys("calendars") {
		if told[id] && p.Calendars[id] != nil {
			ids = append(ids, id)
		}
	}
	if all := p.Keys("calendars"); len(ids) == 0 && len(all) > 0 && p.Calendars[all[0]] != nil {
		ids = all[:1]
	}
	return ids
}
