package desk

import (
	"slices"
	"strconv"
	"strings"

	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// effect is how one kind of entry becomes real: what the audit tells, and the rows that are planned. Entries that are
// not in the table only inform (due times, phases, levels); the ticket's memory holds them.
var effect map[policy.EntryKind]func(*keeping, policy.Entry) ([]ticket.AuditEvent, error)

func init() { // not a literal: sending a follow-up's mail reaches back to it
	effect = map[policy.EntryKind]func(*keeping, policy.Entry) ([]ticket.AuditEvent, error){
		policy.IsStatus:   (*keeping).status,
		policy.IsTag:      (*keeping).tag,
		policy.IsAssign:   (*keeping).assign,
		policy.IsRoute:    (*keeping).given,
		policy.IsPriority: (*keeping).priority,
		policy.IsKind:     (*keeping).kind,
		policy.IsTask:     (*keeping).task,
		policy.IsNotify:   (*keeping).notify,
		policy.IsNote:     (*keeping).note,
		policy.IsPublish:  (*keeping).publish,
		policy.IsSend:     (*keeping).send,
		policy.IsFollowUp: (*keeping).followUp,
		policy.IsOverdue:  (*keeping).overdue,
		policy.IsSkipped:  (*keeping).skipped,
		policy.IsUndone:   (*keeping).undone,
		policy.IsReminder: (*keeping).remind,
		policy.IsRating:   (*keeping).askRating,
	}
}

// effects makes the entries of one instant real, in order.
func (k *keeping) effects(entries []policy.Entry) (events []ticket.AuditEvent, err error) {
	for _, e := range entries {
		do, known := effect[e.Kind]
		if !known {
			continue
		}
		some, err := do(k, e)
		if err != nil {
			return nil, err
		}
		events = append(events, some...)
	}
	return events, nil
}

// changed tells of one field and remembers that it was told.
func (k *keeping) changed(e policy.Entry, name string, internal bool, set func(*ticket.Ticket)) ([]ticket.AuditEvent, error) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	from := fields[i].of(k.told)
	set(&k.told)
	to := fields[i].of(k.told)
	if from == to {
		return nil, nil
	}
	return []ticket.AuditEvent{{Type: changeOrCreate(k.before), Field: name, From: from, To: to, Rule: e.By(), Says: e.Why, Internal: internal}}, nil
}

func (k *keeping) status(e policy.Entry) ([]ticket.AuditEvent, error) {
	return k.changed(e, "status", false, func(t *ticket.Ticket) { t.State = e.Status })
}

func (k *keeping) tag(e policy.Entry) ([]ticket.AuditEvent, error) {
	return k.changed(e, "tags", true, func(t *ticket.Ticket) {
		if !slices.Contains(t.Tags, e.Tag) {
			t.Tags = append(slices.Clone(t.Tags), e.Tag)
		}
	})
}

func (k *keeping) assign(e policy.Entry) ([]ticket.AuditEvent, error) {
	if e.To != "" && e.To == k.after.Memory.Raised.To {
		return k.raise(e)
	}
	return k.changed(e, "assignee_id", true, func(t *ticket.Ticket) { t.Assignee = k.after.Assignee })
}

func (k *keeping) priority(e policy.Entry) ([]ticket.AuditEvent, error) {
	return k.changed(e, "priority", true, func(t *ticket.Ticket) { t.Priority = e.Priority })
}

func (k *keeping) kind(e policy.Entry) ([]ticket.AuditEvent, error) {
	return k.changed(e, "type", false, func(t *ticket.Ticket) { t.Kind = e.TicketKind })
}

// task plans something for a person to do. The same rule on the same occasion asks only once.
func (k *keeping) task(e policy.Entry) ([]ticket.AuditEvent, error) {
	task := store.Task{Key: e.Key(k.after.ID), Ticket: k.after.ID, Says: e.Says, Rule: e.Rule, Created: e.At}
	added, err := k.tx.AddTask(&task)
	if added {
		k.tasks = append(k.tasks, task.ID)
	}
	return internally(ticket.TaskAdded, e.Rule, e.Says), err
}

// note is a remark of the policy for agents, as an internal comment by nobody.
func (k *keeping) note(e policy.Entry) ([]ticket.AuditEvent, error) {
	if e.State == "held" { // the held mail itself is shown
		return nil, nil
	}
	c := ticket.Comment{Ticket: k.after.ID, Text: e.Says, Trimmed: e.Says, Automatic: "no", Via: viaRule, Created: e.At}
	err := k.tx.AddComment(&c)
	k.remarks = append(k.remarks, c.ID)
	return []ticket.AuditEvent{{Type: ticket.CommentAdded, Comment: c.ID, Rule: e.By(), Internal: true}}, err
}

func (k *keeping) overdue(e policy.Entry) ([]ticket.AuditEvent, error) {
	return internally(ticket.Overdue, e.Rule, e.Target+e.Phase), nil
}

func (k *keeping) skipped(e policy.Entry) ([]ticket.AuditEvent, error) {
	return internally(ticket.Skipped, e.Rule, e.Why), nil
}

func (k *keeping) undone(e policy.Entry) ([]ticket.AuditEvent, error) {
	return []ticket.AuditEvent{{Type: ticket.Undone, Rule: e.Rule, Says: e.Why}}, nil
}

func internally(kind, rule, says string) []ticket.AuditEvent {
	return []ticket.AuditEvent{{Type: kind, Rule: rule, Says: says, Internal: true}}
}

// followUp takes a message that was written to a closed ticket to the one that continues it: an open one if there is one,
// else a new one. The closed ticket keeps its states, comments and times; only the link to its follow-up is added
// (S2-17, S2-19).
func (k *keeping) followUp(e policy.Entry) ([]ticket.AuditEvent, error) {
	if e.Joined {
		return nil, k.join(e.Ticket)
	}
	next, err := k.d.continuation(k.tx, k.after, *e.FollowUp, e.At)
	if err != nil {
		return nil, err
	}
	h := k.h
	h.event.Kind = ticket.CustomerCreates
	h.notes = append(slices.Clone(h.notes), followsNote(k.after.ID)...)
	done, err := k.d.happen(k.tx, next, h)
	k.follow, k.made, k.after.FollowedBy = done.ticket.ID, true, done.ticket.ID
	return nil, err
}

func (k *keeping) join(id int64) error {
	t, err := k.tx.TicketForUpdate(id)
	if err != nil {
		return err
	}
	if by := k.h.event.By; by.ID != 0 && !takesPart(t, by.ID) { // they were taken off it since
		return fault.New(fault.Refused, "this goes on in another request, in which you take no part; please write a new one")
	}
	done, err := k.d.happen(k.tx, t, k.h)
	k.follow, k.made = id, done.made
	if done.follow != 0 {
		k.follow = done.follow
	}
	return err
}

// asTicketPerson is somebody as tickets name people.
func asTicketPerson(p account.Person) ticket.Person {
	return ticket.Person{ID: p.ID, Address: p.Email, Name: p.Name}
}

func itoa(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func joinTags(tags []string) string { return strings.Join(tags, ", ") }

func joinPeople(people []ticket.Person) string {
	addresses := make([]string, len(people))
	for i, p := range people {
		addresses[i] = p.Address
	}
	return strings.Join(addresses, ", ")
}
