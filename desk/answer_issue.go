package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// MostAnswered is how many tickets of a known problem are answered in one step. It is one transaction; whoever has more goes on with
// the next.
const MostAnswered = 100

// AnswerIssue answers tickets of a known problem all at once: it takes them to a phase, whose mail is the policy's, or says something
// in one's own words to each.
type AnswerIssue struct {
	Issue   int64
	Tickets []int64 // which of them; what cannot be answered is left out
	Phase   string  // where they are taken, "" to answer in one's own words
	Text    string
	Status  string // the state afterwards, with one's own words
	Key     string
	Seen    map[int64]int64 // [TicketAnswer.Last] of the tickets as the page showed them; of one that is not in it nobody asks
}

// Answered is what came of it.
type Answered struct {
	Tickets int // answered now
	Left    int // could not be answered
}

// AnswerIssue answers each of the tickets as if it had been answered alone: the same rules, the same mails, and each can be taken
// back alone. A ticket that its policy does not let be answered so is left out, and so is one on which somebody wrote since it was looked
// at, or whose reporter has had as many automatic mails as we send within an hour; the others are not.
func (d *Desk) AnswerIssue(ctx context.Context, a access.Actor, in AnswerIssue) (did Answered, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return did, err
	}
	if len(in.Tickets) == 0 || len(in.Tickets) > MostAnswered {
		return did, fault.New(fault.Invalid, "choose at least one ticket and at most %d", MostAnswered)
	}
	var w words
	if in.Phase == "" {
		if w, err = wordsOf("", in.Text); err != nil {
			return did, err
		}
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		did = Answered{}
		_, err := onceNumbered(tx, a, "answer-issue", in.Key, now, func() (int64, error) { return in.Issue, d.answerIssue(tx, a, in, w, now, &did) })
		return err
	})
	return did, err
}

func (d *Desk) answerIssue(tx *store.Tx, a access.Actor, in AnswerIssue, w words, now time.Time, did *Answered) error {
	i, err := tx.IssueForUpdate(in.Issue)
	if err != nil {
		return err
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(in.Tickets))) {
		if err := d.answerOne(tx, a, in, w, id, now, did); err != nil {
			return err
		}
	}
	by, err := d.person(tx, a)
	if err != nil || did.Tickets == 0 {
		return err
	}
	return tx.AddIssueChanges(i.ID, by, now, issue.Change{What: "answered", Is: number(did.Tickets)})
}

// answerOne answers one of them, or leaves it out: it belongs to the problem no more, is not the actor's to see, its policy does not
// allow it, its mail would be kept back, or the words were written without knowing what stands there now.
func (d *Desk) answerOne(tx *store.Tx, a access.Actor, in AnswerIssue, w words, id int64, now time.Time, did *Answered) error {
	answered := false
	wrong := tx.Try(func() error {
		i, linked, err := tx.IssueOf(id)
		if err != nil || !linked || i.ID != in.Issue {
			return err
		}
		done, err := d.answerAs(tx, a, in, w, id, now)
		answered = done.Audit != 0
		return err
	})
	switch {
	case wrong == nil && answered:
		did.Tickets++
	case wrong == nil, isStale(wrong), fault.Is(wrong, fault.Refused), fault.Is(wrong, fault.Invalid), fault.Is(wrong, fault.NotFound):
		did.Left++
	default:
		return wrong
	}
	return nil
}

func isStale(err error) bool {
	var stale *Stale
	return errors.As(err, &stale)
}

func (d *Desk) answerAs(tx *store.Tx, a access.Actor, in AnswerIssue, w words, id int64, now time.Time) (Done, error) {
	if in.Phase != "" {
		return d.movePhase(tx, a, MovePhase{Ticket: id, Phase: in.Phase, mails: true}, now)
	}
	return d.answer(tx, a, Answer{Ticket: id, Text: in.Text, Status: in.Status, Base: in.Seen[id]}, w, attachments{}, now)
}

// IssueAnswer is how tickets of a known problem could be answered just now.
type IssueAnswer struct {
	Issue   issue.Issue
	Tickets []TicketAnswer
	Next    int64 // after which ticket the next step goes on, 0 when this is the last one
	Phases  []policy.PhaseMove
	States  []policy.SendAs
	mails   map[int64]int64 // how many mails of the tickets so far go to each person
}

// TicketAnswer is one of the tickets, and what would come of the answer.
type TicketAnswer struct {
	Ticket  ticket.Ticket
	Follows string
	Cannot  string // why it would be left out, "" when it would not
	Last    int64  // what happened last on it
}

