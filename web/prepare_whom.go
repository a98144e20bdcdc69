package web

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"hark/desk"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The fifth and the sixth question: who has support, and for what.

func askWhom(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	out := begin.Whom{
		Whom: shared.Choice{Name: "whom", Legend: "Support is for", Large: true, Options: choices(cmp.Or(a.Whom, "everyone"),
			[2]string{"everyone", "Everybody"},
			[2]string{"ordered", "Whoever ordered lately|By the date of their order."},
			[2]string{"plan", "Whoever has a certain plan|By the name of their plan."},
			[2]string{"version", "Whoever uses a current version|By the major version of their licence."})},
		Days:     shared.Field{Name: "days", Label: "Days after the order", Hint: "For support by order.", Value: positive(a.Days), InputMode: "numeric", Optional: true, Error: wrong["days"]},
		Plans:    shared.Field{Name: "plans", Label: "Plans that include support", Hint: "For support by plan, with commas between them.", Value: strings.Join(a.Plans, ", "), Optional: true, Error: wrong["plans"]},
		Versions: shared.Field{Name: "versions", Label: "Oldest version you support", Hint: "For support by version.", Value: positive(a.Versions), InputMode: "numeric", Optional: true, Error: wrong["versions"]},
	}
	draft, err := h.draftToPrepare(v, p)
	if err != nil || draft == nil {
		return out.View(), err
	}
	if table := draft.LevelTable(); table != nil {
		out.Columns = table.Columns
		for _, row := range table.Rows {
			out.Rows = append(out.Rows, row.Cells)
		}
	}
	return out.View(), nil
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func takeWhom(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Whom     string `form:"whom"`
		Days     string `form:"days"`
		Plans    string `form:"plans"`
		Versions string `form:"versions"`
		Do       string `form:"do"`
		Replace  string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Whom, a.Days, a.Versions = in.Whom, wholeNumber(in.Days), wholeNumber(in.Versions)
		a.Plans = nil
		for _, plan := range strings.Split(in.Plans, ",") {
			if plan = strings.TrimSpace(plan); plan != "" {
				a.Plans = append(a.Plans, plan)
			}
		}
	}, "days", "plans", "versions"), nil
}

// wholeNumber is what somebody typed as a number, -1 when it is none.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

const (
	shownKinds  = 5
	shownLimits = 3
)

func askKinds(_ *house, _ *visit.Visit, p desk.Preparation, _ map[string]string) (templ.Component, error) {
	a := p.Answers
	if len(a.Kinds) == 0 {
		a.Kinds = []policy.AskedFor{{Label: "Question", Means: "Something you would like to know."}, {Label: "Problem", Means: "Something that does not work as it should."}, {Label: "Wish", Means: "Something that could be better."}}
	}
	var out begin.Kinds
	for i := range max(shownKinds, len(a.Kinds)) {
		k := policy.AskedFor{}
		if i < len(a.Kinds) {
			k = a.Kinds[i]
		}
		out.Kinds = append(out.Kinds, begin.Pair{
			Label: shared.Field{Name: "kind", ID: "kind-" + itoa(i), Label: "Kind " + itoa(i+1), Value: k.Label, Optional: true, MaxLength: "80"},
			Says:  shared.Field{Name: "means", ID: "means-" + itoa(i), Label: "What it is", Value: k.Means, Optional: true, MaxLength: "300"},
		})
	}
	for i := range max(shownLimits, len(a.Limits)) {
		l := policy.Outside{}
		if i < len(a.Limits) {
			l = a.Limits[i]
		}
		out.Limits = append(out.Limits, begin.Pair{
			Label: shared.Field{Name: "limit", ID: "limit-" + itoa(i), Label: "Not done " + itoa(i+1), Value: l.Says, Optional: true, MaxLength: "300"},
			Says:  shared.Field{Name: "instead", ID: "instead-" + itoa(i), Label: "Where else to turn", Value: l.Instead, Optional: true, MaxLength: "300"},
		})
	}
	return out.View(), nil
}

func takeKinds(_ *house, v *visit.Visit) (taken, error) {
	var in struct {
		Kind    []string `form:"kind"`
		Means   []string `form:"means"`
		Limit   []string `form:"limit"`
		Instead []string `form:"instead"`
		Do      string   `form:"do"`
		Replace string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	return head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Kinds, a.Limits, a.Asked = nil, nil, true
		for _, pair := range pairs(in.Kind, in.Means) {
			a.Kinds = append(a.Kinds, policy.AskedFor{Label: pair[0], Means: pair[1]})
		}
		for _, pair := range pairs(in.Limit, in.Instead) {
			a.Limits = append(a.Limits, policy.Outside{Says: pair[0], Instead: pair[1]})
		}
	}), nil
}

// pairs are two columns of a form, row by row; rows without a first part are left out.
func pairs(first, second []string) (rows [][2]string) {
	for i, one := range first {
		row := [2]string{strings.TrimSpace(one)}
		if i < len(second) {
			row[1] = strings.TrimSpace(second[i])
		}
		if row[0] != "" {
			rows = append(rows, row)
		}
	}
	return rows
}
