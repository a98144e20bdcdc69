package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/simulate"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/visit"
)

// A trial is a scenario of `hark simulate`, asked in a form: when a ticket comes in, and what people do then. It is run
// under what holds today and under the draft. Nothing is sent and nothing is stored.

const (
	formTime   = "2006-01-02T15:04" // of a datetime-local field
	trialSteps = 40
	trialFacts = 12
	trialLines = 300
)

// trial runs the scenario under what holds and under the draft; p is nil while the draft has errors, running before anything
// runs.
func (h *house) trial(v *visit.Visit, scenario string, p, running *policy.Policy) editor.Trial {
	rules := cmp.Or(p, running)
	if rules == nil {
		return editor.Trial{}
	}
	if scenario == "" {
		scenario = usualTrial(rules, h.desk.Now())
	}
	s, findings := simulate.Parse("trial", []byte(scenario), rules.Zone)
	view := editor.Trial{Zone: zoneSays(rules.Zone, h.desk.Now())}
	h.fillTrial(&view, rules, s)
	h.ofTicket(v, &view, &s, storyTicket(scenario))
	if len(findings) > 0 {
		view.Wrong = sentence(findings[0].Message + "; " + findings[0].Mend)
		return view
	}
	view.Wrong = wrongFact(rules, s.Facts)
	if p != nil {
		view.Draft, view.Stopped = h.trialSide(p, s)
	}
	if running != nil {
		view.Today, _ = h.trialSide(running, s)
	}
	compareSides(&view)
	return view
}

// ofTicket tells whose story it is, and lets it begin as that ticket did.
func (h *house) ofTicket(v *visit.Visit, view *editor.Trial, s *simulate.Scenario, id int64) {
	if id == 0 {
		return
	}
	story, _, err := h.desk.Story(v.Context(), v.Actor, id)
	if err != nil {
		return // it is gone, or somebody else's; what was told of it can still be tried
	}
	view.Ticket, view.About, s.Begins = number(id), story.Begins.Subject, story.Begins
}

// refusedTrial is why something that was asked of a trial could not be done.
type refusedTrial struct {
	why  error
	name string // of the scenario that was to be kept
}

// saveTrial puts what is tried into a draft, and does what a button of the trial says.
func (h *house) saveTrial(v *visit.Visit, draft *desk.PolicyDraft, do, take, name string, in tried) *refusedTrial {
	var rules *policy.Policy
	if len(in.facts(nil)) > 0 {
		rules, _ = policy.Parse("policy", []byte(draft.Source))
	}
	draft.Trial = in.text(rules)
	switch do {
	case "fresh":
		draft.Trial = ""
	case "take":
		story, err := h.takeTicket(v, take)
		if err != nil {
			return &refusedTrial{why: err}
		}
		draft.Trial = story
	case "keep":
		source, err := keepTrial(draft.Source, draft.Trial, name)
		if err != nil {
			return &refusedTrial{err, name}
		}
		draft.Source = source
	}
	return nil
}

// trialAsked is the trial of a draft, or of the ticket that the address names, and why something could not be done with it. A
// draft with mistakes is tried too, as long as it can be read: how else would one see what a scenario is about that fails.
func (h *house) trialAsked(v *visit.Visit, draft desk.PolicyDraft, p, running *policy.Policy, refused *refusedTrial) (editor.Trial, error) {
	scenario := draft.Trial
	if p == nil {
		p, _ = policy.Parse("policy", []byte(draft.Source))
	}
	if asked := v.Query("ticket"); asked != "" {
		story, err := h.takeTicket(v, asked)
		if err != nil {
			return editor.Trial{}, err
		}
		scenario = story
	}
	view := h.trial(v, scenario, p, running)
	if refused != nil {
		view.Wrong, view.Name = cmp.Or(sentence(fault.Says(refused.why)), "That cannot be done just now."), refused.name
	}
	return view, nil
}

// brandTried is the brand whose draft is shown: the one the address names, else that of the ticket it names.
func (h *house) brandTried(v *visit.Visit) (int64, error) {
	if id, err := strconv.ParseInt(v.Query("ticket"), 10, 64); err == nil && v.Query("brand") == "" {
		_, brand, err := h.desk.Story(v.Context(), v.Actor, id)
		return brand, err
	}
	brand, _, err := h.brandAsked(v)
	return brand, err
}

// takeTicket is the story of a real ticket as a scenario to try.
func (h *house) takeTicket(v *visit.Visit, asked string) (string, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(asked), "#"), 10, 64)
	if err != nil {
		return "", fault.New(fault.Invalid, "write the number of a ticket, like 4812")
	}
	story, _, err := h.desk.Story(v.Context(), v.Actor, id)
	if err != nil {
		return "", err
	}
	if len(story.Events) > trialSteps {
		story.Events = story.Events[:trialSteps]
	}
	return aboutTicket(number(id)) + story.Text(), nil
}

