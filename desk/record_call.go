package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// longestCallNote is how many letters the free line of a call has.
const longestCallNote = 2000

// NoteCall keeps the free line of a call.
func (d *Desk) NoteCall(ctx context.Context, a access.Actor, call int64, note string) error {
	return d.onLine(ctx, a, call, func(c *calling) error { return c.note(note) })
}

func (c *calling) note(text string) error {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longestCallNote {
		return fault.New(fault.Invalid, "a note about a call has at most %d characters", longestCallNote)
	}
	if text = strings.ReplaceAll(text, "\r\n", "\n"); text == c.call.Note {
		return nil
	}
	c.call.Note = text
	return c.tell(eventNoted, "Note: "+cmp.Or(text, "none any more"))
}

// CallNumber notes who calls from where, when no exchange says it.
func (d *Desk) CallNumber(ctx context.Context, a access.Actor, call int64, number string) error {
	plain, err := wholeNumber(number)
	if err != nil {
		return err
	}
	return d.onLine(ctx, a, call, func(c *calling) error {
		if c.call.External != "" {
			return fault.New(fault.Refused, "the exchange has said the number of this call")
		}
		if plain == c.call.Number {
			return nil
		}
		c.call.Number = plain
		return c.tell(eventNoted, "Number: "+cmp.Or(plain, "none any more"))
	})
}

// HangUp notes that the line is closed. The screen stays until the record is confirmed.
func (d *Desk) HangUp(ctx context.Context, a access.Actor, call int64) error {
	return d.onLine(ctx, a, call, func(c *calling) error {
		if c.call.State == store.PhoneOver {
			return nil
		}
		c.call.State = store.PhoneOver
		if c.call.Ended.IsZero() {
			c.call.Ended = c.now
		}
		return c.tell(eventHungUp, "The call is over")
	})
}

// CallRecord confirms what the screen has filled in by itself.
type CallRecord struct {
	Call    int64
	Outcome string // an outcome of the policy; "" takes the one that the way through the procedure amounts to
	None    bool   // no outcome at all, which the report shows as not recorded
	Note    string
}

// KeepCall confirms the record of a call, which takes one key: who, level, problem, mails and length are there already (S1-22). Without
// an outcome the record says that none was chosen. What the outcome asks of somebody becomes a task on the call. A record is kept once:
// to keep it again as it is changes nothing, and with other words is fault.Conflict.
func (d *Desk) KeepCall(ctx context.Context, a access.Actor, in CallRecord) error {
	return d.withCall(ctx, a, in.Call, func(c *calling) error {
		if err := c.mine(); err != nil {
			return err
		}
		if c.closed {
			return c.keptAlready(in)
		}
		if err := c.going(); err != nil {
			return err
		}
		if err := c.note(in.Note); err != nil {
			return err
		}
		chosen := cmp.Or(in.Outcome, c.policy.CallOutcome(c.run.End))
		if in.None {
			chosen = ""
		}
		outcome, err := c.outcome(chosen)
		if err != nil {
			return err
		}
		return c.record(outcome)
	})
}

// keptAlready says whether the record that was kept is the one that is kept now.
func (c *calling) keptAlready(in CallRecord) error {
	note := strings.ReplaceAll(strings.TrimSpace(in.Note), "\r\n", "\n")
	if (in.Outcome == "" && !in.None || in.Outcome == c.call.Outcome) && note == c.call.Note {
		return nil
	}
	return fault.New(fault.Conflict, "the record of this call was kept already, with other words; it stays as it is")
}

func (c *calling) outcome(id string) (policy.CallOutcome, error) {
	if id == "" || c.policy.Doc.Calls == nil {
		return policy.CallOutcome{}, nil
	}
	i := slices.IndexFunc(c.policy.Doc.Calls.Outcomes, func(o policy.CallOutcome) bool { return o.ID == id })
	if i < 0 {
		return policy.CallOutcome{}, fault.New(fault.Invalid, "the policy has no such outcome of a call")
	}
	return c.policy.Doc.Calls.Outcomes[i], nil
}

func (c *calling) record(o policy.CallOutcome) error {
	c.call.State, c.call.Outcome, c.call.Recorded = store.PhoneRecorded, o.ID, c.now
	if c.call.Ended.IsZero() {
		c.call.Ended = c.now
	}
	if c.call.Answered.IsZero() {
		c.call.Answered = c.call.Began
	}
	for _, do := range o.Do {
		if do.Task != "" {
			c.call.Task, c.call.TaskDone = do.Task, time.Time{}
		}
	}
	if err := c.heardOut(); err != nil {
		return err
	}
	return c.tell(eventRecorded, cmp.Or(o.Label, "Without an outcome"))
}

// PassOnCall does the task of a call: where the policy has an address for compliments and complaints, the record goes there by mail
// (S1-23). The task is done then, and only once.
func (d *Desk) PassOnCall(ctx context.Context, a access.Actor, call int64) error {
	return d.withCall(ctx, a, call, func(c *calling) error {
		if c.call.Task == "" || !c.call.TaskDone.IsZero() {
			return fault.New(fault.Refused, "there is nothing left to do about this call")
		}
		c.call.TaskDone = c.now
		if err := c.saidOn(); err != nil {
			return err
		}
		address := c.forwardTo()
		own, err := c.d.isOwn(c.tx, address)
		if err != nil {
			return err
		}
		if address == "" || own { // what is read here need not be mailed here
			return c.tell(eventTask, c.call.Task)
		}
		if err := c.forward(address); err != nil {
			return err
		}
		return c.tell(eventTask, "The record went to "+address)
	})
}

// forwardTo is the address that the task names, when it is the policy's own for such things.
func (c *calling) forwardTo() string {
	f := c.policy.Doc.Feedback
	if f == nil || f.Address == "" || !strings.Contains(c.call.Task, f.Address) {
		return ""
	}
	return f.Address
}

func (c *calling) forward(address string) error {
	to := account.Person{Email: account.FoldAddress(address)}
	_, err := c.d.mailOne(c.tx, to, c.call.Brand, notice{
		key: "call/" + itoa(c.call.ID) + "/pass on", template: "call-record", automatic: "auto-generated",
		subject: "A call: " + cmp.Or(c.outcomeLabel(), "without an outcome"), text: c.inWords(),
	}, c.now)
	return err
}

func (c *calling) outcomeLabel() string {
	o, err := c.outcome(c.call.Outcome)
	if err != nil {
		return c.call.Outcome
	}
	return o.Label
}

// inWords is the record as a mail tells it.
func (c *calling) inWords() string {
	lines := []string{}
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	add("Caller", c.call.Caller)
	add("About", c.call.Site)
	add("Number", c.call.Number)
	add("Answered by", c.call.AgentName)
	add("Began", c.call.Began.In(c.policy.Zone).Format("Monday 2 January 2006, 15:04 MST"))
	add("Level of support", c.policy.LevelLabel(c.call.Level))
	add("Problem", c.call.Problem)
	add("Outcome", c.outcomeLabel())
	add("Note", c.call.Note)
	return strings.Join(lines, "\n") + "\n\n" + c.d.url + "/phone/" + itoa(c.call.ID) + "\n"
}
