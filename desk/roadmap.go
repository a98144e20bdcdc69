package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// The roadmap: what customers have asked for and what was decided about it, in the open (seed 004, 4.17 to 4.22). A card is one wish,
// with everybody who has it; a decision says where it stands, who decided so and why.

// RoadmapPath is where the roadmap of a brand stands.
const RoadmapPath = "/roadmap"

// CardStates are the columns of a roadmap in the order in which people read them.
var CardStates = []store.CardState{store.CardConsidered, store.CardPlanned, store.CardProgress, store.CardDone, store.CardNotNow}

// cardsInColumn is how many cards of a column stand on the page of all of them.
const cardsInColumn = 30

// Roadmap is the roadmap of a brand as customers read it.
type Roadmap struct {
	Brand   account.Brand
	Window  string // how far it reaches, in the policy's words; "" where it does not say
	Reviews bool   // what was put off comes up again
	Columns []RoadmapColumn
}

// RoadmapColumn is what stands in one column.
type RoadmapColumn struct {
	State store.CardState
	Title string // what the policy calls it
	Cards []RoadmapCard
	Next  string // continues the column, "" when this is all of it
}

// RoadmapCard is a card with the last decision about it, and what its reader has to do with it.
type RoadmapCard struct {
	store.Card
	Last  store.CardDecision
	Voted bool            // the reader wants it
	Asked bool            // the reader wrote a ticket about it, and is counted by that
	Entry store.NewsEntry // what told of it when it was done, zero for none
}

// Roadmap reads the roadmap of a brand for a reader, 0 for nobody in particular: all of its columns, or one of them from where it
// continues. What was done or put off stays for as long back as the roadmap reaches forward. A brand without cards has none:
// [fault.NotFound].
func (d *Desk) Roadmap(ctx context.Context, brand, reader int64, only store.CardState, after string) (m Roadmap, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		m, err = d.roadmap(tx, brand, reader, only, after, now)
		return err
	})
	return m, err
}

func (d *Desk) roadmap(tx *store.Tx, brand, reader int64, only store.CardState, after string, now time.Time) (m Roadmap, err error) {
	has, err := tx.HasCards(brand)
	if err == nil && !has {
		err = fault.New(fault.NotFound, "there is no roadmap")
	}
	if err != nil {
		return m, err
	}
	if m.Brand, err = tx.Brand(brand); err != nil {
		return m, err
	}
	p, err := d.runningOf(tx, brand, now)
	if err != nil {
		return m, err
	}
	since := time.Time{}
	if p != nil {
		_, m.Reviews = p.NextReview(now)
		m.Window, since = windowOf(p, now)
	}
	for _, state := range CardStates {
		if only != "" && only != state {
			continue
		}
		f := store.CardFilter{Brand: brand, State: state, Limit: cardsInColumn}
		if state == store.CardDone || state == store.CardNotNow {
			f.Since = since
		}
		if only != "" {
			f.After = after
		}
		column, err := d.column(tx, f, reader)
		column.Title = CardStateSays(p, state)
		if err != nil {
			return m, err
		}
		m.Columns = append(m.Columns, column)
	}
	return m, nil
}

// windowOf is how far a policy's roadmap reaches in words, and since when what is over still stands on it: from the first of the month
// that lies as far back.
func windowOf(p *policy.Policy, now time.Time) (says string, since time.Time) {
	says, months := p.RoadmapWindow()
	if months == 0 {
		return says, since
	}
	today := calendar.DateOf(now, p.Zone)
	count := today.Y*12 + int(today.M) - 1 - months
	return says, calendar.Resolve(calendar.Date{Y: count / 12, M: time.Month(count%12 + 1), D: 1}, 0, p.Zone).UTC()
}

func (d *Desk) column(tx *store.Tx, f store.CardFilter, reader int64) (c RoadmapColumn, err error) {
	page, err := tx.Cards(f)
	if err != nil {
		return c, err
	}
	c = RoadmapColumn{State: f.State, Next: page.Next}
	for _, card := range page.Items {
		c.Cards = append(c.Cards, RoadmapCard{Card: card})
	}
	return c, tellCards(tx, f.Brand, reader, c.Cards)
}

// tellCards adds to cards what was decided last, and what their reader has to do with them.
func tellCards(tx *store.Tx, brand, reader int64, cards []RoadmapCard) error {
	ids := make([]int64, len(cards))
	for i := range cards {
		ids[i] = cards[i].ID
	}
	decisions, err := tx.CardDecisions(ids...)
	if err != nil {
		return err
	}
	for i := range cards {
		if at := slices.IndexFunc(decisions, func(d store.CardDecision) bool { return d.Card == cards[i].ID }); at >= 0 {
			cards[i].Last = decisions[at]
		}
		if cards[i].State == store.CardDone {
			if cards[i].Entry, _, err = tx.NewsEntryOfCard(cards[i].ID); err != nil {
				return err
			}
		}
	}
	if reader == 0 {
		return nil
	}
	voted, err := tx.CardsVotedFor(brand, reader)
	if err != nil {
		return err
	}
	asked, err := tx.CardsAskedFor(brand, reader)
	for i := range cards {
		cards[i].Voted, cards[i].Asked = slices.Contains(voted, cards[i].ID), slices.Contains(asked, cards[i].ID)
	}
	return err
}

