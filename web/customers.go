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
	"hark/policy"
	"hark/store"
	page "hark/web/customers"
	"hark/web/shared"
	"hark/web/visit"
)

// mostFound is how many hits a search shows: whoever needs more types another letter.
const mostFound = 20

// findCustomers searches customers and what they own.
func (h *house) findCustomers(v *visit.Visit) error {
	return h.findPage(v, http.StatusOK, page.NewForm{Email: addressIn(v.Query("q"))})
}

// addressIn is what was searched for when it is an address, so that it need not be typed again.
func addressIn(q string) string {
	if strings.Contains(q, "@") {
		return strings.TrimSpace(q)
	}
	return ""
}

func (h *house) findPage(v *visit.Visit, status int, form page.NewForm) error {
	view := page.Find{Query: strings.TrimSpace(v.Query("q")), Keep: access.May(v.Actor, access.KeepCustomers), New: form}
	if view.Query == "" {
		people, err := h.desk.People(v.Context(), v.Actor, store.PeopleFilter{Role: access.Customer, Limit: mostFound})
		if err != nil {
			return err
		}
		for _, p := range people.Items {
			view.Some = append(view.Some, page.Hit{URL: customerPath(p.ID), Title: p.Display(), What: "Person", Says: p.Email})
		}
		view.Any = len(view.Some) > 0
		return h.showStatus(v, status, page.FindPage(view))
	}
	hits, err := h.desk.FindCustomers(v.Context(), v.Actor, view.Query, mostFound)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		view.Hits = append(view.Hits, hitOf(hit))
	}
	view.Says = foundSays(hits)
	return h.showStatus(v, status, page.FindPage(view))
}

func foundSays(hits []store.CustomerHit) string {
	switch {
	case len(hits) == 0:
		return ""
	case hits[0].Near:
		return "Nothing has exactly these letters; this is close"
	case len(hits) == mostFound:
		return fmt.Sprintf("The first %d; another letter finds fewer", mostFound)
	}
	return fmt.Sprintf("%d found", len(hits))
}

func customerPath(id int64) string     { return "/customers/" + number(id) }
func organizationPath(id int64) string { return "/organizations/" + number(id) }

func hitOf(hit store.CustomerHit) page.Hit {
	h := page.Hit{URL: ownerPath(account.Owner{Person: hit.Person.ID, Organization: hit.Organization.ID}), Whose: whose(hit)}
	switch hit.By {
	case store.CustomerLicence:
		h.Title, h.What, h.Says = hit.Licence.Name(), "Licence", licenceSays(hit.Licence)
		h.URL += "#licence-" + number(hit.Licence.ID)
	case store.CustomerOrder:
		h.Title, h.What, h.Says = "Order "+hit.Order.Number, "Order", "placed "+dayText(hit.Order.PlacedOn)
	case store.CustomerOrganization:
		h.Title, h.What, h.Whose = hit.Organization.Name, "Organisation", ""
	default:
		h.Title, h.What, h.Says, h.Whose = hit.Person.Display(), "Person", hit.Person.Email, hit.Organization.Name
	}
	return h
}

// ownerPath is the record of a person, else of an organisation.
func ownerPath(w account.Owner) string {
	if w.Person != 0 {
		return customerPath(w.Person)
	}
	return organizationPath(w.Organization)
}

func whose(hit store.CustomerHit) string {
	names := []string{hit.Person.Display(), hit.Organization.Name}
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return name == "" }), ", ")
}

// licenceSays is "AbleCommerce 7.0.2, ordered 2 Nov 2026".
func licenceSays(l account.Licence) string {
	says := strings.TrimSpace(l.ProductName + " " + l.VersionName)
	if !l.OrderedOn.IsZero() {
		says += ", ordered " + dayText(l.OrderedOn)
	}
	if l.Status == account.Ended {
		says += ", ended"
	}
	return says
}

// dayText is a day as people read it: 2 Nov 2026.
func dayText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.D, d.M.String()[:3], d.Y)
}

// thingName and thingSays are a thing a request can be about, in a customer's words.
func thingName(t desk.Thing) string {
	switch t.About.Kind {
	case account.AboutLicence:
		return t.Licence.Name()
	case account.AboutOrder:
		return "Order " + t.Order.Number
	}
	return "My evaluation of " + t.Evaluation.ProductName
}

