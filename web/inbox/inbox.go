// Package inbox is the page on which an agent chooses the next thing without thinking about it.
// Each row carries what one needs to decide: who waits, since when, what is due next and how strongly that was promised.
package inbox

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is the inbox as one agent sees it.
type View struct {
	Since  string // when the newest of the rows changed, in microseconds; "" for older pages of a list
	Key    string // "next", "mine" ...: the view's name in its address
	Title  string // "Next for me"
	Says   string // how it is ordered, in words
	Tabs   []Tab
	Queues []Tab    // the policy's own lists and what customers said, behind one button; none where a policy names none
	Topics []Topics // below them: what waits by its topic, one list for each brand that knows any
	Queue  string   // the one that is shown, "" for a view
	Rows   []shared.Row
	Pager  shared.Pager
	Empty  Empty // shown when there are no rows
	Bulk   Bulk
	Return string // address to come back to after a bulk action
	First  string // address of the first ticket in working order, "" when there is none
}

// Tab is one view in the row above the list. Count is text, because it may be "200+": nothing is counted further than shown.
type Tab struct {
	Label   string
	Of      string // the brand whose queue it is
	Count   string
	URL     string
	Current bool
	Letter  string // second key after v
}

// Topics are the queues by topic of one brand. A policy can have dozens.
type Topics struct {
	Of  string
	All []Tab
}

// Empty says why nothing is here, and what to do instead.
type Empty struct {
	Title string
	Says  string
	Next  *shared.Button
}

// Bulk is what can be done to the selected tickets, and what the last try could not do ("3 of 12 are closed").
type Bulk struct {
	Statuses   []shared.Status
	Assignees  []shared.Option
	Priorities []shared.Option
	Refused    string
}

// queuesSay is what the button of the queues is called: the one that is shown, else all of them.
func (v View) queuesSay(ctx context.Context) string {
	if v.Queue != "" {
		return v.Queue
	}
	return say.It(ctx, "Queues")
}

// solved is the state that "Solve" sets, "" when the policy has none.
func (b Bulk) solved() string {
	for _, s := range b.Statuses {
		if s.Category == "solved" {
			return s.Value()
		}
	}
	return ""
}

// later is what the pile's button sends: on the pile itself it takes off.
func (v View) later() string {
	if v.Key == "later" {
		return "no"
	}
	return "yes"
}

// keys names what the keys of this list do; list.ts does it.
func (v View) keys(ctx context.Context) map[string]string {
	all := map[string]string{
		"j":       say.It(ctx, "Next row"),
		"k":       say.It(ctx, "Row before"),
		"x":       say.It(ctx, "Select"),
		"Shift+x": say.It(ctx, "Select from the last one to here"),
		"Shift+a": say.It(ctx, "Assign to me"),
		"l":       say.It(ctx, "Reply later"),
		"s":       say.It(ctx, "Set status"),
		"a":       say.It(ctx, "Assign"),
		"t":       say.It(ctx, "Add a tag"),
	}
	if v.Bulk.solved() != "" {
		all["e"] = say.It(ctx, "Solve")
	}
	if len(v.Bulk.Priorities) > 0 {
		all["p"] = say.It(ctx, "Set priority")
	}
	return all
}
