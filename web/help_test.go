package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hark/access"
	"hark/article"
	"hark/desk"
	"hark/policy"
)

// says reports whether a page has all of these words, in text or markup.
func (a answer) says(words ...string) bool {
	for _, word := range words {
		if !strings.Contains(a.body, word) {
			return false
		}
	}
	return true
}

// under lets another example run from now on.
func (o *office) under(example string, change ...string) {
	o.t.Helper()
	source, _ := policy.Example(example)
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(strings.NewReplacer(change...).Replace(string(source))), Reason: "the story needs it"})
	o.must(err)
}

func TestAStrangerFindsAnAnswerWithoutSigningIn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		stranger := o.stranger()
		if got := stranger.get("/help"); !got.says("What do you need help with?", "How to sign in", "First steps", "Closed until Mon 09:00 EST", "/requests/new") {
			t.Errorf("the help says %s", excerpt(got.body))
		}
		if got := stranger.get("/help?q=unwantd+mail"); !got.says("Nothing is spelled like that", "/help/how-to-sign-in", "folder for unwanted mail") {
			t.Errorf("a search with a wrong letter says %s", excerpt(got.body))
		}
		if got := stranger.get("/help?q=withdrawal"); !got.says("Nothing here has these words", `data-missed="withdrawal"`, "/requests/new?searched=withdrawal&amp;subject=withdrawal") {
			t.Errorf("a search for nothing says %s", excerpt(got.body))
		}
		if got := stranger.get("/help/sections/first-steps"); !got.says("1 article", "/help/how-to-sign-in") {
			t.Errorf("the section says %s", excerpt(got.body))
		}
		if got := stranger.get("/help/sections/nothing"); got.status != http.StatusNotFound {
			t.Errorf("a section that is none answers %d", got.status)
		}
	})
}

// An article says when it was updated, and what may be written below it (seed 000, 0.2).
func TestAnArticleSaysWhenItWasUpdated(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.stranger().get("/help/how-to-sign-in")
	if !got.says("Updated 21 Nov 2026", `<h2 id="on-when-no-mail-comes">When no mail comes</h2>`, "The link came at once.", "Maria", "to leave a comment", "Did this help?") {
		t.Errorf("it says %s", got.body)
	}
	if got.says("maria@greenfund.example") || got.says("Lopez") {
		t.Error("a comment tells who Maria is")
	}
	o.must(o.desk.CheckArticle(ctx, o.ben.Actor(), o.article))
	closed := o.publishes("Closed for comments", "Words.", func(c *article.Content) { c.Comments, c.Product, c.Release = article.Closed, "Soapbox", "4.2" })
	if got := o.stranger().get("/help/closed-for-comments"); !got.says("This article is closed for comments.", "for Soapbox 4.2") || got.says("/comments") {
		t.Errorf("a closed one says %s", excerpt(got.body))
	}
	if got := o.as(o.maria).post("/help/closed-for-comments/comments", form("body", "Thank you", "key", "k2")); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a comment on article %d, which is closed, answers %d", closed, got.status)
	}
}

func TestAnArticleThatWasRenamedIsFoundAtItsOldAddress(t *testing.T) {
	o := open(t, sqlite(t))
	e, err := o.desk.EditArticle(ctx, o.ben.Actor(), o.article)
	o.must(err)
	c := e.Writing
	c.Title, c.Slug = "Signing in", "signing-in"
	_, err = o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: o.article, Content: c, Was: e.Mark, Publish: true})
	o.must(err)
	if got := o.stranger().get("/help/how-to-sign-in"); got.status != http.StatusMovedPermanently || got.header.Get("Location") != "/help/signing-in" {
		t.Errorf("the old address answers %d to %q", got.status, got.header.Get("Location"))
	}
	if got := o.stranger().get("/help/signing-in"); got.status != http.StatusOK {
		t.Errorf("the new one answers %d", got.status)
	}
}

