package desk_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/desk"
	"hark/mail/mailtest"
	"hark/store"
)

// Calendars of real mail programs read what we send and write what we read: libical, ical.js.

// eachProgram lets a story about Dana's call happen with each of the two.
func eachProgram(t *testing.T, story func(o *office, id int64, program mailtest.CalendarProgram)) {
	t.Helper()
	for _, program := range mailtest.CalendarPrograms() {
		t.Run(program.Name, func(t *testing.T) {
			eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) { story(o, id, program) })
		})
	}
}

// ics is the calendar part of a mail, as a mail program hands it on.
func (o *office) ics(m sent) []byte {
	o.t.Helper()
	for _, file := range m.mail.Attachments {
		if file.Type == "text/calendar" {
			return file.Content
		}
	}
	o.t.Fatalf("no calendar reads this mail:\n%s", m.raw)
	return nil
}

// reads is the one entry of the newest invitation to somebody, as a program reads it.
func (o *office) readBy(program mailtest.CalendarProgram, id int64, to string) (method string, e mailtest.CalendarEvent) {
	o.t.Helper()
	file := program.Read(o.t, o.ics(o.invitation(id, to)))
	if len(file.Events) != 1 {
		o.t.Fatalf("%s reads %d entries", program.Name, len(file.Events))
	}
	return file.Method, file.Events[0]
}

// answered is the mail in which a program sends its answer, with words beside it as they do.
func (o *office) answered(id int64, from string, ics []byte) letter {
	o.t.Helper()
	to := o.invitation(id, "dana@client.example")
	method := lineOf("\r\n"+string(ics), "METHOD:")
	return letter{
		from: from, answers: &to, subject: method + ": Call",
		headers: "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"cut\"\r\n",
		body: "--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDana Reyes has answered.\r\n--cut\r\nContent-Type: text/calendar; charset=utf-8; method=" + method +
			"; name=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"invite.ics\"\r\n\r\n" + folded(ics) + "\r\n--cut--\r\n",
	}
}

func folded(content []byte) string {
	text := base64.StdEncoding.EncodeToString(content)
	var lines []string
	for part := range slices.Chunk([]byte(text), 76) {
		lines = append(lines, string(part))
	}
	return strings.Join(lines, "\r\n")
}

// Dana's calendar shows her call, moves it, and takes it out again: one entry all the time, that of Cem as well.
func TestS0_16_OtherCalendarsFollowACall(t *testing.T) {
	eachProgram(t, func(o *office, id int64, program mailtest.CalendarProgram) {
		o.books(id, "2026-11-18 11:00")
		method, first := o.readBy(program, id, "dana@client.example")
		o.is("the invitation", fmt.Sprint(method, " ", first.Sequence, " ", shown(first.Start()), " ", shown(first.End()), " ", first.Status), "REQUEST 0 Wed 2026-11-18 11:00:00 EST Wed 2026-11-18 11:30:00 EST CONFIRMED")
		o.is("who invites", first.Organizer[0].Address, o.invitation(id, "dana@client.example").replyTo)
		o.is("who is invited", fmt.Sprint(first.People), "[{Dana Reyes dana@client.example NEEDS-ACTION TRUE}]")
		if !strings.HasPrefix(first.Summary, "Call with Cem") || !strings.Contains(first.Description, "/call") {
			o.t.Errorf("the entry says %q: %q", first.Summary, first.Description)
		}
		_, err := o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-19 14:00")})
		o.must(err)
		method, moved := o.readBy(program, id, "dana@client.example")
		o.is("the update", fmt.Sprint(method, " ", moved.Sequence, " ", shown(moved.Start())), "REQUEST 1 Thu 2026-11-19 14:00:00 EST")
		_, err = o.desk.CancelCall(ctx, o.linkOf(id), desk.CancelCall{Ticket: id})
		o.must(err)
		method, off := o.readBy(program, id, "dana@client.example")
		o.is("the withdrawal", fmt.Sprint(method, " ", off.Sequence, " ", off.Status), "CANCEL 2 CANCELLED")
		_, cems := o.readBy(program, id, "cem@agency.example")
		for says, uid := range map[string]string{"the update": moved.UID, "the withdrawal": off.UID, "Cem's": cems.UID} {
			o.is("the entry of "+says, uid, first.UID)
		}
	})
}

