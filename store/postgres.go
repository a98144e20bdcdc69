package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"hark/fault"
)

// postgres keeps everything in a PostgreSQL database that several nodes may share.
//
// A write runs at READ COMMITTED and locks what it changes (TicketForUpdate, SKIP LOCKED for claims); what must not
// exist twice is a unique key. A transaction that PostgreSQL gives up in favour of another is run again. When the
// connection breaks during COMMIT nobody can know whether it happened: the caller gets an error, tries again, and the
// keys of mails and effects keep the second time from doing anything new.
type postgres struct {
	db   *DB
	pool *sql.DB
	news *news
	few  chan struct{} // places for patient writes; see [Patiently]
	stop context.CancelFunc
	done chan struct{}
}

func openPostgres(ctx context.Context, db *DB, c Config) (engine, error) {
	config, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HARK_DATABASE_URL cannot be read; it looks like postgres://user:password@host:5432/hark")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hark"
	}
	if len(config.Fallbacks) > 0 && !strings.Contains(c.URL, "target_session_attrs") {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	p := &postgres{db: db, pool: stdlib.OpenDB(*config, stdlib.OptionAfterConnect(shortly)), few: make(chan struct{}, fewAtOnce), done: make(chan struct{})}
	p.pool.SetMaxOpenConns(20)
	p.pool.SetMaxIdleConns(20)
	p.pool.SetConnMaxIdleTime(5 * time.Minute)
	if db.found, err = migrate(ctx, p.pool, Postgres); err != nil {
		p.pool.Close()
		return nil, fmt.Errorf("opening PostgreSQL at %s: %w", config.Host, explain(err))
	}
	listening, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	p.news = newNews(p.pool)
	heard := make(chan struct{})
	go p.listen(listening, config, heard)
	<-heard
	return p, nil
}

// shortly tells a connection that what we ask is answered from an index in a millisecond: to start other processes for it, or to compile
// it first, takes ten times as long.
func shortly(ctx context.Context, c *pgx.Conn) error {
	_, err := c.PgConn().Exec(ctx, "SET max_parallel_workers_per_gather = 0; SET jit = off").ReadAll()
	return err
}

func (p *postgres) dialect() string { return Postgres }
func (p *postgres) handle() *sql.DB { return p.pool }

func (p *postgres) read(ctx context.Context, fn func(*Tx) error) error {
	l, err := take(ctx)
	if err != nil {
		return err
	}
	if l != nil {
		return l.read(ctx, p, fn)
	}
	return p.transact(ctx, snapshot, fn)
}

// How often PostgreSQL may send a write back, and how long one try may take when nobody can cancel it any more.
const (
	writeTries = 6
	writeTime  = time.Minute
)

// fewAtOnce is how many patient writes run side by side. More of them would finish no sooner, and whoever waits for a write would
// wait for a connection behind them.
const fewAtOnce = 8

func (p *postgres) write(ctx context.Context, fn func(*Tx) error) error {
	if err := endLook(ctx); err != nil {
		return err
	}
	if !isPatient(ctx) {
		return p.attempts(ctx, fn)
	}
	select {
	case p.few <- struct{}{}:
		defer func() { <-p.few }()
		return p.attempts(ctx, fn)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *postgres) attempts(ctx context.Context, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
		err := p.transact(bounded, nil, fn)
		cancel()
		if err == nil || !again(err) || try == writeTries {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(5*time.Millisecond) << try))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *postgres) findable(context.Context) {} // words are written with their comment

func (p *postgres) load(ctx context.Context, fn func(*Tx) error) error {
	return p.transact(ctx, nil, fn)
}

func (p *postgres) transact(ctx context.Context, options *sql.TxOptions, fn func(*Tx) error) (err error) {
	t, err := p.pool.BeginTx(ctx, options)
	if err != nil {
		return explainClosed(err)
	}
	defer t.Rollback()
	tx := &Tx{db: p.db, ctx: ctx, q: t, dialect: Postgres, readonly: options != nil && options.ReadOnly}
	if err := recoverWrite(fn, tx); err != nil {
		return err
	}
	changes, err := tx.changes()
	if err != nil {
		return err
	}
	if err := explainClosed(t.Commit()); err != nil {
		return err
	}
	p.db.feed.publish(changes...)
	p.news.tell(changes)
	return nil
}

func explainClosed(err error) error {
	if err != nil && strings.Contains(err.Error(), "database is closed") {
		return errClosed
	}
	return explain(err)
}

func recoverWrite(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("a transaction panicked and was undone", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("a transaction panicked: %v", p)
		}
	}()
	return fn(tx)
}

func (p *postgres) close() error {
	p.stop()
	<-p.done
	p.news.end()
	return p.pool.Close()
}
