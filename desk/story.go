package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/policy"
	"hark/simulate"
	"hark/store"
	"hark/ticket"
)

// Story returns what people did to a ticket, told again as a scenario that can be tried under any policy: it comes in,
// customers answer, agents answer and set, mail comes back. What timers did is left out, because that is what is tried.
// Instants are told to the minute. It is for whoever may change what is promised.
func (d *Desk) Story(ctx context.Context, a access.Actor, id int64) (s simulate.Scenario, brand int64, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return s, 0, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.RecordedTicket(a, id)
		if err != nil {
			return err
		}
		p, err := d.rules.forTicket(tx, r.Ticket.Policy, r.Ticket.Brand, now)
		if err != nil {
			return err
		}
		brand, s = r.Ticket.Brand, toTheMinute(storyOf(r, p.Zone, now))
		return nameAssignees(tx, s.Events)
	})
	return s, brand, err
}

func toTheMinute(s simulate.Scenario) simulate.Scenario {
	for i := range s.Events {
		s.Events[i].At = s.Events[i].At.Truncate(time.Minute)
	}
	s.Until = time.Time{} // whoever tries it looks ahead
	return s
}

// nameAssignees gives those a story knows by number their addresses, by which policies know people.
func nameAssignees(tx *store.Tx, events []ticket.Event) error {
	for _, e := range events {
		if e.Assignee == nil || e.Assignee.ID == 0 {
			continue
		}
		person, err := tx.Person(e.Assignee.ID)
		if err != nil {
			return err
		}
		*e.Assignee = asTicketPerson(person)
	}
	return nil
}

// storyOf rebuilds a ticket's events from its record, until now. What a rule did has a rule's name or nobody behind it;
// everything else was a person. The facts are those that are known today: when each became known is not on record.
func storyOf(r store.Recorded, zone *time.Location, now time.Time) simulate.Scenario {
	t := r.Ticket
	begins := ticket.Ticket{Channel: t.Channel, Requester: t.Requester, Submitter: t.Requester, Brand: t.Brand, Subject: t.Subject, FollowUpOf: t.FollowUpOf}
	told := telling{recorded: r}
	for _, audit := range r.Audits {
		told.audit(audit)
	}
	slices.SortStableFunc(told.events, func(a, b ticket.Event) int { return a.At.Compare(b.At) })
	return simulate.Scenario{Zone: zone, Begins: begins, Facts: t.Facts, Events: told.events, Until: now}
}

// telling goes through a record audit by audit.
type telling struct {
	recorded store.Recorded
	events   []ticket.Event
	state    string // as it has become so far
	tags     []string
}

func (r *telling) audit(audit ticket.Audit) {
	changed := r.changes(audit)
	if len(r.events) == 0 {
		r.begins(audit, changed)
		return
	}
	said := false
	for _, e := range audit.Events {
		if event, known := r.event(e, audit); known {
			r.events, said = append(r.events, event), true
		}
	}
	if said || audit.Via == viaRule || !audit.Author.Known() || r.byRequester(audit) {
		return
	}
	changed.At, changed.By = audit.At, audit.Author
	switch {
	case sets(changed):
		changed.Kind, changed.Phase = ticket.AgentSets, ""
		r.events = append(r.events, changed)
	case changed.Phase != "":
		changed.Kind = ticket.AgentMoves
		r.events = append(r.events, changed)
	}
}

// begins is how a ticket came: its first audit, whoever wrote it down.
func (r *telling) begins(audit ticket.Audit, first ticket.Event) {
	e := ticket.Event{Kind: ticket.CustomerCreates, At: r.recorded.Ticket.Created, By: audit.Author, TicketKind: first.TicketKind, Priority: first.Priority}
	r.events = append(r.events, e)
}

// event is what somebody did, when a part of an audit tells of it.
func (r *telling) event(e ticket.AuditEvent, audit ticket.Audit) (ticket.Event, bool) {
	switch e.Type {
	case ticket.CommentAdded:
		w, known := r.recorded.Comments[e.Comment]
		wrote := r.wrote(w)
		if wrote.Kind == ticket.CustomerReplies && asksForMore(audit) {
			wrote.Kind = ticket.CustomerAsks
		}
		return wrote, known && (w.By.Known() || w.Customer && w.Public)
	case ticket.MailFailed:
		back := ticket.Event{Kind: ticket.Bounce, At: audit.At, Permanent: hasType(audit, ticket.TaskAdded), Reason: e.Says}
		if len(e.Recipients) > 0 {
			back.Recipient = e.Recipients[0]
		}
		return back, true
	case ticket.Change:
		if e.Field == mergedTicket {
			return ticket.Event{Kind: ticket.Merged, At: audit.At, By: audit.Author}, e.From == itoa(r.recorded.Ticket.ID)
		}
		return issueEvent(e, audit)
	case ticket.Held:
		return ticket.Event{Kind: ticket.StrangerReplies, At: audit.At}, !audit.Author.Known()
	}
	return ticket.Event{}, false
}

