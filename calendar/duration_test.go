package calendar

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hark/fault"
)

func TestDurationsAreReadAndSaid(t *testing.T) {
	for _, x := range []struct {
		text, canonical, says string
		needs                 bool
	}{
		{"24h", "24h", "24 hours", false},
		{"1h", "1h", "1 hour", false},
		{"30m", "30m", "30 minutes", false},
		{"5d", "5d", "5 days", false},
		{"2w", "2w", "2 weeks", false},
		{"90bm", "90bm", "90 business minutes", true},
		{"4bh", "4bh", "4 business hours", true},
		{"1bd", "1bd", "1 business day", true},
		{"0bd", "0bd", "0 business days", true},
		{"007d", "7d", "7 days", false},
		{"0bd@close", "0bd@close", "the close of the same business day", true},
		{"1bd@close", "1bd@close", "the close of the next business day", true},
		{"3bd@close", "3bd@close", "the close of the third business day", true},
		{"10bd@open", "10bd@open", "the opening of the tenth business day", true},
		{"22bd@close", "22bd@close", "the close of the 22nd business day", true},
		{"112bd@close", "112bd@close", "the close of the 112th business day", true},
		{"5d@close", "5d@close", "the close of the business day 5 days later", true},
	} {
		d, err := ParseDuration(x.text)
		if err != nil {
			t.Errorf("%s: %v", x.text, err)
		}
		if d.String() != x.canonical || d.Says() != x.says || d.NeedsCalendar() != x.needs {
			t.Errorf("%s is %s, said %q, needs a calendar: %v; want %s, %q, %v", x.text, d, d.Says(), d.NeedsCalendar(), x.canonical, x.says, x.needs)
		}
	}
}

func TestUnreadableDurationsSayWhatIsWrongAndHowToWriteIt(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "does not begin with a whole number",
		"24":                           "the unit is missing",
		"h":                            "does not begin with a whole number",
		"-1h":                          "does not begin with a whole number",
		"1.5h":                         `".5h" is not a unit`,
		"24 hours":                     `" hours" is not a unit`,
		"24H":                          `"H" is not a unit`,
		"1bd@noon":                     "after @ stands open or close",
		"1bd@":                         "after @ stands open or close",
		"4bh@close":                    "bh does not count days",
		"24h@close":                    "h does not count days",
		"0bd@open":                     "before its own beginning",
		"0d@close":                     "before its own beginning",
		"100000000h":                   "the number is too large",
		"99999999999999999999h":        "the number is too large",
		"1" + strings.Repeat("x", 500): "...",
	} {
		_, err := ParseDuration(text)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"1bd@close"`) {
			t.Errorf("%.40q: the error is %v, want %q and how to write it", text, err, want)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.40q: the error is %d characters long", text, len(err.Error()))
		}
	}
}

func TestDurationsTravelAsText(t *testing.T) {
	if !(Duration{}).IsZero() || (Duration{0, Hours, NoEdge}).IsZero() || (Duration{}).String() != "" {
		t.Error("no duration and no hours are confused")
	}
	var policy struct{ Within Duration }
	if err := json.Unmarshal([]byte(`{"Within":"1bd@close"}`), &policy); err != nil || policy.Within != (Duration{1, BusinessDays, Close}) {
		t.Fatalf("%v %v", policy, err)
	}
	if text, err := json.Marshal(policy); err != nil || string(text) != `{"Within":"1bd@close"}` {
		t.Errorf("%s %v", text, err)
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"24h", "5d", "1bd@close", "0bd@open", "99999999bm", "1.5h", "２h"} {
		f.Add(s)
	}
	c := desk(f, "America/New_York", "09:00-17:00", "us-federal")
	from := instant(f, c.Zone, "2026-11-20 16:30")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		if again, err := ParseDuration(d.String()); err != nil || again != d {
			t.Errorf("%q is %s, which reads as %s (%v)", s, d, again, err)
		}
		if at, err := c.Add(from, d); err == nil && at.Before(from) {
			t.Errorf("%s from %s is %s", d, from, at)
		}
	})
}

func FuzzAnswerLine(f *testing.F) {
	for _, s := range []string{"2026-11-20T16:30 1bd uk", "2026-11-20T16:30:00Z 24h", "2026-11-20T16:30:00+23:59 99999999w", "", "a b c d", "0000-01-01T00:00:00Z 1bd", "9999-12-31T23:59 1bd"} {
		f.Add(s)
	}
	c := regional(f)
	f.Fuzz(func(t *testing.T, line string) {
		answer := c.AnswerLine(line)
		if _, err := time.Parse(time.RFC3339, answer); err != nil && !strings.HasPrefix(answer, "error: ") || strings.ContainsAny(answer, "\r\n") {
			t.Errorf("%q is answered with %q", line, answer)
		}
	})
}
