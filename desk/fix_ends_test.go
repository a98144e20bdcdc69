package desk_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
	"hark/issue"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

const nora = "Nora Wells <nora@quayside.example>"

// appliesFixes applies the policy with other words for what happens when a fix is confirmed.
func (o *office) appliesFixes(does string) {
	o.t.Helper()
	const as = "{event: issue_fixed, when: {issue.confirmed_in_production: true}, do: [{send: fixed}, {publish: whats_new}]}"
	source := bytes.Replace(example(o.t, "what-happens-next"), []byte(as), []byte(does), 1)
	source = bytes.Replace(source, []byte("\n  fixed: {name: Fixed"), []byte("\n  thanks: {name: Thanks, subject: \"Thank you [{{ticket.number}}]\", body: \"You helped us to find it.\"}\n  fixed: {name: Fixed"), 1)
	o.apply(bytes.Replace(source, []byte(`version: "2026`), []byte(`version: "x2026`), 1))
}

// lines are what the history of a ticket tells of, as Ben reads it.
func (o *office) lines(id int64, kind string) (says []string) {
	o.t.Helper()
	for _, audit := range o.sees(o.ben.Actor(), id).Audits {
		for _, e := range audit.Events {
			if e.Type == kind {
				says = append(says, e.Says)
			}
		}
	}
	return says
}

// Months after the fix Maria reads that it is fixed, and nobody is asked to write to her. Found not to hold, the phase runs on.
func TestS4_10_AFixEndsTheWaiting(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		tasks := len(o.lines(id, ticket.TaskAdded))
		o.at("2027-02-16 10:00")
		way := o.sees(o.ticketActor(id), id).Progress
		if now, _ := way.Now(); !now.Fixed || now.Late || !now.To.IsZero() {
			t.Errorf("Maria reads %+v", now)
		}
		if got := o.lines(id, ticket.TaskAdded); len(got) != tasks {
			t.Errorf("Ben is asked to %q", got[tasks:])
		}

		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.at("2027-02-16 10:05")
		if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.Fixed || !now.Late {
			t.Errorf("known again, Maria reads %+v", now)
		}
		if got := strings.Join(o.lines(id, ticket.Change), "\n"); !strings.Contains(got, "noted that this is not fixed after all: “Totals are off by a few cents”") {
			t.Errorf("Ben reads\n%s", got)
		}
		o.toldIs("fixed", "maria@greenfund.example")
	})
}

// Nora is linked after the fix and hears of it. On the tickets of those who have heard nothing is said again.
func TestS4_10_ALateReporterHearsAlone(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		noras := o.bug(nora, "Cents missing")
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		before := len(o.sees(o.ben.Actor(), id).Audits)
		o.links(problem, noras)
		o.at("2026-11-16 13:00")
		o.toldIs("fixed", "maria@greenfund.example", "nora@quayside.example")
		if got := o.sees(o.ben.Actor(), id).Audits[before:]; len(got) > 0 {
			t.Errorf("Maria's ticket says anew %+v", got)
		}
	})
}

// Maria writes that it is still wrong. Neither a ticket that is linked later nor an announcement solves hers a second time, or says that
// it was confirmed or mailed again.
func TestS4_10_WhoeverTakesUpAFixIsNotSolvedAgain(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		o.appliesFixes("{event: issue_fixed, from: [new, open, pending, solved], to: solved, when: {issue.confirmed_in_production: true}, do: [{send: fixed}]}")
		id, noras := o.bug(maria, "Totals are wrong"), o.bug(nora, "Cents missing")
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.in(id, "solved")
		o.arrives(letter{from: maria, answers: o.last(id), body: "It is still wrong here."})
		o.in(id, "open")
		o.links(problem, noras)
		o.at("2026-11-16 12:00")
		o.in(id, "open")
		o.in(noras, "solved")

		announced := slow
		announced.Announcement = "https://agency.example/releases/7"
		o.must(o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: problem, Text: announced}))
		o.at("2026-11-16 13:00")
		o.in(id, "open")
		if skipped := o.lines(id, ticket.Skipped); len(skipped) > 0 {
			t.Errorf("Ben reads %q", skipped)
		}
		if got := strings.Join(o.lines(id, ticket.Change), "\n"); strings.Count(got, "confirmed that this works") != 1 || !strings.Contains(got, "announced the fix of") {
			t.Errorf("Ben reads\n%s", got)
		}
	})
}

