//go:build bench

package bench

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/e2e"
	"hark/store"
	"hark/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m, e2e.RemoveBuild) }

// line is one row of the table that is printed: what was measured, what came out, and the budget.
func line(t *testing.T, what, measured, budget string) {
	fmt.Printf("| %s | %s | %s |\n", what, measured, budget)
	t.Logf("%s: %s (budget %s)", what, measured, budget)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// tickets is how many the page measurements run over; HARK_BENCH_TICKETS=1000000 for the large table.
func tickets() int {
	if n, err := strconv.Atoi(os.Getenv("HARK_BENCH_TICKETS")); err == nil {
		return n
	}
	return 100_000
}

// database is one place where everything is measured; URL "" is SQLite.
type database struct{ name, version, url string }

// databases are those that HARK_BENCH_ON names, both without it.
func databases(t *testing.T) []database {
	var all []database
	on := os.Getenv("HARK_BENCH_ON")
	if on != "postgresql" {
		all = append(all, database{"SQLite", "SQLite " + sqliteVersion(t), ""})
	}
	if on != "sqlite" {
		all = append(all, database{"PostgreSQL", storetest.Version(t), storetest.LastingDatabase(t)})
	}
	return all
}

func sqliteVersion(t *testing.T) (version string) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	return version
}

func TestTable(t *testing.T) {
	fmt.Printf("\n%d cores, %s, load %s, %d tickets with 3 comments each\n", runtime.NumCPU(), runtime.Version(), load(), tickets())
	for _, on := range databases(t) {
		t.Run(on.name, func(t *testing.T) {
			fmt.Printf("\n### %s\n\n| What | Measured | Budget |\n|---|---|---|\n", on.version)
			dir := t.TempDir()
			filled := fill(t, store.Config{Dir: dir, URL: on.url})
			outside := e2e.OpenOutside(t, nil)
			server := e2e.Start(t, "serve", e2e.In(dir), e2e.On(on.url), e2e.With("--smtp-out", "smtp://"+outside.Addr))
			rest(t, server)
			pages(t, server, filled)
			rings(t, server)
			promises(t, server)
			mail(t, server)
			fmt.Printf("\nload at the end: %s\n", load())
		})
	}
}

// load is what else the machine does: the one-minute load average.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

func fill(t *testing.T, config store.Config) storetest.Filled {
	db, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	began := time.Now()
	filled, err := storetest.Fill(t.Context(), config, tickets())
	if err != nil {
		t.Fatal(err)
	}
	if err := storetest.FillHelp(t.Context(), db, 1, began); err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %v", time.Since(began).Round(time.Second))
	return filled
}

// rest measures what the process costs before anybody asks for anything.
func rest(t *testing.T, server *e2e.Server) {
	server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	var starts durations
	for range 7 {
		server.Stop()
		server.Restart(t)
		starts.add(server.ReadyIn)
	}
	line(t, "exec to ready, existing database (median of 7)", ms(starts.at(50)), "150 ms")
	<-time.After(3 * time.Second) // let the garbage of starting be collected: idle means idle
	line(t, "resident memory, idle", fmt.Sprintf("%d MB", resident(t, server.PID())>>10), "60 MB")
	binary, _ := e2e.Build()
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	line(t, "binary", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "45 MB")
}

// processor is how long a process has computed so far, in all its threads and in the kernel for it. Unlike the time that
// passes, it hardly depends on what else the machine does. The kernel counts in hundredths of a second.
func processor(t *testing.T, pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	kernel, _ := strconv.Atoi(fields[12])
	return time.Duration(user+kernel) * 10 * time.Millisecond
}

func resident(t *testing.T, pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	kb, _ := strconv.Atoi(string(match[1]))
	return kb
}

// browser is a signed-in agent with a cookie jar.
func browser(t *testing.T, server *e2e.Server) *http.Client {
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	answer, err := client.PostForm(server.URL+"/sign-in", url.Values{"email": {"ana@agency.example"}, "password": {"a long enough password"}})
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("sign-in answered %s", answer.Status)
	}
	return client
}

// rounds is how often each page is measured; the table says the median of the rounds, because the machine does other
// things as well.
const rounds = 5

