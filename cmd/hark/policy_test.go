package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"hark/policy"
)

// ask runs "hark policy" with these words, on a pipe, and returns what is printed and what went wrong.
func ask(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var cmd struct {
		Policy policyCmd `cmd:""`
	}
	parser, err := kong.New(&cmd, kong.Exit(func(int) { t.Fatal("the parser leaves") }))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := parser.Parse(append([]string{"policy"}, args...))
	if err != nil {
		return "", wrongCall{err}
	}
	var printed, told bytes.Buffer
	err = ctx.Run(&Out{Stdout: &printed, Stderr: &told})
	return printed.String(), err
}

// wrongCall is an error of the command line, for which the program exits with 2.
type wrongCall struct{ error }

func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func supportCenter(t *testing.T, old, new string) string {
	t.Helper()
	src, _ := policy.Example("customer-support-center")
	if !strings.Contains(string(src), old) {
		t.Fatalf("the example does not say %q", old)
	}
	return written(t, "policy.yaml", strings.Replace(string(src), old, new, 1))
}

func TestLintAnswersInLinesOfJSON(t *testing.T) {
	out, err := ask(t, "lint", "customer-support-center")
	if err != nil {
		t.Fatalf("notes are no errors: %v", err)
	}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var f struct{ File, Severity, Rule, Message, Mend string }
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.File != "customer-support-center" || f.Severity != "note" || f.Mend == "" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestLintFailsOnErrorsAndGoesOnToTheNextFile(t *testing.T) {
	broken := supportCenter(t, "after: 24h", "after: 24x")
	out, err := ask(t, "lint", broken, "/nowhere.yaml", "customer-support-center", "--format", "text")
	if err == nil || !strings.Contains(err.Error(), "/nowhere.yaml") {
		t.Errorf("the missing file is named: %v", err)
	}
	for _, want := range []string{`"24x" is not a duration`, "^^^", "mend: write a whole number and a unit", "note: zone: "} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if _, err := ask(t, "lint", broken); err == nil || err.Error() != "1 error found" {
		t.Errorf("errors make the command fail: %v", err)
	}
}

func TestLevelAnswersWithItsRowAndReason(t *testing.T) {
	out, err := ask(t, "level", "ablecommerce-phone-procedures", "--fact", "licence.ordered_on=2026-10-18", "--fact", "licence.version_major=7", "--now", "2026-11-17 12:00")
	if want := `{"level":"active","row":"recent","because":"Ordered within the last 30 days"}` + "\n"; err != nil || out != want {
		t.Errorf("%s, %v", out, err)
	}
	if out, err = ask(t, "level", "ablecommerce-phone-procedures", "--fact", "licence.ordered_on=2026-10-17", "--now", "2026-11-17T20:00:00Z"); err != nil || !strings.Contains(out, `"no_plan"`) {
		t.Errorf("%s, %v", out, err)
	}
	if _, err = ask(t, "level", "ablecommerce-phone-procedures", "--fact", "licence.color=red"); err == nil || !strings.Contains(err.Error(), "licence.version_major") {
		t.Errorf("an unknown fact: the error lists what there is: %v", err)
	}
	if _, err = ask(t, "level", "ablecommerce-phone-procedures", "--fact", "licence.ordered_on"); !isWrongCall(err) {
		t.Errorf("a fact without a value is a wrong call: %v", err)
	}
	if _, err = ask(t, "level", "ablecommerce-phone-procedures", "--now", "tomorrow"); err == nil || !strings.Contains(err.Error(), "YYYY-MM-DD") {
		t.Errorf("an unreadable time: %v", err)
	}
}

func isWrongCall(err error) bool {
	_, wrong := err.(wrongCall)
	return wrong
}

func TestPrintIsThePageCustomersRead(t *testing.T) {
	for format, want := range map[string]string{"html": "<h1>Customer support center</h1>", "markdown": "# Customer support center\n", "json": `"title": "Customer support center"`} {
		if out, err := ask(t, "print", "customer-support-center", "--format", format); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v\n%s", format, err, out)
		}
	}
	if out, err := ask(t, "print", "customer-support-center", "--now", "2026-11-26 10:00"); err != nil || !strings.Contains(out, "Closed now (holiday: Thanksgiving Day), opens Fri 27 Nov 09:00 EST.") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := ask(t, "print", "customer-support-center", "--page", "imprint"); err == nil {
		t.Error("a page that is not there is printed")
	}
	if _, err := ask(t, "print", "customer-support-center", "--format", "pdf"); !isWrongCall(err) {
		t.Errorf("an unknown format is a wrong call: %v", err)
	}
}

func TestPlanSaysWhatChanges(t *testing.T) {
	edited := supportCenter(t, "reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 1bd")
	out, err := ask(t, "plan", "customer-support-center", edited, "--format", "text")
	if err != nil || !strings.HasPrefix(out, "First reminder: 24 hours → 1 business day\n") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = ask(t, "plan", "customer-support-center", edited); err != nil || !strings.HasPrefix(out, `{"path":"lifecycle.timers.reminder-1.after","kind":"changed","where":"First reminder","old":"24 hours","new":"1 business day"`) {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = ask(t, "plan", "customer-support-center", "customer-support-center", "--format", "text"); err != nil || out != "Nothing changes.\n" {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err = ask(t, "plan", "customer-support-center", supportCenter(t, "after: 24h", "after: 24x")); err == nil || !strings.Contains(err.Error(), "^^^") {
		t.Errorf("a broken policy is shown with its line: %v", err)
	}
}

func TestFmtWritesBackOnlyWhatItWasAskedTo(t *testing.T) {
	file := written(t, "p.yaml", "name:   small\npolicy: 'hark/v1' # the format\n")
	out, err := ask(t, "fmt", file)
	if want := "policy: hark/v1 # the format\nname: small\n"; err != nil || out != want {
		t.Errorf("%v\n%s", err, out)
	}
	if kept, _ := os.ReadFile(file); !strings.HasPrefix(string(kept), "name:   small") {
		t.Error("printing changes the file")
	}
	if _, err = ask(t, "fmt", "-w", file); err != nil {
		t.Fatal(err)
	}
	if kept, _ := os.ReadFile(file); string(kept) != out {
		t.Errorf("the file holds\n%s", kept)
	}
}

func TestSchemaIsJSON(t *testing.T) {
	if out, err := ask(t, "schema"); err != nil || !json.Valid([]byte(out)) {
		t.Errorf("%v", err)
	}
}
