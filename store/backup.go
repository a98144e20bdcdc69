package store

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hark/fault"
)

// A backup is one file: a compressed tar of all files first, then the rows of every table as lines of JSON, then a
// manifest with the number of rows and the SHA-256 of each part. It says nothing of which database it came from, so a
// desk that has outgrown SQLite is moved to PostgreSQL by backup and restore, and back.
//
// Rows are read from one snapshot while the desk goes on working. Files are named by that snapshot; they were there
// before their rows, so none can be missing that was not missing already.

// tables lists what a backup holds, each after those it refers to, and by which columns its rows are ordered. The
// search indexes are not in it: they are made again from the comments, the customers and the articles.
var tables = []struct{ name, order string }{
	{"organizations", "id"},
	{"organization_domains", "domain"},
	{"brands", "id"},
	{"teams", "id"},
	{"people", "id"},
	{"addresses", "address"},
	{"team_members", "team_id, person_id"},
	{"mailboxes", "id"},
	{"round_trips", "mailbox_id"},
	{"policy_versions", "id"},
	{"announcements", "version_id"},
	{"tickets", "id"},
	{"ticket_tags", "ticket_id, position"},
	{"ticket_people", "ticket_id, part, position"},
	{"ticket_reads", "ticket_id, person_id"},
	{"merged_tickets", "person_id, ticket_id"},
	{"stuck", "ticket_id"},
	{"roadmap_cards", "id"},
	{"roadmap_decisions", "id"},
	{"roadmap_tickets", "ticket_id"},
	{"roadmap_votes", "card_id, person_id"},
	{"news_letters", "id"},
	{"news_entries", "id"},
	{"news_changes", "id"},
	{"news_readers", "brand_id, person_id"},
	{"products", "id"},
	{"product_versions", "id"},
	{"orders", "id"},
	{"order_lines", "order_id, position"},
	{"licences", "id"},
	{"subscriptions", "id"},
	{"evaluations", "id"},
	{"projects", "id"},
	{"contact_methods", "id"},
	{"decisions", "id"},
	{"owned_changes", "id"},
	{"issues", "id"},
	{"issue_tickets", "ticket_id"},
	{"issue_changes", "id"},
	{"trackers", "id"},
	{"issue_entries", "issue_id"},
	{"errands", "id"},
	{"news_issues", "entry_id, issue_id"},
	{"promises", "ticket_id, measure, number"},
	{"calls", "id"},
	{"call_feeds", "person_id"},
	{"call_hours", "person_id"},
	{"absences", "id"},
	{"diaries", "id"},
	{"diary_times", "diary_id, from_at"},
	{"audits", "id"},
	{"comments", "id"},
	{"attachments", "id"},
	{"incoming", "id"},
	{"incoming_raw", "incoming_id"},
	{"outgoing", "id"},
	{"outgoing_raw", "outgoing_id"},
	{"procedure_runs", "id"},
	{"phone_calls", "id"},
	{"phone_events", "id"},
	{"phone_mails", "outgoing_id"},
	{"phone_signals", "external_id, event"},
	{"ratings", "ticket_id"},
	{"feedback", "id"},
	{"sessions", "hash"},
	{"links", "hash"},
	{"tokens", "id"},
	{"attempts", "key, started"},
	{"drafts", "ticket_id, person_id, kind"},
	{"reply_later", "person_id, ticket_id"},
	{"tasks", "id"},
	{"settings", "name"},
	{"forms", "key"},
	{"help_sections", "id"},
	{"articles", "id"},
	{"article_paths", "brand_id, slug"},
	{"article_versions", "id"},
	{"article_pictures", "id"},
	{"library_files", "id"},
	{"article_comments", "id"},
	{"article_votes", "article_id, reader"},
	{"article_tickets", "ticket_id"},
	{"help_misses", "brand_id, looked_for"},
	{"community_posts", "id"},
	{"community_wants", "thread_id, person_id"},
	{"community_reports", "post_id, person_id"},
	{"community_tickets", "ticket_id"},
}

// manifest is the last part of a backup.
type manifest struct {
	Format  string            `json:"format"`
	Schema  int64             `json:"schema"`
	Made    time.Time         `json:"made"`
	Rows    map[string]int64  `json:"rows"`    // by table
	Files   int64             `json:"files"`   // blobs
	Missing []string          `json:"missing"` // blobs that a row names and that were not there
	SHA256  map[string]string `json:"sha256"`  // by name of the part
}

