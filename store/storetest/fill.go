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

	"hark/policy"
	"hark/store"
)

// What can be looked for in a filled store.
const (
	Rare     = "zanzibar" // stands in one ticket
	Frequent = "invoice"  // stands in every third ticket
)

// Filled says what Fill has put in.
type Filled struct {
	Tickets int
	Alive   int // not solved and not closed; the newest ones
	Agents  int // agents are people 1 to Agents; agent n is in group (n-1) % Groups + 1
	Groups  int
	Long    int64 // a ticket with 20 comments
}

// customersFrom is the first customer's id.
const customersFrom = 101

// Fill puts n tickets with three comments each into an empty store, past all that the store would check, because it is
// meant to be fast. Nearly all tickets are closed, as on a desk that has run for years.
func Fill(ctx context.Context, c store.Config, n int) (Filled, error) {
	f := Filled{Tickets: n, Alive: min(n/50, 4000), Agents: 30, Groups: 10, Long: int64(n - 7)}
	var err error
	if c.URL != "" {
		err = fillPostgres(ctx, c.URL, f)
	} else {
		err = fillSQLite(ctx, filepath.Join(c.Dir, "hark.db"), f)
	}
	return f, err
}

// sink takes rows of one table.
type sink func(row ...any) error

// table is a filled table: its columns and what makes its rows.
type table struct {
	name    string
	columns string
	rows    func(add sink) error
}

var fillStart = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)

func (f Filled) at(ticket int) int64 {
	apart := 3 * 365 * 24 * time.Hour / time.Duration(f.Tickets) // all of it at once would be more than a Duration holds
	return fillStart.Add(time.Duration(ticket) * apart).UnixMicro()
}

func (f Filled) customer(ticket int) int {
	return customersFrom + ticket*7919%max(f.Tickets/10, 1)
}

func (f Filled) tables() []table {
	return []table{
		{"brands", "id, name, slug, host, accent", func(add sink) error { return add(1, "Larkspur", "larkspur", "", "") }},
		{"teams", "id, name", f.teams},
		{"people", "id, email, name, role, zone, locale, brand_id, suspended, verified, facts, unreachable, created_at", f.people},
		{"addresses", "address, person_id, position", f.addresses},
		{"team_members", "team_id, person_id", f.members},
		{"policy_versions", "id, brand_id, name, version, source, effective_at, applied_at", f.policies},
		{"tickets", "id, subject, kind, state, category, priority, requester_id, assignee_id, team_id, brand_id, channel, created_at, updated_at, since, next_at, due_at, warn_at, due_strength, due_rule, first_reply_at, first_responder, snippet, customer_at, comments, policy_id, memory", f.tickets},
		{"promises", "ticket_id, measure, number, brand_id, rule, strength, policy_id, given_at, due_at, done_at, state, why", f.promises},
		{"ticket_tags", "ticket_id, tag, position", f.tags},
		{"audits", "id, ticket_id, author_id, at, via, events", f.audits},
		{"comments", "id, ticket_id, audit_id, author_id, public, html, text, trimmed, quoted, automatic, via, message_id, unverified, third_party, created_at, words", f.comments},
	}
}

func (f Filled) teams(add sink) error {
	for g := 1; g <= f.Groups; g++ {
		if err := add(g, fmt.Sprintf("Group %d", g)); err != nil {
			return err
		}
	}
	return nil
}

func (f Filled) everybody(do func(id int, name, email, role string) error) error {
	for id := 1; id <= f.Agents; id++ {
		role := "agent"
		if id == 1 {
			role = "admin"
		}
		if err := do(id, fmt.Sprintf("Agent %d", id), fmt.Sprintf("agent%d@larkspur.example", id), role); err != nil {
			return err
		}
	}
	for id := customersFrom; id < customersFrom+max(f.Tickets/10, 1); id++ {
		if err := do(id, fmt.Sprintf("Customer %d", id), fmt.Sprintf("customer%d@example.com", id), "customer"); err != nil {
			return err
		}
	}
	return nil
}

func (f Filled) people(add sink) error {
	return f.everybody(func(id int, name, email, role string) error {
		return add(id, email, name, role, "", "", 1, false, true, "{}", "", f.at(0))
	})
}

func (f Filled) addresses(add sink) error {
	return f.everybody(func(id int, name, email, role string) error { return add(email, id, 0) })
}

func (f Filled) members(add sink) error {
	for id := 1; id <= f.Agents; id++ {
		if err := add((id-1)%f.Groups+1, id); err != nil {
			return err
		}
	}
	return nil
}

