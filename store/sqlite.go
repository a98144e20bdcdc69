package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	sqlitedriver "modernc.org/sqlite"

	"hark/fault"
)

// sqlite keeps everything in one file.
//
// One connection writes and a few read, each with its statements prepared once. Readers never wait for the writer: in
// WAL mode they see the last commit. The writer serves all of [DB.Write] from one goroutine, and commits in groups: what
// arrives while a commit waits for the disk goes into the next one together, so eight people saving at once cost one
// fsync and not eight.
type sqlite struct {
	db       *DB
	writing  *sql.DB
	reading  *sql.DB
	writer   *session
	hand     *hand
	urged    time.Time // when the last write that somebody waited for was done
	theirs   time.Time // until then patient writes do not go along with such a one
	readers  chan *session
	queue    chan *write
	patient  chan *write // what nobody waits for; see [Patiently]
	ending   chan struct{}
	ended    chan struct{}
	followed chan struct{} // the words of the full-text index follow no longer
	version  int64         // PRAGMA data_version as last seen
}

var busyTimeout = 5 * time.Second // how long to wait for another program that writes

func openSQLite(ctx context.Context, db *DB, c Config) (engine, error) {
	file := filepath.Join(c.Dir, "hark.db")
	if err := prepareFile(file); err != nil {
		return nil, err
	}
	s := &sqlite{db: db, queue: make(chan *write), patient: make(chan *write), ending: make(chan struct{}), ended: make(chan struct{}), followed: make(chan struct{})}
	if err := s.open(ctx, file, c); err != nil {
		s.shut()
		return nil, fmt.Errorf("opening %s: %w", file, explain(err))
	}
	s.noticeOthers() // so that the first look has something to compare with
	s.hand = newHand()
	go s.serve()
	go s.follow()
	return s, nil
}

// prepareFile makes the file readable for the desk's user alone; SQLite gives its log files the same mode.
func prepareFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fault.Wrap(err, fault.Unavailable, "the data directory cannot be made; choose another with --data or let the desk's user write there")
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDONLY, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return fault.Wrap(err, fault.Unavailable, "the database file cannot be opened; let the desk's user own it")
	}
	if err != nil {
		return explain(err)
	}
	return f.Close()
}

func (s *sqlite) open(ctx context.Context, file string, c Config) (err error) {
	synchronous := "FULL" // NORMAL loses acknowledged rows when the power goes
	if c.Unsafe {
		synchronous = "OFF"
	}
	common := []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"foreign_keys(1)",
		"temp_store(2)", // in memory
	}
	limits := []string{"cache_size(-32000)", fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages), "journal_mode(WAL)", "synchronous(" + synchronous + ")", "journal_size_limit(67108864)"}
	if c.Pages > 0 {
		limits = append(limits, fmt.Sprintf("max_page_count(%d)", c.Pages))
	}
	if s.writing, err = sqliteHandle(file, "_txlock=immediate", append(common, limits...)); err != nil {
		return err
	}
	s.writing.SetMaxOpenConns(1)
	if s.db.found, err = s.migrate(ctx, filepath.Dir(file)); err != nil {
		return err
	}
	if s.reading, err = sqliteHandle(file, "", append(common, "cache_size(-8000)", "query_only(1)")); err != nil {
		return err
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	s.reading.SetMaxOpenConns(readers + 1) // one is left for maintenance
	s.reading.SetMaxIdleConns(readers)
	s.readers = make(chan *session, readers)
	for range readers {
		s.readers <- &session{}
	}
	s.writer = &session{}
	if err := s.writer.open(ctx, s.writing); err != nil {
		return err
	}
	if err := s.mergeByOurselves(); err != nil {
		slog.Debug("the full-text index keeps its own way of merging", "error", err) // a full disk must not keep a desk from opening
	}
	return nil
}

