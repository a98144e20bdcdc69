package calendar_test

import (
	"crypto/sha256"
	"testing"

	"hark/calendar"
)

// a fingerprint is another one as soon as a single instant would be, and the same one otherwise.
func TestX06_AFingerprintTellsWhetherInstantsChange(t *testing.T) {
	office := func(change func(*calendar.Spec)) [32]byte {
		s := calendar.Spec{ID: "office", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"09:00-17:00"}}, Holidays: []string{"us-federal"}}
		change(&s)
		c, err := calendar.New(s)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		c.Digest(h, 2025, 2029)
		return [32]byte(h.Sum(nil))
	}
	usual := office(func(*calendar.Spec) {})
	for name, same := range map[string]func(*calendar.Spec){
		"another name":                    func(s *calendar.Spec) { s.ID = "shop" },
		"a closed Sunday":                 func(s *calendar.Spec) { s.Except = []calendar.ExceptSpec{{Date: "2026-11-29"}} },
		"the same hours in two intervals": func(s *calendar.Spec) { s.Week = map[string][]string{"mon-fri": {"09:00-12:00", "12:00-17:00"}} },
		"a holiday long ago":              func(s *calendar.Spec) { s.Except = []calendar.ExceptSpec{{Date: "2024-11-27"}} },
	} {
		if office(same) != usual {
			t.Errorf("%s makes another fingerprint", name)
		}
	}
	for name, other := range map[string]func(*calendar.Spec){
		"a closed Wednesday":          func(s *calendar.Spec) { s.Except = []calendar.ExceptSpec{{Date: "2026-11-25"}} },
		"a zone with the same offset": func(s *calendar.Spec) { s.Zone = "America/Bogota" },
		"no holidays":                 func(s *calendar.Spec) { s.Holidays = nil },
		"an hour more on Fridays": func(s *calendar.Spec) {
			s.Week = map[string][]string{"mon-thu": {"09:00-17:00"}, "fri": {"09:00-18:00"}}
		},
		"another region by default": func(s *calendar.Spec) { regions(s, "west") },
		"a region in another zone": func(s *calendar.Spec) {
			regions(s, "east")
			s.Regions["west"] = calendar.RegionSpec{Zone: "America/Denver"}
		},
		"regions where there was none": func(s *calendar.Spec) { regions(s, "east") },
	} {
		if office(other) == usual {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	east := office(func(s *calendar.Spec) { regions(s, "east") })
	if east == office(func(s *calendar.Spec) { regions(s, "west") }) {
		t.Error("another default region goes unnoticed")
	}
}

func regions(s *calendar.Spec, byDefault string) {
	s.By, s.DefaultRegion = "customer.region", byDefault
	s.Regions = map[string]calendar.RegionSpec{"east": {Zone: "America/New_York"}, "west": {Zone: "America/Los_Angeles"}}
}
