package e2e

import (
	"database/sql"
	"encoding/base64"
	"fmt"
	netmail "net/mail"
	"net/smtp"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"hark/calendar"
	"hark/mail"
	"hark/mail/mailtest"
)

// bookingWeek is a week of PICnet's, the brand of the demo that books calls: Monday to Friday are open, and in the week after it there is
// a holiday. The demo's clock stands on its Monday at nine in New York.
type bookingWeek struct {
	t       *testing.T
	server  *Server
	monday  calendar.Date
	holiday calendar.Date
	zone    *time.Location
}

// startWeek opens the demo and moves its clock to the next such week.
func startWeek(t *testing.T) *bookingWeek {
	t.Helper()
	office, err := calendar.New(calendar.Spec{ID: "phone", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"08:00-17:00"}}, Holidays: []string{"us-federal"}})
	if err != nil {
		t.Fatal(err)
	}
	w := &bookingWeek{t: t, server: Start(t, "demo"), zone: newYork(t)}
	today := calendar.DateOf(time.Now(), w.zone)
	next := today.Plus(7 + (8-int(today.Weekday()))%7)
	for n := 0; n < 60 && w.holiday.IsZero(); n++ {
		if w.monday = next.Plus(7 * n); closedDay(office, w.monday).IsZero() {
			w.holiday = closedDay(office, w.monday.Plus(7))
		}
	}
	w.passes(0, "09:00")
	return w
}

// closedDay is the first of five days from a Monday on which nobody calls, none when there is no such day.
func closedDay(office *calendar.Calendar, monday calendar.Date) (day calendar.Date) {
	for n := range 5 {
		if d := monday.Plus(n); !office.At(calendar.Resolve(d, calendar.ClockOf(12, 0), office.Zone)).Open {
			return d
		}
	}
	return day
}

