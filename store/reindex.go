package store

import "context"

// Reindex makes every comment findable again.
func (db *DB) Reindex(ctx context.Context) error {
	return db.engine.load(ctx, func(tx *Tx) error { return tx.indexAll() })
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
