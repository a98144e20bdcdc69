package policy_test

import (
	"strings"
	"testing"
	"time"

	"hark/fault"
	"hark/policy"
)

var (
	newLicence = map[string]any{"licence.order_age_days": 5, "licence.version_major": 7}
	noPlan     = map[string]any{"licence.order_age_days": 200, "licence.version_major": 7}
)

// onThePhone goes through a call, and says in short what was shown and done.
func onThePhone(t *testing.T, procedure string, facts map[string]any, keys string) []policy.WalkLine {
	t.Helper()
	lines, err := example(t, "ablecommerce-phone-procedures").Walk(procedure, facts, strings.Split(keys, ","), time.Date(2026, 11, 17, 18, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func shown(lines []policy.WalkLine, kinds ...policy.WalkKind) string {
	var parts []string
	for _, l := range lines {
		for _, kind := range kinds {
			if l.Kind == kind {
				parts = append(parts, l.Message+l.End+l.Level+l.To+l.Status)
			}
		}
	}
	return strings.Join(parts, " ")
}

func TestS1_03_ANewCustomerWithALicenceKeyProblem(t *testing.T) {
	lines := onThePhone(t, "inbound-call", newLicence, "1,1,1,1") // four keys
	if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkEnd); got != "active request-key done" {
		t.Error(got)
	}
}

func TestS1_04_AnEvaluatorWithALicenceKeyProblem(t *testing.T) {
	lines := onThePhone(t, "inbound-call", map[string]any{"customer.evaluation_age_days": 20}, "2,1,1,1")
	if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkEnd); got != "active open-case done" {
		t.Error(got)
	}
	for _, l := range lines {
		if l.Kind == policy.WalkSend && l.Because != "“FAQ - How to request a key” is only sent when the caller has bought a licence." {
			t.Errorf("the screen says %q", l.Because)
		}
	}
}

func TestS1_05_EvaluatingForMonthsGoesToSales(t *testing.T) {
	for days, want := range map[int]string{90: "active", 91: "sales sent_to_sales", 120: "sales sent_to_sales"} {
		lines := onThePhone(t, "inbound-call", map[string]any{"customer.evaluation_age_days": days}, "2,1")
		if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkEnd); got != want {
			t.Errorf("%d days: %s", days, got)
		}
	}
}

func TestS1_06_HostingOrWebsite(t *testing.T) {
	lines := onThePhone(t, "inbound-call", map[string]any{"licence.order_age_days": 400, "licence.version_major": 7, "customer.hosted": true}, "1,1,4,1")
	if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkEnd); got != "active hosting-ticket done" {
		t.Error(got)
	}
}

func TestS1_07_AnOldVersion(t *testing.T) {
	lines := onThePhone(t, "inbound-call", map[string]any{"licence.order_age_days": 2600, "licence.version_major": 5}, "1,1")
	if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkEnd); got != "unsupported old-versions sent_options" {
		t.Error(got)
	}
}

func TestS1_10_CannotBeIdentified(t *testing.T) {
	lines := onThePhone(t, "inbound-call", nil, "3")
	last := lines[len(lines)-2]
	if got := shown(lines, policy.WalkSend, policy.WalkEnd); got != "not_identified" || !strings.Contains(last.Say, "ask the person who bought AbleCommerce") {
		t.Errorf("%s, %q", got, last.Say)
	}
}

func TestS1_11_NoPlanTheFourMessages(t *testing.T) {
	for key, want := range map[string]string{"1": "request-key", "2": "report-bug", "3": "resources", "4": "development"} {
		lines := onThePhone(t, "inbound-call", noPlan, "1,1,"+key+",1")
		if got := shown(lines, policy.WalkSend, policy.WalkEnd); got != want+" done" {
			t.Errorf("key %s: %s", key, got)
		}
	}
}

func TestS1_12_NoPlanAndInsists(t *testing.T) {
	for keys, want := range map[string]string{"1,1,3,3,1": "resources done", "1,1,3,3,2": "resources priority-options sent_priority_options"} {
		if got := shown(onThePhone(t, "inbound-call", noPlan, keys), policy.WalkSend, policy.WalkEnd); got != want {
			t.Errorf("%s: %s", keys, got)
		}
	}
}

func TestS1_13_WithAPlanAndWantsMoreHelp(t *testing.T) {
	lines := onThePhone(t, "inbound-call", newLicence, "1,1,2,2")
	if last := lines[len(lines)-1]; last.Step != "stay" {
		t.Errorf("the step is %s", last.Step)
	}
	for _, l := range lines {
		for _, c := range l.Choices {
			if l.Step == "assure" && strings.Contains(c.Label, "no plan") {
				t.Error("a caller with a plan is offered the choice of those without")
			}
		}
	}
}

func TestS1_14_AndS1_15_TheReviewOfANewCase(t *testing.T) {
	evaluating := map[string]any{"customer.evaluating": true, "customer.evaluation_age_days": 20}
	priority := map[string]any{"plan.priority": true, "licence.order_age_days": 200, "licence.version_major": 7}
	for _, one := range []struct {
		facts map[string]any
		keys  string
		want  string
	}{
		{priority, "1,2", "priority level_two assigned"},
		{evaluating, "1,2", "active level_two assigned"},
		{noPlan, "1,1", "level_two assigned"},
		{noPlan, "1,2,2", "no_plan resources answered answered"},
	} {
		lines := onThePhone(t, "new-case", one.facts, one.keys)
		if got := shown(lines, policy.WalkLevel, policy.WalkSend, policy.WalkAssign, policy.WalkStatus, policy.WalkEnd); got != one.want {
			t.Errorf("%s: %s, not %s", one.keys, got, one.want)
		}
	}
}

// A call that is under way goes on by the procedure it began with, whatever is published meanwhile.
func TestS1_21_TheProcedureChangesDuringACall(t *testing.T) {
	began := example(t, "ablecommerce-phone-procedures")
	published := parsed(t, "published", edited(t, "ablecommerce-phone-procedures",
		`version: "2010-06-02"`, `version: "2010-07-01"`, `{label: Customization, key: "3", send: development, go: assure}`, `{label: Customization, key: "3", send: resources, go: assure}`))
	for p, want := range map[*policy.Policy]string{began: "development done", published: "resources done"} {
		lines, err := p.Walk("inbound-call", newLicence, []string{"1", "1", "3", "1"}, time.Date(2026, 11, 17, 18, 0, 0, 0, time.UTC))
		if got := shown(lines, policy.WalkSend, policy.WalkEnd); err != nil || got != want {
			t.Errorf("version %s: %s, %v", p.Version, got, err)
		}
	}
}

func TestAWalkWaitsForAKeyAndRefusesOneThatIsNotThere(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	lines, err := p.Walk("inbound-call", newLicence, nil, time.Time{})
	if err != nil || len(lines) != 1 || len(lines[0].Choices) != 3 {
		t.Errorf("%v, %v", lines, err)
	}
	if _, err = p.Walk("inbound-call", nil, []string{"9"}, time.Time{}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "the key 9 chooses nothing at the step identify; on the screen are 1 (Has named") {
		t.Error(err)
	}
	if _, err = p.Walk("outbound-call", nil, nil, time.Time{}); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "inbound-call or new-case") {
		t.Error(err)
	}
}

func TestWordsToSayHavePlacesToPause(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	parts := policy.Spoken(p.Doc.Procedures["inbound-call"].Steps["identify"].Say)
	if len(parts) != 2 || !strings.HasSuffix(parts[0], "which licensed website are you calling about?") {
		t.Errorf("%q", parts)
	}
}
