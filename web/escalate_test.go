package web_test

import (
	"net/http"
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

// promised is an office under a policy of examples, on Tuesday 17 November 2026 at nine in the morning, Eastern Time. Maria has written.
type promised struct {
	*office
	id    int64
	maria account.Person
}

func eachPromised(t *testing.T, example string, story func(t *testing.T, o *promised)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := openedAt(t, db, time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC), func(o *office) {
			source, _ := policy.Example(example)
			_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "it is the story's"})
			o.must(err)
			_, err = o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Senior technicians", Members: []int64{o.ana.ID}})
			o.must(err)
		})
		p := &promised{office: o, id: o.asks("Maria Lopez <maria@greenfund.example>", "Import fails", o.support.ID)}
		p.maria = o.customer("maria@greenfund.example")
		story(t, p)
	})
}

// page is what Maria reads behind the link in her mail, or below it.
func (o *promised) page(below string) answer {
	o.t.Helper()
	return o.stranger().get(o.link(o.id, o.maria) + below)
}

// Behind the link in her mail, with no script and no account, Maria asks for escalation: who looks and until when stands there before
// she asks, on the page that answers, and on her request. Pressed twice it is one; asked once more her words are kept and counted once.
func TestS3_14_MariaAsksForEscalationOnHerPage(t *testing.T) {
	eachPromised(t, "piperocks-crm", func(t *testing.T, o *promised) {
		o.page("").reads(t, "Not getting any further? Ask for escalation")
		question := o.page("/escalation")
		question.reads(t, "Ask for escalation", "A senior technician reviews the case.", "What does it stop you from doing?", "It goes to our senior technicians. We aim to write to you by Fri 20 Nov 2026, 09:00 EST.")

		link, maria := o.link(o.id, o.maria), o.stranger()
		empty := maria.post(link+"/escalation", form("body", "  "))
		if empty.status != http.StatusUnprocessableEntity && empty.status != http.StatusBadRequest {
			t.Errorf("without words it answers %d", empty.status)
		}
		empty.reads(t, "Please write what it stops you from doing")
		words := form("body", "We cannot send invoices.", "key", "one form")
		for range 2 {
			sent := maria.post(link+"/escalation", words)
			if sent.status != http.StatusSeeOther || sent.header.Get("Location") != link+"/escalation?asked=yes" {
				t.Fatalf("the form answers %d to %s: %.300s", sent.status, sent.header.Get("Location"), text(sent.body))
			}
		}
		o.page("/escalation?asked=yes").reads(t, "Somebody senior looks at it", "It is with our senior technicians since Tue 17 Nov 2026, 09:00 EST", "We aim to write to you by Fri 20 Nov 2026, 09:00 EST.", "We have mailed this to maria@greenfund.example")
		request := o.page("")
		request.reads(t, "Escalated With our senior technicians since Tue 17 Nov 2026, 09:00 EST", "We cannot send invoices.")
		if strings.Contains(text(request.body), "Not getting any further?") {
			t.Error("the page still offers what was asked for")
		}
		twice := maria.post(link+"/escalation", form("body", "Still nothing."))
		if twice.status != http.StatusConflict {
			t.Errorf("asked again it answers %d", twice.status)
		}
		twice.reads(t, "You have asked for this already", "Still nothing.")
		if n := strings.Count(text(o.page("").body), "We cannot send invoices."); n != 1 {
			t.Errorf("her words stand there %d times", n)
		}
		o.as(o.ana).get("/tickets/"+number(o.id)).reads(t, "Maria Lopez asked for escalation", "The policy gave it to Senior technicians", "Update", "Group Senior technicians")
	})
}

// GET changes nothing, and every link that is not right answers alike (S4-20, C17).
func TestS4_20_EscalationIsBehindTheRightLinkOnly(t *testing.T) {
	eachPromised(t, "piperocks-crm", func(t *testing.T, o *promised) {
		right := o.link(o.id, o.maria)
		before := nonceless(o.page("").body)
		o.page("/escalation?asked=yes")
		if nonceless(o.page("").body) != before {
			t.Error("looking has changed the page")
		}
		tomas := o.asks("Tomas Becker <tomas@becker.example>", "Another thing", o.support.ID)
		foreign := o.link(o.id, o.customer("tomas@becker.example"))
		for name, path := range map[string]string{"altered": right[:len(right)-2] + "xx", "nobody's": "/t/" + nobodysToken, "somebody else's": foreign} {
			if got := o.stranger().post(path+"/escalation", form("body", "x")); got.status != http.StatusNotFound {
				t.Errorf("%s link: %d", name, got.status)
			}
		}
		if got := o.as(o.maria).post("/requests/"+number(tomas)+"/escalation", form("body", "x")); got.status != http.StatusNotFound {
			t.Errorf("another's request: %d", got.status)
		}
	})
}

// Under a policy without escalation nothing of it is anywhere.
func TestWithoutEscalationInThePolicyThereIsNoSuchPage(t *testing.T) {
	eachPromised(t, "customer-support-center", func(t *testing.T, o *promised) {
		leads(t, o.page("/escalation"), o.link(o.id, o.maria))
		if strings.Contains(text(o.page("").body), "scalation") {
			t.Error("the request speaks of escalation")
		}
	})
}

