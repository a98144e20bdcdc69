package store_test

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func secret(s string) [32]byte { return sha256.Sum256([]byte(s)) }

// oddTokens are what people who have no token send (F1, F2).
var oddTokens = []string{"", " ", "%", "*", "_", "%20", "\x00", "0", "null", strings.Repeat("a", 10_000), "' OR ''='"}

func TestF1_NoPatternFindsASecret(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddSession(store.Session{Hash: secret("session"), Person: c.Ben.ID, Created: monday, Seen: monday, Expires: at(24)}))
			must(t, tx.AddLink(store.Link{Hash: secret("link"), Purpose: "invite", Person: c.Ben.ID, Created: monday, Expires: at(24)}))
			return tx.AddToken(&store.Token{Hash: secret("token"), Person: c.Ben.ID, Name: "script", Created: monday})
		})
		write(t, db, func(tx *store.Tx) error {
			for _, odd := range oddTokens {
				_, err := tx.Session(secret(odd), monday)
				is(t, err, fault.Unsigned)
				_, err = tx.Token(secret(odd))
				is(t, err, fault.Unsigned)
				_, err = tx.Link(secret(odd), "invite")
				is(t, err, fault.NotFound)
				if ok, err := tx.UseLink(secret(odd), "invite", monday); ok || err != nil {
					t.Errorf("%q used a link (%v)", odd, err)
				}
			}
			if _, err := tx.Session(secret("session"), monday); err != nil {
				t.Errorf("the real session is not found: %v", err)
			}
			if _, err := tx.Token(secret("token")); err != nil {
				t.Errorf("the real token is not found: %v", err)
			}
			return nil
		})
	})
}

// F2: what is used up or absent is NULL and no value equals it; a link opens one door, once.
func TestF2_ALinkIsUsedOnceForItsOwnPurpose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		link := store.Link{Hash: secret("link"), Purpose: "sign-in", Person: c.Maria.ID, Address: c.Maria.Email, Created: monday, Expires: at(1)}
		late := store.Link{Hash: secret("late"), Purpose: "sign-in", Person: c.Maria.ID, Created: monday, Expires: monday}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddLink(link))
			must(t, tx.AddLink(late))
			for name, use := range map[string]func() (bool, error){
				"another purpose": func() (bool, error) { return tx.UseLink(link.Hash, "reset", monday) },
				"too late":        func() (bool, error) { return tx.UseLink(late.Hash, "sign-in", at(2)) },
			} {
				if ok, err := use(); ok || err != nil {
					t.Errorf("%s: ok=%v %v", name, ok, err)
				}
			}
			_, err := tx.Link(link.Hash, "reset")
			is(t, err, fault.NotFound)
			return nil
		})
		var used atomic.Int64
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					ok, err := tx.UseLink(link.Hash, "sign-in", monday)
					if ok {
						used.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if used.Load() != 1 {
			t.Errorf("ten who pressed at once used the link %d times", used.Load())
		}
		read(t, db, func(tx *store.Tx) error {
			l, err := tx.Link(link.Hash, "sign-in")
			if !l.Used.Equal(monday) || l.Person != c.Maria.ID || l.Address != c.Maria.Email {
				t.Errorf("the used link is %+v", l)
			}
			return err
		})
	})
}

func TestWrongCodesAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		code := secret("123456")
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddLink(store.Link{Hash: secret("browser"), Purpose: "code", Person: c.Maria.ID, Code: code[:], Created: monday, Expires: at(1)}))
			for want := range int64(3) {
				n, err := tx.CountTry(secret("browser"))
				must(t, err)
				if n != want+1 {
					t.Errorf("try %d is counted as %d", want+1, n)
				}
			}
			must(t, tx.EndLinks(c.Maria.ID, "code", at(0.5)))
			l, err := tx.Link(secret("browser"), "code")
			if !slices.Equal(l.Code, code[:]) || l.Tries != 3 || l.Used.IsZero() {
				t.Errorf("the link is %+v", l)
			}
			return err
		})
	})
}

func TestASessionEndsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		signIn := func(name string) {
			write(t, db, func(tx *store.Tx) error {
				return tx.AddSession(store.Session{Hash: secret(name), Person: c.Ben.ID, Created: monday, Seen: monday, Expires: at(1), Device: name})
			})
		}
		signedIn := func(now time.Time) (names []string) {
			read(t, db, func(tx *store.Tx) error {
				for _, name := range []string{"desk", "phone", "home"} {
					if s, err := tx.Session(secret(name), now); err == nil && s.Person == c.Ben.ID {
						names = append(names, name)
					}
				}
				return nil
			})
			return names
		}
		expect := func(when string, now time.Time, want ...string) {
			if got := signedIn(now); !slices.Equal(got, want) {
				t.Errorf("%s: signed in are %v, want %v", when, got, want)
			}
		}
		signIn("desk")
		signIn("phone")
		signIn("home")
		expect("at first", monday, "desk", "phone", "home")
		expect("when they expire", at(1))
		write(t, db, func(tx *store.Tx) error { return tx.TouchSession(secret("home"), at(1), at(2)) })
		expect("after use", at(1), "home")
		write(t, db, func(tx *store.Tx) error { return tx.EndSession(secret("phone")) })
		expect("signed out on the phone", monday, "desk", "home")
		write(t, db, func(tx *store.Tx) error { return tx.EndSessions(c.Ben.ID, secret("desk")) })
		expect("after a new password", monday, "desk")
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.Sessions(c.Ben.ID, monday)
			if len(all) != 1 || all[0].Device != "desk" {
				t.Errorf("his sessions are %+v", all)
			}
			return err
		})
		token := store.Token{Hash: secret("token"), Person: c.Ben.ID, Name: "script", Created: monday}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddToken(&token))
			c.Ben.Suspended = true
			return tx.SavePerson(&c.Ben)
		})
		expect("suspended", monday)
		read(t, db, func(tx *store.Tx) error {
			_, err := tx.Token(token.Hash)
			is(t, err, fault.Unsigned)
			return nil
		})
	})
}

func TestATokenIsEndedByItsOwner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		token := store.Token{Hash: secret("token"), Person: c.Ben.ID, Name: "script", Created: monday}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddToken(&token))
			must(t, tx.TouchToken(token.ID, at(1)))
			is(t, tx.EndToken(c.Cem.ID, token.ID, at(2)), fault.NotFound)
			found, err := tx.Token(token.Hash)
			must(t, err)
			if found.Name != "script" || !found.Used.Equal(at(1)) {
				t.Errorf("the token is %+v", found)
			}
			must(t, tx.EndToken(c.Ben.ID, token.ID, at(2)))
			_, err = tx.Token(token.Hash)
			is(t, err, fault.Unsigned)
			all, err := tx.Tokens(c.Ben.ID)
			if len(all) != 1 || !all[0].Ended.Equal(at(2)) {
				t.Errorf("Ben's tokens are %+v", all)
			}
			return err
		})
	})
}

func TestPasswordsAndSecondFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			if hash, err := tx.Password(c.Ben.ID); hash != "" || err != nil {
				t.Errorf("Ben has the password %q (%v)", hash, err)
			}
			must(t, tx.SetPassword(c.Ben.ID, "$argon2id$v=19$m=19456,t=2,p=1$abc"))
			must(t, tx.SetSecondFactor(c.Ben.ID, []byte("sealed")))
			if hash, err := tx.Password(c.Ben.ID); hash == "" || err != nil {
				t.Errorf("the password is gone (%v)", err)
			}
			for _, step := range []struct {
				n  int64
				ok bool
			}{{100, true}, {100, false}, {99, false}, {101, true}} {
				ok, err := tx.UseFactorStep(c.Ben.ID, step.n)
				must(t, err)
				if ok != step.ok {
					t.Errorf("step %d is accepted: %v, want %v", step.n, ok, step.ok)
				}
			}
			sealed, step, err := tx.SecondFactor(c.Ben.ID)
			if string(sealed) != "sealed" || step != 101 {
				t.Errorf("the factor is %q at step %d", sealed, step)
			}
			must(t, tx.SetPassword(c.Ben.ID, ""))
			return err
		})
	})
}

func TestAttemptsAreCountedInTheirWindow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, func(tx *store.Tx) error {
			for n := range int64(3) {
				count, err := tx.CountAttempt("sign-in maria", time.Hour, at(0.1))
				must(t, err)
				if count != n+1 {
					t.Errorf("attempt %d is counted as %d", n+1, count)
				}
			}
			for key, want := range map[string]int64{"sign-in maria": 3, "sign-in %": 0} {
				n, err := tx.Attempts(key, time.Hour, at(0.9))
				must(t, err)
				if n != want {
					t.Errorf("%s: %d attempts, want %d", key, n, want)
				}
			}
			n, err := tx.Attempts("sign-in maria", time.Hour, at(1))
			if n != 0 {
				t.Errorf("%d attempts in the next hour", n)
			}
			return err
		})
	})
}

func TestWhatHasEndedIsForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := furnish(t, db)
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.Forget(at(24*60)))
			if _, err := tx.Link(secret("none"), "sign-in"); !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
			n, err := tx.Attempts("sign-in maria", time.Hour, monday)
			must(t, err)
			sessions, err := tx.Sessions(c.Ben.ID, monday)
			must(t, err)
			_, err = tx.Link([32]byte{2}, "sign-in")
			is(t, err, fault.NotFound)
			first, _, err := tx.UseForm([32]byte{4}, 0, at(24*60))
			if n != 0 || len(sessions) != 0 || !first {
				t.Errorf("left are %d attempts, %d sessions, form used=%v", n, len(sessions), !first)
			}
			return err
		})
	})
}

// D7: a form that is sent again does nothing and leads where the first led.
func TestD7_AFormSentFiftyTimesDoesItOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		var wait sync.WaitGroup
		results := make([]string, 50)
		for i := range results {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					first, result, err := tx.UseForm(secret("form"), c.Maria.ID, monday)
					if err != nil || !first {
						results[i] = result
						return err
					}
					tk := c.Ticket("Redirect")
					if err := tx.InsertTicket(&tk); err != nil {
						return err
					}
					results[i] = "/tickets/1"
					return tx.FinishForm(secret("form"), "/tickets/1")
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := slices.Compact(results); len(got) != 1 || got[0] != "/tickets/1" {
			t.Errorf("the fifty were led to %q", got)
		}
		read(t, db, func(tx *store.Tx) error {
			page, err := tx.Tickets(c.Ana.Actor(), store.Filter{})
			if len(page.Items) != 1 {
				t.Errorf("there are %d tickets", len(page.Items))
			}
			return err
		})
	})
}

func TestADraftIsItsWritersOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		draft := store.Draft{Ticket: tk.ID, Person: c.Ben.ID, Kind: store.ReplyDraft, Body: "Dear", State: "pending", BaseAudit: 1, Updated: at(1)}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.SaveDraft(draft))
			draft.Body, draft.Updated = "Dear Maria", at(2)
			return tx.SaveDraft(draft)
		})
		write(t, db, func(tx *store.Tx) error {
			got, found, err := tx.Draft(c.Ben.Actor(), tk.ID, store.ReplyDraft)
			must(t, err)
			if !found || got != draft {
				t.Errorf("Ben's draft is %+v", got)
			}
			if _, found, err := tx.Draft(c.Ana.Actor(), tk.ID, store.ReplyDraft); found || err != nil {
				t.Errorf("Ana reads Ben's draft (%v)", err)
			}
			all, err := tx.Drafts(c.Ben.Actor())
			must(t, err)
			must(t, tx.DropDraft(tk.ID, c.Ben.ID, store.ReplyDraft))
			none, err := tx.Drafts(c.Ben.Actor())
			if len(all) != 1 || len(none) != 0 {
				t.Errorf("he has %d drafts, and %d after sending", len(all), len(none))
			}
			return err
		})
	})
}

func TestATaskIsMadeAndDoneOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk, other := open(t, db, c, "Redirect"), open(t, db, c, "Other")
		write(t, db, func(tx *store.Tx) error {
			task := store.Task{Key: "call/1", Ticket: tk.ID, Says: "call her", Rule: "calls", Created: monday, Due: at(2)}
			added, err := tx.AddTask(&task)
			must(t, err)
			again := task
			twice, err := tx.AddTask(&again)
			must(t, err)
			if !added || twice || again.ID != task.ID {
				t.Errorf("added=%v, again=%v with id %d", added, twice, again.ID)
			}
			page, err := tx.OpenTasks(c.Ben.Actor(), "", 10)
			must(t, err)
			if len(page.Items) != 1 || page.Items[0].Says != "call her" || !page.Items[0].Due.Equal(at(2)) {
				t.Errorf("open tasks are %+v", page.Items)
			}
			is(t, tx.DoTask(other.ID, task.ID, c.Ben.ID, at(1)), fault.NotFound)
			must(t, tx.DoTask(tk.ID, task.ID, c.Ben.ID, at(1)))
			is(t, tx.DoTask(tk.ID, task.ID, c.Ben.ID, at(1)), fault.NotFound)
			done, err := tx.Tasks(c.Ben.Actor(), tk.ID)
			must(t, err)
			page, err = tx.OpenTasks(c.Ben.Actor(), "", 10)
			if len(page.Items) != 0 || done[0].DoneBy != c.Ben.ID {
				t.Errorf("afterwards: open %+v, done %+v", page.Items, done)
			}
			return err
		})
	})
}

