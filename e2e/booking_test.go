package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hark/mail/mailtest"
)

const danas = "dana@brightharborarts.example"

// Dana asks for a call with three times, finds a better one behind her link, in her own zone, and moves it. Her calendar program says yes,
// proposes other times, and in the end no; Maya sees each on her screen (S0-01, S0-03, S0-04, S0-16 to S0-19).
func TestS0_01_ACallIsAskedForBookedMovedAndAnswered(t *testing.T) {
	w := startWeek(t)
	dana := w.customer("America/Chicago")
	w.signsIn(dana, danas)
	dana.Visit(w.desk("/requests/new?kind=call"))
	w.fillsIn(dana, "Donors are doubled after each import", w.on(2, "10:00"), w.on(3, "11:30"), w.on(4, "15:00"))
	dana.looks("01-request")
	dana.Click("form .form-end .button-primary")
	dana.See("We have it")
	dana.SeeIn(".step-now", "Reviewing")
	dana.SeeIn(".portal-talk", w.in("America/Chicago", 2, "10:00").Format("Monday 2 January 2006, 15:04 MST")+" ("+w.on(2, "10:00").Format("15:04 MST")+")")
	request := dana.Path()
	number := strings.TrimPrefix(request, "/requests/")
	w.mailed(danas, "We have your request ["+number+"]")

	maya := w.colleague("maya@larkandfield.example")
	maya.Visit(w.desk("/calls"))
	maya.See("Wait for a time")
	maya.SeeIn(".call-rows", "Donors are doubled after each import")
	maya.SeeIn(".call-rows", w.on(2, "10:00").Format("Mon 2 Jan, 15:04"))
	maya.looks("02-waiting")
	w.give(maya, number, "Maya Lindqvist")
	maya.SeeIn(".side-call", "The customer has offered times: "+w.on(2, "10:00").Format("Mon 2 Jan 15:04"))
	maya.Visit(w.desk("/tickets/" + number + "/why"))
	maya.See(w.on(1, "09:00").Format("Mon 2 Jan")) // one business day for an offer, which customers are not told
	if says := dana.Text("main"); strings.Contains(says, w.day(1)) {
		t.Errorf("Dana reads of %s, which nobody has promised", w.day(1))
	}

	call := w.desk(request + "/call")
	for _, c := range []struct{ length, count, last string }{{"30", "35", "16:30"}, {"60", "33", "16:00"}, {"15", "36", "16:45"}} {
		opens(dana, call)
		dana.choose("#length", c.length)
		dana.Press("Show these")
		settle(dana)
		dana.Click(`.month a[aria-label^="` + w.day(2) + `"]`)
		dana.SeeIn(".times legend", w.day(2))
		if n := dana.times(); n != c.count || !dana.offers(w.on(2, "08:00")) || !dana.offers(w.on(2, c.last)) {
			t.Errorf("%s minutes: %s times are on offer, want %s from 08:00 to %s", c.length, n, c.count, c.last)
		}
	}
	opens(dana, call+"?day="+w.monday.Plus(2).String())
	if dana.times() != "35" || !dana.offers(w.on(2, "08:00")) {
		t.Errorf("without a choice of the length %s times are on offer", dana.times())
	}
	dana.SeeIn(".times", w.on(2, "08:00").Format("15:04 MST"))
	for _, day := range []string{w.day(5), w.holiday.Format("Monday 2 January")} {
		dana.SeeIn(".month", day+", nothing free")
	}
	dana.looks("03-times")

	dana.takes(w.on(2, "11:00"))
	dana.Press("Continue")
	dana.See("Book this call?")
	dana.See("10:00 to 10:30")
	dana.See(w.on(2, "11:00").Format("15:04 MST") + " for us")
	dana.looks("04-decide")
	dana.Press("Book the call")
	dana.See("Your call is booked")
	dana.looks("05-booked")
	says, uid := w.entry(danas)
	w.same("Dana's calendar", says, "REQUEST 0 "+w.when(2, "11:00"))
	w.mailed(danas, "Maya calls you on "+w.in("America/Chicago", 2, "11:00").Format("Monday 2 January 2006, 15:04 MST")+" at +1 312 555 0142")
	mayas, _ := w.entry("maya@larkandfield.example")
	w.same("Maya's calendar", mayas, says)
	maya.Visit(w.desk("/tickets/" + number))
	maya.SeeIn(".side-call", "No answer yet")
	maya.SeeIn(".way", "Call booked")

	dana.Press("Move it")
	dana.See("Leave it where it is")
	opens(dana, call+"?move=yes&day="+w.monday.Plus(3).String())
	dana.takes(w.on(3, "14:00"))
	dana.looks("06-move")
	dana.Press("Move the call")
	dana.See(w.on(3, "14:00").Format("Monday 2 January 2006"))
	dana.See("13:00 to 13:30")
	moved, same := w.entry(danas)
	w.same("Dana's calendar", moved, "REQUEST 1 "+w.when(3, "14:00"))
	w.same("the entry in Dana's calendar", same, uid)
	maya.Visit(w.desk("/tickets/" + number))
	maya.See("The call moves from " + w.when(2, "11:00") + " to " + w.when(3, "14:00"))
	maya.Visit(w.desk("/tickets/" + number + "/call"))
	maya.SeeIn(".call-facts", w.on(2, "14:00").Format("Mon 2 Jan 2006, 15:04"))
	maya.SeeIn(".call-facts", w.on(3, "13:00").Format("Mon 2 Jan 2006, 15:04"))
	maya.looks("07-desk")

	libical, icaljs := mailtest.CalendarPrograms()[0], mailtest.CalendarPrograms()[1]
	maya.Visit(w.desk("/tickets/" + number))
	maya.See("Conversation")
	messages := dana.messages(w.desk(request))
	w.presses(icaljs, danas, mailtest.CalendarAnswer{Method: "REPLY", Status: "ACCEPTED"})
	maya.SeeIn(".side-call", "Accepted")
	if got := dana.messages(w.desk(request)); got != messages {
		t.Errorf("a calendar's yes has become a message: there are %s, were %s", got, messages)
	}

	w.presses(libical, danas, mailtest.CalendarAnswer{Method: "COUNTER", Status: "TENTATIVE", Start: w.monday.Plus(4).String() + "T14:00:00", End: w.monday.Plus(4).String() + "T14:30:00", Zone: "America/Chicago"})
	maya.SeeIn(".side-call", "The customer proposes "+w.on(4, "15:00").Format("Mon 2 Jan 2006, 15:04"))
	maya.Visit(w.desk("/tickets/" + number + "/call"))
	maya.SeeIn("#proposal", w.on(4, "15:00").Format("Mon 2 Jan 2006, 15:04"))
	maya.looks("08-proposal")
	maya.ready()
	maya.key("y", `!document.querySelector("#proposal") && document.body.innerText.includes(`+quoted(w.on(4, "15:00").Format("Monday 2 January 2006"))+`)`)
	says, _ = w.entry(danas)
	w.same("Dana's calendar", says, "REQUEST 2 "+w.when(4, "15:00"))

	w.presses(libical, danas, mailtest.CalendarAnswer{Method: "COUNTER", Status: "TENTATIVE", Start: w.monday.Plus(5).String() + "T09:00:00", End: w.monday.Plus(5).String() + "T09:30:00", Zone: "America/Chicago"})
	w.mailed(danas, "We cannot call on "+w.on(5, "09:00").Format("Monday 2 January 2006"))
	says, _ = w.entry(danas)
	w.same("Dana's calendar", says, "DECLINECOUNTER 2 "+w.when(4, "15:00"))

	maya.Visit(w.desk("/tickets/" + number))
	maya.See("Conversation")
	w.presses(icaljs, danas, mailtest.CalendarAnswer{Method: "REPLY", Status: "DECLINED", Comment: "I am on a train that day."})
	maya.See("Find a new time")
	says, _ = w.entry(danas)
	w.same("Dana's calendar", says, "CANCEL 3 "+w.when(4, "15:00"))
	maya.SeeIn("button[popovertarget=set-status]", "Open")
	maya.looks("09-called-off")
	opens(dana, call+"?day="+w.monday.Plus(4).String())
	if !dana.offers(w.on(4, "15:00")) {
		t.Error("the time of the call that was called off is not free")
	}
}

