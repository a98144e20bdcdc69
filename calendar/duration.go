package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"hark/fault"
)

// Unit is what a duration counts.
type Unit string

// The units. Minutes and hours are exact; days and weeks keep the clock time of the calendar's zone; the business units
// count opening time or days on which the desk opens.
const (
	Minutes         Unit = "m"
	Hours           Unit = "h"
	Days            Unit = "d"
	Weeks           Unit = "w"
	BusinessMinutes Unit = "bm"
	BusinessHours   Unit = "bh"
	BusinessDays    Unit = "bd"
)

// Edge moves a result to the opening or the close of the day it falls on.
type Edge string

// The edges of a day, and none.
const (
	NoEdge Edge = ""
	Open   Edge = "open"
	Close  Edge = "close"
)

// Duration is a length of time together with the clock that measures it. A plain number has no meaning here: 24 hours
// and one business day are different promises. The zero Duration is no duration; its Unit is empty.
type Duration struct {
	N    int
	Unit Unit
	Edge Edge
}

const most = 99_999_999 // more than any promise

const howToWrite = `write a whole number and a unit, like "30m", "24h", "5d", "2w", "90bm", "4bh", "1bd" or "1bd@close"`

// ParseDuration reads "24h", "5d" or "1bd@close". The error says what is wrong and how to write it.
func ParseDuration(s string) (Duration, error) {
	body, edge, edged := strings.Cut(s, "@")
	digits := len(body) - len(strings.TrimLeft(body, "0123456789"))
	n, err := strconv.Atoi(body[:digits])
	d := Duration{N: n, Unit: Unit(body[digits:]), Edge: Edge(edge)}
	switch {
	case digits == 0:
		return Duration{}, unreadable(s, "it does not begin with a whole number")
	case err != nil || n > most:
		return Duration{}, unreadable(s, "the number is too large")
	case d.Unit == "":
		return Duration{}, unreadable(s, "the unit is missing")
	case !d.Unit.known():
		return Duration{}, unreadable(s, fmt.Sprintf("%q is not a unit", clip(string(d.Unit))))
	case edged && edge != "open" && edge != "close":
		return Duration{}, unreadable(s, "after @ stands open or close")
	}
	return d, d.sensible()
}

// sensible refuses edges that would name no day, or an instant before the beginning.
func (d Duration) sensible() error {
	switch {
	case d.Edge == NoEdge:
		return nil
	case d.Unit != BusinessDays && d.Unit != Days && d.Unit != Weeks:
		return unreadable(d.String(), fmt.Sprintf("only days have an opening and a close, and %s does not count days", d.Unit))
	case d.N == 0 && (d.Unit != BusinessDays || d.Edge == Open):
		return unreadable(d.String(), `it could lie before its own beginning; "0bd@close" is the close of the same business day`)
	}
	return nil
}

func unreadable(s, why string) error {
	return fault.New(fault.Invalid, "%q is not a duration: %s; %s", clip(s), why, howToWrite)
}

func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "..."
	}
	return s
}

func (u Unit) known() bool {
	switch u {
	case Minutes, Hours, Days, Weeks, BusinessMinutes, BusinessHours, BusinessDays:
		return true
	}
	return false
}

// String prints the canonical form, which ParseDuration reads back. The zero Duration prints as "".
func (d Duration) String() string {
	switch {
	case d.Unit == "":
		return ""
	case d.Edge == NoEdge:
		return strconv.Itoa(d.N) + string(d.Unit)
	}
	return strconv.Itoa(d.N) + string(d.Unit) + "@" + string(d.Edge)
}

// NeedsCalendar reports whether the duration depends on opening hours. The others need a zone at most.
func (d Duration) NeedsCalendar() bool {
	return d.Edge != NoEdge || d.Unit == BusinessMinutes || d.Unit == BusinessHours || d.Unit == BusinessDays
}

// IsZero reports whether there is no duration at all; 0h is one.
func (d Duration) IsZero() bool { return d.Unit == "" }

// UnmarshalText reads what ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDuration(string(text))
	return err
}

// MarshalText prints what String prints.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// exact is the length of units that are as long as they say, on whichever clock: m and h on the exact one, bm and bh on
// the one that runs during opening hours. Lengths beyond anything that Add answers are cut off before they overflow.
func (d Duration) exact() time.Duration {
	unit := time.Minute
	if d.Unit == Hours || d.Unit == BusinessHours {
		unit = time.Hour
	}
	return time.Duration(min(d.N, int(2*horizon*366*day24/unit))) * unit
}

// nominal is the number of dates that d or w moves ahead.
func (d Duration) nominal() int {
	if d.Unit == Weeks {
		return 7 * d.N
	}
	return d.N
}
