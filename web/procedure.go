package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/procedure"
	"hark/web/visit"
)

// procedure is a procedure as colleagues work by it, to learn and to print.
func (h *house) procedure(v *visit.Visit) error {
	p, brand, err := h.procedurePolicy(v)
	if err != nil {
		return err
	}
	view, err := procedureView(p, v.Path("procedure"), "/handbook/procedures/%?brand="+number(brand))
	if err != nil {
		return err
	}
	view.Back, view.Says = "/phone", "Phone"
	if view.History, err = h.procedureHistory(v, p, v.Path("procedure"), brand); err != nil {
		return err
	}
	return h.show(v, procedure.Page(view))
}

// procedurePolicy is the policy that runs for the brand that is asked for, else for the one at whose host the reader is.
func (h *house) procedurePolicy(v *visit.Visit) (*policy.Policy, int64, error) {
	if v.Query("brand") == "" {
		p, brand, err := h.running(v)
		if err == nil && p == nil {
			err = noProcedure()
		}
		return p, brand.ID, err
	}
	brand, err := strconv.ParseInt(v.Query("brand"), 10, 64)
	if err != nil {
		return nil, 0, noProcedure()
	}
	p, _, err := h.desk.Running(v.Context(), brand)
	if fault.KindOf(err) == fault.Refused || err == nil && p == nil {
		err = noProcedure()
	}
	return p, brand, err
}

func noProcedure() error { return fault.New(fault.NotFound, "There is no such page.") }

// draftProcedure is a procedure of the reader's draft, with what there is to mend in it. A text that cannot be read goes back to the
// editor, which says why.
func (h *house) draftProcedure(v *visit.Visit) error {
	brand, _, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	p, _ := policy.Parse("policy", []byte(draft.Source))
	text, _ := policy.ReadText([]byte(draft.Source))
	if p == nil || text == nil || len(p.Procedures()) == 0 {
		return v.SeeOther("/admin/policy/edit?brand=" + number(brand))
	}
	id := cmp.Or(v.Query("procedure"), p.Procedures()[0])
	view, err := procedureView(p, id, "/admin/policy/procedures?brand="+number(brand)+"&procedure=%")
	if err != nil {
		return err
	}
	line := func(at string) string { return shown{at: at}.address(brand) }
	for i, s := range view.Steps {
		view.Steps[i].Line = line("procedures." + id + ".steps." + s.ID)
	}
	view.Draft, view.Back, view.Says = true, "/admin/policy/edit?brand="+number(brand), "The draft"
	view.Findings = procedureFindings(text, p.Lint(), id, line)
	if view.History, err = h.procedureHistory(v, p, id, brand); err != nil {
		return err
	}
	return h.show(v, procedure.Page(view))
}

// procedureFindings are the findings on the lines of one procedure.
func procedureFindings(text *policy.Text, findings policy.Findings, id string, line func(at string) string) (all []procedure.Finding) {
	first, last := text.Lines("procedures." + id)
	for _, f := range findings {
		if f.Line >= first && f.Line <= last {
			all = append(all, procedure.Finding{Line: strconv.Itoa(f.Line), URL: line(strconv.Itoa(f.Line)), Severity: string(f.Severity), Says: sentence(f.Message), Mend: sentence(f.Mend)})
		}
	}
	return all
}

// procedureView is a procedure drawn and told. others is the address of each procedure of the policy, with % for its name.
func procedureView(p *policy.Policy, id, others string) (procedure.View, error) {
	flow, ok := p.Flow(id)
	if !ok {
		return procedure.View{}, noProcedure()
	}
	view := procedure.View{Title: flow.Label, About: flow.About, Never: flow.MustNot, From: p.Doc.Title + ", version " + p.Version}
	for _, one := range p.Procedures() {
		other, _ := p.Flow(one)
		view.Others = append(view.Others, procedure.Tab{Label: other.Label, URL: strings.ReplaceAll(others, "%", url.PathEscape(one)), Current: one == id})
	}
	for _, s := range flow.Steps {
		step := procedure.Step{ID: s.ID, Title: s.Title, Text: s.Text, Needs: s.Needs, End: s.End, Reached: s.Reached}
		for _, w := range s.Ways {
			step.Ways = append(step.Ways, procedure.Way{Key: w.Key, Label: w.Label, Text: w.Text, Needs: w.Needs, To: w.To})
		}
		view.Steps = append(view.Steps, step)
	}
	return view, nil
}

// comparedVersions is how many versions are looked through for changes of a procedure.
const comparedVersions = 20

// procedureHistory is when a procedure changed, by whom and why: the versions that were applied with another one than before, and what
// the document says of itself.
func (h *house) procedureHistory(v *visit.Visit, p *policy.Policy, id string, brand int64) (all []procedure.Revision, err error) {
	versions, err := h.desk.PolicyHistory(v.Context(), brand)
	if err != nil {
		return nil, err
	}
	staff, err := h.desk.Staff(v.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	for _, one := range changedIn(versions, id) {
		all = append(all, h.revision(v, staff, one))
	}
	for _, r := range p.Doc.History {
		all = append(all, procedure.Revision{When: dayInWords(r.Date), ISO: r.Date, By: r.By, Says: r.Says})
	}
	slices.SortStableFunc(all, func(a, b procedure.Revision) int { return cmp.Compare(b.ISO, a.ISO) })
	return all, nil
}

func (h *house) revision(v *visit.Visit, staff []account.Person, one store.PolicyVersion) procedure.Revision {
	day := one.Effective.In(h.zone(v)).Format(time.DateOnly)
	return procedure.Revision{When: dayInWords(day), ISO: day, By: bySays(staff, one), Says: one.Reason}
}

// changedIn are the versions, the newest first, in which a procedure is another than in the one before.
func changedIn(versions []store.PolicyVersion, id string) (changed []store.PolicyVersion) {
	read := make([]*policy.Policy, min(len(versions), comparedVersions+1), comparedVersions+2)
	for i := range read {
		read[i], _ = policy.Parse(versions[i].Name, []byte(versions[i].Source))
	}
	if len(read) == len(versions) {
		read = append(read, nil) // before the first one there was none
	}
	for i, p := range read[:max(0, len(read)-1)] {
		if p != nil && !policy.SameProcedure(read[i+1], p, id) {
			changed = append(changed, versions[i])
		}
	}
	return changed
}

// dayInWords is a date as people write it, or as it stands when it is none.
func dayInWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("2 Jan 2006")
}
