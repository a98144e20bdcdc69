package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// from posts a form of a page with that address.
func (v *visitor) from(page, path string, pairs ...string) answer {
	v.o.t.Helper()
	values := form(append(pairs, "csrf", v.token())...)
	return v.do("POST", path, strings.NewReader(values.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Referer": v.o.server.URL + page})
}

// three gives support two tickets more: the queue is first, second, third, in the order in which they were asked.
func (o *office) three() (first, second, third string) {
	o.t.Helper()
	open := "open"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: o.marias, Status: &open})
	o.must(err)
	nobody := int64(0)
	_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: o.marias, Assignee: &nobody})
	o.must(err)
	one := o.asks("Jonas Weber <jonas@greenfund.example>", "The map is old", o.support.ID)
	two := o.asks("Noor Haddad <noor@haddadbakery.example>", "Our logo is blurred", o.support.ID)
	return number(o.marias), number(one), number(two)
}

func TestOneGoesThroughAListWithoutGoingBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, second, third := o.three()
		ben := o.as(o.ben)
		inbox := ben.get("/inbox?view=unassigned")
		inbox.sees(t, `href="/tickets/`+second+`?view=unassigned"`)
		page := ben.get("/tickets/" + second + "?view=unassigned")
		page.sees(t, `href="/tickets/`+third+`?view=unassigned"`, `data-key="]"`, `href="/inbox?view=unassigned"`)
		if plain := ben.get("/tickets/" + second); strings.Contains(plain.body, `data-key="]"`) {
			t.Error("a ticket that was opened from nowhere has a next one")
		}

		next := ben.from("/tickets/"+second+"?view=unassigned", "/tickets/"+second+"/reply", "body", "Which map?", "status", "pending", "then", "next")
		if to := next.header.Get("Location"); to != "/tickets/"+third+"?view=unassigned" {
			t.Errorf("send and next went to %q: %s", to, excerpt(next.body))
		}
		again := ben.from("/tickets/"+third+"?view=unassigned", "/tickets/"+third+"/note", "body", "I wait for the file.")
		if to := again.header.Get("Location"); to != "/tickets/"+third+"?view=unassigned" {
			t.Errorf("a note leads to %q, not back to the ticket in its list", to)
		}
		last := ben.from("/tickets/"+third+"?view=unassigned", "/tickets/"+third+"/reply", "body", "Please send it.", "status", "pending", "then", "next")
		if to := last.header.Get("Location"); to != "/inbox?view=unassigned" {
			t.Errorf("after the last one send and next went to %q", to)
		}
		elsewhere := ben.from("/tickets/"+third+"?view=//evil.example", "/tickets/"+third+"/note", "body", "Once more.")
		if to := elsewhere.header.Get("Location"); to != "/tickets/"+third {
			t.Errorf("an address that is no list led to %q", to)
		}
	})
}

func TestBenKeepsATicketForLater(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		first, second, _ := o.three()
		ben, dora := o.as(o.ben), o.as(o.dora)
		ben.get("/inbox?view=later").sees(t, "Your pile is empty", "Press l on a ticket", "See what is next")
		if got := ben.post("/tickets/"+first+"/later", form("later", "yes")); got.status != 303 {
			t.Fatalf("answered %d", got.status)
		}
		if got := ben.post("/inbox/bulk", form("ticket", second, "later", "yes", "return", "/inbox")); got.status != 303 || got.header.Get("Location") != "/inbox" {
			t.Errorf("from the list he is answered %d and led to %q", got.status, got.header.Get("Location"))
		}
		ben.get("/inbox?view=later").sees(t, "Redirect broken", "The map is old", "Reply later")
		ben.get("/tickets/"+first).sees(t, "On your pile")
		if body := dora.get("/inbox?view=later").body; strings.Contains(body, "Redirect broken") {
			t.Error("Dora sees Ben's pile")
		}
		ben.post("/tickets/"+first+"/reply", form("body", "Done.", "status", "solved"))
		if body := ben.get("/inbox?view=later").body; strings.Contains(body, "Redirect broken") || !strings.Contains(body, "The map is old") {
			t.Errorf("after his answer the pile shows %s", excerpt(body))
		}
	})
}

func TestB9_PresenceIsForThoseWhoMaySeeTheTicket(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := number(o.marias)
		ben, ana, cem := o.as(o.ben), o.as(o.ana), o.as(o.cem)
		bens := ben.listen("ticket:" + id)
		cems := cem.listen("ticket:" + id)
		if says := ana.get("/tickets/" + id + "/presence").body; says != "Ben is here" {
			t.Errorf("Ana is told %q", says)
		}
		anas := ana.listen("ticket:" + id)
		if got := ana.post("/tickets/"+id+"/draft", form("body", "Hello Maria", "writing", "reply")); got.status != 204 {
			t.Fatalf("the draft answered %d", got.status)
		}
		if says := ben.get("/tickets/" + id + "/presence").body; says != "Ana is writing" {
			t.Errorf("Ben is told %q", says)
		}
		ben.get("/tickets/"+id).sees(t, "Ana is writing")
		ben.get("/inbox?view=all").sees(t, "Ana is writing")
		if says := ana.get("/tickets/" + id + "/presence").body; says != "Ben is here" {
			t.Errorf("Ana is told %q: Cem, who may not see the ticket, is not there", says)
		}
		ana.post("/tickets/"+id+"/note", form("body", "He means the old page."))
		if says := ben.get("/tickets/" + id + "/presence").body; says != "Ana is here" {
			t.Errorf("after her note Ben is told %q", says)
		}
		anas.stop()
		heard := bens.until(presenceSoon, "event: presence")
		if !strings.Contains(heard, `event: presence`) || !strings.Contains(heard, `{"id":"`+id+`"}`) || strings.Contains(heard, "Ana") || strings.Contains(heard, "Ruiz") {
			t.Errorf("Ben heard %q", heard)
		}
		if heard := cems.until(0); strings.Contains(heard, "presence") {
			t.Errorf("Cem heard %q", heard)
		}
		if got := cem.get("/tickets/" + id + "/presence"); got.status != 404 || strings.Contains(got.body, "Ben is") {
			t.Errorf("Cem asked and was answered %d %s", got.status, excerpt(got.body))
		}
		if body := o.stranger().get(o.link(o.marias, o.maria)).body; strings.Contains(body, "is here") {
			t.Error("a customer sees who is at their ticket")
		}
	})
}

