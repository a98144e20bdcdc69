package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/fault"
)

// Answer is what somebody's mail program says about an invitation: yes, no, perhaps, or another time (RFC 5546, 3.2.3 and
// 3.2.7). It comes from outside and proves nothing: whoever uses it has to know from elsewhere that its sender was invited.
type Answer struct {
	Method    string // REPLY or COUNTER; DECLINECOUNTER and REFRESH ask for nothing that a call could give
	UID       string
	Sequence  int64 // of the invitation that is answered
	Attendee  string
	Status    string    // accepted, tentative, declined, or "" for anything else
	Comment   string    // what they wrote with it
	Start     time.Time // zero when it names none, or one in a zone that neither the file explains nor anybody knows
	End       time.Time
	Organizer string
}

// How much of a calendar object is read. An answer of a usual program has about a thousand bytes.
const (
	mostOfAnswer  = 64 << 10
	longestAnswer = 2000 // properties
	longestWords  = 1000 // of a comment
)

// ReadAnswer reads what an invited person's program may send, with exactly one event. It fails with fault.Invalid on anything else, and never reads
// more than a fixed part of it. Times count when they are in UTC, in a zone that the file explains, or in one by its IANA name.
func ReadAnswer(ics []byte) (a Answer, err error) {
	if len(ics) > mostOfAnswer {
		return a, fault.New(fault.Invalid, "a calendar answer has at most %d bytes; this one has %d", mostOfAnswer, len(ics))
	}
	reader := answerReader{}
	for n, line := range unfolded(string(ics)) {
		if n >= longestAnswer {
			return a, fault.New(fault.Invalid, "a calendar answer has at most %d properties", longestAnswer)
		}
		reader.read(line)
	}
	return reader.result()
}

// unfolded are the properties of a file, each on one line (RFC 5545, 3.1). Programs end lines in any way.
func unfolded(text string) (lines []string) {
	text = strings.ToValidUTF8(strings.TrimPrefix(text, "\uFEFF"), "\uFFFD")
	var parts []string
	end := func() {
		if len(parts) > 0 {
			lines = append(lines, strings.Join(parts, ""))
		}
		parts = nil
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(parts) > 0 {
			parts = append(parts, line[1:])
			continue
		}
		end()
		if line = strings.TrimRight(line, "\r"); line != "" {
			parts = []string{line}
		}
	}
	end()
	return lines
}

// answerReader takes in one property after the other. What is inside of anything but an event or a zone is passed over.
type answerReader struct {
	Answer
	within     []string
	events     int
	people     int
	start, end localTime
	zones      zonesTold
}

// localTime is a date and time as a file writes it, which may explain its zone only further down.
type localTime struct{ value, zone string }

func (r *answerReader) read(line string) {
	name, params, value := property(line)
	switch {
	case name == "BEGIN":
		r.begin(strings.ToUpper(value))
	case name == "END" && len(r.within) > 0:
		r.within = r.within[:len(r.within)-1]
	case strings.Join(r.within, "/") == "VCALENDAR" && name == "METHOD":
		r.Method = strings.ToUpper(strings.TrimSpace(value))
	case strings.Join(r.within, "/") == "VCALENDAR/VEVENT" && r.events == 1:
		r.event(name, params, value)
	case len(r.within) > 1 && r.within[1] == "VTIMEZONE":
		r.zones.take(len(r.within), name, value)
	}
}

// deepest is how far one part of a calendar can be inside of another.
const deepest = 8

func (r *answerReader) begin(part string) {
	if len(r.within) < deepest {
		r.within = append(r.within, part)
	}
	if part == "VEVENT" {
		r.events++
	}
	r.zones.begin(part)
}

func (r *answerReader) event(name string, params map[string]string, value string) {
	switch name {
	case "UID":
		r.UID = unescaped(value)
	case "SEQUENCE":
		r.Sequence, _ = strconv.ParseInt(strings.TrimSpace(value), 10, 32) // what is no number is 0, the first
	case "ORGANIZER":
		r.Organizer = mailto(value)
	case "COMMENT":
		r.Comment = clipped(unescaped(value))
	case "DTSTART":
		r.start = localTime{strings.TrimSpace(value), params["TZID"]}
	case "DTEND":
		r.end = localTime{strings.TrimSpace(value), params["TZID"]}
	case "ATTENDEE":
		r.people++
		r.Attendee, r.Status = mailto(value), statuses[strings.ToUpper(params["PARTSTAT"])]
	}
}

// answering are the methods that whoever is invited may send.
var answering = []string{MethodReply, MethodCounter, MethodDeclineCounter, MethodRefresh}

var statuses = map[string]string{"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}

func (r *answerReader) result() (Answer, error) {
	switch {
	case !slices.Contains(answering, r.Method):
		return Answer{}, fault.New(fault.Invalid, "this is no answer to an invitation")
	case r.events != 1:
		return Answer{}, fault.New(fault.Invalid, "an answer is about one call; this one is about %d", r.events)
	case r.UID == "":
		return Answer{}, fault.New(fault.Invalid, "the answer does not say which invitation it is about")
	case r.people != 1 && r.Method == MethodReply:
		return Answer{}, fault.New(fault.Invalid, "an answer is one person's; this one is of %d", r.people)
	}
	r.Start, r.End = r.instant(r.start), r.instant(r.end)
	return r.Answer, nil
}

// property takes a line apart: NAME;PARAM=value;PARAM="quoted":value. Names come in capitals.
func property(line string) (name string, params map[string]string, value string) {
	head, value, _ := cutOutside(line, ':')
	name, rest, more := cutOutside(head, ';')
	for more {
		var one string
		one, rest, more = cutOutside(rest, ';')
		key, said, _ := strings.Cut(one, "=")
		if params == nil {
			params = map[string]string{}
		}
		params[strings.ToUpper(key)] = strings.Trim(said, `"`)
	}
	return strings.ToUpper(strings.TrimSpace(name)), params, value
}

// cutOutside is strings.Cut at a character that does not stand between quotes.
func cutOutside(s string, at byte) (before, after string, found bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == at && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func unescaped(value string) string {
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(strings.TrimSpace(value))
}

func clipped(text string) string {
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > longestWords {
		return string(runes[:longestWords]) + "…"
	}
	return text
}

func mailto(value string) string {
	value = strings.TrimSpace(value)
	if scheme := "mailto:"; len(value) > len(scheme) && strings.EqualFold(value[:len(scheme)], scheme) {
		value = value[len(scheme):]
	}
	return strings.ToLower(value)
}

// instant reads a date and time in UTC, in a zone that the file explains, or in one by its IANA name. Everything else is the zero time:
// a floating time, and a zone that is not understood, are not guessed at.
func (r *answerReader) instant(t localTime) time.Time {
	if at, err := time.Parse("20060102T150405Z", t.value); err == nil {
		return at
	}
	wall, err := time.Parse("20060102T150405", t.value)
	if err != nil || t.zone == "" {
		return time.Time{}
	}
	if zone, told := r.zones.named[t.zone]; told {
		if !zone.understood() {
			return time.Time{}
		}
		return zone.at(wall)
	}
	return inNamedZone(wall, t.zone)
}

func inNamedZone(wall time.Time, name string) time.Time {
	zone := zoneCalled(name)
	if zone == nil {
		return time.Time{}
	}
	return namedZone{zone}.at(wall)
}
