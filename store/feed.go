package store

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"hark/ticket"
)

// Change says that a ticket changed, or what somebody may see. It carries ids and never text: whoever hears it asks again as the actor they are,
// so a subscription shows nothing that a page would not.
type Change struct {
	Ticket    int64 `json:"t"`
	Group     int64 `json:"g,omitempty"`
	Assignee  int64 `json:"a,omitempty"`
	Requester int64 `json:"r,omitempty"`
	Call      int64 `json:"c,omitempty"` // a telephone call changed; then there is no ticket, and Assignee answers it
	Person    int64 `json:"p,omitempty"` // whose role, groups or sessions changed; then there is no ticket
	Missed    bool  `json:"-"`           // some changes could not be told apart or were lost; look at everything again
}

// Changed marks the ticket, so that subscribers of [DB.Changes] hear of it once the transaction is durable.
func (tx *Tx) Changed(ticketID int64) {
	for _, id := range tx.changed {
		if id == ticketID {
			return
		}
	}
	tx.changed = append(tx.changed, ticketID)
}

// CallChanged marks a telephone call, so that subscribers of [DB.Changes] hear of it.
func (tx *Tx) CallChanged(id int64) {
	if !slices.Contains(tx.phoneChanged, id) {
		tx.phoneChanged = append(tx.phoneChanged, id)
	}
}

// rightsChanged marks a person who may see other things from now on, so that what shows them news looks again (B9).
func (tx *Tx) rightsChanged(people ...int64) { tx.rights = append(tx.rights, people...) }

// concerned notes whom a ticket that was just written concerns.
func (tx *Tx) concerned(t *ticket.Ticket) {
	if tx.concerns == nil {
		tx.concerns = map[int64]Change{}
	}
	tx.concerns[t.ID] = Change{Ticket: t.ID, Group: t.Group, Assignee: t.Assignee.ID, Requester: t.Requester.ID}
}

// changes looks up whom the marked tickets concern, as the transaction leaves them.
func (tx *Tx) changes() ([]Change, error) {
	var all []Change
	slices.Sort(tx.rights)
	for _, id := range slices.Compact(tx.rights) {
		all = append(all, Change{Person: id})
	}
	for _, id := range tx.phoneChanged {
		c := Change{Call: id}
		if _, err := tx.get([]any{&c.Group, &c.Assignee}, `SELECT team_id, agent_id FROM phone_calls WHERE id = $1`, id); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	for _, id := range tx.changed {
		c, found := tx.concerns[id]
		if found {
			all = append(all, c)
			continue
		}
		c.Ticket = id
		found, err := tx.get([]any{&c.Group, &c.Assignee, &c.Requester}, `
			SELECT team_id, assignee_id, requester_id
			FROM tickets
			WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, c)
		}
	}
	return all, nil
}

// Generation is another number after every change that this process knows of. It is that before the write that made the
// change has returned, so whatever was remembered at the same generation still holds. During a [DB.Look]
// it is that of the snapshot.
func (db *DB) Generation(ctx context.Context) uint64 {
	if generation, begun := generationOf(ctx); begun {
		return generation
	}
	return db.feed.published.Load()
}

// Changes returns the changes that are committed from now on, by this process or another, until ctx ends; then the
// channel closes. A reader that is too slow gets one Change with Missed set in place of what it lost.
func (db *DB) Changes(ctx context.Context) <-chan Change {
	return db.feed.subscribe(ctx)
}

// feed hands changes to subscribers without ever waiting for them.
type feed struct {
	published atomic.Uint64
	mu        sync.Mutex
	subs      map[*subscriber]bool
	closed    bool
}

type subscriber struct {
	changes chan Change
	missed  bool
}

const feedBuffer = 256

func newFeed() *feed { return &feed{subs: map[*subscriber]bool{}} }

func (f *feed) subscribe(ctx context.Context) <-chan Change {
	sub := &subscriber{changes: make(chan Change, feedBuffer)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		close(sub.changes)
		return sub.changes
	}
	f.subs[sub] = true
	context.AfterFunc(ctx, func() { f.drop(sub) })
	return sub.changes
}

func (f *feed) drop(sub *subscriber) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs[sub] {
		delete(f.subs, sub)
		close(sub.changes)
	}
}

func (f *feed) publish(changes ...Change) {
	if len(changes) == 0 {
		return
	}
	f.published.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	for sub := range f.subs {
		for _, change := range changes {
			sub.offer(change)
		}
	}
}

// offer keeps the last place of the buffer for the word that something was missed.
func (s *subscriber) offer(c Change) {
	if s.missed && len(s.changes) < cap(s.changes)/2 {
		s.missed = false
	}
	switch {
	case s.missed:
	case len(s.changes) < cap(s.changes)-1:
		s.changes <- c
	default:
		s.missed = true
		s.changes <- Change{Missed: true}
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for sub := range f.subs {
		delete(f.subs, sub)
		close(sub.changes)
	}
}
