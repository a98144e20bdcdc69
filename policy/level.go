package policy

import (
	"time"

	"hark/calendar"
)

// Level says which level of support these facts give, by the first row of the table that fits, with the row's id and
// its reason in words (seed 001, 1.14 to 1.20). A policy without levels answers with empty texts, and so does a table
// of which no row fits.
func (p *Policy) Level(facts Facts, now time.Time) (level, row, because string) {
	if p.Doc.Levels == nil {
		return "", "", ""
	}
	facts = p.WithAges(facts, now)
	for _, r := range p.Doc.Levels.Table {
		if r.When.Holds(facts) {
			return r.Level, r.ID, r.Because
		}
	}
	return "", "", ""
}

// ages are facts that count days from a date, so that nobody has to keep them up to date.
var ages = map[string]string{
	"licence.order_age_days":       "licence.ordered_on",
	"customer.evaluation_age_days": "customer.evaluation_began_on",
}

// WithAges adds the facts that follow from dates at this instant: whole days in the company's zone, so that the day of
// the order has age 0 (A25); and that whoever has ordered a licence is a customer. A fact that is given itself stays as it is.
func (p *Policy) WithAges(facts Facts, now time.Time) Facts {
	return func(name string) (any, bool) {
		if value, known := facts(name); known {
			return value, true
		}
		source, isAge := ages[name]
		if name == "caller.is_customer" {
			return hasOrdered(facts)
		}
		if !isAge {
			return nil, false
		}
		value, known := facts(source)
		if !known {
			return nil, false
		}
		return p.age(value, now)
	}
}

// hasOrdered says that somebody is a customer when a licence of theirs is known.
func hasOrdered(facts Facts) (any, bool) {
	for _, fact := range []string{"licence.ordered_on", "licence.order_age_days"} {
		if _, known := facts(fact); known {
			return true, true
		}
	}
	return nil, false
}

func (p *Policy) age(date any, now time.Time) (any, bool) {
	switch d := date.(type) {
	case string:
		from, err := calendar.ParseDate(d)
		return calendar.Age(from, now, p.Zone), err == nil
	case time.Time:
		return calendar.Age(calendar.DateOf(d, p.Zone), now, p.Zone), true
	}
	return nil, false
}
