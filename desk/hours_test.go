package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/internal/effort"
	"hark/rota"
	"hark/store"
	"hark/store/storetest"
)

// day reads a date like 2026-11-18.
func day(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// free are the times on offer for a ticket's customer on a day, on the clock in New York, and who would call at each.
func (o *office) free(id int64, on string) (times string, hosts map[int64]bool) {
	o.t.Helper()
	page, err := o.desk.CallPage(ctx, o.linkOf(id), id, desk.CallQuestion{})
	o.must(err)
	var all []string
	hosts = map[int64]bool{}
	for _, f := range page.Free {
		if local := f.Start.In(eastern); local.Format(time.DateOnly) == on {
			all = append(all, local.Format("15:04"))
			hosts[f.Host] = true
		}
	}
	return strings.Join(all, " "), hosts
}

// morning is a week with calls from ten to noon.
var morning = rota.Week{"10:00-12:00", "10:00-12:00", "10:00-12:00", "10:00-12:00", "10:00-12:00"}

// An agent who is away has no calls until they are back, and nobody books one by hand either.
func TestAwayDatesOfHostsCount(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.GoAway(ctx, o.cem.Actor(), rota.Absence{From: day("2026-11-16"), To: day("2026-11-18"), Note: "Moving house"}))
		page, err := o.desk.CallPage(ctx, o.linkOf(id), id, desk.CallQuestion{})
		o.must(err)
		if len(page.Free) == 0 || !page.Free[0].Start.Equal(when("2026-11-19 08:00")) {
			t.Errorf("the first free time is %v", page.Free[:1])
		}
		_, err = o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00")})
		var taken *desk.Taken
		if !errors.As(err, &taken) || len(taken.Free) != 3 || o.call(id).ID != 0 {
			t.Errorf("a call on a day Cem is away: %v", err)
		}
		if len(page.Away) > 0 {
			t.Errorf("Dana reads why: %v", page.Away)
		}
		page, err = o.desk.CallPage(ctx, o.ben.Actor(), id, desk.CallQuestion{})
		o.must(err)
		o.is("Ben reads", strings.Join(page.Away, "; "), "Cem Yildiz is away Mon 16 to Wed 18 Nov")
		_, err = o.desk.BookCall(ctx, o.ben.Actor(), desk.BookCall{Ticket: id, Start: when("2026-11-18 11:00"), Exception: true})
		o.is("by hand Ben is told", fault.Says(err), "Cem Yildiz is away Mon 16 to Wed 18 Nov then; choose another time, or somebody else")
	})
}

// Cem writes down his mornings. Customers choose from them, single days go before the week, and a call outside of them is refused.
func TestCallsLieWithinTheHoursOfTheirHost(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.KeepWeek(ctx, o.cem.Actor(), desk.Week{Own: true, Days: morning}))
		o.must(o.desk.KeepDay(ctx, o.cem.Actor(), 0, rota.Day{Date: day("2026-11-19"), Hours: "14-15", Why: "School"}))
		o.must(o.desk.KeepDay(ctx, o.cem.Actor(), 0, rota.Day{Date: day("2026-11-20")}))
		for on, want := range map[string]string{"2026-11-18": "10:00 10:15 10:30 10:45 11:00 11:15 11:30", "2026-11-19": "14:00 14:15 14:30", "2026-11-20": ""} {
			if got, _ := o.free(id, on); got != want {
				t.Errorf("on %s are free %s, want %s", on, got, want)
			}
		}
		_, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when("2026-11-18 15:00")})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("in the afternoon: %v", err)
		}
		o.books(id, "2026-11-18 11:30")
		o.must(o.desk.DropDay(ctx, o.cem.Actor(), 0, day("2026-11-19")))
		_, err = o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-19 14:00")})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("moved to the afternoon: %v", err)
		}
		_, err = o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-19 10:00")})
		o.must(err)
	})
}