// on is an instant of the week: its day, counted from Monday, and what the clocks in New York show.
func (w *bookingWeek) on(day int, clock string) time.Time {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", w.monday.Plus(day).String()+" "+clock, w.zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// in is the same instant as the clocks of another zone show it. They are not always so many hours apart: in some weeks only one of two
// countries has changed its clocks.
func (w *bookingWeek) in(zone string, day int, clock string) time.Time {
	w.t.Helper()
	there, err := time.LoadLocation(zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.on(day, clock).In(there)
}

// day is a day of the week in words: "Wednesday 16 December".
func (w *bookingWeek) day(day int) string { return w.monday.Plus(day).Format("Monday 2 January") }

// holidayIn is the day of the holiday, counted like the others.
func (w *bookingWeek) holidayIn() (day int) {
	for day = 7; w.monday.Plus(day) != w.holiday; day++ {
	}
	return day
}

// calls reports whether PICnet calls on a day.
func (w *bookingWeek) calls(day int) bool {
	weekday := w.monday.Plus(day).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && w.monday.Plus(day) != w.holiday
}

// next is the next day after one on which PICnet calls.
func (w *bookingWeek) next(day int) int {
	for day++; !w.calls(day); day++ {
	}
	return day
}

// passes moves the clock; what is due on the way happens on the way.
func (w *bookingWeek) passes(day int, clock string) {
	w.t.Helper()
	w.server.Hark(w.t, "", "clock", "advance", w.on(day, clock).UTC().Format(time.RFC3339))
}

// desk is the address of a page at PICnet's own host.
func (w *bookingWeek) desk(path string) string { return at(w.server, "picnet", path) }

// colleague is somebody of the desk at their screen.
func (w *bookingWeek) colleague(address string) *Browser {
	w.t.Helper()
	b := Open(w.t)
	b.Size(1440, 900)
	b.Visit(w.desk("/sign-in"))
	b.Type("input[name=email]", address)
	b.Type("input[name=password]", "lark and field")
	b.Press("Sign in")
	b.See("Next for me")
	b.ready()
	return b
}

// customer is somebody with a telephone in their hand, whose clocks are those of a zone.
func (w *bookingWeek) customer(zone string) *Browser {
	w.t.Helper()
	b := Open(w.t)
	b.Size(390, 844)
	tell(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
	return b
}

// signsIn lets a customer sign in by the link in a mail.
func (w *bookingWeek) signsIn(b *Browser, address string) {
	w.t.Helper()
	b.Visit(w.desk("/portal/code"))
	b.Type("input[name=email]", address)
	b.Click("form .button-primary")
	b.See("Look into your mail")
	b.Visit(w.desk(mailedLink(w.t, w.server, "/sign-in/link/")))
	b.Click("form .button-primary")
	b.See("Your requests")
}

// fillsIn writes a request for a call into the form, with three times on the clock of Chicago.
func (w *bookingWeek) fillsIn(b *Browser, subject string, times ...time.Time) {
	w.t.Helper()
	b.See("On the clock of Chicago")
	for n, offered := range times {
		b.choose(fmt.Sprintf("#fact-call-call-time%d", n+1), offered.Add(-time.Hour).Format("2006-01-02T15:04"))
	}
	b.Type("#fact-call-call-number", "+1 312 555 0142")
	b.Type("input[name=subject]", subject)
	b.Type("textarea[name=body]", "It is easier to show than to write. Could somebody call me?")
}

// asks lets somebody ask for a call by mail, and makes Maya its host; it returns the number of the ticket and the way behind the customer's link.
func (w *bookingWeek) asks(maya *Browser, from, subject string) (number, link string) {
	w.t.Helper()
	number = w.writes(from, subject)
	w.give(maya, number, "Maya Lindqvist")
	return number, w.link(number)
}

// writes lets somebody write to PICnet; it returns the number of the ticket.
func (w *bookingWeek) writes(from, subject string) (number string) {
	w.t.Helper()
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		w.t.Fatal(err)
	}
	w.sends(sender.Address, picnet, Mail(from, picnet, subject, fmt.Sprintf("<%d@customers.example>", time.Now().UnixNano()), "Hello,\r\n\r\ncould somebody call me about it?\r\n"))
	Eventually(w.t, 10*time.Second, "there is a ticket of "+from, func() bool { return w.count("SELECT count(*) FROM tickets WHERE subject = $1", subject) == 1 })
	return story(w.t, w.server, subject)
}

// link is the way to a ticket that its customer has in their mail.
func (w *bookingWeek) link(number string) string {
	w.t.Helper()
	return w.desk(linkIn(w.t, w.server, "We have your request ["+number+"]"))
}

// give makes a ticket a request for a call, which somebody has.
func (w *bookingWeek) give(b *Browser, number, to string) {
	w.t.Helper()
	b.Visit(w.desk("/tickets/" + number))
	b.ready()
	b.sets("kind", "Request for a call")
	b.sets("assign", to)
}

// sets chooses from one of the menus beside a ticket.
func (b *Browser) sets(menu, value string) {
	b.t.Helper()
	if strings.Contains(b.Text("button[popovertarget=set-"+menu+"]"), value) {
		return
	}
	b.picks(menu, value)
	b.SeeIn("button[popovertarget=set-"+menu+"]", value)
	b.ready()
}

// picks presses an entry of one of the menus beside a ticket.
func (b *Browser) picks(menu, value string) {
	b.t.Helper()
	b.Click("button[popovertarget=set-" + menu + "]")
	b.until("one can choose "+value, func() bool {
		return b.eval(fmt.Sprintf(`(() => { const one = [...document.querySelectorAll("#set-%s button")].find(e => e.innerText.includes(%s)); one?.click(); return !!one })()`, menu, quoted(value))) == "true"
	})
	b.until("the menu is closed again", func() bool { return b.eval(`document.querySelectorAll(".menu-list:popover-open").length`) == "0" })
}

// opens goes to a call's page and waits until it can be used.
func opens(b *Browser, address string) {
	b.t.Helper()
	b.Visit(address)
	settle(b)
}

// count asks the demo's database for a number.
func (w *bookingWeek) count(query string, args ...any) (n int) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.server.Data, "hark.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// letters are the mails that were written to somebody, the newest first.
func (w *bookingWeek) letters(to string) (all []*mail.Message) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.server.Data, "hark.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT raw FROM outgoing_raw JOIN outgoing ON outgoing.id = outgoing_raw.outgoing_id WHERE to_address = $1 ORDER BY outgoing.id DESC", to)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			w.t.Fatal(err)
		}
		m, err := mail.Parse(raw)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// subjects are what the mails to somebody are about, the newest first.
func (w *bookingWeek) subjects(to string) string {
	w.t.Helper()
	var all []string
	for _, m := range w.letters(to) {
		all = append(all, m.Subject)
	}
	return strings.Join(all, "\n")
}

// mailed waits until a mail to somebody has words in its subject or its text.
func (w *bookingWeek) mailed(to, words string) {
	w.t.Helper()
	Eventually(w.t, 10*time.Second, to+" is mailed "+words, func() bool {
		for _, m := range w.letters(to) {
			if strings.Contains(m.Subject+"\n"+m.Text, words) {
				return true
			}
		}
		return false
	})
}

// invitation is the newest mail to somebody that their calendar reads: the file, and where its answer goes.
func (w *bookingWeek) invitation(to string) (ics []byte, answers *mail.Message) {
	w.t.Helper()
	for _, m := range w.letters(to) {
		for _, file := range m.Attachments {
			if file.Type == "text/calendar" {
				return file.Content, m
			}
		}
	}
	w.t.Fatalf("no calendar of %s was told anything", to)
	return nil, nil
}

