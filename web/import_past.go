package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/web/admin"
	"hark/web/shared"
	"hark/web/visit"
)

// OpenPast opens another desk for whoever has its address, the mail address of an administrator there, and a token. What cannot be
// an account is [fault.Invalid].
type OpenPast func(address, email, token string) (desk.Past, error)

// stage is how far the import of another desk has come.
type stage int

const (
	idle stage = iota
	looking
	looked
	importingAll
	stopped // by somebody, or by trouble
	finished
)

// fetching is the import of another desk that goes on on this node, or the last one. What was opened with the token is held here, in
// memory alone, until the import is done or somebody says that it should be forgotten; after a restart the token is asked for again,
// and what came in already is recognised.
type fetching struct {
	mu    sync.Mutex
	stage stage
	begun stage // what the last run was to do
	turn  int   // tells one run from the one before, which may still be ending
	past  desk.Past
	brand int64
	email string
	name  string
	done  desk.Brought
	wrong string
	end   context.CancelFunc
}

// hold keeps an opened desk for what comes. It reports false while another one is being imported.
func (f *fetching) hold(past desk.Past, email string, brand int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stage == importingAll {
		return false
	}
	f.halt()
	f.stage, f.past, f.name, f.email, f.brand, f.done, f.wrong = idle, past, past.Name(), email, brand, desk.Brought{}, ""
	return true
}

// begin starts a run in place of the one that looks. It reports false when there is nothing to run, or an import runs already.
func (f *fetching) begin(as stage) (ctx context.Context, past desk.Past, brand int64, turn int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.past == nil || f.stage == importingAll {
		return nil, nil, 0, 0, false
	}
	f.halt()
	f.stage, f.begun, f.done, f.wrong = as, as, desk.Brought{Size: f.done.Size}, ""
	ctx, f.end = context.WithCancel(context.Background())
	return ctx, f.past, f.brand, f.turn, true
}

// halt ends the run that goes on, if any. Whatever it still tells is about a turn that is over.
func (f *fetching) halt() {
	if f.turn++; f.end != nil {
		f.end()
		f.end = nil
	}
}

func (f *fetching) told(turn int, done desk.Brought) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if turn == f.turn {
		f.done = done
	}
}

// over notes how a run ended. With a finished import the token goes.
func (f *fetching) over(turn int, done desk.Brought, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if turn != f.turn {
		return
	}
	f.done = done
	switch {
	case err != nil:
		f.stage, f.wrong = stopped, fault.Says(err)
		if f.wrong == "" {
			f.wrong = "the import ended before its time; go on, and what is here stays"
		}
	case f.stage == looking:
		f.stage = looked
	default:
		f.stage, f.past = finished, nil
	}
}

// stop ends the run that goes on; it can be gone on with.
func (f *fetching) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stage == looking || f.stage == importingAll {
		f.stage = stopped
	}
	f.halt()
}

// forget lets go of the token, and of what was read.
func (f *fetching) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.halt()
	f.stage, f.past, f.name, f.email, f.done, f.wrong = idle, nil, "", "", desk.Brought{}, ""
}