// Hours are meant on the clock of whoever wrote them: evenings in Kolkata are mornings in New York, in summer and in winter.
func TestHoursAreMeantOnTheirOwnersClock(t *testing.T) {
	eachPhoneDesk(t, "2026-10-26 09:00", func(o *office, id int64) {
		evenings := rota.Week{"18:30-20:00", "18:30-20:00", "18:30-20:00", "18:30-20:00", "18:30-20:00"}
		o.must(o.desk.KeepWeek(ctx, o.cem.Actor(), desk.Week{Own: true, Zone: "Asia/Kolkata", Days: evenings}))
		for on, want := range map[string]string{"2026-10-28": "09:00 09:15 09:30 09:45 10:00", "2026-11-04": "08:00 08:15 08:30 08:45 09:00"} {
			if got, _ := o.free(id, on); got != want {
				t.Errorf("on %s are free %s, want %s", on, got, want)
			}
		}
	})
}

// What is booked stays where it is when its host writes other hours; the page of the hours names it, and nobody is told anything.
func TestBookedCallsOutsideOfNewHoursAreNamed(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 14:00")
		mails := o.posted(id)
		o.must(o.desk.KeepWeek(ctx, o.cem.Actor(), desk.Week{Own: true, Days: morning}))
		page, err := o.desk.HoursPage(ctx, o.cem.Actor(), 0)
		o.must(err)
		if len(page.Outside) != 1 || page.Outside[0].Ticket != id || page.Outside[0].Why != "outside of their hours for calls" {
			t.Errorf("outside are %+v", page.Outside)
		}
		o.is("the call", shown(o.call(id).Start)+" "+string(o.call(id).State), "Wed 2026-11-18 14:00:00 EST booked")
		o.is("the mails", o.posted(id), mails)
	})
}

// While Cem is away Ben stands in: customers of Cem are offered Ben's times on these days, and Cem's own on all others. A call that is
// booked stays with its host.
func TestWhoeverStandsInHasTheCallsMeanwhile(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.KeepWeek(ctx, o.ben.Actor(), desk.Week{Own: true, Days: morning}))
		o.must(o.desk.GoAway(ctx, o.cem.Actor(), rota.Absence{From: day("2026-11-18"), To: day("2026-11-18"), StandIn: o.ben.ID}))
		times, hosts := o.free(id, "2026-11-18")
		if times != "10:00 10:15 10:30 10:45 11:00 11:15 11:30" || !hosts[o.ben.ID] || hosts[o.cem.ID] {
			t.Errorf("on the 18th: %s with %v", times, hosts)
		}
		if _, hosts := o.free(id, "2026-11-19"); hosts[o.ben.ID] || !hosts[o.cem.ID] {
			t.Errorf("on the 19th calls %v", hosts)
		}
		o.books(id, "2026-11-18 10:00")
		if o.call(id).Host != o.ben.ID {
			t.Errorf("the call is with %d", o.call(id).Host)
		}
		if times, _ := o.free(id, "2026-11-19"); strings.Contains(times, "14:00") || !strings.Contains(times, "10:00") {
			t.Errorf("Ben's call could move to %s", times)
		}
	})
}

// Cem falls ill, and Ana notes it. Dana has been promised a call on one of these days: her ticket asks for somebody else, once, and tells
// her nothing.
func TestACallOfWhoeverIsAwayAsksForSomebodyElse(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 14:00")
		mails := o.posted(id)
		o.must(o.desk.GoAway(ctx, o.ana.Actor(), rota.Absence{Person: o.cem.ID, From: day("2026-11-19"), To: day("2026-11-20")}))
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "")
		for range 2 {
			o.must(o.desk.GoAway(ctx, o.ana.Actor(), rota.Absence{Person: o.cem.ID, From: day("2026-11-17"), To: day("2026-11-18")}))
		}
		o.is("the tasks", strings.Join(o.tasks(id), "\n"), "Cem Yildiz is away when this call is booked. Find another host or another time.")
		o.tells(id, "Cem Yildiz is away")
		o.is("the mails", o.posted(id), mails)
		o.is("the call", string(o.call(id).State), "booked")
	})
}

// An exception passes over notice and steps, and over what its giver wrote about their own time; not over a colleague's.
func TestS0_11_AnExceptionKeepsToAColleaguesHours(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.KeepWeek(ctx, o.cem.Actor(), desk.Week{Own: true, Days: morning}))
		exception := desk.BookCall{Ticket: id, Start: when("2026-11-18 13:07"), Exception: true}
		_, err := o.desk.BookCall(ctx, o.ben.Actor(), exception)
		o.is("Ben is told", fault.Says(err), "Cem Yildiz is outside of their hours for calls then; choose another time, or somebody else")
		_, err = o.desk.BookCall(ctx, o.cem.Actor(), exception)
		o.must(err)
		o.is("the call", shown(o.call(id).Start), "Wed 2026-11-18 13:07:00 EST")
	})
}

