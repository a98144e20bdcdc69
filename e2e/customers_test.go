package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// followed is a desk of the demo's whose customers are watched: what each of them was mailed, and what their page says.
type followed struct {
	t      *testing.T
	server *Server
	brand  string
}

// arrived is the number of the ticket that a mail becomes.
func (f *followed) arrived(subject string) string {
	f.t.Helper()
	w := &bookingWeek{t: f.t, server: f.server}
	Eventually(f.t, 10*time.Second, "there is a ticket about "+subject, func() bool { return w.count("SELECT count(*) FROM tickets WHERE subject = $1", subject) == 1 })
	return story(f.t, f.server, subject)
}

// link is the way to a request that its customer has in their mail, at the brand's own host.
func (f *followed) link(number string) string {
	f.t.Helper()
	return at(f.server, f.brand, linkIn(f.t, f.server, "We have your request ["+number+"]"))
}

// mailed are the subjects of the mails to somebody, the newest first.
func (f *followed) mailed(to string) string {
	f.t.Helper()
	return (&bookingWeek{t: f.t, server: f.server}).subjects(to)
}

// colleague signs somebody of the desk in at the brand's host.
func (f *followed) colleague(address string) *Browser {
	f.t.Helper()
	b := Open(f.t)
	b.Size(1440, 900)
	b.Visit(at(f.server, f.brand, "/sign-in"))
	b.Type("input[name=email]", address)
	b.Type("input[name=password]", "lark and field")
	b.Press("Sign in")
	b.See("Next for me")
	b.ready()
	return b
}

// customer signs somebody in who follows the link of their mail.
func (f *followed) customer(address string) *Browser {
	f.t.Helper()
	b := Open(f.t)
	b.Size(390, 844)
	b.Visit(at(f.server, f.brand, "/portal/code"))
	b.Type("input[name=email]", address)
	b.Click("form .button-primary")
	b.See("Look into your mail")
	b.Visit(at(f.server, f.brand, mailedLink(f.t, f.server, "/sign-in/link/")))
	b.Click("form .button-primary")
	b.See("Your requests")
	return b
}

// promises applies a policy that differs from the brand's in a few words.
func (f *followed) promises(reason string, words ...string) {
	f.t.Helper()
	before := f.server.Hark(f.t, "", "policy", "export", "--brand", f.brand)
	after := strings.NewReplacer(words...).Replace(before)
	for n := 0; n < len(words); n += 2 {
		if !strings.Contains(before, words[n]) {
			f.t.Fatalf("the policy of %s does not say %s", f.brand, words[n])
		}
	}
	file := filepath.Join(f.t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte(after), 0o600); err != nil {
		f.t.Fatal(err)
	}
	f.server.Hark(f.t, "", "policy", "apply", file, "--brand", f.brand, "--reason", reason)
}

