package web_test

import (
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/store"
)

// sees fails unless a page says all of this.
func (a answer) sees(t *testing.T, says ...string) {
	t.Helper()
	for _, s := range says {
		if !strings.Contains(a.body, s) {
			t.Errorf("the page does not say %q: %s", s, excerpt(a.body))
		}
	}
}

func TestBenLooksAfterHisOwnAccount(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben := o.as(o.ben)
		ben.get("/me").sees(t, "Your account", "ben@agency.example", "Ben Okafor", "this browser", "Current password", "Single-letter keys")

		if got := ben.post("/me", form("name", "  Benedict   Okafor ", "zone", "Europe/Berlin")); got.status != 303 {
			t.Fatalf("a new name answered %d", got.status)
		}
		ben.get("/me").sees(t, `value="Benedict Okafor"`, `value="Europe/Berlin"`, "CET")
		refused := ben.post("/me", form("name", "Ben", "zone", "Berlin time"))
		refused.sees(t, "Berlin time", "is not a time zone", `value="Ben"`)
		ben.post("/me", form("name", " ", "zone", "")).sees(t, "A name is what others call you")
		ben.get("/me").sees(t, `value="Benedict Okafor"`)
	})
}

func TestF9_ThePasswordPageNeedsTheCurrentOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, elsewhere := o.as(o.ben), o.as(o.ben)
		got := ben.post("/me/password", form("username", o.ben.Email, "current", "not this one", "password", "quite another one"))
		if got.status != 403 {
			t.Errorf("a wrong current password answered %d", got.status)
		}
		got.sees(t, "The current password is not right", "Your old password still works")
		ben.post("/me/password", form("current", password, "password", "short")).sees(t, "at least 8 characters", "At least 8 characters")
		if elsewhere.get("/inbox").status != 200 {
			t.Error("a refused change signed another browser out")
		}
		if got := ben.post("/me/password", form("current", password, "password", "quite another one")); got.status != 303 {
			t.Fatalf("the change answered %d: %s", got.status, excerpt(got.body))
		}
		if ben.get("/inbox").status != 200 || elsewhere.get("/inbox").status != 303 {
			t.Error("the browser that changed the password stays signed in, and no other does")
		}
		if _, err := o.desk.SignIn(ctx, desk.SignIn{Email: o.ben.Email, Password: "quite another one", Remote: "192.0.2.9"}); err != nil {
			t.Errorf("the new password does not sign in: %v", err)
		}
	})
}

func TestF9_ASessionIsEndedByItsOwnerOnly(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, phone, cem := o.as(o.ben), o.as(o.ben), o.as(o.cem)
		id := sessionToEnd(t, ben.get("/me").body)
		if got := cem.post("/me/sessions/"+id+"/end", nil); got.status != 404 || phone.get("/inbox").status != 200 {
			t.Errorf("Cem ended Ben's session: %d", got.status)
		}
		if got := ben.post("/me/sessions/"+id+"/end", nil); got.status != 303 || phone.get("/inbox").status != 303 {
			t.Errorf("Ben did not end his other session: %d", got.status)
		}
		tablet := o.as(o.ben)
		if got := ben.post("/me/sessions/end", nil); got.status != 303 || tablet.get("/inbox").status != 303 || ben.get("/inbox").status != 200 {
			t.Errorf("Ben did not end all sessions but this one: %d", got.status)
		}
		if cem.get("/inbox").status != 200 {
			t.Error("Cem was signed out by Ben")
		}
	})
}

// sessionToEnd is the id of the only session on the page that has a button of its own.
func sessionToEnd(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `action="/me/sessions/`)
	id, _, _ := strings.Cut(rest, `/end"`)
	if !found || len(id) != 16 {
		t.Fatalf("no session can be ended: %s", excerpt(page))
	}
	return id
}

func TestACustomersAccountHasNoPassword(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		page := o.as(o.maria).get("/me")
		page.sees(t, "Your account", "maria@greenfund.example", "Time zone")
		for _, foreign := range []string{"Current password", "Single-letter keys", "topbar"} {
			if strings.Contains(page.body, foreign) {
				t.Errorf("a customer's account offers %q", foreign)
			}
		}
	})
}

func TestWhatWasDoneIsSaidOnce(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	got := ben.post("/me", form("name", "Ben Okafor", "zone", ""))
	cookie, _, _ := strings.Cut(got.header.Get("Set-Cookie"), ";")
	next := ben.do("GET", "/me", nil, map[string]string{"Cookie": cookie})
	next.sees(t, "Saved.")
	if !strings.Contains(strings.Join(next.header.Values("Set-Cookie"), "\n"), "said=;") {
		t.Error("the page after the next would say it again")
	}
	forged := ben.do("GET", "/me", nil, map[string]string{"Cookie": "said=<b>"})
	if strings.Contains(forged.body, "<b>") {
		t.Error("a page says what a cookie says")
	}
}

func TestAnAdministratorMailsASignInLinkToWhoeverHasJoined(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := o.as(o.ana)
		got := ana.post("/admin/people/"+number(o.ben.ID), form("name", "Ben Okafor", "email", "ben@agency.example", "role", "agent", "do", "link"))
		if got.status != 303 || !strings.Contains(got.header.Get("Set-Cookie"), "said=password-link") {
			t.Errorf("answered %d: %s", got.status, excerpt(got.body))
		}
		if !strings.Contains(o.mailTo(o.ben.Email), "/sign-in/password/") {
			t.Error("Ben's mail holds no link to choose a password")
		}
	})
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// mailTo is the newest mail to an address.
func (o *office) mailTo(email string) string {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{})
	o.must(err)
	for _, m := range out.Items {
		if m.To == email {
			_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
			o.must(err)
			return string(unfolded(raw))
		}
	}
	o.t.Fatalf("there is no mail to %s", email)
	return ""
}
