package web

import (
	"fmt"
	"strconv"
	"strings"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/articles"
	"hark/web/shared"
	"hark/web/visit"
)

func articlePath(id int64) string { return "/articles/" + number(id) }

// helpBrands are the brands that have help, and the one a page is about: the one it names, else the first of them.
func (h *house) helpBrands(v *visit.Visit) (brand int64, options []shared.Option, err error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return 0, nil, err
	}
	wanted, _ := strconv.ParseInt(v.Query("brand"), 10, 64)
	for _, b := range house.Brands {
		p, _, err := h.desk.RunningOf(v.Context(), b.ID)
		if err != nil {
			return 0, nil, err
		}
		if p == nil || helpPath(p) == "" {
			continue
		}
		if brand == 0 || b.ID == wanted {
			brand = b.ID
		}
		options = append(options, shared.Option{Value: number(b.ID), Label: b.Name})
	}
	if brand == 0 || v.Query("brand") != "" && brand != wanted {
		return 0, nil, fault.New(fault.NotFound, "There is no such page.")
	}
	for i := range options {
		options[i].Chosen = options[i].Value == number(brand)
	}
	return brand, options, nil
}

// piles are the lists of articles there are.
var piles = []struct{ pile, label, none string }{
	{store.AllArticles, "All", "There is no article yet."},
	{store.DraftArticles, "Being written", "Nothing is being written. Readers have all there is."},
	{store.ArticlesToReview, "To check", "No article is due to be checked."},
	{store.DoubtedArticles, "Not helpful", "No article helped fewer readers than not."},
}

// articles lists what a brand has to read, for whoever writes it.
func (h *house) articles(v *visit.Visit) error {
	brand, options, err := h.helpBrands(v)
	if err != nil {
		return err
	}
	pile := v.Query("show")
	page, misses, err := h.desk.Articles(v.Context(), v.Actor, brand, pile, v.Query("after"))
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: brand}); err != nil {
		return err
	}
	view := articles.List{Brand: number(brand), Brands: options, Pager: pager(v, page.Next), Begun: pile != "" || v.Query("after") != "" || len(page.Items) > 0}
	for _, p := range piles {
		view.Piles = append(view.Piles, articles.Pile{Label: p.label, URL: withQuery(v, "show", p.pile), Current: p.pile == pile})
		if p.pile == pile {
			view.None = p.none
		}
	}
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	says, path, err := h.lookSays(v)
	if err != nil {
		return err
	}
	view.Look = shared.Button{Label: says, Look: shared.Quiet, Small: true, Href: path}
	for _, a := range page.Items {
		view.Rows = append(view.Rows, articleRow(p, a, calendar.DateOf(h.desk.Now(), p.Zone)))
	}
	for _, m := range misses {
		view.Misses = append(view.Misses, articles.Miss{Words: m.Words, Says: missSays(m, h.time(v, m.Last).Relative)})
	}
	return h.show(v, articles.ListPage(view))
}

func articleRow(p *policy.Policy, a store.Authored, today calendar.Date) articles.Row {
	row := articles.Row{URL: articlePath(a.ID), Title: titleOr(a.Title), Section: a.Shelf.Name, State: "Published", For: forWhom(a.Content), Helped: helpedSays(a.Helped, a.Unhelped)}
	if a.State == article.Draft {
		row.State, row.Draft = "Draft", true
	} else {
		row.Updated = "updated " + dayText(calendar.DateOf(a.Published, p.Zone))
	}
	if a.State == article.Published && !a.Changed.IsZero() {
		row.Changed = "Changed since, and not published"
	}
	if a.State == article.Published && !a.Review.IsZero() && a.Review.String() <= today.String() {
		row.Review = "To be checked since " + dayText(a.Review)
	}
	switch {
	case a.Waiting == 1:
		row.Waiting = "1 comment waits"
	case a.Waiting > 1:
		row.Waiting = fmt.Sprintf("%d comments wait", a.Waiting)
	}
	return row
}

func titleOr(title string) string {
	if title == "" {
		return "(no title yet)"
	}
	return title
}

// helpedSays is how many of those who said anything an article helped.
func helpedSays(yes, no int) string {
	if yes+no == 0 {
		return ""
	}
	return fmt.Sprintf("helped %d of %d", yes, yes+no)
}

func missSays(m store.Miss, last string) string {
	says := "once"
	if m.Times > 1 {
		says = fmt.Sprintf("%d times", m.Times)
	}
	switch {
	case m.Asked == 1:
		says += ", one of them wrote to us"
	case m.Asked > 1:
		says += fmt.Sprintf(", %d wrote to us", m.Asked)
	}
	return says + ", last " + last
}

// beginArticle begins an article, or the help with its five drafts, or takes a search off the list.
func (h *house) beginArticle(v *visit.Visit) error {
	var in struct {
		Brand int64  `form:"brand"`
		Title string `form:"title"`
		Do    string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	list := "/articles?brand=" + number(in.Brand)
	switch in.Do {
	case "start":
		if err := h.desk.StartHelp(v.Context(), v.Actor, in.Brand); err != nil {
			return err
		}
		return v.SeeOther(list)
	case "forget":
		if err := h.desk.ForgetMiss(v.Context(), v.Actor, in.Brand, in.Title); err != nil {
			return err
		}
		return v.SeeOther(list)
	}
	id, err := h.desk.NewArticle(v.Context(), v.Actor, in.Brand, sentenceCase(in.Title))
	if err != nil {
		return err
	}
	return v.SeeOther(articlePath(id))
}

// articleVersions is how an article became what it is.
func (h *house) articleVersions(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	e, all, err := h.desk.ArticleHistory(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, e.Brand); err != nil {
		return err
	}
	view := articles.History{ID: number(id), Title: titleOr(e.Writing.Title), Drawn: e.Mark}
	for i, one := range all {
		view.Versions = append(view.Versions, articles.Version{
			ID: number(one.ID), Name: h.time(v, one.At).Exact, By: strings.TrimSpace(by(one.Name)), Read: one.Read, First: i == len(all)-1, Changes: asShared(one.Changes),
		})
	}
	return h.show(v, articles.HistoryPage(view))
}

// decideComment shows a reader's comment, or takes it away.
func (h *house) decideComment(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	comment, err := v.Number("comment")
	if err != nil {
		return err
	}
	var in struct {
		Do string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if err := h.desk.DecideComment(v.Context(), v.Actor, id, comment, in.Do == "show"); err != nil {
		return err
	}
	return v.SeeOther(articlePath(id) + "#readers")
}

// citeArticles are the articles that may answer a ticket, for the script of the composer.
func (h *house) citeArticles(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	cited, err := h.desk.CiteHelp(v.Context(), v.Actor, id, v.Query("q"))
	if err != nil {
		return err
	}
	var list []articles.Cite
	for _, c := range cited {
		list = append(list, articles.Cite{Title: c.Title, URL: c.URL, Text: c.Text})
	}
	return v.Render(articles.Cites(list))
}

// articlesPlace is where a colleague finds the help: to write it, or to read it; "" while no brand has any.
func (h *house) articlesPlace(v *visit.Visit) (string, error) {
	has, err := h.desk.HasHelp(v.Context())
	switch {
	case err != nil || !has:
		return "", err
	case access.May(v.Actor, access.WriteArticles):
		return "/articles", nil
	}
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return "", err
	}
	return helpPath(p), nil
}
