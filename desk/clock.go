package desk

import (
	"context"
	"strconv"
	"sync"
	"time"

	"hark/fault"
	"hark/store"
)

// Clock tells the time. Verbs ask it once, before their transaction, so that one verb happens at one instant.
type Clock interface{ Now() time.Time }

// RealClock is the machine's.
type RealClock struct{}

// Now is the machine's time.
func (RealClock) Now() time.Time { return time.Now() }

// demoOffset is the setting in which the demo keeps how far its clock is ahead, in microseconds.
const demoOffset = "demo.clock.offset"

// DemoClock is the machine's clock moved forward by an offset that is kept in the database, so that the server, the
// command line and a second node all agree on the demo's time. It only ever moves forward.
type DemoClock struct {
	db *store.DB

	mu     sync.Mutex
	offset time.Duration
	read   time.Time // when offset was last read
}

// ClockSpreads is how long a process may keep using the offset it has read: so much later every process tells the new time.
const ClockSpreads = 200 * time.Millisecond

// NewDemoClock returns the movable clock of the desk in db.
func NewDemoClock(db *store.DB) *DemoClock { return &DemoClock{db: db} }

// Now is the demo's time. When the database cannot be read it goes on with the offset it knows.
func (c *DemoClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if real := time.Now(); real.Sub(c.read) > ClockSpreads {
		c.refresh(real)
	}
	return time.Now().Add(c.offset)
}

func (c *DemoClock) refresh(real time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := c.db.Read(ctx, func(tx *store.Tx) error {
		offset, err := readOffset(tx)
		c.offset = max(c.offset, offset)
		return err
	})
	if err == nil {
		c.read = real
	}
}

// MoveTo moves the clock forward to an instant. Earlier instants leave it as it is. Whoever is signed in stays signed in:
// for them no time has passed.
func (c *DemoClock) MoveTo(ctx context.Context, to time.Time) error {
	var offset time.Duration
	err := c.db.Write(ctx, func(tx *store.Tx) error {
		before, err := readOffset(tx)
		if err != nil {
			return err
		}
		offset = max(before, time.Until(to))
		if err := tx.CarrySessions(offset - before); err != nil {
			return err
		}
		return tx.SetSetting(demoOffset, strconv.AppendInt(nil, offset.Microseconds(), 10))
	})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = max(c.offset, offset)
	return nil
}

func readOffset(tx *store.Tx) (time.Duration, error) {
	text, err := tx.Setting(demoOffset)
	if err != nil || text == nil {
		return 0, err
	}
	micros, err := strconv.ParseInt(string(text), 10, 64)
	return time.Duration(micros) * time.Microsecond, fault.Wrap(err, fault.Invalid, "the demo's clock is stored as %q, which is not a number of microseconds", text)
}