// cemsAddress is where Cem's own calendar stands. Whoever has it reads everything in it.
const cemsAddress = "https://calendar.example/private-4711/basic.ics"

// says answers each address with a file, or with why there is none.
func says(content string, err error) desk.ReadAddress {
	return func(_ context.Context, address string) ([]byte, error) {
		if address != cemsAddress {
			return nil, fault.New(fault.Invalid, "nobody gave the address %s", address)
		}
		return []byte(content), err
	}
}

const cemsCalendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Dentist, do not tell\r\nDTSTART;TZID=America/New_York:20261118T080000\r\nDTEND;TZID=America/New_York:20261118T150000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// diaryOf is the one calendar elsewhere of somebody.
func (o *office) diaryOf(p account.Person) store.Diary {
	o.t.Helper()
	page, err := o.desk.HoursPage(ctx, p.Actor(), 0)
	o.must(err)
	if len(page.Diaries) != 1 {
		o.t.Fatalf("%s has %d calendars elsewhere", p.Name, len(page.Diaries))
	}
	return page.Diaries[0]
}

// readsDiaries lets the worker look, and says how many calendars had their turn.
func (o *office) readsDiaries(read desk.ReadAddress) int {
	o.t.Helper()
	did, err := o.desk.ReadDiaries(ctx, read)
	o.must(err)
	return did
}

// Cem lets his own calendar be read. When he is busy there nobody books a call; when it cannot be read he is told why, and what it said
// last still counts. What stands in it is nowhere here.
func TestACalendarElsewhereKeepsItsTimesFree(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.AddDiary(ctx, o.cem.Actor(), desk.ReadDiary{Name: "Home", Address: "webcal://" + strings.TrimPrefix(cemsAddress, "https://")}))
		o.is("read at once", fmt.Sprint(o.readsDiaries(says(cemsCalendar, nil)), o.readsDiaries(says(cemsCalendar, nil))), "1 0")
		busy := "15:15 15:30 15:45 16:00 16:15 16:30" // ten minutes after it
		got, _ := o.free(id, "2026-11-18")
		o.is("free", got, busy)
		_, err := o.desk.BookCall(ctx, o.linkOf(id), desk.BookCall{Ticket: id, Start: when("2026-11-18 10:00")})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a call while he is at the dentist: %v", err)
		}

		o.at("2026-11-16 09:20")
		o.is("its turn came", fmt.Sprint(o.readsDiaries(says("", fault.New(fault.Unavailable, "calendar.example does not answer; it is tried again")))), "1")
		d := o.diaryOf(o.cem)
		o.is("Cem reads", d.Trouble, "calendar.example does not answer; it is tried again")
		got, _ = o.free(id, "2026-11-18")
		o.is("still free", got, busy)
		o.is("it is tried again", shown(d.Due), "Mon 2026-11-16 09:35:00 EST")
		o.at("2026-11-16 09:35")
		o.readsDiaries(says("<html>Sign in</html>", nil))
		d = o.diaryOf(o.cem)
		found := doctorSays(o.db.Doctor(ctx, o.clock.Now()))
		if want := "a calendar of " + o.cem.Email + " at calendar.example was last read at 2026-11-16T14:00:00Z: what is there is no calendar; its address is often called iCal or ICS (tried 2 times, again at 2026-11-16T15:05:00Z)"; !strings.Contains(found, want) || strings.Contains(found, "private-4711") {
			t.Errorf("the doctor finds\n%s", found)
		}
		if found := doctorSays(o.db.Doctor(ctx, o.clock.Now().Add(45*time.Minute))); !strings.Contains(found, "14:00:00Z, and should have been again at 2026-11-16T15:05:00Z") {
			t.Errorf("of a calendar that nobody reads the doctor finds\n%s", found)
		}
		o.is("and later", shown(d.Due)+": "+d.Trouble, "Mon 2026-11-16 10:05:00 EST: what is there is no calendar; its address is often called iCal or ICS")

		o.must(o.desk.ReadDiaryNow(ctx, o.cem.Actor(), d.ID))
		o.readsDiaries(says(strings.Replace(cemsCalendar, "20261118T150000", "20261118T090000", 1), nil))
		if got, _ = o.free(id, "2026-11-18"); !strings.HasPrefix(got, "09:15 09:30") || o.diaryOf(o.cem).Trouble != "" {
			t.Errorf("after it was mended are free %s; %+v", got, o.diaryOf(o.cem))
		}
		if found := doctorSays(o.db.Doctor(ctx, o.clock.Now())); strings.Contains(found, "a calendar of") {
			t.Errorf("after it was mended the doctor finds\n%s", found)
		}
		if d := o.diaryOf(o.cem); strings.Contains(string(d.Secret), "private-4711") || d.Host != "calendar.example" {
			t.Errorf("the address is kept as %q", d.Secret)
		}
		o.must(o.desk.DropDiary(ctx, o.cem.Actor(), d.ID))
		if got, _ = o.free(id, "2026-11-18"); !strings.HasPrefix(got, "08:00") || o.readsDiaries(says("", nil)) != 0 {
			t.Errorf("after it was taken out are free %s", got)
		}
	})
}