// LookAtAnswer is one step of answering the tickets of a known problem.
type LookAtAnswer struct {
	Issue  int64
	Phase  string // where they would be taken, "" for an answer in one's own words
	Status string // the state afterwards, "" for the first that is possible
	After  int64  // [IssueAnswer.Next] of the step before, 0 for the first one
}

// IssueAnswer finds out what would come of answering the next [MostAnswered] tickets of a known problem.
func (d *Desk) IssueAnswer(ctx context.Context, a access.Actor, in LookAtAnswer) (all IssueAnswer, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return all, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err = d.issueAnswer(tx, a, in, now)
		return err
	})
	return all, err
}

func (d *Desk) issueAnswer(tx *store.Tx, a access.Actor, in LookAtAnswer, now time.Time) (all IssueAnswer, err error) {
	if all.Issue, err = tx.Issue(a, in.Issue); err != nil {
		return all, err
	}
	all.mails = map[int64]int64{}
	open, err := tx.OpenIssueTickets(a, in.Issue, in.After, MostAnswered+1)
	if err != nil {
		return all, err
	}
	if len(open) > MostAnswered {
		open = open[:MostAnswered]
		all.Next = open[MostAnswered-1]
	}
	for _, id := range open {
		if err := d.couldAnswer(tx, a, &all, id, in, now); err != nil {
			return all, err
		}
	}
	return all, nil
}

// couldAnswer adds one of the tickets, and the ways in which it can be answered.
func (d *Desk) couldAnswer(tx *store.Tx, a access.Actor, all *IssueAnswer, id int64, in LookAtAnswer, now time.Time) error {
	t, p, err := d.issueTicket(tx, a, all.Issue, id, now)
	if err != nil {
		return err
	}
	choices := p.Choices(t, now)
	all.offer(p.PhaseMoves(t, now), choices)
	one := TicketAnswer{Ticket: t}
	if one.Last, err = tx.LastAudit(id); err != nil {
		return err
	}
	if in.Phase == "" {
		one.says(choices, in.Status)
	} else {
		f := p.MoveFollows(t, in.Phase, now)
		if f, err = d.reallyMails(tx, all, t, f, now); err != nil {
			return err
		}
		one.Follows, one.Cannot = strings.TrimSpace(f.Mails+" "+f.Says), f.Refused
	}
	all.Tickets = append(all.Tickets, one)
	return nil
}

// offer adds the ways of one ticket to those of the others: phases that an agent takes it to, with nothing left to say, and states.
func (all *IssueAnswer) offer(moves []policy.PhaseMove, choices []policy.SendAs) {
	for _, m := range moves {
		known := slices.ContainsFunc(all.Phases, func(other policy.PhaseMove) bool { return other.Phase == m.Phase })
		if m.Begins == "" && !known {
			all.Phases = append(all.Phases, m)
		}
	}
	for _, c := range choices {
		if !slices.ContainsFunc(all.States, func(other policy.SendAs) bool { return other.State == c.State }) {
			all.States = append(all.States, c)
		}
	}
}

// says is what an answer in one's own words would do.
func (one *TicketAnswer) says(choices []policy.SendAs, status string) {
	for _, c := range choices {
		if c.State == status || status == "" {
			t := one.Ticket
			one.Follows = "Mails your words to " + cmp.Or(t.Requester.Name, t.Requester.Address) + ". Then: " + c.Follows + "."
			return
		}
	}
	one.Cannot = "It cannot be left like that."
}

// reallyMails says why nobody is mailed where the gate would keep the mail back (D3). The mails of the tickets before count: whoever has
// reported the problem on many of them is not mailed about them all within an hour, and the rest is left for later.
func (d *Desk) reallyMails(tx *store.Tx, all *IssueAnswer, t ticket.Ticket, f policy.Follows, now time.Time) (policy.Follows, error) {
	switch {
	case f.Refused != "":
		return f, nil
	case f.Mails == "":
		f.Mails = "Nobody is mailed."
		return f, nil
	}
	to, err := tx.Person(t.Requester.ID)
	if err != nil {
		return f, err
	}
	why, err := d.gate(tx, automatic{to: to, ticket: t.ID, ahead: all.mails[to.ID], now: now})
	switch why {
	case "":
		all.mails[to.ID] += f.Sends
	case braked:
		f = policy.Follows{Refused: "Not within this hour: " + why + "."}
	default:
		f.Mails = "Nobody is mailed: " + why + "."
	}
	return f, err
}
