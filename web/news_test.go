package web_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
)

// northbound is an office under the policy with phases and a roadmap, in which nothing is published yet.
func northbound(t *testing.T, o *office) {
	t.Helper()
	source, _ := policy.Example("what-happens-next")
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "phases"})
	o.must(err)
	o.marias = o.asks("Maria Lopez <maria@greenfund.example>", "The list as a spreadsheet", o.support.ID)
	o.maria = o.customer("maria@greenfund.example")
}

func eachNorthbound(t *testing.T, story func(t *testing.T, o *office)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { story(t, opened(t, db, func(o *office) { northbound(t, o) })) })
}

var newEntry = regexp.MustCompile(`^/whats-new/entries/(\d+)(/publish)?$`)

// doesNotRead is the opposite of reads.
func (a answer) doesNotRead(t *testing.T, words ...string) {
	t.Helper()
	text := html.UnescapeString(strings.Join(strings.Fields(tags.ReplaceAllString(a.body, " ")), " "))
	for _, word := range words {
		if at := strings.Index(text, word); at >= 0 {
			t.Errorf("the page says %q: %s", word, text[max(0, at-100):min(len(text), at+200)])
		}
	}
}

// base is the newest change that a form was made from.
func base(t *testing.T, page answer) string {
	t.Helper()
	found := regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(page.body)
	if found == nil {
		t.Fatalf("the page has no form: %s", excerpt(page.body))
	}
	return found[1]
}

// Ben writes what is new and sees who will hear of it before he publishes it. Until then there is no page, no link to one, no feed.
func TestBenPublishesWhatIsNew(t *testing.T) {
	eachNorthbound(t, func(t *testing.T, o *office) {
		ben, visitor := o.as(o.ben), o.stranger()
		ben.get("/whats-new/entries").reads(t, "No entries yet")
		for _, path := range []string{"/whats-new", "/whats-new.atom", "/whats-new.json", "/whats-new/1", "/roadmap"} {
			if got := visitor.get(path); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d before there is anything", path, got.status)
			}
		}
		visitor.get("/portal").doesNotRead(t, "What’s new")

		wrong := ben.post("/whats-new/entries/new", form("kind", "new", "title", "", "body", "Under **Lists**.", "do", "publish"))
		if wrong.status != http.StatusBadRequest {
			t.Errorf("an entry without a title is answered %d", wrong.status)
		}
		wrong.reads(t, "Give it a title", "Under **Lists**.")

		saved := ben.post("/whats-new/entries/new", form("kind", "new", "title", "Lists as spreadsheets", "product", "Ledger", "version", "2026.12", "body", "Under **Lists**.\n\n<script>canary()</script>",
			"day", "2026-11-20", "banner", "Lists can be saved.", "from", "2026-11-20", "until", "2026-11-25", "do", "publish"))
		found := newEntry.FindStringSubmatch(saved.header.Get("Location"))
		if saved.status != http.StatusSeeOther || found == nil || found[2] == "" {
			t.Fatalf("saved: %d to %s", saved.status, saved.header.Get("Location"))
		}
		id := found[1]
		if got := visitor.get("/whats-new/" + id); got.status != http.StatusNotFound {
			t.Errorf("a draft is read by everybody: %d", got.status)
		}
		look := ben.get("/whats-new/entries/" + id + "/publish")
		look.reads(t, "Publish this?", "nobody has asked for the letter yet", "from 20 November to 25 November 2026: “Lists can be saved.”", "Everybody who opens What’s new of The Agency")
		if stale := ben.post("/whats-new/entries/"+id+"/publish", form("base", "0")); stale.status != http.StatusConflict {
			t.Errorf("an older page publishes: %d", stale.status)
		}
		leads(t, ben.post("/whats-new/entries/"+id+"/publish", form("base", base(t, look))), "/whats-new/entries/"+id)

		page := visitor.get("/whats-new")
		page.reads(t, "What’s new", "20 November 2026", "New in Ledger 2026.12", "Lists as spreadsheets", "By mail")
		if !strings.Contains(page.body, "<strong>Lists</strong>") || strings.Contains(page.body, "<script>canary") || !strings.Contains(page.body, `type="application/atom+xml" href="/whats-new.atom"`) {
			t.Errorf("the page is not drawn as it should be")
		}
		visitor.get("/whats-new/"+id).reads(t, "Lists as spreadsheets", "Everything that is new")
		visitor.get("/portal").reads(t, "What’s new", "Lists can be saved.", "Read more")
		visitor.get("/whats-new/"+id).doesNotRead(t, "Lists can be saved.")
		ben.get("/inbox").doesNotRead(t, "Lists can be saved.")
		visitor.post("/me/preferences", form("banner", id))
		visitor.cookie = &http.Cookie{Name: "banner", Value: id}
		visitor.get("/portal").doesNotRead(t, "Lists can be saved.")

		edit := ben.get("/whats-new/entries/" + id)
		edit.reads(t, "Correct an entry", "Ben Okafor", "published it")
		leads(t, ben.post("/whats-new/entries/"+id, form("kind", "changed", "title", "Lists as spreadsheets and text", "day", "2026-11-20", "base", base(t, edit), "do", "save")), "/whats-new/entries/"+id)
		visitor.get("/whats-new").reads(t, "Lists as spreadsheets and text", "Changed")
		ben.get("/whats-new/entries/"+id).reads(t, "corrected it", "What it said before")
		leads(t, ben.post("/whats-new/entries/"+id+"/take-back", form("base", base(t, ben.get("/whats-new/entries/"+id)))), "/whats-new/entries/"+id)
		if got := visitor.get("/whats-new/" + id); got.status != http.StatusNotFound {
			t.Errorf("what was taken back answers %d", got.status)
		}
	})
}

