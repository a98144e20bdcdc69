package desk_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/internal/effort"
	"hark/store"
	"hark/store/storetest"
)

// Signing in, links and passwords (group F).

const goodPassword = "three quiet words"

// dora can sign in with a password.
func (o *office) dora() account.Person {
	o.t.Helper()
	p, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "dora@agency.example", Name: "Dora Lind", Role: access.Agent, Password: goodPassword})
	o.must(err)
	return p
}

func (o *office) signIn(email, password string) (desk.Session, error) {
	return o.desk.SignIn(ctx, desk.SignIn{Email: email, Password: password, Remote: "192.0.2.7", Agent: "Firefox"})
}

// odd are tokens nobody handed out.
var odd = []string{"", "%", "*", "_", " ", "%20", "\x00", "''", "null", "0", "true", strings.Repeat("A", 43), strings.Repeat("A", 10_000), base64.RawURLEncoding.EncodeToString(make([]byte, 32))}

func TestF1_NoWildcardFindsAToken(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.dora()
		o.must(o.desk.MailPasswordLink(ctx, "dora@agency.example", "192.0.2.7"))
		o.must(o.desk.MailSignInLink(ctx, "dora@agency.example", "192.0.2.7"))
		var answers []string
		for _, token := range odd {
			_, err := o.desk.SignInByLink(ctx, token, desk.SignIn{})
			answers = append(answers, fmt.Sprint(err))
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("signing in with %.20q: %v", token, err)
			}
			if _, err := o.desk.ChoosePassword(ctx, token, goodPassword, desk.SignIn{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("choosing a password with %.20q: %v", token, err)
			}
		}
		for _, answer := range answers {
			if answer != answers[0] {
				t.Errorf("two answers differ: %q and %q", answer, answers[0])
			}
		}
	})
}

func TestF2_AnEmptyTokenMatchesNobodyAnywhere(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for _, token := range odd {
			for name, try := range map[string]func() error{
				"invitation":   func() error { _, err := o.desk.Join(ctx, token, goodPassword, desk.SignIn{}); return err },
				"confirmation": func() error { _, err := o.desk.Confirm(ctx, token); return err },
				"setup": func() error {
					_, err := o.desk.SetUp(ctx, token, desk.NewPerson{Email: "eve@evil.example", Password: goodPassword}, desk.SignIn{})
					return err
				},
				"session":     func() error { _, _, err := o.desk.Whoever(ctx, token); return err },
				"API token":   func() error { _, _, err := o.desk.TokenActor(ctx, token); return err },
				"hark_ token": func() error { _, _, err := o.desk.TokenActor(ctx, "hark_"+token); return err },
				"ticket link": func() error { _, err := o.desk.OpenTicketLink(ctx, token); return err },
			} {
				if try() == nil {
					t.Errorf("%s: %.20q opens something", name, token)
				}
			}
		}
	})
}

func TestF3_EveryLinkEndsAndWorksOnce(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.dora()
		newest := func() string {
			mails := o.mails(0)
			return linkToken(t, mails[len(mails)-1].text)
		}
		link := func() string {
			o.clock.Pass(time.Hour)
			o.must(o.desk.MailSignInLink(ctx, "dora@agency.example", "192.0.2.7"))
			return newest()
		}
		enter := func(token string) error { _, err := o.desk.SignInByLink(ctx, token, desk.SignIn{}); return err }

		late := link()
		o.clock.Pass(10*time.Minute + time.Second)
		if err := enter(late); !fault.Is(err, fault.NotFound) {
			t.Errorf("after ten minutes and a second: %v", err)
		}
		twice := link()
		o.must(enter(twice))
		if err := enter(twice); !fault.Is(err, fault.NotFound) {
			t.Errorf("the second use: %v", err)
		}
		older, newer := link(), link()
		if err := enter(older); !fault.Is(err, fault.NotFound) {
			t.Errorf("the older of two: %v", err)
		}
		if _, err := o.desk.ChoosePassword(ctx, newer, goodPassword, desk.SignIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a sign-in link chose a password: %v", err)
		}
		o.must(enter(newer))

		_, err := o.desk.Invite(ctx, o.ana.Actor(), desk.NewPerson{Email: "eva@agency.example", Name: "Eva Moss", Role: access.Agent})
		o.must(err)
		invitation := newest()
		o.clock.Pass(7*24*time.Hour + time.Second)
		if _, err := o.desk.Join(ctx, invitation, goodPassword, desk.SignIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("an invitation after a week: %v", err)
		}
		_, err = o.desk.Invite(ctx, o.ana.Actor(), desk.NewPerson{Email: "eva@agency.example", Name: "Eva Moss", Role: access.Agent})
		o.must(err)
		session, err := o.desk.Join(ctx, newest(), goodPassword, desk.SignIn{})
		o.must(err)
		if session.Person.Name != "Eva Moss" || !session.Person.Verified {
			t.Errorf("joining signed in %+v", session.Person)
		}
	})
}

