package store

import (
	"context"
	"database/sql"
)

// look is one snapshot for several reads.
type look struct {
	whole      context.Context // of the look; a read may have a shorter one
	turn       chan struct{}   // one reads at a time
	open       *sql.Tx
	generation uint64 // before the snapshot was taken
	over       bool
}

type looking struct{}

var snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}

// Look lets all reads under the context share one snapshot until the look ends: a page that asks ten questions asks them of the same
// desk, and PostgreSQL is told ten times less to begin and to commit. A write ends the look first, so that what is read afterwards
// has it, and so that nobody holds one connection while they wait for another. Whoever answers slowly, with a file or a stream, ends it
// before. On SQLite, where a snapshot costs nothing, each read has its own.
func (db *DB) Look(ctx context.Context) (context.Context, func()) {
	if db.Dialect() != Postgres {
		return ctx, func() {}
	}
	l := &look{whole: ctx, turn: make(chan struct{}, 1)}
	return context.WithValue(ctx, looking{}, l), func() {
		l.turn <- struct{}{}
		l.close()
		<-l.turn
	}
}

// take waits for the turn in the look of a context. Without a look, when it is over, and for what goes on when the request has ended, there is
// none to wait for.
func take(ctx context.Context) (*look, error) {
	l, _ := ctx.Value(looking{}).(*look)
	if l == nil || ctx.Done() == nil {
		return nil, nil
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l.over {
		<-l.turn
		return nil, nil
	}
	return l, nil
}

func (l *look) give() { <-l.turn }

func (l *look) close() {
	l.over = true
	if l.open != nil {
		l.open.Commit() // of reads: there is nothing to lose
		l.open = nil
	}
}

// endLook ends the look of a context before something is written under it.
func endLook(ctx context.Context) error {
	l, err := take(ctx)
	if l != nil {
		l.close()
		l.give()
	}
	return err
}

// generationOf is the generation of the snapshot of a look, and false when there is no look or it has not begun.
func generationOf(ctx context.Context) (uint64, bool) {
	l, _ := take(ctx)
	if l == nil {
		return 0, false
	}
	defer l.give()
	return l.generation, l.open != nil
}

// read runs fn on the look's snapshot, which begins with the first. After a statement that failed PostgreSQL answers no other in
// the same transaction, so the look is over.
func (l *look) read(ctx context.Context, p *postgres, fn func(*Tx) error) (err error) {
	defer l.give()
	if l.open == nil {
		l.generation = p.db.feed.published.Load()
		if l.open, err = p.pool.BeginTx(l.whole, snapshot); err != nil {
			l.over = true
			return explainClosed(err)
		}
	}
	tx := &Tx{db: p.db, ctx: ctx, q: l.open, dialect: Postgres, readonly: true}
	err = recoverWrite(fn, tx)
	if tx.failed != nil || ctx.Err() != nil {
		l.close()
	}
	return err
}
