package web

import (
	"cmp"
	"fmt"
	"net/url"
	"time"

	"hark/access"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/web/phone"
	"hark/web/shared"
	"hark/web/visit"
)

// The list of telephone calls, and what they add up to.

// anything is what a choice sends that chooses nothing in particular.
const anything = "-"

func orAnything(value string) string {
	if value == anything {
		return ""
	}
	return value
}

// callsTabs are the ways to look at the list.
var callsTabs = []struct {
	id, label string
	filter    store.PhoneFilter
}{
	{"", "All", store.PhoneFilter{}},
	{"mine", "Mine", store.PhoneFilter{}},
	{"missed", "Missed", store.PhoneFilter{Unheard: true}},
	{"tasks", "To pass on", store.PhoneFilter{Tasks: true}},
}

// calls is the list of calls, what waits for the reader, and what became of the calls of a month.
func (h *house) phoneCalls(v *visit.Visit) error {
	show := v.Query("show")
	list := phone.List{Tab: show, Key: visit.Random()}
	filter := store.PhoneFilter{}
	for _, t := range callsTabs {
		list.Tabs = append(list.Tabs, phone.Tab{Label: t.label, URL: "/phone?show=" + t.id, Current: t.id == show})
		if t.id == show {
			filter = t.filter
		}
	}
	if show == "mine" {
		filter.Agent = v.Actor.Person
	}
	filter.Outcome, filter.Level, filter.After = orAnything(v.Query("outcome")), orAnything(v.Query("level")), v.Query("after")
	page, err := h.desk.PhoneCalls(v.Context(), v.Actor, filter)
	if err != nil {
		return err
	}
	waiting, err := h.desk.OpenPhoneCalls(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	brands, err := h.desk.PhoneBrands(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := policyOfCalls(brands)
	list.Script = scriptOf(brands)
	for _, c := range page.Items {
		list.Rows = append(list.Rows, h.callRow(v, p, c))
	}
	for _, c := range waiting {
		list.Waiting = append(list.Waiting, h.phoneWaiting(v, p, c))
	}
	for i, b := range brands {
		list.Brands = append(list.Brands, shared.Option{Value: number(b.Brand.ID), Label: b.Brand.Name, Chosen: i == 0})
	}
	list.Outcomes, list.Levels = phoneOutcomes(p, filter.Outcome, "Any outcome"), levels(p, filter.Level)
	list.Pager = callPager(v, page.Next)
	if filter.After == "" && len(brands) > 0 {
		if err := h.countCalls(v, brands[0], &list); err != nil {
			return err
		}
	}
	list.Connects = access.May(v.Actor, access.Administer)
	return h.show(v, phone.ListPage(list))
}

// scriptOf is the procedure that calls are answered by; nil when there is none.
func scriptOf(brands []desk.RunningBrand) *phone.Tab {
	p := policyOfCalls(brands)
	if p == nil || p.CallProcedure() == "" {
		return nil
	}
	id := p.CallProcedure()
	return &phone.Tab{Label: p.Doc.Procedures[id].Label, URL: "/handbook/procedures/" + url.PathEscape(id) + "?brand=" + number(brands[0].Brand.ID)}
}

func policyOfCalls(brands []desk.RunningBrand) *policy.Policy {
	if len(brands) == 0 {
		return nil
	}
	return brands[0].Policy
}

func callPager(v *visit.Visit, next string) shared.Pager {
	if next == "" {
		return shared.Pager{}
	}
	q := v.Request.URL.Query()
	q.Set("after", next)
	return shared.Pager{Older: "/phone?" + q.Encode()}
}

func levels(p *policy.Policy, chosen string) []shared.Option {
	all := []shared.Option{{Value: anything, Label: "Any level", Chosen: chosen == ""}}
	if p == nil || p.Doc.Levels == nil {
		return all
	}
	for _, id := range p.Keys("levels.meaning") {
		all = append(all, shared.Option{Value: id, Label: p.LevelLabel(id), Chosen: id == chosen})
	}
	return all
}

func (h *house) callRow(v *visit.Visit, p *policy.Policy, c store.PhoneCall) phone.Row {
	r := phone.Row{
		URL: "/phone/" + number(c.ID), At: h.time(v, c.Began), Caller: c.Caller, Site: c.Site, Number: c.Number, Problem: c.Problem, Agent: c.AgentName,
		Length: lengthSays(c.Length(h.desk.Now())), State: callStates[c.State],
	}
	if c.Elsewhere() {
		r.State = "Answered elsewhere"
	}
	if p != nil {
		r.Level, r.Outcome = p.LevelLabel(c.Level), cmp.Or(outcomeLabel(p, c.Outcome), "Not recorded")
	}
	if c.Task != "" && c.TaskDone.IsZero() {
		r.Task = c.Task
	}
	return r
}

func (h *house) phoneWaiting(v *visit.Visit, p *policy.Policy, c store.PhoneCall) phone.Row {
	r := h.callRow(v, p, c)
	r.Why = c.Reason
	if c.State == store.PhoneParked || c.State == store.PhoneRinging {
		r.Take, r.Seen = "/phone/"+number(c.ID)+"/take", c.Standing()
	}
	return r
}

// countCalls is what became of the calls of the last thirty days.
func (h *house) countCalls(v *visit.Visit, b desk.RunningBrand, list *phone.List) error {
	counts, err := h.desk.CountPhoneCalls(v.Context(), v.Actor, b.Brand.ID)
	if err != nil {
		return err
	}
	var all, without int64
	for _, c := range counts {
		all, without = all+c.Calls, without+c.Unticked
	}
	for _, c := range counts {
		list.Counts = append(list.Counts, phone.Count{
			Outcome: cmp.Or(outcomeLabel(b.Policy, c.Outcome), "Not recorded"), Level: cmp.Or(b.Policy.LevelLabel(c.Level), "Not decided"), Calls: number(c.Calls),
			Share: fmt.Sprintf("%d %%", 100*c.Calls/all), Length: lengthSays(c.Spoken / time.Duration(c.Calls)), Without: number(c.Unticked),
		})
	}
	list.Says = fmt.Sprintf("Of %s, %d needed no ticket.", plural(int(all), "call"), without)
	return nil
}
