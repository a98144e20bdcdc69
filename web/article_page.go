package web

import (
	"net/http"
	"strconv"
	"strings"

	"hark/article"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/web/articles"
	"hark/web/shared"
	"hark/web/visit"
)

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

func (h *house) showEdit(v *visit.Visit, status int, e desk.ArticleEdit, wrong error, refused ...error) error {
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
		Owner: ownerOptions(e), Review: dayInput(w.Review), Videos: videoRows(w.Videos), Pictures: pictureRows(e),
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
	for _, why := range refused { // a picture that could not be taken
		view.NoPicture = sentence(fault.Says(why))
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
