package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/editor"
	"hark/web/policypage"
	"hark/web/shared"
	"hark/web/visit"
)

// rules tells what is promised now, what comes and what was.
func (h *house) rules(v *visit.Visit) error {
	brand, house, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	view := editor.Home{Brand: number(brand), Brands: brandOptions(house, brand)}
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	if !draft.Saved.IsZero() {
		view.Draft = "You have a draft, saved " + h.time(v, draft.Saved).Relative + "."
	}
	versions, err := h.desk.PolicyHistory(v.Context(), brand)
	if err != nil {
		return err
	}
	running, current, err := h.desk.Running(v.Context(), brand)
	if err != nil && fault.KindOf(err) != fault.Refused {
		return err
	}
	if running != nil {
		view.Page = publicPath(running)
	}
	view.Versions = h.versions(v, versions, current, house.Staff)
	if view.Asked, err = h.askedFor(v, brand, house.Staff); err != nil {
		return err
	}
	for _, name := range policy.Examples() {
		view.Examples = append(view.Examples, editor.Example{Name: name, Says: policy.ExampleSays(name)})
	}
	return h.show(v, editor.HomePage(view))
}

// brandAsked is the brand a page is about: the one its address names, else the first.
func (h *house) brandAsked(v *visit.Visit) (int64, desk.House, error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil || v.Query("brand") == "" {
		return firstBrand(house), house, err
	}
	brand, err := strconv.ParseInt(v.Query("brand"), 10, 64)
	if err != nil || !slices.ContainsFunc(house.Brands, func(b account.Brand) bool { return b.ID == brand }) {
		err = fault.New(fault.NotFound, "There is no such page.")
	}
	return brand, house, err
}

func firstBrand(house desk.House) int64 {
	if len(house.Brands) == 0 {
		return 0
	}
	return house.Brands[0].ID
}

func brandOptions(house desk.House, chosen int64) (options []shared.Option) {
	for _, b := range house.Brands {
		options = append(options, shared.Option{Value: number(b.ID), Label: b.Name, Chosen: b.ID == chosen})
	}
	return options
}

// versions are the entries of a history. What changed is said for the newest ones, where people look.
func (h *house) versions(v *visit.Visit, all []store.PolicyVersion, current int64, staff []account.Person) (list []editor.Version) {
	const compared = 10
	now := h.desk.Now()
	for i, one := range all {
		entry := editor.Version{
			ID: number(one.ID), Name: cmp.Or(one.Version, one.Name), Since: h.time(v, one.Effective), By: bySays(staff, one),
			Reason: one.Reason, URL: "/policy/versions/" + number(one.ID), Coming: one.Effective.After(now), Current: one.ID == current,
		}
		if i+1 < len(all) && i < compared {
			entry.Changes = changesBetween(all[i+1], one)
		}
		list = append(list, entry)
	}
	return list
}

func nameOf(staff []account.Person, id int64) string {
	for _, p := range staff {
		if p.ID == id {
			return p.Display()
		}
	}
	return ""
}

func changesBetween(before, after store.PolicyVersion) []shared.Change {
	was, _ := policy.Parse(before.Name, []byte(before.Source))
	is, _ := policy.Parse(after.Name, []byte(after.Source))
	if was == nil || is == nil {
		return nil
	}
	rules, _ := changes(was, is)
	return rules
}

// changes are the differences between two policies in words: of the rules, and of the sentences customers read.
func changes(was, is *policy.Policy) (rules, sentences []shared.Change) {
	for _, d := range policy.Differences(was, is) {
		change := shared.Change{Where: d.Where, Before: d.Old, After: d.New}
		if settled(d) {
			change.After = "confirmed"
		}
		if d.Kind == "page" {
			sentences = append(sentences, change)
		} else {
			rules = append(rules, change)
		}
	}
	return rules, sentences
}

