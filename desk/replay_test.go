package desk_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/simulate"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// quarter is a story with everything in it that a replay looks at: a question on a Friday that nobody answers, one that is
// answered in time, one that is solved, one that is closed and followed up, and mail that comes back.
func (o *office) quarter() (fridays, answered int64) {
	o.t.Helper()
	o.at("2026-11-20 15:45")
	fridays = o.arrives(letter{from: maria, subject: "The banner is too wide", body: "Since Monday."}).Ticket
	answered = o.arrives(letter{from: jonas, subject: "The form is gone", body: "Where is it?"}).Ticket
	o.at("2026-11-20 16:30")
	o.answers(o.ben, fridays, "Which browser is it?", "pending")
	o.answers(o.ana, answered, "Which form?", "pending")
	o.at("2026-11-20 17:30")
	o.arrives(letter{from: jonas, answers: o.last(answered), body: "The contact form."})
	o.at("2026-11-20 18:00")
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: answered, Priority: ref("high"), Tags: []string{"forms"}})
	o.must(err)
	o.at("2026-11-23 10:00")
	o.answers(o.ana, answered, "It is back.", "solved")
	o.at("2026-12-15 09:00")
	return fridays, answered
}

func (o *office) replay(source []byte) desk.Replayed {
	o.t.Helper()
	r, err := o.desk.Replay(ctx, access.Clock, desk.Replay{File: "draft.yaml", Source: source})
	o.must(err)
	return r
}

func draftOf(o *office, pairs ...string) []byte {
	return []byte(strings.NewReplacer(pairs...).Replace(string(example(o.t, "customer-support-center"))))
}

// Under the rules that run, a replay tells what really happened: the same mails, closings and times.
func TestAReplayUnderTheSameRulesTellsWhatHappened(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		fridays, answered := o.quarter()
		r := o.replay(draftOf(o))
		if r.Done != 2 || r.Of != 2 || r.Stopped != "" || r.Moved != 0 {
			t.Errorf("replayed %d of %d, %d moved, %q", r.Done, r.Of, r.Moved, r.Stopped)
		}
		mails, closings := 0, 0
		for _, id := range []int64{fridays, answered} {
			for _, m := range o.mails(id) {
				if m.template != "" {
					mails++
				}
			}
			if o.ticket(id).Category == ticket.Closed {
				closings++
			}
		}
		if r.Old.Mails != mails || r.Old.Closings != closings || r.Old.Reminders != 2 {
			t.Errorf("told %d mails, %d reminders, %d closings; %d mails left and %d tickets closed", r.Old.Mails, r.Old.Reminders, r.Old.Closings, mails, closings)
		}
		if fmt.Sprint(r.Old) != fmt.Sprint(r.New) {
			t.Errorf("the same rules differ: %+v and %+v", r.Old, r.New)
		}
		saturday, hour := r.Old.Hours[5], 16 // the first reminder leaves on Saturday at 16:30
		if saturday[hour] != 1 {
			t.Errorf("no mail on Saturday at 16:30: %v", saturday)
		}
	})
}

// The first reminder waits for a business day: it leaves on Monday, and the ticket whose clock moves is named with both times.
func TestAReplaySaysWhichTicketsWouldGoOtherwise(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		fridays, _ := o.quarter()
		r := o.replay(draftOf(o, "after: 24h, since", "after: 1bd, since", "after: 7d", "after: 9d", "expect: {to: 1h", "expect: {to: 30m"))
		if r.New.Hours[5][16] != 0 || r.New.Hours[0][16] != 1 {
			t.Errorf("the reminder did not move from Saturday to Monday: %v and %v", r.New.Hours[5], r.New.Hours[0])
		}
		if len(r.Moves) != 2 || r.Moves[1].Ticket != fridays {
			t.Fatalf("moved are %+v; both tickets would be, the newest first", r.Moves)
		}
		var told []string
		for _, s := range r.Moves[1].Shifts {
			told = append(told, simulate.Measured(s.What)+" "+shown(s.From)+" > "+shown(s.To))
		}
		want := []string{"Closing Fri 2026-11-27 16:30:00 EST > Sun 2026-11-29 16:30:00 EST", "First answer due Fri 2026-11-20 16:45:00 EST > Fri 2026-11-20 16:15:00 EST"}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("moved as %q, want %q", told, want)
		}
		if r.Old.Answers["first_reply"].Kept != 2 || r.New.Answers["first_reply"].Missed != 2 {
			t.Errorf("answers in time: %+v, and with half an hour: %+v", r.Old.Answers, r.New.Answers)
		}
	})
}

// A replay sends nothing, stores nothing and calls nobody: neither a byte of the database nor the mail on its way is another
// one afterwards.
func TestX03_AReplayChangesNothing(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		o.quarter()
		before := o.everything()
		draft := draftOf(o, "after: 24h, since", "after: 1h, since", "after: 7d", "after: 6d")
		if r := o.replay(draft); r.Moved == 0 {
			t.Fatal("nothing would go otherwise, so nothing is shown")
		}
		if _, _, err := o.desk.Story(ctx, access.Clock, 1); err != nil {
			t.Fatal(err)
		}
		if after := o.everything(); before != after {
			t.Errorf("the database changed:\n%s\n%s", before, after)
		}
	})
}

