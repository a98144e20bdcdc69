package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// How the desk hears of telephone calls, whoever tells: an exchange, Twilio, or the desk's own extension. Somebody rings, somebody
// answered, the line is closed. It is told twice and in any order, so each event is kept once, and how the call stands is derived from
// all of them by their own times; nothing is assumed from the order in which they come. A number in them is only a number: it makes
// nobody a person, and chooses nobody.

// Who tells of calls.
const (
	HeardExchange = "exchange" // by the events that it signs
	HeardTwilio   = "twilio"   // by its webhooks
	HeardSIP      = "sip"      // at the desk's own extension
	heardTry      = "try"      // nobody: an administrator tries what a call looks like
)

// longestCallName is how many letters a name has at most that an exchange gives.
const longestCallName = 200

// oldestEvent is how long ago an event may have happened. An exchange that could not reach the desk tells it again within hours; what is
// older comes from a clock that is wrong, and would ring under a day that nobody looks at.
const oldestEvent = 24 * time.Hour

// HearCall takes one event of a source that has proved itself. The same event told again answers as it did the first time and changes
// nothing. An event that cannot be is fault.Invalid.
func (d *Desk) HearCall(ctx context.Context, source string, told CallTold) (call int64, err error) {
	now := d.now()
	if err := told.check(now); err != nil {
		return 0, err
	}
	told.At = told.At.UTC().Truncate(time.Microsecond)
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		call, err = d.hear(tx, source, told, now)
		return err
	})
	return call, err
}

func (told CallTold) check(now time.Time) error {
	for name, value := range map[string]string{"call": told.Call, "event": told.Event} {
		if value == "" || len(value) > longestCallName || !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
			return fault.New(fault.Invalid, "%s is a name of 1 to %d letters", name, longestCallName)
		}
	}
	if told.What != "ringing" && told.What != "answered" && told.What != "ended" {
		return fault.New(fault.Invalid, "what is ringing, answered or ended, not %q", clipReason(told.What))
	}
	if told.At.IsZero() || told.At.After(now.Add(exchangeWindow)) {
		return fault.New(fault.Invalid, "at is the time of the event, such as 2026-11-17T18:04:05Z")
	}
	if told.At.Before(now.Add(-oldestEvent)) {
		return fault.New(fault.Invalid, "at is more than a day ago, and nobody is on that line any more; look at the clock of whoever tells this")
	}
	return nil
}

func (d *Desk) hear(tx *store.Tx, source string, told CallTold, now time.Time) (int64, error) {
	if err := tx.Alone("call " + told.Call); err != nil {
		return 0, err
	}
	said, err := d.said(tx, told)
	if err != nil {
		return 0, err
	}
	first, err := tx.AddPhoneSignal(store.PhoneSignal{External: told.Call, Event: told.Event, What: told.What, At: told.At, Source: source, Heard: now, Said: said})
	if err != nil {
		return 0, err
	}
	call, err := tx.PhoneCallNamed(told.Call)
	if isNotFound(err) {
		call, err = d.rings(tx, told, said, now)
	}
	if err != nil || !first {
		return call.ID, err
	}
	return call.ID, d.standing(tx, call, told, now)
}

// said is what an event says of its call, in the desk's own terms. A number that is none, and somebody who does not answer the phone
// here, are not said.
func (d *Desk) said(tx *store.Tx, told CallTold) (said store.PhoneSaid, err error) {
	said.Outgoing, said.Attested = told.Outgoing, told.Attested
	said.From, said.To = numberOrNone(told.From), numberOrNone(told.To)
	if said.Brand, err = brandBySlug(tx, told.Brand); err != nil {
		return said, err
	}
	said.Agent, err = d.whoIsRung(tx, told.Agent)
	return said, err
}

func numberOrNone(text string) string {
	plain, err := wholeNumber(text)
	if err != nil {
		return ""
	}
	return plain
}

// rings opens the record of a call that the desk hears of for the first time, whichever event that is.
func (d *Desk) rings(tx *store.Tx, told CallTold, said store.PhoneSaid, now time.Time) (store.PhoneCall, error) {
	call := store.PhoneCall{Brand: said.Brand, Direction: direction(said.Outgoing), State: store.PhoneRinging, External: told.Call, Began: told.At}
	err := d.openCall(tx, access.Clock, &call, now)
	return call, err
}

func direction(outgoing bool) string {
	if outgoing {
		return "out"
	}
	return "in"
}

func brandBySlug(tx *store.Tx, slug string) (int64, error) {
	if slug == "" {
		return 0, nil
	}
	brands, err := tx.Brands()
	if err != nil {
		return 0, err
	}
	for _, b := range brands {
		if b.Slug == slug {
			return b.ID, nil
		}
	}
	return 0, fault.New(fault.Invalid, "there is no brand %q; brand is the slug of one, or empty", clipReason(slug))
}

