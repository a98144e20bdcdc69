package web

import (
	"cmp"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/policypage"
	"hark/web/visit"
)

// policy is a published page: what customers may expect, every number from the rule that makes it true. Pages for colleagues
// look the same and are there for colleagues alone.
func (h *house) policy(v *visit.Visit) error {
	if h.untold(v) {
		return h.reach(v)
	}
	p, live, err := h.policyLive(v)
	if err != nil {
		return err
	}
	id, known := pageAt(p, v.Request.URL.Path)
	if !known || p.Doc.Pages[id].Audience != "public" && !v.Actor.Staff() {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	set := press{p: p, edit: h.editsRule(v)}
	if set.lead, err = h.helpLeads(v, p); err != nil {
		return err
	}
	printed, sections, err := set.page(id, live)
	if err != nil {
		return err
	}
	view := policypage.View{
		Title: printed.Title, Since: h.time(v, printed.Since), Version: printed.Version, JSON: "/policy.json", Sections: sections,
		Hours: h.hoursPath(v, p), Regions: h.regions(v, p), Now: append(h.openLine(v, set), set.answers(printed)...),
	}
	if view.Draft, err = h.borrowed(v); err != nil {
		return err
	}
	if access.May(v.Actor, access.ApplyPolicy) {
		view.Open = unconfirmed(p)
	}
	if view.Versions, err = h.publicVersions(v); err != nil {
		return err
	}
	return h.show(v, policypage.Page(view))
}

// helpLeads is where the help that a policy speaks of stands at the brand that is visited: its articles, and its community while that is
// switched on.
func (h *house) helpLeads(v *visit.Visit, p *policy.Policy) (map[policy.SelfHelp]string, error) {
	_, brand, err := h.running(v)
	if err != nil {
		return nil, err
	}
	lead := map[policy.SelfHelp]string{}
	for _, help := range p.Doc.SelfHelp {
		switch {
		case help.Kind == policy.KnowledgeBase:
			lead[help] = helpPath(p)
		case help.Kind == policy.Community && brand.Community:
			lead[help] = desk.CommunityPath
		}
	}
	return lead, nil
}

// openLine says whether somebody is there, and until when, in the reader's own time; nothing where the policy has no hours.
func (h *house) openLine(v *visit.Visit, set press) []policypage.Line {
	says := h.openSays(v, set.p)
	if says == "" {
		return nil
	}
	return []policypage.Line{{Says: says, Bound: set.bound("now-open", "calendars."+set.p.Keys("calendars")[0])}}
}

// editsRule leads to a rule in the editor of the visitor's brand; it is nil for a visitor who may not change it.
func (h *house) editsRule(v *visit.Visit) func(path string) string {
	_, brand, err := h.running(v)
	if err != nil || !access.May(v.Actor, access.ApplyPolicy) {
		return nil
	}
	return func(path string) string { return shown{at: path}.address(brand.ID) }
}

// borrowed reports whether the visitor's brand runs on the policy a new desk begins with. It is asked for once per visit.
func (h *house) borrowed(v *visit.Visit) (bool, error) {
	type answer struct {
		borrowed bool
		err      error
	}
	a := visit.Once(v, "borrowed", func() (a answer) {
		_, brand, err := h.running(v)
		if a.err = err; err == nil {
			a.borrowed, a.err = h.desk.Borrowed(v.Context(), brand.ID)
		}
		return a
	})
	return a.borrowed, a.err
}

// untold reports whether the visitor is not told what the policy says: nobody has said yet that it is this company's.
func (h *house) untold(v *visit.Visit) bool {
	if v.Actor.Staff() {
		return false
	}
	borrowed, err := h.borrowed(v)
	if err != nil {
		v.Note(err)
	}
	return borrowed || err != nil
}

// reach is the page of a desk that has promised nothing yet: how to reach it, and no more.
func (h *house) reach(v *visit.Visit) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	address, err := h.desk.WritesFrom(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	return h.show(v, policypage.ReachPage(policypage.Reach{Address: address, Ask: "/requests/new"}))
}

// unconfirmed is what nobody has decided yet, in sentences.
func unconfirmed(p *policy.Policy) (open []string) {
	for _, a := range p.Doc.Assumptions {
		open = append(open, a.Says)
	}
	return open
}

// pageAt is the page that a policy publishes at a path. /policy and /support lead to the first public one of every policy, so
// that a link to them outlives a change of its paths.
func pageAt(p *policy.Policy, path string) (id string, known bool) {
	for _, id := range p.Pages() {
		if p.Doc.Pages[id].Path == path {
			return id, true
		}
	}
	first := publicPage(p)
	return first, first != "" && (path == "/policy" || path == "/support")
}

// mainPage is the page of a policy that its reader sees first: the first public one, and for colleagues one that is theirs alone
// where there is no other.
func mainPage(v *visit.Visit, p *policy.Policy) (string, error) {
	id := publicPage(p)
	if id == "" && !v.Actor.Staff() {
		return "", fault.New(fault.NotFound, "There is no such page.")
	}
	return id, nil
}

// publicPage is the policy's first public page, "" when it has none.
func publicPage(p *policy.Policy) string {
	for _, id := range p.Pages() {
		if p.Doc.Pages[id].Audience == "public" {
			return id
		}
	}
	return ""
}

// publicPath is where that page stands.
func publicPath(p *policy.Policy) string {
	id := publicPage(p)
	if id == "" {
		return ""
	}
	return cmp.Or(p.Doc.Pages[id].Path, "/policy")
}

// publicVersions is the history as customers see it, newest first, with what reads differently. One version is no history.
func (h *house) publicVersions(v *visit.Visit) (list []policypage.Version, err error) {
	_, brand, err := h.running(v)
	if err != nil {
		return nil, err
	}
	all, err := h.desk.PublicVersions(v.Context(), brand.ID)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	_, current, err := h.desk.Running(v.Context(), brand.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		list = append(list, policypage.Version{
			Name: one.Name, Since: h.time(v, one.Begins), URL: desk.VersionPath(one.ID), Current: one.ID == current, Coming: one.Begins.After(h.desk.Now()),
			Changes: asChanges(one.Changes),
		})
	}
	return list, nil
}

// ruleName is the last part of a rule's path as words: "reminder-1" is "Reminder 1".
func ruleName(rule string) string {
	parts := strings.Split(rule, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		if name := parts[i]; name != "after" && name != "says" && name != "within" && name != "" {
			return sentenceCase(strings.NewReplacer("-", " ", "_", " ").Replace(name))
		}
	}
	return rule
}
