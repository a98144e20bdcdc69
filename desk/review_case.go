package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// The review of a new case: the policy's procedure, walked beside the ticket by number keys as it is walked on the phone (seed 001, 1.31;
// S1-15). Answers are kept as they are given, by whoever gives them. Nothing else happens until the procedure ends: then everything that
// it has come to is done at once, and the ticket tells of it in one line.

// CaseReview is a review as it stands.
type CaseReview struct {
	Ticket    ticket.Ticket
	Brand     account.Brand
	First     ticket.Comment // what the customer wrote
	Policy    *policy.Policy // the version that the ticket keeps
	Procedure policy.Procedure
	Run       policy.Run
	Base      int                 // how many answers there are: an answer is given to what the page shows
	Ended     time.Time           // zero while it goes on
	By        string              // who gave the last answer
	Files     []store.LibraryFile // of the brand; messages name those that they carry
}

// reviewing is a review at hand.
type reviewing struct {
	d      *Desk
	tx     *store.Tx
	a      access.Actor
	now    time.Time
	ticket ticket.Ticket
	policy *policy.Policy
	kept   store.ProcedureRun
	run    policy.Run
}

// reviewOf reads what belongs to it; [fault.NotFound] where the ticket's policy has no review.
func (d *Desk) reviewOf(tx *store.Tx, a access.Actor, t ticket.Ticket, now time.Time) (r *reviewing, err error) {
	r = &reviewing{d: d, tx: tx, a: a, now: now, ticket: t}
	if r.policy, err = d.rules.forTicket(tx, t.Policy, t.Brand, now); err != nil {
		return r, err
	}
	if r.policy.Doc.Intake.Review == "" {
		return r, fault.New(fault.NotFound, "this policy has no review of new cases")
	}
	r.kept, err = tx.ReviewOf(t.ID)
	if isNotFound(err) {
		r.kept, err = store.ProcedureRun{Brand: t.Brand, Ticket: t.ID, Policy: t.Policy, Procedure: r.policy.Doc.Intake.Review, Began: now}, nil
	}
	if err == nil && r.kept.Policy != t.Policy {
		r.policy, err = d.rules.of(tx, r.kept.Policy) // it goes on by the version it began with (S1-21)
	}
	if err != nil {
		return r, err
	}
	return r, r.think()
}

// think works out where the run stands, with what is known of the customer now.
func (r *reviewing) think() (err error) {
	t := r.ticket
	if err := r.d.addFacts(r.tx, r.policy, &t, happening{now: r.now}); err != nil {
		return err
	}
	facts := withFacts(t, map[string]any{policy.CallerKnown: true}).Facts
	answers := make([]policy.RunAnswer, len(r.kept.Answers))
	for i, a := range r.kept.Answers {
		answers[i] = policy.RunAnswer{Step: a.Step, Key: a.Key}
	}
	r.run, err = r.policy.Run(r.kept.Procedure, facts, answers, r.kept.Began)
	return err
}

// CaseReview reads the review of a ticket; [fault.NotFound] where its policy has none.
func (d *Desk) CaseReview(ctx context.Context, a access.Actor, id int64) (page CaseReview, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(a, id)
		if err != nil {
			return err
		}
		r, err := d.reviewOf(tx, a, t, now)
		if err == nil {
			page, err = r.page()
		}
		return err
	})
	return page, err
}

func (r *reviewing) page() (page CaseReview, err error) {
	page = CaseReview{Ticket: r.ticket, Policy: r.policy, Procedure: r.policy.Doc.Procedures[r.kept.Procedure], Run: r.run, Base: len(r.kept.Answers), Ended: r.kept.EndedAt}
	if page.Brand, err = r.tx.Brand(r.ticket.Brand); err != nil {
		return page, err
	}
	if page.Files, err = r.tx.LibraryFiles(r.ticket.Brand); err != nil {
		return page, err
	}
	comments, err := r.tx.Comments(r.a, r.ticket.ID)
	if err == nil && len(comments) > 0 {
		page.First = comments[0]
	}
	if n := len(r.kept.Answers); err == nil && n > 0 {
		var last account.Person
		last, err = r.tx.Person(r.kept.Answers[n-1].By)
		page.By = last.Display()
	}
	return page, err
}

