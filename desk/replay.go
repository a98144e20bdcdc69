package desk

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/simulate"
	"hark/store"
)

// Replay asks what the last weeks would have been like under another policy.
type Replay struct {
	Brand    int64  // 0 for the first
	File     string // for messages
	Source   []byte // of the policy that is compared with the running one
	Days     int    // how far back; 0 for 90
	Tickets  int    // at most so many, the newest first; 0 for 20,000
	For      time.Duration
	Progress func(done, of int) // told now and then, by several goroutines; may be nil
}

// The limits of a replay where none are asked for.
const (
	replayDays    = 90
	replayTickets = 20_000
	replayFor     = 10 * time.Second

	mostReplayDays   = 3660
	replayLines      = 2_000 // of one ticket
	replayAtOnce     = 250   // tickets read in one go
	mostMovedTickets = 200   // that are listed one by one
)

// Replayed is the same weeks under both policies.
type Replayed struct {
	Since   time.Time
	Until   time.Time
	Old     simulate.Tally
	New     simulate.Tally
	Moved   int           // tickets whose closing or due times are others
	Moves   []MovedTicket // of the newest of them
	Done    int           // tickets replayed
	Of      int           // tickets there are
	Stopped string        // in words, why not all of them; "" when all
	Broken  []int64       // tickets whose record cannot be read or replayed; hark doctor tells more
}

// MovedTicket is a ticket that would have gone otherwise.
type MovedTicket struct {
	Ticket  int64
	Subject string
	Shifts  []simulate.Shift
}

// Replay lets the recorded tickets of a brand happen again, under the running policy and under another, and compares. Both
// sides are what the policies do with what people did; what really happened is on neither. It only reads: nothing is
// mailed, stored or called. It stops at its limits and says so. A policy with errors is a *PolicyRefused.
func (d *Desk) Replay(ctx context.Context, a access.Actor, in Replay) (result Replayed, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return result, err
	}
	draft, _, err := CheckPolicy(in.File, in.Source)
	if err != nil {
		return result, err
	}
	if in, err = in.limited(); err != nil {
		return result, err
	}
	r := replay{d: d, a: a, in: in, draft: draft, until: d.now()}
	if err := r.begin(ctx); err != nil {
		return result, err
	}
	return r.run(ctx)
}

// limited fills in the limits that are not asked for.
func (in Replay) limited() (Replay, error) {
	if in.Days < 0 || in.Days > mostReplayDays {
		return in, fault.New(fault.Invalid, "a replay goes back 1 to %d days, not %d", mostReplayDays, in.Days)
	}
	in.Days, in.Tickets, in.For = cmp.Or(in.Days, replayDays), cmp.Or(in.Tickets, replayTickets), cmp.Or(in.For, replayFor)
	if in.Progress == nil {
		in.Progress = func(int, int) {}
	}
	return in, nil
}

// replay is one under way.
type replay struct {
	d       *Desk
	a       access.Actor
	in      Replay
	running *policy.Policy
	draft   *policy.Policy
	since   time.Time
	until   time.Time
	of      int
	done    atomic.Int64
}

func (r *replay) begin(ctx context.Context) error {
	r.since = r.until.Add(-time.Duration(r.in.Days) * 24 * time.Hour)
	return r.d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if r.in.Brand, err = r.d.brandOr(tx, r.in.Brand); err != nil {
			return err
		}
		version, err := r.d.rules.running(tx, r.in.Brand, r.until)
		if err != nil {
			return err
		}
		if r.running, err = r.d.rules.of(tx, version); err != nil {
			return err
		}
		n, err := tx.CreatedBetween(r.in.Brand, r.since, r.until.Add(time.Microsecond))
		r.of = int(n)
		return err
	})
}

