package ticket

import "time"

// Audit is one change of a ticket: who, when, by which way, and what it consisted of. Audits are only ever added.
// The event types are Zendesk's: Create, Change, Comment, Notification, and ours where Zendesk has no word.
type Audit struct {
	ID     int64        `json:"id"`
	Ticket int64        `json:"ticket_id"`
	Author Person       `json:"author"` // zero when the policy did it
	At     time.Time    `json:"created_at"`
	Via    string       `json:"via"` // email, web, portal, api, rule, cli
	Events []AuditEvent `json:"events"`
}

// AuditEvent is one part of an audit.
type AuditEvent struct {
	Type       string   `json:"type"`
	Field      string   `json:"field_name,omitempty"` // Create, Change
	From       string   `json:"previous_value,omitempty"`
	To         string   `json:"value,omitempty"`
	Comment    int64    `json:"comment_id,omitempty"`
	Public     bool     `json:"public,omitempty"`
	Message    string   `json:"message,omitempty"` // Notification: the policy's message id
	Subject    string   `json:"subject,omitempty"` // Notification
	Recipients []string `json:"recipients,omitempty"`
	Mail       int64    `json:"mail_id,omitempty"`  // Notification: the outgoing mail
	Rule       string   `json:"rule,omitempty"`     // which rule of the policy decided it
	Says       string   `json:"says,omitempty"`     // in words, for people
	Internal   bool     `json:"internal,omitempty"` // never shown to customers
}

// The event types.
const (
	Create       = "Create"       // a field's first value
	Change       = "Change"       // a field changed
	CommentAdded = "Comment"      // a comment was written
	Notification = "Notification" // a mail was planned
	Skipped      = "Skipped"      // a planned act was left out, and why (S2-28)
	TaskAdded    = "Task"         // something a person should do
	MailFailed   = "MailFailed"   // a mail came back or could not be sent
	Held         = "Held"         // a message waits for a person's decision
	FollowedUp   = "FollowUp"     // another ticket continues this one; To is its number
	Overdue      = "Overdue"      // a due time has passed
	Rated        = "Rated"        // the requester said how it went
	Undone       = "Undone"       // a change was taken back, and why (S2-18)
)

// Comment is one message in the conversation. An internal comment has no recipients: there is no field for them.
type Comment struct {
	ID          int64
	Ticket      int64
	Audit       int64
	Author      Person
	Public      bool
	HTML        string // sanitised; "" when it was plain text
	Text        string // everything that was written
	Trimmed     string // without quoted mail and signature
	Quoted      string // what was trimmed off, kept
	Automatic   string // "no" or why it is a machine's: auto-reply, auto-generated, bounce, list, perhaps
	Via         string
	MessageID   string // of the mail it came as, or went out as
	Mail        int64  // mails_in.id it came as, 0 otherwise
	Unverified  bool   // the sender's identity could not be checked (C1, C6)
	ThirdParty  string // "anna@… (not on this ticket)" when a stranger's held mail was accepted
	Attachments []Attachment
	Created     time.Time
}

// Attachment is a file kept under the hash of its bytes; Name and Type are what the sender claimed and decide nothing.
type Attachment struct {
	ID        int64  `json:"id"`
	Comment   int64  `json:"comment_id"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
	Inline    bool   `json:"inline"`
	ContentID string `json:"content_id,omitempty"`
}
