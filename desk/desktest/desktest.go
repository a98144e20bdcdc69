// Package desktest opens desks for tests: on a real database, with a clock that stands still until a test moves it, and
// with keys that are always the same.
package desktest

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/store"
)

// Secret stands for the key file.
var Secret = bytes.Repeat([]byte{7}, 32)

// Clock stands still until somebody moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// At is a clock that stands at an instant.
func At(now time.Time) *Clock { return &Clock{now: now} }

// Now is where it stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// MoveTo moves it, forwards or back.
func (c *Clock) MoveTo(_ context.Context, to time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
	return nil
}

// Pass lets some time go by. Nothing happens on the way.
func (c *Clock) Pass(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// Open opens a desk of https://agency.example on a database.
func Open(t testing.TB, db *store.DB, clock *Clock) *desk.Desk {
	t.Helper()
	d, err := desk.Open(t.Context(), db, clock, desk.WithSecret(Secret), desk.WithURL("https://agency.example"), desk.WithAuthserv("mx.agency.example"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
