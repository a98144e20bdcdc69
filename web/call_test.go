package web_test

import (
	"fmt"
	"net/url"
	"regexp"
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

// phoneDesk is the office after it has begun to sell calls. Dana and Omar pay for them; Ben has Dana's ticket, and Omar's. It is
// Friday 20 November, ten in the morning in New York.
type phoneDesk struct {
	*office
	dana, omar   account.Person
	danas, omars int64
}

func phones(t *testing.T, story func(t *testing.T, o phoneDesk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := phoneDesk{}
		o.office = opened(t, db, func(before *office) {
			source, _ := policy.Example("soapbox-phone-support")
			_, err := before.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "phones.yaml", Source: source, Reason: "we sell calls now"})
			before.must(err)
			o.danas, o.dana = before.wantsCall("Dana Reyes <dana@client.example>")
			o.omars, o.omar = before.wantsCall("Omar Haddad <omar@other.example>")
		})
		story(t, o)
	})
}

func (o *office) wantsCall(from string) (int64, account.Person) {
	o.t.Helper()
	id := o.asks(from, "The importer", o.support.ID)
	who := o.customer(regexp.MustCompile(`[^ <>]+@[^ <>]+`).FindString(from))
	storetest.Write(o.t, o.db, func(tx *store.Tx) error {
		p, err := tx.Person(who.ID)
		p.Facts = map[string]any{"subscription.phone_support": true, "customer.stage": "active"}
		if err != nil {
			return err
		}
		return tx.SavePerson(&p)
	})
	kind := "call"
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Kind: &kind, Assignee: &o.ben.ID})
	o.must(err)
	return id, who
}

// Dana comes by her link, without script: she finds a day on her own clock, takes a time, gives a number, books, saves the file, moves,
// and calls off. Each step says what holds now.
func TestS0_03_ACustomerBooksBehindALink(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		dana, page := o.stranger(), o.link(o.danas, o.dana)
		dana.get(page).reads(t, "Choose a time")
		picker := dana.get(page + "/call?zone=America/Chicago&day=2026-11-25")
		picker.reads(t, "Wednesday 25 November", "07:00", "08:00 EST", "30 minutes", "Ben calls you")
		if n := strings.Count(picker.body, `name="start"`); n != 35 {
			t.Errorf("%d times are on offer, want 35", n)
		}
		if !strings.Contains(picker.body, "Thursday 26 November, nothing free") {
			t.Error("nothing says that nobody calls on Thanksgiving Day")
		}
		if strings.Contains(picker.body, `name="start" value="2026-11-26`) || strings.Contains(picker.body, "day=2026-11-26") {
			t.Error("a holiday is on offer")
		}
		got := dana.post(page+"/call", form("do", "hold", "start", "2026-11-25T16:00:00Z", "length", "30", "zone", "America/Chicago", "key", "k"))
		if got.status != 303 || got.header.Get("Location") != page+"/call" {
			t.Fatalf("choosing answers %d %s: %s", got.status, got.header.Get("Location"), excerpt(got.body))
		}
		dana.get(page+"/call?zone=America/Chicago").reads(t, "Book this call?", "10:00 to 10:30", "Chicago time", "11:00 EST for us", "yours until 09:05")
		if got := dana.post(page+"/call", form("do", "book", "start", "2026-11-25T16:00:00Z", "zone", "America/Chicago", "phone", " ", "key", "k")); got.status != 400 || !strings.Contains(got.body, "Tell us which number we call") {
			t.Errorf("booking without a number answers %d: %s", got.status, excerpt(got.body))
		}
		dana.post(page+"/call", form("do", "book", "start", "2026-11-25T16:00:00Z", "zone", "America/Chicago", "phone", "+1 555 0100", "key", "k"))
		dana.get(page+"/call?zone=America/Chicago").reads(t, "Your call is booked", "Wednesday 25 November 2026", "10:00 to 10:30", "+1 555 0100")
		dana.get(page).reads(t, "Your call", "Wednesday 25 November, 10:00 CST")
		file := dana.get(page + "/call.ics")
		if file.header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(file.body, "DTSTART:20261125T160000Z") {
			t.Errorf("the file is %s: %s", file.header.Get("Content-Type"), excerpt(file.body))
		}
		dana.post(page+"/call", form("do", "move", "start", "2026-11-27T16:00:00Z", "zone", "America/Chicago", "key", "k2"))
		dana.get(page+"/call").reads(t, "Friday 27 November 2026", "10:00 to 10:30", "Chicago time")
		dana.get(page+"/call?move=yes").reads(t, "Choose another time", "Booked: Friday 27 November 2026, 10:00 to 10:30 Chicago time (11:00 EST for us), with Ben.")
		dana.get(page+"/call?move=yes&zone=Europe/Berlin").reads(t, "Booked: Friday 27 November 2026, 17:00 to 17:30 Berlin time (11:00 EST for us), with Ben.")
		dana.post(page+"/call", form("do", "cancel", "key", "k3"))
		dana.get(page+"/call").reads(t, "Choose a time for a call")
	})
}

