package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"hark/calendar"
	"hark/fault"
)

// Tx is a running transaction. It ends when the function it was handed to returns and must not be kept.
type Tx struct {
	db           *DB
	ctx          context.Context
	q            querier
	dialect      string
	readonly     bool
	changed      []int64
	concerns     map[int64]Change // whom tickets concern that were written here
	phoneChanged []int64          // telephone calls that changed
	rights       []int64          // people whose rights have changed
	wrote        bool             // a statement that changes something was run, with success or not
	failed       error            // the first statement that failed
}

// querier is what both a database/sql transaction and a SQLite session can do.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Context is what the transaction lives in, for what is read beside it, such as a file that a row names.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect is [SQLite] or [Postgres].
func (tx *Tx) Dialect() string { return tx.dialect }

func (tx *Tx) postgres() bool { return tx.dialect == Postgres }

// exec runs a statement and returns how many rows it touched.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	tx.wrote = true
	result, err := tx.q.ExecContext(tx.ctx, query, values(args)...)
	if err != nil {
		return 0, tx.fails(err)
	}
	return result.RowsAffected()
}

// fails notes that a statement failed, and explains why.
func (tx *Tx) fails(err error) error {
	err = explain(err)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// get reads one row into dest. It reports false when there is none.
func (tx *Tx) get(dest []any, query string, args ...any) (bool, error) {
	found := false
	err := tx.each(dest, func() error { found = true; return nil }, query, args...)
	return found, err
}

// each reads every row into dest and calls row after each. The statement has ended when each returns, so row must not
// query; collect first, then look further.
func (tx *Tx) each(dest []any, row func() error, query string, args ...any) error {
	tx.wrote = tx.wrote || !reads(query)
	rows, err := tx.q.QueryContext(tx.ctx, query, values(args)...)
	if err != nil {
		return tx.fails(err)
	}
	defer rows.Close()
	dest = targets(dest)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		if err := row(); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return tx.fails(err)
	}
	return nil
}

// reads reports whether a statement certainly changes nothing.
func reads(query string) bool {
	query = strings.TrimLeft(query, " \t\n")
	return strings.HasPrefix(query, "SELECT") || strings.HasPrefix(query, "PRAGMA")
}

// insert runs an INSERT that ends in RETURNING id, and returns 0 when a conflict kept it from inserting. SQLite knows the
// id without RETURNING, which it would make a trigger of: a journal for the statement, and a flush of the full-text index.
func (tx *Tx) insert(query string, args ...any) (id int64, err error) {
	if tx.postgres() {
		_, err = tx.get([]any{&id}, query, args...)
		return id, err
	}
	plain, _, _ := strings.Cut(query, "RETURNING id")
	tx.wrote = true
	result, err := tx.q.ExecContext(tx.ctx, plain, values(args)...)
	if err != nil {
		return 0, tx.fails(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	return result.LastInsertId()
}

// ids reads a column of ids.
func (tx *Tx) ids(query string, args ...any) ([]int64, error) {
	var id int64
	var all []int64
	err := tx.each([]any{&id}, func() error { all = append(all, id); return nil }, query, args...)
	return all, err
}

// What goes in.

// ref is an id that may be absent: 0 is stored as NULL.
type ref int64

// inJSON is stored as JSON text.
type inJSON struct{ v any }

// values turns arguments into what both drivers store alike: times as microseconds, absent times and references as
// NULL, and text without what a database refuses.
func values(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = value(arg)
	}
	return out
}

func value(arg any) any {
	switch v := arg.(type) {
	case nil, int64, bool:
		return v
	case string:
		return clean(v)
	case []byte:
		return v
	case int:
		return int64(v)
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UnixMicro()
	case calendar.Date:
		if v.IsZero() {
			return nil
		}
		return v.String()
	case ref:
		if v == 0 {
			return nil
		}
		return int64(v)
	case inJSON:
		return encode(v.v)
	case [32]byte:
		return v[:]
	}
	if r := reflect.ValueOf(arg); r.Kind() == reflect.String {
		return clean(r.String())
	}
	panic(fmt.Sprintf("store: %T is not something to store", arg))
}

// clean takes out what no database keeps: bytes that are not UTF-8 become U+FFFD, and NUL goes. It is the one place
// where that happens; raw mail is bytes and stays as it came.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T cannot be JSON: %v", v, err))
	}
	return clean(withoutNUL.Replace(string(text)))
}

// withoutNUL takes the escape of a NUL out of JSON, and not the six characters when somebody has typed them: those follow a backslash
// that is escaped itself, and are passed over with it.
var withoutNUL = strings.NewReplacer(`\\`, `\\`, `\u0000`, "")

// What comes out.

