package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/portal"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// asks are the facts that the policy asks agents for on a ticket, as controls beside the conversation.
func asks(all []policy.Ask) (list []page.Ask) {
	for _, a := range all {
		one := page.Ask{ID: factID(a.Fact), Fact: a.Fact, Label: sentenceCase(a.Says), Says: a.Value, Type: fieldTypes[a.Type]}
		if options := answersTo(a); options != nil {
			one.Type, one.Options, one.Says = "", options, chosenLabel(options)
		}
		list = append(list, one)
	}
	return list
}

// fieldTypes are the fields for facts without a list of values.
var fieldTypes = map[string]string{"int": "number", "date": "date", "text": "text", "list": "text"}

func factID(fact string) string {
	return "fact-" + strings.NewReplacer(".", "-", "_", "-").Replace(fact)
}

// answersTo are the values a fact can have, and that nobody has said; nil when it takes any.
func answersTo(a policy.Ask) []shared.Option {
	values := a.Values
	labels := map[string]string{}
	for i, label := range a.Labels {
		labels[values[i]] = label
	}
	if a.Type == "bool" {
		values, labels = []string{"true", "false"}, map[string]string{"true": "Yes", "false": "No"}
	}
	if len(values) == 0 {
		return nil
	}
	options := []shared.Option{{Value: "", Label: "Nobody has said", Chosen: a.Value == ""}}
	for _, value := range values {
		label := labels[value]
		if label == "" {
			label = sentenceCase(strings.NewReplacer("_", " ", "-", " ").Replace(value))
		}
		options = append(options, shared.Option{Value: value, Label: label, Chosen: value == a.Value})
	}
	return options
}

func chosenLabel(options []shared.Option) string {
	for _, o := range options[1:] {
		if o.Chosen {
			return o.Label
		}
	}
	return ""
}

