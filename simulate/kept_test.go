package simulate

import (
	"fmt"
	"strings"
	"testing"

	"hark/policy"
)

// The examples keep scenarios, and all of them come true.
func TestTheExamplesTellTheirScenarios(t *testing.T) {
	for _, name := range policy.Examples() {
		p := builtIn(t, name)
		if len(p.Doc.Scenarios) == 0 {
			t.Errorf("%s keeps no scenario", name)
		}
		if found := Check(p); len(found) > 0 {
			src, _ := policy.Example(name)
			t.Errorf("%s:\n%s", name, found.Carets(src))
		}
	}
}

// keeping is the support centre's policy with scenarios of its own instead of those it comes with.
func keeping(t testing.TB, scenarios string, pairs ...string) (*policy.Policy, []byte) {
	t.Helper()
	src, _ := policy.Example("customer-support-center")
	text, _, _ := strings.Cut(string(src), "\nscenarios:\n")
	text += "\nscenarios:\n" + scenarios
	for i := 0; i < len(pairs); i += 2 {
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, findings := policy.Parse("policy.yaml", []byte(text))
	if p == nil {
		t.Fatal(findings.Carets([]byte(text)))
	}
	return p, []byte(text)
}

const friday = `  - name: A Friday question nobody answers
    events:
      - {at: "2026-11-20 15:45", event: customer_creates, kind: question}
      - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
    expect:
      - {at: "2026-11-21 16:30", kind: send, message: reminder-1}
      - {at: "2026-11-27 16:30", kind: status, status: closed}
      - {kind: send, message: solved, never: true}
`

// Somebody makes the first reminder wait for a business day. The scenario says which line no longer comes, when it comes
// instead, and where that is written.
func TestAScenarioThatStopsComingTrueIsAnError(t *testing.T) {
	if p, _ := keeping(t, friday); len(Check(p)) > 0 {
		t.Fatalf("it does not come true to begin with: %v", Check(p))
	}
	p, src := keeping(t, friday, "after: 24h", "after: 1bd")
	found := Check(p)
	if len(found) != 1 || found.Errors() != 1 {
		t.Fatalf("found %d errors, want one: %v", found.Errors(), found)
	}
	const says = `"A Friday question nobody answers" expects send reminder-1 on Sat 2026-11-21 16:30 EST; it comes on Mon 2026-11-23 16:30 EST`
	if found[0].Message != says || found[0].Rule != "scenario" {
		t.Errorf("it says %q, want %q", found[0].Message, says)
	}
	if line := strings.Split(string(src), "\n")[found[0].Line-1]; !strings.Contains(line, "message: reminder-1") {
		t.Errorf("it points at %q", line)
	}
}

func TestWhatCameInsteadIsSaid(t *testing.T) {
	for name, one := range map[string]struct{ expect, says string }{
		"something else at that time": {`{at: "2026-11-21 16:30", kind: tag}`, `expects tag on Sat 2026-11-21 16:30 EST; it comes on Fri 2026-11-27 16:30 EST`},
		"nothing of the kind":         {`{at: "2026-11-21 16:30", kind: send, message: solved}`, `expects send solved on Sat 2026-11-21 16:30 EST; what comes then is mail reminder-1 to the requester`},
		"nothing at all":              {`{kind: rating}`, `expects rating; nothing like it comes`},
		"what must never come":        {`{kind: status, status: closed, never: true}`, `expects never status closed; it comes on Fri 2026-11-27 16:30 EST`},
		"another due time":            {`{kind: due, target: question, due: "2026-11-20 17:45"}`, `expects due question due Fri 2026-11-20 17:45 EST; it is due Fri 2026-11-20 16:45 EST`},
		"seconds that are meant":      {`{at: "2026-11-21 16:30:30", kind: send, message: reminder-1}`, `it comes on Sat 2026-11-21 16:30 EST`},
	} {
		text, _, _ := strings.Cut(friday, "    expect:\n")
		p, _ := keeping(t, text+"    expect:\n      - "+one.expect+"\n")
		if found := Check(p); len(found) == 0 || !strings.Contains(found[0].Message, one.says) {
			t.Errorf("%s: %v, want %q", name, found, one.says)
		}
	}
}

func TestAScenarioOfAPolicyIsReadAsStrictlyAsAFile(t *testing.T) {
	for name, one := range map[string]struct{ scenario, says string }{
		"an unknown event":  {`{name: Odd, events: [{at: "2026-11-20 15:45", event: customer_sings}], expect: [{kind: status}]}`, `there is no event "customer_sings"`},
		"no such time":      {`{name: Odd, events: [{at: "tomorrow", event: customer_replies}], expect: [{kind: status}]}`, `"tomorrow" is not a time`},
		"nothing happens":   {`{name: Odd, events: [], expect: [{kind: status}]}`, "nothing happens in this scenario"},
		"nothing expected":  {`{name: Odd, events: [{at: "2026-11-20 15:45", event: customer_replies}], expect: []}`, `the scenario "Odd" expects nothing`},
		"a wrong last word": {`{name: Odd, events: [{at: "2026-11-20 15:45", event: customer_replies}], until: "never", expect: [{kind: status}]}`, `"never" is not a time`},
	} {
		p, _ := keeping(t, "  - "+one.scenario+"\n")
		if found := Check(p); len(found) == 0 || !strings.Contains(found[0].Message, one.says) || found[0].Line == 0 {
			t.Errorf("%s: %v, want %q", name, found, one.says)
		}
	}
	src, _ := policy.Example("customer-support-center")
	if _, findings := policy.Parse("p", []byte(strings.Replace(string(src), "kind: send, message: reminder-1, to", "kind: sings, message: reminder-1, to", 1))); findings.Errors() != 1 || !strings.Contains(findings[0].Message, `"sings" is not known here`) {
		t.Errorf("an unknown kind of line is read: %v", findings)
	}
}

// However much somebody writes, a check ends and says why.
func TestX03_ScenariosOfAPolicyAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range policy.MostScenarios + 1 {
		fmt.Fprintf(&many, "  - {name: \"number %d\", events: [{at: \"2026-11-20 15:45\", event: customer_creates}], expect: [{kind: status}]}\n", i)
	}
	p, _ := keeping(t, many.String())
	if found := Check(p); len(found) != 1 || !strings.Contains(found[0].Message, "at most 100 scenarios; here are 101") {
		t.Errorf("101 scenarios: %v", found)
	}
	var long strings.Builder
	for i := range 28 {
		fmt.Fprintf(&long, "  - name: \"long %d\"\n    expect: [{kind: status}]\n    events:\n", i)
		for minute := range 50 {
			fmt.Fprintf(&long, "      - {at: \"2026-11-20 15:%02d\", event: agent_replies, status: solved}\n      - {at: \"2026-11-20 15:%02d:30\", event: customer_replies}\n", minute, minute)
		}
	}
	p, _ = keeping(t, long.String())
	if found := Check(p); len(found) == 0 || !strings.Contains(found[len(found)-1].Message, "have 6000 lines together") {
		t.Errorf("28 long scenarios: %v", found)
	}
}