// A page that Jonas opened before the fix names a problem that is fixed by now: his request is one of its own, and nobody's ticket moves.
func TestB2_AFormLinksToNothingThatIsFixed(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(everybodys(), id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.asks(jonas, "Hello")
		done, err := o.desk.Create(ctx, o.customer("jonas@greenfund.example"), desk.Request{Brand: o.brand.ID, Subject: "Cents", Text: "Me too.", Kind: "bug", Problem: problem})
		o.must(err)
		if o.sees(o.ben.Actor(), done.Ticket.ID).Issue.Linked {
			t.Error("it is linked to what is fixed")
		}
		if got := o.issue(problem).Issue.Tickets; got != 1 {
			t.Errorf("%d tickets are counted, want one", got)
		}
	})
}

// Maria has had as many automatic mails as we send within an hour. The word of the fix waits, and leaves when it may.
func TestS4_10_AFixThatTheBrakeKeepsBackIsToldLater(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		for n := range 22 {
			o.asks(maria, fmt.Sprintf("Also broken %d", n))
		}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 10:10")
		o.toldIs("fixed")
		if got := o.issue(problem).Waits; got != 1 {
			t.Errorf("%d tickets wait to hear of it, want one", got)
		}
		o.at("2026-11-16 12:10")
		o.toldIs("fixed", "maria@greenfund.example")
		if skipped := o.lines(id, ticket.Skipped); len(skipped) > 0 {
			t.Errorf("Ben reads %q", skipped)
		}
	})
}

// A policy that sends two messages of a fix sends both, each once to each reader.
func TestS4_10_TwoMessagesOfOneFixBothLeave(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		o.appliesFixes("{event: issue_fixed, when: {issue.confirmed_in_production: true}, do: [{send: fixed}, {send: thanks}]}")
		id, again := o.bug(maria, "Totals are wrong"), o.bug(maria, "Totals again")
		problem := o.writesDown(slow, id)
		o.links(problem, again)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.toldIs("fixed", "maria@greenfund.example")
		o.toldIs("thanks", "maria@greenfund.example")
	})
}

// Ana mends a slip in the reason before the mails have left: Jonas hears of the decision once, with the reason as it is then.
func TestAReasonThatIsCorrectedAtOnceIsMailedAsItIsThen(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists by mail")
		o.asks(jonas, "Another thing")
		o.must(o.desk.Vote(ctx, o.customer("jonas@greenfund.example"), desk.Vote{Brand: o.brand.ID, Card: card}))
		o.decidesCard(card, store.CardNotNow, "It wuold take the whole half-year.")
		o.decidesCard(card, store.CardNotNow, "It would take the whole half-year.")
		o.passes()
		o.is("who heard", o.decided(), "jonas@greenfund.example “Lists by mail”: not now")
		mails := o.mails(0)
		if text := mails[len(mails)-1].text; !strings.Contains(text, "It would take") {
			t.Errorf("Jonas reads\n%s", text)
		}
	})
}

// One reader's copy cannot be written, because their address has become none. Everybody behind them has theirs.
func TestOneReaderHoldsUpNobodyBehindThem(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists by mail")
		for _, from := range []string{maria, jonas, nora} {
			o.asks(from, "Another thing")
		}
		for _, address := range []string{"maria@greenfund.example", "jonas@greenfund.example", "nora@quayside.example"} {
			o.must(o.desk.Vote(ctx, o.customer(address), desk.Vote{Brand: o.brand.ID, Card: card}))
		}
		broken := o.customer("maria@greenfund.example").Person
		o.must(o.db.Write(ctx, func(tx *store.Tx) error {
			p, err := tx.Person(broken)
			if err != nil {
				return err
			}
			p.Email = "maria"
			return tx.SaveReaddressed(&p, o.clock.Now())
		}))
		o.decidesCard(card, store.CardNotNow, "It would take the whole half-year.")
		o.passes()
		heard := strings.Split(o.decided(), "\n")
		slices.Sort(heard)
		o.is("who heard", strings.Join(heard, "\n"), "jonas@greenfund.example “Lists by mail”: not now\nnora@quayside.example “Lists by mail”: not now")
	})
}

