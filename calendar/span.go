package calendar

import (
	"slices"
	"sort"
	"time"
)

// Span is a stretch of time. From belongs to it, To does not.
type Span struct{ From, To time.Time }

// Holds reports whether another stretch lies inside of this one.
func (s Span) Holds(other Span) bool { return !other.From.Before(s.From) && !other.To.After(s.To) }

// Meets reports whether the two have any time in common.
func (s Span) Meets(other Span) bool { return s.From.Before(other.To) && other.From.Before(s.To) }

// Joined are stretches in order, none of which meets or touches another. What has no length is left out.
func Joined(spans []Span) []Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return !s.From.Before(s.To) })
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	joined := spans[:0]
	for _, s := range spans {
		if n := len(joined); n > 0 && !s.From.After(joined[n-1].To) {
			joined[n-1].To = later(joined[n-1].To, s.To)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// Common is what two lists of stretches have in common. Both are joined, and so is what comes out.
func Common(a, b []Span) (both []Span) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if s := (Span{later(a[i].From, b[j].From), sooner(a[i].To, b[j].To)}); s.From.Before(s.To) {
			both = append(both, s)
		}
		if a[i].To.Before(b[j].To) {
			i++
		} else {
			j++
		}
	}
	return both
}

// Without is what is left of stretches when others are taken out. Both are joined, and so is what comes out.
func Without(spans, out []Span) (left []Span) {
	j := 0
	for _, s := range spans {
		for j < len(out) && !out[j].To.After(s.From) {
			j++
		}
		for k := j; k < len(out) && out[k].From.Before(s.To); k++ {
			if s.From.Before(out[k].From) {
				left = append(left, Span{s.From, out[k].From})
			}
			s.From = later(s.From, out[k].To)
		}
		if s.From.Before(s.To) {
			left = append(left, s)
		}
	}
	return left
}

// InOne reports whether a stretch lies inside of one of those that are joined.
func InOne(joined []Span, s Span) bool {
	i := sort.Search(len(joined), func(i int) bool { return joined[i].To.After(s.From) })
	return i < len(joined) && joined[i].Holds(s)
}

// Open lists when the desk is open between two instants, in order; hours that touch are one stretch.
func (c *Calendar) Open(from, to time.Time) (spans []Span) {
	first, _ := c.place(from)
	last, _ := c.place(to)
	for n := first.number; n <= last.number; n++ {
		y := c.year(n)
		for i := y.spanAfter(from.Sub(y.base)); i < len(y.spans) && y.at(y.spans[i].start).Before(to); i++ {
			spans = append(spans, Span{later(y.at(y.spans[i].start), from), sooner(y.at(y.spans[i].end), to)})
		}
	}
	return Joined(spans)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
