package store

import (
	"context"
	"strings"
)

// indexAll makes every comment findable.
func (tx *Tx) indexAll() error {
	for last := int64(0); ; {
		type doc struct {
			id    int64
			words string
		}
		var docs []doc
		var c struct {
			id                                  int64
			subject, name, email, text, trimmed string
		}
		err := tx.each([]any{&c.id, &c.subject, &c.name, &c.email, &c.text, &c.trimmed}, func() error {
			text := c.trimmed
			if strings.TrimSpace(text) == "" {
				text = c.text
			}
			docs = append(docs, doc{c.id, words(c.subject + " " + c.name + " " + c.email + " " + text)})
			return nil
		}, `
			SELECT c.id, t.subject, r.name, r.email, c.text, c.trimmed
			FROM comments c
			JOIN tickets t ON t.id = c.ticket_id
			JOIN people r ON r.id = t.requester_id
			WHERE c.id > $1
			ORDER BY c.id
			LIMIT 1000`, last)
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, d := range docs {
			if err := tx.putWords(d.id, d.words); err != nil {
				return err
			}
		}
		if err := tx.writeWords(); err != nil {
			return err
		}
		last = docs[len(docs)-1].id
	}
}

// Reindex makes again what can be made from the rest: every comment findable, and the ledger of promises.
func (db *DB) Reindex(ctx context.Context) error {
	return db.engine.load(ctx, func(tx *Tx) error {
		if err := tx.indexAll(); err != nil {
			return err
		}
		return tx.writeLedger()
	})
}