func pages(t *testing.T, server *e2e.Server, filled storetest.Filled) {
	client := browser(t, server)
	for _, page := range []struct {
		what, path, budget string
		times              int
	}{
		{"inbox, 50 rows, p99", "/inbox?view=all", "20 ms", 100},
		{"next for me, 50 rows, p99", "/inbox?view=next", "20 ms", 100},
		{"ticket with 20 comments, p99", fmt.Sprintf("/tickets/%d", filled.Long), "15 ms", 100},
		{"opening any ticket, p99", "/tickets/%d", "15 ms", 100},
		{"policy page, p99", "/support", "15 ms", 100},
		{"a customer's page of a ticket, p99", "/tickets/%d/customer", "20 ms", 100},
		{"an article of the help, p99", "/help/article-%d", "20 ms", 100},
		{"search of the help, two words, p99", "/help?q=donation+word7", "20 ms", 100},
		{"search of the help, a question, p99", "/help?q=how+do+I+stop+the+donation+of+word12+and+word77", "20 ms", 100},
		{"report of a month, p99", "/reports?period=2025-11", "50 ms", 100},
		{"the tickets behind a number, p99", "/reports/list?period=2025-11&what=promise:first_reply:question:missed", "50 ms", 100},
		{"wall, p99", "/wall", "50 ms", 100},
		{"search, rare word, p99", "/search?q=" + storetest.Rare, "20 ms", 100},
		{"search, a word in every third ticket, p99", "/search?q=" + storetest.Frequent, "120 ms", 100},
	} {
		var typical, slow durations
		before := processor(t, server.PID())
		for round := range rounds {
			things := filled.Tickets
			if strings.HasPrefix(page.path, "/help") {
				things = storetest.Articles - 1
			}
			took := measure(t, client, server.URL+page.path, page.times, round, things)
			typical.add(took.at(50))
			slow.add(took.at(99))
		}
		each := (processor(t, server.PID()) - before) / time.Duration(rounds*(page.times+10))
		line(t, page.what, fmt.Sprintf("%s (median %s, of which computing %s)", ms(slow.at(50)), ms(typical.at(50)), ms(each)), page.budget)
	}
}

// measure asks for a page so many times. A "%d" in its address becomes another one of so many things every time.
func measure(t *testing.T, client *http.Client, address string, times, round, things int) *durations {
	took := &durations{}
	for i := range times + 10 {
		at := address
		if strings.Contains(at, "%d") {
			at = fmt.Sprintf(at, 1+(round*1000+i)*7919%things)
		}
		if one := get(t, client, at); i >= 10 { // the first ones warm caches, as the first minute of a day does
			took.add(one)
		}
	}
	return took
}

func get(t *testing.T, client *http.Client, address string) time.Duration {
	began := time.Now()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %s (%v)", address, answer.Status, err)
	}
	return time.Since(began)
}

const (
	connections = 8
	burst       = 8000
	perSecond   = 350 // a little more than has to be sustained
	paced       = 1000
)

// mail measures accepting, turning into tickets, and becoming visible.
func mail(t *testing.T, server *e2e.Server) {
	server.Hark(t, "", "mailbox", "add", address)
	number := &atomic.Int64{}
	accepting(t, server, number)
	sustained(t, server, number)
	visible(t, server, number)
}

// accepting delivers a burst from eight servers at once. Meanwhile mails become tickets, as they do on a real desk.
func accepting(t *testing.T, server *e2e.Server, number *atomic.Int64) {
	var took durations
	began, before := time.Now(), processor(t, server.PID())
	deliver(t, server, number, &took, func(sent int64) bool { return sent <= burst })
	rate := burst / time.Since(began).Seconds()
	line(t, fmt.Sprintf("mail accepted durably, %d connections", connections), fmt.Sprintf("%.0f a second, p99 %s", rate, ms(took.at(99))), "1,000 a second, p99 40 ms")
	e2e.Eventually(t, 10*time.Minute, "every mail has become a ticket", func() bool { return waiting(t, server) == 0 })
	line(t, "a burst of 8,000 turned into tickets, accepting included", fmt.Sprintf("%.0f a second", burst/time.Since(began).Seconds()), "")
	line(t, "computing for one mail: accepted, a ticket, acknowledged", ms((processor(t, server.PID())-before)/burst), "")
}

