package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// How a call becomes real: its row is written with the ticket, and both calendars hear of it in the same transaction. The
// customer's invitation goes with the policy's message about the call where there is one, and else in a mail of the desk; the host's
// always comes alone.

// methods is what calendars are told when something happens to a call.
var methods = map[ticket.EventKind]string{
	ticket.CallBooked: calendar.MethodRequest, ticket.CallMoved: calendar.MethodRequest, ticket.CallCancelled: calendar.MethodCancel,
}

// keepCall stores the call of the ticket as it becomes. A call that the policy ended by itself, because a plan has run out, is
// called off with it.
func (k *keeping) keepCall() error {
	kind := k.h.event.Kind
	if k.h.call == nil && !k.before.Memory.Call.IsZero() && k.after.Memory.Call.IsZero() {
		call, _, err := callsNow(k.tx, k.after.ID, k.h.now)
		if err != nil || call.ID == 0 {
			return err
		}
		call, kind = cancelled(call), ticket.CallCancelled
		k.h.call = &call
	}
	if k.h.call == nil {
		return nil
	}
	k.method = methods[kind]
	if err := k.noteHost(); err != nil {
		return err
	}
	return k.storeCall()
}

// noteHost keeps what is stored of a call that goes to somebody else, to tell whoever had it.
func (k *keeping) noteHost() error {
	if k.h.event.Kind != ticket.CallMoved {
		return nil
	}
	was, err := bookedCall(k.tx, k.after.ID, k.h.now)
	if err == nil && was.Host != k.h.call.Host {
		was.Sequence = k.h.call.Sequence
		k.handed = &was
	}
	return err
}

func (k *keeping) storeCall() error {
	save := func() (bool, error) { return k.tx.SaveCall(*k.h.call) }
	if k.h.call.ID == 0 {
		save = func() (bool, error) { return k.tx.AddCall(k.h.call) }
	}
	kept, err := save()
	if err == nil && !kept || fault.Is(err, fault.Conflict) {
		return &Taken{At: k.h.call.Start}
	}
	return err
}

// invites reports whether a message to somebody takes the invitation along: once, and to the guest alone.
func (k *keeping) invites(to account.Person) bool {
	return k.method != "" && k.policy.Doc.Calls != nil && k.policy.Doc.Calls.Invite && to.ID == k.h.call.Guest && !slices.Contains(k.invitees, to.ID)
}

// invite tells the calendars that no message of the policy has told yet, and agents what happened to the call.
func (k *keeping) invite() ([]ticket.AuditEvent, error) {
	if k.method == "" {
		return nil, nil
	}
	events := internally(ticket.Change, "calls", k.callChanged())
	events[0].Field = "call"
	if k.policy.Doc.Calls == nil || !k.policy.Doc.Calls.Invite {
		return events, nil
	}
	for _, id := range []int64{k.h.call.Guest, k.h.call.Host} {
		told, err := k.inviteOne(id, k.callNews())
		if err != nil {
			return nil, err
		}
		events = append(events, told...)
	}
	told, err := k.uninvite()
	return append(events, told...), err
}

// uninvite takes a call that went to somebody else out of the calendar of whoever had it.
func (k *keeping) uninvite() ([]ticket.AuditEvent, error) {
	if k.handed == nil {
		return nil, nil
	}
	return k.inviteOne(k.handed.Host, calendarNews{*k.handed, calendar.MethodCancel})
}

// calendarNews is what a calendar is told of a call: REQUEST, CANCEL or DECLINECOUNTER, "" for nothing.
type calendarNews struct {
	call   store.Call
	method string
}

// callNews is what the calendars of the two are told of what happens.
func (k *keeping) callNews() calendarNews { return calendarNews{*k.h.call, k.method} }