// sayFact keeps what an agent has found out; the policy reacts to it.
func (h *house) sayFact(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Fact  string `form:"fact"`
		Value string `form:"value"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if _, err := h.desk.SayFact(v.Context(), v.Actor, desk.SayFact{Ticket: id, Fact: in.Fact, Value: in.Value, Via: "web"}); err != nil {
		return err
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)) + "#" + factID(in.Fact))
}

// showMissing shows the ticket again after something was refused for want of a fact, with the way to its control; ok is false when
// that was not the reason, or the control is not on the page.
func (h *house) showMissing(v *visit.Visit, id int64, refused error) (ok bool, err error) {
	fact := desk.MissingFact(refused)
	if fact == "" {
		return false, nil
	}
	view, err := h.ticketView(v, id)
	if err != nil || !leadTo(&view, fact, sentence(fault.Says(refused))) {
		return false, err
	}
	return true, h.showStatus(v, http.StatusUnprocessableEntity, page.Page(view))
}

// leadTo marks the control of a missing fact and leads to it from the reason why something was refused.
func leadTo(view *page.View, fact, says string) bool {
	if fact == "call.time" && view.Call != nil && view.Call.Change { // a booked call is in the way
		view.Missing = &page.Missing{Says: says, Do: "Go to the call", URL: "/tickets/" + view.Call.Number + "/call"}
		return true
	}
	if fact == "issue.link" && view.Problem != nil {
		view.Missing = &page.Missing{Says: says, Do: "Link it", Label: "To the known problem", URL: "#problem"}
		return true
	}
	for i := range view.Asks {
		if view.Asks[i].Fact == fact {
			view.Asks[i].Missing = true
			view.Missing = &page.Missing{Says: says, Label: view.Asks[i].Label, URL: "#" + view.Asks[i].ID}
			return true
		}
	}
	return false
}

// kindAsks are what the request form asks for each kind, in the order of the kinds.
func kindAsks(p *policy.Policy, said map[string]string, wrong map[string]string, chosen string, clock *time.Location, projects []account.Project) (all []portal.KindAsks) {
	for i, kind := range p.Kinds() {
		asked := portal.KindAsks{Place: i, Kind: p.Doc.Kinds[kind].Label, Advice: p.FormAdvice(kind)}
		for _, a := range p.FormAsks(kind) {
			if kind == chosen {
				a.Value = said[a.Fact]
			}
			asked.Fields = append(asked.Fields, askField(kind, a, wrong[a.Fact], kind == chosen))
		}
		asked.Fields = append(asked.Fields, projectFields(p, kind, said, wrong, kind == chosen, projects)...)
		if slices.Contains(p.CallKinds(), kind) {
			asked.Fields = append(asked.Fields, timeFields(kind, said, wrong, kind == chosen, clock)...)
		}
		if len(asked.Fields) > 0 || asked.Advice != "" {
			all = append(all, asked)
		}
	}
	return all
}

// askField is one fact as a field of the request form. Nothing of it is required by the browser, which cannot know the kind; the
// desk says what is missing.
func askField(kind string, a policy.Ask, wrong string, chosen bool) portal.AskField {
	f := shared.Field{
		Name: "value", ID: factID(kind + "." + a.Fact), Label: sentenceCase(a.Says), Value: a.Value, Type: fieldTypes[a.Type], Optional: true,
		Options: answersTo(a),
	}
	if f.Options != nil {
		f.Type = "select"
		f.Options[0].Label = "Please choose"
		if !a.Needed {
			f.Options[0].Label = "I cannot say"
		}
	} else if a.Type == "text" {
		f.Type, f.Rows = "textarea", 3
	}
	if chosen {
		f.Error = wrong
	}
	return portal.AskField{Fact: kind + "/" + a.Fact, Field: f}
}

// offerFields are the times and the number that a form asks for where a request is for a call (seed 000, 0.8). They are no facts of the
// policy: the desk reads them.
var offerFields = []struct{ name, label string }{
	{"call.time1", "A time that suits you"}, {"call.time2", "Another time"}, {"call.time3", "And another"}, {"call.number", "The number we call"},
}

func timeFields(kind string, said, wrong map[string]string, chosen bool, clock *time.Location) (fields []portal.AskField) {
	for i, o := range offerFields {
		f := shared.Field{Name: "value", ID: factID(kind + "." + o.name), Label: o.label, Type: "datetime-local", Optional: true}
		if i == 0 {
			f.Hint = "On the clock of " + cityOf(clock) + ". We call at one of these times, or write to you."
		}
		if o.name == "call.number" {
			f.Type, f.Autocomplete, f.Dir, f.MaxLength = "tel", "tel", "ltr", "60"
		}
		if chosen {
			f.Value, f.Error = said[o.name], wrong[o.name]
		}
		if f.Error != "" && f.Type == "datetime-local" {
			f.Type = "text" // the other would show nothing of what it cannot read
		}
		fields = append(fields, portal.AskField{Fact: kind + "/" + o.name, Field: f})
	}
	return fields
}

// offered takes the times and the number out of what was said. Unread says of each time that cannot be read how it is written.
func offered(said map[string]string, clock *time.Location) (facts map[string]string, times []time.Time, phone string, unread map[string]string) {
	facts, unread = maps.Clone(said), map[string]string{}
	for _, o := range offerFields {
		delete(facts, o.name)
		if o.name == "call.number" {
			continue
		}
		if at, ok := localTime(said[o.name], clock); ok {
			times = append(times, at)
		} else if strings.TrimSpace(said[o.name]) != "" {
			unread[o.name] = sentence(fault.Says(unreadTime(said[o.name])))
		}
	}
	return facts, times, said["call.number"], unread
}

// saidFor are the facts that were said in the form for one kind: the form sends those of all kinds, each with its name.
func saidFor(kind string, names, values []string) map[string]string {
	said := map[string]string{}
	for i := range min(len(names), len(values)) {
		if fact, own := strings.CutPrefix(names[i], kind+"/"); own {
			said[fact] = values[i]
		}
	}
	return said
}

// errFacts is what a form is refused with whose facts cannot be taken; the form itself says which and why.
var errFacts = fault.New(fault.Refused, "please look at what is asked again")

// formFacts reads what was said in the form of a kind.
func (h *house) formFacts(v *visit.Visit, kind string, said map[string]string) (facts map[string]any, wrong map[string]string, err error) {
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return nil, nil, err
	}
	facts, wrong = p.FormFacts(kind, said)
	return facts, wrong, nil
}

// factErrors leads to each fact that cannot be taken.
func factErrors(kind string, wrong map[string]string) (all []shared.FormError) {
	for _, fact := range slices.Sorted(maps.Keys(wrong)) {
		all = append(all, shared.FormError{Field: factID(kind + "." + fact), Says: wrong[fact]})
	}
	return all
}
