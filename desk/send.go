package desk

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/ticket"
)

// notSent tells agents that a message of the policy was left out, and why.
func notSent(e policy.Entry, why string) []ticket.AuditEvent {
	return []ticket.AuditEvent{{Type: ticket.Skipped, Message: e.Message, Rule: e.By(), Says: e.Message + " was not sent: " + why, Internal: true}}
}

// send is a message of the policy to the customer. It passes the gate, and is rendered here and now: what the customer
// reads later is what was true when it was planned.
func (k *keeping) send(e policy.Entry) ([]ticket.AuditEvent, error) {
	if k.h.mail != nil && k.h.mail.template == e.Message {
		return nil, nil // a person has just sent it, as their answer
	}
	to, err := k.addressee(e.To)
	if err != nil {
		return nil, err
	}
	answer := byCustomer(k.h.event.Kind)
	why, err := k.d.gate(k.tx, automatic{to: to, ticket: k.after.ID, answer: answer, beside: k.answers, machine: k.h.machine, now: k.h.now})
	if err != nil {
		return nil, err
	}
	if why == braked && (k.h.fixed != nil || k.h.mails) { // they were promised word of it
		return nil, fault.New(fault.Refused, "%s was not sent: %s", e.Message, why)
	}
	if why != "" {
		return notSent(e, why), nil
	}
	l, err := k.policyLetter(e, to, answer)
	if fault.KindOf(err) != "" { // the policy asks for something nobody knows; the event itself stands
		return notSent(e, fault.Says(err)), nil
	}
	if err != nil {
		return nil, err
	}
	if told, err := k.toldOfFix(&l); err != nil || told {
		return notSent(e, to.Display()+" has had it already, on another ticket"), err
	}
	if err := k.post(l); err != nil {
		return nil, err
	}
	if l.calendar.method != "" {
		k.invitees = append(k.invitees, to.ID)
	}
	if answer {
		k.answers++
	}
	told := ticket.AuditEvent{Type: ticket.Notification, Message: e.Message, Subject: l.subject, Recipients: []string{to.Email}, Mail: k.posted[len(k.posted)-1], Rule: e.By(), Says: e.Why, Public: true}
	return []ticket.AuditEvent{told}, nil
}

// toldOfFix makes a letter about a fix the one of its sort that its reader gets about it, and reports whether it has been planned before:
// everybody hears of a fix once, and not once for each of their tickets (S4-10).
func (k *keeping) toldOfFix(l *letter) (bool, error) {
	if k.h.fixed == nil {
		return false, nil
	}
	l.key = fixKey(*k.h.fixed, l.to.ID, l.template)
	return k.tx.HasOutgoing(l.key)
}

// sendOwn is a mail of the desk itself about a call, through the same gate; why says what has held it back.
func (k *keeping) sendOwn(l letter) (why string, err error) {
	why, err = k.d.gate(k.tx, automatic{to: l.to, ticket: k.after.ID, machine: k.h.machine, now: k.h.now})
	if err != nil || why != "" {
		return why, err
	}
	l.automatic = "auto-generated"
	return "", k.post(l)
}

// addressee is whom an entry speaks of: somebody by address, else the requester.
func (k *keeping) addressee(to string) (account.Person, error) {
	if strings.Contains(to, "@") {
		return k.tx.PersonByAddress(account.FoldAddress(to))
	}
	return k.h.person(k.tx, k.after.Requester.ID)
}

func (k *keeping) policyLetter(e policy.Entry, to account.Person, answer bool) (letter, error) {
	subject, body, err := k.policy.Message(e.Message, k.data(e.Message, to))
	kind := "auto-generated"
	if answer {
		kind = "auto-replied"
	}
	l := letter{key: e.Key(k.after.ID), template: e.Message, to: to, subject: subject, text: body, automatic: kind}
	if err == nil && k.invites(to) {
		news := k.callNews()
		l.key, l.calendar, l.text = news.key(to), news, k.withWay(body, to)
	}
	return l, err
}

// data is what the desk knows about the things a message speaks of, in the zone of whoever reads it.
func (k *keeping) data(message string, to account.Person) map[string]string {
	data := map[string]string{}
	for _, name := range k.policy.Needs(message) {
		if say, known := sayings[name]; known {
			data[name] = say(k, to)
		} else if rule, ok := strings.CutPrefix(name, "target."); ok {
			data[name] = k.targetSays(rule, to)
		} else if said, known := k.factSays(name); known {
			data[name] = said
		} else if strings.HasPrefix(name, "plan.") {
			data[name] = k.home() + "/support" // the page that says what plans there are and who can have them
		}
	}
	return data
}

// factSays is what somebody has said of a ticket, for a message that tells it. A workaround and a rough time are told where there
// is one; without any other fact its message is not sent.
func (k *keeping) factSays(name string) (says string, known bool) {
	if value := k.after.Facts[name]; value != nil {
		return k.policy.FactText(name, value), true
	}
	return "", name == "issue.workaround" || name == "feature.time_frame"
}

