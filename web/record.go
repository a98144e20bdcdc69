package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	page "hark/web/customers"
	"hark/web/shared"
	"hark/web/visit"
)

// aboutCustomer is what stands on a record because a colleague wrote it down, as far as the policy that runs looks at it.
func (h *house) aboutCustomer(v *visit.Visit, c desk.Customer, forms page.Forms) (all []page.Said) {
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return nil
	}
	own, from := c.Person.Facts, "from "+c.Organization.Name
	if c.Person.ID == 0 {
		own, from = c.Organization.Facts, ""
	}
	staff, err := h.desk.Staff(v.Context(), v.Actor)
	if err != nil {
		v.Note(err)
	}
	for _, ask := range p.RecordAsks() {
		value := saidOf(own, ask.Fact)
		one := page.Said{Name: sentenceCase(ask.Says), Value: recordSays(ask, value, staff)}
		if value == "" && from != "" {
			if one.Value = recordSays(ask, saidOf(c.Organization.Facts, ask.Fact), staff); one.Value != "" {
				one.From = from
			}
		}
		if forms.Open == "record" {
			value = forms.Values[ask.Fact]
		}
		one.Field = recordField(ask, value, staff)
		all = append(all, one)
	}
	return all
}

func saidOf(facts map[string]any, name string) string {
	if value := facts[name]; value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// recordSays is a value of a record as people read it.
func recordSays(ask policy.RecordAsk, value string, staff []account.Person) string {
	for _, p := range staff {
		if ask.Colleague && p.Email == value {
			return p.Display()
		}
	}
	if ask.Type == "bool" && value != "" {
		return map[string]string{"true": "Yes", "false": "No"}[value]
	}
	return ask.Label(value)
}

// recordField is the field that changes it: a menu where there are values to choose from.
func recordField(ask policy.RecordAsk, value string, staff []account.Person) shared.Field {
	f := shared.Field{Name: "said:" + ask.Fact, ID: "record-" + factID(ask.Fact), Label: sentenceCase(ask.Says), Value: value, Type: fieldTypes[ask.Type], Optional: true, MaxLength: "200"}
	add := func(value, label string) {
		f.Type, f.Options = "select", append(f.Options, shared.Option{Value: value, Label: label, Chosen: value == f.Value})
	}
	switch {
	case ask.Colleague:
		add("", "Nobody has said")
		for _, p := range staff {
			if !p.Suspended || p.Email == value {
				add(p.Email, p.Display())
			}
		}
	case ask.Type == "bool":
		add("", "Nobody has said")
		add("true", "Yes")
		add("false", "No")
	case len(ask.Values) > 0:
		add("", "Nobody has said")
		for _, one := range ask.Values {
			add(one, cmp.Or(ask.Label(one), one))
		}
	}
	return f
}

// keepCustomer writes on the record of a person.
func (h *house) keepCustomer(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.keepRecord(v, desk.KeepRecord{Person: id}, customerPath(id))
}

// keepOrganization writes on the record of an organisation, for all its people.
func (h *house) keepOrganization(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.keepRecord(v, desk.KeepRecord{Organization: id}, organizationPath(id))
}

func (h *house) keepRecord(v *visit.Visit, in desk.KeepRecord, back string) error {
	var form struct {
		Said map[string][]string `form:"said:*"`
	}
	if err := v.Form(&form); err != nil {
		return err
	}
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	in.Brand, in.Facts = brand.ID, map[string]string{}
	for fact, values := range form.Said {
		in.Facts[fact] = strings.Join(values, "")
	}
	err = h.desk.KeepRecord(v.Context(), v.Actor, in)
	if err == nil {
		return v.SeeOther(back + "#about")
	}
	if visit.Status(err) >= 500 || isNotFound(err) {
		return err
	}
	return h.recordOf(v, http.StatusUnprocessableEntity, page.Forms{Open: "record", Values: in.Facts, Errors: []shared.FormError{{Field: "about", Says: sentence(fault.Says(err))}}})
}