// A feed reader finds what RFC 4287 asks for: an id that never changes, a title, when it was updated, and who wrote it; and it is told when
// nothing has changed.
func TestTheFeedIsAtom(t *testing.T) {
	o := open(t, sqlite(t))
	visitor := o.stranger()
	got := visitor.get("/whats-new.atom")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "application/atom+xml") {
		t.Fatalf("%d %s", got.status, got.header.Get("Content-Type"))
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  string   `xml:"author>name"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Content struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"content"`
		} `xml:"entry"`
	}
	o.must(xml.Unmarshal([]byte(got.body), &feed))
	if len(feed.Entries) != 1 || len(feed.Links) != 2 {
		t.Fatalf("%+v", feed)
	}
	e := feed.Entries[0]
	for what, is := range map[string]string{
		"id": feed.ID, "title": feed.Title, "author": feed.Author, "self": feed.Links[0].Href, "entry id": e.ID, "entry title": e.Title, "entry link": e.Link.Href, "content": e.Content.Type + " " + e.Content.Text,
	} {
		want := map[string]string{"id": "https://agency.example/whats-new", "title": "The Agency: What’s new", "author": "The Agency", "self": "https://agency.example/whats-new.atom", "entry title": "Receipts as PDF",
			"entry link": "https://agency.example/whats-new/1", "content": "html <p>Every donation page can send one.</p>", "entry id": e.ID}[what]
		if is != want || is == "" {
			t.Errorf("%s is %q, want %q", what, is, want)
		}
	}
	if !strings.HasPrefix(e.ID, "urn:uuid:") || feed.Links[0].Rel != "self" {
		t.Errorf("%s, %s", e.ID, feed.Links[0].Rel)
	}
	for _, at := range []string{feed.Updated, e.Updated} {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			t.Error(err)
		}
	}
	ledger := visitor.get("/whats-new.atom?product=Ledger") // of which nothing is told yet: a feed of its own, as new as the brand's
	for _, want := range []string{"<id>https://agency.example/whats-new.atom?product=Ledger</id>", `rel="self" type="application/atom+xml" href="https://agency.example/whats-new.atom?product=Ledger"`, "<updated>" + feed.Updated + "</updated>"} {
		if !strings.Contains(ledger.body, want) {
			t.Errorf("the feed of a product does not have %s:\n%s", want, ledger.body)
		}
	}
	other, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Kind: "fixed", Title: "Totals add up", Body: "To the cent."})
	o.must(err)
	ben, entry := o.as(o.ben), "/whats-new/entries/"+number(other)
	leads(t, ben.post(entry+"/publish", form("base", base(t, ben.get(entry+"/publish")))), entry)
	o.unchangedUntil("/whats-new.atom", "Receipts as PDF", func() {
		leads(t, ben.post("/whats-new/entries/1/take-back", form("base", base(t, ben.get("/whats-new/entries/1")))), "/whats-new/entries/1")
	})
}

