package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
// search index is not in it: it is made again from the comments.
var tables = []struct{ name, order string }{
	{"organizations", "id"},
	{"organization_domains", "domain"},
	{"brands", "id"},
	{"teams", "id"},
	{"people", "id"},
	{"addresses", "address"},
	{"team_members", "team_id, person_id"},
	{"mailboxes", "id"},
	{"policy_versions", "id"},
	{"tickets", "id"},
	{"ticket_tags", "ticket_id, position"},
	{"ticket_people", "ticket_id, part, position"},
	{"ticket_reads", "ticket_id, person_id"},
	{"audits", "id"},
	{"comments", "id"},
	{"attachments", "id"},
	{"incoming", "id"},
	{"incoming_raw", "incoming_id"},
	{"outgoing", "id"},
	{"outgoing_raw", "outgoing_id"},
	{"sessions", "hash"},
	{"links", "hash"},
	{"tokens", "id"},
	{"attempts", "key, started"},
	{"drafts", "ticket_id, person_id, kind"},
	{"reply_later", "person_id, ticket_id"},
	{"tasks", "id"},
	{"settings", "name"},
	{"forms", "key"},
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

type backupWriter struct {
	tar      *tar.Writer
	manifest manifest
}

func (w *backupWriter) everything(tx *Tx) error {
	if err := w.key(tx.db.config.Dir); err != nil {
		return err
	}
	if err := w.blobs(tx); err != nil {
		return err
	}
	for _, table := range tables {
		if err := w.table(tx, table.name, table.order); err != nil {
			return fmt.Errorf("table %s: %w", table.name, err)
		}
	}
	return nil
}

func (w *backupWriter) blobs(tx *Tx) error {
	sums, err := tx.blobsNamed()
	if err != nil {
		return err
	}
	for _, sum := range sums {
		content, err := tx.db.readBlob(tx.ctx, sum)
		if fault.Is(err, fault.NotFound) {
			w.manifest.Missing = append(w.manifest.Missing, sum)
			continue
		}
		if err != nil {
			return err
		}
		if err := w.part("blobs/"+sum, content); err != nil {
			return err
		}
		w.manifest.Files++
	}
	return nil
}

// blobsNamed returns every blob that a row names.
func (tx *Tx) blobsNamed() (sums []string, err error) {
	var sum string
	err = tx.each([]any{&sum}, func() error { sums = append(sums, sum); return nil }, `
		SELECT sha256 FROM attachments
		UNION
		SELECT blob FROM incoming WHERE blob IS NOT NULL
		ORDER BY 1`)
	return sums, err
}

const partSize = 4 << 20 // of a table's rows, so that neither side holds a whole table in memory

func (w *backupWriter) table(tx *Tx, name, order string) error {
	rows, err := tx.q.QueryContext(tx.ctx, "SELECT * FROM "+name+" ORDER BY "+order)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var lines bytes.Buffer
	number := 0
	flush := func() error {
		number++
		err := w.part(fmt.Sprintf("tables/%s/%06d", name, number), lines.Bytes())
		lines.Reset()
		return err
	}
	for rows.Next() {
		line, err := rowOf(rows, columns)
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
		w.manifest.Rows[name]++
		if lines.Len() > partSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil || lines.Len() == 0 {
		return err
	}
	return flush()
}

// inBytes is how JSON carries bytes.
type inBytes struct {
	Bytes []byte `json:"bytes"`
}

func rowOf(rows interface{ Scan(...any) error }, columns []string) ([]byte, error) {
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, err
	}
	row := map[string]any{}
	for i, column := range columns {
		if b, ok := values[i].([]byte); ok {
			values[i] = inBytes{b}
		}
		if column != "words" { // made again from the text
			row[column] = values[i]
		}
	}
	return json.Marshal(row)
}

func (w *backupWriter) part(name string, content []byte) error {
	sum := sha256.Sum256(content)
	w.manifest.SHA256[name] = hex.EncodeToString(sum[:])
	return w.write(name, content)
}

func (w *backupWriter) write(name string, content []byte) error {
	header := &tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.manifest.Made, Format: tar.FormatPAX}
	if err := w.tar.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

func (w *backupWriter) finish() error {
	content, err := json.MarshalIndent(w.manifest, "", "\t")
	if err != nil {
		return err
	}
	return w.write("manifest.json", content)
}

// parts calls do with every part of a backup file.
func parts(ctx context.Context, file string, do func(name string, content []byte) error) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Invalid, "there is no file %s", file)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return notWhole(err)
	}
	archive := tar.NewReader(unpacked)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return notWhole(err)
		}
		content, err := io.ReadAll(ending{ctx, archive})
		if err != nil {
			return notWhole(err)
		}
		if err := do(header.Name, content); err != nil {
			return err
		}
	}
}

func notWhole(err error) error {
	return fault.Wrap(err, fault.Invalid, "this is not a whole backup of Hark; take another one")
}

