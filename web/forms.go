package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/editor"
	"hark/web/visit"
)

// The forms of the policy editor. A form is another view of the text: what somebody fills in is written into the text where
// it belongs, and nothing else of the text changes. The rules of that are package policy's; here they are only asked.

// shown is where somebody is in a document: in a section's form, or in the text when section is "", and at which rule or line.
type shown struct{ section, at string }

// address is the editor's page at this place.
func (s shown) address(brand int64) string {
	query := url.Values{"brand": {number(brand)}}
	if s.section != "" {
		query.Set("section", s.section)
	}
	if s.at == "" {
		return "/admin/policy/edit?" + query.Encode()
	}
	query.Set("at", s.at)
	return "/admin/policy/edit?" + query.Encode() + "#at-" + url.PathEscape(s.at)
}

// fillForm adds the list of sections, and the form or the lines somebody is at.
func fillForm(view *editor.Edit, text *policy.Text, findings policy.Findings, at shown) {
	view.Marks = marks(text, findings, at.section)
	for _, s := range text.Unused() {
		view.Unused = append(view.Unused, editor.Mark{ID: s.ID, Title: s.Title})
	}
	if at.section == "" {
		view.Place = placeOf(text, view.Source, at.at)
		return
	}
	entry, ok := text.Sheet(at.section)
	if !ok {
		return
	}
	view.Sheet = &editor.Sheet{Sheet: entry, Section: at.section, At: at.at}
	if at.section == "assumptions" {
		view.Sheet.Assumptions = assumptions(text, entry)
	}
}

// marks are the sections with what there is to mend in them. The text comes first, what is not decided last.
func marks(text *policy.Text, findings policy.Findings, section string) []editor.Mark {
	list := []editor.Mark{{Title: "Text", Current: section == ""}}
	var last []editor.Mark
	for _, s := range text.Sections() {
		mark := editor.Mark{ID: s.ID, Title: s.Title, Current: s.ID == section}
		for _, f := range findings {
			if f.Line >= s.First && f.Line <= s.Last && f.Severity == policy.Error {
				mark.Errors++
			} else if f.Line >= s.First && f.Line <= s.Last && f.Severity == policy.Warning {
				mark.Warnings++
			}
		}
		if s.ID == "assumptions" {
			mark.Size = s.Size
			last = append(last, mark)
			continue
		}
		list = append(list, mark)
	}
	return append(list, last...)
}

// placeOf is the piece of the text that a path or a line names, nil for none.
func placeOf(text *policy.Text, source, at string) *editor.Place {
	first, last := text.Lines(at)
	title := text.Title(at)
	if line, err := strconv.Atoi(at); err == nil {
		first, last, title = line, line, fmt.Sprintf("Line %d", line)
	}
	lines := strings.Split(source, "\n")
	if first < 1 || first > len(lines) {
		return nil
	}
	const most = 30
	return &editor.Place{Title: title, First: first, Last: last, Excerpt: strings.Join(lines[first-1:min(last, first-1+most, len(lines))], "\n")}
}

// assumptions are the entries of their section with the rule each is about.
func assumptions(text *policy.Text, entry policy.Sheet) (list []editor.Assumption) {
	for _, e := range entry.Entries {
		one := editor.Assumption{Path: e.Path, About: e.Title}
		for _, b := range e.Boxes {
			switch {
			case strings.HasSuffix(b.Path, ".says"):
				one.Says = strings.Join(b.Values, "")
			case strings.HasSuffix(b.Path, ".about") && text.Known(strings.Join(b.Values, "")):
				one.Rule = strings.Join(b.Values, "")
			}
		}
		list = append(list, one)
	}
	return list
}

// decided are the assumptions that run today and are gone from the draft, as the plan says it.
func decided(running, draft *policy.Policy) (list []editor.Difference) {
	if running == nil || draft == nil {
		return nil
	}
	for _, d := range policy.Differences(running, draft) {
		if settled(d) {
			list = append(list, editor.Difference{Where: d.Where, Was: d.Old})
		}
	}
	return list
}