const backupFormat = "hark backup 1"

// Backup writes everything the desk remembers to a new file, while it goes on working, and reads the file back to check
// it. A file that is there already is [fault.Conflict]. When a kept file has been lost before, the backup of all the
// rest is complete and the error says what is missing.
func (db *DB) Backup(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err == nil {
		return fault.New(fault.Conflict, "%s is there already; name another file", file)
	}
	part := file + ".part"
	defer os.Remove(part)
	if err := db.backup(ctx, part); err != nil {
		return fmt.Errorf("writing the backup: %w", explain(err))
	}
	m, err := verify(ctx, part)
	if err != nil {
		return fmt.Errorf("checking the backup that was just written: %w", err)
	}
	if err := publish(part, file); err != nil {
		return explain(err)
	}
	if len(m.Missing) > 0 {
		return fault.New(fault.Unavailable, "the backup holds all rows, but %d kept files are lost (%s, ...); hark doctor names their tickets", len(m.Missing), m.Missing[0])
	}
	return nil
}

// publish gives a finished file its name and makes the name durable.
func publish(part, file string) error {
	if err := os.Rename(part, file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func (db *DB) backup(ctx context.Context, file string) (err error) {
	schema, _, err := db.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	packed := gzip.NewWriter(f)
	w := &backupWriter{tar: tar.NewWriter(packed), manifest: manifest{
		Format: backupFormat, Schema: schema, Made: time.Now().UTC(), Rows: map[string]int64{}, SHA256: map[string]string{},
	}}
	if err := db.Read(ctx, func(tx *Tx) error { return w.everything(tx) }); err != nil {
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	if err := errors.Join(w.tar.Close(), packed.Close()); err != nil {
		return err
	}
	return f.Sync()
}

// Restore fills an empty store from a backup. The whole file is checked before anything is written, and either all of it
// is there afterwards or nothing. A store that holds anything is [fault.Conflict]: restore into a new one.
func (db *DB) Restore(ctx context.Context, file string) error {
	m, err := verify(ctx, file)
	if err != nil {
		return err
	}
	_, schema, err := db.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if m.Schema > schema {
		return fault.New(fault.Invalid, "this backup was made by a newer Hark (schema %d; this program knows %d); restore it with that version", m.Schema, schema)
	}
	return db.engine.load(ctx, func(tx *Tx) error {
		if err := tx.mustBeEmpty(); err != nil {
			return err
		}
		if err := tx.restore(ctx, file); err != nil {
			return fmt.Errorf("restoring: %w", err)
		}
		if err := tx.agree(m); err != nil {
			return err
		}
		if m.Schema < ledgerSince {
			if err := tx.writeLedger(); err != nil {
				return err
			}
		}
		return tx.DropSetting(fileMark) // the desk that was backed up may still be there
	})
}

func (tx *Tx) mustBeEmpty() error {
	for _, table := range tables {
		var n int64
		if _, err := tx.get([]any{&n}, "SELECT count(*) FROM (SELECT 1 FROM "+table.name+" LIMIT 1) one"); err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "this desk is not empty (it has %s); restore into a new data directory or an empty database", strings.ReplaceAll(table.name, "_", " "))
		}
	}
	return nil
}

func (tx *Tx) restore(ctx context.Context, file string) error {
	err := parts(ctx, file, func(name string, content []byte) error {
		if name == keyFile {
			return restoreKey(tx.db.config.Dir, content)
		}
		if sum, ok := strings.CutPrefix(name, "blobs/"); ok {
			return tx.restoreBlob(sum, content)
		}
		if table, ok := tableOf(name); ok {
			return tx.restoreRows(table, content)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if tx.postgres() {
		if err := tx.restoreSequences(); err != nil {
			return err
		}
	}
	if err := tx.indexAll(); err != nil {
		return err
	}
	if err := tx.indexCustomers(); err != nil {
		return err
	}
	if err := tx.indexArticles(); err != nil {
		return err
	}
	return tx.indexThreads()
}

// agree compares what is there now with what the backup says it held.
func (tx *Tx) agree(m manifest) error {
	for _, table := range tables {
		var n int64
		if _, err := tx.get([]any{&n}, "SELECT count(*) FROM "+table.name); err != nil {
			return err
		}
		if n != m.Rows[table.name] {
			return fmt.Errorf("after restoring, %s has %d rows and the backup %d", table.name, n, m.Rows[table.name])
		}
	}
	return nil
}
