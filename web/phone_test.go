package web_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/policy"
	"hark/store"
)

// phoneOffice is an office that answers the phone by the procedures of seed 001, with Eve in the first line. Carla has one licence.
func phoneOffice(t *testing.T) (o *office, eve account.Person) {
	t.Helper()
	o = opened(t, sqlite(t), func(o *office) {
		eve = o.hire("eve@agency.example", "Eve Marsh", access.LevelOne, o.support.ID)
		source, _ := policy.Example("ablecommerce-phone-procedures")
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "we answer the phone"})
		o.must(err)
		o.must(o.db.Write(ctx, func(tx *store.Tx) error {
			carla, err := tx.EnsureCustomer("carla@acme-shop.example", "Carla Acme", 1, o.clock.Now().Add(-48*time.Hour))
			if err != nil {
				return err
			}
			product, err := tx.EnsureProduct(1, "AbleCommerce")
			if err != nil {
				return err
			}
			version, err := tx.EnsureVersion(product, "7.0.2")
			if err != nil {
				return err
			}
			return tx.SaveLicence(&account.Licence{Brand: 1, Owner: account.Owner{Person: carla.ID}, Product: product, Version: version, Site: "acme-shop.example", OrderedOn: calendar.Date{Y: 2026, M: 11, D: 15}, Status: account.Active})
		}))
	})
	return o, eve
}

func (v *visitor) see(path string, all ...string) string {
	v.o.t.Helper()
	page := v.get(path)
	for _, want := range all {
		if !strings.Contains(page.body, want) {
			v.o.t.Errorf("%s does not show %q: %s", path, want, excerpt(page.body))
		}
	}
	return page.body
}

// The call of S1-03 in a browser without script: four forms between “Who is calling?” and goodbye.
func TestS1_03_TheCallScreenWithoutScript(t *testing.T) {
	o, eve := phoneOffice(t)
	v := o.as(eve)
	screen := v.post("/phone", form()).header.Get("Location")
	v.see(screen, "Who is calling?", "which licensed website are you calling about?", "wait", "Never:", "give technical support", `data-key="3"`)
	v.post(screen+"/answer", form("step", "identify", "base", "0", "key", "1", "said", "acme-shop"))
	page := v.see(screen, "Find the account", "acme-shop.example", "AbleCommerce 7.0.2, ordered 15 Nov 2026", "Active support plan", "Ordered within the last 30 days", `data-key="0"`)
	who := between(page, `name="who" value="`, `"`)
	v.post(screen+"/choose", form("q", "acme-shop", "who", who))
	v.see(screen, "What is it about, in a few words?", "Sends “FAQ - How to request a key”", "Matched: they know what few know")
	v.post(screen+"/answer", form("step", "live", "base", between(v.get(screen).body, `name="base" value="`, `"`), "key", "1"))
	v.see(screen, "Sent during this call", "FAQ - How to request a key", "carla@acme-shop.example", "Take back", "Leaves in a moment")
	v.post(screen+"/answer", form("step", "assure", "base", between(v.get(screen).body, `name="base" value="`, `"`), "key", "1"))
	v.see(screen, "Thank you for your call.", "Carla Acme · acme-shop.example · Active support plan · Licence key", "Keep the record")
	v.post(screen+"/end", form("outcome", "instructed", "note", ""))
	v.see(screen, "Instructions sent", "row “recent” of the table", "Eve Marsh", "version 2010-06-02")
	v.see("/phone", "Carla Acme", "Licence key", "Of 1 call, 1 needed no ticket.")
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

func TestS1_20_TheScreenOffersAnotherAddressAndTheWords(t *testing.T) {
	o, eve := phoneOffice(t)
	v := o.as(eve)
	screen := v.post("/phone", form()).header.Get("Location")
	who := between(v.see(screen+"?q=acme-shop", "acme-shop.example"), `name="who" value="`, `"`)
	v.post(screen+"/choose", form("q", "acme-shop", "who", who))
	v.post(screen+"/answer", form("step", "live", "base", "0", "key", "2"))
	o.clock.Pass(11 * time.Second)
	due, err := o.desk.ClaimMail(ctx, 50, time.Minute)
	o.must(err)
	for _, m := range due {
		o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "rcpt", Code: 552, Enhanced: "5.2.2", Text: "mailbox full"}))
	}
	v.see(screen, "Rejected: mailbox full", "Send it to another address", "Read it aloud", "Sign in, choose your order and describe the problem.")
	refused := v.post(screen+"/send", form("message", "open-case", "address", "no address"))
	if refused.status != 422 || !strings.Contains(refused.body, "That was not done") {
		t.Errorf("a wrong address is answered %d: %s", refused.status, excerpt(refused.body))
	}
}

