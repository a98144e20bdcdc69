package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// ReportMail is a colleague's wish to be mailed a brand's report every week: the seven days before, of the tickets they may see.
type ReportMail struct {
	Brand   int64        `json:"brand"`
	Weekday time.Weekday `json:"weekday"`
	Hour    int          `json:"hour"` // 0 to 23, in the reader's own zone, else in the policy's
}

// weekly is such a wish as it is kept. All of them stand in one setting: a desk has a handful.
type weekly struct {
	ReportMail
	Person int64     `json:"person"`
	Token  string    `json:"token"` // of the link that ends it, in every one of its mails
	Since  time.Time `json:"since"`
	Sent   time.Time `json:"sent,omitzero"` // the planned instant of the last one
}

const (
	weeklySetting  = "report-mails"
	weeklyTemplate = "weekly-report"
)

// restOfWeek keeps a second mail from following the first in one week, when its reader has moved to another zone or another hour.
const restOfWeek = 3 * 24 * time.Hour

// next is when the following one leaves: at its hour of its weekday, on the reader's clock (RFC 5545).
func (w weekly) next(zone *time.Location) time.Time {
	from := w.Since
	if !w.Sent.IsZero() {
		from = latest(from, w.Sent.Add(restOfWeek))
	}
	return weekdayAfter(from, w.Weekday, w.Hour, zone)
}

// weekdayAfter is the first instant after another at which it is that hour of that weekday on the clocks of a zone (RFC 5545).
func weekdayAfter(from time.Time, weekday time.Weekday, hour int, zone *time.Location) time.Time {
	for day := calendar.DateOf(from, zone); ; day = day.Plus(1) {
		at := calendar.Resolve(day, calendar.ClockOf(hour, 0), zone).UTC()
		if day.Weekday() == weekday && at.After(from) {
			return at
		}
	}
}

func keptWeekly(tx *store.Tx) (all []weekly, err error) {
	kept, err := tx.Setting(weeklySetting)
	if err != nil || kept == nil {
		return nil, err
	}
	return all, json.Unmarshal(kept, &all)
}

// changeWeekly changes what is kept, one after the other.
func changeWeekly(tx *store.Tx, change func([]weekly) ([]weekly, error)) error {
	if err := tx.Alone(weeklySetting); err != nil {
		return err
	}
	all, err := keptWeekly(tx)
	if err != nil {
		return err
	}
	if all, err = change(all); err != nil {
		return err
	}
	return keepJSON(tx, weeklySetting, all)
}

func (w weekly) is(person, brand int64) bool { return w.Person == person && w.Brand == brand }

// MailReport mails the actor a brand's report every week from now on, or on another day or hour than before.
func (d *Desk) MailReport(ctx context.Context, a access.Actor, in ReportMail) error {
	if err := mayReadReports(a); err != nil {
		return err
	}
	if in.Weekday < time.Sunday || in.Weekday > time.Saturday || in.Hour < 0 || in.Hour > 23 {
		return fault.New(fault.Invalid, "choose a day of the week and an hour from 0 to 23")
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) (err error) {
		if in.Brand, err = d.brandOr(tx, in.Brand); err != nil {
			return err
		}
		if _, err := tx.Brand(in.Brand); err != nil {
			return err
		}
		return changeWeekly(tx, func(all []weekly) ([]weekly, error) {
			i := slices.IndexFunc(all, func(w weekly) bool { return w.is(a.Person, in.Brand) })
			if i < 0 {
				return append(all, weekly{ReportMail: in, Person: a.Person, Token: newToken(), Since: now}), nil
			}
			all[i].ReportMail, all[i].Since = in, now
			return all, nil
		})
	})
}

func mayReadReports(a access.Actor) error {
	if a.Person == 0 {
		return fault.New(fault.Forbidden, "this needs a person who is signed in")
	}
	return may(a, access.SeeTickets)
}

// ReportMailed is what the actor gets of a brand, false for nothing.
func (d *Desk) ReportMailed(ctx context.Context, a access.Actor, brand int64) (in ReportMail, yes bool, err error) {
	if err := mayReadReports(a); err != nil {
		return in, false, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := keptWeekly(tx)
		if i := slices.IndexFunc(all, func(w weekly) bool { return w.is(a.Person, brand) }); i >= 0 {
			in, yes = all[i].ReportMail, true
		}
		return err
	})
	return in, yes, err
}

