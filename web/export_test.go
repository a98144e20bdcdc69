package web

import (
	"hark/desk"
	"hark/web/visit"
)

// Routes is the real table of a desk with these options, for the tests that prove every line of it.
func Routes(d *desk.Desk, options Options) []visit.Route {
	return (&house{desk: d, options: options}).routes()
}

// HolidaysIn is the set of holidays that the setup offers first for a zone.
func HolidaysIn(zone string) string { return holidaysIn(zone) }