func TestS1_17_TheComposerOfTheFirstLine(t *testing.T) {
	o, eve := phoneOffice(t)
	done, err := o.desk.Create(ctx, access.Clock, desk.Request{Requester: "carla@acme-shop.example", Subject: "Import fails", Text: "It stops half way."})
	o.must(err)
	group := o.support.ID
	_, err = o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: done.Ticket.ID, Group: &group})
	o.must(err)
	v, path := o.as(eve), "/tickets/"+strconv.FormatInt(done.Ticket.ID, 10)
	page := v.see(path, "Answer with a prepared message", "FAQ - Available support resources", "An answer in your own words is for the second line", "Internal note")
	for _, no := range []string{`action="` + path + `/reply"`, "Send as Open"} {
		if strings.Contains(between(page, `class="composer"`, "</section>"), no) {
			t.Errorf("the composer offers %s", no)
		}
	}
	if got := v.post(path+"/reply", form("body", "Set the memory limit.", "status", "answered")); got.status != 404 {
		t.Errorf("a free answer is answered %d", got.status)
	}
	v.post(path+"/prepared", form("message", "resources", "status", "answered", "base", "0", "draft", "1"))
	v.see(path, "https://ablecommerce.example/resources")
	ben := o.as(o.ben)
	if page := ben.see(path, "Answer with a prepared message"); !strings.Contains(page, `action="`+path+`/reply"`) {
		t.Error("Ben cannot answer in his own words")
	}
}

// What signs the events of an exchange is shown where an administrator looks for it, and to nobody else who answers the phone.
func TestTheSecretOfTheExchangeIsForAdministrators(t *testing.T) {
	o, eve := phoneOffice(t)
	secret, err := o.desk.ExchangeSecret(ctx, access.Clock)
	o.must(err)
	maya := o.hire("maya@agency.example", "Maya Lindqvist", access.Admin)
	o.as(maya).see("/phone", `href="/admin/telephones"`)
	o.as(maya).see("/admin/telephones", "Another exchange", "/api/calls/events", secret)
	for _, who := range []account.Person{eve, o.ben} {
		if page := o.as(who).see("/phone", "New call"); strings.Contains(page, secret) || strings.Contains(page, "/admin/telephones") {
			t.Errorf("%s is shown how to sign for the exchange", who.Name)
		}
	}
}

// Two people write on one call, or one in two windows: what was typed is not lost, whatever becomes of it.
func TestARefusedNoteIsShownAsItWasTyped(t *testing.T) {
	o, eve := phoneOffice(t)
	v := o.as(eve)
	screen := v.post("/phone", form("key", "k")).header.Get("Location")
	v.post(screen+"/note", form("note", "Rings back\nat noon"))
	v.post(screen+"/number", form("number", "+1 206 555 0142"))
	v.see(screen, "Rings back\nat noon", "+12065550142")
	long := v.post(screen+"/note", form("note", strings.Repeat("A long story. ", 200)))
	if long.status != 422 || !strings.Contains(long.body, "A long story. A long story.") {
		t.Errorf("a note that is too long is answered %d without its text", long.status)
	}
	v.post(screen+"/hang-up", form())
	v.see(screen, `id="wrap-note"`, "Rings back\nat noon</textarea>")
	v.post(screen+"/end", form("outcome", "-", "note", "Rings back\nat noon"))
	again := v.post(screen+"/end", form("outcome", "-", "note", "From the other window"))
	if again.status != 422 || !strings.Contains(again.body, "What you wrote") || !strings.Contains(again.body, "From the other window") || !strings.Contains(again.body, "Rings back\nat noon") {
		t.Errorf("keeping it again is answered %d: %s", again.status, excerpt(again.body))
	}
}
