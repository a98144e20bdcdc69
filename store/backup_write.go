package store

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"hark/fault"
)

// backupWriter writes the parts of a backup and counts them for the manifest.
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
		UNION
		SELECT sha256 FROM article_pictures
		UNION
		SELECT sha256 FROM library_files
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
		line, err := rowOf(rows, name, columns)
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

func rowOf(rows interface{ Scan(...any) error }, table string, columns []string) ([]byte, error) {
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
		if !made(table, column) {
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
