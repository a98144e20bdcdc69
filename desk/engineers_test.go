package desk_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/engineers"
	"hark/fault"
	"hark/store"
	"hark/tracker/trackertest"
)

// workshop is an office whose engineers keep their work in a tracker.
type workshop struct {
	*office
	there   *trackertest.Server
	project engineers.Project
	id      int64 // of the tracker
	problem int64 // a known problem, which Maria has reported
	marias  int64
}

// unlogged is what Ben has written down before he tells the engineers.
func unlogged() desk.IssueText {
	text := slow
	text.Tracker, text.Happens = "", "Maria Lopez <maria@greenfund.example> sees it. Each line is rounded before it is added."
	return text
}

// eachWorkshop lets a story happen with each tracker, on every database.
func eachWorkshop(t *testing.T, address string, story func(*workshop)) {
	t.Helper()
	eachBug(t, func(o *office, id int64) {
		w := &workshop{office: o, there: trackertest.Start(o.t), marias: id}
		a := trackertest.Account(o.t, address)
		w.project = a.Project
		var err error
		w.id, err = o.desk.ConnectEngineers(ctx, o.ana.Actor(), desk.ConnectEngineers{Address: address, User: a.User, Token: a.Token})
		o.must(err)
		w.problem = o.writesDown(unlogged(), id)
		story(w)
	})
}

// logs is Ben pressing the button.
func (w *workshop) logs() {
	w.t.Helper()
	w.must(w.desk.LogIssue(ctx, w.ben.Actor(), w.problem))
}

// worker does what is due, and returns how much that was.
func (w *workshop) worker() int {
	w.t.Helper()
	did, err := w.desk.RunErrands(ctx, w.there.Open)
	w.must(err)
	return did
}

// secret is what the tracker signs with.
func (w *workshop) secret() string {
	w.t.Helper()
	all, err := w.desk.ConnectedEngineers(ctx, w.ana.Actor())
	w.must(err)
	if len(all) != 1 {
		w.t.Fatalf("%d trackers are connected", len(all))
	}
	return all[0].Secret
}

// hears is the tracker telling how an issue stands.
func (w *workshop) hears(d engineers.Delivery) {
	w.t.Helper()
	w.must(w.desk.HearEngineers(ctx, w.id, d))
}

// history is what happened to the known problem, the newest first, without who it was.
func (w *workshop) history() (all []string) {
	w.t.Helper()
	for _, c := range w.issue(w.problem).Changes {
		all = append(all, strings.TrimSuffix(c.What+" "+c.Is, " "))
	}
	return all
}

