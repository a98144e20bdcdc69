//go:build bench

package bench

import (
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
	"testing"
	"time"

	"hark/e2e"
	"hark/store"
	"hark/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

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

// databases are where everything is measured: "" is SQLite.
func databases(t *testing.T) map[string]string {
	return map[string]string{"SQLite": "", "PostgreSQL": storetest.Database(t)}
}

func TestTable(t *testing.T) {
	fmt.Printf("\n%d cores, %s, %d tickets with 3 comments each\n\n", runtime.NumCPU(), runtime.Version(), tickets())
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			fmt.Printf("\n### %s\n\n| | measured | budget |\n|---|---|---|\n", name)
			dir := t.TempDir()
			fill(t, store.Config{Dir: dir, URL: database})
			server := e2e.Start(t, "serve", e2e.In(dir), e2e.On(database))
			rest(t, server)
			pages(t, server)
			mail(t, server)
		})
	}
}

func fill(t *testing.T, config store.Config) {
	db, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	began := time.Now()
	if err := storetest.Fill(t.Context(), db, tickets()); err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %v", time.Since(began).Round(time.Second))
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

func pages(t *testing.T, server *e2e.Server) {
	client := browser(t, server)
	n := tickets()
	for _, page := range []struct {
		what, path, budget string
		times              int
	}{
		{"inbox, 50 rows, p99", "/inbox?view=all", "20 ms", 300},
		{"next for me, p99", "/inbox?view=next", "20 ms", 300},
		{"ticket with 20 comments, p99", "/tickets/" + strconv.Itoa(storetest.LongTicket), "15 ms", 300},
		{"opening any ticket, p99", "/tickets/%d", "15 ms", 300},
		{"search, rare word, p99", "/search?q=" + storetest.RareWord, "20 ms", 200},
		{"search, a word in every third ticket, p99", "/search?q=" + storetest.CommonWord, "120 ms", 100},
	} {
		var took durations
		for i := range page.times + 20 {
			path := page.path
			if strings.Contains(path, "%d") {
				path = fmt.Sprintf(path, 1+(i*7919)%n)
			}
			one := get(t, client, server.URL+path)
			if i >= 20 { // the first ones warm caches, as the first minute of a day does
				took.add(one)
			}
		}
		line(t, page.what, ms(took.at(99))+" (median "+ms(took.at(50))+")", page.budget)
	}
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
	burst       = 6000
	paced       = 1000
)

// mail measures accepting, turning into tickets, and becoming visible.
func mail(t *testing.T, server *e2e.Server) {
	server.Hark(t, "", "mailbox", "add", "bench@agency.example")
	var took durations
	began := time.Now()
	var all sync.WaitGroup
	for c := range connections {
		all.Go(func() {
			s, err := dialSMTP(server.SMTP, "bench@agency.example")
			if err != nil {
				t.Error(err)
				return
			}
			for i := range burst / connections {
				number := c*burst/connections + i
				one, err := s.send(number, letter(number))
				if err != nil {
					t.Error(err)
					return
				}
				took.add(one)
			}
		})
	}
	all.Wait()
	rate := float64(burst) / time.Since(began).Seconds()
	line(t, fmt.Sprintf("mail accepted durably, %d connections", connections), fmt.Sprintf("%.0f a second, p99 %s", rate, ms(took.at(99))), "1,000 a second, p99 40 ms")
	e2e.Eventually(t, 5*time.Minute, "every mail has become a ticket", func() bool { return waiting(t, server) == 0 })
	line(t, "mail turned into tickets (accepting included)", fmt.Sprintf("%.0f a second", float64(burst)/time.Since(began).Seconds()), "300 a second")
	visible(t, server)
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

// visible sends 100 mails a second and looks, every tenth time, when the agent's search shows the mail.
func visible(t *testing.T, server *e2e.Server) {
	client := browser(t, server)
	s, err := dialSMTP(server.SMTP, "bench@agency.example")
	if err != nil {
		t.Fatal(err)
	}
	var seen durations
	var watchers sync.WaitGroup
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range paced {
		<-tick.C
		number := burst + i
		if _, err := s.send(number, letter(number)); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			sent := time.Now()
			watchers.Go(func() {
				for !shows(client, server.URL+"/inbox?view=all", fmt.Sprintf("Question number %d about", number)) && time.Since(sent) < 10*time.Second {
					<-time.After(5 * time.Millisecond)
				}
				seen.add(time.Since(sent))
			})
		}
	}
	watchers.Wait()
	line(t, "from 250 to visible in the inbox at 100 mails a second, p99", ms(seen.at(99)), "1 s")
}

func shows(client *http.Client, address, text string) bool {
	answer, err := client.Get(address)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return err == nil && strings.Contains(string(body), text)
}
