package calendar

import "testing"

// desk makes the calendar of a support desk, Monday to Friday, or fails the test.
func desk(t testing.TB, zone, hours string, holidays ...string) *Calendar {
	t.Helper()
	return made(t, Spec{ID: "desk", Zone: zone, Week: map[string][]string{"mon-fri": {hours}}, Holidays: holidays})
}

func made(t testing.TB, s Spec) *Calendar {
	t.Helper()
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
