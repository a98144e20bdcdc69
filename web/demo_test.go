package web_test

import (
	"regexp"
	"testing"
)

// Whoever clicks twice on "What happens next" sees one thing happen: the second click names what has happened already.
func TestADoubleClickOnWhatHappensNextIsOne(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	at := regexp.MustCompile(`name="at" value="([^"]+)"`).FindStringSubmatch(ana.get("/inbox").body)
	if at == nil {
		t.Fatal("the page does not say what happens next")
	}
	click := form("back", "/inbox", "at", at[1])
	ana.post("/demo/next", click)
	once := o.clock.Now()
	ana.post("/demo/next", click)
	if twice := o.clock.Now(); !twice.Equal(once) {
		t.Errorf("the second click went on from %s to %s", once, twice)
	}
}
