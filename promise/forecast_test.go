package promise_test

import (
	"testing"
	"time"

	"hark/promise"
)

// took are n answers that took so many minutes each, in turn.
func took(n int, kind string, hour int, minutes ...int) (all []promise.Case) {
	for i := range n {
		all = append(all, promise.Case{Measure: "first_reply", Kind: kind, Hour: hour, Took: time.Duration(minutes[i%len(minutes)]) * time.Minute})
	}
	return all
}

func updates(n int) (all []promise.Case) {
	for _, c := range took(n, "question", 10, 30) {
		c.Measure = "update"
		all = append(all, c)
	}
	return all
}

func awaited(kind string, hour, waited, left int) promise.Awaited {
	return promise.Awaited{Case: promise.Case{Measure: "first_reply", Kind: kind, Hour: hour, Took: time.Duration(waited) * time.Minute}, Left: time.Duration(left) * time.Minute}
}

func TestTheForecastIsTheShareOfSimilarAnswersThatTookLonger(t *testing.T) {
	for name, c := range map[string]struct {
		past    []promise.Case
		open    []promise.Awaited
		late    float64
		guessed int
	}{
		"half of twenty took longer":                   {took(20, "question", 10, 30, 90), []promise.Awaited{awaited("question", 10, 0, 60), awaited("question", 11, 0, 60)}, 1, 2},
		"what took less than it waits already is over": {took(40, "question", 10, 10, 20, 50, 90), []promise.Awaited{awaited("question", 10, 40, 20)}, 0.5, 1},
		"exactly in time is in time":                   {took(20, "question", 10, 60), []promise.Awaited{awaited("question", 10, 0, 60)}, 0, 1},
		"the same hour counts before other hours":      {append(took(20, "question", 10, 30), took(20, "question", 100, 300)...), []promise.Awaited{awaited("question", 11, 0, 60)}, 0, 1},
		"the week is round":                            {append(took(20, "question", 167, 300), took(20, "question", 80, 30)...), []promise.Awaited{awaited("question", 1, 0, 60)}, 1, 1},
		"too few in that hour: all hours count":        {append(took(3, "question", 10, 300), took(20, "question", 100, 30)...), []promise.Awaited{awaited("question", 10, 0, 60)}, 3.0 / 23, 1},
		"too few of that kind: all kinds count":        {append(took(3, "question", 10, 300), took(9, "work", 10, 30)...), []promise.Awaited{awaited("question", 10, 0, 60)}, 3.0 / 12, 1},
		"nothing to go by is no guess":                 {took(11, "question", 10, 30), []promise.Awaited{awaited("question", 10, 0, 60)}, 0, 0},
		"another measure says nothing":                 {updates(20), []promise.Awaited{awaited("question", 10, 0, 60)}, 0, 0},
	} {
		late, guessed := promise.WillBeLate(c.open, c.past)
		if late-c.late > 1e-9 || c.late-late > 1e-9 || guessed != c.guessed {
			t.Errorf("%s: %.3f of %d, want %.3f of %d", name, late, guessed, c.late, c.guessed)
		}
	}
}
