package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
)

// known is what Ben types.
func known(more ...string) []string {
	return append([]string{"title", "Totals are off by a few cents", "happens", "Each line is rounded before it is added.", "reach", "system-wide", "severity", "serious",
		"workaround", "Export the list; it adds up right there.", "tracker", "https://tracker.example/issues/812"}, more...)
}

var problemAt = regexp.MustCompile(`^/problems/\d+$`)

// writesDown is Ben filling the form in, from the ticket.
func (o *followed) writesDown(more ...string) (path string) {
	o.t.Helper()
	did := o.as(o.ben).post("/problems/new", form(known(append(more, "ticket", number(o.id), "key", "one form")...)...))
	if path = did.header.Get("Location"); did.status != 303 || !problemAt.MatchString(path) {
		o.t.Fatalf("writing it down answers %d to %s: %.400s", did.status, path, text(did.body))
	}
	return path
}

// From the ticket to the record, and to what Maria reads; then the fix, which her mail and her page tell.
func TestS4_10_AKnownProblemFromTheTicketToTheFix(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		ben := o.as(o.ben)
		ben.get("/tickets/"+number(o.id)).reads(t, "Known problem None is linked.", "Is it known?", "“Bug identified” begins when the ticket is linked to a known problem.")
		ben.get("/tickets/"+number(o.id)+"/problems").reads(t, "When it is linked: Mails “Next phase” to Maria Lopez.", "Nothing like that is known", "Write a new one down")
		path := o.writesDown()
		ben.get(path).reads(t, "Totals are off by a few cents", "Serious, system-wide. Known since", "What helps until then Export the list; it adds up right there.", "1 customer", "Answer 1 ticket",
			"Mails “Fixed” to everybody who reported it, once: 1 customer.", "Ben Okafor wrote it down", "https://tracker.example/issues/812")
		ben.get("/problems").reads(t, "Open 1 customer", "Totals are off by a few cents Serious, system-wide Something helps")
		ben.get("/tickets/"+number(o.id)).reads(t, "Known problem Totals are off by a few cents", "Put it into the reply", "Not this one", "Ben Okafor linked this to the known problem “Totals are off by a few cents”")
		page := o.page()
		page.reads(t, "Bug identified. We usually move on by", "This is known Totals are off by a few cents", "What helps until then Export the list; it adds up right there.")
		page.never(t, "other customers", "tracker.example", "rounded", "Serious")

		jonass := o.asks("Jonas Weber <jonas@greenfund.example>", "The sum is off", o.support.ID)
		ben.get("/tickets/"+number(jonass)+"/problems?q=total").reads(t, "Totals are off by a few cents", "Link it")
		if linked := ben.post("/tickets/"+number(jonass)+"/problem", form("problem", strings.TrimPrefix(path, "/problems/"))); linked.status != 303 {
			t.Fatalf("linking answers %d: %.300s", linked.status, text(linked.body))
		}
		o.page().reads(t, "One other customer has this too.")

		if fixed := ben.post(path+"/fixed", form("announcement", "https://greenfund.example/new")); fixed.status != 303 {
			t.Fatalf("confirming answers %d: %.300s", fixed.status, text(fixed.body))
		}
		ben.get(path).reads(t, "Ben Okafor saw it work in production on", "From Mon 16 Nov 2026, 10:01 EST everybody who reported it hears of it, as the policy says.", "Take it back")
		o.at("2026-11-16 10:05")
		if got := o.mailed("fixed"); got != 1 {
			t.Errorf("%d mails of the fix to Maria, want one", got)
		}
		page = o.page()
		page.reads(t, "This is fixed Totals are off by a few cents We saw it work in production on Mon 16 Nov 2026, 10:00 EST", "Where it is announced")
		page.never(t, "Until then", "What helps", "We look for a fix", "Last message from us")
		page.reads(t, "Fixed: we saw it work in production.")
		ben.get("/problems").reads(t, "Fixed 2 customers", "Fixed Mon 16 Nov")
		o.at("2027-02-16 10:00")
		later := o.page()
		later.reads(t, "Fixed: we saw it work in production.")
		later.never(t, "Taking longer than usual", "We have not written to you yet")
	})
}

