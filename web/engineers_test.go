package web_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hark/engineers"
	"hark/store"
	"hark/tracker/trackertest"
)

// workshop is an office whose engineers keep their work in a tracker.
type workshop struct {
	*followed
	t     *testing.T
	there *trackertest.Server
}

func eachWorkshop(t *testing.T, story func(t *testing.T, w *workshop)) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		w := &workshop{followed: o, t: t, there: trackertest.Start(t)}
		o.options.Engineers = w.there.Open
		o.opens()
		story(t, w)
	})
}

// connects is Ana filling the form in.
func (w *workshop) connects(address string) answer {
	w.t.Helper()
	return w.as(w.ana).post("/admin/engineers/new", form("address", address, "kind", "", "user", trackertest.User, "token", trackertest.Token, "do", "save"))
}

// connected is one that works, with where it is changed and what it signs with.
func (w *workshop) connected(address string) (path, secret string) {
	w.t.Helper()
	did := w.connects(address)
	if path = did.header.Get("Location"); did.status != http.StatusSeeOther {
		w.t.Fatalf("connecting answers %d: %.300s", did.status, text(did.body))
	}
	return path, regexp.MustCompile(`<code>([0-9a-f]{64})</code>`).FindStringSubmatch(w.as(w.ana).get(path).body)[1]
}

// tells is anybody sending something to where a tracker sends.
func (w *workshop) tells(path string, d engineers.Delivery) answer {
	w.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+path, bytes.NewReader(d.Body))
	w.must(err)
	for _, name := range []string{"X-Hub-Signature-256", "X-Hub-Signature", "X-Gitlab-Token"} {
		if value := d.Header(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	got, err := http.DefaultClient.Do(request)
	w.must(err)
	defer got.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(got.Body)
	w.must(err)
	return answer{status: got.StatusCode, header: got.Header, body: body.String()}
}

// worker does what is due.
func (w *workshop) worker() {
	w.t.Helper()
	_, err := w.desk.RunErrands(ctx, w.there.Open)
	w.must(err)
}

// Ana connects GitHub and tries it. Ben sees what the engineers will read, sends it, and finds the way to their issue; when they have
// closed it he is asked whether it works.
func TestS0_23_FromTheProblemToTheEngineersAndBack(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		ana, ben := w.as(w.ana), w.as(w.ben)
		ana.get("/admin/engineers").reads(t, "No tracker is connected", "Connect a tracker")
		tracker, secret := w.connected(trackertest.GitHub)
		ana.get(tracker).reads(t, "agency/shop at github.com", "One is stored, sealed, for this project alone.", "/api/engineers/1", "Nothing was heard from it yet.", "In GitHub, under the repository's Settings, Webhooks")
		ana.get(tracker).never(t, trackertest.Token)
		tried := ana.post(tracker, form("address", trackertest.GitHub, "kind", "github", "do", "try"))
		tried.reads(t, "It works", "The tracker at github.com lets the token read agency/shop. Issues are switched on.")

		record := ben.post("/problems/new", form("ticket", number(w.id), "key", "one form", "title", "Totals are off by a few cents", "reach", "system-wide", "severity", "serious",
			"happens", "Maria Lopez sees it: each line is rounded.", "workaround", "Export the list.")).header.Get("Location")
		ben.get(record).reads(t, "Log it with the engineers", "agency/shop at github.com gets an issue with these words.", "(a customer) sees it: each line is rounded.", "Reported by 1 customer on 1 ticket.")
		if did := ben.post(record+"/log", nil); did.status != http.StatusSeeOther {
			t.Fatalf("logging answers %d: %.300s", did.status, text(did.body))
		}
		waits := ben.get(record)
		waits.reads(t, "On its way to agency/shop at github.com.", "Ben Okafor had it logged with the engineers: agency/shop at github.com")
		if waits.header.Get("Refresh") == "" {
			t.Error("the page does not look again by itself")
		}
		w.worker()
		ben.get(record).reads(t, "#812 Open", "They say so since", "Ben Okafor set the engineers' page: "+trackertest.GitHub+"/issues/812")
		ben.post(record+"/log", nil).reads(t, "The engineers have it already")

		w.there.Set(812, true)
		project := trackertest.Account(t, trackertest.GitHub).Project
		if got := w.tells("/api/engineers/1", w.there.Tells(project, 812, secret)); got.status != http.StatusNoContent {
			t.Fatalf("a delivery is answered with %d", got.status)
		}
		ben.get(record).reads(t, "The engineers closed it. Does it work for customers?", "#812 Closed as completed", "The engineers say: closed as completed", "Confirm the fix")
		ben.get("/problems").reads(t, "The engineers closed it: does it work?")
		ben.get("/tickets/"+number(w.id)).reads(t, "The engineers closed it; nobody has seen it work yet.")
		w.page().never(t, "engineers", "github")

		w.there.Decline(812, "not_planned")
		if got := w.tells("/api/engineers/1", w.there.Tells(project, 812, secret)); got.status != http.StatusNoContent {
			t.Fatalf("a delivery is answered with %d", got.status)
		}
		declined := ben.get(record)
		declined.reads(t, "The engineers will not do it. What do customers hear? They say: closed as not planned.")
		declined.never(t, "Does it work for customers?", "To the fix")
		ben.get("/problems").reads(t, "The engineers will not do it: what do customers hear?")
		ben.get("/tickets/"+number(w.id)).reads(t, "The engineers will not do it; its customers have not heard of that yet.")
		w.there.Decline(812, "")
		if got := w.tells("/api/engineers/1", w.there.Tells(project, 812, secret)); got.status != http.StatusNoContent {
			t.Fatalf("a delivery is answered with %d", got.status)
		}
		ana.get("/admin/engineers").reads(t, "agency/shop GitHub at github.com All brands 1 known problem Heard from it: Mon 16 Nov 2026")

		if did := ben.post(record+"/fixed", form("announcement", "")); did.status != http.StatusSeeOther {
			t.Fatalf("confirming answers %d", did.status)
		}
		ben.get("/problems").never(t, "does it work?")
		if did := ana.post(tracker, form("do", "end")); did.status != http.StatusSeeOther {
			t.Fatalf("taking it out answers %d", did.status)
		}
		ana.get("/admin/engineers").reads(t, "No tracker is connected")
		ben.get(record).reads(t, "#812 Closed as completed")
	})
}

