// Package jobs runs what is due. The database is the truth about what that is: accepted mail not yet read, tickets whose
// instant has come, messages not yet sent. A loop asks for a batch, works on it, and sleeps until it is woken or until the
// next row is due. A lost wake-up costs at most one idle period, never a row; a crashed node's rows are claimed by another.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Loop is one kind of due work.
type Loop struct {
	Name string
	// Work does one batch and reports whether there may be more right now.
	Work func(ctx context.Context) (more bool, err error)
	// Next says how long from now the next row is due; negative means nothing is planned. nil means "only when woken or idle".
	Next func(ctx context.Context) (time.Duration, error)
	// Wake is signalled when there is new work.
	Wake <-chan struct{}
	// Idle is the longest the loop sleeps; zero means 20 seconds.
	Idle time.Duration
	// Rest is how long at least it sleeps when there was nothing to do, although it is woken: of many wake-ups one look is enough.
	Rest time.Duration
}

const (
	idle     = 20 * time.Second
	minPause = 250 * time.Millisecond
	maxPause = 30 * time.Second
)

// Run works until ctx ends. A failing batch is logged and tried again after a pause that grows to half a minute:
// a full disk or an absent database is waited out, nothing is dropped. A panic counts as a failure.
func (l Loop) Run(ctx context.Context) {
	pause := minPause
	for ctx.Err() == nil {
		more, err := l.attempt(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			slog.Error("job failed", "job", l.Name, "error", err, "again_in", pause)
			l.sleep(ctx, pause, nil)
			pause = min(2*pause, maxPause)
		case more:
			pause = minPause
		default:
			pause = minPause
			l.sleep(ctx, l.Rest, nil)
			l.sleep(ctx, l.until(ctx), l.Wake)
		}
	}
}

func (l Loop) attempt(ctx context.Context) (more bool, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", l.Name, cause, debug.Stack())
		}
	}()
	return l.Work(ctx)
}

// until is how long to sleep when there is nothing to do.
func (l Loop) until(ctx context.Context) time.Duration {
	longest := l.Idle
	if longest == 0 {
		longest = idle
	}
	if l.Next == nil {
		return longest
	}
	next, err := l.Next(ctx)
	if err != nil || next < 0 {
		return longest
	}
	return min(next, longest)
}

func (l Loop) sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}
