// Package account is who the desk deals with: people, the organisations they belong to, the groups that answer, the
// brands a desk speaks as and the mailboxes it receives for.
//
// A person is one human being with one or several mail addresses and one role. Customers come into being by writing;
// staff are added by an administrator. An address belongs to exactly one person, compared without regard to case.
package account

import (
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
)

// Person is somebody the desk knows.
type Person struct {
	ID           int64
	Email        string   // the address mail goes to
	Addresses    []string // all of theirs, Email first
	Name         string   // "" when only the address is known
	Role         access.Role
	Zone         string // IANA zone of their clock; "" means the policy's
	Locale       string // BCP 47; "" means the policy's language
	Organization int64
	Groups       []int64        // staff only
	Skills       []string       // staff only: what they know best, in an administrator's words
	Brand        int64          // the brand they first wrote to
	Suspended    bool           // may not sign in; sessions end at once
	Verified     bool           // proved that the address is theirs (link or one-time code)
	Facts        map[string]any // what the policy may look at: customer.region, subscription.plan, ...
	Unreachable  string         // why mail to them fails; "" when it does not
	Created      time.Time
	Merged       int64 // who they are now: their record became part of that one; 0 for everybody else
}

// Address is one address of a person, and since when it is theirs; zero for what was on file before that was kept.
type Address struct {
	Email string
	Since time.Time
}

// Display is the name, or the address when no name is known.
func (p Person) Display() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// At is somebody as they are mailed at an address: what is known of their own says nothing about another.
func (p Person) At(address string) Person {
	if FoldAddress(address) != FoldAddress(p.Email) {
		p.Email, p.Unreachable = address, ""
	}
	return p
}

// Actor is the person as somebody who asks for things.
func (p Person) Actor() access.Actor {
	return access.Actor{Person: p.ID, Role: p.Role, Groups: p.Groups}
}

// FoldAddress is the form in which addresses are compared and stored: trimmed and in lower case.
func FoldAddress(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// Hinted is an address as it can be said aloud to somebody of whom one is not sure that it is theirs: its first letter and its domain.
func Hinted(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	first, _ := utf8.DecodeRuneInString(local)
	if domain == "" || first == utf8.RuneError {
		return ""
	}
	return string(first) + "…@" + domain
}

// Organization is a customer company; its domains say who belongs to it.
type Organization struct {
	ID      int64
	Name    string
	Domains []string
	Facts   map[string]any
}

// Group is a team of agents.
type Group struct {
	ID      int64
	Name    string
	Members []int64
}

// Brand is a name the desk speaks as, with its own policy, host name and look.
type Brand struct {
	ID     int64
	Name   string
	Slug   string // in addresses and file names
	Host   string // host name of its pages, "" for the default
	Accent string // "#0f766e"

	TwoPeople bool // its policy changes only when a second administrator applies what the first one wrote
	Community bool // its customers ask and tell each other, for everybody to read
}

// Mailbox is an address the desk receives for and answers from.
type Mailbox struct {
	ID       int64
	Address  string
	Brand    int64
	Group    int64  // new tickets go here, 0 for none
	IMAP     string // imaps://user@host/INBOX, without the password; "" when mail arrives by our own listener
	SMTPOut  string // smtp://user@host:port, without the password; "" for the desk's default
	Secret   []byte // sealed passwords or tokens; never shown, never logged
	Position string // IMAP: "UIDVALIDITY:lastUID"
	Trouble  string // why it cannot be read or sent through just now
	Paused   bool
	Since    time.Time // IMAP: when fetching began; older mail stays where it is. Zero takes everything
}