// Three customers of PICnet report one fault in three ways. Ben knows it once, and says what helps and "weeks" to all of them in one step;
// no page names a day, because this policy names none. Their tickets are closed when somebody sees the fix work: each hears of it once, and
// What's New tells everybody else without a further mail.
func TestS4_10_OneFaultFromTheCustomersSide(t *testing.T) {
	f := &followed{t: t, server: Start(t, "demo"), brand: "picnet"}
	f.promises("Whoever reported a fault hears when it is gone",
		"tell_reporters_when_fixed: false", "tell_reporters_when_fixed: true",
		`starts_on: issue_fixed, may_go_to: [announced]}`, `starts_on: issue_fixed, do: [{send: fixed}], may_go_to: [announced]}`,
		"  no-phone-plan: {name:", "  fixed: {name: Fixed, subject: \"Fixed: {{issue.title}}\", body: \"It works again; somebody has seen it.\"}\n  no-phone-plan: {name:")
	reports := []struct{ from, subject, number, link string }{
		{from: "rosa@foodbankcentral.example", subject: "Gifts are counted twice on the dashboard"},
		{from: "tomas@choirofstanne.example", subject: "Our total is higher than the bank says"},
		{from: "wren@riversidetheatre.example", subject: "Dashboard wrong since Monday?"},
	}
	ben := f.colleague("ben@larkandfield.example")
	for n := range reports {
		r := &reports[n]
		sendMailTo(t, f.server, picnet, r.from, r.subject, "Hello,\n\nthe sum of our gifts is too high since Monday.\n")
		r.number = f.arrived(r.subject)
		r.link = f.link(r.number)
	}

	first := at(f.server, f.brand, "/tickets/"+reports[0].number)
	ben.Visit(first)
	ben.ready()
	ben.sets("kind", "Bug report")
	ben.Press("Is it known?")
	ben.Press("Write a new one down")
	ben.Type("#title", "Gifts by card are counted twice")
	ben.Type("#workaround", "Choose “Without card” above the dashboard; that sum is right.")
	ben.choose("#horizon", "weeks")
	ben.Press("Keep it")
	ben.See("What its customers read")
	problem := ben.Path()
	for _, r := range reports[1:] {
		ben.Visit(at(f.server, f.brand, "/tickets/"+r.number))
		ben.ready()
		ben.sets("kind", "Bug report")
		ben.Press("Is it known?")
		ben.SeeIn("#found", "Gifts by card are counted twice")
		ben.ready()
		ben.Click(`button[title="Link it: Gifts by card are counted twice"]`)
		ben.SeeIn("#problem", "Gifts by card are counted twice")
	}

	ben.Visit(at(f.server, f.brand, problem))
	ben.See("3 customers")
	ben.ready()
	ben.Press("Answer 3 tickets")
	ben.See("Who is answered, and what comes of it")
	ben.SeeIn(".problem-whom", "Mails “What to expect” to "+reports[2].from)
	ben.shows("known-01-before")
	ben.ready()
	ben.Click(".problem-send .button-primary")
	ben.See("answered 3 tickets at once")
	ben.shows("known-02-answered")
	f.server.Hark(t, "", "clock", "advance", "1m")

	reader := Open(t)
	for n, r := range reports {
		reader.Visit(r.link)
		reader.SeeIn(".problem", "Gifts by card are counted twice")
		reader.SeeIn(".problem", "2 other customers have this too.")
		reader.SeeIn(".problem", "Choose “Without card” above the dashboard")
		reader.SeeIn(".problem", "Weeks.")
		reader.SeeIn(".problem", "We name no dates, because the service changes too quickly to keep them.")
		if days := reader.Source(".problem time"); days != "" {
			t.Errorf("%s reads of a day that nobody may name: %s", r.from, days)
		}
		if n == 0 {
			reader.shows("known-03-customer")
		}
		Eventually(t, 10*time.Second, r.from+" is told what to expect", func() bool {
			return strings.Count(f.mailed(r.from), "About the bug you reported") == 1
		})
	}

	f.server.Hark(t, "", "clock", "advance", "100h") // the policy closes what is solved after three days
	ben.Visit(first)
	ben.SeeIn(".ticket-side", "Closed")
	ben.Visit(at(f.server, f.brand, problem))
	ben.ready()
	ben.SeeIn(".problem-fix", "to everybody who reported it, once: 3 customers. Closed tickets stay closed.")
	ben.Press("It works in production")
	ben.shows("known-04-confirms")
	ben.Press("Confirm the fix")
	ben.See("saw it work in production on")
	f.server.Hark(t, "", "clock", "advance", "1m") // until then Ben could take it back
	for _, r := range reports {
		Eventually(t, 10*time.Second, r.from+" hears of the fix", func() bool {
			return strings.Contains(f.mailed(r.from), "Fixed: Gifts by card are counted twice")
		})
	}

	ben.Press("Tell of it in What’s new")
	ben.See("Known problems whose fix it tells of")
	ben.Type("textarea[name=body]", "The dashboard counts each gift **once**, however it was paid.")
	ben.Press("Save, and look who hears of it")
	ben.See("Who hears of it")
	ben.shows("known-05-tells")
	ben.Press("Publish")
	ben.See("published it")
	f.server.Hark(t, "", "clock", "advance", "24h")

	reader.Visit(at(f.server, f.brand, "/whats-new"))
	reader.SeeIn(".news-entry", "Gifts by card are counted twice")
	reader.SeeIn(".news-entry", "The dashboard counts each gift once")
	reader.shows("known-06-whats-new")
	for n, r := range reports {
		reader.Visit(r.link)
		reader.SeeIn(".problem", "This is fixed")
		if n == 0 {
			reader.shows("known-07-fixed")
			reader.Press("Where it is announced")
			reader.See("The dashboard counts each gift once")
		}
		if n := strings.Count(f.mailed(r.from), "Fixed: "); n != 1 {
			t.Errorf("%s was mailed %d times that it is fixed, want once:\n%s", r.from, n, f.mailed(r.from))
		}
	}
	ben.Visit(first)
	ben.SeeIn(".ticket-side", "Closed")
}

