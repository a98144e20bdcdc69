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
	"hark/fault"
)

// What a telephone exchange tells of its calls, signed with the desk's own secret. What follows from it is in hear_call.go.

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
	Agent    string    `json:"agent"`    // the mail address or the extension of whoever is rung, "" for nobody in particular
	Brand    string    `json:"brand"`    // the slug of a brand, "" for the one that has a procedure for calls
}

// exchangeWindow is how far a signature's time, or that of an event, may be from ours.
const exchangeWindow = 5 * time.Minute

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
	var told CallTold
	if err := json.Unmarshal(body, &told); err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "the body is no JSON object with call, event, what, at, from")
	}
	return d.HearCall(ctx, HeardExchange, told)
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