func (k *keeping) inviteOne(id int64, news calendarNews) ([]ticket.AuditEvent, error) {
	to, err := k.tx.Person(id)
	if err != nil {
		return nil, err
	}
	if slices.Contains(k.invitees, id) {
		return nil, nil
	}
	l := k.callLetter(to, news)
	why, err := k.sendOwn(l)
	if err != nil || why != "" {
		return internally(ticket.Skipped, "calls.invite", "the invitation for "+to.Display()+" was not sent: "+why), err
	}
	k.invitees = append(k.invitees, id)
	return []ticket.AuditEvent{{Type: ticket.Notification, Message: l.template, Subject: l.subject, Recipients: []string{to.Email}, Mail: k.posted[len(k.posted)-1], Rule: "calls.invite", Internal: true}}, nil
}

// key makes each version of an invitation go to each reader once.
func (n calendarNews) key(to account.Person) string {
	return fmt.Sprintf("call/%d/%d/%s/%d", n.call.ID, n.call.Sequence, n.method, to.ID)
}

// callTemplate is the name of the desk's own mails about calls in the mail log.
const callTemplate = "call-invitation"

// callLetter is the desk's own mail about what happened to the call.
func (k *keeping) callLetter(to account.Person, news calendarNews) letter {
	says := k.saysOf(news.call, to)
	l := letter{key: news.key(to), template: callTemplate, to: to, calendar: news}
	who := says.host + " calls you"
	if to.ID == news.call.Host {
		who = "You call " + says.guest
	}
	switch {
	case k.handed != nil && to.ID == k.handed.Host:
		l.subject, l.text = "You do not have the call any more: "+says.start, "Somebody else calls "+says.guest+" on "+says.start+"."
	case news.method == calendar.MethodCancel:
		l.subject, l.text = "Your call is called off: "+says.start, "The call on "+says.start+" does not take place."
	case k.hasMoved() && (k.handed == nil || to.ID != news.call.Host):
		l.subject, l.text = "Your call has moved to "+says.start, who+" on "+says.start+" at "+says.phone+"."
	default:
		l.subject, l.text = "Your call on "+says.start, who+" on "+says.start+" at "+says.phone+"."
	}
	if to.ID == news.call.Host {
		l.text += "\n\nIt is about: " + k.after.Subject
		return l
	}
	l.text = k.withWay(l.text, to)
	return l
}

// hasMoved reports whether the call has another time than before, and not only another host.
func (k *keeping) hasMoved() bool {
	return k.h.event.Kind == ticket.CallMoved && !k.h.call.Start.Equal(k.before.Memory.Call)
}

// withWay says how a guest changes what was said.
func (k *keeping) withWay(text string, to account.Person) string {
	says := "Move or call it off: " + k.callLink(to)
	switch {
	case k.after.Category == ticket.Closed:
		says = "Your request is closed. Answer this message if you still need a call."
	case k.method == calendar.MethodCancel:
		says = "Choose another time: " + k.callLink(to)
	}
	return strings.TrimRight(text, "\n") + "\n\n" + says
}

// callWords is a call in words for one reader.
type callWords struct{ start, host, guest, phone string }

func (k *keeping) callSays(to account.Person) callWords { return k.saysOf(k.theCall(), to) }

func (k *keeping) saysOf(c store.Call, to account.Person) callWords {
	zone := k.zoneOf(to)
	if to.ID == c.Guest || to.Zone == "" {
		zone = callZone(c, k.policy)
	}
	if to.ID == c.Host && to.Zone == "" {
		zone = k.policy.CallZone()
	}
	says := callWords{start: "an open date", host: "Somebody of us", guest: k.after.Requester.Name, phone: c.Phone}
	if !c.Start.IsZero() {
		says.start = c.Start.In(zone).Format("Monday 2 January 2006, 15:04 MST")
	}
	if host, err := k.tx.Person(c.Host); err == nil {
		says.host = firstName(host.Name)
	}
	if guest, err := k.tx.Person(c.Guest); err == nil {
		says.guest = guest.Display()
	}
	if says.phone == "" && to.ID == c.Host {
		says.phone = "a number that nobody has given yet"
	} else if says.phone == "" {
		says.phone = "your number"
	}
	return says
}

