package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/fault"
)

// Spec is a calendar as a policy file writes it; all of it is text that a person typed.
type Spec struct {
	ID            string
	Zone          string              // IANA name; the policy's zone when the calendar gives none
	Week          map[string][]string // "mon-fri": {"09:00-12:00", "13:00-17:00"}
	Holidays      []string            // names of sets
	Except        []ExceptSpec
	By            string                // the fact that chooses the region
	Regions       map[string]RegionSpec // each with a zone and, if it differs, its own holidays
	DefaultRegion string
	Sets          []*Set // sets from files, which Holidays may name besides the built-in ones
}

// ExceptSpec is one date with other hours: intervals, or "closed", or nothing, which is closed too.
type ExceptSpec struct {
	Date  string
	Hours []string
	Why   string
}

// RegionSpec is what differs in a region. Its holidays replace those of the calendar; without any it keeps them.
type RegionSpec struct {
	Zone     string
	Holidays []string
}

// Mistake is something in a Spec that cannot be used. At is the path of the value inside the calendar, as in
// "week.mon-fri" or "except.2.date" (counted from 0), so that a lint can point at the line.
type Mistake struct {
	At   string
	Says string
}

func (m *Mistake) Error() string { return m.At + ": " + m.Says }

// invalid is what New returns: a fault whose sentence names everything, and each mistake behind it.
type invalid struct {
	error
	mistakes mistakes
}

func (e *invalid) Unwrap() error { return e.error }

// MistakesIn lists every Mistake that an error of New carries.
func MistakesIn(err error) []*Mistake {
	var e *invalid
	if errors.As(err, &e) {
		return e.mistakes
	}
	return nil
}

// New makes a calendar. The error is of kind fault.Invalid and carries a Mistake for everything that is wrong, not just
// for the first.
func New(s Spec) (*Calendar, error) {
	var m mistakes
	c := &Calendar{ID: s.ID, Zone: m.zone("zone", s.Zone), Week: m.week(s.Week), By: s.By, defaultRegion: s.DefaultRegion}
	c.Except, c.except = m.except(s.Except)
	c.Holidays, c.sets = s.Holidays, m.sets("holidays", s.Holidays, s.Sets)
	m.regions(c, s)
	if len(m) > 0 {
		return nil, &invalid{fault.New(fault.Invalid, "calendar %q cannot be used: %s", s.ID, m), m}
	}
	return c, nil
}

// mistakes collects what is wrong while the parts of a calendar are read.
type mistakes []*Mistake

func (m *mistakes) add(at, format string, args ...any) {
	*m = append(*m, &Mistake{at, fmt.Sprintf(format, args...)})
}

func (m mistakes) String() string {
	texts := make([]string, len(m))
	for i, err := range m {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (m *mistakes) zone(at, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		m.add(at, "%q is no time zone; write an IANA name like America/New_York", clip(name))
		return time.UTC
	}
	return zone
}

func (m *mistakes) week(spec map[string][]string) (week [7][]Interval) {
	var given [7]string
	for _, key := range slices.Sorted(maps.Keys(spec)) {
		days, err := ParseWeekdays(key)
		if err != nil {
			m.add("week."+key, "%s", err)
		}
		hours, err := ParseHours(spec[key]...)
		if err != nil {
			m.add("week."+key, "%s", err)
		}
		for _, d := range days {
			if given[d] != "" {
				m.add("week."+key, "%s is given twice, here and under %s; list its intervals in one place", d, given[d])
			}
			given[d], week[d] = key, hours
		}
	}
	return week
}

func (m *mistakes) except(specs []ExceptSpec) ([]Exception, map[Date]Exception) {
	var list []Exception
	byDate := make(map[Date]Exception, len(specs))
	for i, s := range specs {
		e, ok := m.exception(fmt.Sprintf("except.%d", i), s)
		if _, twice := byDate[e.Date]; ok && twice {
			m.add(fmt.Sprintf("except.%d.date", i), "%s is given twice; keep one of the two", e.Date)
		}
		list, byDate[e.Date] = append(list, e), e
	}
	slices.SortFunc(list, func(a, b Exception) int { return cmp.Compare(a.Date.String(), b.Date.String()) })
	return list, byDate
}

func (m *mistakes) exception(at string, s ExceptSpec) (Exception, bool) {
	date, err := ParseDate(s.Date)
	if err != nil {
		m.add(at+".date", "%s", err)
	}
	if slices.Equal(s.Hours, []string{"closed"}) {
		return Exception{date, nil, s.Why}, err == nil
	}
	hours, wrong := ParseHours(s.Hours...)
	if wrong != nil {
		m.add(at+".hours", "%s, or closed", wrong)
	}
	return Exception{date, hours, s.Why}, err == nil
}

func (m *mistakes) sets(at string, names []string, files []*Set) (sets []*Set) {
	for i, name := range names {
		set := setNamed(name, files)
		if set == nil {
			m.add(fmt.Sprintf("%s.%d", at, i), "there is no set of holidays called %q; known are %s", clip(name), strings.Join(known(files), ", "))
			continue
		}
		sets = append(sets, set)
	}
	return sets
}

func (m *mistakes) regions(c *Calendar, s Spec) {
	c.regions = make(map[string]*Calendar, len(s.Regions))
	for _, id := range slices.Sorted(maps.Keys(s.Regions)) {
		c.regions[id] = m.region(c, id, s)
	}
	if _, ok := s.Regions[s.DefaultRegion]; !ok && s.DefaultRegion != "" {
		m.add("default_region", "there is no region %q; write one of the regions listed", clip(s.DefaultRegion))
	}
}

func (m *mistakes) region(c *Calendar, id string, s Spec) *Calendar {
	at, spec := "regions."+id, s.Regions[id]
	r := &Calendar{ID: c.ID, Zone: m.zone(at+".zone", spec.Zone), Week: c.Week, By: c.By, Except: c.Except, except: c.except}
	r.Holidays, r.sets = c.Holidays, c.sets
	if spec.Holidays != nil {
		r.Holidays, r.sets = spec.Holidays, m.sets(at+".holidays", spec.Holidays, s.Sets)
	}
	return r
}
