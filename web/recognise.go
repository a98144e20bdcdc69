package web

import (
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/web/help"
	"hark/web/portal"
	"hark/web/visit"
)

// suggest is what may answer a request that somebody begins to write, for the script of its form: known problems first, then articles.
func (h *house) suggest(v *visit.Visit) error {
	p, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	s := help.Suggestions{}
	if s.Known, err = h.recognisable(v, brand, v.Query("q"), int64(wholeNumber(v.Query("problem")))); err != nil {
		return err
	}
	if p == nil || !desk.SuggestsHelp(p) {
		return v.Render(help.Suggested(s))
	}
	found, err := h.desk.SuggestHelp(v.Context(), v.Actor, brand, v.Query("q"))
	for _, one := range found.Items {
		s.Articles = append(s.Articles, hitInHelp(one))
	}
	if err != nil {
		return err
	}
	threads, err := h.desk.ThreadsBeside(v.Context(), v.Actor, brand, v.Query("q"), true)
	if err != nil {
		return err
	}
	for _, one := range threads.Items[:min(len(threads.Items), suggestedThreads)] {
		s.Articles = append(s.Articles, help.Hit{URL: desk.PostPath(one.Post), Title: one.Title})
	}
	return v.Render(help.Suggested(s))
}

// recognisable are the known problems that a description fits. The one that was recognised already stands first, whatever is typed.
func (h *house) recognisable(v *visit.Visit, brand int64, description string, chosen int64) (all []help.Known, err error) {
	if all, err = h.recognised(v, brand, chosen); err != nil {
		return nil, err
	}
	found, p, err := h.desk.RecogniseIssues(v.Context(), brand, description)
	for _, i := range found {
		if i.ID != chosen {
			all = append(all, knownProblem(p, i))
		}
	}
	return all, err
}

// recognised is the known problem that somebody recognised; nothing when it is fixed, or everybody may read of it no longer.
func (h *house) recognised(v *visit.Visit, brand, chosen int64) ([]help.Known, error) {
	if chosen <= 0 {
		return nil, nil
	}
	i, p, err := h.desk.PublicIssue(v.Context(), brand, chosen)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	known := knownProblem(p, i)
	known.Chosen = true
	return []help.Known{known}, nil
}

func knownProblem(p *policy.Policy, i issue.Issue) help.Known {
	known := help.Known{ID: number(i.ID), Title: i.Title, Product: i.Product, Says: "We are on it, and tell everybody who has it when it is fixed.", Helps: i.Workaround, Request: "/requests/new?problem=" + number(i.ID)}
	if i.Horizon != "" {
		known.When, known.Why = sentence(i.Horizon), p.WhyNoDates()
	}
	return known
}

// fromKnown is what the request form suggests: where the script asks, and the known problem that is chosen already.
func (h *house) fromKnown(v *visit.Visit, p *policy.Policy, form *portal.New, chosen int64) error {
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	if form.Known.Known, err = h.recognised(v, brand, chosen); err != nil {
		return err
	}
	has, err := h.desk.HasPublicIssues(v.Context(), brand)
	if has || p != nil && desk.SuggestsHelp(p) {
		form.Suggest = "/requests/suggest"
	}
	return err
}

// recogniseIn puts the known problem that was recognised into a request. Whoever recognised one need not describe it.
func (h *house) recogniseIn(v *visit.Visit, in *desk.Request, chosen int64) error {
	known, err := h.recognised(v, in.Brand, chosen)
	if err != nil || len(known) == 0 {
		return err
	}
	in.Problem = chosen
	if strings.TrimSpace(in.Subject) == "" {
		in.Subject = known[0].Title
	}
	if strings.TrimSpace(in.Text) == "" {
		in.Text = "I have this too: “" + known[0].Title + "”."
	}
	return nil
}