// From the button to the engineers' issue, and from there back: closed is shown, a person is asked, and no customer hears of anything
// until that person has seen it work (S0-23, S0-24).
func TestS0_23_AKnownProblemIsLoggedWithTheEngineers(t *testing.T) {
	for _, address := range trackertest.Addresses {
		t.Run(address, func(t *testing.T) {
			eachWorkshop(t, address, func(w *workshop) {
				before := w.issue(w.problem).There
				w.logs()
				w.logs() // pressed twice
				if w.worker() != 1 || w.worker() != 0 {
					t.Error("it is not one errand")
				}
				issues := w.there.Issues()
				if len(issues) != 1 || issues[0].Title != slow.Title {
					t.Fatalf("the engineers have %+v", issues)
				}
				text := issues[0].Text
				for _, want := range []string{"Each line is rounded", slow.Workaround, "Severity: serious.", "Reported by 1 customer on 1 ticket.", "https://agency.example/problems/"} {
					if !strings.Contains(text, want) {
						t.Errorf("they do not read %q:\n%s", want, text)
					}
				}
				if strings.Contains(text, "Maria") || strings.Contains(text, "greenfund") {
					t.Errorf("they read who the customer is:\n%s", text)
				}
				if first, _, _ := strings.Cut(before.Letter.Text, "("); !strings.HasPrefix(text, first) {
					t.Errorf("Ben was shown\n%s\nand this was sent\n%s", before.Letter.Text, text)
				}
				now := w.issue(w.problem)
				if now.Issue.Tracker == "" || now.Issue.Tracker != now.There.Entry.URL || now.There.Entry.State != engineers.Open {
					t.Errorf("the record leads to %q, %+v", now.Issue.Tracker, now.There.Entry)
				}

				w.there.Set(issues[0].Number, true)
				w.hears(w.there.Tells(w.project, issues[0].Number, w.secret()))
				w.at("2026-11-16 10:10")
				now = w.issue(w.problem)
				if !now.There.Entry.Asks || now.There.Entry.State != engineers.Closed || now.Issue.IsFixed() {
					t.Errorf("closed there, it stands as %+v, fixed %v", now.There.Entry, now.Issue.IsFixed())
				}
				w.toldIs("fixed")
				if !w.sees(w.ben.Actor(), w.marias).Issue.There.Asks || w.sees(w.ticketActor(w.marias), w.marias).Issue.There.Asks {
					t.Error("Ben does not see it at the ticket, or Maria does")
				}
				w.must(w.desk.ConfirmFix(ctx, w.ben.Actor(), desk.ConfirmFix{Issue: w.problem}))
				if w.issue(w.problem).There.Entry.Asks {
					t.Error("confirmed, and still it is asked")
				}
				if got := w.history()[:4]; got[0] != "fixed" || !strings.HasPrefix(got[1], "engineers ") || got[2] != "tracker "+now.Issue.Tracker || got[3] != "logged "+w.project.String() {
					t.Errorf("the history says %q", got)
				}
			})
		})
	}
}

// The process is killed when the engineers have the issue and the desk has not noted it. It is not opened a second time.
func TestKilledBetweenSendingAndNotingItIsLoggedOnce(t *testing.T) {
	for _, address := range trackertest.Addresses {
		t.Run(address, func(t *testing.T) {
			eachWorkshop(t, address, func(w *workshop) {
				w.logs()
				dying, kill := context.WithCancel(ctx)
				w.there.Stored = func() { w.there.Stored = nil; kill() }
				if _, err := w.desk.RunErrands(dying, w.there.Open); err == nil {
					t.Fatal("it was not killed")
				}
				if len(w.there.Issues()) != 1 || w.issue(w.problem).Issue.Tracker != "" {
					t.Fatalf("there are %d, and the record leads to %q", len(w.there.Issues()), w.issue(w.problem).Issue.Tracker)
				}
				if w.worker() != 0 {
					t.Error("another worker takes it while the first may still be at work")
				}
				w.logs() // Ben is impatient
				w.at("2026-11-16 10:10")
				if w.worker() != 1 || len(w.there.Issues()) != 1 {
					t.Errorf("there are %d issues", len(w.there.Issues()))
				}
				if w.issue(w.problem).Issue.Tracker == "" {
					t.Error("its address did not come back")
				}
			})
		})
	}
}

