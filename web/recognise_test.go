package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// The search and the form show what is known, above what can be read; nobody else's is there, and nothing of the engineers.
func TestAKnownProblemStandsBesideTheForm(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		stranger, asks := o.stranger(), "/requests/suggest?q=the+totals+are+off"
		o.moves("review")
		path := o.writesDown()
		stranger.get(asks).never(t, "Totals are off by a few cents")
		ben := o.as(o.ben)
		edit := ben.get(path + "/edit")
		edit.reads(t, "Who reads of it Whoever has reported it Whoever is about to ask about it")
		if kept := ben.post(path+"/edit", form(known("public", "yes", "base", fieldOf(edit.body, "base"))...)); kept.status != http.StatusSeeOther {
			t.Fatalf("letting everybody read of it answers %d: %.300s", kept.status, text(kept.body))
		}
		ben.get(path).reads(t, "Whoever is about to ask about it reads of it first.", "Ben Okafor let everybody read of it")

		if got := stranger.get("/requests/new"); !got.says(`data-suggest="/requests/suggest"`) {
			t.Errorf("the form says %s", excerpt(got.body))
		}
		got := stranger.get(asks)
		got.reads(t, "Is it this? We know of it.", "Totals are off by a few cents", "What helps until then Export the list; it adds up right there.", "This is it: follow along", "It is something else")
		got.never(t, "tracker.example", "rounded", "Serious")
		id := strings.TrimPrefix(path, "/problems/")
		if got := stranger.get("/requests/suggest?q=nothing+like+it&problem=" + id); !got.says(`value="` + id + `" checked`) {
			t.Errorf("what was chosen is gone after the next word: %s", got.body)
		}
	})
}

// Maria's colleague recognises it: two presses, not a word typed. Without script the form is opened for it.
func TestARequestFollowsAKnownProblemWithoutAWord(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		path := o.writesDown("public", "yes")
		id := strings.TrimPrefix(path, "/problems/")
		o.asks("Jonas Weber <jonas@greenfund.example>", "Another thing", o.support.ID)
		jonas := o.as(o.customer("jonas@greenfund.example"))
		jonas.get("/requests/new?problem="+id).reads(t, "Totals are off by a few cents", "This is it: follow along")
		sent := jonas.post("/requests/new", form("kind", "bug", "problem", id, "key", "one form"))
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending answers %d: %.400s", sent.status, text(sent.body))
		}
		jonas.get(sent.header.Get("Location")).reads(t, "Totals are off by a few cents", "I have this too: “Totals are off by a few cents”.", "This is known", "One other customer has this too.")
		o.as(o.ben).get(path).reads(t, "2 customers")
		if empty := jonas.post("/requests/new", form("kind", "bug", "problem", "4711", "key", "another")); empty.status != http.StatusUnprocessableEntity && empty.status != http.StatusBadRequest {
			t.Errorf("a request without a word, for what is not known, answers %d", empty.status)
		}
	})
}
