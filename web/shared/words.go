package shared

// Time is an instant as a reader sees it, already formatted for their zone.
type Time struct {
	Relative string // where one scans: "in 2 h", "yesterday 15:20"
	Exact    string // where one decides, with the zone: "Wed 25 Nov 2026, 17:00 EST"
	ISO      string // RFC 3339, for the datetime attribute
}

// Strength says how firmly a time is meant.
type Strength string

const (
	Promise Strength = "promise" // published as a promise; red when broken
	Usual   Strength = "usual"   // published as usual; amber once it has passed
	Planned Strength = "planned" // something the desk itself will do: remind, close
)

// DueState says how a due time stands.
type DueState string

const (
	Running DueState = "running"
	Paused  DueState = "paused" // waits for somebody else; At is empty
	Kept    DueState = "kept"
	Missed  DueState = "missed"
)

// Due is a time that matters, with its reason.
type Due struct {
	ID       string // unique on the page; names the popover
	What     string // "First answer", "Second reminder", "Closes"
	At       Time
	Strength Strength
	State    DueState
	Note     string // "waits for the customer", "usually by now"
	Why      Why
}

// Why explains a due time or a level in sentences, in the order in which the policy reasoned.
type Why struct {
	Sentences []string
	Rule      string // the rule's name in the policy, "lifecycle.timers.reminder-1"
	RuleURL   string // the policy page at that rule
}

// Status is a ticket's status: the category every desk has, and the policy's own word for it.
type Status struct {
	ID       string // the policy's state; what forms send
	Category string // new open pending hold solved closed
	Label    string
}

// Value is what a form sends for the status: the policy's state, or its category where only that is known.
func (s Status) Value() string {
	if s.ID != "" {
		return s.ID
	}
	return s.Category
}

// Person is somebody on a page. Name is as they wrote it and Email is always shown with it, because anybody may
// call themselves anything.
type Person struct {
	Name         string
	Email        string
	Organization string
	Initials     string
	URL          string // their record, "" for none
	Agent        bool
	Warning      string // why this name should not be trusted as it looks, "" for none
}

// Attachment is a file that came with a message.
type Attachment struct {
	Name string
	Size string // "48 kB"
	URL  string
	Note string // "not shown: the file is not what its name says"
}

// Message is one comment of a conversation.
type Message struct {
	ID       string // "comment-91"
	From     Person
	At       Time
	Internal bool
	Text     string // plain text, also beside HTML; shown when HTML is empty
	HTML     string // sanitised by the mail edge, never by a page
	Quoted   string // earlier mail below the reply, folded away
	Signed   bool   // what is folded away is only a signature
	All      string // address that shows the whole of a message of which only the beginning stands here, "" for the whole
	Files    []Attachment
	Via      string // "by mail", "from the portal", "by the policy"
	Source   string // address of the original mail, "" when there is none
	Delivery *Delivery
	Unread   bool
	Held     *Held
}

// Delivery is what became of a message we sent.
type Delivery struct {
	State string // sending sent uncertain bounced failed held
	Says  string // "Delivered to mx.green.example at 15:04"
	URL   string // the entry in the mail log
}

// Held is a message that waits because we do not know its sender.
type Held struct {
	Why     string
	Accept  string // POST addresses
	Discard string
}

// Event is one line of a ticket's history.
type Event struct {
	At   Time
	Who  string // "Ana Ruiz", "The policy"
	Says string // "set Pending", "sent the first reminder"
	Why  Why
}

// Toast says what just happened, and offers to undo it.
type Toast struct {
	Says    string
	Failed  bool
	Undo    string   // POST address, "" for none
	Changes []string // what it takes back
	Return  string   // the page it stands on
}

// Change is one difference between two texts or values, in words.
type Change struct {
	Where  string // "First reminder"
	Before string // "" when it is new
	After  string // "" when it is gone
	Effect string // "3 open tickets are reminded later"
}

// Step is one step on a time line.
type Step struct {
	Title string
	At    Time
	State string // done now next skipped
	Says  string
}

// Row is a ticket in a list.
type Row struct {
	Number    string
	URL       string
	Subject   string
	Line      string // the customer's last words
	Reason    string // why it stands here: "Reply to yours"
	Requester Person
	Assignee  string
	Kind      string
	Status    Status
	Due       *Due
	WhyURL    string // where the due time is explained
	Unread    bool
	Presence  string // "Ben is writing", "" for nobody
	Channel   string // mail web phone api
	Marked    bool   // in the reply-later pile
	Updated   Time
}

// Pager leads to older and newer entries; addresses are "" at the ends. Totals are deliberately absent.
type Pager struct {
	Newer string
	Older string
	Says  string // "50 tickets, oldest first"
}

// FormError is what a form could not take, at its field.
type FormError struct {
	Field string // id of the field
	Says  string
}