// Dana's call comes back to us in Cem's calendar, because it has accepted our invitation. It can move by a quarter of an hour all the same.
func TestS0_16_ACallIsNotInItsOwnWay(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.books(id, "2026-11-18 11:00")
		o.must(o.desk.AddDiary(ctx, o.cem.Actor(), desk.ReadDiary{Address: cemsAddress}))
		o.readsDiaries(says(strings.Replace(cemsCalendar, "UID:1", "UID:"+o.call(id).UID, 1), nil))
		_, err := o.desk.MoveCall(ctx, o.linkOf(id), desk.MoveCall{Ticket: id, Start: when("2026-11-18 11:15")})
		o.must(err)
	})
}

// A worker that stopped while it read leaves the calendar to the next one, when its lease ends; one that was too slow changes nothing.
func TestACalendarIsReadByOneWorkerAtATime(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.AddDiary(ctx, o.cem.Actor(), desk.ReadDiary{Address: cemsAddress}))
		slow := func(_ context.Context, _ string) ([]byte, error) {
			if did := o.readsDiaries(says(cemsCalendar, nil)); did != 0 {
				t.Errorf("another worker reads %d calendars meanwhile", did)
			}
			o.must(o.clock.MoveTo(ctx, when("2026-11-16 09:10")))
			o.is("the next one reads it when the lease has ended", fmt.Sprint(o.readsDiaries(says(cemsCalendar, nil))), "1")
			return []byte(strings.Replace(cemsCalendar, "20261118", "20261119", 2)), nil
		}
		o.readsDiaries(slow)
		if got, _ := o.free(id, "2026-11-18"); !strings.HasPrefix(got, "15:15") {
			t.Errorf("the slow worker has written over the next one: %s", got)
		}
	})
}

func TestE3_OnlyAddressesThatNobodyReadsOnTheWay(t *testing.T) {
	each(t, "2026-11-16 09:00", func(o *office) {
		for _, address := range []string{"http://calendar.example/a.ics", "ftp://calendar.example/a.ics", "file:///etc/passwd", "https://cem:secret@calendar.example/a.ics", "https://", "calendar.example/a.ics", "gopher://calendar.example", "https://calendar.example/" + strings.Repeat("a", 2000), ""} {
			if err := o.desk.AddDiary(ctx, o.cem.Actor(), desk.ReadDiary{Address: address}); !fault.Is(err, fault.Invalid) || desk.MisfilledField(err) != "address" {
				t.Errorf("%.60q: %v", address, err)
			}
		}
	})
}

