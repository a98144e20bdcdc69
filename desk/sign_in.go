package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// Sessions end after a time without use, and in any case after a longer one.
const (
	sessionIdle   = 24 * time.Hour
	sessionLength = 14 * 24 * time.Hour
	sessionTouch  = time.Minute // a session's last use is written at most this often
)

// SignIn is what a person types, and where they type it.
type SignIn struct {
	Email    string
	Password string
	Remote   string // the source's address, for the limits
	Agent    string // the browser's name, for the list of sessions
	Previous string // the session token the browser came with; it dies (F8)
}

// Session is a signed-in browser. Token is shown to that browser only; the store keeps its hash.
type Session struct {
	ID      string // names it in the list; not the token
	Token   string
	Person  account.Person
	Created time.Time
	Seen    time.Time
	Ends    time.Time
	Remote  string
	Agent   string
}

// errNoMatch is the one answer to every sign-in that fails: unknown address, wrong password and suspended person look alike (F7).
func errNoMatch() error {
	return fault.New(fault.Unsigned, "this address and password do not fit together")
}

// SignIn starts a session for a person with a password. Attempts are counted per account and per source, and success
// does not reset the count (D6).
func (d *Desk) SignIn(ctx context.Context, in SignIn) (Session, error) {
	if len(in.Password) > longestPassword {
		return Session{}, fault.New(fault.Invalid, "the password is longer than %d bytes", longestPassword)
	}
	address := account.FoldAddress(in.Email)
	if err := d.limit(ctx, signInLimits(address, in.Remote)...); err != nil {
		return Session{}, err
	}
	person, stored, err := d.credential(ctx, address)
	if err != nil {
		return Session{}, err
	}
	fits, err := d.fits(ctx, stored, in.Password)
	if err != nil {
		return Session{}, err
	}
	if !fits || person.Suspended {
		return Session{}, errNoMatch()
	}
	return d.startSession(ctx, person, in)
}

// credential returns the person and their password's hash, both empty when there is none.
func (d *Desk) credential(ctx context.Context, address string) (person account.Person, hash string, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		person, err = tx.PersonByAddress(address)
		if err != nil {
			return err
		}
		hash, err = tx.Password(person.ID)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return account.Person{}, "", nil
	}
	return person, hash, err
}

// startSession makes a session with a new token and ends the one the browser came with.
func (d *Desk) startSession(ctx context.Context, person account.Person, in SignIn) (Session, error) {
	now, token := d.now(), newToken()
	row := store.Session{
		Hash: hashToken(token), Person: person.ID, Created: now, Seen: now, Expires: now.Add(sessionLength),
		Remote: in.Remote, Device: in.Agent,
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndSession(hashToken(in.Previous)); err != nil {
			return err
		}
		return tx.AddSession(row)
	})
	return sessionOf(row, person, token), err
}

func sessionOf(row store.Session, person account.Person, token string) Session {
	return Session{
		ID: hex.EncodeToString(row.Hash[:8]), Token: token, Person: person,
		Created: row.Created, Seen: row.Seen, Ends: row.Expires, Remote: row.Remote, Agent: row.Device,
	}
}

// Whoever returns the session a token belongs to and the actor it makes. Ended, idle and suspended ones are fault.Unsigned.
func (d *Desk) Whoever(ctx context.Context, token string) (Session, access.Actor, error) {
	now := d.now()
	var row store.Session
	var person account.Person
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if row, err = tx.Session(hashToken(token), now); err != nil {
			return err
		}
		person, err = tx.Person(row.Person)
		return err
	})
	switch {
	case err != nil:
		return Session{}, access.Actor{}, err
	case person.Suspended || now.Sub(row.Seen) >= sessionIdle:
		return Session{}, access.Actor{}, fault.New(fault.Unsigned, "your session has ended; please sign in again")
	}
	return sessionOf(row, person, token), person.Actor(), d.touch(ctx, row, now)
}

func (d *Desk) touch(ctx context.Context, row store.Session, now time.Time) error {
	if now.Sub(row.Seen) < sessionTouch {
		return nil
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.TouchSession(row.Hash, now, row.Expires) })
	if fault.Is(err, fault.Unavailable) { // reads go on when the disk is full
		return nil
	}
	return err
}

// Sessions lists the actor's own, newest first.
func (d *Desk) Sessions(ctx context.Context, a access.Actor) (sessions []Session, err error) {
	if err := may(a, access.OwnAccount); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Sessions(a.Person, now)
		for _, row := range rows {
			sessions = append(sessions, sessionOf(row, account.Person{ID: row.Person}, ""))
		}
		return err
	})
	return sessions, err
}

// newToken returns 256 random bits as text.
func newToken() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// tokenLength is how long every random token is; anything else is refused before the database is asked (F1, F2).
var tokenLength = base64.RawURLEncoding.EncodedLen(32)

// hashToken is what the store keeps of a token. One of any other length hashes to what no token hashes to.
func hashToken(token string) [32]byte {
	if len(token) != tokenLength {
		return [32]byte{}
	}
	return sha256.Sum256([]byte(token))
}