// entry is what somebody's calendar shows of their newest invitation: "REQUEST 1 Thu 17 Dec 14:00".
func (w *bookingWeek) entry(to string) (says, uid string) {
	w.t.Helper()
	ics, _ := w.invitation(to)
	for _, program := range mailtest.CalendarPrograms() {
		file := program.Read(w.t, ics)
		e := file.Events[0]
		told := fmt.Sprintf("%s %d %s", file.Method, e.Sequence, e.Start().In(w.zone).Format("Mon 2 Jan 15:04"))
		if says != "" && told != says || uid != "" && e.UID != uid {
			w.t.Errorf("%s reads %s of %s, another program %s of %s", program.Name, told, e.UID, says, uid)
		}
		says, uid = told, e.UID
	}
	return says, uid
}

// when is a time of the week as a calendar shows it.
func (w *bookingWeek) when(day int, clock string) string {
	return w.on(day, clock).Format("Mon 2 Jan 15:04")
}

// presses lets somebody press a button of their calendar program: its answer goes out as a mail.
func (w *bookingWeek) presses(program mailtest.CalendarProgram, who string, a mailtest.CalendarAnswer) {
	w.t.Helper()
	a.Who = who
	ics, answers := w.invitation(who)
	to := answers.ReplyTo[0].Email
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s: Call\r\nMessage-ID: <%d@calendar.example>\r\nIn-Reply-To: %s\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/alternative; boundary=\"cut\"\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s has answered.\r\n"+
		"--cut\r\nContent-Type: text/calendar; charset=utf-8; method=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--cut--\r\n",
		who, to, a.Status, time.Now().UnixNano(), answers.MessageID, time.Now().Format(time.RFC1123Z), who, a.Method, wrapped(program.Answer(w.t, ics, a)))
	w.sends(who, to, raw)
}

// picnet is where customers write to.
const picnet = "support@picnet.example"

// sends hands a mail to the desk's own listener.
func (w *bookingWeek) sends(from, to, raw string) {
	w.t.Helper()
	if err := smtp.SendMail(w.server.SMTP, nil, from, []string{to}, []byte(raw)); err != nil {
		w.t.Fatalf("the mail listener refused: %v", err)
	}
}

func wrapped(content []byte) string {
	text, lines := base64.StdEncoding.EncodeToString(content), []string{}
	for ; len(text) > 76; text = text[76:] {
		lines = append(lines, text[:76])
	}
	return strings.Join(append(lines, text), "\r\n")
}

// times is how many times the page offers.
func (b *Browser) times() string {
	return b.eval(`document.querySelectorAll(".times input[name=start]").length`)
}

// offers reports whether the page offers a time.
func (b *Browser) offers(at time.Time) bool {
	return b.eval(fmt.Sprintf(`!!document.querySelector('.times input[value="%s"]')`, at.UTC().Format(time.RFC3339))) == "true"
}

// takes chooses one of the times that the page offers.
func (b *Browser) takes(at time.Time) {
	b.t.Helper()
	b.until("the page offers "+at.String(), func() bool {
		return b.eval(fmt.Sprintf(`(() => { const time = document.querySelector('.times input[value="%s"]'); time?.scrollIntoView({block: "center"}); time?.click(); return !!time?.checked })()`, at.UTC().Format(time.RFC3339))) == "true"
	})
}

// choose picks an option of a field.
func (b *Browser) choose(selector, value string) {
	b.t.Helper()
	b.until(selector+" is "+value, func() bool {
		return b.eval(fmt.Sprintf(`(() => { const field = document.querySelector(%s); if (field) field.value = %s; return field?.value === %[2]s })()`, quoted(selector), quoted(value))) == "true"
	})
}

// looks takes pictures of a page that its reader sees by day and by night, on a screen and on a telephone, and lets it be examined.
func (b *Browser) looks(name string) {
	b.t.Helper()
	b.shows("booking-" + name)
}

// shows is looks for pictures of any name.
func (b *Browser) shows(name string) {
	b.t.Helper()
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{1440, 390} {
			b.Dark(dark)
			b.Size(width, 900)
			settle(b)
			b.Shot(fmt.Sprintf("%s-%d%s", name, width, map[bool]string{true: "-dark"}[dark]))
			if b.wider() {
				b.t.Errorf("%s scrolls sideways at %d", name, width)
			}
		}
		b.Axe(fmt.Sprintf("%s, dark %v", name, dark))
	}
	b.Dark(false)
	b.Size(1440, 900)
}
