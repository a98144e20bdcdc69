package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hark/desk"
	"hark/policy"
	"hark/ticket"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
	"hark/web/when"
)

// tracker is the way of a ticket as its reader sees it, nil when it has none or has not set out.
func (h *house) tracker(v *visit.Visit, p desk.TicketPage) *shared.Tracker {
	if _, begun := p.Progress.Now(); !begun {
		return nil
	}
	t := shared.Tracker{}
	for _, s := range p.Progress.Stages {
		t.Stages = append(t.Stages, h.stage(v, s))
	}
	return &t
}

// agentsTracker leaves out how long what comes later usually takes: colleagues know, and their column is narrow.
func (h *house) agentsTracker(v *visit.Visit, p desk.TicketPage) *shared.Tracker {
	t := h.tracker(v, p)
	for i := 0; t != nil && i < len(t.Stages); i++ {
		t.Stages[i].Usual = ""
	}
	return t
}

// customersTracker is the way with everything that a customer wants to know of it.
func (h *house) customersTracker(v *visit.Visit, p desk.TicketPage, talk []shared.Message) *shared.Tracker {
	t := h.tracker(v, p)
	if t == nil {
		return nil
	}
	t.About, t.Zone = h.policyURL(v, p.Policy, p.Brand), strings.ReplaceAll(h.zone(v).String(), "_", " ")
	now := &t.Stages[p.Progress.At]
	stage := p.Progress.Stages[p.Progress.At]
	now.Means, now.Next, now.Heard = stage.Means, stage.Next, lastHeard(talk)
	switch {
	case stage.Fixed:
		now.Heard = nil // what was written before the fix is not the last word
	case stage.Waits:
		now.Says = stage.Says + ". The time stands still until you answer."
	case stage.Late && now.Heard == nil && !mailedSince(p.Audits, stage.Began):
		now.Says = stage.Says + ". We have not written to you yet."
	}
	return t
}

// mailedSince reports whether the policy has written of a ticket since: of its fix, for example.
func mailedSince(audits []ticket.Audit, since time.Time) bool {
	return slices.ContainsFunc(audits, func(a ticket.Audit) bool {
		return a.At.After(since) && slices.ContainsFunc(a.Events, func(e ticket.AuditEvent) bool { return e.Type == ticket.Notification })
	})
}

// lastHeard is the newest message by a colleague.
func lastHeard(talk []shared.Message) *shared.Heard {
	for _, m := range slices.Backward(talk) {
		if m.From.Agent {
			return &shared.Heard{Who: m.From.Name, At: m.At, URL: "#" + m.ID}
		}
	}
	return nil
}

func (h *house) stage(v *visit.Visit, s policy.Stage) shared.Stage {
	out := shared.Stage{Title: s.Label, State: string(s.State), Usual: s.Usual, Began: h.day(v, s.Began), Until: h.day(v, s.To)}
	if !s.Estimate.IsZero() {
		out.Estimate = s.Estimate.Format("Mon 2 Jan 2006")
	}
	if s.Says != "" {
		out.Says = s.Says + "."
	}
	if from := h.day(v, s.From); from.Relative != out.Until.Relative && s.From.After(h.desk.Now()) {
		out.From = from
	}
	return out
}

// day is an instant of which the day matters: "Wed 2 Dec". Its exact form has the clock and the zone.
func (h *house) day(v *visit.Visit, at time.Time) shared.Time {
	if at.IsZero() {
		return shared.Time{}
	}
	said := h.time(v, at)
	said.Relative = when.Day(at, h.desk.Now(), h.zone(v))
	return said
}

// standsSays is where a ticket that we work on stands, in a sentence; "" when it has no phases, or is not ours to move on.
func (h *house) standsSays(v *visit.Visit, progress policy.Progress, c ticket.Category) string {
	s, begun := progress.Now()
	switch {
	case !begun || c != ticket.New && c != ticket.Open && c != ticket.Hold:
		return ""
	case s.Fixed:
		return s.Says + "."
	case s.Late:
		return s.Label + ". " + s.Says + "."
	case !s.To.IsZero():
		return s.Label + ". We usually move on by " + h.day(v, s.To).Relative + "."
	}
	return sentence(s.Label)
}

// moves are the ways on that an agent has, with what follows from each.
func moves(all []policy.PhaseMove) (list []page.Move) {
	for _, m := range all {
		one := page.Move{Phase: m.Phase, Label: m.Label, Begins: m.Begins, Follows: strings.TrimSpace(cmp.Or(m.Mails, "Nobody is mailed.") + " " + m.Follows)}
		for _, a := range m.Needs {
			one.Needs = append(one.Needs, moveField(m.Phase, a))
		}
		for _, a := range m.May {
			optional := moveField(m.Phase, a)
			optional.Field.Optional = true
			one.Needs = append(one.Needs, optional)
		}
		list = append(list, one)
	}
	return list
}

// moveField is a fact that a phase needs, as a field beside the button that goes there.
func moveField(phase string, a policy.Ask) page.Need {
	f := shared.Field{Name: "said:" + a.Fact, ID: "move-" + phase + "-" + factID(a.Fact), Label: sentenceCase(a.Says), Type: fieldTypes[a.Type], MaxLength: "4000"}
	switch {
	case a.Type == "bool":
		f.Type = "checkbox"
	case len(a.Values) > 0:
		f.Type, f.Options = "select", answersTo(a)
		f.Options[0].Label = "Please choose"
	case a.Type == "text":
		f.Type, f.Rows = "textarea", 3
	}
	return page.Need{Field: f}
}

// movePhase takes a ticket on to another phase.
func (h *house) movePhase(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Phase string              `form:"phase"`
		Base  string              `form:"base"` // what the page showed: the same form counts once
		Said  map[string][]string `form:"said:*"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	move := desk.MovePhase{Ticket: id, Phase: in.Phase, Said: map[string]string{}, Via: "web"}
	for fact, values := range in.Said {
		move.Said[fact] = strings.Join(values, "")
	}
	move.Key = formKey("phase", id, in.Base, in.Phase)
	if _, err := h.desk.MovePhase(v.Context(), v.Actor, move); err != nil {
		if shown, failed := h.showMissing(v, id, err); shown || failed != nil {
			return failed
		}
		return err
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)))
}
