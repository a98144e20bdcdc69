package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/ticket"
	"hark/web/inbox"
	"hark/web/shared"
	"hark/web/visit"
)

// bulk is what can be done to several tickets at once.
func (h *house) bulk(v *visit.Visit) (inbox.Bulk, error) {
	b := inbox.Bulk{Refused: v.Told(v.Query("refused"))}
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return b, err
	}
	for _, id := range p.States() {
		if c := p.Category(id); c != ticket.Closed && c != ticket.New {
			b.Statuses = append(b.Statuses, h.status(p, id))
		}
	}
	b.Priorities = priorities("")
	b.Assignees, err = h.assignees(v, 0)
	return b, err
}

// inBulk is what is asked of the selected tickets: one thing for all of them.
type inBulk struct {
	Tickets  []string `form:"ticket"`
	Status   string   `form:"status"`
	Assign   string   `form:"assign"`
	Priority string   `form:"priority"`
	Tag      string   `form:"tag"`
	Later    string   `form:"later"`
	Return   string   `form:"return"`
}

// set is what is asked, as a change of one of the tickets by somebody.
func (in inBulk) set(by int64) (desk.Set, error) {
	set := desk.Set{Via: "web", Status: given(in.Status), Priority: given(in.Priority)}
	if tag := strings.TrimSpace(in.Tag); tag != "" {
		set.Tags = []string{tag}
	}
	switch in.Assign {
	case "":
	case "me":
		set.Assignee = &by
	default:
		person, err := strconv.ParseInt(in.Assign, 10, 64)
		if err != nil {
			return set, fault.New(fault.Invalid, "%q is nobody.", in.Assign)
		}
		set.Assignee = &person
	}
	return set, nil
}

// given is what a field holds, nil when it was left empty.
func given(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// bulkChange does one thing to every selected ticket and says what it could not do to some. For a moment all of it can be taken back.
func (h *house) bulkChange(v *visit.Visit) error {
	var in inBulk
	if err := v.Form(&in); err != nil {
		return err
	}
	tickets, err := ticketsIn(in.Tickets)
	if err != nil {
		return err
	}
	set, err := in.set(v.Actor.Person)
	if err != nil {
		return err
	}
	var taken undoables
	refused, err := inTurn(tickets, func(id int64) error {
		if in.Later != "" {
			return h.desk.ReplyLater(v.Context(), v.Actor, id, in.Later == "yes")
		}
		set.Ticket = id
		done, err := h.desk.Set(v.Context(), v.Actor, set)
		taken.add(done)
		return err
	})
	if err != nil {
		return err
	}
	h.offerUndo(v, taken)
	return v.SeeOther(refused.says(v, "changed", visit.LocalPath(in.Return, "/inbox")))
}

// bulkUndo takes back what was done to several tickets a moment ago.
func (h *house) bulkUndo(v *visit.Visit) error {
	var in struct {
		Changes []string `form:"change"`
		Return  string   `form:"return"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	refused, err := inTurn(in.Changes, func(change string) error {
		id, audit, err := readChange(change)
		if err == nil {
			_, err = h.desk.Undo(v.Context(), v.Actor, id, audit)
		}
		return err
	})
	if err != nil {
		return err
	}
	h.offerUndo(v, undoables{})
	back := refused.says(v, "taken back", visit.LocalPath(in.Return, "/inbox"))
	if refused.count == 0 {
		return h.done(v, "taken-back", back)
	}
	return v.SeeOther(back)
}

// ticketsIn are the tickets that were chosen in a form.
func ticketsIn(numbers []string) (ids []int64, err error) {
	for _, number := range numbers {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is not the number of a ticket.", number)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// refusals are what could not be done to some of several, and why not to the last of them.
type refusals struct {
	count, of int
	last      string
}

// inTurn does something with each. What is refused for one is done to the others all the same; a fault of ours ends it.
func inTurn[T any](all []T, do func(T) error) (r refusals, err error) {
	r.of = len(all)
	for _, one := range all {
		err := do(one)
		if err != nil && visit.Status(err) >= 500 {
			return r, err
		}
		if err != nil {
			r.count, r.last = r.count+1, fault.Says(err)
		}
	}
	return r, nil
}

// says adds to the way back what the list is to say about them, in place of what it said of an earlier change.
func (r refusals) says(v *visit.Visit, what, back string) string {
	back = withoutQuery(back, "refused")
	if r.count == 0 {
		return back
	}
	return addQuery(back, "refused", v.Tell(strconv.Itoa(r.count)+" of "+strconv.Itoa(r.of)+" could not be "+what+": "+r.last))
}

// undoables are what was done to several tickets, each as its ticket and the audit that can be taken back: "12-345".
type undoables struct {
	each  []string
	until time.Time
}

func (c *undoables) add(done desk.Done) {
	if done.Audit != 0 {
		c.each, c.until = append(c.each, number(done.Ticket.ID)+"-"+number(done.Audit)), done.Until
	}
}

func readChange(change string) (id, audit int64, err error) {
	first, second, _ := strings.Cut(change, "-")
	id, err = strconv.ParseInt(first, 10, 64)
	if err == nil {
		audit, err = strconv.ParseInt(second, 10, 64)
	}
	if err != nil {
		err = fault.New(fault.Invalid, "%q is no change of a ticket.", change)
	}
	return id, audit, err
}

const changedCookie = "changed"

// offerUndo lets the browser carry what can be taken back to the pages of the next seconds; nothing ends an offer. Whose it is, and whether
// it still can be, is looked at when it is taken.
func (h *house) offerUndo(v *visit.Visit, c undoables) {
	value, age := "", -1
	if len(c.each) > 0 {
		value, age = number(c.until.UnixMilli())+"."+strings.Join(c.each, "."), int(desk.UndoWindow.Seconds())
	}
	v.Writer.Header().Add("Set-Cookie", h.options.Guard.Cookie(changedCookie, value, age).String())
}

// undoable is what was done to several tickets and can still be taken back, nil when nothing can. Unlike other toasts it is said again when
// the list refreshes itself, which it does at once because its tickets changed.
func (h *house) undoable(v *visit.Visit) *shared.Toast {
	parts := strings.Split(cookie(v, changedCookie), ".")
	until, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || !h.desk.Now().Before(time.UnixMilli(until)) {
		return nil
	}
	back := "/inbox"
	if v.Request.Method == http.MethodGet {
		back = v.Request.URL.RequestURI()
	}
	return &shared.Toast{Says: tickets(len(parts)-1) + " changed.", Undo: "/inbox/bulk/undo", Changes: parts[1:], Return: back}
}

// tickets is a number of them in words.
func tickets(n int) string {
	if n == 1 {
		return "1 ticket"
	}
	return strconv.Itoa(n) + " tickets"
}
