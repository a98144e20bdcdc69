package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Rate is what a requester says about how it went.
type Rate struct {
	Ticket int64
	Score  string // one of the policy's scale
	Words  string // a sentence, "" for none
}

// RatingPage is what a requester can say about a ticket, and what they have said.
type RatingPage struct {
	store.Rating
	Ticket ticket.Ticket
	Policy *policy.Policy
	Brand  account.Brand
	Until  time.Time // until when it can be changed, zero while nothing was said
	Stays  bool      // it can be changed no longer
}

// longestRating is how many letters there is room for.
const longestRating = 2000

// RatingPage reads what the requester of a ticket is asked. It changes nothing. Whoever is not the requester, and a ticket about which
// nobody was asked, are fault.NotFound alike.
func (d *Desk) RatingPage(ctx context.Context, a access.Actor, id int64) (page RatingPage, err error) {
	if err := may(a, access.OneTicket); err != nil {
		return page, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if page.Ticket, err = tx.Ticket(a, id); err != nil {
			return err
		}
		if err := d.ratingPage(tx, a, &page, now); err != nil {
			return err
		}
		page.Brand, err = tx.Brand(page.Ticket.Brand)
		return err
	})
	return page, err
}

func (d *Desk) ratingPage(tx *store.Tx, a access.Actor, page *RatingPage, now time.Time) (err error) {
	t, asked := page.Ticket, false
	if page.Rating, asked, err = tx.Rating(a, t.ID); err != nil {
		return err
	}
	if !asked || t.Requester.ID != a.Person {
		return notYours()
	}
	if page.Policy, err = d.rules.forTicket(tx, t.Policy, t.Brand, now); err != nil {
		return err
	}
	page.Agent = 0 // who has a ticket is not for customers to know
	if !page.Rated.IsZero() {
		page.Until = page.Policy.RatingStays(page.Rated)
		page.Stays = !now.Before(page.Until)
	}
	return nil
}

// ratingOf is what a ticket's page shows of its rating: to colleagues, and to the requester without whose work it was.
func ratingOf(tx *store.Tx, a access.Actor, t ticket.Ticket) (*store.Rating, error) {
	r, asked, err := tx.Rating(a, t.ID)
	if err != nil || !asked || !a.Staff() && t.Requester.ID != a.Person {
		return nil, err
	}
	if !a.Staff() {
		r.Agent = 0
	}
	return &r, nil
}

// RateTicket keeps what the requester says, and what they say instead as long as the policy lets them change it; then it is
// fault.Refused. The ticket itself stays as it is, closed or not, and its conversation tells of it. To say the same again changes
// nothing. A rating with a sentence is feedback as well.
func (d *Desk) RateTicket(ctx context.Context, a access.Actor, in Rate) error {
	if err := may(a, access.OneTicket); err != nil {
		return err
	}
	in.Words = strings.TrimSpace(strings.ReplaceAll(in.Words, "\r\n", "\n"))
	if utf8.RuneCountInString(in.Words) > longestRating {
		return inField("words", fault.New(fault.Invalid, "there is room for %d characters; write to us in the request for more", longestRating))
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.rate(tx, a, in, now) })
}

func (d *Desk) rate(tx *store.Tx, a access.Actor, in Rate, now time.Time) error {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return err
	}
	page := RatingPage{Ticket: t}
	if err := d.ratingPage(tx, a, &page, now); err != nil {
		return err
	}
	score, known := page.Policy.Score(in.Score)
	switch {
	case !known:
		return fault.New(fault.Invalid, "please choose one of the answers")
	case page.Score == in.Score && page.Words == in.Words && !page.Rated.IsZero():
		return nil
	case page.Stays:
		return fault.New(fault.Refused, "your rating stays as it is now; write to us in the request if something is still open")
	}
	return keepRating(tx, t, page.Rating, score, in.Words, now)
}

func keepRating(tx *store.Tx, t ticket.Ticket, r store.Rating, score policy.Score, words string, now time.Time) error {
	before := r
	if r.Rated.IsZero() {
		r.Rated = now
	}
	r.Changed, r.Score, r.Sense, r.Words = now, score.ID, string(score.Sense), words
	if err := tx.SaveRating(r); err != nil {
		return err
	}
	if err := keepSaid(tx, r, now); err != nil {
		return err
	}
	tx.Changed(t.ID)
	told := ticket.AuditEvent{Type: ticket.Rated, Field: "rating", From: before.Score, To: r.Score, Says: ratedSays(before, r), Internal: true}
	return tx.AddAudit(&ticket.Audit{Ticket: t.ID, Author: t.Requester, At: now, Via: "portal", Events: []ticket.AuditEvent{told}})
}

// ratedSays tells of a rating in the ticket's conversation.
func ratedSays(before, r store.Rating) string {
	says := "rated our help: "
	if !before.Rated.IsZero() {
		says = "changed the rating of our help to "
	}
	says += policy.ScoreLabel(r.Score)
	if r.Words != "" {
		says += ", “" + r.Words + "”"
	}
	return says
}

// keepSaid keeps the sentence of a rating where compliments and complaints are read. A rating without one is a number and no more.
func keepSaid(tx *store.Tx, r store.Rating, now time.Time) error {
	if r.Words == "" {
		return tx.DropFeedback(r.Ticket, fromRating)
	}
	return tx.KeepFeedback(store.Feedback{Brand: r.Brand, Source: fromRating, Ticket: r.Ticket, Sense: r.Sense, Words: r.Words, At: now})
}
