package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// WriteCard is a card of the roadmap as somebody writes it.
type WriteCard struct {
	Card     int64 // 0 for a new one
	Brand    int64 // of a new one; 0 for the first
	Title    string
	What     string
	Why      string
	Estimate string // roughly when, in words; customers read that it is an estimate
	Base     int64  // the newest change that the form showed
	Key      string
}

// WriteCard keeps a new card, which is under consideration from then on, or what is said on one. What it said before is kept. A card that
// somebody else has changed meanwhile is [fault.Conflict]; a field that cannot be taken is a [Misfilled].
func (d *Desk) WriteCard(ctx context.Context, a access.Actor, in WriteCard) (id int64, err error) {
	if err := may(a, access.PublishNews); err != nil {
		return 0, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		id, err = onceNumbered(tx, a, "write-card", in.Key, now, func() (int64, error) { return d.writeCard(tx, a, in, now) })
		return err
	})
	return id, err
}

func (d *Desk) writeCard(tx *store.Tx, a access.Actor, in WriteCard, now time.Time) (int64, error) {
	if in.Card == 0 {
		return d.newCard(tx, a, in, now)
	}
	c, err := cardAsShown(tx, in.Card, in.Base)
	if err != nil {
		return 0, err
	}
	before := c
	if err := filledCard(&c, in); err != nil || c == before {
		return c.ID, err
	}
	if err := tx.SaveCard(&c); err != nil {
		return 0, err
	}
	return c.ID, tx.AddNewsChange(store.NewsChange{Card: c.ID, Author: a.Person, What: "changed its words", Was: cardWas(before), At: now})
}

// newCard begins a card. That it is considered is the first decision about it.
func (d *Desk) newCard(tx *store.Tx, a access.Actor, in WriteCard, now time.Time) (int64, error) {
	c := store.Card{State: store.CardConsidered, Decided: now, Created: now}
	if err := filledCard(&c, in); err != nil {
		return 0, err
	}
	brand, err := d.brandOr(tx, in.Brand)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Brand(brand); err != nil {
		return 0, err
	}
	c.Brand = brand
	if err := tx.SaveCard(&c); err != nil {
		return 0, err
	}
	return c.ID, tx.AddNewsChange(store.NewsChange{Card: c.ID, Author: a.Person, What: "wrote the card", At: now})
}

// cardAsShown is a card that nobody has changed since somebody saw it.
func cardAsShown(tx *store.Tx, id, base int64) (store.Card, error) {
	c, err := tx.CardForUpdate(id)
	if err != nil {
		return c, err
	}
	changes, err := tx.CardChanges(id)
	if err == nil && newestChange(changes) != base {
		err = fault.New(fault.Conflict, "%s has changed this card meanwhile; look at it again, your words are kept below", cmp.Or(changes[0].Name, "somebody"))
	}
	return c, err
}

const (
	mostCardText = 4 << 10
	mostReason   = 1 << 10
)

func filledCard(c *store.Card, in WriteCard) error {
	c.Title, c.What, c.Why, c.Estimate = oneLine(in.Title), paragraphs(in.What), paragraphs(in.Why), oneLine(in.Estimate)
	switch {
	case c.Title == "":
		return misfilled("title", "give it a title; it is what people read first")
	case utf8.RuneCountInString(c.Title) > mostNewsTitle:
		return misfilled("title", "a title has at most %d letters", mostNewsTitle)
	case len(c.What) > mostCardText:
		return misfilled("what", "this has more than %d kB; customers read it at a glance", mostCardText>>10)
	case len(c.Why) > mostCardText:
		return misfilled("why", "this has more than %d kB; customers read it at a glance", mostCardText>>10)
	case utf8.RuneCountInString(c.Estimate) > mostNewsName:
		return misfilled("estimate", "an estimate has at most %d letters", mostNewsName)
	}
	return nil
}

