package store

import "time"

// NewsLetter is a mail with what a brand has published since the one before, on its way to everybody who reads it.
type NewsLetter struct {
	ID      int64
	Brand   int64
	Due     time.Time // when it leaves
	Mails   bool      // there may be more people to mail
	Reached int64     // the last person who was mailed
	Mailed  int64     // how many were
}

// AskForNews notes that somebody, probably the person, asked for the letter of a brand, and returns the instant by which it can be
// confirmed. Asked again, that stays what it was since after: the links of the mails before go on working. Whoever gets the letter
// already goes on getting it.
func (tx *Tx) AskForNews(brand, person int64, now, after time.Time) (asked time.Time, err error) {
	if _, err := tx.exec(`
		INSERT INTO news_readers (brand_id, person_id, asked_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (brand_id, person_id) DO UPDATE SET asked_at = excluded.asked_at
		WHERE news_readers.asked_at <= $4`, brand, person, now, after); err != nil {
		return asked, err
	}
	_, err = tx.get([]any{&asked}, `SELECT asked_at FROM news_readers WHERE brand_id = $1 AND person_id = $2`, brand, person)
	return asked, err
}

// ConfirmNews notes that a person meant what was asked for them at an instant, and returns the brand; 0 when nothing was.
func (tx *Tx) ConfirmNews(person int64, asked, now time.Time) (brand int64, err error) {
	if _, err := tx.exec(`
		UPDATE news_readers SET confirmed_at = coalesce(confirmed_at, $1)
		WHERE person_id = $2 AND asked_at = $3`, now, person, asked); err != nil {
		return 0, err
	}
	_, err = tx.get([]any{&brand}, `SELECT brand_id FROM news_readers WHERE person_id = $1 AND asked_at = $2`, person, asked)
	return brand, err
}

// EndNews ends the letter for somebody, and reports whether they had asked for it.
func (tx *Tx) EndNews(brand, person int64) (ended bool, err error) {
	n, err := tx.exec(`DELETE FROM news_readers WHERE brand_id = $1 AND person_id = $2`, brand, person)
	return n > 0, err
}

// GetsNews reports whether somebody gets the letters of a brand, or was asked whether they want them.
func (tx *Tx) GetsNews(brand, person int64) (bool, error) {
	var one int64
	return tx.get([]any{&one}, `SELECT person_id FROM news_readers WHERE brand_id = $1 AND person_id = $2`, brand, person)
}

// newsReader is who gets a letter: they confirmed, and mail reaches them.
const newsReader = `
	FROM news_readers r
	JOIN people p ON p.id = r.person_id
	WHERE r.brand_id = $1 AND r.confirmed_at IS NOT NULL AND NOT p.suspended AND p.unreachable = ''`

// CountNewsReaders counts who gets the letters of a brand.
func (tx *Tx) CountNewsReaders(brand int64) (n int64, err error) {
	_, err = tx.get([]any{&n}, `SELECT count(*)`+newsReader, brand)
	return n, err
}

// NewsReaders returns the next people who get the letters of a brand, in the order of their ids.
func (tx *Tx) NewsReaders(brand, after int64, limit int) ([]int64, error) {
	return tx.ids(`SELECT r.person_id`+newsReader+` AND r.person_id > $2 ORDER BY r.person_id LIMIT $3`, brand, after, limit)
}

// NextNews is when the next letter leaves, zero when nothing waits for one.
func (tx *Tx) NextNews() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `SELECT min(letter_at) FROM news_entries WHERE letter_id IS NULL AND state = 'published'`)
	return at, err
}

// BeginNewsLetters makes the letters that are due, and puts into them what waits for them. Made twice, they are made once.
func (tx *Tx) BeginNewsLetters(now time.Time) error {
	if _, err := tx.exec(`
		INSERT INTO news_letters (brand_id, due_at)
		SELECT DISTINCT brand_id, letter_at
		FROM news_entries
		WHERE letter_id IS NULL AND state = 'published' AND letter_at <= $1
		ON CONFLICT (brand_id, due_at) DO NOTHING`, now); err != nil {
		return err
	}
	_, err := tx.exec(`
		UPDATE news_entries SET letter_id = (SELECT l.id FROM news_letters l WHERE l.brand_id = news_entries.brand_id AND l.due_at = news_entries.letter_at)
		WHERE letter_id IS NULL AND state = 'published' AND letter_at <= $1`, now)
	return err
}

const selectNewsLetter = `SELECT id, brand_id, due_at, mails, reached, mailed FROM news_letters WHERE `

func (l *NewsLetter) fields() []any {
	return []any{&l.ID, &l.Brand, &l.Due, &l.Mails, &l.Reached, &l.Mailed}
}

// NewsLetter returns a letter; [fault.NotFound] when there is none.
func (tx *Tx) NewsLetter(id int64) (l NewsLetter, err error) {
	found, err := tx.get(l.fields(), selectNewsLetter+`id = $1`, id)
	if err == nil && !found {
		err = absent("letter")
	}
	return l, err
}

// NewsMailing returns the letters that may still have people to mail, the oldest first.
func (tx *Tx) NewsMailing() (all []NewsLetter, err error) {
	var l NewsLetter
	err = tx.each(l.fields(), func() error { all = append(all, l); return nil }, selectNewsLetter+`mails ORDER BY id`)
	return all, err
}

// NewsMailed notes whom a letter has reached, and whether there may be more.
func (tx *Tx) NewsMailed(l NewsLetter) error {
	_, err := tx.exec(`UPDATE news_letters SET reached = $1, mailed = $2, mails = $3 WHERE id = $4`, l.Reached, l.Mailed, l.Mails, l.ID)
	return err
}

// NewsInLetter returns what stands in a letter, the oldest first, without what was taken back since.
func (tx *Tx) NewsInLetter(letter int64) ([]NewsEntry, error) {
	return tx.newsEntries((&query{}).add(selectNewsEntry+`e.letter_id = ? AND e.state = 'published' ORDER BY e.day, e.id`, letter))
}
