package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// mostWaiting is how many requests wait for one link. Whoever presses its button gets them all, so they stay few.
const mostWaiting = 10

// Ask is the form anybody can fill in without being known. Nothing of what they wrote is mailed to anybody and no ticket
// is made: the address gets one mail of fixed words, with a link that confirms the request, and until then the request
// waits (D1). What the same address asks while the link lives waits with it, and is no further mail. It is fault.TooMany
// when too much waits, or comes from one source: the words are the writer's to keep.
func (d *Desk) Ask(ctx context.Context, in Request) error {
	address, err := mail.NewAddress(in.Requester)
	if err != nil {
		return inField("requester", err)
	}
	w, err := wordsOf(in.HTML, in.Text)
	if err != nil {
		return err
	}
	in.Requester, in.HTML, in.Text, in.Tags, in.CCs, in.Files, in.About, in.Project = account.FoldAddress(address), w.html, w.text, nil, nil, nil, "", ""
	if err := d.limit(ctx, askLimits(in.Remote)...); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.ask(tx, in, now) })
}

func (d *Desk) ask(tx *store.Tx, in Request, now time.Time) error {
	if err := tx.Alone("ask/" + in.Requester); err != nil {
		return err
	}
	if err := d.mayAsk(tx, in, now); err != nil {
		return err
	}
	in, err := d.asCustomersMay(tx, in, now)
	if err != nil {
		return err
	}
	person, err := d.customer(tx, in, now)
	if err != nil {
		return err
	}
	link, open, err := tx.OpenLink(person.ID, toConfirm, now)
	if err != nil {
		return err
	}
	if open {
		return wait(tx, link.Hash, in, now)
	}
	return d.mailConfirmation(tx, person, in, now)
}

// mayAsk refuses a stranger where the policy opens cases to people who are signed in alone (seed 001, 1.29). What is theirs is known
// only then, so a stranger's request is about nothing.
func (d *Desk) mayAsk(tx *store.Tx, in Request, now time.Time) error {
	p, _, err := d.rulesFor(tx, in.Brand, now)
	if err == nil && p.SignInFirst(in.Kind) {
		err = fault.New(fault.Unsigned, "please sign in first; people who evaluate have an account too")
	}
	return err
}

// mailConfirmation mails a link for the first of the requests that wait for it. A link that nobody uses lives for a day, so
// whoever did not ask hears from us once a day; whoever presses the button can ask again.
func (d *Desk) mailConfirmation(tx *store.Tx, person account.Person, in Request, now time.Time) error {
	over, err := overLimit(tx, now, limit{"ask/recipient/" + in.Requester, 5, 24 * time.Hour})
	if err != nil {
		return err
	}
	if len(over) > 0 {
		return fault.New(fault.TooMany, "we have mailed this address several links today; sign in to write more, or try again tomorrow")
	}
	token, err := d.makeLink(tx, toConfirm, person.ID, now)
	if err != nil {
		return err
	}
	if err := wait(tx, hashToken(token), in, now); err != nil {
		return err
	}
	home, err := d.brandHome(tx, in.Brand)
	if err != nil {
		return err
	}
	return d.mailAlone(tx, person, confirmText, home+linkPaths[toConfirm]+token, now)
}

// Confirm spends the link that requests wait for: the address is proved and the tickets are made. It returns the newest. Whoever presses
// the button again, while the link would still be good and no newer one was mailed, is led there once more; nothing happens by it (D7).
func (d *Desk) Confirm(ctx context.Context, token string) (result Done, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		link, err := d.useLink(tx, toConfirm, token, now)
		if isNotFound(err) {
			result, err = confirmed(tx, hashToken(token), now)
			return err
		}
		if err != nil {
			return err
		}
		requests, err := waiting(tx, link.Hash)
		if err != nil {
			return err
		}
		if len(requests) == 0 {
			return deadLink()
		}
		person, err := d.verified(tx, link.Person)
		for _, in := range requests {
			if err != nil {
				return err
			}
			if in.Kind, err = d.kindStill(tx, in, now); err != nil {
				return err
			}
			result, err = d.create(tx, in, words{in.HTML, in.Text}, attachments{}, person, person, now)
		}
		if err != nil {
			return err
		}
		return keepConfirmed(tx, link.Hash, result.Ticket.ID, now)
	})
	return result, err
}