// ReviewAnswer is the key that was pressed at a step of a review.
type ReviewAnswer struct {
	Ticket int64
	Step   string // that the page showed
	Base   int    // how many answers there were then
	Key    string
}

// ReviewCase takes a review one step on. A key pressed twice, or by two people, counts once; any other answer to what the review no longer
// stands at is a Conflict. At the end what the procedure has come to is done: messages are sent and can be taken back for ten seconds,
// the ticket goes to its group, and its record says so. What cannot be done is refused, and the last answer with it.
func (d *Desk) ReviewCase(ctx context.Context, a access.Actor, in ReviewAnswer) error {
	return d.reviewed(ctx, a, in.Ticket, func(r *reviewing) error {
		if r.run.At != in.Step || len(r.kept.Answers) != in.Base || r.kept.Ended != "" {
			return r.tooLate(in)
		}
		r.kept.Answers = append(r.kept.Answers, store.PhoneAnswer{Step: in.Step, Key: in.Key, At: r.now, By: a.Person})
		if err := r.think(); err != nil {
			return err
		}
		return r.save()
	})
}

// tooLate says that a step was answered meanwhile, unless it was with the very same key.
func (r *reviewing) tooLate(in ReviewAnswer) error {
	if answeredSo(r.kept.Answers, in.Base, in.Step, in.Key) {
		return nil
	}
	return fault.New(fault.Conflict, "the step was answered meanwhile, perhaps by a colleague, and your answer changed nothing; go on from what the review shows now")
}

// ReviewBack takes the last answer of a review away that has not ended: nothing has come of it yet. Where somebody has gone on meanwhile it
// is a Conflict.
func (d *Desk) ReviewBack(ctx context.Context, a access.Actor, id int64, base int) error {
	return d.reviewed(ctx, a, id, func(r *reviewing) error {
		n := len(r.kept.Answers)
		if n == base-1 && r.kept.Ended == "" {
			return nil // the answer that was meant is away already
		}
		if n == 0 || n != base || r.kept.Ended != "" {
			return fault.New(fault.Conflict, "the review went on meanwhile, perhaps by a colleague, and no answer was taken away; go on from what it shows now")
		}
		r.kept.Answers = r.kept.Answers[:n-1]
		if err := r.think(); err != nil {
			return err
		}
		return r.save()
	})
}

// reviewed lets something happen in the review of a ticket that is not closed.
func (d *Desk) reviewed(ctx context.Context, a access.Actor, id int64, do func(*reviewing) error) error {
	if err := may(a, access.ChangeTicket); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		t, err := d.load(tx, a, id)
		if err == nil && t.Category == ticket.Closed {
			err = fault.New(fault.Refused, "this ticket is closed, so there is nothing to review")
		}
		if err != nil {
			return err
		}
		r, err := d.reviewOf(tx, a, t, now)
		if err != nil {
			return err
		}
		return do(r)
	})
}

// save keeps the answers. When the procedure has ended, what it has come to is done.
func (r *reviewing) save() error {
	if r.kept.Step, r.kept.Ended = r.run.At, r.run.End; r.kept.Ended != "" {
		r.kept.EndedAt = r.now
	}
	if err := r.tx.SaveProcedureRun(&r.kept); err != nil || r.kept.Ended == "" {
		return err
	}
	return r.conclude()
}

