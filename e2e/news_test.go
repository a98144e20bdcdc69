package e2e

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// brandOf is the number of a brand of the demo.
func brandOf(t *testing.T, server *Server, slug string) (id string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(server.Data, "hark.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT id FROM brands WHERE slug = $1", slug).Scan(&id); err != nil {
		t.Fatalf("the demo has no brand %s: %v", slug, err)
	}
	return id
}

// at is the address of a page at a brand's own host.
func at(server *Server, brand, path string) string {
	return strings.Replace(server.URL, "127.0.0.1", brand+".localhost", 1) + path
}

// Ana finishes a draft, sees who will hear of it, and publishes it with a banner. A visitor reads it above the page, in What's New and in
// the feed, at an address of its own, and puts the banner away.
func TestWhatIsNewIsPublishedInABrowser(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	ana.Size(1440, 900)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	until := ana.clock(t).AddDate(0, 0, 7).Format("2006-01-02")
	ana.Visit(server.URL + "/whats-new/entries?brand=" + brandOf(t, server, "northbound"))
	ana.Axe("the entries of What’s new")
	ana.Press("Search finds names with marks on their letters")
	ana.See("As customers read it")
	ana.Type("input[name=banner]", "Search finds every name now.")
	ana.eval(`(document.querySelector("input[name=until]").value = "` + until + `")`)
	ana.Axe("writing an entry")
	ana.Shot("news-01-written")
	ana.Press("Save, and look who hears of it")
	ana.See("Who hears of it")
	ana.See("“Search finds every name now.”")
	ana.Axe("publishing an entry")
	ana.Shot("news-02-who-hears")
	ana.Press("Publish")
	ana.See("published it")

	visitor := Open(t)
	visitor.Size(390, 844)
	visitor.Visit(at(server, "northbound", "/portal"))
	visitor.See("Search finds every name now.")
	visitor.Axe("a page below a banner")
	visitor.Shot("news-03-banner")
	visitor.Visit(at(server, "northbound", "/whats-new"))
	visitor.SeeIn(".news-entry", "Search finds names with marks on their letters")
	visitor.Axe("What’s new")
	visitor.Shot("news-04-page")
	visitor.Press("Search finds names with marks on their letters")
	visitor.See("Everything that is new")
	if feed := visitor.eval(`(() => { const asks = new XMLHttpRequest(); asks.open("GET", "/whats-new.atom", false); asks.send(); return asks.responseText })()`); !strings.Contains(feed, "Search finds names with marks on their letters") {
		t.Errorf("the feed says %.300s", feed)
	}
}

// Nadia says on the roadmap that she would like the spreadsheet too; colleagues see that two ask. It is decided for the next six months, and
// she is mailed it once, with the reason.
func TestACardIsWantedDecidedAndTold(t *testing.T) {
	server := Start(t, "demo")
	nadia := Open(t)
	nadia.Size(390, 844)
	roadmap := at(server, "northbound", "/roadmap")
	nadia.Visit(at(server, "northbound", "/portal/code"))
	nadia.Type("input[name=email]", "nadia@harbourlights.example")
	nadia.Click("form .button-primary")
	nadia.See("Look into your mail")
	nadia.Visit(at(server, "northbound", mailedLink(t, server, "/sign-in/link/")))
	nadia.Click("form .button-primary")
	nadia.See("Your requests")
	nadia.Visit(roadmap)
	nadia.See("The monthly list as a spreadsheet")
	nadia.Axe("the roadmap")
	nadia.Click(`button[title="I want this too: The monthly list as a spreadsheet"]`)
	nadia.until("she is counted", func() bool {
		return nadia.eval(`!!document.querySelector('button[title="Take it back: The monthly list as a spreadsheet"]')`) == "true"
	})
	nadia.Shot("roadmap-01-wanted")

	ana := Open(t)
	ana.Size(1440, 900)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.Visit(server.URL + "/roadmap/cards?brand=" + brandOf(t, server, "northbound"))
	ana.Press("The monthly list as a spreadsheet")
	ana.See("Where it stands from now on")
	ana.SeeIn(".card-decide", "are mailed once, with the reason, to whoever asked for it")
	ana.Axe("deciding about a card")
	ana.Click("input[name=state][value=planned]")
	ana.Type("textarea[name=reason]", "Four of you copy it by hand each month.")
	ana.Shot("roadmap-02-decides")
	ana.Click(".card-decide .button-primary")
	ana.SeeIn(".news-aside", "Four of you copy it by hand each month.")
	mailed := func() int {
		_, page := server.Get(t, "/demo/outbox")
		return strings.Count(page, "A decision about a wish")
	}
	ana.until("everybody who asked is mailed", func() bool { return mailed() == 4 })
	nadia.Visit(roadmap)
	nadia.See("Four of you copy it by hand each month.")
	nadia.Shot("roadmap-03-decided")
	server.Hark(t, "", "clock", "advance", "1h")
	if n := mailed(); n != 4 {
		t.Errorf("%d mails say so an hour later, want 4", n)
	}
}
