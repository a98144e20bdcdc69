package peer_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"hark/fault"
	"hark/mail/peer"
)

func TestAServerIsWrittenAsAURL(t *testing.T) {
	pin := strings.Repeat("0f", 32)
	for url, want := range map[string]string{
		"imaps://support@mail.acme.test/":                     "mail.acme.test:993 support INBOX from the start",
		"imaps://support%40acme.test:x@mail.acme.test/In/Box": "mail.acme.test:993 support@acme.test In/Box from the start",
		"imaps://support@acme.test:x@mail.acme.test":          "mail.acme.test:993 support@acme.test INBOX from the start",
		"imap://support:x@mail.acme.test:1143/INBOX":          "mail.acme.test:1143 support INBOX required",
		"imap://support:x@127.0.0.1?tls=off":                  "127.0.0.1:143 support INBOX off",
		"imap://support:x@[::1]/?tls=off":                     "[::1]:143 support INBOX off",
		"smtp://hark:x@mail.acme.test":                        "mail.acme.test:587 hark INBOX required",
		"smtp://mail.acme.test:25":                            "mail.acme.test:25  INBOX opportunistic",
		"smtp://mail.acme.test:25?tls=required":               "mail.acme.test:25  INBOX required",
		"smtp://mail.acme.test?pin=SHA256:" + pin:             "mail.acme.test:587  INBOX required",
		"smtps://hark:x@mail.acme.test":                       "mail.acme.test:465 hark INBOX from the start",
	} {
		s, err := peer.Parse(url)
		got := fmt.Sprintf("%s %s %s %s", s.Addr(), s.Login.User, s.Folder, []string{"from the start", "required", "opportunistic", "off"}[s.Security])
		if err != nil || got != want {
			t.Errorf("%s is %q, %v", url, got, err)
		}
	}
}

// TestF15_EncryptionCannotBeWrittenAway: only a server on this machine may do without.
func TestF15_EncryptionCannotBeWrittenAway(t *testing.T) {
	for url, words := range map[string]string{
		"imap://support:x@mail.acme.test?tls=off":   "only for a server on this machine",
		"smtp://hark:x@127.0.0.1.evil.test?tls=off": "only for a server on this machine",
		"smtp://hark:x@10.0.0.1?tls=off":            "only for a server on this machine",
		"smtp://hark:x@mail.acme.test?tls=maybe":    "tls=maybe is unknown",
		"smtp://hark:x@mail.acme.test?pin=abc":      "64 hexadecimal digits",
		"pop3://support:x@mail.acme.test":           "is not the URL of a mail server",
		"imaps://":                                  "is not the URL of a mail server",
		"mail.acme.test:993":                        "is not the URL of a mail server",
		"imaps://support:x@mail acme.test:99x":      "is not the URL of a mail server",
	} {
		if _, err := peer.Parse(url); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestI8_SecretsPrintAsSecret(t *testing.T) {
	s, err := peer.Parse("imaps://support:pa55word@mail.acme.test/")
	if err != nil {
		t.Fatal(err)
	}
	s.Login.Token = "t0ken"
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "server", s, "login", s.Login, "password", s.Login.Password)
	all := log.String() + fmt.Sprintf("%v %+v %#v %q %s", s, s, s, s.Login, s.Login)
	if strings.Contains(all, "pa55word") || strings.Contains(all, "t0ken") || s.String() != "imaps://support@mail.acme.test:993" {
		t.Error(all)
	}
}

// FuzzParse: whatever is written, a password needs encryption and is in no error.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"imaps://a:pa55word@h/", "smtp://a:pa55word@127.0.0.1?tls=off", "smtp://pa55word@h:99999", "imap://[::1]:pa55word"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, url string) {
		s, err := peer.Parse(url)
		if err != nil {
			if password, found := passwordIn(url); found && strings.Contains(err.Error(), password) {
				t.Fatalf("%q: %v", url, err)
			}
			return
		}
		if s.Login.User != "" && s.Security == peer.Opportunistic {
			t.Fatalf("%q signs in without certain encryption", url)
		}
		if s.TLS().InsecureSkipVerify && s.Security != peer.Opportunistic && s.Pin == "" {
			t.Fatalf("%q is not verified", url)
		}
	})
}

// passwordIn finds what stands between : and @ when it is long enough not to be there by chance.
func passwordIn(url string) (string, bool) {
	_, rest, _ := strings.Cut(url, "://")
	userinfo, _, ok := strings.Cut(rest, "@")
	_, password, _ := strings.Cut(userinfo, ":")
	return password, ok && len(password) >= 6 && !strings.ContainsAny(userinfo, "/?#")
}
