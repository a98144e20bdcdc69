package calendar

import "time"

// usFederal are the legal public holidays of 5 U.S.C. 6103 that the whole country has, each on its own date and, when
// that falls on a weekend, also on the Friday or Monday that offices observe. Inauguration Day (Washington only) and
// days off by executive order are not holidays in this sense.
func usFederal(y int) []Holiday {
	list := observed(nil, Date{y, time.January, 1}, "New Year's Day")
	// On a Saturday it is observed in the year before, so this year's last day may belong to the next.
	if next := (Date{y + 1, time.January, 1}); next.Weekday() == time.Saturday {
		list = append(list, Holiday{next.Plus(-1), "New Year's Day (observed)"})
	}
	if y >= 1986 {
		list = append(list, Holiday{nth(y, time.January, 3, time.Monday), "Martin Luther King Jr. Day"})
	}
	list = append(list,
		Holiday{nth(y, time.February, 3, time.Monday), "Washington's Birthday"},
		Holiday{last(y, time.May, time.Monday), "Memorial Day"})
	if y >= 2021 {
		list = observed(list, Date{y, time.June, 19}, "Juneteenth")
	}
	list = observed(list, Date{y, time.July, 4}, "Independence Day")
	list = append(list,
		Holiday{nth(y, time.September, 1, time.Monday), "Labor Day"},
		Holiday{nth(y, time.October, 2, time.Monday), "Columbus Day"})
	list = observed(list, Date{y, time.November, 11}, "Veterans Day")
	list = append(list, Holiday{nth(y, time.November, 4, time.Thursday), "Thanksgiving Day"})
	return observed(list, Date{y, time.December, 25}, "Christmas Day")
}

// observed adds a holiday and, for a weekend date, the working day that stands in for it.
func observed(list []Holiday, d Date, name string) []Holiday {
	list = append(list, Holiday{d, name})
	switch d.Weekday() {
	case time.Saturday:
		return append(list, Holiday{d.Plus(-1), name + " (observed)"})
	case time.Sunday:
		return append(list, Holiday{d.Plus(1), name + " (observed)"})
	}
	return list
}
