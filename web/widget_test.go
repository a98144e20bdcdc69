package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hark/desk"
	"hark/web/widget"
)

// vouched is the address of the form for whoever the agency's own app has signed.
func (o *office) vouched(email, name string) string {
	o.t.Helper()
	_, brand, err := o.desk.RunningFor(ctx, "")
	o.must(err)
	w, err := o.desk.Widget(ctx, o.ana.Actor(), brand)
	o.must(err)
	token, err := desk.SignWidget(w.Secret, desk.WidgetUser{Email: email, Name: name, Version: "4.2", At: o.clock.Now().Unix()})
	o.must(err)
	return "/widget?user=" + url.QueryEscape(token)
}

func TestTheWidgetIsOneSmallScript(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.stranger().get("/widget.js")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/javascript") || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("other sites cannot load it: %d %v", got.status, got.header)
	}
	if len(widget.Script) > 10_000 {
		t.Errorf("it weighs %d bytes", len(widget.Script))
	}
}

// The user of an app that the company vouches for sees their requests and writes a new one, without a cookie and without a mail to confirm.
func TestAWidgetServesWhoeverIsSignedInOverThere(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		frame := o.stranger()
		page := frame.get(o.vouched("maria@greenfund.example", "Maria Lopez"))
		page.reads(t, "How can we help?", "Your requests", "Redirect broken", "What is it about?")
		page.never(t, "Invoice 2211", "INTERNAL only we know this", "Where we answer")
		if frame.seed != "" || page.header.Get("Set-Cookie") != "" {
			t.Error("it sets a cookie")
		}
		if !strings.Contains(page.body, `href="/t/`) || strings.Contains(page.body, `href="/requests/`) {
			t.Error("her requests are not opened by their links")
		}
		address := o.vouched("noor@elsewhere.example", "Noor Haddad")
		sent := frame.do("POST", address, strings.NewReader(form("subject", "The list is empty", "body", "Since noon.", "kind", "question", "key", "k").Encode()),
			map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": o.server.URL})
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending answered %d: %.300s", sent.status, text(sent.body))
		}
		frame.get(sent.header.Get("Location")).reads(t, "We have it", "The list is empty")
		if noor := o.customer("noor@elsewhere.example"); noor.Name != "Noor Haddad" {
			t.Errorf("she became %+v", noor)
		}
	})
}

// Without a signature it is the form for strangers: a mail has to prove the address. A signature that is not right gets neither.
func TestAWidgetWithoutASignatureIsTheFormForStrangers(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		frame := o.stranger()
		post := func(path string, pairs ...string) answer {
			return frame.do("POST", path, strings.NewReader(form(pairs...).Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": o.server.URL})
		}
		frame.get("/widget").reads(t, "Where we answer")
		sent := post("/widget", "subject", "Hello", "body", "Is anybody there?", "name", "Iris", "email", "iris@elsewhere.example", "key", "k")
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending answered %d", sent.status)
		}
		frame.get(sent.header.Get("Location")).reads(t, "Look into your mail")
		tickets, err := o.desk.Search(ctx, o.ana.Actor(), "requester:iris@elsewhere.example", "")
		o.must(err)
		if len(tickets.Items) != 0 {
			t.Error("a stranger's words are a ticket before the address is proved")
		}
		for _, path := range []string{"/widget?user=forged", o.vouched("maria@greenfund.example", "")[:60]} {
			got := frame.get(path)
			if got.status != http.StatusUnauthorized {
				t.Errorf("%s answered %d", path, got.status)
			}
			got.reads(t, "Please load the page again")
			got.never(t, "Redirect broken", "Where we answer")
			if sent := post(path, "subject", "S", "body", "B"); sent.status != http.StatusUnauthorized {
				t.Errorf("a forged form answered %d", sent.status)
			}
		}
		empty := post("/widget", "subject", "Hello", "body", " ", "name", "Iris", "email", "iris@elsewhere.example")
		empty.reads(t, "Please write what happened", "Your words are safe below.")
	})
}

// Only the brand's own sites may show it in a frame, and nothing else of the desk may be shown there. Who is signed in at the desk
// in the same browser is nobody in the frame.
func TestOnlyTheBrandsOwnSitesFrameTheWidget(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(o.desk.SaveWidgetSites(ctx, o.ana.Actor(), 1, []string{"https://app.example", "https://www.example"}))
		policy := func(path string) string { return o.as(o.ana).get(path).header.Get("Content-Security-Policy") }
		if got := policy("/widget"); !strings.Contains(got, "frame-ancestors 'self' https://app.example https://www.example;") {
			t.Errorf("the widget says %q", got)
		}
		for _, path := range []string{"/inbox", "/portal", "/requests/new", "/sign-in", o.link(o.marias, o.maria)} {
			if got := policy(path); !strings.Contains(got, "frame-ancestors 'self';") {
				t.Errorf("%s says %q", path, got)
			}
		}
		o.as(o.maria).get("/widget").never(t, "Redirect broken", "Your requests")
		page := o.as(o.ana).get("/admin/brands/1")
		page.reads(t, "A question mark on your own pages", "https://app.example", "/widget.js")
		wrong := o.as(o.ana).post("/admin/brands/1", form("sites", "https://*.example", "do", "sites"))
		if wrong.status != http.StatusBadRequest {
			t.Errorf("a site with a star answered %d", wrong.status)
		}
		wrong.reads(t, "is no site", "https://*.example")
	})
}
