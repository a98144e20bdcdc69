package mail

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)

// keys returns a ring whose first secret is in use and whose second one ends on 1 December.
func keys(t testing.TB) Keyring {
	t.Helper()
	return Keyring{
		{Version: 3, Key: bytes.Repeat([]byte{3}, 32)},
		{Version: 2, Key: bytes.Repeat([]byte{2}, 32), Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
		{Version: 1, Key: bytes.Repeat([]byte{1}, 32), Until: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
	}
}

func TestTokensNameTicketAndPerson(t *testing.T) {
	ring := keys(t)
	for _, ids := range [][2]int64{{1, 0}, {88, 7}, {1 << 40, 1 << 40}, {1<<53 - 1, 1<<53 - 1}} {
		email := ring.ReplyAddress("support@desk.example", ids[0], ids[1])
		if valid, err := NewAddress(email); err != nil || valid != email || email != strings.ToLower(email) {
			t.Errorf("%s is no address that survives: %v", email, err)
		}
		if ticket, person, ok := ring.ReadReply(email, monday); !ok || ticket != ids[0] || person != ids[1] {
			t.Errorf("%s reads as %d, %d, %v", email, ticket, person, ok)
		}
	}
	verp := ring.BounceAddress("desk.example", 701)
	if outbox, ok := ring.ReadBounce(verp, monday); !ok || outbox != 701 {
		t.Errorf("%s reads as %d, %v", verp, outbox, ok)
	}
	if _, _, ok := ring.ReadReply(strings.Replace(verp, "bounce+", "support+t.", 1), monday); ok {
		t.Errorf("a token for bounces opened a ticket")
	}
}

func TestATokenForOnePurposeOpensNoOther(t *testing.T) {
	ring := keys(t)
	for _, purpose := range []byte{forBounce, forMessageID, 's'} {
		if _, ok := ring.open(forReply, ring.token(purpose, 88, 7), 2, monday); ok {
			t.Errorf("a token for %q opened a ticket", purpose)
		}
	}
}

func TestMessageIDsAreMadeOnceAndCarryTheirRow(t *testing.T) {
	ring := keys(t)
	s := Stamp{Outbox: 512, Ticket: 88, Person: 7, Random: 0xdeadbeefcafe}
	id := ring.MessageID(s, "Desk.example")
	if !regexp.MustCompile(`^<v3\.512\.88-7-[0-9a-z]+\.[a-z2-7]{26}@desk\.example>$`).MatchString(id) {
		t.Errorf("the id is %s", id)
	}
	if id != ring.MessageID(s, "desk.example") {
		t.Errorf("the same row got two ids")
	}
	if got, ok := ring.ReadMessageID(id, monday); !ok || got != s {
		t.Errorf("%s reads as %v, %v", id, got, ok)
	}
}

func TestC3_ForgedAndChangedIDsAreRefused(t *testing.T) {
	ring := keys(t)
	stranger := Keyring{{Version: 3, Key: bytes.Repeat([]byte{9}, 32)}}
	id := ring.MessageID(Stamp{Outbox: 512, Ticket: 88, Person: 7, Random: 99}, "desk.example")
	other := ring.MessageID(Stamp{Outbox: 513, Ticket: 89, Person: 8, Random: 99}, "desk.example")
	seal := regexp.MustCompile(`\.[a-z2-7]{26}@`)
	forged := []string{
		stranger.MessageID(Stamp{Outbox: 512, Ticket: 88, Person: 7, Random: 99}, "desk.example"),
		seal.ReplaceAllString(id, seal.FindString(other)), // the seal of another ticket and person
		strings.Replace(id, ".88-7-", ".89-7-", 1), strings.Replace(id, "-7-", "-8-", 1), strings.Replace(id, ".512.", ".513.", 1),
		strings.Replace(id, "@desk.example", "@evil.example", 1), strings.ToUpper(id), strings.Replace(id, "@", "a@", 1),
		id[:len(id)-20] + ">", strings.Replace(id, "<v3.", "<v2.", 1), strings.Replace(id, "<v3.", "<v03.", 1), "<" + id + ">", id + id, "", "<>", "<v3.1.1-1-1.@desk.example>",
	}
	for _, f := range forged {
		if s, ok := ring.ReadMessageID(f, monday); ok {
			t.Errorf("%s was taken as %v", f, s)
		}
	}
}

func TestC4_TokensOfEndedSecretsAreRefused(t *testing.T) {
	ring := keys(t)
	for i, secret := range ring {
		old := Keyring{secret}
		email, id, verp := old.ReplyAddress("support@desk.example", 7, 1), old.MessageID(Stamp{Outbox: 1, Ticket: 7}, "desk.example"), old.BounceAddress("desk.example", 1)
		wanted := i < 2
		_, _, a := ring.ReadReply(email, monday)
		_, b := ring.ReadMessageID(id, monday)
		_, c := ring.ReadBounce(verp, monday)
		if a != wanted || b != wanted || c != wanted {
			t.Errorf("version %d on Monday: %v %v %v", secret.Version, a, b, c)
		}
	}
	previous := Keyring{ring[1]}.ReplyAddress("support@desk.example", 7, 1)
	if _, _, ok := ring.ReadReply(previous, ring[1].Until.Add(-time.Microsecond)); !ok {
		t.Errorf("a token was refused before its secret ended")
	}
	if _, _, ok := ring.ReadReply(previous, ring[1].Until); ok {
		t.Errorf("a token was accepted when its secret had ended")
	}
}

func TestEveryChangedLetterBreaksAToken(t *testing.T) {
	ring := keys(t)
	token := ring.ReplyToken(88, 7)
	for i := range token {
		for _, c := range "abcdefghijklmnopqrstuvwxyz234567ABZ189+%" {
			changed := token[:i] + string(c) + token[i+1:]
			if ticket, _, ok := ring.ReadReply("support+t."+changed+"@desk.example", monday); ok && changed != token {
				t.Fatalf("%s opened ticket %d", changed, ticket)
			}
		}
		if _, _, ok := ring.ReadReply("support+t."+token[:i]+"@desk.example", monday); ok {
			t.Fatalf("the first %d letters opened a ticket", i)
		}
	}
}

func mailTo(to, header string) string {
	return ida + "To: " + to + "\nSubject: Re: [#1] anything\nMessage-ID: <x@kunde.example>\n" + header + "\nHello\n"
}

func TestThreadingByTokenThenByOurOwnID(t *testing.T) {
	ring := keys(t)
	own := []string{"support@desk.example"}
	first := ring.MessageID(Stamp{Outbox: 10, Ticket: 5, Person: 2, Random: 1}, "desk.example")
	second := ring.MessageID(Stamp{Outbox: 11, Ticket: 6, Person: 3, Random: 1}, "desk.example")
	cases := []struct {
		name, raw string
		want      Match
		found     bool
	}{
		{"token", mailTo(ring.ReplyAddress(own[0], 88, 7), ""), Match{Ticket: 88, Person: 7, By: "address"}, true},
		{"token before id", mailTo(ring.ReplyAddress(own[0], 88, 7), "In-Reply-To: "+first+"\n"), Match{Ticket: 88, Person: 7, By: "address"}, true},
		{"In-Reply-To", mailTo(own[0], "In-Reply-To: "+first+"\n"), Match{Ticket: 5, Person: 2, Outbox: 10, By: "message-id"}, true},
		{"newest of References", mailTo(own[0], "References: "+first+"\n <foreign@x> "+second+"\n <foreign2@x>\n"), Match{Ticket: 6, Person: 3, Outbox: 11, By: "message-id"}, true},
		{"foreign ids only", mailTo(own[0], "In-Reply-To: <foreign@x>\nReferences: <v1.512.88-7-1x9k2.aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>\n"), Match{}, false},
		{"token of two tickets", mailTo(ring.ReplyAddress(own[0], 88, 7)+", "+ring.ReplyAddress(own[0], 89, 7), ""), Match{Held: "the mail was sent to the addresses of several tickets"}, false},
	}
	for _, c := range cases {
		if got, found := ring.Thread(parsed(t, []byte(c.raw)), Arrival{Own: own}, monday); got != c.want || found != c.found {
			t.Errorf("%s: %+v, %v", c.name, got, found)
		}
	}
	bcc := Arrival{Own: own, Recipients: []string{ring.ReplyAddress(own[0], 88, 7)}}
	if got, found := ring.Thread(parsed(t, []byte(mailTo("someone@kunde.example", ""))), bcc, monday); !found || got.Ticket != 88 {
		t.Errorf("the recipient of the envelope was not read: %+v", got)
	}
}

func TestC7_NumbersInSubjectsNeverThread(t *testing.T) {
	m := parsed(t, []byte(mailTo("support@desk.example", "")))
	if match, found := keys(t).Thread(m, Arrival{Own: []string{"support@desk.example"}}, monday); found || match != (Match{}) {
		t.Errorf("a stranger's %q went to %+v", m.Subject, match)
	}
}

func TestC14_SprayedAddressesAreHeld(t *testing.T) {
	ring := keys(t)
	var to []string
	for n := 1000; n < 1100; n++ {
		to = append(to, fmt.Sprintf("support-%d@desk.example", n))
	}
	to = append(to, ring.ReplyAddress("support@desk.example", 7, 1)) // even one right guess opens nothing
	at := Arrival{Recipients: to, Own: []string{"support@desk.example"}}
	match, found := ring.Thread(parsed(t, []byte(mailTo("support@desk.example", ""))), at, monday)
	if found || match.Held == "" || match.Ticket != 0 {
		t.Errorf("a mail to 101 of our addresses went to %+v", match)
	}
}

func TestBouncesNeedOurProof(t *testing.T) {
	ring := keys(t)
	id := ring.MessageID(Stamp{Outbox: 701, Ticket: 42, Person: 6, Random: 5}, "desk.example")
	real := strings.ReplaceAll(string(sample(t, "bounce-postfix")), "<v1.701.42-6-r4nd.eeeeeeeeeeeeeeeeeeeeeeeeee@desk.example>", id)
	if outbox, ok := ring.Bounced(parsed(t, []byte(real)), Arrival{}, monday); !ok || outbox != 701 {
		t.Errorf("our id in the returned mail was not read: %d, %v", outbox, ok)
	}
	if outbox, ok := ring.Bounced(parsed(t, sample(t, "bounce-postfix")), Arrival{}, monday); ok {
		t.Errorf("a forged report reached mail %d", outbox)
	}
	verp := Arrival{Recipients: []string{ring.BounceAddress("desk.example", 9)}}
	for _, name := range []string{"bounce-postfix", "bounce-qmail", "bounce-exim-plain", "bounce-exchange-old"} {
		if outbox, ok := ring.Bounced(parsed(t, sample(t, name)), verp, monday); !ok || outbox != 9 {
			t.Errorf("%s to our bounce address: %d, %v", name, outbox, ok)
		}
	}
	pasted := strings.ReplaceAll(string(sample(t, "bounce-qmail")), "<v1.701.42-6-r4nd.eeeeeeeeeeeeeeeeeeeeeeeeee@desk.example>", id)
	if _, ok := ring.Bounced(parsed(t, []byte(pasted)), Arrival{}, monday); ok {
		t.Errorf("an id in free text is no proof")
	}
	if _, ok := ring.Bounced(parsed(t, []byte(mailTo("support@desk.example", "In-Reply-To: "+id+"\n"))), verp, monday); ok {
		t.Errorf("an ordinary mail was taken for a bounce")
	}
}

func TestBouncesSayWhetherTheAddressIsAtFault(t *testing.T) {
	for name, hard := range map[string]bool{"bounce-postfix": true, "bounce-exchange": true, "bounce-gmail": true, "bounce-exim": true, "bounce-qmail": true,
		"bounce-mailbox-full": false, "bounce-postfix-delayed": false, "bounce-two-recipients": true} {
		if b := parsed(t, sample(t, name)).Bounce; b.Hard() != hard {
			t.Errorf("%s: hard %v (%s, %s)", name, b.Hard(), b.Action, b.Status)
		}
	}
}

func TestQuoteReferencesKeepsTheRootAndTheNewest(t *testing.T) {
	var refs []string
	for n := range 30 {
		refs = append(refs, fmt.Sprintf("<%d@x>", n))
	}
	got := QuoteReferences("<root@x>", append(refs, "<29@x>"))
	if len(got) != 20 || got[0] != "<root@x>" || got[1] != "<11@x>" || got[19] != "<29@x>" {
		t.Errorf("%d references: %v", len(got), got)
	}
	if got := QuoteReferences("", nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