func thingSays(t desk.Thing) string {
	switch t.About.Kind {
	case account.AboutLicence:
		return licenceSays(t.Licence)
	case account.AboutOrder:
		return strings.Join(append(linesOf(t.Order), "placed "+dayText(t.Order.PlacedOn)), ", ")
	}
	return "since " + dayText(t.Evaluation.BeganOn)
}

func linesOf(o account.Order) (all []string) {
	for _, line := range o.Lines {
		says := line.What
		if line.Quantity > 1 {
			says = fmt.Sprintf("%d × %s", line.Quantity, line.What)
		}
		all = append(all, says)
	}
	return all
}

// customerRecord is the record of one customer.
func (h *house) customerRecord(v *visit.Visit) error {
	return h.recordOf(v, http.StatusOK, page.Forms{})
}

// recordOf shows the record that the address names, of a person or of an organisation.
func (h *house) recordOf(v *visit.Visit, status int, forms page.Forms) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	if strings.HasPrefix(v.Request.URL.Path, "/organizations/") {
		c, err := h.desk.Organization(v.Context(), v.Actor, id)
		if err != nil {
			return err
		}
		view := h.record(v, c, forms)
		view.ID, view.Name, view.Path = number(id), c.Organization.Name, organizationPath(id)
		view.Says = counted(len(c.People), "person", "people")
		for _, p := range c.People {
			view.People = append(view.People, page.Link{Label: p.Display(), URL: customerPath(p.ID)})
		}
		return h.showStatus(v, status, page.RecordPage(view))
	}
	c, err := h.desk.Customer(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if c.Person.Merged != 0 {
		return v.SeeOther(customerPath(c.Person.Merged))
	}
	view := h.record(v, c, forms)
	view.ID, view.Name, view.Email, view.Path = number(id), c.Person.Display(), c.Person.Email, customerPath(id)
	view.Also, view.Merge = strings.Join(c.Person.Addresses[min(1, len(c.Person.Addresses)):], ", "), mayMerge(v, c)
	view.Says = "Known since " + dayText(calendar.DateOf(c.Person.Created, h.zone(v)))
	if c.Organization.ID != 0 {
		view.Belongs = &page.Link{Label: c.Organization.Name, URL: organizationPath(c.Organization.ID)}
	}
	return h.showStatus(v, status, page.RecordPage(view))
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// record is what the records of people and of organisations have in common.
func (h *house) record(v *visit.Visit, c desk.Customer, forms page.Forms) page.Record {
	view := page.Record{Keep: access.May(v.Actor, access.KeepCustomers), Tickets: h.rows(v, c.Tickets), Forms: forms}
	for _, t := range c.Things {
		view.Things = append(view.Things, thingOf(t, c.Policies))
	}
	for _, l := range c.Owned.Licences {
		if l.Status == account.Ended {
			view.Things = append(view.Things, thingOf(desk.Thing{About: account.About{Kind: account.AboutLicence, ID: l.ID}, Licence: l}, c.Policies))
		}
	}
	for _, s := range c.Owned.Subscriptions {
		view.Plans = append(view.Plans, h.planOf(v, s, c.Policies[s.Brand]))
	}
	for _, o := range c.Owned.Orders {
		view.Orders = append(view.Orders, page.Order{Number: o.Number, On: dayText(o.PlacedOn), Lines: strings.Join(linesOf(o), ", "), Notes: o.Notes})
	}
	for _, contact := range c.Contacts {
		view.Contacts = append(view.Contacts, page.Contact{ID: number(contact.ID), Number: contact.Value, Says: contactSays(contact)})
	}
	for _, d := range c.Decisions {
		view.Decided = append(view.Decided, h.decidedOf(v, d, c))
	}
	for _, change := range c.Changes {
		if change.What == mergedInto {
			continue // the record that stays tells of it once
		}
		view.Changed = append(view.Changed, page.Decided{At: h.time(v, change.At), Says: ownedChangeSays(change, c)})
	}
	h.recordProjects(v, &view, c.Projects)
	view.About = h.aboutCustomer(v, c, forms)
	view.Forms.Products, view.Forms.Plans = productOptions(c.Products), h.planOptions(v)
	return view
}

func thingOf(t desk.Thing, policies map[int64]*policy.Policy) page.Thing {
	p := policies[cmp.Or(t.Licence.Brand, t.Order.Brand, t.Evaluation.Brand)]
	out := page.Thing{ID: string(t.About.Kind) + "-" + number(t.About.ID), Kind: sentenceCase(string(t.About.Kind)), Name: thingName(t), Says: sentenceCase(thingSays(t))}
	if t.About.Kind == account.AboutEvaluation {
		out.Name = t.Evaluation.ProductName
	}
	if t.Decides {
		out.Level, out.Because, out.Support = t.Level.Label, t.Level.Because, p.Supports(t.Level.Level)
		out.Why = shared.Why{Sentences: []string{t.Level.Sentence}, Rule: "levels.table." + t.Level.Row}
	}
	if l := t.Licence; l.ID != 0 {
		out.Ended = l.Status == account.Ended
		out.Facts = licenceFacts(l)
		out.Edit = &page.Licence{ID: number(l.ID), Product: l.ProductName, Version: l.VersionName, Site: l.Site, Order: l.OrderNumber, Ordered: isoDay(l.OrderedOn), Ends: isoDay(l.SupportedUntil), Status: string(l.Status)}
	}
	return out
}

func licenceFacts(l account.Licence) (facts []page.Fact) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, page.Fact{Name: name, Value: value})
		}
	}
	if l.Key.Start != "" {
		add("Key", l.Key.Start+"…")
	}
	add("Order", l.OrderNumber)
	add("Version supported until", dayText(l.SupportedUntil))
	return facts
}

