package store

import (
	"time"

	"hark/access"
	"hark/fault"
)

// Whatever opens a door is kept as the SHA-256 of what was handed out. Looking one up takes the 32 bytes, so nothing
// that a client sends (empty, a wildcard, too long) is ever compared with what is stored: it is hashed first, whatever
// it is. There is no method that lists by a part of a hash.

// Session is a signed-in browser.
type Session struct {
	Hash    [32]byte
	Person  int64
	Created time.Time
	Seen    time.Time
	Expires time.Time
	Remote  string
	Device  string // what the browser says it is
}

// AddSession stores a session.
func (tx *Tx) AddSession(s Session) error {
	_, err := tx.exec(`
		INSERT INTO sessions (hash, person_id, created_at, seen_at, expires_at, remote, device)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Hash, ref(s.Person), s.Created, s.Seen, s.Expires, s.Remote, s.Device)
	return err
}

const selectSession = `
	SELECT
		s.hash,
		s.person_id,
		s.created_at,
		s.seen_at,
		s.expires_at,
		s.remote,
		s.device
	FROM sessions s
	JOIN people p ON p.id = s.person_id
	`

func sessionFields(s *Session) []any {
	return []any{
		&s.Hash,
		&s.Person,
		&s.Created,
		&s.Seen,
		&s.Expires,
		&s.Remote,
		&s.Device,
	}
}

// Session returns a session that has not expired and whose person is not suspended; [fault.Unsigned] otherwise.
func (tx *Tx) Session(hash [32]byte, now time.Time) (s Session, err error) {
	found, err := tx.get(sessionFields(&s), selectSession+`
		WHERE s.hash = $1 AND s.expires_at > $2 AND NOT p.suspended`, hash, now)
	if err == nil && !found {
		err = fault.New(fault.Unsigned, "you are not signed in any more; sign in again")
	}
	return s, err
}

// Sessions returns a person's sessions that have not expired, the last used first.
func (tx *Tx) Sessions(person int64, now time.Time) (all []Session, err error) {
	var s Session
	err = tx.each(sessionFields(&s), func() error { all = append(all, s); return nil }, selectSession+`
		WHERE s.person_id = $1 AND s.expires_at > $2
		ORDER BY s.seen_at DESC`, person, now)
	return all, err
}

// TouchSession remembers that a session is in use, and until when it lasts.
func (tx *Tx) TouchSession(hash [32]byte, seen, expires time.Time) error {
	_, err := tx.exec(`UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE hash = $3`, seen, expires, hash)
	return err
}

// CarrySessions moves all sessions along with a clock that jumps.
func (tx *Tx) CarrySessions(by time.Duration) error {
	_, err := tx.exec(`UPDATE sessions SET seen_at = seen_at + $1, expires_at = expires_at + $1`, by.Microseconds())
	return err
}

// EndSession ends one session at once.
func (tx *Tx) EndSession(hash [32]byte) error {
	_, err := tx.exec(`DELETE FROM sessions WHERE hash = $1`, hash)
	return err
}

// EndSessions ends all of a person's sessions, except for one; the zero hash spares none.
func (tx *Tx) EndSessions(person int64, except [32]byte) error {
	tx.rightsChanged(person)
	_, err := tx.exec(`DELETE FROM sessions WHERE person_id = $1 AND hash <> $2`, person, except)
	return err
}

// Password returns the hash of a person's password, or "" when they have none and so cannot sign in by one.
func (tx *Tx) Password(person int64) (hash string, err error) {
	_, err = tx.get([]any{&hash}, `SELECT password FROM people WHERE id = $1`, person)
	return hash, err
}

// SetPassword stores the hash of a person's password; "" takes it away.
func (tx *Tx) SetPassword(person int64, hash string) error {
	_, err := tx.exec(`UPDATE people SET password = $1 WHERE id = $2`, absentWhenEmpty(hash), person)
	return err
}

// SecondFactor returns a person's sealed second factor, nil when there is none, and the last step that was used.
func (tx *Tx) SecondFactor(person int64) (sealed []byte, step int64, err error) {
	_, err = tx.get([]any{&sealed, &step}, `SELECT second_factor, factor_step FROM people WHERE id = $1`, person)
	return sealed, step, err
}

// SetSecondFactor stores a sealed second factor; nil takes it away.
func (tx *Tx) SetSecondFactor(person int64, sealed []byte) error {
	_, err := tx.exec(`UPDATE people SET second_factor = $1, factor_step = 0 WHERE id = $2`, sealed, person)
	return err
}

// UseFactorStep uses a step of the second factor. It reports false when that step, or a later one, was used before.
func (tx *Tx) UseFactorStep(person, step int64) (ok bool, err error) {
	n, err := tx.exec(`UPDATE people SET factor_step = $1 WHERE id = $2 AND factor_step < $1`, step, person)
	return n == 1, err
}

// Link is something handed out once for one purpose: a sign-in link, an invitation, a ticket's link, a code sent by
// mail. Code is set when a short code must be typed besides: the SHA-256 of the code.
type Link struct {
	Hash    [32]byte
	Purpose string
	Person  int64
	Ticket  int64
	Address string // where it was sent
	Code    []byte
	Tries   int64 // wrong codes so far
	Created time.Time
	Expires time.Time
	Used    time.Time // zero when it has not been used
}

// AddLink stores a link.
func (tx *Tx) AddLink(l Link) error {
	_, err := tx.exec(`
		INSERT INTO links (hash, purpose, person_id, ticket_id, address, code, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		l.Hash, l.Purpose, ref(l.Person), ref(l.Ticket), l.Address, l.Code, l.Created, l.Expires)
	return err
}

const selectLink = `
	SELECT
		hash,
		purpose,
		person_id,
		ticket_id,
		address,
		code,
		tries,
		created_at,
		expires_at,
		used_at
	FROM links
	`

// Link returns a link for its own purpose, used or expired as it may be: the page says which. [fault.NotFound] when
// there is none.
func (tx *Tx) Link(hash [32]byte, purpose string) (l Link, err error) {
	found, err := tx.get([]any{
		&l.Hash,
		&l.Purpose,
		&l.Person,
		&l.Ticket,
		&l.Address,
		&l.Code,
		&l.Tries,
		&l.Created,
		&l.Expires,
		&l.Used,
	}, selectLink+`WHERE hash = $1 AND purpose = $2`, hash, purpose)
	if err == nil && !found {
		err = absent("link")
	}
	return l, err
}

// OpenLink finds a person's newest link of that purpose that can still be used, and keeps it from being used until this
// transaction ends.
func (tx *Tx) OpenLink(person int64, purpose string, now time.Time) (l Link, open bool, err error) {
	q := (&query{}).add(`
		SELECT hash
		FROM links
		WHERE person_id = ?`, person).add(` AND purpose = ?`, purpose).add(` AND used_at IS NULL AND expires_at > ?`, now)
	q.add(`
		ORDER BY created_at DESC
		LIMIT 1`).lock(tx, "")
	var hash [32]byte
	if open, err = tx.get([]any{&hash}, q.String(), q.args...); err != nil || !open {
		return l, false, err
	}
	l, err = tx.Link(hash, purpose)
	return l, err == nil, err
}

// UseLink uses a link up. It reports false when it has been used, has expired or is for another purpose: of two who
// press at once, one gets true.
func (tx *Tx) UseLink(hash [32]byte, purpose string, now time.Time) (ok bool, err error) {
	n, err := tx.exec(`
		UPDATE links SET used_at = $1
		WHERE hash = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $1`, now, hash, purpose)
	return n == 1, err
}

// NewestLink returns the link of that purpose that somebody was given last, whatever has become of it; [fault.NotFound] when there was
// none.
func (tx *Tx) NewestLink(person int64, purpose string) (Link, error) {
	var hash [32]byte
	found, err := tx.get([]any{&hash}, `
		SELECT hash
		FROM links
		WHERE person_id = $1 AND purpose = $2
		ORDER BY created_at DESC, (used_at IS NULL) DESC
		LIMIT 1`, person, purpose)
	if err == nil && !found {
		err = absent("link")
	}
	if err != nil {
		return Link{}, err
	}
	return tx.Link(hash, purpose)
}

// CountTry counts a wrong code on a link and returns how many there have been.
func (tx *Tx) CountTry(hash [32]byte) (tries int64, err error) {
	_, err = tx.get([]any{&tries}, `UPDATE links SET tries = tries + 1 WHERE hash = $1 RETURNING tries`, hash)
	return tries, err
}

// EndLinks makes a person's unused links of that purpose useless; person 0 means those that are nobody's.
func (tx *Tx) EndLinks(person int64, purpose string, now time.Time) error {
	_, err := tx.exec(`
		UPDATE links SET used_at = $1
		WHERE coalesce(person_id, 0) = $2 AND purpose = $3 AND used_at IS NULL`, now, person, purpose)
	return err
}

// DropLink removes a link in the transaction that added it.
func (tx *Tx) DropLink(hash [32]byte) error {
	_, err := tx.exec(`DELETE FROM links WHERE hash = $1`, hash)
	return err
}

// Token lets a program act for a person.
type Token struct {
	ID      int64
	Hash    [32]byte
	Person  int64
	Name    string
	Created time.Time
	Used    time.Time
	Ended   time.Time
}

// AddToken stores a token and sets its ID.
func (tx *Tx) AddToken(t *Token) (err error) {
	t.ID, err = tx.insert(`
		INSERT INTO tokens (hash, person_id, name, created_at)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, t.Hash, ref(t.Person), t.Name, t.Created)
	return err
}

const selectToken = `
	SELECT
		k.id,
		k.hash,
		k.person_id,
		k.name,
		k.created_at,
		k.used_at,
		k.ended_at
	FROM tokens k
	JOIN people p ON p.id = k.person_id
	`

func tokenFields(t *Token) []any {
	return []any{
		&t.ID,
		&t.Hash,
		&t.Person,
		&t.Name,
		&t.Created,
		&t.Used,
		&t.Ended,
	}
}

// Token returns a token that has not ended and whose person is not suspended; [fault.Unsigned] otherwise.
func (tx *Tx) Token(hash [32]byte) (t Token, err error) {
	found, err := tx.get(tokenFields(&t), selectToken+`
		WHERE k.hash = $1 AND k.ended_at IS NULL AND NOT p.suspended`, hash)
	if err == nil && !found {
		err = fault.New(fault.Unsigned, "this token is not valid; make one with hark token add")
	}
	return t, err
}

// Tokens returns a person's tokens, the newest first.
func (tx *Tx) Tokens(person int64) (all []Token, err error) {
	var t Token
	err = tx.each(tokenFields(&t), func() error { all = append(all, t); return nil }, selectToken+`
		WHERE k.person_id = $1
		ORDER BY k.id DESC`, person)
	return all, err
}

// TouchToken remembers when a token was last used.
func (tx *Tx) TouchToken(id int64, used time.Time) error {
	_, err := tx.exec(`UPDATE tokens SET used_at = $1 WHERE id = $2`, used, id)
	return err
}

// EndToken ends a person's token at once. A token of somebody else is [fault.NotFound].
func (tx *Tx) EndToken(person, id int64, now time.Time) error {
	n, err := tx.exec(`UPDATE tokens SET ended_at = $1 WHERE id = $2 AND person_id = $3`, now, id, person)
	if err == nil && n == 0 {
		err = absent("token")
	}
	return err
}

// CountAttempt counts one attempt under a key ("sign-in ana@larkspur.example", "sign-in from 192.0.2.1") in the present
// window of that length, and returns how many there have been in it, this one included. Success does not reset it.
func (tx *Tx) CountAttempt(key string, window time.Duration, now time.Time) (n int64, err error) {
	started := now.Truncate(window)
	_, err = tx.get([]any{&n}, `
		INSERT INTO attempts (key, started, until, count)
		VALUES ($1, $2, $3, 1)
		ON CONFLICT (key, started) DO UPDATE SET count = attempts.count + 1
		RETURNING count`, key, started, started.Add(window))
	return n, err
}

// Attempts returns how many attempts were counted under a key in the present window.
func (tx *Tx) Attempts(key string, window time.Duration, now time.Time) (n int64, err error) {
	_, err = tx.get([]any{&n}, `SELECT count FROM attempts WHERE key = $1 AND started = $2`, key, now.Truncate(window))
	return n, err
}

// kept is how long links, codes and form keys stay after they have ended, so that a page can say what became of them.
const kept = 30 * 24 * time.Hour

// Forget removes what has ended and opens nothing any more: sessions, links, counted attempts and form keys. Codes that are read out on
// the phone are short, and go as soon as they have ended.
func (tx *Tx) Forget(now time.Time) error {
	for _, statement := range []struct {
		sql    string
		before time.Time
	}{
		{`DELETE FROM sessions WHERE expires_at < $1`, now},
		{`DELETE FROM attempts WHERE until < $1`, now},
		{`DELETE FROM links WHERE expires_at < $1`, now.Add(-kept)},
		{`DELETE FROM links WHERE code IS NOT NULL AND expires_at < $1`, now},
		{`DELETE FROM forms WHERE created_at < $1`, now.Add(-kept)},
	} {
		if _, err := tx.exec(statement.sql, statement.before); err != nil {
			return err
		}
	}
	return nil
}

// own is whose things an actor owns: a signed link owns nothing beyond its ticket.
func own(a access.Actor) int64 {
	if a.Ticket != 0 {
		return 0
	}
	return a.Person
}
