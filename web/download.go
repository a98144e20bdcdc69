package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hark/access"
	"hark/web/shared"
	"hark/web/visit"
)

// shownInline are the types a browser may show in place, when the bytes really are what they say (A5, A6, A7).
var shownInline = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// file hands out an attachment of a ticket the visitor may read.
func (h *house) file(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.download(v, v.Actor, id)
}

func (h *house) linkedFile(v *visit.Visit) error {
	actor, err := h.desk.OpenTicketLink(v.Context(), v.Path("token"))
	if err != nil {
		return err
	}
	return h.download(v, actor, actor.Ticket)
}

// download decides on content, never on name or claimed type: four kinds of pictures are shown, everything else is saved.
func (h *house) download(v *visit.Visit, a access.Actor, ticketID int64) error {
	id, err := v.Number("file")
	if err != nil {
		return err
	}
	f, content, err := h.desk.Attachment(v.Context(), a, ticketID, id)
	if err != nil {
		return err
	}
	defer content.Close()
	return serveFile(v, f, content)
}

func inlineType(head []byte) string {
	kind := http.DetectContentType(head)
	if slices.Contains(shownInline, kind) {
		return kind
	}
	return ""
}

// disposition names a download by the sender's name, encoded so that nothing in it can be mistaken (RFC 6266, G1).
func disposition(how, name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0x200b || r == 0xfeff || strings.ContainsRune(`/\":*?<>|`, r) {
			return '_'
		}
		return r
	}, shared.Straight(name))
	if name == "" || strings.Trim(name, ". ") == "" {
		name = "file"
	}
	return fmt.Sprintf("%s; filename*=UTF-8''%s", how, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}
