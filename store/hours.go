package store

import (
	"time"

	"hark/calendar"
	"hark/rota"
)

// CallHours returns what some colleagues wrote about when they can have calls, by person; whoever wrote nothing is not in it.
func (tx *Tx) CallHours(people []int64) (map[int64]rota.Hours, error) {
	all := map[int64]rota.Hours{}
	var person int64
	var h rota.Hours
	q := (&query{}).add(`SELECT person_id, hours FROM call_hours WHERE `).in("person_id", people)
	err := tx.each([]any{&person, outJSON{&h}}, func() error { all[person] = h; h = rota.Hours{}; return nil }, q.String(), q.args...)
	return all, err
}

// SaveCallHours stores what a colleague writes in place of what they wrote before.
func (tx *Tx) SaveCallHours(person int64, h rota.Hours, now time.Time) error {
	_, err := tx.exec(`
		INSERT INTO call_hours (person_id, hours, saved_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET hours = excluded.hours, saved_at = excluded.saved_at`, person, inJSON{h}, now)
	return err
}

// Absences returns when some colleagues are away on a date or later, the soonest first.
func (tx *Tx) Absences(people []int64, from calendar.Date) (all []rota.Absence, err error) {
	var a rota.Absence
	q := (&query{}).add(`SELECT id, person_id, from_day, to_day, note, stand_in_id FROM absences WHERE to_day >= ? AND `, from).in("person_id", people)
	q.add(` ORDER BY from_day, id`)
	fields := []any{&a.ID, &a.Person, &a.From, &a.To, &a.Note, &a.StandIn}
	err = tx.each(fields, func() error { all = append(all, a); return nil }, q.String(), q.args...)
	return all, err
}

