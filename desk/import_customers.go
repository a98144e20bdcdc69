package desk

import (
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// Columns say which column of a table holds what, counted from 0; -1 is none. Owned are those of what customers own, by the id of a
// [SaleColumn]; one that is not in it is none.
type Columns struct {
	Name, Email, Organization int
	Owned                     map[string]int
	Brand                     int64 // whose customers they are, 0 for the first
}

// SaleColumn is something a table can say about what a customer owns.
type SaleColumn struct {
	ID, Label string
	names     []string // how the column is usually called
	put       func(*Sale, string)
}

// SaleColumns are all of them, in the order in which a page offers them.
var SaleColumns = []SaleColumn{
	{"order", "Order number", []string{"order", "order number", "order no", "order id", "invoice"}, func(s *Sale, v string) { s.Order = v }},
	{"ordered", "Ordered on", []string{"ordered", "ordered on", "order date", "date", "purchased", "purchase date"}, func(s *Sale, v string) { s.Ordered = v }},
	{"product", "Product", []string{"product", "item", "product name"}, func(s *Sale, v string) { s.Product = v }},
	{"version", "Version", []string{"version", "product version"}, func(s *Sale, v string) { s.Version = v }},
	{"site", "Website", []string{"site", "website", "domain", "url", "licensed website"}, func(s *Sale, v string) { s.Site = v }},
	{"key", "Licence key", []string{"key", "licence key", "license key", "licence", "license", "serial"}, func(s *Sale, v string) { s.Key = v }},
	{"status", "Status of the licence", []string{"status", "licence status", "license status"}, func(s *Sale, v string) { s.Status = v }},
	{"plan", "Plan or add-on", []string{"plan", "add-on", "addon", "subscription"}, func(s *Sale, v string) { s.Plan = v }},
	{"from", "Plan begins", []string{"from", "begins", "start", "starts", "start date"}, func(s *Sale, v string) { s.From = v }},
	{"until", "Plan ends", []string{"until", "ends", "end", "end date", "paid until", "expires"}, func(s *Sale, v string) { s.Until = v }},
	{"evaluating", "Evaluation began", []string{"evaluating", "evaluation", "downloaded", "download date", "trial"}, func(s *Sale, v string) { s.Evaluating = v }},
	{"phone", "Telephone", []string{"phone", "telephone", "phone number", "mobile"}, func(s *Sale, v string) { s.Phone = v }},
	{"region", "Region", []string{"region", "customer region"}, recorded("region")},
	{"representative", "Representative", []string{"representative", "account representative", "account manager"}, recorded("representative")},
	{"success-manager", "Customer success manager", []string{"csm", "success manager", "customer success manager"}, recorded("success-manager")},
	{"project", "Project", []string{"project", "project name"}, func(s *Sale, v string) { s.Project = v }},
	{"lead", "Project lead", []string{"lead", "project lead"}, func(s *Sale, v string) { s.Lead = v }},
	{"underway", "Project is running or ended", []string{"project status", "project state"}, func(s *Sale, v string) { s.Underway = v }},
	{"notes", "Notes of the order", []string{"notes", "order notes", "comment"}, func(s *Sale, v string) { s.Notes = v }},
	{"external", "Another program's name for it", []string{"external id", "external", "id"}, func(s *Sale, v string) { s.External = v }},
}

// recorded puts a value where the owner's record has it.
func recorded(name string) func(*Sale, string) {
	return func(s *Sale, v string) {
		if v == "" {
			return
		}
		if s.Record == nil {
			s.Record = map[string]string{}
		}
		s.Record[name] = v
	}
}

// CustomerTable is a table of customers as it was read: the names of its columns, and its lines.
type CustomerTable struct {
	Head    []string
	Lines   [][]string
	Numbers []int  // of the line in the file, for each of Lines
	Text    string // the whole table in UTF-8, whatever it was written in, to be read again
}

// MostCustomers is how many lines one table may have.
const MostCustomers = 20_000

// ReadCustomers reads a table: comma, semicolon or tab between the columns, the first line their names. What is not UTF-8 is read as
// Windows-1252, in which spreadsheets write. The error says why the whole of it is no table.
func ReadCustomers(text string) (t CustomerTable, err error) {
	if strings.ContainsRune(text, 0) {
		return t, fault.New(fault.Invalid, "this is no table of text; save it as CSV and choose that file")
	}
	if !utf8.ValidString(text) {
		if text, err = charmap.Windows1252.NewDecoder().String(text); err != nil {
			return t, fault.Wrap(err, fault.Invalid, "the letters of this table cannot be read; save it as UTF-8")
		}
	}
	t.Text = strings.TrimPrefix(text, "\ufeff")
	rest := records{text: t.Text, comma: separator(t.Text), number: 1}
	for {
		line, number, more := rest.next()
		switch {
		case !more && len(t.Head) == 0:
			return t, fault.New(fault.Invalid, "the table is empty; its first line names the columns, like name,email,organisation")
		case !more:
			return t, nil
		case t.Head == nil:
			t.Head = line
		case len(t.Lines) == MostCustomers:
			return t, fault.New(fault.TooLarge, "a table has at most %d lines; divide it", MostCustomers)
		default:
			t.Lines, t.Numbers = append(t.Lines, line), append(t.Numbers, number)
		}
	}
}

// records are what is left of a table, and the number of its first line.
type records struct {
	text   string
	comma  rune
	number int
}

// next takes the next record, which may have more than one line where a cell stands in quotation marks. One that is never closed would take
// everybody after it along: its line is then read alone, as well as it can be, and costs nobody else theirs.
func (r *records) next() (cells []string, number int, more bool) {
	r.pass(len(r.text) - len(strings.TrimLeft(r.text, "\r\n")))
	if r.text == "" {
		return nil, 0, false
	}
	cells, size, err := r.record(r.text, false)
	if err != nil {
		line, _, _ := strings.Cut(r.text, "\n")
		cells, _, _ = r.record(line, true) // lazily, every line can be read
		size = len(line)
	}
	number = r.number
	r.pass(size)
	return cells, number, true
}

// pass goes on behind so many bytes.
func (r *records) pass(size int) {
	r.number += strings.Count(r.text[:size], "\n")
	r.text = r.text[size:]
}

func (r *records) record(text string, lazy bool) (cells []string, size int, err error) {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes = r.comma, -1, lazy
	cells, err = c.Read()
	return cells, int(c.InputOffset()), err
}

// separator is whichever of the usual ones the first line with anything in it has most of.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// columnNames are how the columns are usually called.
var columnNames = map[string][]string{
	"name":         {"name", "full name", "customer", "contact", "display name"},
	"email":        {"email", "e-mail", "mail", "mail address", "email address", "e-mail address"},
	"organization": {"organisation", "organization", "company", "account"},
}

// Guess finds the columns by their names.
func (t CustomerTable) Guess() Columns {
	find := func(names []string) int {
		return slices.IndexFunc(t.Head, func(head string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(head)))
		})
	}
	c := Columns{find(columnNames["name"]), find(columnNames["email"]), find(columnNames["organization"]), map[string]int{}, 0}
	for _, column := range SaleColumns {
		if at := find(column.names); at >= 0 {
			c.Owned[column.ID] = at
		}
	}
	return c
}