// A feed that has not changed is not written again: whoever asks with what they have hears so before anything is read. Another product's
// feed is another one, and a draft changes none.
func TestAFeedIsNotWrittenAgain(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		stands := func(feed string) string { return o.stranger().get(feed).header.Get("ETag") }
		before := stands("/whats-new.atom")
		_, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Kind: "new", Title: "Half a thought"})
		o.must(err)
		if now := stands("/whats-new.atom"); now != before {
			t.Errorf("a draft changes the feed from %s to %s", before, now)
		}
		if other := stands("/whats-new.atom?product=Ledger"); other == before || other == "" {
			t.Errorf("the feed of a product is taken for that of all: %s", other)
		}
		if again := o.stranger().do("GET", "/whats-new.atom", nil, map[string]string{"If-None-Match": before}); again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("asked again it answers %d with %d bytes", again.status, len(again.body))
		}
	})
}

// unchangedUntil is what a feed reader sees who asks again and again: nothing new until something happens, then a feed without these words.
// Whoever knows only when they asked last is told all there is.
func (o *office) unchangedUntil(feed, words string, happens func()) {
	o.t.Helper()
	before := o.stranger().get(feed)
	known := map[string]string{"If-None-Match": before.header.Get("ETag"), "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
	if again := o.stranger().do("GET", feed, nil, known); again.status != http.StatusNotModified || !strings.Contains(before.body, words) {
		o.t.Errorf("%s, asked again, answers %d", feed, again.status)
	}
	happens()
	for _, header := range []string{"If-None-Match", "If-Modified-Since"} {
		if again := o.stranger().do("GET", feed, nil, map[string]string{header: known[header]}); again.status != http.StatusOK || strings.Contains(again.body, words) {
			o.t.Errorf("%s, with %s, answers %d\n%s", feed, header, again.status, again.body)
		}
	}
}

// The panel inside a product asks from another site, and gets what everybody may read, of one product when it wants.
func TestTheProductShowsWhatIsNew(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.stranger().do("GET", "/whats-new.json", nil, map[string]string{"Origin": "https://app.customer.example"})
	var data struct {
		Brand, URL, Feed, Roadmap string
		Entries                   []struct{ ID, URL, Kind, Says, Title, Day, HTML, Text string }
	}
	o.must(json.Unmarshal([]byte(got.body), &data))
	if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("another site may not read it: %v", got.header)
	}
	if len(data.Entries) != 1 || data.Entries[0].Title != "Receipts as PDF" || data.Entries[0].HTML != "<p>Every donation page can send one.</p>" || data.Entries[0].URL != "https://agency.example/whats-new/1" || data.Roadmap != "https://agency.example/roadmap" {
		t.Errorf("%+v", data)
	}
	if other := o.stranger().get("/whats-new.json?product=Ledger"); !strings.Contains(other.body, `"entries": []`) {
		t.Errorf("of another product: %s", other.body)
	}
}

// mailWith is the newest mail whose subject ends so.
func (o *office) mailWith(subject string) string {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 200})
	o.must(err)
	for _, m := range out.Items {
		if strings.HasSuffix(m.Subject, subject) {
			_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
			o.must(err)
			return string(unfolded(raw))
		}
	}
	o.t.Fatalf("no mail is called %s", subject)
	return ""
}