// Everybody writes down their own hours. An administrator does it for somebody who is ill, and never sees where their calendars are.
func TestB1_HoursAreOnesOwn(t *testing.T) {
	eachPhoneDesk(t, "2026-11-16 09:00", func(o *office, id int64) {
		o.must(o.desk.AddDiary(ctx, o.cem.Actor(), desk.ReadDiary{Address: cemsAddress}))
		away := rota.Absence{Person: o.cem.ID, From: day("2026-11-17"), To: day("2026-11-17")}
		eve := o.hire("eve@agency.example", "Eve Lang", access.Light)
		for name, a := range map[string]access.Actor{"Ben": o.ben.Actor(), "a light agent": eve.Actor(), "a customer": o.linkOf(id), "a stranger": {}} {
			for what, err := range map[string]error{
				"goes away for Cem": o.desk.GoAway(ctx, a, away), "writes Cem's week": o.desk.KeepWeek(ctx, a, desk.Week{Person: o.cem.ID}), "brings Cem back": o.desk.ComeBack(ctx, a, o.cem.ID, 1),
				"changes a day of Cem": o.desk.KeepDay(ctx, a, o.cem.ID, rota.Day{Date: day("2026-11-18")}), "drops it": o.desk.DropDay(ctx, a, o.cem.ID, day("2026-11-18")),
			} {
				if !isForbidden(err) {
					t.Errorf("%s %s: %v", name, what, err)
				}
			}
			if _, err := o.desk.HoursPage(ctx, a, o.cem.ID); !isForbidden(err) {
				t.Errorf("%s reads Cem's hours: %v", name, err)
			}
		}
		for name, a := range map[string]access.Actor{"a light agent": eve.Actor(), "a customer": o.linkOf(id)} {
			if err := o.desk.AddDiary(ctx, a, desk.ReadDiary{Address: cemsAddress}); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s lets a calendar be read: %v", name, err)
			}
		}
		theirs := o.diaryOf(o.cem).ID
		for what, err := range map[string]error{"takes out": o.desk.DropDiary(ctx, o.ana.Actor(), theirs), "reads": o.desk.ReadDiaryNow(ctx, o.ana.Actor(), theirs)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("Ana %s Cem's calendar: %v", what, err)
			}
		}
		o.must(o.desk.GoAway(ctx, o.ana.Actor(), away))
		page, err := o.desk.HoursPage(ctx, o.ana.Actor(), o.cem.ID)
		o.must(err)
		if len(page.Away) != 1 || len(page.Diaries) != 0 {
			t.Errorf("Ana reads %+v", page)
		}
		o.must(o.desk.ComeBack(ctx, o.cem.Actor(), 0, page.Away[0].ID))
		if err := o.desk.ComeBack(ctx, o.cem.Actor(), 0, page.Away[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("he comes back a second time: %v", err)
		}
	})
}

// isForbidden reports whether somebody may not do this, or has to say first who they are.
func isForbidden(err error) bool {
	return fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Unsigned)
}

// The team's week: who can have calls, what is booked, who is away and who stands in. Calls of tickets that the reader does not see
// make their host busy, without a word of whose they are.
func TestTheTeamsWeek(t *testing.T) {
	eachPhoneDesk(t, "2026-11-23 09:00", func(o *office, id int64) {
		o.must(o.desk.KeepWeek(ctx, o.ben.Actor(), desk.Week{Own: true, Days: morning}))
		o.must(o.desk.GoAway(ctx, o.ana.Actor(), rota.Absence{From: day("2026-11-24"), To: day("2026-11-25"), StandIn: o.ben.ID}))
		o.books(id, "2026-11-24 14:00")
		week := o.rota(o.ana.Actor())
		o.is("closed", week.Days[3].Closed, "holiday: Thanksgiving Day")
		lines := map[string]desk.RotaLine{}
		for _, l := range week.Lines {
			lines[l.Person.Name] = l
		}
		tuesday := 1
		o.is("Ben on Tuesday", spansSay(lines["Ben Okafor"].Cells[tuesday].Can), "10:00-12:00")
		o.is("Cem on Tuesday", spansSay(lines["Cem Yildiz"].Cells[tuesday].Can), "08:00-17:00")
		if calls := lines["Cem Yildiz"].Cells[tuesday].Calls; len(calls) != 1 || calls[0].Ticket != id {
			t.Errorf("Cem's calls are %+v", calls)
		}
		if c := lines["Ana Ruiz"].Cells[tuesday]; c.Away == nil || c.StandIn != "Ben" || len(c.Can) > 0 {
			t.Errorf("Ana is not away: %+v", c)
		}
		if c := lines["Ana Ruiz"].Cells[4]; c.Away != nil || spansSay(c.Can) != "08:00-17:00" {
			t.Errorf("Ana on Friday: %+v", c)
		}

		group, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Level two"})
		o.must(err)
		storetest.Write(t, o.db, func(tx *store.Tx) error { // a ticket that Ben does not see
			ticket, err := tx.Ticket(access.Clock, id)
			ticket.Group = group.ID
			if err != nil {
				return err
			}
			return tx.SaveTicket(&ticket)
		})
		for _, l := range o.rota(o.ben.Actor()).Lines {
			if l.Person.ID == o.cem.ID && (len(l.Cells[tuesday].Calls) > 0 || spansSay(l.Cells[tuesday].Busy) != "14:00-14:30") {
				t.Errorf("Ben sees %+v", l.Cells[tuesday])
			}
		}
		if _, err := o.desk.RotaWeek(ctx, o.linkOf(id), desk.RotaQuestion{Monday: day("2026-11-23"), Zone: eastern}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a customer reads the team's week: %v", err)
		}
	})
}