// keepTrial writes what the draft makes of the trial into its text, as a scenario it has to go on telling.
func keepTrial(source, trial, name string) (string, error) {
	p, _, err := desk.CheckPolicy("policy", []byte(source))
	if err != nil {
		return source, fault.New(fault.Invalid, "the text has mistakes to mend first; then the scenario can be kept")
	}
	kept, findings := simulate.Keep(p, name, []byte(trial))
	if findings.Errors() > 0 {
		return source, fault.New(fault.Invalid, "%s; %s", findings[0].Message, findings[0].Mend)
	}
	text, err := policy.KeepScenario([]byte(source), kept)
	if err != nil {
		return source, err
	}
	return string(text), nil
}

// usualTrial is a question of this afternoon that is answered, and then waits for the customer.
func usualTrial(p *policy.Policy, now time.Time) string {
	day := now.In(p.Zone).Format("2006-01-02")
	return tried{kind: p.DefaultKind(), start: day + "T15:00", event: []string{"agent_replies:" + stateOf(p, ticket.Pending)}, at: []string{day + "T16:30"}}.text(p)
}

// stateOf is the policy's first state of a category, "" when it has none.
func stateOf(p *policy.Policy, category ticket.Category) string {
	for _, id := range p.States() {
		if p.Category(id) == category {
			return id
		}
	}
	return ""
}

func zoneSays(zone *time.Location, at time.Time) string {
	return at.In(zone).Format("MST") + " (" + zone.String() + ")"
}

// trialSide is what happens under one policy, with its mails as they would look.
func (h *house) trialSide(p *policy.Policy, s simulate.Scenario) (lines []editor.Line, stopped string) {
	result := simulate.Run(p, s, simulate.Limits{Lines: trialLines})
	for _, l := range result.Lines {
		if !l.Shown() {
			continue
		}
		lines = append(lines, editor.Line{
			At: l.At.In(p.Zone).Format("Mon 2 Jan 15:04"), Minute: int(l.At.Sub(result.Lines[0].At).Minutes()),
			Says: trialSays(p, l), Kind: string(l.Kind), Rule: l.Rule, Mail: h.trialMail(p, l),
		})
	}
	if result.Stopped != "" {
		stopped = sentence(result.Stopped)
	}
	return lines, stopped
}

func (h *house) trialMail(p *policy.Policy, l simulate.Line) *editor.Mail {
	if l.After == nil {
		return nil
	}
	subject, body, err := h.desk.Sample(p, l.Message, *l.After, l.At)
	return &editor.Mail{Subject: subject, Body: body, Wrong: sentence(fault.Says(err))}
}

// happeningSays is each event in the words of somebody who watches.
var happeningSays = map[ticket.EventKind]string{
	ticket.CustomerCreates: "The customer writes", ticket.CustomerReplies: "The customer answers", ticket.CustomerAsks: "The customer asks for escalation",
	ticket.AgentReplies: "We answer", ticket.AgentSets: "We change it", ticket.ServerDown: "The desk is down", ticket.StrangerReplies: "A stranger writes", ticket.AgentNote: "A colleague writes a note", ticket.AutoReply: "An automatic answer arrives", ticket.Bounce: "Our mail comes back",
}

// trialSays is a line in the policy's own words, short enough for a column.
func trialSays(p *policy.Policy, l simulate.Line) string {
	switch {
	case l.Kind == policy.IsEvent && l.Refused == "" && happeningSays[l.Event] != "":
		return happeningSays[l.Event]
	case l.Kind == policy.IsStatus:
		return "Becomes " + p.StateLabel(l.Status)
	case l.Kind == policy.IsSend:
		return "Mail: " + sentenceCase(strings.ReplaceAll(l.Message, "-", " "))
	case l.Kind == policy.IsDue && l.State == "running" && l.Why != "":
		first, _, _ := strings.Cut(l.Why, ". ")
		return first
	}
	return strings.TrimSuffix(sentence(l.Words()), ".")
}

// compareSides marks what only one of the two does, or does at another time.
func compareSides(view *editor.Trial) {
	mark := func(lines, others []editor.Line) (marked int) {
		known := map[string]bool{}
		for _, l := range others {
			known[l.At+l.Says] = true
		}
		for i := range lines {
			if lines[i].New = !known[lines[i].At+lines[i].Says]; lines[i].New {
				marked++
			}
		}
		return marked
	}
	today, draft := mark(view.Today, view.Draft), mark(view.Draft, view.Today)
	view.Same = today+draft == 0
	if view.Today == nil {
		view.Same = true
		mark(view.Draft, view.Draft)
	}
	for _, l := range append(view.Today, view.Draft...) {
		view.Span = max(view.Span, l.Minute)
	}
}
