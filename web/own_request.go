package web

import (
	"cmp"
	"net/url"

	"hark/access"
	"hark/fault"
	"hark/web/visit"
)

// A customer reaches their request in two ways: signed in, and by the link in a mail. What they do there is the same.

// ofOwn does something with the signed-in customer's own request that the address names.
func (h *house) ofOwn(v *visit.Visit, do func(*visit.Visit, access.Actor, int64, string) error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return do(v, v.Actor, id, "/requests/"+number(id))
}

// behindLink does something as whoever a signed link was made for. What is not there answers as a link that opens nothing.
func (h *house) behindLink(v *visit.Visit, do func(*visit.Visit, access.Actor, int64, string) error) error {
	actor, err := h.desk.OpenTicketLink(v.Context(), v.Path("token"))
	if isNotFound(err) || fault.Is(err, fault.Refused) {
		return h.endedLink(v)
	}
	if err != nil {
		return err
	}
	if err = do(v, actor, actor.Ticket, "/t/"+url.PathEscape(v.Path("token"))); isNotFound(err) {
		return h.endedLink(v)
	}
	return err
}

// behindGoodLink is behindLink for a page that not every request has, as a rating that nobody asked for: a link that is good leads to
// the request then.
func (h *house) behindGoodLink(v *visit.Visit, show func(*visit.Visit, access.Actor, int64, string) error) error {
	return h.behindLink(v, func(v *visit.Visit, a access.Actor, id int64, base string) error {
		err := show(v, a, id, base)
		if !isNotFound(err) {
			return err
		}
		if sees, failed := h.desk.MaySee(v.Context(), a, id); failed != nil || !sees {
			return cmp.Or(failed, err)
		}
		return v.SeeOther(base)
	})
}
