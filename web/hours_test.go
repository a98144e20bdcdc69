package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hark/calendar"
	"hark/desk"
	"hark/rota"
)

func dateOf(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Ben writes down his mornings, a day off, and when he is away, each with a plain form. Dana's page offers what is left, and the team's
// week shows it.
func TestAnAgentWritesDownTheirHours(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben := o.as(o.ben)
		ben.get("/me").reads(t, "When you can have calls")
		ben.get("/me/hours").reads(t, "When you can have calls", "Calls are taken Monday to Friday 08:00-17:00, on the clock of New York.", "Those of the company")
		week := form("do", "week", "own", "own", "days", "10-12", "days", "10-12", "days", "10-12", "days", "10-12", "days", "10-12", "days", "", "days", "", "zone", "")
		if got := ben.post("/me/hours", week); got.status != 303 {
			t.Fatalf("his week answers %d: %s", got.status, excerpt(got.body))
		}
		ben.get("/me/hours").sees(t, `value="10:00-12:00"`)
		ben.post("/me/hours", form("do", "day", "date", "2026-11-24", "hours", "", "why", "School play"))
		ben.post("/me/hours", form("do", "away", "from", "2026-11-25", "to", "2026-11-27", "note", "At the donor forum", "stand_in", fmt.Sprint(o.ana.ID)))
		ben.get("/me/hours").reads(t, "Tue 24 Nov", "No calls", "School play", "Wed 25 to Fri 27 Nov", "Ana Ruiz stands in", "At the donor forum")

		o.stranger().get(o.link(o.danas, o.dana)+"/call?day=2026-11-30").reads(t, "Monday 30 November", "Morning 10:00 10:15 10:30 10:45 11:00 11:15 11:30 Continue")
		ben.post("/tickets/"+fmt.Sprint(o.danas)+"/call", form("do", "book", "start", "2026-11-30T15:00:00Z", "key", "k"))
		team := o.as(o.ana).get("/calls/week?week=2026-11-30")
		team.reads(t, "30 November to 6 December 2026", "On the clock of New York.", "Ben Okafor", "10:00 to 12:00", "10:00 Dana Reyes")
		o.as(o.ana).get("/calls/week?week=2026-11-23").reads(t, "Thanksgiving Day", "Away, Ana stands in", "At the donor forum", "This week")
		if body := o.stranger().get(o.link(o.danas, o.dana) + "/call").body; strings.Contains(body, "donor forum") || strings.Contains(body, "School play") {
			t.Error("a customer reads a colleague's note")
		}
	})
}

// What cannot be kept comes back as it was typed, with what is wrong at its field.
func TestHoursThatCannotBeKeptComeBack(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben := o.as(o.ben)
		got := ben.post("/me/hours", form("do", "week", "own", "own", "days", "9-12", "days", "12-9", "zone", "Berlin time"))
		got.sees(t, `href="#hours-tue"`, `href="#zone"`, `value="12-9"`, `value="Berlin time"`, `value="9-12"`)
		got = ben.post("/me/hours", form("do", "away", "from", "2026-11-27", "to", "2026-11-25", "note", "Forum"))
		got.sees(t, "The last day you are away comes before the first.", `value="2026-11-27"`, `value="Forum"`)
		got = ben.post("/me/hours", form("do", "diary", "address", "http://calendar.example/secret-4711", "name", "Home"))
		got.sees(t, "The address begins with https://", `value="Home"`)
		if strings.Contains(got.body, "secret-4711") || got.status != 400 {
			t.Errorf("a refused address answers %d and is sent back: %s", got.status, excerpt(got.body))
		}
		ben.get("/me/hours").reads(t, "Those of the company")
	})
}

// Ben's other calendar is named where it cannot be read; its address is shown to nobody, and an administrator does not see that it is there.
func TestACalendarThatCannotBeReadIsNamed(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		ben := o.as(o.ben)
		ben.post("/me/hours", form("do", "diary", "address", "https://calendar.example/secret-4711.ics", "name", "Choir"))
		ben.get("/me/hours").reads(t, "Choir", "calendar.example", "It is read within a minute.")
		_, err := o.desk.ReadDiaries(ctx, func(context.Context, string) ([]byte, error) { return []byte("<html>"), nil })
		o.must(err)
		page := ben.get("/me/hours")
		page.reads(t, "What is there is no calendar", "It has not been read yet.")
		ben.get("/calls").reads(t, "Your calendar “Choir” cannot be read")
		ana := o.as(o.ana).get("/admin/people/" + fmt.Sprint(o.ben.ID) + "/hours")
		ana.reads(t, "When Ben Okafor can have calls")
		if strings.Contains(page.body+ana.body, "secret-4711") || strings.Contains(ana.body, "Choir") {
			t.Error("the address, or the calendar, is shown")
		}
	})
}

// Somebody is ill. An administrator writes it down for them; other colleagues cannot.
func TestB1_AnAdministratorWritesDownWhoIsIll(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		path := "/admin/people/" + fmt.Sprint(o.ben.ID) + "/hours"
		if page := o.as(o.ana).get("/admin/people/" + fmt.Sprint(o.ben.ID)); !strings.Contains(page.body, `href="`+path+`"`) {
			t.Error("Ben's page does not lead to his hours")
		}
		o.as(o.ana).post(path, form("do", "away", "from", "2026-11-20", "to", "2026-11-24"))
		o.as(o.ben).get("/me/hours").reads(t, "Fri 20 to Tue 24 Nov", "now")
		o.as(o.ana).get("/tickets/"+fmt.Sprint(o.danas)+"/call").reads(t, "Ben Okafor is away Fri 20 to Tue 24 Nov.")
		page, err := o.desk.CallPage(ctx, o.ana.Actor(), o.danas, desk.CallQuestion{})
		o.must(err)
		if len(page.Free) == 0 || page.Free[0].Start.Format("2006-01-02") != "2026-11-25" {
			t.Errorf("Ben's first free time is %v", page.Free[:1])
		}
		if got := o.as(o.ben).post("/admin/people/"+fmt.Sprint(o.ana.ID)+"/hours", form("do", "away", "from", "2026-11-20", "to", "2026-11-24")); got.status != 403 && got.status != 404 {
			t.Errorf("Ben marks Ana away: %d", got.status)
		}
	})
}

// A week that nobody plans for, and words in place of a date, show the present one.
func TestTheTeamsWeekIsAWeekThatSomebodyPlansFor(t *testing.T) {
	phones(t, func(t *testing.T, o phoneDesk) {
		o.must(o.desk.GoAway(ctx, o.ben.Actor(), rota.Absence{From: dateOf("2026-11-20"), To: dateOf("2026-11-20")}))
		for _, week := range []string{"", "?week=9999-01-01", "?week=soon", "?week=2025-01-01", "?week=2026-11-22&after=x"} {
			o.as(o.ben).get("/calls/week"+week).reads(t, "16 to 22 November 2026", "Away")
		}
	})
}