// Nadia asks the others, Sigríður answers, and Nadia says that it helped. Ana begins an article with it and makes a ticket of what is
// nobody else's business; what does not belong there she takes off, and its author reads why.
func TestNorthboundsCustomersHelpEachOther(t *testing.T) {
	f := &followed{t: t, server: Start(t, "demo"), brand: "northbound"}
	nadia := f.customer("nadia@harbourlights.example")
	nadia.Visit(at(f.server, f.brand, "/community"))
	nadia.shows("community-01-threads")
	nadia.Press("Ask a question")
	nadia.Type("input[name=title]", "Does a quote keep its number when it becomes an order?")
	nadia.Type("textarea[name=body]", "Our customers write the number of the **quote** on their payment.")
	nadia.shows("community-02-asks")
	nadia.Press("Put it to the others")
	nadia.See("No answer yet")
	thread := nadia.Path()

	sigga := f.customer("sigga@hafnarskoli.example")
	sigga.Visit(at(f.server, f.brand, thread))
	sigga.Type("#answer-body", "It does not, but the order shows both: switch on *Number of the quote* under Papers.")
	sigga.Press("Answer")
	sigga.See("the order shows both")
	sigga.Visit(at(f.server, f.brand, thread))
	sigga.Type("#answer-body", "My own licence key is 7781-QX, if somebody would like to try it.")
	sigga.Press("Answer")
	sigga.See("7781-QX")

	nadia.Visit(at(f.server, f.brand, thread))
	nadia.Click(`button[title="Say that the answer of Sigríður helped"]`)
	nadia.SeeIn("#helped", "The answer that helped")
	nadia.SeeIn(".post-helped", "the order shows both")
	nadia.shows("community-03-helped")

	ana := f.colleague("ana@larkandfield.example")
	ana.Visit(at(f.server, f.brand, thread))
	ana.See("Begin an article with it")
	ana.shows("community-04-for-us")
	ana.eval(`[...document.querySelectorAll("article.post")].find(p => p.innerText.includes("7781-QX")).querySelector("details:last-of-type summary").click()`)
	key := `article.post:has(form[action$="/moderate"] input[name=reason]):not(.post-helped):not(.post-first) `
	ana.Type(key+"input[name=reason]", "A licence key is nobody else’s business.")
	ana.Press("Take it off")
	ana.See("We have taken this off.")
	ana.shows("community-05-taken-off")
	stranger := Open(t)
	stranger.Visit(at(f.server, f.brand, thread))
	stranger.SeeIn(".post-helped", "the order shows both")
	if says := stranger.Text("main"); strings.Contains(says, "7781-QX") {
		t.Errorf("a stranger still reads what was taken off: %s", says)
	}
	sigga.Visit(at(f.server, f.brand, thread))
	sigga.See("A licence key is nobody else’s business.")

	ana.Visit(at(f.server, f.brand, thread))
	ana.Press("Begin an article with it")
	ana.See("Where it stands, and for whom")
	ana.SeeIn(".article-preview", "the order shows both")
	ana.shows("community-06-article")
	ana.Visit(at(f.server, f.brand, thread))
	ana.eval(`document.querySelector('.post-first form[action$="/turn"] button').click()`)
	ana.See("Conversation")
	ana.See("What was written in the community")
	ana.shows("community-07-ticket")
	nadia.Visit(at(f.server, f.brand, thread))
	nadia.See("We answer this to you alone")
}

