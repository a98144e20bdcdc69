package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeCharset turns bytes into text. The label is a hint, the bytes decide: text that is valid UTF-8 beyond ASCII is UTF-8
// whatever the label says (in other charsets such sequences are nonsense), and text labelled UTF-8 that is not gets guessed.
// The second result says in words what was repaired, "" when the label was right. The text holds no NUL and only valid UTF-8.
func decodeCharset(b []byte, label string) (string, string) {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	switch {
	case label == "utf-7" || label == "unicode-1-1-utf-7":
		return clean(fromUTF7(b)), ""
	case isWide(label):
		return decodeWith(b, known(label)), ""
	case bytes.Contains(b, []byte("\x1b$")):
		return decodeWith(b, known("iso-2022-jp")), relabelled(label, "iso-2022-jp")
	case isASCIIBytes(b):
		if label == "hz-gb-2312" {
			return decodeWith(b, simplifiedchinese.HZGB2312), ""
		}
		return clean(string(b)), ""
	case utf8.Valid(b):
		if enc := known(label); enc != nil && isMultibyte(label) && !bytes.ContainsRune([]byte(decodeWith(b, enc)), utf8.RuneError) {
			return decodeWith(b, enc), ""
		}
		return clean(string(b)), relabelled(label, "utf-8")
	}
	return decodeGuessing(b, label)
}

// decodeGuessing handles bytes that are not valid UTF-8.
func decodeGuessing(b []byte, label string) (string, string) {
	if label == "utf-8" || label == "utf8" {
		if s := strings.ToValidUTF8(string(b), ""); len(b)-len(s) <= len(b)/200+4 && !isASCII(s) {
			return clean(string(b)), "text labelled utf-8 holds bytes that are not"
		}
	}
	if enc := known(label); enc != nil && !(isLatin(label) && hasUndefined1252(b)) {
		return decodeWith(b, enc), ""
	}
	guess := guessCharset(b)
	if label == "" {
		return decodeWith(b, known(guess)), "text without a charset was read as " + guess
	}
	return decodeWith(b, known(guess)), "text labelled " + quote(label) + " was read as " + guess
}

func relabelled(label, is string) string {
	switch label {
	case is, "utf8", "", "us-ascii", "unknown-8bit":
		return ""
	}
	return "text labelled " + quote(label) + " is " + is
}

// known finds an encoding by its label, nil for UTF-8, ASCII and for labels that say nothing. Web browsers' table comes
// first: it reads iso-8859-1 as windows-1252 and gb2312 as its superset, as senders do.
func known(label string) encoding.Encoding {
	switch label {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit", "default", "binary":
		return nil
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case "gbk", "gb2312", "gb_2312-80", "gb18030", "cp936", "x-gbk":
		return simplifiedchinese.GB18030
	case "cp932", "ms932", "x-sjis-jp":
		label = "shift_jis"
	case "cp949", "uhc":
		label = "euc-kr"
	case "cp950":
		label = "big5"
	}
	if enc, err := htmlindex.Get(label); err == nil && enc != encoding.Replacement {
		return enc
	}
	if enc, err := ianaindex.MIME.Encoding(label); err == nil {
		return enc
	}
	return nil
}

func decodeWith(b []byte, enc encoding.Encoding) string {
	if enc == nil {
		enc = charmap.Windows1252
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = b
	}
	return clean(string(out))
}

func isWide(label string) bool {
	return strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "utf-32")
}

func isMultibyte(label string) bool {
	switch label {
	case "shift_jis", "shift-jis", "sjis", "cp932", "euc-jp", "euc-kr", "ks_c_5601-1987", "cp949", "big5", "cp950", "gbk", "gb2312", "gb18030", "cp936":
		return true
	}
	return false
}

func isLatin(label string) bool {
	switch label {
	case "iso-8859-1", "latin1", "l1", "windows-1252", "cp1252", "iso8859-1":
		return true
	}
	return false
}

// hasUndefined1252 finds bytes that no Western European text holds.
func hasUndefined1252(b []byte) bool {
	for _, c := range b {
		if c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d {
			return true
		}
	}
	return false
}

// guessCharset names the most likely charset of bytes that are neither ASCII nor UTF-8. With little to go on, Western
// European is the best guess.
func guessCharset(b []byte) string {
	b = b[:min(len(b), 4096)]
	high := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	if high < 8 {
		return "windows-1252"
	}
	best, err := chardet.NewTextDetector().DetectBest(b)
	if err != nil || best.Confidence < 30 {
		return "windows-1252"
	}
	label := strings.ToLower(best.Charset)
	if known(label) == nil || isLatin(label) || isWide(label) {
		return "windows-1252"
	}
	return label
}

func isASCIIBytes(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// text8 reads a header value in which a sender may have put bare bytes beyond ASCII.
func text8(s string) string {
	if isASCII(s) && !strings.Contains(s, "\x1b$") {
		return s
	}
	out, _ := decodeCharset([]byte(s), "")
	return out
}

// clean makes text storable and showable: lines end in LF, control characters other than tabs vanish, what is not UTF-8
// is replaced.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\uFEFF' || (unicode.IsControl(r) && r != '\n' && r != '\t') {
			return -1
		}
		return r
	}, s)
}

// isClean reports whether clean would change nothing, which is the common case.
func isClean(s string) bool {
	for i, r := range s {
		switch {
		case r == '\n' || r == '\t' || ' ' <= r && r < 127:
		case r < 0xA0 || r == '\uFEFF' || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			return false
		}
	}
	return true
}

// fromUTF7 decodes RFC 2152. What is no valid shift sequence stays as it is.
func fromUTF7(b []byte) string {
	var out strings.Builder
	for {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			out.Write(b)
			return out.String()
		}
		out.Write(b[:i])
		shift, n := shifted(b[i+1:])
		out.WriteString(shift)
		b = b[i+1+n:]
	}
}

// shifted decodes what follows a "+" and returns its length with the "-" behind it.
func shifted(b []byte) (string, int) {
	n := 0
	for n < len(b) && base64Value(b[n]) >= 0 {
		n++
	}
	units, err := base64.RawStdEncoding.DecodeString(string(b[:n]))
	text := fromUTF16BE(units)
	if n == 0 || err != nil && text == "" {
		text = "+" + string(b[:n])
	}
	if n < len(b) && b[n] == '-' {
		n++
	}
	return text, n
}

func fromUTF16BE(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}