// What is not for a reader answers like what is not there.
func TestI3_AnArticleThatIsNotForAReaderIsNotThere(t *testing.T) {
	o := open(t, sqlite(t))
	o.publishes("Zebra for us", "Only we read the zebra.", func(c *article.Content) { c.Audience = article.ForStaff })
	for who, v := range map[string]*visitor{"a stranger": o.stranger(), "a customer": o.as(o.maria)} {
		hidden, absent := v.get("/help/zebra-for-us"), v.get("/help/zebra-for-nobody")
		if hidden.status != http.StatusNotFound || nonceless(hidden.body) != nonceless(absent.body) {
			t.Errorf("%s: %d, %s", who, hidden.status, excerpt(hidden.body))
		}
		if got := v.get("/help?q=zebra"); got.says("zebra-for-us") {
			t.Errorf("%s finds it", who)
		}
		if got := v.get("/requests/new?article=zebra-for-us"); got.says("Zebra") {
			t.Errorf("the form tells %s of it", who)
		}
	}
	if got := o.as(o.dora).get("/help/zebra-for-us"); !got.says("Only we read the zebra.", "only we read this") {
		t.Errorf("Dora reads %d", got.status)
	}
}

// From an article to a request that carries it (seed 000, 0.3).
func TestHaveMoreQuestionsSubmitARequest(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.as(o.maria)
		if got := maria.get("/help/how-to-sign-in"); !got.says("Have more questions?", "/requests/new?article=how-to-sign-in") {
			t.Errorf("the article says %s", excerpt(got.body))
		}
		got := maria.get("/requests/new?article=how-to-sign-in")
		if !got.says("You come from", `value="How to sign in"`, `name="article" value="how-to-sign-in"`) {
			t.Errorf("the form says %s", excerpt(got.body))
		}
		sent := maria.post("/requests/new", form("subject", "How to sign in", "body", "No mail comes.", "article", "how-to-sign-in", "key", "from-article"))
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending it answers %d: %s", sent.status, excerpt(sent.body))
		}
		number := strings.TrimSuffix(strings.TrimPrefix(sent.header.Get("Location"), "/requests/"), "?arrived=yes")
		if seen := o.as(o.ana).get("/tickets/" + number); !seen.says("after reading “How to sign in”") {
			t.Errorf("Ana reads %s", excerpt(seen.body))
		}
	})
}

func TestWhetherAnArticleHelpedIsPostedAndCountedOnce(t *testing.T) {
	o := open(t, sqlite(t))
	stranger := o.stranger()
	if got := stranger.get("/help/how-to-sign-in?helped=yes"); !got.says("What helped most?") {
		t.Errorf("the page says %s", excerpt(got.body))
	}
	for range 2 {
		if got := stranger.post("/help/how-to-sign-in/helpful", form("helped", "no")); got.header.Get("Location") != "/help/how-to-sign-in?helped=no#judge" {
			t.Errorf("No leads to %d %q", got.status, got.header.Get("Location"))
		}
	}
	stranger.post("/help/how-to-sign-in/helpful", form("helped", "no", "reason", "The button is gone."))
	o.as(o.maria).post("/help/how-to-sign-in/helpful", form("helped", "yes"))
	if got := stranger.post("/help/how-to-sign-in/helpful", form("helped", "perhaps")); got.status != http.StatusBadRequest {
		t.Errorf("neither yes nor no answers %d", got.status)
	}
	if got := o.as(o.ben).get("/articles/" + number(o.article)); !got.says("Helped 1 of 2.", "The button is gone.") {
		t.Errorf("Ben reads %s", excerpt(got.body))
	}
}

