package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

const (
	dana = "Dana Reyes <dana@client.example>"
	omar = "Omar Haddad <omar@other.example>"
)

// eachPhoneDesk is an office that sells calls, on a Monday morning; Dana and Omar have phone support, and Cem has Dana's ticket.
func eachPhoneDesk(t *testing.T, opens string, story func(o *office, id int64)) {
	t.Helper()
	eachUnder(t, "soapbox-phone-support", opens, func(o *office) {
		id := o.asksForCall(dana)
		story(o, id)
	})
}

// asksForCall is a request of somebody who pays for phone support; Cem takes it.
func (o *office) asksForCall(who string) int64 {
	o.t.Helper()
	id := o.asks(who, "The importer")
	o.knows(o.ticket(id).Requester.ID, map[string]any{"subscription.phone_support": true, "customer.stage": "active"})
	kind := "call"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Assignee: &o.cem.ID, Kind: &kind})
	o.must(err)
	return id
}

// knows puts facts on somebody's record.
func (o *office) knows(person int64, facts map[string]any) {
	o.t.Helper()
	storetest.Write(o.t, o.db, func(tx *store.Tx) error {
		p, err := tx.Person(person)
		if err != nil {
			return err
		}
		p.Facts = facts
		return tx.SavePerson(&p)
	})
}

// linkOf is the actor that a ticket's link makes of its requester.
func (o *office) linkOf(id int64) access.Actor {
	t := o.ticket(id)
	return access.Actor{Person: t.Requester.ID, Role: access.Customer, Ticket: id}
}

// books lets the customer book a call.
func (o *office) books(id int64, local string) {
	o.t.Helper()
	_, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when(local), Phone: "+1 555 0100", Zone: "America/Chicago"})
	o.must(err)
}

// call is the newest call of a ticket.
func (o *office) call(id int64) (last store.Call) {
	o.t.Helper()
	storetest.Read(o.t, o.db, func(tx *store.Tx) error {
		all, err := tx.Calls(access.Clock, id)
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		return err
	})
	return last
}

// invitations are the calendar parts of the mails about a ticket to somebody, one a line: method, sequence and start.
func (o *office) invitations(id int64, to string) string {
	o.t.Helper()
	var b strings.Builder
	for _, m := range o.mails(id) {
		for _, file := range m.mail.Attachments {
			if file.Type == "text/calendar" && m.to == to {
				text := strings.ReplaceAll(string(file.Content), "\r\n ", "")
				fmt.Fprintf(&b, "%s %s %s\n", lineOf(text, "METHOD:"), lineOf(text, "SEQUENCE:"), lineOf(text, "DTSTART;TZID=America/New_York:"))
			}
		}
	}
	return b.String()
}

func lineOf(text, begin string) string {
	_, rest, _ := strings.Cut(text, "\r\n"+begin)
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}

// invitation is the newest mail to somebody that has a calendar part.
func (o *office) invitation(id int64, to string) (last sent) {
	o.t.Helper()
	for _, m := range o.mails(id) {
		if m.to == to && strings.Contains(string(m.raw), "text/calendar") {
			last = m
		}
	}
	return last
}

// calendarSays is the mail of a calendar program that answers the invitation of a ticket.
func (o *office) calendarSays(id int64, from string, change ...string) letter {
	o.t.Helper()
	call, to := o.call(id), o.invitation(id, "dana@client.example")
	ics := "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:" + call.UID + "\r\nSEQUENCE:" + itoa(call.Sequence) + "\r\nDTSTART:" + call.Start.Format("20060102T150405Z") +
		"\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@client.example\r\nORGANIZER:mailto:" + to.replyTo + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	return letter{
		from: from, answers: &to, subject: "Accepted: Call",
		headers: "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"cut\"\r\n",
		body:    "--cut\r\nContent-Type: text/plain\r\n\r\nDana Reyes has answered.\r\n--cut\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n" + strings.NewReplacer(change...).Replace(ics) + "--cut--\r\n",
	}
}

func counter(call store.Call, local string) []string {
	return []string{"METHOD:REPLY", "METHOD:COUNTER", "PARTSTAT=ACCEPTED", "PARTSTAT=TENTATIVE", "DTSTART:" + call.Start.Format("20060102T150405Z"), "DTSTART:" + when(local).UTC().Format("20060102T150405Z")}
}