// sustained delivers for a minute, and counts what has become a ticket when it ends.
func sustained(t *testing.T, server *e2e.Server, number *atomic.Int64) {
	began, first := time.Now(), number.Load()
	deliver(t, server, number, &durations{}, func(sent int64) bool {
		due := began.Add(time.Duration(sent-first) * time.Second / perSecond)
		<-time.After(time.Until(due))
		return due.Sub(began) < time.Minute
	})
	took, left := time.Since(began), waiting(t, server)
	done := number.Load() - first - connections - int64(left) // each connection drew one number it did not send
	line(t, "turned into tickets, sustained for a minute", fmt.Sprintf("%.0f a second (%d waiting at the end)", float64(done)/took.Seconds(), left), "300 a second")
	e2e.Eventually(t, 10*time.Minute, "every mail has become a ticket", func() bool { return waiting(t, server) == 0 })
}

// deliver sends mails over eight connections for as long as more says so; it is asked with the number of the mail.
func deliver(t *testing.T, server *e2e.Server, number *atomic.Int64, took *durations, more func(number int64) bool) {
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			s, err := e2e.DialMail(server.SMTP)
			if err != nil {
				t.Error(err)
				return
			}
			for n := number.Add(1); more(n); n = number.Add(1) {
				from, raw := letter(int(n))
				one, err := s.Send(from, address, raw)
				if err != nil {
					t.Error(err)
					return
				}
				took.add(one)
			}
		})
	}
	all.Wait()
}

func waiting(t *testing.T, server *e2e.Server) int {
	_, body := server.Get(t, "/metrics")
	match := regexp.MustCompile(`(?m)^hark_mail_waiting (\d+)`).FindStringSubmatch(body)
	if match == nil {
		t.Fatal("/metrics has no hark_mail_waiting")
	}
	n, _ := strconv.Atoi(match[1])
	return n
}

// visible sends 100 mails a second, while an agent's browser asks for the inbox all the time, and notes when the agent
// first saw each.
func visible(t *testing.T, server *e2e.Server, numbers *atomic.Int64) {
	s, err := e2e.DialMail(server.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	first := numbers.Load() + 1
	agent := &watcher{client: browser(t, server), sent: map[int]time.Time{}}
	done := make(chan struct{})
	go func() { defer close(done); agent.watch(server.URL + "/inbox?view=all") }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range paced {
		<-tick.C
		number := int(numbers.Add(1))
		from, raw := letter(number)
		if _, err := s.Send(from, address, raw); err != nil {
			t.Fatal(err)
		}
		agent.waitFor(number)
	}
	e2e.Eventually(t, time.Minute, "the last mail is visible", func() bool { return agent.left(int(numbers.Load())) == 0 })
	agent.stop()
	<-done
	if left := agent.left(int(first)); left > paced/20 {
		t.Errorf("%d of %d mails were never seen", left, paced)
	}
	line(t, "from 250 to visible in the inbox at 100 mails a second, p99", ms(agent.seen.at(99))+" (median "+ms(agent.seen.at(50))+")", "1 s")
}

// watcher is an agent who looks at the inbox again and again.
type watcher struct {
	client *http.Client
	seen   durations

	mu   sync.Mutex
	sent map[int]time.Time // acknowledged and not yet seen
	over bool
}

func (w *watcher) waitFor(number int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[number] = time.Now()
}

// left is how many from a number on have not been seen.
func (w *watcher) left(from int) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for number := range w.sent {
		if number >= from {
			n++
		}
	}
	return n
}

func (w *watcher) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

var subjects = regexp.MustCompile(`Question number (\d+) about`)

func (w *watcher) watch(address string) {
	for {
		answer, err := w.client.Get(address)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if w.look(subjects.FindAllSubmatch(body, -1)) {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
}

func (w *watcher) look(shown [][][]byte) (over bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range shown {
		number, _ := strconv.Atoi(string(s[1]))
		if at, waited := w.sent[number]; waited {
			w.seen.add(time.Since(at))
			delete(w.sent, number)
		}
	}
	return w.over
}
