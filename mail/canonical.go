package mail

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// traces are header fields (a trailing * stands for any ending) that servers and mail programs write on the way: two deliveries of
// one mail differ in them. Everything else is the mail.
var traces = []string{
	"received", "received-spf", "return-path", "delivered-to", "envelope-to", "x-received", "x-original-to", "x-delivered-to", "x-envelope-*",
	"authentication-results", "x-authentication-*", "arc-*", "x-hark-*", "x-forwarded-to", "x-forwarded-for", "x-resolved-to", "resent-*",
	"x-spam*", "x-virus*", "x-rspamd*", "x-amavis*", "x-quarantine*", "x-bogosity", "x-antivirus*", "x-sieve*", "x-fetchmail*", "x-getmail*",
	"x-google-smtp-source", "x-gmail-*", "x-gm-*", "x-ms-exchange-*", "x-ms-traffictypediagnostic", "x-ms-publictraffictype", "x-microsoft-antispam*",
	"x-forefront-*", "x-eopattributedmessage", "x-exchange-antispam*", "x-mozilla-*", "x-account-key", "x-uidl", "x-uid", "x-imap*", "x-status", "status",
	"x-keywords", "content-length", "lines", "x-evolution*", "x-apple-*", "x-me-*", "x-proxy", "x-pm-*", "x-attached", "x-zoho-virus-status",
}

// Key returns a number that is equal for two deliveries of one mail and different for two mails: SHA-256 over the mail without its
// traces, with LF line ends and without blank lines at its end. Message-ID alone decides nothing: every fifth mail has none, and
// senders repeat them.
func Key(raw []byte) [32]byte {
	h := sha256.New()
	body := hashHeader(h, raw)
	hashLines(h, bytes.TrimRight(body, "\r\n \t"))
	return [32]byte(h.Sum(nil))
}

// hashHeader writes the fields that are no traces and returns the body.
func hashHeader(h hash.Hash, b []byte) []byte {
	for len(b) > 0 {
		line, rest := cutLine(b)
		name, ok := fieldName(line)
		switch {
		case len(line) == 0:
			return rest
		case isMboxLine(line):
			b = rest
			continue
		case !ok:
			return b
		}
		n := fieldLength(b)
		if !isTrace(strings.ToLower(name)) {
			hashLines(h, bytes.TrimRight(b[:n], "\r\n \t"))
		}
		b = b[n:]
	}
	return nil
}

// hashLines writes b with LF line ends.
func hashLines(h hash.Hash, b []byte) {
	for len(b) > 0 {
		i := bytes.Index(b, []byte("\r\n"))
		if i < 0 {
			h.Write(b)
			break
		}
		h.Write(b[:i])
		h.Write([]byte{'\n'})
		b = b[i+2:]
	}
	h.Write([]byte{'\n'})
}

func isTrace(name string) bool {
	for _, t := range traces {
		prefix, open := strings.CutSuffix(t, "*")
		if name == t || open && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Disown takes from the top header of an arriving mail what only we may write: X-Hark-... fields, and Authentication-Results
// in the name of our own server (threat C10, RFC 8601, 5). The listener calls it before it adds its own. An empty authserv leaves
// other servers' results alone, as does any other.
func Disown(raw []byte, authserv string) []byte {
	out := make([]byte, 0, len(raw))
	for len(raw) > 0 {
		line, _ := cutLine(raw)
		name, ok := fieldName(line)
		if !ok {
			break
		}
		n := fieldLength(raw)
		if !isControl(name) && !claims(name, raw[:n], authserv) {
			out = append(out, raw[:n]...)
		}
		raw = raw[n:]
	}
	return append(out, raw...)
}

// claims reports whether a field speaks in the name of our server.
func claims(name string, field []byte, authserv string) bool {
	if authserv == "" || !strings.EqualFold(name, "Authentication-Results") {
		return false
	}
	return strings.EqualFold(authservOf(unfold(field[bytes.IndexByte(field, ':')+1:])), authserv)
}

// authservOf returns the name of the server that wrote a result. Comments before it are ignored.
func authservOf(v string) string {
	v = strings.TrimSpace(v)
	for strings.HasPrefix(v, "(") {
		_, n := comment(v)
		v = strings.TrimSpace(v[n:])
	}
	end := strings.IndexAny(v, "; \t(")
	if end < 0 {
		end = len(v)
	}
	return strings.Trim(v[:end], `"`)
}

// Verdict is what our own server found out about the sender of a mail: "pass", "fail", "none" and so on after RFC 8601, "" when it
// did not look. It may lower trust; it never grants any by itself.
type Verdict struct {
	SPF, DKIM, DMARC string
}

// Verdict reads the topmost Authentication-Results that our own server wrote. Those of others are only claims.
func (m *Message) Verdict(authserv string) (v Verdict) {
	for _, f := range m.fields {
		if authserv == "" || !strings.EqualFold(f.Name, "Authentication-Results") || !strings.EqualFold(authservOf(f.Value), authserv) {
			continue
		}
		_, results, err := authres.Parse(f.Value)
		if err != nil {
			return Verdict{}
		}
		for _, r := range results {
			switch r := r.(type) {
			case *authres.SPFResult:
				v.SPF = string(r.Value)
			case *authres.DKIMResult:
				v.DKIM = better(v.DKIM, string(r.Value))
			case *authres.DMARCResult:
				v.DMARC = string(r.Value)
			}
		}
		return v
	}
	return v
}

// better keeps a pass among several signatures.
func better(a, b string) string {
	if a == "pass" || b == "" {
		return a
	}
	return b
}
