package policy_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hark/policy"
)

// lintOf is what lint finds in an example after some words were replaced; it must be readable.
func lintOf(t *testing.T, name string, pairs ...string) policy.Findings {
	t.Helper()
	return parsed(t, name, edited(t, name, pairs...)).Lint()
}

func only(t *testing.T, findings policy.Findings, rule string) policy.Finding {
	t.Helper()
	var list policy.Findings
	for _, f := range findings {
		if f.Severity != policy.Note {
			list = append(list, f)
		}
	}
	if len(list) != 1 || list[0].Rule != rule {
		t.Fatalf("wanted one finding %s, got %v", rule, list)
	}
	return list[0]
}

func TestTheExamplesHaveNothingToMend(t *testing.T) {
	if n := len(policy.Examples()); n != 5 {
		t.Errorf("%d examples, one for each way of supporting customers makes five", n)
	}
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		p := parsed(t, name, src)
		if p.Name != name {
			t.Errorf("the file %s holds the policy %s", name, p.Name)
		}
		for _, f := range p.Lint() {
			if f.Severity != policy.Note {
				t.Errorf("%s", f.Caret(src))
			}
		}
	}
}

func TestAssumptionsAreNotesUntilSomebodyConfirmsThem(t *testing.T) {
	p := example(t, "customer-support-center")
	notes := 0
	for _, f := range p.Lint() {
		if f.Rule == "assumption" && f.Severity == policy.Note {
			notes++
		}
	}
	if notes != len(p.Doc.Assumptions) || notes == 0 {
		t.Errorf("%d assumptions, %d notes", len(p.Doc.Assumptions), notes)
	}
}

// TestX04_ARuleNobodyIsToldAbout: a timer closes tickets that are on hold, and no page says so.
func TestX04_ARuleNobodyIsToldAbout(t *testing.T) {
	timer := `    - {id: close-hold, in: hold, after: 60d, do: [{status: closed}]}` + "\n"
	untold := edited(t, "customer-support-center", "  timers:\n", "  timers:\n"+timer)
	f := only(t, parsed(t, "untold", untold).Lint(), "X-04")
	if f.Severity != policy.Error || !strings.Contains(f.Message, "lifecycle.timers.close-hold affects customers and is not on the page") {
		t.Errorf("the finding says %s", f)
	}
	if !strings.Contains(f.Caret(untold), "close-hold, in: hold") {
		t.Errorf("the caret line shows the timer:\n%s", f.Caret(untold))
	}

	// The suggestion is a block that can be pasted, and then nothing is wrong any more.
	block, ok := strings.CutPrefix(f.Mend, "add to a page: ")
	if !ok {
		t.Fatalf("no sentence is suggested: %s", f.Mend)
	}
	told := bytes.Replace(untold, []byte("          - {text: \"{{lifecycle | diagram}}\""), []byte("          - "+block+"\n          - {text: \"{{lifecycle | diagram}}\""), 1)
	p := parsed(t, "told", told)
	if p.Lint().Errors() > 0 {
		t.Errorf("the suggestion does not mend it:\n%s", p.Lint().Carets(told))
	}
	page, err := p.Print("", "markdown", policy.Live{})
	if err != nil || !strings.Contains(string(page), "After 60 days in On hold: it becomes Closed.") {
		t.Errorf("the page tells customers: %v\n%s", err, page)
	}
}

func TestX04_WhatOnlyAgentsSeeNeedsNoSentence(t *testing.T) {
	timer := `    - {id: remember, in: hold, after: 30d, do: [{task: "Ask how it stands"}]}` + "\n"
	if n := lintOf(t, "customer-support-center", "  timers:\n", "  timers:\n"+timer).Errors(); n > 0 {
		t.Errorf("%d errors for a task that customers never see", n)
	}
}

func TestX04_AnUnstatedTargetIsNotPrinted(t *testing.T) {
	if n := lintOf(t, "piperocks-crm", "binds: [plans.enterprise, routing.dedicated, targets.enterprise, channels.enterprise]", "binds: [plans.enterprise, channels.enterprise]").Errors(); n > 0 {
		t.Errorf("%d errors for a time that the company does not state", n)
	}
	f := only(t, lintOf(t, "piperocks-crm",
		"binds: [plans.enterprise, routing.dedicated, targets.enterprise, channels.enterprise]", "binds: [plans.enterprise, channels.enterprise]",
		"calendar: regional, strength: unstated", "calendar: regional, strength: promise"), "X-04")
	if !strings.Contains(f.Mend, "{{targets.enterprise.within}}") {
		t.Errorf("the suggested sentence takes its number from the rule: %s", f.Mend)
	}
}

