package mailtest

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// CalendarProgram is the calendar of a real mail program, which shares nothing with ours: it reads invitations and writes the answers
// that its user would send.
type CalendarProgram struct {
	Name    string
	command []string
}

// CalendarPrograms are two: libical, which Evolution and KOrganizer use (Debian's gir1.2-ical-3.0), and ical.js, which Thunderbird
// uses. What is missing fails the test that needs it.
func CalendarPrograms() []CalendarProgram {
	_, here, _, _ := runtime.Caller(0)
	script := func(name string) string { return filepath.Join(filepath.Dir(here), "calendars", name) }
	return []CalendarProgram{
		{"libical", []string{"/usr/bin/python3", script("libical.py")}},
		{"ical.js", []string{"node", script("ical.cjs")}},
	}
}

// CalendarFile is what a program has found in a file.
type CalendarFile struct {
	Method string
	Events []CalendarEvent
}

// CalendarEvent is one entry of a file.
type CalendarEvent struct {
	UID         string
	Sequence    int64
	Zone        string // as the file calls it
	Summary     string
	Description string
	Status      string
	Day         bool // it has days and no times
	Organizer   []CalendarPerson
	People      []CalendarPerson
	Times       [][2]int64 // from and to, in seconds since 1970; several when it repeats
}

// CalendarPerson is somebody as an entry names them.
type CalendarPerson struct{ Name, Address, Status, Asked string }

// Start is when the first of its times begins.
func (e CalendarEvent) Start() time.Time { return time.Unix(e.Times[0][0], 0).UTC() }

// End is when the first of its times ends.
func (e CalendarEvent) End() time.Time { return time.Unix(e.Times[0][1], 0).UTC() }

// CalendarAnswer is what the user of a program presses. Start and End are a counter-proposal, on the clock of Zone; libical knows zones
// by name, and ical.js takes ZoneText, a VTIMEZONE.
type CalendarAnswer struct {
	Method   string `json:"method"` // REPLY or COUNTER
	Status   string `json:"status"` // ACCEPTED, TENTATIVE or DECLINED
	Who      string `json:"who"`    // whose answer it is
	Comment  string `json:"comment,omitempty"`
	Start    string `json:"start,omitempty"` // 2026-11-20T15:00:00
	End      string `json:"end,omitempty"`
	Zone     string `json:"zone,omitempty"`
	ZoneText string `json:"zoneText,omitempty"`
}

// Read lets the program read a file. A file that it finds fault with fails the test.
func (p CalendarProgram) Read(t testing.TB, ics []byte) (file CalendarFile) {
	t.Helper()
	if err := json.Unmarshal(p.run(t, ics, "read"), &file); err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	return file
}

// Answer lets the program write the answer to an invitation.
func (p CalendarProgram) Answer(t testing.TB, invitation []byte, a CalendarAnswer) []byte {
	t.Helper()
	says, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return p.run(t, invitation, "answer", string(says))
}

func (p CalendarProgram) run(t testing.TB, ics []byte, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), p.command[0], append(p.command[1:], args...)...)
	var complaint bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(ics), &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s cannot %s this (make test-needs pages brings what it needs): %v\n%s\n%s", p.Name, args[0], err, complaint.String(), ics)
	}
	return out
}
