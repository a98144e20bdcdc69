package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// weeklies are the weekly reports that have left, oldest first: when and to whom.
func (o *office) weeklies() (all []string, mails []store.Outgoing) {
	o.t.Helper()
	page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 200})
	o.must(err)
	for i := len(page.Items) - 1; i >= 0; i-- {
		if m := page.Items[i]; m.Template == "weekly-report" {
			all, mails = append(all, shown(m.CreatedAt)+" "+m.To+" "+m.Subject), append(mails, m)
		}
	}
	return all, mails
}

// Ana, who lives in London, has the report mailed on Fridays at eight. It comes at her hour, once however often the clock is asked,
// on both sides of the change of clocks, and about the seven days before.
func TestAReportIsMailedEveryWeekOnce(t *testing.T) {
	each(t, "2027-03-18 12:00", func(o *office) {
		london := "Europe/London"
		o.must(o.desk.ChangeSelf(ctx, o.ana.Actor(), desk.SelfChange{Zone: &london}))
		o.must(o.desk.MailReport(ctx, o.ana.Actor(), desk.ReportMail{Weekday: time.Friday, Hour: 8}))
		for range 3 {
			o.arrives(letter{from: maria, subject: "A question", body: "Please."})
		}
		o.at("2027-03-19 03:59") // London is four hours ahead until its clocks change on the 28th
		if all, _ := o.weeklies(); len(all) != 0 {
			t.Errorf("before its hour %v left", all)
		}
		o.at("2027-03-26 03:00")
		for range 3 {
			_, err := o.desk.PassTime(ctx)
			o.must(err)
		}
		o.at("2027-04-02 12:00")
		all, mails := o.weeklies()
		o.is("the mails", strings.Join(all, "\n"), strings.TrimSpace(`
Fri 2027-03-19 04:00:00 EDT ana@agency.example The Agency, 12 to 18 March 2027
Fri 2027-03-26 04:00:00 EDT ana@agency.example The Agency, 19 to 25 March 2027
Fri 2027-04-02 03:00:00 EDT ana@agency.example The Agency, 26 March to 1 April 2027`))
		first := o.read(mails[0])
		for _, says := range []string{"3 tickets", "FIRST ANSWERS", "WHAT WE SAID, AND WHAT CAME OF IT", "WHAT HAPPENED AFTERWARDS", "https://agency.example/reports?brand=1&period=2027-03-12", "You get this every Friday at 08:00", "https://agency.example/reports/end/"} {
			if !strings.Contains(first.text, says) {
				t.Errorf("the mail does not say %q:\n%s", says, first.text)
			}
		}
		_, raw, err := o.desk.SentMail(ctx, access.Clock, mails[0].ID)
		o.must(err)
		for _, field := range []string{"List-Unsubscribe: <https://agency.example/reports/end/", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Auto-Submitted: auto-generated"} {
			if !strings.Contains(strings.ReplaceAll(string(raw), "\r\n ", " "), field) {
				t.Errorf("the mail has no %s", field)
			}
		}
	})
}

// The desk was off for three weeks. One mail makes up for them, and the next comes at its hour.
func TestWeeksThatPassedAreOneMail(t *testing.T) {
	each(t, "2026-11-20 12:00", func(o *office) {
		o.must(o.desk.MailReport(ctx, o.ben.Actor(), desk.ReportMail{Weekday: time.Monday, Hour: 9}))
		o.must(o.clock.MoveTo(ctx, when("2026-12-17 10:00")))
		_, err := o.desk.PassTime(ctx)
		o.must(err)
		o.at("2026-12-22 00:00")
		all, _ := o.weeklies()
		o.is("how many", fmt.Sprint(len(all)), "2")
		if !strings.HasPrefix(all[1], "Mon 2026-12-21 09:00:00 EST") {
			t.Errorf("the next one left %s", all[1])
		}
	})
}