// issueEvent is a ticket being linked to a known problem, or the fix of that one being confirmed.
func issueEvent(e ticket.AuditEvent, audit ticket.Audit) (ticket.Event, bool) {
	switch {
	case e.Field != "issue" || e.To == "":
		return ticket.Event{}, false
	case e.To == "fixed":
		return ticket.Event{Kind: ticket.IssueFixed, At: audit.At, By: audit.Author, Confirmed: true, Again: e.From == "fixed"}, true
	}
	return ticket.Event{Kind: ticket.IssueLinked, At: audit.At, By: audit.Author}, true
}

// wrote is what a comment means, and which state an agent left the ticket in.
func (r *telling) wrote(w store.Written) ticket.Event {
	e := ticket.Event{At: w.At, By: w.By}
	switch {
	case w.Automatic:
		e.Kind = ticket.AutoReply
	case !w.Public:
		e.Kind = ticket.AgentNote
	case w.Customer || w.By.ID == r.recorded.Ticket.Requester.ID:
		e.Kind = ticket.CustomerReplies
	default:
		e.Kind, e.Status = ticket.AgentReplies, r.state
	}
	return e
}

// changes reads what an audit set, and remembers the state it led to. What a rule of its own did, such as routing or a
// timer, is not part of what the person set.
func (r *telling) changes(audit ticket.Audit) (set ticket.Event) {
	for _, e := range audit.Events {
		if e.Type != ticket.Create && e.Type != ticket.Change {
			continue
		}
		byPerson := e.Rule == "" || strings.HasPrefix(e.Rule, "lifecycle.moves")
		switch {
		case e.Field == "status":
			r.state = e.To
			if byPerson {
				set.Status = e.To
			}
		case e.Field == "tags":
			was := r.tags
			r.tags = splitTags(e.To)
			if byPerson {
				set.Tags, set.Untag = added(was, r.tags), added(r.tags, was)
			}
		case !byPerson:
		case e.Field == "type":
			set.TicketKind = e.To
		case e.Field == "priority":
			set.Priority = e.To
		case e.Field == "assignee_id":
			set.Assignee = personNumbered(e.To)
		case e.Field == "phase":
			_, set.Phase, _ = strings.Cut(e.To, ".")
		}
	}
	return set
}

func sets(e ticket.Event) bool {
	return e.Status != "" || e.TicketKind != "" || e.Priority != "" || e.Assignee != nil || len(e.Tags)+len(e.Untag) > 0
}

func (r *telling) byRequester(audit ticket.Audit) bool {
	return audit.Author.ID == r.recorded.Ticket.Requester.ID
}

func hasType(audit ticket.Audit, kind string) bool {
	return slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return e.Type == kind })
}

// asksForMore reports whether what a customer wrote asks for escalation.
func asksForMore(audit ticket.Audit) bool {
	return slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return e.Field == escalationField })
}

func splitTags(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, ", ")
}

// added are the words of now that were not there before.
func added(before, now []string) []string {
	return slices.DeleteFunc(slices.Clone(now), func(word string) bool { return slices.Contains(before, word) })
}

// personNumbered is an assignee by number; nobody is somebody who is not known.
func personNumbered(text string) *ticket.Person {
	id, _ := strconv.ParseInt(text, 10, 64)
	return &ticket.Person{ID: id}
}

// onlyChoices leaves of each answer a state that the policy has: the state of the same name, else the first of the same
// category, so that a policy which calls its states otherwise is tried with what was meant.
func onlyChoices(events []ticket.Event, was, is *policy.Policy) []ticket.Event {
	events = slices.Clone(events)
	for i, e := range events {
		if _, known := is.Doc.Lifecycle.States[e.Status]; e.Status != "" && !known {
			events[i].Status = stateLike(is, was.Category(e.Status))
		}
		if _, known := is.Doc.Kinds[e.TicketKind]; !known {
			events[i].TicketKind = ""
		}
	}
	return events
}

func stateLike(p *policy.Policy, c ticket.Category) string {
	for _, id := range p.States() {
		if p.Category(id) == c {
			return id
		}
	}
	return ""
}