// What cannot be connected comes back with what was typed, except for the token.
func TestATrackerThatCannotBeConnectedComesBack(t *testing.T) {
	eachWorkshop(t, func(t *testing.T, w *workshop) {
		for address, says := range map[string]string{
			"agency/shop": "This is no address of a project; copy it from your browser", "http://github.com/agency/shop": "This is no address of a project",
			"https://code.agency.example/shop": "The address does not say whether this is GitHub, GitLab or Jira; choose it.",
		} {
			refused := w.connects(address)
			refused.reads(t, says)
			refused.never(t, trackertest.Token)
			if refused.status < 400 || refused.status >= 500 || !strings.Contains(refused.body, address) {
				t.Errorf("%s answers %d, or is not there any more", address, refused.status)
			}
		}
		w.connected(trackertest.GitHub)
		w.connects(trackertest.GitLab).reads(t, "Another project is connected there already: agency/shop at github.com; change that one, or take it out.")
		w.there.Before = func(a http.ResponseWriter, _ *http.Request) bool { a.WriteHeader(401); return true }
		w.as(w.ana).post("/admin/engineers/1", form("address", trackertest.GitHub, "do", "try")).reads(t, "It does not work yet.", "The tracker at github.com does not accept the token")
	})
}

// Forged, repeated, of another project, too large, to a tracker that is not there: each is answered as the right one is, and changes nothing.
func TestForgedDeliveriesChangeNothingAndAnswerAlike(t *testing.T) {
	for _, address := range trackertest.Addresses {
		eachWorkshop(t, func(t *testing.T, w *workshop) {
			_, secret := w.connected(address)
			project := trackertest.Account(t, address).Project
			record := w.writesDown()
			edited := form(known()...)
			edited.Del("tracker")
			w.as(w.ben).post(record+"/edit", edited)
			w.as(w.ben).post(record+"/log", nil)
			w.worker()
			w.there.Set(812, true)
			right := w.there.Tells(project, 812, secret)
			other := project
			other.Name += "X"
			large := trackertest.Signed(project.Kind, append(bytes.Repeat([]byte(" "), 1<<20), right.Body...), secret)
			forged := map[string]engineers.Delivery{
				"/api/engineers/1": w.there.Tells(project, 812, "guessed"), "/api/engineers/1?": w.there.Tells(other, 812, secret), "/api/engineers/1?large": large,
				"/api/engineers/2": right, "/api/engineers/1?empty": trackertest.Signed(project.Kind, nil, secret), "/api/engineers/none": right,
			}
			before := text(w.as(w.ben).get(record).body)
			wrong := map[string]answer{}
			for path, d := range forged {
				wrong[path] = w.tells(path, d)
			}
			if after := text(w.as(w.ben).get(record).body); after != before {
				t.Errorf("%s: something has changed:\n%s\n%s", address, before, after)
			}
			heard := w.tells("/api/engineers/1", right)
			w.as(w.ben).get(record).reads(t, "The engineers closed it. Does it work for customers?")
			wrong["again"] = w.tells("/api/engineers/1", right)
			for path, got := range wrong {
				if got.status != heard.status || got.body != heard.body || len(got.header) != len(heard.header) {
					t.Errorf("%s: %s is answered with %d %q %v, and the right one with %d %q %v", address, path, got.status, got.body, got.header, heard.status, heard.body, heard.header)
				}
			}
			var entries int64
			w.must(w.db.Read(ctx, func(tx *store.Tx) (err error) {
				entries, err = tx.CountIssueEntries(1)
				return err
			}))
			if entries != 1 {
				t.Errorf("%d entries are kept", entries)
			}
		})
	}
}
