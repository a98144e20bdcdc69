package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func simulated(t *testing.T, c simulateCmd) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = c.Run(&Out{Stdout: &out, Stderr: &errs})
	return out.String(), errs.String(), err
}

func scenarioFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const fridayQuestion = `policy: customer-support-center
zone: America/New_York
events:
  - {at: "2026-11-20 15:00", event: customer_creates, kind: question}
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
`

func TestSimulateAnswersAPipeWithJSONLines(t *testing.T) {
	out, _, err := simulated(t, simulateCmd{Scenario: scenarioFile(t, fridayQuestion), Format: "auto"})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"at":"2026-11-27T21:30:00Z","local":"Fri 2026-11-27 16:30 EST","kind":"tag","tag":"No Response","rule":"lifecycle.timers.no-response"}`
	if !strings.Contains(out, want+"\n") || strings.Count(out, "\n") != strings.Count(out, `{"at":`) {
		t.Errorf("%s", out)
	}
}

func TestSimulateTellsPeopleATimeLine(t *testing.T) {
	out, _, err := simulated(t, simulateCmd{Scenario: scenarioFile(t, fridayQuestion), Format: "text"})
	if err != nil || !strings.Contains(out, "Sat 2026-11-21 16:30 EST    mail reminder-1 to the requester  (lifecycle.timers.reminder-1)\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSimulateTakesAnotherPolicy(t *testing.T) {
	file := filepath.Join("..", "..", "simulate", "testdata", "workshop.yaml")
	out, _, err := simulated(t, simulateCmd{Scenario: scenarioFile(t, fridayQuestion), Policy: file, Format: "json"})
	if err != nil || !strings.Contains(out, `"target":"standard"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSimulateFindsAPolicyBesideTheScenario(t *testing.T) {
	name := scenarioFile(t, strings.Replace(fridayQuestion, "customer-support-center", "ours.yaml", 1))
	src, err := os.ReadFile(filepath.Join("..", "..", "simulate", "testdata", "workshop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(name), "ours.yaml"), src, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, err := simulated(t, simulateCmd{Scenario: name, Format: "json"}); err != nil || out == "" {
		t.Error(err)
	}
}

func TestSimulateShowsMistakesWithLineAndCaret(t *testing.T) {
	for name, one := range map[string]struct {
		cmd  simulateCmd
		says []string
	}{
		"in the scenario":  {simulateCmd{Scenario: scenarioFile(t, "policy: customer-support-center\nevents:\n  - {at: noon, event: agent_note}\n")}, []string{"scenario.yaml:3:10: error: \"noon\" is not a time", "^^^^"}},
		"in the policy":    {simulateCmd{Scenario: scenarioFile(t, fridayQuestion), Policy: scenarioFile(t, "policy: hark/v2\n")}, []string{"scenario.yaml:1:9: error:", "^^^^"}},
		"no such policy":   {simulateCmd{Scenario: scenarioFile(t, fridayQuestion), Policy: "nowhere"}, []string{`there is no policy "nowhere"`, "customer-support-center"}},
		"no policy at all": {simulateCmd{Scenario: scenarioFile(t, "events: [{at: \"2026-11-20 15:00\", event: agent_note}]")}, []string{"the scenario names no policy"}},
	} {
		out, _, err := simulated(t, one.cmd)
		for _, says := range one.says {
			if err == nil || out != "" || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v, and on standard output %q; want %s", name, err, out, says)
			}
		}
	}
}
