package store

// Setting returns what is kept under a name, or nil. Secrets are sealed before they come here and opened elsewhere.
func (tx *Tx) Setting(name string) (value []byte, err error) {
	_, err = tx.get([]any{&value}, `SELECT value FROM settings WHERE name = $1`, name)
	return value, err
}

// SetSetting keeps a value under a name.
func (tx *Tx) SetSetting(name string, value []byte) error {
	_, err := tx.exec(`
		INSERT INTO settings (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, notNil(value))
	return err
}

// AddSetting keeps a value under a name unless there is one, and returns what is kept now: two nodes that start at once
// agree on one secret.
func (tx *Tx) AddSetting(name string, value []byte) ([]byte, error) {
	_, err := tx.exec(`
		INSERT INTO settings (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO NOTHING`, name, notNil(value))
	if err != nil {
		return nil, err
	}
	return tx.Setting(name)
}

// DropSetting forgets what is kept under a name.
func (tx *Tx) DropSetting(name string) error {
	_, err := tx.exec(`DELETE FROM settings WHERE name = $1`, name)
	return err
}
