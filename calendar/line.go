package calendar

import (
	"strings"
	"time"

	"hark/fault"
)

// ParseInstant reads an instant in RFC 3339, or a date and time on the calendar's own clock without a zone, as in
// 2026-11-20T16:30 or 2026-11-20T16:30:05, which Resolve settles when the clocks change.
func (c *Calendar) ParseInstant(s string) (time.Time, error) {
	if wall, ok := wallTime(s); ok {
		return c.resolve(wall), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fault.New(fault.Invalid, "%q is not a time; write 2026-11-20T16:30 on the clock of %s, or with an offset like 2026-11-20T16:30:00Z", clip(s), c.Zone)
	}
	return t, nil
}

// wallTime reads a clock reading, which is no instant yet; UTC stands for no zone.
func wallTime(s string) (time.Time, bool) {
	layout := "2006-01-02T15:04:05"
	if len(s) == len("2006-01-02T15:04") {
		layout = layout[:len(s)]
	} else if len(s) != len(layout) {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, s)
	return t, err == nil
}

// resolve does what Resolve does, from the tables where there are any.
func (c *Calendar) resolve(wall time.Time) time.Time {
	if n := wall.Year(); n >= firstYear && n <= lastYear {
		y := c.year(n)
		return y.at(y.periods.instant(wall.Sub(y.base)))
	}
	d := DateOf(wall, time.UTC)
	return Resolve(d, Clock(wall.Sub(d.midnight())), c.Zone)
}

// AnswerLine answers one line "FROM DURATION [REGION]" with the instant in UTC and RFC 3339, or with "error: ..." on one
// line. FROM is what ParseInstant reads; without a region the default one answers.
func (c *Calendar) AnswerLine(line string) string {
	at, err := c.answer(line)
	if err != nil {
		return "error: " + err.Error()
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func (c *Calendar) answer(line string) (time.Time, error) {
	from, rest := word(line)
	length, rest := word(rest)
	region, rest := word(rest)
	if length == "" || rest != "" {
		return time.Time{}, fault.New(fault.Invalid, "%q is not a question; write FROM DURATION, or FROM DURATION REGION", clip(line))
	}
	cal, err := c.Region(region)
	if err != nil {
		return time.Time{}, err
	}
	start, err := cal.ParseInstant(from)
	if err != nil {
		return time.Time{}, err
	}
	d, err := ParseDuration(length)
	if err != nil {
		return time.Time{}, err
	}
	return cal.Add(start, d)
}

// word cuts the first word off a line.
func word(line string) (first, rest string) {
	line = strings.TrimLeft(line, " \t\r\n")
	if i := strings.IndexAny(line, " \t\r\n"); i >= 0 {
		return line[:i], strings.TrimLeft(line[i:], " \t\r\n")
	}
	return line, ""
}
