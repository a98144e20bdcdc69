package e2e

import (
	"bytes"
	octets "encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // the zone of the policies

	"hark/policy"
	"hark/store"
	"hark/store/storetest"
)

// shownTicket is what `hark ticket show` says of a ticket.
type shownTicket struct {
	Status string `json:"status"`
	Events []struct {
		Says string `json:"says"`
	} `json:"events"`
	Timers []struct {
		Rule string    `json:"rule"`
		At   time.Time `json:"at"`
	} `json:"timers"`
	Targets []struct {
		Rule string    `json:"rule"`
		Due  time.Time `json:"due"`
	} `json:"targets"`
}

func show(t *testing.T, server *Server, number int) (shown shownTicket) {
	t.Helper()
	if err := json.Unmarshal([]byte(server.Hark(t, "", "ticket", "show", fmt.Sprint(number), "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	return shown
}

func (s shownTicket) timer(rule string) (at time.Time) {
	for _, timer := range s.Timers {
		if strings.HasSuffix(timer.Rule, rule) {
			at = timer.At
		}
	}
	return at
}

func (s shownTicket) says(text string) bool {
	for _, e := range s.Events {
		if strings.Contains(e.Says, text) {
			return true
		}
	}
	return false
}

// answersPending is Ana's reply on a ticket's page, sent as Pending, and the end of the seconds in which she could take it back.
func answersPending(t *testing.T, ana *http.Client, server *Server, number int) {
	t.Helper()
	page, err := read(ana, fmt.Sprintf("%s/tickets/%d", server.URL, number))
	if err != nil {
		t.Fatal(err)
	}
	action := fmt.Sprintf("/tickets/%d/reply", number)
	form := url.Values{"body": {"Which day do you mean?"}, "status": {"pending"}}
	_, composer, _ := strings.Cut(page, `action="`+action+`"`)
	for _, field := range hidden.FindAllStringSubmatch(composer, -1) {
		if !form.Has(field[1]) {
			form.Set(field[1], field[2])
		}
	}
	answer, err := ana.PostForm(server.URL+action, form)
	if err != nil || answer.StatusCode != http.StatusSeeOther {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
}

// applied makes a changed example the running policy.
func applied(t *testing.T, server *Server, reason string, changes ...string) {
	t.Helper()
	source, _ := policy.Example("customer-support-center")
	for i := 0; i < len(changes); i += 2 {
		if !bytes.Contains(source, []byte(changes[i])) {
			t.Fatalf("the example does not say %q any more", changes[i])
		}
		source = bytes.Replace(source, []byte(changes[i]), []byte(changes[i+1]), 1)
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		t.Fatal(err)
	}
	server.Hark(t, "", "policy", "apply", file, "--reason", reason)
}

// openMovable is open with the clock of a demo, and with what the desk sends going outside.
func openMovable(t *testing.T, database string, outside *Outside) (*Server, *http.Client) {
	dir := t.TempDir()
	movable(t, store.Config{Dir: dir, URL: database})
	server := Start(t, "serve", In(dir), On(database), With("--smtp-out", "smtp://"+outside.Addr))
	server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	server.Hark(t, "", "mailbox", "add", atTheDesk)
	return server, signedIn(t, server)
}

// asksAndIsAsked brings a ticket to Pending: a question comes in, Ana asks back, and her mail has left.
func asksAndIsAsked(t *testing.T, server *Server, ana *http.Client, outside *Outside, number int) {
	t.Helper()
	if err := ask(t, server, number); err != nil {
		t.Fatal(err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", fmt.Sprintf("Opening hours %d<", number))
	before := outside.Mails()
	answersPending(t, ana, server, number)
	server.Hark(t, "", "clock", "advance", "1m") // the time to take it back ends
	Eventually(t, 20*time.Second, "Ana's question has left", func() bool { return outside.Mails() > before })
}

func TestX01_OpenTicketsKeepTheirPolicyOnTheRunningServer(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		outside := OpenOutside(t, nil)
		server, ana := openMovable(t, database, outside)
		asksAndIsAsked(t, server, ana, outside, 1)
		first := show(t, server, 1).timer("reminder-1")
		applied(t, server, "People want a weekend.", "{id: reminder-1, in: pending, after: 24h,", "{id: reminder-1, in: pending, after: 48h,")
		asksAndIsAsked(t, server, ana, outside, 2)
		if now := show(t, server, 1).timer("reminder-1"); !now.Equal(first) {
			t.Errorf("the open ticket's reminder moved from %s to %s", first, now)
		}
		if later := show(t, server, 2).timer("reminder-1"); later.Sub(first) < 24*time.Hour {
			t.Errorf("the later ticket is reminded %s, the open one %s", later, first)
		}
		server.Hark(t, "", "clock", "advance", "25h")
		Eventually(t, 20*time.Second, "one of them is reminded", func() bool { return show(t, server, 1).timer("reminder-1").IsZero() })
		if show(t, server, 2).timer("reminder-1").IsZero() {
			t.Error("the later ticket was reminded after a day")
		}
	})
}

// A country moves its clock change: between two starts of the server, the zone files are others.
func TestX06_ACountryMovesItsClockChange(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		now, zones := time.Now().UTC(), t.TempDir()
		eastern(t, zones, time.Time{})
		outside := OpenOutside(t, nil)
		dir := t.TempDir()
		movable(t, store.Config{Dir: dir, URL: database})
		server := Start(t, "serve", In(dir), On(database), With("--smtp-out", "smtp://"+outside.Addr), Beside("ZONEINFO="+zones))
		server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
		server.Hark(t, "", "mailbox", "add", atTheDesk)
		ana := signedIn(t, server)
		asksAndIsAsked(t, server, ana, outside, 1)
		before := show(t, server, 1)
		server.Stop()
		server.Restart(t)
		if strings.Contains(server.Output(), "a due time moved") {
			t.Error("a restart alone moved something")
		}
		server.Stop()
		eastern(t, zones, now.AddDate(0, 0, 3)) // clocks will go forward in three days
		server.Restart(t)
		Eventually(t, 20*time.Second, "five days are derived again", func() bool {
			return before.timer("reminder-2").Sub(show(t, server, 1).timer("reminder-2")) == time.Hour
		})
		after := show(t, server, 1)
		if !after.timer("reminder-1").Equal(before.timer("reminder-1")) {
			t.Error("24 hours became fewer")
		}
		if !after.says("the time zones or holidays of this machine have changed: lifecycle.timers.reminder-2 moves from ") {
			t.Errorf("agents read %+v", after.Events)
		}
		for _, rule := range []string{"lifecycle.timers.reminder-2", "lifecycle.timers.no-response"} {
			if listed := `"msg":"a due time moved","ticket":1,"rule":"` + rule + `"`; !strings.Contains(server.Output(), listed) {
				t.Errorf("the operator does not read that %s moved", rule)
			}
		}
	})
}

// eastern writes the zone America/New_York as it might be (RFC 9636): five hours behind UTC, and four from an instant on.
func eastern(t *testing.T, dir string, forward time.Time) {
	t.Helper()
	changes := uint32(0)
	if !forward.IsZero() {
		changes = 1
	}
	var file bytes.Buffer
	write := func(values ...any) {
		for _, v := range values {
			if err := octets.Write(&file, octets.BigEndian, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	header := func(changes, kinds, names uint32) {
		write([]byte("TZif2"), make([]byte, 15), uint32(0), uint32(0), uint32(0), changes, kinds, names)
	}
	header(0, 1, 4)
	write(int32(0), uint8(0), uint8(0), []byte("UTC\x00"))
	header(changes, 2, 8)
	if changes > 0 {
		write(forward.Unix(), uint8(1))
	}
	write(int32(-5*3600), uint8(0), uint8(0), int32(-4*3600), uint8(1), uint8(4), []byte("EST\x00EDT\x00"), []byte("\n\n"))
	if err := os.MkdirAll(filepath.Join(dir, "America"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "America", "New_York"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A timer was due, and the server that sends its mail is killed in the middle of it. The other one sends it, once.
func TestX07_AServerIsKilledWhileItReminds(t *testing.T) {
	database := storetest.LastingDatabase(t)
	reminding, hold := make(chan struct{}), make(chan struct{})
	outside := OpenOutside(t, nil)
	var armed, stuck atomic.Bool
	outside.AtRecipient(func() {
		if armed.Load() && !stuck.Swap(true) {
			close(reminding)
			<-hold
		}
	})
	first, ana := openMovable(t, database, outside)
	asksAndIsAsked(t, first, ana, outside, 1)
	sent := outside.Mails()
	armed.Store(true)
	first.Hark(t, "", "clock", "advance", "24h")
	<-reminding // the other side has heard RCPT and does not answer
	second := Start(t, "serve", On(database), In(first.Data), With("--smtp-out", "smtp://"+outside.Addr))
	first.Kill()
	close(hold)
	second.Hark(t, "", "clock", "advance", "1m") // the lease of the killed one ends
	Eventually(t, 30*time.Second, "the other server reminds", func() bool { return outside.Mails() == sent+1 })
	second.Hark(t, "", "clock", "advance", "2m")
	Eventually(t, 20*time.Second, "nothing waits any more", func() bool { return second.waiting(t) == "mail 0 send 0" })
	if n := outside.Mails() - sent; n != 1 {
		t.Errorf("the customer was reminded %d times", n)
	}
}

// The provider delivers a mail twice: one ticket, one comment, one acknowledgement.
func TestX08_TheSameMailComesTwiceThroughTheDoor(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		outside := OpenOutside(t, nil)
		server, ana := open(t, database, "--smtp-out", "smtp://"+outside.Addr)
		for range 2 {
			if err := ask(t, server, 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := ask(t, server, 2); err != nil {
			t.Fatal(err)
		}
		sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 2<")
		Eventually(t, 20*time.Second, "nothing waits any more", func() bool { return server.waiting(t) == "mail 0 send 0" })
		if page, _ := read(ana, server.URL+"/inbox?view=all"); strings.Count(page, "Opening hours 1<") != 1 {
			t.Error("the inbox does not show one ticket for the mail that came twice")
		}
		if n := outside.Mails(); n != 2 {
			t.Errorf("%d acknowledgements for two questions", n)
		}
	})
}

// A day is closed by a policy that begins to hold later. Nobody touches the ticket then; the running server corrects it.
func TestX09_TheRunningServerCorrectsOpenTicketsWhenACalendarBeginsToHold(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		outside := OpenOutside(t, nil)
		server, _ := openMovable(t, database, outside)
		kind := []string{"default_kind: question", "default_kind: work_request"}
		applied(t, server, "Everything is a work request.", kind...)
		if err := ask(t, server, 1); err != nil {
			t.Fatal(err)
		}
		Eventually(t, 20*time.Second, "the question is acknowledged", func() bool { return outside.Mails() == 1 })
		due, zone := show(t, server, 1).Targets[0].Due, newYork(t)
		begins := due.In(zone).Add(-time.Hour).Truncate(time.Minute) // somebody is there then, so no clock shows that hour twice
		applied(t, server, "The team meets.", append(kind,
			`effective: "2026-11-01T00:00"`, `effective: "`+begins.Format("2006-01-02T15:04")+`"`,
			"    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: "+due.In(zone).Format("2006-01-02")+", hours: closed, why: the team meets}]\n")...)
		if now := show(t, server, 1).Targets[0].Due; !now.Equal(due) {
			t.Errorf("before it holds, the due time moved from %s to %s", due, now)
		}
		server.Hark(t, "", "clock", "advance", begins.Add(-time.Second).UTC().Format(time.RFC3339))
		Eventually(t, 20*time.Second, "the due time leaves the closed day", func() bool { return show(t, server, 1).Targets[0].Due.After(due) })
		if !strings.Contains(server.Output(), "a due time moved") {
			t.Error("it was not the server that corrected it")
		}
		if n := outside.Mails(); n != 1 {
			t.Errorf("%d mails were sent because of it", n-1)
		}
	})
}

func newYork(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