// The records know two products, so the form asks of which one it is, and the customer reads the name. One that there is not comes back at its
// field.
func TestTheFormAsksOfWhichProductAProblemIs(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		ben := o.as(o.ben)
		ben.get("/problems/new").never(t, "Of which product")
		for _, product := range []string{"Harbour Invoices", "Harbour Mail"} {
			_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "jonas@greenfund.example", Product: product, Site: "greenfund.example"})
			o.must(err)
		}
		ben.get("/problems/new?ticket="+number(o.id)).reads(t, "Of which product", "All of them, or nobody has said Harbour Invoices Harbour Mail")
		ben.post("/problems/new", form(known("product", "Harbour Gold", "key", "k")...)).reads(t, "This brand has no product called \"Harbour Gold\"", "Totals are off by a few cents")
		path := o.writesDown("product", "Harbour Invoices")
		ben.get(path).reads(t, "Harbour Invoices. Serious, system-wide.")
		o.page().reads(t, "This is known Totals are off by a few cents Harbour Invoices")
		ben.get(path+"/edit").reads(t, "Of which product")
		ben.post(path+"/edit", form(known("product", "Harbour Mail")...))
		ben.get(path).reads(t, "Harbour Mail. Serious, system-wide.", "Ben Okafor set the product: Harbour Mail")
		o.page().reads(t, "This is known Totals are off by a few cents Harbour Mail")
	})
}

// Where a fix is told of nowhere yet, its record leads to the entry that tells of it.
func TestS0_24_TheRecordOfAFixLeadsToWhatsNew(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		ben, path := o.as(o.ben), o.writesDown()
		if fixed := ben.post(path+"/fixed", form("announcement", "")); fixed.status != 303 {
			t.Fatalf("confirming answers %d: %.300s", fixed.status, text(fixed.body))
		}
		record := ben.get(path)
		record.reads(t, "Tell of it in What’s new")
		link := regexp.MustCompile(`href="(/whats-new/entries/new[^"]*)"`).FindStringSubmatch(record.body)
		if link == nil {
			t.Fatal("the record leads nowhere")
		}
		ben.get(html.UnescapeString(link[1])).reads(t, "Totals are off by a few cents")
	})
}

// The policy announces fixes: the record leads to the draft that waits for somebody. A fix that did not hold says which entry customers
// still read.
func TestS0_24_AFixThatDoesNotHoldNamesItsEntry(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		ben, path := o.as(o.ben), o.writesDown()
		if fixed := ben.post(path+"/fixed", form("announcement", "")); fixed.status != 303 {
			t.Fatalf("confirming answers %d: %.300s", fixed.status, text(fixed.body))
		}
		o.at("2026-11-16 10:05")
		link := regexp.MustCompile(`href="/whats-new/entries/(\d+)"`).FindStringSubmatch(ben.get(path).body)
		if link == nil {
			t.Fatal("the record leads to no draft")
		}
		draft := ben.get("/whats-new/entries/" + link[1] + "/publish")
		draft.reads(t, "Totals are off by a few cents")
		ben.get("/whats-new/entries/"+link[1]).reads(t, "Ben Okafor confirmed the fix, which began the draft")
		leads(t, ben.post("/whats-new/entries/"+link[1]+"/publish", form("base", base(t, draft))), "/whats-new/entries/"+link[1])
		if again := ben.post(path+"/reopen", form()); again.status != 303 {
			t.Fatalf("it answers %d: %.300s", again.status, text(again.body))
		}
		ben.get(path).reads(t, "Customers still read in What’s new that this is fixed: Totals are off by a few cents")
	})
}

// A refusal for want of a known problem leads to where one is linked.
func TestS4_08_TheRefusalLeadsToTheKnownProblem(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		refused := o.moves("identified")
		refused.reads(t, `"Bug identified" needs issue link first.`, "Link it")
		if refused.status != 422 || !strings.Contains(refused.body, `href="#problem"`) || !strings.Contains(refused.body, `id="problem"`) {
			t.Errorf("it answers %d and does not lead to the known problem", refused.status)
		}
	})
}

