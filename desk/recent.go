package desk

import (
	"sync"
	"time"
)

// recent remembers what was worked out a moment ago. Numbers about a quarter are looked at by several people, turned back and
// forth, and do not change within seconds; working them out reads every ticket of the quarter.
type recent[T any] struct {
	mu   sync.Mutex
	seen map[string]worked[T]
}

type worked[T any] struct {
	value      T
	generation uint64
	at         time.Time
}

const (
	holdsStill  = time.Minute     // as long as nothing has changed; time alone makes a late answer late
	holdsMoving = 5 * time.Second // while tickets change all the time
	mostRecent  = 200
)

func newRecent[T any]() *recent[T] { return &recent[T]{seen: map[string]worked[T]{}} }

func (r *recent[T]) known(key string, generation uint64, now time.Time) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one, known := r.seen[key]
	age, holds := now.Sub(one.at), holdsMoving
	if one.generation == generation {
		holds = holdsStill
	}
	return one.value, known && age >= 0 && age < holds
}

func (r *recent[T]) remember(key string, one worked[T]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) >= mostRecent {
		clear(r.seen)
	}
	r.seen[key] = one
}