// Dana books from her link. Ticket, call and both invitations become true together, in her words and on her clock.
func TestACallIsBookedThroughItsTicket(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		o.in(id, "scheduled")
		call := o.call(id)
		o.is("the call", fmt.Sprint(call.State, " ", shown(call.Start), " to ", shown(call.End), " host ", call.Host == o.cem.ID), "booked Wed 2026-11-18 11:00:00 EST to Wed 2026-11-18 11:30:00 EST host true")
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T110000")
		o.is("Cem's invitations", o.invitations(id, "cem@agency.example"), "REQUEST 0 20261118T110000")
		mail := o.invitation(id, "dana@client.example")
		o.is("her mail", mail.template+": "+mail.subject, "call-booked: Your call on Wednesday 18 November 2026, 10:00 CST")
		if !strings.Contains(mail.text, "Cem calls you on Wednesday 18 November 2026, 10:00 CST at +1 555 0100.") || !strings.Contains(strings.Join(strings.Fields(mail.text), " "), "Move or call it off: https://agency.example/t/") {
			t.Errorf("Dana reads:\n%s", mail.text)
		}
		if text := string(o.invitation(id, "cem@agency.example").raw); strings.Contains(text, "/t/") {
			t.Errorf("Cem's mail has a customer's link:\n%s", text)
		}
		o.at("2026-11-18 10:30")
		o.is("the reminders", remindersOf(o.posted(id)), "Tue 2026-11-17 11:00:00 EST call-reminder to dana@client.example\nWed 2026-11-18 10:00:00 EST call-reminder to dana@client.example")
	})
}

func remindersOf(posted string) string {
	var lines []string
	for line := range strings.SplitSeq(posted, "\n") {
		if strings.Contains(line, "call-reminder") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// Dana and Omar press Book for the same host and time within the same instant, on two nodes. One has the call; the other is told, with
// the three nearest times, and gets no mail about it.
func TestS0_10_TwoCustomersTakeTheSameTime(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, danas int64) {
		omars := o.asksForCall(omar)
		nodes := []*desk.Desk{o.desk, desktest.Open(t, o.db, o.clock)}
		errs := make([]error, 2)
		var wait sync.WaitGroup
		for i, id := range []int64{danas, omars} {
			actor := o.linkOf(id)
			wait.Go(func() {
				_, errs[i] = nodes[i].BookCall(ctx, actor, desk.BookCall{Ticket: id, Start: when("2026-11-18 14:00")})
			})
		}
		wait.Wait()
		loser, id := errs[0], danas
		if loser == nil {
			loser, id = errs[1], omars
		}
		if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(loser, fault.Conflict) {
			t.Fatalf("they were told %v and %v", errs[0], errs[1])
		}
		var taken *desk.Taken
		if !errors.As(loser, &taken) {
			t.Fatalf("the other was told %v", loser)
		}
		var free []string
		for _, one := range taken.Free {
			free = append(free, one.Start.In(eastern).Format("15:04"))
		}
		o.is("the nearest times", strings.Join(free, " "), "13:00 13:15 14:45")
		if posted := o.posted(id); strings.Contains(posted, "call-") || o.call(id).ID != 0 {
			t.Errorf("the other has a call %+v and mails\n%s", o.call(id), posted)
		}
		o.in(id, "new")
	})
}

// A time that Dana thinks over is hers for five minutes, and then anybody's.
func TestAChosenTimeIsKeptForFiveMinutes(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, danas int64) {
		omars := o.asksForCall(omar)
		held, err := o.desk.HoldTime(ctx, o.linkOf(danas), desk.HoldTime{Ticket: danas, Start: when("2026-11-18 14:00")})
		o.must(err)
		o.is("until", shown(held.Until), "Mon 2026-11-16 09:05:00 EST")
		book := func() error {
			_, err := o.desk.BookCall(ctx, o.linkOf(omars), desk.BookCall{Ticket: omars, Start: when("2026-11-18 14:00")})
			return err
		}
		if err := book(); !fault.Is(err, fault.Conflict) {
			t.Errorf("Omar books what Dana thinks over: %v", err)
		}
		o.at("2026-11-16 09:05")
		o.must(book())
		_, err = o.desk.BookCall(ctx, o.linkOf(danas), desk.BookCall{Ticket: danas, Start: when("2026-11-18 14:00")})
		if taken := (*desk.Taken)(nil); !errors.As(err, &taken) || len(taken.Free) != 3 {
			t.Errorf("Dana comes too late and is told %v", err)
		}
	})
}

// Why a time cannot be had is said in words: closed, too soon, no plan, a call already.
func TestABookingThatIsRefusedSaysWhy(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		link := o.linkOf(id)
		for _, c := range []struct{ at, says string }{
			{"2026-11-21 10:00", "There are no calls at"},
			{"2026-11-26 10:00", "Thanksgiving"},
			{"2026-11-16 11:00", "cannot be had"},
			{"2027-02-16 11:00", "cannot be had"},
			{"2026-11-18 10:07", "cannot be had"},
		} {
			_, err := o.desk.BookCall(ctx, link, desk.BookCall{Ticket: id, Start: when(c.at)})
			if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), c.says) {
				t.Errorf("booking %s: %v", c.at, err)
			}
		}
		if _, err := o.desk.BookCall(ctx, link, desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00"), Phone: "<script>"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a strange number: %v", err)
		}
		o.books(id, "2026-11-18 11:00")
		_, err := o.desk.BookCall(ctx, link, desk.BookCall{Ticket: id, Start: when("2026-11-19 11:00")})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Says(err), "booked on this ticket already") {
			t.Errorf("a second call: %v", err)
		}
	})
}

