package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hark/account"
	"hark/article"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/web/shared"
	"hark/web/signin"
	"hark/web/visit"
	"hark/web/whatsnew"
)

// bannerCookie remembers the entry whose banner this browser has put away.
const bannerCookie = "banner"

// shown leads from every page to what customers of its brand can look at, and says above it what an entry wants to be said there.
// Only customers see banners, and one line at a time: a changed policy goes before.
func (h *house) shown(v *visit.Visit, brand account.Brand, f *shared.Frame) error {
	shown, err := h.desk.Shown(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	if shown.News {
		f.Brand.News = desk.NewsPath
	}
	if shown.Roadmap {
		f.Brand.Roadmap = desk.RoadmapPath
	}
	e := shown.Banner
	path := desk.NewsEntryPath(e.ID)
	if e.ID == 0 || f.News != nil || v.Actor.Staff() || cookie(v, bannerCookie) == number(e.ID) || v.Request.URL.Path == path {
		return nil
	}
	f.News = &shared.News{Name: bannerCookie, ID: number(e.ID), Says: e.Banner, Label: "Read more", URL: path}
	return nil
}

// whatsNew is the page of a brand's entries. Before the first one there is none.
func (h *house) whatsNew(v *visit.Visit) error {
	return h.newsPage(v, http.StatusOK, whatsnew.Follow{})
}

func (h *house) newsPage(v *visit.Visit, status int, form whatsnew.Follow) error {
	brand, err := h.telling(v)
	if err != nil {
		return err
	}
	page, err := h.desk.PublicNews(v.Context(), store.NewsFilter{Brand: brand.ID, After: v.Query("after"), Limit: newsOnPage})
	if err != nil {
		return err
	}
	view := whatsnew.View{Brand: brand.Name, Feed: newsFeedPath, Pager: pager(v, page.Next), Follow: form}
	for _, e := range page.Items {
		view.Entries = append(view.Entries, h.newsWords(v, e))
	}
	shown, err := h.desk.Shown(v.Context(), brand.ID)
	if shown.Roadmap {
		view.Roadmap = desk.RoadmapPath
	}
	if err != nil {
		return err
	}
	return h.showStatus(v, status, whatsnew.Page(view))
}

const (
	newsOnPage   = 20
	newsInFeed   = 50
	newsFeedPath = desk.NewsPath + ".atom"
)

// telling is the brand whose pages are visited, once it has published something.
func (h *house) telling(v *visit.Visit) (account.Brand, error) {
	_, brand, err := h.running(v)
	if err != nil {
		return brand, err
	}
	shown, err := h.desk.Shown(v.Context(), brand.ID)
	if err == nil && !shown.News {
		err = fault.New(fault.NotFound, "There is no such page.")
	}
	return brand, err
}

// newsWords is an entry as people read it.
func (h *house) newsWords(v *visit.Visit, e store.NewsEntry) whatsnew.Entry {
	words := whatsnew.Entry{
		ID: number(e.ID), URL: desk.NewsEntryPath(e.ID), Title: e.Title, Says: desk.NewsSays(e), Day: e.Day.Format("2 January 2006"), ISO: e.Day.String(), HTML: article.Beside(e.Body).HTML,
	}
	if day := e.Changed.In(h.zone(v)).Format("2 January 2006"); e.State == store.NewsPublished && e.Changed.Sub(e.Published) > time.Hour {
		words.Corrected = day
	}
	return words
}

// newsEntry is one entry at its own address.
func (h *house) newsEntry(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	brand, err := h.telling(v)
	if err != nil {
		return err
	}
	e, err := h.desk.NewsEntry(v.Context(), brand.ID, id)
	if err != nil {
		return err
	}
	return h.show(v, whatsnew.EntryPage(whatsnew.One{Brand: brand.Name, Entry: h.newsWords(v, e), Feed: newsFeedPath}))
}

// atom is a feed (RFC 4287). Whatever a feed must have is here: an author, and of each entry an id that never changes, and when it was
// changed last.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   atomHTML    `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     atomHTML     `xml:"title"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Link      atomLink     `xml:"link"`
	Category  atomCategory `xml:"category"`
	Content   atomHTML     `xml:"content"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomHTML struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// asHTML is plain text in a feed. It is escaped twice: many readers draw whatever a title is as HTML (A13).
func asHTML(plain string) atomHTML { return atomHTML{"html", html.EscapeString(plain)} }

// newsFeed is the newest entries for feed readers. Most of them ask again and again: where nothing has changed since, nothing is read or
// written but the number of the newest change.
func (h *house) newsFeed(v *visit.Visit) error {
	brand, err := h.telling(v)
	if err != nil {
		return err
	}
	last, err := h.desk.NewsStands(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	home := h.desk.BrandURL(brand)
	toAll(v, atomType, home, brand.Name, v.Query("product"), number(last))
	if v.Request.Header.Get("If-None-Match") == v.Writer.Header().Get("ETag") {
		v.Writer.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, entries, updated, err := h.newest(v)
	if err != nil {
		return err
	}
	feed := atom{ID: home + desk.NewsPath, Title: asHTML(brand.Name + ": What’s new"), Updated: updated.Format(time.RFC3339), Author: brand.Name, Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: home + newsFeedPath}, {Rel: "alternate", Type: "text/html", Href: home + desk.NewsPath},
	}}
	for _, e := range entries {
		feed.Entries = append(feed.Entries, atomEntry{
			ID: e.UID, Title: asHTML(e.Title), Published: e.Published.Format(time.RFC3339), Updated: e.Changed.Format(time.RFC3339), Link: atomLink{Rel: "alternate", Type: "text/html", Href: home + desk.NewsEntryPath(e.ID)},
			Category: atomCategory{e.Kind, desk.NewsSays(e)}, Content: atomHTML{"html", article.Beside(e.Body).HTML},
		})
	}
	if product := v.Query("product"); product != "" { // another feed, with a name of its own
		feed.ID = home + newsFeedPath + "?" + url.Values{"product": {product}}.Encode()
		feed.Links[0].Href = feed.ID
	}
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return err
	}
	_, err = v.Writer.Write(append([]byte(xml.Header), body...))
	return err
}

// newest are the entries that programs are told of, and when the last of them was changed. A product of which nothing is told yet is as new
// as the last entry of its brand.
func (h *house) newest(v *visit.Visit) (brand account.Brand, entries []store.NewsEntry, updated time.Time, err error) {
	if brand, err = h.telling(v); err != nil {
		return brand, nil, updated, err
	}
	page, err := h.desk.PublicNews(v.Context(), store.NewsFilter{Brand: brand.ID, Product: v.Query("product"), Limit: newsInFeed})
	if err != nil || len(page.Items) > 0 {
		return brand, page.Items, changedLast(page.Items), err
	}
	others, err := h.desk.PublicNews(v.Context(), store.NewsFilter{Brand: brand.ID, Limit: 1})
	return brand, nil, changedLast(others.Items), err
}

func changedLast(entries []store.NewsEntry) (last time.Time) {
	for _, e := range entries {
		if e.Changed.After(last) {
			last = e.Changed
		}
	}
	return last
}

// forPrograms answers with what everybody may read and keep for a moment. Who asks again is told whether it has changed, by its bytes alone:
// what is taken back is gone, and no instant of what is left says so.
func forPrograms(v *visit.Visit, kind string, body []byte) error {
	toAll(v, kind, string(body))
	http.ServeContent(v.Writer, v.Request, "", time.Time{}, bytes.NewReader(body))
	return nil
}

const atomType = "application/atom+xml; charset=utf-8"

// toAll says that an answer is the same for everybody, and the same as another one that was made of the same parts.
func toAll(v *visit.Visit, kind string, parts ...string) {
	header := v.Writer.Header()
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", "public, max-age=300")
	header.Del("Vary") // it is the same for everybody
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	header.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
}

// newsData is what a panel inside a product shows.
type newsData struct {
	Brand   string          `json:"brand"`
	URL     string          `json:"url"`
	Feed    string          `json:"feed"`
	Roadmap string          `json:"roadmap,omitempty"`
	Entries []newsEntryData `json:"entries"`
}

type newsEntryData struct {
	ID      string    `json:"id"`
	URL     string    `json:"url"`
	Kind    string    `json:"kind"`
	Says    string    `json:"says"`
	Title   string    `json:"title"`
	Product string    `json:"product,omitempty"`
	Version string    `json:"version,omitempty"`
	Day     string    `json:"day"`
	Updated time.Time `json:"updated"`
	HTML    string    `json:"html"`
	Text    string    `json:"text"`
}

// newsJSON is the same as data, for a panel inside a product: the page of any site may ask for it.
func (h *house) newsJSON(v *visit.Visit) error {
	brand, entries, _, err := h.newest(v)
	if err != nil {
		return err
	}
	home := h.desk.BrandURL(brand)
	data := newsData{Brand: brand.Name, URL: home + desk.NewsPath, Feed: home + newsFeedPath, Entries: []newsEntryData{}}
	for _, e := range entries {
		data.Entries = append(data.Entries, newsEntryData{
			ID: e.UID, URL: home + desk.NewsEntryPath(e.ID), Kind: e.Kind, Says: desk.NewsSays(e), Title: e.Title, Product: e.Product, Version: e.Version,
			Day: e.Day.String(), Updated: e.Changed, HTML: article.Beside(e.Body).HTML, Text: e.Body,
		})
	}
	shown, err := h.desk.Shown(v.Context(), brand.ID)
	if err != nil {
		return err
	}
	if shown.Roadmap {
		data.Roadmap = home + desk.RoadmapPath
	}
	body, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	return forPrograms(v, "application/json; charset=utf-8", append(body, '\n'))
}

// followNews takes the form that asks for the letter. The answer is the same whoever asks and for whomever.
func (h *house) followNews(v *visit.Visit) error {
	var in struct {
		Email   string `form:"email"`
		Website string `form:"website"` // nobody sees this field; machines fill it in
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	brand, err := h.telling(v)
	if err != nil {
		return err
	}
	if in.Website != "" {
		return v.SeeOther(desk.NewsPath)
	}
	err = h.desk.FollowNews(v.Context(), desk.FollowNews{Brand: brand.ID, Email: in.Email, Remote: h.options.Guard.Remote(v.Request).String()})
	if err != nil && visit.Status(err) < 500 {
		return h.newsPage(v, visit.Status(err), whatsnew.Follow{Email: in.Email, Wrong: sentence(fault.Says(err))})
	}
	if err != nil {
		return err
	}
	return h.show(v, signin.DonePage("Look into your mail", "We have mailed "+strings.TrimSpace(in.Email)+" a link. You get the letter once you have opened it and pressed its button."))
}

// confirmNews is what the button of that link does.
func confirmNews(h *house, v *visit.Visit, token, _ string) error {
	if err := h.desk.ConfirmNews(v.Context(), token); err != nil {
		return err
	}
	return h.show(v, signin.DonePage("You will read what is new", "The letter comes on Mondays, when something is new. Each one has a link that ends it."))
}

// withBrand is a page's address for one brand; the first brand needs no mention.
func withBrand(path string, brand int64) string {
	if brand == 0 {
		return path
	}
	return path + "?" + url.Values{"brand": {number(brand)}}.Encode()
}
