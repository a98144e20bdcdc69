package simulate

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hark/policy"
)

func TestAScenarioIsReadStrictly(t *testing.T) {
	zone, _ := time.LoadLocation("America/New_York")
	for name, one := range map[string]struct{ src, place, says string }{
		"an unknown key":        {"events: [{at: \"2026-11-20 15:00\", event: customer_creates}]\nspeed: 2", "s.yaml:2:1", `"speed" is not a key of a scenario`},
		"an unknown event":      {`events: [{at: "2026-11-20 15:00", event: customer_sings}]`, "s.yaml:1:42", `there is no event "customer_sings"`},
		"a key of another":      {`events: [{at: "2026-11-20 15:00", event: agent_note, status: open}]`, "s.yaml:1:54", "agent_note has no status"},
		"no time":               {`events: [{event: agent_note}]`, "s.yaml:1:10", "events.0 lacks the key at"},
		"no such time":          {`events: [{at: "20.11.2026", event: agent_note}]`, "s.yaml:1:15", `"20.11.2026" is not a time`},
		"events out of order":   {"events:\n  - {at: \"2026-11-20 15:00\", event: agent_note}\n  - {at: \"2026-11-20 14:00\", event: agent_note}", "s.yaml:3:10", "this is earlier than the event before"},
		"no such zone":          {"zone: Mars/Olympus\nevents: [{at: \"2026-11-20 15:00\", event: agent_note}]", "s.yaml:1:7", `"Mars/Olympus" is not a time zone`},
		"a call without a time": {`events: [{at: "2026-11-20 15:00", event: call_booked}]`, "s.yaml:1:42", "call_booked lacks the key start"},
		"nothing happens":       {`events: []`, "s.yaml:1:9", "nothing happens in this scenario"},
		"not a scenario":        {`[1, 2]`, "s.yaml:1:1", "this is not a scenario"},
	} {
		_, findings := Parse("s.yaml", []byte(one.src), zone)
		if len(findings) == 0 {
			t.Errorf("%s: accepted", name)
			continue
		}
		caret := findings[0].Caret([]byte(one.src))
		if !strings.HasPrefix(caret, one.place+": error: ") || !strings.Contains(caret, one.says) || !strings.Contains(caret, "^") {
			t.Errorf("%s:\n%swant %s ... %s", name, caret, one.place, one.says)
		}
	}
}

func TestTimesAreLocalOrRFC3339(t *testing.T) {
	zone, _ := time.LoadLocation("America/New_York")
	for text, want := range map[string]string{
		"2026-11-20 16:30":          "2026-11-20T21:30:00Z",
		"2026-11-20 16:30:59":       "2026-11-20T21:30:59Z",
		"2026-11-20T16:30:00-05:00": "2026-11-20T21:30:00Z",
		"2027-03-14 02:30":          "2027-03-14T07:30:00Z", // does not exist: the offset before the gap (A12)
		"2026-11-01 01:30":          "2026-11-01T05:30:00Z", // exists twice: the first (A12)
	} {
		src := `events: [{at: "` + text + `", event: agent_note}]`
		s, findings := Parse("s.yaml", []byte(src), zone)
		if len(findings) > 0 {
			t.Fatal(findings.Carets([]byte(src)))
		}
		if got := utc(s.Events[0].At); got != want {
			t.Errorf("%s is %s, not %s", text, got, want)
		}
	}
}

func TestTheEndIsNinetyDaysAfterTheLastEvent(t *testing.T) {
	zone, _ := time.LoadLocation("America/New_York")
	s, _ := Parse("s.yaml", []byte(`events: [{at: "2026-10-01 12:00", event: agent_note}]`), zone)
	if got := s.Until.In(zone).Format("2006-01-02 15:04 MST"); got != "2026-12-30 12:00 EST" {
		t.Errorf("until %s", got)
	}
}

// At one instant: customers first, then timers, then agents (A5).
func TestTheOrderWithinAnInstant(t *testing.T) {
	r := playText(t, supportCenter(t), "order.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:30", event: agent_sets, status: solved}
until: "2026-11-21 16:30"`)
	expect(t, happened(r, quiet)[1:],
		"Sat 2026-11-21 16:30 EST mail reminder-1 to the requester",
		"Sat 2026-11-21 16:30 EST status solved",
		"Sat 2026-11-21 16:30 EST mail solved to the requester")
	r = playText(t, supportCenter(t), "order.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:30", event: agent_replies, status: hold}
  - {at: "2026-11-21 16:30", event: customer_replies}
until: "2026-11-21 16:30"`)
	expect(t, happened(r, quiet)[1:],
		"Sat 2026-11-21 16:30 EST status open",
		"Sat 2026-11-21 16:30 EST mail received-reply to the requester",
		"Sat 2026-11-21 16:30 EST status hold")
}

