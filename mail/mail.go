// Package mail reads and writes electronic mail for a support desk.
//
// A mail is a list of header fields, an empty line and a body; a body of type multipart is again a list of such parts
// between boundary lines (RFC 5322, RFC 2045 to 2049). Nothing about it can be trusted: senders are forged, encodings are
// mislabelled, and a few kilobytes can be nested so deeply that a naive reader takes minutes. So the package works in the
// order in which trust can be built:
//
//	Key       tells two deliveries of one mail from two mails
//	Scan      refuses what is too deep, too wide or too long, in one linear pass
//	Parse     turns bytes into a Message; it fails only for mails that Scan refuses, everything else becomes a defect in words
//	Classify  says whether a machine sent it, and by which sign (RFC 3834)
//	Keyring   proves that a mail answers one of ours, by tokens only we can make; subjects never count
//	Compose   renders a mail once, for exactly one recipient
//
// Everything here is a function over bytes: no network, no database, no clock. Where time matters, now is a parameter.
//
// Some things are deliberately our own. Scanning and parsing share one walk over the bytes: with a library behind a separate
// scanner, a mail on whose boundaries the two disagree would pass the limits and then hit the library, which needs seconds for
// a few kilobytes of nesting. A test compares our reading with enmime's. Charsets are repaired here because labels lie in both
// directions. Mail is composed header by header because the number of header lines sent has to be exact, the same bytes have
// to come out twice, and libraries with helpful defaults (a mailer's name, a date, an id with a host in it) say too much.
package mail

import (
	"net/textproto"
	"strings"
	"time"
)

// Address is one mailbox. Email has been through NewAddress, so its domain is what stands after its only @.
type Address struct {
	Name  string // decoded, without control characters; "" when there is none
	Email string
}

// Attachment is a file that came with a mail. Name is display data and never a path.
type Attachment struct {
	Name      string
	Type      string // as the sender declared it, lower case, without parameters
	Size      int64  // in bytes, decoded
	SHA256    string // of the decoded bytes, in hex
	Inline    bool   // the HTML text shows it through its ContentID
	ContentID string // without angle brackets
	Content   []byte `json:"-"`
}

// Hop is one Received field. The newest hop comes first, as in the mail.
type Hop struct {
	From string    // the name the sending host gave itself
	By   string    // the host that wrote the field, lower case
	For  string    // the recipient, when the field names one
	At   time.Time // UTC; zero when unreadable
}

// Message is a mail as the desk reads it.
type Message struct {
	From, Sender *Address // nil when the mail has none that is valid
	To, Cc       []Address
	ReplyTo      []Address
	Subject      string
	Date         time.Time // as the sender claims, UTC; zero when missing or unreadable
	MessageID    string    // with angle brackets; "" when there is none
	InReplyTo    []string
	References   []string

	Text        string // what a person reads in the mail, as plain text
	TextTrimmed string // Text without quoted mail and signature; never empty when Text is not
	HTML        string // sanitised; "" when the mail has no HTML text
	Attachments []Attachment

	Automatic    Automatic
	AutomaticWhy string
	Bounce       *Bounce // set when the mail reports on the delivery of another

	Received   []Hop
	ReturnPath *string // the envelope sender that the last server noted; "" is the null sender, nil is not noted

	Ambiguous string   // why the sender cannot be known from this mail; "" when he can
	Warnings  []string // what a reader should know before he trusts the names or the text
	Defects   []string // what was broken and how it was read

	fields []Field
}

// Field is one header field, unfolded and undecoded.
type Field struct{ Name, Value string }

// Header returns the decoded values of all fields of that name, in the order of the mail. Fields that steer Hark itself
// (X-Hark-...) are never among them: a sender has no say over us (threat C10).
func (m *Message) Header(name string) []string {
	if isControl(name) {
		return nil
	}
	var values []string
	for _, f := range m.fields {
		if strings.EqualFold(f.Name, name) {
			values = append(values, decodeWords(f.Value))
		}
	}
	return values
}

// isControl reports whether a header field belongs to Hark's own inner workings.
func isControl(name string) bool {
	return strings.HasPrefix(textproto.CanonicalMIMEHeaderKey(name), "X-Hark-")
}
