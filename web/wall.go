package web

import (
	"fmt"
	"strings"

	"hark/desk"
	"hark/web/visit"
	"hark/web/wall"
	"hark/web/when"
)

// wall shows what a team sees from across the room.
func (h *house) wall(v *visit.Visit) error {
	brand, house, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	w, err := h.desk.Wall(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	return h.show(v, wall.Page(h.wallView(v, w, house)))
}

func (h *house) wallView(v *visit.Visit, w desk.Wall, house desk.House) wall.View {
	zone := w.Policy.Zone
	view := wall.View{
		Brand: brandName(house, w.Brand), Clock: w.Made.In(zone).Format("15:04 MST"), Open: h.openNow(v, w.Policy).Says,
		Broken: wall.Number{Count: len(w.Broken), Note: "Every promise holds."}, Late: wall.Number{Count: w.Late, Note: plural(w.Late, "usual time") + " passed as well; nobody was promised those."},
		States: h.wallStates(w), Forecast: forecastSays(w), Here: listOf3(h.presence.here()), Reports: "/reports?brand=" + number(w.Brand),
	}
	if len(w.Broken) > 0 {
		view.Broken.Note = "The oldest was due " + when.Relative(w.Broken[0].At, w.Made, zone) + "."
	}
	for _, s := range w.Soon {
		n := wall.Number{Label: plural(s.Hours, "hour"), Count: s.Due}
		if s.Promise > 0 {
			n.Note = plural(s.Promise, "promise")
		}
		view.Soon = append(view.Soon, n)
	}
	if w.Oldest != 0 {
		view.Oldest = &wall.Oldest{Number: number(w.Oldest), URL: ticketPath(w.Oldest, list{}), Since: h.time(v, w.Since), Waits: when.Span(w.Made.Sub(w.Since))}
	}
	return view
}

// wallStates are the states of the policy in its order, with how many tickets stand in each; one that this version does not
// have any more comes last under its own name.
func (h *house) wallStates(w desk.Wall) (all []wall.Number) {
	counts := map[string]int64{}
	for _, s := range w.States {
		counts[s.State] = s.Tickets
	}
	add := func(state string) {
		if n := counts[state]; n > 0 {
			status := h.status(w.Policy, state)
			all = append(all, wall.Number{Label: status.Label, Count: int(n), Mark: pointer(status)})
		}
		delete(counts, state)
	}
	for _, state := range w.Policy.States() {
		add(state)
	}
	for _, s := range w.States {
		add(s.State)
	}
	return all
}

// forecastSays is the forecast in words; nothing when there is nothing to go by.
func forecastSays(w desk.Wall) string {
	switch {
	case w.Guessed == 0:
		return ""
	case w.Guessed == 1 && w.WillBe == 0:
		return "The answer we owe should not be late."
	case w.Guessed == 1:
		return "The answer we owe will probably be late."
	case w.WillBe == 0:
		return fmt.Sprintf("None of the %s we owe should be late.", plural(w.Guessed, "answer"))
	}
	return fmt.Sprintf("About %d of the %s we owe will be late.", w.WillBe, plural(w.Guessed, "answer"))
}

// listOf3 names at most three and counts the rest.
func listOf3(names []string) string {
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n <= 3:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names[:3], ", ") + " and " + number(int64(len(names)-3)) + " more"
}
