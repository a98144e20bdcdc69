package web

import (
	"cmp"
	"strconv"

	"hark/access"
	"hark/account"
	"hark/community"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	page "hark/web/community"
	"hark/web/shared"
	ticketpage "hark/web/ticket"
	"hark/web/visit"
)

// What colleagues do with posts: on the page of a thread, and in the list of those that wait for somebody.

// lookPath is where posts are looked through.
const lookPath = "/articles/community"

// lookPiles are the lists of posts there are.
var lookPiles = []struct{ pile, label, none string }{
	{store.PostsWaiting, "Waiting", "What somebody writes for the first time waits here, and what leads to many places."},
	{store.PostsReported, "Reported", "What a reader finds wrong with a post stands here."},
	{store.PostsHidden, "Taken off", "What was taken off stands here, and can be shown again."},
}

// lookThrough lists the posts of a brand that wait for somebody.
func (h *house) lookThrough(v *visit.Visit) error {
	brand, options, err := h.communityBrands(v)
	if err != nil {
		return err
	}
	pile := v.Query("show")
	said, next, err := h.desk.PostPile(v.Context(), v.Actor, brand.ID, pile, v.Query("after"))
	if err != nil {
		return err
	}
	view := page.Look{Brands: options, Pager: pager(v, next), Open: h.desk.BrandURL(brand) + desk.CommunityPath}
	if view.Articles, err = h.desk.HasHelp(v.Context()); err != nil {
		return err
	}
	for _, p := range lookPiles {
		tab := page.Tab{Label: p.label, URL: lookPath + "?brand=" + number(brand.ID), Current: p.pile == pile}
		if p.pile != "" {
			tab.URL += "&show=" + p.pile
		}
		if tab.Current {
			view.None = p.none
		}
		view.Piles = append(view.Piles, tab)
	}
	for _, s := range said {
		view.List = append(view.List, h.waitingPost(v, s))
	}
	return h.show(v, page.LookPage(view))
}

// communityBrands are the brands with a community, and the one a page is about: the one it names, else the first.
func (h *house) communityBrands(v *visit.Visit) (chosen account.Brand, options []shared.Option, err error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return chosen, nil, err
	}
	wanted, _ := strconv.ParseInt(v.Query("brand"), 10, 64)
	for _, b := range house.Brands {
		if !b.Community {
			continue
		}
		if chosen.ID == 0 || b.ID == wanted {
			chosen = b
		}
		options = append(options, shared.Option{Value: number(b.ID), Label: b.Name})
	}
	if chosen.ID == 0 || v.Query("brand") != "" && chosen.ID != wanted {
		return chosen, nil, fault.New(fault.NotFound, "There is no such page.")
	}
	for i := range options {
		options[i].Chosen = options[i].Value == number(chosen.ID)
	}
	return chosen, options, nil
}

func (h *house) waitingPost(v *visit.Visit, s desk.Said) page.LookAt {
	one := page.LookAt{URL: desk.PostPath(s.Post), Title: s.Title, What: map[community.Kind]string{community.Question: "A question", community.Idea: "An idea", community.Answer: "An answer"}[s.Kind]}
	one.Said = page.Said{ID: number(s.ID), Do: postDo(s.ID), Name: s.Name, Team: s.Staff, At: h.time(v, s.At), HTML: s.Text.HTML, Off: s.State == community.Hidden, Hidden: s.Reason}
	one.Desk = deskOfPost(s, v.Request.URL.RequestURI())
	return one
}

// deskOfPost is what a colleague can do with a post.
func deskOfPost(s desk.Said, back string) *page.DeskSaid {
	d := &page.DeskSaid{Shown: s.State == community.Shown, Theirs: !s.Staff, Back: back}
	if s.Ticket != 0 {
		d.Ticket = "/tickets/" + number(s.Ticket)
	}
	for _, r := range s.Reports {
		d.Reports = append(d.Reports, "Reported: "+cmp.Or(r.Reason, "without a word"))
	}
	return d
}

// deskOfThread is what a colleague can make of a thread.
func deskOfThread(t desk.Thread) *page.Desk {
	d := &page.Desk{Do: postDo(t.ID), Writes: t.Writes, Idea: t.Kind == community.Idea, Locked: t.Locked}
	if t.Article != 0 {
		d.Article = articlePath(t.Article)
	}
	if t.Joined != nil {
		d.Card = number(t.Joined.ID)
	}
	for _, c := range t.Choices {
		d.Cards = append(d.Cards, shared.Option{Value: number(c.ID), Label: c.Title, Chosen: c.ID == t.Card})
	}
	d.Cards = append(d.Cards, shared.Option{Value: "new", Label: "A new card with this title"})
	return d
}