// Two pages of one article: the older one is answered with both texts, and nothing is lost.
func TestTwoPagesOfOneArticle(t *testing.T) {
	o := open(t, sqlite(t))
	ben, cem, at := o.as(o.ben), o.as(o.cem), "/articles/"+number(o.article)
	drawn := fieldOf(ben.get(at).body, "drawn")
	edit := func(body, do string) url.Values {
		return form("drawn", drawn, "title", "How to sign in", "body", body, "slug", "how-to-sign-in", "section", "1", "audience", "public", "do", do)
	}
	if got := ben.post(at, edit("Ben was here.", "save")); got.status != http.StatusSeeOther {
		t.Fatalf("Ben's draft answers %d: %s", got.status, excerpt(got.body))
	}
	got := cem.post(at, edit("Cem was here.", "publish"))
	if got.status != http.StatusConflict || !got.says("Two texts of one article", "Ben was here.", "Cem was here.", "by Ben Okafor") {
		t.Fatalf("Cem's answers %d: %s", got.status, excerpt(got.body))
	}
	drawn = fieldOf(got.body, "drawn")
	if got := cem.post(at, edit("Cem was here.", "save")); got.status != http.StatusSeeOther {
		t.Errorf("choosing his own answers %d", got.status)
	}
	if got := o.stranger().get("/help/how-to-sign-in"); got.says("was here") {
		t.Error("readers have a draft")
	}
	drawn = fieldOf(cem.get(at).body, "drawn")
	if got := cem.post(at, edit("", "publish")); got.status != http.StatusUnprocessableEntity || !got.says("There is nothing to read yet.", "The draft is saved.") {
		t.Errorf("an empty text answers %d: %s", got.status, excerpt(got.body))
	}
	drawn = fieldOf(cem.get(at).body, "drawn")
	if got := cem.post(at, edit("Both were here.", "publish")); got.status != http.StatusSeeOther {
		t.Errorf("publishing answers %d", got.status)
	}
	if got := cem.get(at + "/versions"); !got.says("Both were here.", "Go back to this one", "is read") {
		t.Errorf("the versions say %s", excerpt(got.body))
	}
}

// fieldOf is the value of a hidden field of a page.
func fieldOf(page, name string) string {
	_, rest, found := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	if !found {
		return ""
	}
	return value
}

// Where the policy wants it, what may answer a request stands beside its subject; where it does not, it stands nowhere.
func TestArticlesAreSuggestedWhereThePolicyWantsIt(t *testing.T) {
	o := open(t, sqlite(t))
	if got := o.as(o.maria).get("/requests/new"); got.says("data-suggest") {
		t.Error("a form suggests what the policy does not want suggested")
	}
	if got := o.stranger().get("/requests/suggest?q=sign+in"); got.status != http.StatusOK || got.says("How to sign in") {
		t.Errorf("suggested: %d %s", got.status, got.body)
	}
	o.under("soapbox-phone-support")
	if got := o.as(o.maria).get("/requests/new"); !got.says(`data-suggest="/requests/suggest"`) {
		t.Errorf("the form says %s", excerpt(got.body))
	}
	if got := o.stranger().get("/requests/suggest?q=I+cannot+sign+in+any+more"); !got.says("/help/how-to-sign-in", "This may answer it already") {
		t.Errorf("suggested: %s", got.body)
	}
}

// Without articles in its policy a brand has no help: no page of it, no link to it, no place to write it.
func TestHelpThatIsSwitchedOffIsOnNoPage(t *testing.T) {
	o := open(t, sqlite(t))
	o.under("customer-support-center", "kind: knowledge_base", "kind: faq")
	for who, v := range map[string]*visitor{"a stranger": o.stranger(), "Maria": o.as(o.maria), "Ben": o.as(o.ben), "Ana": o.as(o.ana)} {
		for _, path := range []string{"/help", "/help/how-to-sign-in", "/help/sections/first-steps", "/help/versions", "/help?q=sign"} {
			if got := v.get(path); got.status != http.StatusNotFound {
				t.Errorf("%s for %s answers %d", path, who, got.status)
			}
		}
		for _, path := range []string{"/portal", "/support", "/requests/new"} {
			if got := v.get(path); got.says(`href="/help`) || got.says(`action="/help"`) || got.says("data-suggest") {
				t.Errorf("%s shows %s the way to a help that is not there", path, who)
			}
		}
	}
	ben := o.as(o.ben)
	if got := ben.get("/articles"); got.status != http.StatusNotFound {
		t.Errorf("writing it answers %d", got.status)
	}
	if got := ben.get("/tickets/" + number(o.marias)); got.says(`data-controller="cite"`) {
		t.Error("the composer offers articles")
	}
}

