package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hark/store"
)

// cluster is the process's own PostgreSQL server.
type cluster struct {
	lasting bool // commits are on the disk, as on a real server
	once    sync.Once
	err     error
	dir     string
	admin   *sql.DB
	stdin   io.Closer
	proc    *exec.Cmd
	count   atomic.Int64

	schema, emptying string // see again.go
	mu               sync.Mutex
	free             []string // databases whose tests have ended
}

var shared, lasting = &cluster{}, &cluster{lasting: true}

// Database returns the URL of a database with the present schema and nothing in it. It is the test's until that ends.
func Database(t testing.TB) string {
	t.Helper()
	return shared.migrated(t)
}

// EmptyDatabase makes a database without a schema and returns its URL.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	shared.begin(t)
	name := shared.create(t, "")
	t.Cleanup(func() { shared.admin.Exec("DROP DATABASE " + name + " WITH (FORCE)") })
	return shared.url(name)
}

// LastingDatabase is Database on a server that keeps what it has committed, for tests that crash it and for measurements.
func LastingDatabase(t testing.TB) string {
	t.Helper()
	return lasting.migrated(t)
}

// Crash ends the server behind every LastingDatabase as a crash would, and starts it again.
func Crash(t testing.TB) {
	t.Helper()
	if err := lasting.crash(); err != nil {
		t.Fatal(err)
	}
}

// Away runs do while the server behind every LastingDatabase is down, after it ended as by a crash, and starts it again.
func Away(t testing.TB, do func()) {
	t.Helper()
	if err := lasting.control("stop", "--mode=immediate"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := lasting.control("start", "--wait", "--log="+filepath.Join(lasting.dir, "log"), "--options="+strings.Join(append(lasting.options(), "-k", lasting.dir), " ")); err != nil {
			t.Fatal(err)
		}
	}()
	do()
}

// Version is what the lasting server calls itself: "PostgreSQL 15.9".
func Version(t testing.TB) string {
	t.Helper()
	LastingDatabase(t)
	var says string
	if err := lasting.admin.QueryRow("SHOW server_version").Scan(&says); err != nil {
		t.Fatal(err)
	}
	return "PostgreSQL " + strings.Fields(says)[0]
}

func (c *cluster) begin(t testing.TB) {
	t.Helper()
	if c.once.Do(c.start); c.err != nil {
		t.Fatal(c.err)
	}
}

func (c *cluster) migrated(t testing.TB) string {
	t.Helper()
	c.begin(t)
	name := c.take()
	if name == "" {
		name = c.create(t, " TEMPLATE empty")
	}
	t.Cleanup(func() { c.put(name) })
	return c.url(name)
}

func (c *cluster) create(t testing.TB, template string) (name string) {
	t.Helper()
	name = fmt.Sprintf("t%d", c.count.Add(1))
	if _, err := c.admin.Exec("CREATE DATABASE " + name + template); err != nil {
		t.Fatal(err)
	}
	return name
}

func (c *cluster) url(database string) string {
	return "postgres:///" + database + "?user=hark&host=" + url.QueryEscape(c.dir)
}

func (c *cluster) start() { c.err = c.tryStart() }

func (c *cluster) tryStart() (err error) {
	initdb, err := find("initdb")
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "hark-postgres-"); err != nil {
		return err
	}
	credential, err := unprivileged(c.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(c.dir, "data")
	if err := run(credential, c.dir, initdb, "--pgdata="+data, "--username=hark", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"); err != nil {
		return err
	}
	if err := c.launch(credential, filepath.Join(filepath.Dir(initdb), "postgres"), data); err != nil {
		return err
	}
	if c.admin, err = sql.Open("pgx", c.url("postgres")); err != nil {
		return err
	}
	if err := c.wait(); err != nil {
		return err
	}
	return c.makeEmpty()
}

// launch starts the server under a shell that waits for its standard input to end. The test process holds the other
// end, so the server goes and its directory is removed however that process ends.
func (c *cluster) launch(credential *syscall.Credential, postgres, data string) error {
	const watch = `dir=$1; shift; "$@" >"$dir/log" 2>&1 & read -r end; kill -QUIT $(head -n 1 "$dir/data/postmaster.pid"); wait; rm -rf "$dir"`
	c.proc = exec.Command("/bin/sh", append([]string{"-c", watch, "sh", c.dir, postgres, "-D", data, "-k", c.dir}, c.options()...)...)
	c.proc.Dir = c.dir
	c.proc.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setpgid: true} // Ctrl+C reaches it through us
	stdin, err := c.proc.StdinPipe()
	if err != nil {
		return err
	}
	c.stdin = stdin
	return c.proc.Start()
}

func (c *cluster) options() []string {
	options := []string{"-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=128MB"}
	if c.lasting {
		return options
	}
	return append(options, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
}

// crash is pg_ctl restart in its immediate mode: no connection is told, nothing is written down, and the server recovers.
func (c *cluster) crash() error {
	return c.control("restart", "--mode=immediate", "--wait", "--log="+filepath.Join(c.dir, "log"))
}

func (c *cluster) control(verb string, flags ...string) error {
	pgctl, err := find("pg_ctl")
	if err != nil {
		return err
	}
	credential, err := unprivileged(c.dir)
	if err != nil {
		return err
	}
	return run(credential, c.dir, pgctl, append([]string{verb, "--pgdata=" + filepath.Join(c.dir, "data")}, flags...)...)
}

func (c *cluster) wait() error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := c.admin.Ping()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("the test's PostgreSQL did not start: %w\n%s", err, log)
		}
		time.Sleep(20 * time.Millisecond) // the server says by accepting a connection that it is there
	}
}

// makeEmpty migrates a database once; every test's database is a copy of it.
func (c *cluster) makeEmpty() error {
	if _, err := c.admin.Exec("CREATE DATABASE empty"); err != nil {
		return err
	}
	db, err := store.Open(context.Background(), store.Config{Dir: c.dir, URL: c.url("empty"), Unsafe: true})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	empty, err := sql.Open("pgx", c.url("empty"))
	if err != nil {
		return err
	}
	defer empty.Close() // nobody may be in a template while it is copied
	return c.learn(empty)
}

func (c *cluster) stop() {
	if c.stdin == nil {
		return
	}
	if c.admin != nil {
		c.admin.Close()
	}
	c.stdin.Close()
	c.proc.Wait()
}

// find looks for a program of PostgreSQL in PATH and where Debian puts it.
func find(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if len(paths) == 0 {
		return "", fmt.Errorf("%s is missing: these tests run on PostgreSQL too; install it with: apt-get install postgresql", program)
	}
	return slices.MaxFunc(paths, func(a, b string) int { return version(a) - version(b) }), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// unprivileged returns whom to run the server as: PostgreSQL refuses root. The directory then belongs to that user.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody to run it as")
}

func run(credential *syscall.Credential, dir, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, out)
	}
	return nil
}
