package policy_test

import (
	"strings"
	"testing"
	"time"

	"hark/policy"
)

func TestTheScaleOfRatings(t *testing.T) {
	labels := func(p *policy.Policy) string {
		var all []string
		for _, s := range p.Scores() {
			all = append(all, s.Label+" is "+string(s.Sense))
		}
		return strings.Join(all, ", ")
	}
	usual := changed(t, "soapbox-phone-support")
	if got := labels(usual); got != "Good is good, Bad is bad" {
		t.Errorf("the usual scale: %s", got)
	}
	five := changed(t, "soapbox-phone-support", "scale: good_bad_comment", "scale: one_to_five, change_within: 12h")
	if got := labels(five); got != "Very good is good, Good is good, Fair is fair, Bad is bad, Very bad is bad" {
		t.Errorf("five steps: %s", got)
	}
	if _, known := five.Score("good"); known {
		t.Error("an answer of another scale is known")
	}
	given := time.Date(2026, 11, 16, 15, 0, 0, 0, time.UTC)
	if week, half := usual.RatingStays(given).Sub(given), five.RatingStays(given).Sub(given); week != 7*24*time.Hour || half != 12*time.Hour {
		t.Errorf("they can be changed for %s and %s", week, half)
	}
	if usual.Celebrates() != "It is solved, and we are dancing." || changed(t, "customer-support-center").Celebrates() != "" {
		t.Error("the sentence is not the policy's")
	}
}

func TestQueuesAreNamedByRouting(t *testing.T) {
	names := func(example string) string {
		var all []string
		for _, q := range changed(t, example).Queues() {
			all = append(all, q.ID+" "+q.Label)
		}
		return strings.Join(all, ", ")
	}
	if got := names("ablecommerce-phone-procedures"); got != "review Review a new case, level_two Level two, hosting Hosting, sales Sales, level_one Level one" {
		t.Errorf("seed 001 has the queues %s", got)
	}
	if got := names("customer-support-center"); got != "" {
		t.Errorf("seed 002 sends everything to everybody, and has the queues %s", got)
	}
}
