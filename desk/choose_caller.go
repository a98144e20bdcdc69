package desk

import (
	"context"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
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

// choose notes a caller. Whoever was chosen before and has mails that can still be taken back does not get them; all messages of the
// way so far are planned anew, for whoever it is now.
func (c *calling) choose(one Candidate) error {
	before := c.run
	if c.call.Person != 0 && (c.call.Person != one.Person.ID || c.call.About != one.About.String()) {
		if err := c.recall(); err != nil {
			return err
		}
		before.Lines = slices.DeleteFunc(slices.Clone(before.Lines), func(l policy.WalkLine) bool { return l.Kind == policy.WalkSend })
	}
	if err := c.weighGrade(one); err != nil {
		return err
	}
	c.call.Person, c.call.About, c.call.Site, c.call.FoundBy, c.call.Caller = one.Person.ID, one.About.String(), one.Site, one.FoundBy, one.Person.Display()
	c.kept.Facts = one.facts
	if err := c.tell(eventChose, one.says()); err != nil {
		return err
	}
	if err := c.warn(one.Person); err != nil {
		return err
	}
	if err := c.decide(one); err != nil || c.call.Run == 0 {
		return err
	}
	if err := c.retreat(); err != nil {
		return err
	}
	return c.goOn(before)
}

// weighGrade is how sure one is of whoever is chosen now. Who has proved who they are stays proved when another thing of theirs turns out to
// be meant; for anybody else, proof begins anew.
func (c *calling) weighGrade(one Candidate) error {
	if c.call.Person == one.Person.ID && c.call.Grade == policy.Verified {
		return nil
	}
	c.call.Grade, c.call.SureBy = c.gradeOf(one), ""
	if c.call.Person == 0 || c.call.Person == one.Person.ID {
		return nil
	}
	return c.tx.EndLinks(c.call.Person, c.codePurpose(), c.now)
}

// recall takes every mail back that is still here.
func (c *calling) recall() error {
	for _, m := range c.mails {
		if m.State == store.HeldBack {
			if _, err := c.cancel(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// warn says which mails have left and were not meant for this caller.
func (c *calling) warn(now account.Person) error {
	for _, m := range c.mails {
		if m.State == store.Cancelled {
			continue
		}
		same, err := c.isSent(m, m.Message, now)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if err := c.tell(eventLeft, "“"+c.policy.MessageName(m.Message)+"” had left to "+m.To+" and cannot be taken back"); err != nil {
			return err
		}
	}
	return nil
}

// retreat goes back to where the answers hold for whoever is chosen now: a key that is locked for them, or that their screen does not
// have, is taken away with all that follow it.
func (c *calling) retreat() error {
	err := c.think()
	back := false
	for kind := fault.KindOf(err); (kind == fault.Refused || kind == fault.Invalid) && len(c.run.Taken) > 0; kind = fault.KindOf(err) {
		c.kept.Answers = c.kept.Answers[:c.run.Taken[len(c.run.Taken)-1]]
		err, back = c.think(), true
	}
	if err == nil && back {
		err = c.tell(eventBack, "Back to: "+c.run.Step.Title)
	}
	return err
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
