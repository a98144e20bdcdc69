package web

import (
	"cmp"
	"net/http"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/roadmap"
	"hark/web/shared"
	"hark/web/visit"
)

// wanting is how many people want a card, in words.
func wanting(n int64) string {
	switch n {
	case 0:
		return "Nobody has asked yet"
	case 1:
		return "One person wants it"
	}
	return number(n) + " people want it"
}

// board is the roadmap of a brand for colleagues, in columns; with a state, one of them as far as it goes.
func (h *house) board(v *visit.Visit) error {
	brand, brands, err := h.chosenBrand(v, "/roadmap/cards")
	if err != nil {
		return err
	}
	view := roadmap.Board{Brands: brands}
	if access.May(v.Actor, access.PublishNews) {
		view.New = withBrand("/roadmap/cards/new", brand.ID)
	}
	if view.Tabs, err = h.newsTabs(v, "roadmap", brand.ID); err != nil {
		return err
	}
	p, _, err := h.desk.RunningOf(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	only := store.CardState(v.Query("state"))
	for _, state := range desk.CardStates {
		if only != "" && only != state {
			continue
		}
		f := store.CardFilter{Brand: brand.ID, State: state}
		if only != "" {
			f.After = v.Query("after")
		}
		page, err := h.desk.CardList(v.Context(), v.Actor, f)
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			continue
		}
		stack := roadmap.Stack{ID: "stack-" + string(state), Title: desk.CardStateSays(p, state), Rows: h.cardRows(v, p, page.Items)}
		if page.Next != "" {
			stack.Pager = shared.Pager{Older: withQuery(v, "state", string(state)) + "&after=" + page.Next}
		}
		view.Columns = append(view.Columns, stack)
	}
	return h.show(v, roadmap.BoardPage(view))
}

func (h *house) cardRows(v *visit.Visit, p *policy.Policy, cards []desk.RoadmapCard) (rows []roadmap.Row) {
	for _, c := range cards {
		row := roadmap.Row{URL: "/roadmap/cards/" + number(c.ID), Title: c.Title, Asking: wanting(c.Asking)}
		if c.Last.ID != 0 {
			row.Decided = desk.CardStateSays(p, c.Last.State) + ", " + h.time(v, c.Last.At).Relative + ": " + c.Last.Reason
		}
		if !c.Review.IsZero() && !c.Review.After(h.desk.Now()) {
			row.Due = "Put off until this review"
		}
		rows = append(rows, row)
	}
	return rows
}

// roadmapReview is what a review goes through.
func (h *house) roadmapReview(v *visit.Visit) error {
	brand, brands, err := h.chosenBrand(v, "/roadmap/review")
	if err != nil {
		return err
	}
	r, err := h.desk.Review(v.Context(), v.Actor, brand.ID)
	if err != nil {
		return err
	}
	view := roadmap.Review{Brands: brands, Says: h.reviewSays(v, r), Rows: h.cardRows(v, r.Policy, r.Cards)}
	if view.Tabs, err = h.newsTabs(v, "review", brand.ID); err != nil {
		return err
	}
	for i := range view.Rows {
		view.Rows[i].URL += "?return=review"
	}
	if len(view.Rows) > 0 && access.May(v.Actor, access.PublishNews) {
		view.First = view.Rows[0].URL
	}
	return h.show(v, roadmap.ReviewPage(view))
}

func (h *house) reviewSays(v *visit.Visit, r desk.Review) string {
	if r.Began.IsZero() {
		return "The policy of " + r.Brand.Name + " does not say when the roadmap is reviewed."
	}
	return "This review began " + h.time(v, r.Began).Exact + ". The next one begins " + h.time(v, r.Next).Exact + "."
}

