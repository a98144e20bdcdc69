package web

import (
	"cmp"
	"strings"
	"time"

	"github.com/a-h/templ"

	"hark/calendar"
	"hark/desk"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The eight questions: how each is asked, and what its form means.

func (h *house) today(v *visit.Visit) calendar.Date {
	return calendar.DateOf(h.desk.Now(), v.Zone(time.UTC))
}

// choices are answers of a list; the first that equals chosen is chosen.
func choices(chosen string, pairs ...[2]string) []shared.Option {
	var all []shared.Option
	for _, p := range pairs {
		label, hint, _ := strings.Cut(p[1], "|")
		all = append(all, shared.Option{Value: p[0], Label: label, Hint: hint, Chosen: p[0] == chosen})
	}
	return all
}

func askName(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	company := cmp.Or(p.Answers.Company, h.brandName(v))
	return begin.Name{
		Company: shared.Field{Name: "company", Label: "Company", Value: company, Focus: len(wrong) == 0, Autocomplete: "organization", MaxLength: "80"},
		Product: shared.Field{Name: "product", Label: "What you support", Hint: "Your product or service by its name, when it is not the company's own.", Value: p.Answers.Product, Optional: true, MaxLength: "80"},
		Address: shared.Field{Name: "address", Label: "Mail address for customers", Hint: "They write to it, and answers come from it. Like support@example.com.", Type: "email", Value: p.Answers.Address, Optional: true, Dir: "ltr", Error: wrong["address"]},
	}.View(), nil
}

// head are the fields that every step's form has.
type head struct{ do, like, replace string }

func (in head) taken(change func(*policy.Answers), fields ...string) taken {
	return taken{change: change, fields: fields, do: cmp.Or(in.do, "next"), like: in.like, replace: in.replace}
}

func takeName(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Company string `form:"company"`
		Product string `form:"product"`
		Address string `form:"address"`
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Company, a.Product, a.Address = strings.TrimSpace(in.Company), strings.TrimSpace(in.Product), strings.TrimSpace(in.Address)
	}, "address")
	out.more = func() (string, error) { return "", h.desk.NameFirstBrand(v.Context(), v.Actor, in.Company) }
	return out, nil
}

func askFinish(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	draft, err := h.draftToPrepare(v, p)
	if err != nil {
		return nil, err
	}
	out := begin.Finish{Address: "/support", Wrong: wrong["publish"]}
	if draft == nil {
		out.Wrong = cmp.Or(out.Wrong, "The text was changed by hand and has errors; the editor names them.")
		return out.View(), nil
	}
	out.Open, out.Address = opens(draft), cmp.Or(publicPath(draft), "/policy")
	if !p.Published.IsZero() {
		out.Published = "A first version was published on " + h.time(v, p.Published).Exact + ". Publishing again makes a new one."
	}
	return out.View(), nil
}

func takeFinish(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do}.taken(nil, "publish")
	out.more = func() (string, error) { return "", h.desk.PublishPreparation(v.Context(), v.Actor) }
	return out, nil
}

// typed is what was posted in a field, the i-th of its name, when its page is shown again; otherwise what is kept.
func typed(v *visit.Visit, name string, i int, kept string) string {
	if values := v.Request.PostForm[name]; i < len(values) {
		return values[i]
	}
	return kept
}
