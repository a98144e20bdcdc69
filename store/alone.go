package store

// Alone keeps every other transaction that says the same name waiting until this one ends. SQLite has one writer anyway.
func (tx *Tx) Alone(name string) (err error) {
	if tx.postgres() {
		_, err = tx.exec(`SELECT pg_advisory_xact_lock(hashtext($1))`, name)
	}
	return err
}
