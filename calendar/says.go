package calendar

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Says prints the duration for people: "24 hours", "1 business day", "the close of the next business day".
func (d Duration) Says() string {
	if d.Edge == NoEdge {
		return strconv.Itoa(d.N) + " " + d.noun()
	}
	return d.edgeSays()
}

var nouns = map[Unit]string{
	Minutes: "minute", Hours: "hour", Days: "day", Weeks: "week",
	BusinessMinutes: "business minute", BusinessHours: "business hour", BusinessDays: "business day",
}

func (d Duration) noun() string {
	if d.N == 1 {
		return nouns[d.Unit]
	}
	return nouns[d.Unit] + "s"
}

var edges = map[Edge]string{Open: "opening", Close: "close"}

func (d Duration) edgeSays() string {
	which := "the " + edges[d.Edge] + " of the "
	switch {
	case d.Unit != BusinessDays:
		return which + "business day " + strconv.Itoa(d.N) + " " + d.noun() + " later"
	case d.N == 0:
		return which + "same business day"
	case d.N == 1:
		return which + "next business day"
	}
	return which + ordinal(d.N) + " business day"
}

var (
	ordinals = [...]string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	numbers  = [...]string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}
)

func ordinal(n int) string {
	switch {
	case n < len(ordinals):
		return ordinals[n]
	case n%100 >= 11 && n%100 <= 13:
		return strconv.Itoa(n) + "th"
	}
	return strconv.Itoa(n) + [10]string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[n%10]
}

// later begins the sentence that names a result: "One business day later", "The close of the next business day".
func (d Duration) later() string {
	switch {
	case d.Edge != NoEdge:
		return upperFirst(d.edgeSays())
	case d.N < len(numbers):
		return fmt.Sprintf("%s %s later", numbers[d.N], d.noun())
	}
	return d.Says() + " later"
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
