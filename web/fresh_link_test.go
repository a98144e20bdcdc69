package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whatever is wrong with a link of a mail, and whichever page it opened: one answer, with the way to a fresh link, and the same words
// whether one was mailed or not.
func TestLinksThatOpenNothingAnswerAlike(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		link := o.link(o.marias, o.maria)
		altered, foreign := link[:len(link)-3]+"xyz", o.link(o.marias, o.tomas)
		pages, sent := map[string]bool{}, map[string]bool{}
		for _, page := range []string{"", "/call", "/rating", "/escalation", "/files/1"} {
			for _, path := range []string{altered + page, foreign + page, "/t/" + nobodysToken + page} {
				got := o.stranger().get(path)
				if got.status != http.StatusNotFound {
					t.Errorf("%s answers %d", path, got.status)
				}
				got.reads(t, "This link opens nothing", "Mail me a fresh link")
				pages[nonceless(strings.ReplaceAll(got.body, path, ""))] = true
			}
		}
		oneClick := form("List-Unsubscribe", "One-Click")
		for path, sent := range map[string]url.Values{
			"/whats-new/end/": oneClick, "/reports/end/": oneClick, "/community/end/": oneClick, "/whats-new/confirm/": form(), "/sign-in/link/": form(), "/confirm/": form(), "/roadmap/for/": form(),
		} {
			got := o.stranger().post(path+nobodysToken, sent)
			if got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", path, got.status)
			}
			pages[nonceless(strings.ReplaceAll(got.body, path+nobodysToken, ""))] = true
		}
		got := o.stranger().get("/roadmap/for/" + nobodysToken)
		pages[nonceless(strings.ReplaceAll(got.body, "/roadmap/for/"+nobodysToken, ""))] = true
		if len(pages) != 1 {
			t.Errorf("the links are told apart by %d pages", len(pages))
		}
		for _, path := range []string{link, altered, foreign, "/t/" + nobodysToken, "/whats-new/end/" + nobodysToken} {
			got := o.stranger().post("/links/fresh", form("link", path))
			got.reads(t, "Look into your mail", "It goes to the address that we have, and to no other.")
			sent[nonceless(got.body)] = true
		}
		if len(sent) != 1 {
			t.Errorf("it is told by %d pages whether a link was mailed", len(sent))
		}
	})
}
