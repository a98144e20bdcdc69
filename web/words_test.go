package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// What somebody wrote comes back with every refusal: in its field where it can be sent again, to copy where it cannot.
func TestNothingWrittenIsLost(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, maria, stranger := o.as(o.ben), o.as(o.maria), o.stranger()
		ticketPath, link := "/tickets/"+number(o.marias), o.link(o.marias, o.maria)
		const words = "The cart was emptied by the cache."
		tooMany := strings.Repeat("x", 300)

		t.Run("a note with a file the desk cannot take", func(t *testing.T) {
			got := ben.postFile(ticketPath+"/note", form("body", words), tooMany, 11)
			if got.status < 400 {
				t.Fatalf("answered %d", got.status)
			}
			got.sees(t, words, "add your files again", `role="alert"`)
			ben.get(ticketPath).sees(t, words)
		})
		t.Run("an answer that says nothing", func(t *testing.T) {
			got := ben.post(ticketPath+"/note", form("body", " "))
			got.sees(t, "There is nothing to send", "Conversation")
		})
		t.Run("a note on a ticket that closed meanwhile", func(t *testing.T) {
			got := ben.post("/tickets/"+number(o.closed)+"/note", form("body", words))
			got.sees(t, words)
			if got.status < 400 {
				t.Errorf("answered %d", got.status)
			}
		})
		t.Run("a session that has ended", func(t *testing.T) {
			gone := o.as(o.ben)
			token := gone.token()
			o.must(o.desk.SignOut(ctx, gone.session))
			got := gone.post(ticketPath+"/reply", form("csrf", token, "body", words))
			if got.status != 401 {
				t.Errorf("answered %d", got.status)
			}
			got.sees(t, words, "What you wrote, to copy", "Sign in")
		})
		t.Run("a customer's answer that is empty but for a space", func(t *testing.T) {
			maria.post("/requests/"+number(o.marias)+"/reply", form("body", " ")).sees(t, "There is nothing to send", "Write to us")
		})
		t.Run("too many files through the link", func(t *testing.T) {
			stranger.postFile(link+"/reply", form("body", words), "a.txt", 11).sees(t, words, "At most 10 files", "Write to us")
		})
		t.Run("a link that has ended", func(t *testing.T) {
			old := o.link(o.closed, o.maria)
			_, err := o.desk.AdvanceTo(ctx, o.ana.Actor(), o.clock.Now().Add(40*24*time.Hour))
			o.must(err)
			got := stranger.post(old+"/reply", form("body", words))
			if got.status != 404 { // as any link that opens nothing
				t.Errorf("answered %d", got.status)
			}
			got.sees(t, words, "What you wrote, to copy", "Mail me a fresh link")
		})
		t.Run("a link that was never ours", func(t *testing.T) {
			stranger.post("/t/"+nobodysToken+"/reply", form("body", words)).sees(t, words, "What you wrote, to copy")
		})
	})
}

func TestF13_AnotherSitesWordsAreNotShownBack(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	form := url.Values{"body": {"Call this number now"}, "csrf": {ben.token()}}
	got := ben.do("POST", "/tickets/"+number(o.marias)+"/reply", strings.NewReader(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"})
	if got.status != 403 || strings.Contains(got.body, "Call this number") {
		t.Errorf("answered %d and showed what another site sent: %s", got.status, excerpt(got.body))
	}
}

func TestS2_32_TheUndoBarSaysUntilWhen(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	got := ben.post("/tickets/"+number(o.marias)+"/reply", form("body", "It works again.", "status", "solved"))
	if got.status != 303 {
		t.Fatalf("answered %d", got.status)
	}
	until := o.clock.Now().Add(desk.UndoWindow)
	zone, err := time.LoadLocation("America/New_York")
	o.must(err)
	ben.get("/tickets/"+number(o.marias)).sees(t, "Sending to Maria Lopez", "until "+until.In(zone).Format("15:04:05 MST"), "Undo")
}

// Maria pastes a whole log into her reply. She is told at the field what a message has at most, her words stay, and nothing was sent.
func TestALogIsNoReply(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		link, log := o.link(o.marias, o.maria), strings.Repeat("10:41 receipt 4711 was printed\n", 2_000)
		refused := o.stranger().post(link+"/reply", form("body", log))
		if refused.status != http.StatusUnprocessableEntity && refused.status != http.StatusBadRequest {
			t.Fatalf("it is answered %d", refused.status)
		}
		refused.reads(t, "A message has at most 60000 characters and this one has 61999; add the rest as a file.")
		if !strings.Contains(refused.body, log[:1_000]) {
			t.Error("the words are gone")
		}
		o.stranger().get(link).doesNotRead(t, "receipt 4711")
	})
}