// Whoever runs the desk mails a colleague the way in: an invitation until they have joined, a password link from then on.
func TestF3_AnAdministratorMailsTheWayIn(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		eva, err := o.desk.Invite(ctx, o.ana.Actor(), desk.NewPerson{Email: "eva@agency.example", Name: "Eva Moss", Role: access.Agent})
		o.must(err)
		first := o.wayIn(eva.Email, "/join/")
		if joined, err := o.desk.MailWayIn(ctx, o.ana.Actor(), eva.ID); err != nil || joined {
			t.Fatalf("Eva has not joined yet: %v, %v", joined, err)
		}
		if _, err := o.desk.Join(ctx, first, "a sentence is good", desk.SignIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the first invitation still works: %v", err)
		}
		_, err = o.desk.Join(ctx, o.wayIn(eva.Email, "/join/"), "a sentence is good", desk.SignIn{})
		o.must(err)
		if joined, err := o.desk.MailWayIn(ctx, o.ana.Actor(), eva.ID); err != nil || !joined {
			t.Fatalf("Eva has joined: %v, %v", joined, err)
		}
		_, err = o.desk.ChoosePassword(ctx, o.wayIn(eva.Email, "/sign-in/password/"), "quite another one", desk.SignIn{})
		o.must(err)
		if _, err := o.desk.MailWayIn(ctx, o.ben.Actor(), eva.ID); err == nil {
			t.Error("Ben, who is no administrator, mails links")
		}
		off := true
		_, err = o.desk.ChangePerson(ctx, o.ana.Actor(), eva.ID, desk.PersonChange{Suspended: &off})
		o.must(err)
		if _, err := o.desk.MailWayIn(ctx, o.ana.Actor(), eva.ID); !fault.Is(err, fault.Refused) {
			t.Errorf("somebody who is switched off got a link: %v", err)
		}
	})
}

// wayIn is the token in the newest mail to an address that holds such a link.
func (o *office) wayIn(email, path string) string {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{})
	o.must(err)
	for _, row := range out.Items {
		if _, rest, found := strings.Cut(o.read(row).text, path); row.To == email && found {
			return strings.Fields(rest)[0]
		}
	}
	o.t.Fatalf("no mail to %s holds a link %s", email, path)
	return ""
}

func TestF4_KeysAloneSignNobodyIn(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		// Whoever holds the keys can make ticket links; none of them is worth a session.
		token := linkToken(t, o.desk.TicketLink(id, o.ben.ID, o.clock.Now())+" ")
		if _, err := o.desk.OpenTicketLink(ctx, token); err == nil {
			t.Error("a link for somebody who takes no part opens the ticket")
		}
		own := linkToken(t, o.desk.TicketLink(id, o.customer("maria@").Person, o.clock.Now())+" ")
		for name, try := range map[string]func() error{
			"session":      func() error { _, _, err := o.desk.Whoever(ctx, own); return err },
			"sign-in link": func() error { _, err := o.desk.SignInByLink(ctx, own, desk.SignIn{}); return err },
			"API token":    func() error { _, _, err := o.desk.TokenActor(ctx, "hark_"+own); return err },
		} {
			if try() == nil {
				t.Errorf("a signed link is good as %s", name)
			}
		}
	})
}

func TestC4_WhatAnOldKeyMadeEnds(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		first := o.last(id)
		link := linkToken(t, first.text)
		opens := func(token string) bool { _, err := o.desk.OpenTicketLink(ctx, token); return err == nil }
		finds := func(m *sent) bool { return o.arrives(letter{from: maria, answers: m, body: "This."}).Ticket == id }

		o.must(o.desk.RotateKeys(ctx, o.ana.Actor()))
		if err := o.desk.RotateKeys(ctx, o.ana.Actor()); !fault.Is(err, fault.Refused) {
			t.Errorf("changing the key twice in a moment: %v", err)
		}
		o.clock.Pass(3 * time.Hour)
		o.answers(o.ben, id, "And in which browser?", "pending")
		second := o.last(id)
		if !strings.HasPrefix(second.messageID, "<v2.") || !strings.HasPrefix(first.messageID, "<v1.") {
			t.Errorf("ids are %s and then %s", first.messageID, second.messageID)
		}
		if !opens(link) || !finds(first) || !finds(second) {
			t.Error("what the key before made is no longer accepted")
		}
		other, err := desk.Open(ctx, o.db, o.clock, desk.WithSecret(desktest.Secret), desk.WithURL("https://agency.example"))
		o.must(err)
		if _, err := other.OpenTicketLink(ctx, linkToken(t, second.text)); err != nil {
			t.Errorf("another node does not know the new key: %v", err)
		}

		o.must(o.desk.RotateKeys(ctx, o.ana.Actor()))
		o.clock.Pass(3 * time.Hour)
		if opens(link) || finds(first) {
			t.Error("what the key before the last made is still accepted")
		}
		if !opens(linkToken(t, second.text)) || !finds(second) {
			t.Error("what the last key made is no longer accepted")
		}
		o.clock.Pass(90 * 24 * time.Hour)
		if opens(linkToken(t, second.text)) {
			t.Error("what the last key made is accepted for ever")
		}
	})
}