// sale is what a line says.
func (c Columns) sale(line []string, brand int64) Sale {
	s := Sale{Brand: brand, Name: Cell(line, c.Name), Email: Cell(line, c.Email), Organization: Cell(line, c.Organization)}
	for _, column := range SaleColumns {
		if at, told := c.Owned[column.ID]; told {
			column.put(&s, Cell(line, at))
		}
	}
	return s
}

// Cell is what stands in a column of a line, "" when it is not there.
func Cell(line []string, column int) string {
	if column < 0 || column >= len(line) {
		return ""
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(line[column], "\x00", "")), " ")
}

// linesAtOnce is how many lines are stored in one transaction, so that nobody waits long for theirs.
const linesAtOnce = 200

// ImportCustomers makes the customers of a table known, and what they own. Somebody who is known already keeps what is known: only a
// missing name or organisation is filled in; of what they own, what a line says counts and the rest stays. So a table can be imported
// again. Lines that cannot be taken are told with their number. With look nothing is stored, and the answer says what would be.
func (d *Desk) ImportCustomers(ctx context.Context, a access.Actor, t CustomerTable, columns Columns, look bool) (done Imported, err error) {
	if err := may(a, access.Administer); err != nil {
		return done, err
	}
	if columns.Email < 0 {
		return done, fault.New(fault.Invalid, "say which column holds the mail address")
	}
	now, seen := d.now(), met{}
	for from := 0; from < len(t.Lines); from += linesAtOnce {
		var part Imported
		block := CustomerTable{Lines: t.Lines[from:min(from+linesAtOnce, len(t.Lines))], Numbers: t.Numbers[from:]}
		store := func(tx *store.Tx) error {
			part = Imported{}
			return d.importLines(tx, block, columns, &part, teller{account.ByImport, a.Person}, seen, now)
		}
		if err := d.storeOrLook(ctx, look, store); err != nil {
			return done, err
		}
		done.join(part)
		seen.add(block, columns)
	}
	return done, nil
}