// Without the add-on the page offers nothing; Ben can give a call all the same, and that is written down. Dana cannot.
func TestS0_11_AnAgentMakesAnException(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.knows(o.ticket(id).Requester.ID, map[string]any{"subscription.phone_support": false, "customer.stage": "active"})
		_, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00")})
		if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "Phone support") {
			t.Errorf("Dana books without phone support: %v", err)
		}
		if _, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00"), Exception: true}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Dana makes an exception for herself: %v", err)
		}
		if _, err := o.desk.BookCall(ctx, o.ben.Actor(), desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00")}); !fault.Is(err, fault.Refused) {
			t.Errorf("Ben books without saying that it is an exception: %v", err)
		}
		_, err = o.desk.BookCall(ctx, o.ben.Actor(), desk.BookCall{Ticket: id, Start: when("2026-11-16 10:07"), Exception: true})
		o.must(err)
		if call := o.call(id); !call.Exception || call.Host != o.cem.ID {
			t.Errorf("the call is %+v", call)
		}
		o.tells(id, "as an exception")
		if _, err := o.desk.BookCall(ctx, access.Actor{Person: o.ben.ID, Role: access.Light}, desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00")}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a light agent books: %v", err)
		}
	})
}

// tells looks for words in what agents read of a ticket's changes.
func (o *office) tells(id int64, words string) {
	o.t.Helper()
	var all strings.Builder
	for _, audit := range o.sees(o.ana.Actor(), id).Audits {
		for _, e := range audit.Events {
			fmt.Fprintln(&all, e.Says+e.To)
		}
	}
	if !strings.Contains(all.String(), words) {
		o.t.Errorf("nothing tells of %q:\n%s", words, &all)
	}
}

// Dana moves her call. Her calendar gets an update of the same entry, the old time is free at once, and the reminders follow.
func TestS0_16_TheCustomerMovesTheCall(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		uid := o.call(id).UID
		_, err := o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-19 14:00")})
		o.must(err)
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T110000\nREQUEST 1 20261119T140000")
		if o.call(id).UID != uid {
			t.Errorf("the call %s has become %s", uid, o.call(id).UID)
		}
		o.tells(id, "moved the call from Wed 18 Nov 2026, 11:00 EST to Thu 19 Nov 2026, 14:00 EST")
		omars := o.asksForCall(omar)
		o.books(omars, "2026-11-18 11:00")
		o.at("2026-11-19 14:00")
		o.is("the reminders", remindersOf(o.posted(id)), "Wed 2026-11-18 14:00:00 EST call-reminder to dana@client.example\nThu 2026-11-19 13:00:00 EST call-reminder to dana@client.example")
	})
}

// A calendar's yes is shown on the call. It is no reply: no comment, no state, no timer.
func TestS0_17_TheCalendarAnswers(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		before, posted := o.sees(access.Clock, id), o.posted(id)
		if got := o.arrives(o.calendarSays(id, dana)); got.Outcome != "threaded" || got.Ticket != id {
			t.Fatalf("the answer became %+v", got)
		}
		after := o.sees(access.Clock, id)
		o.is("the answer", o.call(id).Answer, "accepted")
		o.tells(id, "accepted the invitation")
		o.is("the mails", o.posted(id), posted)
		if len(after.Comments) != len(before.Comments) || after.Ticket.State != before.Ticket.State || fmt.Sprint(after.Ticket.Memory) != fmt.Sprint(before.Ticket.Memory) || !after.Ticket.Updated.Equal(before.Ticket.Updated) {
			t.Errorf("a calendar's yes has changed the ticket from %+v to %+v", before.Ticket, after.Ticket)
		}
	})
}

// A calendar's no calls the call off: the ticket is somebody's work again and the time is free.
func TestS0_18_TheCustomerDeclinesInTheCalendar(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		o.arrives(o.calendarSays(id, dana, "PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", "END:VEVENT", "COMMENT:I travel that week\r\nEND:VEVENT"))
		o.in(id, "open")
		call := o.call(id)
		o.is("the call", fmt.Sprint(call.State, " ", call.Answer, ": ", call.AnswerSays), "cancelled declined: I travel that week")
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T110000\nCANCEL 1 20261118T110000")
		o.is("Cem's invitations", o.invitations(id, "cem@agency.example"), "REQUEST 0 20261118T110000\nCANCEL 1 20261118T110000")
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "Find a new time")
		o.books(id, "2026-11-18 11:00")
	})
}

