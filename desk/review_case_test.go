package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
)

// presses is Ben pressing a key at the step that the review shows.
func (o *office) presses(id int64, key string) error {
	o.t.Helper()
	page := o.reviews(id)
	return o.desk.ReviewCase(ctx, o.ben.Actor(), desk.ReviewAnswer{Ticket: id, Step: page.Run.At, Base: page.Base, Key: key})
}

func (o *office) reviews(id int64) desk.CaseReview {
	o.t.Helper()
	page, err := o.desk.CaseReview(ctx, o.ben.Actor(), id)
	o.must(err)
	return page
}

// waits are the subjects of the queue of new cases.
func (o *office) waits() string {
	o.t.Helper()
	q, err := o.desk.QueueNamed(ctx, o.ana.Actor(), desk.Queue{Queue: policy.Queue{ID: "review"}, Brand: o.brand}.Name())
	o.must(err)
	page, err := o.desk.Inbox(ctx, o.ana.Actor(), q.Filter())
	o.must(err)
	var all []string
	for _, row := range page.Items {
		all = append(all, row.Subject)
	}
	return strings.Join(all, ", ")
}

// Ben reviews a bug report with one key: it goes to the second line and leaves the list of new cases, its record says what was answered,
// and no rule takes it elsewhere afterwards.
func TestS1_14_ABugReportIsReviewedBesideItsCase(t *testing.T) {
	eachUnder(t, "ablecommerce-phone-procedures", "2026-11-17 10:00", func(o *office) {
		second, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Level two", Members: []int64{o.ben.ID}})
		o.must(err)
		o.ben.Groups = append(o.ben.Groups, second.ID)
		id := o.asks(maria, "Totals are wrong")
		o.asks(jonas, "How do I add a page?")
		o.is("at first", o.waits(), "Totals are wrong, How do I add a page?")
		page := o.reviews(id)
		o.is("the step", page.Run.Step.Title, "Is it a bug report?")
		o.must(o.presses(id, "1"))
		older := desk.ReviewAnswer{Ticket: id, Step: page.Run.At, Base: page.Base, Key: "1"}
		o.must(o.desk.ReviewCase(ctx, o.ben.Actor(), older)) // the same key pressed twice counts once
		older.Key = "2"
		if err := o.desk.ReviewCase(ctx, o.ben.Actor(), older); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "your answer changed nothing") {
			t.Errorf("another answer, on the older page: %v", err)
		}
		after := o.reviews(id)
		o.is("how it ended", after.Run.End+" "+after.By, "assigned Ben Okafor")
		o.is("the record", o.audited(id, "review"), "Ben Okafor reviewed this case: Who is it? Found. Is it a bug report? Bug report. Given to level two.")
		if got := o.ticket(id).Group; got != second.ID {
			t.Errorf("it is with group %d, want the second line", got)
		}
		o.is("afterwards", o.waits(), "How do I add a page?")
		_, err = o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: id, Text: "Seen before."})
		o.must(err)
		priority := "high"
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Priority: &priority})
		o.must(err)
		if got := o.ticket(id); got.Group != second.ID || got.Memory.Route != "group: level_two" {
			t.Errorf("a rule took it to %q", got.Memory.Route)
		}
	})
}

// Without a plan the procedure chooses a system message: it is sent when the review ends and not before, once, and can be taken back.
func TestS1_15_AReviewEndsWithASystemMessage(t *testing.T) {
	eachUnder(t, "ablecommerce-phone-procedures", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "How do I add a page?")
		before := o.posted(id)
		o.must(o.presses(id, "2"))
		page := o.reviews(id)
		o.is("the step", page.Run.Step.Title, "Answer with a system message")
		o.is("the mails before the end", o.posted(id), before)
		o.must(o.desk.ReviewBack(ctx, o.ben.Actor(), id, page.Base))
		o.must(o.desk.ReviewBack(ctx, o.ben.Actor(), id, page.Base)) // pressed twice
		if err := o.desk.ReviewBack(ctx, o.ben.Actor(), id, page.Base+3); !fault.Is(err, fault.Conflict) {
			t.Errorf("back from where the review does not stand: %v", err)
		}
		o.is("one step back", o.reviews(id).Run.Step.Title, "Is it a bug report?")
		o.must(o.presses(id, "2"))
		o.must(o.presses(id, "2"))
		o.is("how it ended", o.reviews(id).Run.End, "answered")
		if got := o.posted(id); !strings.HasSuffix(strings.TrimSpace(got), "resources to maria@greenfund.example") {
			t.Errorf("the mails: %s", got)
		}
		if got := o.ticket(id).State; got != "answered" {
			t.Errorf("the case is %s", got)
		}
		if err := o.presses(id, "1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a key after the end: %v", err)
		}
		o.is("afterwards", o.waits(), "")
	})
}

// Where no group is called as the procedure says, a task asks for it. Who may not change tickets reviews none, and a policy without a
// review has none.
func TestAReviewWithoutItsGroupLeavesATask(t *testing.T) {
	eachUnder(t, "ablecommerce-phone-procedures", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "Totals are wrong")
		o.must(o.presses(id, "1"))
		o.is("the task", fmt.Sprint(o.open(id)), "[Give this to the level two: no group of this desk is called so.]")
		dora := o.hire("dora@agency.example", "Dora Lind", access.Light)
		if err := o.desk.ReviewCase(ctx, dora.Actor(), desk.ReviewAnswer{Ticket: id, Key: "1"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Dora, who reads along, reviews: %v", err)
		}
		o.apply(example(t, "piperocks-crm"))
		if _, err := o.desk.CaseReview(ctx, o.ben.Actor(), o.asks(jonas, "Another")); !fault.Is(err, fault.NotFound) {
			t.Errorf("a policy without a review answers %v", err)
		}
	})
}