// What cannot be kept comes back with what was typed, and is named at its field.
func TestAKnownProblemThatCannotBeKeptComesBack(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		ben := o.as(o.ben)
		wrong := form(known("ticket", number(o.id), "key", "k")...)
		wrong.Set("tracker", "javascript:alert(1)")
		wrong.Set("title", "")
		refused := ben.post("/problems/new", wrong)
		refused.reads(t, "A known problem needs a title; customers read it when it is fixed.", "Each line is rounded before it is added.")
		if refused.status != 400 && refused.status != 422 {
			t.Errorf("it answers %d", refused.status)
		}
		path := o.writesDown()
		if again := ben.post(path+"/edit", form(known("base", "0", "title", "", "horizon", "by Christmas")[2:]...)); again.status == 303 {
			t.Error("a horizon that this policy does not have is kept")
		}
		edit := ben.get(path + "/edit")
		edit.reads(t, "Change the known problem", "Our estimate")
		edit.never(t, "Roughly when")
		base := regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(edit.body)[1]
		if kept := ben.post(path+"/edit", form(known("base", base, "plan", "Round after adding.", "estimate", "2027-01-15")...)); kept.status != 303 {
			t.Fatalf("changing answers %d: %.300s", kept.status, text(kept.body))
		}
		stale := ben.post(path+"/edit", form(known("base", base, "plan", "Older words.")...))
		if stale.status != 409 {
			t.Errorf("an older page answers %d", stale.status)
		}
		stale.reads(t, "changed this known problem while you wrote", "Older words.")
		ben.get(path).reads(t, "Round after adding.", "15 Jan 2027", "Ben Okafor set the estimate: 2027-01-15")
		base = regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(stale.body)[1]
		if kept := ben.post(path+"/edit", form(known("base", base, "plan", "Both plans.")...)); kept.status != 303 {
			t.Errorf("pressing it again after reading that answers %d: %.300s", kept.status, text(kept.body))
		}
		ben.get(path).reads(t, "Both plans.")
	})
}

