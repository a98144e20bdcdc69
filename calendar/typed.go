package calendar

import "strings"

// TypedHours reads the hours of one day as people type them: "9-17", "09:00 - 12:00, 13:00 – 17:30", "8-12 and 13-16". Nothing, and the
// word closed, are a day off.
func TypedHours(text string) ([]Interval, error) {
	text = typed.Replace(strings.ToLower(strings.Join(strings.Fields(text), " ")))
	var all []string
	for _, one := range strings.Fields(text) {
		from, to, _ := strings.Cut(one, "-")
		if one != "closed" {
			all = append(all, typedClock(from)+"-"+typedClock(to))
		}
	}
	return ParseHours(all...)
}

// typed takes out what people put between ranges and around their dashes.
var typed = strings.NewReplacer(" - ", "-", " – ", "-", " — ", "-", "- ", "-", " -", "-", "– ", "-", " –", "-", "–", "-", "—", "-", ",", " ", ";", " ", " and ", " ")

// typedClock fills up what people leave out: 9 and 9:00 are 09:00.
func typedClock(said string) string {
	if said != "" && !strings.Contains(said, ":") {
		said += ":00"
	}
	if len(said) == len("9:00") {
		said = "0" + said
	}
	return said
}
