package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/simulate"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/shared"
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

// tried is the form of a trial.
type tried struct {
	kind, start      string
	event, at, until []string // in threes
	fact, value      []string // in pairs
	ticket           string   // whose story it is
}

// text is the form as a scenario; "" when it does not say when the ticket comes in. The rules say what a fact's value may be;
// one that may not be is kept as it was written, and told of when it is tried.
func (in tried) text(rules *policy.Policy) string {
	if in.start == "" {
		return ""
	}
	events := []policy.ScenarioEvent{{At: sceneOf(in.start), Event: string(ticket.CustomerCreates), Kind: in.kind}}
	for i, event := range in.event {
		if event != "" && i < trialSteps && nth(in.at, i) != "" {
			events = append(events, eventOf(event, sceneOf(in.at[i]), sceneOf(nth(in.until, i))))
		}
	}
	slices.SortStableFunc(events[1:], func(a, b policy.ScenarioEvent) int { return strings.Compare(a.At, b.At) })
	return aboutTicket(in.ticket) + policy.StoryText("", "", in.facts(rules), events, "")
}

func (in tried) facts(rules *policy.Policy) map[string]any {
	facts := map[string]any{}
	for i, name := range in.fact {
		value := strings.TrimSpace(nth(in.value, i))
		if name == "" || value == "" || i == trialFacts {
			continue
		}
		facts[name] = value
		if rules == nil {
			continue
		}
		if typed, err := rules.FactValue(name, value); err == nil {
			facts[name] = typed
		}
	}
	return facts
}

func nth(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}

// aboutTicket is the first line of a scenario that tells a real ticket's story, and storyTicket reads its number there.
func aboutTicket(number string) string {
	if number == "" {
		return ""
	}
	return "# ticket " + strings.Join(strings.Fields(number), "") + "\n"
}

func storyTicket(scenario string) int64 {
	line, _, _ := strings.Cut(scenario, "\n")
	number, _ := strings.CutPrefix(line, "# ticket ")
	id, _ := strconv.ParseInt(number, 10, 64)
	return id
}

// eventOf reads the value of a choice: "agent_replies:pending", or in full "agent_sets?kind=question&priority=high".
func eventOf(value, at, until string) policy.ScenarioEvent {
	name, status, _ := strings.Cut(value, ":")
	name, rest, full := strings.Cut(name, "?")
	e := policy.ScenarioEvent{At: at, Event: name, Status: status}
	if full {
		_, rest, _ = strings.Cut(value, "?")
		said, _ := url.ParseQuery(rest)
		e.Kind, e.Status, e.Tag, e.Priority, e.Assignee = said.Get("kind"), said.Get("status"), said.Get("tag"), said.Get("priority"), said.Get("assignee")
		e.Phase, e.Outcome, e.Host, e.Confirmed = said.Get("phase"), said.Get("outcome"), said.Get("host"), said.Get("confirmed") != ""
		if said.Get("permanent") == "no" {
			e.Permanent = new(bool)
		}
	}
	switch kind := ticket.EventKind(name); {
	case kind == ticket.ServerDown:
		e.Until = until
	case kind == ticket.CallBooked, kind == ticket.CallMoved:
		e.Start = until
	}
	return e
}

// eventValue is eventOf the other way round.
func eventValue(e ticket.Event) string {
	said := url.Values{}
	for name, value := range map[string]string{"kind": e.TicketKind, "tag": strings.Join(e.Tags, ""), "priority": e.Priority, "phase": e.Phase, "outcome": e.Outcome, "host": e.Host} {
		if value != "" {
			said.Set(name, value)
		}
	}
	if e.Assignee != nil {
		said.Set("assignee", cmp.Or(e.Assignee.Address, "nobody"))
	}
	if e.Confirmed {
		said.Set("confirmed", "yes")
	}
	if e.Kind == ticket.Bounce && !e.Permanent {
		said.Set("permanent", "no")
	}
	switch {
	case len(said) == 0 && e.Status != "":
		return string(e.Kind) + ":" + e.Status
	case len(said) == 0:
		return string(e.Kind)
	case e.Status != "":
		said.Set("status", e.Status)
	}
	return string(e.Kind) + "?" + said.Encode()
}