// settled reports whether a difference is an assumption that the draft no longer makes.
func settled(d policy.Difference) bool {
	return d.Kind == "removed" && strings.HasPrefix(d.Path, "assumptions.")
}

// rulesForm is what the editor posts: the text, the trial, what was filled in, and the button that was pressed.
type rulesForm struct {
	Brand   int64               `form:"brand"`
	Source  string              `form:"source"`
	Drawn   string              `form:"drawn"` // the mark of the draft its page was drawn from
	Section string              `form:"section"`
	Set     map[string][]string `form:"set:*"`
	New     map[string][]string `form:"new:*"`
	Do      string              `form:"do"`

	// Of the trial.
	Kind     string   `form:"kind"`
	Start    string   `form:"start"`
	Event    []string `form:"event"`
	At       []string `form:"at"`
	Until    []string `form:"until"`
	Fact     []string `form:"fact"`
	Value    []string `form:"value"`
	Ticket   string   `form:"ticket"`
	Take     string   `form:"take"`
	Scenario string   `form:"scenario"`
}

// tried is what was asked of the trial.
func (in rulesForm) tried() tried {
	return tried{in.Kind, in.Start, in.Event, in.At, in.Until, in.Fact, in.Value, in.Ticket}
}

// named is where something new was given a name; "" unless it is one place.
func (in rulesForm) named() (path string) {
	for at, names := range in.New {
		if strings.TrimSpace(strings.Join(names, "")) == "" {
			continue
		}
		if path != "" {
			return ""
		}
		path = at
	}
	return path
}

// saveRules keeps the draft, whatever is in it, and does what its button says.
func (h *house) saveRules(v *visit.Visit) error {
	var in rulesForm
	if err := v.Form(&in); err != nil {
		return err
	}
	in.Source = strings.ReplaceAll(in.Source, "\r\n", "\n")
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, in.Brand)
	if err != nil {
		return err
	}
	if in.Drawn != draft.Mark() {
		return h.showApart(v, in, draft)
	}
	if in.Do == "discard" {
		if err := h.desk.DropPolicyDraft(v.Context(), v.Actor, in.Brand, in.Drawn); err != nil {
			return err
		}
		return v.SeeOther("/admin/policy?brand=" + number(in.Brand))
	}
	did := h.typed(v, &draft, in)
	draft.Was = in.Drawn
	switch err := h.desk.SavePolicyDraft(v.Context(), v.Actor, in.Brand, draft); {
	case fault.Is(err, fault.Conflict): // another page was saved in this very moment
		return h.saveRules(v)
	case fault.Is(err, fault.TooLarge):
		return h.showTooLong(v, in, draft, err)
	case err != nil:
		return err
	}
	return h.leadOn(v, in, draft, did)
}

// showTooLong keeps on the page what is too long to be saved. The draft, and all that is shown of it, is the one before.
func (h *house) showTooLong(v *visit.Visit, in rulesForm, typed desk.PolicyDraft, why error) error {
	draft, err := h.desk.PolicyDraft(v.Context(), v.Actor, in.Brand)
	if err != nil {
		return err
	}
	says := "Not saved: " + fault.Says(why) + ". What stands beside it is the result of the text before."
	return h.showRules(v, visit.Status(why), in.Brand, draft, shown{section: in.Section}, wrongRules{says: says, typed: typed.Source})
}

// typing is what became of what was typed: where it leads, and what could not be done.
type typing struct {
	place   shown
	wrong   error         // with the text
	refused *refusedTrial // with the trial
}

// typed writes what was typed into a draft, and does what the button says.
func (h *house) typed(v *visit.Visit, draft *desk.PolicyDraft, in rulesForm) (did typing) {
	before := draft.Source
	draft.Source, did.wrong = filled(in.Source, before, in.Set)
	place, err := buttonDoes(draft, in, before)
	did.place = place
	if did.wrong == nil {
		did.wrong = err
	}
	did.refused = h.saveTrial(v, draft, in.Do, in.Take, in.Scenario, in.tried())
	return did
}

