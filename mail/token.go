package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Secret is one version of the key with which the desk proves that an address or an id is its own.
type Secret struct {
	Version byte      // from 1 on; never used twice
	Key     []byte    // at least 32 random bytes
	Until   time.Time // from then on nothing made with it is accepted (threat C4); zero while it is in use
}

// Keyring holds the secrets. The first one makes new tokens, all of them read tokens until they end.
type Keyring []Secret

// A token for one purpose is worth nothing for another.
const (
	forReply     = 't'
	forBounce    = 'b'
	forMessageID = 'm'
)

const sealSize = 16 // bytes of HMAC-SHA256 that are kept: 128 bits

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ReplyToken returns the token of a person (0 for nobody in particular) on a ticket. It names both, cannot be guessed or changed
// without the secret, and survives servers that write addresses in lower case. It is no secret from its receiver: it says which
// ticket a mail belongs to, never who wrote the mail.
func (k Keyring) ReplyToken(ticket, person int64) string { return k.token(forReply, ticket, person) }

// ReplyAddress returns own with the token in it: support+t.TOKEN@example.org. A local part may have 64 octets, and a token takes
// about 37 of them, so addresses of a desk should stay within 20 before the @.
func (k Keyring) ReplyAddress(own string, ticket, person int64) string {
	return plus(own, "t."+k.ReplyToken(ticket, person))
}

// ReadReply returns the ticket and person of an address made by ReplyAddress.
func (k Keyring) ReadReply(email string, now time.Time) (ticket, person int64, ok bool) {
	token, ok := strings.CutPrefix(plusPart(email), "t.")
	if !ok {
		return 0, 0, false
	}
	ids, ok := k.open(forReply, token, 2, now)
	if !ok {
		return 0, 0, false
	}
	return ids[0], ids[1], true
}

// BounceAddress returns the envelope sender for one outgoing mail (VERP): bounce+TOKEN@DOMAIN. What comes back to it is about
// that mail.
func (k Keyring) BounceAddress(domain string, outbox int64) string {
	return "bounce+" + k.token(forBounce, outbox) + "@" + domain
}

// ReadBounce returns the outgoing mail of an address made by BounceAddress.
func (k Keyring) ReadBounce(email string, now time.Time) (outbox int64, ok bool) {
	local, _, _ := strings.Cut(email, "@")
	token, ok := strings.CutPrefix(local, "bounce+")
	if !ok {
		return 0, false
	}
	ids, ok := k.open(forBounce, token, 1, now)
	if !ok {
		return 0, false
	}
	return ids[0], true
}

func plus(own, tag string) string {
	local, domain, _ := strings.Cut(own, "@")
	return local + "+" + tag + "@" + domain
}

func plusPart(email string) string {
	local, _, _ := strings.Cut(email, "@")
	_, tag, _ := strings.Cut(local, "+")
	return tag
}

// token writes ids and their seal, all in letters and digits that survive a change of case.
func (k Keyring) token(purpose byte, ids ...int64) string {
	s := k[0]
	payload := []byte{s.Version}
	for _, id := range ids {
		payload = binary.AppendUvarint(payload, uint64(id))
	}
	return letters.EncodeToString(append(payload, s.seal(purpose, payload)...))
}

// open checks a token and returns its ids. There is exactly one spelling of a token that is accepted.
func (k Keyring) open(purpose byte, token string, n int, now time.Time) ([]int64, bool) {
	b, err := letters.DecodeString(token)
	if err != nil || len(token) > 64 || len(b) <= sealSize || letters.EncodeToString(b) != token {
		return nil, false
	}
	payload, seal := b[:len(b)-sealSize], b[len(b)-sealSize:]
	s, ok := k.valid(payload[0], now)
	if !ok || !hmac.Equal(seal, s.seal(purpose, payload)) {
		return nil, false
	}
	return uvarints(payload[1:], n)
}

func uvarints(b []byte, n int) ([]int64, bool) {
	ids := make([]int64, 0, n)
	for len(b) > 0 {
		id, size := binary.Uvarint(b)
		if size <= 0 {
			return nil, false
		}
		ids, b = append(ids, int64(id)), b[size:]
	}
	return ids, len(ids) == n
}

// valid finds the secret of a version that has not ended.
func (k Keyring) valid(version byte, now time.Time) (Secret, bool) {
	i := slices.IndexFunc(k, func(s Secret) bool { return s.Version == version })
	if i < 0 || (!k[i].Until.IsZero() && !now.Before(k[i].Until)) {
		return Secret{}, false
	}
	return k[i], true
}

func (s Secret) seal(purpose byte, payload []byte) []byte {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte{purpose})
	mac.Write(payload)
	return mac.Sum(nil)[:sealSize]
}

// Stamp is what a Message-ID of ours says to us.
type Stamp struct {
	Outbox int64  // the row of the outgoing mail
	Ticket int64  // the ticket it belongs to; 0 for none
	Person int64  // the person it was sent to; 0 for nobody known
	Random uint64 // chosen once, when the row is written
}

// MessageID returns <vVERSION.OUTBOX.TICKET-PERSON-RANDOM.SEAL@DOMAIN>. It is made once and stored with the row, so that every
// attempt to send carries the same id; neither time nor process take part in it.
func (k Keyring) MessageID(s Stamp, domain string) string {
	left := "v" + strconv.Itoa(int(k[0].Version)) + "." + s.String()
	domain = strings.ToLower(domain)
	return "<" + left + "." + letters.EncodeToString(k[0].seal(forMessageID, []byte(left+"@"+domain))) + "@" + domain + ">"
}

func (s Stamp) String() string {
	return strconv.FormatInt(s.Outbox, 10) + "." + strconv.FormatInt(s.Ticket, 10) + "-" + strconv.FormatInt(s.Person, 10) + "-" + strconv.FormatUint(s.Random, 36)
}

var ourID = regexp.MustCompile(`^<(v([0-9]{1,3})\.([0-9]{1,19})\.([0-9]{1,19})-([0-9]{1,19})-([0-9a-z]{1,13}))\.([a-z2-7]{26})@([^@<>\s]{1,253})>$`)

// isOurID reports whether an id has the shape of ours; it proves nothing.
func isOurID(id string) bool { return ourID.MatchString(id) }

// ReadMessageID returns what an id made by MessageID says, and false for ids of others, changed ones, and those whose secret ended.
func (k Keyring) ReadMessageID(id string, now time.Time) (Stamp, bool) {
	if len(id) > 500 {
		return Stamp{}, false
	}
	f := ourID.FindStringSubmatch(id)
	if f == nil {
		return Stamp{}, false
	}
	version, err := strconv.ParseUint(f[2], 10, 8)
	secret, ok := k.valid(byte(version), now)
	if err != nil || !ok || !hmac.Equal([]byte(f[7]), []byte(letters.EncodeToString(secret.seal(forMessageID, []byte(f[1]+"@"+f[8]))))) {
		return Stamp{}, false
	}
	return stamp(f[3], f[4], f[5], f[6])
}

func stamp(outbox, ticket, person, random string) (s Stamp, ok bool) {
	var errs [4]error
	s.Outbox, errs[0] = strconv.ParseInt(outbox, 10, 64)
	s.Ticket, errs[1] = strconv.ParseInt(ticket, 10, 64)
	s.Person, errs[2] = strconv.ParseInt(person, 10, 64)
	s.Random, errs[3] = strconv.ParseUint(random, 36, 64)
	return s, errs == [4]error{}
}