// Idris has a fault that is the payment gateway's. Ben decides that this is supported in part, under the clause that says so; what it makes
// ready stands above the composer until he sends it, and Idris reads no word of it before.
func TestScopeIsDecidedInPartAndRead(t *testing.T) {
	f := &followed{t: t, server: Start(t, "demo"), brand: "picnet"}
	const idris = "idris@southbankcoop.example"
	sendMailTo(t, f.server, picnet, idris, "Cards are refused at checkout", "Hello,\n\nsince the weekend every third card is refused.\n\nIdris")
	ben := f.colleague("ben@larkandfield.example")
	number := f.arrived("Cards are refused at checkout")
	reader := Open(t)
	reader.Size(390, 844)
	link := f.link(number)
	ben.Visit(at(f.server, f.brand, "/tickets/"+number))
	ben.ready()
	ben.Click("button[popovertarget=set-scope]")
	ben.shows("scope-01-clauses")
	ben.ready()
	ben.picks("scope", "Where another system is the cause")
	ben.See("We support this in part")
	ben.See("Done, and nobody is mailed")
	ben.SeeIn(".scope-answer", "“Another system is the cause” is prepared")
	ben.shows("scope-02-prepared")
	reader.Visit(link)
	if says := reader.Text("main"); strings.Contains(says, "in part") || strings.Contains(says, "another system") {
		t.Errorf("Idris reads of a decision before anybody has written to him: %s", says)
	}
	ben.Type("#scope-fact-ticket-other-system", "Your payment gateway")
	ben.Type("#scope-words", "It answers 402 to every third card, at the same second as your log.")
	ben.shows("scope-03-seen")
	ben.Press("Send it")
	ben.See("Sending to Idris Cole")
	ben.SeeIn(".talk", "It looks as if Your payment gateway is the cause")
	f.server.Hark(t, "", "clock", "advance", "1m")
	(&bookingWeek{t: t, server: f.server}).mailed(idris, "It answers 402 to every third card")
	reader.Visit(link)
	reader.SeeIn(".portal-talk", "It answers 402 to every third card")
	reader.See("We support this in part")
	reader.See("We tell you what we saw, so that you can take it to them.")
	reader.shows("scope-04-read")
}

// Hanne's case is reviewed beside what she wrote, with keys; it goes to level two, who finds what the review found and answers.
func TestS1_14_ACaseIsReviewedByKeysAndAnsweredByTheSecondLine(t *testing.T) {
	f := &followed{t: t, server: Start(t, "demo"), brand: "ablecommerce"}
	ben := f.colleague("ben@larkandfield.example")
	number := story(t, f.server, "The discount is taken off twice")
	ben.Visit(at(f.server, f.brand, "/tickets/"+number))
	ben.ready()
	ben.key("v", `location.pathname.endsWith("/review")`)
	ben.SeeIn(".review-case", "a coupon of ten per cent takes twenty off")
	ben.See("Is it a bug report?")
	ben.shows("review-01-asks")
	ben.ready()
	ben.key("1", `document.body.innerText.includes("Reviewed by Ben Okafor")`)
	ben.shows("review-02-done")

	cem := f.colleague("cem@larkandfield.example")
	cem.Visit(at(f.server, f.brand, "/tickets/"+number))
	cem.SeeIn("#review", "Bug report")
	cem.SeeIn(".ticket-side", "Level two")
	cem.shows("review-03-level-two")
	answer(cem, "Hello Hanne, the coupon was applied to each kind of yarn. 7.0.3, which is ready today, applies it once.", "Send as")
	cem.See("Sending to")
	f.server.Hark(t, "", "clock", "advance", "1m")
	Eventually(t, 10*time.Second, "Hanne has the answer in her mail", func() bool {
		return strings.Contains(f.mailed("hanne@fjordgarn.example"), "Re: The discount is taken off twice")
	})
	hanne := f.customer("hanne@fjordgarn.example")
	hanne.Press("The discount is taken off twice")
	hanne.SeeIn(".portal-talk", "applies it once")
	hanne.shows("review-04-answered")
}
