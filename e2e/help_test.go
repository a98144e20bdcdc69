package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// control presses a key with Ctrl.
func (b *Browser) control(key string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(key, chromedp.KeyModifiers(2)))
}

// A visitor finds an answer while they type, with a wrong letter in it; what is found nowhere leads to us with the words in the form.
func TestAnAnswerIsFoundWhileOneTypes(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	b.Visit(server.URL + "/help")
	b.See("What do you need help with?")
	b.Axe("the help")
	b.Type("#seek", "unwantd mail")
	b.See("Nothing is spelled like that")
	b.SeeIn(".help-hits", "How to sign in")
	b.Axe("a search of the help")
	b.Shot("help-found")
	b.Do(chromedp.KeyEvent(kb.ArrowDown)) // arrow down: into what was found
	b.until("the first hit has the focus", func() bool { return strings.Contains(b.eval(`document.activeElement.textContent`), "How to sign in") })
	b.Type("#seek", "zanzibar")
	b.See("Nothing here has these words")
	b.Press("Submit a request")
	b.until("the form begins with the words", func() bool { return b.eval(`document.querySelector("[name=subject]")?.value ?? ""`) == "zanzibar" })

	b.Size(390, 844)
	b.Visit(server.URL + "/help/how-to-sign-in")
	b.See("Did this help?")
	b.Axe("an article")
	b.Shot("help-article")
	b.Press("Yes")
	b.See("Good to hear.")

	b.Visit(strings.Replace(server.URL, "127.0.0.1", "picnet.localhost", 1) + "/requests/new")
	b.Type("[name=subject]", "the importer stops at row 200")
	b.SeeIn(".suggest", "Importing a list of donors")
	b.Shot("help-suggested")
}

// Ana mends an article: it saves itself, the page beside it follows, and Ctrl+Enter publishes it. Then she puts a link to it into an
// answer with three keys.
func TestAnArticleIsWrittenPublishedAndCited(t *testing.T) {
	server := Start(t, "demo")
	ana, reader := Open(t), Open(t)
	ana.Size(1440, 900)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.ready()
	ana.Do(chromedp.KeyEvent("g"), chromedp.KeyEvent("h"))
	ana.See("Looked for and not found")
	ana.Axe("articles")
	ana.Press("A photo in the right size")
	ana.See("Where it stands, and for whom")
	ana.Axe("writing an article")
	ana.ready()
	ana.Type("textarea[name=body]", "Photos look best when they are 3000 pixels wide.")
	ana.SeeIn(".article-preview", "3000 pixels wide")
	ana.See("Readers do not have your last changes yet.")
	ana.Shot("article-written")
	reader.Visit(server.URL + "/help/a-photo-in-the-right-size")
	reader.See("2,000 pixels wide")
	ana.control("\r")
	ana.See("Published. Readers have it now.")
	reader.Visit(server.URL + "/help/a-photo-in-the-right-size")
	reader.See("3000 pixels wide")

	ana.Visit(server.URL + "/tickets/" + story(t, server, "The shop says sold out, but we have twelve"))
	ana.ready()
	ana.Click(".composer-reply textarea[name=body]")
	ana.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "Hello, "))
	ana.control("j")
	ana.until("an article is offered", func() bool { return ana.Text(".cites-list button") != "" })
	ana.Shot("article-cited")
	ana.Do(chromedp.KeyEvent("\r"))
	ana.SeeIn("trix-editor", "/help/")
}

// late makes answers to an address wait until they are let go, as on a slow line.
func (b *Browser) late(address string) {
	b.eval(`(waiting = [], fetch = (ask => (url, ...rest) => String(url).includes(` + quoted(address) + `)
		? new Promise(go => waiting.push(go)).then(() => ask(url, ...rest)) : ask(url, ...rest))(fetch), 0)`)
}

// arrive lets them go.
func (b *Browser) arrive() {
	b.t.Helper()
	b.until("an answer is on its way", func() bool { return b.eval(`waiting.length > 0`) == "true" })
	b.eval(`(waiting.splice(0).forEach(go => go()), 0)`)
}

// Ana types what she looks for and presses Enter before the search has answered: she gets the article for her words, not the one that was
// offered before them.
func TestTheArticleForTheWordsIsTakenThoughItComesLate(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.Visit(server.URL + "/tickets/" + story(t, server, "The shop says sold out, but we have twelve"))
	ana.ready()
	ana.Click(".composer-reply textarea[name=body]")
	ana.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")))
	ana.control("j")
	ana.until("another article is offered", func() bool {
		offered := ana.Text(".cites-list button")
		return offered != "" && offered != "How to sign in"
	})
	ana.late("/articles?q=sign")
	ana.Do(chromedp.KeyEvent("sign in"), chromedp.KeyEvent("\r"))
	ana.arrive()
	ana.SeeIn("trix-editor", "How to sign in")
}

// A visitor goes from the field to what was found while the search for the last letters is under way. It does not take the link from under
// their hand.
func TestWhatIsUnderTheHandStaysWhenResultsComeLate(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Visit(strings.Replace(server.URL, "127.0.0.1", "picnet.localhost", 1) + "/requests/new")
	settle(b)
	b.Type("[name=subject]", "the importer stops at row 200")
	b.SeeIn(".suggest", "Importing a list of donors")
	b.late("/requests/suggest")
	b.Do(chromedp.SendKeys(chromedp.CSS("[name=subject]"), "0"))
	b.eval(`(document.querySelector(".suggested a").focus(), 0)`)
	b.eval(`(drawn = false, new MutationObserver(() => drawn = true).observe(document.querySelector("[data-suggest]"), {childList: true}), 0)`)
	b.arrive()
	settle(b)
	if b.eval(`!drawn && Boolean(document.activeElement.closest(".suggested"))`) != "true" {
		t.Error("the link that had the focus is gone")
	}
}
