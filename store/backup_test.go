package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/community"
	"hark/engineers"
	"hark/fault"
	"hark/issue"
	"hark/promise"
	"hark/rota"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// furnish stores at least one row of every kind.
func furnish(t testing.TB, db *store.DB) *storetest.Cast {
	c := storetest.NewCast(t, db)
	sum, size, err := db.Blobs().Put(t.Context(), strings.NewReader("an invoice"))
	must(t, err)
	owned := stocked(t, db, c)
	first := open(t, db, c, "First")
	second := open(t, db, c, "Schöne Grüße 印刷", func(tk *ticket.Ticket) {
		tk.FollowUpOf, tk.Tags, tk.CCs = first.ID, []string{"billing"}, []ticket.Person{{ID: c.Tomas.ID}}
		tk.Memory.Targets = []promise.Target{{Rule: "question", Strength: promise.Promise, State: promise.Running, Started: monday, Due: at(4)}}
	})
	write(t, db, func(tx *store.Tx) error {
		for kind, id := range map[string]int64{"order": owned.order.ID, "licence": owned.shop.ID, "subscription": owned.hosting.ID, "project": owned.catalogue.ID} {
			_, err := tx.ShopTold(kind, id, monday)
			must(t, err)
		}
		must(t, tx.SaveRoundTrip(account.RoundTrip{Mailbox: c.Mailbox.ID, Outgoing: 1, Sent: monday, Back: at(1)}))
		must(t, tx.StepAside(store.Stuck{Ticket: first.ID, Tries: 1, Since: monday, Again: at(1), Says: "its policy cannot be read"}))
		first.FollowedBy = second.ID
		must(t, tx.SaveTicket(&first)) // which lets it go on, whatever it failed with
		must(t, tx.SaveOrganization(&account.Organization{Name: "Green Fund", Domains: []string{"greenfund.example"}}))
		version := store.PolicyVersion{Brand: c.Brand.ID, Name: "support", Version: "1", Source: "policy: hark/v1", Effective: monday, Applied: monday, WrittenBy: c.Ben.ID, Moves: true}
		must(t, tx.AddPolicyVersion(&version))
		must(t, tx.AddDecision(&account.Decision{Ticket: second.ID, Person: c.Maria.ID, Policy: version.ID, Level: "active", Row: "recent", Because: "Ordered", At: monday}))
		must(t, tx.AddChange(account.Change{About: "licence:12", What: "added", Source: account.ByHand, By: c.Ben.ID, At: monday}))
		must(t, tx.AddAnnouncement(store.Announcement{Version: version.ID, Brand: c.Brand.ID, Website: true, Mails: true, Said: monday, Until: at(48), Since: monday}))
		must(t, tx.AddComment(&ticket.Comment{Ticket: second.ID, Author: first.Requester, Public: true, Text: "with a file", Created: at(1), Attachments: []ticket.Attachment{{Name: "invoice.txt", Type: "text/plain", Size: size, SHA256: sum}}}))
		small, large := mailOf(c, "small \x00\xff"), mailOf(c, strings.Repeat("large ", store.RowSize/5))
		for _, in := range []*store.Incoming{&small, &large} {
			_, err := tx.AddIncoming(in)
			must(t, err)
		}
		out := mailTo(c, "reply/1")
		out.Ticket = second.ID
		_, err := tx.AddOutgoing(&out)
		must(t, err)
		_, err = tx.AddTask(&store.Task{Key: "call", Ticket: second.ID, Says: "call her", Created: monday})
		must(t, err)
		must(t, tx.AddSession(store.Session{Hash: [32]byte{1}, Person: c.Ben.ID, Created: monday, Seen: monday, Expires: at(24)}))
		must(t, tx.AddLink(store.Link{Hash: [32]byte{2}, Purpose: "sign-in", Person: c.Maria.ID, Created: monday, Expires: at(1)}))
		must(t, tx.AddToken(&store.Token{Hash: [32]byte{3}, Person: c.Ben.ID, Name: "script", Created: monday}))
		_, err = tx.CountAttempt("sign-in maria", time.Hour, monday)
		must(t, err)
		must(t, tx.SaveDraft(store.Draft{Ticket: second.ID, Person: c.Ben.ID, Kind: store.ReplyDraft, Body: "Dear", Updated: monday}))
		must(t, tx.ReplyLater(c.Ben.ID, second.ID, monday))
		_, err = tx.AddCall(&store.Call{Ticket: second.ID, Host: c.Ben.ID, Guest: second.Requester.ID, State: store.CallBooked, Start: at(1), End: at(2), Free: at(2), UID: "call-1", Exception: true, Created: monday})
		must(t, err)
		must(t, tx.SetCallFeed(c.Ben.ID, [32]byte{7}, monday))
		furnishHours(t, tx, c.Ben.ID)
		run := store.ProcedureRun{Brand: c.Brand.ID, Policy: version.ID, Procedure: "answer-a-call", Answers: []store.PhoneAnswer{{Step: "greet", Key: "1", At: monday}}, Began: monday}
		must(t, tx.SaveProcedureRun(&run))
		phone := store.PhoneCall{Brand: c.Brand.ID, Direction: "in", Number: "+12065550142", External: "exchange-1", State: store.PhoneOpen, Agent: c.Ben.ID, Run: run.ID, Person: c.Maria.ID, Began: monday, Answered: monday}
		must(t, tx.InsertPhoneCall(&phone))
		must(t, tx.AddPhoneEvent(&store.PhoneEvent{Call: phone.ID, Author: c.Ben.ID, At: monday, What: "begun", Says: "A call"}))
		must(t, tx.AddPhoneMail(phone.ID, out.ID, "about", "request-key"))
		card := store.Card{Brand: c.Brand.ID, Title: "Lists as spreadsheets", State: store.CardConsidered, Decided: monday, Created: monday}
		must(t, tx.SaveCard(&card))
		must(t, tx.AddCardDecision(store.CardDecision{Card: card.ID, Author: c.Ben.ID, State: store.CardConsidered, Reason: "Many ask for it", At: monday}))
		must(t, tx.JoinCard(second.ID, card.ID, monday))
		must(t, tx.Vote(card.ID, c.Tomas.ID, monday))
		entry := store.NewsEntry{Brand: c.Brand.ID, UID: "urn:uuid:1", State: store.NewsDraft, Kind: "new", Title: "Lists", Body: "**Lists**", Day: day(t, "2026-11-23"), Card: card.ID, Created: monday, Changed: monday}
		must(t, tx.SaveNewsEntry(&entry))
		entry.State, entry.Published, entry.Due = store.NewsPublished, monday, at(1)
		must(t, tx.SaveNewsEntry(&entry))
		known := issue.Issue{Brand: c.Brand.ID, Title: "Totals are off", Product: "PipeRocks CRM", Reach: issue.SystemWide, Severity: issue.Serious, State: issue.Open, Opened: monday}
		must(t, tx.AddIssue(&known))
		_, err = tx.LinkIssue(known.ID, second.ID, c.Ben.ID, monday)
		must(t, err)
		must(t, tx.AddIssueChanges(known.ID, ticket.Person{ID: c.Ben.ID}, monday, issue.Change{What: "opened"}))
		logged(t, tx, c, known)
		must(t, tx.TellOf(entry.ID, []int64{known.ID}))
		must(t, tx.AddNewsChange(store.NewsChange{Entry: entry.ID, Author: c.Ben.ID, What: "published it", At: monday}))
		_, err = tx.AskForNews(c.Brand.ID, c.Tomas.ID, monday, monday)
		must(t, err)
		must(t, tx.BeginNewsLetters(at(2)))
		_, err = tx.AddPhoneSignal(store.PhoneSignal{External: "exchange-1", Event: "1", What: "ringing", At: monday, Source: "exchange", Heard: monday, Said: store.PhoneSaid{From: "+12065550142", Agent: c.Ben.ID}})
		must(t, err)
		_, err = tx.AskRating(store.Rating{Ticket: second.ID, Brand: c.Brand.ID, Agent: c.Ben.ID, Asked: monday})
		must(t, err)
		must(t, tx.KeepFeedback(store.Feedback{Brand: c.Brand.ID, Source: "rating", Ticket: second.ID, Sense: "bad", Words: "Slow.", At: monday}))
		helped(t, tx, c, second.ID, sum)
		together(t, tx, c, second.ID, card.ID)
		merged(t, tx, c, second)
		must(t, tx.SetSetting("key", []byte{0, 1, 2}))
		_, _, err = tx.UseForm([32]byte{4}, c.Maria.ID, monday)
		must(t, err)
		must(t, tx.SetPassword(c.Ben.ID, "$argon2id$v=19$m=19456$abc"))
		return tx.MarkRead(second.ID, c.Ben.ID, monday)
	})
	return c
}

