package web_test

import (
	"fmt"
	"regexp"
	"testing"
)

var besidePlace = regexp.MustCompile(`data-live-count="([a-z]+)">([^<]*)<`)

// besides are the numbers beside the entries of the rail, by entry.
func besides(page answer) map[string]string {
	numbers := map[string]string{}
	for _, found := range besidePlace.FindAllStringSubmatch(page.body, -1) {
		numbers[found[1]] = found[2]
	}
	return numbers
}

// Mail that was set aside stands on no ticket. Whoever decides about it sees on every page that it waits, and no longer when it is decided.
func TestTheRailTellsOfMailThatWaits(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := o.as(o.ana)
		if n := besides(ana.get("/inbox"))["mail"]; n != "1" { // the stranger's on Maria's ticket
			t.Fatalf("beside the mail log stands %q", n)
		}
		aside := o.arrives("Iris Bloom <iris@bloom.example>", "Vacation: a notice for our page", "In-Reply-To: <1@elsewhere.example>\r\n", "Please put it up.")
		if n := besides(ana.get("/inbox"))["mail"]; n != "2" {
			t.Errorf("beside the mail log stands %q after %+v", n, aside)
		}
		o.must(o.desk.DiscardHeld(ctx, o.ana.Actor(), aside.ID))
		o.must(o.desk.DiscardHeld(ctx, o.ana.Actor(), o.held))
		if n := besides(ana.get("/inbox"))["mail"]; n != "" {
			t.Errorf("beside the mail log stands %q when nothing waits", n)
		}
		if _, told := besides(o.as(o.ben).get("/inbox"))["mail"]; told {
			t.Error("Ben, who has no mail log, is told of it")
		}
	})
}

// Beside the inbox stands what its list says: nobody counts further than a hundred.
func TestTheRailCountsNoFurtherThanTheList(t *testing.T) {
	o := open(t, sqlite(t))
	for n := range 101 {
		o.asks("Iris Bloom <iris@bloom.example>", fmt.Sprint("Plot ", n), o.support.ID)
	}
	page := o.as(o.ana).get("/inbox")
	page.reads(t, "Next for me 99+")
	if n := besides(page)["inbox"]; n != "99+" {
		t.Errorf("beside the inbox stands %q", n)
	}
}
