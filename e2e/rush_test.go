package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/mail"
	"hark/policy"
	"hark/store/storetest"
)

// rush is many customers with phone support, each with a request of their own, before the page that offers times. Half of them have it from
// one server and half from another, which share a database. One colleague takes all calls.
type rush struct {
	t       *testing.T
	outside *Outside
	server  *Server
	guests  []*guest

	mu      sync.Mutex
	letters map[string][]Letter // by address
}

// guest is one of them.
type guest struct {
	email  string
	client *http.Client
	page   string // the address of their times
	form   url.Values
}

// told is what one of them was answered, and how long that took.
type told struct {
	status int
	page   string
	took   time.Duration
}

// Everybody wants the same half hour in the same moment. One has it; all others are told at once, with the three times nearest to it, and
// nobody is mailed anything about a call that they do not have.
func TestS0_10_AHundredPeopleWantOneTime(t *testing.T) {
	r := startRush(t, 100)
	day, times := r.emptyDay()
	start := times[len(times)/2]
	for _, g := range r.guests {
		g.opens(t, day)
		g.form.Set("start", start.Format(time.RFC3339))
	}
	answers := r.allAtOnce()
	var booked []*guest
	var waits []time.Duration
	nearest := []time.Time{start.Add(-time.Hour), start.Add(-45 * time.Minute), start.Add(45 * time.Minute)}
	for i, a := range answers {
		waits = append(waits, a.took)
		switch {
		case a.status == http.StatusSeeOther:
			booked = append(booked, r.guests[i])
		case a.status != http.StatusConflict || !strings.Contains(a.page, "This time was just taken") || !strings.Contains(a.page, "Nothing is booked"):
			t.Errorf("%s was answered %d: %.300s", r.guests[i].email, a.status, a.page)
		case !slices.Equal(offered(a.page, `<button class="button button-plain" name="start" value="`), nearest):
			t.Errorf("%s is offered %v, want %v", r.guests[i].email, offered(a.page, `<button class="button button-plain" name="start" value="`), nearest)
		}
	}
	slices.Sort(waits)
	t.Logf("a hundred were answered within %v, half of them within %v", waits[len(waits)-1], waits[len(waits)/2])
	if slowest := waits[len(waits)-1]; slowest > 10*time.Second {
		t.Errorf("somebody was told after %v", slowest)
	}
	if len(booked) != 1 {
		t.Fatalf("%d people have the same call", len(booked))
	}
	for _, g := range r.guests {
		page, err := read(g.client, g.page)
		if err != nil || strings.Contains(page, "Your call is booked") != (g == booked[0]) {
			t.Errorf("%s reads afterwards %v %.300s", g.email, err, page)
		}
	}
	Eventually(t, time.Minute, "all mails have left", func() bool { return r.server.waiting(t) == "mail 0 send 0" })
	for _, g := range r.guests {
		if about := len(r.about(g.email, "Your call on")); (about == 1) != (g == booked[0]) {
			t.Errorf("%s was mailed %d times about a call", g.email, about)
		}
	}
}

// startRush opens the desk and lets everybody ask for a call.
func startRush(t *testing.T, many int) *rush {
	r := &rush{t: t, letters: map[string][]Letter{}}
	r.outside = OpenOutside(t, func(l Letter) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.letters[l.To] = append(r.letters[l.To], l)
	})
	database := storetest.LastingDatabase(t)
	r.server, _ = open(t, database, "--smtp-out", "smtp://"+r.outside.Addr)
	source, _ := policy.Example("soapbox-phone-support")
	file := t.TempDir() + "/policy.yaml"
	write(t, file, string(source))
	r.server.Hark(t, "", "policy", "apply", file, "--reason", "Calls are booked.")
	nodes := []*Server{r.server, Start(t, "serve", On(database), In(r.server.Data), With("--smtp-out", "smtp://"+r.outside.Addr))}
	table := "email,plan,from,until\n"
	for n := range many {
		from, _ := question(n)
		table += from + ",phone,2020-01-01,2099-12-31\n"
	}
	r.server.Hark(t, table, "import", "customers", "-")
	for n := range many {
		if err := ask(t, r.server, n); err != nil {
			t.Fatal(err)
		}
		from, _ := question(n)
		r.guests = append(r.guests, &guest{email: from, client: browser(), page: nodes[n%2].URL + r.link(from) + "/call"})
	}
	return r
}

var ticketAddress = regexp.MustCompile(`/t/[A-Za-z0-9_.-]+`)

// link is the way to their request that somebody has in their mail.
func (r *rush) link(to string) (link string) {
	r.t.Helper()
	Eventually(r.t, 20*time.Second, to+" has a link to their request", func() bool {
		for _, l := range r.about(to, "") {
			for _, raw := range r.outside.Copies(l.MessageID) {
				if m, err := mail.Parse([]byte(raw)); err == nil {
					link = ticketAddress.FindString(m.Text)
				}
			}
		}
		return link != ""
	})
	return link
}

// about are the letters to somebody whose subject begins with some words.
func (r *rush) about(to, subject string) (all []Letter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.letters[to] {
		if strings.HasPrefix(l.Subject, subject) {
			all = append(all, l)
		}
	}
	return all
}

var dayLink = regexp.MustCompile(`[?&]day=(\d{4}-\d{2}-\d{2})`)

// emptyDay is the first day of which nothing has passed and nothing is booked, and its times.
func (r *rush) emptyDay() (day string, times []time.Time) {
	r.t.Helper()
	first := r.guests[0]
	page, err := read(first.client, first.page)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, link := range dayLink.FindAllStringSubmatch(page, -1) {
		if page, err = read(first.client, first.page+"?day="+link[1]); err != nil {
			r.t.Fatal(err)
		}
		if times = offered(page, `name="start" value="`); len(times) == 35 {
			return link[1], times
		}
	}
	r.t.Fatalf("no day is wholly free: %.2000s", page)
	return "", nil
}

// offered are the times of a page whose fields begin like this.
func offered(page, field string) (times []time.Time) {
	for _, found := range regexp.MustCompile(regexp.QuoteMeta(field)+`([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if at, err := time.Parse(time.RFC3339, found[1]); err == nil {
			times = append(times, at)
		}
	}
	return times
}

var carried = regexp.MustCompile(`name="(csrf|key|length|zone)" value="([^"]*)"`)

// opens reads the page of a day and fills in the form that books.
func (g *guest) opens(t *testing.T, day string) {
	t.Helper()
	g.client.Timeout = time.Minute
	page, err := read(g.client, g.page+"?day="+day)
	if err != nil {
		t.Fatal(err)
	}
	_, form, _ := strings.Cut(page, `id="times"`)
	g.form = url.Values{"do": {"book"}, "phone": {"+1 312 555 0142"}}
	for _, field := range carried.FindAllStringSubmatch(form, -1) {
		g.form.Set(field[1], field[2])
	}
}

// allAtOnce lets everybody press their button in one moment.
func (r *rush) allAtOnce() []told {
	all := make([]told, len(r.guests))
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i, g := range r.guests {
		wait.Go(func() {
			<-start
			all[i] = g.books(r.t)
		})
	}
	close(start)
	wait.Wait()
	return all
}

func (g *guest) books(t *testing.T) told {
	began := time.Now()
	answer, err := g.client.PostForm(g.page, g.form)
	if err != nil {
		t.Errorf("%s: %v", g.email, err)
		return told{}
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(fmt.Errorf("%s: %w", g.email, err))
	}
	return told{answer.StatusCode, string(page), time.Since(began)}
}
