package receive

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
)

// FuzzNote: whatever a mail looks like, the one that stands in for it can be read and says why.
func FuzzNote(f *testing.F) {
	f.Add("Return-Path: <a@b.test>\r\nFrom: a@b.test\r\nContent-Type: image/png;\r\n name=x\r\n\r\nbody")
	f.Add("no header")
	f.Add(" folded: first\r\n\r\n")
	f.Add("MIME-version : 1\r\n")
	f.Fuzz(func(t *testing.T, raw string) {
		stub := note([]byte(raw), "Too large.")
		_, body, found := bytes.Cut(stub, []byte("\r\n\r\n"))
		if !found || string(body) != "Too large.\r\n" {
			t.Fatalf("%q became %q", raw, stub)
		}
		if m, err := mail.ReadMessage(bytes.NewReader(stub)); err == nil && len(m.Header["Content-Type"]) != 1 {
			t.Fatalf("%q has %q", stub, m.Header["Content-Type"])
		}
		if path, unstated := returnPath([]byte(raw)); !unstated && path != "" && !isPlainPath(path) {
			t.Fatalf("%q came from %q", raw, path)
		}
		if domain := domainOfFrom([]byte(raw)); strings.ContainsAny(domain, " \r\n@") {
			t.Fatalf("%q is from %q", raw, domain)
		}
	})
}
