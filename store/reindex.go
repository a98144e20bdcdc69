package store

import "context"

// Reindex makes again what can be made from the rest: every comment, every customer, every article and every thread findable, and the ledger of
// promises.
func (db *DB) Reindex(ctx context.Context) error {
	return db.engine.load(ctx, func(tx *Tx) error {
		if err := tx.indexAll(); err != nil {
			return err
		}
		if err := tx.indexCustomers(); err != nil {
			return err
		}
		if err := tx.indexArticles(); err != nil {
			return err
		}
		if err := tx.indexThreads(); err != nil {
			return err
		}
		return tx.writeLedger()
	})
}

// indexAll makes every comment findable.
func (tx *Tx) indexAll() error {
	for last := int64(0); ; {
		all, err := tx.wordings("c.id > $1 ORDER BY c.id LIMIT 1000", last)
		if err != nil || len(all) == 0 {
			return err
		}
		if err := tx.putWords(all); err != nil {
			return err
		}
		last = all[len(all)-1].comment
	}
}
