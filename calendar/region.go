package calendar

import (
	"strings"
	"time"
)

// RegionOf is the region whose clocks are most like the reader's: the one of the reader's own zone, else the one that differs
// least from it now and half a year later, and of equals one on the same continent. It is a guess, which readers can correct.
// "" without regions, or when nothing is known of the reader.
func (c *Calendar) RegionOf(reader *time.Location, at time.Time) (nearest string) {
	if reader == nil {
		return ""
	}
	least := time.Duration(-1)
	for _, id := range c.RegionIDs() {
		zone := c.regions[id].Zone
		if zone.String() == reader.String() {
			return id
		}
		if d := apart(zone, reader, at); least < 0 || d < least {
			nearest, least = id, d
		}
	}
	return nearest
}

// apart is how unlike two zones are: how far their clocks differ, in winter and in summer together. A minute is added for
// another continent.
func apart(a, b *time.Location, at time.Time) (d time.Duration) {
	for _, t := range []time.Time{at, at.Add(182 * day24)} {
		_, x := t.In(a).Zone()
		_, y := t.In(b).Zone()
		d += (time.Duration(x-y) * time.Second).Abs()
	}
	if continent(a) != continent(b) {
		d += time.Minute
	}
	return d
}

func continent(zone *time.Location) string {
	name, _, _ := strings.Cut(zone.String(), "/")
	return name
}
