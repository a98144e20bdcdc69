package e2e

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hark/store"
	"hark/store/storetest"
)

// signedIn is Ana's browser.
func signedIn(t *testing.T, server *Server) *http.Client {
	t.Helper()
	client := browser()
	if err := signInAs(client, server.URL); err != nil {
		t.Fatal(err)
	}
	return client
}

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, storetest.Database(t)) })
}

// open starts a desk with an administrator and a mailbox, and signs the administrator in.
func open(t *testing.T, database string, flags ...string) (*Server, *http.Client) {
	server := Start(t, "serve", On(database), With(flags...))
	server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	server.Hark(t, "", "mailbox", "add", atTheDesk)
	return server, signedIn(t, server)
}

// question is a first mail by somebody.
func question(number int) (from, raw string) {
	from = fmt.Sprintf("tomas%d@becker.example", number)
	return from, Mail("Tomas Becker <"+from+">", atTheDesk, fmt.Sprintf("Opening hours %d", number), fmt.Sprintf("<hours-%d@becker.example>", number), "Are you open on Friday?\r\n")
}

func ask(t *testing.T, server *Server, number int) error {
	t.Helper()
	connection, err := DialMail(server.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	from, raw := question(number)
	_, err = connection.Send(from, atTheDesk, raw)
	return err
}

// sees waits until a page shows a text.
func sees(t *testing.T, client *http.Client, address, text string) {
	t.Helper()
	Eventually(t, 20*time.Second, address+" shows "+text, func() bool {
		page, err := read(client, address)
		return err == nil && strings.Contains(page, text)
	})
}

// An operator's command is another process. What it writes reaches the pages that are open.
func TestAnOperatorsMailReachesOpenPages(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		server, ana := open(t, database)
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?subject=list:all", nil)
		listening := &http.Client{Jar: ana.Jar}
		answer, err := listening.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		heard := bufio.NewScanner(answer.Body)
		hears(t, heard, ": here")
		_, raw := question(1)
		server.Hark(t, raw, "mail", "ingest", "-")
		hears(t, heard, `"count":1,"view":"all"`)
	})
}

func hears(t *testing.T, stream *bufio.Scanner, text string) {
	t.Helper()
	for stream.Scan() {
		if strings.Contains(stream.Text(), text) {
			return
		}
	}
	t.Fatalf("the page never heard %s: %v", text, stream.Err())
}

// While the disk is full, mail stays with its sender and everything can be read. Afterwards the desk goes on by itself.
func TestAFullDiskKeepsNobodyFromReading(t *testing.T) {
	server, ana := open(t, "")
	if err := ask(t, server, 1); err != nil {
		t.Fatal(err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 1")
	space(t, server, 0)
	var refused *textproto.Error
	if err := ask(t, server, 2); !asProtocol(err, &refused) || refused.Code/100 != 4 {
		t.Errorf("mail on a full disk got %v, want 4xx so that its sender keeps it", err)
	}
	for _, page := range []string{"/inbox?view=all", "/tickets/1", "/search?q=friday", "/healthz"} {
		if _, err := read(ana, server.URL+page); err != nil {
			t.Errorf("%s on a full disk: %v", page, err)
		}
	}
	space(t, server, unix.RLIM_INFINITY)
	if err := ask(t, server, 2); err != nil {
		t.Errorf("after space was made, mail got %v", err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 2")
}

// space limits how large a file the server may write, which from inside looks like a disk without room.
func space(t *testing.T, server *Server, bytes uint64) {
	t.Helper()
	if err := unix.Prlimit(server.PID(), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}, nil); err != nil {
		t.Fatal(err)
	}
}

func asProtocol(err error, target **textproto.Error) bool {
	said, ok := err.(*textproto.Error)
	*target = said
	return ok
}

// Whoever starts the desk on a database that cannot be used reads why, and what to do.
func TestAnUnusableDatabaseIsExplained(t *testing.T) {
	for name, trouble := range map[string]struct {
		spoil func(t *testing.T, dir string)
		says  string
	}{
		"damaged": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "hark.db"), strings.Repeat("This is no database. ", 500))
		}, "restore"},
		"newer": {func(t *testing.T, dir string) {
			onFile(t, dir, "INSERT INTO schema_versions (version_id, is_applied) VALUES (99, 1)")
		}, "newer"},
		"locked": {func(t *testing.T, dir string) { onFile(t, dir, "BEGIN EXCLUSIVE") }, "locked by another program"},
		"a file where the directory should be": {func(t *testing.T, dir string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "")
		}, "--data"},
	} {
		t.Run(name, func(t *testing.T) {
			server := Start(t, "serve", In(filepath.Join(t.TempDir(), "desk")))
			server.Stop()
			trouble.spoil(t, server.Data)
			explained(t, server, trouble.says)
		})
	}
	t.Run("no PostgreSQL", func(t *testing.T) {
		server := &Server{Data: t.TempDir(), Database: "postgres://hark@127.0.0.1:1/hark"}
		explained(t, server, "HARK_DATABASE_URL")
	})
}