// importPast looks at another desk, imports it, stops, goes on and forgets, whichever button was pressed.
func (h *house) importPast(v *visit.Visit) error {
	var in struct {
		Address string `form:"address"`
		Email   string `form:"email"`
		Token   string `form:"token"`
		Brand   string `form:"brand"`
		Do      string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if h.options.Past == nil {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	switch in.Do {
	case "look":
		if err := h.openPast(v, in.Address, in.Email, in.Token, in.Brand); err != nil {
			return h.pastWrong(v, in.Address, in.Email, err)
		}
		h.runPast(v.Actor, looking)
	case "start":
		h.runPast(v.Actor, importingAll)
	case "stop":
		h.fetched.stop()
	case "forget":
		h.fetched.forget()
	}
	return v.SeeOther("/admin/import#import-zendesk")
}

// openPast opens the desk and asks it one thing, so that a wrong token is told at once.
func (h *house) openPast(v *visit.Visit, address, email, token, chosen string) error {
	brand, err := h.importBrand(v, chosen)
	if err != nil {
		return err
	}
	past, err := h.options.Past(address, email, token)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(v.Context(), 20*time.Second) // somebody waits for the page
	defer cancel()
	if _, err := past.Holds(ctx); err != nil {
		if ctx.Err() != nil && v.Context().Err() == nil {
			err = fault.Wrap(err, fault.Unavailable, "%s takes long to answer; try again in a minute", past.Name())
		}
		return err
	}
	if !h.fetched.hold(past, email, brand) {
		return fault.New(fault.Conflict, "another desk is imported just now; wait for it, or stop it")
	}
	return nil
}

func (h *house) pastWrong(v *visit.Visit, address, email string, err error) error {
	if visit.Status(err) >= 500 && !fault.Is(err, fault.Unavailable) {
		return err
	}
	says := shared.FormError{Field: "zendesk-address", Says: sentence(fault.Says(err))}
	return h.importPage(v, http.StatusUnprocessableEntity, admin.Import{Other: &admin.Other{Errors: []shared.FormError{says}, Address: address, Email: email}})
}

// runPast does the work behind the page.
func (h *house) runPast(actor access.Actor, as stage) {
	f := &h.fetched
	ctx, past, brand, turn, ok := f.begin(as)
	if !ok {
		return
	}
	go func() {
		done, err := h.desk.ImportPast(ctx, actor, past, desk.FromPast{Brand: brand, Look: as == looking}, func(so desk.Brought) { f.told(turn, so) })
		if err != nil && ctx.Err() == nil {
			slog.Error("an import of another desk ended early", "from", past.Name(), "read", done.Read, "error", err)
		}
		f.over(turn, done, err)
	}()
}

// otherDesk is the part of the page about another desk. What a refused form had in it is kept, but for the token.
func (h *house) otherDesk(house desk.House, typed *admin.Other) *admin.Other {
	f := &h.fetched
	f.mu.Lock()
	defer f.mu.Unlock()
	view := &admin.Other{Brands: brandOptions(house, f.brand), Email: f.email, Address: f.name}
	if typed != nil {
		view.Errors, view.Address, view.Email = typed.Errors, typed.Address, typed.Email
	}
	view.Demo = h.options.Demo != nil
	view.Form = typed != nil || f.stage == idle || f.stage == finished
	if f.stage != idle {
		f.tell(view)
	}
	return view
}

// tell fills in how far it has come.
func (f *fetching) tell(view *admin.Other) {
	view.Name, view.Says = f.name, f.says()
	view.Running = f.stage == looking || f.stage == importingAll
	view.Done, view.Of = f.done.Read, max(f.done.Size.Tickets, f.done.Read)
	view.Counts = f.counts()
	view.Troubles = troublesOf(f.done.Imported)
	if f.done.More > 0 {
		view.More = fmt.Sprintf("And %d more.", f.done.More)
	}
	view.Stop, view.Forget = view.Running, !view.Running && f.past != nil
	view.Start = f.next()
	if f.stage == finished || f.stage == looked {
		view.Report = f.report()
	}
}

// next is what the button that imports says.
func (f *fetching) next() string {
	switch {
	case f.stage == looking:
		return "Import now"
	case f.stage == looked, f.stage == stopped && f.begun == looking:
		return "Import it"
	case f.stage == stopped:
		return "Go on"
	}
	return ""
}

func (f *fetching) says() string {
	switch f.stage {
	case looking:
		return "Reading " + f.name + ". Nothing is stored."
	case looked:
		return "This is what would come from " + f.name + ". Nothing is stored yet."
	case importingAll:
		return "Importing " + f.name + "."
	case finished:
		return fmt.Sprintf("Imported from %s: %d new tickets, %d with something new, %d here already.", f.name, f.done.New, f.done.Added, f.done.Known)
	}
	if f.wrong != "" {
		return "Stopped. " + sentence(f.wrong)
	}
	return "Stopped. What came in stays, and going on takes up the rest."
}

// counts are the numbers of what was read.
func (f *fetching) counts() []admin.Count {
	d := f.done
	tickets := "Tickets"
	if f.stage == looking || f.stage == importingAll {
		tickets = fmt.Sprintf("Tickets of %d", max(d.Size.Tickets, d.Read))
	}
	counts := []admin.Count{{Number: itoa(d.Organizations), Of: "Organisations"}, {Number: itoa(d.People), Of: "Customers"}, {Number: itoa(d.Read), Of: tickets}}
	if d.Known > 0 {
		counts = append(counts, admin.Count{Number: itoa(d.Known), Of: "Here already"})
	}
	return append(counts, admin.Count{Number: itoa(d.Comments), Of: "Messages"}, admin.Count{Number: itoa(d.Files), Of: "Files, " + size(d.Bytes)})
}

// report is the whole outcome as a text.
func (f *fetching) report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", f.name, f.done.Says())
	for _, t := range f.done.Troubles {
		fmt.Fprintf(&b, "%d\t%s\t%s\n", t.Number, t.About, t.Says)
	}
	if f.done.More > 0 {
		fmt.Fprintf(&b, "and %d more\n", f.done.More)
	}
	return b.String()
}