// EndReportMail ends it for the actor.
func (d *Desk) EndReportMail(ctx context.Context, a access.Actor, brand int64) error {
	if err := mayReadReports(a); err != nil {
		return err
	}
	return d.endWeekly(ctx, func(w weekly) bool { return w.is(a.Person, brand) })
}

// EndReportMailByLink ends it for whoever holds the link of one of its mails. A link that ends nothing any more is [fault.NotFound].
func (d *Desk) EndReportMailByLink(ctx context.Context, token string) error {
	found := false
	err := d.endWeekly(ctx, func(w weekly) bool {
		mine := hashToken(w.Token) == hashToken(token) && len(token) == tokenLength
		found = found || mine
		return mine
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "this mail is ended already, or its link was copied only in part")
	}
	return err
}

func (d *Desk) endWeekly(ctx context.Context, ends func(weekly) bool) error {
	return d.db.Write(ctx, func(tx *store.Tx) error {
		return changeWeekly(tx, func(all []weekly) ([]weekly, error) { return slices.DeleteFunc(all, ends), nil })
	})
}

// dueReport is one that leaves at an instant, and who reads it.
type dueReport struct {
	weekly
	reader account.Person
	zone   *time.Location
	at     time.Time
}

// weeklyPlans are all that are wished, each with when it leaves next. Who is switched off, or no colleague any more, gets none.
func (d *Desk) weeklyPlans(tx *store.Tx, now time.Time) (plans []dueReport, err error) {
	all, err := keptWeekly(tx)
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		reader, err := tx.Person(w.Person)
		if err != nil {
			return nil, err
		}
		if reader.Suspended || !reader.Actor().Staff() {
			continue
		}
		zone := d.readersZone(tx, reader, w.Brand, now)
		plans = append(plans, dueReport{w, reader, zone, w.next(zone)})
	}
	return plans, nil
}

func (d *Desk) readersZone(tx *store.Tx, reader account.Person, brand int64, now time.Time) *time.Location {
	if zone, err := time.LoadLocation(reader.Zone); err == nil && reader.Zone != "" {
		return zone
	}
	version, err := d.rules.running(tx, brand, now)
	if err != nil {
		return time.UTC
	}
	if p, err := d.rules.of(tx, version); err == nil {
		return p.Zone
	}
	return time.UTC
}

// nextReport is when the first of them leaves, zero when none is wished.
func (d *Desk) nextReport(tx *store.Tx, now time.Time) (next time.Time, err error) {
	plans, err := d.weeklyPlans(tx, now)
	for _, p := range plans {
		if next.IsZero() || p.at.Before(next) {
			next = p.at
		}
	}
	return next, err
}

// mailReports plans the reports whose hour has come. Each has a key of its brand, reader and instant, so that several nodes, or one
// that looks again, mail it once. A week that passed while the desk was off is made up for by one mail, not by several.
func (d *Desk) mailReports(ctx context.Context) (mailed int, err error) {
	now := d.now()
	var plans []dueReport
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		plans, err = d.weeklyPlans(tx, now)
		return err
	})
	for _, p := range plans {
		if p.at.After(now) {
			continue
		}
		sent, wrong := d.mailReport(ctx, p, now)
		if err = errors.Join(err, wrong); sent {
			mailed++
		}
	}
	return mailed, err
}

func (d *Desk) mailReport(ctx context.Context, p dueReport, now time.Time) (sent bool, err error) {
	r, err := d.Report(ctx, p.reader.Actor(), ReportOn{Brand: p.Brand, Period: weekBefore(p.at, p.zone)})
	if err != nil && !fault.Is(err, fault.Refused) { // a brand without a policy has no report
		return false, err
	}
	refused := err != nil
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		return changeWeekly(tx, func(all []weekly) ([]weekly, error) {
			i := slices.IndexFunc(all, func(w weekly) bool { return w.Token == p.Token && w.Sent.Equal(p.Sent) })
			if i < 0 {
				return all, nil // ended, or mailed by another node meanwhile
			}
			all[i].Sent = p.at
			if now.Sub(p.at) > restOfWeek {
				all[i].Sent = now.Add(-restOfWeek) // the desk was off; the next one comes at its hour
			}
			if refused {
				return all, nil
			}
			sent, err = d.planReport(tx, p, r, now)
			if fault.Is(err, fault.Refused) { // no mailbox to write from: there is another week
				sent, err = false, nil
			}
			return all, err
		})
	})
	return sent && err == nil, err
}

