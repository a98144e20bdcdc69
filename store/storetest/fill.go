package storetest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"hark/store"
)

// What can be looked for in a filled store.
const (
	RareWord   = "zanzibar" // stands in one ticket
	CommonWord = "invoice"  // stands in every third ticket
	LongTicket = 7          // has 20 comments
)

// filled is what Fill puts in. Person 1 is the administrator and the rest of the first 30 are agents, agent n in group
// (n-1) % 10 + 1. Every second ticket has a group.
type filled struct {
	size   int
	alive  int // not solved and not closed; the newest ones
	agents int
	groups int
	now    time.Time
}

// customersFrom is the first customer's id.
const customersFrom = 101

// Fill puts n tickets with three comments each into an empty store, past all that the store would check, because it is
// meant to be fast. Nearly all tickets are closed, as on a desk that has run for years.
func Fill(ctx context.Context, db *store.DB, n int) error {
	f := filled{size: n, alive: min(n/50, 4000), agents: 30, groups: 10, now: time.Now()}
	if c := db.Config(); c.URL != "" {
		return fillPostgres(ctx, c.URL, f)
	}
	return fillSQLite(ctx, filepath.Join(db.Config().Dir, "hark.db"), f)
}

// sink takes rows of one table.
type sink func(row ...any) error

// table is a filled table: its columns and what makes its rows.
type table struct {
	name    string
	columns string
	rows    func(add sink) error
}

// at is when a ticket was created: three years ago the first, and just now the last.
func (f filled) at(ticket int) int64 {
	const years = 3 * 365 * 24 * time.Hour
	return f.now.Add(-years + years/time.Duration(f.size)*time.Duration(ticket)).UnixMicro()
}

func (f filled) customer(ticket int) int {
	return customersFrom + ticket*7919%max(f.size/10, 1)
}

func (f filled) tables() []table {
	return []table{
		{"brands", "id, name, slug, host, accent", func(add sink) error { return add(1, "Larkspur", "larkspur", "", "") }},
		{"teams", "id, name", f.teams},
		{"people", "id, email, name, role, zone, locale, brand_id, suspended, verified, facts, unreachable, created_at", f.people},
		{"addresses", "address, person_id, position", f.addresses},
		{"team_members", "team_id, person_id", f.members},
		{"tickets", "id, subject, kind, state, category, priority, requester_id, assignee_id, team_id, brand_id, channel, created_at, updated_at, since, next_at, due_at, warn_at, due_strength, due_rule, first_reply_at, first_responder, snippet, customer_at, comments", f.tickets},
		{"ticket_tags", "ticket_id, tag, position", f.tags},
		{"audits", "id, ticket_id, author_id, at, via, events", f.audits},
		{"comments", "id, ticket_id, audit_id, author_id, public, html, text, trimmed, quoted, automatic, via, message_id, unverified, third_party, created_at, words", f.comments},
	}
}

func (f filled) teams(add sink) error {
	for g := 1; g <= f.groups; g++ {
		if err := add(g, fmt.Sprintf("Group %d", g)); err != nil {
			return err
		}
	}
	return nil
}

func (f filled) everybody(do func(id int, name, email, role string) error) error {
	for id := 1; id <= f.agents; id++ {
		role := "agent"
		if id == 1 {
			role = "admin"
		}
		if err := do(id, fmt.Sprintf("Agent %d", id), fmt.Sprintf("agent%d@larkspur.example", id), role); err != nil {
			return err
		}
	}
	for id := customersFrom; id < customersFrom+max(f.size/10, 1); id++ {
		if err := do(id, fmt.Sprintf("Customer %d", id), fmt.Sprintf("customer%d@example.com", id), "customer"); err != nil {
			return err
		}
	}
	return nil
}

func (f filled) people(add sink) error {
	return f.everybody(func(id int, name, email, role string) error {
		return add(id, email, name, role, "", "", 1, false, true, "{}", "", f.at(0))
	})
}

func (f filled) addresses(add sink) error {
	return f.everybody(func(id int, name, email, role string) error { return add(email, id, 0) })
}

func (f filled) members(add sink) error {
	for id := 1; id <= f.agents; id++ {
		if err := add((id-1)%f.groups+1, id); err != nil {
			return err
		}
	}
	return nil
}

