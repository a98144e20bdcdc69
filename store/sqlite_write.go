package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"
)

// How much one commit may hold: a caller in an almost empty desk never waits for others longer than this.
const (
	groupSize = 128
	groupTime = 20 * time.Millisecond
)

// How patient writes are while others wait: after each of them the writer belongs to the others, for as long as it made all
// of them wait together. Eight servers that deliver mail at once lose a ninth of the writer to them, one agent who saves half
// of it for a moment. What was not used is kept for a moment, and when nobody waits they have it all.
const (
	saved = 20 * time.Millisecond
	quiet = 1 * time.Millisecond // since the last write that somebody waited for
)

// write is one caller's transaction on its way through the writer.
type write struct {
	ctx     context.Context
	fn      func(*Tx) error
	patient bool // nobody waits for it; see [Patiently]
	err     error
	changes []Change
	done    chan struct{}
}

func (s *sqlite) write(ctx context.Context, fn func(*Tx) error) error {
	w := &write{ctx: ctx, fn: fn, patient: isPatient(ctx), done: make(chan struct{})}
	queue := s.queue
	if w.patient {
		queue = s.patient
	}
	select {
	case queue <- w:
		<-w.done
		return w.err
	case <-s.ending:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *sqlite) load(ctx context.Context, fn func(*Tx) error) error { return s.write(ctx, fn) }

// serve is the writer: it takes what waits, commits it as one group, and answers.
func (s *sqlite) serve() {
	defer close(s.ended)
	defer close(s.hand.work)
	look := time.NewTicker(250 * time.Millisecond)
	defer look.Stop()
	for {
		patient, soon := s.patientTurn()
		select {
		case first := <-s.queue:
			s.commit(&group{given: []*write{first}, limit: groupSize})
		case first := <-patient:
			s.commit(&group{given: []*write{first}, limit: groupSize})
		case <-soon:
		case <-look.C:
			s.noticeOthers()
		case <-s.ending:
			return
		}
	}
}

// patientTurn is the queue of the patient writes, nil while those that somebody waits for come thick and fast; then the second
// tells when to ask again. They still go along with the others.
func (s *sqlite) patientTurn() (queue chan *write, soon <-chan time.Time) {
	if wait := quiet - time.Since(s.urged); wait > 0 {
		return nil, time.After(wait)
	}
	return s.patient, nil
}

// group is what becomes durable with one commit.
type group struct {
	given   []*write // what it begins with
	limit   int      // how many it may hold, the given ones included
	writes  []*write // those that were run
	started time.Time
	urgent  int    // how many of them somebody waits for
	spoiler *write // the one that failed and left something behind; then all is undone
}

// commit runs a group as one transaction. Nobody is answered before that has ended.
func (s *sqlite) commit(g *group) {
	err := s.gather(g)
	if err == nil && g.spoiler == nil {
		err = s.writer.run("COMMIT")
	}
	if err != nil || g.spoiler != nil {
		s.writer.run("ROLLBACK") // fails when SQLite has already rolled back, which is as good
	}
	if g.urgent > 0 {
		s.urged = time.Now()
	}
	s.answer(g, err)
}

// gather runs writes inside one transaction. They have no savepoints: each would cost a journal of its own and make the
// full-text index flush. A write that fails after it has touched anything spoils the transaction for all; that is rare,
// and repeating the others costs them some milliseconds. An error means that the transaction is gone.
func (s *sqlite) gather(g *group) error {
	if err := s.writer.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	g.started = time.Now()
	for w := s.next(g); w != nil; w = s.next(g) {
		g.add(w)
		began := time.Now()
		if s.attempt(w) {
			g.spoiler = w
		}
		if w.patient {
			s.owe(time.Since(began) * time.Duration(g.urgent))
		}
	}
	return nil
}

// owe leaves the writer to those somebody waits for.
func (s *sqlite) owe(waited time.Duration) {
	if least := time.Now().Add(-saved); s.theirs.Before(least) {
		s.theirs = least
	}
	s.theirs = s.theirs.Add(waited)
}

func (g *group) add(w *write) {
	g.writes = append(g.writes, w)
	if !w.patient {
		g.urgent++
	}
}

// next is the next write for a group, nil when it should be committed.
func (s *sqlite) next(g *group) (w *write) {
	n := len(g.writes)
	switch {
	case g.spoiler != nil:
		return nil
	case n < len(g.given):
		return g.given[n]
	case n >= g.limit || time.Since(g.started) > groupTime:
		return nil
	}
	select {
	case w = <-s.queue:
		return w
	default:
	}
	if g.urgent > 0 && time.Now().Before(s.theirs) {
		return nil
	}
	select {
	case w = <-s.patient:
	default:
	}
	return w
}

// attempt runs one write; how it went stays in w.err. It reports whether the write failed in a way that leaves something
// behind, which only undoing the whole transaction removes.
func (s *sqlite) attempt(w *write) (spoiled bool) {
	if w.err = w.ctx.Err(); w.err != nil {
		return false
	}
	// Without the caller's cancellation: SQLite answers an interrupted INSERT by rolling back the whole group.
	tx := &Tx{db: s.db, ctx: context.WithoutCancel(w.ctx), q: s.writer, dialect: SQLite}
	w.err = s.hand.contain(func(tx *Tx) (err error) {
		if err = w.fn(tx); err == nil {
			w.changes, err = tx.changes()
		}
		return err
	}, tx)
	if w.err == nil {
		w.err = tx.failed // a full disk ends the transaction by itself, whether or not the caller cared
	}
	return w.err != nil && (tx.wrote || tx.failed != nil)
}

// answer tells each caller how it went. Those beside one that spoiled the transaction are run again together, and when
// the transaction failed as a whole, each is run again alone.
func (s *sqlite) answer(g *group, err error) {
	all := g.all()
	switch {
	case g.spoiler != nil:
		close(g.spoiler.done)
		others := slices.DeleteFunc(all, func(w *write) bool { return w == g.spoiler })
		if len(others) > 0 {
			s.commit(&group{given: others, limit: len(others)})
		}
		return
	case err != nil && len(all) > 1:
		for _, w := range all {
			s.commit(&group{given: []*write{w}, limit: 1})
		}
		return
	}
	for _, w := range all {
		s.tell(w, err)
	}
}

// all are the writes that were run, and those that should have been.
func (g *group) all() []*write {
	return append(g.writes, g.given[min(len(g.given), len(g.writes)):]...)
}

func (s *sqlite) tell(w *write, err error) {
	if w.err == nil {
		w.err = explain(err)
	}
	if w.err == nil {
		s.db.feed.publish(w.changes...)
	}
	close(w.done)
}

// hand is the goroutine that runs the writes, apart from the one that commits them: a panic, or a test that ends its
// goroutine, hurts nobody but its own caller. It stays the same one, because growing a new stack for each write costs more
// than many a write.
type hand struct{ work chan func() }

func newHand() *hand {
	h := &hand{work: make(chan func())}
	go h.run()
	return h
}

func (h *hand) run() {
	finished := false
	defer func() {
		if !finished {
			go h.run() // a test ended this one in the middle of its work
		}
	}()
	for do := range h.work {
		do()
	}
	finished = true
}

func (h *hand) contain(fn func(*Tx) error, tx *Tx) (err error) {
	done := make(chan struct{})
	err = errors.New("the write ended its goroutine")
	h.work <- func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				slog.Error("a write panicked and was undone", "panic", p, "stack", string(debug.Stack()))
				err = fmt.Errorf("a write panicked: %v", p)
			}
		}()
		err = fn(tx)
	}
	<-done
	tx.q = nil
	return err
}
