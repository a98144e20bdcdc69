package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// What a telephone exchange tells: somebody rings, somebody answered, the line is closed. Exchanges tell it twice and in any order,
// so each event is kept once and how the call stands is derived from all of them; nothing is assumed from the order in which they
// come. What is told is signed, and a number in it is only a number.

// CallTold is one event as an exchange sends it.
type CallTold struct {
	Call     string    `json:"call"`     // the exchange's name of the call
	Event    string    `json:"event"`    // the event's own name, unique within the call
	What     string    `json:"what"`     // ringing, answered, ended
	At       time.Time `json:"at"`       // when it happened there
	From     string    `json:"from"`     // E.164, "" for a hidden number
	Outgoing bool      `json:"outgoing"` // we called
	To       string    `json:"to"`
	Attested bool      `json:"attested"` // the network vouches for the number (STIR attestation A)
	Agent    string    `json:"agent"`    // the mail address of whoever is rung, "" for nobody in particular
	Brand    string    `json:"brand"`    // the slug of a brand, "" for the one that has a procedure for calls
}

const (
	exchangeWindow  = 5 * time.Minute // how far a signature's time may be from ours
	longestCallName = 200             // letters of a name that an exchange gives
)

// ExchangeSecret is what the exchange signs with. It is derived from the desk's own key, so it is the same after a restart and on
// every node, and stands in no table.
func (d *Desk) ExchangeSecret(_ context.Context, a access.Actor) (string, error) {
	if err := may(a, access.Administer); err != nil {
		return "", err
	}
	return hex.EncodeToString(d.Key("exchange")), nil
}

// SignExchange is the signature of a body at a time: HMAC-SHA256, in hexadecimal, of the time in whole seconds, a full stop and the
// body.
func SignExchange(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// HearExchange takes one event of an exchange. A body whose signature is not right, or older than five minutes, is fault.Unsigned and
// changes nothing. The same event told again answers as it did the first time.
func (d *Desk) HearExchange(ctx context.Context, body []byte, timestamp, signature string) (call int64, err error) {
	now := d.now()
	if err := d.signedBy("exchange", body, timestamp, signature, now); err != nil {
		return 0, err
	}
	told, err := readTold(body, now)
	if err != nil {
		return 0, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		call, err = d.hear(tx, told, now)
		return err
	})
	return call, err
}

// signedBy refuses a body that was not signed with the secret of a purpose, or not within the last five minutes.
func (d *Desk) signedBy(purpose string, body []byte, timestamp, signature string, now time.Time) error {
	refused := fault.New(fault.Unsigned, "the signature is not right; sign the time and the body with the secret of this desk, and see that the clocks agree")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return refused
	}
	at := time.Unix(seconds, 0)
	right := SignExchange(hex.EncodeToString(d.Key(purpose)), at, body)
	if !hmac.Equal([]byte(right), []byte(strings.ToLower(signature))) || now.Sub(at).Abs() > exchangeWindow {
		return refused
	}
	return nil
}

func readTold(body []byte, now time.Time) (told CallTold, err error) {
	if err := json.Unmarshal(body, &told); err != nil {
		return told, fault.Wrap(err, fault.Invalid, "the body is no JSON object with call, event, what, at, from")
	}
	for name, value := range map[string]string{"call": told.Call, "event": told.Event} {
		if value == "" || len(value) > longestCallName {
			return told, fault.New(fault.Invalid, "%s is a name of 1 to %d letters", name, longestCallName)
		}
	}
	if told.What != "ringing" && told.What != "answered" && told.What != "ended" {
		return told, fault.New(fault.Invalid, "what is ringing, answered or ended, not %q", clipReason(told.What))
	}
	if told.At.IsZero() || told.At.After(now.Add(exchangeWindow)) {
		return told, fault.New(fault.Invalid, "at is the time of the event, such as 2026-11-17T18:04:05Z")
	}
	told.At = told.At.UTC().Truncate(time.Microsecond)
	return told, nil
}

