package community_test

import (
	"strings"
	"testing"
	"time"

	"hark/community"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestWhoWritesForTheFirstTimeWaits(t *testing.T) {
	known := community.Past{Shown: 1}
	for _, c := range []struct {
		says  string
		past  community.Past
		body  string
		waits bool
	}{
		{"a first post", community.Past{}, "How do I print?", true},
		{"a second one", known, "How do I print?", false},
		{"one whose other post was taken off", community.Past{Shown: 9, Hidden: 1}, "How do I print?", true},
		{"two addresses", known, "See https://a.example and https://b.example", false},
		{"three addresses", known, "See https://a.example, www.b.example and [here](c.example)", true},
	} {
		if got := community.Waits(c.past, "Printing", c.body); got != c.waits {
			t.Errorf("%s: waits is %v", c.says, got)
		}
	}
}

func TestAddressesAreCountedHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string]int{
		"no address at all, at 10:30":                        0,
		"HTTPS://A.EXAMPLE":                                  1,
		"[one](https://a.example)":                           1,
		"[one]( a.example) www.b.example mailto:c@d.example": 3,
	} {
		if got := community.Links(text); got != want {
			t.Errorf("%q has %d, want %d", text, got, want)
		}
	}
}

func TestANameIsNeverAnAddress(t *testing.T) {
	for chosen, want := range map[string]string{
		"  Maria \n L. ":          "Maria L.",
		"maria@greenfund.example": "",
		"https://spam.example":    "",
		strings.Repeat("é", 60):   strings.Repeat("é", community.MostName),
	} {
		if got := community.Name(chosen); got != want {
			t.Errorf("%q is kept as %q", chosen, got)
		}
	}
}

func TestAPostCanBeCorrectedForAnHour(t *testing.T) {
	p := community.Post{At: noon, State: community.Shown}
	if !p.Correctable(noon.Add(59 * time.Minute)) {
		t.Error("after 59 minutes it is closed")
	}
	if p.Correctable(noon.Add(time.Hour)) {
		t.Error("after an hour it is open")
	}
	p.State = community.Hidden
	if p.Correctable(noon) {
		t.Error("what was taken off can be corrected")
	}
}

func TestHowFarAThreadHasCome(t *testing.T) {
	for want, p := range map[community.Standing]community.Post{
		community.Unanswered: {Kind: community.Question, Answers: 3},
		community.Answered:   {Kind: community.Question, Accepted: 7},
		community.IdeaStands: {Kind: community.Idea, Card: 1},
	} {
		if got := p.Standing(); got != want {
			t.Errorf("%+v is %s", p, got)
		}
	}
}
