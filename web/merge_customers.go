package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/store"
	page "hark/web/merge"
	"hark/web/shared"
	"hark/web/visit"
)

// mergedInto is what the history of a record says that became part of another one.
const mergedInto = "merged into"

// mergePath is where two records of customers become one; the one that the address names stays.
func mergePath(stays int64) string { return customerPath(stays) + "/merge" }

// mergeCustomersPage looks for the record to merge with, and shows both once it is chosen.
func (h *house) mergeCustomersPage(v *visit.Visit) error {
	if with := v.Query("with"); with != "" {
		return h.bothCustomers(v, http.StatusOK, numberOr0(with), "", nil)
	}
	return h.whichCustomer(v)
}

func (h *house) bothCustomers(v *visit.Visit, status int, goes int64, reason string, refused error) error {
	stays, err := v.Number("id")
	if err != nil {
		return err
	}
	look, err := h.desk.LookAtMerge(v.Context(), v.Actor, stays, goes)
	if err != nil {
		return err
	}
	one, other := look.Stays.Person, look.Goes.Person
	view := page.View{
		Title: "One person, two records", Section: "customers", Back: page.Link{Label: "Back to the record", URL: customerPath(stays)},
		Parts: [2]string{"Stays", "Becomes part of it"}, Stays: page.Link{Label: one.Display(), URL: customerPath(one.ID)}, Goes: page.Link{Label: other.Display(), URL: customerPath(other.ID)},
		Rows: h.mergeRows(v, look), Follows: mergeFollows(look), Refused: sentence(look.Refused),
		Swap: mergePath(other.ID) + "?with=" + number(one.ID), Other: mergePath(stays), Path: mergePath(stays), With: number(goes), Mark: look.Mark(),
		Asks: shared.Field{Name: "reason", Label: "How do you know that they are one person?", Hint: "It stays on the record. Like: she told us on the telephone.", Value: reason, MaxLength: "500", Dir: "auto"},
		Does: "Merge the two records",
	}
	if refused != nil {
		view.Errors = []shared.FormError{{Field: cmp.Or(desk.WrongField(refused), "reason"), Says: sentence(fault.Says(refused))}}
		if desk.WrongField(refused) != "" {
			view.Asks.Error = view.Errors[0].Says
		}
	}
	return h.showStatus(v, status, page.Page(view))
}

