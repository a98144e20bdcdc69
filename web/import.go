package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"hark/desk"
	"hark/fault"
	"hark/web/admin"
	"hark/web/shared"
	"hark/web/visit"
)

// importing is the import of mail that goes on on this node, or the last one. It is remembered in memory alone: one that a restart
// cuts off is begun again with the same file, and what came in already is recognised.
type importing struct {
	mu      sync.Mutex
	begun   bool
	running bool
	done    desk.Imported
	wrong   string
}

// begin reports whether nobody else imports just now, and counts from nothing.
func (i *importing) begin() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.running {
		return false
	}
	i.begun, i.running, i.done, i.wrong = true, true, desk.Imported{}, ""
	return true
}

func (i *importing) told(done desk.Imported) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.done = done
}

func (i *importing) end(done desk.Imported, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.running, i.done = false, done
	if err != nil {
		i.wrong = cmp.Or(fault.Says(err), "the import ended before its time; import the same file again")
	}
}

// outcome is what to say about it, nil when there was none.
func (i *importing) outcome() *admin.Outcome {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.begun {
		return nil
	}
	out := outcomeOf(i.done, "mail", "ticket")
	out.Running = i.running
	if i.running {
		out.Says = "Under way. " + out.Says
	}
	if i.wrong != "" {
		out.Says = sentence(i.wrong) + " " + out.Says
	}
	return &out
}

func outcomeOf(done desk.Imported, things, of string) admin.Outcome {
	out := admin.Outcome{Says: done.Says(things, of), Troubles: troublesOf(done)}
	if done.More > 0 {
		out.More = fmt.Sprintf("And %d more.", done.More)
	}
	return out
}

func troublesOf(done desk.Imported) (list []admin.Trouble) {
	for _, t := range done.Troubles {
		list = append(list, admin.Trouble{Number: itoa(t.Number), About: t.About, Says: sentence(t.Says)})
	}
	return list
}

// imports shows what can be imported, and how far an import has come. While one goes on the page loads itself again.
func (h *house) imports(v *visit.Visit) error { return h.importPage(v, http.StatusOK, admin.Import{}) }

func (h *house) importPage(v *visit.Visit, status int, view admin.Import) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	view.CanMail, view.Most, view.Mail = len(house.Mailboxes) > 0, fmt.Sprintf("%d MB", visit.MaxFiles>>20), h.imported.outcome()
	if h.options.Past != nil {
		view.Other = h.otherDesk(house, view.Other)
	}
	secret, err := h.desk.ShopSecret(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	view.Shop = &admin.Shop{URL: h.desk.URL() + "/api/shop/events", Secret: secret}
	if (view.Mail != nil && view.Mail.Running || view.Other != nil && view.Other.Running) && view.Look == nil && status == http.StatusOK {
		v.Writer.Header().Set("Refresh", "2")
	}
	return h.showStatus(v, status, admin.ImportPage(view))
}

// importMail takes a mailbox file and answers at once; the work goes on behind the page.
func (h *house) importMail(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	box, err := onlyFile(v)
	if err != nil {
		return h.importPage(v, visit.Status(err), admin.Import{Wrong: map[string]string{"files": sentence(fault.Says(err))}})
	}
	old, err := desk.ReadMailbox(bytes.NewReader(box))
	if err != nil {
		return h.importPage(v, visit.Status(err), admin.Import{Wrong: map[string]string{"files": sentence(fault.Says(err))}})
	}
	if !h.imported.begin() {
		return h.importPage(v, http.StatusConflict, admin.Import{Wrong: map[string]string{"files": "Another file is imported just now."}})
	}
	actor := v.Actor
	go func() {
		done, err := h.desk.ImportMail(context.Background(), actor, old, h.imported.told)
		if err != nil {
			slog.Error("an import of mail ended early", "read", done.Read, "error", err)
		}
		h.imported.end(done, err)
	}()
	return v.SeeOther("/admin/import")
}

// onlyFile is the one file that came with a form.
func onlyFile(v *visit.Visit) ([]byte, error) {
	files, err := v.Files(1)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fault.New(fault.Refused, "choose a file first")
	}
	file, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// mostTable is how large a file with a table of customers may be: it travels in the page while somebody looks at it, and comes back a
// little larger, with the line ends of a form and in UTF-8.
const mostTable = 1 << 20

