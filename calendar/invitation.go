package calendar

import (
	"strconv"
	"strings"
	"time"
)

// Invitation is one meeting of two people as mail programs know it: a calendar object that is sent, changed and withdrawn by
// mail (iTIP, RFC 5546; iMIP, RFC 6047). Its UID stays for ever and its Sequence goes up with each change, so that a moved call
// is the same entry at another time and leaves no ghost (S0-16).
type Invitation struct {
	UID       string
	Sequence  int64
	Summary   string
	Says      string // the description
	Organizer string // an address that reads answers
	Company   string // the organizer's name
	Guest     Invited
	Host      Invited // the zero Invited is left out
	Start     time.Time
	End       time.Time
	Zone      *time.Location // in which Start is told; nil for UTC
	Stamp     time.Time      // when this version was made
}

// Invited is somebody who takes part.
type Invited struct {
	Name    string
	Address string
}

// The methods of iTIP that a desk speaks and hears (RFC 5546, 1.4).
const (
	MethodRequest        = "REQUEST"
	MethodCancel         = "CANCEL"
	MethodReply          = "REPLY"
	MethodCounter        = "COUNTER"
	MethodDeclineCounter = "DECLINECOUNTER"
	MethodRefresh        = "REFRESH"
	MethodPublish        = "PUBLISH"
)

// ICS is the invitation as a file for one method: REQUEST to invite and to change, CANCEL to withdraw, DECLINECOUNTER to say
// that a proposed time does not suit, PUBLISH for a file to save. The same invitation is always the same bytes.
func (i Invitation) ICS(method string) []byte {
	var w ics
	w.add("BEGIN", "VCALENDAR")
	w.add("VERSION", "2.0")
	w.add("PRODID", "-//Hark//Calls//EN")
	w.add("CALSCALE", "GREGORIAN")
	w.add("METHOD", method)
	zoneFor(&w, i.Zone, i.Start, i.End)
	i.event(&w, method)
	w.add("END", "VCALENDAR")
	return []byte(w.String())
}

func (i Invitation) event(w *ics, method string) {
	w.add("BEGIN", "VEVENT")
	w.add("UID", escaped(i.UID))
	w.add("SEQUENCE", strconv.FormatInt(i.Sequence, 10))
	w.add("DTSTAMP", utc(i.Stamp))
	w.instant("DTSTART", i.Start, i.Zone)
	w.instant("DTEND", i.End, i.Zone)
	w.add("SUMMARY", escaped(i.Summary))
	if i.Says != "" {
		w.add("DESCRIPTION", escaped(i.Says))
	}
	w.add("ORGANIZER"+named(i.Company), "mailto:"+mailbox(i.Organizer))
	asks := ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
	if method != MethodRequest {
		asks = ""
	}
	w.add("ATTENDEE"+named(i.Guest.Name)+asks, "mailto:"+mailbox(i.Guest.Address))
	if i.Host.Address != "" {
		w.add("ATTENDEE"+named(i.Host.Name)+";PARTSTAT=ACCEPTED", "mailto:"+mailbox(i.Host.Address))
	}
	if method == MethodCancel {
		w.add("STATUS", "CANCELLED")
	} else {
		w.add("STATUS", "CONFIRMED")
	}
	w.add("END", "VEVENT")
}

// zoneFor describes the zone of two instants, when it has a name that needs it.
func zoneFor(w *ics, zone *time.Location, start, end time.Time) {
	if zone == nil || zone.String() == "UTC" || zone.String() == "Local" {
		return
	}
	Feed{From: DateOf(start, zone).Plus(-1), To: DateOf(end, zone).Plus(1)}.zone(w, zone)
}

// instant writes a time in a zone that the file describes, else in UTC.
func (w *ics) instant(name string, at time.Time, zone *time.Location) {
	if zone == nil || zone.String() == "UTC" || zone.String() == "Local" {
		w.add(name, utc(at))
		return
	}
	w.add(name+";TZID="+zone.String(), at.In(zone).Format("20060102T150405"))
}

// named is the common name of somebody as a parameter. Quotes and control characters cannot stand in one (RFC 5545, 3.2).
func named(name string) string {
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '"' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))), " ")
	if name == "" {
		return ""
	}
	return `;CN="` + name + `"`
}

// mailbox is an address without what would end its line.
func mailbox(address string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, address)
}

// Agenda is a list of calls as a file to subscribe to: whoever may read it sees their calls beside everything else they do.
func Agenda(name string, stamp time.Time, calls []Invitation) []byte {
	var w ics
	w.add("BEGIN", "VCALENDAR")
	w.add("VERSION", "2.0")
	w.add("PRODID", "-//Hark//Calls//EN")
	w.add("CALSCALE", "GREGORIAN")
	w.add("METHOD", MethodPublish)
	w.add("NAME", escaped(name)) // RFC 7986
	w.add("X-WR-CALNAME", escaped(name))
	w.add("REFRESH-INTERVAL;VALUE=DURATION", "PT15M")
	for _, c := range calls {
		w.add("BEGIN", "VEVENT")
		w.add("UID", escaped(c.UID))
		w.add("SEQUENCE", strconv.FormatInt(c.Sequence, 10))
		w.add("DTSTAMP", utc(stamp))
		w.instant("DTSTART", c.Start, nil)
		w.instant("DTEND", c.End, nil)
		w.add("SUMMARY", escaped(c.Summary))
		w.add("DESCRIPTION", escaped(c.Says))
		w.add("END", "VEVENT")
	}
	w.add("END", "VCALENDAR")
	return []byte(w.String())
}
