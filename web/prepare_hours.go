package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"hark/calendar"
	"hark/desk"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The third question: when somebody is there.

// dayNames are the days of a week as people call them.
var dayNames = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

var dayFields = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// holidaySays are the built-in sets as people call them.
var holidaySays = map[string]string{"us-federal": "United States, federal", "gb-eng": "England and Wales", "au-nsw": "Australia, New South Wales"}

func askHours(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	zone := v.Zone(time.UTC)
	guess := a.Zone == ""
	a.Zone = cmp.Or(a.Zone, zone.String())
	if len(a.Hours) == 0 {
		a.Hours = []string{"09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00"}
	}
	out := begin.Hours{
		Guess:    guess,
		Zone:     shared.Field{Name: "zone", Label: "Time zone", Hint: "Where your hours are meant, like Europe/London or America/New_York.", Value: a.Zone, Options: zones, Dir: "ltr", Error: wrong["zone"]},
		Holidays: shared.Choice{Name: "holidays", Legend: "Public holidays", Hint: "On these days nobody is there."},
	}
	for i, name := range dayNames {
		hours := ""
		if i < len(a.Hours) {
			hours = a.Hours[i]
		}
		out.Days = append(out.Days, shared.Field{Name: "hours", ID: "hours-" + dayFields[i], Label: name, Value: hours, Optional: true, Dir: "ltr", Error: wrong["hours-"+dayFields[i]]})
	}
	sets := [][2]string{{"none", "None|Open on every day of the week above."}}
	for _, set := range calendar.Sets() {
		sets = append(sets, [2]string{set, cmp.Or(holidaySays[set], set) + "|" + nextDaysOff(set, calendar.DateOf(h.desk.Now(), zone))})
	}
	out.Holidays.Options = choices(cmp.Or(a.Holidays, holidaysIn(a.Zone)), sets...)
	return out.View(), nil
}

// holidaysOf are the zones in which a built-in set is kept. Most zones of the Americas are in other countries, and keep other days.
var holidaysOf = map[string][]string{
	"us-federal": {
		"America/New_York", "America/Detroit", "America/Kentucky/", "America/Indiana/", "America/Chicago", "America/Menominee", "America/North_Dakota/", "America/Denver",
		"America/Boise", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Sitka", "America/Metlakatla", "America/Yakutat",
		"America/Nome", "America/Adak", "Pacific/Honolulu", "US/",
	},
	"gb-eng": {"Europe/London"},
	"au-nsw": {"Australia/Sydney"},
}

// holidaysIn is the set that is kept where a zone is, "none" where no built-in set is.
func holidaysIn(zone string) string {
	for set, zones := range holidaysOf {
		if slices.ContainsFunc(zones, func(in string) bool { return zone == in || strings.HasSuffix(in, "/") && strings.HasPrefix(zone, in) }) {
			return set
		}
	}
	return "none"
}

// nextDaysOff names the next three holidays of a set.
func nextDaysOff(set string, from calendar.Date) string {
	var days []string
	for i := 0; i < 366 && len(days) < 3; i++ {
		day := from.Plus(i)
		if name, off := calendar.HolidayOn(set, day); off {
			days = append(days, fmt.Sprintf("%s %d %s, %s", day.Weekday().String()[:3], day.D, day.M.String()[:3], name))
		}
	}
	return "Next: " + strings.Join(days, "; ") + "."
}

func takeHours(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Zone     string   `form:"zone"`
		Hours    []string `form:"hours"`
		Holidays string   `form:"holidays"`
		Do       string   `form:"do"`
		Replace  string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Zone, a.Hours, a.Holidays = strings.TrimSpace(in.Zone), in.Hours[:min(len(in.Hours), 7)], in.Holidays
	}, "zone", "hours"), nil
}
