// Package calendar knows when a desk is open, and counts time the way people promise it.
//
// A promise such as "within one business day" hides three questions: whose clock, which days, and what happens when
// somebody writes at night. A [Calendar] answers the first two: a zone, the opening hours of a week (several a day if
// need be), the public holidays it keeps, and the days on which it does something else. A [Duration] answers the third,
// because it carries its unit: 24h is exact, 5d keeps the clock time, 4bh counts opening hours, 1bd counts business
// days and 1bd@close means the end of that day. [Calendar.Add] brings the two together, [Calendar.Between] measures
// what has passed, and [Calendar.Explain] says in words how an answer came about.
//
// Open means: the clock on the wall of that zone shows a time within the hours of that date. The first minute of an
// interval belongs to it, the last one does not, so a desk that closes at 17:00 is closed at 17:00:00. When clocks
// change during opening hours, the desk is open as long as its clock says so: an hour shown twice is worked twice, an
// hour that no clock shows is not worked at all.
//
// Local times are turned into instants in one place, [Resolve], by the rule of RFC 5545. A calendar does not change
// once it is made; it may be used by any number of goroutines. It reads no clock: the instant is always a parameter. The
// zones are those of the machine, so that an update of its zone files takes effect with the next start, or else the ones
// compiled in.
package calendar

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // zones are known even where the machine has none

	"hark/fault"
)

// Calendar says when a desk is open. Make one with [New]; its fields are for reading.
type Calendar struct {
	ID       string
	Zone     *time.Location
	Week     [7][]Interval // opening hours by time.Weekday, in order, none overlapping
	Holidays []string      // names of the sets whose days are closed, for example "us-federal"
	Except   []Exception   // single dates that go before the week and the holidays, in order of date
	By       string        // the fact that chooses the region, for example "customer.region"; "" without regions

	sets          []*Set
	except        map[Date]Exception
	regions       map[string]*Calendar
	defaultRegion string
	years         [lastYear - firstYear + 1]atomic.Pointer[year]
}

// Exception is one date on which the desk keeps other hours than usual. No hours means closed.
type Exception struct {
	Date  Date
	Hours []Interval
	Why   string
}

// The years in which desks are planned. The bound keeps a mistyped date from filling the memory with tables.
const (
	firstYear = 1900
	lastYear  = 2200
)

// ForRegion returns the calendar of a region, and whether the default had to stand in because the region is empty or
// unknown: somebody should then fill it in (seed 003, scenario A19). A calendar without regions is the same everywhere.
func (c *Calendar) ForRegion(id string) (cal *Calendar, usedDefault bool) {
	if len(c.regions) == 0 {
		return c, false
	}
	if cal, ok := c.regions[id]; ok {
		return cal, false
	}
	if cal, ok := c.regions[c.defaultRegion]; ok {
		return cal, true
	}
	return c, true
}

// Region returns the calendar of a region that somebody named, for example on a command line; "" means the default. An
// unknown name is an error here, because a person can mend it.
func (c *Calendar) Region(id string) (*Calendar, error) {
	cal, usedDefault := c.ForRegion(id)
	switch {
	case id == "":
		return cal, nil
	case len(c.regions) == 0:
		return nil, fault.New(fault.NotFound, "calendar %q has no regions, so there is no %q", c.ID, clip(id))
	case usedDefault:
		return nil, fault.New(fault.NotFound, "calendar %q has no region %q; it has %s", c.ID, clip(id), strings.Join(c.RegionIDs(), ", "))
	}
	return cal, nil
}

// RegionIDs lists the regions of the calendar in alphabetical order.
func (c *Calendar) RegionIDs() []string { return slices.Sorted(maps.Keys(c.regions)) }

// HoursOn returns the opening hours of a date. Without any, why says why the desk is closed, as Status does; otherwise it
// is the reason for other hours than usual, and mostly empty.
func (c *Calendar) HoursOn(d Date) (hours []Interval, why string) {
	if hours, why = c.on(d); len(hours) == 0 {
		why = c.whyClosed(d)
	}
	return hours, why
}

// on returns the hours of a date and, when something other than the week decided them, what it was.
func (c *Calendar) on(d Date) (hours []Interval, why string) {
	if e, ok := c.except[d]; ok {
		return e.Hours, e.Why
	}
	if name, ok := c.holiday(d); ok {
		return nil, "holiday: " + name
	}
	return c.Week[d.Weekday()], ""
}

func (c *Calendar) holiday(d Date) (name string, ok bool) {
	for _, set := range c.sets {
		if name, ok = set.On(d); ok {
			return name, true
		}
	}
	return "", false
}
