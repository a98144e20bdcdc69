package web_test

import (
	"database/sql"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
)

// solved is an office under the policy of seed 000, in which Ben has just solved what Maria asked.
type solved struct {
	*office
	id    int64
	maria account.Person
}

func (o *office) solves() *solved {
	o.t.Helper()
	source, _ := policy.Example("soapbox-phone-support")
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "customers rate the help"})
	o.must(err)
	s := &solved{office: o, id: o.asks("Maria Lopez <maria@greenfund.example>", "Where is the receipt?", o.support.ID)}
	s.maria = o.customer("maria@greenfund.example")
	_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: s.id, Assignee: &o.ben.ID})
	o.must(err)
	_, err = o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: s.id, Text: "Under Settings.", Status: "solved"})
	o.must(err)
	return s
}

func eachRated(t *testing.T, story func(t *testing.T, o *solved)) {
	t.Helper()
	eachRaw(t, func(t *testing.T, o *office, _ *sql.DB) { story(t, o.solves()) })
}

// page is the address of the question behind Maria's link.
func (o *solved) page() string { return o.link(o.id, o.maria) + "/rating" }

// The mail's link leads to one step: the answer is chosen already, a sentence may be added, and the button says thank you.
func TestS0_14_ARatingIsOneStep(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		maria := o.stranger()
		asked := maria.get(o.page() + "?score=bad")
		asked.reads(t, "How did we do?", "Where is the receipt?", "A sentence is plenty.")
		if !strings.Contains(asked.body, `value="bad" id="score-1" checked`) || strings.Contains(asked.body, `value="good" id="score-0" checked`) {
			t.Error("the answer that the link names is not chosen")
		}
		if got := maria.post(o.page(), form("score", "good", "words", "Quick and kind.")); got.status != http.StatusSeeOther || got.header.Get("Location") != o.page() {
			t.Fatalf("sending answered %d to %q", got.status, got.header.Get("Location"))
		}
		maria.get(o.page()).reads(t, "Thank you", "You said: Good", "It is solved, and we are dancing.", "Quick and kind.", "Change it", "Until Sat 28 Nov")
		if other := maria.get(o.page() + "?score=bad"); !strings.Contains(other.body, `value="bad" id="score-1" checked`) || !strings.Contains(other.body, `rating-change" open`) {
			t.Error("the mail's other link does not offer to change it")
		}
		if long := maria.post(o.page(), form("score", "good", "words", strings.Repeat("x", 2001))); !strings.Contains(long.body, `href="#words"`) {
			t.Error("the summary does not lead to the sentence that is too long")
		}
		maria.get(o.link(o.id, o.maria)).reads(t, "How did we do?", "You said: Good")
		o.as(o.ben).get("/tickets/"+number(o.id)).reads(t, "How it went for the customer", "Good", "Quick and kind.", "rated our help: Good")
		o.as(o.ben).get("/feedback").reads(t, "Complaints and compliments", "Compliment", "Maria Lopez", "Quick and kind.")
		o.as(o.maria).get("/requests/"+number(o.id)+"/rating").reads(t, "Thank you", "You said: Good")
		o.clock.Pass(8 * 24 * time.Hour)
		late := maria.get(o.page())
		late.reads(t, "It stays as it is now.")
		if strings.Contains(late.body, "<form class=\"form part\"") {
			t.Error("it is offered to be changed")
		}
		refused := maria.post(o.page(), form("score", "bad", "words", "No."))
		if refused.status != http.StatusUnprocessableEntity {
			t.Errorf("a late change answered %d", refused.status)
		}
		refused.reads(t, "It stays as it is now.", "What you wrote, to copy", "No.")
	})
}

func TestARatingWithoutAnAnswerKeepsTheWords(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		got := o.stranger().post(o.page(), form("words", "I am not sure."))
		if got.status != http.StatusBadRequest {
			t.Errorf("answered %d", got.status)
		}
		got.reads(t, "Please choose one of the answers", "I am not sure.", "How did we do?")
	})
}

// I5: mail scanners follow every link of the mail, as often as they like, and nobody has rated anything.
func TestI5_TheLinksOfARatingMailSayNothing(t *testing.T) {
	eachRaw(t, func(t *testing.T, o *office, raw *sql.DB) {
		s := o.solves()
		links := []string{s.page()}
		for _, source := range o.mails() {
			for _, found := range ourLink.FindAllStringSubmatch(string(unfolded(source)), -1) {
				if strings.Contains(found[1], "/rating") {
					links = append(links, found[1])
				}
			}
		}
		if len(links) < 3 {
			t.Fatalf("the mail holds only %v", links)
		}
		before := rows(t, raw)
		var together sync.WaitGroup
		for range 5 {
			for _, link := range links {
				for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST"} {
					together.Go(func() { o.stranger().do(method, link, nil, nil) })
				}
			}
			together.Wait()
		}
		for table, hash := range rows(t, raw) {
			if before[table] != hash {
				t.Errorf("a scanner changed %s", table)
			}
		}
		if got := o.stranger().get(links[len(links)-1]); got.status != http.StatusOK {
			t.Errorf("the link answered %d", got.status)
		}
	})
}