func (f filled) tickets(add sink) error {
	for n := 1; n <= f.size; n++ {
		at, group := f.at(n), n/2%f.groups+1
		state, assignee, team := "closed", any(group+10*(n%3)), any(group)
		if n%2 == 0 {
			team = nil
		}
		var next, due, warn, strength, rule any
		if n > f.size-f.alive {
			state = []string{"new", "open", "open", "pending", "hold"}[n%5]
			owed := f.now.Add(time.Duration(24+n%72) * time.Hour).UnixMicro()
			next, due, warn, strength, rule = owed, owed, owed-int64(n%48)*3600e6, []string{"promise", "aim", "usual"}[n%3], "question"
		} else if n > f.size-2*f.alive {
			state = "solved"
		}
		if state == "new" {
			assignee = nil
		}
		comments := 3
		if n == LongTicket {
			comments = 20
		}
		err := add(n, f.subject(n), "question", state, state, "normal", f.customer(n), assignee, team, 1, "email", at, at+7200e6, at, next, due, warn, strength, rule, at+1800e6, "agent2@larkspur.example", "it stopped working again since the update", at, comments)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f filled) tags(add sink) error {
	for n := 1; n <= f.size; n += 4 {
		if err := add(n, fmt.Sprintf("tag-%d", n%50), 0); err != nil {
			return err
		}
	}
	return nil
}

func (f filled) audits(add sink) error {
	return f.everyComment(func(id, n, part int, at int64) error {
		return add(id, n, f.author(n, part), at, "email", `[{"type":"Comment","comment_id":1,"public":true}]`)
	})
}

func (f filled) comments(add sink) error {
	return f.everyComment(func(id, n, part int, at int64) error {
		text := f.text(n, part)
		return add(id, n, id, f.author(n, part), part != 2, "", text, text, "", "no", "email", fmt.Sprintf("<c%d@example.com>", id), false, "", at, f.subject(n)+" "+text)
	})
}

func (f filled) everyComment(do func(id, ticket, part int, at int64) error) error {
	id := 0
	for n := 1; n <= f.size; n++ {
		parts := 3
		if n == LongTicket {
			parts = 20
		}
		for part := range parts {
			id++
			if err := do(id, n, part, f.at(n)+int64(part)*1800e6); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f filled) author(n, part int) int {
	if part%2 == 0 {
		return f.customer(n)
	}
	return n%f.agents + 1
}

// vocabulary is 3,000 made-up words; how often each is used falls with its number, as in real text.
var vocabulary = func() (words []string) {
	syllables := strings.Fields("ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu")
	for n := range 3000 {
		words = append(words, syllables[n%20]+syllables[n/20%20]+syllables[n/400])
	}
	return words
}()

func somewords(r *rand.Rand, count int) string {
	words := make([]string, count)
	for i := range words {
		p := r.Float64()
		words[i] = vocabulary[int(p*p*p*float64(len(vocabulary)))]
	}
	return strings.Join(words, " ")
}

func (f filled) subject(n int) string {
	return somewords(rand.New(rand.NewPCG(uint64(n), 1)), 5)
}

func (f filled) text(n, part int) string {
	text := somewords(rand.New(rand.NewPCG(uint64(n), uint64(part+2))), 30)
	if n%3 == 0 && part == 0 {
		text += " " + CommonWord
	}
	if n == f.size/2 && part == 0 {
		text += " " + RareWord
	}
	return text
}

func fillSQLite(ctx context.Context, file string, f filled) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=synchronous(OFF)&_pragma=cache_size(-200000)&_pragma=foreign_keys(0)")
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, t := range f.tables() {
		if err := fillTable(ctx, tx, t); err != nil {
			return fmt.Errorf("filling %s: %w", t.name, err)
		}
	}
	return tx.Commit()
}

func fillTable(ctx context.Context, tx *sql.Tx, t table) error {
	columns := strings.TrimSuffix(t.columns, ", words")
	marks := strings.Repeat(", ?", strings.Count(columns, ","))
	insert, err := tx.PrepareContext(ctx, "INSERT INTO "+t.name+" ("+columns+") VALUES (?"+marks+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	if columns == t.columns {
		return t.rows(func(row ...any) error { _, err := insert.ExecContext(ctx, row...); return err })
	}
	words, err := tx.PrepareContext(ctx, "INSERT INTO comment_words (rowid, words) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer words.Close()
	return t.rows(func(row ...any) error {
		last := len(row) - 1
		if _, err := insert.ExecContext(ctx, row[:last]...); err != nil {
			return err
		}
		_, err := words.ExecContext(ctx, row[0], row[last])
		return err
	})
}

func fillPostgres(ctx context.Context, url string, f filled) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, t := range f.tables() {
		if err := copyTable(ctx, conn, t); err != nil {
			return fmt.Errorf("filling %s: %w", t.name, err)
		}
	}
	for _, name := range []string{"brands", "teams", "people", "tickets", "audits", "comments"} {
		if _, err := conn.Exec(ctx, "SELECT setval(pg_get_serial_sequence('"+name+"', 'id'), (SELECT max(id) FROM "+name+"))"); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

func copyTable(ctx context.Context, conn *pgx.Conn, t table) error {
	r, w := io.Pipe()
	go func() {
		out := bufio.NewWriterSize(w, 1<<20)
		err := t.rows(func(row ...any) error { return copyRow(out, row) })
		if err == nil {
			err = out.Flush()
		}
		w.CloseWithError(err)
	}()
	_, err := conn.PgConn().CopyFrom(ctx, r, "COPY "+t.name+" ("+t.columns+") FROM STDIN")
	return err
}

// copyRow writes a row as COPY reads it; the words made up here need no escaping.
func copyRow(out *bufio.Writer, row []any) error {
	for i, v := range row {
		if i > 0 {
			out.WriteByte('\t')
		}
		switch v := v.(type) {
		case nil:
			out.WriteString(`\N`)
		case float64:
			fmt.Fprintf(out, "%.0f", v)
		default:
			fmt.Fprint(out, v)
		}
	}
	return out.WriteByte('\n')
}
