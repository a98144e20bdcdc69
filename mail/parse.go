package mail

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hark/fault"
)

// Parse reads a raw mail. It fails only for what is kept raw: a mail beyond the limits of Scan (kind TooLarge), an empty one,
// or one on which a library gives up (kind Invalid). Everything else becomes a Message whose Defects say how it was read.
func Parse(raw []byte) (m *Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fault.New(fault.Invalid, "the mail cannot be read and is kept as it came: %v", p)
		}
	}()
	root, defects, err := read(raw)
	if err != nil {
		return nil, err
	}
	m = &Message{fields: readable(root), Defects: defects}
	m.readIdentity()
	m.readThread()
	m.readTrace()
	m.readBody(root)
	m.Warnings = append(m.Warnings, m.spoofs()...)
	m.Bounce = readBounce(root, m)
	m.Automatic, m.AutomaticWhy = Classify(m, Arrival{})
	return m, nil
}

// readable returns the header fields with bare 8-bit bytes read in the charset of the mail's text, which is the best hint there is.
func readable(root *part) []Field {
	for i, f := range root.fields {
		if !isASCII(f.Value) && !utf8.ValidString(f.Value) {
			root.fields[i].Value, _ = decodeCharset([]byte(f.Value), textCharset(root))
		}
	}
	return root.fields
}

// textCharset returns the charset of the first text that names one.
func textCharset(p *part) string {
	if strings.HasPrefix(p.kind, "text/") && p.params["charset"] != "" {
		return p.params["charset"]
	}
	for _, c := range p.children {
		if charset := textCharset(c); charset != "" {
			return charset
		}
	}
	return ""
}

func (m *Message) defect(format string, args ...any) {
	if what := fmt.Sprintf(format, args...); !slices.Contains(m.Defects, what) {
		m.Defects = append(m.Defects, what)
	}
}

// readIdentity reads who sent the mail to whom. When the mail answers that twice, the sender is ambiguous: servers that check
// a sender and programs that show one would pick different answers (threat C8).
func (m *Message) readIdentity() {
	from := m.addresses("From")
	m.From = m.only("From", from)
	m.Sender = m.only("Sender", m.addresses("Sender"))
	m.To, m.Cc, m.ReplyTo = m.addresses("To"), m.addresses("Cc"), m.addresses("Reply-To")
	m.Subject = decodeWords(first(m.fields, "Subject"))
	m.Ambiguous = m.ambiguity(from)
	for _, name := range []string{"Subject", "Cc", "Sender", "In-Reply-To", "References", "MIME-Version", "Content-Transfer-Encoding"} {
		if count(m.fields, name) > 1 {
			m.defect("the header %s stands there more than once; the first one was read", name)
		}
	}
}

// unique are the fields of which a second one makes two programs read two different mails.
var unique = []string{"From", "To", "Reply-To", "Message-ID", "Date", "Content-Type"}

func (m *Message) ambiguity(from []Address) string {
	for _, name := range unique {
		if count(m.fields, name) > 1 {
			return "the header " + name + " stands there more than once"
		}
	}
	switch value, there := lookup(m.fields, "From"); {
	case !there:
		return "the mail has no From"
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' }):
		return "From holds control characters"
	case len(from) > 1:
		return "From names more than one address"
	case len(from) == 0:
		return "From holds no valid address: " + quote(decodeWords(value))
	}
	if _, bad := addressList(first(m.fields, "From")); len(bad) > 0 {
		return "From holds more than one address, and not all are valid"
	}
	return ""
}

// addresses reads the first field of that name.
func (m *Message) addresses(name string) []Address {
	value, there := lookup(m.fields, name)
	if !there {
		return nil
	}
	list, bad := addressList(value)
	for _, err := range bad {
		m.defect("%s: %s", name, fault.Says(err))
		if len(m.Defects) > 50 {
			break
		}
	}
	return list
}

// only returns the first address for display; whether it may be trusted is for Ambiguous to say.
func (m *Message) only(name string, list []Address) *Address {
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		m.defect("%s names %d addresses", name, len(list))
	}
	return &list[0]
}
