package web

import (
	"net/http"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/editor"
	"hark/web/visit"
)

// showApart answers a page that was drawn before the draft became what it is: somebody went back, or has the editor open twice.
// Nothing is saved and nothing is lost. What the page would have made of the text stands beside what is kept, and its author
// chooses.
func (h *house) showApart(v *visit.Visit, in rulesForm, kept desk.PolicyDraft) error {
	mine := desk.PolicyDraft{Source: in.Source, Trial: kept.Trial}
	did := h.typed(v, &mine, in)
	view := editor.Apart{
		Brand: number(in.Brand), Drawn: kept.Mark(), Source: mine.Source, Section: in.Section, Trial: in.trialFields(),
		Gone: kept.Saved.IsZero(), Fresh: did.place.address(in.Brand),
	}
	if did.wrong != nil {
		view.Wrong = sentence(fault.Says(did.wrong))
	}
	view.Here, view.There = linesApart(mine.Source, kept.Source)
	if was, is := read(kept.Source), read(mine.Source); was != nil && is != nil {
		view.Changes, _ = changes(was, is)
	}
	return h.showStatus(v, http.StatusConflict, editor.ApartPage(view))
}

// read is a policy's text as rules, nil while it has mistakes.
func read(source string) *policy.Policy {
	p, _ := policy.Parse("policy", []byte(source))
	return p
}

// trialFields are the fields of the trial as they were posted, to be posted again.
func (in rulesForm) trialFields() (fields []editor.Field) {
	add := func(name string, values ...string) {
		for _, value := range values {
			fields = append(fields, editor.Field{Name: name, Value: value})
		}
	}
	add("kind", in.Kind)
	add("start", in.Start)
	add("event", in.Event...)
	add("at", in.At...)
	add("until", in.Until...)
	add("fact", in.Fact...)
	add("value", in.Value...)
	add("ticket", in.Ticket)
	return fields
}

// linesApart are the lines of two texts between what they have in common at their beginning and at their end.
func linesApart(a, b string) (inA, inB editor.Place) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	first, last := 0, 0
	for first < min(len(as), len(bs)) && as[first] == bs[first] {
		first++
	}
	for last < min(len(as), len(bs))-first && as[len(as)-1-last] == bs[len(bs)-1-last] {
		last++
	}
	return placeBetween(as, first, len(as)-last), placeBetween(bs, first, len(bs)-last)
}

func placeBetween(lines []string, first, end int) editor.Place {
	const most = 40
	return editor.Place{First: first + 1, Last: end, Excerpt: strings.Join(lines[first:min(end, first+most)], "\n")}
}
