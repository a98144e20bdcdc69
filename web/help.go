package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"hark/access"
	"hark/article"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/help"
	"hark/web/portal"
	"hark/web/visit"
)

// helpBrand is the brand whose help a visitor reads: that of the address they came to.
func (h *house) helpBrand(v *visit.Visit) (p *policy.Policy, brand int64, err error) {
	p, b, err := h.running(v)
	return p, b.ID, err
}

// helpHome is the search and the sections of the help.
func (h *house) helpHome(v *visit.Visit) error {
	p, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	view := help.Home{Query: strings.TrimSpace(v.Query("q"))}
	shelves, err := h.desk.HelpHome(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	view.State = h.openSays(v, p)
	if view.Query != "" {
		if view.Found, err = h.foundInHelp(v, brand, view.Query); err != nil {
			return err
		}
		return h.show(v, help.HomePage(view))
	}
	for _, s := range shelves {
		shelf := help.Shelf{URL: sectionPath(s.Slug), Name: s.Name, Count: s.Count}
		for _, a := range s.First {
			shelf.Links = append(shelf.Links, articleLink(a))
		}
		view.Shelves = append(view.Shelves, shelf)
	}
	view.Also, err = h.besideHelp(v, p, brand)
	if err != nil {
		return err
	}
	return h.show(v, help.HomePage(view))
}

// besideHelp are pages of the help that are no articles.
func (h *house) besideHelp(v *visit.Visit, p *policy.Policy, brand int64) (also []help.Link, err error) {
	if h.hasCommunity(v) == nil {
		also = append(also, help.Link{URL: desk.CommunityPath, Label: "Ask other customers"})
	}
	products, _, _, err := h.desk.Supported(v.Context(), v.Actor, brand)
	if err == nil && (len(products) > 0 || p.Doc.Scope != nil && len(p.Doc.Scope.Covers)+len(p.Doc.Scope.Integrations) > 0) {
		also = append(also, help.Link{URL: "/help/versions", Label: "Supported versions"})
	}
	return also, err
}

func sectionPath(slug string) string { return "/help/sections/" + url.PathEscape(slug) }

func articleLink(a article.Article) help.Link {
	return help.Link{URL: desk.HelpPath(a.Slug), Label: a.Title, For: forWhom(a.Content)}
}

// forWhom says whom an article is for, where that is not everybody.
func forWhom(c article.Content) string {
	switch c.Audience {
	case article.ForSigned:
		return "for customers"
	case article.ForPlans:
		return "for your plan"
	case article.ForStaff:
		return "only we read this"
	}
	return ""
}

// foundInHelp searches for a page.
func (h *house) foundInHelp(v *visit.Visit, brand int64, query string) (*help.Found, error) {
	found, err := h.desk.FindHelp(v.Context(), v.Actor, brand, query, v.Query("after"))
	if err != nil {
		return nil, err
	}
	view := &help.Found{Query: query, Pager: pager(v, found.Next)}
	if v.Query("after") == "" {
		if view.Threads, view.More, err = h.threadsBelow(v, brand, query); err != nil {
			return nil, err
		}
	}
	view.Says, view.Miss = foundInHelpSays(found, len(view.Threads) > 0), len(view.Threads) == 0 && (len(found.Items) == 0 || found.Some)
	view.Ask = "/requests/new?" + url.Values{"subject": {query}, "searched": {query}}.Encode()
	for _, one := range found.Items {
		view.Hits = append(view.Hits, hitInHelp(one))
	}
	if v.Query("after") == "" {
		view.Known, err = h.recognisable(v, brand, query, 0)
	}
	return view, err
}

func hitInHelp(one store.FoundArticle) help.Hit {
	return help.Hit{URL: desk.HelpPath(one.Slug), Title: one.Title, Says: one.Snippet, Section: one.Shelf.Name, For: forWhom(one.Content)}
}

// foundInHelpSays is how many were found, and how well they fit.
func foundInHelpSays(found store.FoundArticles, elsewhere bool) string {
	switch n := len(found.Items); {
	case n == 0 && elsewhere:
		return "No article has these words. Other customers have written about them."
	case n == 0:
		return "Nothing here has these words. Other words may find more, and a person answers in any case."
	case found.Meant != "":
		return "Nothing is spelled like that. This is what we found for “" + found.Meant + "”."
	case found.Some:
		return "No article has all of these words. These have the most of them."
	case found.Next != "":
		return "The articles that fit best"
	case n == 1:
		return "1 article"
	default:
		return fmt.Sprintf("%d articles", n)
	}
}

// suggestedThreads is how many questions that were answered stand below the articles beside a form.
const suggestedThreads = 2

// helpMissed counts a search that found nothing.
func (h *house) helpMissed(v *visit.Visit) error {
	var in struct {
		Query string `form:"q"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	if err := h.desk.MissHelp(v.Context(), v.Actor, brand, in.Query, h.options.Guard.Remote(v.Request).String()); err != nil {
		return err
	}
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

// helpSection lists a section.
func (h *house) helpSection(v *visit.Visit) error {
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	shelf, page, err := h.desk.HelpSection(v.Context(), v.Actor, brand, v.Path("section"), v.Query("after"))
	if err != nil {
		return err
	}
	view := help.Section{Name: shelf.Name, Says: articlesSay(shelf.Count), Pager: pager(v, page.Next)}
	for _, a := range page.Items {
		view.Links = append(view.Links, articleLink(a))
	}
	return h.show(v, help.SectionPage(view))
}

func articlesSay(n int) string {
	if n == 1 {
		return "1 article"
	}
	return fmt.Sprintf("%d articles", n)
}

// helpArticle shows an article. An address that it had before leads to where it stands now.
func (h *house) helpArticle(v *visit.Visit) error {
	return h.showArticle(v, http.StatusOK, help.Comment{}, "")
}

func (h *house) showArticle(v *visit.Visit, status int, comment help.Comment, wrong string) error {
	p, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	r, err := h.desk.ReadArticle(v.Context(), v.Actor, brand, v.Path("slug"))
	if err != nil {
		return err
	}
	if r.Slug != v.Path("slug") {
		http.Redirect(v.Writer, v.Request, desk.HelpPath(r.Slug), http.StatusMovedPermanently)
		return nil
	}
	return h.showStatus(v, status, help.ArticlePage(h.articleView(v, p, r, comment, wrong)))
}

func (h *house) articleView(v *visit.Visit, p *policy.Policy, r desk.Reading, comment help.Comment, wrong string) help.Article {
	at := desk.HelpPath(r.Slug)
	view := help.Article{
		Title: r.Title, Section: help.Link{URL: sectionPath(r.Shelf.Slug), Label: r.Shelf.Name}, Facts: articleFacts(p, r.Article), HTML: r.Text.HTML,
		Contents: contents(r.Text), Videos: videosOf(r.Videos), Ask: "/requests/new?article=" + url.QueryEscape(r.Slug),
		Judge:   help.Judge{URL: at + "/helpful", Said: oneOf(v.Query("helped"), "yes", "no"), Wrong: wrong},
		Comment: h.commentForm(v, r, comment),
	}
	for _, other := range r.Others {
		view.Others = append(view.Others, articleLink(other))
	}
	for _, s := range r.Said {
		view.Said = append(view.Said, help.Said{Name: s.Name, Team: s.Staff, At: h.time(v, s.At), Text: s.Text})
	}
	if access.May(v.Actor, access.WriteArticles) {
		view.Edit = articlePath(r.ID)
	}
	return view
}

func oneOf(value string, allowed ...string) string {
	for _, one := range allowed {
		if value == one {
			return value
		}
	}
	return ""
}

// articleFacts say how old an article is, whether somebody has looked since, what it is about and for whom it is. Days are the company's.
func articleFacts(p *policy.Policy, a article.Article) (facts []string) {
	day := func(says string, at calendar.Date) { facts = append(facts, says+" "+dayText(at)) }
	if !a.Published.IsZero() {
		day("Updated", calendar.DateOf(a.Published, p.Zone))
	}
	if a.Checked.After(a.Published) {
		day("checked", calendar.DateOf(a.Checked, p.Zone))
	}
	if about := strings.TrimSpace(a.Product + " " + a.Release); about != "" {
		facts = append(facts, "for "+about)
	}
	if who := forWhom(a.Content); who != "" {
		facts = append(facts, who)
	}
	return facts
}

func contents(text article.Text) (all []help.Heading) {
	for _, h := range text.Headings {
		if h.Level <= 3 {
			all = append(all, help.Heading{URL: "#" + h.ID, Title: h.Title, Deep: h.Level == 3})
		}
	}
	return all
}

func videosOf(all []article.Video) (list []help.Video) {
	for _, v := range all {
		one := help.Video{Title: v.Title, URL: v.URL, Transcript: v.Transcript}
		if u, err := url.Parse(v.URL); err == nil {
			one.Host = u.Host
		}
		if u, err := url.Parse(v.Transcript); err == nil && u.Scheme == "https" && u.Host != "" && !strings.ContainsAny(v.Transcript, " \n") {
			one.Transcript, one.Elsewhere = "", v.Transcript
		}
		list = append(list, one)
	}
	return list
}

// commentForm is the place for a comment, as the article allows one. What was typed and not taken stands in it again.
func (h *house) commentForm(v *visit.Visit, r desk.Reading, typed help.Comment) help.Comment {
	at := desk.HelpPath(r.Slug)
	typed.Waits = v.Query("said") == "waits"
	switch {
	case r.Comments == article.Closed:
		typed.Closed = "This article is closed for comments."
	case r.Comments == article.SignIn && v.Session == "":
		typed.SignIn = "/portal/code?next=" + url.QueryEscape(at+"#comments")
	default:
		typed.URL, typed.Key, typed.Name = at+"/comments", visit.Random(), v.Session == ""
	}
	return typed
}

// judgeArticle keeps whether an article helped, and why.
func (h *house) judgeArticle(v *visit.Visit) error {
	var in struct {
		Helped string `form:"helped"`
		Reason string `form:"reason"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	if oneOf(in.Helped, "yes", "no") == "" {
		return fault.New(fault.Invalid, "Please press Yes or No.")
	}
	judged := desk.Judgement{Brand: brand, Slug: v.Path("slug"), Reader: v.Reader(), Helped: in.Helped == "yes", Reason: in.Reason, Remote: h.options.Guard.Remote(v.Request).String()}
	if err := h.desk.JudgeArticle(v.Context(), v.Actor, judged); err != nil {
		return err
	}
	at := desk.HelpPath(v.Path("slug"))
	if strings.TrimSpace(in.Reason) != "" {
		return h.done(v, "article-judged", at)
	}
	return v.SeeOther(at + "?helped=" + in.Helped + "#judge")
}

// commentArticle keeps what a reader writes below an article.
func (h *house) commentArticle(v *visit.Visit) error {
	var in struct {
		Name    string `form:"name"`
		Body    string `form:"body"`
		Website string `form:"website"` // nobody sees this field; machines fill it in
		Key     string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	at := desk.HelpPath(v.Path("slug"))
	if in.Website != "" {
		return v.SeeOther(at)
	}
	comment := desk.Comment{Brand: brand, Slug: v.Path("slug"), Name: in.Name, Text: in.Body, Key: in.Key, Remote: h.options.Guard.Remote(v.Request).String()}
	waits, err := h.desk.CommentArticle(v.Context(), v.Actor, comment)
	switch {
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.TooMany):
		return h.showArticle(v, visit.Status(err), help.Comment{Text: in.Body, As: in.Name, Wrong: sentence(fault.Says(err))}, "")
	case err != nil:
		return err
	case waits:
		return v.SeeOther(at + "?said=waits#comments")
	}
	return v.SeeOther(at + "#comments")
}

// helpVersions says which versions are supported, until when, and what support covers beside them (seed 003, 3.18 and 3.19).
func (h *house) helpVersions(v *visit.Visit) error {
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	products, p, today, err := h.desk.Supported(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	view := help.Versions{Policy: publicPath(p)}
	for _, product := range products {
		one := help.Product{Name: product.Name}
		for _, version := range product.Versions {
			until := version.SupportedUntil
			row := help.Version{Name: version.Name, Released: dayText(version.Released), Until: "no end is planned", Ended: !until.IsZero() && until.String() < today.String()}
			if !until.IsZero() {
				row.Until = dayText(until)
			}
			one.Versions = append(one.Versions, row)
		}
		view.Products = append(view.Products, one)
	}
	if p.Doc.Scope != nil {
		for _, c := range p.Doc.Scope.Covers {
			view.Covers = append(view.Covers, help.Cover{Name: c.Label, Says: c.Says})
		}
	}
	for _, i := range p.Integrations() {
		view.Integrations = append(view.Integrations, help.Integration{Name: i.Label, URL: i.Link, Says: i.Sentence()})
	}
	return h.show(v, help.VersionsPage(view))
}

// fromHelp fills in what the request form says of the article somebody came from, and what it begins with (seed 000, 0.3). An article
// that is none of theirs is left out; a request can be made in any case.
func (h *house) fromHelp(v *visit.Visit, form *portal.New) error {
	if form.Article == "" {
		return nil
	}
	_, brand, err := h.helpBrand(v)
	if err != nil {
		return err
	}
	r, err := h.desk.ReadArticle(v.Context(), v.Actor, brand, form.Article)
	form.Article, form.From = r.Slug, r.Title
	if fault.Is(err, fault.NotFound) {
		form.Article, err = "", nil
	}
	if form.Subject == "" {
		form.Subject = form.From
	}
	return err
}

// helpPath is where a policy's help stands, "" where it has none.
func helpPath(p *policy.Policy) string {
	if _, offers := p.SelfHelp(policy.KnowledgeBase); offers {
		return "/help"
	}
	return ""
}