// targets wraps pointers so that NULL reads as the zero value and times come back in UTC.
func targets(dest []any) []any {
	out := make([]any, len(dest))
	for i, d := range dest {
		switch d := d.(type) {
		case *time.Time:
			out[i] = when{d}
		case *int64:
			out[i] = number{d}
		case *[]byte, *bool, *int, sql.Scanner:
			out[i] = d
		case *[32]byte:
			out[i] = hash{d}
		case *calendar.Date:
			out[i] = day{d}
		default:
			out[i] = text{d}
		}
	}
	return out
}

type when struct{ t *time.Time }

func (w when) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*w.t = time.Time{}
	case int64:
		*w.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time is kept as a number, not as %T", v)
	}
	return nil
}

// day is a date on a wall calendar, kept as text.
type day struct{ d *calendar.Date }

func (d day) Scan(v any) error {
	var s string
	if err := (text{&s}).Scan(v); err != nil || s == "" {
		*d.d = calendar.Date{}
		return err
	}
	read, err := calendar.ParseDate(s)
	*d.d = read
	return err
}

type number struct{ n *int64 }

func (d number) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d.n = 0
	case int64:
		*d.n = v
	default:
		return fmt.Errorf("expected a number, found %T", v)
	}
	return nil
}

type hash struct{ h *[32]byte }

func (d hash) Scan(v any) error {
	if v == nil {
		*d.h = [32]byte{}
		return nil
	}
	b, ok := v.([]byte)
	if !ok || len(b) != 32 {
		return errors.New("a hash has 32 bytes")
	}
	copy(d.h[:], b)
	return nil
}

// text reads into a *string or a pointer to a type whose kind is string.
type text struct{ s any }

func (d text) Scan(v any) error {
	var s string
	switch v := v.(type) {
	case nil:
	case string:
		s = v
	case []byte:
		s = string(v)
	case int64:
		s = strconv.FormatInt(v, 10)
	default:
		return fmt.Errorf("expected text, found %T", v)
	}
	if p, ok := d.s.(*string); ok {
		*p = s
		return nil
	}
	reflect.ValueOf(d.s).Elem().SetString(s)
	return nil
}

// outJSON reads JSON text into what v points to, which is set to its zero value first.
type outJSON struct{ v any }

func (d outJSON) Scan(v any) error {
	target := reflect.ValueOf(d.v).Elem()
	target.SetZero()
	var raw []byte
	switch v := v.(type) {
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	case nil:
		return nil
	}
	if err := json.Unmarshal(raw, d.v); err != nil {
		return fmt.Errorf("kept JSON cannot be read as %s: %w", target.Type(), err)
	}
	return nil
}

// triedJSON is outJSON for rows that come with others: what is wrong with one is told and stops none of them.
type triedJSON struct {
	outJSON
	wrong *error
}

func (d triedJSON) Scan(v any) error {
	*d.wrong = d.outJSON.Scan(v)
	return nil
}

// A query whose parts depend on what is asked.

// query collects SQL and its parameters. Text that is part of the SQL comes from this package's own constants and maps
// alone; everything a person or a program sent goes through arg.
type query struct {
	strings.Builder
	args []any
}

// add appends SQL, putting each value's parameter in place of the next question mark.
func (q *query) add(sql string, args ...any) *query {
	for _, arg := range args {
		before, after, found := strings.Cut(sql, "?")
		if !found {
			panic("store: more values than question marks in " + sql)
		}
		q.WriteString(before)
		q.args = append(q.args, arg)
		fmt.Fprintf(q, "$%d", len(q.args))
		sql = after
	}
	if strings.Contains(sql, "?") {
		panic("store: fewer values than question marks in " + sql)
	}
	q.WriteString(sql)
	return q
}

// first appends the limit as it is: pages have one size or few, and a database that knows it while it plans keeps its plan.
func (q *query) first(n int) *query { return q.add(" LIMIT " + strconv.Itoa(n)) }

// in appends "column IN (...)" for the ids, which is never true when there are none.
func (q *query) in(column string, ids []int64) *query {
	if len(ids) == 0 {
		return q.add("1 = 0")
	}
	q.add(column + " IN (")
	for i, id := range ids {
		if i > 0 {
			q.add(", ")
		}
		q.add("?", id)
	}
	return q.add(")")
}

// lock appends FOR UPDATE where it is possible and needed: SQLite has one writer anyway, and a snapshot locks nothing.
func (q *query) lock(tx *Tx, how string) *query {
	if tx.postgres() && !tx.readonly {
		q.add(" FOR UPDATE " + how)
	}
	return q
}

// hold keeps others from changing the rows of a query until this transaction ends, where that is possible and needed. Unlike lock it lets
// them be mentioned meanwhile by what is new.
func (tx *Tx) hold(q *query) error {
	if !tx.postgres() || tx.readonly {
		return nil
	}
	_, err := tx.ids(q.add(" FOR NO KEY UPDATE").String(), q.args...)
	return err
}

// absent is the answer when something is not there or the actor may not know that it is: both look the same.
func absent(what string) error { return fault.New(fault.NotFound, "there is no such %s", what) }
