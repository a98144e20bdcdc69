package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/desk"
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

// article is one article with its text and how it reads.
func (h *house) article(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	e, err := h.desk.EditArticle(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return h.showEdit(v, http.StatusOK, e, nil)
}

func (h *house) showEdit(v *visit.Visit, status int, e desk.ArticleEdit, wrong error) error {
	if err := h.inBrand(v, e.Brand); err != nil {
		return err
	}
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	w := e.Writing
	view := articles.Edit{
		ID: number(e.ID), Brand: number(e.Article.Brand), Title: w.Title, Body: w.Body, Slug: w.Slug, Drawn: e.Mark, State: "Draft", Live: e.State == article.Published,
		URL: h.desk.BrandURL(e.Brand) + desk.HelpPath(e.Slug), HTML: e.Text.HTML, Facts: articleFacts(p, written(e)), Product: w.Product, Release: w.Release, Helped: sentence(helpedSays(e.Helped, e.Unhelped)),
		Section: sectionOptions(e), Position: positionText(w.Position), Audience: audienceOptions(w.Audience), Plan: planOptions(e), Comments: commentOptions(w.Comments),
		Owner: ownerOptions(e), Review: dayInput(w.Review), Videos: videoRows(w.Videos),
	}
	if view.Live {
		view.State = "Published"
	}
	if e.Differs {
		view.Differs = "Readers do not have your last changes yet."
	}
	if !e.Saved.IsZero() {
		view.Saved = strings.TrimSpace("Saved " + h.time(v, e.Saved).Relative + by(e.By))
	}
	if !e.Checked.IsZero() {
		view.Checked = "Checked on " + dayText(calendar.DateOf(e.Checked, p.Zone)) + "."
	}
	if wrong != nil {
		view.Wrong = sentence(fault.Says(wrong))
	}
	h.fillReaders(v, &view, e)
	return h.showStatus(v, status, articles.EditPage(view))
}

// written is an article as it would be read.
func written(e desk.ArticleEdit) article.Article {
	a := e.Article
	a.Content = e.Writing
	return a
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return " by " + name
}

func (h *house) fillReaders(v *visit.Visit, view *articles.Edit, e desk.ArticleEdit) {
	for _, f := range e.Findings {
		view.Findings = append(view.Findings, articles.Finding{Says: f.Says, Stops: f.Stops})
	}
	for _, r := range e.Reasons {
		view.Reasons = append(view.Reasons, articles.Reason{Helped: r.Helped, Text: r.Reason, At: h.time(v, r.At).Relative})
	}
	said := func(all []article.Said) (list []articles.Said) {
		for _, s := range all {
			list = append(list, articles.Said{ID: number(s.ID), Name: s.Name, At: h.time(v, s.At).Relative, Text: s.Text})
		}
		return list
	}
	view.Waiting, view.Said = said(e.Waiting), said(e.Said)
}

func positionText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func dayInput(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// videoRows are the videos there are, and an empty row for the next.
func videoRows(all []article.Video) (rows []articles.Video) {
	for _, v := range all {
		rows = append(rows, articles.Video{Title: v.Title, URL: v.URL, Transcript: v.Transcript})
	}
	return append(rows, articles.Video{})
}

func sectionOptions(e desk.ArticleEdit) []shared.Option {
	options := []shared.Option{{Value: "0", Label: "None yet", Chosen: e.Writing.Section == 0}}
	for _, s := range e.Sections {
		options = append(options, shared.Option{Value: number(s.ID), Label: s.Name, Chosen: s.ID == e.Writing.Section})
	}
	return options
}

var audienceSays = map[article.Audience]string{
	article.ForAll: "Everybody", article.ForSigned: "Customers who have signed in", article.ForPlans: "Customers with a plan", article.ForStaff: "Only we",
}

func audienceOptions(chosen article.Audience) (options []shared.Option) {
	for _, a := range article.Audiences {
		options = append(options, shared.Option{Value: string(a), Label: audienceSays[a], Chosen: a == chosen})
	}
	return options
}

func planOptions(e desk.ArticleEdit) []shared.Option {
	options := []shared.Option{{Label: "Any plan", Chosen: e.Writing.Plan == ""}}
	for _, p := range e.Plans {
		options = append(options, shared.Option{Value: p.ID, Label: p.Label, Chosen: p.ID == e.Writing.Plan})
	}
	return options
}

func commentOptions(chosen article.Comments) (options []shared.Option) {
	for _, c := range []struct {
		value article.Comments
		label string
	}{{article.AsPolicy, "As the policy says"}, {article.Closed, "Closed"}, {article.SignIn, "Whoever has signed in"}, {article.Open, "Everybody"}} {
		options = append(options, shared.Option{Value: string(c.value), Label: c.label, Chosen: c.value == chosen})
	}
	return options
}

func ownerOptions(e desk.ArticleEdit) []shared.Option {
	options := []shared.Option{{Value: "0", Label: "Nobody", Chosen: e.Writing.Owner == 0}}
	for _, p := range e.Staff {
		options = append(options, shared.Option{Value: number(p.ID), Label: p.Display(), Chosen: p.ID == e.Writing.Owner})
	}
	return options
}

// articleForm is what the editor posts.
type articleForm struct {
	Drawn      string   `form:"drawn"`
	Do         string   `form:"do"`
	Version    int64    `form:"version"`
	Title      string   `form:"title"`
	Body       string   `form:"body"`
	Slug       string   `form:"slug"`
	Section    int64    `form:"section"`
	Position   int64    `form:"position"`
	Audience   string   `form:"audience"`
	Plan       string   `form:"plan"`
	Comments   string   `form:"comments"`
	Product    string   `form:"product"`
	Release    string   `form:"release"`
	Owner      int64    `form:"owner"`
	Review     string   `form:"review"`
	Titles     []string `form:"video_title"`
	Addresses  []string `form:"video_url"`
	Transcript []string `form:"video_transcript"`
}

// content is the form as an article. A day that is none is left out; the browser's own field allows no other.
func (in articleForm) content() article.Content {
	c := article.Content{
		Title: in.Title, Slug: in.Slug, Section: in.Section, Position: int(min(max(in.Position, 0), 9999)), Body: in.Body, Audience: article.Audience(in.Audience), Plan: in.Plan,
		Comments: article.Comments(in.Comments), Product: in.Product, Release: in.Release, Owner: in.Owner,
	}
	c.Review, _ = calendar.ParseDate(in.Review)
	for i, title := range in.Titles {
		if i < len(in.Addresses) && i < len(in.Transcript) {
			c.Videos = append(c.Videos, article.Video{Title: title, URL: in.Addresses[i], Transcript: in.Transcript[i]})
		}
	}
	return c
}

// fields are the form's values again, but for those of the page that shows both texts.
func (in articleForm) fields(mark string) (all []articles.Field) {
	add := func(name string, values ...string) {
		for _, value := range values {
			all = append(all, articles.Field{Name: name, Value: value})
		}
	}
	add("drawn", mark)
	add("title", in.Title)
	add("slug", in.Slug)
	add("section", strconv.FormatInt(in.Section, 10))
	add("position", strconv.FormatInt(in.Position, 10))
	add("audience", in.Audience)
	add("plan", in.Plan)
	add("comments", in.Comments)
	add("product", in.Product)
	add("release", in.Release)
	add("owner", strconv.FormatInt(in.Owner, 10))
	add("review", in.Review)
	add("video_title", in.Titles...)
	add("video_url", in.Addresses...)
	add("video_transcript", in.Transcript...)
	return all
}

// saveArticle keeps what an author wrote, and does what the button says.
func (h *house) saveArticle(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in articleForm
	if err := v.Form(&in); err != nil {
		return err
	}
	var apart *desk.ArticleApart
	switch err := h.doArticle(v, id, in); {
	case errors.As(err, &apart):
		return h.showArticleApart(v, in, apart)
	case fault.Is(err, fault.Refused):
		return h.refusedArticle(v, id, err)
	case err != nil:
		return err
	}
	if in.Do == "publish" {
		return h.done(v, "article-published", articlePath(id))
	}
	return v.SeeOther(articlePath(id))
}

func (h *house) doArticle(v *visit.Visit, id int64, in articleForm) (err error) {
	switch in.Do {
	case "discard":
		return h.desk.DropArticleDraft(v.Context(), v.Actor, id, in.Drawn)
	case "retire":
		return h.desk.RetireArticle(v.Context(), v.Actor, id, in.Drawn)
	case "restore":
		return h.desk.RestoreArticle(v.Context(), v.Actor, id, in.Version, in.Drawn)
	}
	_, err = h.desk.SaveArticle(v.Context(), v.Actor, desk.SaveArticle{ID: id, Content: in.content(), Was: in.Drawn, Publish: in.Do == "publish"})
	return err
}

// refusedArticle shows the draft that was kept, and why it is not published.
func (h *house) refusedArticle(v *visit.Visit, id int64, why error) error {
	e, err := h.desk.EditArticle(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return h.showEdit(v, visit.Status(why), e, why)
}

// showArticleApart answers a page that was drawn before the article became what it is. Nothing is saved and nothing is lost.
func (h *house) showArticleApart(v *visit.Visit, in articleForm, kept *desk.ArticleApart) error {
	if err := h.inBrand(v, kept.Brand); err != nil {
		return err
	}
	view := articles.Apart{ID: number(kept.ID), Title: kept.Writing.Title, By: "What is kept was saved " + h.time(v, kept.Saved).Relative + by(kept.By) + ".", Fields: in.fields(kept.Mark), Body: in.Body}
	mine := in.content()
	mine.Slug = kept.Writing.Slug
	mine.Body = strings.ReplaceAll(mine.Body, "\r\n", "\n")
	view.Changes = asShared(article.Differences(kept.Writing, mine))
	return h.showStatus(v, http.StatusConflict, articles.ApartPage(view))
}

func asShared(all []article.Difference) (list []shared.Change) {
	for _, d := range all {
		list = append(list, shared.Change{Where: d.Where, Before: d.Was, After: d.Is})
	}
	return list
}

// checkArticle notes that somebody looked whether an article is still true. It is looked at again half a year later.
func (h *house) checkArticle(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.CheckArticle(v.Context(), v.Actor, id); err != nil {
		return err
	}
	return h.done(v, "article-checked", articlePath(id))
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

// helpShelves are the sections of a brand's help.
func (h *house) helpShelves(v *visit.Visit) error {
	brand, _, err := h.helpBrands(v)
	if err != nil {
		return err
	}
	return h.showShelves(v, http.StatusOK, brand, "", nil)
}

func (h *house) showShelves(v *visit.Visit, status int, brand int64, typed string, wrong error) error {
	all, err := h.desk.HelpSections(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: brand}); err != nil {
		return err
	}
	view := articles.Sections{Brand: number(brand), Name: typed, Wrong: sentence(fault.Says(wrong))}
	for _, s := range all {
		view.List = append(view.List, articles.Section{ID: number(s.ID), Name: s.Name, URL: sectionPath(s.Slug)})
	}
	return h.showStatus(v, status, articles.SectionsPage(view))
}

// shelve changes the sections.
func (h *house) shelve(v *visit.Visit) error {
	var in struct {
		Brand   int64  `form:"brand"`
		Section int64  `form:"section"`
		Name    string `form:"name"`
		Do      string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.Shelve(v.Context(), v.Actor, desk.Shelve{Brand: in.Brand, Section: in.Section, Name: in.Name, Up: in.Do == "up", Drop: in.Do == "drop"})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		typed := in.Name
		if in.Section != 0 {
			typed = ""
		}
		return h.showShelves(v, visit.Status(err), in.Brand, typed, err)
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/articles/sections?brand=" + number(in.Brand))
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
		list = append(list, articles.Cite{Title: c.Title, URL: c.URL})
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