// theCall is the call that a message speaks of: the one something happens to, else the newest of the ticket.
func (k *keeping) theCall() (c store.Call) {
	if k.h.call != nil {
		return *k.h.call
	}
	all, err := k.tx.Calls(access.Clock, k.after.ID)
	if err == nil && len(all) > 0 {
		c = all[len(all)-1]
	}
	return c
}

// callLink is the page on which a customer chooses, moves and calls off.
func (k *keeping) callLink(to account.Person) string {
	return k.ticketLink(to.ID) + "/call"
}

// callChanged tells agents what happened.
func (k *keeping) callChanged() string {
	says := k.callSays(account.Person{})
	company := k.h.call.Start.In(k.policy.CallZone()).Format("Mon 2 Jan 2006, 15:04 MST")
	was := k.before.Memory.Call.In(k.policy.CallZone()).Format("Mon 2 Jan 2006, 15:04 MST")
	switch {
	case k.method == calendar.MethodCancel:
		return "called off the call of " + company
	case k.handed != nil && k.hasMoved():
		return "moved the call from " + was + " to " + company + " and gave it to " + says.host
	case k.handed != nil:
		return "gave the call of " + company + " to " + says.host
	case k.h.event.Kind == ticket.CallMoved:
		return "moved the call from " + was + " to " + company
	case k.h.call.Exception:
		return "booked a call for " + company + " with " + says.host + ", as an exception"
	}
	return "booked a call for " + company + " with " + says.host
}

// remind mails the guest before the call.
func (k *keeping) remind(e policy.Entry) ([]ticket.AuditEvent, error) {
	call := k.theCall()
	to, err := k.h.person(k.tx, cmp.Or(call.Guest, k.after.Requester.ID))
	if err != nil {
		return nil, err
	}
	says := k.callSays(to)
	text := k.withWay(says.host+" calls you on "+says.start+" at "+says.phone+".", to)
	l := letter{key: e.Key(k.after.ID), template: "call-reminder", to: to, subject: "Your call on " + says.start, text: text}
	why, err := k.sendOwn(l)
	if err != nil || why != "" {
		return internally(ticket.Skipped, e.Rule, "the reminder of the call was not sent: "+why), err
	}
	return []ticket.AuditEvent{{Type: ticket.Notification, Message: l.template, Subject: l.subject, Recipients: []string{to.Email}, Mail: k.posted[len(k.posted)-1], Rule: e.Rule, Public: true}}, nil
}

// invitation is the calendar part of a mail to one of the two.
func (k *keeping) invitation(news calendarNews, to account.Person, organizer, company string) (*mail.Calendar, error) {
	c := news.call
	guest, err := k.tx.Person(c.Guest)
	if err != nil {
		return nil, err
	}
	host, err := k.tx.Person(c.Host)
	if err != nil {
		return nil, err
	}
	says := k.saysOf(c, to)
	i := calendar.Invitation{
		UID: c.UID, Sequence: c.Sequence, Summary: "Call with " + says.host + ", " + company, Organizer: organizer, Company: company,
		Guest: calendar.Invited{Name: guest.Name, Address: guest.Email}, Start: c.Start, End: c.End, Zone: k.policy.CallZone(), Stamp: k.h.now,
		Says: says.host + " calls you at " + says.phone + ". Move or call it off: " + k.callLink(to),
	}
	if to.ID == c.Host {
		i.Summary = "Call " + guest.Display() + ", " + says.phone
		i.Says = "About: " + k.after.Subject + "\n" + k.wayTo(to)
		i.Guest = calendar.Invited{Name: host.Name, Address: host.Email} // customers' addresses stay on the ticket
	}
	return &mail.Calendar{Method: news.method, Content: i.ICS(news.method)}, nil
}
