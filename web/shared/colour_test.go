package shared

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Whatever colour a company brings, its links and its buttons can be read by day and by night.
func TestEveryBrandColourIsReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hex := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		c, err := Accent(hex)
		if err != nil {
			t.Fatalf("Accent(%s): %v", hex, err)
		}
		for name, pair := range map[string][2]string{
			"link by day":     {c.Day, dayPaper},
			"link by night":   {c.Night, nightPaper},
			"button by day":   {c.Day, c.DayInk},
			"button by night": {c.Night, c.NightInk},
		} {
			if got := Contrast(pair[0], pair[1]); got < readable {
				t.Errorf("%s: %s gives %s on %s, contrast %.2f", name, hex, pair[0], pair[1], got)
			}
		}
	})
}

func TestAReadableBrandColourStaysAsItIs(t *testing.T) {
	c, err := Accent("#0a6b6b")
	if err != nil || c.Day != "#0a6b6b" {
		t.Errorf("Accent(#0a6b6b) by day = %q, %v; want it unchanged", c.Day, err)
	}
}

func TestAWordIsNotAColour(t *testing.T) {
	for _, hex := range []string{"teal", "#12", "#12345g", "", "}body{"} {
		if _, err := Accent(hex); err == nil {
			t.Errorf("Accent(%q) was taken; it must say what a colour looks like", hex)
		}
	}
}