// AddAbsence stores when somebody is away, and sets its ID.
func (tx *Tx) AddAbsence(a *rota.Absence, now time.Time) (err error) {
	a.ID, err = tx.insert(`
		INSERT INTO absences (person_id, from_day, to_day, note, stand_in_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, a.Person, a.From, a.To, a.Note, ref(a.StandIn), now)
	return err
}

// DropAbsence forgets an absence of a person; it reports false when they have no such one.
func (tx *Tx) DropAbsence(person, id int64) (bool, error) {
	n, err := tx.exec(`DELETE FROM absences WHERE id = $1 AND person_id = $2`, id, person)
	return n > 0, err
}

// Diary is a calendar that a colleague keeps elsewhere.
type Diary struct {
	ID      int64
	Person  int64
	Name    string
	Host    string // of its address
	Secret  []byte // its address, sealed
	Created time.Time
	Due     time.Time // when it is read next
	Read    time.Time // when it was read last with success, zero for never
	Tries   int64     // without success since then
	Entries int64
	Unread  int64  // entries that could not be understood
	Trouble string // what is wrong with it, "" for nothing
}

const selectDiary = `SELECT d.id, d.person_id, d.name, d.host, d.secret, d.created_at, d.due_at, d.read_at, d.tries, d.entries, d.unread, d.trouble FROM diaries d `

func (tx *Tx) diaries(q *query) (all []Diary, err error) {
	var d Diary
	fields := []any{&d.ID, &d.Person, &d.Name, &d.Host, &d.Secret, &d.Created, &d.Due, &d.Read, &d.Tries, &d.Entries, &d.Unread, &d.Trouble}
	err = tx.each(fields, func() error { all = append(all, d); d = Diary{}; return nil }, q.String(), q.args...)
	return all, err
}

// Diaries returns the calendars elsewhere of a person, the oldest first.
func (tx *Tx) Diaries(person int64) ([]Diary, error) {
	return tx.diaries((&query{}).add(selectDiary+`WHERE d.person_id = ? ORDER BY d.id`, person))
}

// DueDiaries returns those that are to be read, the longest waiting first. On PostgreSQL they are locked until the transaction ends and
// other nodes get others.
func (tx *Tx) DueDiaries(now time.Time, most int) ([]Diary, error) {
	return tx.diaries((&query{}).add(selectDiary+`WHERE d.due_at <= ? ORDER BY d.due_at, d.id LIMIT ?`, now, most).lock(tx, "SKIP LOCKED"))
}

// NextDiary is when the next one is to be read, zero when there is none.
func (tx *Tx) NextDiary() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `SELECT due_at FROM diaries ORDER BY due_at LIMIT 1`)
	return at, err
}

// AddDiary stores one and sets its ID.
func (tx *Tx) AddDiary(d *Diary) (err error) {
	d.ID, err = tx.insert(`
		INSERT INTO diaries (person_id, name, host, secret, created_at, due_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, d.Person, d.Name, d.Host, d.Secret, d.Created, d.Due)
	return err
}

// SaveDiary stores how one stands. It reports false, and stores nothing, when it is not due at the instant that the caller knows:
// another worker has it, or its owner has taken it out.
func (tx *Tx) SaveDiary(d Diary, due time.Time) (ours bool, err error) {
	n, err := tx.exec(`
		UPDATE diaries SET due_at = $1, read_at = $2, tries = $3, entries = $4, unread = $5, trouble = $6
		WHERE id = $7 AND due_at = $8`, d.Due, d.Read, d.Tries, d.Entries, d.Unread, d.Trouble, d.ID, due)
	return n > 0, err
}

// DropDiary forgets a calendar of a person, with everything that was read in it; it reports false when they have no such one.
func (tx *Tx) DropDiary(person, id int64) (bool, error) {
	if _, err := tx.exec(`DELETE FROM diary_times WHERE diary_id IN (SELECT id FROM diaries WHERE id = $1 AND person_id = $2)`, id, person); err != nil {
		return false, err
	}
	n, err := tx.exec(`DELETE FROM diaries WHERE id = $1 AND person_id = $2`, id, person)
	return n > 0, err
}

// SetDiaryTimes makes the times of a calendar those that it says now. Most are as they were, and those are not written.
func (tx *Tx) SetDiaryTimes(diary int64, spans []calendar.Span) error {
	gone := map[calendar.Span]bool{}
	var s calendar.Span
	err := tx.each([]any{&s.From, &s.To}, func() error { gone[s] = true; return nil }, `SELECT from_at, to_at FROM diary_times WHERE diary_id = $1`, diary)
	if err != nil {
		return err
	}
	var fresh []calendar.Span
	for _, span := range spans {
		span = calendar.Span{From: span.From.UTC(), To: span.To.UTC()}
		if !gone[span] {
			fresh = append(fresh, span)
		}
		delete(gone, span)
	}
	for span := range gone {
		if _, err := tx.exec(`DELETE FROM diary_times WHERE diary_id = $1 AND from_at = $2`, diary, span.From); err != nil {
			return err
		}
	}
	for _, span := range fresh {
		if _, err := tx.exec(`INSERT INTO diary_times (diary_id, from_at, to_at) VALUES ($1, $2, $3)`, diary, span.From, span.To); err != nil {
			return err
		}
	}
	return nil
}

// BusyElsewhere returns when the calendars of some colleagues say that they are busy, by person, about a window. It shows nothing of
// what for.
func (tx *Tx) BusyElsewhere(people []int64, from, to time.Time) (map[int64][]calendar.Span, error) {
	all := map[int64][]calendar.Span{}
	var person int64
	var s calendar.Span
	q := (&query{}).add(`SELECT d.person_id, t.from_at, t.to_at FROM diaries d JOIN diary_times t ON t.diary_id = d.id WHERE t.from_at < ? AND t.to_at > ? AND `, to, from)
	q.in("d.person_id", people)
	err := tx.each([]any{&person, &s.From, &s.To}, func() error { all[person] = append(all[person], s); return nil }, q.String(), q.args...)
	for id := range all {
		all[id] = calendar.Joined(all[id])
	}
	return all, err
}
