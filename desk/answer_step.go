package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// StepAnswer is the key that was pressed at a step.
type StepAnswer struct {
	Call int64
	Step string // the step that the page showed
	Base int    // how many answers there were then
	Key  string
	Said string // what the caller said, where the step asks for it: a website
}

// longestSaid is how many letters of what a caller says are kept.
const longestSaid = 200

// AnswerStep takes the run one step on and does what the choice says: its mail is planned while the caller is on the line, and can
// be taken back for ten seconds. A key pressed twice counts once; any other answer to what the call no longer stands at is a Conflict. A
// choice that needs a surer caller is fault.Refused and says how to get there.
func (d *Desk) AnswerStep(ctx context.Context, a access.Actor, in StepAnswer) error {
	return d.onLine(ctx, a, in.Call, func(c *calling) error {
		if c.run.At != in.Step || len(c.kept.Answers) != in.Base || c.run.End != "" {
			return c.tooLate(in)
		}
		if err := c.mayAnswer(in); err != nil {
			return err
		}
		before := c.run
		c.kept.Answers = append(c.kept.Answers, store.PhoneAnswer{Step: in.Step, Key: in.Key, Said: c.said(in.Said), At: c.now, By: a.Person})
		if err := c.tell(eventAnswered, c.answerSays(in.Key)); err != nil {
			return err
		}
		return c.goOn(before)
	})
}

// tooLate says that a step was answered meanwhile, unless it was with the very same key.
func (c *calling) tooLate(in StepAnswer) error {
	if answeredSo(c.kept.Answers, in.Base, in.Step, in.Key) {
		return nil
	}
	return fault.New(fault.Conflict, "the step was answered meanwhile, perhaps in another window, and your answer changed nothing; go on from what the call shows now")
}

// answeredSo reports whether somebody has given this very answer to what a page showed: then a key was pressed twice.
func answeredSo(given []store.PhoneAnswer, base int, step, key string) bool {
	return base >= 0 && base < len(given) && given[base].Step == step && given[base].Key == key
}

// mayAnswer refuses to find somebody without saying whom, and to go into a step that needs a surer caller.
func (c *calling) mayAnswer(in StepAnswer) error {
	if c.run.Needs != "" {
		return fault.New(fault.Refused, "“%s” is only for a caller who is %s; %s", c.run.Step.Title, c.run.Needs, policy.Unlocks(c.run.Needs))
	}
	found := c.run.Step.Search != nil && len(c.run.Offers) > 0 && c.run.Offers[0].Key == in.Key
	if found && c.call.Person == 0 {
		return fault.New(fault.Refused, "choose one of the accounts first, or say that there is none")
	}
	return nil
}

// said are the facts as they are now: what the caller has just said, and how the mail stands.
func (c *calling) said(text string) map[string]any {
	facts := map[string]any{}
	if text = strings.TrimSpace(text); text != "" && c.asksFact() && c.call.Person == 0 {
		if utf8.RuneCountInString(text) > longestSaid {
			text = string([]rune(text)[:longestSaid])
		}
		facts[c.run.Step.Ask] = text
	}
	if state := c.mailState(); state != "" {
		facts[policy.CallMail] = state
	}
	return facts
}

// asksFact reports whether the step asks for something that is kept under a name.
func (c *calling) asksFact() bool { return c.policy.AsksFact(c.run.Step.Ask) }

func (c *calling) answerSays(key string) string {
	for _, o := range c.run.Offers {
		if o.Key == key {
			return c.run.Step.Title + " " + o.Label
		}
	}
	return c.run.Step.Title
}

// StepBack takes the last answer away, from the step that the page showed with so many answers behind it. A mail that it sent is taken back
// while it still can be; one that has left stays in the record and is not sent a second time. Pressed twice it counts once; from any other
// page than the call's own it is a Conflict.
func (d *Desk) StepBack(ctx context.Context, a access.Actor, call int64, step string, base int) error {
	return d.onLine(ctx, a, call, func(c *calling) error {
		switch n := len(c.kept.Answers); {
		case n > 0 && n == base && c.run.At == step:
			return c.back()
		case n == base-1:
			return nil // the answer that was meant is away already
		}
		return fault.New(fault.Conflict, "the call went on meanwhile, perhaps in another window, and no answer was taken away; go on from what it shows now")
	})
}

// back goes back to before the last answer.
func (c *calling) back() error {
	before := c.run
	c.kept.Answers = c.kept.Answers[:len(c.kept.Answers)-1]
	if err := c.think(); err != nil {
		return err
	}
	if err := c.tell(eventBack, "Back to: "+c.run.Step.Title); err != nil {
		return err
	}
	return c.goOn(before)
}
