package policy

import (
	"strconv"
	"strings"

	"hark/calendar"
)

// How long, by when, and when people are there, in words.

// Says is a usual time in words: as the company says it, else "1 to 10 business days". It is "" where no time is given.
func (e *Expect) Says() string {
	switch {
	case e == nil || e.None:
		return ""
	case e.Say != "":
		return e.Say
	case e.From == nil && e.To == nil:
		return ""
	case e.From == nil:
		return "up to " + length(*e.To)
	case e.To == nil:
		return length(*e.From) + " or more"
	case e.From.Unit == e.To.Unit:
		return strconv.Itoa(e.From.N) + " to " + length(*e.To)
	}
	return length(*e.From) + " to " + length(*e.To)
}

// length is a duration of a range: "3 business days", whether or not it is measured to the close of the last one.
func length(d calendar.Duration) string {
	d.Edge = calendar.NoEdge
	return d.Says()
}

var measureSays = map[string]string{
	"first_reply": "first answer", "next_reply": "next answer", "update": "news while we work on it", "resolution": "solution",
	"call_offer": "offer of a call", "call_after_booking": "call after booking",
}

var strengthSays = map[string]string{"promise": "promised", "aim": "our aim is", "usual": "usually", "": "usually", "unstated": "internal aim"}

func (p *Policy) targetSays(t Target, told bool) string {
	if told && t.Strength == "unstated" {
		return upperFirst(measureSays[t.Measure]) + ": no time is stated."
	}
	length := or(t.Expect.Says(), "no time is given")
	if t.Within != nil && t.Expect.Says() == "" {
		length = byOrWithin(*t.Within) + t.Within.Says()
	}
	for_ := ""
	if len(t.When) > 0 {
		for_ = " if " + p.Says(t.When)
	}
	return upperFirst(measureSays[t.Measure]) + for_ + ": " + strengthSays[t.Strength] + " " + length + "."
}

// byOrWithin is the word before a length of time or an edge of a day.
func byOrWithin(d calendar.Duration) string {
	if d.Edge != calendar.NoEdge {
		return "by "
	}
	return "within "
}

// setNames are the built-in sets of holidays as people call them.
var setNames = map[string]string{
	"us-federal": "US federal holidays",
	"gb-eng":     "bank holidays of England and Wales",
	"au-nsw":     "public holidays of New South Wales",
}

func holidaysSay(sets []string) string {
	names := make([]string, len(sets))
	for i, set := range sets {
		if names[i] = setNames[set]; names[i] == "" {
			names[i] = spaced(set)
		}
	}
	return enumerate(names)
}

// zoneNames are zones that people call otherwise than by a place.
var zoneNames = map[string]string{
	"UTC": "UTC", "America/New_York": "Eastern Time", "America/Chicago": "Central Time", "America/Denver": "Mountain Time", "America/Los_Angeles": "Pacific Time",
}

// zoneSays names a zone as people do, else by its place: "Eastern Time", "London time".
func zoneSays(name string) string {
	if says, ok := zoneNames[name]; ok {
		return says
	}
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ") + " time"
}

// calendarSays is when people are there: hours, whose clock, and the days off.
func (p *Policy) calendarSays(id string) string {
	c, cal := p.Doc.Calendars[id], p.Calendars[id]
	if cal == nil {
		return ""
	}
	where := zoneSays(cal.Zone.String())
	if len(c.Regions) > 0 {
		where = "local time"
	}
	says := cal.WeekSays() + ", " + where
	if len(c.Holidays) > 0 {
		says += ", except " + holidaysSay(c.Holidays)
	} else if len(c.Regions) > 0 {
		says += ", except public holidays"
	}
	return says
}
