package store

// Try runs a part of a transaction that leaves nothing behind when it fails; what came before it stays, and the transaction goes on.
// It is for the few who take many things at once and go on without one: a line of a table, a sale of a shop.
func (tx *Tx) Try(do func() error) error {
	if _, err := tx.exec(`SAVEPOINT tried`); err != nil {
		return err
	}
	before := tx.failed
	wrong := do()
	end := `RELEASE SAVEPOINT tried`
	if wrong != nil {
		end = `ROLLBACK TO SAVEPOINT tried`
	}
	if _, err := tx.exec(end); err != nil {
		return err
	}
	if wrong != nil {
		tx.failed = before // the statement that failed was taken back
	}
	return wrong
}

// Alone keeps every other transaction that says the same name waiting until this one ends. SQLite has one writer anyway.
func (tx *Tx) Alone(name string) (err error) {
	if tx.postgres() {
		_, err = tx.exec(`SELECT pg_advisory_xact_lock(hashtext($1))`, name)
	}
	return err
}