// helped stores an article, and everything that readers do to one.
func helped(t testing.TB, tx *store.Tx, c *storetest.Cast, ticketID int64, sum string) {
	t.Helper()
	section := article.Section{Brand: c.Brand.ID, Name: "First steps", Slug: "first-steps", Position: 1}
	must(t, tx.SaveHelpSection(&section))
	a := article.Article{Brand: c.Brand.ID, State: article.Published, Published: monday, Content: article.Content{
		Title: "How to sign in", Slug: "how-to-sign-in", Section: section.ID, Body: "Ask for a link.", Audience: article.ForAll}}
	must(t, tx.SaveArticle(&a))
	must(t, tx.AddArticleVersion(&store.ArticleVersion{Article: a.ID, Content: a.Content, Author: c.Ben.ID, At: monday}))
	must(t, tx.SaveArticleDraft(a.ID, store.WrittenDraft{Text: "{}", By: c.Ben.ID, At: monday}))
	must(t, tx.AddPicture(&article.Picture{Article: a.ID, Name: "button.png", Type: "image/png", Size: 10, SHA256: sum, By: c.Ben.ID, At: monday}))
	must(t, tx.AddLibraryFile(&store.LibraryFile{Brand: c.Brand.ID, Name: "Request a key.pdf", Type: "application/pdf", Size: 10, SHA256: sum, By: c.Ben.ID, At: monday}))
	must(t, tx.AddSaid(&article.Said{Article: a.ID, Author: c.Maria.ID, Name: "Maria", Text: "Thank you", At: monday, Shown: true}))
	must(t, tx.SaveVote(store.Vote{Article: a.ID, Reader: "person:1", Helped: true, At: monday}))
	must(t, tx.CountMiss(c.Brand.ID, "Widerruf", false, monday))
	must(t, tx.CameFrom(ticketID, a.ID))
}

