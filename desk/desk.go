// Package desk is what a support desk does, one verb per file: accept a mail, receive it, answer, write a note, solve,
// undo, follow up, remind when time passes, deliver, sign in. `ls desk` is the list of what the product can do.
//
// Every verb has the same shape. It asks whether the actor may do this, loads the ticket, asks the policy what the event
// does to it, and stores everything in one transaction: the ticket, the comment, one audit made of events, and each
// effect as a row with a key that can exist only once. Mail is such a row, rendered there and then; a worker sends it
// later. Nothing outside the database happens inside a verb, so a verb that failed has done nothing, and one that was
// tried twice has happened once.
//
// The policy decides and the store remembers; what is written here is only how the two meet. There are exactly two
// places where a decision of the policy becomes something real: happen.go, which stores it, and gate.go, which lets
// automatic mail out or holds it back.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// Desk holds what the verbs share. It is safe for concurrent use, and several desks may work on one PostgreSQL.
type Desk struct {
	db       *store.DB
	clock    Clock
	url      string // where people reach the pages, "https://support.example.com"
	authserv string // the name under which our own mail server signs what it found out about senders
	secret   []byte // from which the sealing key is derived; never stored, never logged
	keys     *keys
	rules    *rules
	times    *times
	caps     caps
	counts   *counts
	reports  *recent[Report]
	figures  *recent[map[string]policy.Measured]
	past     *recent[[]promise.Case]
	speaks   *recent[bool] // what the policies of the brands speak of: calls, known problems
	doors    *doors
	hashing  chan struct{} // how many passwords are hashed at once (F10)
	signers  sync.Map      // *mail.SigningKey by domain, nil for domains without one
	log      *slog.Logger
}

// Option changes how a desk works.
type Option func(*Desk)

// WithURL says where people reach the pages; links in mails begin with it.
func WithURL(url string) Option { return func(d *Desk) { d.url = url } }

// WithSecret gives the bytes from which secrets at rest are sealed: the key file's or HARK_SECRET's.
func WithSecret(secret []byte) Option { return func(d *Desk) { d.secret = secret } }

// WithAuthserv says whose Authentication-Results are our own (RFC 8601); those of others are only claims.
func WithAuthserv(name string) Option { return func(d *Desk) { d.authserv = name } }

// WithLog says where operators read what happened; nothing secret and nothing customers wrote goes there.
func WithLog(log *slog.Logger) Option { return func(d *Desk) { d.log = log } }

// Open makes a desk on a database. At the first start it makes the desk's keys and stores them, sealed.
func Open(ctx context.Context, db *store.DB, clock Clock, options ...Option) (*Desk, error) {
	d := &Desk{db: db, clock: clock, url: "http://localhost", hashing: make(chan struct{}, 2), log: slog.New(slog.DiscardHandler)}
	for _, option := range options {
		option(d)
	}
	d.caps = usualCaps()
	d.rules, d.times, d.doors, d.counts = newRules(), newTimes(), newDoors(), newCounts()
	d.reports, d.figures, d.past = newRecent[Report](), newRecent[map[string]policy.Measured](), newRecent[[]promise.Case]()
	d.speaks = newRecent[bool]()
	var err error
	d.keys, err = d.loadKeys(ctx)
	return d, err
}

// now is this instant as the desk counts it: UTC, to the microsecond, which is what the store keeps.
func (d *Desk) now() time.Time { return d.clock.Now().UTC().Truncate(time.Microsecond) }

// Now is the desk's own time, which the demo can move.
func (d *Desk) Now() time.Time { return d.now() }

// Look lets everything that is read under the context be read of one moment, until it is ended; see [store.DB.Look].
func (d *Desk) Look(ctx context.Context) (context.Context, func()) { return d.db.Look(ctx) }

// URL is where people reach the pages.
func (d *Desk) URL() string { return d.url }

// Changes tells of tickets that changed, by ids only (B9), until ctx ends.
func (d *Desk) Changes(ctx context.Context) <-chan store.Change { return d.db.Changes(ctx) }

// may refuses unless the actor holds the right. It is the first line of every verb that people can call.
func may(a access.Actor, r access.Right) error {
	switch {
	case access.May(a, r):
		return nil
	case a.Role == access.Nobody:
		return fault.New(fault.Unsigned, "please sign in first")
	}
	return fault.New(fault.Forbidden, "you may not do this; ask an administrator if you should")
}
