package mail

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"hark/fault"
)

// NewAddress validates a bare address and returns its one normal form: the local part as it is written (NFC), the domain in
// lower-case ASCII. It refuses everything on which two programs could disagree (threat C9): quoted local parts, comments,
// addresses of machines by number, controls and blanks, encoded words, a second @, more than 64 octets before the @ or 254
// in all. Errors are of kind Invalid.
func NewAddress(email string) (string, error) {
	local, domain, ok := cutAt(strings.TrimSpace(email))
	switch {
	case !ok:
		return "", refuse(email, "it needs exactly one @")
	case local == "" || len(local) > 64:
		return "", refuse(email, "what stands before the @ has to have 1 to 64 octets")
	case strings.Contains(email, "=?"):
		return "", refuse(email, "encoded words are for names, not for addresses")
	case !isDotAtom(local):
		return "", refuse(email, "only letters, digits and !#$%&'*+-/=?^_`{|}~ with single dots between them can stand before the @")
	}
	domain, err := hostname(domain)
	if err != nil {
		return "", refuse(email, err.Error())
	}
	local = norm.NFC.String(local)
	if len(local)+1+len(domain) > 254 {
		return "", refuse(email, "it has more than 254 octets")
	}
	return local + "@" + domain, nil
}

func refuse(email, why string) error {
	return fault.New(fault.Invalid, "%s is not an address that can be used: %s", quote(email), why)
}

// cutAt splits at the only @ there may be.
func cutAt(email string) (local, domain string, ok bool) {
	local, domain, ok = strings.Cut(email, "@")
	return local, domain, ok && !strings.Contains(domain, "@")
}