func (h *house) leadOn(v *visit.Visit, in rulesForm, draft desk.PolicyDraft, did typing) error {
	switch {
	case did.wrong != nil:
		return h.showRules(v, visit.Status(did.wrong), in.Brand, draft, did.place, wrongRules{says: sentence(fault.Says(did.wrong))})
	case did.refused != nil:
		return h.showRules(v, visit.Status(did.refused.why), in.Brand, draft, did.place, wrongRules{trial: did.refused})
	case in.Do == "plan":
		return v.SeeOther("/admin/policy/plan?brand=" + number(in.Brand))
	}
	return v.SeeOther(did.place.address(in.Brand))
}

// filled writes what was filled in into the text. A form sends all of its boxes; those that say what the text said when it was
// drawn were not touched, and count for nothing.
func filled(source, drawn string, set map[string][]string) (string, error) {
	text, err := policy.ReadText([]byte(drawn))
	if err != nil {
		return source, nil // no form can have been drawn from it
	}
	out := []byte(source)
	for _, path := range slices.Sorted(maps.Keys(set)) {
		box, ok := text.Box(path)
		if !ok || box.Same(set[path]) {
			continue
		}
		changed, wrong := policy.Fill(out, path, set[path])
		if wrong != nil {
			err = wrong
			continue
		}
		out = changed
	}
	return string(out), err
}

// buttonDoes does what the button says, and returns where that leads. Everything that a button does to the text can be taken back.
func buttonDoes(draft *desk.PolicyDraft, in rulesForm, before string) (at shown, err error) {
	at = shown{section: in.Section}
	what, path, _ := strings.Cut(in.Do, ":")
	if named := in.named(); what == "check" && named != "" { // Enter in the field of a name
		what, path = "add", named
	}
	if draft.Source != before {
		draft.Before, draft.Did = "", ""
	}
	switch what {
	case "section":
		return shown{section: path}, nil
	case "text", "line":
		return shown{at: path}, nil
	case "rule":
		return ruleAt(draft.Source, in.Section, path), nil
	case "undo":
		if draft.Before != "" {
			draft.Source, draft.Before, draft.Did = draft.Before, "", ""
		}
		return at, nil
	}
	source, did, at, err := edited(draft.Source, what, path, in)
	if err == nil && source != draft.Source {
		draft.Before, draft.Did, draft.Source = draft.Source, did, source
	}
	return at, err
}

// ruleAt is where a rule is looked at: in its form for whoever is in a form, else in the text.
func ruleAt(source, section, path string) shown {
	text, err := policy.ReadText([]byte(source))
	if err != nil || section == "" {
		return shown{at: path}
	}
	return shown{section: text.Section(path), at: path}
}

// edited is the text after what a button does to it, and what that was in words.
func edited(source, what, path string, in rulesForm) (after, did string, at shown, err error) {
	at = shown{section: in.Section}
	var out []byte
	switch what {
	case "tidy":
		if out, err = policy.Format([]byte(source)); err != nil {
			return source, "", at, nil // the findings say what is in the way
		}
		return string(out), "The text is tidied.", at, nil
	case "confirm", "remove":
		out, err = policy.Remove([]byte(source), path)
		did = titleOf(source, path) + map[string]string{"confirm": " is confirmed.", "remove": " is taken out."}[what]
	case "add":
		var id string
		out, id, err = policy.Add([]byte(source), path, strings.Join(in.New[path], ""))
		at.at = path + "." + id
		did = "“" + strings.TrimSpace(strings.Join(in.New[path], "")) + "” is added."
	default:
		return source, "", at, nil
	}
	if err != nil {
		return source, "", shown{section: in.Section}, err
	}
	return string(out), did, at, nil
}

func titleOf(source, path string) string {
	text, err := policy.ReadText([]byte(source))
	if err != nil {
		return path
	}
	return text.Title(path)
}
