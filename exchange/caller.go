package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"hark/desk"
)

// What an INVITE says about a call. All of it was written elsewhere.

// rung is the call that an INVITE tells of, at an instant.
func rung(req *sip.Request, country string, at time.Time) desk.CallTold {
	return desk.CallTold{Call: callName(req), Event: "ringing", What: "ringing", At: at, From: caller(req, country), Agent: dialled(req)}
}

// longestName is how many letters of a Call-ID are kept as they are.
const longestName = 120

// callName is the name of a call: its Call-ID, or the hash of one that nobody could read.
func callName(req *sip.Request) string {
	id := callID(req)
	if len(id) > longestName || strings.ContainsFunc(id, odd) {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	return "sip/" + id
}

func callID(req *sip.Request) string {
	if h := req.CallID(); h != nil {
		return h.Value()
	}
	return ""
}

// caller is the number that calls, in E.164, "" when it is hidden or none: what the exchange asserts (P-Asserted-Identity, RFC 3325),
// else From. Somebody who wants to stay unknown does (RFC 3323).
func caller(req *sip.Request, country string) string {
	if hidden(req) {
		return ""
	}
	for _, h := range req.GetHeaders("P-Asserted-Identity") {
		for _, one := range strings.Split(h.Value(), ",") {
			if number := wholeNumber(userOf(one), country); number != "" {
				return number
			}
		}
	}
	if from := req.From(); from != nil {
		return wholeNumber(from.Address.User, country)
	}
	return ""
}

func hidden(req *sip.Request) bool {
	for _, h := range req.GetHeaders("Privacy") {
		for _, wish := range strings.Split(strings.ToLower(h.Value()), ";") {
			if wish = strings.TrimSpace(wish); wish == "id" || wish == "user" || wish == "full" {
				return true
			}
		}
	}
	return false
}

// dialled is the extension that the caller wanted: from where the call was led on first (Diversion, RFC 5806; the last one is the first
// that was dialled), else to whom it is addressed.
func dialled(req *sip.Request) string {
	var all []string
	for _, h := range req.GetHeaders("Diversion") {
		all = append(all, strings.Split(h.Value(), ",")...)
	}
	if n := len(all); n > 0 {
		if user := userOf(all[n-1]); user != "" {
			return user
		}
	}
	if to := req.To(); to != nil {
		return plain(to.Address.User)
	}
	return ""
}

// userOf is the user of the address in a header's value: `"Reception" <sip:201@pbx.example>;reason=no-answer` is 201.
func userOf(value string) string {
	if _, in, bracketed := strings.Cut(value, "<"); bracketed {
		value, _, _ = strings.Cut(in, ">")
	}
	value = strings.TrimSpace(value)
	scheme, rest, ok := strings.Cut(value, ":")
	if !ok {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "tel":
		rest, _, _ = strings.Cut(rest, ";")
		return plain(rest)
	case "sip", "sips":
		user, _, at := strings.Cut(rest, "@")
		if !at {
			return ""
		}
		return plain(user)
	}
	return ""
}

// longestUser is how many letters the user of an address has at most to be somebody's.
const longestUser = 64

// plain is a user without its parameters and password, "" when it is nothing one can dial.
func plain(user string) string {
	user, _, _ = strings.Cut(user, ";")
	user, _, _ = strings.Cut(user, ":")
	user = strings.TrimSpace(user)
	if len(user) > longestUser || strings.ContainsFunc(user, odd) {
		return ""
	}
	return user
}

// odd reports whether a letter is none that telephones have.
func odd(r rune) bool { return r <= ' ' || r > '~' }

// fewestDigits is how many digits a number has at least; fewer are an extension.
const fewestDigits = 7

// wholeNumber is a number with its country, as telephones are dialled from anywhere. What exchanges show without one belongs to the
// given country: 030 123456, 030123456 and 4930123456 are all +4930123456 in Germany. "" is no number.
func wholeNumber(user, country string) string {
	number := strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(plain(user))
	digits, international := strings.CutPrefix(number, "+")
	if !international {
		digits, international = strings.CutPrefix(number, "00")
	}
	if strings.Trim(digits, "0123456789") != "" || len(digits) < fewestDigits {
		return ""
	}
	switch code := strings.TrimPrefix(country, "+"); {
	case international:
		return "+" + digits
	case code == "":
		return ""
	case strings.HasPrefix(digits, code) && len(digits) >= len(code)+fewestDigits:
		return "+" + digits
	case code == "39": // numbers in Italy keep their zero
		return "+39" + digits
	default:
		return "+" + code + strings.TrimPrefix(digits, "0")
	}
}

// answeredElsewhere reports whether the exchange takes a call away because somebody has answered it (Reason, RFC 3326).
func answeredElsewhere(req *sip.Request) bool {
	for _, h := range req.GetHeaders("Reason") {
		for _, reason := range strings.Split(h.Value(), ",") {
			protocol, rest, _ := strings.Cut(strings.ToLower(strings.TrimSpace(reason)), ";")
			for _, param := range strings.Split(rest, ";") {
				if strings.TrimSpace(protocol) == "sip" && strings.ReplaceAll(param, " ", "") == "cause=200" {
					return true
				}
			}
		}
	}
	return false
}