// A link that was altered and one of somebody else's answer alike; one that has ended offers a new one to the address on file. A good one,
// of a ticket about which nobody was asked, leads to the ticket.
func TestARatingLinkThatDoesNotWork(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		token := strings.TrimPrefix(o.link(o.id, o.maria), "/t/")
		other := o.asks("Tomas Becker <tomas@becker.example>", "Invoice", o.billing.ID)
		tomas := o.customer("tomas@becker.example")
		var bodies []string
		for _, path := range []string{"/t/" + token[:len(token)-2] + "AA/rating", o.link(o.id, tomas) + "/rating", "/t/" + nobodysToken + "/rating"} {
			got := o.stranger().get(path)
			if got.status != http.StatusNotFound {
				t.Errorf("%s answered %d", path, got.status)
			}
			bodies = append(bodies, nonceless(strings.ReplaceAll(got.body, path, "")))
		}
		for _, body := range bodies[1:] {
			if body != bodies[0] {
				t.Error("the links are told apart")
			}
		}
		unasked := o.link(other, tomas)
		leads(t, o.stranger().get(unasked+"/rating"), unasked)
		if got := o.as(tomas).get("/requests/" + number(o.id) + "/rating"); got.status != http.StatusNotFound {
			t.Errorf("Tomas reads Maria's rating: %d", got.status)
		}
		page := o.page()
		_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(60*24*time.Hour))
		o.must(err)
		ended := o.stranger().get(page)
		if ended.status != http.StatusNotFound || nonceless(strings.ReplaceAll(ended.body, page, "")) != bodies[0] {
			t.Errorf("an ended link answers %d, and not like one that was altered", ended.status)
		}
		ended.reads(t, "This link opens nothing", "Mail me a fresh link")
	})
}

// Whoever reads them says that they have dealt with one; who may not see its ticket finds nothing to deal with.
func TestB2_AComplaintIsDealtWithByThoseWhoMaySeeIt(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		o.must(o.desk.RateTicket(ctx, access.Actor{Person: o.maria.ID, Role: access.Customer, Ticket: o.id}, desk.Rate{Ticket: o.id, Score: "bad", Words: "Nobody called back."}))
		o.as(o.cem).get("/feedback?show=all").never(t, "Nobody called back.")
		if got := o.as(o.cem).post("/feedback/1", form("do", "settle")); got.status != http.StatusNotFound {
			t.Errorf("Cem, who is in another group, deals with it: %d", got.status)
		}
		ben := o.as(o.ben)
		ben.get("/inbox").reads(t, "Queues", "Complaints and compliments 1")
		if got := ben.post("/feedback/1", form("do", "settle")); got.status != http.StatusSeeOther {
			t.Errorf("Ben deals with it: %d", got.status)
		}
		ben.get("/feedback").reads(t, "Nothing waits to be read")
		ben.get("/feedback?show=all").reads(t, "Complaint", "Nobody called back.", "Dealt with by Ben Okafor")
	})
}

// The numbers stand on the report, small ones without percentages, each with the list behind it.
func TestTheReportSaysHowItWentForCustomers(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		o.must(o.desk.RateTicket(ctx, access.Actor{Person: o.maria.ID, Role: access.Customer, Ticket: o.id}, desk.Rate{Ticket: o.id, Score: "good"}))
		ana := o.as(o.ana)
		ana.get("/reports").reads(t, "What customers said of it", "1 of 1 ratings are good", "1 of 1 who were asked have answered.", "Ben Okafor")
		list := ana.get("/reports/list?what=rating:good")
		list.reads(t, "Rated good", "Where is the receipt?")
		ana.get("/reports/list?what=rating:bad:"+number(o.ben.ID)).reads(t, "Rated bad, tickets of Ben Okafor")
		csv := ana.get("/reports/export?what=ratings").body
		if !strings.Contains(csv, "by,name,asked,answered,good,fair,bad\r\nall,Last 90 days,1,1,1,0,0") {
			t.Errorf("the table says\n%s", csv)
		}
		o.as(o.cem).get("/reports").never(t, "What customers said of it")
	})
}

// The queues of the policy open from the inbox, and a ticket that is opened from one leads back into it.
func TestS1_14_AQueueIsAList(t *testing.T) {
	eachRaw(t, func(t *testing.T, o *office, _ *sql.DB) {
		source, _ := policy.Example("ablecommerce-phone-procedures")
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "level one reviews"})
		o.must(err)
		kind := "hosting"
		down, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "The site is down", Text: "Since noon.", Kind: kind})
		o.must(err)
		_, err = o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "A licence key", Text: "Please.", Kind: "licence_key"})
		o.must(err)
		ana := o.as(o.ana)
		ana.get("/inbox").reads(t, "Queues", "Review a new case The Agency 3", "Hosting The Agency 1", "Level one The Agency 1")
		list := ana.get("/inbox?queue=1.hosting")
		list.reads(t, "Hosting", "The site is down")
		list.never(t, "A licence key")
		if !strings.Contains(list.body, "/tickets/"+number(down.Ticket.ID)+"?queue=1.hosting") {
			t.Error("the ticket does not know its queue")
		}
		if opened := ana.get("/tickets/" + number(down.Ticket.ID) + "?queue=1.hosting"); !strings.Contains(opened.body, `href="/inbox?queue=1.hosting"`) {
			t.Error("the ticket does not lead back")
		}
		ana.get("/inbox?queue=1.astronauts").reads(t, "Next for me")
	})
}
