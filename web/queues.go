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

// queues are what the inbox offers beside its views: the policies' own lists, and what customers said. There are none where no policy
// names any.
func (h *house) queues(v *visit.Visit, current string) (all []inbox.Tab, err error) {
	named, hears, err := h.desk.Queues(v.Context(), v.Actor)
	if err != nil || len(named) == 0 && !hears {
		return nil, err
	}
	counts, err := h.desk.CountQueues(v.Context(), v.Actor, named)
	if err != nil {
		return nil, err
	}
	for i, q := range named {
		all = append(all, inbox.Tab{Label: q.Label, Of: q.Brand.Name, URL: "/inbox?" + url.Values{"queue": {q.Name()}}.Encode(), Count: countSays(counts[i]), Current: q.Name() == current})
	}
	waits, err := h.desk.FeedbackWaits(v.Context(), v.Actor)
	return append(all, inbox.Tab{Label: feedbackTitle, URL: "/feedback", Count: countSays(waits)}), err
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