func TestF6_TheStoredHashIsNoPassword(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		dora := o.dora()
		var hash string
		o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { hash, err = tx.Password(dora.ID); return err }))
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("the password is kept as %.40q", hash)
		}
		if _, err := o.signIn("dora@agency.example", hash); !fault.Is(err, fault.Unsigned) {
			t.Errorf("the stored hash signs in: %v", err)
		}
	})
}

func TestF7_KnownUnknownAndSuspendedLookAndTakeTheSame(t *testing.T) {
	o := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	o.dora()
	gone, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "gone@agency.example", Role: access.Agent, Password: goodPassword})
	o.must(err)
	suspended := true
	_, err = o.desk.ChangePerson(ctx, access.Clock, gone.ID, desk.PersonChange{Suspended: &suspended})
	o.must(err)

	o.asks(maria, "A customer, who has no password")
	passwords := map[string]string{"dora@agency.example": "wrong one", "nobody@agency.example": "wrong one", "gone@agency.example": goodPassword, "maria@greenfund.example": "wrong one"}
	o.costsTheSame("dora@agency.example", slices.Sorted(maps.Keys(passwords)), func(email string) {
		_, err := o.signIn(email, passwords[email])
		if !fault.Is(err, fault.Unsigned) || err.Error() != "this address and password do not fit together" {
			t.Fatalf("%s: %v", email, err)
		}
	})
}

// Whoever asks for a link learns nothing from how long the answer takes: for somebody unknown or suspended the same is done, and
// taken back.
func TestF7_AskingForALinkTakesTheSameForEverybody(t *testing.T) {
	o := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	o.dora()
	gone, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "gone@agency.example", Role: access.Agent})
	o.must(err)
	suspended := true
	_, err = o.desk.ChangePerson(ctx, access.Clock, gone.ID, desk.PersonChange{Suspended: &suspended})
	o.must(err)
	o.costsTheSame("dora@agency.example", []string{"dora@agency.example", "nobody@agency.example", "gone@agency.example"}, func(email string) {
		o.must(o.desk.MailPasswordLink(ctx, email, "192.0.2.7"))
	})
	o.must(o.desk.MailSignInLink(ctx, "no address at all", "192.0.2.7"))
	for _, m := range o.mails(0) {
		if m.to != "dora@agency.example" {
			t.Errorf("a mail is kept for %s", m.to)
		}
	}
}

// costsTheSame does something a hundred times for each, side by side, and compares the work it usually took with the first's; a
// quarter is enough when they agree by then. What is compared is the work and not the time on the wall, in which other programs
// have their part, and the middle one of all, because memory is tidied up at whosever turn it is; that it is not always the same
// one's, the order changes.
func (o *office) costsTheSame(as string, emails []string, do func(email string)) {
	o.t.Helper()
	spent := map[string][]time.Duration{}
	usual := func(email string) float64 {
		return float64(slices.Sorted(slices.Values(spent[email]))[len(spent[email])/2])
	}
	differ := func() (out string) {
		for _, email := range emails {
			if ratio := usual(email) / usual(as); ratio < 0.9 || ratio > 1.1 {
				out += fmt.Sprintf("%s costs %.2f times as much as a known address; ", email, ratio)
			}
		}
		return out
	}
	order, shuffle := slices.Clone(emails), rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 100; n++ {
		shuffle.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, email := range order {
			o.clock.Pass(time.Hour)
			spent[email] = append(spent[email], effort.Of(func() { do(email) }))
		}
		if n%25 == 0 && differ() == "" {
			return
		}
	}
	o.t.Error(differ())
}