// Maria asks for the letter, confirms it with the button behind the link, and ends it with one click of her mail program. Looking at either
// page does nothing.
func TestMariaReadsWhatIsNewByMail(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.stranger()
		maria.get("/whats-new").reads(t, "Mail it to me")
		wrong := maria.post("/whats-new/follow", form("email", "maria at greenfund"))
		if wrong.status != http.StatusBadRequest {
			t.Errorf("an address that is none is answered %d", wrong.status)
		}
		wrong.reads(t, "Receipts as PDF")
		known := maria.post("/whats-new/follow", form("email", "maria@greenfund.example"))
		unknown := maria.post("/whats-new/follow", form("email", "nobody@greenfund.example"))
		if strings.ReplaceAll(nonceless(known.body), "maria@", "nobody@") != nonceless(unknown.body) {
			t.Errorf("the answer tells whom we know")
		}
		link := regexp.MustCompile(`/whats-new/confirm/[A-Za-z0-9_-]+`).FindString(o.mailTo("maria@greenfund.example"))
		o.stranger().post("/whats-new/follow", form("email", "maria@greenfund.example")) // whoever asks again for her ends nothing
		maria.get(link).reads(t, "Mail it to me")
		o.as(o.ben).get("/whats-new/entries").reads(t, "Nobody has asked for the letter yet")
		maria.post(link, nil).reads(t, "You will read what is new")
		o.as(o.ben).get("/whats-new/entries").reads(t, "One person gets the letter")
		if again := maria.post(link, nil); again.status != http.StatusNotFound {
			t.Errorf("the link works twice: %d", again.status)
		}

		_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(10*24*time.Hour))
		o.must(err)
		letter := o.mailWith("Receipts as PDF")
		end := regexp.MustCompile(`/whats-new/end/[A-Za-z0-9_-]+`).FindString(letter)
		o.stranger().get(end).reads(t, "End this letter?")
		clicked := o.stranger().do("POST", end, strings.NewReader("List-Unsubscribe=One-Click"), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		if clicked.status != http.StatusOK {
			t.Fatalf("the click is answered %d", clicked.status)
		}
		clicked.reads(t, "This letter is ended")
		if again := o.stranger().post(end, form("List-Unsubscribe", "One-Click")); again.status != http.StatusNotFound {
			t.Errorf("the second click is answered %d", again.status)
		}
		road := regexp.MustCompile(`/roadmap/for/[A-Za-z0-9_-]+`).FindString(letter)
		page := maria.get(road)
		page.reads(t, "You read this as Maria Lopez", "I want this too", "Nobody has asked yet")
		leads(t, maria.post(road, form("card", "1", "do", "want")), road+"#card-1")
		maria.get(road).reads(t, "You want this", "One person wants this")
		leads(t, maria.post(road, form("card", "1", "do", "back")), road+"#card-1")
		maria.get(road).reads(t, "Nobody has asked yet")
	})
}