// beginRules puts an example or an earlier version into the visitor's draft.
func (h *house) beginRules(v *visit.Visit) error {
	var in struct {
		Brand   int64  `form:"brand"`
		Example string `form:"example"`
		Version int64  `form:"version"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	source, to, err := h.beginning(v, in.Example, in.Version)
	if err != nil {
		return err
	}
	before, err := h.desk.PolicyDraft(v.Context(), v.Actor, in.Brand)
	if err != nil {
		return err
	}
	draft := desk.PolicyDraft{Source: source}
	if !before.Saved.IsZero() {
		draft.Before, draft.Did = before.Source, "Your draft began anew."
	}
	if err := h.desk.SavePolicyDraft(v.Context(), v.Actor, in.Brand, draft); err != nil {
		return err
	}
	return v.SeeOther(to + "?brand=" + number(in.Brand))
}

func (h *house) beginning(v *visit.Visit, example string, version int64) (source, to string, err error) {
	if version != 0 {
		kept, _, err := h.desk.PolicyVersion(v.Context(), v.Actor, version)
		return kept.Source, "/admin/policy/plan", err
	}
	text, known := policy.Example(example)
	if !known {
		return "", "", fault.New(fault.NotFound, "there is no example called %q", example)
	}
	return string(text), "/admin/policy/edit", nil
}

// editRules shows the draft: as a form or as its text, what there is to mend, the page it prints, and what it does to one ticket.
func (h *house) editRules(v *visit.Visit) error {
	brand, err := h.brandTried(v)
	if err != nil {
		return err
	}
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	return h.showRules(v, 200, brand, draft, shown{section: v.Query("section"), at: v.Query("at")}, wrongRules{})
}

// wrongRules is what could not be done, in words for the editor as a whole, or for the trial in it.
type wrongRules struct {
	says  string
	typed string // a text that could not be saved, "" when the draft is what was typed
	trial *refusedTrial
}

func (h *house) showRules(v *visit.Visit, status int, brand int64, draft desk.PolicyDraft, at shown, wrong wrongRules) error {
	view := editor.Edit{Brand: number(brand), Name: "Policy", Source: draft.Source, Drawn: draft.Mark(), Wrong: wrong.says}
	if !draft.Saved.IsZero() {
		view.Saved = "Draft saved " + h.time(v, draft.Saved).Relative
	}
	if draft.Before != "" {
		view.Undo = draft.Did
	}
	running, _, err := h.desk.Running(v.Context(), brand)
	if err != nil && fault.KindOf(err) != fault.Refused {
		return err
	}
	p, findings, _ := desk.CheckPolicy("policy", []byte(draft.Source))
	view.Findings, view.Errors = editorFindings(findings, draft.Source), findings.Errors()
	text, _ := policy.ReadText([]byte(draft.Source))
	if text != nil {
		fillForm(&view, text, findings, at)
		view.Draws = text.Known("procedures")
		if view.Sheet != nil {
			view.Sheet.Decided = decided(running, p)
		}
	}
	if p != nil {
		view.Name = cmp.Or(p.Doc.Company, p.Name)
		if err := h.previewRules(v, &view, p, text, running, brand); err != nil {
			return err
		}
	}
	if view.Trial, err = h.trialAsked(v, draft, p, running, wrong.trial); err != nil {
		return err
	}
	if wrong.typed != "" {
		view.Source = wrong.typed // it is not lost
	}
	return h.showStatus(v, status, editor.EditPage(view))
}

func editorFindings(findings policy.Findings, source string) (list []editor.Finding) {
	const shown = 50
	for _, f := range findings {
		one := editor.Finding{Line: f.Line, Severity: string(f.Severity), Says: sentence(f.Message), Mend: sentence(f.Mend)}
		if f.Severity == policy.Error {
			one.Excerpt = f.Excerpt([]byte(source))
		}
		if list = append(list, one); len(list) == shown {
			break
		}
	}
	return list
}

// previewRules prints the draft's page, marks what reads differently from the page in force, and names the rules behind each
// block.
func (h *house) previewRules(v *visit.Visit, view *editor.Edit, p *policy.Policy, text *policy.Text, running *policy.Policy, brand int64) error {
	figures, err := h.desk.Figures(v.Context(), brand)
	if err != nil {
		return err
	}
	live := policy.Live{At: h.desk.Now(), Zone: v.Zone(p.Zone), Own: v.Zone(nil) != nil, Figures: figures}
	printed, err := p.Page("", live)
	if err != nil {
		return nil // a policy without a page prints none; the findings say so
	}
	known, set := sentencesOf(running, live), press{p: p}
	view.Title, view.Now = printed.Title, set.answers(printed)
	for _, s := range printed.Sections {
		section := editor.PageSection{Title: s.Title}
		for i, b := range s.Blocks {
			block := editor.Block{Parts: set.blocks(b, s.Title, fmt.Sprintf("%s-%d", s.ID, i)), Binds: binds(text, b.Binds...)}
			if own := binds(text, b.Path); len(own) > 0 {
				block.Own = own[0]
			}
			block.Changed = running != nil && slices.ContainsFunc(block.Parts, func(part policypage.Block) bool { return !known[part.Plain()] })
			section.Blocks = append(section.Blocks, block)
		}
		view.Page = append(view.Page, section)
	}
	return nil
}

// sentencesOf are the texts on the page of what runs.
func sentencesOf(running *policy.Policy, live policy.Live) map[string]bool {
	known := map[string]bool{}
	if running == nil {
		return known
	}
	_, sections, _ := press{p: running}.page("", live)
	for _, s := range sections {
		for _, b := range s.Blocks {
			known[b.Plain()] = true
		}
	}
	return known
}

// binds are rules by the names people have for them, and where they stand in the text.
func binds(text *policy.Text, paths ...string) (list []editor.Bind) {
	for _, path := range paths {
		bind := editor.Bind{Path: path, Title: text.Title(path)}
		if bind.First, bind.Last = text.Lines(path); bind.First > 0 {
			list = append(list, bind)
		}
	}
	return list
}

// planRules says what applying the draft would change. A draft with errors goes back to its text.
func (h *house) planRules(v *visit.Visit) error {
	brand, _, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	return h.showPlan(v, 200, brand, applyForm{}, "")
}

const shownMoves = 50

func (h *house) showPlan(v *visit.Visit, status int, brand int64, in applyForm, wrong string) error {
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	p, findings, err := desk.CheckPolicy("policy", []byte(draft.Source))
	if err != nil {
		return v.SeeOther("/admin/policy/edit?brand=" + number(brand))
	}
	plan, err := h.desk.PlanApply(v.Context(), v.Actor, desk.NewPolicy{Brand: brand, File: "policy", Source: []byte(draft.Source)})
	if err != nil {
		return err
	}
	view := editor.Plan{
		Brand: number(brand), Version: cmp.Or(plan.Version, p.Name), Drawn: draft.Mark(), Reason: in.Reason, Chosen: in.Open, Rebook: in.Calls == "rebook", Wrong: wrong, Notes: editorFindings(findings, draft.Source),
		From: h.beginsSays(v, p),
	}
	if view.Two, err = h.takesTwo(v, brand); err != nil {
		return err
	}
	if err := h.fillPlan(v, &view, p, plan, brand); err != nil {
		return err
	}
	return h.showStatus(v, status, editor.PlanPage(view))
}

func openSays(n int) string {
	switch n {
	case 0:
		return "No ticket is open."
	case 1:
		return "One ticket is open."
	}
	return fmt.Sprintf("%d tickets are open.", n)
}

func (h *house) beginsSays(v *visit.Visit, p *policy.Policy) string {
	if p.Effective.After(h.desk.Now()) {
		return "Holds from " + h.time(v, p.Effective).Exact + "."
	}
	return "Holds from the moment it is applied."
}

func (h *house) moves(v *visit.Visit, p *policy.Policy, all []desk.Move) (list []editor.Move) {
	for _, m := range all[:min(len(all), shownMoves)] {
		list = append(list, editor.Move{
			Number: number(m.Ticket), URL: "/tickets/" + number(m.Ticket), Subject: m.Subject, What: ruleName(m.Rule),
			Before: h.orNever(v, m.From), After: h.orNever(v, m.To),
		})
	}
	return list
}

func (h *house) orNever(v *visit.Visit, at time.Time) string {
	if at.IsZero() {
		return "not planned"
	}
	return h.time(v, at).Exact
}

// applyForm is the form below a plan.
type applyForm struct {
	Brand  int64  `form:"brand"`
	Drawn  string `form:"drawn"` // the mark of the draft whose plan was read
	Reason string `form:"reason"`
	Open   string `form:"open"`
	Calls  string `form:"calls"`
}

// applyRules makes the draft the running policy, or asks a colleague to where it takes two. It applies the text whose plan was
// read, and no other.
func (h *house) applyRules(v *visit.Visit) error {
	var in applyForm
	if err := v.Form(&in); err != nil {
		return err
	}
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, in.Brand)
	if err != nil {
		return err
	}
	if draft.Saved.IsZero() || draft.Mark() != in.Drawn {
		if led, err := h.appliedAlready(v, in); led || err != nil {
			return err
		}
	}
	if draft.Saved.IsZero() { // the page of a plan that was applied, again
		return h.showPlan(v, http.StatusConflict, in.Brand, in, "You have no draft any more: it was applied or thrown away.")
	}
	if draft.Mark() != in.Drawn {
		return h.showPlan(v, http.StatusConflict, in.Brand, in, "Your draft was changed since the plan you read was drawn. This is the plan of the draft as it is now; nothing was applied.")
	}
	err = h.applyOrAsk(v, desk.NewPolicy{
		Brand: in.Brand, File: "policy", Source: []byte(draft.Source), Reason: in.Reason, MoveOpen: in.Open == "move", Rebook: in.Calls == "rebook", Base: draft.Base,
	})
	if fault.Is(err, fault.Conflict) { // the other press of the same button may have been faster
		if led, err := h.appliedAlready(v, in); led || err != nil {
			return err
		}
	}
	if err != nil && visit.Status(err) < 500 {
		return h.showPlan(v, visit.Status(err), in.Brand, in, sentence(fault.Says(err)))
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/admin/policy?brand=" + url.QueryEscape(number(in.Brand)))
}

// appliedAlready leads whoever presses Apply once more to the version they made with it.
func (h *house) appliedAlready(v *visit.Visit, in applyForm) (led bool, err error) {
	version, known, err := h.desk.AppliedLast(v.Context(), v.Actor, in.Brand, in.Drawn)
	if err != nil || !known {
		return false, err
	}
	says := "policy-again"
	if version.Effective.After(h.desk.Now()) {
		says = "policy-again-later"
	}
	return true, h.done(v, says, desk.VersionPath(version.ID))
}
