package web

import (
	"cmp"
	"io"
	"net/http"
	"strings"

	"hark/account"
	"hark/desk"
	"hark/fault"
	page "hark/web/customers"
	"hark/web/shared"
	"hark/web/visit"
)

// What is written down about a customer, and what a shop tells.

func productOptions(all []account.Product) (options []shared.Option) {
	for _, p := range all {
		options = append(options, shared.Option{Value: p.Name})
	}
	return options
}

// planOptions are the plans somebody can subscribe to.
func (h *house) planOptions(v *visit.Visit) (options []shared.Option) {
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return nil
	}
	for _, plan := range p.PaidPlans() {
		options = append(options, shared.Option{Value: plan.ID, Label: cmp.Or(plan.Label, plan.ID)})
	}
	return options
}

// newCustomer writes down somebody who has not written yet.
func (h *house) newCustomer(v *visit.Visit) error {
	var in struct {
		Email        string `form:"email"`
		Name         string `form:"name"`
		Organization string `form:"organization"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	brand, err := h.brandHere(v, 0)
	if err != nil {
		return err
	}
	sold, err := h.desk.Own(v.Context(), v.Actor, desk.Sale{Brand: brand, Email: in.Email, Name: in.Name, Organization: in.Organization})
	if err != nil && visit.Status(err) >= 500 {
		return err
	}
	if err == nil && sold.Person == 0 {
		err = fault.New(fault.Invalid, "a customer needs a mail address")
	}
	if err != nil {
		return h.findPage(v, http.StatusUnprocessableEntity, page.NewForm{Email: in.Email, Name: in.Name, Organization: in.Organization, Errors: []shared.FormError{{Field: "new-email", Says: sentence(fault.Says(err))}}})
	}
	return v.SeeOther(customerPath(sold.Person))
}

// customerOwns writes down what a customer owns.
func (h *house) customerOwns(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	c, err := h.desk.Customer(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return h.owns(v, desk.Sale{Email: c.Person.Email}, customerPath(id))
}

// organizationOwns writes down what an organisation owns.
func (h *house) organizationOwns(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	c, err := h.desk.Organization(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return h.owns(v, desk.Sale{Organization: c.Organization.Name}, organizationPath(id))
}

func (h *house) owns(v *visit.Visit, sale desk.Sale, back string) error {
	var in struct {
		Form         string `form:"form"`
		Licence      string `form:"licence"`
		Subscription string `form:"subscription"`
		Product      string `form:"product"`
		Version      string `form:"version"`
		Ends         string `form:"ends"`
		Site         string `form:"site"`
		Key          string `form:"key"`
		Order        string `form:"order"`
		Ordered      string `form:"ordered"`
		Status       string `form:"status"`
		Plan         string `form:"plan"`
		From         string `form:"from"`
		Until        string `form:"until"`
		Evaluating   string `form:"evaluating"`
		OfProject    string `form:"of-project"`
		Project      string `form:"project"`
		Lead         string `form:"lead"`
		Underway     string `form:"underway"`
		Phone        string `form:"phone"`
		Shared       string `form:"shared"`
		Organization string `form:"organization"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	sale.Brand, sale.Organization = brand.ID, cmp.Or(sale.Organization, in.Organization)
	sale.Licence, sale.Subscription = numberOr0(in.Licence), numberOr0(in.Subscription)
	sale.Product, sale.Version, sale.Ends, sale.Site, sale.Key, sale.Status = in.Product, in.Version, in.Ends, in.Site, in.Key, in.Status
	sale.Order, sale.Ordered, sale.Plan, sale.From, sale.Until = in.Order, in.Ordered, in.Plan, in.From, in.Until
	sale.Evaluating, sale.Phone, sale.Shared = in.Evaluating, in.Phone, in.Shared == "yes"
	sale.OfProject, sale.Project, sale.Lead, sale.Underway = numberOr0(in.OfProject), in.Project, in.Lead, in.Underway
	sale.Whole = sale.Licence != 0 || sale.Subscription != 0 || sale.OfProject != 0
	if isProject := strings.HasPrefix(in.Form, "project"); isProject && strings.TrimSpace(in.Project) == "" {
		err = fault.New(fault.Invalid, "a project needs a name")
	} else {
		_, err = h.desk.Own(v.Context(), v.Actor, sale)
	}
	if err == nil {
		return v.SeeOther(back)
	}
	if visit.Status(err) >= 500 || isNotFound(err) {
		return err
	}
	first := map[string]string{"evaluation": "evaluation-product", "phone": "phone-phone", "organization": "organization-name"}
	forms := page.Forms{Open: in.Form, Errors: []shared.FormError{{Field: cmp.Or(first[in.Form], in.Form+"-"+cmp.Or(desk.WrongField(err), firstField(in.Form))), Says: sentence(fault.Says(err))}}, Values: map[string]string{
		"product": in.Product, "version": in.Version, "ends": in.Ends, "site": in.Site, "key": in.Key, "order": in.Order, "ordered": in.Ordered, "status": in.Status,
		"plan": in.Plan, "from": in.From, "until": in.Until, "evaluating": in.Evaluating, "project": in.Project, "lead": in.Lead, "underway": in.Underway, "phone": in.Phone, "shared": in.Shared, "organization": in.Organization}}
	return h.recordOf(v, http.StatusUnprocessableEntity, forms)
}

// firstField is where an error of a form leads.
func firstField(form string) string {
	switch {
	case form == "plan":
		return "plan"
	case strings.HasPrefix(form, "plan-"):
		return "until"
	case strings.HasPrefix(form, "project"):
		return "name"
	}
	return "product"
}

func numberOr0(text string) int64 {
	n := int64(wholeNumber(text))
	return max(0, n)
}

// forgetContact forgets a telephone number.
func (h *house) forgetContact(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	contact, err := v.Number("contact")
	if err != nil {
		return err
	}
	if err := h.desk.ForgetContact(v.Context(), v.Actor, id, contact); err != nil {
		return err
	}
	return v.SeeOther(customerPath(id))
}

// sayAbout says which licence, order or evaluation a ticket is about.
func (h *house) sayAbout(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		About string `form:"about"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if _, err := h.desk.SayAbout(v.Context(), v.Actor, desk.SayAbout{Ticket: id, About: in.About, Via: "web"}); err != nil {
		return err
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)))
}

// hearShop takes an event of a shop. The signature is the only proof; whoever sends it is nobody to us.
func (h *house) hearShop(v *visit.Visit) error {
	body, err := io.ReadAll(io.LimitReader(v.Request.Body, mostShop+1))
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "the event did not come whole")
	}
	if len(body) > mostShop {
		return fault.New(fault.TooLarge, "an event has at most %d kB", mostShop>>10)
	}
	header := v.Request.Header
	heard, err := h.desk.HearShop(v.Context(), body, header.Get("Hark-Timestamp"), header.Get("Hark-Signature"))
	if err != nil {
		return err
	}
	return asJSON(v, heard)
}
