package desk

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// There are two kinds of links in mails, and neither can be used for the other.
//
// A one-time link signs somebody in, lets them choose a password or confirms a request. It is random, lives for minutes,
// works once, dies when a newer one is made, and is mailed alone to one address (F1 to F4, C17).
//
// A ticket link opens one ticket for one participant. It stands in every mail about the ticket, so it is a signature and
// not a stored row. It never signs anybody in. It ends thirty days after the ticket was closed; then a new one can be
// mailed to the address on file (scenario S4-20, F17).

// The purposes of one-time links.
const (
	toSignIn         = "sign-in"
	toChoosePassword = "password"
	toJoin           = "invite"
	toSetUp          = "setup"
	toConfirm        = "confirm"
	toFollow         = "news-confirm"
)

// lifetimes is how long each link can be used (F3).
var lifetimes = map[string]time.Duration{
	toSignIn:         10 * time.Minute,
	toChoosePassword: 10 * time.Minute,
	toJoin:           7 * 24 * time.Hour,
	toSetUp:          24 * time.Hour,
	toConfirm:        24 * time.Hour,
	toFollow:         24 * time.Hour,
}

// deadLink is the one answer to every one-time link that does not work, whatever the reason.
func deadLink() error {
	return fault.New(fault.NotFound, "this link does not work; it was used already, is too old, or was copied only in part")
}

// makeLink stores a new one-time link and ends the earlier ones of the same purpose and person. It returns the token.
func (d *Desk) makeLink(tx *store.Tx, purpose string, person int64, now time.Time) (string, error) {
	token := newToken()
	if err := tx.EndLinks(person, purpose, now); err != nil {
		return "", err
	}
	return token, tx.AddLink(store.Link{
		Hash: hashToken(token), Purpose: purpose, Person: person, Created: now, Expires: now.Add(lifetimes[purpose]),
	})
}

// useLink spends a one-time link: it works once, in time, and only for its own purpose.
func (d *Desk) useLink(tx *store.Tx, purpose, token string, now time.Time) (store.Link, error) {
	hash := hashToken(token)
	ok, err := tx.UseLink(hash, purpose, now)
	if err == nil && !ok {
		err = deadLink()
	}
	if err != nil {
		return store.Link{}, err
	}
	return tx.Link(hash, purpose)
}

// MailSignInLink mails a one-time link to an address that asks to sign in. The answer is the same whether the address is
// known or not; the limits hold either way (D6, F7).
func (d *Desk) MailSignInLink(ctx context.Context, email, remote string) error {
	return d.MailSignInLinkTo(ctx, email, remote, "")
}

// MailSignInLinkTo does the same for somebody who was on their way to a page: next is its path, to which the link leads on; "" for none.
func (d *Desk) MailSignInLinkTo(ctx context.Context, email, remote, next string) error {
	return d.mailLink(ctx, email, remote, toSignIn, signInText, leadingOn(next))
}

// longestNext bounds what a link carries of the page somebody was on their way to; no address of ours is longer.
const longestNext = 200

// leadingOn is what a link ends with that leads on to a page.
func leadingOn(next string) string {
	if next == "" || next == "/" || len(next) > longestNext {
		return ""
	}
	return "?" + url.Values{"next": {next}}.Encode()
}

// MailPasswordLink mails a one-time link for choosing a new password, under the same rules.
func (d *Desk) MailPasswordLink(ctx context.Context, email, remote string) error {
	return d.mailLink(ctx, email, remote, toChoosePassword, passwordText, "")
}

