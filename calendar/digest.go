package calendar

import (
	"encoding/binary"
	"hash"
	"time"
)

// Digest feeds a hash with all that instants are derived from: how the clocks of the zone run and when the desk is open, from
// the first year to the last, in every region. As long as it stays the same, whatever was derived in those years stays as it
// is, whichever version of the zone files and of the holiday sets is installed.
func (c *Calendar) Digest(h hash.Hash, first, last int) {
	for n := max(first, firstYear); n <= min(last, lastYear); n++ {
		c.year(n).digest(h)
	}
	h.Write([]byte(c.By + "\x00" + c.defaultRegion))
	for _, id := range c.RegionIDs() {
		h.Write([]byte(id))
		c.regions[id].Digest(h, first, last)
	}
}

func (y *year) digest(h hash.Hash) {
	for _, p := range y.periods {
		put(h, max(p.from, y.begin), min(p.until, y.end), p.offset)
	}
	for _, s := range y.spans {
		put(h, s.start, s.end)
	}
}

func put(h hash.Hash, all ...time.Duration) {
	for _, d := range all {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(d)))
	}
}
