package desk

import (
	"strings"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// toRate is the template of the mail that asks how it went.
const toRate = "rating"

// askRating asks the requester how it went: once about a ticket, however often it is solved and by whatever rule. The mail passes the
// gate like any automatic one, and when a solving is taken back, so is the question.
func (k *keeping) askRating(e policy.Entry) ([]ticket.AuditEvent, error) {
	to, err := k.addressee(e.To)
	if err != nil {
		return nil, err
	}
	if _, asked, err := k.tx.Rating(access.Clock, k.after.ID); err != nil || asked {
		return nil, err
	}
	l := letter{key: e.Key(k.after.ID), template: toRate, to: to, subject: ratingAsks + " " + k.after.Subject, text: k.ratingText(k.ticketLink(to.ID))}
	why, err := k.sendOwn(l)
	if err != nil {
		return nil, err
	}
	if why != "" {
		return []ticket.AuditEvent{{Type: ticket.Skipped, Rule: e.Rule, Says: "nobody was asked how it went: " + why, Internal: true}}, nil
	}
	k.asked, err = k.tx.AskRating(store.Rating{Ticket: k.after.ID, Brand: k.after.Brand, Agent: k.after.Assignee.ID, Asked: e.At})
	told := ticket.AuditEvent{Type: ticket.Notification, Message: toRate, Subject: "“" + ratingAsks + "”", Recipients: []string{to.Email}, Mail: k.posted[len(k.posted)-1], Rule: e.Rule, Says: e.Why, Public: true}
	return []ticket.AuditEvent{told}, err
}

const ratingAsks = "How did we do?"

// ratingText is that mail: what the company is glad about, and a link for each answer. The links open a page; only its button counts,
// because programs follow links in mails by themselves (I5).
func (k *keeping) ratingText(link string) string {
	var b strings.Builder
	if says := k.policy.Celebrates(); says != "" {
		b.WriteString(says + "\n\n")
	}
	b.WriteString("Your request “" + k.after.Subject + "” is solved. " + ratingAsks + "\n\n")
	for _, s := range k.policy.Scores() {
		b.WriteString(s.Label + ": " + link + "/rating?score=" + s.ID + "\n")
	}
	b.WriteString("\nEach link opens a page with one button. A sentence is welcome there, and so is nothing.")
	return b.String()
}