// What is forged, repeated, of another project, too old or to nobody changes nothing, and nobody can tell it from what is heard.
func TestForgedAndRepeatedDeliveriesChangeNothing(t *testing.T) {
	for _, address := range trackertest.Addresses {
		t.Run(address, func(t *testing.T) {
			eachWorkshop(t, address, func(w *workshop) {
				w.logs()
				w.worker()
				number, secret := w.there.Issues()[0].Number, w.secret()
				stands := func() string {
					e := w.issue(w.problem).There.Entry
					return string(e.State) + " " + e.Says + " " + e.At.String()
				}
				unchanged := func(why string, do func()) {
					t.Helper()
					before, changes := stands(), len(w.history())
					if do(); stands() != before || len(w.history()) != changes {
						t.Errorf("%s: %s became %s", why, before, stands())
					}
				}
				w.there.Set(number, true)
				closed := w.there.Tells(w.project, number, secret)
				unchanged("another secret", func() { w.hears(w.there.Tells(w.project, number, secret+"0")) })
				unchanged("no secret", func() { w.hears(w.there.Tells(w.project, number, "")) })
				unchanged("no header", func() {
					w.hears(engineers.Delivery{Body: closed.Body, Header: http.Header{}.Get})
				})
				unchanged("another project", func() {
					other := w.project
					other.Name += "X"
					w.hears(w.there.Tells(other, number, secret))
				})
				unchanged("nothing to read", func() { w.hears(trackertest.Signed(w.project.Kind, []byte("{"), secret)) })
				unchanged("a tracker that is not there", func() { w.must(w.desk.HearEngineers(ctx, w.id+1, closed)) })
				w.hears(closed)
				if !strings.HasPrefix(stands(), "closed ") {
					t.Fatalf("the right one is not heard: %s", stands())
				}
				unchanged("the same again", func() { w.hears(closed) })
				w.there.Set(number, false)
				w.hears(w.there.Tells(w.project, number, secret))
				if !strings.HasPrefix(stands(), "open ") || w.issue(w.problem).There.Entry.Asks {
					t.Errorf("opened again, it stands as %s", stands())
				}
				unchanged("the old one, in other bytes", func() {
					w.hears(trackertest.Signed(w.project.Kind, append(slices.Clone(closed.Body), ' '), secret))
				})
				w.at("2027-01-20 09:00") // by then it is forgotten which were heard
				w.must(w.desk.Forget(ctx))
				unchanged("the same, two months later", func() { w.hears(closed) })
				w.must(w.desk.DisconnectEngineers(ctx, w.ana.Actor(), w.id))
				w.there.Set(number, true)
				unchanged("after it was taken out", func() { w.hears(w.there.Tells(w.project, number, secret)) })
			})
		})
	}
}

// An issue that the engineers have already is entered by its address: the desk asks how it stands, and hears of it from then on.
func TestAnIssueThatIsThereIsFollowed(t *testing.T) {
	for _, address := range trackertest.Addresses {
		t.Run(address, func(t *testing.T) {
			eachWorkshop(t, address, func(w *workshop) {
				number := w.there.Add("Sums are off")
				w.there.Set(number, true)
				name := itoa(int64(number))
				if w.project.Kind == engineers.Jira {
					name = w.project.Name + "-" + name
				}
				text := unlogged()
				text.Tracker = w.project.EntryURL(name)
				w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: text}))
				if got := w.issue(w.problem).There; !got.Linked || got.Entry.Name != name || got.Entry.State != engineers.Unheard {
					t.Fatalf("it stands as %+v", got)
				}
				w.worker()
				if got := w.issue(w.problem).There.Entry; got.State != engineers.Closed || !got.Asks {
					t.Errorf("asked, it stands as %+v", got)
				}
				if err := w.desk.LogIssue(ctx, w.ben.Actor(), w.problem); !fault.Is(err, fault.Conflict) {
					t.Errorf("logging it a second time: %v", err)
				}
				text.Tracker = "https://wiki.agency.example/rounding"
				w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: text}))
				if got := w.issue(w.problem); got.There.Linked || got.Issue.Tracker != text.Tracker {
					t.Errorf("a plain address stands as %+v", got.There)
				}
			})
		})
	}
}

// Those that were written down before the tracker was connected are followed from then on.
func TestAddressesFromBeforeAreFollowed(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		text := slow
		text.Tracker = trackertest.GitHub + "/issues/812"
		problem := o.writesDown(text, id)
		_, err := o.desk.ConnectEngineers(ctx, o.ana.Actor(), desk.ConnectEngineers{Address: trackertest.GitHub, Token: trackertest.Token})
		o.must(err)
		if got := o.issue(problem).There; !got.Linked || got.Entry.Name != "812" {
			t.Errorf("it stands as %+v", got)
		}
	})
}

