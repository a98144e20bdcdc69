package calendar

import "time"

// auNSW are the statutory public holidays of New South Wales (Public Holidays Act 2010, section 4, and the days
// declared under section 5). New Year's Day, Christmas Day and Boxing Day at a weekend stay holidays and bring an
// additional one; Australia Day at a weekend moves to Monday. The Bank Holiday in August is not a public holiday. For
// years before 2012 the same rules are applied, although older acts were in force.
func auNSW(y int) []Holiday {
	sunday := easter(y)
	list := []Holiday{
		{sunday.Plus(-2), "Good Friday"},
		{sunday.Plus(-1), "Easter Saturday"},
		{sunday, "Easter Sunday"},
		{sunday.Plus(1), "Easter Monday"},
		{australiaDay(y), "Australia Day"},
		{Date{y, time.April, 25}, "Anzac Day"},
		{nth(y, time.June, 2, time.Monday), sovereign(y) + "'s Birthday"},
		{nth(y, time.October, 1, time.Monday), "Labour Day"},
	}
	list = additional(list, Date{y, time.January, 1}, "New Year's Day")
	list = additional(list, Date{y, time.December, 25}, "Christmas Day")
	list = additional(list, Date{y, time.December, 26}, "Boxing Day")
	return append(list, once(auNSWOnce, y)...)
}

var auNSWOnce = []Holiday{
	{Date{2011, time.April, 26}, "Additional public holiday for Anzac Day"}, // Anzac Day was Easter Monday
	{Date{2022, time.September, 22}, "National Day of Mourning"},
	{Date{2026, time.April, 27}, "Additional public holiday for Anzac Day"},
	{Date{2027, time.April, 26}, "Additional public holiday for Anzac Day"},
}

func australiaDay(y int) Date {
	d, _ := nextWeekday(Date{y, time.January, 26})
	return d
}

func sovereign(y int) string {
	if y >= 2023 {
		return "King"
	}
	return "Queen"
}

func additional(list []Holiday, d Date, name string) []Holiday {
	list = append(list, Holiday{d, name})
	if extra, ok := nextWeekday(d); ok {
		return append(list, Holiday{extra, "Additional public holiday for " + name})
	}
	return list
}
