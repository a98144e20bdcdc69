package mail

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// header reads the header block at the start of b and returns its fields and what follows the empty line after it.
// A block ends early at the first line that is neither a field nor the continuation of one; that line is then body.
func header(b []byte) (fields []Field, rest []byte, broken bool) {
	fields = make([]Field, 0, 16)
	for len(b) > 0 {
		line, after := cutLine(b)
		if len(line) == 0 {
			return fields, after, false
		}
		name, ok := fieldName(line)
		switch {
		case isMboxLine(line):
			b = after
			continue
		case !ok:
			return fields, b, true
		}
		n := fieldLength(b)
		fields = append(fields, Field{Name: name, Value: unfold(b[bytes.IndexByte(b, ':')+1 : n])})
		b = b[n:]
	}
	return fields, nil, false
}

// cutLine splits b after its first line; the line comes without its CRLF or LF.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimSuffix(b, []byte("\r")), nil
	}
	return bytes.TrimSuffix(b[:i], []byte("\r")), b[i+1:]
}

// fieldName returns the name before the colon when line begins a header field. Blanks before the colon are forbidden,
// and yet written by some senders, so they are tolerated.
func fieldName(line []byte) (string, bool) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 {
		return "", false
	}
	name := bytes.TrimRight(line[:i], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 127 {
			return "", false
		}
	}
	return string(name), len(name) > 0
}

// isMboxLine recognises the separator lines that mail folders of the mbox kind leave in front of a mail.
// "From : ..." with a blank before the colon is a header field, and other programs read it as one.
func isMboxLine(line []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(line, []byte(">")), []byte("From "))
	return ok && !bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte(":"))
}

// fieldLength returns the length of the field at the start of b with all its continuation lines.
func fieldLength(b []byte) int {
	for n := 0; ; {
		i := bytes.IndexByte(b[n:], '\n')
		if i < 0 {
			return len(b)
		}
		n += i + 1
		if n >= len(b) || (b[n] != ' ' && b[n] != '\t') {
			return n
		}
	}
}

// unfold joins continuation lines and trims the blanks around a value.
func unfold(b []byte) string {
	b = bytes.TrimSpace(b)
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c != '\r' && c != '\n' {
			out = append(out, c)
		}
	}
	return string(out)
}

// first returns the value of the first field of that name.
func first(fields []Field, name string) string {
	v, _ := lookup(fields, name)
	return v
}

func lookup(fields []Field, name string) (string, bool) {
	for i := range fields {
		if len(fields[i].Name) == len(name) && strings.EqualFold(fields[i].Name, name) {
			return fields[i].Value, true
		}
	}
	return "", false
}

func count(fields []Field, name string) (n int) {
	for i := range fields {
		if len(fields[i].Name) == len(name) && strings.EqualFold(fields[i].Name, name) {
			n++
		}
	}
	return n
}

// decodeWords turns a header value into text: encoded words (RFC 2047) are decoded, bare 8-bit bytes are guessed, control
// characters become blanks. Neighbouring words of one charset are joined before they are decoded, because some senders
// cut in the middle of a character.
func decodeWords(v string) string {
	if !strings.Contains(v, "=?") {
		return oneLine(text8(v))
	}
	var out strings.Builder
	var run encodedRun
	tail := len(v) - strings.LastIndex(v, "?=") // from the last end of a word on; looked for once, so that no header is searched again and again
	for {
		i := strings.Index(v, "=?")
		if i < 0 || len(v)-i <= tail {
			break
		}
		word, n := encodedWord(v[i:])
		if n == 0 {
			run.flush(&out)
			out.WriteString(text8(v[:i+2]))
			v = v[i+2:]
			continue
		}
		if gap := v[:i]; strings.TrimSpace(gap) != "" || !run.open {
			run.flush(&out)
			out.WriteString(text8(gap))
		}
		run.add(word, &out)
		v = v[i+n:]
	}
	run.flush(&out)
	out.WriteString(text8(v))
	return oneLine(out.String())
}

type codedWord struct {
	charset string
	bytes   []byte
}

// encodedRun gathers neighbouring encoded words of one charset.
type encodedRun struct {
	codedWord
	open bool
}

func (r *encodedRun) add(w codedWord, out *strings.Builder) {
	if r.open && !strings.EqualFold(r.charset, w.charset) {
		r.flush(out)
	}
	r.charset, r.bytes, r.open = w.charset, append(r.bytes, w.bytes...), true
}

func (r *encodedRun) flush(out *strings.Builder) {
	if r.open {
		s, _ := decodeCharset(r.bytes, r.charset)
		out.WriteString(s)
	}
	r.bytes, r.open = nil, false
}

// encodedWord decodes the encoded word at the start of s and returns its length, which is 0 when there is none.
// RFC 2047 allows 75 characters and no blanks. Both rules are broken commonly: a word is as long as it is, and is taken to
// end at the first "?=" behind its text.
func encodedWord(s string) (codedWord, int) {
	charset, after, ok := strings.Cut(s[2:], "?")
	if !ok || charset == "" || strings.ContainsAny(charset, " \t=") || len(after) < 2 || after[1] != '?' {
		return codedWord{}, 0
	}
	end := strings.Index(after[2:], "?=")
	if end < 0 {
		return codedWord{}, 0
	}
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 may add a language
	body, n := after[2:2+end], len(s)-len(after)+2+end+2
	switch after[0] {
	case 'b', 'B':
		return codedWord{charset, fromBase64([]byte(body))}, n
	case 'q', 'Q':
		return codedWord{charset, fromQ(body)}, n
	}
	return codedWord{}, 0
}

