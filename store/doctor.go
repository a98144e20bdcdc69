package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"time"

	"hark/account"
)

// Finding is one thing that is wrong with the store, and how to mend it.
type Finding struct {
	What string `json:"what"` // which check: database, references, files, timers, records, mail, search, ledger, calendars, schema, disk, settings
	Says string `json:"says"`
	Mend string `json:"mend"`
}

// Doctor looks for everything that could be wrong and returns what is; nothing means that all is well. now is the desk's
// time, which in a demo is not the machine's.
func (db *DB) Doctor(ctx context.Context, now time.Time) []Finding {
	findings := db.engine.check(ctx)
	findings = append(findings, db.checkSchema(ctx)...)
	err := db.Read(ctx, func(tx *Tx) error {
		for _, check := range []func() ([]Finding, error){
			tx.checkFiles,
			tx.checkLinks,
			func() ([]Finding, error) { return tx.checkTimers(now) },
			tx.checkStuck,
			tx.checkAside,
			func() ([]Finding, error) { return tx.checkRoundTrips(now) },
			func() ([]Finding, error) { return tx.checkDiaries(now) },
			tx.checkRecords,
			tx.checkSearch,
			tx.checkLedger,
		} {
			found, err := check()
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		return nil
	})
	if err != nil {
		findings = append(findings, Finding{"database", "the database cannot be read: " + err.Error(), "look at the error; when the file is damaged, restore the last backup with hark restore"})
	}
	return append(findings, checkDisk(db.config.Dir)...)
}

func (db *DB) checkSchema(ctx context.Context) []Finding {
	have, want, err := db.SchemaVersion(ctx)
	if err != nil {
		return []Finding{{"schema", "the schema version cannot be read: " + err.Error(), "run hark migrate"}}
	}
	if have != want {
		return []Finding{{"schema", fmt.Sprintf("the schema is version %d and this program knows %d", have, want), "run hark migrate with the newer of the two programs"}}
	}
	return nil
}

// check lets SQLite read every page and follow every reference.
func (s *sqlite) check(ctx context.Context) (findings []Finding) {
	err := s.read(ctx, func(tx *Tx) error {
		var line string
		err := tx.each([]any{&line}, func() error {
			if line != "ok" {
				findings = append(findings, Finding{"database", "the file is damaged: " + line, "stop the desk, keep the file, and restore the last backup with hark restore"})
			}
			return nil
		}, "PRAGMA integrity_check(20)")
		if err != nil {
			return err
		}
		var table, parent string
		var row, constraint int64
		return tx.each([]any{&table, &row, &parent, &constraint}, func() error {
			if len(findings) < 20 {
				findings = append(findings, Finding{"references", fmt.Sprintf("row %d of %s refers to something in %s that is not there", row, table, parent), "restore the last backup; the row was changed by another program"})
			}
			return nil
		}, "PRAGMA foreign_key_check")
	})
	if err != nil {
		findings = append(findings, Finding{"database", "the file cannot be checked: " + err.Error(), "stop the desk, keep the file, and restore the last backup with hark restore"})
	}
	return findings
}

// check looks whether PostgreSQL is set up to keep what it acknowledges.
func (p *postgres) check(ctx context.Context) (findings []Finding) {
	err := p.read(ctx, func(tx *Tx) error {
		var name, value string
		return tx.each([]any{&name, &value}, func() error {
			findings = append(findings, Finding{"settings", "PostgreSQL runs with " + name + " = " + value + " and can lose acknowledged work when the power goes", "set " + name + " = on in postgresql.conf and restart it"})
			return nil
		}, `
			SELECT name, setting
			FROM pg_settings
			WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
			ORDER BY name`)
	})
	if err != nil {
		findings = append(findings, Finding{"database", "PostgreSQL does not answer: " + err.Error(), "start it and check HARK_DATABASE_URL"})
	}
	return findings
}

// checkFiles looks for every file that a row names.
func (tx *Tx) checkFiles() (findings []Finding, err error) {
	sums, err := tx.blobsNamed()
	if err != nil {
		return nil, err
	}
	for _, sum := range sums {
		there, err := tx.db.blobs.Has(tx.ctx, sum)
		if err != nil {
			return nil, err
		}
		if !there {
			owners, err := tx.owners(sum)
			if err != nil {
				return nil, err
			}
			findings = append(findings, Finding{"files", fmt.Sprintf("the file %s is missing; it belongs to %s", sum, owners), "copy blobs/" + sum[:2] + "/" + sum + " from a backup"})
		}
	}
	return findings, nil
}

// owners names the tickets, mails and libraries that a file belongs to.
func (tx *Tx) owners(sum string) (string, error) {
	var owner string
	var all []string
	err := tx.each([]any{&owner}, func() error { all = append(all, owner); return nil }, `
		SELECT 'ticket ' || c.ticket_id || ' (' || f.name || ')'
		FROM attachments f
		JOIN comments c ON c.id = f.comment_id
		WHERE f.sha256 = $1
		UNION ALL
		SELECT 'incoming mail ' || id
		FROM incoming
		WHERE blob = $1
		UNION ALL
		SELECT 'the library (' || name || ')'
		FROM library_files
		WHERE sha256 = $1
		LIMIT 5`, sum)
	return strings.Join(all, ", "), err
}

// checkLinks looks for what no constraint can hold: a comment's mail.
func (tx *Tx) checkLinks() ([]Finding, error) {
	ids, err := tx.ids(`
		SELECT c.id
		FROM comments c
		WHERE c.mail_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.id = c.mail_id)
		LIMIT 20`)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return []Finding{{"references", fmt.Sprintf("comments %v say that they came by a mail that is not kept", ids), "nothing reads it but the link to the source; restore a backup if the mails are needed"}}, nil
}

// late is how long due work may lie before somebody should know.
const late = 10 * time.Minute

// checkTimers looks for work that is due and that nobody does.
func (tx *Tx) checkTimers(now time.Time) (findings []Finding, err error) {
	for _, check := range []struct{ what, says, mend, query string }{
		{"timers", "%d tickets have waited for their policy for more than ten minutes", "start hark serve; when it runs, its log says why they are stuck", `SELECT count(*) FROM (SELECT 1 FROM tickets WHERE next_at < $1 LIMIT 1000) n`},
		{"mail", "%d arrived mails have not been read for more than ten minutes", "start hark serve; when it runs, its log says why they are stuck", `SELECT count(*) FROM (SELECT 1 FROM incoming WHERE state = 'received' AND received_at < $1 LIMIT 1000) n`},
		{"mail", "%d mails should have gone out more than ten minutes ago", "start hark serve; when it runs, check the server they are sent through", `SELECT count(*) FROM (SELECT 1 FROM outgoing WHERE next_at < $1 LIMIT 1000) n`},
	} {
		var n int64
		if _, err := tx.get([]any{&n}, check.query, now.Add(-late)); err != nil {
			return nil, err
		}
		if n > 0 {
			findings = append(findings, Finding{check.what, fmt.Sprintf(check.says, n), check.mend})
		}
	}
	return findings, nil
}

// checkStuck names tickets that fail whenever their policy is asked.
func (tx *Tx) checkStuck() (findings []Finding, err error) {
	stuck, err := tx.StuckTickets(20)
	for _, s := range stuck {
		findings = append(findings, Finding{
			"timers", fmt.Sprintf("ticket %d stands still since %s: %s (tried %d times, again at %s)", s.Ticket, s.Since.UTC().Format(time.RFC3339), s.Says, s.Tries, s.Again.UTC().Format(time.RFC3339)),
			"mend what the error names; the ticket is tried again by itself, and at once when somebody changes it",
		})
	}
	return findings, err
}

// checkAside names accepted mails that could not be worked on yet.
func (tx *Tx) checkAside() (findings []Finding, err error) {
	waiting, err := tx.incoming((&query{}).add(selectIncoming + `WHERE i.state = 'received' AND i.tries > 0 ORDER BY i.id LIMIT 20`))
	for _, in := range waiting {
		findings = append(findings, Finding{
			"mail", fmt.Sprintf("mail %d, received %s, stands aside: %s (tried %d times, again at %s)", in.ID, in.ReceivedAt.UTC().Format(time.RFC3339), in.Reason, in.Tries, in.Again.UTC().Format(time.RFC3339)),
			"mend what the error names; the mail is tried again by itself, and its source stands in the mail log",
		})
	}
	return findings, err
}

// checkRoundTrips names mailboxes to which mail has stopped to arrive.
func (tx *Tx) checkRoundTrips(now time.Time) (findings []Finding, err error) {
	trips, err := tx.RoundTrips()
	for _, r := range trips {
		if err == nil && r.Missing(now) {
			var box account.Mailbox
			box, err = tx.Mailbox(r.Mailbox)
			findings = append(findings, Finding{
				"mail", fmt.Sprintf("the mail that the desk wrote to %s at %s has not arrived", box.Address, r.Sent.UTC().Format(time.RFC3339)),
				"look at the mailbox, its server and what hark serve logs of sending; another is written every hour",
			})
		}
	}
	return findings, err
}

// checkDiaries names calendars elsewhere that cannot be read, or that nobody reads, by their owners: what they call them is theirs alone.
func (tx *Tx) checkDiaries(now time.Time) (findings []Finding, err error) {
	wrong, err := tx.diaries((&query{}).add(selectDiary+`JOIN people p ON p.id = d.person_id WHERE p.suspended = ? AND (d.tries > 0 OR d.due_at < ?) ORDER BY d.id LIMIT 20`, false, now.Add(-late)))
	if err != nil {
		return nil, err
	}
	for _, d := range wrong {
		owner, err := tx.Person(d.Person)
		if err != nil {
			return nil, err
		}
		findings = append(findings, d.finding(owner.Email, now))
	}
	return findings, nil
}

// finding says what is wrong with a calendar elsewhere.
func (d Diary) finding(owner string, now time.Time) Finding {
	says := fmt.Sprintf("a calendar of %s at %s was last read at %s", owner, d.Host, d.Read.Format(time.RFC3339))
	if d.Read.IsZero() {
		says = fmt.Sprintf("a calendar of %s at %s has never been read", owner, d.Host)
	}
	if d.Due.Before(now.Add(-late)) {
		return Finding{"calendars", says + ", and should have been again at " + d.Due.Format(time.RFC3339), "start hark serve; when it runs, its log says why calendars are not read"}
	}
	return Finding{
		"calendars", fmt.Sprintf("%s: %s (tried %d times, again at %s)", says, d.Trouble, d.Tries, d.Due.Format(time.RFC3339)),
		"let its owner enter the address anew under Your hours, or take the calendar out; until then the times count that it said last",
	}
}

// checkRecords reads what tickets and audits keep as JSON. What cannot be read stops its ticket and no other, so that nobody might
// notice.
func (tx *Tx) checkRecords() (findings []Finding, err error) {
	for _, column := range []struct{ says, query string }{
		{"the memory of ticket %d", `SELECT id, memory FROM tickets`},
		{"what is known in ticket %d", `SELECT id, facts FROM tickets`},
		{"the history of ticket %d", `SELECT ticket_id, events FROM audits`},
	} {
		var id int64
		var kept string
		err = tx.each([]any{&id, &kept}, func() error {
			if !json.Valid([]byte(kept)) && len(findings) < 20 {
				findings = append(findings, Finding{"records", fmt.Sprintf(column.says+" cannot be read", id), "restore it from the last backup; the row was changed by another program"})
			}
			return nil
		}, column.query)
		if err != nil {
			return nil, err
		}
	}
	return findings, nil
}

// checkSearch looks for comments that the search does not know.
func (tx *Tx) checkSearch() ([]Finding, error) {
	query := `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM comments c
			LEFT JOIN comment_words_docsize w ON w.id = c.id
			LEFT JOIN comment_words_due d ON d.comment_id = c.id
			WHERE w.id IS NULL AND d.comment_id IS NULL
			LIMIT 1000) n`
	if tx.postgres() {
		query = `SELECT count(*) FROM (SELECT 1 FROM comments WHERE words IS NULL LIMIT 1000) n`
	}
	var n int64
	if _, err := tx.get([]any{&n}, query); err != nil || n == 0 {
		return nil, err
	}
	return []Finding{{"search", fmt.Sprintf("%d comments cannot be found by their words", n), "run hark doctor --reindex"}}, nil
}

// The desk asks for space below these.
const (
	lowShare = 20      // a twentieth of the disk
	lowBytes = 1 << 30 // or this much, whichever is less
)

func checkDisk(dir string) []Finding {
	if dir == "" {
		return nil
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return []Finding{{"disk", "the data directory cannot be looked at: " + err.Error(), "check that it exists and that the desk's user may read it"}}
	}
	free, all := disk.Bavail*uint64(disk.Bsize), disk.Blocks*uint64(disk.Bsize)
	if free >= min(all/lowShare, lowBytes) {
		return nil
	}
	return []Finding{{"disk", fmt.Sprintf("only %d MiB are free where the data is", free>>20), "free some space; while the disk is full, mail is refused with a temporary error and nothing is lost"}}
}
