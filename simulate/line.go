package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hark/policy"
	"hark/ticket"
)

// Line is one thing that happened, as the simulator prints it.
type Line struct {
	policy.Entry
	Ticket int64 // 1 is the ticket of the scenario, higher numbers its follow-ups
	Zone   *time.Location
	After  *ticket.Ticket // of a mail: the ticket it speaks of, as it was then; nil for everything else
}

// Local is when it happened, in the scenario's zone: "Fri 2026-11-20 16:30 EST".
func (l Line) Local() string { return l.At.In(l.Zone).Format("Mon 2006-01-02 15:04 MST") }

// field is one member of a line's object. The order is fixed, because people read these lines too.
type field struct {
	name  string
	value any
}

// Shown reports whether the line has a form of its own. A change of kind has none: the event that brought it says so.
func (l Line) Shown() bool { return l.Kind != policy.IsKind }

// MarshalJSON prints the line in the simulator's fixed form.
func (l Line) MarshalJSON() ([]byte, error) {
	kind := string(l.Kind)
	if other, ok := shownAs[l.Kind]; ok {
		kind = other
	}
	fields := append([]field{{"at", utc(l.At)}, {"local", l.Local()}, {"kind", kind}}, forms[l.Kind](l.Entry)...)
	if l.Ticket > 1 && l.Kind != policy.IsFollowUp { // that line is about the new ticket and carries its number
		fields = append(fields, field{"ticket", l.Ticket})
	}
	if l.Rule != "" {
		fields = append(fields, field{"rule", l.Rule})
	}
	return object(fields)
}

// shownAs gives the engine's finer kinds the words of the fixed form.
var shownAs = map[policy.EntryKind]string{policy.IsSkipped: "note", policy.IsUndone: "note", policy.IsNotify: "task"}

// forms is what each kind of line holds, beyond when, what and why.
var forms = map[policy.EntryKind]func(policy.Entry) []field{
	policy.IsEvent:    func(e policy.Entry) []field { return some(field{"event", e.Event}, field{"refused", e.Refused}) },
	policy.IsStatus:   func(e policy.Entry) []field { return some(field{"status", e.Status}) },
	policy.IsSend:     func(e policy.Entry) []field { return some(field{"message", e.Message}, field{"to", e.To}) },
	policy.IsTag:      func(e policy.Entry) []field { return some(field{"tag", e.Tag}) },
	policy.IsAssign:   func(e policy.Entry) []field { return []field{{"to", e.To}} },
	policy.IsPriority: func(e policy.Entry) []field { return some(field{"priority", e.Priority}) },
	policy.IsKind:     func(e policy.Entry) []field { return some(field{"ticket_kind", e.TicketKind}) },
	policy.IsTask:     func(e policy.Entry) []field { return some(field{"says", e.Says}, field{"to", e.To}) },
	policy.IsNotify:   func(e policy.Entry) []field { return some(field{"says", e.Says}, field{"to", e.To}) },
	policy.IsNote:     func(e policy.Entry) []field { return some(field{"says", e.Says}, field{"state", e.State}) },
	policy.IsSkipped:  func(e policy.Entry) []field { return some(field{"says", e.Why}, field{"skipped", e.Message}) },
	policy.IsUndone:   func(e policy.Entry) []field { return some(field{"says", e.Why}) },
	policy.IsFollowUp: followUp,
	policy.IsPublish:  func(e policy.Entry) []field { return some(field{"says", e.Says}) },
	policy.IsRating:   func(e policy.Entry) []field { return some(field{"to", e.To}) },
	policy.IsDue:      dueForm,
	policy.IsPhase:    phaseForm,
	policy.IsOverdue:  overdueForm,
	policy.IsLevel: func(e policy.Entry) []field {
		return some(field{"level", e.Level}, field{"row", e.Row}, field{"because", e.Because})
	},
	policy.IsRoute:    func(e policy.Entry) []field { return some(field{"to", e.To}) },
	policy.IsReminder: func(e policy.Entry) []field { return some(field{"to", e.To}, field{"start", utc(e.Due)}) },
}

func followUp(e policy.Entry) []field {
	fields := []field{{"ticket", e.Ticket}}
	if e.Joined {
		fields = append(fields, field{"joined", true})
	}
	return fields
}

func dueForm(e policy.Entry) []field {
	return some(field{"target", e.Target}, field{"due", utc(e.Due)}, field{"warn", utc(e.Warn)}, field{"strength", string(e.Strength)}, field{"state", e.State}, field{"why", e.Why})
}

func phaseForm(e policy.Entry) []field {
	fields := []field{{"tracker", e.Tracker}, {"phase", e.Phase}, {"from", nil}, {"to", nil}, {"say", e.Say}, {"state", e.State}}
	if e.From != nil {
		fields[2].value = utc(*e.From)
	}
	if e.Until != nil {
		fields[3].value = utc(*e.Until)
	}
	return fields
}

