package send_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/fault"
	"hark/mail/mailtest"
	"hark/mail/send"
)

// post is a queue with the manners of the real one: leases with numbers, phases that have to be recorded, results that
// count only under the last lease.
type post struct {
	busy   int // how many results cannot be stored, because somebody writes at the same instant
	mu     sync.Mutex
	mails  []*letter
	wake   chan struct{}
	closed error         // what every call answers when given
	change chan struct{} // signalled on every result
}

type letter struct {
	post    *post
	message send.Message
	due     time.Time
	taken   bool
	lease   int
	phase   send.Phase
	results []send.Result
}

type lease struct {
	*letter
	number int
}

func newPost() *post { return &post{wake: make(chan struct{}, 1), change: make(chan struct{}, 1000)} }

func (p *post) add(due time.Time, to string) *letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := &letter{post: p, message: send.Message{From: "b@acme.test", To: to, Raw: []byte(reply)}, due: due}
	p.mails = append(p.mails, l)
	return l
}

func (p *post) Claim(_ context.Context, limit int) (claimed []send.Claimed, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.mails {
		if p.closed == nil && len(claimed) < limit && !l.taken && !l.due.IsZero() && !l.due.After(time.Now()) {
			l.taken = true
			l.lease++
			claimed = append(claimed, lease{l, l.lease})
		}
	}
	return claimed, p.closed
}

func (p *post) Next(context.Context) (next time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.mails {
		if !l.taken && !l.due.IsZero() && (next.IsZero() || l.due.Before(next)) {
			next = l.due
		}
	}
	return next, p.closed
}

func (l lease) Message() send.Message { return l.message }

func (l lease) Began(_ context.Context, p send.Phase) error {
	l.post.mu.Lock()
	defer l.post.mu.Unlock()
	if p == send.FinalDot && l.lease != l.number { // before the dot it would do no harm
		return fault.New(fault.Conflict, "somebody else has this mail")
	}
	l.phase = p
	return l.post.closed
}

func (l lease) Ended(_ context.Context, r send.Result) error {
	l.post.mu.Lock()
	defer l.post.mu.Unlock()
	if l.post.closed != nil {
		return l.post.closed
	}
	if l.post.busy > 0 {
		l.post.busy--
		return fault.New(fault.Conflict, "somebody changed the record of this customer")
	}
	if l.lease != l.number {
		return fmt.Errorf("somebody else has this mail: %w", send.LeaseLost)
	}
	l.taken, l.due = false, time.Time{}
	l.results = append(l.results, r)
	l.post.change <- struct{}{}
	return nil
}

// settled waits for n results.
func (p *post) settled(t testing.TB, n int) {
	t.Helper()
	for range n {
		select {
		case <-p.change:
		case <-time.After(20 * time.Second):
			t.Fatal("the results do not come")
		}
	}
}

func (p *post) breakDown(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = err
}

func (l *letter) last() send.Result {
	l.post.mu.Lock()
	defer l.post.mu.Unlock()
	if len(l.results) == 0 {
		return send.Result{}
	}
	return l.results[len(l.results)-1]
}