// Her page is still open when the call begins. It offers nothing then that would undo it, and the old button is answered with what to do.
func TestTheCustomersPageDoesNotCallOffWhatHasBegun(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		dana, page := o.stranger(), o.link(o.danas, o.dana)+"/call"
		dana.post(page, form("do", "book", "start", "2026-11-25T16:00:00Z", "zone", "America/Chicago", "phone", "+1 555 0100", "key", "k"))
		dana.get(page).reads(t, "Call it off")
		o.clock.MoveTo(ctx, time.Date(2026, 11, 25, 16, 10, 0, 0, time.UTC))
		if strings.Contains(dana.get(page).body, "Call it off") {
			t.Error("the page calls off what has begun")
		}
		if got := dana.post(page, form("do", "cancel", "key", "k2")); !strings.Contains(got.body, "This call has begun; if nobody has called you, answer in your request") {
			t.Errorf("the old page is answered %d: %s", got.status, excerpt(got.body))
		}
		dana.get(page).reads(t, "Your call is booked")
	})
}

// Omar presses Book on a time that Dana has taken while he thought. He reads that nothing is booked, and the three nearest times are one
// press away.
func TestS0_10_ATimeThatWasTakenIsAnsweredWithTheNearest(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		at := "2026-11-25T19:00:00Z"
		o.stranger().post(o.link(o.danas, o.dana)+"/call", form("do", "book", "start", at, "phone", "+1 555 0100", "key", "k"))
		omar, page := o.stranger(), o.link(o.omars, o.omar)+"/call"
		got := omar.post(page, form("do", "book", "start", at, "phone", "+1 555 0199", "key", "k"))
		if got.status != 409 {
			t.Fatalf("the second booking answers %d: %s", got.status, excerpt(got.body))
		}
		got.reads(t, "This time was just taken", "Nothing is booked", "Wed 25 Nov, 13:00", "Wed 25 Nov, 13:15", "Wed 25 Nov, 14:45")
		omar.post(page, form("do", "hold", "start", "2026-11-25T19:45:00Z", "key", "k"))
		omar.get(page).reads(t, "Book this call?", "14:45 to 15:15")
	})
}

// None of the times suit Dana; what she offers stands in the request, and with the agents. One press books it.
func TestACustomerOffersTimesOnThePage(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		dana, page := o.stranger(), o.link(o.danas, o.dana)+"/call"
		if got := dana.post(page, form("do", "offer", "zone", "America/Chicago", "offer1", "", "offer2", "2020-01-01T10:00", "key", "k")); got.status != 400 {
			t.Errorf("offering nothing answers %d", got.status)
		}
		dana.post(page, form("do", "offer", "zone", "America/Chicago", "offer1", "2026-11-25T10:00", "offer2", "2026-11-27T11:30", "phone", "+1 555 0100", "words", "Either.", "key", "k"))
		dana.get(page).reads(t, "You have offered these", "Wednesday 25 November, 10:00")
		ben := o.as(o.ben)
		ben.get("/calls").reads(t, "Wait for a time", "Dana Reyes", "Wed 25 Nov, 11:00", "10:00 CST")
		ben.get("/tickets/"+fmt.Sprint(o.danas)).reads(t, "The customer has offered times: Wed 25 Nov 11:00, Fri 27 Nov 12:30.")
		ben.post("/tickets/"+fmt.Sprint(o.danas)+"/call", form("do", "book", "start", "2026-11-25T16:00:00Z", "key", "k"))
		list := ben.get("/calls")
		list.reads(t, "Wednesday 25 November", "11:00 to 11:30", "10:00 CST for them", "+1 555 0100", "No answer yet")
		if !strings.Contains(list.body, `href="tel:&#43;15550100"`) && !strings.Contains(list.body, `href="tel:+15550100"`) {
			t.Error("the number does not call")
		}
		if strings.Contains(list.body, "Fri 27 Nov, 12:30") {
			t.Error("a request that has its call still waits for a time")
		}
	})
}

