package desk

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// How a caller proves who they are. A website or an order number can be overheard, and a number can be feigned; what somebody can do in
// this very minute cannot. There are two ways, and both end with digits that the caller reads out and the agent types:
//
// A code is mailed to the address on file. It counts for this call, for this caller, and ends the one before it.
//
// Whoever is signed in on their own page says there that they are on the phone, and sees a number. The link in a mail about one ticket
// is not enough for that: it may have been passed on.
//
// Neither is ever shown to an agent, who could be talked into saying it. Only a keyed hash is kept: six digits are soon tried through by
// whoever has a copy of the database, but not without the desk's own key.

// What has proved who calls.
const (
	sureByCode = "code"
	sureByPage = "page"
)

const (
	codeLife   = 10 * time.Minute
	codeTries  = 5
	codeDigits = 6
	pageDigits = 4

	// addressRests is how long an address has to be on file before it proves who calls. Whoever talks a colleague into changing one, or into
	// writing one down, would else be mailed the code a minute later; a day gives its owner and the colleagues time to notice.
	addressRests = 24 * time.Hour

	toProve = "call-code" // followed by the call it is for
	toSpeak = "call-page"
)

// CodeName is what a mail with a code is called on the screen and in the mail log.
const CodeName = "A code that proves who calls"

// codeMail is the mail with a code. It warns whoever did not call: a stranger who says that they are somebody else makes it come.
var codeMail = systemText{toProve, "The code for your telephone call", "Somebody who says that they are you is on the telephone with us. If it is you, read this code to whom you speak with. It counts for this call alone, for ten minutes.",
	"If it is not you, tell it to nobody, and answer this mail: then we know that somebody tried. We ask for this code on the telephone only, never in a mail or on a page."}

// Code is how one can become sure of the caller of a call.
type Code struct {
	To    string    // where a code goes, as it may be said aloud: "c…@acme-shop.example"; "" when nothing can be mailed
	Until time.Time // until when the code counts that is on its way; zero when there is none
	Young string    // the newest address that proves nothing yet, as it may be said aloud; "" when there is none
	Since time.Time // since when that one is on file
	Rests time.Time // from when on it counts, and the number on their own page with it
}

// MailCallerCode mails a code to the address on file of whoever was chosen as the caller, and ends the code before it. It is
// fault.Refused while nobody is chosen or nothing can be mailed to them, and fault.TooMany when this call or this person was sent too many.
// key makes a form count once (D7).
func (d *Desk) MailCallerCode(ctx context.Context, a access.Actor, call int64, key string) error {
	return d.onLine(ctx, a, call, func(c *calling) error {
		_, err := onceNumbered(c.tx, a, "call-code", key, c.now, func() (int64, error) { return call, c.mailCode() })
		return err
	})
}

func (c *calling) mailCode() error {
	to, err := c.provable()
	if err != nil || c.call.Grade == policy.Verified {
		return err
	}
	if to, _, err = c.rested(to); err != nil || to.Email == "" {
		return orElse(err, fault.New(fault.Refused, "no address of theirs is on file for a day yet, so a code would prove nothing; answer on the ticket, or tomorrow"))
	}
	if why, err := c.d.gate(c.tx, automatic{to: to, now: c.now}); err != nil || why != "" {
		return orElse(err, fault.New(fault.Refused, "no code was sent: %s", why))
	}
	if over, err := overLimit(c.tx, c.now, codeLimits(c.call.ID, to.ID)...); err != nil || len(over) > 0 {
		return orElse(err, fault.New(fault.TooMany, "as many codes were sent as we send; the caller can use the number on their own page"))
	}
	code := digits(codeDigits)
	if err := c.d.keepCode(c.tx, c.codePurpose(), to, code, c.now); err != nil {
		return err
	}
	return c.postCode(to, code)
}

// codeLimits are how many codes can be mailed during a call, and to one person by whatever calls: each of them disturbs somebody.
func codeLimits(call, person int64) []limit {
	return []limit{
		{fmt.Sprintf("call-code/call/%d", call), 3, 24 * time.Hour},
		{fmt.Sprintf("call-code/person/%d", person), 6, 24 * time.Hour},
	}
}

// postCode plans the mail. It goes at once, to the bare address, and nothing about it tells the code but its words.
func (c *calling) postCode(to account.Person, code string) error {
	id, err := c.d.mailOne(c.tx, to, c.call.Brand, notice{
		key: fmt.Sprintf("call/%d/code/%d", c.call.ID, len(c.codes)+1), template: codeMail.template, subject: codeMail.subject,
		text: codeMail.before + "\n\n" + code[:3] + " " + code[3:] + "\n\n" + codeMail.after + "\n", automatic: "auto-generated", nameless: true,
	}, c.now)
	if err != nil {
		return err
	}
	if err := c.tx.AddPhoneMail(c.call.ID, id, "", ""); err != nil {
		return err
	}
	return orElse(c.tell(eventCode, "A code went to "+account.Hinted(to.Email)), c.readLetters())
}

