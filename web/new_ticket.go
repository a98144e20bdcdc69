package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// A ticket that an agent writes down for a customer. It belongs to the brand of the host it is written on, or to the one that is
// chosen above the form: the kinds there are, the promise and the mail are that brand's.

// ticketFields is what the form sends.
type ticketFields struct {
	Brand     int64  `form:"brand"`
	Requester string `form:"requester"`
	Subject   string `form:"subject"`
	Body      string `form:"body"`
	Kind      string `form:"kind"`
	Key       string `form:"key"`
}

// newTicket is the form.
func (h *house) newTicket(v *visit.Visit) error {
	brand, _ := strconv.ParseInt(v.Query("brand"), 10, 64)
	return h.newTicketForm(v, http.StatusOK, ticketFields{Brand: brand, Requester: v.Query("requester")}, nil)
}

// newTicketForm shows the form with what was written, and what was refused about it.
func (h *house) newTicketForm(v *visit.Visit, status int, in ticketFields, refused error) error {
	form := page.Form{Key: visit.Random(), Requester: in.Requester, Subject: in.Subject, Body: in.Body, Wrong: map[string]string{}}
	if refused != nil {
		field := cmp.Or(desk.WrongField(refused), "subject")
		form.Wrong[field] = sentence(fault.Says(refused))
		form.Errors = []shared.FormError{{Field: field, Says: form.Wrong[field]}}
	}
	p, err := h.brandOfTicket(v, in, &form)
	if err != nil {
		return err
	}
	if p != nil {
		form.Kinds = ticketKinds(p, cmp.Or(in.Kind, p.DefaultKind()))
	}
	return h.showStatus(v, status, page.New(form))
}

// brandOfTicket says for which brand the form asks, and offers the others. It returns that brand's policy, nil while it has none.
func (h *house) brandOfTicket(v *visit.Visit, in ticketFields, form *page.Form) (chosen *policy.Policy, err error) {
	brands, err := h.desk.RunningBrands(v.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	if in.Brand, err = h.brandHere(v, in.Brand); err != nil {
		return nil, err
	}
	form.Brand = number(in.Brand)
	for _, b := range brands {
		here := b.Brand.ID == in.Brand
		if here {
			chosen = b.Policy
		}
		form.Brands = append(form.Brands, page.BrandChoice{Name: b.Brand.Name, URL: newTicketPath(b.Brand.ID, in.Requester), Current: here})
	}
	return chosen, nil
}

func newTicketPath(brand int64, requester string) string {
	query := url.Values{"brand": {number(brand)}}
	if requester != "" {
		query.Set("requester", requester)
	}
	return "/tickets/new?" + query.Encode()
}

func ticketKinds(p *policy.Policy, chosen string) (options []shared.Option) {
	for _, id := range p.Kinds() {
		options = append(options, shared.Option{Value: id, Label: p.Doc.Kinds[id].Label, Chosen: id == chosen})
	}
	return options
}

// createTicket makes it. A form that cannot be used comes back with everything that was written.
func (h *house) createTicket(v *visit.Visit) error {
	var in ticketFields
	if err := v.Form(&in); err != nil {
		return err
	}
	done, err := h.writeDown(v, in)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) {
		return h.newTicketForm(v, visit.Status(err), in, err)
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(done.Ticket.ID))
}

func (h *house) writeDown(v *visit.Visit, in ticketFields) (desk.Done, error) {
	brand, err := h.brandHere(v, in.Brand)
	if err != nil {
		return desk.Done{}, err
	}
	return h.desk.Create(v.Context(), v.Actor, desk.Request{Brand: brand, Requester: in.Requester, Subject: in.Subject, Text: in.Body, Kind: in.Kind, Key: in.Key, Channel: "phone_in"})
}

// brandHere is the brand a form names, and the one of the host it was written on when it names none.
func (h *house) brandHere(v *visit.Visit, named int64) (int64, error) {
	if named != 0 {
		return named, nil
	}
	_, brand, err := h.running(v)
	return brand.ID, err
}