// Two who have the same bug are answered with one press; before it, each line says what will come of it (S0-23).
func TestS0_23_ThePreviewSaysWhoIsMailed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		base := openedAt(t, db, time.Date(2026, 11, 19, 14, 0, 0, 0, time.UTC), func(o *office) {
			source, _ := policy.Example("soapbox-phone-support")
			_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "faults are logged"})
			o.must(err)
		})
		bug := "bug"
		marias := base.asks("Maria Lopez <maria@greenfund.example>", "Totals are wrong", base.support.ID)
		jonass := base.asks("Jonas Weber <jonas@greenfund.example>", "The sum is off", base.support.ID)
		for _, id := range []int64{marias, jonass} {
			_, err := base.desk.Set(ctx, base.ben.Actor(), desk.Set{Ticket: id, Kind: &bug})
			base.must(err)
		}
		ben := base.as(base.ben)
		form1 := ben.get("/problems/new?ticket=" + number(marias))
		form1.reads(t, "Roughly when optional We name no dates, because the service changes too quickly to keep them.", "Not in the foreseeable future")
		form1.never(t, "Our estimate")
		path := ben.post("/problems/new", form(known("ticket", number(marias), "key", "k")...)).header.Get("Location")
		ben.post("/tickets/"+number(jonass)+"/problem", form("problem", strings.TrimPrefix(path, "/problems/")))
		ben.get(path+"/answer").reads(t, `"You know what to expect" needs issue horizon first: immediately, weeks, months or not in the foreseeable future.`, "Write it down")
		edit := ben.get(path + "/edit")
		newest := regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(edit.body)[1]
		ben.post(path+"/edit", form(known("base", newest, "horizon", "weeks")...))
		preview := ben.get(path + "/answer")
		preview.reads(t, "Move to “You know what to expect”", "In your own words", "Mails “What to expect” to Maria Lopez. The ticket becomes Solved.", "Mails “What to expect” to Jonas Weber.", "Answer 2 tickets")
		empty := ben.post(path+"/answer", form("key", "k1", "phase", "", "body", "", "ticket", number(marias)))
		if !strings.Contains(empty.body, `value="`+number(marias)+`" id="t`+number(marias)+`" checked`) || strings.Contains(empty.body, `id="t`+number(jonass)+`" checked`) {
			t.Errorf("a refusal (%d) forgets who was ticked", empty.status)
		}
		empty.reads(t, "The sum is off #"+number(jonass))
		stale := ben.post(path+"/answer", form("key", "k4", "phase", "", "status", "open", "body", "We look into it.", "ticket", number(jonass), "last", number(jonass)+"/1"))
		if stale.status != 409 {
			t.Errorf("words that know nothing of the last are answered %d", stale.status)
		}
		if strings.Contains(stale.body, `href="#body"`) || !strings.Contains(empty.body, `href="#body"`) {
			t.Error("what is wrong with the tickets is said of the words, or the other way round")
		}
		stale.reads(t, "Nobody was answered: somebody wrote on these tickets meanwhile", "We look into it.")
		step := ben.post(path+"/answer", form("key", "k5", "phase", "", "status", "open", "body", "We look into it.", "ticket", number(marias), "next", number(marias)))
		step.reads(t, "1 ticket is answered.", "We look into it.", "The sum is off #"+number(jonass)) // the next step, in the same words
		step.never(t, "#"+number(marias))
		sent := ben.post(path+"/answer", form("key", "k2", "phase", "answered", "ticket", number(marias), "ticket", number(jonass)))
		if sent.status != 303 {
			t.Fatalf("answering says %d: %.300s", sent.status, text(sent.body))
		}
		ben.get(path).reads(t, "Ben Okafor answered 2 tickets at once", "Nobody is mailed: this policy promises no mail about it.")
		page := base.stranger().get(base.link(jonass, base.customer("jonas@greenfund.example")))
		page.reads(t, "One other customer has this too.", "Weeks. We name no dates, because the service changes too quickly to keep them.")
		page.never(t, "other customers")
	})
}

// Whoever only reads along sees the record, and no button.
func TestLightAgentsReadKnownProblems(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		path := o.writesDown()
		for _, page := range []answer{o.as(o.dora).get(path), o.as(o.dora).get("/tickets/" + number(o.id)), o.as(o.dora).get("/problems")} {
			page.reads(t, "Totals are off by a few cents")
			page.never(t, "Confirm the fix", "Answer 1 ticket", "Not this one", "Put it into the reply", "Write one down")
		}
		for name, v := range map[string]*visitor{"Dora": o.as(o.dora), "Maria": o.as(o.maria), "a stranger": o.stranger()} {
			for _, verb := range []string{"/edit", "/answer", "/fixed", "/reopen"} {
				if got := v.post(path+verb, form()); got.status < 400 {
					t.Errorf("%s posts to %s and is answered %d", name, verb, got.status)
				}
			}
			if name != "Dora" && v.get(path).status == 200 {
				t.Errorf("%s reads the record", name)
			}
		}
	})
}

// Before Ben merges two tickets he reads what becomes of the known problem: the one that goes on is linked to it too, or stays with its own.
func TestTheLookBeforeAMergeTellsOfKnownProblems(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		ben := o.as(o.ben)
		o.writesDown()
		jonass := o.asks("Jonas Weber <jonas@greenfund.example>", "The sum is off", o.support.ID)
		look := "/tickets/" + number(o.id) + "/merge?with=" + number(jonass)
		ben.get(look).reads(t, "Known problem", "#"+number(jonass)+" is linked to the known problem “\u2068Totals are off by a few cents\u2069” too.")
		another := known("ticket", number(jonass), "key", "another")
		another[1] = "Sums are off on Mondays"
		ben.post("/problems/new", form(another...))
		ben.get(look).reads(t, "The two belong to different known problems. #"+number(jonass)+" stays with “\u2068Sums are off on Mondays\u2069”.")
	})
}
