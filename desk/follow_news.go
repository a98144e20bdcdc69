package desk

import (
	"context"
	"time"

	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// FollowNews is the form under What's New that asks for it by mail.
type FollowNews struct {
	Brand  int64
	Email  string
	Remote string // where the form came from, for the limits
}

// followText asks whether somebody meant what was asked for them. Nothing that a stranger wrote is in it (D1).
var followText = systemText{toFollow, "Do you want to read what is new?", "Somebody, probably you, asked us to mail this address what is new, once a week at most. Open this page within a day to confirm it.", "If it was not you, do nothing: you get no more of this."}

// FollowNews mails an address one link; only who opens it and presses its button gets the letters. The answer is the same whether the
// address is known, gets them already, or neither (F7).
func (d *Desk) FollowNews(ctx context.Context, in FollowNews) error {
	address, err := mail.NewAddress(in.Email)
	if err != nil {
		return err
	}
	if err := d.limit(ctx, append(askLimits(in.Remote), limit{"news/recipient/" + account.FoldAddress(address), 5, 24 * time.Hour})...); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		to, err := d.customer(tx, Request{Requester: address, Brand: in.Brand}, now)
		if err != nil {
			return err
		}
		token, err := followLink(tx, in.Brand, to.ID, now)
		if err != nil {
			return err
		}
		home, err := d.brandHome(tx, in.Brand)
		if err != nil {
			return err
		}
		to.Brand = in.Brand // the mail comes from whom they asked, not from whom they wrote to first
		return d.mailAlone(tx, to, followText, home+linkPaths[toFollow]+token, now)
	})
}

// followLink makes a link that confirms the letter of a brand. Unlike others it leaves the links before it alive: anybody can ask for
// any address, and would else end the link that its owner is about to open.
func followLink(tx *store.Tx, brand, person int64, now time.Time) (token string, err error) {
	asked, err := tx.AskForNews(brand, person, now, now.Add(-lifetimes[toFollow]))
	if err != nil {
		return "", err
	}
	token = newToken()
	return token, tx.AddLink(store.Link{Hash: hashToken(token), Purpose: toFollow, Person: person, Created: asked, Expires: now.Add(lifetimes[toFollow])})
}

// ConfirmNews spends the link: whoever holds it gets the letters of the brand it was asked of from now on.
func (d *Desk) ConfirmNews(ctx context.Context, token string) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		link, err := d.useLink(tx, toFollow, token, now)
		if err != nil {
			return err
		}
		if _, err := d.verified(tx, link.Person); err != nil {
			return err
		}
		brand, err := tx.ConfirmNews(link.Person, link.Created, now)
		if err == nil && brand == 0 {
			err = deadLink()
		}
		return err
	})
}

// newsEndPurpose is what the links are signed for that end the letters.
const newsEndPurpose = "news-end"

// newsToken is the end of the link that ends the letters of a brand for one person. It stands in each of them, so it is a signature
// and not a stored row.
func (d *Desk) newsToken(brand, person int64, made time.Time) string {
	return d.signedNumbers(newsEndPurpose, made, brand, person)
}

// EndNewsByLink ends the letters for whoever holds the link of one of them. A link that ends nothing any more, that was altered or that
// was never ours is [fault.NotFound], all alike.
func (d *Desk) EndNewsByLink(ctx context.Context, token string) error {
	numbers, _, ok := d.readNumbers(newsEndPurpose, token, 2, d.now())
	if !ok {
		return endedNews()
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := nowCalled(tx, numbers[1])
		if err != nil {
			return err
		}
		ended, err := tx.EndNews(numbers[0], person)
		if err == nil && !ended {
			err = endedNews()
		}
		return err
	})
}

func endedNews() error {
	return fault.New(fault.NotFound, "this mail is ended already, or its link was copied only in part")
}
