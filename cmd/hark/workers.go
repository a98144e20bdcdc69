package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/jobs"
	"hark/mail/peer"
	"hark/mail/send"
	"hark/store"
)

// batch is how many rows a worker takes at once.
const batch = 64

// startWorkers lets everything that is due happen: accepted mail is read, timers fire, mail leaves.
func (s *server) startWorkers(ctx context.Context, d *opened) {
	timers, outgoing := make(chan struct{}, 1), make(chan struct{}, 1)
	s.worker(ctx, jobs.Loop{Name: "read mail", Wake: s.meters.received, Idle: 2 * time.Second, Work: func(ctx context.Context) (bool, error) {
		taken, err := d.ReceivePending(ctx, batch)
		return taken == batch, err
	}})
	s.worker(ctx, jobs.Loop{Name: "pass time", Wake: timers, Idle: 5 * time.Second, Rest: 100 * time.Millisecond, Next: until(d, d.NextDue), Work: func(ctx context.Context) (bool, error) {
		fired, err := d.PassTime(ctx)
		return fired > 0, err
	}})
	s.worker(ctx, s.speakWithEngineers(d))
	s.worker(ctx, s.readDiaries(d))
	s.worker(ctx, jobs.Loop{Name: "forget", Idle: 10 * time.Minute, Work: func(ctx context.Context) (bool, error) { return false, d.Forget(ctx) }})
	if s.roundTrips {
		s.worker(ctx, jobs.Loop{Name: "round trips", Idle: time.Minute, Work: func(ctx context.Context) (bool, error) { return false, d.MakeRoundTrips(ctx) }})
	}
	s.worker(ctx, jobs.Loop{Name: "sweep files", Idle: 24 * time.Hour, Work: func(ctx context.Context) (bool, error) { return false, s.sweep(ctx, d) }})
	s.workers.Go(func() {
		(&send.Worker{Queue: queue{d.Desk}, Sender: s.routes(d), Wake: outgoing, Now: d.clock.Now, Log: slog.Default(), Idle: 2 * time.Second, Grace: grace}).Run(store.Patiently(ctx))
	})
	s.workers.Go(func() { wakeOnChange(ctx, d, s.meters.received, timers, outgoing) })
	s.workers.Go(func() { s.fetchMail(ctx, d) })
	s.workers.Go(func() { s.ringAlong(ctx, d) })
}

// sweep removes files that nothing names. Somebody else's files in the same place are for hark doctor to tell, not to try again.
func (s *server) sweep(ctx context.Context, d *opened) error {
	swept, err := d.db.Sweep(ctx, time.Now())
	if fault.Is(err, fault.Conflict) {
		slog.Warn("files that nothing names stay", "error", err)
		return nil
	}
	if swept.Files > 0 {
		slog.Info("files that nothing names were removed", "files", swept.Files, "bytes", swept.Bytes)
	}
	return err
}

func (s *server) worker(ctx context.Context, l jobs.Loop) { s.workers.Go(func() { l.Run(ctx) }) }

// wakeOnChange lets the workers look as soon as a ticket has changed, here or on another node. When nobody can say what
// changed, accepted mail may wait as well.
func wakeOnChange(ctx context.Context, d *opened, received chan struct{}, wakes ...chan struct{}) {
	for change := range d.Changes(ctx) {
		for _, w := range wakes {
			wake(w)
		}
		if change.Missed {
			wake(received)
		}
	}
}

// wake signals without waiting; one signal is as good as many.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// outward is how mail leaves: through a smarthost, or straight to each recipient's own server.
func outward(smarthost, name string) (send.Sender, error) {
	if smarthost == "" {
		return &send.SMTP{Name: name}, nil
	}
	u, err := url.Parse(smarthost)
	if err != nil {
		return nil, fault.New(fault.Invalid, "--smtp-out is no address; write smtp://user:password@host:port")
	}
	server, err := peer.Parse(u.String())
	if err != nil {
		return nil, err
	}
	return &send.SMTP{Name: name, Smarthost: &server}, nil
}

// routes lets a mailbox send through a server of its own. In the demo nothing leaves, whatever a mailbox says.
func (s *server) routes(d *opened) send.Sender {
	if s.demo != nil {
		return s.sender
	}
	w := &ways{desk: d, name: hostName(s.domain.name)}
	return send.Routes{Default: s.sender, Find: func(ctx context.Context, from string) (send.Sender, error) {
		own, err := w.find(ctx, from)
		if own == nil {
			own = s.sender
		}
		return own, err
	}}
}

// queue is the desk's outgoing mail as the sending worker sees it.
type queue struct{ desk *desk.Desk }

// leaseFor is how long a mail waits when the node that sends it is lost. While a dialogue lasts, its lease is renewed.
const leaseFor = time.Minute

// Claim takes mails that are due.
func (q queue) Claim(ctx context.Context, limit int) ([]send.Claimed, error) {
	mails, err := q.desk.ClaimMail(ctx, limit, leaseFor)
	claimed := make([]send.Claimed, len(mails))
	for i, m := range mails {
		claimed[i] = lease(ctx, q.desk, m)
	}
	return claimed, err
}

// Next is when the next mail is due.
func (q queue) Next(ctx context.Context) (time.Time, error) { return q.desk.NextMail(ctx) }

// leased is one mail under its lease.
type leased struct {
	desk *desk.Desk
	mail store.Outgoing
	stop context.CancelFunc // of renewing the lease
}

func lease(ctx context.Context, d *desk.Desk, m store.Outgoing) *leased {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	l := &leased{d, m, stop}
	go l.renew(ctx)
	return l
}

// renew keeps the lease for as long as the dialogue lasts. Whoever has lost it learns so before the final dot.
func (l *leased) renew(ctx context.Context) {
	beat := time.NewTicker(leaseFor / 3)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if err := l.desk.KeepMail(ctx, l.mail, leaseFor); errors.Is(err, desk.LeaseLost) {
				return
			}
		}
	}
}

// Message is the mail as it goes over the wire.
func (l *leased) Message() send.Message {
	return send.Message{From: l.mail.EnvelopeFrom, To: l.mail.To, Raw: l.mail.Raw, Via: l.mail.From}
}

// Began notes the phase before it begins.
func (l *leased) Began(ctx context.Context, p send.Phase) error {
	return l.desk.MailPhase(ctx, l.mail, string(p))
}

// Ended stores what became of the mail.
func (l *leased) Ended(ctx context.Context, r send.Result) error {
	err := l.desk.MailAttempted(ctx, l.mail, desk.Attempted{
		State: string(r.State), Phase: string(r.Phase), Code: r.Code, Enhanced: r.Enhanced, Text: r.Text, Host: r.Host, NotBefore: r.NotBefore,
	})
	if errors.Is(err, desk.LeaseLost) {
		err = send.LeaseLost
	}
	if err == nil || err == send.LeaseLost {
		l.stop()
	}
	return err
}