// TestX05_ASentenceNothingStandsBehind: somebody adds a nice sentence to the page.
func TestX05_ASentenceNothingStandsBehind(t *testing.T) {
	sentence := `          - {text: "We answer phone calls at weekends."}` + "\n"
	before := "          - {text: \"{{lifecycle | diagram}}\""
	f := only(t, lintOf(t, "customer-support-center", before, sentence+before), "X-05")
	if f.Severity != policy.Error || !strings.Contains(f.Mend, "prose: true") {
		t.Errorf("the finding says %s", f)
	}
	prose := strings.Replace(sentence, `"}`, `", prose: true}`, 1)
	if n := lintOf(t, "customer-support-center", before, prose+before).Errors(); n > 0 {
		t.Errorf("marked as prose it is allowed; %d errors", n)
	}
}

func TestTheReminderMayWaitForABusinessDay(t *testing.T) {
	if n := lintOf(t, "customer-support-center", "reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 1bd").Errors(); n > 0 {
		t.Errorf("the only calendar is the one that is meant; %d errors", n)
	}
}

// TestS3_10_AnUnstatedTimeIsNotPrinted: nobody has confirmed how fast Enterprise customers are answered.
func TestS3_10_AnUnstatedTimeIsNotPrinted(t *testing.T) {
	p := example(t, "piperocks-crm")
	for _, format := range []string{"html", "markdown", "json"} {
		if page := printed(t, p, format, policy.Live{At: time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC)}); strings.Contains(page, "4 business hours") {
			t.Errorf("the time is in the page as %s", format)
		}
	}
	f := only(t, lintOf(t, "piperocks-crm", "faster answers, and a representative", "answers within {{targets.enterprise.within}}, and a representative"), "unstated")
	if f.Severity != policy.Error {
		t.Errorf("%s", f)
	}
}

// TestWhatNothingKeepsIsSaid: switches and steps that no rule would ever carry out.
func TestWhatNothingKeepsIsSaid(t *testing.T) {
	for _, one := range []struct{ name, old, new, rule, message string }{
		{"what-happens-next", "tell_reporters_when_fixed: true", "tell_reporters_when_fixed: false", "unkept", "reporters get a mail when their problem is fixed, and issues does not say so"},
		{"soapbox-phone-support", "tell_reporters_when_fixed: false", "tell_reporters_when_fixed: true", "unkept", "reporters are promised word of a fix, and nothing is sent then"},
		{"soapbox-phone-support", "  no_show_after: 10m\n", "", "unkept", "it is not said how long the host waits for the customer"},
		{"what-happens-next", "when: {ticket.training_could_help: true}, ", "", "unkept", "the step training does not say which fact brings it about"},
		{"what-happens-next", "needs: [issue.plan]", "needs: [issue.planned]", "unknown-fact", `the phase needs the fact "issue.planned", which is not declared`},
	} {
		if f := only(t, lintOf(t, one.name, one.old, one.new), one.rule); f.Message != one.message || f.Severity != policy.Warning {
			t.Errorf("the finding says %s", f)
		}
	}
}

// TestAValueThatAFactNeverHas: the condition could never hold.
func TestAValueThatAFactNeverHas(t *testing.T) {
	f := only(t, lintOf(t, "soapbox-phone-support", "when: {ticket.cause: another system}", "when: {ticket.cause: another sistem}"), "wrong-word")
	if f.Severity != policy.Error || !strings.Contains(f.Mend, "another system") {
		t.Errorf("the finding says %s", f)
	}
	if _, err := example(t, "what-happens-next").FactValue("feature.decision", "perhaps"); err == nil || err.Error() != `feature.decision is planned, not now or declined, not "perhaps"` {
		t.Error(err)
	}
}

// TestX04_WhatSupportCoversIsTold: customers read what is covered and what the staff do for them.
func TestX04_WhatSupportCoversIsTold(t *testing.T) {
	f := only(t, lintOf(t, "soapbox-phone-support", "binds: [scope.staff_does, kinds.staff_task]", "binds: [kinds.staff_task]"), "X-04")
	if !strings.Contains(f.Mend, "{{scope.staff_does | list}}") {
		t.Errorf("the finding says %s", f)
	}
}

// A page somewhere else would be a broken link on every page of the desk.
func TestAPageStandsWhereTheDeskServesIt(t *testing.T) {
	f := only(t, lintOf(t, "customer-support-center", "path: /support", "path: /promises"), "path")
	if !strings.Contains(f.Mend, "/support") {
		t.Errorf("it does not say how to mend it: %s", f)
	}
	only(t, lintOf(t, "ablecommerce-phone-procedures", "path: /handbook/phone", "path: /phone"), "path")
}
