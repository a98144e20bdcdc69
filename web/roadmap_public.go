package web

import (
	"cmp"
	"net/url"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/web/roadmap"
	"hark/web/visit"
)

// columnSays is what it means that a card stands in a column.
var columnSays = map[store.CardState]string{
	store.CardConsidered: "We have understood the wish and find out how large it is.",
	store.CardPlanned:    "We mean to make it.",
	store.CardProgress:   "Somebody works on it.",
	store.CardDone:       "It is there.",
	store.CardNotNow:     "We have decided against it for the time being.",
}

// roadmapOf is a reader of a roadmap: nobody in particular, somebody who is signed in, or the holder of a link.
type roadmapOf struct {
	person int64
	name   string
	vote   string // where their votes are sent
}

// roadmap is the roadmap of the brand whose pages are visited.
func (h *house) roadmap(v *visit.Visit) error {
	if !access.May(v.Actor, access.OwnTickets) {
		return h.roadmapFor(v, roadmapOf{})
	}
	return h.roadmapFor(v, roadmapOf{person: v.Actor.Person, name: v.Person.Display(), vote: desk.RoadmapPath + "/vote"})
}

// linkedRoadmap is the same for the holder of a link, without signing in.
func (h *house) linkedRoadmap(v *visit.Visit) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	person, err := h.desk.OpenRoadmapLink(v.Context(), brand.ID, v.Path("token"))
	if isNotFound(err) {
		return h.endedLink(v)
	}
	if err != nil {
		return err
	}
	return h.roadmapFor(v, roadmapOf{person.ID, person.Display(), desk.RoadmapPath + "/for/" + url.PathEscape(v.Path("token"))})
}

func (h *house) roadmapFor(v *visit.Visit, who roadmapOf) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	only := store.CardState(v.Query("state"))
	if only != "" && columnSays[only] == "" {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	m, err := h.desk.Roadmap(v.Context(), brand.ID, who.person, only, v.Query("after"))
	if err != nil {
		return err
	}
	view := roadmap.View{Brand: m.Brand.Name, Says: roadmapSays(m.Window), Vote: who.vote, Reader: who.name}
	if who.person == 0 && !v.Actor.Staff() {
		view.SignIn = "/portal/code?" + url.Values{"next": {desk.RoadmapPath}}.Encode()
	}
	if only != "" {
		view.Back = v.Request.URL.Path
	}
	shown, err := h.desk.Shown(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	if shown.News {
		view.News = desk.NewsPath
	}
	for _, c := range m.Columns {
		column := h.roadmapColumn(v, m, c, only != "")
		switch {
		case len(column.Cards) == 0 && (c.State == store.CardDone || c.State == store.CardNotNow):
		case c.State == store.CardDone || c.State == store.CardNotNow:
			view.Over = append(view.Over, column)
		default:
			view.Columns = append(view.Columns, column)
		}
	}
	return h.show(v, roadmap.Page(view))
}

func roadmapSays(window string) string {
	if window == "" {
		return "What customers have asked for, and what we have decided about it."
	}
	return "What customers have asked for, and what we have decided about it, for the next " + window + ". Plans change; a time is an estimate and no promise."
}

func (h *house) roadmapColumn(v *visit.Visit, m desk.Roadmap, c desk.RoadmapColumn, alone bool) roadmap.Column {
	column := roadmap.Column{ID: "column-" + string(c.State), Title: c.Title, Says: columnSays[c.State]}
	if c.State == store.CardNotNow && m.Reviews {
		column.Says += " It is weighed again at the next review."
	}
	if alone {
		column.Pager = pager(v, c.Next)
	} else if c.Next != "" {
		column.More = withQuery(v, "state", string(c.State))
	}
	for _, one := range c.Cards {
		column.Cards = append(column.Cards, h.roadmapCard(v, one))
	}
	return column
}

// roadmapCard is a card as customers read it: colleagues are known by their first names (I2).
func (h *house) roadmapCard(v *visit.Visit, c desk.RoadmapCard) roadmap.Card {
	card := roadmap.Card{ID: number(c.ID), Title: c.Title, What: c.What, Why: c.Why, Asking: int(c.Asking), Voted: c.Voted, Asked: c.Asked, Open: c.State != store.CardDone}
	if c.State != store.CardDone {
		card.Estimate = c.Estimate
	}
	if c.Last.ID != 0 {
		card.Decided = cmp.Or(firstName(c.Last.Name), "We") + ", " + c.Last.At.In(h.zone(v)).Format("2 January 2006")
		card.Reason = c.Last.Reason
	}
	if c.Entry.ID != 0 {
		card.Entry, card.Reason = desk.NewsEntryPath(c.Entry.ID), c.Entry.Title
	}
	return card
}

// vote counts somebody who is signed in, or does no longer.
func (h *house) vote(v *visit.Visit) error {
	return h.voting(v, desk.RoadmapPath, func(in desk.Vote) error { return h.desk.Vote(v.Context(), v.Actor, in) })
}

// linkedVote does the same for the holder of a link.
func (h *house) linkedVote(v *visit.Visit) error {
	token := v.Path("token")
	err := h.voting(v, desk.RoadmapPath+"/for/"+url.PathEscape(token), func(in desk.Vote) error { return h.desk.VoteByLink(v.Context(), token, in) })
	if isNotFound(err) && h.roadmapLinkEnded(v, token) {
		return h.endedLink(v)
	}
	return err
}

func (h *house) roadmapLinkEnded(v *visit.Visit, token string) bool {
	_, brand, err := h.running(v)
	if err == nil {
		_, err = h.desk.OpenRoadmapLink(v.Context(), brand.ID, token)
	}
	return isNotFound(err)
}

func (h *house) voting(v *visit.Visit, page string, vote func(desk.Vote) error) error {
	var in struct {
		Card int64  `form:"card"`
		Do   string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	if err := vote(desk.Vote{Brand: brand.ID, Card: in.Card, Back: in.Do == "back"}); err != nil {
		return err
	}
	said := "voted"
	if in.Do == "back" {
		said = "vote-back"
	}
	return h.done(v, said, page+"#card-"+number(in.Card))
}