// provable is the caller, who can prove who they are while they are on the line.
func (c *calling) provable() (account.Person, error) {
	switch {
	case c.call.Person == 0:
		return account.Person{}, fault.New(fault.Refused, "choose who is calling first; there is nobody yet to be sure of")
	case c.call.State != store.PhoneOpen:
		return account.Person{}, fault.New(fault.Refused, "nobody is on the line who could read a number to you")
	}
	return c.tx.Person(c.call.Person)
}

// rested is somebody by their first address that has been on file long enough to prove who calls, "" when there is none, and the newest one
// that has not. Where mail does not reach the address that it goes to, an older one proves as much.
func (c *calling) rested(who account.Person) (to account.Person, young account.Address, err error) {
	to = who.At("")
	all, err := c.tx.AddressesOf(who.ID)
	for _, one := range all {
		switch {
		case !one.Since.After(c.now.Add(-addressRests)):
			if to.Email == "" || to.Unreachable != "" {
				to = who.At(one.Email)
			}
		case one.Since.After(young.Since):
			young = one
		}
	}
	return to, young, err
}

// codePurpose is the purpose of the codes of this call: one that was mailed for another call proves nothing here.
func (c *calling) codePurpose() string { return toProve + "/" + itoa(c.call.ID) }

// keepCode keeps the hash of a code, in the place of the one before it.
func (d *Desk) keepCode(tx *store.Tx, purpose string, to account.Person, code string, now time.Time) error {
	return d.keepLink(tx, store.Link{Hash: hashToken(newToken()), Purpose: purpose, Person: to.ID, Address: to.Email, Code: d.codeHash(purpose, to.ID, code), Created: now})
}

func (d *Desk) keepLink(tx *store.Tx, l store.Link) error {
	if err := tx.EndLinks(l.Person, l.Purpose, l.Created); err != nil {
		return err
	}
	l.Expires = l.Created.Add(codeLife)
	return tx.AddLink(l)
}

// codeHash is what is kept of a code.
func (d *Desk) codeHash(purpose string, person int64, code string) []byte {
	mac := hmac.New(sha256.New, d.keys.For("call-code"))
	fmt.Fprintf(mac, "%s/%d/%s", purpose, person, code)
	return mac.Sum(nil)
}

// digits are n digits nobody can guess, each number as likely as every other.
func digits(n int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	number, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%0*d", n, number)
}

// VerifyCaller takes the digits that the caller reads out: six from the mail, four from their own page. The right ones make the caller
// verified, and what was locked goes on. Wrong ones are fault.Refused and counted: after five a code is worth nothing.
func (d *Desk) VerifyCaller(ctx context.Context, a access.Actor, call int64, said string) error {
	var wrong error // the try is counted all the same
	err := d.onLine(ctx, a, call, func(c *calling) (err error) {
		wrong, err = c.prove(onlyDigits(said))
		return err
	})
	return orElse(err, wrong)
}

// onlyDigits are the digits of what was typed, however they were spaced; "" when anything else stands among them.
func onlyDigits(said string) string {
	number := strings.NewReplacer(" ", "", "\u00a0", "", "-", "", ".", "").Replace(said)
	if strings.Trim(number, "0123456789") != "" {
		return ""
	}
	return number
}

// proof is one of the two ways to prove who one is.
type proof struct {
	by, purpose string
	says        string // for the record
	none        string // what to do while there is no such number
}

func (c *calling) proofOf(number string) (proof, bool) {
	switch len(number) {
	case codeDigits:
		return proof{sureByCode, c.codePurpose(), "by a code in a mail", "no code that was mailed for this call counts any more; send one"}, true
	case pageDigits:
		return proof{sureByPage, toSpeak, "by the number on their own page", "there is no number on their page, or it has ended; they sign in to it and press “I am on the phone”"}, true
	}
	return proof{}, false
}

func (c *calling) prove(number string) (wrong, err error) {
	who, err := c.provable()
	if err != nil || c.call.Grade == policy.Verified {
		return nil, err
	}
	by, ok := c.proofOf(number)
	if !ok {
		return fault.New(fault.Invalid, "a code from a mail has %d digits, the number on their page %d; ask them to read it once more", codeDigits, pageDigits), nil
	}
	if why, err := c.tooNew(who, by); err != nil || why != nil {
		return why, err
	}
	if over, err := overLimit(c.tx, c.now, limit{fmt.Sprintf("call-tries/%d", who.ID), 3 * codeTries, time.Hour}); err != nil || len(over) > 0 {
		return fault.New(fault.TooMany, "too many numbers were tried for %s; wait an hour", who.Display()), err
	}
	link, open, err := c.tx.OpenLink(who.ID, by.purpose, c.now)
	if err != nil || !open {
		return fault.New(fault.Refused, "%s", by.none), err
	}
	return c.try(link, by, number)
}