// run reads in one goroutine and replays on all processors.
func (r *replay) run(ctx context.Context) (Replayed, error) {
	limited, cancel := context.WithTimeout(ctx, r.in.For)
	defer cancel()
	pages := make(chan []store.Recorded, 2)
	sides := make([]*comparing, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i := range sides {
		sides[i] = &comparing{replay: r, old: counter(r.running), new: counter(r.draft)}
		all.Go(func() { sides[i].pages(limited, pages) })
	}
	err := r.read(limited, pages)
	close(pages)
	all.Wait()
	if ctx.Err() != nil {
		return Replayed{}, ctx.Err()
	}
	if err != nil && limited.Err() == nil {
		return Replayed{}, err
	}
	return r.sum(sides, limited.Err() != nil), nil
}

// counter counts the mails that pass the gate: of automatic answers, one about a ticket within a day.
func counter(p *policy.Policy) *simulate.Counter {
	c := simulate.NewCounter(p)
	c.Rest = answersWindow
	return c
}

func (r *replay) read(ctx context.Context, pages chan<- []store.Recorded) error {
	var after store.RecordedPlace
	for left := r.in.Tickets; left > 0; {
		var page []store.Recorded
		err := r.d.db.Read(ctx, func(tx *store.Tx) (err error) {
			page, after, err = tx.Recorded(r.a, r.in.Brand, r.since, after, min(left, replayAtOnce))
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		select {
		case pages <- page:
			left -= len(page)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// sum puts together what the processors have found.
func (r *replay) sum(sides []*comparing, late bool) Replayed {
	result := Replayed{Since: r.since, Until: r.until, Done: int(r.done.Load()), Of: r.of}
	for _, s := range sides {
		result.Old.Add(s.was)
		result.New.Add(s.is)
		result.Moves = append(result.Moves, s.moved...)
		result.Broken = append(result.Broken, s.broken...)
	}
	slices.SortFunc(result.Moves, func(a, b MovedTicket) int { return cmp.Compare(b.Ticket, a.Ticket) })
	slices.Sort(result.Broken)
	result.Moved = len(result.Moves)
	result.Moves = result.Moves[:min(len(result.Moves), mostMovedTickets)]
	switch {
	case late && result.Done < r.of:
		result.Stopped = fmt.Sprintf("Stopped after %s: %s of %s tickets, the newest first.", secondsSay(r.in.For), Thousands(result.Done), Thousands(r.of))
	case result.Done < r.of:
		result.Stopped = fmt.Sprintf("Stopped at the limit: %s of %s tickets, the newest first.", Thousands(result.Done), Thousands(r.of))
	}
	return result
}

func secondsSay(d time.Duration) string {
	if d == time.Second {
		return "1 second"
	}
	return fmt.Sprintf("%g seconds", d.Seconds())
}

// Thousands writes a number as people read it: 8,214.
func Thousands(n int) string {
	if n < 1000 {
		return number(n)
	}
	return fmt.Sprintf("%s,%03d", Thousands(n/1000), n%1000)
}

// comparing is one processor's part.
type comparing struct {
	replay *replay
	old    *simulate.Counter
	new    *simulate.Counter
	was    simulate.Tally // of the tickets that could be replayed, under the running policy
	is     simulate.Tally // and under the draft
	moved  []MovedTicket
	broken []int64
}

func (c *comparing) pages(ctx context.Context, pages <-chan []store.Recorded) {
	for page := range pages {
		for _, recorded := range page {
			if ctx.Err() != nil {
				break
			}
			if err := c.ticket(recorded); err != nil {
				c.replay.d.log.Error("a ticket cannot be replayed", "ticket", recorded.Ticket.ID, "error", err)
				c.broken = append(c.broken, recorded.Ticket.ID)
			}
			c.replay.done.Add(1)
		}
		c.replay.in.Progress(int(c.replay.done.Load()), c.replay.of)
	}
}

// ticket replays one. Whatever is wrong with a draft or a record may not stop the desk, nor the other tickets.
func (c *comparing) ticket(recorded store.Recorded) (err error) {
	defer func() {
		if broke := recover(); broke != nil {
			err = fmt.Errorf("replaying ticket %d: %v", recorded.Ticket.ID, broke)
		}
	}()
	if recorded.Wrong != nil {
		return recorded.Wrong
	}
	r := c.replay
	story := storyOf(recorded, r.running.Zone, r.until)
	if len(story.Events) == 0 {
		return nil
	}
	c.old.Tally, c.new.Tally = simulate.Tally{}, simulate.Tally{} // a ticket that fails halfway counts on neither side
	was := c.old.Tell(r.under(story, r.running), simulate.Limits{Lines: replayLines})
	is := c.new.Tell(r.under(story, r.draft), simulate.Limits{Lines: replayLines})
	c.was.Add(c.old.Tally)
	c.is.Add(c.new.Tally)
	if shifts := was.Shifts(is); len(shifts) > 0 {
		c.moved = append(c.moved, MovedTicket{Ticket: recorded.Ticket.ID, Subject: recorded.Ticket.Subject, Shifts: shifts})
	}
	return nil
}

// under is the story as it is told under a policy: what people chose, by that policy's own names.
func (r *replay) under(s simulate.Scenario, p *policy.Policy) simulate.Scenario {
	s.Events = onlyChoices(s.Events, r.running, p)
	return s
}
