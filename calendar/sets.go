package calendar

import (
	"slices"
	"strings"
	"sync"
	"time"

	"hark/fault"
)

// Set is a named list of public holidays. Three are built in; others come from files, see [LoadSet].
type Set struct {
	ID   string
	on   map[Date]string       // a set from a file
	rule func(y int) []Holiday // a built-in set: the holidays dated in a year
	kept sync.Map              // what the rule gave, map[Date]string by year
}

// Holiday is one day of a set, with the name people know it by.
type Holiday struct {
	Date Date
	Name string
}

// builtIn holds the sets that every calendar may name.
var builtIn = []*Set{
	{ID: "us-federal", rule: usFederal},
	{ID: "gb-eng", rule: gbEng},
	{ID: "au-nsw", rule: auNSW},
}

// Sets lists the names of the built-in sets.
func Sets() []string { return known(nil) }

func known(files []*Set) (names []string) {
	for _, s := range slices.Concat(builtIn, files) {
		names = append(names, s.ID)
	}
	return names
}

func setNamed(id string, files []*Set) *Set {
	all := slices.Concat(files, builtIn)
	if i := slices.IndexFunc(all, func(s *Set) bool { return s.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// HolidayOn returns the name of the holiday that a built-in set has on d. An unknown set has none.
func HolidayOn(set string, d Date) (name string, ok bool) {
	if s := setNamed(set, nil); s != nil {
		return s.On(d)
	}
	return "", false
}

// On returns the name of the holiday on d. Two holidays on one day are named together.
func (s *Set) On(d Date) (name string, ok bool) {
	days := s.on
	if s.rule != nil {
		days = s.year(d.Y)
	}
	name, ok = days[d]
	return name, ok
}

// year is what the rule gives for a year; it is kept for the years that calendars count.
func (s *Set) year(y int) map[Date]string {
	if kept, ok := s.kept.Load(y); ok {
		return kept.(map[Date]string)
	}
	days := map[Date]string{}
	for _, h := range s.rule(y) {
		if days[h.Date] != "" {
			h.Name = days[h.Date] + ", " + h.Name
		}
		days[h.Date] = h.Name
	}
	if y >= firstYear && y <= lastYear {
		s.kept.Store(y, days)
	}
	return days
}

// LoadSet reads a set from the text of a file: one holiday a line, the date and its name, as in
// "2026-12-24 Christmas Eve". Empty lines and lines that begin with # are passed over.
func LoadSet(id, text string) (*Set, error) {
	set := &Set{ID: id, on: map[Date]string{}}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		date, name, _ := strings.Cut(line, " ")
		d, err := ParseDate(date)
		if err != nil || strings.TrimSpace(name) == "" {
			return nil, fault.New(fault.Invalid, "holidays %q, line %d: %q has no date and name; write them like 2026-12-24 Christmas Eve", id, number, clip(line))
		}
		set.on[d] = strings.TrimSpace(name)
	}
	return set, nil
}

// nth is the nth given weekday of a month: nth(2026, time.November, 4, time.Thursday) is Thanksgiving.
func nth(y int, m time.Month, n int, w time.Weekday) Date {
	first := Date{y, m, 1}
	return first.Plus((int(w)-int(first.Weekday())+7)%7 + 7*(n-1))
}

// last is the last given weekday of a month.
func last(y int, m time.Month, w time.Weekday) Date {
	end := Date{y, m + 1, 1}.Plus(-1)
	return end.Plus(-((int(end.Weekday()) - int(w) + 7) % 7))
}

// easter is Easter Sunday of the Gregorian calendar, by the anonymous algorithm that Nature printed in 1876.
func easter(y int) Date {
	a, b, c := y%19, y/100, y%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{y, time.Month(n / 31), n%31 + 1}
}