// Which versions are supported, and until when, and what support covers beside them (seed 003, 3.18 and 3.19).
func TestSupportedVersionsAreAPage(t *testing.T) {
	o := open(t, sqlite(t))
	o.under("piperocks-crm")
	_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Product: "PipeRocks CRM", Version: "5.1", Site: "greenfund.example"})
	o.must(err)
	_, err = o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "tomas@becker.example", Product: "PipeRocks CRM", Version: "4.0", Ends: "2026-06-30", Site: "becker.example"})
	o.must(err)
	if got := o.stranger().get("/help/versions"); !got.says("PipeRocks CRM", "5.1", "no end is planned", "4.0", "30 Jun 2026", ">ended<", "What support covers") {
		t.Errorf("it says %s", excerpt(got.body))
	}
}

// An editor says which words mean the same; from then on whoever looks for a bill finds what speaks of invoices, with other words beside it
// too. What cannot be read stays on the page, and an older page takes nothing back.
func TestAnEditorSaysWhichWordsMeanTheSame(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.publishes("Where invoices are", "Each invoice is under Settings, Billing.")
		stranger, ben := o.stranger(), o.as(o.ben)
		if got := stranger.get("/help?q=bill+settings"); got.says("/help/where-invoices-are") && !got.says("No article has all of these words") {
			t.Error("a bill is an invoice before anybody has said so")
		}
		ben.get("/articles").reads(t, "Synonyms")
		if got := ben.post("/articles/synonyms", form("brand", "1", "synonyms", "invoice, my bill", "was", "")); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("two words in one answer %d", got.status)
		} else {
			got.reads(t, "Line 1: “my bill” is several words", "invoice, my bill")
		}
		if got := ben.post("/articles/synonyms", form("brand", "1", "synonyms", "Invoice, bill, Rechnung", "was", "")); got.status != http.StatusSeeOther {
			t.Fatalf("keeping them answers %d: %s", got.status, excerpt(got.body))
		}
		for _, words := range []string{"bill", "RECHNUNG", "bill+settings"} {
			if got := stranger.get("/help?q=" + words); !got.says("/help/where-invoices-are", "1 article") {
				t.Errorf("%s finds %s", words, excerpt(got.body))
			}
		}
		if got := ben.post("/articles/synonyms", form("brand", "1", "synonyms", "a, b", "was", "")); got.status != http.StatusConflict {
			t.Errorf("an older page answers %d", got.status)
		}
		ben.get("/articles/synonyms").sees(t, "Invoice, bill, Rechnung")
	})
}