func TestF8_SigningInMakesANewSessionAndEndsTheOldOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.dora()
		first, err := o.signIn("dora@agency.example", goodPassword)
		o.must(err)
		second, err := o.desk.SignIn(ctx, desk.SignIn{Email: "dora@agency.example", Password: goodPassword, Remote: "192.0.2.7", Previous: first.Token})
		o.must(err)
		if first.Token == second.Token {
			t.Error("the session kept its token")
		}
		if _, _, err := o.desk.Whoever(ctx, first.Token); !fault.Is(err, fault.Unsigned) {
			t.Errorf("the old token: %v", err)
		}
		_, actor, err := o.desk.Whoever(ctx, second.Token)
		o.must(err)
		if actor.Person != second.Person.ID || actor.Role != access.Agent {
			t.Errorf("the session is of %+v", actor)
		}
		planted := "planted-by-somebody-else-before-the-sign-in"
		o.must(second3(o.desk.SignIn(ctx, desk.SignIn{Email: "dora@agency.example", Password: goodPassword, Remote: "192.0.2.7", Previous: planted})))
		if _, _, err := o.desk.Whoever(ctx, planted); err == nil {
			t.Error("a planted token became a session")
		}
	})
}

func second3(_ desk.Session, err error) error { return err }

func TestSessionsEndUnusedInAnyCaseAndWithTheirPerson(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		dora := o.dora()
		enter := func() desk.Session {
			o.clock.Pass(time.Hour)
			s, err := o.signIn("dora@agency.example", goodPassword)
			o.must(err)
			return s
		}
		alive := func(s desk.Session) bool { _, _, err := o.desk.Whoever(ctx, s.Token); return err == nil }

		idle := enter()
		o.clock.Pass(24 * time.Hour)
		if alive(idle) {
			t.Error("a session lives a day without use")
		}
		used := enter()
		for range 15 {
			o.clock.Pass(23 * time.Hour)
			alive(used)
		}
		if alive(used) {
			t.Error("a session lives longer than two weeks")
		}
		one, other := enter(), enter()
		list, err := o.desk.Sessions(ctx, dora.Actor())
		o.must(err)
		if len(list) != 2 {
			t.Fatalf("%d sessions are listed", len(list))
		}
		o.must(o.desk.EndSession(ctx, dora.Actor(), list[1].ID))
		if alive(one) == alive(other) {
			t.Error("not exactly one of the two sessions ended")
		}
		if err := o.desk.EndSession(ctx, o.ben.Actor(), list[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Ben ended Dora's session: %v", err)
		}
		suspended := true
		_, err = o.desk.ChangePerson(ctx, access.Clock, dora.ID, desk.PersonChange{Suspended: &suspended})
		o.must(err)
		if alive(one) || alive(other) {
			t.Error("a suspended person is still signed in")
		}
	})
}

func TestF9_ChangingThePasswordNeedsTheCurrentOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		dora := o.dora()
		here, err := o.signIn("dora@agency.example", goodPassword)
		o.must(err)
		elsewhere, err := o.signIn("dora@agency.example", goodPassword)
		o.must(err)
		for _, current := range []string{"", "wrong", strings.Repeat("x", 5000)} {
			if err := o.desk.ChangePassword(ctx, dora.Actor(), here.Token, current, "four quite new words"); err == nil {
				t.Errorf("changed with %.10q as the current one", current)
			}
		}
		o.must(o.desk.ChangePassword(ctx, dora.Actor(), here.Token, goodPassword, "four quite new words"))
		if _, _, err := o.desk.Whoever(ctx, elsewhere.Token); err == nil {
			t.Error("the other session goes on")
		}
		_, _, err = o.desk.Whoever(ctx, here.Token)
		o.must(err)
		if _, err := o.signIn("dora@agency.example", goodPassword); !fault.Is(err, fault.Unsigned) {
			t.Errorf("the old password: %v", err)
		}
		o.must(second3(o.signIn("dora@agency.example", "four quite new words")))
	})
}

func TestF10_HugePasswordsAreRefusedBeforeTheyCostAnything(t *testing.T) {
	o := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	o.dora()
	huge := strings.Repeat("x", 1<<20)
	work := effort.Of(func() {
		for range 100 {
			if _, err := o.signIn("dora@agency.example", huge); !fault.Is(err, fault.Invalid) {
				t.Fatalf("a megabyte: %v", err)
			}
		}
	})
	if work > time.Second {
		t.Errorf("a hundred huge passwords cost %v", work)
	}
	long := strings.Repeat("long words ", 90)[:900]
	_, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "eva@agency.example", Role: access.Agent, Password: strings.Repeat("x", 1025)})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a password of 1,025 bytes: %v", err)
	}
	_, err = o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "eva@agency.example", Role: access.Agent, Password: long})
	o.must(err)
	o.must(second3(o.signIn("eva@agency.example", long)))
	if _, err := o.signIn("eva@agency.example", long[:899]); !fault.Is(err, fault.Unsigned) {
		t.Error("the password is not compared to its end")
	}
}