func (d *Desk) mailLink(ctx context.Context, email, remote, purpose string, text systemText, leads string) error {
	address := account.FoldAddress(email)
	if err := d.limit(ctx, mailedLinkLimits(address, remote)...); err != nil {
		return err
	}
	if _, err := mail.NewAddress(address); err != nil {
		return nil // nobody can have it
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.PersonByAddress(address)
		if notFoundIsNothing(err) != nil {
			return err
		}
		nobody := person.ID == 0 || person.Suspended
		if nobody {
			person = account.Person{Email: address}
		}
		token, err := d.makeLink(tx, purpose, person.ID, now)
		if err != nil {
			return err
		}
		home, err := d.homeOf(tx, person)
		if err != nil {
			return err
		}
		link := home + linkPaths[purpose] + token + leads
		if err := d.mailAlone(tx, person, text, link, now); err != nil {
			return err
		}
		if !nobody {
			token = "" // nothing has this name; to look for it takes as long as for nobody's
		}
		return unmail(tx, text, token, link)
	})
}

// unmail removes a link that was made for nobody, and its mail. They are made, and are looked for also when there are none, because the
// time an answer takes must not tell whether an address is known (F7).
func unmail(tx *store.Tx, text systemText, token, link string) error {
	if err := tx.DropLink(hashToken(token)); err != nil {
		return err
	}
	return tx.DropOutgoing(aloneKey(account.Person{}, text, link))
}

// linkPaths is where each one-time link leads. The page has a button; opening it changes nothing (I5).
var linkPaths = map[string]string{
	toSignIn:         "/sign-in/link/",
	toChoosePassword: "/sign-in/password/",
	toJoin:           "/join/",
	toSetUp:          "/setup/",
	toConfirm:        "/confirm/",
	toFollow:         NewsPath + "/confirm/",
}

// SignInByLink spends a sign-in link and starts a session. The address is proved by it.
func (d *Desk) SignInByLink(ctx context.Context, token string, in SignIn) (Session, error) {
	now := d.now()
	var person account.Person
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		link, err := d.useLink(tx, toSignIn, token, now)
		if err != nil {
			return err
		}
		person, err = d.verified(tx, link.Person)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return d.startSession(ctx, person, in)
}

// verified notes that a person has proved their address, and returns them unless they are suspended.
func (d *Desk) verified(tx *store.Tx, id int64) (account.Person, error) {
	person, err := tx.PersonForUpdate(id)
	if err != nil {
		return person, err
	}
	if person.Suspended {
		return person, deadLink()
	}
	person.Verified = true
	return person, tx.SavePerson(&person)
}

// linkLife is how long a ticket link opens a closed ticket.
const linkLife = 30 * 24 * time.Hour

const ticketLinkPurpose = "ticket-link"

// ticketLink is what a ticket link says: who may look at what, and since when it exists.
type ticketLink struct {
	Ticket, Person int64
	Made           time.Time // to the minute
}

// TicketLink returns the address at which one participant opens one ticket, on the desk's own host. What is mailed begins
// with [Desk.BrandURL] of the ticket's brand instead.
func (d *Desk) TicketLink(ticketID, person int64, made time.Time) string {
	return d.url + d.TicketPath(ticketID, person, made)
}

// TicketPath is that address without scheme and host: it opens the ticket on every host of the desk.
func (d *Desk) TicketPath(ticketID, person int64, made time.Time) string {
	return "/t/" + d.ticketToken(ticketLink{ticketID, person, made})
}

func (d *Desk) ticketToken(l ticketLink) string {
	return d.signedNumbers(ticketLinkPurpose, l.Made, l.Ticket, l.Person)
}

// readTicketToken checks the signature and returns what the token says.
func (d *Desk) readTicketToken(token string, now time.Time) (l ticketLink, ok bool) {
	numbers, made, ok := d.readNumbers(ticketLinkPurpose, token, 2, now)
	if !ok {
		return l, false
	}
	return ticketLink{numbers[0], numbers[1], made}, true
}