// work starts a worker and returns how to stop it; it is stopped with the test at the latest.
func work(t testing.TB, p *post, s send.Sender, options ...func(*send.Worker)) (stop func()) {
	t.Helper()
	w := &send.Worker{Queue: p, Sender: s, Wake: p.wake}
	for _, option := range options {
		option(w)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

func TestEveryDueMailIsSentOnce(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	for n := range 100 {
		p.add(time.Now(), fmt.Sprintf("customer%d@customer.test", n))
	}
	later := p.add(time.Now().Add(time.Hour), "later@customer.test")
	work(t, p, through(t, "smtp://"+catcher.Addr))
	p.settled(t, 100)
	seen := map[string]bool{}
	for range 100 {
		seen[catcher.Next(t).To[0]] = true
	}
	catcher.None(t)
	if len(seen) != 100 || len(later.results) != 0 {
		t.Errorf("%d recipients; the later one: %v", len(seen), later.results)
	}
}

func TestItem7_TwoNodesOnOneQueueSendEachMailOnce(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	for n := range 200 {
		p.add(time.Now(), fmt.Sprintf("customer%d@customer.test", n))
	}
	work(t, p, through(t, "smtp://"+catcher.Addr))
	work(t, p, through(t, "smtp://"+catcher.Addr))
	p.settled(t, 200)
	if catcher.Count() != 200 {
		t.Errorf("%d arrived", catcher.Count())
	}
}

// TestItem7_ANodeThatSleptThroughItsLeaseDoesNotSend takes the mail away while the dialogue stands still.
func TestItem7_ANodeThatSleptThroughItsLeaseDoesNotSend(t *testing.T) {
	p := newPost()
	l := p.add(time.Now(), "laura@customer.test")
	heard, dotted := "", make(chan bool, 1)
	addr := mailtest.Speak(t, func(v *mailtest.Voice) {
		v.Say("220 hi\r\n")
		for _, answer := range []string{"250 hi\r\n", "250 ok\r\n", "250 ok\r\n"} {
			v.Hear()
			v.Say(answer)
		}
		v.Hear() // DATA
		p.mu.Lock()
		l.lease++ // another node takes over
		p.mu.Unlock()
		v.Say("354 go\r\n")
		raw, dot := v.HearMail()
		heard = raw
		dotted <- dot
	})
	work(t, p, through(t, "smtp://"+addr))
	if <-dotted || heard != reply {
		t.Errorf("the dot came, or not all before it: %q", heard)
	}
	if l.phase != send.Body || len(l.results) != 0 {
		t.Errorf("phase %s, results %v", l.phase, l.results)
	}
}

// Somebody changed the customer's record at the same instant: that is no lost lease, and the result is stored a moment later.
func TestAConflictThatIsNoLostLeaseLosesNoResult(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	l := p.add(time.Now(), "laura@customer.test")
	p.busy = 2
	work(t, p, through(t, "smtp://"+catcher.Addr))
	p.settled(t, 1)
	if l.last().State != send.Sent || catcher.Count() != 1 {
		t.Errorf("on record: %+v, arrived %d times", l.last(), catcher.Count())
	}
}

func TestThePhaseIsOnRecordBeforeTheDot(t *testing.T) {
	p := newPost()
	l := p.add(time.Now(), "laura@customer.test")
	var seen send.Phase
	addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){send.FinalDot: func(v *mailtest.Voice) {
		p.mu.Lock()
		seen = l.phase
		p.mu.Unlock()
		v.Say("250 ok\r\n")
	}}))
	work(t, p, through(t, "smtp://"+addr))
	p.settled(t, 1)
	if seen != send.FinalDot || l.last().State != send.Sent {
		t.Errorf("on record: %q, result %+v", seen, l.last())
	}
}

func TestItem8_AHostThatHangsDoesNotHoldUpOthers(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	hanging := mailtest.Speak(t, func(v *mailtest.Voice) { v.Hang() })
	for n := range 20 {
		p.add(time.Now(), fmt.Sprintf("customer%d@slow.test", n))
	}
	good := p.add(time.Now(), "laura@customer.test")
	s := direct(nil, map[string]string{"slow.test:25": hanging, "customer.test:25": catcher.Addr})
	stop := work(t, p, s, func(w *send.Worker) { w.Grace = time.Millisecond })
	catcher.Next(t)
	p.settled(t, 1)
	if good.last().State != send.Sent {
		t.Errorf("got %+v", good.last())
	}
	stop()
}

// TestItem8_AHostInTroubleGetsABreak: after 421 nobody asks again until the break is over.
func TestItem8_AHostInTroubleGetsABreak(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	var asked sync.Map
	busy := mailtest.Speak(t, func(v *mailtest.Voice) {
		asked.Store(v, true)
		v.Say("421 4.3.2 too busy\r\n")
	})
	s := direct(nil, map[string]string{"busy.test:25": busy, "customer.test:25": catcher.Addr})
	begun := time.Now()
	first := p.add(begun, "a@busy.test")
	work(t, p, s, func(w *send.Worker) { w.Break = time.Hour })
	p.settled(t, 1)
	second, other := p.add(begun, "b@busy.test"), p.add(begun, "laura@customer.test")
	p.wake <- struct{}{}
	p.settled(t, 2)
	count := 0
	asked.Range(func(any, any) bool { count++; return true })
	expect(t, first.last(), send.Deferred, send.Banner, "421 4.3.2 too busy")
	if r := second.last(); r.State != send.Postponed || r.NotBefore.Before(begun.Add(30*time.Minute)) || count != 1 {
		t.Errorf("second: %+v, asked %d times", r, count)
	}
	if until := first.last().NotBefore; until.After(begun.Add(31 * time.Minute)) {
		t.Errorf("a break of %v", until.Sub(begun))
	}
	if other.last().State != send.Sent {
		t.Errorf("other host: %+v", other.last())
	}
}

