package send

import (
	"bytes"
	"strings"

	"hark/fault"
)

// maxLine is the longest line without its CR LF (RFC 5322, 2.1.1).
const maxLine = 998

// CRLF returns raw with every CR, LF or CR LF as CR LF, and one at the end.
func CRLF(raw []byte) []byte {
	if bytes.HasSuffix(raw, []byte("\r\n")) && !hasBareNewline(raw) {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/40+2)
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '\r' && i+1 < len(raw) && raw[i+1] == '\n':
		case raw[i] == '\r', raw[i] == '\n':
			out = append(out, '\r', '\n')
		default:
			out = append(out, raw[i])
		}
	}
	if !bytes.HasSuffix(out, []byte("\r\n")) {
		out = append(out, '\r', '\n')
	}
	return out
}

func hasBareNewline(raw []byte) bool {
	pairs := bytes.Count(raw, []byte("\r\n"))
	return bytes.Count(raw, []byte("\n")) != pairs || bytes.Count(raw, []byte("\r")) != pairs
}

// stuff doubles the dot that a line begins with (RFC 5321, 4.5.2). raw has CR LF line ends.
func stuff(raw []byte) []byte {
	out := bytes.ReplaceAll(raw, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(out, []byte(".")) {
		out = append([]byte("."), out...)
	}
	return out
}

// check refuses what no server should be asked to take. A composed mail never fails it.
func check(m Message) error {
	if m.From != "" && !isPath(m.From) {
		return fault.New(fault.Invalid, "%q cannot be a return path", m.From)
	}
	if !isPath(m.To) {
		return fault.New(fault.Invalid, "%q is not an address that mail can be sent to", m.To)
	}
	for i, line := range bytes.Split(m.Raw, []byte("\r\n")) {
		if len(line) > maxLine {
			return fault.New(fault.Invalid, "line %d of this mail has %d octets, and at most %d can be sent", i+1, len(line), maxLine)
		}
	}
	return nil
}

// isPath reports whether address can stand between < and > in a command: one @, nothing that ends the path or the line.
func isPath(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`@"\()<>,;`, r) }
	return ok && local != "" && domain != "" && len(address) <= 254 && !strings.ContainsFunc(local+domain, odd)
}

func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