// Ten customers in an hour are one comment, and the next one comes a day later at the earliest.
func TestEngineersHearOfMoreCustomersOnceADay(t *testing.T) {
	eachWorkshop(t, trackertest.GitHub, func(w *workshop) {
		w.logs()
		w.worker()
		comments := func() []string { return w.there.Issues()[0].Comments }
		w.links(w.problem, w.bug(jonas, "The sum is off"), w.bug("Nora Wells <nora@quayside.example>", "Cents missing"))
		w.at("2026-11-16 18:00")
		if w.worker(); len(comments()) != 0 {
			t.Fatalf("on the day it was logged they read %q", comments())
		}
		w.at("2026-11-17 11:00")
		w.worker()
		w.worker()
		if len(comments()) != 1 || !strings.HasPrefix(comments()[0], "Reported by 3 customers on 3 tickets now; it was 1 customer when you heard of it last.") {
			t.Fatalf("they read %q", comments())
		}
		critical := unlogged()
		critical.Severity, critical.Tracker = "critical", w.issue(w.problem).Issue.Tracker
		w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: critical}))
		w.at("2026-11-18 10:00")
		if w.worker(); len(comments()) != 1 {
			t.Errorf("within a day they read %q", comments())
		}
		w.at("2026-11-18 12:00")
		w.worker()
		if len(comments()) != 2 || !strings.HasPrefix(comments()[1], "Severity: critical. It was serious.") {
			t.Errorf("they read %q", comments())
		}
		w.at("2026-11-30 09:00")
		if w.worker() != 0 {
			t.Error("without news something is said")
		}
		minor := critical
		minor.Severity = "minor"
		w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: minor}))
		w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: critical}))
		w.at("2026-11-30 12:00")
		if w.worker(); len(comments()) != 2 {
			t.Errorf("what was taken back is told: %q", comments())
		}
		w.must(w.desk.ConfirmFix(ctx, w.ben.Actor(), desk.ConfirmFix{Issue: w.problem}))
		w.at("2026-12-01 12:00")
		w.worker()
		if len(comments()) != 3 || !strings.HasPrefix(comments()[2], "Support has seen it work in production.") {
			t.Errorf("they read %q", comments())
		}
	})
}

// Trouble that passes is waited out; for any other somebody has to do something, is told what, and presses again.
func TestTroubleWithTheEngineersTracker(t *testing.T) {
	eachWorkshop(t, trackertest.GitLab, func(w *workshop) {
		status := 503
		w.there.Before = func(a http.ResponseWriter, _ *http.Request) bool { a.WriteHeader(status); return true }
		w.logs()
		w.worker()
		got := w.issue(w.problem).There
		if got.Errand.Due.IsZero() || !strings.Contains(got.Errand.Trouble, "answers 503") {
			t.Fatalf("it waits as %+v", got.Errand)
		}
		if w.worker() != 0 {
			t.Error("it is tried again at once")
		}
		status = 403
		w.at("2026-11-16 10:05")
		w.worker()
		if got = w.issue(w.problem).There; !got.Errand.IsGivenUp() || !strings.Contains(got.Errand.Trouble, "needs to read and write issues") {
			t.Fatalf("it stands as %+v", got.Errand)
		}
		w.at("2026-11-18 12:00")
		if w.worker() != 0 {
			t.Error("it is tried again although it was given up")
		}
		all, err := w.desk.ConnectedEngineers(ctx, w.ana.Actor())
		w.must(err)
		if !strings.Contains(all[0].Trouble, "needs to read and write issues") {
			t.Errorf("the administrator reads %q", all[0].Trouble)
		}
		w.there.Before = nil
		w.logs()
		w.worker()
		if len(w.there.Issues()) != 1 || w.issue(w.problem).Issue.Tracker == "" {
			t.Errorf("pressed again there are %d", len(w.there.Issues()))
		}
	})
}

