package calendar

import (
	"strings"
	"time"

	"hark/fault"
)

// wallClock turns what a clock shows, written as if in UTC, into the instant.
type wallClock interface {
	at(wall time.Time) time.Time
}

// clock is the one on which a stamp of a file is read: a zone by its name, as the file itself describes it, or the owner's own.
func (f *busyFile) clock(s stamp) (wallClock, error) {
	switch {
	case s.utc:
		return namedZone{time.UTC}, nil
	case s.whole || s.zone == "":
		return namedZone{f.q.Zone}, nil
	}
	if known, ok := f.zones[s.zone]; ok {
		return known, nil
	}
	clock := f.zoneOf(s.zone)
	if clock == nil {
		return nil, fault.New(fault.Invalid, "the time zone %s is described nowhere", clip(s.zone))
	}
	f.zones[s.zone] = clock
	return clock, nil
}

// zoneOf finds a zone: as the file explains it, else by its name.
func (f *busyFile) zoneOf(name string) wallClock {
	if told, is := f.described.named[name]; is && told.understood() {
		return told
	}
	if zone := zoneCalled(name); zone != nil {
		return namedZone{zone}
	}
	return nil
}

// zoneCalled finds a zone by its name, of which programs put a path of their own in front: /example.org/Olson/America/New_York. nil when
// nobody knows it.
func zoneCalled(name string) *time.Location {
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(len(parts), 3); n > 0; n-- {
		if zone, err := time.LoadLocation(strings.Join(parts[len(parts)-n:], "/")); err == nil && zone != time.Local && parts[len(parts)-n] != "" {
			return zone
		}
	}
	return nil
}

// namedZone is a zone of the database of zones.
type namedZone struct{ zone *time.Location }

func (z namedZone) at(wall time.Time) time.Time {
	d := DateOf(wall, time.UTC)
	return Resolve(d, Clock(wall.Sub(d.midnight())), z.zone).UTC()
}
