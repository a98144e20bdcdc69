package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"time"
)

// Times is a fingerprint of what due times are derived from besides the rules: zones, opening hours and holidays, from the
// year before now to the third after it. When it differs from the one under which a ticket was planned, a calendar was
// corrected, a country has moved its clock change, or a built-in set of holidays has another day.
func (p *Policy) Times(now time.Time) string {
	first, last := now.UTC().Year()-1, now.UTC().Year()+3
	h := sha256.New()
	p.clock.Digest(h, first, last)
	for _, id := range slices.Sorted(maps.Keys(p.Calendars)) {
		_, _ = io.WriteString(h, id)
		p.Calendars[id].Digest(h, first, last)
	}
	return hex.EncodeToString(h.Sum(nil))
}
