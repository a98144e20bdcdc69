package desk

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// Columns say which column of a table holds what, counted from 0; -1 is none.
type Columns struct{ Name, Email, Organization int }

// CustomerTable is a table of customers as it was read: the names of its columns, and its lines.
type CustomerTable struct {
	Head    []string
	Lines   [][]string
	Numbers []int // of the line in the file, for each of Lines
}

// MostCustomers is how many lines one table may have.
const MostCustomers = 20_000

// ReadCustomers reads a table: comma, semicolon or tab between the columns, the first line their names. What is not UTF-8 is read as
// Windows-1252, in which spreadsheets write. The error, of kind Invalid, names the line that cannot be read.
func ReadCustomers(text string) (t CustomerTable, err error) {
	if strings.ContainsRune(text, 0) {
		return t, fault.New(fault.Invalid, "this is no table of text; save it as CSV and choose that file")
	}
	if !utf8.ValidString(text) {
		if text, err = charmap.Windows1252.NewDecoder().String(text); err != nil {
			return t, fault.Wrap(err, fault.Invalid, "the letters of this table cannot be read; save it as UTF-8")
		}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	for {
		line, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, fault.Wrap(err, fault.Invalid, "the table cannot be read: %v", err)
		}
		if t.Head == nil {
			t.Head = line
			continue
		}
		if len(t.Lines) == MostCustomers {
			return t, fault.New(fault.TooLarge, "a table has at most %d lines; divide it", MostCustomers)
		}
		number, _ := r.FieldPos(0)
		t.Lines, t.Numbers = append(t.Lines, line), append(t.Numbers, number)
	}
	if len(t.Head) == 0 {
		return t, fault.New(fault.Invalid, "the table is empty; its first line names the columns, like name,email,organisation")
	}
	return t, nil
}

// separator is whichever of the usual ones the first line has most of.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
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
	find := func(what string) int {
		return slices.IndexFunc(t.Head, func(head string) bool {
			return slices.Contains(columnNames[what], strings.ToLower(strings.TrimSpace(head)))
		})
	}
	return Columns{find("name"), find("email"), find("organization")}
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

// ImportCustomers makes the customers of a table known. Somebody who is known already keeps what is known: only a missing name or
// organisation is filled in, so that a table can be imported again. Lines that cannot be taken are told with their number. With
// look nothing is stored, and the answer says what would be.
func (d *Desk) ImportCustomers(ctx context.Context, a access.Actor, t CustomerTable, columns Columns, look bool) (done Imported, err error) {
	if err := may(a, access.Administer); err != nil {
		return done, err
	}
	if columns.Email < 0 {
		return done, fault.New(fault.Invalid, "say which column holds the mail address")
	}
	now := d.now()
	for from := 0; from < len(t.Lines); from += linesAtOnce {
		var part Imported
		store := func(tx *store.Tx) error {
			part = Imported{}
			return d.importLines(tx, t, columns, from, min(from+linesAtOnce, len(t.Lines)), &part, now)
		}
		if err := d.storeOrLook(ctx, look, store); err != nil {
			return done, err
		}
		done.join(part)
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

func (d *Desk) importLines(tx *store.Tx, t CustomerTable, columns Columns, from, to int, done *Imported, now time.Time) error {
	organizations, err := tx.Organizations()
	if err != nil {
		return err
	}
	brand, err := d.brandOr(tx, 0)
	if err != nil {
		return err
	}
	for i := from; i < to; i++ {
		done.Read++
		line := t.Lines[i]
		count, err := d.importCustomer(tx, &organizations, brand, Cell(line, columns.Name), Cell(line, columns.Email), Cell(line, columns.Organization), now)
		switch {
		case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
			done.trouble(t.Numbers[i], strings.Join(line, ", "), err)
		case err != nil:
			return err
		default:
			*count(done)++
		}
	}
	return nil
}

func newOne(i *Imported) *int   { return &i.New }
func addedTo(i *Imported) *int  { return &i.Added }
func knownOne(i *Imported) *int { return &i.Known }

// importCustomer makes one customer known, and says what that was.
func (d *Desk) importCustomer(tx *store.Tx, organizations *[]account.Organization, brand int64, name, email, organization string, now time.Time) (func(*Imported) *int, error) {
	address, err := mail.NewAddress(email)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%q is no address that mail can be sent to", email)
	}
	if own, err := d.isOwn(tx, address); err != nil || own {
		return nil, orElse(err, ownAddress(address))
	}
	before, err := tx.PersonByAddress(account.FoldAddress(address))
	if notFoundIsNothing(err) != nil {
		return nil, err
	}
	if before.ID != 0 && before.Role != access.Customer {
		return nil, fault.New(fault.Conflict, "%s works here and stays %s", before.Display(), before.Role)
	}
	after, err := tx.EnsureCustomer(account.FoldAddress(address), name, brand, now)
	if err != nil {
		return nil, err
	}
	if after.Organization == 0 && organization != "" {
		if after.Organization, err = organizationNamed(tx, organizations, organization); err != nil {
			return nil, err
		}
		if err := tx.SavePerson(&after); err != nil {
			return nil, err
		}
	}
	switch {
	case before.ID == 0:
		return newOne, nil
	case before.Name != after.Name || before.Organization != after.Organization:
		return addedTo, nil
	}
	return knownOne, nil
}

// organizationNamed finds an organisation by its name, or makes it known.
func organizationNamed(tx *store.Tx, all *[]account.Organization, name string) (int64, error) {
	i := slices.IndexFunc(*all, func(o account.Organization) bool { return strings.EqualFold(o.Name, name) })
	if i >= 0 {
		return (*all)[i].ID, nil
	}
	o := account.Organization{Name: name}
	if err := tx.SaveOrganization(&o); err != nil {
		return 0, err
	}
	*all = append(*all, o)
	return o.ID, nil
}
