// Package receive is where mail enters the desk: a listener other mail servers speak SMTP to, and a reader that fetches
// from IMAP mailboxes elsewhere.
//
// Both keep one promise. A mail is theirs until Accept has returned without an error, which means that it is on disk.
// Only then does the listener say "250" and the reader move its position; everything before that leaves the mail with the
// server that has it now, which tries again. Neither looks into a mail: a mail that nobody can read is accepted like any
// other and becomes a visible record further inside. Accepting twice is harmless, because the desk knows a mail by its
// content; losing one is not, so every doubt is decided for accepting again.
//
// What is deliberately absent: relaying, sign-in of senders, and every judgement about who may write to a ticket.
package receive

import (
	"context"
	"time"
)

// Envelope is what is known about a mail besides its bytes.
type Envelope struct {
	From     string    // the return path, "" for the null sender <> of bounces and automatic answers
	To       []string  // recipients, all of them known here; for IMAP the address of the mailbox
	Remote   string    // IP address of the peer, or host of the IMAP server
	HeloName string    // what an SMTP peer called itself, unverified; "" for IMAP
	TLS      bool      // the connection was encrypted
	At       time.Time // when the last octet had arrived; the same instant stands in our Received field
	Unstated bool      // the return path is not known (an IMAP server that does not record it): From says nothing
}

// Accept makes a raw mail durable and only then returns nil. It may be called with a mail it has seen before. Errors of kind
// TooLarge and Invalid refuse the mail for good; every other error means "not now" and the sender keeps the mail.
type Accept func(ctx context.Context, e Envelope, raw []byte) error

// Known reports whether mail for address is taken here. An error means that nobody can tell just now: the recipient is asked
// to come back, because "no such address" would make the sender give up.
type Known func(ctx context.Context, address string) (bool, error)