// A wish in the phase "considered" is put on the roadmap from its ticket, decided in the open, put off, and on the list of the next review.
func TestAWishGoesFromItsTicketToTheRoadmapAndItsReview(t *testing.T) {
	eachNorthbound(t, func(t *testing.T, o *office) {
		ben := o.as(o.ben)
		path := "/tickets/" + number(o.marias)
		kind := "feature"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: o.marias, Kind: &kind})
		o.must(err)
		ben.get(path).doesNotRead(t, "On the roadmap")
		for _, phase := range []string{"review", "considered"} {
			_, err := o.desk.MovePhase(ctx, o.ben.Actor(), desk.MovePhase{Ticket: o.marias, Phase: phase})
			o.must(err)
		}
		ben.get(path).reads(t, "On the roadmap", "A new card with these words")
		leads(t, ben.post(path+"/card", form("card", "new", "do", "join", "key", "k1")), path)
		leads(t, ben.post(path+"/card", form("card", "new", "do", "join", "key", "k1")), path) // pressed twice
		ben.get(path).reads(t, "The list as a spreadsheet", "One person wants it", "counted it for “The list as a spreadsheet”")

		visitor := o.stranger()
		visitor.get("/roadmap").reads(t, "for the next 6 months", "Considered", "The list as a spreadsheet", "One person wants this", "Sign in by mail")
		visitor.get("/portal").reads(t, "Roadmap")
		if refused := visitor.post("/roadmap/vote", form("card", "1", "do", "want")); refused.status != http.StatusUnauthorized {
			t.Errorf("a stranger's vote is answered %d", refused.status)
		}
		maria := o.as(o.maria)
		maria.get("/roadmap").reads(t, "You asked us for it")
		leads(t, maria.post("/roadmap/vote", form("card", "1", "do", "want")), "/roadmap#card-1")
		maria.get("/roadmap").reads(t, "One person wants this") // she counted already

		card := ben.get("/roadmap/cards/1")
		card.reads(t, "Maria Lopez", "One person wants it", "Mon 4 Jan 2027, 09:00 EST")
		refused := ben.post("/roadmap/cards/1/decide", form("state", "not_now", "reason", "", "base", base(t, card)))
		if refused.status != http.StatusBadRequest {
			t.Errorf("a decision without a reason is answered %d", refused.status)
		}
		refused.reads(t, "Say why; customers read it")
		leads(t, ben.post("/roadmap/cards/1/decide", form("state", "not_now", "reason", "It would take the whole half-year.", "base", base(t, card))), "/roadmap/cards/1")
		told := visitor.get("/roadmap")
		told.reads(t, "Not now", "It would take the whole half-year.", "Ben, 20 November 2026", "weighed again at the next review")
		told.doesNotRead(t, "Okafor", "2027") // first names, and no date that is not an estimate
		ben.get("/roadmap/review").reads(t, "Nothing waits to be weighed", "The next one begins Mon 4 Jan 2027, 09:00 EST")

		_, err = o.desk.AdvanceTo(ctx, access.Clock, time.Date(2027, 1, 4, 14, 0, 0, 0, time.UTC))
		o.must(err)
		ben = o.as(o.ben)
		review := ben.get("/roadmap/review")
		review.reads(t, "This review began Mon 4 Jan 2027, 09:00 EST", "The list as a spreadsheet", "Put off until this review", "Begin with the first")
		card = ben.get("/roadmap/cards/1?return=review")
		leads(t, ben.post("/roadmap/cards/1/decide", form("state", "planned", "reason", "We begin with the lists.", "base", base(t, card), "return", "review")), "/roadmap/review?brand=1")
		ben.get("/roadmap/review").reads(t, "Nothing waits to be weighed")
		leads(t, ben.post(path+"/card", form("do", "leave")), path)
		visitor.get("/roadmap").reads(t, "In the next six months", "One person wants this") // she has said so on the roadmap as well
	})
}

// Each brand tells its own, at its own host.
func TestEachBrandTellsItsOwnNews(t *testing.T) {
	o := open(t, sqlite(t))
	other, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Elsewhere", Slug: "elsewhere", Host: "elsewhere.example"})
	o.must(err)
	visitor := o.stranger()
	id, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Brand: other.ID, Kind: "new", Title: "Of another brand"})
	o.must(err)
	n, err := o.desk.NewsDesk(ctx, o.ben.Actor(), id, 0)
	o.must(err)
	o.must(o.desk.PublishNews(ctx, o.ben.Actor(), desk.ChangeNews{Entry: id, Base: n.Last}))
	visitor.get("/whats-new").doesNotRead(t, "Of another brand")
	if status, page := o.at(t, "elsewhere.example", "/whats-new"); status != http.StatusOK || !strings.Contains(page, "Of another brand") || strings.Contains(page, "Receipts") {
		t.Errorf("at its own host it answers %d:\n%s", status, excerpt(page))
	}
	if status, _ := o.at(t, "elsewhere.example", "/roadmap"); status != http.StatusNotFound {
		t.Errorf("a roadmap without cards answers %d", status)
	}
	if got := visitor.get("/whats-new/" + number(id)); got.status != http.StatusNotFound {
		t.Errorf("another brand's entry answers %d", got.status)
	}
	o.as(o.ben).get("/whats-new/entries?brand="+number(other.ID)).reads(t, "Of another brand")
	if got := o.as(o.ben).get("/whats-new/entries?brand=77"); got.status != http.StatusNotFound {
		t.Errorf("no brand answers %d", got.status)
	}
}