func (o *office) rota(a access.Actor) desk.RotaWeek {
	o.t.Helper()
	week, err := o.desk.RotaWeek(ctx, a, desk.RotaQuestion{Monday: day("2026-11-23"), Zone: eastern})
	o.must(err)
	return week
}

func spansSay(spans []calendar.Span) string {
	var all []string
	for _, s := range spans {
		all = append(all, s.From.In(eastern).Format("15:04")+"-"+s.To.In(eastern).Format("15:04"))
	}
	return strings.Join(all, " ")
}

// A month of free times of twenty colleagues, each with hours of their own, an absence, calendars elsewhere and calls, is worked out
// within 30 ms.
func TestFreeTimesOfTwentyColleaguesTakeLittleWork(t *testing.T) {
	db := storetest.SQLite(t)
	o := open(t, db, "2026-11-16 09:00")
	o.apply(example(t, "soapbox-phone-support"))
	id := o.asks(dana, "The importer")
	o.knows(o.ticket(id).Requester.ID, map[string]any{"subscription.phone_support": true, "customer.stage": "active"})
	for i := range 17 {
		o.hire(fmt.Sprintf("agent%d@agency.example", i), fmt.Sprintf("Agent %d", i), access.Agent)
	}
	o.keepsTwentyBusy()
	var page desk.CallPage
	took := effort.Least(5, func() {
		var err error
		page, err = o.desk.CallPage(ctx, o.linkOf(id), id, desk.CallQuestion{})
		o.must(err)
	})
	if len(page.Free) < 400 || took > 30*time.Millisecond {
		t.Errorf("%d free times took %v of work", len(page.Free), took)
	}
}

// keepsTwentyBusy gives everybody hours, an absence and ninety appointments elsewhere.
func (o *office) keepsTwentyBusy() {
	o.t.Helper()
	storetest.Write(o.t, o.db, func(tx *store.Tx) error {
		staff, err := tx.Staff()
		if err != nil {
			return err
		}
		for i, p := range staff {
			hours := rota.Hours{Own: true, Zone: "Europe/Lisbon", Week: rota.Week{"13:00-17:00, 18:00-22:00", "13:00-22:00", "13:00-17:00", "13:00-22:00", "13:00-22:00"}, Dates: []rota.Day{{Date: day("2026-12-01"), Hours: "14:00-15:00"}}}
			if err := tx.SaveCallHours(p.ID, hours, when("2026-11-16 09:00")); err != nil {
				return err
			}
			away := rota.Absence{Person: p.ID, From: day("2026-11-18").Plus(i), To: day("2026-11-20").Plus(i)}
			if err := tx.AddAbsence(&away, when("2026-11-16 09:00")); err != nil {
				return err
			}
			d := store.Diary{Person: p.ID, Name: "Home", Host: "calendar.example", Secret: []byte{1}, Created: when("2026-11-16 09:00"), Due: when("2026-11-16 10:00")}
			if err := tx.AddDiary(&d); err != nil {
				return err
			}
			var spans []calendar.Span
			for n := range 90 {
				at := when("2026-11-16 09:07").Add(time.Duration(n*8+i%5) * time.Hour)
				spans = append(spans, calendar.Span{From: at, To: at.Add(50 * time.Minute)})
			}
			if err := tx.SetDiaryTimes(d.ID, spans); err != nil {
				return err
			}
		}
		return nil
	})
}
