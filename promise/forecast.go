package promise

import "time"

// Case is one answer, given or awaited: what kind it is of, in which hour of the week it began, and how long it took or has
// taken so far.
type Case struct {
	Measure string
	Kind    string
	Hour    int // of the week, 0 to 167, local; the same question takes longer on a Friday evening
	Took    time.Duration
}

// Awaited is an answer that is still owed: Took is how long it has taken so far, Left how long until it is late.
type Awaited struct {
	Case
	Left time.Duration
}

// enough is how many similar cases a guess needs; with fewer, less similar ones count as well.
const enough = 12

// WillBeLate is about how many of the awaited answers will come too late. For each it asks how long similar answers took that
// had taken as long as this one already: the share of them that took longer than it may take is its chance to be late. It
// says nothing about anybody, because whoever answers is no part of it. guessed is for how many there was anything to go by.
func WillBeLate(awaited []Awaited, past []Case) (late float64, guessed int) {
	for _, a := range awaited {
		if chance, known := a.chance(past); known {
			late += chance
			guessed++
		}
	}
	return late, guessed
}

// nearness is how similar a past case has to be, the nearest first.
var nearness = []func(a, b Case) bool{
	func(a, b Case) bool { return a.Measure == b.Measure && a.Kind == b.Kind && apart(a.Hour, b.Hour) <= 2 },
	func(a, b Case) bool { return a.Measure == b.Measure && a.Kind == b.Kind },
	func(a, b Case) bool { return a.Measure == b.Measure },
}

// apart is how many hours lie between two hours of the week, the short way round.
func apart(a, b int) int {
	d := max(a, b) - min(a, b)
	return min(d, 168-d)
}

func (a Awaited) chance(past []Case) (chance float64, known bool) {
	for _, near := range nearness {
		slower, still := 0, 0
		for _, p := range past {
			if p.Took <= a.Took || !near(a.Case, p) {
				continue
			}
			if still++; p.Took > a.Took+a.Left {
				slower++
			}
		}
		if still >= enough {
			return float64(slower) / float64(still), true
		}
	}
	return 0, false
}
