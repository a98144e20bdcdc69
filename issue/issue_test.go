package issue

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"hark/calendar"
	"hark/fault"
)

func cents() Issue {
	return Issue{Title: "Totals are off by a few cents", Workaround: "Export the list.", Tracker: "https://tracker.example/812"}.Tidy()
}

func TestAnIssueIsTidied(t *testing.T) {
	i := Issue{Title: "  Totals \n are\toff ", Workaround: " Export it.\nThen add. ", Tracker: " https://tracker.example "}.Tidy()
	if i.Title != "Totals are off" || i.Workaround != "Export it.\nThen add." || i.Tracker != "https://tracker.example" || i.Reach != SystemWide || i.Severity != Serious || i.State != Open {
		t.Errorf("tidied it is %+v", i)
	}
}

func TestWhatCannotBeKeptIsNamedByItsField(t *testing.T) {
	if err := cents().Check(); err != nil {
		t.Fatalf("a good one is refused: %v", err)
	}
	for field, bend := range map[string]func(*Issue){
		"title": func(i *Issue) { i.Title = strings.Repeat("ü", LongestTitle+1) }, "happens": func(i *Issue) { i.Happens = strings.Repeat("x", LongestText+1) },
		"reach": func(i *Issue) { i.Reach = "galactic" }, "severity": func(i *Issue) { i.Severity = "high" },
		"tracker": func(i *Issue) { i.Tracker = "//tracker.example" }, "announcement": func(i *Issue) { i.Announcement = "data:text/html,hello" },
	} {
		wrong := cents()
		bend(&wrong)
		err := wrong.Check()
		if named := (*Wrong)(nil); !errors.As(err, &named) || named.Field != field || !fault.Is(err, fault.Invalid) {
			t.Errorf("a wrong %s is answered with %v", field, err)
		}
	}
}

// A ticket learns what is known and nothing that is not: a phase that needs a horizon is not satisfied by an empty one.
func TestOnlyWhatIsKnownIsAFact(t *testing.T) {
	i := cents()
	facts := i.Facts()
	if facts["issue.link"] != true || facts["issue.workaround"] != "Export the list." || facts["issue.system_wide"] != true {
		t.Errorf("its facts are %v", facts)
	}
	for _, unknown := range []string{"issue.horizon", "issue.plan", "issue.estimate", "issue.announcement", "issue.confirmed_in_production"} {
		if value, said := facts[unknown]; said {
			t.Errorf("%s is %v", unknown, value)
		}
	}
	i.Horizon, i.Estimate = "weeks", calendar.Date{Y: 2027, M: 1, D: 15}
	for name := range i.Facts() {
		if !slices.Contains(FactNames, name) {
			t.Errorf("%s is a fact that an unlinked ticket would keep", name)
		}
	}
	if i.Facts()["issue.estimate"] != "2027-01-15" {
		t.Errorf("the estimate is %v", i.Facts()["issue.estimate"])
	}
}

func TestDifferencesAreToldInTheOrderOfTheForm(t *testing.T) {
	was, is := cents(), cents()
	is.Severity, is.Horizon, is.Workaround = Critical, "weeks", ""
	var said []string
	for _, c := range Differences(was, is) {
		said = append(said, c.What+": "+c.Was+" -> "+c.Is)
	}
	want := []string{"severity: serious -> critical", "workaround: Export the list. -> ", "horizon:  -> weeks"}
	if !slices.Equal(said, want) {
		t.Errorf("different is %q, want %q", said, want)
	}
}
