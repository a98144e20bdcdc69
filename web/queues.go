package web

import (
	"net/url"

	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/web/inbox"
	"hark/web/visit"
)

// queue is one of the lists of work that a running policy names, false when there is none of that name.
func (h *house) queue(v *visit.Visit, name string) (desk.Queue, bool, error) {
	q, err := h.desk.QueueNamed(v.Context(), v.Actor, name)
	if fault.Is(err, fault.NotFound) {
		return q, false, nil
	}
	return q, err == nil, err
}

// tellQueues adds what the inbox offers beside its views: the policies' own lists, what customers said, and what waits by topic. There is
// nothing where no policy names any.
func (h *house) tellQueues(v *visit.Visit, out *inbox.View, current string) error {
	named, hears, err := h.desk.Queues(v.Context(), v.Actor)
	if err != nil || len(named) == 0 && !hears {
		return err
	}
	counts, err := h.desk.CountQueues(v.Context(), v.Actor, named)
	if err != nil {
		return err
	}
	for i, q := range named {
		tab := inbox.Tab{Label: q.Label, Of: q.Brand.Name, URL: "/inbox?" + url.Values{"queue": {q.Name()}}.Encode(), Count: countSays(counts[i]), Current: q.Name() == current}
		if q.Topic == "" {
			out.Queues = append(out.Queues, tab)
		} else {
			addTopic(out, tab)
		}
	}
	waits, err := h.desk.FeedbackWaits(v.Context(), v.Actor)
	out.Queues = append(out.Queues, inbox.Tab{Label: feedbackTitle, URL: "/feedback", Count: countSays(waits)})
	return err
}

// addTopic puts the queue of a topic among the others of its brand, which are named once for all of them.
func addTopic(out *inbox.View, tab inbox.Tab) {
	if n := len(out.Topics); n == 0 || out.Topics[n-1].Of != tab.Of {
		out.Topics = append(out.Topics, inbox.Topics{Of: tab.Of})
	}
	of := &out.Topics[len(out.Topics)-1]
	tab.Of = ""
	of.All = append(of.All, tab)
}

func countSays(n store.Count) string {
	if n == 0 {
		return ""
	}
	return n.String()
}

// queueView is how a queue heads the inbox.
func queueView(q desk.Queue) inboxView {
	return inboxView{view: store.Queue, label: q.Label, says: q.Brand.Name + ". " + sentence(q.Says), empty: inbox.Empty{Title: "Nothing waits here", Says: "What the policy sends to this queue is listed here until somebody answers it, the oldest first."}}
}
