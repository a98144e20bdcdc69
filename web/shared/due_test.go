package shared

import "testing"

// Red is for a broken promise, amber for a usual time that has passed; nothing else has a colour, and what has one
// has a shape as well.
func TestOnlyABrokenPromiseIsRed(t *testing.T) {
	for _, c := range []struct {
		strength Strength
		state    DueState
		tone     string
		marked   bool
	}{
		{Promise, Missed, "due-broken", true},
		{Usual, Missed, "due-late", true},
		{Planned, Missed, "", false},
		{Promise, Running, "", false},
		{Usual, Running, "", false},
		{Promise, Paused, "due-paused", false},
		{Promise, Kept, "due-kept", false},
	} {
		d := Due{Strength: c.strength, State: c.state}
		if d.tone() != c.tone || d.marked() != c.marked {
			t.Errorf("%s, %s: %s, marked %v; want %s, %v", c.strength, c.state, d.tone(), d.marked(), c.tone, c.marked)
		}
	}
}
