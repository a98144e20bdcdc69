package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hark/issue"
)

// Known problems that everybody may read of, found by how somebody describes one. A brand has few of them, so all are looked at and the
// words are compared here. What only colleagues read is not among these words: nobody learns it by trying some.

// mostPublic is how many known problems a description is compared with: those that most customers have.
const mostPublic = 200

// publicly limits a query of issues to those of a brand that everybody may read of and that are still there as far as anybody outside knows
// ([issue.Issue.Outside]).
func (q *query) publicly(brand int64, now time.Time) *query {
	return q.add(`i.public AND i.brand_id = ? AND (i.state = 'open' OR i.fixed_at > ?)`, brand, now.Add(-issue.FixWindow))
}

// PublicIssue is a known problem of a brand that everybody may read of and that is still there; any other is [fault.NotFound].
func (tx *Tx) PublicIssue(brand, id int64, now time.Time) (issue.Issue, error) {
	return tx.oneIssue((&query{}).add(selectIssue+`WHERE `).publicly(brand, now).add(` AND i.id = ?`, id))
}

// HasPublicIssues reports whether a brand has any that is still there.
func (tx *Tx) HasPublicIssues(brand int64, now time.Time) (bool, error) {
	var one int64
	q := (&query{}).add(`SELECT i.id FROM issues i WHERE `).publicly(brand, now).add(` LIMIT 1`)
	return tx.get([]any{&one}, q.String(), q.args...)
}

// IssuesLike are up to n of a brand's public known problems that are still there and that a description fits, the best first.
func (tx *Tx) IssuesLike(brand int64, description string, n int, now time.Time) ([]issue.Issue, error) {
	all, err := tx.issues((&query{}).add(selectIssue+`WHERE `).publicly(brand, now).add(` ORDER BY i.customers DESC, i.id DESC LIMIT ?`, mostPublic))
	if err != nil {
		return nil, err
	}
	typed, fits := telling(strings.Fields(words(description))), map[int64]int{}
	for _, i := range all {
		fits[i.ID] = fit(typed, i)
	}
	all = slices.DeleteFunc(all, func(i issue.Issue) bool { return fits[i.ID] == 0 })
	slices.SortStableFunc(all, func(a, b issue.Issue) int { return cmp.Compare(fits[b.ID], fits[a.ID]) })
	return all[:min(len(all), n)], nil
}

// fit is how well a description fits a known problem: a word of its title counts twice, one of what helps once. Two words have to be
// there, or the only one in the title; otherwise it is 0. Whoever names its product has it before others.
func fit(typed []string, i issue.Issue) (weighs int) {
	title, help, met := strings.Fields(words(i.Title)), strings.Fields(words(i.Workaround)), 0
	for _, word := range typed {
		switch same := func(other string) bool { return sameWord(word, other) }; {
		case slices.ContainsFunc(title, same):
			met, weighs = met+1, weighs+2
		case slices.ContainsFunc(help, same):
			met, weighs = met+1, weighs+1
		}
	}
	if met < min(2, len(typed)) || weighs < 2 {
		return 0
	}
	for _, word := range strings.Fields(words(i.Product)) {
		if slices.Contains(typed, word) {
			weighs++
		}
	}
	return weighs
}

// sameWord reports whether two words mean the same as far as letters tell: one goes on where the other ends, or one letter is wrong.
func sameWord(a, b string) bool {
	short, long := a, b
	if len(short) > len(long) {
		short, long = b, a
	}
	if len(short) < shortestNear {
		return a == b
	}
	return strings.HasPrefix(long, short) || len(short) > shortestNear && oneApart([]rune(a), []rune(b))
}