// importCustomers shows what a table would do, and does it when the button says so.
func (h *house) importCustomers(v *visit.Visit) error {
	var in struct {
		Table        string   `form:"table"`
		Email        string   `form:"email"`
		Name         string   `form:"name"`
		Organization string   `form:"organization"`
		Owned        []string `form:"owned"` // a column for each of desk.SaleColumns, in their order
		Brand        string   `form:"brand"` // whose customers they are; "" for the one whose pages these are
		Do           string   `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	text := in.Table
	if text == "" {
		file, err := onlyFile(v)
		if err != nil {
			return h.tableWrong(v, err)
		}
		if text = string(file); len(text) > mostTable {
			return h.tableWrong(v, fault.New(fault.TooLarge, "a table has at most %d MB at once; divide it", mostTable>>20))
		}
	}
	table, err := desk.ReadCustomers(text)
	if err != nil {
		return h.tableWrong(v, err)
	}
	columns := table.Guess()
	if in.Table != "" {
		columns = desk.Columns{Name: wholeNumber(in.Name), Email: wholeNumber(in.Email), Organization: wholeNumber(in.Organization), Owned: ownedColumns(in.Owned)}
	}
	if columns.Brand, err = h.importBrand(v, in.Brand); err != nil {
		return h.tableWrong(v, err)
	}
	if in.Do != "import" {
		return h.lookAt(v, table, columns)
	}
	done, err := h.desk.ImportCustomers(v.Context(), v.Actor, table, columns, false)
	if err != nil && visit.Status(err) < 500 {
		return h.tableWrong(v, err)
	}
	if err != nil {
		return err
	}
	outcome := outcomeOf(done, "line", "customer")
	return h.importPage(v, http.StatusOK, admin.Import{Table: &outcome})
}

// importBrand is the brand that was chosen, else the one whose pages these are.
func (h *house) importBrand(v *visit.Visit, chosen string) (int64, error) {
	if chosen == "" {
		_, brand, err := h.running(v)
		return brand.ID, err
	}
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return 0, err
	}
	for _, b := range house.Brands {
		if number(b.ID) == chosen {
			return b.ID, nil
		}
	}
	return 0, fault.New(fault.Invalid, "choose one of the brands")
}

// ownedColumns are the columns that were chosen for what customers own.
func ownedColumns(chosen []string) map[string]int {
	columns := map[string]int{}
	for i, text := range chosen[:min(len(chosen), len(desk.SaleColumns))] {
		if at := wholeNumber(text); at >= 0 {
			columns[desk.SaleColumns[i].ID] = at
		}
	}
	return columns
}

func (h *house) tableWrong(v *visit.Visit, err error) error {
	if visit.Status(err) >= 500 {
		return err
	}
	return h.importPage(v, visit.Status(err), admin.Import{Wrong: map[string]string{"table": sentence(fault.Says(err))}})
}

// lookAt shows the first lines of a table as they would be understood, and what would happen.
func (h *house) lookAt(v *visit.Visit, table desk.CustomerTable, columns desk.Columns) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	look := admin.Look{
		Brands: brandOptions(house, columns.Brand),
		Text:   table.Text, Name: columnOptions(table, columns.Name, true), Email: columnOptions(table, columns.Email, false),
		Organization: columnOptions(table, columns.Organization, true), Says: "Choose the column that holds the mail address.",
	}
	fill := []int{columns.Email, columns.Name, columns.Organization}
	look.Head = []string{"Mail address", "Name", "Organisation"}
	for _, column := range desk.SaleColumns {
		at, told := columns.Owned[column.ID]
		if !told {
			at = -1
		} else {
			fill, look.Head = append(fill, at), append(look.Head, column.Label)
		}
		look.Owned = append(look.Owned, shared.Field{Name: "owned", ID: "column-" + column.ID, Label: column.Label, Type: "select", Options: columnOptions(table, at, true)})
	}
	const shown = 5
	for _, line := range table.Lines[:min(shown, len(table.Lines))] {
		var row []string
		for _, at := range fill {
			row = append(row, desk.Cell(line, at))
		}
		look.Rows = append(look.Rows, row)
	}
	look.OwnedOpen = len(columns.Owned) > 0
	if columns.Email >= 0 {
		would, err := h.desk.ImportCustomers(v.Context(), v.Actor, table, columns, true)
		if err != nil {
			return h.tableWrong(v, err)
		}
		outcome := outcomeOf(would, "line", "customer")
		look.Says, look.Troubles, look.More = "Nothing is stored yet. "+outcome.Says, outcome.Troubles, outcome.More
	}
	return h.importPage(v, http.StatusOK, admin.Import{Look: &look})
}

func columnOptions(table desk.CustomerTable, chosen int, none bool) (options []shared.Option) {
	if none || chosen < 0 {
		options = append(options, shared.Option{Value: "-1", Label: "none", Chosen: chosen < 0})
	}
	for i, head := range table.Head {
		options = append(options, shared.Option{Value: itoa(i), Label: cmp.Or(head, "Column "+itoa(i+1)), Chosen: i == chosen})
	}
	return options
}