// paragraphs is a text with its lines, trimmed.
func paragraphs(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func cardWas(c store.Card) string {
	text, err := json.Marshal(map[string]string{"title": c.Title, "what": c.What, "why": c.Why, "estimate": c.Estimate})
	if err != nil {
		panic(err) // strings are always JSON
	}
	return string(text)
}

// DecideCard is a decision about a card.
type DecideCard struct {
	Card   int64
	State  store.CardState
	Reason string // for everybody to read
	Base   int64  // the newest change that the form showed
}

// DecideCard says where a card stands from now on, and why. What is put off comes up again when the policy's next review begins (S4-14);
// the tickets behind it stay as they are. That it is planned, or put off, is mailed once to everybody who asked for it. A card is done when
// What's New tells of it ([Desk.PublishNews]), and not before.
func (d *Desk) DecideCard(ctx context.Context, a access.Actor, in DecideCard) error {
	if err := may(a, access.PublishNews); err != nil {
		return err
	}
	in.Reason = paragraphs(in.Reason)
	switch {
	case in.State == store.CardDone:
		return misfilled("state", "write an entry of What's New about it; it is done when that is published")
	case !slices.Contains(CardStates, in.State):
		return misfilled("state", "say where it stands now")
	case in.Reason == "":
		return misfilled("reason", "say why; customers read it")
	case len(in.Reason) > mostReason:
		return misfilled("reason", "a reason has at most %d kB", mostReason>>10)
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := cardAsShown(tx, in.Card, in.Base)
		if err != nil {
			return err
		}
		if c.State == store.CardDone {
			return fault.New(fault.Refused, "What's New has told of this; take that entry back first")
		}
		return d.decideOn(tx, a, c, in.State, in.Reason, now)
	})
}

// decideOn stores a decision, and when the card is to be weighed again.
func (d *Desk) decideOn(tx *store.Tx, a access.Actor, c store.Card, state store.CardState, reason string, now time.Time) error {
	mails := state != c.State && (state == store.CardPlanned || state == store.CardNotNow)
	c.State, c.Decided, c.Review = state, now, time.Time{}
	p, err := d.runningOf(tx, c.Brand, now)
	if err != nil {
		return err
	}
	if state == store.CardNotNow && p != nil {
		c.Review, _ = p.NextReview(now)
	}
	if err := tx.SaveCard(&c); err != nil {
		return err
	}
	if err := tx.AddCardDecision(store.CardDecision{Card: c.ID, Author: a.Person, State: state, Reason: reason, At: now, Mails: mails}); err != nil {
		return err
	}
	return tx.AddNewsChange(store.NewsChange{Card: c.ID, Author: a.Person, What: "decided: " + CardStateSays(p, state), At: now})
}

// CardStateSays is what a column of the roadmap is called under a policy, nil for none: what is planned is so for as far as the policy's
// roadmap reaches.
func CardStateSays(p *policy.Policy, s store.CardState) string {
	return map[store.CardState]string{
		store.CardConsidered: "Considered", store.CardPlanned: plannedSays(p), store.CardProgress: "In progress", store.CardDone: "Done", store.CardNotNow: "Not now",
	}[s]
}

func plannedSays(p *policy.Policy) string {
	if p == nil {
		return "Planned"
	}
	return cmp.Or(p.PlannedSays(), "Planned")
}

// closable refuses an entry that names a card it cannot be about: another brand's, one that another entry has told of, or another one
// than before while it is published.
func closable(tx *store.Tx, e, before store.NewsEntry) error {
	if e.Card == before.Card {
		return nil
	}
	if before.State == store.NewsPublished {
		return misfilled("card", "this entry has closed its card; take it back first")
	}
	if e.Card == 0 {
		return nil
	}
	c, err := tx.Card(e.Card)
	switch {
	case isNotFound(err), err == nil && c.Brand != e.Brand:
		return misfilled("card", "choose one of the cards of this roadmap")
	case err == nil && c.State == store.CardDone:
		return misfilled("card", "What's New has told of this card already")
	}
	return err
}

// doneBy closes the card that an entry tells of.
func (d *Desk) doneBy(tx *store.Tx, a access.Actor, e store.NewsEntry, now time.Time) error {
	if e.Card == 0 {
		return nil
	}
	c, err := tx.CardForUpdate(e.Card)
	if err != nil {
		return err
	}
	if c.State == store.CardDone {
		return fault.New(fault.Refused, "What's New has told of “%s” already; choose no card, or another one", c.Title)
	}
	return d.decideOn(tx, a, c, store.CardDone, "What's New tells of it: "+e.Title, now)
}

// undoneBy opens it again when the entry is taken back.
func (d *Desk) undoneBy(tx *store.Tx, a access.Actor, e store.NewsEntry, now time.Time) error {
	if e.Card == 0 {
		return nil
	}
	c, err := tx.CardForUpdate(e.Card)
	if err != nil || c.State != store.CardDone {
		return err
	}
	return d.decideOn(tx, a, c, store.CardProgress, "It is not done yet after all: the news of it was taken back.", now)
}
