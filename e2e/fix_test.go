package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/policy"
	"hark/store"
)

// reporters is how many customers report the same fault.
const reporters = 200

// Two hundred customers have reported one fault, and somebody has seen the fix work. The process is killed while it goes through their tickets,
// and again while it mails them: with the third mail, in the middle, and towards the end, each time when that mail has been taken outside
// and nobody here knows it yet. Every reporter is told once; only a mail that was being handed over when the process died may come a second
// time, and then it is the same. The doctor finds nothing wrong.
func TestS4_10_KilledWhileTellingOfAFix(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		f := newFixTold(t, database)
		f.confirm()
		f.killAmidst()
		for n := range f.killAt {
			f.killWithMail(n)
		}
		f.allHear()
		f.check()
	})
}

// fixTold is a desk whose customers are told of a fix, and what reaches them outside.
type fixTold struct {
	busyDay
	ana     *http.Client
	csrf    string          // what her forms send along
	problem string          // the path of its page
	told    []string        // whoever was mailed of the fix, in the order in which the mails came
	killAt  []int           // with which of them the process is killed
	came    []chan struct{} // closed when that one comes
	dead    []chan struct{} // closed when the process is
}

func newFixTold(t *testing.T, database string) *fixTold {
	f := &fixTold{busyDay: busyDay{t: t}, killAt: []int{3, reporters / 2, reporters - 20}}
	for range f.killAt {
		f.came, f.dead = append(f.came, make(chan struct{})), append(f.dead, make(chan struct{}))
	}
	f.outside = OpenOutside(t, f.hears)
	dir := t.TempDir()
	movable(t, store.Config{Dir: dir, URL: database})
	f.server = Start(t, "serve", In(dir), On(database), With("--smtp-out", "smtp://"+f.outside.Addr))
	f.server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	f.server.Hark(t, "", "mailbox", "add", atTheDesk)
	f.says()
	f.ana = signedIn(t, f.server)
	f.csrf = f.form()
	f.report()
	f.link()
	return f
}

// says applies the policy that mails whoever reported a fault.
func (f *fixTold) says() {
	source, _ := policy.Example("what-happens-next")
	file := f.t.TempDir() + "/policy.yaml"
	if err := os.WriteFile(file, source, 0o600); err != nil {
		f.t.Fatal(err)
	}
	f.server.Hark(f.t, "", "policy", "apply", file, "--reason", "Whoever reported a fault hears when it is gone.")
}

// hears is a mail coming outside. One with which the process is to die is taken, and not acknowledged while it lives.
func (f *fixTold) hears(l Letter) {
	if !strings.HasPrefix(l.Subject, "Fixed:") {
		return
	}
	told := 0
	f.note(func() { f.told = append(f.told, l.To); told = len(f.told) })
	for n, at := range f.killAt {
		if told == at {
			close(f.came[n])
			<-f.dead[n]
		}
	}
}

// report is everybody's first mail, acknowledged.
func (f *fixTold) report() {
	connection, err := DialMail(f.server.SMTP)
	if err != nil {
		f.t.Fatal(err)
	}
	defer connection.Close()
	for n := range reporters {
		from, raw := question(n + 1)
		if _, err := connection.Send(from, atTheDesk, raw); err != nil {
			f.t.Fatal(err)
		}
	}
	Eventually(f.t, time.Minute, "everybody is acknowledged", func() bool { return f.outside.Mails() == reporters && f.server.waiting(f.t) == "mail 0 send 0" })
}

// link is Ana writing the fault down with the first ticket, and linking all others.
func (f *fixTold) link() {
	f.problem = f.posts("/problems/new", url.Values{"ticket": {"1"}, "title": {"Opening hours are missing on Fridays"}})
	_, id, _ := strings.Cut(f.problem, "/problems/")
	for n := 2; n <= reporters; n++ {
		f.posts(fmt.Sprintf("/tickets/%d/problem", n), url.Values{"problem": {id}})
	}
}

// confirm is Ana saying that it works. For a minute she could take that back.
func (f *fixTold) confirm() { f.posts(f.problem+"/fixed", url.Values{}) }

