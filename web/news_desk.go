package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/issue"
	"hark/store"
	"hark/web/shared"
	"hark/web/visit"
	"hark/web/whatsnew"
)

// chosenBrand is the brand that a page of colleagues is about, the first one when the address names none, and all there are.
func (h *house) chosenBrand(v *visit.Visit, path string) (brand account.Brand, all []whatsnew.Brand, err error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return brand, nil, err
	}
	wanted, _ := strconv.ParseInt(v.Query("brand"), 10, 64) // what is no number is the first one
	for i, b := range house.Brands {
		if i == 0 || b.ID == wanted {
			brand = b
		}
	}
	if wanted != 0 && brand.ID != wanted || brand.ID == 0 {
		return brand, nil, fault.New(fault.NotFound, "There is no such page.")
	}
	for _, b := range house.Brands {
		all = append(all, whatsnew.Brand{Label: b.Name, URL: withBrand(path, b.ID), Current: b.ID == brand.ID})
	}
	return brand, all, nil
}

// tabs lead between the parts, and say how much waits for the review.
func (h *house) newsTabs(v *visit.Visit, current string, brand int64) (whatsnew.Tabs, error) {
	tabs := whatsnew.Tabs{Current: current, Query: "?brand=" + number(brand)}
	review, err := h.desk.Review(v.Context(), v.Actor, brand)
	if n := len(review.Cards); n > 0 {
		tabs.Due = strconv.Itoa(n)
	}
	return tabs, err
}

// newsDesk lists the entries of a brand: drafts first, then what is published.
func (h *house) newsDesk(v *visit.Visit) error {
	brand, brands, err := h.chosenBrand(v, "/whats-new/entries")
	if err != nil {
		return err
	}
	view := whatsnew.Desk{Brands: brands, New: withBrand("/whats-new/entries/new", brand.ID)}
	if view.Tabs, err = h.newsTabs(v, "news", brand.ID); err != nil {
		return err
	}
	if v.Query("after") == "" {
		drafts, err := h.desk.News(v.Context(), v.Actor, store.NewsFilter{Brand: brand.ID, States: []store.NewsState{store.NewsDraft}, Limit: 200})
		if err != nil {
			return err
		}
		view.Drafts = newsRows(drafts.Items)
	}
	page, err := h.desk.News(v.Context(), v.Actor, store.NewsFilter{Brand: brand.ID, States: []store.NewsState{store.NewsPublished, store.NewsWithdrawn}, After: v.Query("after")})
	if err != nil {
		return err
	}
	view.Rows, view.Pager = newsRows(page.Items), pager(v, page.Next)
	n, err := h.desk.NewsDesk(v.Context(), v.Actor, 0, brand.ID)
	if err != nil {
		return err
	}
	view.Readers = readersSay(n.Readers)
	return h.show(v, whatsnew.DeskPage(view))
}

func readersSay(n int64) string {
	switch n {
	case 0:
		return "Nobody has asked for the letter yet. The form for it stands under What’s new."
	case 1:
		return "One person gets the letter with what is new."
	}
	return fmt.Sprintf("%d people get the letter with what is new.", n)
}

func newsRows(entries []store.NewsEntry) (rows []whatsnew.Row) {
	for _, e := range entries {
		row := whatsnew.Row{URL: "/whats-new/entries/" + number(e.ID), Title: e.Title, Says: desk.NewsSays(e), Day: e.Day.Format("2 Jan 2006"), Line: article.Outline(e.Body).Beginning(120)}
		if e.State == store.NewsWithdrawn {
			row.State = "Taken back"
		}
		rows = append(rows, row)
	}
	return rows
}