// confirmed is what came of a link that was pressed before. A link of which nothing came, that has ended or that a newer one has replaced
// answers as one that never was.
func confirmed(tx *store.Tx, hash [32]byte, now time.Time) (result Done, err error) {
	link, err := tx.Link(hash, toConfirm)
	if err != nil {
		return result, deadOr(err)
	}
	newest, err := tx.NewestLink(link.Person, toConfirm)
	if err != nil || newest.Hash != hash || now.After(link.Expires) {
		return result, deadOr(err)
	}
	kept, err := tx.FormResult(confirmedKey(hash))
	if err != nil || kept == "" {
		return result, deadOr(err)
	}
	id, err := strconv.ParseInt(kept, 10, 64)
	if err != nil {
		return result, err
	}
	result.Again = true
	if result.Ticket, err = tx.Ticket(access.Clock, id); err != nil {
		return result, deadOr(err)
	}
	return result, nil
}

// deadOr is a dead link, unless something else went wrong.
func deadOr(err error) error {
	if notFoundIsNothing(err) != nil {
		return err
	}
	return deadLink()
}

// keepConfirmed remembers the newest ticket that came of a link.
func keepConfirmed(tx *store.Tx, hash [32]byte, ticketID int64, now time.Time) error {
	if _, _, err := tx.UseForm(confirmedKey(hash), 0, now); err != nil {
		return err
	}
	return tx.FinishForm(confirmedKey(hash), itoa(ticketID))
}

func confirmedKey(hash [32]byte) [32]byte {
	return sha256.Sum256(append([]byte("confirmed/"), hash[:]...))
}

// kindStill is the kind of a request that waited, or "" for triage when the policy has lost it meanwhile: who asked in good time
// is not refused, and neither are the others behind the same link.
func (d *Desk) kindStill(tx *store.Tx, in Request, now time.Time) (string, error) {
	p, _, err := d.rulesFor(tx, in.Brand, now)
	if err != nil {
		return "", err
	}
	if _, known := p.Doc.Kinds[in.Kind]; !known {
		return "", nil
	}
	return in.Kind, nil
}

// wait puts a request beside those that wait for the same link. The same words, sent again, wait once (D7).
func wait(tx *store.Tx, link [32]byte, in Request, now time.Time) error {
	requests, err := waiting(tx, link)
	if err != nil {
		return err
	}
	same := func(other Request) bool {
		return other.Subject == in.Subject && other.HTML == in.HTML && other.Text == in.Text && other.Kind == in.Kind
	}
	if slices.ContainsFunc(requests, same) {
		return nil
	}
	if len(requests) >= mostWaiting {
		return fault.New(fault.TooMany, "%d requests of this address wait already; open the mail we sent it, press the button, then send this again", mostWaiting)
	}
	kept, err := json.Marshal(append(requests, in))
	if err != nil {
		return err
	}
	if _, _, err := tx.UseForm(askKey(link), 0, now); err != nil {
		return err
	}
	return tx.FinishForm(askKey(link), string(kept))
}

// waiting are the requests that wait for a link, in the order in which they were written.
func waiting(tx *store.Tx, link [32]byte) (requests []Request, err error) {
	kept, err := tx.FormResult(askKey(link))
	if err != nil || kept == "" {
		return nil, err
	}
	return requests, json.Unmarshal([]byte(kept), &requests)
}

func askKey(link [32]byte) [32]byte { return sha256.Sum256(append([]byte("ask/"), link[:]...)) }
