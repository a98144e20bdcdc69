package store

import "time"

// A form carries a key that is made when the page is. The key is used in the transaction that does what the form asks,
// so a form that is sent fifty times does it once (D7).

// UseForm uses a form's key. It reports false when it was used before, with what FinishForm kept then.
func (tx *Tx) UseForm(key [32]byte, person int64, now time.Time) (first bool, result string, err error) {
	n, err := tx.exec(`
		INSERT INTO forms (key, person_id, result, created_at)
		VALUES ($1, $2, '', $3)
		ON CONFLICT (key) DO NOTHING`, key, ref(person), now)
	if err != nil || n == 1 {
		return err == nil, "", err
	}
	_, err = tx.get([]any{&result}, `SELECT result FROM forms WHERE key = $1`, key)
	return false, result, err
}

// FinishForm keeps where the form led to, in the transaction that used its key.
func (tx *Tx) FinishForm(key [32]byte, result string) error {
	_, err := tx.exec(`UPDATE forms SET result = $1 WHERE key = $2`, result, key)
	return err
}
