package policy

import (
	"slices"

	"hark/ticket"
)

// Actions: the one thing each line of a rule's "do" does. What they change is changed here; what they set going outside
// (a mail, a task, an announcement) is an entry that the desk turns into rows.

func (r *reaction) do(actions []Action) {
	for i := range actions {
		r.doOne(&actions[i])
	}
}

func (r *reaction) doOne(a *Action) {
	switch {
	case a.Send != "":
		r.send(a.Send)
	case a.Status != "":
		r.become(a.Status)
	case a.Tag != "":
		r.tag(a.Tag)
	case a.Assign != "":
		r.assignTo(a.Assign)
	case a.RaiseTo != "":
		r.raise(a.RaiseTo)
	case a.Notify != "":
		r.notify(a.Notify)
	case a.Priority != "":
		r.setPriority(a.Priority)
	case a.FollowUp != nil:
		r.continueIn(a.FollowUp)
	case a.Phase != "":
		r.goToPhase(a.Phase)
	case a.AskRating != nil && *a.AskRating:
		r.askRating()
	case a.Task != "":
		r.add(Entry{Kind: IsTask, Says: a.Task, To: address(r.t.Assignee)})
	case a.Note != "":
		r.add(Entry{Kind: IsNote, Says: a.Note})
	case a.Publish != "":
		r.add(Entry{Kind: IsPublish, Says: a.Publish})
	case a.OpenIssue != nil && *a.OpenIssue:
		r.add(Entry{Kind: IsTask, Says: "Open an issue with the engineers and link it.", To: address(r.t.Assignee)})
	}
}

// become is a rule leading to a state. A locked ticket stays what it is, whatever its known problem goes through.
func (r *reaction) become(state string) {
	if !r.locked() || r.p.Doc.Lifecycle.States[state].Locked {
		r.enter(state)
	}
}

// notify tells a colleague: whoever the fact of that name holds, else whoever is written there (S4-22).
func (r *reaction) notify(whom string) {
	if r.p.knowsFact(whom) {
		value, _ := r.facts()(whom)
		who, _ := value.(string)
		if who == "" {
			r.add(Entry{Kind: IsTask, Says: "Tell " + r.p.factNamed(whom).Says + " of this ticket; nobody has said who that is.", To: address(r.t.Assignee)})
			return
		}
		whom = who
	}
	r.add(Entry{Kind: IsNotify, To: whom, Says: "Look at this ticket."})
}

// send mails one of the policy's messages to the requester, unless it is for others only (A29).
func (r *reaction) send(id string) {
	if m := r.p.Doc.Messages[id]; !r.holds(m.OnlyFor) {
		r.add(Entry{Kind: IsSkipped, Message: id, Why: id + " skipped: it is only for customers of whom it holds that " + m.OnlyFor.Says()})
		return
	}
	r.add(Entry{Kind: IsSend, Message: id, To: "requester"})
}

func (r *reaction) tag(tag string) {
	if !slices.Contains(r.t.Tags, tag) {
		r.t.Tags = append(r.t.Tags, tag)
		r.add(Entry{Kind: IsTag, Tag: tag})
	}
}

func (r *reaction) setPriority(priority string) {
	if priority != r.t.Priority {
		r.t.Priority = priority
		r.add(Entry{Kind: IsPriority, Priority: priority})
	}
}

// askRating asks once, however many rules want it.
func (r *reaction) askRating() {
	if !slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Kind == IsRating }) {
		r.add(Entry{Kind: IsRating, To: "requester"})
	}
}

// assign gives the ticket to a person, or to nobody.
func (r *reaction) assign(to ticket.Person) {
	if to == r.t.Assignee {
		return
	}
	r.t.Assignee = to
	r.add(Entry{Kind: IsAssign, To: address(to)})
}