// Three users and a function that is down, said in the form: the request's own page says that somebody senior has it already.
func TestS3_13_TheFormEscalatesAndSaysSo(t *testing.T) {
	eachPromised(t, "piperocks-crm", func(t *testing.T, o *promised) {
		maria := o.as(o.maria)
		maria.get("/requests/new?kind=technical").reads(t, "What stops several of you, or a critical function, we put first.")
		sent := maria.post("/requests/new", form("kind", "technical", "subject", "Nothing works", "body", "Since this morning.", "fact", "technical/ticket.users_affected", "value", "3", "key", "k"))
		if sent.status != http.StatusSeeOther {
			t.Fatalf("the form answers %d: %.300s", sent.status, text(sent.body))
		}
		maria.get(sent.header.Get("Location")).reads(t, "We have it", "Escalated With our senior technicians since")
	})
}

// Ben decides on the ticket, reads the answer that is ready above the composer and sends it; the limit stands before the conversation
// until then, and Maria's page says the clause afterwards.
func TestS3_16_TheTicketShowsTheLimitAndTheAnswer(t *testing.T) {
	eachPromised(t, "piperocks-crm", func(t *testing.T, o *promised) {
		path := "/tickets/" + number(o.id)
		ben := o.as(o.ben)
		ben.get(path).reads(t, "Is it supported Nobody has decided")
		if got := ben.post(path+"/scope", form("clause", "limits.development")); got.status != http.StatusSeeOther {
			t.Fatalf("deciding answers %d: %.300s", got.status, text(got.body))
		}
		page := ben.get(path)
		page.reads(t, "Outside of what we support Development, scripts and advanced programming. A developer of your choice can help. See the answer",
			"“Outside of standard support” is prepared", "Ben Okafor decided that this is outside of what we support")
		if strings.Contains(text(o.page("").body), "Outside of what we support") {
			t.Error("Maria reads it before anybody has written to her")
		}
		if got := ben.post(path+"/scope", form("do", "write", "base", "0")); got.status != http.StatusSeeOther {
			t.Errorf("changing it first answers %d", got.status)
		}
		if written := ben.get(path).body; !strings.Contains(written, "A developer of your choice can help.</textarea>") {
			t.Error("the answer is not in the composer")
		}
		if got := ben.post(path+"/prepared", form("message", "out-of-scope", "status", "solved", "words", "Ask for a script writer.")); got.status != http.StatusSeeOther {
			t.Fatalf("sending answers %d: %.300s", got.status, text(got.body))
		}
		o.page("").reads(t, "Outside of what we support Development, scripts and advanced programming. A developer of your choice can help.", "Ask for a script writer.")
		if strings.Contains(ben.get(path).body, `id="scope-answer"`) {
			t.Error("the answer is offered again")
		}
	})
}

// The catalogue of changes: chosen, the list stands there with whose word comes first; what is missing is said, and what was typed stays.
func TestS0_26_TheChangeIsWrittenDownBesideTheConversation(t *testing.T) {
	eachPromised(t, "soapbox-phone-support", func(t *testing.T, o *promised) {
		path, ben := "/tickets/"+number(o.id), o.as(o.ben)
		ben.get(path).reads(t, "Changes that we make", "The time zone of your account.")
		if got := ben.post(path+"/change", form("change", "timezone")); got.status != http.StatusSeeOther {
			t.Fatalf("choosing answers %d", got.status)
		}
		ben.get(path).reads(t, "First get the word of an administrator of the account.", "Whose word we have", "The old time zone")
		refused := ben.post(path+"/change", form("change", "timezone", "noted", "Maria", "noted", "UTC", "noted", "New York"))
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, `value="New York"`) {
			t.Errorf("without a word it answers %d", refused.status)
		}
		if got := ben.post(path+"/change", form("change", "timezone", "word", "Jonas Weber", "noted", "Maria", "noted", "UTC", "noted", "New York")); got.status != http.StatusSeeOther {
			t.Fatalf("with it %d: %.300s", got.status, text(got.body))
		}
		ben.get(path).reads(t, "Ben Okafor made the change: The time zone of your account. who asked: Maria; the old time zone: UTC; the new time zone: New York; with the word of Jonas Weber")
	})
}

// The record asks what the policy looks at: a region by its name, a representative among colleagues. What cannot be taken comes back.
func TestS3_07_TheRecordTakesRegionAndRepresentative(t *testing.T) {
	eachPromised(t, "piperocks-crm", func(t *testing.T, o *promised) {
		path, ben := "/customers/"+number(o.maria.ID), o.as(o.ben)
		ben.get(path).reads(t, "Region and people", "The region on the customer's record Nobody has said", "New South Wales")
		if got := ben.post(path+"/record", form("said:customer.region", "australia-nsw", "said:customer.representative", "cem@agency.example")); got.status != http.StatusSeeOther {
			t.Fatalf("the form answers %d: %.300s", got.status, text(got.body))
		}
		ben.get(path).reads(t, "The region on the customer's record New South Wales", "The customer's own representative Cem Yildiz", "The region on the customer's record is New South Wales, by Ben Okafor")
		wrong := ben.post(path+"/record", form("said:customer.region", "atlantis"))
		if wrong.status != http.StatusUnprocessableEntity && wrong.status != http.StatusBadRequest {
			t.Errorf("a region there is not answers %d", wrong.status)
		}
		wrong.reads(t, "is one of Eastern United States, Western United States, United Kingdom, New South Wales")
		if text := text(o.as(o.dora).get(path).body); strings.Contains(text, "Write it down") {
			t.Error("somebody who only reads is offered the form")
		}
	})
}