// card is one card for colleagues.
func (h *house) card(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	if id == 0 && !access.May(v.Actor, access.PublishNews) {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	return h.cardForm(v, http.StatusOK, id, roadmap.Desk{Return: v.Query("return")}, nil)
}

// cardForm shows a card, with the words as they are kept or as they were sent.
func (h *house) cardForm(v *visit.Visit, status int, id int64, view roadmap.Desk, sent *desk.WriteCard) error {
	view.Key, view.May = visit.Random(), access.May(v.Actor, access.PublishNews)
	if id == 0 {
		brand, brands, err := h.chosenBrand(v, "")
		if err != nil {
			return err
		}
		if view.Brand = number(brand.ID); len(brands) > 1 {
			view.State = brand.Name
		}
	} else if err := h.tellCard(v, id, &view); err != nil {
		return err
	}
	if sent != nil {
		view.Title, view.What, view.Why, view.Estimate = sent.Title, sent.What, sent.Why, sent.Estimate
	}
	return h.showStatus(v, status, roadmap.DeskPage(view))
}

func (h *house) tellCard(v *visit.Visit, id int64, view *roadmap.Desk) error {
	c, err := h.desk.CardDesk(v.Context(), v.Actor, id, v.Query("after"))
	if err == nil {
		err = h.inBrand(v, c.Brand)
	}
	if err != nil {
		return err
	}
	card := c.Card
	view.ID, view.Brand, view.State, view.Base = number(id), number(card.Brand), desk.CardStateSays(c.Policy, card.State), number(c.Last)
	view.Title, view.What, view.Why, view.Estimate, view.Asking = card.Title, card.What, card.Why, card.Estimate, wanting(card.Asking)
	view.Public = h.desk.BrandURL(c.Brand) + desk.RoadmapPath + "#card-" + number(id)
	view.People, view.Pager, view.History = h.peopleAsking(c.Asking), pager(v, c.Next), h.newsHistory(v, c.Changes)
	for _, d := range c.Decisions {
		view.Decided = append(view.Decided, roadmap.Decision{State: desk.CardStateSays(c.Policy, d.State), Reason: d.Reason, Who: cmp.Or(d.Name, "The desk"), At: h.time(v, d.At)})
	}
	if c.Entry.ID != 0 {
		view.Entry = "/whats-new/entries/" + number(c.Entry.ID)
	}
	if card.State == store.CardDone {
		return nil
	}
	view.Done = withBrand("/whats-new/entries/new", card.Brand) + "&card=" + number(id)
	for _, state := range desk.CardStates {
		if state != store.CardDone {
			view.States = append(view.States, shared.Option{Value: string(state), Label: desk.CardStateSays(c.Policy, state), Chosen: state == card.State})
		}
	}
	if card.Asking > 0 {
		view.Hears = "“" + desk.CardStateSays(c.Policy, store.CardPlanned) + "” and “" + desk.CardStateSays(c.Policy, store.CardNotNow) + "” are mailed once, with the reason, to whoever asked for it: " + counted(int(card.Asking), "person", "people") + "."
	}
	if !c.Review.IsZero() {
		view.Review = "What is decided “Not now” comes up again when the next review begins, " + h.time(v, c.Review).Exact + "."
	}
	return nil
}

func (h *house) peopleAsking(asking []desk.AskingPerson) (all []roadmap.Person) {
	for _, one := range asking {
		p := roadmap.Person{Person: person(one.Person), Organization: one.Organization, Plans: strings.Join(one.Plans, ", "), Subject: one.Subject}
		p.Person.URL = "/customers/" + number(one.Person.ID)
		if one.Ticket != 0 {
			p.Ticket = number(one.Ticket)
		}
		all = append(all, p)
	}
	return all
}

// saveCard keeps a new card or the words of one.
func (h *house) saveCard(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in struct {
		Base     int64  `form:"base"`
		Key      string `form:"key"`
		Brand    int64  `form:"brand"`
		Title    string `form:"title"`
		What     string `form:"what"`
		Why      string `form:"why"`
		Estimate string `form:"estimate"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	card := desk.WriteCard{Card: id, Brand: in.Brand, Title: in.Title, What: in.What, Why: in.Why, Estimate: in.Estimate, Base: in.Base, Key: in.Key}
	saved, err := h.desk.WriteCard(v.Context(), v.Actor, card)
	if err != nil && refusable(err) {
		view := roadmap.Desk{}
		view.Errors, view.Wrong = atField(err, "", "title")
		return h.cardForm(v, visit.Status(err), id, view, &card)
	}
	if err != nil {
		return err
	}
	said := "card-saved"
	if id == 0 {
		said = "card-kept"
	}
	return h.done(v, said, "/roadmap/cards/"+number(saved))
}

// decideCard decides about a card, and leads back into the review it was opened from.
func (h *house) decideCard(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Base   int64  `form:"base"`
		State  string `form:"state"`
		Reason string `form:"reason"`
		Return string `form:"return"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err = h.desk.DecideCard(v.Context(), v.Actor, desk.DecideCard{Card: id, State: store.CardState(in.State), Reason: in.Reason, Base: in.Base})
	if err != nil && refusable(err) {
		view := roadmap.Desk{Reason: in.Reason, Return: in.Return}
		view.Errors, view.Wrong = atField(err, "", "reason")
		return h.cardForm(v, visit.Status(err), id, view, nil)
	}
	if err != nil {
		return err
	}
	page := "/roadmap/cards/" + number(id)
	if in.Return == "review" {
		c, err := h.desk.CardDesk(v.Context(), v.Actor, id, "")
		if err != nil {
			return err
		}
		page = withBrand("/roadmap/review", c.Card.Brand)
	}
	return h.done(v, "card-decided", page)
}

// onRoadmap is what a ticket has to do with the roadmap; nil for nothing. Where the policy has none, nobody looks.
func (h *house) onRoadmap(v *visit.Visit, p desk.TicketPage) (*roadmap.Side, error) {
	if window, _ := p.Policy.RoadmapWindow(); window == "" {
		return nil, nil
	}
	id := p.Ticket.ID
	c, err := h.desk.TicketCard(v.Context(), v.Actor, id)
	if err != nil || !c.Weighed && c.Card.ID == 0 {
		return nil, err
	}
	side := &roadmap.Side{Ticket: number(id), Key: visit.Random(), May: access.May(v.Actor, access.ChangeTicket)}
	if c.Card.ID != 0 {
		side.Title, side.URL, side.State, side.Asking = c.Card.Title, "/roadmap/cards/"+number(c.Card.ID), desk.CardStateSays(p.Policy, c.Card.State), wanting(c.Card.Asking)
	}
	if access.May(v.Actor, access.PublishNews) {
		side.Cards = append(side.Cards, shared.Option{Value: "new", Label: "A new card with these words"})
	}
	for _, card := range c.Choices {
		side.Cards = append(side.Cards, shared.Option{Value: number(card.ID), Label: card.Title})
	}
	return side, nil
}

// joinCard counts a ticket's customer for a card, or does no longer.
func (h *house) joinCard(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Card string `form:"card"`
		Do   string `form:"do"`
		Key  string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	join := desk.JoinCard{Ticket: id, Leave: in.Do == "leave", Key: in.Key}
	if !join.Leave && in.Card != "new" {
		if join.Card = numberOr0(in.Card); join.Card == 0 {
			return fault.New(fault.Invalid, "Choose a card of the roadmap.")
		}
	}
	if _, err := h.desk.JoinCard(v.Context(), v.Actor, join); err != nil {
		return err
	}
	said := "card-joined"
	if join.Leave {
		said = "card-left"
	}
	return h.done(v, said, "/tickets/"+number(id))
}
