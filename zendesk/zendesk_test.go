package zendesk_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/zendesk"
	"hark/zendesk/zendesktest"
)

var ctx = context.Background()

func TestAnAddressIsAZendeskOrNothing(t *testing.T) {
	for _, good := range []string{"agency", "agency.zendesk.com", " https://Agency.Zendesk.com/agent/dashboard "} {
		client, err := zendesk.Open(zendesk.Account{Address: good, Email: "ana@agency.example", Token: "0123456789"}, zendesk.Wire{})
		if err != nil || client.Name() != "agency.zendesk.com" {
			t.Errorf("%q is %v, %v", good, client, err)
		}
	}
	for _, bad := range []string{
		"", "agency.example", "zendesk.com", ".zendesk.com", "http://agency.zendesk.com", "agency.zendesk.com.evil.example", "agency.zendesk.com:8443", "evil.example#.zendesk.com",
		"user@agency.zendesk.com", "a.b.zendesk.com", "127.0.0.1", "-.zendesk.com", "agency.zendesk.com\nHost: evil",
	} {
		if client, err := zendesk.Open(zendesk.Account{Address: bad, Email: "ana@agency.example", Token: "0123456789"}, zendesk.Wire{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is taken for %v (%v)", bad, client, err)
		}
	}
	for _, bad := range []zendesk.Account{{Address: "agency", Email: "ana", Token: "0123456789"}, {Address: "agency", Email: "a:b@agency.example", Token: "0123456789"}, {Address: "agency", Email: "ana@agency.example", Token: "short"}, {Address: "agency", Email: "ana@agency.example", Token: "with a blank in it"}} {
		if _, err := zendesk.Open(bad, zendesk.Wire{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v is taken: %v", bad, err)
		}
	}
}

func TestEverythingIsReadPageByPage(t *testing.T) {
	s := zendesktest.Start(t)
	client := s.Client(t)
	size, err := client.Holds(ctx)
	if err != nil || size != (desk.PastSize{Organizations: 3, People: 10, Tickets: 12}) {
		t.Errorf("it holds %+v, %v", size, err)
	}
	var organizations, people, tickets, broken []string
	must(t, client.Organizations(ctx, func(o desk.PastOrganization) error { organizations = append(organizations, o.Name); return nil }))
	must(t, client.People(ctx, func(p desk.PastPerson) error { people = append(people, p.Name); return nil }))
	must(t, client.Tickets(ctx, func(p desk.PastTicket) error {
		if tickets = append(tickets, p.Subject); p.Wrong != nil {
			broken = append(broken, fmt.Sprintf("%d: %s", p.ID, fault.Says(p.Wrong)))
		}
		return nil
	}))
	if len(organizations) != 3 || len(people) != 10 || len(tickets) != 11 { // one is deleted
		t.Errorf("read %d organisations, %d people, %d tickets", len(organizations), len(people), len(tickets))
	}
	if fmt.Sprint(broken) != "[5007: its record cannot be read]" {
		t.Errorf("broken are %v", broken)
	}
	talk, err := client.Conversation(ctx, zendesktest.WithFile)
	must(t, err)
	if len(talk) != 3 || len(talk[0].Files) != 2 || !strings.Contains(talk[0].HTML, `src="cid:zendesk-32"`) {
		t.Errorf("the conversation is %+v", talk)
	}
	var values map[string]string
	must(t, client.Tickets(ctx, func(p desk.PastTicket) error {
		if p.ID == zendesktest.WithFile {
			values = p.Fields
		}
		return nil
	}))
	if fmt.Sprint(values) != "map[Browser:firefox]" {
		t.Errorf("the fields are %v", values)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The server asks once to wait 37 seconds; and ten pages of exports are all that a minute may have.
func TestItWaitsAsLongAsItIsAsked(t *testing.T) {
	s := zendesktest.Start(t)
	client := s.Client(t)
	must(t, client.Tickets(ctx, func(desk.PastTicket) error { return nil })) // six pages, one of them twice
	if waited := s.Waited(); len(waited) != 1 || waited[0] != 37*time.Second {
		t.Errorf("it waited %v", waited)
	}
	must(t, client.Tickets(ctx, func(desk.PastTicket) error { return nil }))
	waited := s.Waited()
	if len(waited) != 3 || waited[1] <= 0 || waited[1] > time.Minute {
		t.Errorf("for twelve pages it waited %v", waited)
	}
}

func TestTroubleThatPassesIsTriedAgainAndThenTold(t *testing.T) {
	s := zendesktest.Start(t)
	failures := 2
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if failures--; failures >= 0 {
			w.WriteHeader(http.StatusBadGateway)
		}
		return failures >= 0
	}
	client := s.Client(t)
	if _, err := client.Holds(ctx); err != nil {
		t.Errorf("after two failures: %v", err)
	}
	failures = 1000
	if _, err := client.Holds(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("when nothing helps: %v", err)
	}
}

func TestAWrongTokenIsToldAndNothingElse(t *testing.T) {
	s := zendesktest.Start(t)
	wrong := zendesktest.Account
	wrong.Token = "another-token-that-is-wrong"
	client, err := s.Open(wrong)
	must(t, err)
	_, err = client.Holds(ctx)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "agency.zendesk.com does not accept this mail address with this token") {
		t.Errorf("it answers %v", err)
	}
	if len(s.Waited()) > 0 {
		t.Error("it tried again with a token that is wrong")
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("printed by mistake", "client", client, "account", wrong, "error", err)
	for _, text := range []string{log.String(), fmt.Sprint(client, wrong), fmt.Sprintf("%+v %#v %+v %#v", client, client, wrong, wrong), err.Error()} {
		if strings.Contains(text, wrong.Token) {
			t.Errorf("the token is printed: %s", text)
		}
	}
}

// A file lies with Zendesk or is not fetched; the content host is not told the token, and nobody else is told anything.
func TestE3_FilesComeFromZendeskAloneAndTheTokenStaysWithIt(t *testing.T) {
	s := zendesktest.Start(t)
	client := s.Client(t)
	fetch := func(address string, most int) (string, error) {
		content, err := client.File(ctx, desk.PastFile{Name: "f", Type: "text/plain", From: address}, most)
		return string(content), err
	}
	content, err := fetch("https://"+zendesktest.Host+"/attachments/token/log1/?name=checkout.log", 1000)
	if err != nil || !strings.HasPrefix(content, "12:01") {
		t.Fatalf("the file is %q, %v", content, err)
	}
	for _, asked := range s.Asked() {
		if asked.Authorized != (asked.Host == zendesktest.Host) {
			t.Errorf("%s was asked with the token: %v", asked.Host, asked.Authorized)
		}
	}
	if _, err := fetch("https://"+zendesktest.Host+"/attachments/token/log1/?name=checkout.log", 10); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a file beyond the limit: %v", err)
	}
	before := len(s.Asked())
	for _, bad := range []string{"https://elsewhere.example/x", "http://agency.zendesk.com/attachments/x", "https://zdusercontent.com.evil.example/x", "https://127.0.0.1/x", "file:///etc/passwd", "//agency.zendesk.com/x", "", "%"} {
		if _, err := fetch(bad, 1000); err == nil {
			t.Errorf("%q is fetched", bad)
		}
	}
	if len(s.Asked()) != before {
		t.Errorf("asked were %v", s.Asked()[before:])
	}
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, "https://elsewhere.example/x", http.StatusFound)
		return true
	}
	if _, err := fetch("https://"+zendesktest.Host+"/attachments/token/log1/", 1000); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a file that leads elsewhere: %v", err)
	}
	if _, err := client.Holds(ctx); !fault.Is(err, fault.Refused) {
		t.Errorf("an API that leads elsewhere: %v", err)
	}
	for _, asked := range s.Asked() {
		if asked.Host == "elsewhere.example" {
			t.Error("the other place was asked")
		}
	}
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<h1>Sign in</h1>"))
		return true
	}
	if _, err := fetch("https://"+zendesktest.Host+"/attachments/token/log1/", 1000); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a page to sign in instead of the file: %v", err)
	}
}

func TestAnAnswerThatNeverEndsIsCut(t *testing.T) {
	s := zendesktest.Start(t)
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		for range 33 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
		return true
	}
	if _, err := s.Client(t).Holds(ctx); !fault.Is(err, fault.TooLarge) {
		t.Errorf("it answers %v", err)
	}
}

func TestAListThatGoesInCirclesEnds(t *testing.T) {
	s := zendesktest.Start(t)
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		fmt.Fprint(w, `{"users":[],"organizations":[],"after_cursor":"same","end_of_stream":false,"meta":{"has_more":true,"after_cursor":"same"}}`)
		return true
	}
	if err := s.Client(t).People(ctx, func(desk.PastPerson) error { return nil }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the export: %v", err)
	}
	if err := s.Client(t).Organizations(ctx, func(desk.PastOrganization) error { return nil }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the list: %v", err)
	}
}