// killAmidst lets the minute pass and kills the process when some tickets have had their turn and others have not.
func (f *fixTold) killAmidst() {
	f.t.Helper()
	passes := make(chan error, 1)
	go func() {
		_, err := f.server.TryHark("", "clock", "advance", "1m")
		passes <- err
	}()
	f.reads(func(db *store.DB) {
		for began := time.Now(); f.untold(db) == reporters && time.Since(began) < time.Minute; {
		}
		f.server.Kill()
		if n := f.untold(db); n == 0 || n == reporters {
			f.t.Errorf("the process was killed when %d of %d tickets had not had their turn, which interrupted no telling", n, reporters)
		} else {
			f.t.Logf("killed when %d tickets had not had their turn", n)
		}
	})
	if err := <-passes; err != nil {
		f.t.Fatal(err)
	}
	f.server.Restart(f.t)
}

// untold is how many tickets are still to hear of the fix.
func (f *fixTold) untold(db *store.DB) (n int64) {
	id, err := strconv.ParseInt(strings.TrimPrefix(f.problem, "/problems/"), 10, 64)
	if err == nil {
		err = db.Read(f.t.Context(), func(tx *store.Tx) error { n, err = tx.WaitToHear(id); return err })
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

// form is what every form of Ana's session sends along.
func (f *fixTold) form() string {
	page, err := read(f.ana, f.server.URL+"/problems")
	if err != nil {
		f.t.Fatal(err)
	}
	return hidden.FindStringSubmatch(page)[2]
}

// posts sends a form as Ana's browser does, and returns the path to which it leads.
func (f *fixTold) posts(path string, form url.Values) string {
	f.t.Helper()
	form.Set("csrf", f.csrf)
	answer, err := f.ana.PostForm(f.server.URL+path, form)
	if err != nil {
		f.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		f.t.Fatalf("%s was answered with %s", path, answer.Status)
	}
	return answer.Header.Get("Location")
}

// killWithMail kills the process while it hands over one of the mails, and starts it again.
func (f *fixTold) killWithMail(n int) {
	f.t.Helper()
	select {
	case <-f.came[n]:
	case <-time.After(time.Minute):
		f.t.Fatalf("mail %d about the fix never came", f.killAt[n])
	}
	f.server.Kill()
	close(f.dead[n])
	f.server.Restart(f.t)
}

// allHear lets time pass until nothing is left to send. What was being handed over when the process died is tried again after a while.
func (f *fixTold) allHear() {
	f.t.Helper()
	Eventually(f.t, 2*time.Minute, "everybody has heard of the fix", func() bool {
		f.server.Hark(f.t, "", "clock", "advance", "10m")
		return f.server.waiting(f.t) == "mail 0 send 0" && len(f.heard()) == reporters
	})
	f.server.Stop()
}

// heard is how often each reporter was mailed of the fix, copies counted.
func (f *fixTold) heard() map[string]int {
	heard := map[string]int{}
	f.note(func() {
		for _, who := range f.told {
			heard[who]++
		}
	})
	return heard
}

// check: everybody was told in one mail; checkSent knows which may have come a second time. The doctor complains of nothing but that the
// tests' PostgreSQL is set to be fast.
func (f *fixTold) check() {
	d := f.afterwards()
	f.checkSent(d)
	told := map[string]int{}
	for _, o := range d.outgoing {
		if o.Template == "fixed" {
			told[o.To]++
		}
	}
	heard := f.heard()
	for n := range reporters {
		if from, _ := question(n + 1); told[from] != 1 || heard[from] == 0 {
			f.t.Errorf("%s was told of the fix in %d mails, of which %d copies came", from, told[from], heard[from])
		}
	}
	says, _ := f.server.TryHark("", "doctor")
	fast := strings.Count(says, "settings: PostgreSQL runs with")
	if !strings.Contains(says, "all is well") && !strings.Contains(says, fmt.Sprintf("hark: %d problems found", fast)) {
		f.t.Errorf("the doctor says: %s", says)
	}
	f.t.Logf("%d reporters, %d mails came", len(heard), len(f.told))
}
