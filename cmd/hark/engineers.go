package main

import (
	"context"
	"time"

	"hark/demo"
	"hark/desk"
	"hark/engineers"
	"hark/jobs"
	"hark/reach"
	"hark/tracker"
)

// openEngineers opens the engineers' tracker: over the public internet, and into networks nearby that the operator has named. A demo
// reaches nobody: it has engineers of its own.
func (s *server) openEngineers(a engineers.Account) (desk.Engineers, error) {
	if s.demo != nil {
		return demo.Engineers{Project: a.Project}, nil
	}
	return tracker.Open(a, reach.Wire{Nearby: s.nearby})
}

// speakWithEngineers does what is still to be said and asked there.
func (s *server) speakWithEngineers(d *opened) jobs.Loop {
	return jobs.Loop{Name: "speak with engineers", Idle: 2 * time.Second, Next: until(d, d.NextErrand), Work: func(ctx context.Context) (bool, error) {
		did, err := d.RunErrands(ctx, s.openEngineers)
		return did > 0, err
	}}
}

// until is how long from now something is due, on the desk's clock; negative when nothing is.
func until(d *opened, next func(context.Context) (time.Time, error)) func(context.Context) (time.Duration, error) {
	return func(ctx context.Context) (time.Duration, error) {
		at, err := next(ctx)
		if at.IsZero() {
			return -1, err
		}
		return max(0, at.Sub(d.Now())), err
	}
}