// everything is a hash of every row and file of the desk.
func (o *office) everything() string {
	o.t.Helper()
	file := filepath.Join(o.t.TempDir(), "backup")
	o.must(o.db.Backup(ctx, file))
	opened, err := os.Open(file)
	o.must(err)
	defer opened.Close()
	unzipped, err := gzip.NewReader(opened)
	o.must(err)
	hash, parts := sha256.New(), tar.NewReader(unzipped)
	for part, err := parts.Next(); err != io.EOF; part, err = parts.Next() {
		o.must(err)
		if part.Name == "manifest.json" { // it tells when the backup was made
			continue
		}
		hash.Write([]byte(part.Name))
		_, err = io.Copy(hash, parts)
		o.must(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

// A thousand tickets and a limit of some: it stops and says where it stood, the newest first.
func TestX03_AReplayStopsAtItsLimitsAndSaysSo(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		_, newest := o.quarter()
		r, err := o.desk.Replay(ctx, access.Clock, desk.Replay{Source: draftOf(o, "expect: {to: 1h", "expect: {to: 30m"), Tickets: 1})
		o.must(err)
		if r.Done != 1 || r.Stopped != "Stopped at the limit: 1 of 2 tickets, the newest first." || len(r.Moves) != 1 || r.Moves[0].Ticket != newest {
			t.Errorf("replayed %d: %q %+v", r.Done, r.Stopped, r.Moves)
		}
		r, err = o.desk.Replay(ctx, access.Clock, desk.Replay{Source: draftOf(o), For: time.Nanosecond})
		o.must(err)
		if r.Done != 0 || !strings.HasPrefix(r.Stopped, "Stopped after 1e-09 seconds: 0 of 2 tickets") {
			t.Errorf("without any time it replayed %d: %q", r.Done, r.Stopped)
		}
		gone, leave := context.WithCancel(ctx)
		leave()
		if _, err := o.desk.Replay(gone, access.Clock, desk.Replay{Source: draftOf(o)}); err == nil {
			t.Error("somebody who has left is still answered")
		}
	})
}

func TestOnlyWhoMayChangePromisesReplaysThem(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		for _, a := range []access.Actor{{}, o.ben.Actor()} {
			if _, err := o.desk.Replay(ctx, a, desk.Replay{Source: draftOf(o)}); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%v may replay: %v", a.Role, err)
			}
			if _, _, err := o.desk.Story(ctx, a, 1); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%v may read a ticket's story: %v", a.Role, err)
			}
		}
		_, err := o.desk.Replay(ctx, o.ana.Actor(), desk.Replay{Source: []byte("policy: hark/v1")})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a draft with mistakes is replayed: %v", err)
		}
		if _, err := o.desk.Replay(ctx, o.ana.Actor(), desk.Replay{Source: draftOf(o), Days: -1}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the days to come are replayed: %v", err)
		}
	})
}

// A ticket that exists is told again in the words of a scenario, without what the timers did.
func TestATicketsStoryIsToldAgain(t *testing.T) {
	each(t, "2026-11-20 15:45", func(o *office) {
		fridays, answered := o.quarter()
		for id, want := range map[int64]string{
			fridays: `events:
  - {at: "2026-11-20 15:45", event: customer_creates, kind: question}
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
`,
			answered: `events:
  - {at: "2026-11-20 15:45", event: customer_creates, kind: question}
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-20 17:30", event: customer_replies}
  - {at: "2026-11-20 18:00", event: agent_sets, tag: forms, priority: high}
  - {at: "2026-11-23 10:00", event: agent_replies, status: solved}
`,
		} {
			s, brand, err := o.desk.Story(ctx, o.ana.Actor(), id)
			o.must(err)
			if got := s.Text(); got != want || brand != o.brand.ID {
				t.Errorf("ticket %d of brand %d is told as\n%s\nwant\n%s", id, brand, got, want)
			}
		}
		if _, _, err := o.desk.Story(ctx, o.ana.Actor(), 999); !fault.Is(err, fault.NotFound) {
			t.Errorf("a ticket that is not there is told: %v", err)
		}
	})
}

// Ten thousand tickets are replayed within the seconds that somebody waits for a page.
func TestX03_TenThousandTicketsAreReplayedInTime(t *testing.T) {
	config := store.Config{Dir: t.TempDir()}
	db := storetest.Open(t, config)
	if _, err := storetest.Fill(ctx, config, 10_000); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, clock: desktest.At(when("2026-01-02 09:00"))}
	o.desk = desktest.Open(t, db, o.clock)
	r, err := o.desk.Replay(ctx, access.Clock, desk.Replay{Source: draftOf(o, "after: 24h, since", "after: 1bd, since"), Days: 1200})
	o.must(err)
	if r.Done != 10_000 || r.Stopped != "" {
		t.Errorf("replayed %d tickets in ten seconds: %q", r.Done, r.Stopped)
	}
	if r.Old.Mails < 10_000 || len(r.Moves) > 200 {
		t.Errorf("%d mails told, %d tickets listed", r.Old.Mails, len(r.Moves))
	}
}