// verify reads a whole backup and compares it with its manifest.
func verify(ctx context.Context, file string) (m manifest, err error) {
	have := map[string]string{}
	rows := map[string]int64{}
	err = parts(ctx, file, func(name string, content []byte) error {
		if name == "manifest.json" {
			return json.Unmarshal(content, &m)
		}
		sum := sha256.Sum256(content)
		have[name] = hex.EncodeToString(sum[:])
		if table, ok := tableOf(name); ok {
			rows[table] += int64(bytes.Count(content, []byte("\n")))
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	if m.Format != backupFormat {
		return m, notWhole(errors.New("the manifest is missing or of another format"))
	}
	for name, sum := range m.SHA256 {
		if have[name] != sum {
			return m, notWhole(fmt.Errorf("part %s is missing or damaged", name))
		}
	}
	for table, n := range m.Rows {
		if rows[table] != n {
			return m, notWhole(fmt.Errorf("table %s has %d rows, the manifest says %d", table, rows[table], n))
		}
	}
	if len(have) != len(m.SHA256) {
		return m, notWhole(errors.New("there are parts the manifest does not name"))
	}
	return m, nil
}

func tableOf(part string) (string, bool) {
	name, found := strings.CutPrefix(part, "tables/")
	return filepath.Dir(name), found
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
		return tx.agree(m)
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
	return tx.indexAll()
}

func (tx *Tx) restoreBlob(sum string, content []byte) error {
	got, _, err := tx.db.blobs.Put(tx.ctx, bytes.NewReader(content))
	if err == nil && got != sum {
		err = notWhole(fmt.Errorf("file %s has other content than its name says", sum))
	}
	return err
}

// restoreRows inserts the lines of one part, many rows at a time.
func (tx *Tx) restoreRows(table string, content []byte) error {
	columns, err := tx.columns(table)
	if err != nil {
		return err
	}
	const together = 50
	var args []any
	n := 0
	for line := range bytes.Lines(content) {
		if n == 0 {
			if columns, err = held(line, columns); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		values, err := restoredRow(line, columns)
		if err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
		args = append(args, values...)
		if n++; n == together {
			if err := tx.insertRows(table, columns, n, args); err != nil {
				return err
			}
			args, n = nil, 0
		}
	}
	if n == 0 {
		return nil
	}
	return tx.insertRows(table, columns, n, args)
}

func (tx *Tx) insertRows(table string, columns []column, rows int, args []any) error {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	var q strings.Builder
	fmt.Fprintf(&q, "INSERT INTO %s (%s) VALUES ", table, strings.Join(names, ", "))
	for i := range rows * len(columns) {
		switch {
		case i == 0:
			q.WriteString("(")
		case i%len(columns) == 0:
			q.WriteString("), (")
		default:
			q.WriteString(", ")
		}
		fmt.Fprintf(&q, "$%d", i+1)
	}
	q.WriteString(")")
	_, err := tx.exec(q.String(), args...)
	return err
}

// column is a column of a table as this database has it.
type column struct {
	name    string
	boolean bool
}

// columns returns a table's columns, except for the search words. The name comes from a backup, so it must be one of
// ours.
func (tx *Tx) columns(table string) (columns []column, err error) {
	known := false
	for _, t := range tables {
		known = known || t.name == table
	}
	if !known {
		return nil, notWhole(fmt.Errorf("there is no table %q", table))
	}
	var c column
	query := `SELECT name, 1 = 0 FROM pragma_table_info($1) ORDER BY cid`
	if tx.postgres() {
		query = `
			SELECT column_name, data_type = 'boolean'
			FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1
			ORDER BY ordinal_position`
	}
	err = tx.each([]any{&c.name, &c.boolean}, func() error {
		if c.name != "words" {
			columns = append(columns, c)
		}
		return nil
	}, query, table)
	return columns, err
}

// held returns the columns that a line holds. A backup of an older schema lacks some, and those get their default; one
// that holds more than the table has would lose something, and is refused.
func held(line []byte, columns []column) (present []column, err error) {
	var row map[string]json.RawMessage
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, err
	}
	for _, c := range columns {
		if _, ok := row[c.name]; ok {
			present = append(present, c)
		}
	}
	if len(present) != len(row) {
		return nil, notWhole(fmt.Errorf("its rows have %d columns that this program does not know", len(row)-len(present)))
	}
	return present, nil
}

// restoredRow takes a line of JSON apart into values in the order of the columns. SQLite writes 0 and 1 where
// PostgreSQL has false and true.
func restoredRow(line []byte, columns []column) ([]any, error) {
	var row map[string]json.RawMessage
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, err
	}
	values := make([]any, len(columns))
	for i, c := range columns {
		raw, ok := row[c.name]
		if !ok {
			return nil, fmt.Errorf("a row has no %s", c.name)
		}
		v, err := restoredValue(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if n, ok := v.(int64); ok && c.boolean {
			v = n != 0
		}
		values[i] = v
	}
	return values, nil
}

func restoredValue(raw json.RawMessage) (v any, err error) {
	switch raw[0] {
	case 'n':
		return nil, nil
	case '"':
		var s string
		err = json.Unmarshal(raw, &s)
		return s, err
	case 't', 'f':
		return raw[0] == 't', nil
	case '{':
		var b inBytes
		err = json.Unmarshal(raw, &b)
		return notNil(b.Bytes), err
	}
	var n int64
	err = json.Unmarshal(raw, &n)
	return n, err
}

// restoreSequences lets PostgreSQL number new rows after the restored ones; SQLite does so by itself.
func (tx *Tx) restoreSequences() error {
	for _, table := range tables {
		if table.order != "id" {
			continue
		}
		_, err := tx.exec("SELECT setval(pg_get_serial_sequence($1, 'id'), coalesce((SELECT max(id) FROM "+table.name+"), 1), EXISTS (SELECT 1 FROM "+table.name+"))", table.name)
		if err != nil {
			return err
		}
	}
	return nil
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
		last = docs[len(docs)-1].id
	}
}

// Reindex makes every comment findable again.
func (db *DB) Reindex(ctx context.Context) error {
	return db.engine.load(ctx, func(tx *Tx) error { return tx.indexAll() })
}