func TestThePolicyInForceIsTheLastWhoseTimeHasCome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		add := func(version string, effective time.Time) store.PolicyVersion {
			v := store.PolicyVersion{Brand: c.Brand.ID, Name: "support", Version: version, Source: "version: " + version, Effective: effective, Applied: monday, AppliedBy: c.Ana.ID}
			write(t, db, func(tx *store.Tx) error { return tx.AddPolicyVersion(&v) })
			return v
		}
		first := add("1", at(0))
		add("3", at(48))
		add("2", at(24))
		read(t, db, func(tx *store.Tx) error {
			for hours, want := range map[float64]string{0: "1", 23.9: "1", 24: "2", 48: "3"} {
				id, err := tx.PolicyAt(c.Brand.ID, at(hours))
				must(t, err)
				v, err := tx.PolicyVersion(id)
				must(t, err)
				if v.Version != want {
					t.Errorf("after %v hours version %s is in force, want %s", hours, v.Version, want)
				}
			}
			_, err := tx.PolicyAt(c.Brand.ID, at(-1))
			is(t, err, fault.NotFound)
			v, err := tx.PolicyVersion(first.ID)
			must(t, err)
			all, err := tx.PolicyVersions(c.Brand.ID)
			if v.Source != "version: 1" || v.AppliedBy != c.Ana.ID || len(all) != 3 || all[0].Version != "2" {
				t.Errorf("kept are %+v", all)
			}
			return err
		})
	})
}

func TestSettings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, func(tx *store.Tx) error {
			if v, err := tx.Setting("key"); v != nil || err != nil {
				t.Errorf("%q %v", v, err)
			}
			first, err := tx.AddSetting("key", []byte{1, 0, 255})
			must(t, err)
			second, err := tx.AddSetting("key", []byte{2})
			must(t, err)
			if string(first) != "\x01\x00\xff" || string(second) != string(first) {
				t.Errorf("two nodes keep %v and %v", first, second)
			}
			must(t, tx.SetSetting("key", []byte{3}))
			v, err := tx.Setting("key")
			must(t, err)
			if string(v) != "\x03" {
				t.Errorf("it is %v", v)
			}
			must(t, tx.DropSetting("key"))
			if v, err = tx.Setting("key"); v != nil {
				t.Errorf("after dropping it is %v", v)
			}
			return err
		})
	})
}

// A33: a ticket nobody has answered is part of the figure.
func TestFiguresCountWhatWasNotAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		answered := func(by string, after time.Duration) func(*ticket.Ticket) {
			return func(tk *ticket.Ticket) { tk.Memory.FirstReply, tk.Memory.FirstResponder = monday.Add(after), by }
		}
		open(t, db, c, "quick", answered("ben@larkspur.example", time.Hour))
		open(t, db, c, "slow", answered("CEM@larkspur.example", 30*time.Hour))
		open(t, db, c, "slow too", answered("cem@larkspur.example", 31*time.Hour))
		open(t, db, c, "not yet")
		open(t, db, c, "too old", func(tk *ticket.Ticket) { tk.Created = at(-1000) })
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.FirstReplies(c.Brand.ID, at(-1), at(1))
			must(t, err)
			unanswered := 0
			for _, a := range all {
				if a.Replied.IsZero() {
					unanswered++
				}
			}
			n, err := tx.CreatedBetween(c.Brand.ID, at(-1), at(1))
			must(t, err)
			if len(all) != 4 || unanswered != 1 || n != 4 {
				t.Errorf("%d tickets, %d of them unanswered, %d created", len(all), unanswered, n)
			}
			who, err := tx.UsualResponders(c.Maria.ID, at(-1))
			if len(who) != 2 || who[0].Person != c.Cem.ID || who[0].Tickets != 2 || who[1].Person != c.Ben.ID {
				t.Errorf("who answers Maria: %+v", who)
			}
			return err
		})
	})
}