// What is pressed in another calendar is understood: yes, perhaps, no, and another time, in whatever zone the program writes.
func TestS0_17_OtherCalendarsAnswer(t *testing.T) {
	eachProgram(t, func(o *office, id int64, program mailtest.CalendarProgram) {
		o.books(id, "2026-11-18 11:00")
		presses := func(a mailtest.CalendarAnswer) desk.Received {
			o.t.Helper()
			a.Who = "dana@client.example"
			return o.arrives(o.answered(id, dana, program.Answer(o.t, o.ics(o.invitation(id, a.Who)), a)))
		}
		talk := o.saidBy("dana@client.example", id)
		presses(mailtest.CalendarAnswer{Method: "REPLY", Status: "TENTATIVE", Comment: "Vielleicht, ich prüfe; sonst Freitag,\nDana"})
		o.is("perhaps", o.call(id).Answer+": "+o.call(id).AnswerSays, "tentative: Vielleicht, ich prüfe; sonst Freitag,\nDana")
		presses(mailtest.CalendarAnswer{Method: "REPLY", Status: "ACCEPTED"})
		o.is("yes", o.call(id).Answer, "accepted")

		presses(mailtest.CalendarAnswer{Method: "COUNTER", Status: "TENTATIVE", Start: "2026-11-20T14:00:00", End: "2026-11-20T14:30:00", Zone: "America/Chicago", ZoneText: central})
		o.is("proposed", shown(o.call(id).Proposed), "Fri 2026-11-20 15:00:00 EST")
		_, err := o.desk.MoveCall(ctx, o.cem.Actor(), desk.MoveCall{Ticket: id, Start: o.call(id).Proposed})
		o.must(err)
		presses(mailtest.CalendarAnswer{Method: "COUNTER", Status: "TENTATIVE", Start: "2026-11-21T09:00:00", End: "2026-11-21T09:30:00", Zone: "America/Chicago", ZoneText: central})
		o.is("a Saturday", shown(o.call(id).Start)+" "+fmt.Sprint(o.call(id).Proposed.IsZero()), "Fri 2026-11-20 15:00:00 EST true")
		method, no := o.readBy(program, id, "dana@client.example")
		o.is("the answer to it", fmt.Sprint(method, " ", no.Sequence, " ", no.UID == o.call(id).UID, " ", shown(no.Start())), "DECLINECOUNTER 1 true Fri 2026-11-20 15:00:00 EST")

		got := presses(mailtest.CalendarAnswer{Method: "DECLINECOUNTER", Status: "DECLINED"})
		o.is("an answer to nothing", fmt.Sprint(got.Outcome, " ", o.call(id).State), "held "+fmt.Sprint(store.CallBooked))
		if n := o.saidBy("dana@client.example", id); n != talk {
			o.t.Errorf("calendars have written %d messages", n-talk)
		}
		presses(mailtest.CalendarAnswer{Method: "REPLY", Status: "DECLINED", Comment: "Zu früh — leider"})
		o.is("no", fmt.Sprint(o.call(id).State, ": ", o.call(id).AnswerSays), "cancelled: Zu früh — leider")
		o.in(id, "open")
	})
}

// saidBy is how many messages of somebody a ticket has.
func (o *office) saidBy(address string, id int64) (n int) {
	for _, c := range o.sees(access.Clock, id).Comments {
		if c.Author.Address == address {
			n++
		}
	}
	return n
}

// central is a zone as Outlook explains it, by its own name.
const central = "BEGIN:VTIMEZONE\r\nTZID:Central Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0600\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\n" +
	"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

// Cem subscribes with another calendar: each of his calls at its instant, with names in any script and subjects of any length.
func TestOtherCalendarsReadTheAgentsFeed(t *testing.T) {
	eachProgram(t, func(o *office, id int64, program mailtest.CalendarProgram) {
		o.books(id, "2026-11-18 11:00")
		others := o.asksForCall("\"Zoë Ångström-Łukasz, die Zweite; 李小龍\" <zoe@client.example>")
		o.books(others, "2026-11-19 14:45")
		token, err := o.desk.NewCallFeed(ctx, o.cem.Actor())
		o.must(err)
		feed, err := o.desk.CallFeed(ctx, token, false)
		o.must(err)
		file := program.Read(o.t, feed)
		if len(file.Events) != 2 {
			o.t.Fatalf("%s reads %d calls:\n%s", program.Name, len(file.Events), feed)
		}
		for i, call := range []store.Call{o.call(id), o.call(others)} {
			e := file.Events[i]
			o.is("the call", e.UID+" "+shown(e.Start())+" "+shown(e.End()), call.UID+" "+shown(call.Start)+" "+shown(call.End))
		}
		o.is("whom", file.Events[1].Summary, "Call "+o.ticket(others).Requester.Name)
		if !strings.Contains(o.ticket(others).Requester.Name, "李小龍") {
			o.t.Errorf("the customer is called %s, so that this shows little", o.ticket(others).Requester.Name)
		}
	})
}

