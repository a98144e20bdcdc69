package web

import (
	"hark/web/shared"
	"hark/web/visit"
)

// What a page says once after a form was done. The browser carries only the name to the next page; the words are ours.
var said = map[string]string{
	"saved":                "Saved.",
	"files-again":          "Taken back. Your words are in the composer; add their files again.",
	"file-removed":         "The file is removed.",
	"file-replaced":        "The file is replaced.",
	"report-mailed":        "The report is mailed to you every week.",
	"report-ended":         "The report is not mailed to you any more.",
	"password":             "Your password is changed. You are signed out everywhere else.",
	"signed-out":           "That browser is signed out.",
	"signed-out-elsewhere": "You are signed out everywhere else.",
	"invited":              "The invitation is on its way.",
	"password-link":        "A link to choose a new password is on its way.",
	"switched-off":         "Switched off. Their sessions have ended.",
	"switched-on":          "Switched on again.",
	"test-mail":            "The test mail is on its way to you.",
	"call-booked":          "The call is booked. Both invitations are on their way.",
	"call-moved":           "The call has moved. Both calendars are told.",
	"call-off":             "The call is called off. Both calendars are told.",
	"call-ended":           "The call has ended.",
	"call-written":         "It stands in the ticket, and the customer gets it by mail.",
	"call-kept":            "The call stays at its time. The customer is told.",
	"feed-ended":           "The address of your calendar has ended.",
	"hours-week":           "Saved. Free times follow these hours from now on.",
	"hours-day":            "Noted for that day.",
	"hours-drop-day":       "The week counts again on that day.",
	"hours-away":           "Noted. Nobody can book a call on these days.",
	"hours-back":           "These days are free again.",
	"hours-diary":          "It is read within a minute.",
	"hours-read-diary":     "It is read within a minute.",
	"hours-drop-diary":     "It is not read any more, and its times are forgotten.",
	"news-draft":           "The draft is kept.",
	"news-published":       "It is published.",
	"news-corrected":       "The correction is published.",
	"news-back":            "It is taken back. Nobody but colleagues reads it.",
	"card-kept":            "It stands on the roadmap.",
	"card-saved":           "The words are saved.",
	"card-decided":         "It is decided. Customers read it on the roadmap.",
	"card-joined":          "It is counted on the roadmap.",
	"card-left":            "It is counted on the roadmap no more.",
	"voted":                "We count you among those who want it.",
	"vote-back":            "We do not count you any more.",
	"settled":              "Noted that you have dealt with it. It stays under All.",
	"article-published":    "Published. Readers have it now.",
	"article-checked":      "Noted: it is still true today.",
	"article-judged":       "Thank you. Whoever answers for this article reads it.",
	"post-waits":           "Thank you. One of us reads it first; then everybody can.",
	"post-back":            "It is taken back.",
	"post-reported":        "Thank you. One of us looks at it.",
	"post-shown":           "Everybody can read it now.",
	"post-hidden":          "It is taken off. Its author reads why.",
	"post-looked":          "Noted that nothing is wrong with it.",
	"post-locked":          "Nobody answers here any more.",
	"post-unlocked":        "People can answer again.",
	"synonyms-kept":        "Kept. Searches know these words now.",
	"reviewed":             "Reviewed. The case is with the group it was given to.",
	"problem-kept":         "Kept. Its customers read the new words on their pages.",
	"problem-opened":       "It is known now.",
	"problem-fixed":        "Confirmed. In a minute everybody who reported it hears of it, as the policy says; until then you can take it back.",
	"problem-reopened":     "It is known again.",
	"problem-answered":     "Answered. For ten seconds each can be taken back on its ticket.",
	"problem-part":         "Answered, but not all: on some somebody wrote meanwhile, they have moved on, or their customer has had as many mails as we send within an hour.",
	"problem-logged":       "It is on its way to the engineers. Its address comes back here.",
	"engineers-ended":      "It is taken out, and its token is forgotten.",
	"customers-merged":     "They are one record now.",
	"tickets-merged":       "Merged. The other ticket is closed, and both tell of it.",
	"handed-over":          "Handed over. They read your note first.",
	"problem-linked":       "Linked to the known problem.",
	"problem-unlinked":     "Unlinked.",
	"rings":                "A call rings at you. It offers itself on every page of yours.",
	"policy-again":         "You applied it already. It is in force.",
	"policy-again-later":   "You applied it already. It holds from its date on.",
	"taken-back":           "Taken back. All is as it was.",
	"later":                "Kept in your reply-later pile.",
	"not-later":            "Taken off your reply-later pile.",
}

const saidCookie = "said"

// done leads on after a form was done, and lets the next page say so.
func (h *house) done(v *visit.Visit, what, path string) error {
	cookie := h.options.Guard.Cookie(saidCookie, what, 60)
	v.Writer.Header().Add("Set-Cookie", cookie.String())
	return v.SeeOther(path)
}

// toasts are what is to be said on this page, once, and what can be taken back.
func (h *house) toasts(v *visit.Visit) (all []shared.Toast) {
	if says, known := said[cookie(v, saidCookie)]; known {
		v.Writer.Header().Add("Set-Cookie", h.options.Guard.Cookie(saidCookie, "", -1).String())
		all = append(all, shared.Toast{Says: says})
	}
	if undo := h.undoable(v); undo != nil {
		all = append(all, *undo)
	}
	return all
}
