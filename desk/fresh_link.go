package desk

import (
	"context"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// FreshLink is a link of one of our mails that opens nothing: it has ended, was used, was copied only in part, or was never ours.
type FreshLink struct {
	Link   string // its path, "/t/…/rating"
	Next   string // the page that it led on to; "" for none
	Email  string // the address that whoever holds it says is theirs; "" when they say nothing
	Brand  int64  // of the host it was opened at
	Remote string // where the form came from, for the limits
}

// freshLinks mail another one of each kind to the address on file. A token that says nothing about whose it was is [fault.NotFound].
var freshLinks = []struct {
	path string
	mail func(*Desk, context.Context, FreshLink, string) error
}{
	{"/t/", func(d *Desk, ctx context.Context, in FreshLink, token string) error {
		return d.MailTicketLink(ctx, token, in.Remote)
	}},
	{linkPaths[toFollow], (*Desk).freshFollow},
	{NewsEndPath, (*Desk).freshNewsEnd},
	{answersEndPath, (*Desk).freshAnswersEnd},
	{linkPaths[toSignIn], (*Desk).freshSignIn},
	{linkPaths[toConfirm], (*Desk).freshConfirm},
	{RoadmapPath + "/for/", (*Desk).freshRoadmap},
}

// MailFreshLink mails a link that works to the address on file of whoever the old one was made for. Where nothing of the old one says who
// that is, the address that was said is looked for, and a link goes there when it is on file. The answer is the same each time: whoever
// holds a link learns nothing from it, and nothing goes to anybody who was not mailed before (F7, F17).
func (d *Desk) MailFreshLink(ctx context.Context, in FreshLink) error {
	if err := d.limit(ctx, askLimits(in.Remote)...); err != nil {
		return err
	}
	err := deadLink()
	for _, known := range freshLinks {
		if rest, ok := strings.CutPrefix(in.Link, known.path); ok {
			token, _, _ := strings.Cut(rest, "/")
			err = known.mail(d, ctx, in, token)
		}
	}
	if isNotFound(err) && strings.TrimSpace(in.Email) != "" {
		err = d.MailSignInLinkTo(ctx, in.Email, in.Remote, in.Next)
	}
	return notFoundIsNothing(err)
}

// freshSignIn mails another link to whoever a sign-in link was made for.
func (d *Desk) freshSignIn(ctx context.Context, in FreshLink, token string) error {
	who, err := d.madeFor(ctx, toSignIn, token)
	if err != nil {
		return err
	}
	return d.MailSignInLinkTo(ctx, who.Email, in.Remote, in.Next)
}

// freshFollow asks once more whether somebody meant that they want the letter, or asks an address for the first time. Whoever ended it
// in between asks for it anew.
func (d *Desk) freshFollow(ctx context.Context, in FreshLink, token string) error {
	who, err := d.madeFor(ctx, toFollow, token)
	if isNotFound(err) && strings.TrimSpace(in.Email) != "" {
		who.Email, err = in.Email, nil
	}
	if err != nil {
		return err
	}
	return d.FollowNews(ctx, FollowNews{Brand: in.Brand, Email: who.Email, Remote: in.Remote})
}

// freshConfirm asks once more whether a request is meant whose link has ended; it has been kept. After it was confirmed, signing in shows
// the ticket that came of it.
func (d *Desk) freshConfirm(ctx context.Context, in FreshLink, token string) error {
	who, err := d.madeFor(ctx, toConfirm, token)
	if err != nil {
		return err
	}
	now, waited := d.now(), false
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		link, err := tx.Link(hashToken(token), toConfirm)
		if err != nil {
			return err
		}
		requests, err := waiting(tx, link.Hash)
		if waited = err == nil && len(requests) > 0 && link.Used.IsZero(); !waited {
			return err
		}
		if _, open, err := tx.OpenLink(who.ID, toConfirm, now); err != nil || open {
			return err // the one that works is in their inbox
		}
		return d.askAgain(tx, who, link.Hash, requests, now)
	})
	if err != nil || waited {
		return err
	}
	return d.MailSignInLink(ctx, who.Email, in.Remote)
}

// askAgain lets requests wait for a new link instead of the one that has ended.
func (d *Desk) askAgain(tx *store.Tx, who account.Person, ended [32]byte, requests []Request, now time.Time) error {
	if err := d.mailConfirmation(tx, who, requests[0], now); err != nil {
		return err
	}
	link, _, err := tx.OpenLink(who.ID, toConfirm, now)
	for _, in := range requests[1:] {
		if err == nil {
			err = wait(tx, link.Hash, in, now)
		}
	}
	if err != nil {
		return err
	}
	return tx.FinishForm(askKey(ended), "")
}

