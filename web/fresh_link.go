package web

import (
	"net/http"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/web/portal"
	"hark/web/visit"
)

// longestLink bounds what a page repeats of an address; no link of ours is longer.
const longestLink = 200

// endedLink stands behind every link of a mail that opens nothing, whether it has ended, was altered, or is somebody else's: one answer
// for all of them. It offers a fresh link, and keeps what was written behind the old one.
func (h *house) endedLink(v *visit.Visit) error {
	view := portal.Ended{Link: v.Request.URL.EscapedPath(), Words: v.Wrote(), Next: nextPage(v)}
	if len(view.Link) > longestLink {
		view.Link = ""
	}
	return h.showStatus(v, http.StatusNotFound, portal.EndedPage(view))
}

// mailFreshLink mails a link that works to the address on file. Whoever asks learns nothing.
func (h *house) mailFreshLink(v *visit.Visit) error {
	var in struct {
		Link    string `form:"link"`
		Next    string `form:"next"` // where the old link led on to
		Email   string `form:"email"`
		Website string `form:"website"` // nobody sees this field; machines fill it in
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	next := visit.LocalPath(in.Next, "/")
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	if in.Website == "" {
		err = h.desk.MailFreshLink(v.Context(), desk.FreshLink{Link: in.Link, Next: next, Email: in.Email, Brand: brand.ID, Remote: h.options.Guard.Remote(v.Request).String()})
	}
	if err != nil && visit.Status(err) < 500 {
		return h.showStatus(v, visit.Status(err), portal.EndedPage(portal.Ended{Link: in.Link, Next: next, Email: strings.TrimSpace(in.Email), Wrong: sentence(fault.Says(err))}))
	}
	if err != nil {
		return err
	}
	return h.show(v, portal.EndedPage(portal.Ended{Sent: true, Next: next}))
}