// isDotAtom checks the local part after RFC 5322, 3.2.3, with letters and digits of any script (RFC 6532).
func isDotAtom(local string) bool {
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") || !utf8.ValidString(local) {
		return false
	}
	for _, r := range local {
		switch {
		case r < utf8.RuneSelf && (isAlphanumeric(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
		default:
			return false
		}
	}
	return true
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

var errNoDomain = errors.New("what stands after the @ is not a domain")

// hostname returns the ASCII form of a domain (IDNA 2008, strict). Spellings that would quietly become plain ASCII, such as
// full-width letters or characters without width, are refused: other programs read them as another host.
func hostname(domain string) (string, error) {
	if isPlainHost(domain) {
		return strings.ToLower(domain), nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !isPlainHost(ascii) || !strings.Contains(ascii, "xn--") || strings.ContainsFunc(domain, isInvisible) {
		return "", errNoDomain
	}
	return strings.ToLower(ascii), nil
}

// isPlainHost accepts names of labels of letters, digits and hyphens, whose last label is no number. A label that claims to be
// punycode is left to idna.
func isPlainHost(domain string) bool {
	if domain == "" || len(domain) > 253 {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if len(label) > 4 && strings.EqualFold(label[:4], "xn--") && !isPunycode(label) {
			return false
		}
		for _, r := range label {
			if !isAlphanumeric(r) && r != '-' {
				return false
			}
		}
	}
	return strings.ContainsFunc(labels[len(labels)-1], func(r rune) bool { return r < '0' || r > '9' })
}

// isPunycode reports whether a label beginning with xn-- stands for a name that could be registered.
func isPunycode(label string) bool {
	_, err := idna.Lookup.ToUnicode(strings.ToLower(label))
	return err == nil
}

// Same reports whether two validated addresses mean one mailbox. Local parts are compared without case: every mail server
// that matters does so.
func Same(a, b string) bool { return strings.EqualFold(a, b) }

// Domain returns what stands after the @ of a validated address.
func Domain(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return domain
}

// ParseAddress reads one mailbox such as `Ana Berg <ana@example.org>`. Unlike header fields, forms and configuration
// get no second reading: anything but exactly one valid mailbox is an error of kind Invalid.
func ParseAddress(s string) (Address, error) {
	list, bad := addressList(s)
	if len(bad) > 0 {
		return Address{}, bad[0]
	}
	if len(list) != 1 {
		return Address{}, refuse(s, "exactly one address is needed")
	}
	return list[0], nil
}

// addressList reads the value of an address field: valid mailboxes in order, and one error for each that is not.
// Names are decoded after the addresses are found, so that nothing encoded can become part of an address.
func addressList(v string) (list []Address, bad []error) {
	lead := ""
	for _, m := range mailboxes(v) {
		if m.isEmpty() {
			continue
		}
		if m.isLead() && len(lead) < 200 {
			lead += string(m.plain) + ", "
			continue
		}
		a, err := m.address(lead)
		lead = ""
		if err != nil {
			bad = append(bad, err)
			continue
		}
		list = append(list, a)
	}
	if lead = strings.Trim(lead, ", "); lead != "" {
		bad = append(bad, refuse(lead, "it has no @"))
	}
	return list, bad
}

// mailbox is one entry of an address field, cut into its kinds of text.
type mailbox struct {
	plain   []byte // outside of quotes, comments and angle brackets
	name    []byte // plain and quoted text before the angle brackets
	comment []byte // between parentheses
	angle   string // between the angle brackets
	angled  bool
	extra   bool // more than one pair of angle brackets, or text behind them
	quoted  bool // quoted text outside of a name
}

func (m *mailbox) isEmpty() bool {
	return !m.angled && !m.quoted && len(bytes.TrimSpace(m.name)) == 0
}

// isLead reports text without an address: the "Berg" of an unquoted "Berg, Ana <ana@example.org>".
func (m *mailbox) isLead() bool {
	return !m.angled && !m.quoted && len(m.comment) == 0 && bytes.IndexByte(m.plain, '@') < 0
}

func (m *mailbox) address(lead string) (Address, error) {
	email, name := m.angle, string(m.name)
	switch {
	case m.extra:
		return Address{}, refuse(name+"<"+m.angle+">", "there is text behind the angle brackets")
	case !m.angled && m.quoted:
		return Address{}, refuse(name, "quoted text cannot be part of an address")
	case !m.angled:
		email, name = string(m.plain), string(m.comment)
	}
	email, err := NewAddress(email)
	if err != nil {
		return Address{}, err
	}
	return Address{Name: displayName(lead + name), Email: email}, nil
}

// mailboxes cuts an address field at its commas and semicolons, outside of quotes, comments and angle brackets.
// The names of groups ("Team: a@x, b@y;") are dropped.
func mailboxes(v string) (all []mailbox) {
	var m mailbox
	for i := 0; i < len(v); {
		n := 1
		switch c := v[i]; {
		case c == '"':
			n = m.quotedText(v[i:])
		case c == '(':
			n = m.commentText(v[i:])
		case c == '<':
			n = m.angleText(v[i:])
		case c == ',' || c == ';':
			all, m = append(all, m), mailbox{}
		case c == ':' && !m.angled && bytes.IndexByte(m.plain, '@') < 0:
			m = mailbox{}
		case m.angled:
			m.extra = m.extra || c != ' ' && c != '\t'
		default:
			m.plain, m.name = append(m.plain, c), append(m.name, c)
		}
		i += n
	}
	return append(all, m)
}

func (m *mailbox) quotedText(s string) int {
	text, n := quotedString(s)
	m.name, m.quoted, m.extra = append(m.name, text...), true, m.extra || m.angled
	return n
}

// commentText takes a comment as the name of an address that has no other. A comment that touches an address makes it
// invalid: programs disagree on what such an address is.
func (m *mailbox) commentText(s string) int {
	text, n := comment(s)
	if len(m.plain) > 0 && m.plain[len(m.plain)-1] != ' ' {
		m.plain = append(m.plain, '(')
	}
	m.comment = append(m.comment, text...)
	return n
}

func (m *mailbox) angleText(s string) int {
	inner, n := angleBrackets(s)
	m.angle, m.angled, m.extra = inner, true, m.extra || m.angled
	return n
}

// comment returns the content of the comment at the start of s and its length; comments nest.
func comment(s string) (string, int) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[1:i], i + 1
			}
		}
	}
	return s[1:], len(s)
}

// quotedString returns the content of the quoted string at the start of s and its length in s.
func quotedString(s string) (string, int) {
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			out.WriteByte(s[i])
		case s[i] == '"':
			return out.String(), i + 1
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String(), len(s)
}

// angleBrackets returns what stands between the brackets at the start of s, and its length with them. An unclosed bracket
// ends at the next comma.
func angleBrackets(s string) (string, int) {
	end := strings.IndexByte(s, '>')
	if end >= 0 {
		return s[1:end], end + 1
	}
	if end = strings.IndexByte(s, ','); end < 0 {
		end = len(s)
	}
	return s[1:end], end
}

// displayName decodes a name and takes away what could make it read as something else: direction marks and characters
// without width. Surrounding quotes that were doubled or encoded go, too.
func displayName(s string) string {
	s = decodeWords(s)
	s = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	for len(s) > 1 && (s[0] == '"' && s[len(s)-1] == '"' || s[0] == '\'' && s[len(s)-1] == '\'') {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// isInvisible reports characters that change how their neighbours look without being seen.
func isInvisible(r rune) bool {
	return r == '\u200B' || r == '\u2060' || r == '\u00AD' || r == '\uFEFF' || isDirection(r)
}

func isDirection(r rune) bool {
	return r == '\u200E' || r == '\u200F' || r == '\u061C' || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}