func sceneOf(formTime string) string { return strings.Replace(formTime, "T", " ", 1) }

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

// wrongFact says of the first fact that has a value it cannot have what is wrong with it.
func wrongFact(p *policy.Policy, facts map[string]any) string {
	for _, name := range p.Keys("facts") {
		if facts[name] == nil {
			continue
		}
		if _, err := p.FactValue(name, factText(facts[name])); err != nil {
			return sentence(fault.Says(err))
		}
	}
	return ""
}

func factText(value any) string {
	if list, ok := value.([]any); ok {
		texts := make([]string, len(list))
		for i, one := range list {
			texts[i] = fmt.Sprint(one)
		}
		return strings.Join(texts, ",")
	}
	return fmt.Sprint(value)
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

// fillTrial writes a scenario back into its form.
func (h *house) fillTrial(view *editor.Trial, p *policy.Policy, s simulate.Scenario) {
	events := s.Events
	kind := p.DefaultKind()
	if len(events) > 0 {
		view.Start = events[0].At.In(p.Zone).Format(formTime)
		kind = cmp.Or(events[0].TicketKind, kind)
		events = events[1:]
	}
	for _, id := range p.Kinds() {
		view.Kinds = append(view.Kinds, shared.Option{Value: id, Label: kindLabel(p, id), Chosen: id == kind})
	}
	may := trialEvents(p)
	for i := range min(trialSteps, len(events)+1) { // one more than there are
		step := editor.Step{Events: may}
		if i < len(events) {
			step.At = events[i].At.In(p.Zone).Format(formTime)
			step.Events = chosenOf(may, p, events[i])
			step.Until = secondTime(events[i], p.Zone)
		}
		view.Steps = append(view.Steps, step)
	}
	view.Facts = trialFactsOf(p, s.Facts)
}

// secondTime is until when an event lasts, or when its call is, "" for an event with one time.
func secondTime(e ticket.Event, zone *time.Location) string {
	for _, at := range []time.Time{e.Until, e.Start} {
		if !at.IsZero() {
			return at.In(zone).Format(formTime)
		}
	}
	return ""
}

// trialFactsOf are the facts that are given, and one more to choose.
func trialFactsOf(p *policy.Policy, given map[string]any) (rows []editor.Fact) {
	names := p.Keys("facts")
	if len(names) == 0 {
		return nil
	}
	row := func(chosen, value string) editor.Fact {
		options := []shared.Option{{Value: "", Label: "nothing more"}}
		for _, name := range names {
			options = append(options, shared.Option{Value: name, Label: shortened(p.Doc.Facts[name].Says, name), Chosen: name == chosen})
		}
		return editor.Fact{Names: options, Value: value}
	}
	for _, name := range names {
		if value, known := given[name]; known && len(rows) < trialFacts-1 {
			rows = append(rows, row(name, factText(value)))
		}
	}
	return append(rows, row("", ""))
}

// shortened is a fact in words that fit into a list.
func shortened(says, name string) string {
	const longest = 48
	says = strings.TrimSuffix(cmp.Or(says, name), ".")
	if letters := []rune(says); len(letters) > longest {
		return string(letters[:longest-1]) + "…"
	}
	return says
}

func kindLabel(p *policy.Policy, id string) string {
	if label := p.Doc.Kinds[id].Label; label != "" {
		return label
	}
	return sentenceCase(id)
}

// trialEvents is what can happen next, by who does it; only what this policy has rules for.
func trialEvents(p *policy.Policy) []editor.Group {
	groups := []editor.Group{
		{Label: "The customer", Events: []editor.Event{event("customer_replies", "the customer answers"), event("customer_asks", "the customer asks for escalation")}},
		{Label: "We answer", Events: perState(p, "agent_replies:", "we answer as ")},
		{Label: "We change", Events: append(perState(p, "agent_sets:", "we set it to "), changesOf(p)...)},
	}
	if phases := phasesOf(p); len(phases) > 0 {
		groups = append(groups, editor.Group{Label: "Phases", Events: phases})
	}
	if p.Doc.Calls != nil {
		groups = append(groups, editor.Group{Label: "Calls", Events: callsOf(p)})
	}
	return append(groups, editor.Group{Label: "Around it", Events: []editor.Event{
		event("auto_reply", "an automatic answer arrives"), event("bounce", "our mail comes back"), event("stranger_replies", "a stranger writes"),
		{Option: shared.Option{Value: "server_down", Label: "the desk is down"}, Twice: true},
	}})
}

func event(value, label string) editor.Event {
	return editor.Event{Option: shared.Option{Value: value, Label: label}}
}

func perState(p *policy.Policy, value, label string) (events []editor.Event) {
	for _, state := range p.States() {
		if c := p.Category(state); c != ticket.New && c != ticket.Closed {
			events = append(events, event(value+state, label+p.StateLabel(state)))
		}
	}
	return events
}

func changesOf(p *policy.Policy) (events []editor.Event) {
	for _, kind := range p.Kinds() {
		events = append(events, event("agent_sets?kind="+url.QueryEscape(kind), "the kind becomes "+kindLabel(p, kind)))
	}
	return append(events, event("agent_sets?priority=high", "the priority becomes high"), event("agent_sets?priority=urgent", "the priority becomes urgent"), event("agent_note", "a colleague writes a note"))
}

func phasesOf(p *policy.Policy) (events []editor.Event) {
	for _, id := range p.Keys("trackers") {
		for _, phase := range p.Doc.Trackers[id].Phases {
			value := "agent_moves?phase=" + url.QueryEscape(phase.ID)
			if !slices.ContainsFunc(events, func(e editor.Event) bool { return e.Value == value }) {
				events = append(events, event(value, "we move it to “"+cmp.Or(phase.Label, phase.ID)+"”"))
			}
		}
	}
	return events
}

func callsOf(p *policy.Policy) []editor.Event {
	events := []editor.Event{
		{Option: shared.Option{Value: "call_booked", Label: "a call is booked"}, Twice: true},
		{Option: shared.Option{Value: "call_moved", Label: "the call is moved"}, Twice: true},
		event("call_cancelled", "the call is cancelled"),
	}
	for _, o := range p.Doc.Calls.Outcomes {
		events = append(events, event("call_ended?outcome="+url.QueryEscape(o.ID), "the call ends: "+cmp.Or(o.Label, o.ID)))
	}
	return events
}

// chosenOf marks what happens, and adds it when it is nothing one could choose.
func chosenOf(may []editor.Group, p *policy.Policy, e ticket.Event) []editor.Group {
	value, found := eventValue(e), false
	groups := slices.Clone(may)
	for i := range groups {
		groups[i].Events = slices.Clone(groups[i].Events)
		for j := range groups[i].Events {
			if one := &groups[i].Events[j]; one.Value == value {
				one.Chosen, found = true, true
			}
		}
	}
	if found {
		return groups
	}
	other := editor.Event{Option: shared.Option{Value: value, Label: stepSays(p, e), Chosen: true}}
	return append([]editor.Group{{Label: "As it was", Events: []editor.Event{other}}}, groups...)
}

// stepSays is an event in a few words: "we set kind Question, priority high".
func stepSays(p *policy.Policy, e ticket.Event) string {
	says := cmp.Or(happeningSays[e.Kind], sentenceCase(strings.ReplaceAll(string(e.Kind), "_", " ")))
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"status", e.Status}, {"kind", e.TicketKind}, {"priority", e.Priority}, {"tag", strings.Join(e.Tags, ", ")}, {"phase", e.Phase}, {"outcome", e.Outcome},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	if e.Assignee != nil {
		parts = append(parts, "assigned to "+cmp.Or(e.Assignee.Name, e.Assignee.Address, "nobody"))
	}
	if len(parts) == 0 {
		return says
	}
	return says + ": " + strings.Join(parts, ", ")
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
