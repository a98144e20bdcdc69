package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// Vote is one customer's wish for one card.
type Vote struct {
	Brand int64 // whose roadmap they read
	Card  int64
	Back  bool // takes it back
}

// Vote counts a customer who is signed in among those who want a card, once however often they say so. What is done is wanted no more.
func (d *Desk) Vote(ctx context.Context, a access.Actor, in Vote) error {
	if err := may(a, access.OwnTickets); err != nil {
		return err
	}
	return d.vote(ctx, a.Person, in)
}

func (d *Desk) vote(ctx context.Context, person int64, in Vote) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.CardForUpdate(in.Card)
		switch {
		case err == nil && c.Brand != in.Brand:
			return fault.New(fault.NotFound, "there is no such card")
		case err != nil:
			return err
		case in.Back:
			return tx.TakeBackVote(c.ID, person)
		case c.State == store.CardDone:
			return fault.New(fault.Refused, "this is done already; What's New tells of it")
		}
		return tx.Vote(c.ID, person, now)
	})
}

// roadmapPurpose is what the links are signed for that show somebody the roadmap as theirs, and roadmapLife how long they do.
const (
	roadmapPurpose = "roadmap"
	roadmapLife    = 90 * 24 * time.Hour
)

// RoadmapLinkPath is the address, without scheme and host, at which one customer reads the roadmap of a brand and says what they want,
// without signing in. It opens nothing else.
func (d *Desk) RoadmapLinkPath(brand, person int64, made time.Time) string {
	return RoadmapPath + "/for/" + d.signedNumbers(roadmapPurpose, made, brand, person)
}

// OpenRoadmapLink returns whom a link of a brand's roadmap was made for. A link that was altered, has ended, was made for another brand or
// for somebody who is no customer any more is [fault.NotFound], all alike.
func (d *Desk) OpenRoadmapLink(ctx context.Context, brand int64, token string) (p account.Person, err error) {
	now := d.now()
	numbers, made, ok := d.readNumbers(roadmapPurpose, token, 2, now)
	if !ok || numbers[0] != brand || now.After(made.Add(roadmapLife)) {
		return p, deadLink()
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = tx.Person(numbers[1])
		return err
	})
	if isNotFound(err) || err == nil && (p.Suspended || p.Role != access.Customer) {
		return account.Person{}, deadLink()
	}
	return p, err
}

// VoteByLink is Vote for whoever holds such a link.
func (d *Desk) VoteByLink(ctx context.Context, token string, in Vote) error {
	p, err := d.OpenRoadmapLink(ctx, in.Brand, token)
	if err != nil {
		return err
	}
	return d.vote(ctx, p.ID, in)
}