// together stores a thread, and everything that people do to one.
func together(t testing.TB, tx *store.Tx, c *storetest.Cast, ticketID, card int64) {
	t.Helper()
	idea := community.Post{Brand: c.Brand.ID, Kind: community.Idea, Title: "Lists as spreadsheets", Body: "I copy them.", Author: c.Maria.ID, Name: "Maria", At: monday, State: community.Shown, Mails: true}
	must(t, tx.SavePost(&idea))
	answer := community.Post{Brand: c.Brand.ID, Thread: idea.ID, Kind: community.Answer, Body: "So do I.", Author: c.Tomas.ID, Name: "Tomas", At: monday, State: community.Shown}
	must(t, tx.SavePost(&answer))
	idea.Card, idea.Accepted, idea.Corrected = card, answer.ID, monday
	must(t, tx.SavePost(&idea))
	must(t, tx.PostDecided(idea.ID, c.Ben.ID, monday))
	must(t, tx.Want(idea.ID, c.Tomas.ID, monday))
	must(t, tx.ReportPost(store.PostReport{Post: answer.ID, Person: c.Maria.ID, Reason: "Too short", At: monday}))
	must(t, tx.TicketOfPost(answer.ID, ticketID))
}

func TestABackupIsRestoredIntoEitherDatabase(t *testing.T) {
	for _, from := range []string{store.SQLite, store.Postgres} {
		for _, to := range []string{store.SQLite, store.Postgres} {
			t.Run(from+" to "+to, func(t *testing.T) {
				old, fresh := opened(t, from), opened(t, to)
				c := furnish(t, old)
				file := filepath.Join(t.TempDir(), "desk.backup")
				must(t, old.Backup(t.Context(), file))
				must(t, fresh.Restore(t.Context(), file))
				again := filepath.Join(t.TempDir(), "again.backup")
				must(t, fresh.Backup(t.Context(), again))
				if before, after := contents(t, file), contents(t, again); before != after {
					t.Errorf("a backup of the restored desk differs:\n%s", firstDifference(before, after))
				}
				if findings := fresh.Doctor(t.Context(), monday); len(quiet(findings)) != 0 {
					t.Errorf("the doctor finds %+v", findings)
				}
				find(t, fresh, func(tx *store.Tx) error {
					page, err := tx.Search(c.Ben.Actor(), "grusse file", "", 10)
					must(t, err)
					if len(page.Items) != 1 {
						t.Errorf("the restored desk finds %v", subjects(page.Items))
					}
					hits, err := tx.SearchCustomers(c.Ben.Actor(), "meshop", 10)
					must(t, err)
					if len(hits) != 1 || hits[0].Licence.Site != "acme-shop.example" {
						t.Errorf("the restored desk finds the customers %v", found(hits))
					}
					return nil
				})
				if tk := open(t, fresh, c, "A new one"); tk.ID != 3 {
					t.Errorf("the next ticket has number %d, want 3", tk.ID)
				}
				is(t, fresh.Restore(t.Context(), file), fault.Conflict)
				is(t, old.Backup(t.Context(), file), fault.Conflict)
			})
		}
	}
}

