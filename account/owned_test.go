package account_test

import (
	"testing"

	"hark/account"
	"hark/calendar"
)

func TestTelephoneNumbersAreWrittenOneWay(t *testing.T) {
	for typed, want := range map[string]string{
		"+49 30 1234567":                             "+49301234567",
		"0049 (0)30 / 123-4567":                      "+49301234567",
		"\u202a+1\u202f802\u2011555\u20110131\u202c": "+18025550131",
		"+1 (503) 555-0142":                          "+15035550142",
		"tel:+1-503-555-0142":                        "+15035550142",
		"030 1234567":                                "",
		"+0 30 1234567":                              "",
		"+49":                                        "",
		"+491234567890123456":                        "",
		"+49 30 CALLME":                              "",
		"":                                           "",
	} {
		got, err := account.PhoneNumber(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v), want %q", typed, got, err, want)
		}
	}
}

func TestAKeyIsKnownAgainHoweverItIsTyped(t *testing.T) {
	key := account.KeyOf("AC7K-99QX-11ZZ-TTTT")
	if key.Start != "AC7K99QX" {
		t.Errorf("people see %q of the key, want its first eight signs", key.Start)
	}
	if account.KeyOf(" ac7k 99qx 11zz tttt\n") != key {
		t.Error("spaces, dashes and case make another key of it")
	}
	if account.KeyOf("AC7K-99QX-11ZZ-TTTU") == key {
		t.Error("another key is the same")
	}
	if account.KeyOf(" -- ") != (account.Key{}) {
		t.Error("nothing is a key")
	}
}

func TestASiteIsItsName(t *testing.T) {
	for typed, want := range map[string]string{
		"https://www.Acme-Shop.example/": "acme-shop.example",
		"acme-shop.example":              "acme-shop.example",
		"http://acme.example/shop?x=1#a": "acme.example/shop",
		" WWW.acme.example ":             "acme.example",
	} {
		if got := account.FoldSite(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestAVersionBelongsToItsMajorOne(t *testing.T) {
	for name, want := range map[string]int{"7.0.2": 7, "v5": 5, "Gold 5.5": 5, "10": 10, "next": -1, "": -1, "99999999999999999999": -1} {
		got, known := account.Major(name)
		if !known {
			got = -1
		}
		if got != want {
			t.Errorf("%q belongs to %d, want %d", name, got, want)
		}
	}
}

// S0-13: paid until the thirtieth means on the thirtieth too, and not on the first.
func TestASubscriptionRunsThroughItsLastDay(t *testing.T) {
	day := func(text string) calendar.Date {
		d, err := calendar.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	s := account.Subscription{From: day("2026-11-01"), Until: day("2026-11-30")}
	for on, want := range map[string]bool{"2026-10-31": false, "2026-11-01": true, "2026-11-30": true, "2026-12-01": false} {
		if s.RunsOn(day(on)) != want {
			t.Errorf("on %s it runs: %v, want %v", on, !want, want)
		}
	}
	if s.Until = (calendar.Date{}); !s.RunsOn(day("2036-01-01")) {
		t.Error("without a last day it ends by itself")
	}
}

func TestARequestIsAboutOneThingThatIsOwned(t *testing.T) {
	theirs := account.Owned{Licences: []account.Licence{{ID: 12, Order: 7}, {ID: 13, Status: account.Ended}}, Orders: []account.Order{{ID: 7}, {ID: 8}}, Evaluations: []account.Evaluation{{ID: 3}}}
	for text, want := range map[string]bool{"licence:12": true, "licence:99": false, "order:8": true, "evaluation:3": true, "evaluation:12": false, "": false, "licence:": false, "licence:-12": false, "person:12": false, "12": false} {
		if got := theirs.Has(account.ParseAbout(text)); got != want {
			t.Errorf("it can be about %q: %v, want %v", text, got, want)
		}
	}
	if got := account.ParseAbout("licence:12").String(); got != "licence:12" {
		t.Errorf("licence:12 is written again as %q", got)
	}
	if got := theirs.Choices(); len(got) != 3 || got[0].String() != "licence:12" || got[1].String() != "order:8" || got[2].String() != "evaluation:3" {
		t.Errorf("the choices are %v: the ended licence and the order that has one of its own are none", got)
	}
}
