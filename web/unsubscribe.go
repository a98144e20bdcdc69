package web

import (
	"context"

	"hark/web/signin"
	"hark/web/visit"
)

// ending is what stands behind the link that ends a letter which would otherwise come again. Programs follow links in mails by themselves,
// so looking at it only asks; the button of the page ends it, and so does the one click of a mail program (RFC 8058), which brings
// neither a cookie nor a token of ours: the address is the proof.
type ending struct {
	asks, says, button string // the page behind the link
	done, stays        string // the page afterwards
	end                func(ctx context.Context, token string) error
}

func (h *house) reportEnding() ending {
	return ending{"End this weekly mail?", "The report stays on its page. You can have it mailed again from there.", "End it",
		"This mail is ended", "You get no more of it. The report stays on its page.", h.desk.EndReportMailByLink}
}

func (h *house) newsEnding() ending {
	return ending{"End this letter?", "What is new stays on its page.", "End it",
		"This letter is ended", "You get no more of it. What is new stays on its page.", h.desk.EndNewsByLink}
}

func (h *house) answersEnding() ending {
	return ending{"End these mails?", "You hear no more of answers to what you have written so far. The answers stay on their page.", "End them",
		"These mails are ended", "You get no more of them. The answers stay on their page.", h.desk.EndAnswersByLink}
}

// oneClick is the field that RFC 8058, section 3.1 has a mail program send, and its value.
const oneClickField, oneClick = "List-Unsubscribe", "One-Click"

// asksToEnd shows what the link would end.
func (h *house) asksToEnd(e ending) visit.Handler {
	return func(v *visit.Visit) error {
		return h.show(v, signin.OncePage(signin.Once{Title: e.asks, Says: e.says, Button: e.button, Name: oneClickField, Value: oneClick, Action: v.Request.URL.Path}))
	}
}

// ends ends it. Whatever is sent here without saying so in the words of RFC 8058 is only asked, as a look is.
func (h *house) ends(e ending) visit.Handler {
	return func(v *visit.Visit) error {
		var in struct {
			OneClick string `form:"List-Unsubscribe"`
		}
		if err := v.Form(&in); err != nil {
			return err
		}
		if in.OneClick != oneClick {
			return h.asksToEnd(e)(v)
		}
		err := e.end(v.Context(), v.Path("token"))
		if isNotFound(err) {
			return h.endedLink(v)
		}
		if err != nil {
			return err
		}
		return h.show(v, signin.DonePage(e.done, e.stays))
	}
}
