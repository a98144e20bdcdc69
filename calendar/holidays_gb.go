package calendar

import "time"

// gbEng are the bank holidays of England and Wales: those of the Banking and Financial Dealings Act 1971, Good Friday
// and Christmas Day, which are older than any act, and the days proclaimed for one year. A holiday on a weekend stays
// one and is followed by its substitute day.
func gbEng(y int) []Holiday {
	sunday := easter(y)
	list := []Holiday{
		{sunday.Plus(-2), "Good Friday"},
		{sunday.Plus(1), "Easter Monday"},
		{moved(gbEarlyMay, y, nth(y, time.May, 1, time.Monday)), "Early May bank holiday"},
		{moved(gbSpring, y, last(y, time.May, time.Monday)), "Spring bank holiday"},
		{last(y, time.August, time.Monday), "Summer bank holiday"},
	}
	list = substituted(list, Date{y, time.January, 1}, "New Year's Day")
	list = substituted(list, Date{y, time.December, 26}, "Boxing Day")
	list = substituted(list, Date{y, time.December, 25}, "Christmas Day")
	return append(list, once(gbOnce, y)...)
}

// gbEarlyMay and gbSpring are the years in which a Monday in May gave way to another day.
var (
	gbEarlyMay = map[int]Date{1995: {1995, time.May, 8}, 2020: {2020, time.May, 8}}
	gbSpring   = map[int]Date{2002: {2002, time.June, 4}, 2012: {2012, time.June, 4}, 2022: {2022, time.June, 2}}
)

var gbOnce = []Holiday{
	{Date{1999, time.December, 31}, "Millennium Eve"},
	{Date{2002, time.June, 3}, "Golden Jubilee bank holiday"},
	{Date{2011, time.April, 29}, "Wedding of Prince William and Catherine Middleton"},
	{Date{2012, time.June, 5}, "Diamond Jubilee bank holiday"},
	{Date{2022, time.June, 3}, "Platinum Jubilee bank holiday"},
	{Date{2022, time.September, 19}, "State Funeral of Queen Elizabeth II"},
	{Date{2023, time.May, 8}, "Coronation of King Charles III"},
}

func moved(to map[int]Date, y int, usual Date) Date {
	if d, ok := to[y]; ok {
		return d
	}
	return usual
}

func once(list []Holiday, y int) (found []Holiday) {
	for _, h := range list {
		if h.Date.Y == y {
			found = append(found, h)
		}
	}
	return found
}

// substituted adds a holiday and the weekday that stands in for it at a weekend: the Monday after, except that
// Christmas Day on a Sunday and Boxing Day on a Sunday find the Monday taken by the other and go to Tuesday.
func substituted(list []Holiday, d Date, name string) []Holiday {
	list = append(list, Holiday{d, name})
	if instead, ok := nextWeekday(d); ok {
		return append(list, Holiday{instead, name + " (substitute day)"})
	}
	return list
}

// nextWeekday is the weekday given for a holiday at a weekend.
func nextWeekday(d Date) (instead Date, ok bool) {
	switch {
	case d.Weekday() == time.Saturday:
		return d.Plus(2), true
	case d.Weekday() == time.Sunday && d.M == time.December:
		return d.Plus(2), true
	case d.Weekday() == time.Sunday:
		return d.Plus(1), true
	}
	return d, false
}
