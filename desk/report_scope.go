package desk

import (
	"slices"
	"strings"

	"hark/policy"
	"hark/store"
)

// Decisions is what people decided in a period about where support ends (seed 000, 0.12; seed 003, 3.20): how many tickets fell inside,
// partly inside and outside, and under which sentence of the policy. What the policy only points out, and nobody decided on, is not
// counted.
type Decisions struct {
	Reach   map[policy.Reach]int64
	Clauses []DecidedClause // in the policy's order; what it does not know any more comes last
	Months  []DecidedMonth  // the months of the report
}

// DecidedClause is how many tickets fell under one sentence of the scope.
type DecidedClause struct {
	policy.Clause
	Tickets int64
}

// DecidedMonth is how many tickets of a month were declined, wholly or in part.
type DecidedMonth struct {
	Period   Period
	Declined int64
	Decided  int64
}

// Decided is how many tickets somebody decided on.
func (d Decisions) Decided() (n int64) {
	for _, tickets := range d.Reach {
		n += tickets
	}
	return n
}

// decisions counts them. A desk whose policy has no scope has none.
func (c counting) decisions() error {
	found, err := c.tx.Decisions(c.a, c.span())
	if err != nil {
		return err
	}
	c.r.Decisions = Decisions{Reach: map[policy.Reach]int64{}, Clauses: c.byClause(found)}
	for _, one := range c.r.Decisions.Clauses {
		c.r.Decisions.Reach[one.Reach] += one.Tickets
	}
	periods, edges := c.r.Period.months(c.now, c.r.Policy.Zone)
	for i, p := range periods {
		found, err := c.tx.Decisions(c.a, store.Span{Brand: c.r.Brand, From: edges[i], To: edges[i+1]})
		if err != nil {
			return err
		}
		month := DecidedMonth{Period: p}
		for _, one := range c.byClause(found) {
			if month.Decided += one.Tickets; one.Reach != policy.InScope {
				month.Declined += one.Tickets
			}
		}
		c.r.Decisions.Months = append(c.r.Decisions.Months, month)
	}
	return nil
}

// byClause sorts what was counted in the order of the policy.
func (c counting) byClause(found []store.Decided) (all []DecidedClause) {
	tickets := map[string]int64{}
	for _, one := range found {
		tickets[one.Clause] = one.Tickets
	}
	known := c.r.Policy.Clauses()
	for _, id := range leftOver(clauseIDs(known), tickets) {
		known = append(known, formerClause(id))
	}
	for _, clause := range known {
		if n := tickets[clause.ID]; n > 0 {
			all = append(all, DecidedClause{clause, n})
		}
	}
	return all
}

func clauseIDs(all []policy.Clause) (ids []string) {
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

// formerClause is a sentence that the policy had before; its name still says whether it was a limit.
func formerClause(id string) policy.Clause {
	kind, name, _ := strings.Cut(id, ".")
	c := policy.Clause{ID: id, Reach: policy.OutOfScope, Label: name}
	if kind == "covers" || kind == "integrations" {
		c.Reach = policy.InScope
	}
	return c
}

// The lists behind these numbers, by their name in an address, besides those of each clause and reach.
const (
	allDecided = "decided"
	declined   = "declined" // outside, and partly
)

// decidedList is the list behind a number of the scope; [fault.NotFound] where the report has no such number.
func (c counting) decidedList(what, which, after string) (page store.Page[store.Row], err error) {
	found, err := c.tx.Decisions(c.a, c.span())
	if err != nil {
		return page, err
	}
	behind := []string{}
	for _, one := range c.byClause(found) {
		if which == allDecided || which == one.ID || which == string(one.Reach) || which == declined && one.Reach != policy.InScope {
			behind = append(behind, one.ID)
		}
	}
	names := append(clauseIDs(c.r.Policy.Clauses()), allDecided, declined, string(policy.InScope), string(policy.PartlyInScope), string(policy.OutOfScope))
	if len(behind) == 0 && !slices.Contains(names, which) {
		return page, noSuchNumber(what)
	}
	return c.tx.Behind(c.a, c.span(), store.Behind{Clauses: behind}, after, 0)
}