// writeNews is the form of an entry.
func (h *house) writeNews(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	brand, _ := strconv.ParseInt(v.Query("brand"), 10, 64) // what is no number is the first one
	card, _ := strconv.ParseInt(v.Query("card"), 10, 64)   // and what is no card is none
	fixed, _ := strconv.ParseInt(v.Query("issue"), 10, 64) // and so with a known problem
	return h.newsForm(v, http.StatusOK, id, brand, whatsnew.Write{}, func(n desk.NewsDesk) desk.WriteNews {
		e := n.Entry
		in := desk.WriteNews{Kind: cmp.Or(e.Kind, "new"), Title: e.Title, Product: e.Product, Version: e.Version, Body: e.Body, Day: e.Day, Card: e.Card, Banner: e.Banner, From: e.From, Until: e.Until, Base: n.Last}
		for _, i := range n.Told {
			in.Issues = append(in.Issues, i.ID)
		}
		if id == 0 {
			in.Day, in.Card = n.Today, card
		}
		if fixed != 0 && id == 0 {
			in.Kind, in.Title, in.Issues = "fixed", calledAs(n.Fixes, fixed), []int64{fixed}
		}
		return in
	}, fixed)
}

// calledAs is what a known problem is called; an entry about its fix begins with that name.
func calledAs(issues []issue.Issue, id int64) string {
	for _, i := range issues {
		if i.ID == id {
			return i.Title
		}
	}
	return ""
}

// newsForm shows the form, filled in as it is kept or as it was sent.
func (h *house) newsForm(v *visit.Visit, status int, id, brand int64, form whatsnew.Write, filled func(desk.NewsDesk) desk.WriteNews, about ...int64) error {
	n, err := h.desk.NewsDesk(v.Context(), v.Actor, id, brand, about...)
	if err == nil {
		err = h.inBrand(v, n.Brand)
	}
	if err != nil {
		return err
	}
	in := filled(n)
	form.Brand, form.Key, form.Base, form.State = number(n.Brand.ID), visit.Random(), number(in.Base), string(n.Entry.State)
	form.Title, form.Product, form.Version, form.Body, form.Banner = in.Title, in.Product, in.Version, in.Body, in.Banner
	form.Day, form.From, form.Until = dateField(in.Day), dateField(in.From), dateField(in.Until)
	for _, kind := range desk.NewsKinds {
		form.Kinds = append(form.Kinds, shared.Option{Value: kind, Label: desk.NewsSays(store.NewsEntry{Kind: kind}), Chosen: kind == in.Kind})
	}
	for _, p := range n.Products {
		form.Products = append(form.Products, shared.Option{Value: p})
	}
	form.Issues = fixOptions(n, in.Issues)
	if form.Cards, err = h.cardOptions(v, n, in.Card); err != nil {
		return err
	}
	if id != 0 {
		form.ID, form.Says = number(id), h.newsStands(v, n)
		words := h.newsWords(v, n.Entry)
		form.Preview, form.History = &words, h.newsHistory(v, n.Changes)
		if n.Entry.State == store.NewsPublished {
			form.URL = h.desk.BrandURL(n.Brand) + desk.NewsEntryPath(id)
		}
	}
	return h.showStatus(v, status, whatsnew.WritePage(form))
}