// Requests come in at the end of a week, on a Saturday, and around a holiday. Each is owed a time by the same minute of the next day on which
// somebody calls; what comes while nobody does counts from the next morning. Colleagues see it, and customers are not told (S0-02).
func TestS0_02_RequestsAroundAWeekendAndAHoliday(t *testing.T) {
	w := startWeek(t)
	dana, maya := w.customer("America/Chicago"), w.colleague("maya@larkandfield.example")
	w.signsIn(dana, danas)
	eve := w.holidayIn() - 1
	for !w.calls(eve) {
		eve--
	}
	type request struct {
		day         int
		clock       string
		due         int
		by, subject string
	}
	asked := []request{
		{4, "16:30", w.next(4), "16:30", "A gala in spring"},
		{5, "09:00", w.next(w.next(5)), "08:00", "Two forms on one page"},
		{eve, "15:00", w.next(eve), "15:00", "Receipts in French"},
		{eve, "17:00", w.next(w.next(eve)), "08:00", "A form for volunteers"}, // the minute they close
	}
	slices.SortStableFunc(asked, func(a, b request) int { return w.on(a.day, a.clock).Compare(w.on(b.day, b.clock)) })
	for _, one := range asked {
		w.passes(one.day, one.clock)
		dana.Visit(w.desk("/requests/new?kind=call"))
		w.fillsIn(dana, one.subject, w.on(one.due+1, "10:00"), w.on(one.due+1, "11:30"), w.on(one.due+1, "15:00"))
		dana.Click("form .form-end .button-primary")
		dana.See("We have it")
		dana.SeeIn(".step-now", "Reviewing")
		due := w.on(one.due, one.by)
		if says := dana.Text("main"); strings.Contains(says, w.day(one.due)) {
			t.Errorf("%s: Dana reads of %s, which nobody has promised", one.subject, w.day(one.due))
		}
		maya.Visit(w.desk("/tickets/" + strings.TrimPrefix(dana.Path(), "/requests/") + "/why"))
		maya.See(one.subject)
		maya.SeeIn("[data-why-content]", due.Format("Mon 2 Jan 2006, 15:04"))
		maya.Shot("booking-20-why-" + one.by[:2] + "-" + one.clock[:2])
	}
}