func explained(t *testing.T, server *Server, says string) {
	t.Helper()
	out, err := server.TryHark("", "serve", "--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0")
	exit, ok := err.(*exec.ExitError)
	if !ok || exit.ExitCode() != 1 || !strings.Contains(out, says) {
		t.Errorf("ended with %v and said %q, want status 1 and a word about %q", err, out, says)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// onFile runs a statement on the stopped desk's file, and holds what it has locked until the test ends.
func onFile(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "hark.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// Two servers on one SQLite file would both send what is due.
func TestASecondServerIsRefusedOnTheSameFile(t *testing.T) {
	server := Start(t, "serve")
	explained(t, &Server{Data: server.Data}, "another server works on")
}

// A stop loses nothing: the mail that is being received gets its answer, the one that is being sent is finished.
func TestAStopFinishesWhatIsUnderWay(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		hold, arriving := make(chan struct{}), make(chan struct{}, 10)
		outside := OpenOutside(t, func(Letter) { arriving <- struct{}{}; <-hold })
		server, _ := open(t, database, "--smtp-out", "smtp://"+outside.Addr)
		if err := ask(t, server, 1); err != nil {
			t.Fatal(err)
		}
		<-arriving // the acknowledgement is with the other server, which has not answered
		connection, err := DialMail(server.SMTP)
		if err != nil {
			t.Fatal(err)
		}
		from, raw := question(2)
		if err := connection.Begin(from, atTheDesk); err != nil {
			t.Fatal(err)
		}
		if err := ask(t, server, 3); err != nil { // another mail comes and goes meanwhile
			t.Fatal(err)
		}
		began := time.Now()
		if err := server.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		Eventually(t, 10*time.Second, "the door is shut", func() bool { _, err := DialMail(server.SMTP); return err != nil })
		if err := connection.Finish(raw); err != nil {
			t.Errorf("the mail that was being received got %v", err)
		}
		close(hold)
		if err := server.command.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if took := time.Since(began); took > 25*time.Second {
			t.Errorf("stopping took %v", took)
		}
		server.Restart(t)
		sees(t, signedIn(t, server), server.URL+"/inbox?view=all", "Opening hours 2")
		Eventually(t, 10*time.Second, "all mails are known to have arrived", func() bool { return server.waiting(t) == "mail 0 send 0" })
		if n := outside.Mails(); n != 3 {
			t.Errorf("%d acknowledgements arrived outside, want three", n)
		}
	})
}

// A peer that says nothing does not keep the desk from stopping.
func TestAStopDoesNotWaitForEver(t *testing.T) {
	server, _ := open(t, "")
	connection, err := DialMail(server.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.Begin("tomas@becker.example", atTheDesk); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	server.Stop()
	if took := time.Since(began); took > 25*time.Second || server.command.ProcessState.ExitCode() != 0 {
		t.Errorf("stopping took %v and ended with status %d", took, server.command.ProcessState.ExitCode())
	}
}

// Hostile mails come through the real door, between good ones. Each costs less than half a second, and the desk goes on.
func TestBombsThroughTheDoor(t *testing.T) {
	server, ana := open(t, "")
	connection, err := DialMail(server.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for name, body := range bombs() {
		number++
		raw := fmt.Sprintf("From: tomas@becker.example\r\nMessage-ID: <bomb-%d@becker.example>\r\nSubject: %s\r\n", number, name) + body
		before := server.worked(t)
		if _, err := connection.Send("tomas@becker.example", atTheDesk, raw); err != nil {
			t.Errorf("%s got %v", name, err)
		}
		if took := server.worked(t) - before; took > 500*time.Millisecond {
			t.Errorf("%s took %v to accept", name, took)
		}
		from, raw := question(number)
		if _, err := connection.Send(from, atTheDesk, raw); err != nil {
			t.Fatal(err)
		}
		sees(t, ana, server.URL+"/inbox?view=all", fmt.Sprintf("Opening hours %d<", number))
		if took := server.worked(t) - before; took > 2*time.Second {
			t.Errorf("%s and the next mail took %v", name, took)
		}
	}
}

// worked is how long the server has kept processors busy. Unlike the clock, it does not count what others do on the machine.
func (s *Server) worked(t *testing.T) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PID()))
	if err != nil {
		t.Fatal(err)
	}
	var user, system int64 // fields 14 and 15, in hundredths of a second (proc(5))
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

func bombs() map[string]string {
	nested := ""
	for i := range 2000 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
	}
	return map[string]string{
		"nested parts":  nested + "\r\nx\r\n",
		"many parts":    "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 50_000) + "--b--\r\n",
		"many headers":  strings.Repeat("X-A: b\r\n", 100_000) + "\r\nx\r\n",
		"deep HTML":     "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div>\r\n", 50_000) + "x\r\n",
		"encoded words": "X-B: " + strings.Repeat("=?utf-8?q?x?=\r\n ", 50_000) + "\r\n\r\nx\r\n",
	}
}