func dateField(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// newsStands says how an entry stands.
func (h *house) newsStands(v *visit.Visit, n desk.NewsDesk) string {
	switch n.Entry.State {
	case store.NewsPublished:
		return "Published " + h.time(v, n.Entry.Published).Exact
	case store.NewsWithdrawn:
		return "Taken back. Nobody but colleagues reads it."
	}
	return "A draft. Nobody but colleagues reads it."
}

// fixOptions are the known problems whose fix an entry can tell of: those that were fixed last, and those that it tells of already.
func fixOptions(n desk.NewsDesk, chosen []int64) (options []shared.Option) {
	for _, i := range slices.Concat(n.Told, n.Fixes) {
		if slices.ContainsFunc(options, func(o shared.Option) bool { return o.Value == number(i.ID) }) {
			continue
		}
		options = append(options, shared.Option{Value: number(i.ID), Label: i.Title, Hint: reportedBy(i), Chosen: slices.Contains(chosen, i.ID)})
	}
	return options
}

// cardOptions are the cards of the roadmap that an entry can tell of.
func (h *house) cardOptions(v *visit.Visit, n desk.NewsDesk, chosen int64) ([]shared.Option, error) {
	cards, err := h.desk.OpenCards(v.Context(), v.Actor, n.Brand.ID)
	options := []shared.Option{{Value: "", Label: "Nothing", Chosen: chosen == 0}}
	known := chosen == 0
	for _, c := range cards {
		options = append(options, shared.Option{Value: number(c.ID), Label: c.Title, Chosen: c.ID == chosen})
		known = known || c.ID == chosen
	}
	if err != nil || known {
		return options, err
	}
	c, err := h.desk.CardDesk(v.Context(), v.Actor, chosen, "") // the one it has closed
	if isNotFound(err) {
		return options, nil
	}
	return append(options, shared.Option{Value: number(chosen), Label: c.Card.Title, Chosen: true}), err
}

// newsHistory is what was done to an entry or a card.
func (h *house) newsHistory(v *visit.Visit, changes []store.NewsChange) (all []whatsnew.Change) {
	for _, c := range changes {
		one := whatsnew.Change{Who: cmp.Or(c.Name, "The desk"), What: c.What, At: h.time(v, c.At)}
		one.Title, one.Body = desk.WhatItSaid(c)
		all = append(all, one)
	}
	return all
}

// newsSent is the form of an entry as it was sent.
type newsSent struct {
	Base    int64    `form:"base"`
	Key     string   `form:"key"`
	Brand   int64    `form:"brand"`
	Kind    string   `form:"kind"`
	Title   string   `form:"title"`
	Product string   `form:"product"`
	Version string   `form:"version"`
	Body    string   `form:"body"`
	Day     string   `form:"day"`
	Card    string   `form:"card"`
	Issue   []string `form:"issue"`
	Banner  string   `form:"banner"`
	From    string   `form:"from"`
	Until   string   `form:"until"`
	Do      string   `form:"do"`
}

// entry is what the form asks for; wrong names the field that cannot be read.
func (in newsSent) entry(id int64) (out desk.WriteNews, field string, err error) {
	out = desk.WriteNews{Entry: id, Brand: in.Brand, Kind: in.Kind, Title: in.Title, Product: in.Product, Version: in.Version, Body: in.Body, Card: numberOr0(in.Card), Banner: in.Banner, Base: in.Base, Key: in.Key}
	for _, id := range in.Issue {
		out.Issues = append(out.Issues, numberOr0(id))
	}
	for _, d := range []struct {
		field, text string
		to          *calendar.Date
	}{{"day", in.Day, &out.Day}, {"from", in.From, &out.From}, {"until", in.Until, &out.Until}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = calendar.ParseDate(d.text); err != nil {
			return out, d.field, err
		}
	}
	return out, "", nil
}

// saveNews keeps the entry, and leads on to the last look when it is to be published.
func (h *house) saveNews(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var sent newsSent
	if err := v.Form(&sent); err != nil {
		return err
	}
	in, field, err := sent.entry(id)
	saved := id
	if err == nil {
		saved, err = h.desk.WriteNews(v.Context(), v.Actor, in)
	}
	if err != nil && refusable(err) {
		form := whatsnew.Write{}
		form.Errors, form.Wrong = atField(err, field, "title")
		return h.newsForm(v, visit.Status(err), id, sent.Brand, form, func(n desk.NewsDesk) desk.WriteNews {
			if fault.Is(err, fault.Conflict) {
				in.Base = n.Last // the next one knows what it writes over
			}
			return in
		}, in.Issues...)
	}
	if err != nil {
		return err
	}
	page := "/whats-new/entries/" + number(saved)
	if sent.Do == "publish" {
		return v.SeeOther(page + "/publish")
	}
	n, err := h.desk.NewsDesk(v.Context(), v.Actor, saved, 0)
	if err == nil && n.Entry.State == store.NewsPublished {
		return h.done(v, "news-corrected", page)
	}
	return cmp.Or(err, h.done(v, "news-draft", page))
}

// refusable reports whether a form is shown again with what could not be taken.
func refusable(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) || fault.Is(err, fault.Conflict)
}

