package policy

import (
	"cmp"
	"slices"

	"hark/ticket"
)

// Topics: the kinds of questions that a policy prints also sort its tickets (seed 000, 0.10). A file that declares the fact
// ticket.topic has it asked; its values are what the fact lists, or else what the scope says is covered.

// TopicFact is the fact that says which of them a ticket is about.
const TopicFact = ticket.TopicFact

// Topics are the ids of all of them in the order of the file, none when the policy does not sort by topic.
func (p *Policy) Topics() []string {
	fact, declared := p.Doc.Facts[TopicFact]
	switch {
	case !declared:
		return nil
	case len(fact.OneOf) > 0 || p.Doc.Scope == nil:
		return slices.Clone(fact.OneOf)
	}
	var ids []string
	for _, c := range p.Doc.Scope.Covers {
		ids = append(ids, c.ID)
	}
	return ids
}

// sortsByCovers reports whether the topics are what the scope covers, so that whoever decides on the one says the other.
func (p *Policy) sortsByCovers() bool {
	return len(p.Topics()) > 0 && len(p.Doc.Facts[TopicFact].OneOf) == 0
}

// TopicLabel is what a topic is called: as the printed list calls it, where it is from there.
func (p *Policy) TopicLabel(id string) string {
	return cmp.Or(p.coverLabel(id), upperFirst(spaced(id)))
}

func (p *Policy) coverLabel(id string) string {
	if p.Doc.Scope == nil {
		return ""
	}
	cover, _ := find(p.Doc.Scope.Covers, func(c Cover) bool { return c.ID == id })
	return cover.Label
}

// topicQueues are lists of what waits, by topic.
func (p *Policy) topicQueues() (all []Queue) {
	for _, id := range p.Topics() {
		all = append(all, Queue{ID: topicQueue + id, Label: p.TopicLabel(id), Says: "What is about this, the oldest first", Topic: id})
	}
	return all
}

// topicQueue begins the ids of these lists, so that they are never taken for a group's.
const topicQueue = "topic:"
