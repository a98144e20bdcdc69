package desk

import (
	"context"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
)

// Chosen says who is calling, and what it is about, out of what a search has found.
type Chosen struct {
	Call   int64
	Query  string // what they were looked for by
	Person int64
	About  string
}

// ChooseCaller notes who is calling. They are looked for once more, so that only somebody who was found can be chosen and how sure
// one is follows from how they were found, not from what a form says. The level of support is decided there and then, and the
// facts it rests on are kept with the call. Steps that ask for what is known now are ticked.
func (d *Desk) ChooseCaller(ctx context.Context, a access.Actor, in Chosen) error {
	return d.onLine(ctx, a, in.Call, func(c *calling) error {
		found, err := c.candidates(strings.TrimSpace(in.Query))
		if err != nil {
			return err
		}
		one, err := chosen(found, in.Person, account.ParseAbout(in.About))
		if err != nil {
			return err
		}
		return c.choose(one)
	})
}

func (c *calling) choose(one Candidate) error {
	before := c.run
	c.call.Grade = c.gradeOf(one)
	c.call.Person, c.call.About, c.call.Site, c.call.FoundBy, c.call.Caller = one.Person.ID, one.About.String(), one.Site, one.FoundBy, one.Person.Display()
	c.kept.Facts = one.facts
	if err := c.tell(eventChose, one.says()); err != nil {
		return err
	}
	if err := c.decide(one); err != nil || c.call.Run == 0 {
		return err
	}
	return c.goOn(before)
}

// decide keeps the level of support with the facts it rests on, where the customer's record shows it too.
func (c *calling) decide(one Candidate) error {
	if one.Level == "" || c.kept.Policy == 0 {
		return nil
	}
	return c.tx.AddDecision(&account.Decision{
		Person: one.Person.ID, About: one.About, Policy: c.kept.Policy, Level: one.Level, Row: one.Row, Because: one.Because,
		Facts: c.policy.LevelFacts(policy.FactsIn(one.facts), c.call.Began), At: c.now,
	})
}

func absentCaller() error {
	return fault.New(fault.NotFound, "nobody was found like that; search again")
}
