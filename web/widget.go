package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/visit"
	"hark/web/widget"
)

// widgetScript is the script that a company puts on its own pages.
func (h *house) widgetScript(v *visit.Visit) error {
	header := v.Writer.Header()
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("Cache-Control", "public, max-age=3600")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err := io.WriteString(v.Writer, widget.Script)
	return err
}

// framed is a visit from a frame on a page of the company's own: whom that page vouches for, and nobody else. Who is signed in at the
// desk in the same browser plays no part, so that no other page can act for them.
type framed struct {
	brand account.Brand
	token string
	user  desk.WidgetUser
}

// framed finds out for whom a frame is, and lets the brand's own sites show it.
func (h *house) framed(v *visit.Visit) (f framed, err error) {
	v.Actor, v.Person, v.Session = access.Actor{}, account.Person{}, ""
	if _, f.brand, err = h.running(v); err != nil {
		return f, err
	}
	sites, err := h.desk.WidgetSites(v.Context(), f.brand.ID)
	if err != nil {
		return f, err
	}
	v.FramedBy(sites)
	f.token = v.Query("user")
	if f.user, err = h.desk.ReadWidgetUser(f.brand.ID, f.token); err != nil {
		return f, err
	}
	v.Actor, err = h.desk.WidgetActor(v.Context(), f.user)
	return f, err
}

// address is the frame's own, with what it says besides.
func (f framed) address(pairs ...string) string {
	q := url.Values{}
	if f.token != "" {
		q.Set("user", f.token)
	}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return strings.TrimSuffix("/widget?"+q.Encode(), "?")
}

// widget is the request form in a frame.
func (h *house) widget(v *visit.Visit) error {
	f, err := h.framed(v)
	if fault.Is(err, fault.Unsigned) {
		return h.staleWidget(v, f, err)
	}
	if err != nil {
		return err
	}
	return h.widgetForm(v, f, http.StatusOK, portal.New{SignedIn: f.user.Known()}, asked{kind: v.Query("kind"), problem: int64(wholeNumber(v.Query("problem")))})
}

func (h *house) staleWidget(v *visit.Visit, f framed, stale error) error {
	return h.showFramed(v, f, http.StatusUnauthorized, portal.Widget{Stale: sentence(fault.Says(stale))})
}

func (h *house) widgetForm(v *visit.Visit, f framed, status int, form portal.New, in asked) error {
	if err := h.fillRequest(v, &form, in); err != nil {
		return err
	}
	form.Action = f.address()
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	list, err := h.desk.WidgetRequests(v.Context(), v.Actor, f.brand.ID)
	if err != nil {
		return err
	}
	view := portal.Widget{Form: form, Asked: v.Query("asked") != "" && !f.user.Known()}
	for _, row := range list {
		r := h.requestRow(v, p, row)
		r.URL = h.localTicketLink(row.ID, v.Actor.Person)
		view.Requests = append(view.Requests, r)
		if r.Number == v.Query("sent") {
			view.Sent = r.Number
		}
	}
	return h.showFramed(v, f, status, view)
}

// showFramed answers with the page in its own frame. It makes no cookie: where it is shown, none would come back.
func (h *house) showFramed(v *visit.Visit, f framed, status int, view portal.Widget) error {
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	frame := shared.Frame{Assets: h.assets, Nonce: v.Nonce, Brand: h.brand(v, p, f.brand)}
	if p != nil {
		frame.Lang = p.Doc.Language
	}
	v.Request = v.Request.WithContext(shared.With(v.Context(), frame))
	return v.RenderStatus(status, portal.WidgetPage(view))
}

// sendFromWidget takes the form. For whom it is, the address says in which it was sent; a stranger gets a mail with a link first.
func (h *house) sendFromWidget(v *visit.Visit) error {
	f, err := h.framed(v)
	if fault.Is(err, fault.Unsigned) {
		return h.staleWidget(v, f, err)
	}
	if err != nil {
		return err
	}
	take := func(v *visit.Visit, in desk.Request, trap string) error { return h.takeFramed(v, f, in, trap) }
	show := func(v *visit.Visit, status int, form portal.New, in asked) error {
		return h.widgetForm(v, f, status, form, in)
	}
	return h.requestSent(v, portal.New{SignedIn: f.user.Known()}, take, show)
}

func (h *house) takeFramed(v *visit.Visit, f framed, in desk.Request, trap string) error {
	if trap != "" {
		return v.SeeOther(f.address())
	}
	if strings.TrimSpace(in.Text) == "" {
		return errNoWords
	}
	if !f.user.Known() {
		if err := h.desk.Ask(v.Context(), in); err != nil {
			return err
		}
		return v.SeeOther(f.address("asked", "yes"))
	}
	as := *v
	as.Actor = access.Actor{Role: access.Customer} // may keep files for a request, known or not
	files, err := h.keepFiles(&as)
	if err != nil {
		return err
	}
	in.Files = files
	done, err := h.desk.CreateFromWidget(v.Context(), f.user, in)
	if err != nil {
		return err
	}
	return v.SeeOther(f.address("sent", number(done.Ticket.ID)))
}