func opened(t testing.TB, dialect string) *store.DB {
	if dialect == store.Postgres {
		return storetest.Postgres(t)
	}
	return storetest.SQLite(t)
}

// quiet leaves out what the test's PostgreSQL is told to do on purpose: it runs without fsync.
func quiet(all []store.Finding) []store.Finding {
	return slices.DeleteFunc(all, func(f store.Finding) bool { return f.What == "settings" })
}

// contents is what a backup says, in a form that does not depend on the database it came from.
func contents(t testing.TB, file string) string {
	var b strings.Builder
	must(t, store.Parts(t.Context(), file, func(name string, content []byte) error {
		if !strings.HasPrefix(name, "tables/") {
			return nil
		}
		for line := range bytes.Lines(content) {
			var row map[string]any
			decoder := json.NewDecoder(bytes.NewReader(line))
			decoder.UseNumber()
			must(t, decoder.Decode(&row))
			for column, v := range row {
				if yes, ok := v.(bool); ok {
					row[column] = map[bool]json.Number{false: "0", true: "1"}[yes]
				}
			}
			text, err := json.Marshal(row)
			must(t, err)
			fmt.Fprintf(&b, "%s %s\n", name, text)
		}
		return nil
	}))
	return b.String()
}

// logged is a known problem that the engineers have closed, and have not been told all of.
func logged(t testing.TB, tx *store.Tx, c *storetest.Cast, known issue.Issue) {
	t.Helper()
	there := store.Tracker{Project: engineers.Project{Kind: engineers.GitHub, Base: "https://github.com", Name: "acme/shop"}, Secret: []byte{5, 0}, Since: monday, By: c.Ben.ID}
	must(t, tx.AddTracker(&there))
	must(t, tx.HeardTracker(there.ID, at(1)))
	entry := engineers.Entry{Name: "812", URL: "https://github.com/acme/shop/issues/812", State: engineers.Closed, Says: "closed as completed", At: monday}
	must(t, tx.SaveIssueEntry(store.IssueEntry{Issue: known.ID, Tracker: there.ID, Entry: entry, Asks: true, Told: engineers.ToldOf(known), ToldAt: monday}))
	errand := store.Errand{Key: "comment/1", Issue: known.ID, Tracker: there.ID, What: store.CommentThere, Letter: engineers.Letter{Mark: "hark1"}, Tells: engineers.ToldOf(known), Created: monday, Due: at(2)}
	_, err := tx.AddErrand(&errand)
	must(t, err)
}

// furnishHours lets Ben write down when he can have calls, be away, and keep another calendar.
func furnishHours(t testing.TB, tx *store.Tx, ben int64) {
	t.Helper()
	must(t, tx.SaveCallHours(ben, rota.Hours{Zone: "Europe/Lisbon", Own: true, Week: rota.Week{"09:00-12:00"}, Dates: []rota.Day{{Date: day(t, "2026-12-24"), Why: "Christmas Eve"}}}, monday))
	must(t, tx.AddAbsence(&rota.Absence{Person: ben, From: day(t, "2026-12-01"), To: day(t, "2026-12-02"), Note: "Forum"}, monday))
	d := store.Diary{Person: ben, Name: "Home", Host: "calendar.example", Secret: []byte{1, 2}, Created: monday, Due: at(1)}
	must(t, tx.AddDiary(&d))
	must(t, tx.SetDiaryTimes(d.ID, []calendar.Span{{From: at(2), To: at(3)}, {From: at(5), To: at(6)}}))
}