func fromQ(s string) []byte {
	return fromQuotedPrintable([]byte(strings.ReplaceAll(s, "_", " ")), false)
}

// oneLine makes a value fit for one line of a screen: control characters become blanks, runs of blanks become one,
// and what is not UTF-8 is replaced.
func oneLine(s string) string {
	if isPlainLine(s) {
		return strings.TrimSpace(s)
	}
	var out strings.Builder
	blank := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if r == 0 || r == '\uFEFF' {
			continue
		}
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == ' ' {
			blank = true
			continue
		}
		if blank {
			out.WriteByte(' ')
			blank = false
		}
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}

// isPlainLine reports whether s is printable ASCII without double blanks, so that nothing needs to be done to it.
func isPlainLine(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || (s[i] == ' ' && i > 0 && s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// parameters splits a value such as `text/plain; charset="utf-8"; name*0*=UTF-8”a%20; name*1=b` into its lower-case
// head and its decoded parameters (RFC 2045, RFC 2231). Of a repeated parameter the first counts.
func parameters(v string) (head string, params map[string]string) {
	head, rest := headOf(v)
	if rest == "" {
		return head, nil
	}
	params = map[string]string{}
	pieces, total := map[string][]piece{}, 0
	for rest != "" {
		var key, value string
		key, value, rest = parameter(rest)
		base, section, continued := strings.Cut(key, "*")
		_, known := params[key]
		switch {
		case continued && total < 500:
			total++
			pieces[base] = append(pieces[base], newPiece(section, value))
		case key != "" && !continued && !known:
			params[key] = value
		}
	}
	for base, p := range pieces {
		params[base] = joinPieces(p)
	}
	return head, params
}

// headOf cuts the head from its parameters, also where the semicolon between them was forgotten.
func headOf(v string) (head, rest string) {
	v = strings.TrimSpace(v)
	head, rest, _ = strings.Cut(v, ";")
	if i := strings.IndexAny(head, " \t"); i > 0 && strings.Contains(head[i:], "=") {
		head, rest = head[:i], v[i:]
	}
	return strings.ToLower(strings.TrimSpace(head)), rest
}

// parameter reads one key=value pair at the start of s.
func parameter(s string) (key, value, rest string) {
	s = strings.TrimLeft(s, " \t;")
	i := strings.IndexAny(s, "=;")
	if i < 0 || s[i] == ';' {
		if i < 0 {
			return "", "", ""
		}
		return "", "", s[i+1:]
	}
	key, s = strings.ToLower(strings.TrimSpace(s[:i])), strings.TrimLeft(s[i+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = quotedValue(s[1:])
		return key, value, rest
	}
	value, rest, _ = strings.Cut(s, ";")
	return key, strings.TrimSpace(value), rest
}

// quotedValue reads up to the closing quote. A backslash escapes only quotes and itself: Windows paths in names survive.
func quotedValue(s string) (value, rest string) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			out.WriteByte(s[i])
		case s[i] == '"':
			_, rest, _ = strings.Cut(s[i+1:], ";")
			return out.String(), rest
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String(), ""
}

// piece is one section of a parameter after RFC 2231, such as name*0* or name*1.
type piece struct {
	number string
	coded  bool // percent signs stand for bytes
	value  string
}

func newPiece(section, value string) piece {
	number, coded := strings.CutSuffix(section, "*")
	if section == "" {
		return piece{"0", true, value}
	}
	return piece{number, coded, value}
}

// joinPieces puts the sections of a parameter together by number; a missing number ends the value.
func joinPieces(pieces []piece) string {
	charset, joined := "", []byte(nil)
	for i := range pieces {
		at := slices.IndexFunc(pieces, func(p piece) bool { return p.number == strconv.Itoa(i) })
		if at < 0 {
			break
		}
		p := pieces[at]
		if parts := strings.SplitN(p.value, "'", 3); i == 0 && p.coded && len(parts) == 3 {
			charset, p.value = parts[0], parts[2]
		}
		if p.coded {
			joined = append(joined, unpercent(p.value)...)
		} else {
			joined = append(joined, p.value...)
		}
	}
	s, _ := decodeCharset(joined, charset)
	return s
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if h, l := unhex(s[i+1]), unhex(s[i+2]); h >= 0 && l >= 0 {
				out = append(out, byte(h<<4|l))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// fromBase64 decodes leniently: foreign characters are skipped, padding in the middle starts a new run.
func fromBase64(b []byte) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n]
	}
	out = out[:0]
	var acc uint32
	bits := 0
	for _, c := range b {
		v := base64Value(c)
		if c == '=' {
			acc, bits = 0, 0
		}
		if v < 0 {
			continue
		}
		acc, bits = acc<<6|uint32(v), bits+6
		if bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out
}

func base64Value(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c - 'A')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 26
	case '0' <= c && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// fromQuotedPrintable decodes leniently: what is no valid escape stays as it is. In a body, "=" at the end of a line joins
// it with the next, and blanks at the end of a line are transport noise.
func fromQuotedPrintable(b []byte, body bool) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) {
			if h, l := unhex(b[i+1]), unhex(b[i+2]); h >= 0 && l >= 0 {
				out = append(out, byte(h<<4|l))
				i += 2
				continue
			}
		}
		if n := softBreak(b[i+1:]); body && n > 0 {
			i += n
			continue
		}
		out = append(out, '=')
	}
	return out
}

// softBreak returns the length of the line end at the start of b, with blanks before it; 0 when there is none.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return 0
		}
	}
	return len(b)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
