package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// News is what one node tells the others through NOTIFY: which tickets have changed.
//
// It is told just after the commit and not with it. PostgreSQL lets only one transaction at a time commit that has something
// to tell, until its commit is on the disk, and then no two tickets would ever share a write to it. A node that is killed in
// between has told nobody; pages of other nodes are then as they were until they are asked for again, and what is due is found by
// looking, as always.
type news struct {
	pool    *sql.DB
	node    int64 // what this node told, it does not hear
	mu      sync.Mutex
	untold  []Change
	waiting chan struct{}
	ending  context.Context
	stop    context.CancelFunc
	ended   chan struct{}
}

const channel = "hark_changes" // of LISTEN and NOTIFY

// told is how a change looks on its way.
type told struct {
	Change
	Node int64 `json:"n"`
	Lost bool  `json:"l,omitempty"` // more has changed than could be told
}

// mostUntold is how much is kept while the database cannot be reached.
const mostUntold = 10_000

func newNews(pool *sql.DB) *news {
	n := &news{pool: pool, node: rand.Int64(), waiting: make(chan struct{}, 1), ended: make(chan struct{})}
	n.ending, n.stop = context.WithCancel(context.Background())
	go n.run()
	return n
}

// tell passes changes on, without waiting.
func (n *news) tell(changes []Change) {
	if len(changes) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.untold = append(n.untold, changes...); len(n.untold) > mostUntold {
		n.untold = []Change{{Missed: true}}
	}
	select {
	case n.waiting <- struct{}{}:
	default:
	}
}

// run tells what has gathered in one statement, for as long as the store is open.
func (n *news) run() {
	defer close(n.ended)
	for {
		select {
		case <-n.waiting:
			n.pass()
		case <-n.ending.Done():
			n.pass()
			return
		}
	}
}

// pass tells everything that is untold. What cannot be told is told by and by; at the end it is tried once.
func (n *news) pass() {
	n.mu.Lock()
	changes := n.untold
	n.untold = nil
	n.mu.Unlock()
	for len(changes) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err := n.pool.ExecContext(ctx, "SELECT pg_notify($1, news) FROM unnest($2::text[]) AS news", channel, n.lines(changes))
		cancel()
		if err == nil {
			return
		}
		slog.Warn("other nodes could not be told what changed; trying again", "error", err)
		select {
		case <-time.After(time.Second):
		case <-n.ending.Done():
			return
		}
	}
}

func (n *news) lines(changes []Change) []string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		line, _ := json.Marshal(told{Change: c, Node: n.node, Lost: c.Missed})
		lines[i] = string(line)
	}
	return lines
}

// end tells what is left.
func (n *news) end() {
	n.stop()
	<-n.ended
}

// listen hears what other nodes have changed. It connects again for ever; after a gap subscribers are told to look at
// everything, because NOTIFY is not kept for those who were away.
func (p *postgres) listen(ctx context.Context, config *pgx.ConnConfig, heard chan struct{}) {
	defer close(p.done)
	first := true
	for ctx.Err() == nil {
		err := p.hear(ctx, config, func() {
			if first {
				close(heard)
			} else {
				p.db.feed.publish(Change{Missed: true})
			}
			first = false
		})
		if ctx.Err() != nil {
			break
		}
		slog.Warn("the database's notifications stopped; connecting again", "error", err)
		if first {
			close(heard)
			first = false
		}
		select {
		case <-time.After(time.Second + rand.N(time.Second)):
		case <-ctx.Done():
		}
	}
}

func (p *postgres) hear(ctx context.Context, config *pgx.ConnConfig, ready func()) error {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	ready()
	for {
		notice, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		p.hears(notice.Payload)
	}
}

func (p *postgres) hears(line string) {
	var t told
	if err := json.Unmarshal([]byte(line), &t); err != nil || t.Lost {
		t.Change = Change{Missed: true}
	}
	if t.Node != p.news.node || t.Node == 0 {
		p.db.feed.publish(t.Change)
	}
}
