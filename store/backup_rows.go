package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

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

// made reports whether a column is made again from others: the search words of a comment, which only PostgreSQL keeps beside it.
func made(table, column string) bool { return table == "comments" && column == "words" }

// columns returns a table's columns, except for those that are made again. The name comes from a backup, so it must be one of
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
		if !made(table, c.name) {
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
