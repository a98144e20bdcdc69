package policy_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"hark/fault"
	"hark/policy"
)

var tuesday = time.Date(2026, 11, 17, 18, 0, 0, 0, time.UTC)

// known is a caller who was found, with what the desk knows about them.
func known(facts map[string]any, grade string) map[string]any {
	all := map[string]any{"caller.site": "acme-shop.example", "caller.known": true, "caller.grade": grade}
	maps.Copy(all, facts)
	return all
}

func running(t *testing.T, facts map[string]any, answers ...policy.RunAnswer) policy.Run {
	t.Helper()
	run, err := example(t, "ablecommerce-phone-procedures").Run("inbound-call", facts, answers, tuesday)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func at(step, key string) policy.RunAnswer { return policy.RunAnswer{Step: step, Key: key} }

func TestStepsWhoseFactsAreKnownAreTicked(t *testing.T) {
	run := running(t, known(newLicence, policy.Matched))
	if run.At != "live" || run.Level != "active" || run.Because != "Ordered within the last 30 days" {
		t.Errorf("the run stands at %s with level %s: %s", run.At, run.Level, run.Because)
	}
	var ticked []string
	for _, l := range run.Lines {
		if l.Known {
			ticked = append(ticked, l.Step)
		}
	}
	if !reflect.DeepEqual(ticked, []string{"identify", "find"}) {
		t.Errorf("ticked are %v", ticked)
	}
}

// Whoever presses “Not found” comes back to the first question, though a website has been named before.
func TestAStepThatTheRunComesBackToIsAskedAgain(t *testing.T) {
	run := running(t, map[string]any{"caller.site": "acme-shop.example"}, at("find", "2"))
	if run.At != "identify" || len(run.Offers) != 3 {
		t.Errorf("the run stands at %s", run.At)
	}
}

func TestAChoiceSaysWhatItWouldDo(t *testing.T) {
	run := running(t, known(newLicence, policy.Matched))
	first := run.Offers[0]
	if first.Label != "Licence key" || len(first.Does) != 1 || first.Does[0].Name != "FAQ - How to request a key" || first.Needs != "" {
		t.Errorf("%+v", first)
	}
	evaluating := running(t, known(map[string]any{"customer.evaluating": true, "customer.evaluation_age_days": 20}, policy.Claimed))
	if does := evaluating.Offers[0].Does[0]; does.Message != "open-case" || !strings.Contains(does.Because, "only sent when the caller has bought a licence") {
		t.Errorf("an evaluator with a key problem: %+v", does)
	}
}

func TestGoingBackIsOneAnswerLess(t *testing.T) {
	answers := []policy.RunAnswer{at("live", "3"), at("assure", "1")}
	whole, back := running(t, known(newLicence, policy.Matched), answers...), running(t, known(newLicence, policy.Matched), answers[:1]...)
	if whole.End != "done" || back.End != "" || back.At != "assure" || !reflect.DeepEqual(whole.Lines[:len(back.Lines)], back.Lines) {
		t.Errorf("%s at %s, %s at %s", whole.End, whole.At, back.End, back.At)
	}
}

// The account turns out to be another one. What was answered for the first stays where it fits and is left out where it does not.
func TestAnotherCallerLeadsTheSameAnswersAnotherWay(t *testing.T) {
	answers := []policy.RunAnswer{at("identify", "1"), at("find", "1"), at("live", "1")}
	run := running(t, known(noPlan, policy.Matched), answers...)
	if run.At != "no-plan" || len(run.Taken) != 2 || run.Problem != "" {
		t.Errorf("at %s with the answers %v about %q", run.At, run.Taken, run.Problem)
	}
}

func TestWhatTheDeskKnowsIsNotOverruledByWhatACallerSays(t *testing.T) {
	facts := map[string]any{"licence.order_age_days": 200, "licence.version_major": 7, "customer.evaluating": false}
	run := running(t, facts, at("identify", "2"), at("find", "1"))
	if run.Level != "no_plan" {
		t.Errorf("somebody who only says that they are evaluating has the level %s", run.Level)
	}
}

func TestWhatNeedsASurerCallerIsLocked(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	run := running(t, known(newLicence, policy.Claimed))
	if run.Offers[0].Needs != policy.Matched || run.Offers[1].Needs != "" {
		t.Errorf("locked: %q and %q", run.Offers[0].Needs, run.Offers[1].Needs)
	}
	_, err := p.Run("inbound-call", known(newLicence, policy.Claimed), []policy.RunAnswer{at("live", "1")}, tuesday)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "needs a caller who is matched") {
		t.Errorf("the locked choice was taken: %v", err)
	}
}

func TestS1_20_AMailThatIsRejectedOffersToReadTheSteps(t *testing.T) {
	stay := []policy.RunAnswer{at("live", "2"), at("assure", "2")}
	facts := known(newLicence, policy.Matched)
	facts["call.mail"] = "delivered"
	if run := running(t, facts, stay...); run.At != "stay" || len(run.Offers) != 1 {
		t.Errorf("a mail that arrived offers %v", run.Offers)
	}
	facts["call.mail"] = "rejected"
	run := running(t, facts, stay...)
	if len(run.Offers) != 2 || run.Offers[1].Label != "The mail does not arrive" {
		t.Fatalf("a rejected mail offers %v", run.Offers)
	}
	aloud := append(stay, policy.RunAnswer{Step: "stay", Key: "2", Said: map[string]any{"call.mail": "rejected"}})
	facts["call.mail"] = "delivered" // to another address meanwhile: what was answered before stays answered
	if run = running(t, facts, aloud...); run.At != "aloud" {
		t.Errorf("it stands at %q", run.At)
	}
}

func TestS1_22_TheWayFillsInTheOutcome(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	for end, want := range map[string]string{"done": "instructed", "not_identified": "not-identified", "sent_to_sales": "sales", "sent_options": "instructed", "sent_priority_options": "options", "": ""} {
		if got := p.CallOutcome(end); got != want {
			t.Errorf("%q amounts to %q", end, got)
		}
	}
	if run := running(t, known(noPlan, policy.Matched), at("no-plan", "2"), at("assure", "1")); run.Problem != "Wants to report a bug" {
		t.Errorf("the problem is %q", run.Problem)
	}
}

// A step that loops by itself ends all the same, and whatever is answered, the run stands on a step that there is.
func TestARunEndsWhateverIsAnswered(t *testing.T) {
	for _, name := range policy.Examples() {
		p := example(t, name)
		for id, proc := range p.Doc.Procedures {
			for _, keys := range []string{"1,1,1,1,1,1", "1,2,1,2,1,2", "2,2,2,2", "3", "1,1,5,3,2", "9"} {
				var answers []policy.RunAnswer
				for _, key := range strings.Split(keys, ",") {
					answers = append(answers, policy.RunAnswer{Key: key})
				}
				run, err := p.Run(id, noPlan, answers, tuesday)
				if _, there := proc.Steps[run.At]; !there || run.End == "" && err == nil && len(run.Offers) == 0 {
					t.Errorf("%s, %s, %s: stands at %q, %v", name, id, keys, run.At, err)
				}
			}
		}
	}
}