// A token goes to the project it was given for. Whoever names another project names another token, and the one before is forgotten.
func TestATokenGoesToItsProjectAlone(t *testing.T) {
	eachWorkshop(t, trackertest.GitHub, func(w *workshop) {
		elsewhere := desk.ConnectEngineers{ID: w.id, Address: "https://github.evil.example/agency/shop"}
		if _, err := w.desk.ConnectEngineers(ctx, w.ana.Actor(), elsewhere); desk.MisfilledField(err) != "token" {
			t.Errorf("without a token it is connected elsewhere: %v", err)
		}
		same, err := w.desk.ConnectEngineers(ctx, w.ana.Actor(), desk.ConnectEngineers{ID: w.id, Address: trackertest.GitHub + "/issues"})
		if err != nil || same != w.id {
			t.Errorf("the same project without a token: %d, %v", same, err)
		}
		says, err := w.desk.TryEngineers(ctx, w.ana.Actor(), w.id, w.there.Open)
		if err != nil || !strings.Contains(says, "lets the token read agency/shop") {
			t.Errorf("the token that was kept: %q, %v", says, err)
		}
		w.must(w.db.Read(ctx, func(tx *store.Tx) error {
			kept, err := tx.Tracker(w.id)
			if strings.Contains(string(kept.Secret), trackertest.Token) {
				t.Error("the token stands in the database as it is")
			}
			return err
		}))
		before := w.secret()
		elsewhere.Address, elsewhere.Token = trackertest.GitLab, "another-token"
		other, err := w.desk.ConnectEngineers(ctx, w.ana.Actor(), elsewhere)
		w.must(err)
		if other == w.id || w.secret() == before {
			t.Errorf("another project is the same tracker (%d), or signs with the same secret", other)
		}
	})
}

// A brand has its own tracker, or that of the house; a second one is refused. Only administrators connect them.
func TestABrandHasOneTracker(t *testing.T) {
	eachWorkshop(t, trackertest.GitHub, func(w *workshop) {
		again := desk.ConnectEngineers{Address: trackertest.GitLab, Token: trackertest.Token}
		if _, err := w.desk.ConnectEngineers(ctx, w.ana.Actor(), again); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second one of the house: %v", err)
		}
		if _, err := w.desk.ConnectEngineers(ctx, w.ben.Actor(), again); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Ben connects one: %v", err)
		}
		if err := w.desk.DisconnectEngineers(ctx, w.ben.Actor(), w.id); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Ben takes one out: %v", err)
		}
		cork, err := w.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Cork Cycles", Slug: "cork"})
		w.must(err)
		again.Brand = w.brand.ID
		_, err = w.desk.ConnectEngineers(ctx, w.ana.Actor(), again)
		w.must(err)
		again.Brand = cork.ID + 100
		if _, err := w.desk.ConnectEngineers(ctx, w.ana.Actor(), again); !fault.Is(err, fault.NotFound) {
			t.Errorf("of a brand that is not there: %v", err)
		}
		w.logs()
		w.worker()
		if got := w.issue(w.problem).Issue.Tracker; !strings.HasPrefix(got, trackertest.GitLab) {
			t.Errorf("it is logged at %q", got)
		}
	})
}

// Who may not answer customers may not tell the engineers either, and without a tracker there is nobody to tell.
func TestLoggingIsRefused(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(unlogged(), id)
		if err := o.desk.LogIssue(ctx, o.ben.Actor(), problem); !fault.Is(err, fault.Refused) {
			t.Errorf("without a tracker: %v", err)
		}
		dora := o.hire("dora@agency.example", "Dora Lind", access.Light)
		if err := o.desk.LogIssue(ctx, dora.Actor(), problem); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Dora reads along: %v", err)
		}
		if err := o.desk.LogIssue(ctx, o.ben.Actor(), problem+100); !fault.Is(err, fault.NotFound) {
			t.Errorf("what is not there: %v", err)
		}
	})
}