// CardList is one page of a column of a roadmap for staff, however long ago it was decided.
func (d *Desk) CardList(ctx context.Context, a access.Actor, f store.CardFilter) (page store.Page[RoadmapCard], err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		column, err := d.column(tx, f, 0)
		page = store.Page[RoadmapCard]{Items: column.Cards, Next: column.Next}
		return err
	})
	return page, err
}

// CardDesk is a card as whoever works on the roadmap sees it.
type CardDesk struct {
	Card      store.Card
	Brand     account.Brand
	Policy    *policy.Policy // nil before the brand has one
	Decisions []store.CardDecision
	Changes   []store.NewsChange
	Last      int64 // the newest change: what is saved is saved against it
	Asking    []AskingPerson
	Next      string          // continues the people who want it
	Entry     store.NewsEntry // what told of it, zero for none
	Review    time.Time       // when the next review begins, zero where there are none
}

// AskingPerson is somebody who wants a card: what they pay for, and the ticket they said it in.
type AskingPerson struct {
	store.Asking
	Plans []string // what the policy calls them
}

// CardDesk reads a card for staff, with the people behind it. Of tickets only those are told that the actor may see.
func (d *Desk) CardDesk(ctx context.Context, a access.Actor, id int64, after string) (c CardDesk, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return c, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		c, err = d.cardDesk(tx, a, id, after, now)
		return err
	})
	return c, err
}

func (d *Desk) cardDesk(tx *store.Tx, a access.Actor, id int64, after string, now time.Time) (c CardDesk, err error) {
	if c.Card, err = tx.Card(id); err != nil {
		return c, err
	}
	for _, read := range []func() error{
		func() error { c.Brand, err = tx.Brand(c.Card.Brand); return err },
		func() error { c.Policy, err = d.runningOf(tx, c.Card.Brand, now); return err },
		func() error { c.Decisions, err = tx.CardDecisions(id); return err },
		func() error { c.Changes, err = tx.CardChanges(id); return err },
		func() error { c.Entry, _, err = tx.NewsEntryOfCard(id); return err },
		func() error { return d.askingFor(tx, a, &c, after, now) },
	} {
		if err := read(); err != nil {
			return c, err
		}
	}
	c.Last = newestChange(c.Changes)
	if c.Policy != nil {
		c.Review, _ = c.Policy.NextReview(now)
	}
	return c, nil
}

// askingFor adds who wants a card, and what they pay for today.
func (d *Desk) askingFor(tx *store.Tx, a access.Actor, c *CardDesk, after string, now time.Time) error {
	page, err := tx.AskingFor(a, c.Card.ID, after, 0)
	if err != nil {
		return err
	}
	c.Next = page.Next
	zone := time.UTC
	if c.Policy != nil {
		zone = c.Policy.Zone
	}
	today := calendar.DateOf(now, zone)
	for _, one := range page.Items {
		person := AskingPerson{Asking: one}
		owned, err := tx.Owned(a, account.Owner{Person: one.Person.ID, Organization: one.Person.Organization}, c.Card.Brand)
		if err != nil {
			return err
		}
		for _, s := range owned.Subscriptions {
			if s.RunsOn(today) && c.Policy != nil {
				person.Plans = append(person.Plans, c.Policy.PlanLabel(s.Plan))
			}
		}
		c.Asking = append(c.Asking, person)
	}
	return nil
}

// Review is what a review of a roadmap goes through.
type Review struct {
	Brand  account.Brand
	Policy *policy.Policy // nil before the brand has one
	Began  time.Time      // when this one began, zero where the policy has none
	Next   time.Time
	Cards  []RoadmapCard // what is to be weighed; the first is the next one
}

// mostWeighed is how many cards a review lists at once.
const mostWeighed = 100

// Review lists what waits to be weighed: first what was put off until this review (S4-14), then what has not been decided about since it
// began.
func (d *Desk) Review(ctx context.Context, a access.Actor, brand int64) (r Review, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return r, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, err = d.review(tx, brand, now)
		return err
	})
	return r, err
}

func (d *Desk) review(tx *store.Tx, brand int64, now time.Time) (r Review, err error) {
	if brand, err = d.brandOr(tx, brand); err != nil {
		return r, err
	}
	if r.Brand, err = tx.Brand(brand); err != nil {
		return r, err
	}
	p, err := d.runningOf(tx, brand, now)
	if err != nil {
		return r, err
	}
	r.Policy = p
	if p != nil {
		r.Began, _ = p.LastReview(now)
		r.Next, _ = p.NextReview(now)
	}
	cards, err := tx.CardsToWeigh(brand, r.Began, now, mostWeighed)
	for _, c := range cards {
		r.Cards = append(r.Cards, RoadmapCard{Card: c})
	}
	if err != nil {
		return r, err
	}
	return r, tellCards(tx, brand, 0, r.Cards)
}
