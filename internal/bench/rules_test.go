//go:build bench

package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/e2e"
	"hark/policy"
)

// TestRules measures the words themselves, by their own benchmarks: what a rule costs, whichever database there is.
func TestRules(t *testing.T) {
	fmt.Printf("\n### The rules\n\n| What | Measured | Budget |\n|---|---|---|\n")
	for _, row := range []struct {
		what, pkg, bench, budget string
		says                     func(worst measured) string
	}{
		{"one event of a ticket with 20 behind it", "./policy", "React$/^(customer replies|agent asks|agent solves|time passes)$", "20 µs, 50 allocations", measured.microseconds},
		{"the same under the costliest of the five examples", "./policy", "ReactUnder/.*/(agent_replies|fact_changed)", "20 µs, 50 allocations", measured.microseconds},
		{"a ticket's 90 days", "./simulate", "NinetyDays", "5 ms", measured.milliseconds},
		{"reading and checking the largest example", "./policy", "ParseAndLint", "20 ms", measured.milliseconds},
		{"the same with the scenarios it keeps", "./desk", "CheckPolicy", "", measured.milliseconds},
		{"additions of time, one core", "./calendar", "AMillionAdditions", "1,000,000 a second", measured.additions},
	} {
		line(t, row.what, row.says(worst(t, row.pkg, row.bench)), row.budget)
	}
}

// measured is the figures of one benchmark by their unit, "ns/op".
type measured map[string]float64

func (m measured) microseconds() string {
	return fmt.Sprintf("%.1f µs, %.0f allocations", m["ns/op"]/1e3, m["allocs/op"])
}

func (m measured) milliseconds() string { return fmt.Sprintf("%.2f ms", m["ns/op"]/1e6) }

func (m measured) additions() string { return fmt.Sprintf("%.0f a second", m["additions/s"]) }

var figure = regexp.MustCompile(`([0-9.]+) ([a-zA-Z/-]+)`)

// worst runs benchmarks and returns the figures of the slowest.
func worst(t *testing.T, pkg, bench string) (slowest measured) {
	command := exec.Command("go", "test", pkg, "-run", "-", "-bench", bench, "-benchtime", "1s", "-benchmem")
	command.Dir = filepath.Join("..", "..")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", bench, err, out)
	}
	for _, text := range strings.Split(string(out), "\n") {
		if !strings.HasPrefix(text, "Benchmark") {
			continue
		}
		m := measured{}
		for _, f := range figure.FindAllStringSubmatch(text, -1) {
			m[f[2]], _ = strconv.ParseFloat(f[1], 64)
		}
		if m["ns/op"] > slowest["ns/op"] {
			slowest = m
		}
	}
	if slowest == nil {
		t.Fatalf("no benchmark is called %s in %s:\n%s", bench, pkg, out)
	}
	return slowest
}

// promises measures what is asked of the policy: its page, the editor while somebody types, and a replay.
func promises(t *testing.T, server *e2e.Server) {
	editor(t, server)
	replayed(t, server)
}

// editor saves a draft and reads what comes of it, as the page does after a key.
func editor(t *testing.T, server *e2e.Server) {
	client, took := browser(t, server), &durations{}
	page := body(t, client, server.URL+"/admin/policy/edit")
	token := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil {
		t.Fatal("the editor has no token")
	}
	source, _ := policy.Example("customer-support-center")
	drawn := regexp.MustCompile(`name="drawn" value="([^"]+)"`)
	for i := range 60 {
		mark := drawn.FindStringSubmatch(page)
		if mark == nil {
			t.Fatal("the editor does not say which draft it shows")
		}
		form := url.Values{"csrf": {token[1]}, "drawn": {mark[1]}, "brand": {"1"}, "do": {"check"}, "kind": {"question"}, "start": {"2026-11-20T15:00"},
			"source": {strings.Replace(string(source), "after: 24h", fmt.Sprintf("after: %dh", 24+i), 1)}}
		began := time.Now()
		answer, err := client.PostForm(server.URL+"/admin/policy/edit", form)
		if err != nil {
			t.Fatal(err)
		}
		read, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		page = string(read)
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("the editor answered %s", answer.Status)
		}
		if i >= 10 {
			took.add(time.Since(began))
		}
	}
	line(t, "the editor after a key: saved, checked, page and ticket again, p99", fmt.Sprintf("%s (median %s)", ms(took.at(99)), ms(took.at(50))), "100 ms")
}

func body(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replayed lets 10,000 recorded tickets happen again under two policies, beside the running server.
func replayed(t *testing.T, server *e2e.Server) {
	source, _ := policy.Example("customer-support-center")
	file := filepath.Join(t.TempDir(), "draft.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(string(source), "after: 24h", "after: 1bd", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	out := server.Hark(t, "", "policy", "replay", file, "--days", "3660", "--tickets", "10000", "--seconds", "60", "--json")
	took := time.Since(began)
	var figures struct{ Tickets int }
	first, _, _ := strings.Cut(out, "\n")
	if err := json.Unmarshal([]byte(first), &figures); err != nil || figures.Tickets == 0 {
		t.Fatalf("the replay says %q", first)
	}
	line(t, fmt.Sprintf("replay of %d tickets under two policies, from the command line", figures.Tickets), fmt.Sprintf("%.1f s", took.Seconds()), "10 s for 10,000")
}