// A call whose time has come may be taking place. Nobody but a colleague ends it then: not the page that is still open, and not a calendar
// program from which an old entry is deleted. Its result stays owed.
func TestACallThatHasBegunIsNotCalledOffByItsCustomer(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		o.at("2026-11-18 10:00")
		if _, err := o.desk.CancelCall(ctx, o.linkOf(id), desk.CancelCall{Ticket: id}); !fault.Is(err, fault.Refused) {
			t.Errorf("Dana calls it off while Cem dials: %v", err)
		}
		o.at("2026-11-18 15:00")
		o.arrives(o.calendarSays(id, dana, "PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED"))
		o.is("the call", fmt.Sprint(o.call(id).State, " ", o.call(id).Answer), "booked declined")
		o.tells(id, "declined the call when its time had come; say how it went")
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T100000")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "solved", Result: "The importer is set up."})
		o.must(err)
		o.in(id, "solved")
	})
}

// Cem's calendar says no to a time that the call does not have any more. That is nobody's work.
func TestTheHostsAnswerToAnOldTimeIsNobodysWork(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		no := []string{"PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", "mailto:dana@client.example", "mailto:cem@agency.example"}
		old := o.calendarSays(id, "Cem <cem@agency.example>", no...)
		_, err := o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-20 10:00")})
		o.must(err)
		o.arrives(old)
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "")
		o.arrives(o.calendarSays(id, "Cem <cem@agency.example>", no...))
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "Cem Yildiz cannot take the call. Find another host or another time.")
	})
}

// A no in Cem's name that may be anybody's gives nobody work and takes no call away. Agents read of it and can ask him.
func TestANoOfTheHostThatNobodyCanVerifyIsTold(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		no := o.calendarSays(id, "Cem <cem@agency.example>", "PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", "mailto:dana@client.example", "mailto:cem@agency.example")
		no.headers += "Authentication-Results: mx.agency.example; dmarc=fail header.from=agency.example\r\n"
		o.arrives(no)
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "")
		o.is("the call", fmt.Sprint(o.call(id).State), "booked")
		o.tells(id, "a mail says that Cem Yildiz cannot take the call, and nobody can tell whether it is theirs; ask them")
	})
}

// Cem cannot, and Ben takes the call over at its time. Dana's entry stays the same one; Cem's calendar drops it and Ben's gets it.
func TestACallGoesToAnotherHost(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		o.arrives(o.calendarSays(id, dana))
		uid := o.call(id).UID
		if _, err := o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-18 10:00"), Host: o.ben.ID}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Dana chooses who calls her: %v", err)
		}
		_, err := o.desk.MoveCall(ctx, o.cem.Actor(), desk.MoveCall{Ticket: id, Start: when("2026-11-18 10:00"), Host: o.ben.ID})
		o.must(err)
		call := o.call(id)
		if call.Host != o.ben.ID || call.UID != uid || call.Answer != "accepted" {
			t.Errorf("the call is %+v", call)
		}
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T100000\nREQUEST 1 20261118T100000")
		o.is("Cem's invitations", o.invitations(id, "cem@agency.example"), "REQUEST 0 20261118T100000\nCANCEL 1 20261118T100000")
		o.is("Ben's invitations", o.invitations(id, "ben@agency.example"), "REQUEST 1 20261118T100000")
		if text := o.invitation(id, "cem@agency.example").text; !strings.Contains(text, "Somebody else calls Dana Reyes") {
			t.Errorf("Cem is told:\n%s", text)
		}
		o.tells(id, "gave the call of Wed 18 Nov 2026, 10:00 EST to Ben")
		_, err = o.desk.MoveCall(ctx, o.cem.Actor(), desk.MoveCall{Ticket: id, Start: when("2026-11-19 14:00"), Host: o.cem.ID})
		o.must(err)
		o.is("Ben's invitations", o.invitations(id, "ben@agency.example"), "REQUEST 1 20261118T100000\nCANCEL 2 20261118T100000")
		o.tells(id, "moved the call from Wed 18 Nov 2026, 10:00 EST to Thu 19 Nov 2026, 14:00 EST and gave it to Cem")
		o.books(o.asksForCall(omar), "2026-11-18 10:00") // Ben's time and Cem's are free again
	})
}

// Dana proposes another time from her calendar. One that is free waits for Cem's yes; one that cannot be had is declined with the way to
// those that can.
func TestS0_19_ACounterProposal(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		o.arrives(o.calendarSays(id, dana, counter(o.call(id), "2026-11-20 15:00")...))
		o.is("proposed", shown(o.call(id).Proposed), "Fri 2026-11-20 15:00:00 EST")
		o.is("the call stays", shown(o.call(id).Start), "Wed 2026-11-18 11:00:00 EST")
		_, err := o.desk.MoveCall(ctx, o.cem.Actor(), desk.MoveCall{Ticket: id, Start: o.call(id).Proposed})
		o.must(err)
		o.is("Dana's invitations", o.invitations(id, "dana@client.example"), "REQUEST 0 20261118T110000\nREQUEST 1 20261120T150000")

		o.arrives(o.calendarSays(id, dana, counter(o.call(id), "2026-11-21 10:00")...))
		if call := o.call(id); !call.Proposed.IsZero() || !call.Start.Equal(when("2026-11-20 15:00")) {
			t.Errorf("after proposing a Saturday the call is %+v", call)
		}
		last := o.last(id)
		if !strings.Contains(string(last.raw), "method=DECLINECOUNTER") || !strings.Contains(last.text, "We cannot call on Saturday 21 November 2026") || !strings.Contains(strings.Join(strings.Fields(last.text), ""), "/call") {
			t.Errorf("Dana is told:\n%s", last.text)
		}
	})
}