// Two customers want Maya on the same afternoon. A gap stays around each call, and whoever comes second reads that nothing is booked, with
// the nearest times one press away.
func TestS0_10_TwoCustomersWantTheSameTime(t *testing.T) {
	w := startWeek(t)
	maya := w.colleague("maya@larkandfield.example")
	_, danasLink := w.asks(maya, "Dana Reyes <"+danas+">", "Which form for the gala?")
	_, idrisLink := w.asks(maya, "Idris Cole <idris@southbankcoop.example>", "Gifts in euros")
	dana, idris := w.customer("America/Chicago"), w.customer("Europe/London")
	wednesday := "/call?day=" + w.monday.Plus(2).String()

	opens(dana, danasLink+wednesday)
	dana.takes(w.on(2, "10:00"))
	dana.Press("Continue")
	dana.See("Book this call?")
	dana.Type("input[name=phone]", "+1 312 555 0142")
	dana.Press("Book the call")
	dana.See("Your call is booked")
	opens(idris, idrisLink+wednesday)
	for clock, free := range map[string]bool{"09:15": true, "09:30": false, "10:00": false, "10:30": false, "10:45": true} {
		if idris.offers(w.on(2, clock)) != free {
			t.Errorf("%s beside a call at 10:00 is on offer: %v", clock, !free)
		}
	}
	idris.SeeIn(".times", w.in("Europe/London", 2, "10:45").Format("15:04"))

	opens(dana, danasLink+"/call?move=yes&day="+w.monday.Plus(2).String())
	idris.takes(w.on(2, "14:00"))
	dana.takes(w.on(2, "14:00"))
	dana.Press("Move the call")
	dana.See("13:00 to 13:30")
	before := len(w.letters("idris@southbankcoop.example"))
	idris.Press("Continue")
	idris.See("This time was just taken")
	idris.See("Nothing is booked")
	if n := idris.eval(`document.querySelectorAll(".taken-times button").length`); n != "3" {
		t.Errorf("%s other times are offered, want 3", n)
	}
	idris.looks("10-taken")
	if after := len(w.letters("idris@southbankcoop.example")); after != before {
		t.Errorf("Idris was mailed %d letters about a call that he does not have", after-before)
	}
	idris.Click(".taken-times button")
	idris.See("Book this call?")
	idris.See(w.in("Europe/London", 2, "13:00").Format("15:04") + " to " + w.in("Europe/London", 2, "13:30").Format("15:04"))
}