// A server outside that takes minutes for every step holds up its own mail and nothing else.
func TestSlowPeersDoNotDelayPages(t *testing.T) {
	hold := make(chan struct{})
	outside := OpenOutside(t, func(Letter) { <-hold })
	t.Cleanup(func() { close(hold) })
	server, ana := open(t, "", "--smtp-out", "smtp://"+outside.Addr)
	usual := typical(t, ana, server.URL+"/inbox?view=all")
	for number := range 20 {
		if err := ask(t, server, number); err != nil {
			t.Fatal(err)
		}
		if _, err := DialMail(server.SMTP); err != nil && number < 10 { // a peer that says EHLO and then nothing
			t.Fatal(err)
		}
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 19")
	Eventually(t, 20*time.Second, fmt.Sprintf("beside slow peers the inbox takes not much more than %v, as before", usual), func() bool {
		return typical(t, ana, server.URL+"/inbox?view=all") <= 5*usual+50*time.Millisecond
	})
}

// typical is the median of how long a page takes.
func typical(t *testing.T, client *http.Client, address string) time.Duration {
	t.Helper()
	var all []time.Duration
	for range 15 {
		began := time.Now()
		if _, err := read(client, address); err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// PostgreSQL goes away under a running server and comes back. Meanwhile mail stays with its sender and everybody is told so;
// afterwards work goes on, and pages that were open all the time hear of it.
func TestTheDatabaseComesBackUnderARunningServer(t *testing.T) {
	database, outside := storetest.LastingDatabase(t), OpenOutside(t, nil)
	server, ana := open(t, database, "--smtp-out", "smtp://"+outside.Addr)
	if err := ask(t, server, 1); err != nil {
		t.Fatal(err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 1<")
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?subject=list:all", nil)
	live, err := (&http.Client{Jar: ana.Jar}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Body.Close()
	heard := bufio.NewScanner(live.Body)
	hears(t, heard, ": here")
	page := Open(t)
	page.Visit(server.URL + "/sign-in")
	page.Type("input[name=email]", "ana@agency.example")
	page.Type("input[name=password]", "a long enough password")
	page.Press("Sign in")
	page.See("Settings")
	page.Visit(server.URL + "/inbox?view=all")
	page.See("Opening hours 1")
	page.ready()
	storetest.Away(t, func() {
		Eventually(t, 20*time.Second, "the server says that it is not ready", func() bool { status, _ := server.Get(t, "/readyz"); return status == http.StatusServiceUnavailable })
		var refused *textproto.Error
		if err := ask(t, server, 2); !asProtocol(err, &refused) || refused.Code/100 != 4 {
			t.Errorf("mail without a database got %v, want 4xx so that its sender keeps it", err)
		}
		if status, _ := server.Get(t, "/healthz"); status != http.StatusOK {
			t.Errorf("the process is said to be dead: %d", status)
		}
		if status, page := server.Get(t, "/sign-in"); status >= 500 && (!strings.Contains(page, "try again") || strings.Contains(page, "PostgreSQL")) {
			t.Errorf("people are told: %s", page)
		}
	})
	Eventually(t, 20*time.Second, "the server is ready again", func() bool { status, _ := server.Get(t, "/readyz"); return status == http.StatusOK })
	if err := ask(t, server, 2); err != nil {
		t.Errorf("afterwards mail got %v", err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 2<")
	hears(t, heard, `"view":"all"`)
	page.See("Opening hours 2")
	Eventually(t, 40*time.Second, "both are acknowledged", func() bool { return server.waiting(t) == "mail 0 send 0" && outside.Mails() == 2 })
}

// Two servers share one PostgreSQL. Each mail becomes one ticket, is acknowledged once and reminded once, whichever of
// them is asked, and although one of them sleeps through its lease in the middle of sending.
func TestTwoServersShareTheWork(t *testing.T) {
	database := storetest.LastingDatabase(t)
	b := newBusyDay(t, database)
	second := Start(t, "serve", On(database), In(b.server.Data), With("--smtp-out", "smtp://"+b.outside.Addr))
	first := b.server.SMTP
	for round := range 4 {
		b.deliverTo(second.SMTP)
		pause(800, 1600)
		if round == 2 {
			second.signal(t, syscall.SIGSTOP) // as a machine that hangs
		}
		b.deliverTo(first)
		b.server.Hark(t, "", "clock", "advance", "2m") // reminders fall due, and the sleeper's leases end
		pause(800, 1600)
	}
	second.signal(t, syscall.SIGCONT)
	b.evening()
	second.Stop()
	b.check()
}

func (s *Server) signal(t *testing.T, sign syscall.Signal) {
	if err := s.command.Process.Signal(sign); err != nil {
		t.Fatal(err)
	}
}

// A server that slept in the middle of sending while another took its mail over must not send it when it wakes (fencing).
func TestASleeperDoesNotSendWhatAnotherHasSent(t *testing.T) {
	database := storetest.Database(t)
	movable(t, store.Config{Dir: t.TempDir(), URL: database})
	asked, hold := make(chan struct{}), make(chan struct{})
	outside := OpenOutside(t, nil)
	var others atomic.Bool
	outside.AtRecipient(func() {
		if !others.Swap(true) {
			close(asked)
			<-hold
		}
	})
	sleeper, _ := open(t, database, "--smtp-out", "smtp://"+outside.Addr)
	if err := ask(t, sleeper, 1); err != nil {
		t.Fatal(err)
	}
	<-asked // the sleeper has said RCPT and waits for the answer
	sleeper.signal(t, syscall.SIGSTOP)
	other := Start(t, "serve", On(database), In(sleeper.Data), With("--smtp-out", "smtp://"+outside.Addr))
	other.Hark(t, "", "clock", "advance", "2m") // the sleeper's lease ends
	Eventually(t, 30*time.Second, "the other server sends the mail", func() bool { return outside.Mails() == 1 })
	close(hold)
	sleeper.signal(t, syscall.SIGCONT)
	Eventually(t, 30*time.Second, "both have hung up", func() bool { return outside.Hangups() == 2 })
	if n := outside.Mails(); n != 1 {
		t.Errorf("the mail arrived %d times", n)
	}
}