// presenceSoon is how long a test waits for news that comes at once.
const presenceSoon = 5 * time.Second

// postFile posts a form with so many files of that name.
func (v *visitor) postFile(path string, values url.Values, name string, files int) answer {
	v.o.t.Helper()
	return v.upload(path, values, name, "a file", files)
}

// upload posts a form with so many files of that name and content.
func (v *visitor) upload(path string, values url.Values, name, content string, files int) answer {
	v.o.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	values.Set("csrf", v.token())
	for field := range values {
		v.o.must(w.WriteField(field, values.Get(field)))
	}
	for range files {
		part, err := w.CreateFormFile("files", name)
		v.o.must(err)
		_, err = part.Write([]byte(content))
		v.o.must(err)
	}
	v.o.must(w.Close())
	return v.do("POST", path, &body, map[string]string{"Content-Type": w.FormDataContentType(), "Sec-Fetch-Site": "same-origin", "Origin": v.o.server.URL})
}

func TestSeveralTicketsAreChangedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		first, second, third := o.three()
		ben := o.as(o.ben)
		values := form("status", "hold", "return", "/inbox?view=team")
		values["ticket"] = []string{first, second, third}
		if got := ben.post("/inbox/bulk", values); got.status != 303 || got.header.Get("Location") != "/inbox?view=team" {
			t.Fatalf("answered %d and led to %q", got.status, got.header.Get("Location"))
		}
		for _, id := range []string{first, second, third} {
			ben.get("/tickets/"+id).sees(t, "On hold")
		}
		values["ticket"] = []string{first, number(o.closed)}
		values.Set("status", "open")
		refused := ben.post("/inbox/bulk", values)
		ben.get(refused.header.Get("Location")).sees(t, "Not everything could be done", "1 of 2 could not be changed")
	})
}

// Ben solves two tickets by mistake. For a moment the lists offer to take it back, and then they are as they were; a ticket on which
// something has happened meanwhile is named, and nobody else can do it for him.
func TestSeveralTicketsAreTakenBackAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		first, second, _ := o.three()
		ben, ana := o.as(o.ben), o.as(o.ana)
		values := form("priority", "high", "return", "/inbox?view=team")
		values["ticket"] = []string{first, second}
		ben.post("/inbox/bulk", values)
		values = form("status", "solved", "return", "/inbox?view=team")
		values["ticket"] = []string{first, second}
		ben.keep(ben.post("/inbox/bulk", values), "changed")
		ben.get("/inbox?view=team").sees(t, "2 tickets changed.")
		offer := ben.get("/inbox?view=all")
		offer.sees(t, "2 tickets changed.") // it follows him, and stays when the list refreshes itself
		back := form("return", "/inbox?view=all")
		for _, field := range regexp.MustCompile(`name="change" value="([^"]+)"`).FindAllStringSubmatch(offer.body, -1) {
			back.Add("change", field[1])
		}
		if got := ana.post("/inbox/bulk/undo", back); got.status != 303 {
			t.Fatalf("Ana is answered %d", got.status)
		}
		for _, id := range []string{first, second} {
			ben.get("/tickets/"+id).sees(t, "Solved")
		}
		ana.post("/tickets/"+second+"/note", form("body", "Are you sure?"))
		back.Del("csrf") // which was Ana's
		undone := ben.post("/inbox/bulk/undo", back)
		ben.keep(undone, "changed")
		led := undone.header.Get("Location")
		after := ben.get(led)
		after.sees(t, "1 of 2 could not be taken back: something has happened on this ticket since")
		if strings.Contains(after.body, "tickets changed.") {
			t.Error("it is offered still")
		}
		if body := ben.get("/tickets/" + first).body; strings.Contains(body, "Ben took it to") {
			t.Errorf("the first is not as it was: %s", excerpt(body))
		}
		values.Set("return", led)
		again := ben.post("/inbox/bulk", values)
		ben.keep(again, "changed")
		if led := again.header.Get("Location"); !strings.Contains(led, "/inbox?view=all") || strings.Count(led, "refused") > 1 {
			t.Errorf("the next change leads to %q", led)
		}
		ben.get(again.header.Get("Location")).sees(t, "changed.")
		o.clock.Pass(desk.UndoWindow)
		if body := ben.get("/inbox?view=all").body; strings.Contains(body, "changed.") {
			t.Error("what cannot be taken back is offered")
		}
	})
}

// keep takes a cookie from an answer, as a browser does.
func (v *visitor) keep(a answer, name string) {
	v.cookie = nil
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == name && c.MaxAge >= 0 {
			v.cookie = c
		}
	}
}