// merged makes one of Tomas and of who wrote from his home, who was on copy.
func merged(t testing.TB, tx *store.Tx, c *storetest.Cast, copied ticket.Ticket) {
	t.Helper()
	home, err := tx.EnsureCustomer("tomas@home.example", "Tomas", c.Brand.ID, monday)
	must(t, err)
	copied.CCs = append(copied.CCs, ticket.Person{ID: home.ID})
	must(t, tx.SaveTicket(&copied))
	tomas, err := tx.Person(c.Tomas.ID)
	must(t, err)
	tomas.Addresses = append(tomas.Addresses, home.Addresses...)
	moved, err := tx.MergePeople(&tomas, home.ID, at(2))
	must(t, err)
	if len(moved) != 1 || moved[0] != copied.ID {
		t.Errorf("what moved is %v", moved)
	}
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return as[i] + "\n" + bs[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(as), len(bs))
}

func TestABackupNamesEveryTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		furnish(t, db)
		file := filepath.Join(t.TempDir(), "desk.backup")
		must(t, db.Backup(t.Context(), file))
		all := contents(t, file)
		for _, table := range store.TableNames(t.Context(), t, db) {
			if !strings.Contains(all, "tables/"+table+"/") {
				t.Errorf("%s is not in the backup", table)
			}
		}
	})
}

func TestADamagedBackupIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	db := storetest.SQLite(t)
	furnish(t, db)
	file := filepath.Join(t.TempDir(), "desk.backup")
	must(t, db.Backup(t.Context(), file))
	whole, err := os.ReadFile(file)
	must(t, err)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{"half": whole[:len(whole)/2], "empty": {}, "a bit flipped": flipped, "no backup at all": []byte("hello")} {
		bad := filepath.Join(t.TempDir(), "bad")
		must(t, os.WriteFile(bad, content, 0o600))
		fresh := storetest.SQLite(t)
		is(t, fresh.Restore(t.Context(), bad), fault.Invalid)
		read(t, fresh, func(tx *store.Tx) error {
			if brands, err := tx.Brands(); err != nil || len(brands) != 0 {
				t.Errorf("%s: %v, and %d brands were restored", name, err, len(brands))
			}
			return nil
		})
	}
	is(t, storetest.SQLite(t).Restore(t.Context(), filepath.Join(t.TempDir(), "absent")), fault.Invalid)
}

func TestABackupWithoutALostFileSaysSo(t *testing.T) {
	db := storetest.SQLite(t)
	c := furnish(t, db)
	read(t, db, func(tx *store.Tx) error {
		comments, err := tx.Comments(c.Ana.Actor(), 2)
		must(t, err)
		return db.Blobs().Remove(t.Context(), comments[1].Attachments[0].SHA256)
	})
	file := filepath.Join(t.TempDir(), "desk.backup")
	is(t, db.Backup(t.Context(), file), fault.Unavailable)
	must(t, storetest.SQLite(t).Restore(t.Context(), file))
	findings := db.Doctor(t.Context(), monday)
	if len(findings) != 1 || findings[0].What != "files" || !strings.Contains(findings[0].Says, "ticket 2 (invoice.txt)") {
		t.Errorf("the doctor finds %+v", findings)
	}
}

func TestTheDoctorSeesWorkThatNobodyDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := furnish(t, db)
		open(t, db, c, "Reminded", func(tk *ticket.Ticket) {
			tk.Memory.Timers = []promise.Timer{{Rule: "reminder-1", Anchor: monday, At: at(1)}}
		})
		if findings := quiet(db.Doctor(t.Context(), monday)); len(findings) != 0 {
			t.Errorf("on Monday the doctor finds %+v", findings)
		}
		var what []string
		for _, f := range quiet(db.Doctor(t.Context(), at(24))) {
			what = append(what, f.What)
			if f.Mend == "" {
				t.Errorf("no way to mend: %s", f.Says)
			}
		}
		if !slices.Equal(what, []string{"timers", "mail", "mail", "calendars"}) {
			t.Errorf("on Tuesday the doctor finds %v", what)
		}
	})
}
