package web

import (
	"errors"
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