// June has not added phone support: her request is helped with in writing, and an agent can call her all the same. Nils only tries the product
// and has it. June adds it until Friday: a call after that takes place, and another cannot be booked (S0-11 to S0-13).
func TestS0_11_WhoCanHaveACall(t *testing.T) {
	w := startWeek(t)
	maya := w.colleague("maya@larkandfield.example")
	june := w.customer("America/New_York")
	number, junes := w.asks(maya, "June Abbott <june@riverkeepers.example>", "Could you call about the river map?")
	opens(june, junes+"/call")
	june.See("Calls are part of Phone support, which is not on your account")
	if june.times() != "0" {
		t.Error("June is offered times")
	}
	june.looks("11-without")
	maya.Visit(w.desk("/tickets/" + number + "/call"))
	maya.See("which this customer does not have")
	maya.Press("Another time, as an exception")
	maya.looks("12-exception")
	maya.choose(".offer input[name=at]", w.on(1, "11:07").Format("2006-01-02T15:04"))
	maya.Click(".offer .form-end .button")
	maya.SeeIn(".talk", "as an exception")
	w.mailed("june@riverkeepers.example", "Maya calls you on "+w.on(1, "11:07").Format("Monday 2 January 2006, 15:04"))

	_, nils := w.asks(maya, "Nils Aas <nils@northlight.example>", "Before we buy")
	prospect := w.customer("Europe/Oslo")
	opens(prospect, nils+"/call?day="+w.monday.Plus(2).String())
	if prospect.times() == "0" {
		t.Errorf("Nils pays for calls and is offered none: %.400s", prospect.Text("main"))
	}

	maya.Visit(w.desk("/customers?q=june"))
	maya.Press("June Abbott")
	maya.See("Plans and add-ons")
	maya.Press("Write down a plan")
	maya.until("phone support can be chosen", func() bool {
		return maya.eval(`(() => { const all = document.querySelector("#plan-plan"), one = [...all.options].find(o => o.text.includes("Phone support")); if (one) all.value = one.value; return !!one })()`) == "true"
	})
	maya.choose("#plan-until", w.monday.Plus(4).String())
	maya.eval(`document.querySelector("#plan-plan").form.requestSubmit()`)
	maya.See("until " + w.monday.Plus(4).Format("2 Jan 2006"))
	second, link := w.asks(maya, "June Abbott <june@riverkeepers.example>", "The river map at the end of the year")
	later := 8
	if w.monday.Plus(later) == w.holiday {
		later = 9
	}
	w.books(june, link, w.on(later, "11:00"))

	w.passes(5, "10:00")
	opens(june, link+"/call")
	june.See("Your call is booked") // promised is promised
	_, third := w.asks(maya, "June Abbott <june@riverkeepers.example>", "One more thing about the map")
	opens(june, third+"/call")
	june.See("Calls are part of Phone support, which is not on your account")
	w.passes(later, "11:05")
	w.mailed("june@riverkeepers.example", "Your call on "+w.day(later))
	maya.Visit(w.desk("/tickets/" + second + "/call"))
	maya.See("How did it go?")
}

// Marguerite would like a call, and writing is quicker. Her page says so while Ana answers, and in the end asks how it went (S0-14).
func TestS0_14_WritingIsQuickerInTheBrowser(t *testing.T) {
	w := startWeek(t)
	ana := w.colleague("ana@larkandfield.example")
	number := w.writes("Marguerite Vale <marguerite@valeyouth.example>", "A discount for schools?")
	link := w.link(number)
	w.give(ana, number, "Ana Ruiz")
	ana.SeeIn(".way", "Solving it in the ticket")
	ana.Press("Move to “Solving it in the ticket”")
	ana.See("took it to “Solving it in the ticket”")
	marguerite := w.customer("America/New_York")
	marguerite.Visit(link)
	marguerite.SeeIn(".step-now", "Solving it in the ticket")
	marguerite.See("writing is quicker than a call")
	marguerite.looks("19-in-writing")
	ana.ready()
	answer(ana, "Hello Marguerite, make a second price called School and tick Hidden; schools get its link.", "Send as Solved")
	ana.See("Sending to")
	w.passes(0, "09:30")
	marguerite.Visit(link)
	marguerite.SeeIn(".step-now", "Solved")
	marguerite.See("How did we do?")
	w.mailed("marguerite@valeyouth.example", "How did we do?")
	if calls := w.count("SELECT count(*) FROM calls WHERE ticket_id = $1", number); calls != 0 {
		t.Errorf("%d calls were booked", calls)
	}
}