var roadmapText = systemText{"roadmap-link", "A new link to our roadmap", "You asked for a link that works. This one shows what may come next, and lets you say what you would like.", ""}

// freshRoadmap mails a link to whoever an ended one was made for, as they are called today.
func (d *Desk) freshRoadmap(ctx context.Context, in FreshLink, token string) error {
	now := d.now()
	numbers, _, ok := d.readNumbers(roadmapPurpose, token, 2, now)
	if !ok {
		return deadLink()
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brand := numbers[0]
		who, err := nowCalled(tx, numbers[1])
		if err != nil {
			return err
		}
		person, err := tx.Person(who)
		if err != nil {
			return err
		}
		if person.Suspended || person.Role != access.Customer {
			return deadLink()
		}
		over, err := overLimit(tx, now, mailedLinkLimits(account.FoldAddress(person.Email), in.Remote)...)
		if err != nil || len(over) > 0 {
			return err
		}
		home, err := d.brandHome(tx, brand)
		if err != nil {
			return err
		}
		person.Brand = brand
		return d.mailAlone(tx, person, roadmapText, home+d.RoadmapLinkPath(brand, who, now), now)
	})
}

// madeFor is for whom a one-time link was made, used or not.
func (d *Desk) madeFor(ctx context.Context, purpose, token string) (who account.Person, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		link, err := tx.Link(hashToken(token), purpose)
		if err == nil && link.Person == 0 {
			err = deadLink()
		}
		if err == nil {
			who, err = tx.Person(link.Person)
		}
		if err == nil && who.Suspended {
			err = deadLink()
		}
		return err
	})
	return who, err
}

// endLink is a kind of link that ends a mail to many, and how somebody gets another one.
type endLink struct {
	path  string // where it begins
	text  systemText
	gets  func(tx *store.Tx, brand, person int64) (bool, error) // whether there is something to end
	token func(d *Desk, brand, person int64, made time.Time) string
}

var newsEnd = endLink{
	NewsEndPath,
	systemText{"news-end", "The link that ends our letter", "You asked us how to end the letter with what is new. Open this page and press its button.", "If you did not ask, do nothing: it goes on coming."},
	(*store.Tx).GetsNews, (*Desk).newsToken,
}

var answersEnd = endLink{
	answersEndPath,
	systemText{"answers-end", "The link that ends our mails about answers", "You asked us how to end the mails about answers to what you have written. Open this page and press its button.", "If you did not ask, do nothing: they go on coming."},
	(*store.Tx).HearsOfAnswers, (*Desk).answersToken,
}

func (d *Desk) freshNewsEnd(ctx context.Context, in FreshLink, _ string) error {
	return d.freshEnd(ctx, in, newsEnd)
}

func (d *Desk) freshAnswersEnd(ctx context.Context, in FreshLink, _ string) error {
	return d.freshEnd(ctx, in, answersEnd)
}

// freshEnd mails the link that ends a mail to an address that gets it. A link that was altered says nothing of whose it was, so only an
// address that is said leads to somebody; a link that is right ends the mail and needs no other.
func (d *Desk) freshEnd(ctx context.Context, in FreshLink, end endLink) error {
	address := account.FoldAddress(in.Email)
	if address == "" {
		return deadLink()
	}
	if err := d.limit(ctx, mailedLinkLimits(address, in.Remote)...); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return notFoundIsNothing(d.mailEnd(tx, in.Brand, address, end, now)) })
}

func (d *Desk) mailEnd(tx *store.Tx, named int64, address string, end endLink, now time.Time) error {
	brand, err := d.brandOr(tx, named)
	if err != nil {
		return err
	}
	who, err := tx.PersonByAddress(address)
	if err != nil {
		return err
	}
	gets, err := end.gets(tx, brand, who.ID)
	if err == nil && !gets {
		err = fault.New(fault.NotFound, "nobody with this address gets the mail")
	}
	if err != nil {
		return err
	}
	home, err := d.brandHome(tx, brand)
	if err != nil {
		return err
	}
	who.Brand = brand
	return d.mailAlone(tx, who, end.text, home+end.path+end.token(d, brand, who.ID, now), now)
}
