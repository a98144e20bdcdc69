package desk

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"hark/fault"
	"hark/store"
)

// What Twilio tells of calls, as form posts that it signs with the account's auth token
// (https://www.twilio.com/docs/usage/webhooks/webhooks-security). Its status callbacks are translated into the events that every
// exchange tells. The desk gives Twilio no instructions: who is rung is decided there.

// SignTwilio is Twilio's signature of a form that is posted to an address: HMAC-SHA1, in base64, of the address and of each field with
// its value, by name.
func SignTwilio(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// HearTwilio takes a status callback that was posted to an address of ours. One that is not signed with the stored token is
// fault.Unsigned and changes nothing; one that was told before changes nothing. call is 0 for a status that says nothing about how the
// call stands.
func (d *Desk) HearTwilio(ctx context.Context, address string, body []byte, signature string) (call int64, err error) {
	refused := fault.New(fault.Unsigned, "the signature is not right; see that the auth token in the settings is that of the account, and that the desk's own address is the one that Twilio calls")
	var set Telephony
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		set, err = d.telephony(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || set.Twilio == "" || !hmac.Equal([]byte(SignTwilio(set.Twilio, address, form)), []byte(signature)) {
		return 0, refused
	}
	told, says := twilioTold(form, d.now())
	if !says {
		return 0, nil
	}
	return d.HearCall(ctx, HeardTwilio, told)
}

// twilioTold translates a callback. A call has a leg for whoever calls in, and below it one for each telephone that is rung: all of them
// are one call here, under the name of the first.
func twilioTold(form url.Values, now time.Time) (told CallTold, says bool) {
	leg, parent, status := form.Get("CallSid"), form.Get("ParentCallSid"), form.Get("CallStatus")
	if leg == "" {
		return told, false
	}
	told = CallTold{
		Call: "twilio/" + cmp.Or(parent, leg), Event: leg + "/" + status, At: twilioTime(form.Get("Timestamp"), now),
		From: form.Get("From"), To: form.Get("To"), Agent: form.Get("To"), Attested: strings.HasPrefix(form.Get("StirVerstat"), "TN-Validation-Passed-A"),
	}
	if parent == "" {
		told.Agent = "" // the number that was called, not yet a telephone
	}
	if isDevice(told.From) || strings.HasPrefix(form.Get("Direction"), "outbound-api") {
		told.Outgoing, told.Agent = true, told.From
	}
	told.What = twilioWhat(status, parent == "", told.Outgoing)
	return told, told.What != ""
}

// isDevice reports whether a party is somebody's own telephone at Twilio and not a number.
func isDevice(party string) bool {
	return strings.HasPrefix(party, "client:") || strings.HasPrefix(party, "sip:")
}

// twilioWhat is what a status means for the whole call, "" for nothing. Twilio itself picks up whoever calls in, so that leg is answered
// before any person is; a telephone that is not picked up leaves the others ringing.
func twilioWhat(status string, first, outgoing bool) string {
	switch status {
	case "queued", "initiated", "ringing":
		return "ringing"
	case "in-progress", "answered":
		if first && !outgoing {
			return "ringing"
		}
		return "answered"
	case "completed":
		return "ended"
	case "busy", "failed", "no-answer", "canceled":
		if first {
			return "ended"
		}
	}
	return ""
}

// twilioTime is when it happened there, which a callback says in the form of RFC 2822; now when it does not.
func twilioTime(text string, now time.Time) time.Time {
	at, err := time.Parse(time.RFC1123Z, text)
	if err != nil || at.After(now) {
		return now
	}
	return at
}