func (d *Desk) planReport(tx *store.Tx, p dueReport, r Report, now time.Time) (sent bool, err error) {
	brand, err := tx.Brand(p.Brand)
	if err != nil {
		return false, err
	}
	end := d.url + "/reports/end/" + p.Token
	n := notice{
		key:      strings.Join([]string{weeklyTemplate, itoa(p.Brand), itoa(p.Person), itoa(p.at.Unix())}, "/"),
		template: weeklyTemplate, subject: brand.Name + ", " + r.Period.Says(),
		text: r.letter(brand.Name, d.url) + "\nYou get this every " + p.Weekday.String() + " at " + clockSays(p.Hour) + ". This ends it:\n" + end + "\n",
	}
	if strings.HasPrefix(end, "https://") {
		n.end = end
	}
	return d.mailToMany(tx, p.reader, p.Brand, n, now)
}

func clockSays(hour int) string { return pad(hour) + ":00" }

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// AnswerSteps are the parts of the distribution of first answers, as people read them.
var AnswerSteps = [policy.AnswerSteps]string{"Within 15 minutes", "Within 1 hour", "Within 4 hours", "Within 1 business day", "Later", "Not yet"}

// FewTickets is how many tickets it takes before a share of them says anything.
const FewTickets = 20

// promised are the ways a promise can stand, in the order in which they are told.
var promised = []struct {
	state promise.TargetState
	label string
}{{promise.Kept, "kept"}, {promise.Missed, "missed"}, {promise.Running, "running"}, {promise.Paused, "paused"}, {promise.Excluded, "left out"}}

// SpanSays is a length of time for people, to the minute: "1 h 20 min".
func SpanSays(d time.Duration) string {
	d = d.Round(time.Minute)
	hours, minutes := int(d.Hours()), int((d % time.Hour).Minutes())
	switch {
	case d < time.Hour:
		return number(minutes) + " min"
	case d < 24*time.Hour && minutes > 0:
		return number(hours) + " h " + number(minutes) + " min"
	case d < 24*time.Hour:
		return number(hours) + " h"
	case d < 48*time.Hour:
		return "1 day"
	}
	return number(hours/24) + " days"
}

// letter is the report in words: the same numbers as on its page, in the same order.
func (r Report) letter(brand, url string) string {
	var b letterText
	b.line(brand, ", ", r.Period.Says())
	if r.Answers.Tickets == 0 {
		b.part("First answers")
		b.line("No tickets came in this time.")
	} else {
		r.answersIn(&b)
	}
	r.targetsIn(&b)
	if r.Answers.Tickets > 0 {
		r.afterwardsIn(&b)
	}
	b.part("Everything, with the tickets behind each number")
	b.line(url, "/reports?brand=", itoa(r.Brand), "&period=", r.Period.String())
	return b.String()
}

// letterText is a plain text in parts.
type letterText struct{ strings.Builder }

func (b *letterText) line(words ...string) {
	for _, word := range words {
		b.WriteString(word)
	}
	b.WriteByte('\n')
}

func (b *letterText) part(title string) { b.line("\n", strings.ToUpper(title)) }

func (r Report) answersIn(b *letterText) {
	sum := r.Answers
	b.part("First answers")
	share := number(sum.Percent) + " % of " + several(sum.Counted, "ticket")
	if sum.Counted < FewTickets {
		share = number((sum.Percent*sum.Counted+50)/100) + " of " + several(sum.Counted, "ticket")
	}
	b.line(share, " had an answer within ", SpanSays(r.Limit), ".")
	if sum.Median > 0 {
		b.line("Half had theirs within ", SpanSays(sum.Median), ", nine of ten within ", SpanSays(sum.Most), ".")
	}
	for i, n := range r.Steps {
		if n > 0 {
			b.line("- ", AnswerSteps[i], ": ", number(n))
		}
	}
}

func (r Report) targetsIn(b *letterText) {
	if len(r.Targets) == 0 {
		return
	}
	b.part("What we said, and what came of it")
	for _, t := range r.Targets {
		says := number(t.Counts[promised[0].state]) + " " + promised[0].label
		for _, s := range promised[1:] {
			if n := t.Counts[s.state]; n > 0 {
				says += ", " + number(n) + " " + s.label
			}
		}
		b.line("- ", r.Policy.TargetSays(t.Measure, t.Rule), ": ", says)
	}
}

func (r Report) afterwardsIn(b *letterText) {
	b.part("What happened afterwards")
	b.line("- Opened again: ", itoa(r.Reopened))
	for _, g := range r.GivenUp {
		b.line("- Closed without an answer (", g.Tag, "): ", itoa(g.Tickets))
	}
	b.line("- Follow-ups: ", itoa(r.FollowUps))
}