// Cem keeps the time, and Dana's calendar hears of it.
func TestS0_19_TheHostKeepsTheTime(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		o.arrives(o.calendarSays(id, dana, counter(o.call(id), "2026-11-20 15:00")...))
		_, err := o.desk.KeepTime(ctx, o.cem.Actor(), id)
		o.must(err)
		if last := o.last(id); !strings.Contains(string(last.raw), "method=DECLINECOUNTER") || !o.call(id).Proposed.IsZero() {
			t.Errorf("the call is %+v, and Dana is told:\n%s", o.call(id), last.text)
		}
		if _, err := o.desk.KeepTime(ctx, o.cem.Actor(), id); !fault.Is(err, fault.Conflict) {
			t.Errorf("keeping it twice: %v", err)
		}
	})
}

// An answer counts only from whom was invited, for the call that is booked, in the version they were sent. Nothing else moves a call.
func TestC3_ForgedAnswersOfCalendarsDoNothing(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		no := []string{"PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED"}
		forged := o.calendarSays(id, dana, no...)
		forged.headers += "Authentication-Results: mx.agency.example; dmarc=fail header.from=client.example\r\n"
		old := o.calendarSays(id, dana, no...)
		guessed := o.calendarSays(id, dana, append(no, "UID:"+o.call(id).UID, "UID:call-1@agency.example")...)
		astray := o.calendarSays(id, dana, no...)
		astray.answers, astray.to = nil, support
		for says, l := range map[string]letter{
			"from somebody else":              o.calendarSays(id, "Mallory <mallory@evil.example>", no...),
			"in somebody else's name":         o.calendarSays(id, dana, append(no, "mailto:dana@", "mailto:mallory@")...),
			"from where her domain sends not": forged,
			"about another call":              guessed,
			"without the ticket's address":    astray,
		} {
			o.arrives(l)
			if call := o.call(id); call.State != store.CallBooked || call.Answer != "" {
				t.Errorf("an answer %s has made it %+v", says, call)
			}
		}
		_, err := o.desk.MoveCall(ctx, o.cem.Actor(), desk.MoveCall{Ticket: id, Start: when("2026-11-19 11:00")})
		o.must(err)
		if got := o.arrives(old); o.call(id).State != store.CallBooked || !strings.Contains(got.Reason, "earlier version") {
			t.Errorf("an answer to the old time became %+v and made it %+v", got, o.call(id))
		}
		o.in(id, "scheduled")
	})
}

// Dana attaches what her calendar answered to somebody else. It answers no call of ours, and what she writes beside it is not lost.
func TestAnAnswerToSomebodyElsesInvitationWaitsForAPerson(t *testing.T) {
	eachPhoneDesk(t, "2026-11-09 11:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		got := o.arrives(o.calendarSays(id, dana, "UID:"+o.call(id).UID, "UID:meeting-7@client.example"))
		held := o.sees(o.cem.Actor(), id).Held
		if got.Outcome != "held" || len(held) != 1 || !strings.Contains(held[0].Reason, "an invitation that is not ours") {
			t.Errorf("it became %+v, and %d mails wait on the ticket", got, len(held))
		}
		o.in(id, "scheduled")
	})
}

// The host ends the call and owes its result; solving waits for it; the result opens with date, length and who spoke.
func TestS0_15_TheResultIsWrittenIntoTheTicket(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		o.at("2026-11-18 10:24")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id})
		o.must(err)
		o.in(id, "open")
		o.is("the phase", o.ticket(id).Memory.Phase.ID, "documented")
		solved := "solved"
		if _, err := o.desk.Set(ctx, o.cem.Actor(), desk.Set{Ticket: id, Status: &solved}); !fault.Is(err, fault.Refused) {
			t.Errorf("solving without a result: %v", err)
		}
		_, err = o.desk.WriteUpCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "more-work", Result: "The importer is set up."})
		o.must(err)
		comments := o.sees(o.linkOf(id), id).Comments
		o.is("what Dana reads", comments[len(comments)-1].Text, "Call on Wednesday 18 November 2026, 09:00 CST, 24 minutes: Cem and Dana Reyes.\n\nThe importer is set up.")
		_, err = o.desk.Set(ctx, o.cem.Actor(), desk.Set{Ticket: id, Status: &solved})
		o.must(err)
		o.is("the record", fmt.Sprint(o.call(id).State, " ", o.call(id).Outcome, ": ", o.call(id).Result), "done more-work: The importer is set up.")
	})
}

