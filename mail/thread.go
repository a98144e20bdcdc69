package mail

import (
	"slices"
	"strings"
	"time"
)

// MaxOwn is how many of our addresses one mail may go to; more is taken for an attempt to hit tickets by guessing (threat C14).
const MaxOwn = 5

// Match says which ticket a mail belongs to, and by which proof. It says nothing about who wrote the mail.
type Match struct {
	Ticket int64
	Person int64  // the person to whom the token or the answered mail was given; 0 for nobody known
	Outbox int64  // the mail that is answered; 0 when the proof is an address
	By     string // "address" or "message-id"
	Held   string // why a person has to decide; then there is no ticket
}

// Thread finds the ticket that a mail answers: by a token in the address it was sent to, then by an id of ours in In-Reply-To, then
// in References from the newest. Subjects never count (threat C7), and a mail touches at most one ticket.
func (k Keyring) Thread(m *Message, a Arrival, now time.Time) (Match, bool) {
	to := recipients(m, a)
	if len(ownRecipients(to, a.Own)) > MaxOwn {
		return Match{Held: "the mail was sent to more than five of our addresses"}, false
	}
	found := k.byAddress(to, now)
	switch {
	case len(found) > 1:
		return Match{Held: "the mail was sent to the addresses of several tickets"}, false
	case len(found) == 1:
		return found[0], true
	}
	return k.byMessageID(m, now)
}

// recipients lists whom the mail was sent to: by the envelope, then by its own words.
func recipients(m *Message, a Arrival) []string {
	list := slices.Clone(a.Recipients)
	for _, to := range slices.Concat(m.To, m.Cc) {
		list = append(list, to.Email)
	}
	return list
}

// ownRecipients returns the different recipients that are our addresses or look like made from one of them.
func ownRecipients(to, own []string) map[string]bool {
	found := map[string]bool{}
	for _, email := range to {
		for _, o := range own {
			if derived(strings.ToLower(email), strings.ToLower(o)) {
				found[strings.ToLower(email)] = true
			}
		}
	}
	return found
}

// derived recognises support@, support+x@, support-1000@ and support.1000@ as made from support@.
func derived(email, own string) bool {
	local, domain, _ := strings.Cut(email, "@")
	base, ours, _ := strings.Cut(own, "@")
	tail, ok := strings.CutPrefix(local, base)
	return ok && domain == ours && (tail == "" || strings.ContainsAny(tail[:1], "+-._"))
}

// byAddress returns one match for each different ticket among the tokens.
func (k Keyring) byAddress(to []string, now time.Time) (found []Match) {
	for _, email := range to {
		ticket, person, ok := k.ReadReply(email, now)
		if ok && !slices.ContainsFunc(found, func(m Match) bool { return m.Ticket == ticket }) {
			found = append(found, Match{Ticket: ticket, Person: person, By: "address"})
		}
	}
	return found
}

func (k Keyring) byMessageID(m *Message, now time.Time) (Match, bool) {
	newestFirst := slices.Clone(m.References)
	slices.Reverse(newestFirst)
	for _, id := range slices.Concat(m.InReplyTo, newestFirst) {
		if s, ok := k.ReadMessageID(id, now); ok && s.Ticket != 0 {
			return Match{Ticket: s.Ticket, Person: s.Person, Outbox: s.Outbox, By: "message-id"}, true
		}
	}
	return Match{}, false
}

// Bounced returns the outgoing mail that a bounce is about: by the address it came to, or by an id of ours in the returned mail.
// Whom that mail was sent to is for our own records to say; the recipient that the report names is only its claim. A report
// without proof is ordinary mail (RFC 3464 reports are easily forged).
func (k Keyring) Bounced(m *Message, a Arrival, now time.Time) (outbox int64, ok bool) {
	if m.Bounce == nil {
		return 0, false
	}
	for _, email := range recipients(m, a) {
		if outbox, ok = k.ReadBounce(email, now); ok {
			return outbox, true
		}
	}
	for _, id := range m.Bounce.originals {
		if s, ok := k.ReadMessageID(id, now); ok {
			return s.Outbox, true
		}
	}
	return 0, false
}

// maxQuoted is how many of the newest ids an answer names besides the first of the conversation.
const maxQuoted = 20

// QuoteReferences returns the References of an answer: the root of the conversation and the newest ids, each once.
func QuoteReferences(root string, refs []string) []string {
	var list []string
	if root != "" {
		list = append(list, root)
	}
	for _, id := range refs[max(0, len(refs)-maxQuoted):] {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