// dot is a picture of one pixel.
const dot = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xfc\xff\x9f\xa1\x1e\x00\a\x82\x02\x7f=\xc8H\xef\x00\x00\x00\x00IEND\xaeB`\x82"

// A picture belongs to its article: whoever may read the article sees it, and nobody else; not before the published text shows it either.
// What is no picture is not taken, whatever it is called.
func TestI3_APictureIsSeenByWhoeverReadsItsArticle(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.publishes("Where the button is", "It is on the right.", func(c *article.Content) { c.Audience = article.ForSigned })
		ben, path := o.as(o.ben), "/articles/"+number(id)
		for name, content := range map[string]string{"drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>canary()</script></svg>", "photo.png": "<html><script>canary()</script>"} {
			if got := ben.upload(path+"/pictures", form(), name, content, 1); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
				t.Errorf("%s is taken: %d", name, got.status)
			} else {
				got.reads(t, "is no picture that every browser shows")
			}
		}
		if got := ben.upload(path+"/pictures", form(), "button.png", dot, 1); got.status != http.StatusSeeOther {
			t.Fatalf("a picture answers %d: %s", got.status, excerpt(got.body))
		}
		found := regexp.MustCompile(`!\[\]\((/help/pictures/\d+)\)`).FindStringSubmatch(ben.get(path).body)
		if found == nil {
			t.Fatal("the editor does not say how the text names it")
		}
		picture := found[1]
		if got := ben.get(picture); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" || got.body != dot {
			t.Errorf("Ben, who writes, sees %d %s", got.status, got.header.Get("Content-Type"))
		}
		maria := o.as(o.maria)
		if got := maria.get(picture); got.status != http.StatusNotFound {
			t.Errorf("Maria sees it before the article shows it: %d", got.status)
		}
		e, err := o.desk.EditArticle(ctx, o.ben.Actor(), id)
		o.must(err)
		c := e.Writing
		c.Body = "![The button on the right](" + picture + ")\n\n![Elsewhere](https://elsewhere.example/x.png)"
		_, err = o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: id, Content: c, Was: e.Mark, Publish: true})
		o.must(err)
		if got := maria.get("/help/where-the-button-is"); !got.says(`<img src="`+picture+`" alt="The button on the right"`, `<a href="https://elsewhere.example/x.png"`) || got.says(`src="https://elsewhere`) {
			t.Errorf("the article is drawn as %s", excerpt(got.body))
		}
		if got := maria.get(picture); got.status != http.StatusOK || got.body != dot {
			t.Errorf("Maria, who reads it, sees %d", got.status)
		}
		if got := o.stranger().get(picture); got.status != http.StatusNotFound {
			t.Errorf("a stranger sees the picture of an article for customers: %d", got.status)
		}
		o.must(o.desk.RetireArticle(ctx, o.ben.Actor(), id, markNow(o, id)))
		if got := maria.get(picture); got.status != http.StatusNotFound {
			t.Errorf("Maria sees it after the article was taken away: %d", got.status)
		}
	})
}

func markNow(o *office, id int64) string {
	o.t.Helper()
	e, err := o.desk.EditArticle(ctx, o.ben.Actor(), id)
	o.must(err)
	return e.Mark
}

// Which other systems support covers stands by name in the policy: on its page, on the page of supported versions, and as what an agent can
// decide on. The answer for one that is not supported names it; the report counts it as declined.
func TestSupportedIntegrationsAreNamed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("piperocks-crm")
		o.stranger().get("/support").reads(t, "Microsoft 365", "Versions: Exchange Online, not a server of your own.")
		versions := o.stranger().get("/help/versions")
		versions.reads(t, "Other systems, by name", "QuickBooks Online Customers, invoices and payments.", "Zapier We do not support it.")
		if !versions.says(`href="https://help.zapier.com"`) {
			t.Error("the page does not lead to Zapier")
		}

		id := o.asks("Noor Haddad <noor@haddadbakery.example>", "A zap fails", o.support.ID)
		ben, path := o.as(o.ben), "/tickets/"+number(id)
		ben.get(path).reads(t, "Google Workspace. Mail, calendar and contacts.")
		ben.post(path+"/scope", form("clause", "integrations.quickbooks"))
		ben.get(path).reads(t, "decided that this is inside of what we support: QuickBooks Online.")
		ben.post(path+"/scope", form("clause", "integrations.zapier"))
		ben.get(path).reads(t, "decided that this is outside of what we support: Zapier. We do not support it.", "is prepared")
		ben.get(path).reads(t, "What you ask for is outside of standard support. Zapier. We do not support it. What you build there yourself is for you, or for Zapier, to mend.")
		ben.get("/reports").reads(t, "Zapier")
		ben.get("/reports/list?what=scope:integrations.zapier").reads(t, "A zap fails")
	})
}
