package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Known problems: what their verbs have in common. The record is the one truth about a fault; linked tickets take from it what their
// policy asks, with every event anew, so a horizon that is corrected once is corrected for all.

// IssueText is a known problem as somebody writes it down; values are as typed.
type IssueText struct {
	Title, Product, Happens, Reach, Severity, Workaround, Plan, Horizon, Estimate, Tracker, Announcement string
	Public                                                                                               bool // whoever is about to ask reads of it
}

// written puts what was typed into an issue, as far as the policy of its brand allows it.
func (text IssueText) written(i issue.Issue, p *policy.Policy) (issue.Issue, error) {
	i.Title, i.Product, i.Happens, i.Workaround, i.Plan = text.Title, text.Product, text.Happens, text.Workaround, text.Plan
	i.Reach, i.Severity, i.Horizon, i.Tracker, i.Announcement = issue.Reach(text.Reach), issue.Severity(text.Severity), text.Horizon, text.Tracker, text.Announcement
	i.Public = text.Public
	i.Estimate = calendar.Date{}
	if text.Estimate != "" {
		day, err := calendar.ParseDate(text.Estimate)
		if err != nil {
			return i, issue.Wrongly("estimate", "%q is no day; write it like 2027-01-15", shortened(text.Estimate, 40))
		}
		i.Estimate = day
	}
	i = i.Tidy()
	return i, orElse(i.Check(), p.MaySayWhen(i.Horizon, i.Estimate))
}

// issueRules is the policy under which a brand speaks of known problems.
func (d *Desk) issueRules(tx *store.Tx, brand int64, now time.Time) (*policy.Policy, error) {
	p, _, err := d.rulesFor(tx, brand, now)
	if err == nil && !p.HasIssues() {
		err = fault.New(fault.Refused, "this brand's policy says nothing of known problems; give it an issues section first")
	}
	return p, err
}

// HasIssues reports whether any brand speaks of known problems. Every page of the desk asks; the answer may be some seconds old.
func (d *Desk) HasIssues(ctx context.Context) (bool, error) {
	return d.anyBrand(ctx, "issues", func(p *policy.Policy) bool { return p.HasIssues() })
}

// addIssue puts what is written down about a ticket's known problem among its facts. What a linked ticket said of itself before
// stays where the record says nothing.
func (d *Desk) addIssue(tx *store.Tx, p *policy.Policy, t ticket.Ticket, facts map[string]any, now time.Time) error {
	if !p.HasIssues() || t.ID == 0 {
		return nil
	}
	i, linked, err := tx.IssueOf(t.ID)
	if err == nil && linked {
		maps.Copy(facts, i.Outside(now).Facts())
	}
	return err
}

// sawIssue is the newest change that a page of an issue had shown; an older page takes nothing back.
func sawIssue(tx *store.Tx, id, base int64) error {
	if base == 0 {
		return nil
	}
	newest, err := tx.IssueChanges(id, mostIssueChanges)
	for _, c := range newest {
		if c.ID > base && c.What != "engineers" && c.What != "logged" { // neither is on a form
			return fault.New(fault.Conflict, "%s changed this known problem while you wrote; look at what is new, then write again", cmp.Or(c.Who.Name, c.Who.Address, "somebody"))
		}
	}
	return err
}

// tellIssue leaves a line on a ticket about its known problem, which customers do not read.
func tellIssue(i issue.Issue, from, to int64, says string) ticket.AuditEvent {
	return ticket.AuditEvent{Type: ticket.Change, Field: "issue", From: itoa(from), To: itoa(to), Says: says + " “" + i.Title + "”", Internal: true}
}

// TicketIssue is the known problem of one ticket, as its page tells it.
type TicketIssue struct {
	Issue  issue.Issue
	Linked bool
	Others int64            // how many other customers have it
	There  store.IssueEntry // what the engineers say of it, for colleagues
}

// issueOfTicket is what the page of a ticket says of its known problem: to staff everything, to customers what is meant for them.
func (d *Desk) issueOfTicket(tx *store.Tx, a access.Actor, ticketID int64, now time.Time) (found TicketIssue, err error) {
	if found.Issue, found.Linked, err = tx.IssueOf(ticketID); err != nil || !found.Linked {
		return found, err
	}
	found.Others = max(found.Issue.Customers-1, 0)
	if !a.Staff() {
		found.Issue = publicIssue(found.Issue, now)
		found.Issue.ID = 0 // whose ticket is linked has nothing to do with it by number
		return found, nil
	}
	entry, _, err := tx.IssueEntry(found.Issue.ID)
	found.There = entry
	return found, err
}

// publicIssue leaves what a customer may know: nothing of the engineers, of colleagues, or of how the desk weighs it. Its
// number is for whoever recognises it in a form.
func publicIssue(i issue.Issue, now time.Time) issue.Issue {
	i = i.Outside(now)
	return issue.Issue{ID: i.ID, Title: i.Title, Product: i.Product, Workaround: i.Workaround, Horizon: i.Horizon, State: i.State, Fixed: i.Fixed, Announcement: i.Announcement}
}

// asksBeside leaves out what a linked ticket's record answers.
func asksBeside(asks []policy.Ask, found TicketIssue) []policy.Ask {
	if !found.Linked {
		return asks
	}
	return slices.DeleteFunc(asks, func(a policy.Ask) bool { return slices.Contains(issue.FactNames, a.Fact) })
}

// withIssue is a ticket's facts with those that its known problem supplies just now.
func withIssue(facts map[string]any, found TicketIssue) map[string]any {
	if !found.Linked {
		return facts
	}
	all := maps.Clone(facts)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, found.Issue.Facts())
	return all
}