// The form for a new request asks for times where it is about a call; they stand in the request and before the agents.
func TestS0_01_ARequestForACallOffersTimes(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		dana := o.as(o.dana)
		dana.get("/requests/new").reads(t, "A time that suits you", "On the clock of New York.", "The number we call")
		request := form("kind", "call", "subject", "The second importer", "body", "It stops, too.", "key", "k")
		for fact, value := range map[string]string{"call.time1": "2026-11-25T10:00", "call.time2": "2026-11-20T09:00", "call.time3": "2026-11-27T11:30", "call.number": "+1 555 0100"} {
			request.Add("fact", "call/"+fact)
			request.Add("value", value)
		}
		got := dana.post("/requests/new", request)
		if got.status != 303 {
			t.Fatalf("the form answers %d: %s", got.status, excerpt(got.body))
		}
		dana.get(strings.TrimSuffix(got.header.Get("Location"), "?arrived=yes")).reads(t, "It stops, too.", "I could talk at one of these times:", "Wednesday 25 November 2026, 10:00 EST", "Friday 27 November 2026, 11:30 EST", "My number: +1 555 0100")
		list := o.as(o.ana).get("/calls")
		list.reads(t, "Wait for a time", "The second importer", "Wed 25 Nov, 10:00", "Offered 2")
		if strings.Contains(list.body, "Fri 20 Nov, 09:00") {
			t.Error("a time that has passed is offered")
		}
		says := func(key, times, phone string) url.Values {
			request.Set("key", key)
			for i, fact := range request["fact"] {
				request["value"][i] = times
				if fact == "call/call.number" {
					request["value"][i] = phone
				}
			}
			return request
		}
		if unread := dana.post("/requests/new", says("k3", "tomorrow at three", "+1 555 0100")); unread.status != 422 || !unread.says(`value="tomorrow at three"`, "We cannot read “tomorrow at three” as a time", "It stops, too.", "+1 555 0100") {
			t.Errorf("a time that cannot be read answers %d: %s", unread.status, excerpt(unread.body))
		}
		if got := dana.post("/requests/"+fmt.Sprint(o.danas)+"/call", form("do", "offer", "offer1", "tomorrow at three", "offer2", "2026-11-25T15:00", "phone", "+1 555 0199", "words", "Not on the train.", "zone", "America/New_York", "key", "k4")); got.status != 400 || !got.says("We cannot read “tomorrow at three” as a time", `value="tomorrow at three"`, `value="2026-11-25T15:00"`, `value="+1 555 0199"`, "Not on the train.", `class="part offer" open`) {
			t.Errorf("the page of a call answers %d: %s", got.status, excerpt(got.body))
		}
		if got := dana.post("/requests/new", says("k5", "<script>", "<script>")); got.status != 422 || strings.Contains(got.body, "“<script>") {
			t.Errorf("a strange time answers %d: %s", got.status, excerpt(got.body))
		}
		if got := dana.post("/requests/new", says("k2", "", "<script>")); got.status != 400 || !strings.Contains(got.body, "phone number has digits") {
			t.Errorf("a strange number answers %d: %s", got.status, excerpt(got.body))
		}
	})
}

// The time has come. Ben says too early that nobody answers and reads why not; then he ends the call, and owes what was said before the
// ticket can be solved.
func TestS0_15_AnAgentEndsACallAndWritesItUp(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben, id := o.as(o.ben), fmt.Sprint(o.danas)
		ben.post("/tickets/"+id+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "phone", "+1 555 0100", "key", "k"))
		o.clock.Pass(4*24*time.Hour + 65*time.Minute) // five past eleven
		ben = o.as(o.ben)
		ben.get("/tickets/"+id+"/call").reads(t, "How did it go?", "Nobody answered", "From 10 minutes after the start on", "Minutes")
		if got := ben.post("/tickets/"+id+"/call", form("do", "end", "outcome", "no-answer", "key", "k")); got.status != 422 || !strings.Contains(got.body, "waits for the customer") {
			t.Errorf("giving up after five minutes answers %d: %s", got.status, excerpt(got.body))
		}
		o.clock.Pass(19 * time.Minute)
		ben.post("/tickets/"+id+"/call", form("do", "end", "outcome", "", "result", "", "minutes", "24", "key", "k2"))
		ben.get("/tickets/"+id).reads(t, "A call has ended and is not written up.")
		ben.post("/tickets/"+id+"/status", form("status", "solved"))
		if p, err := o.desk.TicketPage(ctx, o.ben.Actor(), o.danas); err != nil || p.Ticket.State != "open" {
			t.Errorf("without a result the ticket is %s, %v", p.Ticket.State, err)
		}
		ben.get("/tickets/"+id+"/call").reads(t, "Write the call up")
		ben.post("/tickets/"+id+"/call", form("do", "write", "outcome", "solved", "result", "The importer is set up.", "key", "k3"))
		o.stranger().get(o.link(o.danas, o.dana)).reads(t, "Call on Tuesday 24 November 2026", "24 minutes: Ben and Dana Reyes.", "The importer is set up.")
	})
}

