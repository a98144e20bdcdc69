package policy_test

import (
	"testing"
	"time"

	"hark/policy"
)

// noon is noon in the company's zone; a day later in UTC would be another date, which the ages must not notice.
func pacific(t *testing.T, date string, hour int) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		t.Fatal(err)
	}
	return day.Add(time.Duration(hour) * time.Hour)
}

func level(t *testing.T, facts map[string]any) (level, row, because string) {
	t.Helper()
	return example(t, "ablecommerce-phone-procedures").Level(policy.FactsIn(facts), pacific(t, "2026-11-17", 12))
}

func TestS1_01_ThirtyDays(t *testing.T) {
	for _, c := range []struct{ ordered, level, row string }{
		{"2026-10-18", "active", "recent"},
		{"2026-10-17", "no_plan", "none"},
		{"2026-11-17", "active", "recent"},
	} {
		got, row, because := level(t, map[string]any{"licence.ordered_on": c.ordered, "licence.version_major": 7})
		if got != c.level || row != c.row || because == "" {
			t.Errorf("ordered on %s: %s by %s (%s), wanted %s by %s", c.ordered, got, row, because, c.level, c.row)
		}
	}
}

func TestS1_01_DaysAreCountedByTheCompanysClock(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	facts := policy.FactsIn(map[string]any{"licence.ordered_on": "2026-10-18"})
	if got, _, _ := p.Level(facts, pacific(t, "2026-11-17", 23)); got != "active" {
		t.Errorf("at 23:00 Pacific it is the 18th in London, and still the thirtieth day here; got %s", got)
	}
	if got, _, _ := p.Level(facts, pacific(t, "2026-11-18", 1)); got != "no_plan" {
		t.Errorf("an hour after midnight the thirty-first day has begun; got %s", got)
	}
}

func TestS1_05_EvaluatingForMonths(t *testing.T) {
	for days, want := range map[int]string{20: "active", 90: "active", 91: "sales", 120: "sales"} {
		if got, row, _ := level(t, map[string]any{"customer.evaluating": true, "customer.evaluation_age_days": days}); got != want {
			t.Errorf("evaluating for %d days: %s by %s, wanted %s", days, got, row, want)
		}
	}
	began := map[string]any{"customer.evaluating": true, "customer.evaluation_began_on": "2026-08-18"}
	if got, row, _ := level(t, began); got != "sales" || row != "long-evaluation" {
		t.Errorf("91 days from the date it began: %s by %s", got, row)
	}
}

func TestS1_06_HostedWithAnOldOrder(t *testing.T) {
	got, row, because := level(t, map[string]any{"licence.order_age_days": 400, "customer.hosted": true, "licence.version_major": 7})
	if got != "active" || row != "hosted" || because != "Is hosted by us" {
		t.Errorf("%s by %s: %s", got, row, because)
	}
}

func TestS1_07_VersionFive(t *testing.T) {
	if got, row, _ := level(t, map[string]any{"licence.order_age_days": 2600, "licence.version_major": 5}); got != "unsupported" || row != "old-version" {
		t.Errorf("%s by %s", got, row)
	}
	if got, _, _ := level(t, map[string]any{"licence.order_age_days": 2600, "licence.version_major": 5, "plan.priority": true}); got != "priority" {
		t.Errorf("paying goes before the age of the version (A26); got %s", got)
	}
}

func TestAPolicyWithoutLevelsHasNone(t *testing.T) {
	if got, row, because := example(t, "customer-support-center").Level(policy.FactsIn(nil), time.Unix(0, 0)); got+row+because != "" {
		t.Errorf("%s %s %s", got, row, because)
	}
}

func TestFactsAreReadByTheirType(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	for _, c := range []struct {
		name, text string
		want       any
	}{
		{"licence.order_age_days", "30", 30},
		{"customer.hosted", "true", true},
		{"licence.ordered_on", "2026-10-18", "2026-10-18"},
		{"ticket.kind", "bug", "bug"},
	} {
		if got, err := p.FactValue(c.name, c.text); err != nil || got != c.want {
			t.Errorf("%s=%s reads as %v, %v", c.name, c.text, got, err)
		}
	}
	for name, text := range map[string]string{"licence.order_age_days": "many", "customer.hosted": "yes", "licence.ordered_on": "18 October", "licence.colour": "red"} {
		if got, err := p.FactValue(name, text); err == nil {
			t.Errorf("%s=%s reads as %v", name, text, got)
		}
	}
}