// standing says how the call stands after all that was told about it, and leaves alone what an agent has decided.
func (d *Desk) standing(tx *store.Tx, call store.PhoneCall, told CallTold, now time.Time) error {
	signals, err := tx.PhoneSignals(told.Call)
	if err != nil {
		return err
	}
	events, err := tx.PhoneEvents(access.Clock, call.ID)
	if err != nil {
		return err
	}
	heard := addUp(signals)
	heard.onto(&call)
	if slices.ContainsFunc(events, func(e store.PhoneEvent) bool { return e.Author != 0 }) {
		call.State = stands(call)
	} else if err := d.untouched(tx, &call, heard, now); err != nil {
		return err
	}
	if err := tx.AddPhoneEvent(&store.PhoneEvent{Call: call.ID, At: told.At, What: told.What, Says: toldSays[told.What]}); err != nil {
		return err
	}
	return tx.SavePhoneCall(&call)
}

var toldSays = map[string]string{"ringing": "The telephone rings", "answered": "Somebody answered", "ended": "The line is closed"}

// heard is what all events of a call say together.
type heard struct {
	began, answered, ended time.Time
	number                 string
	attested, outgoing     bool
	brand                  int64
	agent                  int64 // who answered, else who was rung last
}

// addUp adds up the signals of a call, which come by their own times.
func addUp(signals []store.PhoneSignal) (h heard) {
	var rung int64
	for _, s := range signals {
		h.began = earliest(h.began, s.At)
		switch s.What {
		case "answered":
			h.answered = earliest(h.answered, s.At)
			h.agent = cmp.Or(h.agent, s.Said.Agent)
		case "ended":
			h.ended = latest(h.ended, s.At)
		}
		if s.Said.Agent != 0 {
			rung = s.Said.Agent
		}
		h.outgoing = h.outgoing || s.Said.Outgoing
		h.brand = cmp.Or(h.brand, s.Said.Brand)
	}
	h.agent = cmp.Or(h.agent, rung)
	h.otherSide(signals)
	return h
}

// otherSide is the number that calls us, or that we call, as the first signal says it that knows one.
func (h *heard) otherSide(signals []store.PhoneSignal) {
	for _, s := range signals {
		number := s.Said.From
		if h.outgoing {
			number = s.Said.To
		}
		h.number = cmp.Or(h.number, number)
		h.attested = h.attested || s.Said.Attested && number != "" && number == h.number
	}
}

// earliest is the earlier of two instants, of which the zero one is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// onto sets what was heard where it says more than the record does.
func (h heard) onto(call *store.PhoneCall) {
	call.Began = earliest(call.Began, h.began)
	call.Answered = earliest(call.Answered, h.answered)
	if !h.ended.IsZero() {
		call.Ended = h.ended
	}
	if h.number != "" || h.outgoing { // who was thought to call may be one of ours, calling out
		call.Number, call.Attested = h.number, h.attested
	}
	if h.outgoing {
		call.Direction = direction(true)
	}
	if call.Agent == 0 && (call.State == store.PhoneRinging || call.State == store.PhoneMissed) {
		call.Agent = h.agent
	}
}

// untouched says how a call stands that no agent has touched: it is what the events say and nothing else.
func (d *Desk) untouched(tx *store.Tx, call *store.PhoneCall, h heard, now time.Time) error {
	call.Agent = cmp.Or(h.agent, call.Agent)
	call.State = untouchedState(*call)
	return d.belongs(tx, call, h.brand, now)
}

// untouchedState is how a call stands by its times. One that ended without anybody here is missed: when somebody answered elsewhere,
// nobody here has anything to confirm.
func untouchedState(c store.PhoneCall) store.PhoneState {
	here := !c.Answered.IsZero() && c.Agent != 0
	switch {
	case !c.Ended.IsZero() && here:
		return store.PhoneOver
	case !c.Ended.IsZero():
		return store.PhoneMissed
	case here:
		return store.PhoneOpen
	}
	return store.PhoneRinging
}

// stands is how a call stands by its times after an agent has touched it. A record that somebody has confirmed stays confirmed.
func stands(c store.PhoneCall) store.PhoneState {
	switch {
	case c.State == store.PhoneRecorded:
		return c.State
	case !c.Ended.IsZero() && c.Answered.IsZero():
		return store.PhoneMissed
	case !c.Ended.IsZero():
		return store.PhoneOver
	case c.State == store.PhoneRinging && !c.Answered.IsZero() && c.Agent != 0:
		return store.PhoneOpen
	}
	return c.State
}

// belongs gives a call that nobody has touched to the brand that a later event names, with that brand's procedure.
func (d *Desk) belongs(tx *store.Tx, call *store.PhoneCall, brand int64, now time.Time) error {
	if brand == 0 || brand == call.Brand {
		return nil
	}
	_, version, procedure, err := d.phoneBrand(tx, brand, now)
	if err != nil {
		return err
	}
	call.Brand, call.Run = brand, 0
	if procedure == "" {
		return nil
	}
	run := store.ProcedureRun{Brand: brand, Policy: version, Procedure: procedure, Began: now}
	err = tx.SaveProcedureRun(&run)
	call.Run = run.ID
	return err
}
