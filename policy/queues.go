package policy

import (
	"slices"
	"strings"
)

// Queue is a list of work that a policy names: the new cases that somebody reviews first, or what its routing sends to a group
// (seed 001, 1.31 to 1.33).
type Queue struct {
	ID    string // "review", or the group's name: "level_two"
	Label string
	Says  string
	Route string // where routing sent the tickets that are in it: "group: level_two"; "" for any
	New   bool   // only those that nobody has looked at
	Topic string // only those that somebody said are about it
}

const reviewQueue = "review"

// Queues are the lists of work this policy names, the review first, the groups in the order of its rules, and then its topics.
// A policy that sends everything to everybody, and knows no topics, has none.
func (p *Policy) Queues() (all []Queue) {
	if p.Doc.Intake.Review != "" {
		review := p.Doc.Procedures[p.Doc.Intake.Review]
		all = append(all, Queue{ID: reviewQueue, Label: or(review.Label, "Review new requests"), Says: review.About, New: true})
	}
	for _, r := range p.Doc.Routing {
		for _, to := range []string{r.To, r.Else} {
			if q, is := queueOf(to); is && !slices.ContainsFunc(all, func(known Queue) bool { return known.ID == q.ID }) {
				all = append(all, q)
			}
		}
	}
	return append(all, p.topicQueues()...)
}

func queueOf(to string) (Queue, bool) {
	group, is := strings.CutPrefix(to, "group: ")
	return Queue{ID: group, Label: upperFirst(spaced(group)), Says: "The oldest first", Route: to}, is && group != "" && group != reviewQueue
}

// Queue is one of them by its id.
func (p *Policy) Queue(id string) (Queue, bool) {
	all := p.Queues()
	i := slices.IndexFunc(all, func(q Queue) bool { return q.ID == id })
	if i < 0 {
		return Queue{}, false
	}
	return all[i], true
}
