package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/store"
	"hark/store/storetest"
	"hark/zendesk"
	"hark/zendesk/zendesktest"
)

// opensZendesk is an office from which the agency's Zendesk can be reached.
func opensZendesk(t *testing.T, db *store.DB) (*office, *zendesktest.Server) {
	t.Helper()
	s := zendesktest.Start(t)
	o := opened(t, db, func(o *office) {
		o.options.Past = func(address, email, token string) (desk.Past, error) {
			return s.Open(zendesk.Account{Address: address, Email: email, Token: token})
		}
	})
	return o, s
}

// until loads the page of imports again, as it does by itself, until it says something.
func (v *visitor) until(t *testing.T, says string) answer {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	page := v.get("/admin/import")
	for !strings.Contains(page.body, says) && time.Now().Before(deadline) {
		page = v.get("/admin/import")
	}
	page.sees(t, says)
	return page
}

// Ana has a Zendesk and wants to leave it. She looks, imports, and copies the report.
func TestAZendeskIsLookedAtAndThenImported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, s := opensZendesk(t, db)
		ana := o.as(o.ana)
		ana.get("/admin/import").sees(t, "Everything that a Zendesk holds", `name="token"`)
		leads(t, ana.post("/admin/import/zendesk", form("do", "look", "address", "agency", "email", zendesktest.Email, "token", zendesktest.Token, "brand", "")), "/admin/import#import-zendesk")
		looked := ana.until(t, "This is what would come from agency.zendesk.com. Nothing is stored yet.")
		looked.sees(t, "Import it", "Forget the token", "5007", "Its record cannot be read.", "<dd>11</dd>", "<dd>13</dd>")
		if strings.Contains(ana.get("/search?q=donation").body, "The donation page stays empty") {
			t.Error("looking stored a ticket")
		}
		ana.post("/admin/import/zendesk", form("do", "start"))
		done := ana.until(t, "Imported from agency.zendesk.com: 8 new tickets, 0 with something new, 0 here already.")
		done.sees(t, "The report as text, to copy", "11 tickets read: 8 new tickets, 0 added to what was there, 0 known already, 7 left out.", "film.mov")
		if strings.Contains(done.body, "Forget the token") {
			t.Error("the token is kept although the import is done")
		}
		ana.get("/search?q=donation").sees(t, "The donation page stays empty")
		ana.get("/search?q=tomas").sees(t, "Checkout fails since noon")

		// What a ticket of the past looks like: who wrote, what is theirs to say, where it comes from, and hostile words as words.
		ticket := ana.get(ana.found(t, "Checkout fails since noon"))
		ticket.sees(t, "imported", "The import", "names Priya Nair as the author of the message above", "brought this in from agency.zendesk.com, where it is ticket 5002 and was solved", "checkout.log", "The team", "Browser", "firefox")
		hostile := ana.get(ana.found(t, "onerror"))
		hostile.sees(t, "&lt;img src=x onerror=alert(1)&gt;")
		for _, bad := range []string{"<img src=x", "steal()", "javascript:alert"} {
			if strings.Contains(hostile.body, bad) {
				t.Errorf("the page has %s", bad)
			}
		}
		if s.Count("/attachments/") == 0 {
			t.Error("no file was fetched")
		}
	})
}

var ticketLink = regexp.MustCompile(`href="(/tickets/[0-9]+)`)

// found is the address of the ticket that a search finds.
func (v *visitor) found(t *testing.T, words string) string {
	t.Helper()
	body := v.get("/search?q=" + strings.ReplaceAll(words, " ", "+")).body
	found := ticketLink.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no ticket is found by %q", words)
	}
	return found[1]
}

// The token is in memory while it is needed: in no log, no database and on no page, also when it is wrong.
func TestTheTokenOfAnotherDeskIsNowhere(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir, Unsafe: true})
	o, s := opensZendesk(t, db)
	ana := o.as(o.ana)
	wrong := "wrong-" + zendesktest.Token
	refused := ana.post("/admin/import/zendesk", form("do", "look", "address", "agency.zendesk.com", "email", zendesktest.Email, "token", wrong))
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("answered %d, want 422", refused.status)
	}
	refused.sees(t, "does not accept this mail address with this token", "Paste the token again", `value="agency.zendesk.com"`)
	ana.post("/admin/import/zendesk", form("do", "look", "address", "agency", "email", zendesktest.Email, "token", zendesktest.Token))
	pages := []string{refused.body, ana.get("/admin/import").body, ana.until(t, "Nothing is stored yet.").body}
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/comments") {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	ana.post("/admin/import/zendesk", form("do", "start"))
	pages = append(pages, ana.until(t, "does not answer just now").body)
	o.must(db.Close())
	for what, text := range map[string]string{"a page": strings.Join(pages, "\n"), "the log": log.String(), "the database": everythingIn(t, dir)} {
		if strings.Contains(text, zendesktest.Token) {
			t.Errorf("the token stands in %s", what)
		}
	}
	if !strings.Contains(log.String(), "an import of another desk ended early") {
		t.Error("the log does not tell that the import ended")
	}
}

func TestAnImportOfAnotherDeskIsStoppedGoneOnWithAndForgotten(t *testing.T) {
	o, s := opensZendesk(t, sqlite(t))
	ana := o.as(o.ana)
	waits, goesOn := make(chan struct{}), make(chan struct{})
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/5004/comments") {
			select {
			case waits <- struct{}{}:
			default:
			}
			select {
			case <-goesOn:
			case <-r.Context().Done():
			}
		}
		return false
	}
	look := form("do", "look", "address", "agency", "email", zendesktest.Email, "token", zendesktest.Token)
	ana.post("/admin/import/zendesk", look)
	<-waits
	ana.get("/admin/import").sees(t, "Reading agency.zendesk.com. Nothing is stored.", "Import now", "Stop")
	ana.post("/admin/import/zendesk", form("do", "start"))
	<-waits
	ana.get("/admin/import").sees(t, "Importing agency.zendesk.com.", "Tickets of 12")
	if again := ana.post("/admin/import/zendesk", look); again.status != http.StatusUnprocessableEntity {
		t.Errorf("a second import beside the first: %d", again.status)
	}
	ana.post("/admin/import/zendesk", form("do", "stop"))
	ana.get("/admin/import").sees(t, "Stopped. What came in stays", "Go on")
	close(goesOn)
	ana.post("/admin/import/zendesk", form("do", "start"))
	ana.until(t, ": 5 new tickets, 0 with something new, 3 here already.")

	ana.post("/admin/import/zendesk", look)
	ana.until(t, "Import it")
	ana.post("/admin/import/zendesk", form("do", "forget"))
	asked := len(s.Asked())
	ana.post("/admin/import/zendesk", form("do", "start"))
	page := ana.get("/admin/import")
	if strings.Contains(page.body, "agency.zendesk.com") || len(s.Asked()) != asked {
		t.Error("what was forgotten is still used")
	}
}

func TestOnlyAdministratorsReachAnotherDesk(t *testing.T) {
	o, s := opensZendesk(t, sqlite(t))
	if refused := o.as(o.ben).post("/admin/import/zendesk", form("do", "look", "address", "agency", "email", zendesktest.Email, "token", zendesktest.Token)); refused.status != http.StatusNotFound {
		t.Errorf("Ben is answered %d", refused.status)
	}
	if len(s.Asked()) > 0 {
		t.Error("the other desk was asked")
	}
}

// everythingIn is every byte below a folder.
func everythingIn(t *testing.T, dir string) string {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil || all.Len() == 0 {
		t.Fatalf("%s cannot be read: %v", dir, err)
	}
	return all.String()
}