// errOnlyLooked takes back what was only tried.
var errOnlyLooked = fault.New(fault.Refused, "only looked")

func (d *Desk) storeOrLook(ctx context.Context, look bool, do func(*store.Tx) error) error {
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		if err := do(tx); err != nil || !look {
			return err
		}
		return errOnlyLooked
	})
	if err == errOnlyLooked {
		return nil
	}
	return err
}

func (i *Imported) join(part Imported) {
	i.Read, i.New, i.Added, i.Known = i.Read+part.Read, i.New+part.New, i.Added+part.Added, i.Known+part.Known
	room := max(0, mostTroubles-len(i.Troubles))
	i.Troubles = append(i.Troubles, part.Troubles[:min(room, len(part.Troubles))]...)
	i.More += part.More + max(0, len(part.Troubles)-room)
}

// met is who and what stood in the blocks before. A look takes each block back before it goes on, and would else count somebody anew in every
// block in which they stand.
type met map[string]bool

func (m met) add(t CustomerTable, columns Columns) {
	for _, line := range t.Lines {
		m[account.FoldAddress(Cell(line, columns.Email))], m[whole(line)] = true, true
	}
}

// again is what a line amounts to after those before.
func (m met) again(sold Sold, line []string, columns Columns) Sold {
	if email := Cell(line, columns.Email); sold.New && email != "" && m[account.FoldAddress(email)] {
		sold.New, sold.Changed = false, !m[whole(line)]
	}
	return sold
}

func whole(line []string) string { return strings.Join(line, "\x00") }

func (d *Desk) importLines(tx *store.Tx, t CustomerTable, columns Columns, done *Imported, by teller, seen met, now time.Time) error {
	brand, err := d.brandOr(tx, columns.Brand)
	if err != nil {
		return err
	}
	for i, line := range t.Lines {
		done.Read++
		sold, err := d.ownLine(tx, columns.sale(line, brand), by, now)
		switch {
		case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
			done.trouble(t.Numbers[i], strings.Join(line, ", "), err)
		case err != nil:
			return err
		default:
			*countedAs(seen.again(sold, line, columns), done)++
		}
	}
	return nil
}

// ownLine takes one line, which says at least whose it is.
func (d *Desk) ownLine(tx *store.Tx, sale Sale, by teller, now time.Time) (sold Sold, err error) {
	if sale.Email == "" && sale.Organization == "" {
		return Sold{}, fault.New(fault.Invalid, "this line names no mail address and no organisation, so it is nobody's")
	}
	err = tx.Try(func() error {
		sold, err = d.own(tx, sale, by, now)
		return err
	})
	return sold, err
}

// countedAs is what a line counts as.
func countedAs(sold Sold, done *Imported) *int {
	switch {
	case sold.New:
		return &done.New
	case sold.Changed:
		return &done.Added
	}
	return &done.Known
}