func TestAtMostSoManyConnectionsToOneHost(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	var all []*letter
	for n := range 40 {
		all = append(all, p.add(time.Now(), fmt.Sprintf("customer%d@customer.test", n)))
	}
	gate := make(chan struct{}, 2)
	work(t, p, &gated{through(t, "smtp://"+catcher.Addr), gate}, func(w *send.Worker) { w.PerHost = 2 })
	p.settled(t, 40)
	for _, l := range all {
		expect(t, l.last(), send.Sent, send.Done, "")
	}
}

// gated fails loudly when more attempts run at once than the gate is wide.
type gated struct {
	send.Sender
	gate chan struct{}
}

func (g *gated) Send(ctx context.Context, m send.Message, observe func(send.Phase) error) send.Result {
	select {
	case g.gate <- struct{}{}:
	default:
		panic("too many at once")
	}
	defer func() { <-g.gate }()
	return g.Sender.Send(ctx, m, observe)
}

func TestAMailIsSentWhenItIsDueAndAtOnceWhenCalled(t *testing.T) {
	p, catcher := newPost(), mailtest.Catch(t)
	due := time.Now().Add(150 * time.Millisecond)
	p.add(due, "due@customer.test")
	work(t, p, through(t, "smtp://"+catcher.Addr), func(w *send.Worker) { w.Idle = time.Hour })
	if m := catcher.Next(t); m.To[0] != "due@customer.test" || time.Now().Before(due) {
		t.Errorf("%s came too early", m.To)
	}
	p.settled(t, 1)
	p.add(time.Now(), "called@customer.test")
	p.wake <- struct{}{}
	if m := catcher.Next(t); m.To[0] != "called@customer.test" {
		t.Errorf("got %s", m.To)
	}
}

func TestStoppingFinishesTheDialogueAndLeavesTheRest(t *testing.T) {
	p := newPost()
	inDot, answer := make(chan struct{}), make(chan struct{})
	addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){send.FinalDot: func(v *mailtest.Voice) {
		close(inDot)
		<-answer
		v.Say("250 2.0.0 ok\r\n")
	}}))
	l := p.add(time.Now(), "laura@customer.test")
	stop := work(t, p, through(t, "smtp://"+addr))
	<-inDot
	stopped := make(chan struct{})
	go func() { defer close(stopped); stop() }()
	rest := p.add(time.Now(), "ben@customer.test")
	select {
	case <-stopped:
		t.Error("stopped in the middle of a dialogue")
	default:
	}
	close(answer)
	<-stopped
	if l.last().State != send.Sent || len(rest.results) != 0 {
		t.Errorf("first %+v, rest %+v", l.last(), rest.results)
	}
}

func TestStoppingDoesNotWaitForAServerThatHangs(t *testing.T) {
	p := newPost()
	inDot := make(chan struct{})
	addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){send.FinalDot: func(v *mailtest.Voice) { close(inDot); v.Hang() }}))
	l := p.add(time.Now(), "laura@customer.test")
	stop := work(t, p, through(t, "smtp://"+addr), func(w *send.Worker) { w.Grace = 50 * time.Millisecond })
	<-inDot
	stop()
	expect(t, l.last(), send.Uncertain, send.FinalDot, "was ended here")
}

func TestItem6_AQueueThatIsAwayIsAskedAgainAndASentMailIsRecorded(t *testing.T) {
	p := newPost()
	away := errors.New("the database is restarting")
	addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){send.FinalDot: func(v *mailtest.Voice) {
		p.breakDown(away)
		v.Say("250 2.0.0 ok\r\n")
		time.AfterFunc(150*time.Millisecond, func() { p.breakDown(nil) })
	}}))
	l := p.add(time.Now(), "laura@customer.test")
	p.breakDown(away)
	time.AfterFunc(150*time.Millisecond, func() { p.breakDown(nil) })
	work(t, p, through(t, "smtp://"+addr))
	p.settled(t, 1)
	if r := l.last(); r.State != send.Sent || l.lease != 1 {
		t.Errorf("got %+v after %d leases", r, l.lease)
	}
}

type panicking struct{ at send.Phase }