func overdueForm(e policy.Entry) []field {
	return some(field{"target", e.Target}, field{"tracker", e.Tracker}, field{"phase", e.Phase}, field{"due", utc(e.Due)}, field{"strength", string(e.Strength)}, field{"say", e.Say})
}

// some leaves out what is not there.
func some(fields ...field) (there []field) {
	for _, f := range fields {
		if fmt.Sprint(f.value) != "" {
			there = append(there, f)
		}
	}
	return there
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// object prints members in their order.
func object(fields []field) ([]byte, error) {
	b := bytes.NewBufferString("{")
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(f.name)
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// JSON prints the lines one object each.
func (r Result) JSON() ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	for _, l := range r.Lines {
		if !l.Shown() {
			continue
		}
		if err := out.Encode(l); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// Text prints the lines as a time line for people. An instant is named once.
func (r Result) Text() string {
	var b strings.Builder
	was := ""
	for _, l := range r.Lines {
		if !l.Shown() {
			continue
		}
		when := l.Local()
		if when == was {
			when = strings.Repeat(" ", len(when))
		} else {
			was = when
		}
		fmt.Fprintf(&b, "%s  %s\n", when, l.says())
	}
	return b.String()
}

// Words is the line for people: "mail reminder-1 to the requester".
func (l Line) Words() string { return strings.TrimSpace(words[l.Kind](l)) }

// says is the line of a printed time line, with the rule behind it.
func (l Line) says() string {
	text := words[l.Kind](l)
	if l.Ticket > 1 {
		text = fmt.Sprintf("  ticket %d: %s", l.Ticket, strings.TrimSpace(text))
	}
	if l.Rule != "" {
		text += "  (" + l.Rule + ")"
	}
	return text
}

var words = map[policy.EntryKind]func(Line) string{
	policy.IsEvent:    eventSays,
	policy.IsStatus:   func(l Line) string { return "  status " + l.Status },
	policy.IsSend:     func(l Line) string { return "  mail " + l.Message + " to the " + l.To },
	policy.IsTag:      func(l Line) string { return "  tag " + l.Tag },
	policy.IsAssign:   func(l Line) string { return "  assigned to " + nobody(l.To) },
	policy.IsPriority: func(l Line) string { return "  priority " + l.Priority },
	policy.IsKind:     func(l Line) string { return "  kind " + l.TicketKind },
	policy.IsTask:     func(l Line) string { return "  task: " + l.Says },
	policy.IsNotify:   func(l Line) string { return "  told " + l.Entry.To + ": " + l.Says },
	policy.IsNote:     func(l Line) string { return "  note: " + l.Says },
	policy.IsSkipped:  func(l Line) string { return "  " + l.Why },
	policy.IsUndone:   func(l Line) string { return "  " + l.Why },
	policy.IsFollowUp: followUpSays,
	policy.IsPublish:  func(l Line) string { return "  published in " + l.Says },
	policy.IsRating:   func(l Line) string { return "  asked how we did" },
	policy.IsDue:      dueSays,
	policy.IsPhase:    phaseSays,
	policy.IsOverdue:  func(l Line) string { return "  overdue: " + l.Target + l.Phase },
	policy.IsLevel:    func(l Line) string { return "  level " + l.Level + ": " + l.Because },
	policy.IsRoute:    func(l Line) string { return "  goes to " + l.To },
	policy.IsReminder: func(l Line) string { return "  reminder of the call at " + l.local(l.Due) },
}

func eventSays(l Line) string {
	text := strings.ReplaceAll(string(l.Event), "_", " ")
	if l.Refused != "" {
		text += ", refused: " + l.Refused
	}
	return text
}

func followUpSays(l Line) string {
	if l.Joined {
		return fmt.Sprintf("  joins ticket %d", l.Entry.Ticket)
	}
	return fmt.Sprintf("  continues as ticket %d", l.Entry.Ticket)
}

func dueSays(l Line) string {
	if l.State != "running" {
		return fmt.Sprintf("  target %s %s", l.Target, l.State)
	}
	return fmt.Sprintf("  target %s, due %s: %s", l.Target, l.local(l.Due), l.Why)
}

func phaseSays(l Line) string {
	text := fmt.Sprintf("  phase %s %s", l.Phase, l.State)
	if l.Until != nil {
		text += ", usually until " + l.local(*l.Until)
	}
	return strings.TrimSuffix(text+": "+l.Say, ": ")
}

func (l Line) local(t time.Time) string { return t.In(l.Zone).Format("Mon 2006-01-02 15:04 MST") }

func nobody(who string) string {
	if who == "" {
		return "nobody"
	}
	return who
}