// entries are what ends up in What's New, drafts too: "draft Totals".
func (o *office) entries() string {
	o.t.Helper()
	page, err := o.desk.News(ctx, o.ben.Actor(), store.NewsFilter{Brand: o.brand.ID})
	o.must(err)
	var all []string
	for _, e := range page.Items {
		all = append(all, string(e.State)+" "+e.Title)
	}
	return strings.Join(all, "\n")
}

// The policy announces fixes in What's New: a draft begins, one for the fix and not one for each ticket. Until something can be read there,
// the mails lead elsewhere. A fix that is confirmed again is told of by the entry that is published.
func TestAFixBeginsOneDraft(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		o.links(problem, o.bug(nora, "Cents missing"))
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.is("entries", o.entries(), "draft Totals are off by a few cents")
		o.lastSays(id, "What is new: https://agency.example/support")
		entry := o.issue(problem).News.ID
		o.announces(entry)
		o.at("2026-11-16 12:00")
		o.is("the record leads to", o.issue(problem).Issue.Announcement, "https://agency.example"+desk.NewsEntryPath(entry))
		if skipped := o.lines(id, ticket.Skipped); len(skipped) > 0 {
			t.Errorf("Ben reads %q", skipped)
		}

		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.at("2026-11-16 13:00")
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 14:00")
		o.is("entries, confirmed again", o.entries(), "published Totals are off by a few cents")
		o.lastSays(id, "What is new: https://agency.example"+desk.NewsEntryPath(entry))
	})
}

// Once something is published, the mail of a fix that is announced nowhere leads to What's New.
func TestTheMailOfAFixLeadsToWhatCanBeRead(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.announces(o.writes(desk.WriteNews{Title: "Lists"}))
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.lastSays(id, "What is new: https://agency.example/whats-new")
	})
}

// However many were fixed since, what an entry is to tell of is there to choose.
func TestAnOldFixCanBeToldOf(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		first := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: first}))
		for n := range 12 {
			o.at(fmt.Sprintf("2026-11-16 11:%02d", n))
			other := slow
			other.Title = fmt.Sprintf("Another fault, %d", n)
			problem := o.writesDown(other, 0)
			o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		}
		n, err := o.desk.NewsDesk(ctx, o.ben.Actor(), 0, 0, first)
		o.must(err)
		if last := n.Fixes[len(n.Fixes)-1]; last.ID != first || len(n.Fixes) != 13 {
			t.Errorf("%d fixes are offered, the last is “%s”", len(n.Fixes), last.Title)
		}
	})
}

// A colleague holds Maria's ticket and turns to its link to the known problem, while the telling holds the link and turns to the ticket.
// PostgreSQL ends one of the two. The telling begins anew at once: Maria hears of the fix now, and not when a failure is tried again.
func TestS4_10_WhoeverMeetsAColleagueTellsAtOnce(t *testing.T) {
	o := &office{t: t, db: storetest.Postgres(t), clock: desktest.At(when("2026-11-16 10:00")), begins: "what-happens-next"}
	o.furnish()
	id := o.bug(maria, "Totals are wrong")
	problem := o.writesDown(slow, id)
	o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
	o.clock.Pass(issue.FixWindow)
	told := make(chan error, 1)
	tell := sync.OnceFunc(func() {
		go func() {
			n, err := 0, error(nil)
			for n == 0 && err == nil {
				n, err = o.desk.TellOfFix(ctx)
			}
			told <- err
		}()
	})
	held := func() (yes bool) { // whether the telling has the link
		o.must(o.db.Write(ctx, func(tx *store.Tx) error {
			free, err := tx.ToTellOfFix(o.clock.Now(), 1)
			yes = len(free) == 0
			return err
		}))
		return yes
	}
	o.must(o.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.TicketForUpdate(id); err != nil {
			return err
		}
		for tell(); !held(); {
		}
		for range 100 { // by then the telling has come to the ticket, so that it is the one that PostgreSQL ends
			held()
		}
		return tx.TellOfFixFrom(id, o.clock.Now())
	}))
	o.must(<-told)
	o.toldIs("fixed", "maria@greenfund.example")
}