// An invitation is the same instant in every program, on both sides of a change of clocks and where clocks are half an hour apart, also for
// a program that has never heard of the zone: what the file says of its clocks is enough.
func TestOtherCalendarsReadTheInstant(t *testing.T) {
	t.Parallel()
	for name, locals := range map[string][]string{
		"America/New_York":    {"2026-11-01 09:00", "2027-03-14 08:00"},
		"Europe/London":       {"2026-10-24 15:00", "2026-10-25 09:00"},
		"Australia/Lord_Howe": {"2026-10-04 09:00", "2027-04-03 15:00"},
		"Asia/Kathmandu":      {"2026-11-18 15:00"},
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, local := range locals {
			start, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
			if err != nil {
				t.Fatal(err)
			}
			i := calendar.Invitation{
				UID: "call-1@agency.example", Summary: "Ein sehr langer Betreff, der mehr als fünfundsiebzig Zeichen hat; und \\ Zeichen, die etwas bedeuten: ÄÖÜß 電話", Says: "Erste Zeile\nzweite, mit Komma; Semikolon",
				Organizer: "support+t.x@agency.example", Company: "Agentur: Größe & Söhne", Guest: calendar.Invited{Name: "Łukasz; \"Luk\" Ó Briain", Address: "luk@client.example"}, Start: start, End: start.Add(time.Hour), Zone: zone, Stamp: start,
			}
			ics := i.ICS(calendar.MethodRequest)
			for _, program := range mailtest.CalendarPrograms() {
				for says, file := range map[string][]byte{"": ics, " by another name": bytes.ReplaceAll(ics, []byte(name), []byte("Nowhere"))} {
					e := program.Read(t, file).Events[0]
					if !e.Start().Equal(start) || !e.End().Equal(i.End) {
						t.Errorf("%s: %s in %s%s is from %s to %s", program.Name, local, name, says, e.Start().In(zone), e.End().In(zone))
					}
					if e.Summary != i.Summary || e.Description != i.Says || e.Organizer[0].Name != i.Company || e.People[0].Name != "Łukasz; Luk Ó Briain" {
						t.Errorf("%s reads %q, %q, of %q for %q", program.Name, e.Summary, e.Description, e.Organizer[0].Name, e.People[0].Name)
					}
				}
			}
		}
	}
}

// Whoever subscribes to the opening hours sees the desk open exactly when it is, in both programs, over a winter with its holidays and two
// changes of clocks.
func TestOtherCalendarsReadTheOpeningHours(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/New_York", "Australia/Lord_Howe"} {
		c, err := calendar.New(calendar.Spec{
			ID: "office", Zone: zone, Holidays: []string{"us-federal"}, Week: map[string][]string{"mon-thu": {"09:00-12:00", "13:00-17:30"}, "fri": {"09:00-12:00"}, "sun": {"20:00-24:00"}},
			Except: []calendar.ExceptSpec{{Date: "2026-12-24", Hours: []string{"09:00-11:00"}, Why: "Christmas Eve"}, {Date: "2026-12-05", Hours: []string{"10:00-14:00"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		from, to := calendar.Date{Y: 2026, M: time.September, D: 28}, calendar.Date{Y: 2027, M: time.April, D: 30}
		feed := calendar.Feed{Name: "Agency: hours", Host: "agency.example", Stamp: when("2026-09-28"), From: from, To: to, Hours: []calendar.Opening{{ID: "office", Says: "Open", Calendar: c}}}.ICS()
		for _, program := range mailtest.CalendarPrograms() {
			open := map[int64]bool{}
			for _, e := range program.Read(t, feed).Events {
				for _, span := range e.Times {
					for at := span[0]; at < span[1] && !e.Day; at += 1800 {
						open[at] = true
					}
				}
			}
			for at := calendar.Resolve(from, 0, c.Zone); at.Before(calendar.Resolve(to, 0, c.Zone)); at = at.Add(30 * time.Minute) {
				if got, want := open[at.Unix()], c.At(at).Open; got != want {
					t.Errorf("%s: at %s the feed says open %v, the desk %v", program.Name, at.In(c.Zone), got, want)
					break
				}
			}
		}
	}
}