// It ends by a click in the mail, by its reader, and with its reader. Nobody ends another's.
func TestAWeeklyReportEnds(t *testing.T) {
	each(t, "2026-11-20 12:00", func(o *office) {
		o.asks(maria, "A question")
		for _, who := range []access.Actor{o.ana.Actor(), o.ben.Actor(), o.cem.Actor()} {
			o.must(o.desk.MailReport(ctx, who, desk.ReportMail{Weekday: time.Monday, Hour: 9}))
		}
		o.at("2026-11-24 00:00")
		all, mails := o.weeklies()
		o.is("how many the first week", fmt.Sprint(len(all)), "3")
		_, link, _ := strings.Cut(o.read(mails[0]).text, "/reports/end/")
		token := strings.Fields(link)[0]
		for _, wrong := range []string{"", token[1:], token + "x", strings.Repeat("A", len(token))} {
			if err := o.desk.EndReportMailByLink(ctx, wrong); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q ends something: %v", wrong, err)
			}
		}
		o.must(o.desk.EndReportMailByLink(ctx, token))
		if err := o.desk.EndReportMailByLink(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("the second click is answered %v", err)
		}
		o.must(o.desk.EndReportMail(ctx, o.ben.Actor(), o.brand.ID))
		off := true
		_, err := o.desk.ChangePerson(ctx, access.Clock, o.cem.ID, desk.PersonChange{Suspended: &off})
		o.must(err)
		o.at("2026-12-02 00:00")
		if all, _ := o.weeklies(); len(all) != 3 {
			t.Errorf("after all have ended these left: %v", all[3:])
		}
		for what, a := range map[string]access.Actor{"a customer": o.customer("maria@"), "a stranger": {}} {
			if err := o.desk.MailReport(ctx, a, desk.ReportMail{}); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s may have it: %v", what, err)
			}
		}
		if err := o.desk.MailReport(ctx, o.ana.Actor(), desk.ReportMail{Brand: 77}); !fault.Is(err, fault.NotFound) {
			t.Errorf("of no brand: %v", err)
		}
		if err := o.desk.MailReport(ctx, o.ana.Actor(), desk.ReportMail{Hour: 24}); !fault.Is(err, fault.Invalid) {
			t.Errorf("at no hour: %v", err)
		}
	})
}

// The mail counts what its reader may see, as the page does.
func TestB3_AWeeklyReportCountsWhatItsReaderMaySee(t *testing.T) {
	each(t, "2026-11-20 09:00", func(o *office) {
		o.teams() // one ticket, in Ben's group
		for _, who := range []access.Actor{o.ben.Actor(), o.cem.Actor()} {
			o.must(o.desk.MailReport(ctx, who, desk.ReportMail{Weekday: time.Saturday, Hour: 9}))
		}
		o.at("2026-11-21 10:00")
		_, mails := o.weeklies()
		for _, m := range mails {
			text := o.read(m).text
			if none := strings.Contains(text, "No tickets came in this time."); none != (m.To == o.cem.Email) {
				t.Errorf("%s reads\n%s", m.To, text)
			}
		}
	})
}

func TestSevenDaysAreAPeriod(t *testing.T) {
	for text, says := range map[string]string{"2026-11-16": "16 to 22 November 2026", "2026-11-27": "27 November to 3 December 2026", "2026-12-28": "28 December 2026 to 3 January 2027", "2026-02-30": "Last 90 days", "2026-11": "November 2026"} {
		p := desk.ParsePeriod(text)
		if p.Says() != says || desk.ParsePeriod(p.String()) != p {
			t.Errorf("%s is %q, at %s", text, p.Says(), p)
		}
	}
	now, zone := when("2026-11-24 12:00"), time.UTC
	week := desk.ParsePeriod("2026-11-16")
	if later, more := week.Later(now, zone); !more || later.String() != "2026-11-23" || week.Earlier(now, zone).String() != "2026-11-09" {
		t.Errorf("beside it are %s and %s", week.Earlier(now, zone), later)
	}
	if later, more := desk.ParsePeriod("2026-11-23").Later(now, zone); more {
		t.Errorf("there is a later one: %s", later)
	}
}
