// Package access answers the one question "may this actor do that?".
//
// An actor is whoever asks: a signed-in person, a customer holding a link to one ticket, a program with a token, or the
// desk itself when time passes. A right is a word for one kind of thing that can be done. Every route, command and verb
// names the right it needs, and [May] is the only place that answers. Which tickets an actor sees is decided by the
// same values, inside the SQL of every query (store.visible), so a list can never show more than a page would.
package access

import "slices"

// Role is what a person is to the desk.
type Role string

const (
	Admin    Role = "admin"     // runs the desk: people, mailboxes, policy; sees every ticket
	Agent    Role = "agent"     // answers customers; sees tickets of their groups, unassigned ones without a group, and their own
	LevelOne Role = "level_one" // finds out who writes or calls, routes, and sends prepared messages; answers nothing in their own words (seed 001)
	Light    Role = "light"     // reads what an agent reads, writes internal notes only
	Customer Role = "customer"  // sees tickets they requested or are copied on
	Nobody   Role = ""          // not signed in
)

// Actor is whoever asks. The zero value is a stranger.
type Actor struct {
	Person int64   // people.id, 0 for strangers and for the desk itself
	Role   Role    //
	Groups []int64 // groups an agent belongs to
	Ticket int64   // the one ticket a signed link opens; then Person is the link's participant and Role is Customer
	Desk   bool    // the desk itself: timers, workers, operator commands on the host
}

// Clock is the actor for everything that happens because time passes or an operator on the host says so.
var Clock = Actor{Desk: true}

// Right names one kind of act.
type Right string

const (
	Public        Right = "public"         // anybody, signed in or not
	SeeTickets    Right = "see_tickets"    // read tickets (which ones is decided in SQL)
	ReplyPublicly Right = "reply_publicly" // write to the customer in the company's name
	SendPrepared  Right = "send_prepared"  // one of the policy's own messages
	TakeCalls     Right = "take_calls"     // answer the phone, and read about calls
	WriteNote     Right = "write_note"     // internal note
	ChangeTicket  Right = "change_ticket"  // status, assignee, tags, kind, priority
	DecideHeld    Right = "decide_held"    // accept or discard a stranger's mail
	SeeMailLog    Right = "see_mail_log"   // incoming and outgoing mail with its state
	SeeRawMail    Right = "see_raw_mail"   // a mail's source
	OwnTickets    Right = "own_tickets"    // a customer's own list and requests
	OneTicket     Right = "one_ticket"     // the ticket a signed link names, or one's own
	WriteArticles Right = "write_articles" // articles of the help: write, publish, answer what readers say of them
	ArrangeCall   Right = "arrange_call"   // book, move and cancel the call of a ticket one may see
	Administer    Right = "administer"     // people, groups, brands, mailboxes
	ApplyPolicy   Right = "apply_policy"   // make a policy the running one
	MoveClock     Right = "move_clock"     // demo only
	OwnAccount    Right = "own_account"    // one's own password, sessions, preferences
	UseAPI        Right = "use_api"        // the public API with a token
	SeeCustomers  Right = "see_customers"  // find customers, and read what they own and how they are reached
	KeepCustomers Right = "keep_customers" // write down what they own and how they are reached
	MergeRecords  Right = "merge_records"  // make one of two customers who are one person, or of two tickets that are one
	PublishNews   Right = "publish_news"   // say in the company's name what is new and what is to come
	TakePart      Right = "take_part"      // write where customers ask each other
	Moderate      Right = "moderate"       // read first what customers write to each other, take it off, make tickets of it
)

// grants is the whole table: which role holds which right.
var grants = map[Role][]Right{
	Admin:    {SeeTickets, ReplyPublicly, SendPrepared, TakeCalls, WriteNote, ChangeTicket, DecideHeld, SeeMailLog, SeeRawMail, Administer, ApplyPolicy, MoveClock, OwnAccount, UseAPI, OneTicket, SeeCustomers, KeepCustomers, MergeRecords, PublishNews, ArrangeCall, WriteArticles, TakePart, Moderate},
	Agent:    {SeeTickets, ReplyPublicly, SendPrepared, TakeCalls, WriteNote, ChangeTicket, DecideHeld, SeeMailLog, SeeRawMail, MoveClock, OwnAccount, UseAPI, OneTicket, SeeCustomers, KeepCustomers, MergeRecords, PublishNews, ArrangeCall, WriteArticles, TakePart, Moderate},
	LevelOne: {SeeTickets, SendPrepared, TakeCalls, WriteNote, ChangeTicket, MoveClock, OwnAccount, OneTicket, SeeCustomers, ArrangeCall},
	Light:    {SeeTickets, WriteNote, OwnAccount, OneTicket, SeeCustomers},
	Customer: {OwnTickets, OneTicket, ArrangeCall, OwnAccount, TakePart},
}

// May reports whether the actor holds the right. It fails closed: an unknown role or right is a no.
// Holding a right over tickets does not yet mean this ticket: queries filter by the actor too.
func May(a Actor, r Right) bool {
	switch {
	case r == Public, a.Desk:
		return true
	case a.Ticket != 0: // a signed link opens one ticket and nothing else, whoever holds it
		return r == OneTicket || r == ArrangeCall
	}
	return slices.Contains(grants[a.Role], r)
}

// Staff reports whether the actor works at the desk and so reads internal notes.
func (a Actor) Staff() bool {
	return a.Desk || a.Ticket == 0 && (a.Role == Admin || a.Role == Agent || a.Role == LevelOne || a.Role == Light)
}