// With the result written at once, what the outcome says happens at once.
func TestACallThatSolvesItsTicket(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		o.at("2026-11-18 10:20")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "solved", Result: "Done together.", Length: 18 * time.Minute})
		o.must(err)
		o.in(id, "solved")
		says := ""
		for _, m := range o.mails(id) {
			says += m.text
		}
		if !strings.Contains(strings.Join(strings.Fields(says), " "), "18 minutes: Cem and Dana Reyes. Done together.") {
			t.Errorf("Dana is mailed:\n%s", says)
		}
	})
}

// Written up an hour later, the outcome does what it would have done at once, and once only.
func TestAnOutcomeThatIsWrittenLaterDoesWhatItSays(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		o.at("2026-11-18 10:24")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id})
		o.must(err)
		o.in(id, "open")
		o.at("2026-11-18 11:30")
		_, err = o.desk.WriteUpCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "solved", Result: "The importer is set up."})
		o.must(err)
		o.in(id, "solved")
		comments := o.sees(o.linkOf(id), id).Comments
		o.is("what Dana reads", comments[len(comments)-1].Text, "Call on Wednesday 18 November 2026, 09:00 CST, 24 minutes: Cem and Dana Reyes.\n\nThe importer is set up.")
		if page := o.sees(o.cem.Actor(), id); page.Call.Unwritten {
			t.Error("Cem is still asked to write the call up")
		}
	})
}

// One call is not enough: both stay on the ticket, each with what came of it.
func TestOneTicketLeadsToSeveralCalls(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		for _, call := range []struct{ begins, ends, outcome string }{{"2026-11-18 10:00", "2026-11-18 10:20", "more-work"}, {"2026-11-19 10:00", "2026-11-19 10:10", "solved"}} {
			o.books(id, call.begins)
			o.at(call.ends)
			_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: call.outcome, Result: "We looked at it together."})
			o.must(err)
		}
		o.in(id, "solved")
		page, err := o.desk.CallPage(ctx, o.cem.Actor(), id, desk.CallQuestion{})
		o.must(err)
		var told []string
		for _, c := range page.Past {
			told = append(told, fmt.Sprint(c.Start.In(eastern).Format("Mon 15:04"), ", ", c.Ended.Sub(c.Start), ", ", c.Outcome))
		}
		o.is("the calls", strings.Join(told, "\n"), "Wed 10:00, 20m0s, more-work\nThu 10:00, 10m0s, solved")
	})
}

// Nobody answers. The policy waits ten minutes; then Dana is asked to choose another time, and can.
func TestS0_21_TheHostSaysThatNobodyAnswers(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 14:00")
		o.at("2026-11-18 14:05")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "no-answer"})
		if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "waits for the customer") {
			t.Errorf("giving up after five minutes: %v", err)
		}
		o.at("2026-11-18 14:10")
		_, err = o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "no-answer"})
		o.must(err)
		o.in(id, "pending")
		if last := o.last(id); last.template != "missed-call" || !strings.Contains(strings.Join(strings.Fields(last.text), ""), "/call") {
			t.Errorf("Dana is told:\n%s", last.text)
		}
		o.books(id, "2026-11-19 14:00")
		o.in(id, "scheduled")
	})
}

// Phone support ends before the call. The call is kept, a new one is not sold.
func TestS0_13_ABookedCallIsKept(t *testing.T) {
	eachPhoneDesk(t, "2026-11-25 10:00", func(o *office, id int64) {
		o.books(id, "2026-12-02 11:00")
		o.knows(o.ticket(id).Requester.ID, map[string]any{"subscription.phone_support": false, "customer.stage": "active"})
		o.at("2026-12-01 09:00")
		o.is("the call", string(o.call(id).State), "booked")
		second := o.asks(dana, "Another thing")
		if _, err := o.desk.BookCall(ctx, o.linkOf(second), desk.BookCall{Ticket: second, Start: when("2026-12-03 11:00")}); !fault.Is(err, fault.Refused) {
			t.Errorf("a new call without the plan: %v", err)
		}
	})
}

// Phone support stands on the customer's record as a subscription: it opens the free times, for somebody who only tries the product too,
// and a new call after its last day is refused.
func TestS0_13_ASubscriptionOpensTheFreeTimes(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-25 10:00", func(o *office) {
		id := o.asks("Lena Brandt <lena@elsewhere.example>", "A call, please")
		book := func(at string) error {
			_, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when(at)})
			return err
		}
		if err := book("2026-12-02 11:00"); !fault.Is(err, fault.Refused) {
			t.Errorf("without a subscription: %v", err)
		}
		o.owns(desk.Sale{Email: "lena@elsewhere.example", Product: "Soapbox Engage", Plan: "phone", From: "2026-11-01", Until: "2026-11-30"})
		o.must(book("2026-12-02 11:00"))
		o.at("2026-12-02 11:25")
		_, err := o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "more-work", Result: "We go on tomorrow."})
		o.must(err)
		if err := book("2026-12-03 11:00"); !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "Phone support") {
			t.Errorf("after its last day: %v", err)
		}
	})
}