// What has been tried can be kept: the text of the policy then expects what happens now, and can be read again.
func TestATrialIsKeptAsAScenario(t *testing.T) {
	p, src := keeping(t, friday)
	trial := []byte("facts: {project.lead: ben@example.com}\nevents:\n  - {at: \"2026-11-20 15:45\", event: customer_creates, kind: question}\n  - {at: \"2026-11-20 16:30\", event: agent_replies, status: pending}\n  - {at: \"2026-11-21 10:00\", event: customer_replies}\n")
	kept, findings := Keep(p, "  Answered \n in time ", trial)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	text, err := policy.KeepScenario(src, kept)
	if err != nil {
		t.Fatal(err)
	}
	again, findings := policy.Parse("policy.yaml", text)
	if again == nil {
		t.Fatal(findings.Carets(text))
	}
	if found := Check(again); len(found) > 0 {
		t.Errorf("what was kept does not come true: %s", found.Carets(text))
	}
	last := again.Doc.Scenarios[1]
	if last.Name != "Answered in time" || last.Facts["project.lead"] != "ben@example.com" || len(last.Events) != 3 {
		t.Errorf("kept as %+v", last)
	}
	want := policy.Expectation{At: "2026-11-21 10:00", Kind: "send", Message: "received-reply"}
	if got := last.Expect[len(last.Expect)-1]; got != want {
		t.Errorf("it expects %+v last, want %+v", got, want)
	}
	if !strings.HasPrefix(string(text), string(src)) {
		t.Error("what stood in the text before has changed")
	}
	if _, err := policy.KeepScenario(text, kept); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same name was kept twice: %v", err)
	}
}

// A section that is not the last, is empty or is written on one line: a scenario finds its place, or it is said why not.
func TestAScenarioFindsItsPlaceInTheText(t *testing.T) {
	p, _ := keeping(t, friday)
	kept, _ := Keep(p, "Another", []byte(`events: [{at: "2026-11-20 15:45", event: customer_creates, kind: question}]`))
	src, _ := policy.Example("customer-support-center")
	plain, _, _ := strings.Cut(string(src), "\nscenarios:\n")
	first := "scenarios:\n" + friday + "\n" + plain
	flat := strings.ReplaceAll(friday, "\n  ", "\n")[2:]
	deep := "    " + strings.ReplaceAll(strings.TrimRight(friday, "\n"), "\n", "\n    ") + "\n"
	for name, one := range map[string]struct {
		text string
		want int
	}{
		"no section": {plain, 1}, "the first section": {first, 2}, "an empty one": {plain + "\nscenarios: []\n", 0},
		"no indent": {plain + "\nscenarios:\n" + flat + "# the last word\n", 2}, "more of it": {plain + "\nscenarios:\n" + deep + "\n# the last word\n", 2},
	} {
		text, err := policy.KeepScenario([]byte(one.text), kept)
		if one.want == 0 {
			if err == nil || !strings.Contains(err.Error(), "cannot be added to") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		for line := range strings.Lines(one.text) { // nothing that stood there is changed
			if !strings.Contains(string(text), line) {
				t.Errorf("%s: %q is gone", name, line)
			}
		}
		after, findings := policy.Parse("policy.yaml", text)
		if err != nil || after == nil || len(after.Doc.Scenarios) != one.want || after.Doc.Scenarios[one.want-1].Name != "Another" {
			t.Errorf("%s: %v %v", name, err, findings)
		}
	}
}

// A scenario is written the way it can be read again, with everything an event can have.
func TestAScenarioIsWrittenAsItIsRead(t *testing.T) {
	p := builtIn(t, "soapbox-phone-support")
	const text = `facts: {customer.stage: active, subscription.phone_support: true}
events:
  - {at: "2026-11-09 10:05", event: customer_creates, kind: call}
  - {at: "2026-11-09 11:00", event: call_booked, start: "2026-11-18 11:00", host: cem@example.com}
  - {at: "2026-11-09 11:30", event: agent_sets, priority: high, assignee: nobody}
  - {at: "2026-11-09 12:00", event: server_down, until: "2026-11-09 13:00"}
  - {at: "2026-11-09 14:00:05", event: bounce, permanent: false}
until: "2026-11-20 00:00"
`
	s, findings := Parse("s.yaml", []byte(text), p.Zone)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	if got := s.Text(); got != text {
		t.Errorf("written as\n%s\nwant\n%s", got, text)
	}
}