// atField says at its field what could not be taken; what belongs to no field is said at the usual one.
func atField(err error, field, usual string) ([]shared.FormError, map[string]string) {
	says := sentence(fault.Says(err))
	field = cmp.Or(field, desk.MisfilledField(err))
	wrong := map[string]string{}
	if field != "" {
		wrong[field] = says
	}
	return []shared.FormError{{Field: cmp.Or(field, usual), Says: says}}, wrong
}

// publishForm is the last look before an entry is published: what customers will read, and who hears of it.
func (h *house) publishForm(v *visit.Visit) error { return h.publishing(v, http.StatusOK, "") }

func (h *house) publishing(v *visit.Visit, status int, wrong string) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	n, err := h.desk.NewsDesk(v.Context(), v.Actor, id, 0)
	if err != nil {
		return err
	}
	if n.Entry.State == store.NewsPublished && wrong == "" {
		return v.SeeOther("/whats-new/entries/" + number(id))
	}
	view := whatsnew.Publish{ID: number(id), Base: number(n.Last), Entry: h.newsWords(v, n.Entry), Wrong: wrong}
	if view.Hears, err = h.hears(v, n); err != nil {
		return err
	}
	return h.showStatus(v, status, whatsnew.PublishPage(view))
}

// hears says who will hear of an entry, and how.
func (h *house) hears(v *visit.Visit, n desk.NewsDesk) (lines []string, err error) {
	lines = []string{"Everybody who opens What’s new of " + n.Brand.Name + ", its feed, or the panel inside your product."}
	switch {
	case n.Leaves.IsZero():
		lines = append(lines, "Nobody by mail: it has been in a letter before.")
	case n.Readers == 0:
		lines = append(lines, "Nobody by mail: nobody has asked for the letter yet.")
	default:
		lines = append(lines, plural(int(n.Readers), "reader")+" of the letter that leaves on "+h.time(v, n.Leaves).Exact+".")
	}
	if e := n.Entry; e.Banner != "" {
		lines = append(lines, "Every customer who opens a page from "+e.From.Format("2 January")+" to "+e.Until.Format("2 January 2006")+": “"+e.Banner+"”")
	}
	for _, i := range n.Told {
		if i.Customers > 0 {
			lines = append(lines, plural(int(i.Customers), "customer")+" who reported “"+i.Title+"”: the pages of their requests lead to it. Whether they are mailed is their policy’s to say; whoever was mailed of the fix is not mailed again.")
		}
	}
	if n.Entry.Card == 0 {
		return lines, nil
	}
	c, err := h.desk.CardDesk(v.Context(), v.Actor, n.Entry.Card, "")
	return append(lines, "Everybody who opens the roadmap: “"+c.Card.Title+"” is done. "+wanting(c.Card.Asking)+"; they are not mailed for it."), err
}

// publishNews publishes it.
func (h *house) publishNews(v *visit.Visit) error {
	return h.changeNews(v, h.desk.PublishNews, "news-published")
}

// takeBackNews takes it back.
func (h *house) takeBackNews(v *visit.Visit) error {
	return h.changeNews(v, h.desk.TakeBackNews, "news-back")
}

func (h *house) changeNews(v *visit.Visit, change func(context.Context, access.Actor, desk.ChangeNews) error, said string) error {
	var in struct {
		Base int64 `form:"base"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	err = change(v.Context(), v.Actor, desk.ChangeNews{Entry: id, Base: in.Base})
	if err != nil && refusable(err) {
		return h.publishing(v, visit.Status(err), sentence(fault.Says(err)))
	}
	if err != nil {
		return err
	}
	return h.done(v, said, "/whats-new/entries/"+number(id))
}