// sayings are the values a message can speak of, by their name in the policy.
var sayings = map[string]func(*keeping, account.Person) string{
	"ticket.number":        func(k *keeping, _ account.Person) string { return itoa(k.after.ID) },
	"ticket.subject":       func(k *keeping, _ account.Person) string { return k.after.Subject },
	"ticket.kind":          func(k *keeping, _ account.Person) string { return k.policy.Doc.Kinds[k.after.Kind].Label },
	"ticket.status":        func(k *keeping, _ account.Person) string { return k.policy.StateLabel(k.after.State) },
	"ticket.link":          func(k *keeping, to account.Person) string { return k.ticketLink(to.ID) },
	"ticket.closes_at":     func(k *keeping, to account.Person) string { return k.tellAt(k.policy.ClosesAt(k.after), to) },
	"ticket.last_question": func(k *keeping, _ account.Person) string { return k.after.Memory.LastQuestion },
	"ticket.previous":      func(k *keeping, _ account.Person) string { return itoa(k.after.FollowUpOf) },
	"requester.name":       func(_ *keeping, to account.Person) string { return to.Display() },
	"agent.name":           func(k *keeping, _ account.Person) string { return firstName(k.after.Assignee.Name) },
	"company.name":         func(k *keeping, _ account.Person) string { return k.policy.Doc.Company },
	"scope.reason":         func(k *keeping, _ account.Person) string { return k.declined().Says },
	"scope.we_still":       func(k *keeping, _ account.Person) string { return k.declined().WeStill },
	"scope.alternatives":   func(k *keeping, _ account.Person) string { return k.declined().Instead },
	"call.start":           func(k *keeping, to account.Person) string { return k.callSays(to).start },
	"call.host":            func(k *keeping, to account.Person) string { return k.callSays(to).host },
	"call.number":          func(k *keeping, to account.Person) string { return k.callSays(to).phone },
	"call.rebook_link":     func(k *keeping, to account.Person) string { return k.callLink(to) },
	"hours.outside":        (*keeping).outsideHours,
	"escalation.reason":    func(k *keeping, _ account.Person) string { return k.escalatedBecause() },
	"phase.label":          func(k *keeping, _ account.Person) string { return k.phase().Label },
	"phase.means":          func(k *keeping, _ account.Person) string { return k.phase().Means },
	"phase.next":           func(k *keeping, _ account.Person) string { return k.phase().Next },
	"issue.estimate":       (*keeping).estimate,
	"issue.announcement":   (*keeping).announced,
	"phase.progress":       (*keeping).progress,
	"phase.expect.say":     func(k *keeping, _ account.Person) string { return expectSays(k.phase().Expect) },
}

// announced is where a fix is announced: the address somebody gave, else the page that lists what is new, once there is something on it.
func (k *keeping) announced(account.Person) string {
	if where, _ := k.after.Facts["issue.announcement"].(string); where != "" {
		return where
	}
	for _, help := range k.policy.Doc.SelfHelp {
		if help.Kind == "whats_new" && strings.HasPrefix(help.URL, "/") && k.isThere(help.URL) {
			return k.home() + help.URL
		}
	}
	return k.home() + "/support"
}

// isThere reports whether a page of the desk's own can be read: What's New only with something on it.
func (k *keeping) isThere(path string) bool {
	if path != NewsPath {
		return true
	}
	has, err := k.tx.HasNews(k.after.Brand)
	return err == nil && has
}

func expectSays(e *policy.Expect) string {
	if e == nil {
		return ""
	}
	if says := e.Says(); says != "" {
		return says
	}
	return "none"
}

// phase is the phase the ticket is in, as the policy describes it.
func (k *keeping) phase() policy.Phase {
	at := k.after.Memory.Phase
	for _, p := range k.policy.Doc.Trackers[at.Tracker].Phases {
		if p.ID == at.ID {
			return p
		}
	}
	return policy.Phase{}
}

// targetSays is when an answer is due, by the target's id or what it measures: "standard.due" the time alone,
// "standard.says" the sentence.
func (k *keeping) targetSays(name string, to account.Person) string {
	rule, form, _ := strings.Cut(name, ".")
	for _, t := range k.after.Memory.Targets {
		if (t.Rule == rule || t.Measure == rule) && (t.State == promise.Running || t.State == promise.Paused) {
			if form == "says" {
				return policy.DueSays(t.Strength, k.tellAt(t.Due, to))
			}
			return k.tellAt(t.Due, to)
		}
	}
	return ""
}

// declined is the limit of the scope that holds for the ticket.
func (k *keeping) declined() policy.Limit {
	limit, _ := k.policy.Declined(policy.FactsIn(k.after.Facts))
	return limit
}

// tellAt is an instant in words, in the reader's own zone.
func (k *keeping) tellAt(at time.Time, to account.Person) string {
	if at.IsZero() {
		return "an open date"
	}
	return at.In(k.zoneOf(to)).Format("Monday 2 January 2006, 15:04 MST")
}

// zoneOf is the zone of somebody's clock, else the one of their region, else the company's.
func (k *keeping) zoneOf(p account.Person) *time.Location {
	if p.Zone != "" {
		if zone, err := time.LoadLocation(p.Zone); err == nil {
			return zone
		}
	}
	return k.policy.ZoneFor(policy.FactsIn(k.after.Facts))
}

// firstName is what customers are told of an agent.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return cmp.Or(first, "our team")
}

// outsideHours says that nobody is there just now, and when somebody is again; nothing within the hours (seed 003, 3.8).
func (k *keeping) outsideHours(to account.Person) string {
	at := k.policy.OpensAgain(k.after, k.h.event.At)
	if at.IsZero() {
		return ""
	}
	return "We are not there just now, and take it up from " + k.tellAt(at, to) + " on."
}

func number(n int) string { return strconv.Itoa(n) }