// Ben cannot have the call. On the page that moves it he chooses Ana, finds the time it has among hers, and gives it to her.
func TestAnAgentGivesACallToSomebodyElse(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben, at := o.as(o.ben), "/tickets/"+fmt.Sprint(o.danas)+"/call"
		ben.post(at, form("do", "book", "start", "2026-11-24T16:00:00Z", "phone", "+1 555 0100", "key", "k"))
		ana, start := fmt.Sprint(o.ana.ID), `value="2026-11-24T16:00:00Z"`
		ben.get(at+"?move=yes").reads(t, "Booked: Tuesday 24 November 2026, 11:00 to 11:30 New York time, with Ben.")
		own := ben.get(at + "?move=yes&day=2026-11-24")
		own.reads(t, "Who calls", "Ana Ruiz")
		if strings.Contains(own.body, start) {
			t.Error("the call can be moved to where it is")
		}
		hers := ben.get(at + "?move=yes&day=2026-11-24&host=" + ana)
		if !strings.Contains(hers.body, start) || !strings.Contains(hers.body, `name="host" value="`+ana+`"`) {
			t.Errorf("the page with the times of Ana has no way to give her the call: %s", excerpt(hers.body))
		}
		ben.post(at, form("do", "move", "start", "2026-11-24T16:00:00Z", "host", ana, "key", "k2"))
		ben.get(at).reads(t, "Tuesday 24 November 2026", "Ana")
		ben.get(at+"?move=yes").reads(t, "Booked: Tuesday 24 November 2026, 11:00 to 11:30 New York time, with Ana.")
		page, err := o.desk.CallPage(ctx, o.ben.Actor(), o.danas, desk.CallQuestion{})
		if o.must(err); page.Booked.Host != o.ana.ID {
			t.Errorf("the call is %+v", page.Booked)
		}
	})
}

// What Dana reads before she calls the call off is what Ben is then asked to do.
func TestBothReadWhatFollowsWhenACallIsCalledOff(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		at := "/tickets/" + fmt.Sprint(o.danas)
		o.as(o.ben).post(at+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "phone", "+1 555 0100", "key", "k"))
		page := o.link(o.danas, o.dana) + "/call"
		o.stranger().get(page).reads(t, "we look for a new time")
		o.stranger().post(page, form("do", "cancel", "key", "k2"))
		o.as(o.ben).get(at).reads(t, "Find a new time")
	})
}

// Whoever does not pay for calls is told so, and finds no times.
func TestS0_11_NoTimesWithoutTheAddOn(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		id := o.asks("Lena Brandt <lena@elsewhere.example>", "A call?", o.support.ID)
		lena := o.customer("lena@elsewhere.example")
		page := o.stranger().get(o.link(id, lena) + "/call")
		page.reads(t, "Calls are part of Phone support, which is not on your account.")
		if strings.Contains(page.body, `name="start"`) || strings.Contains(o.stranger().get(o.link(id, lena)).body, "Choose a time") {
			t.Error("times are on offer all the same")
		}
		ben := o.as(o.ben)
		ben.get("/tickets/"+fmt.Sprint(id)+"/call").reads(t, "which this customer does not have", "it is recorded")
		ben.post("/tickets/"+fmt.Sprint(id)+"/call", form("do", "book", "exception", "yes", "at", "2026-11-20T11:07", "key", "k"))
		ben.get("/tickets/"+fmt.Sprint(id)).reads(t, "Fri 20 Nov 2026, 11:07 EST")
	})
}

var feedAddress = regexp.MustCompile(`<code>https://agency\.example(/calls/feed/[^<]+)</code>`)

// Ben subscribes to his calls. The address is shown once, needs no sign-in, and ends with the next one.
func TestAnAgentsCalendarHasASecretAddress(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben := o.as(o.ben)
		ben.post("/tickets/"+fmt.Sprint(o.danas)+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "key", "k"))
		found := feedAddress.FindStringSubmatch(ben.post("/calls/feed", form("do", "new")).body)
		if found == nil {
			t.Fatal("no address is shown")
		}
		path, _ := url.PathUnescape(found[1])
		got := o.stranger().get(path)
		if got.status != 200 || !strings.Contains(got.body, "DTSTART:20261124T160000Z") || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("the calendar answers %d: %s", got.status, excerpt(got.body))
		}
		if strings.Contains(ben.get("/calls").body, path) {
			t.Error("the address is shown a second time")
		}
		ben.post("/calls/feed", form("do", "end"))
		if got := o.stranger().get(path); got.status != 404 {
			t.Errorf("the ended address answers %d", got.status)
		}
	})
}

