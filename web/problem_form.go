package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"hark/desk"
	"hark/fault"
	"hark/issue"
	page "hark/web/problems"
	"hark/web/shared"
	"hark/web/visit"
)

// newProblem is the form for one that is not known yet, from a ticket or without.
func (h *house) newProblem(v *visit.Visit) error {
	return h.problemForm(v, http.StatusOK, problemFields{Key: visit.Random(), Ticket: v.Query("ticket"), Reach: string(issue.SystemWide), Severity: string(issue.Serious)}, nil)
}

// problemFields is what the form sends, for a new problem and for one that is changed.
type problemFields struct {
	Key          string `form:"key"`
	Ticket       string `form:"ticket"`
	Brand        int64  `form:"brand"`
	Base         int64  `form:"base"`
	Title        string `form:"title"`
	Product      string `form:"product"`
	Happens      string `form:"happens"`
	Reach        string `form:"reach"`
	Severity     string `form:"severity"`
	Workaround   string `form:"workaround"`
	Horizon      string `form:"horizon"`
	Plan         string `form:"plan"`
	Estimate     string `form:"estimate"`
	Tracker      string `form:"tracker"`
	Announcement string `form:"announcement"`
	Public       string `form:"public"` // yes, no
}

func (in problemFields) text() desk.IssueText {
	return desk.IssueText{Title: in.Title, Product: in.Product, Happens: in.Happens, Reach: in.Reach, Severity: in.Severity, Workaround: in.Workaround, Plan: in.Plan,
		Horizon: in.Horizon, Estimate: in.Estimate, Tracker: in.Tracker, Announcement: in.Announcement, Public: in.Public == "yes"}
}

func fieldsOf(p desk.IssuePage) problemFields {
	i := p.Issue
	return problemFields{Base: p.Base, Title: i.Title, Product: i.Product, Happens: i.Happens, Reach: string(i.Reach), Severity: string(i.Severity), Workaround: i.Workaround,
		Horizon: i.Horizon, Plan: i.Plan, Estimate: isoDay(i.Estimate), Tracker: i.Tracker, Announcement: i.Announcement, Public: yesOrNo(i.Public)}
}

func yesOrNo(is bool) string { return map[bool]string{true: "yes", false: "no"}[is] }

// openProblem writes one down.
func (h *house) openProblem(v *visit.Visit) error {
	var in problemFields
	if err := v.Form(&in); err != nil {
		return err
	}
	id, err := h.desk.OpenIssue(v.Context(), v.Actor, desk.OpenIssue{Ticket: ticketIn(in.Ticket), Brand: in.Brand, Text: in.text(), Key: in.Key})
	if again, shown := h.problemRefused(v, in, nil, err); again {
		return shown
	}
	return h.done(v, "problem-opened", problemPath(id))
}

func ticketIn(text string) (id int64) {
	_, _ = fmt.Sscan(text, &id)
	return id
}

// problemRefused shows the form again where a value cannot be kept; again is false when there is nothing to show.
func (h *house) problemRefused(v *visit.Visit, in problemFields, of *desk.IssuePage, err error) (again bool, shown error) {
	var wrong *issue.Wrong
	switch {
	case err == nil:
		return false, nil
	case fault.Is(err, fault.Conflict) && of != nil:
		in.Base = of.Base // the next one knows what it writes over
		return true, h.problemForm(v, visit.Status(err), in, of, err)
	case errors.As(err, &wrong), fault.Is(err, fault.Refused), fault.Is(err, fault.Conflict):
		return true, h.problemForm(v, visit.Status(err), in, of, err)
	}
	return true, err
}

