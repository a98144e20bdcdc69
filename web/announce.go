package web

import (
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/web/policypage"
	"hark/web/shared"
	"hark/web/visit"
)

// newsCookie remembers the version whose announcement this browser has put away.
const newsCookie = "news"

// news is what a changed policy wants to be said above every page: to everybody but those who work here when it is announced on the
// website, to whoever is signed in when it is announced in the product. Whoever has put it away does not see it again, until there is other news.
func (h *house) news(v *visit.Visit, p *policy.Policy, brand int64) (*shared.News, error) {
	news, err := h.desk.PolicyNews(v.Context(), brand)
	if err != nil || news.Version == 0 || cookie(v, newsCookie) == number(news.Version) || v.Request.URL.Path == desk.VersionPath(news.Version) {
		return nil, err
	}
	if told := news.Website && !v.Actor.Staff() || news.InApp && v.Session != ""; !told {
		return nil, nil
	}
	says := "Our support policy has changed on "
	if news.Begins.After(h.desk.Now()) {
		says = "Our support policy changes on "
	}
	return &shared.News{ID: number(news.Version), Says: says + news.Begins.In(p.Zone).Format("2 January 2006") + ".", Label: "Read what is different", URL: desk.VersionPath(news.Version)}, nil
}

// asChanges are differences as a page draws them.
func asChanges(differences []policy.Difference) (all []shared.Change) {
	for _, d := range differences {
		all = append(all, shared.Change{Where: d.Where, Before: d.Old, After: d.New})
	}
	return all
}

// policyVersion is the public page as one version printed it, with what is different in it. Its address never changes.
func (h *house) policyVersion(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	version, p, err := h.desk.PolicyVersion(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	here := h.region(v, p)
	first, err := mainPage(v, p)
	if err != nil {
		return err
	}
	printed, sections, err := press{p: p, edit: h.editsRule(v)}.page(first, policy.Live{Zone: here.zone, Region: here.id})
	if err != nil {
		return err
	}
	view := policypage.View{Title: printed.Title, Since: h.time(v, version.Effective), Version: printed.Version, Coming: version.Effective.After(h.desk.Now()), Sections: sections}
	if view.Compared, view.Changes, err = h.compared(v, version); err != nil {
		return err
	}
	if running, current, err := h.desk.Running(v.Context(), version.Brand); err == nil && current != id {
		view.Old, view.OldTitle, view.OldURL = h.oldSays(v, version), oldTitle(view.Coming), publicPath(running)
	}
	return h.show(v, policypage.Page(view))
}

// compared says what is different in a version, and from which one. An administrator sees it before customers are told.
func (h *house) compared(v *visit.Visit, version store.PolicyVersion) (from string, changes []shared.Change, err error) {
	one, err := h.desk.ComparedVersion(v.Context(), v.Actor, version.ID)
	if err != nil || one.Before == "" {
		return "", nil, err
	}
	return one.Before, asChanges(one.Changes), nil
}

func oldTitle(coming bool) string {
	if coming {
		return "Not in force yet"
	}
	return "An earlier version"
}

func (h *house) oldSays(v *visit.Visit, version store.PolicyVersion) string {
	if version.Effective.After(h.desk.Now()) {
		return "It holds from " + h.time(v, version.Effective).Exact + "."
	}
	return "Tickets that began under it keep it."
}