func (d *Desk) hear(tx *store.Tx, told CallTold, now time.Time) (int64, error) {
	if err := tx.Alone("call " + told.Call); err != nil {
		return 0, err
	}
	first, err := tx.AddPhoneSignal(store.PhoneSignal{External: told.Call, Event: told.Event, What: told.What, At: told.At})
	if err != nil {
		return 0, err
	}
	call, err := tx.PhoneCallNamed(told.Call)
	if isNotFound(err) {
		call, err = d.rings(tx, told, now)
	}
	if err != nil || !first {
		return call.ID, err
	}
	return call.ID, d.standing(tx, call, told, now)
}

// rings opens the record of a call that the desk hears of for the first time, whichever event that is.
func (d *Desk) rings(tx *store.Tx, told CallTold, now time.Time) (store.PhoneCall, error) {
	call := store.PhoneCall{Direction: "in", State: store.PhoneRinging, External: told.Call, Began: told.At}
	if told.Outgoing {
		call.Direction = "out"
	}
	var err error
	if call.Brand, err = brandBySlug(tx, told.Brand); err != nil {
		return call, err
	}
	err = d.openCall(tx, access.Clock, &call, now)
	return call, err
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
	began, answered, ended := timesOf(signals)
	call.Began = earliest(call.Began, began)
	if call.Answered.IsZero() || answered.Before(call.Answered) && !answered.IsZero() {
		call.Answered = answered
	}
	if !ended.IsZero() {
		call.Ended = ended
	}
	if err := d.fill(tx, &call, told); err != nil {
		return err
	}
	call.State = stands(call)
	if err := tx.AddPhoneEvent(&store.PhoneEvent{Call: call.ID, At: told.At, What: told.What, Says: toldSays[told.What]}); err != nil {
		return err
	}
	return tx.SavePhoneCall(&call)
}

var toldSays = map[string]string{"ringing": "The telephone rings", "answered": "Somebody answered", "ended": "The line is closed"}

func timesOf(signals []store.PhoneSignal) (began, answered, ended time.Time) {
	for _, s := range signals {
		began = earliest(began, s.At)
		switch s.What {
		case "answered":
			answered = earliest(answered, s.At)
		case "ended":
			ended = latest(ended, s.At)
		}
	}
	return began, answered, ended
}

// earliest is the earlier of two instants, of which the zero one is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// fill adds what the event says and nobody knew: the number and who is rung.
func (d *Desk) fill(tx *store.Tx, call *store.PhoneCall, told CallTold) error {
	number := told.From
	if told.Outgoing {
		number = told.To
	}
	if plain, err := wholeNumber(number); err == nil && call.Number == "" {
		call.Number, call.Attested = plain, told.Attested && plain != ""
	}
	untouched := call.State == store.PhoneRinging || call.State == store.PhoneMissed
	if call.Agent != 0 || !untouched || told.Agent == "" {
		return nil
	}
	agent, err := tx.PersonByAddress(account.FoldAddress(told.Agent))
	if err == nil && access.May(agent.Actor(), access.TakeCalls) && !agent.Suspended {
		call.Agent = agent.ID
	}
	return notFoundIsNothing(err)
}

// stands is how a call stands by its times. A record that somebody has confirmed stays confirmed.
func stands(c store.PhoneCall) store.PhoneState {
	switch {
	case c.State == store.PhoneRecorded:
		return c.State
	case !c.Ended.IsZero() && c.Answered.IsZero():
		return store.PhoneMissed
	case !c.Ended.IsZero() && c.Agent == 0 && c.Team == 0:
		return store.PhoneMissed // somebody answered elsewhere, and nobody here has anything to confirm
	case !c.Ended.IsZero():
		return store.PhoneOver
	case c.State == store.PhoneRinging || c.State == store.PhoneMissed:
		if c.Answered.IsZero() || c.Agent == 0 {
			return store.PhoneRinging
		}
		return store.PhoneOpen
	}
	return c.State
}