// problemForm shows the form with what was typed, and why it cannot be kept.
func (h *house) problemForm(v *visit.Visit, status int, in problemFields, of *desk.IssuePage, refused ...error) error {
	form := page.Form{Ticket: in.Ticket, Key: in.Key, Base: number(in.Base), Wrong: map[string]string{}, Values: map[string]string{
		"title": in.Title, "happens": in.Happens, "workaround": in.Workaround, "plan": in.Plan, "estimate": in.Estimate, "tracker": in.Tracker, "announcement": in.Announcement,
	}}
	brand, err := h.problemBrand(v, &form, in, of)
	if err != nil {
		return err
	}
	p, err := h.desk.IssueRules(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	if form.Products, err = h.problemProducts(v, brand, in.Product); err != nil {
		return err
	}
	form.Reaches = []shared.Option{{Value: string(issue.SystemWide), Label: "Everybody", Chosen: in.Reach != string(issue.Local)}, {Value: string(issue.Local), Label: "One site only", Chosen: in.Reach == string(issue.Local)}}
	form.Readers = []shared.Option{
		{Value: "no", Label: "Whoever has reported it", Chosen: in.Public != "yes"},
		{Value: "yes", Label: "Whoever is about to ask about it", Hint: "It stands beside the request form while they type, and in the search of the help. They can say “This is it”.", Chosen: in.Public == "yes"},
	}
	for _, s := range issue.Severities {
		form.Severities = append(form.Severities, shared.Option{Value: string(s), Label: severityLabels[s], Chosen: string(s) == in.Severity})
	}
	if words := p.Horizons(); len(words) > 0 {
		form.Horizons = []shared.Option{{Label: "Nobody can say yet", Chosen: in.Horizon == ""}}
		for _, word := range words {
			form.Horizons = append(form.Horizons, shared.Option{Value: word, Label: sentenceCase(word), Chosen: word == in.Horizon})
		}
		form.WhyNoDates = p.WhyNoDates()
	}
	form.GivesDates = p.GivesDates()
	for _, why := range refused {
		refuse(&form, why)
	}
	return h.showStatus(v, status, page.FormPage(form))
}

// refuse leads from the reason to the field that it is about.
func refuse(form *page.Form, why error) {
	if why == nil {
		return
	}
	says, field := sentence(fault.Says(why)), ""
	if wrong := (*issue.Wrong)(nil); errors.As(why, &wrong) {
		field = wrong.Field
		form.Wrong[field] = says
	}
	form.Errors = append(form.Errors, shared.FormError{Field: field, Says: says})
}

// problemProducts are the products that a known problem can be of, none where there is nothing to choose.
func (h *house) problemProducts(v *visit.Visit, brand int64, chosen string) (all []shared.Option, err error) {
	names, err := h.desk.IssueProducts(v.Context(), v.Actor, brand)
	if chosen != "" && !slices.Contains(names, chosen) {
		names = append(names, chosen)
	}
	if err != nil || len(names) == 0 {
		return nil, err
	}
	all = []shared.Option{{Label: "All of them, or nobody has said", Chosen: chosen == ""}}
	for _, name := range names {
		all = append(all, shared.Option{Value: name, Label: name, Chosen: name == chosen})
	}
	return all, nil
}

// problemBrand is the brand whose policy the form asks under: the ticket's, the record's, or the first that speaks of known problems.
func (h *house) problemBrand(v *visit.Visit, form *page.Form, in problemFields, of *desk.IssuePage) (int64, error) {
	brand := in.Brand
	switch {
	case of != nil:
		form.ID, form.Fixed, brand = number(of.Issue.ID), of.Issue.IsFixed(), of.Issue.Brand
	case ticketIn(in.Ticket) != 0:
		t, err := h.desk.TicketPage(v.Context(), v.Actor, ticketIn(in.Ticket))
		if err != nil {
			return 0, err
		}
		form.Subject, brand = subjectOr(t.Ticket.Subject), t.Ticket.Brand
	default:
		brands, err := h.desk.IssueBrands(v.Context(), v.Actor)
		if err != nil {
			return 0, err
		}
		for i, b := range brands {
			chosen := b.ID == in.Brand || in.Brand == 0 && i == 0
			form.Brands = append(form.Brands, shared.Option{Value: number(b.ID), Label: b.Name, Chosen: chosen})
			if chosen {
				brand = b.ID
			}
		}
	}
	return brand, nil
}

// editProblem is the form with what is known.
func (h *house) editProblem(v *visit.Visit) error {
	p, err := h.problemNamed(v)
	if err != nil {
		return err
	}
	return h.problemForm(v, http.StatusOK, fieldsOf(p), &p)
}

func (h *house) problemNamed(v *visit.Visit) (p desk.IssuePage, err error) {
	id, err := v.Number("id")
	if err != nil {
		return p, err
	}
	return h.desk.IssuePage(v.Context(), v.Actor, id, "")
}

// changeProblem keeps what is known now.
func (h *house) changeProblem(v *visit.Visit) error {
	var in problemFields
	if err := v.Form(&in); err != nil {
		return err
	}
	p, err := h.problemNamed(v)
	if err != nil {
		return err
	}
	if in.Announcement == "" && !p.Issue.IsFixed() {
		in.Announcement = p.Issue.Announcement // the form asks for it once it is fixed
	}
	err = h.desk.ChangeIssue(v.Context(), v.Actor, desk.ChangeIssue{Issue: p.Issue.ID, Text: in.text(), Base: in.Base})
	if again, shown := h.problemRefused(v, in, &p, err); again {
		return shown
	}
	return h.done(v, "problem-kept", problemPath(p.Issue.ID))
}