// conclude does what the run has come to. The messages come last, so that they can be taken back; but before the ticket goes to another
// group, because whoever gives it away may see it no longer.
func (r *reviewing) conclude() error {
	sends, status := r.lines(policy.WalkSend), ""
	for _, l := range r.lines(policy.WalkStatus) {
		status = l.Status
	}
	steps := []func() error{func() error { return r.give(status, len(sends) > 0) }, func() error { return r.send(sends, status) }}
	if len(r.lines(policy.WalkAssign)) > 0 {
		slices.Reverse(steps)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// send answers the ticket with the messages, the last of which sets its state.
func (r *reviewing) send(sends []policy.WalkLine, status string) error {
	for i, l := range sends {
		if err := may(r.a, access.SendPrepared); err != nil {
			return err
		}
		message := Prepared{Ticket: r.ticket.ID, Message: l.Message}
		if i == len(sends)-1 {
			message.Status = status
		}
		done, err := r.d.sendPrepared(r.tx, r.a, message, r.now)
		if err != nil {
			return err
		}
		r.ticket = done.Ticket
	}
	return nil
}

func (r *reviewing) lines(kind policy.WalkKind) []policy.WalkLine {
	return slices.DeleteFunc(slices.Clone(r.run.Lines), func(l policy.WalkLine) bool { return l.Kind != kind })
}

// give changes the ticket: its group, its state where no message sets it, and the line that tells of the review. Where no group is called
// as the policy says, a task asks for it.
func (r *reviewing) give(status string, answers bool) error {
	by, err := r.d.person(r.tx, r.a)
	if err != nil {
		return err
	}
	h := happening{event: ticket.Event{Kind: ticket.AgentSets, At: r.now, By: by}, now: r.now, via: "web", notes: []ticket.AuditEvent{r.told()}}
	if !answers {
		h.event.Status = status
	}
	for _, l := range r.lines(policy.WalkTask) {
		if err := r.ask(&h, l.Says); err != nil {
			return err
		}
	}
	for _, l := range r.lines(policy.WalkAssign) {
		group, err := groupCalled(r.tx, l.To)
		if err != nil {
			return err
		}
		if group.ID == 0 {
			if err := r.ask(&h, "Give this to the "+spokenName(l.To)+": no group of this desk is called so."); err != nil {
				return err
			}
		}
		h.amend = func(t *ticket.Ticket) error { r.policy.Give(t, l.To); return nil }
	}
	did, err := r.d.happen(r.tx, r.ticket, h)
	r.ticket = did.ticket
	return err
}

// ask leaves something for a person to do.
func (r *reviewing) ask(h *happening, says string) error {
	rule := "procedures." + r.kept.Procedure
	h.notes = append(h.notes, internally(ticket.TaskAdded, rule, says)...)
	_, err := r.tx.AddTask(&store.Task{Key: "review/" + itoa(r.ticket.ID) + "/" + nameOf(says), Ticket: r.ticket.ID, Says: says, Rule: rule, Created: r.now})
	return err
}

// told is the review as one line of the audit: what was asked and answered, and what came of it.
func (r *reviewing) told() ticket.AuditEvent {
	says := strings.Join(append([]string{"reviewed this case:"}, r.said()...), " ")
	return ticket.AuditEvent{Type: ticket.Change, Field: reviewField, To: r.run.End, Rule: "procedures." + r.kept.Procedure, Says: says, Internal: true}
}

// reviewField is what the audit calls a review.
const reviewField = "review"

func (r *reviewing) said() (says []string) {
	for _, l := range r.run.Lines {
		switch l.Kind {
		case policy.WalkChoice:
			says = append(says, strings.TrimSpace(r.title(l.Step)+" "+l.Label)+".")
		case policy.WalkLevel:
			says = append(says, r.title(l.Step)+": "+r.policy.LevelLabel(l.Level)+".")
		case policy.WalkAssign:
			says = append(says, "Given to "+spokenName(l.To)+".")
		case policy.WalkNote:
			says = append(says, l.Says)
		}
	}
	return says
}

func (r *reviewing) title(step string) string {
	return r.policy.Doc.Procedures[r.kept.Procedure].Steps[step].Title
}
