package receive_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/authres"

	"hark/mail"
	"hark/mail/mailtest"
	"hark/mail/receive"
)

// zone is a resolver that knows these TXT records. A name under broken.test has trouble, one under slow.test never answers.
type zone map[string]string

func (z zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	switch {
	case strings.HasSuffix(name, "broken.test"):
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case strings.HasSuffix(name, "slow.test"):
		<-ctx.Done()
		return nil, &net.DNSError{Err: "timed out", Name: name, IsTimeout: true, IsTemporary: true}
	}
	if text, ok := z[name]; ok {
		return []string{text}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (zone) LookupMX(context.Context, string) ([]*net.MX, error)        { return nil, nil }
func (zone) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) { return nil, nil }
func (zone) LookupAddr(context.Context, string) ([]string, error)       { return nil, nil }

// signer signs for a domain whose public key is in the zone.
func (z zone) signer(t testing.TB, domain string) func(raw string) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	z["s1._domainkey."+domain] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	return func(raw string) string {
		signed, err := mail.SigningKey{Domain: domain, Selector: "s1", Private: private}.Sign([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
}

func TestC1_WhoStandsBehindAMail(t *testing.T) {
	z := zone{
		"customer.test":         "v=spf1 ip4:192.0.2.1 -all",
		"_dmarc.customer.test":  "v=DMARC1; p=reject",
		"mail.customer.test":    "v=spf1 ip4:192.0.2.1 -all",
		"strict.test":           "v=spf1 -all",
		"_dmarc.strict.test":    "v=DMARC1; p=reject; adkim=s; aspf=s",
		"evil.test":             "v=spf1 ip4:203.0.113.9 -all",
		"mx.evil.test":          "v=spf1 ip4:203.0.113.9 -all",
		"_dmarc.odd.test":       "v=DMARC1; nothing",
		"_dmarc.undecided.test": "v=DMARC1; p=none",
	}
	theirs, evils, sub := z.signer(t, "customer.test"), z.signer(t, "evil.test"), z.signer(t, "news.customer.test")
	strictSub := z.signer(t, "news.strict.test")
	from := func(address string) string {
		return "From: " + address + "\r\nTo: support@acme.test\r\nSubject: Invoice\r\n\r\nHello\r\n"
	}
	for name, c := range map[string]struct {
		remote, helo, path, raw string
		spf, dkim, dmarc        authres.ResultValue
	}{
		"from its own server":        {"192.0.2.1", "mail.customer.test", "laura@customer.test", from("laura@customer.test"), "pass", "none", "pass"},
		"path in a subdomain":        {"192.0.2.1", "x", "bounce@mail.customer.test", from("laura@customer.test"), "pass", "none", "pass"},
		"from elsewhere":             {"203.0.113.9", "x", "laura@customer.test", from("laura@customer.test"), "fail", "none", "fail"},
		"own path, their From":       {"203.0.113.9", "mx.evil.test", "eve@evil.test", from("laura@customer.test"), "pass", "none", "fail"},
		"signed and forwarded":       {"203.0.113.9", "x", "laura@customer.test", theirs(from("laura@customer.test")), "fail", "pass", "pass"},
		"signed by a subdomain":      {"203.0.113.9", "x", "eve@evil.test", sub(from("laura@customer.test")), "pass", "pass", "pass"},
		"strict, by a subdomain":     {"203.0.113.9", "x", "eve@evil.test", strictSub(from("laura@strict.test")), "pass", "pass", "fail"},
		"signed by somebody else":    {"203.0.113.9", "x", "eve@evil.test", evils(from("laura@customer.test")), "pass", "pass", "fail"},
		"changed after signing":      {"203.0.113.9", "x", "eve@evil.test", theirs(from("laura@customer.test")) + "P.S. pay\r\n", "pass", "fail", "fail"},
		"From in a subdomain":        {"203.0.113.9", "x", "eve@evil.test", from("laura@sales.customer.test"), "pass", "none", "fail"},
		"a domain that says nothing": {"203.0.113.9", "x", "ben@silent.test", from("ben@silent.test"), "none", "none", "none"},
		"a domain that says none":    {"203.0.113.9", "x", "ben@undecided.test", from("ben@undecided.test"), "none", "none", "fail"},
		"a broken record":            {"203.0.113.9", "x", "ben@odd.test", from("ben@odd.test"), "none", "none", "permerror"},
		"two From":                   {"192.0.2.1", "x", "laura@customer.test", "From: laura@customer.test\r\n" + from("eve@evil.test"), "pass", "none", "permerror"},
		"two in one From":            {"192.0.2.1", "x", "laura@customer.test", from("laura@customer.test, eve@evil.test"), "pass", "none", "permerror"},
		"no From":                    {"192.0.2.1", "x", "laura@customer.test", "Subject: x\r\n\r\n", "pass", "none", "permerror"},
		"a bounce":                   {"203.0.113.9", "mx.evil.test", "", from("mailer-daemon@evil.test"), "pass", "none", "none"},
		"DNS in trouble":             {"203.0.113.9", "x", "ben@broken.test", from("ben@broken.test"), "temperror", "none", "temperror"},
	} {
		t.Run(name, func(t *testing.T) {
			v := &receive.Verifier{Resolver: z}
			f := v.Check(t.Context(), receive.Envelope{From: c.path, Remote: c.remote, HeloName: c.helo}, []byte(c.raw))
			m, err := mail.Parse(append(f.Field("mx.acme.test"), c.raw...))
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Verdict("mx.acme.test"); got != (mail.Verdict{SPF: string(c.spf), DKIM: string(c.dkim), DMARC: string(c.dmarc)}) {
				t.Errorf("got %+v from\n%s", got, f.Field("mx.acme.test"))
			}
		})
	}
}

func TestALookupThatNeverAnswersIsATemporaryError(t *testing.T) {
	v := &receive.Verifier{Resolver: zone{}, Patience: 50 * time.Millisecond}
	begun := time.Now()
	f := v.Check(t.Context(), receive.Envelope{From: "ben@slow.test", Remote: "203.0.113.9", HeloName: "x"}, []byte("From: ben@slow.test\r\n\r\n"))
	if f.SPF != authres.ResultTempError || f.DMARC != authres.ResultTempError || time.Since(begun) > 5*time.Second {
		t.Errorf("after %v: %+v", time.Since(begun), f)
	}
}

// TestC10_OnlyWeSpeakInOurName: what claims to be our own finding is taken out, whether we look ourselves or not, and nothing
// that a sender says about himself can be read as one.
func TestC10_OnlyWeSpeakInOurName(t *testing.T) {
	for want, verifier := range map[mail.Verdict]*receive.Verifier{
		{}: nil,
		{SPF: "none", DKIM: "none", DMARC: "none"}: {Resolver: zone{}, Loopback: true},
	} {
		tray := &inTray{}
		addr, _ := listen(t, tray, func(l *receive.Listener) { l.Verify = verifier })
		c := mailtest.Talk(t, addr)
		c.Do("EHLO x;dmarc=pass;spf=pass", "250")
		c.Do("MAIL FROM:<>", "250")
		c.Do("RCPT TO:<support@acme.test>", "250")
		c.Do("DATA", "354")
		c.Do("Authentication-Results: MX.acme.test; spf=pass; dkim=pass; dmarc=pass\r\nX-Hark-Ticket: 1\r\n"+
			"Authentication-Results: relay.test; dkim=pass\r\n"+lauras+".", "250")
		m, err := mail.Parse([]byte(tray.mails[0]))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Verdict("mx.acme.test"); got != want {
			t.Errorf("got %+v from\n%s", got, tray.mails[0])
		}
		if strings.Contains(tray.mails[0], "X-Hark-Ticket") || strings.Contains(tray.mails[0], "spf=pass") || !strings.Contains(tray.mails[0], "relay.test; dkim=pass") {
			t.Errorf("got\n%s", tray.mails[0])
		}
	}
}

func TestC10_NothingInAMailboxSpeaksInOurName(t *testing.T) {
	d, ca := dovecot(t)
	d.Deliver("support", "Authentication-Results: mx.acme.test; dmarc=pass\r\nX-Hark-Ticket: 1\r\n"+lauras)
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) { m.Domain = "mx.acme.test" }))
	o.until(t, "the mail", func() bool { return len(o.mails) == 1 })
	if o.mails[0] != lauras {
		t.Errorf("got %q", o.mails[0])
	}
}
