package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hark/store"
	"hark/ticket"
)

// times remembers under which circumstances this process last saw each brand's due times to be right, so that nothing is
// worked out as long as they stay the same.
type times struct {
	mu   sync.Mutex
	seen map[int64]circumstances
}

// circumstances can only change what is derived when one of them does: zones and built-in holidays are those of the running
// program, and a fingerprint looks a few years ahead.
type circumstances struct {
	version int64
	year    int
}

func newTimes() *times { return &times{seen: map[int64]circumstances{}} }

func (t *times) are(brand int64, c circumstances) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen[brand] == c
}

func (t *times) remember(brand int64, c circumstances) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen[brand] = c
}

// Correct derives the due times of all open tickets again when what they are derived from has changed: the calendars of a
// version that has begun to hold, the machine's zones, or the holidays this program knows. Rules, anchors and
// what has already happened stay. It returns what has moved; each move also stands on its ticket, for agents, and in the log.
// Nothing is mailed because of it. A worker asks for it whenever time passes, so it never has to be thought of.
func (d *Desk) Correct(ctx context.Context) (moved []Move, err error) {
	now := d.now()
	var running []store.Running
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		running, _, err = tx.RunningPolicies(now)
		return err
	})
	for _, r := range running {
		some, err := d.correctBrand(ctx, r, now)
		if moved = append(moved, some...); err != nil {
			return moved, err
		}
	}
	return moved, err
}

// timesSetting is where the fingerprint is kept under which a brand's open tickets were last derived, after the version it is of.
func timesSetting(brand int64) string { return "times." + strconv.FormatInt(brand, 10) }

func (d *Desk) correctBrand(ctx context.Context, r store.Running, now time.Time) (moved []Move, err error) {
	is := circumstances{r.Version, now.UTC().Year()}
	if d.times.are(r.Brand, is) {
		return nil, nil
	}
	before, after, open, err := d.compareTimes(ctx, r, now)
	if err != nil {
		return nil, err
	}
	if before != "" && !sameTimes(before, after) { // without a before there is nothing that could have changed
		moved, err = d.deriveAll(ctx, open, becauseOf(before, after), now)
		if err != nil {
			return moved, err
		}
	}
	if before != after {
		err = d.db.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(timesSetting(r.Brand), []byte(after)) })
	}
	if err == nil {
		d.times.remember(r.Brand, is)
	}
	return moved, err
}

// compareTimes returns what the due times of a brand were last derived from, what they would be derived from now, and the
// tickets that have any: "17 9f86d0...", the version and its fingerprint.
func (d *Desk) compareTimes(ctx context.Context, r store.Running, now time.Time) (before, after string, open []int64, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		kept, err := tx.Setting(timesSetting(r.Brand))
		if err != nil {
			return err
		}
		p, err := d.rules.of(tx, r.Version)
		if err != nil {
			return err
		}
		before, after = string(kept), strconv.FormatInt(r.Version, 10)+" "+p.Times(now)
		if !sameTimes(before, after) {
			open, err = tx.OpenTickets(r.Brand)
		}
		return err
	})
	return before, after, open, err
}

func sameTimes(before, after string) bool {
	_, was, _ := strings.Cut(before, " ")
	_, is, _ := strings.Cut(after, " ")
	return was == is
}

// becauseOf says why times were derived again: when the version is the same, it was not the calendar that somebody changed.
func becauseOf(before, after string) string {
	was, _, _ := strings.Cut(before, " ")
	is, _, _ := strings.Cut(after, " ")
	if was == is {
		return "the time zones or holidays of this machine have changed"
	}
	return "a calendar was corrected"
}

// fewAtOnce is how many tickets one transaction derives, so that nobody who writes meanwhile waits for long.
const fewAtOnce = 25

func (d *Desk) deriveAll(ctx context.Context, ids []int64, why string, now time.Time) (moved []Move, err error) {
	for some := range slices.Chunk(ids, fewAtOnce) {
		m, err := d.deriveFew(ctx, some, why, now)
		if moved = append(moved, m...); err != nil {
			return moved, err
		}
		d.logMoves(m, why)
	}
	return moved, nil
}

// deriveFew derives a few at once, and each by itself when one of them fails: that one steps aside, and is derived when it is back.
func (d *Desk) deriveFew(ctx context.Context, ids []int64, why string, now time.Time) (moved []Move, err error) {
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		moved, err = d.deriveSome(tx, ids, why, now)
		return err
	})
	if err == nil || notItsTrouble(ctx, err) {
		return moved, err
	}
	if len(ids) == 1 {
		_, err = d.stepAside(ctx, ids[0], err, now)
		return nil, err
	}
	moved = nil
	for _, id := range ids {
		m, err := d.deriveFew(ctx, []int64{id}, why, now)
		if moved = append(moved, m...); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

func (d *Desk) deriveSome(tx *store.Tx, ids []int64, why string, now time.Time) (moved []Move, err error) {
	for _, id := range ids {
		some, err := d.derive(tx, id, why, now)
		if moved = append(moved, some...); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// planned are the moves of what was planned before: a corrected calendar gives no ticket a due time that it had not.
func planned(all []Move) []Move {
	return slices.DeleteFunc(all, func(m Move) bool { return m.From.IsZero() })
}

// derive derives one ticket's due times again. A ticket that was closed in the meantime has none.
func (d *Desk) derive(tx *store.Tx, id int64, why string, now time.Time) ([]Move, error) {
	t, err := tx.TicketForUpdate(id)
	if err != nil || t.Category == ticket.Closed {
		return nil, err
	}
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err != nil {
		return nil, err
	}
	out := p.Adopt(t, now)
	moved := planned(moves(t, out.Ticket))
	if len(moved) == 0 {
		return nil, nil
	}
	h := happening{event: ticket.Event{At: now}, now: now, via: viaRule, notes: internally(ticket.Change, "", derivedAgain(moved, why, p.Zone))}
	_, err = d.keep(tx, p, t, out, h)
	return moved, err
}

// derivedAgain is what agents read on the ticket.
func derivedAgain(moved []Move, why string, zone *time.Location) string {
	var says []string
	for _, m := range moved {
		says = append(says, m.Rule+" moves from "+shortTime(m.From, zone)+" to "+shortTime(m.To, zone))
	}
	return "due times were derived again, because " + why + ": " + strings.Join(says, "; ")
}

func shortTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "not planned"
	}
	return t.In(zone).Format("Mon 2006-01-02 15:04 MST")
}

// logMoves is the list for the operator.
func (d *Desk) logMoves(moved []Move, why string) {
	for _, m := range moved {
		d.log.Info("a due time moved", "ticket", m.Ticket, "rule", m.Rule, "from", m.From, "to", m.To, "because", why)
	}
}

// correct is Correct for whoever passes time: how many tickets something has moved on.
func (d *Desk) correct(ctx context.Context) (tickets int, err error) {
	moved, err := d.Correct(ctx)
	last := int64(0)
	for _, m := range moved {
		if m.Ticket != last {
			tickets, last = tickets+1, m.Ticket
		}
	}
	return tickets, err
}