// Whoever takes the tracker out and connects it again, or gives the record another address and then the old one back, has engineers who hear
// of the next customer.
func TestEngineersHearAgainAfterTheyWereAway(t *testing.T) {
	for why, leave := range map[string]func(w *workshop){
		"connected again": func(w *workshop) {
			w.must(w.desk.DisconnectEngineers(ctx, w.ana.Actor(), w.id))
			a := trackertest.Account(w.t, trackertest.GitHub)
			var err error
			w.id, err = w.desk.ConnectEngineers(ctx, w.ana.Actor(), desk.ConnectEngineers{Address: trackertest.GitHub, User: a.User, Token: a.Token})
			w.must(err)
		},
		"there and back": func(w *workshop) {
			text := unlogged()
			for _, text.Tracker = range []string{"https://wiki.agency.example/rounding", w.issue(w.problem).Issue.Tracker} {
				w.must(w.desk.ChangeIssue(ctx, w.ben.Actor(), desk.ChangeIssue{Issue: w.problem, Text: text}))
			}
		},
	} {
		t.Run(why, func(t *testing.T) {
			eachWorkshop(t, trackertest.GitHub, func(w *workshop) {
				comments := func() []string { return w.there.Issues()[0].Comments }
				w.logs()
				w.worker()
				w.links(w.problem, w.bug(jonas, "The sum is off"))
				w.at("2026-11-17 12:00")
				w.worker()
				if len(comments()) != 1 {
					t.Fatalf("before, they read %q", comments())
				}
				leave(w)
				w.worker()
				w.at("2026-11-19 12:00")
				w.links(w.problem, w.bug("Nora Wells <nora@quayside.example>", "Cents missing"))
				w.at("2026-11-22 12:00")
				w.worker()
				w.worker()
				if len(comments()) != 2 || !strings.HasPrefix(comments()[1], "Reported by 3 customers on 3 tickets now; it was 2 customers") {
					t.Errorf("of Nora they read %q", comments())
				}
			})
		})
	}
}

// A robot labels the issue and closes it within one second, and tells of both. Ben is asked to look, in whichever order they come; that we
// ask how it stands ends it, and says nothing a second time.
func TestClosedInTheSecondInWhichItWasLabelled(t *testing.T) {
	eachWorkshop(t, trackertest.GitHub, func(w *workshop) {
		w.logs()
		w.worker()
		number := w.there.Issues()[0].Number
		w.there.Set(number, true)
		closed := w.there.Tells(w.project, number, w.secret())
		labelled := trackertest.Signed(w.project.Kind, []byte(strings.Replace(string(closed.Body), `"state":"closed"`, `"state":"open"`, 1)), w.secret())
		w.hears(labelled)
		if got := w.issue(w.problem).There.Entry; got.Asks || got.State != engineers.Open {
			t.Fatalf("labelled, it stands as %+v", got)
		}
		w.hears(closed)
		if w.worker() != 1 || w.worker() != 0 {
			t.Error("it is not asked once how it stands")
		}
		if got := w.issue(w.problem).There.Entry; !got.Asks || got.State != engineers.Closed {
			t.Errorf("closed, it stands as %+v", got)
		}
		w.hears(trackertest.Signed(w.project.Kind, append(labelled.Body, ' '), w.secret()))
		w.worker()
		if got := w.issue(w.problem).There.Entry; !got.Asks || got.State != engineers.Closed || w.worker() != 0 {
			t.Errorf("told the other way round, it stands as %+v", got)
		}
	})
}

// Of ten thousand reporters every one is looked for, and their organisation: the last by alphabet as well.
func TestEngineersReadNoNameOfAnyReporter(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.db.Write(ctx, func(tx *store.Tx) error {
			return tx.SaveOrganization(&account.Organization{Name: "Quayside Boats Ltd", Domains: []string{"quayside.example"}})
		}))
		a := trackertest.Account(o.t, trackertest.GitHub)
		_, err := o.desk.ConnectEngineers(ctx, o.ana.Actor(), desk.ConnectEngineers{Address: trackertest.GitHub, User: a.User, Token: a.Token})
		o.must(err)
		text := unlogged()
		text.Happens = "Zoe writes that customers of Quayside Boats lose cents. The issue is with maximum sums."
		problem := o.writesDown(text, id)
		o.links(problem, o.bug("Zoe Maxwell <zoe@quayside.example>", "Cents missing"))
		o.links(problem, o.bug("Tom Sue Max <tom@quayside.example>", "Cents missing"))
		letter := o.issue(problem).There.Letter.Text
		if want := "> (a customer) writes that customers of (an organisation) lose cents. The issue is with maximum sums."; !strings.Contains(letter, want) {
			t.Errorf("they read\n%s", letter)
		}
	})
}