// Maya calls, ends the call, and owes what was said before the ticket can be solved. Another customer does not answer: after ten minutes she
// may say so, and they choose another time (S0-15, S0-21).
func TestS0_15_ACallIsMadeAndWrittenUp(t *testing.T) {
	w := startWeek(t)
	maya := w.colleague("maya@larkandfield.example")
	number, link := w.asks(maya, "Dana Reyes <"+danas+">", "Which form for the gala?")
	other, idrisLink := w.asks(maya, "Idris Cole <idris@southbankcoop.example>", "Gifts in euros")
	dana, idris := w.customer("America/Chicago"), w.customer("Europe/London")
	w.books(dana, link, w.on(2, "10:00"))
	w.books(idris, idrisLink, w.on(2, "14:00"))

	w.passes(2, "09:05")
	for _, to := range []string{danas, "idris@southbankcoop.example"} {
		w.mailed(to, "Your call on "+w.day(2))
	}
	if n := w.count("SELECT count(*) FROM outgoing WHERE template = 'call-reminder' AND to_address = $1 AND ticket_id = $2", danas, number); n != 2 {
		t.Errorf("Dana was reminded %d times, want a day and an hour before", n)
	}
	maya.Visit(w.desk("/calls"))
	maya.SeeIn(".call-rows", "10:00 to 10:30")
	maya.looks("13-list")

	w.passes(2, "10:24")
	maya.Visit(w.desk("/tickets/" + number + "/call"))
	maya.See("How did it go?")
	maya.Press("End the call")
	maya.See("Write the call up")
	maya.looks("14-write-up")
	maya.Visit(w.desk("/tickets/" + number))
	maya.SeeIn(".side-call", "not written up")
	maya.SeeIn("button[popovertarget=set-status]", "Open")
	if solve := maya.eval(`[...document.querySelectorAll("main button")].filter(e => e.textContent.includes("Solve")).length`); solve != "0" {
		t.Errorf("before the call is written up there are %s ways to solve its ticket", solve)
	}
	maya.Shot("booking-15-unwritten")
	maya.Visit(w.desk("/tickets/" + number + "/call"))
	maya.Click("input[name=outcome][value=solved]")
	maya.Type("textarea[name=result]", "The gala gets a form of its own; the importer is set up for it.")
	maya.Press("Put it into the ticket")
	maya.See("The gala gets a form of its own")
	maya.looks("16-written")
	maya.Visit(w.desk("/tickets/" + number))
	maya.SeeIn("button[popovertarget=set-status]", "Solved") // as its outcome says, an hour later as well as at once
	dana.Visit(link)
	dana.SeeIn(".portal-talk", "Call on "+w.on(2, "09:00").Format("Monday 2 January 2006, 15:04"))
	dana.SeeIn(".portal-talk", "24 minutes: Maya and Dana Reyes.")
	dana.See("The gala gets a form of its own")
	dana.SeeIn(".step-now", "Solved")
	dana.See("How did we do?")
	dana.looks("17-customer")

	w.passes(2, "14:05")
	maya.Visit(w.desk("/tickets/" + other + "/call"))
	maya.Click("input[name=outcome][value=no-answer]")
	maya.Press("End the call")
	maya.See("waits")
	maya.looks("18-too-early")
	w.passes(2, "14:10")
	maya.Visit(w.desk("/tickets/" + other + "/call"))
	maya.Click("input[name=outcome][value=no-answer]")
	maya.Press("End the call")
	maya.See("Earlier calls")
	maya.Visit(w.desk("/tickets/" + other))
	maya.SeeIn("button[popovertarget=set-status]", "Waiting for you")
	w.mailed("idris@southbankcoop.example", "We called on "+w.in("Europe/London", 2, "14:00").Format("Monday 2 January 2006, 15:04"))
	missed := w.desk(linkIn(t, w.server, "We could not reach you") + "/call")
	opens(idris, missed+"?day="+w.monday.Plus(4).String())
	idris.See("Choose a time for a call")
	idris.takes(w.on(4, "09:00"))
	idris.Press("Continue")
	idris.See("Book this call?")
	idris.Press("Book the call")
	idris.See("Your call is booked")
}

// books lets a customer book a time behind their link.
func (w *bookingWeek) books(b *Browser, link string, start time.Time) {
	w.t.Helper()
	opens(b, link+"/call?day="+start.In(w.zone).Format("2006-01-02"))
	b.takes(start)
	b.Press("Continue")
	b.See("Book this call?")
	b.Type("input[name=phone]", "+1 312 555 0142")
	b.Press("Book the call")
	b.See("Your call is booked")
}

// same compares what somebody sees with what they should.
func (w *bookingWeek) same(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s says %q, want %q", what, got, want)
	}
}

// messages is how many messages a request shows to its customer.
func (b *Browser) messages(address string) string {
	b.t.Helper()
	b.Visit(address)
	return b.eval(`document.querySelectorAll(".portal-talk > *:not(h2)").length`)
}
