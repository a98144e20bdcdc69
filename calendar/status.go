package calendar

import (
	"fmt"
	"slices"
	"time"
)

// Status says whether the desk is open at an instant.
type Status struct {
	Open  bool
	Until time.Time // when that changes, in the calendar's zone; zero if it does not within ten years
	Why   string    // the reason for being closed: "holiday: Thanksgiving Day", "closed on Saturdays", "outside opening hours"
}

// At says whether the desk is open at t, until when, and why not.
func (c *Calendar) At(t time.Time) Status {
	y, since := c.place(t)
	if i := y.spanAfter(since); i < len(y.spans) && y.spans[i].start <= since {
		return Status{Open: true, Until: c.closing(y, i)}
	}
	s := Status{Why: c.whyClosed(DateOf(t, c.Zone))}
	if y, since, err := c.opening(t); err == nil {
		s.Until = y.at(since).In(c.Zone)
	}
	return s
}

// closing is the end of span i, which may go on over midnight on New Year's Eve, for a desk that never closes for ever.
func (c *Calendar) closing(y *year, i int) time.Time {
	end := y.at(y.spans[i].end)
	for n := 0; n < patience && y.number < lastYear && i == len(y.spans)-1; n++ {
		y, i = c.year(y.number+1), 0
		if len(y.spans) == 0 || !y.at(y.spans[0].start).Equal(end) {
			return end.In(c.Zone)
		}
		end = y.at(y.spans[0].end)
	}
	if i == len(y.spans)-1 && y.spans[i].end == y.end {
		return time.Time{}
	}
	return end.In(c.Zone)
}

func (c *Calendar) whyClosed(d Date) string {
	hours, why := c.on(d)
	switch {
	case len(hours) > 0:
		return "outside opening hours"
	case why != "":
		return why
	case len(c.Week[d.Weekday()]) > 0:
		return "closed on this date"
	}
	return fmt.Sprintf("closed on %ss", d.Weekday())
}

// Closing is a date on which the desk keeps other hours than the week says; no hours means closed.
type Closing struct {
	Date  Date
	Hours []Interval
	Why   string
}

// Closings lists the next n dates, from the one of from on, on which the desk is closed or keeps other hours although
// the week would have it open as usual, with the reason: what a policy page shows. It looks ten years ahead at most.
func (c *Calendar) Closings(from time.Time, n int) []Closing {
	var list []Closing
	d := DateOf(from, c.Zone)
	for range patience * 366 {
		if len(list) >= n {
			break
		}
		if hours, why := c.HoursOn(d); !slices.Equal(hours, c.Week[d.Weekday()]) {
			list = append(list, Closing{d, hours, why})
		}
		d = d.Plus(1)
	}
	return list
}