// migrate does it alone: SQLite's own locks hold for one file of the schema at a time, and two programs that begin on a new
// database would both make the same table.
func (s *sqlite) migrate(ctx context.Context, dir string) (found int64, err error) {
	open, err := fileGate{path: filepath.Join(dir, "schema.lock")}.shut(ctx)
	if err != nil {
		return 0, err
	}
	defer open()
	return migrate(ctx, s.writing, SQLite)
}

func sqliteHandle(file, options string, pragmas []string) (*sql.DB, error) {
	dsn := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(file) + "?" + options
	for _, pragma := range pragmas {
		dsn += "&_pragma=" + pragma
	}
	connector, err := sqlitedriver.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (s *sqlite) dialect() string { return SQLite }
func (s *sqlite) handle() *sql.DB { return s.reading }

// Reading.

func (s *sqlite) read(ctx context.Context, fn func(*Tx) error) error {
	select {
	case session := <-s.readers:
		defer func() { s.readers <- session }()
		return s.snapshot(ctx, session, fn)
	case <-s.ending:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *sqlite) snapshot(ctx context.Context, session *session, fn func(*Tx) error) error {
	if err := session.open(ctx, s.reading); err != nil {
		return explain(err)
	}
	if err := session.run("BEGIN"); err != nil {
		session.drop()
		return explain(err)
	}
	defer func() {
		if session.run("ROLLBACK") != nil {
			session.drop()
		}
	}()
	err := fn(&Tx{db: s.db, ctx: ctx, q: session, dialect: SQLite, readonly: true})
	if ctx.Err() != nil && err != nil {
		return ctx.Err() // SQLite says "interrupted"
	}
	return err
}

// noticeOthers tells subscribers when another program (an operator's command) has written to the file.
func (s *sqlite) noticeOthers() {
	var version int64
	tx := &Tx{ctx: context.Background(), q: s.writer}
	if _, err := tx.get([]any{&version}, "PRAGMA data_version"); err != nil {
		return
	}
	if s.version != 0 && version != s.version {
		s.db.feed.publish(Change{Missed: true})
	}
	s.version = version
}

// checkpointPages is how much log is moved into the database at a time. A page that many commits have changed is moved once, so
// more at a time is less work, and fewer commits wait for it; the log stays below 64 MB.
const checkpointPages = 8000

func (s *sqlite) close() error {
	close(s.ending)
	<-s.ended
	<-s.followed
	return s.shut()
}

func (s *sqlite) shut() error {
	if s.readers != nil {
		for range cap(s.readers) {
			(<-s.readers).drop()
		}
		s.reading.Close()
	}
	if s.writer != nil {
		s.writer.drop()
	}
	if s.writing != nil {
		return s.writing.Close()
	}
	return nil
}

// session is one connection with its prepared statements: preparing costs more than most queries do.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *session) open(ctx context.Context, db *sql.DB) (err error) {
	if c.conn != nil {
		return nil
	}
	c.stmts = map[string]*sql.Stmt{}
	c.conn, err = db.Conn(context.WithoutCancel(ctx))
	return err
}

func (c *session) drop() {
	if c.conn != nil {
		c.forget()
		c.conn.Close()
		c.conn = nil
	}
}

func (c *session) forget() {
	for _, stmt := range c.stmts {
		stmt.Close()
	}
	clear(c.stmts)
}

// The statements of lists differ with what is filtered; this many are kept.
const keptStatements = 400

func (c *session) prepare(query string) (*sql.Stmt, error) {
	if stmt := c.stmts[query]; stmt != nil {
		return stmt, nil
	}
	if len(c.stmts) >= keptStatements {
		c.forget()
	}
	stmt, err := c.conn.PrepareContext(context.Background(), query)
	if err == nil {
		c.stmts[query] = stmt
	}
	return stmt, err
}

func (c *session) run(query string) error {
	_, err := c.ExecContext(context.Background(), query)
	return err
}

func (c *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (c *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}
