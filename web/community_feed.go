package web

import (
	"encoding/xml"
	"time"

	"hark/article"
	"hark/community"
	"hark/desk"
	"hark/store"
	"hark/web/visit"
)

// threadsInFeed is how many threads a feed tells of.
const threadsInFeed = 30

// threadsFeed is the newest threads for feed readers (RFC 4287).
func (h *house) threadsFeed(v *visit.Visit) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	page, err := h.desk.Threads(v.Context(), v.Actor, store.ThreadFilter{Brand: brand.ID, Limit: threadsInFeed})
	if err != nil {
		return err
	}
	var updated time.Time
	home := h.desk.BrandURL(brand)
	feed := atom{ID: home + desk.CommunityPath, Title: asHTML(brand.Name + ": Community"), Author: brand.Name, Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: home + desk.CommunityPath + ".atom"}, {Rel: "alternate", Type: "text/html", Href: home + desk.CommunityPath},
	}}
	for _, p := range page.Items {
		entry := threadEntry(home, p)
		feed.Entries = append(feed.Entries, entry)
		if at := changedAt(p); at.After(updated) {
			updated = at
		}
	}
	feed.Updated = updated.Format(time.RFC3339)
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return err
	}
	return forPrograms(v, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), body...))
}

func threadEntry(home string, p community.Post) atomEntry {
	return atomEntry{
		ID: home + desk.PostPath(p), Title: asHTML(p.Title), Published: p.At.Format(time.RFC3339), Updated: changedAt(p).Format(time.RFC3339),
		Link: atomLink{Rel: "alternate", Type: "text/html", Href: home + desk.PostPath(p)}, Category: atomCategory{string(p.Kind), standingSays(p)}, Content: atomHTML{"html", article.OfReaders(p.Body).HTML},
	}
}

// changedAt is when a post was written, or corrected.
func changedAt(p community.Post) time.Time {
	if p.Corrected.After(p.At) {
		return p.Corrected
	}
	return p.At
}