// a run is bounded in lines and in time, and says when it ends early.
func TestX03_ARunIsBoundedAndSaysSo(t *testing.T) {
	p := supportCenter(t)
	var events []string
	for range 300 {
		events = append(events, `{at: "2026-11-20 16:30", event: agent_replies, status: pending}`)
	}
	s, _ := Parse("s.yaml", []byte("events: ["+strings.Join(events, ", ")+"]"), p.Zone)
	if r := Run(p, s, Limits{Lines: 10}); len(r.Lines) != 10 || r.Stopped != "there were more lines than the limit allows" {
		t.Errorf("%d lines, %q", len(r.Lines), r.Stopped)
	}
	if r := Run(p, s, Limits{Stop: func() bool { return true }}); r.Stopped != "it took longer than the limit allows" || len(r.Lines) >= 300 {
		t.Errorf("%d lines, %q", len(r.Lines), r.Stopped)
	}
	if r := Run(p, s, Limits{}); r.Stopped != "" {
		t.Errorf("stopped: %s", r.Stopped)
	}
}

// A policy whose timers chase each other round in no time does not keep the simulator busy for ever.
func TestX03_TimersThatChaseEachOtherAreStopped(t *testing.T) {
	src, _ := policy.Example("customer-support-center")
	text := strings.Replace(string(src), "  timers:\n", "  timers:\n    - {id: there, in: pending, after: 0m, do: [{status: hold}]}\n    - {id: back, in: hold, after: 0m, do: [{status: pending}]}\n", 1)
	p, findings := policy.Parse("chase.yaml", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	r := playText(t, p, "s.yaml", `events: [{at: "2026-11-20 16:30", event: agent_replies, status: pending}]`)
	if r.Stopped == "" {
		t.Errorf("%d lines and no word about it", len(r.Lines))
	}
}

func TestTheLinesHaveTheirFixedForm(t *testing.T) {
	out, err := play(t, "S2-02").JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"at":"2026-11-20T21:30:00Z","local":"Fri 2026-11-20 16:30 EST","kind":"event","event":"agent_replies"}`,
		`{"at":"2026-11-20T21:30:00Z","local":"Fri 2026-11-20 16:30 EST","kind":"status","status":"pending","rule":"lifecycle.moves"}`,
		`{"at":"2026-11-21T21:30:00Z","local":"Sat 2026-11-21 16:30 EST","kind":"send","message":"reminder-1","to":"requester","rule":"lifecycle.timers.reminder-1"}`,
		`{"at":"2026-11-27T21:30:00Z","local":"Fri 2026-11-27 16:30 EST","kind":"tag","tag":"No Response","rule":"lifecycle.timers.no-response"}`,
	} {
		if !strings.Contains(string(out), want+"\n") {
			t.Errorf("missing %s in\n%s", want, out)
		}
	}
}

func TestAWaitingPhaseHasNoEnd(t *testing.T) {
	out, err := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: bug}
  - {at: "2026-11-16 12:00", event: agent_replies, status: pending}
until: "2026-11-16 13:00"`).JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `"kind":"phase","tracker":"bug","phase":"received","from":"2026-11-16T17:00:00Z","to":null,"say":"We need something from you","state":"waiting","rule":"trackers.bug.received"}`
	if !strings.Contains(string(out), want) {
		t.Errorf("%s", out)
	}
}

// Every line of every scenario is an object with at, local and kind, whatever happens.
func TestEveryLineIsAnObject(t *testing.T) {
	for _, r := range []Result{play(t, "S2-19"), play(t, "S2-28"), play(t, "S2-30"), play(t, "S2-22")} {
		out, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			var got struct{ At, Local, Kind string }
			if err := json.Unmarshal([]byte(line), &got); err != nil || got.At == "" || got.Local == "" || got.Kind == "" {
				t.Errorf("%v in %s", err, line)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("policy: x\nzone: UTC\nfacts: {a.b: 1}\nevents:\n  - {at: \"2026-11-20 15:00\", event: server_down, until: \"2026-11-20 16:00\"}\n"))
	f.Add([]byte(`{"events": [{"at": "2026-11-20T15:00:00Z", "event": "bounce", "permanent": false}]}`))
	p := supportCenter(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		s, findings := Parse("s.yaml", src, p.Zone)
		findings.Carets(src)
		if findings.Errors() == 0 {
			Run(p, s, Limits{Lines: 1000})
		}
	})
}