func (s panicking) Host(send.Message) string { return "nowhere" }
func (s panicking) Send(_ context.Context, m send.Message, observe func(send.Phase) error) send.Result {
	if err := observe(s.at); err != nil {
		return send.Result{State: send.Deferred}
	}
	panic("index out of range")
}

func TestAnAttemptThatBreaksOffIsRecordedByItsPhase(t *testing.T) {
	for phase, want := range map[send.Phase]send.State{send.Body: send.Deferred, send.FinalDot: send.Uncertain} {
		p := newPost()
		l := p.add(time.Now(), "laura@customer.test")
		work(t, p, panicking{phase})
		p.settled(t, 1)
		expect(t, l.last(), want, phase, "something went wrong here")
	}
}

func TestTheCatcherSendsNothingAndShowsWhatCanGoWrong(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	box := &send.Box{Most: 2}
	c := &send.Catcher{Keep: box.Keep, Now: func() time.Time { return noon }}
	for to, want := range map[string]send.State{
		"temperror@customer.test": send.Deferred, "550@customer.test": send.Failed, "Timeout@customer.test": send.Uncertain,
	} {
		if r := attempt(t, c, send.Message{To: to, Raw: []byte(reply)}); r.State != want || r.Text == "" {
			t.Errorf("%s: %+v", to, r)
		}
	}
	if len(box.Mails()) != 0 {
		t.Error("a mail in trouble was caught")
	}
	for _, to := range []string{"laura@customer.test", "omar@customer.test", "mei@customer.test"} {
		expect(t, attempt(t, c, send.Message{From: "b@acme.test", To: to, Raw: []byte(reply)}), send.Sent, send.Done, "")
	}
	mails := box.Mails()
	if len(mails) != 2 || mails[0].To != "mei@customer.test" || !mails[0].At.Equal(noon) || string(mails[0].Raw) != reply {
		t.Errorf("caught %+v", mails)
	}
	broken := &send.Catcher{Keep: func(context.Context, send.Caught) error { return errors.New("disk full") }, Now: time.Now}
	expect(t, attempt(t, broken, toLaura), send.Deferred, send.Data, "disk full")
}

func TestMailboxesMayHaveTheirOwnWayOut(t *testing.T) {
	ours, theirs := mailtest.Catch(t), mailtest.Catch(t)
	routes := send.Routes{Default: through(t, "smtp://"+ours.Addr), Find: func(_ context.Context, via string) (send.Sender, error) {
		if via != "sales" {
			return nil, errors.New("there is no mailbox " + via)
		}
		return through(t, "smtp://"+theirs.Addr), nil
	}}
	sales := send.Message{To: "laura@customer.test", Raw: []byte(reply), Via: "sales"}
	expect(t, attempt(t, routes, toLaura), send.Sent, send.Done, "")
	expect(t, attempt(t, routes, sales), send.Sent, send.Done, "")
	ours.Next(t)
	theirs.Next(t)
	sales.Via = "gone"
	expect(t, attempt(t, routes, sales), send.Deferred, send.Connect, "there is no mailbox gone")
	if routes.Host(toLaura) != ours.Addr {
		t.Errorf("counted by %s", routes.Host(toLaura))
	}
}

// FuzzLineEnds: whatever is sent has only CR LF at the end of its lines, and the same lines as before.
func FuzzLineEnds(f *testing.F) {
	for _, seed := range []string{"", ".", "..\n.\n", "a\r\n.\r\nb", "\r.\r", "x\n.\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		m := send.CRLF([]byte(raw))
		if again := send.CRLF(m); !bytes.Equal(again, m) {
			t.Fatalf("%q becomes %q and then %q", raw, m, again)
		}
		if n := bytes.Count(m, []byte("\r\n")); bytes.Count(m, []byte("\r")) != n || bytes.Count(m, []byte("\n")) != n || !bytes.HasSuffix(m, []byte("\r\n")) {
			t.Fatalf("%q has line ends that are none", m)
		}
		lines := slices.DeleteFunc(strings.FieldsFunc(raw, func(r rune) bool { return r == '\r' || r == '\n' }), func(s string) bool { return s == "" })
		kept := slices.DeleteFunc(strings.Split(string(m), "\r\n"), func(s string) bool { return s == "" })
		if !slices.Equal(lines, kept) {
			t.Fatalf("%q became %q", lines, kept)
		}
	})
}