// moderatePost decides about a post.
func (h *house) moderatePost(v *visit.Visit) error {
	var in struct {
		Do     string `form:"do"`
		Reason string `form:"reason"`
		Back   string `form:"back"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	p, err := h.desk.ModeratePost(v.Context(), v.Actor, desk.ModeratePost{Brand: brand, Post: id, Do: desk.Moderation(in.Do), Reason: in.Reason})
	if err != nil {
		return h.refusedModeration(v, err, brand, id, in.Reason)
	}
	said := map[desk.Moderation]string{desk.ShowPost: "post-shown", desk.HidePost: "post-hidden", desk.LockPost: "post-locked", desk.UnlockPost: "post-unlocked"}[desk.Moderation(in.Do)]
	return h.done(v, cmp.Or(said, "post-looked"), visit.LocalPath(in.Back, desk.PostPath(p)))
}

// refusedModeration shows the thread of a post again, when a decision about it was refused.
func (h *house) refusedModeration(v *visit.Visit, err error, brand, id int64, reason string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	thread, found := h.desk.ThreadOf(v.Context(), v.Actor, brand, id)
	if found != nil {
		return found
	}
	return h.refusedPost(v, err, thread, typedPost{form: "moderate", post: id, body: reason})
}

// turnPost makes a ticket or an article of a post, or joins it to a card of the roadmap.
func (h *house) turnPost(v *visit.Visit) error {
	var in struct {
		Do   string `form:"do"`
		Card string `form:"card"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	switch in.Do {
	case "ticket":
		ticket, err := h.desk.TicketOfPost(v.Context(), v.Actor, brand, id)
		if err != nil {
			return err
		}
		return v.SeeOther("/tickets/" + number(ticket))
	case "article":
		article, err := h.desk.ArticleOfPost(v.Context(), v.Actor, brand, id)
		if err != nil {
			return err
		}
		return v.SeeOther(articlePath(article))
	case "join", "leave":
		card, err := strconv.ParseInt(in.Card, 10, 64)
		if err != nil && in.Card != "new" && in.Do == "join" {
			return fault.New(fault.Invalid, "Choose a card of the roadmap.")
		}
		if err := h.desk.JoinIdea(v.Context(), v.Actor, desk.JoinIdea{Brand: brand, Post: id, Card: card, Leave: in.Do == "leave"}); err != nil {
			return err
		}
		return h.done(v, map[string]string{"join": "card-joined", "leave": "card-left"}[in.Do], desk.CommunityPath+"/"+number(id))
	}
	return fault.New(fault.Invalid, "Make a ticket or an article of it, or join it to the roadmap.")
}

// lookPlace is where a colleague finds the posts in the rail while there are no articles, beside which they stand otherwise.
func (h *house) lookPlace(v *visit.Visit) (string, error) {
	_, path, err := h.lookSays(v)
	return path, err
}

// lookSays is what stands on the way from the articles to the posts that wait, and where it leads; "" where there is no community.
func (h *house) lookSays(v *visit.Visit) (says, path string, err error) {
	brands, err := h.desk.Communities(v.Context())
	if err != nil || len(brands) == 0 || !access.May(v.Actor, access.Moderate) {
		return "", "", err
	}
	says = "Community"
	for _, b := range brands {
		n, err := h.desk.PostsToLookAt(v.Context(), v.Actor, b)
		if err != nil {
			return "", "", err
		}
		if n > 0 {
			return "Community: " + n.String() + " to look at", lookPath + "?brand=" + number(b), nil
		}
	}
	return says, lookPath, nil
}

// fromCommunity adds the way from a ticket to the post it was made of.
func (h *house) fromCommunity(v *visit.Visit, t ticket.Ticket, links []ticketpage.Link) ([]ticketpage.Link, error) {
	if t.Channel != "community" {
		return links, nil
	}
	p, err := h.desk.FromCommunity(v.Context(), v.Actor, t.ID)
	if err != nil || p.ID == 0 {
		return links, err
	}
	return append(links, ticketpage.Link{Label: "What was written in the community", URL: desk.PostPath(p)}), nil
}
