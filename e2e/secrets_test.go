package e2e

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/demo"
)

// secretForms are what credentials look like inside a program: hashes of passwords, private keys, keys of clouds and
// services, and servers' addresses with a password in them.
var secretForms = []*regexp.Regexp{
	regexp.MustCompile(`\$argon2id\$v=\d+\$[^$]{3,40}\$[A-Za-z0-9+/]{16,}\$[A-Za-z0-9+/]{20,}`),
	regexp.MustCompile(`\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}`),
	regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64,}`),
	regexp.MustCompile(`\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[baprs]-[0-9A-Za-z-]{20,}`),
	regexp.MustCompile(`(?i)\b(imaps?|smtps?|postgres(ql)?|https?)://[a-z0-9._-]+:[^@\s"'<>/]{3,40}@[a-z0-9.-]+`),
	regexp.MustCompile(`(?i)\b(root|admin|administrator):(password|admin|root|secret|changeme|hark)\b`),
}

// placeholders are addresses that help texts show.
var placeholders = regexp.MustCompile(`(?i)://(user|name|key):(password|secret)@`)

// The program that is handed out holds nothing that opens a desk, and a desk that was just set up lets nobody in: not the
// people of the demo either, whose password everybody can read.
func TestF12_TheProgramHoldsNoCredential(t *testing.T) {
	path, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range secretForms {
		for _, found := range form.FindAll(program, -1) {
			if !placeholders.Match(found) {
				t.Errorf("the program holds %.120q", found)
			}
		}
	}
	if !bytes.Contains(program, []byte("user:password@host")) {
		t.Error("the program does not even hold its help; nothing was looked at")
	}
	server := Start(t, "serve")
	for _, email := range []string{demo.FirstAgent, "admin", "root", "admin@example.com", ""} {
		for _, password := range []string{demo.Password, "", "admin", "password", "hark", "changeme"} {
			answer, err := http.PostForm(server.URL+"/sign-in", url.Values{"email": {email}, "password": {password}})
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode < 400 || len(answer.Cookies()) > 0 && strings.Contains(answer.Header.Get("Set-Cookie"), "hark_session") {
				t.Errorf("%q with %q is answered %d on a fresh desk", email, password, answer.StatusCode)
			}
		}
	}
}

// Every secret a desk is given is looked for in everything it says: its log at its most talkative, its numbers, its
// commands, and every page an administrator can reach.
func TestI8_NoSecretIsEverSaid(t *testing.T) {
	const canary = "canary7319"
	t.Setenv("HARK_SECRET", "a-"+canary+"-secret-of-more-than-thirty-two-letters")
	server := Start(t, "serve", With("--debug", "--smtp-out", "smtp://out:"+canary+"-relay@127.0.0.1:1"))
	server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	server.Hark(t, canary+" is a long password\n", "user", "add", "ben@agency.example", "--name", "Ben Okafor", "--role", "agent", "--password-stdin")
	server.Hark(t, "", "mailbox", "add", atTheDesk, "--imap", "imap://in:"+canary+"-imap@127.0.0.1:1/INBOX?tls=off", "--smtp-out", "smtp://out:"+canary+"-smtp@127.0.0.1:1?tls=off")
	token := strings.TrimSpace(server.Hark(t, "", "token", "add", "ana@agency.example", "--name", "export"))
	said := server.Hark(t, "", "dkim", "agency.example")
	ana := signedIn(t, server)
	if err := ask(t, server, 1); err != nil {
		t.Fatal(err)
	}
	sees(t, ana, server.URL+"/inbox?view=all", "Opening hours 1")
	Eventually(t, 40*time.Second, "the trouble with the mail servers is noticed", func() bool {
		page, err := read(ana, server.URL+"/admin/mailboxes")
		return err == nil && strings.Contains(page, "127.0.0.1") && strings.Contains(server.Output(), "127.0.0.1:1")
	})
	for _, path := range []string{"/sign-in", "/sign-in/forgot", "/portal/code"} {
		if answer, err := http.PostForm(server.URL+path, url.Values{"email": {"ben@agency.example"}, "password": {canary + " is a wrong password"}}); err == nil {
			answer.Body.Close()
		}
	}
	for _, path := range []string{"/t/", "/join/", "/setup/", "/confirm/", "/sign-in/link/", "/search?q="} {
		server.Get(t, path+canary)
	}
	secrets := []string{canary, token, "a long enough password", "PRIVATE KEY", "$argon2id$"}
	desk, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range ana.Jar.Cookies(desk) {
		secrets = append(secrets, cookie.Value)
	}
	places := map[string]string{"the dkim command": said, "the metrics": "", "the doctor": "", "the list of tickets": server.Hark(t, "", "ticket", "list", "--json"), "a ticket": server.Hark(t, "", "ticket", "show", "1", "--json")}
	places["the doctor"], _ = server.TryHark("", "doctor", "--json")
	_, places["the metrics"] = server.Get(t, "/metrics")
	for path, page := range crawl(t, ana, server.URL, "/inbox") {
		places[path] = page
	}
	if len(places) < 25 {
		t.Errorf("only %d pages were reached: %v", len(places), places)
	}
	server.Stop()
	places["the log"] = server.Output()
	for place, text := range places {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				at := strings.Index(text, secret)
				t.Errorf("%s shows the secret %.16q: …%s…", place, secret, text[max(0, at-100):min(len(text), at+60)])
			}
		}
	}
}

var localLink = regexp.MustCompile(`(?:href|src)="(/[^"#]*)"`)

// crawl is every page of the desk that links lead to, by address.
func crawl(t *testing.T, client *http.Client, desk, from string) map[string]string {
	t.Helper()
	pages, next := map[string]string{}, []string{from, "/admin/mailboxes", "/admin/people", "/admin/groups", "/admin/brands", "/admin/mailboxes/1", "/admin/people/1", "/admin/people/2", "/mail/in", "/mail/out", "/portal", "/policy", "/search?q=hours"}
	for len(next) > 0 && len(pages) < 150 {
		path := strings.ReplaceAll(next[0], "&amp;", "&")
		next = next[1:]
		if _, seen := pages[path]; seen || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/live") {
			continue
		}
		page, _ := read(client, desk+path)
		pages[path] = page
		for _, link := range localLink.FindAllStringSubmatch(page, -1) {
			next = append(next, link[1])
		}
	}
	return pages
}