// None of the free times suit Dana, so she offers some. They stand in the conversation, and Cem books one.
func TestACustomerOffersTimes(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		offers := []time.Time{when("2026-11-19 15:00"), when("2026-11-18 16:00"), when("2026-11-10 10:00")}
		_, err := o.desk.OfferTimes(ctx, o.linkOf(id), desk.OfferTimes{Ticket: id, Times: offers, Phone: "+1 555 0100", Zone: "America/Chicago", Words: "Mornings are bad."})
		o.must(err)
		comments := o.sees(o.ben.Actor(), id).Comments
		said := comments[len(comments)-1].Text
		if !strings.Contains(said, "- Wednesday 18 November 2026, 15:00 CST (16:00 EST)") || strings.Contains(said, "10 November") || !strings.Contains(said, "Mornings are bad.") {
			t.Errorf("Dana has said:\n%s", said)
		}
		times := desk.OfferedTimes(o.ticket(id), o.clock.Now())
		if len(times) != 2 {
			t.Fatalf("the offers are %v", times)
		}
		_, err = o.desk.BookCall(ctx, o.cem.Actor(), desk.BookCall{Ticket: id, Start: times[0]})
		o.must(err)
		o.is("the call", shown(o.call(id).Start), "Wed 2026-11-18 16:00:00 EST")
	})
}

// What a stranger holds opens nothing: another customer's link, another customer.
func TestB1_CallsAreArrangedByThoseOfTheTicket(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		other := o.asksForCall(omar)
		for name, actor := range map[string]access.Actor{"Omar": o.customer("omar@"), "Omar's link": o.linkOf(other), "nobody": {}} {
			_, move := o.desk.MoveCall(ctx, actor, desk.MoveCall{Ticket: id, Start: when("2026-11-19 11:00")})
			_, cancel := o.desk.CancelCall(ctx, actor, desk.CancelCall{Ticket: id})
			_, page := o.desk.CallPage(ctx, actor, id, desk.CallQuestion{})
			if move == nil || cancel == nil || page == nil {
				t.Errorf("%s: moving %v, calling off %v, looking %v", name, move, cancel, page)
			}
		}
		o.in(id, "scheduled")
		if o.call(id).State != store.CallBooked || o.ticket(id).Category != ticket.Hold {
			t.Errorf("the call is %+v", o.call(id))
		}
	})
}

// Whoever is copied may see when the call is, and not the number.
func TestI2_ANumberIsShownToItsOwnerAndToAgents(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.asksForCall(omar)
		copies := []string{"omar@other.example"}
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, CCs: &copies})
		o.must(err)
		o.books(id, "2026-11-18 11:00")
		for _, c := range []struct {
			name  string
			actor access.Actor
			want  string
		}{{"Dana", o.linkOf(id), "+1 555 0100"}, {"Cem", o.cem.Actor(), "+1 555 0100"}, {"Omar", o.customer("omar@"), ""}} {
			page, err := o.desk.CallPage(ctx, c.actor, id, desk.CallQuestion{})
			o.must(err)
			if page.Booked.ID == 0 || page.Booked.Phone != c.want || page.Phone != c.want {
				t.Errorf("%s sees the numbers %q and %q", c.name, page.Booked.Phone, page.Phone)
			}
		}
	})
}

// The agenda is behind a secret address, which a new one ends.
func TestAgentsSubscribeToTheirCalls(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		first, err := o.desk.NewCallFeed(ctx, o.cem.Actor())
		o.must(err)
		ics, err := o.desk.CallFeed(ctx, first, false)
		o.must(err)
		if text := string(ics); !strings.Contains(text, "DTSTART:20261118T160000Z") || strings.Contains(text, calendar.MethodRequest) {
			t.Errorf("Cem's agenda is\n%s", text)
		}
		_, err = o.desk.NewCallFeed(ctx, o.cem.Actor())
		o.must(err)
		if _, err := o.desk.CallFeed(ctx, first, false); !fault.Is(err, fault.NotFound) {
			t.Errorf("the old address opens %v", err)
		}
		if _, err := o.desk.NewCallFeed(ctx, o.customer("dana@")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a customer subscribes: %v", err)
		}
	})
}

// What Cem has talked about stays in his calendar for a month after it was written up; what was called off does not.
func TestAnAgentsCalendarKeepsItsHistory(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		token, err := o.desk.NewCallFeed(ctx, o.cem.Actor())
		o.must(err)
		entries := func() string {
			ics, err := o.desk.CallFeed(ctx, token, false)
			o.must(err)
			return fmt.Sprint(strings.Count(string(ics), "SUMMARY:Call Dana"), " and ", strings.Count(string(ics), "SUMMARY:Call Omar"))
		}
		omars := o.asksForCall(omar)
		o.books(omars, "2026-11-18 11:00")
		o.books(id, "2026-11-18 10:00")
		o.at("2026-11-18 10:24")
		o.is("calls with Dana and Omar", entries(), "1 and 1")
		_, err = o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "solved", Result: "The importer is set up."})
		o.must(err)
		_, err = o.desk.CancelCall(ctx, o.linkOf(omars), desk.CancelCall{Ticket: omars})
		o.must(err)
		o.is("calls after one was written up", entries(), "1 and 0")
		o.at("2026-12-17 10:00")
		o.is("calls a month later", entries(), "1 and 0")
		o.at("2026-12-19 10:00")
		o.is("calls after that", entries(), "0 and 0")
	})
}