// tooNew is why the number on somebody's page proves nothing: whoever has an address of today can sign in with it.
func (c *calling) tooNew(who account.Person, by proof) (why, err error) {
	if by.by != sureByPage {
		return nil, nil
	}
	if _, young, err := c.rested(who); err != nil || young.Email == "" {
		return nil, err
	}
	return fault.New(fault.Refused, "an address of %s is on file for less than a day, and whoever has it can sign in; until then the number on their page proves nothing", who.Display()), nil
}

// try compares what was read out with one code. It is counted before it is compared.
func (c *calling) try(link store.Link, by proof, number string) (wrong, err error) {
	tries, err := c.tx.CountTry(link.Hash)
	if err != nil {
		return nil, err
	}
	right := tries <= codeTries && hmac.Equal(link.Code, c.d.codeHash(by.purpose, link.Person, number))
	if right || tries >= codeTries {
		if _, err := c.tx.UseLink(link.Hash, by.purpose, c.now); err != nil {
			return nil, err
		}
	}
	if right {
		return nil, c.sure(by)
	}
	return triesLeft(codeTries - tries), c.tell(eventWrong, "A wrong number was read out")
}

func triesLeft(left int64) error {
	switch {
	case left <= 0:
		return fault.New(fault.Refused, "that is not the number, and it has been tried five times; it counts no more, so make another")
	case left == 1:
		return fault.New(fault.Refused, "that is not the number; one try is left")
	}
	return fault.New(fault.Refused, "that is not the number; %d tries are left", left)
}

// sure notes that the caller has proved who they are. What waited for that goes on.
func (c *calling) sure(by proof) error {
	before := c.run
	c.call.Grade, c.call.SureBy = policy.Verified, by.by
	if err := c.tell(eventSure, cmp.Or(c.call.Caller, "The caller")+" has proved who they are, "+by.says); err != nil {
		return err
	}
	return c.goOn(before)
}

// readCode reads how one can become sure of the caller.
func (c *calling) readCode(page *PhonePage) error {
	if c.call.Person == 0 || c.call.Grade == policy.Verified || c.call.State != store.PhoneOpen {
		return nil
	}
	to, young, err := c.rested(page.Person)
	if err != nil {
		return err
	}
	if to.Unreachable == "" {
		page.Code.To = account.Hinted(to.Email)
	}
	if young.Email != "" {
		page.Code.Young, page.Code.Since, page.Code.Rests = account.Hinted(young.Email), young.Since, young.Since.Add(addressRests)
	}
	link, err := c.tx.NewestLink(c.call.Person, c.codePurpose())
	if err == nil && link.Used.IsZero() && link.Expires.After(c.now) {
		page.Code.Until = link.Expires
	}
	return notFoundIsNothing(err)
}

// Spoken is the number that somebody reads out from their own page.
type Spoken struct {
	Number string    // "4071", "" while there is none that counts
	Until  time.Time // until when it counts
	Proved bool      // it was read out, and whoever they speak with knows now
	Ended  bool      // it counts no more, and proved nothing
}

// SayOnPhone makes a number for a customer who says on their own page that they are on the phone, in the place of the one before it. It
// needs somebody who has signed in: the link of a ticket may have been passed on.
func (d *Desk) SayOnPhone(ctx context.Context, a access.Actor) error {
	if err := may(a, access.OwnTickets); err != nil {
		return err
	}
	if err := d.limit(ctx, limit{fmt.Sprintf("call-page/%d", a.Person), 10, time.Hour}); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		who, err := tx.Person(a.Person)
		if err != nil {
			return err
		}
		l := store.Link{Hash: hashToken(newToken()), Purpose: toSpeak, Person: who.ID, Address: who.Email, Created: now}
		l.Code = d.codeHash(toSpeak, who.ID, d.spokenNumber(l))
		return d.keepLink(tx, l)
	})
}

// OnPhone is the number that a customer was given last, for their own page. It changes nothing, and says the same each time.
func (d *Desk) OnPhone(ctx context.Context, a access.Actor) (s Spoken, err error) {
	if err := may(a, access.OwnTickets); err != nil {
		return s, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		link, err := tx.NewestLink(a.Person, toSpeak)
		if err == nil {
			s = d.readOut(link, now)
		}
		return notFoundIsNothing(err)
	})
	return s, err
}

func (d *Desk) readOut(l store.Link, now time.Time) (s Spoken) {
	switch open := l.Expires.After(now); {
	case l.Used.IsZero() && open:
		s.Number, s.Until = d.spokenNumber(l), l.Expires
	case !l.Used.IsZero() && l.Tries < codeTries && open:
		s.Proved = true
	case l.Created.After(now.Add(-time.Hour)):
		s.Ended = true
	}
	return s
}

// spokenNumber is the number of a link, worked out from its name and the desk's key, so that the page can be opened again and nothing
// of the number is kept.
func (d *Desk) spokenNumber(l store.Link) string {
	mac := hmac.New(sha256.New, d.keys.For("call-page"))
	mac.Write(l.Hash[:])
	return fmt.Sprintf("%0*d", pageDigits, binary.BigEndian.Uint64(mac.Sum(nil))%10_000)
}
