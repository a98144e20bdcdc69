package procedure

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// tangled is a procedure in which everything leads far: back to the first step, on to the last, and to the one after the next.
func tangled(n int) (steps []Step) {
	for i := range n {
		s := Step{ID: fmt.Sprint(i), Title: "A step with quite a long name, as people give them to steps", Reached: true}
		s.Ways = []Way{{Key: "1", Label: "On", To: min(i+2, n-1)}, {Key: "2", Label: "Once more from the beginning, with somebody else", To: 0}, {Key: "3", Label: "To the end", To: n - 1}}
		steps = append(steps, s)
	}
	return append(steps[:n-1], Step{ID: "end", Title: "The end", End: "done", Reached: true})
}

func TestEveryWayEndsAtItsStep(t *testing.T) {
	steps := tangled(7)
	d := draw(context.Background(), steps)
	ways := 0
	for _, track := range d.Tracks {
		ways += len(track.Ways)
		entry, _, _ := strings.Cut(strings.TrimPrefix(track.Arrow, fmt.Sprintf("M%d ", columnWide+1)), "l")
		for _, way := range track.Ways {
			if !strings.Contains(way, " "+entry+"H") {
				t.Errorf("%s does not come to %s", way, entry)
			}
		}
	}
	if ways != 18 || len(d.Boxes) != 7 {
		t.Errorf("%d ways between %d boxes, want 18 between 7", ways, len(d.Boxes))
	}
}

// However much leads where, each step has a track of its own wherever two would lie upon each other, and all lie in the picture.
func TestTracksOfDifferentStepsDoNotMeet(t *testing.T) {
	for n := 3; n < 40; n += 6 {
		var all []span
		for i := range n {
			all = append(all, span{to: i, from: 10 * i, until: 10*i + 30*(i%5)})
		}
		lay(all)
		for i, a := range all {
			for _, b := range all[:i] {
				if a.lane == b.lane && a.from < b.until && b.from < a.until {
					t.Errorf("%+v and %+v share a lane", a, b)
				}
			}
		}
		for _, track := range draw(context.Background(), tangled(n)).Tracks {
			if track.X < tracksFrom || track.X > wholeWide {
				t.Errorf("a track lies at %d, outside of the picture", track.X)
			}
		}
	}
}

func TestWordsStayInTheirBox(t *testing.T) {
	for says, want := range map[string]int{"Done": 1, "Has named a website or something else": 2, strings.Repeat("Donaudampfschifffahrt", 9): 1, "": 1} {
		got := wrapped(says, 200, 2)
		if len(got) != want {
			t.Errorf("%q takes %d lines, want %d", says, len(got), want)
		}
		for _, line := range got {
			if wideAs(line) > 210 {
				t.Errorf("%q is %d wide", line, wideAs(line))
			}
		}
	}
	if got := wrapped("one two three four five six seven eight nine ten eleven twelve", 100, 2); len(got) != 2 || !strings.HasSuffix(got[1], "…") {
		t.Errorf("what does not fit is cut off without a sign: %q", got)
	}
}