// signedNumbers is a link's token: the version of the key, the numbers, the minute in which it was made, and 20 bytes of HMAC. A token
// made for one purpose is worth nothing for another.
func (d *Desk) signedNumbers(purpose string, made time.Time, numbers ...int64) string {
	key := d.keys.roots(made)[0]
	body := []byte{key.Version}
	for _, n := range append(numbers, made.Unix()/60) {
		body = binary.AppendUvarint(body, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(append(body, key.sign(purpose, body)...))
}

// readNumbers checks the signature and returns the numbers that a token names, and when it was made.
func (d *Desk) readNumbers(purpose, token string, count int, now time.Time) (numbers []int64, made time.Time, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 24 || len(raw) > 64 {
		return nil, made, false
	}
	body, mac := raw[:len(raw)-20], raw[len(raw)-20:]
	valid := d.keys.roots(now)
	i := slices.IndexFunc(valid, func(r root) bool { return r.Version == body[0] })
	if i < 0 || !hmac.Equal(mac, valid[i].sign(purpose, body)) {
		return nil, made, false
	}
	r := bytes.NewReader(body[1:])
	for range count + 1 {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, made, false
		}
		numbers = append(numbers, int64(n))
	}
	return numbers[:count], time.Unix(numbers[count]*60, 0).UTC(), r.Len() == 0
}

// OpenTicketLink returns the actor a ticket link makes: one participant, one ticket, nothing else. A link that was never
// ours, or whose person is no longer a participant, is fault.NotFound; one that has ended is fault.Refused, and
// MailTicketLink can replace it. It changes nothing.
func (d *Desk) OpenTicketLink(ctx context.Context, token string) (a access.Actor, err error) {
	now := d.now()
	l, ok := d.readTicketToken(token, now)
	if !ok {
		return a, deadLink()
	}
	var t ticket.Ticket
	var person account.Person
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if t, err = tx.Ticket(access.Clock, l.Ticket); err != nil {
			return err
		}
		person, err = holderOf(tx, &l)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound), err == nil && (!takesPart(t, l.Person) || person.Suspended):
		return a, deadLink()
	case err != nil:
		return a, err
	case linkEnded(t, l, now):
		return a, fault.New(fault.Refused, "this link has ended, because the ticket was closed more than thirty days ago; we can mail you a new one")
	}
	return access.Actor{Person: l.Person, Role: access.Customer, Ticket: l.Ticket}, nil
}

// holderOf is whom a ticket link was made for. Whoever was merged into another record is that one now, for the tickets in which they took
// part themselves: their link opens what it opened, and nothing that came with the merge (B3).
func holderOf(tx *store.Tx, l *ticketLink) (account.Person, error) {
	person, err := tx.Person(l.Person)
	if err != nil || person.Merged == 0 {
		return person, err
	}
	is, err := tx.MergedInto(l.Person, l.Ticket)
	if err != nil || is == 0 {
		return person, err
	}
	l.Person = is
	return tx.Person(is)
}

func linkEnded(t ticket.Ticket, l ticketLink, now time.Time) bool {
	if t.Category != ticket.Closed {
		return false
	}
	since := t.Memory.Entered
	if l.Made.After(since) {
		since = l.Made
	}
	return now.After(since.Add(linkLife))
}

// takesPart reports whether a person is the requester or copied.
func takesPart(t ticket.Ticket, person int64) bool {
	if t.Requester.ID == person {
		return true
	}
	for _, cc := range t.CCs {
		if cc.ID == person {
			return true
		}
	}
	return false
}

// MailTicketLink mails a new ticket link to the address on file of the person an ended link was made for. Whoever holds
// the old link learns nothing from it.
func (d *Desk) MailTicketLink(ctx context.Context, token, remote string) error {
	now := d.now()
	l, ok := d.readTicketToken(token, now)
	if !ok {
		return deadLink()
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(access.Clock, l.Ticket)
		if err != nil {
			return deadLink()
		}
		person, err := holderOf(tx, &l)
		if notFoundIsNothing(err) != nil {
			return err
		}
		if !takesPart(t, l.Person) || person.Suspended {
			return deadLink()
		}
		over, err := overLimit(tx, now, mailedLinkLimits(account.FoldAddress(person.Email), remote)...)
		if err != nil || len(over) > 0 {
			return err
		}
		home, err := d.brandHome(tx, t.Brand)
		if err != nil {
			return err
		}
		return d.mailAlone(tx, person, ticketLinkText, home+d.TicketPath(t.ID, person.ID, now), now)
	})
}
