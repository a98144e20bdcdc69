package main

import (
	"context"
	"time"

	"hark/demo"
	"hark/desk"
	"hark/diary"
	"hark/jobs"
	"hark/reach"
)

// readDiaries reads the calendars that colleagues keep elsewhere.
func (s *server) readDiaries(d *opened) jobs.Loop {
	return jobs.Loop{Name: "read calendars elsewhere", Idle: 2 * time.Second, Next: until(d, d.NextDiary), Work: func(ctx context.Context) (bool, error) {
		did, err := d.ReadDiaries(ctx, s.readAddress(d))
		return did > 0, err
	}}
}

// readAddress reads from the public internet alone, whatever else the operator has opened to the engineers' tracker: the addresses are
// typed by many. A demo reaches nobody: it has calendars of its own.
func (s *server) readAddress(d *opened) desk.ReadAddress {
	if s.demo != nil {
		return func(_ context.Context, address string) ([]byte, error) { return demo.Diary(address, d.Now()) }
	}
	return func(ctx context.Context, address string) ([]byte, error) {
		return diary.Fetch(ctx, reach.Wire{}, address)
	}
}
