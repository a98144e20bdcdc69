package policy_test

import (
	"slices"
	"strings"
	"testing"

	"hark/fault"
	"hark/policy"
)

// The way of a call as a map: every choice has the step it leads to, and every step its line in the file.
func TestAProcedureIsAMapOfItself(t *testing.T) {
	flow, ok := example(t, "ablecommerce-phone-procedures").Flow("inbound-call")
	if !ok || len(flow.Steps) != 14 || flow.Label != "Answer a call" {
		t.Fatalf("%v, %d steps of %q", ok, len(flow.Steps), flow.Label)
	}
	find := flow.Steps[2]
	if find.ID != "find" || !find.Reached || find.Line == 0 || !strings.Contains(find.Text, "a part of it is enough") {
		t.Errorf("%+v", find)
	}
	var ways []string
	for _, w := range find.Ways {
		ways = append(ways, w.Key+" "+w.Label+" → "+flow.Steps[w.To].ID)
	}
	if !slices.Equal(ways, []string{"1 Found → view", "2 Not found → identify"}) {
		t.Errorf("from there: %v", ways)
	}
	if view := flow.Steps[3]; len(view.Ways) != 5 || view.Ways[2].Label != "No active support plan" || flow.Steps[view.Ways[2].To].ID != "no-plan" {
		t.Errorf("by level: %+v", view.Ways)
	}
	if last := flow.Steps[13]; last.End != "done" || len(last.Ways) != 0 {
		t.Errorf("the end: %+v", last)
	}
}

func TestEveryProcedureOfEveryExampleIsDrawnWhole(t *testing.T) {
	for _, name := range policy.Examples() {
		p := example(t, name)
		for _, id := range p.Procedures() {
			flow, _ := p.Flow(id)
			for _, s := range flow.Steps {
				if !s.Reached || s.End == "" && len(s.Ways) == 0 || slices.ContainsFunc(s.Ways, func(w policy.FlowWay) bool { return w.To < 0 }) {
					t.Errorf("%s, %s: the step %s: %+v", name, id, s.ID, s)
				}
			}
		}
	}
}

// What an author looks for: a step that nothing leads to, one that leads nowhere, and one from which nobody comes to an end. Each is
// found with its line, and stands in the map.
func TestStepsThatLeadNowhereAreFound(t *testing.T) {
	name, ends := "ablecommerce-phone-procedures", "do: [{send: old-versions}], go: answered}"
	round := only(t, lintOf(t, name, ends, "do: [{send: old-versions}], go: canned-old}"), "endless")
	if round.Line == 0 || !strings.Contains(round.Message, "canned-old") {
		t.Errorf("%+v", round)
	}
	only(t, lintOf(t, name, ends, "do: [{send: old-versions}]}"), "dead-end")
	loose := only(t, lintOf(t, name, "unsupported: canned-old,", "unsupported: canned,"), "unreachable")
	flow, _ := parsed(t, name, edited(t, name, "unsupported: canned-old,", "unsupported: canned,")).Flow("new-case")
	i := slices.IndexFunc(flow.Steps, func(s policy.FlowStep) bool { return s.ID == "canned-old" })
	if i < 0 || flow.Steps[i].Reached || flow.Steps[i].Line != loose.Line {
		t.Errorf("%+v, found in line %d", flow.Steps, loose.Line)
	}
}

// proving is the procedure for calls with an administrator to change, which needs a caller who has proved who they are.
func proving(t *testing.T) *policy.Policy {
	t.Helper()
	name := "ablecommerce-phone-procedures"
	return parsed(t, name, edited(t, name, "          - {label: Something else, key: \"5\", send: open-case, go: assure}", `          - {label: Something else, key: "5", send: open-case, go: assure}
          - {label: Another administrator, key: "6", go: admins}
          - {label: Read the licence key, key: "7", needs_caller: verified, go: assure}
      admins: {title: Change the administrators, needs_caller: verified, do: [{note: The administrators were changed}], go: assure}`))
}

func TestAStepThatNeedsASurerCallerIsNotGoneInto(t *testing.T) {
	p, answers := proving(t), []policy.RunAnswer{at("live", "6")}
	run, err := p.Run("inbound-call", known(newLicence, policy.Matched), answers, tuesday)
	if err != nil || run.At != "admins" || run.Needs != policy.Verified || len(run.Offers) != 0 {
		t.Fatalf("%v, at %s, which needs %q", err, run.At, run.Needs)
	}
	for _, l := range run.Lines {
		if l.Step == "admins" && (l.Kind != policy.WalkStep || l.Needs != policy.Verified) {
			t.Errorf("of a locked step there is %+v", l)
		}
	}
	run, err = p.Run("inbound-call", known(newLicence, policy.Verified), answers, tuesday)
	if err != nil || run.At != "assure" || run.Needs != "" {
		t.Errorf("%v, with proof it stands at %s", err, run.At)
	}
	// In a walk on paper nobody asks how sure one is.
	open := map[string]any{"caller.known": true, "caller.site": "acme-shop.example", "licence.order_age_days": 5, "licence.version_major": 7}
	if run, err = p.Run("inbound-call", open, answers, tuesday); err != nil || run.At != "assure" {
		t.Errorf("%v, on paper it stands at %s", err, run.At)
	}
}

func TestAChoiceThatNeedsASurerCallerIsLocked(t *testing.T) {
	p := proving(t)
	run, err := p.Run("inbound-call", known(newLicence, policy.Matched), nil, tuesday)
	if err != nil || run.Offers[6].Needs != policy.Verified {
		t.Fatalf("%v: %+v", err, run.Offers)
	}
	_, err = p.Run("inbound-call", known(newLicence, policy.Matched), []policy.RunAnswer{at("live", "7")}, tuesday)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "send a code to their address") {
		t.Errorf("the locked choice was taken: %v", err)
	}
}