// mergeRows are both, line by line; what neither has is left out.
func (h *house) mergeRows(v *visit.Visit, look desk.MergeLook) []page.Row {
	var rows []page.Row
	for _, line := range []struct {
		name string
		kept bool
		of   func(desk.MergeSide) []string
	}{
		{"Name", false, func(s desk.MergeSide) []string { return some(s.Person.Name) }},
		{"Mail goes to", false, func(s desk.MergeSide) []string { return some(s.Person.Email) }},
		{"Further addresses", true, func(s desk.MergeSide) []string { return s.Person.Addresses[min(1, len(s.Person.Addresses)):] }},
		{"Telephone", true, func(s desk.MergeSide) []string {
			return each(s.Contacts, func(c account.Contact) string { return c.Value })
		}},
		{"Organisation", false, func(s desk.MergeSide) []string { return some(s.Organization.Name) }},
		{"Known since", true, func(s desk.MergeSide) []string { return some(dayText(calendar.DateOf(s.Person.Created, h.zone(v)))) }},
		{"Tickets", true, func(s desk.MergeSide) []string { return mergedTickets(s) }},
		{"Licences", true, func(s desk.MergeSide) []string { return each(s.Owned.Licences, account.Licence.Name) }},
		{"Orders", true, func(s desk.MergeSide) []string {
			return each(s.Owned.Orders, func(o account.Order) string { return o.Number })
		}},
		{"Plans", true, func(s desk.MergeSide) []string {
			return each(s.Owned.Subscriptions, func(p account.Subscription) string { return h.planOf(v, p, s.Policies[p.Brand]).Label })
		}},
		{"Projects", true, func(s desk.MergeSide) []string {
			return each(s.Projects, func(p account.Project) string { return p.Name })
		}},
		{"Evaluations", true, func(s desk.MergeSide) []string {
			return each(s.Owned.Evaluations, func(e account.Evaluation) string { return e.ProductName })
		}},
		{"Calls", true, func(s desk.MergeSide) []string {
			return either(count(s.Holds.Calls, "booked call", "booked calls"), count(s.Holds.Telephone, "telephone call", "telephone calls"))
		}},
		{"Roadmap and community", true, func(s desk.MergeSide) []string {
			return either(count(s.Holds.Votes, "card wanted", "cards wanted"), count(s.Holds.Posts, "post", "posts"), count(s.Holds.Wants, "idea wanted", "ideas wanted"))
		}},
		{"What’s New by mail", true, func(s desk.MergeSide) []string { return some(count(s.Holds.News, "letter", "letters")) }},
		{"Signed in", true, func(s desk.MergeSide) []string { return some(count(s.Holds.Sessions, "browser", "browsers")) }},
	} {
		row := page.Row{Name: line.name, Kept: line.kept, Stays: line.of(look.Stays), Goes: line.of(look.Goes)}
		if len(row.Stays)+len(row.Goes) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// mostNamed is how many things one line names before it counts the rest.
const mostNamed = 6

func each[T any](all []T, name func(T) string) (names []string) {
	for i, one := range all {
		if i == mostNamed {
			return append(names, fmt.Sprintf("and %d more", len(all)-i))
		}
		names = append(names, name(one))
	}
	return names
}

func some(text string) []string { return either(text) }

// either leaves out what is empty.
func either(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// count is "" for none.
func count(n int64, one, many string) string {
	if n == 0 {
		return ""
	}
	return counted(int(n), one, many)
}

// mergedTickets names the newest of their tickets and counts them.
func mergedTickets(s desk.MergeSide) []string {
	lines := either(count(s.Holds.Tickets, "of their own", "of their own"), count(s.Holds.Copies, "on copy", "on copy"))
	for i, row := range s.Tickets {
		if i == 3 {
			break
		}
		lines = append(lines, "#"+number(row.ID)+" "+subjectOr(row.Subject))
	}
	return lines
}

// mergeFollows is what comes of it, in sentences.
func mergeFollows(look desk.MergeLook) []string {
	stays, goes := look.Stays.Person, look.Goes.Person
	all := []string{
		fmt.Sprintf("Mail goes to %s. What comes from %s goes on in the same tickets.", stays.Email, strings.Join(goes.Addresses, " or ")),
	}
	if n := look.Goes.Holds.Tickets + look.Goes.Holds.Copies; n > 0 {
		all = append(all, fmt.Sprintf("Whoever signs in as %s reads %s of the other record too. Colleagues see on each that it was merged; nobody is mailed.", stays.Email, counted(int(n), "ticket", "tickets")))
	}
	if is, was := look.Stays.Organization, look.Goes.Organization; is.ID != 0 && was.ID != 0 && is.ID != was.ID {
		all = append(all, "They belong to "+isolated(is.Name)+", and to "+isolated(was.Name)+" no more.")
	} else if is.ID == 0 && was.ID != 0 {
		all = append(all, "They belong to "+isolated(was.Name)+", and see what it owns.")
	}
	return append(all,
		"Links in mails go on opening the ticket they were made for, and no other.",
		"Where the other record is signed in, it is signed out. Links to sign in that are under way open nothing any more.")
}

// whichCustomer looks for the record to merge with; without a question it offers people of the same name.
func (h *house) whichCustomer(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	c, err := h.desk.Customer(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if c.Person.Merged != 0 {
		return v.SeeOther(customerPath(c.Person.Merged))
	}
	q := strings.TrimSpace(v.Query("q"))
	hits, err := h.desk.FindCustomers(v.Context(), v.Actor, cmp.Or(q, c.Person.Name, c.Person.Email), mostFound)
	if err != nil {
		return err
	}
	view := page.Find{
		Title: "One person, two records", Section: "customers", Says: "Which record is " + isolated(c.Person.Display()) + " too?",
		Back: page.Link{Label: "Back to the record", URL: customerPath(id)}, Label: "Name, address, company, website or telephone number of the other record",
		Query: q, Path: mergePath(id), Heading: "Of a similar name", None: "Nobody else has a similar name. Look for the other record by its address.",
	}
	if q != "" {
		view.Heading, view.None = "Found", "Nobody else is known by that. Fewer letters find more."
	}
	view.Hits = mergeHits(id, hits)
	return h.showStatus(v, http.StatusOK, page.FindPage(view))
}

// mergeHits are the people among what was found, each once.
func mergeHits(stays int64, hits []store.CustomerHit) (all []page.Hit) {
	seen := map[int64]bool{stays: true, 0: true}
	for _, hit := range hits {
		if p := hit.Person; !seen[p.ID] {
			seen[p.ID] = true
			all = append(all, page.Hit{URL: mergePath(stays) + "?with=" + number(p.ID), Title: p.Display(), Says: strings.Join(either(p.Email, hit.Organization.Name), " · ")})
		}
	}
	return all
}

// mergeCustomers merges them.
func (h *house) mergeCustomers(v *visit.Visit) error {
	stays, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		With   int64  `form:"with"`
		Reason string `form:"reason"`
		Seen   string `form:"seen"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err = h.desk.MergeCustomers(v.Context(), v.Actor, desk.MergeCustomers{Stays: stays, Goes: in.With, Reason: in.Reason, Seen: in.Seen})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Refused) {
		return h.bothCustomers(v, visit.Status(err), in.With, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.done(v, "customers-merged", customerPath(stays)+"#changed")
}

// mayMerge is the way from a record to merging it, "" for whoever may not.
func mayMerge(v *visit.Visit, c desk.Customer) string {
	if !access.May(v.Actor, access.MergeRecords) {
		return ""
	}
	return mergePath(c.Person.ID)
}
