package send

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Queue is where mails wait to be sent. The database is the truth; a Worker remembers nothing that matters.
type Queue interface {
	// Claim takes up to limit mails that are due, each under a lease that keeps other workers away and lasts longer than
	// Patience.Total. It returns none when none is due.
	Claim(ctx context.Context, limit int) ([]Claimed, error)
	// Next is when the next mail is due, the zero time when none is planned.
	Next(ctx context.Context) (time.Time, error)
}

// Claimed is one mail under a lease.
type Claimed interface {
	Message() Message
	// Began is called before a phase begins. For FinalDot it returns nil only when the phase is on disk and the lease is
	// still ours: whoever finds the row after a crash has to know that the mail may have arrived.
	Began(ctx context.Context, p Phase) error
	// Ended stores the result and gives the lease back. LeaseLost is final; after any other error it is called again.
	Ended(ctx context.Context, r Result) error
}

// LeaseLost says that another worker has the mail: what becomes of it is theirs to record.
var LeaseLost = errors.New("the lease was lost")

// Worker sends what is due, several mails at once, until it is stopped. One host in trouble does not hold up the others:
// it gets at most PerHost connections, mails that wait for one too long are handed back, and a host that is away or asks
// for it gets a break in which nothing is tried. Queue and Sender are needed, zero means the default beside a field.
type Worker struct {
	Queue  Queue
	Sender Sender
	Wake   <-chan struct{}  // something may be due now
	Now    func() time.Time // the desk's clock; nil for the machine's
	Log    *slog.Logger     // nil discards

	Room    int           // mails in hand at once, 32
	PerHost int           // connections to one host at once, 4
	Queuing time.Duration // how long a mail in hand waits for one of them, 30 seconds
	Break   time.Duration // first break of a host in trouble, 30 seconds; it doubles up to half an hour
	Idle    time.Duration // longest sleep between two looks at the queue, 15 seconds
	Grace   time.Duration // how long Run lets dialogues finish when it is stopped, 30 seconds

	hosts hosts
	mu    sync.Mutex
	busy  int
	freed chan struct{}
	wg    sync.WaitGroup
}

// Run works until ctx ends. Then it takes nothing more, lets the dialogues that are under way finish, ends those that need
// longer than Grace (before the dot that is harmless, after it the mail becomes uncertain), and returns.
func (w *Worker) Run(ctx context.Context) {
	w.defaults()
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	for failures := 0; ctx.Err() == nil; {
		taken, err := w.take(ctx, work)
		if err != nil && ctx.Err() == nil {
			failures++
			w.Log.Error("mail out: the queue cannot be read, trying again", "error", err)
		} else if err == nil {
			failures = 0
		}
		w.rest(ctx, taken, failures)
	}
	defer time.AfterFunc(w.Grace, end).Stop()
	w.wg.Wait()
}

func (w *Worker) defaults() {
	orElse(&w.Room, 32)
	orElse(&w.PerHost, 4)
	orElse(&w.Queuing, 30*time.Second)
	orElse(&w.Break, 30*time.Second)
	orElse(&w.Idle, 15*time.Second)
	orElse(&w.Grace, 30*time.Second)
	orElse(&w.Log, slog.New(slog.DiscardHandler))
	if w.Now == nil {
		w.Now = time.Now
	}
	w.freed = make(chan struct{}, 1)
	w.hosts = hosts{most: w.PerHost, firstBreak: w.Break, now: w.Now, known: map[string]*host{}}
}

func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// take claims as many mails as there is room for and begins with them.
func (w *Worker) take(ctx, work context.Context) (taken int, err error) {
	room := w.room()
	if room == 0 {
		return 0, nil
	}
	claimed, err := w.Queue.Claim(ctx, room)
	for _, c := range claimed {
		w.enter()
		go func() {
			defer w.leave()
			w.deliver(work, c)
		}()
	}
	return len(claimed), err
}

func (w *Worker) room() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Room - w.busy
}

func (w *Worker) enter() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy++
	w.wg.Add(1)
}

func (w *Worker) leave() {
	w.mu.Lock()
	w.busy--
	w.mu.Unlock()
	w.wg.Done()
	select {
	case w.freed <- struct{}{}:
	default:
	}
}

// rest sleeps until there may be something to do: a call, the next due mail, or room again when there was none.
func (w *Worker) rest(ctx context.Context, taken, failures int) {
	var freed <-chan struct{}
	sleep := w.Idle
	switch {
	case failures > 0:
		sleep = min(time.Duration(failures)*250*time.Millisecond, w.Idle)
	case w.room() == 0:
		freed = w.freed
	case taken > 0:
		return
	default:
		sleep = w.untilNext(ctx)
	}
	timer := time.NewTimer(sleep)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-freed:
	case <-w.Wake:
	}
}

// untilNext is the time to the next due mail. One that is due and was not claimed is in somebody else's hands: it is not
// asked for all the time.
func (w *Worker) untilNext(ctx context.Context) time.Duration {
	next, err := w.Queue.Next(ctx)
	if err != nil || next.IsZero() {
		return w.Idle
	}
	until := next.Sub(w.Now())
	if until <= 0 {
		until = time.Second
	}
	return min(until, w.Idle)
}

// deliver makes one attempt and records it.
func (w *Worker) deliver(ctx context.Context, c Claimed) {
	m := c.Message()
	host := w.Sender.Host(m)
	ok, notBefore := w.hosts.enter(ctx, host, w.Queuing)
	if !ok {
		w.record(ctx, c, Result{State: Postponed, Host: host, NotBefore: notBefore, Text: host + " is busy or needs a break"})
		return
	}
	r := w.attempt(ctx, c, m)
	r.NotBefore = w.hosts.leave(host, r)
	w.record(ctx, c, r)
}

// attempt signs and sends. A panic on the way is an attempt that ended in the phase it happened in.
func (w *Worker) attempt(ctx context.Context, c Claimed, m Message) (r Result) {
	phase := Connect
	defer func() {
		if cause := recover(); cause != nil {
			w.Log.Error("mail out: an attempt broke off", "cause", cause, "stack", string(debug.Stack()))
			r = Result{State: phase.Interrupted(), Phase: phase, Text: "something went wrong here in the middle of sending"}
		}
	}()
	return w.Sender.Send(ctx, m, func(p Phase) error {
		if err := c.Began(ctx, p); err != nil {
			return err
		}
		phase = p
		return nil
	})
}

// record stores a result, and goes on trying when that fails: a mail that was sent and not recorded would look uncertain.
func (w *Worker) record(ctx context.Context, c Claimed, r Result) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 10*time.Second) {
		err := c.Ended(context.WithoutCancel(ctx), r)
		if err == nil || errors.Is(err, LeaseLost) {
			return
		}
		w.Log.Error("mail out: a result cannot be stored", "state", r.State, "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}
