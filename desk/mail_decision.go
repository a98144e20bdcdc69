package desk

import (
	"context"
	"strings"
	"time"

	"hark/policy"
	"hark/store"
)

// decisionTemplate is the template of the mails about a decision on the roadmap.
const decisionTemplate = "card-decided"

// mailDecisions mails what was decided about cards to everybody who asked for them, a few at once. How far a decision has come is stored
// with its mails, and each mail's key names the decision and the person: whoever is stopped in the middle goes on from there, and nobody
// gets it twice. What is decided anew before all have heard of it goes to the others as it is now.
func (d *Desk) mailDecisions(ctx context.Context) (mailed int, err error) {
	var waiting []int64
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		waiting, err = tx.DecisionsMailing()
		return err
	})
	if err != nil {
		return 0, err
	}
	return mailOut(ctx, waiting, d.MailDecision)
}

// MailDecision plans the next few mails about a decision, and reports whether there may be more. While the desk has no mailbox to write
// from, they wait.
func (d *Desk) MailDecision(ctx context.Context, decision int64) (mailed int, more bool, err error) {
	return d.mailSome(ctx, func(tx *store.Tx, now time.Time) (int, bool, error) { return d.mailDecision(ctx, tx, decision, now) })
}

func (d *Desk) mailDecision(ctx context.Context, tx *store.Tx, id int64, now time.Time) (mailed int, more bool, err error) {
	if err := tx.Alone("card-decided/" + itoa(id)); err != nil {
		return 0, false, err
	}
	decided, err := tx.CardDecision(id) // another node may have gone on meanwhile
	if err != nil || !decided.Mails {
		return 0, false, err
	}
	c, err := tx.Card(decided.Card)
	if err != nil {
		return 0, false, err
	}
	people, err := tx.WhoAsked(c.ID, decided.Reached, tellAtOnce)
	if err != nil {
		return 0, false, err
	}
	mailed, err = d.mailEach(ctx, tx, people, func(person int64) (bool, error) { return d.mailDecisionTo(tx, c, decided, person, now) })
	if err != nil {
		return 0, false, err
	}
	decided.Reached, decided.Mails = lastOr(people, decided.Reached), len(people) > 0
	return mailed, decided.Mails, tx.DecisionMailed(decided)
}

// mailDecisionTo plans one copy, through the gate that every automatic mail passes.
func (d *Desk) mailDecisionTo(tx *store.Tx, c store.Card, decided store.CardDecision, person int64, now time.Time) (sent bool, err error) {
	to, err := tx.Person(person)
	if err != nil {
		return false, err
	}
	brand, err := tx.Brand(c.Brand)
	if err != nil {
		return false, err
	}
	p, err := d.runningOf(tx, c.Brand, now)
	if err != nil {
		return false, err
	}
	var b letterText
	b.line("You asked for “", c.Title, "”. We have decided: ", decisionSays(p, decided.State), ".\n\n", decided.Reason)
	switch {
	case decided.State == store.CardPlanned && c.Estimate != "":
		b.line("\nOur estimate: ", c.Estimate, ". It can move.")
	case decided.State == store.CardNotNow && !c.Review.IsZero() && p != nil:
		b.line("\nWe look at it again at our review that begins on ", c.Review.In(p.Zone).Format("2 January 2006"), ".")
	}
	b.line("\n--\nWhere it stands, and what you would like besides:\n", d.BrandURL(brand), d.RoadmapLinkPath(c.Brand, person, now), "\n\nYou get this once, because you asked for it.")
	n := notice{key: decisionTemplate + "/" + itoa(decided.ID) + "/" + itoa(person), template: decisionTemplate, subject: "“" + c.Title + "”: " + decisionSays(p, decided.State), text: b.String()}
	return d.mailToMany(tx, to, c.Brand, n, now)
}

// decisionSays is a decision that is mailed, inside a sentence: "in the next six months", "not now".
func decisionSays(p *policy.Policy, s store.CardState) string {
	says := CardStateSays(p, s)
	return strings.ToLower(says[:1]) + says[1:]
}