const policyName = "customer-support-center"

func (f Filled) policies(add sink) error {
	source, _ := policy.Example(policyName)
	return add(1, 1, policyName, "1", string(source), f.at(0), f.at(0))
}

func (f Filled) tickets(add sink) error {
	for n := 1; n <= f.Tickets; n++ {
		at, group := f.at(n), n%f.Groups+1
		state, assignee := "closed", any(group+10*(n%3))
		var next, due, warn, strength, rule any
		if n > f.Tickets-f.Alive {
			state = []string{"new", "open", "open", "pending", "hold"}[n%5]
			next, due, warn, strength, rule = farAway, at+86400e6, at+3600e6*18, []string{"promise", "aim", "usual"}[n%3], "question"
		} else if n > f.Tickets-2*f.Alive {
			state = "solved"
		}
		if state == "new" {
			assignee = nil
		}
		comments := 3
		if int64(n) == f.Long {
			comments = 20
		}
		err := add(n, f.subject(n), "question", state, state, "normal", f.customer(n), assignee, group, 1, "email", at, at+7200e6, at, next, due, warn, strength, rule, at+1800e6, "agent2@larkspur.example", "it stopped working again since the update", at, comments, 1, f.memory(n))
		if err != nil {
			return err
		}
	}
	return nil
}

// farAway is when the policy of a filled ticket wants to be asked again: never while somebody measures.
var farAway = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func (f Filled) memory(n int) string {
	entered := time.UnixMicro(f.at(n)).UTC().Format(time.RFC3339)
	return `{"entered":"` + entered + `","last_agent_message":"` + entered + `"}`
}

// promises are one a ticket: nine of ten first answers came in time, and those that are alive still run.
func (f Filled) promises(add sink) error {
	for n := 1; n <= f.Tickets; n++ {
		state, done := "kept", any(f.at(n)+1800e6)
		switch {
		case n > f.Tickets-f.Alive:
			state, done = "running", nil
		case n%10 == 0:
			state, done = "missed", f.at(n)+7200e6
		}
		if err := add(n, "first_reply", 1, 1, "question", "usual", 1, f.at(n), f.at(n)+3600e6, done, state, ""); err != nil {
			return err
		}
	}
	return nil
}

func (f Filled) tags(add sink) error {
	for n := 1; n <= f.Tickets; n += 4 {
		if err := add(n, fmt.Sprintf("tag-%d", n%50), 0); err != nil {
			return err
		}
	}
	return nil
}

func (f Filled) audits(add sink) error {
	return f.everyComment(func(id, n, part int, at int64) error {
		return add(id, n, f.author(n, part), at, "email", fmt.Sprintf(`[{"type":"Comment","comment_id":%d,"public":%t}]`, id, part != 2))
	})
}

func (f Filled) comments(add sink) error {
	return f.everyComment(func(id, n, part int, at int64) error {
		text := f.text(n, part)
		return add(id, n, id, f.author(n, part), part != 2, "", text, text, "", "no", "email", fmt.Sprintf("<c%d@example.com>", id), false, "", at, f.subject(n)+" "+text)
	})
}

func (f Filled) everyComment(do func(id, ticket, part int, at int64) error) error {
	id := 0
	for n := 1; n <= f.Tickets; n++ {
		parts := 3
		if int64(n) == f.Long {
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

func (f Filled) author(n, part int) int {
	if part%2 == 0 {
		return f.customer(n)
	}
	return n%f.Agents + 1
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

func (f Filled) subject(n int) string {
	return somewords(rand.New(rand.NewPCG(uint64(n), 1)), 5)
}

func (f Filled) text(n, part int) string {
	text := somewords(rand.New(rand.NewPCG(uint64(n), uint64(part+2))), 30)
	if n%3 == 0 && part == 0 {
		text += " " + Frequent
	}
	if n == f.Tickets/2 && part == 0 {
		text += " " + Rare
	}
	return text
}

func fillSQLite(ctx context.Context, file string, f Filled) error {
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

func fillPostgres(ctx context.Context, url string, f Filled) error {
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
	for _, name := range []string{"brands", "teams", "people", "policy_versions", "tickets", "audits", "comments"} {
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

var copyText = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

// copyRow writes a row as COPY reads it.
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
		case string:
			copyText.WriteString(out, v)
		default:
			fmt.Fprint(out, v)
		}
	}
	return out.WriteByte('\n')
}