// A ticket is not solved over a call that is still in the calendar, nor over one whose time has passed and that nobody has ended.
func TestATicketIsNotSolvedOverItsCall(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 10:00")
		solved := "solved"
		for _, at := range []string{"2026-11-16 09:10", "2026-11-18 17:00"} {
			o.at(at)
			_, err := o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "It works now.", Status: solved})
			if !fault.Is(err, fault.Refused) || fault.Says(err) != "A call is booked for Wed 18 Nov 10:00. End it, move it or call it off first, then solve the ticket." || desk.MissingFact(err) != "call.time" {
				t.Errorf("solving at %s: %v", at, err)
			}
			if _, err := o.desk.Set(ctx, o.cem.Actor(), desk.Set{Ticket: id, Status: &solved}); !fault.Is(err, fault.Refused) {
				t.Errorf("setting solved at %s: %v", at, err)
			}
		}
		_, err := o.desk.CancelCall(ctx, o.cem.Actor(), desk.CancelCall{Ticket: id})
		o.must(err)
		_, err = o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "It works now.", Status: solved})
		o.must(err)
		o.in(id, "solved")
	})
}

// solvedThenBooked is a solved ticket on which Cem books another call, as an exception.
func (o *office) solvedThenBooked(id int64, local string) {
	o.t.Helper()
	solved := "solved"
	_, err := o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "It works now.", Status: solved})
	o.must(err)
	_, err = o.desk.BookCall(ctx, o.cem.Actor(), desk.BookCall{Ticket: id, Start: when(local), Phone: "+1 555 0100", Exception: true})
	o.must(err)
}

// A ticket closes by itself while its call is still to come: both calendars are told, nobody is reminded, and the time is free.
func TestACallIsCalledOffWhenItsTicketCloses(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.solvedThenBooked(id, "2026-11-20 10:00")
		o.at("2026-11-20 09:59") // locked since the 19th
		o.in(id, "closed")
		o.is("the call", string(o.call(id).State), "cancelled")
		o.is("what Dana's calendar hears", o.invitations(id, "dana@client.example"), "REQUEST 0 20261120T100000\nCANCEL 1 20261120T100000")
		if got := o.invitations(id, o.cem.Email); !strings.Contains(got, "CANCEL 1") {
			t.Errorf("Cem's calendar hears:\n%s", got)
		}
		o.tells(id, "called off the call of Fri 20 Nov 2026, 10:00 EST")
		if text := o.invitation(id, "dana@client.example").text; !strings.Contains(text, "Your request is closed.") || strings.Contains(text, "Choose another time") {
			t.Errorf("Dana reads:\n%s", text)
		}
		if left := o.ticket(id).Memory.Reminders; len(left) > 0 {
			t.Errorf("reminders are left: %+v", left)
		}
	})
}

// A call whose time has passed may have taken place. After its ticket has closed it stays on the list until somebody ends it or calls
// it off; what was said belongs into the follow-up.
func TestACallOfAClosedTicketIsEnded(t *testing.T) {
	for _, way := range []string{"end", "cancel"} {
		t.Run(way, func(t *testing.T) {
			eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
				o.solvedThenBooked(id, "2026-11-18 10:00")
				o.at("2026-11-24 09:00")
				o.in(id, "closed")
				list, err := o.desk.CallsPage(ctx, o.cem.Actor(), false)
				o.must(err)
				if len(list.Calls) != 1 || list.Calls[0].Ticket != id {
					t.Errorf("the list has %+v", list.Calls)
				}
				if way == "cancel" {
					_, err = o.desk.CancelCall(ctx, o.cem.Actor(), desk.CancelCall{Ticket: id})
					o.must(err)
					o.is("the call", string(o.call(id).State), "cancelled")
					return
				}
				if _, err = o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Result: "We fixed it."}); !fault.Is(err, fault.Refused) {
					t.Errorf("writing a result into a closed ticket: %v", err)
				}
				_, err = o.desk.EndCall(ctx, o.cem.Actor(), desk.EndCall{Ticket: id, Outcome: "solved"})
				o.must(err)
				o.in(id, "closed")
				o.is("the call", fmt.Sprint(o.call(id).State, o.ticket(id).Memory.Call.IsZero()), "donetrue")
				list, err = o.desk.CallsPage(ctx, o.cem.Actor(), false)
				o.must(err)
				o.is("calls that are left", fmt.Sprint(len(list.Calls)), "0")
			})
		})
	}
}