// Fields of the agents' form do nothing in a customer's: nobody gives themselves an exception or chooses who calls.
func TestB8_ACustomersFormHasNoFieldsOfAgents(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		page := o.link(o.danas, o.dana) + "/call"
		for _, field := range []string{"exception", "host", "at", "outcome", "result"} {
			got := o.stranger().post(page, form("do", "book", "start", "2026-11-24T16:00:00Z", "phone", "+1 555 0100", "key", "k", field, "1"))
			if got.status < 400 || got.status >= 500 {
				t.Errorf("a form with %s answers %d", field, got.status)
			}
		}
		calls, err := o.desk.CallsPage(ctx, o.ana.Actor(), false)
		o.must(err)
		if len(calls.Calls) != 0 {
			t.Errorf("%d calls are booked", len(calls.Calls))
		}
	})
}

// Ben is led from the refusal to the call. Hours after it, the form proposes the planned length.
func TestABookedCallIsEndedBeforeItsTicketIsSolved(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben, id := o.as(o.ben), fmt.Sprint(o.danas)
		ben.post("/tickets/"+id+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "length", "30", "phone", "+1 555 0100", "key", "k"))
		got := ben.post("/tickets/"+id+"/status", form("status", "solved"))
		got.reads(t, "A call is booked for Tue 24 Nov 11:00.", "Go to the call")
		if !strings.Contains(got.body, `href="/tickets/`+id+`/call"`) || got.status != 422 {
			t.Errorf("the refusal answers %d and leads nowhere: %s", got.status, excerpt(got.body))
		}
		o.clock.Pass(4*24*time.Hour + 6*time.Hour)
		ben = o.as(o.ben)
		if body := ben.get("/tickets/" + id + "/call").body; !regexp.MustCompile(`value="30"[^>]*name="minutes"`).MatchString(body) {
			t.Errorf("five hours after a call of half an hour, its form proposes %s", regexp.MustCompile(`<input[^>]*name="minutes"[^>]*>`).FindString(body))
		}
		o.clock.Pass(2 * 24 * time.Hour)
		o.as(o.ben).get("/calls").reads(t, "Dana Reyes", "Not ended yet")
	})
}

// Nobody is said to want a call who has not asked for one; who has, is. A time that is called off again leaves a task, which the policy
// asks for and not Ben, whose call it was.
func TestWhoWantsACallAndWhoAsksForATask(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben, danas := o.as(o.ben), "/tickets/"+fmt.Sprint(o.danas)
		plain := ben.get("/tickets/" + fmt.Sprint(o.asks("Dana Reyes <dana@client.example>", "A plain question", o.support.ID)))
		plain.reads(t, "None is booked.")
		plain.never(t, "would like a call")
		ben.get(danas).reads(t, "The customer would like a call and has offered no times.")
		ben.post(danas+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "length", "30", "phone", "+1 555 0100", "key", "k"))
		ben.post(danas+"/call", form("do", "cancel", "key", "k"))
		off := ben.get(danas)
		off.reads(t, "The policy asked for: Find a new time")
		off.never(t, "Ben Okafor asked for")
	})
}

// Whoever may not write to customers gets from the list to the ticket.
func TestTheListOfCallsLeadsWhereItsReaderMayGo(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		o.as(o.ben).post("/tickets/"+fmt.Sprint(o.danas)+"/call", form("do", "book", "start", "2026-11-24T16:00:00Z", "phone", "+1 555 0100", "key", "k"))
		storetest.Write(t, o.db, func(tx *store.Tx) error {
			ben, err := tx.Person(o.ben.ID)
			ben.Role = access.LevelOne
			if err != nil {
				return err
			}
			return tx.SavePerson(&ben)
		})
		ben := o.as(o.ben)
		for _, id := range []int64{o.danas, o.omars} { // one with a call, one that waits for it
			path := fmt.Sprintf("/tickets/%d", id)
			if body := ben.get("/calls").body; strings.Contains(body, `href="`+path+`/call"`) || !strings.Contains(body, `href="`+path+`"`) {
				t.Errorf("the list does not lead to %s: %s", path, excerpt(body))
			}
			ben.get(path).reads(t, "The importer")
		}
	})
}