func TestF12_TheFirstAdministratorComesByTheTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, err := desk.Open(ctx, db, desktest.At(when("2026-11-20 16:00")), desk.WithSecret(desktest.Secret), desk.WithURL("https://agency.example"))
		if err != nil {
			t.Fatal(err)
		}
		for _, guess := range []string{"root@localhost", "admin@agency.example", "admin"} {
			if _, err := d.SignIn(ctx, desk.SignIn{Email: guess, Password: "password", Remote: "192.0.2.7"}); !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s on a fresh desk: %v", guess, err)
			}
		}
		older, err := d.SetupLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		newer, err := d.SetupLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ana := desk.NewPerson{Email: "ana@agency.example", Name: "Ana Ruiz", Password: goodPassword}
		if _, err := d.SetUp(ctx, linkToken(t, older), ana, desk.SignIn{}); err == nil {
			t.Error("the older link still works")
		}
		session, err := d.SetUp(ctx, linkToken(t, newer), ana, desk.SignIn{})
		if err != nil || session.Person.Role != access.Admin {
			t.Fatalf("setting up: %+v, %v", session.Person, err)
		}
		if link, err := d.SetupLink(ctx); err != nil || link != "" {
			t.Errorf("a desk with an administrator still prints %q (%v)", link, err)
		}
		if _, err := d.SetUp(ctx, linkToken(t, newer), desk.NewPerson{Email: "eve@evil.example", Password: goodPassword}, desk.SignIn{}); err == nil {
			t.Error("a second administrator came by the terminal")
		}
	})
}

func TestAnAPITokenActsForItsPersonAndOnlyWithTheirRights(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		token, err := o.desk.AddToken(ctx, access.Clock, "ben@agency.example", "reports")
		o.must(err)
		person, actor, err := o.desk.TokenActor(ctx, token)
		o.must(err)
		if person.ID != o.ben.ID || access.May(actor, access.Administer) {
			t.Errorf("the token acts for %+v", actor)
		}
		if _, err := o.desk.AddToken(ctx, o.ben.Actor(), "ana@agency.example", "more"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Ben made a token of Ana's: %v", err)
		}
		suspended := true
		_, err = o.desk.ChangePerson(ctx, access.Clock, o.ben.ID, desk.PersonChange{Suspended: &suspended})
		o.must(err)
		if _, _, err := o.desk.TokenActor(ctx, token); !fault.Is(err, fault.Unsigned) {
			t.Errorf("the token of a suspended person: %v", err)
		}
	})
}

func TestSecretsAreSealedAndNeverLeave(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		_, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "projects@agency.example", IMAP: "imaps://projects:canary-4711@mail.agency.example/INBOX"})
		o.must(err)
		house, err := o.desk.House(ctx, o.ana.Actor())
		o.must(err)
		if strings.Contains(fmt.Sprintf("%+v", house), "canary") {
			t.Error("the password is on a page")
		}
		var stored []account.Mailbox
		o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { stored, err = tx.Mailboxes(); return err }))
		for _, box := range stored {
			if strings.Contains(string(box.Secret)+box.IMAP, "canary") {
				t.Error("the password is in the database as it is")
			}
		}
		boxes, secrets, err := o.desk.Mailboxes(ctx)
		o.must(err)
		if boxes[0].Address != "projects@agency.example" || secrets[0].IMAP != "canary-4711" {
			t.Errorf("the worker gets %+v", secrets)
		}
		if _, err := desk.Open(ctx, o.db, o.clock, desk.WithSecret([]byte("another key file, quite another"))); err == nil || !strings.Contains(err.Error(), "HARK_SECRET") {
			t.Errorf("another key opens the desk, or nobody says how to mend it: %v", err)
		}
	})
}

func TestTheKeyFileIsMadeOnceAndIsItsOwnersOnly(t *testing.T) {
	dir := t.TempDir()
	first, err := desk.KeyFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := desk.KeyFile(dir)
	if err != nil || string(again) != string(first) || len(first) != 32 {
		t.Errorf("the second reading gives another secret (%v)", err)
	}
	info, err := os.Stat(filepath.Join(dir, "hark.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v (%v)", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "hark.key"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.KeyFile(dir); !fault.Is(err, fault.Invalid) {
		t.Errorf("a damaged key file: %v", err)
	}
}