// isoDay is a day as a date field has it.
func isoDay(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (h *house) planOf(v *visit.Visit, s account.Subscription, p *policy.Policy) page.Plan {
	plan := page.Plan{ID: number(s.ID), Label: s.Plan, Until: isoDay(s.Until), Says: "since " + dayText(s.From)}
	zone := h.zone(v)
	if p != nil {
		plan.Label, zone = p.PlanLabel(s.Plan), p.Zone
	}
	if !s.Until.IsZero() {
		plan.Says += ", until " + dayText(s.Until)
	}
	if plan.Runs = s.RunsOn(calendar.DateOf(h.desk.Now(), zone)); !plan.Runs {
		plan.Says += "; does not run today"
	}
	return plan
}

func contactSays(c account.Contact) string {
	if c.Shared {
		return "shared: it says which company calls, not who"
	}
	return "direct"
}

func (h *house) decidedOf(v *visit.Visit, d account.Decision, c desk.Customer) page.Decided {
	label := d.Level
	for _, p := range c.Policies {
		if p != nil && p.LevelLabel(d.Level) != "" {
			label = p.LevelLabel(d.Level)
		}
	}
	out := page.Decided{At: h.time(v, d.At), Says: label + ": " + d.Because}
	if name := c.Owned.Name(d.About); name != "" {
		out.Says = name + ", " + out.Says
	}
	if d.Ticket != 0 {
		out.Ticket = &page.Link{Label: "#" + number(d.Ticket), URL: "/tickets/" + number(d.Ticket)}
	}
	return out
}

// ownedChangeSays is one change: of what, which value, from what to what, and who said so.
func ownedChangeSays(c account.Change, of desk.Customer) string {
	says := thingChanged(c.About, of) + ": "
	if strings.HasPrefix(c.About, "person:") || strings.HasPrefix(c.About, "organization:") {
		says, c.What = "", sentenceCase(c.What)
	}
	switch {
	case c.What == "Merged":
		says = "Merged with " + c.Is
	case c.What == "added":
		says += "added"
	case c.Was == "":
		says += c.What + " is " + c.Is
	case c.Is == "":
		says += c.What + " is " + c.Was + " no more"
	default:
		says += c.What + " is " + c.Is + ", was " + c.Was
	}
	by := map[account.Source]string{account.ByShop: "by the shop", account.ByImport: "with a table"}[c.Source]
	if c.ByName != "" {
		by = strings.TrimSpace(by + " by " + c.ByName)
	}
	return says + ", " + by
}

func thingChanged(about string, of desk.Customer) string {
	o := of.Owned
	for _, p := range of.Projects {
		if about == "project:"+number(p.ID) {
			return "Project " + p.Name
		}
	}
	for _, s := range o.Subscriptions {
		if about == "subscription:"+number(s.ID) {
			return "Plan " + s.Plan
		}
	}
	for _, order := range o.Orders {
		if about == "order:"+number(order.ID) {
			return "Order " + order.Number
		}
	}
	return cmp.Or(o.Name(account.ParseAbout(about)), "Licence")
}

// organizationRecord is the record of an organisation.
func (h *house) organizationRecord(v *visit.Visit) error {
	return h.recordOf(v, http.StatusOK, page.Forms{})
}

// mostShop is how large a shop's event may be.
const mostShop = 256 << 10
