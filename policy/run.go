package policy

import (
	"maps"
	"slices"
	"time"

	"hark/fault"
)

// Runs: a procedure as far as somebody has come with it, on the phone or over a new case (seed 001, 1.4). A step is shown; a key
// chooses what comes next; steps without a choice lead on by themselves. Choices that do not apply are not shown; one whose
// message is for others only stays, and sends the other message, with the reason (S1-04, S1-13).
//
// A run is its answers and nothing else: it is worked out anew from the first step each time. So going back is one answer
// less, a caller who turns out to be somebody else leads the same answers another way, and a run is the same tomorrow, on
// another screen, and for whoever takes it over. A step that asks for something known is ticked without an answer, by the
// way of its first choice; when the run comes round to a step again it is asked, because somebody wanted it asked.

// RunAnswer is what somebody answered at a step.
type RunAnswer struct {
	Step string         `json:"step,omitempty"` // "" fits any step
	Key  string         `json:"key"`            // of the choice
	Said map[string]any `json:"said,omitempty"` // facts as they were then: the website that was named, how the mail stood
}

// Run is a procedure as far as somebody has come.
type Run struct {
	Lines   []WalkLine // everything shown and done, in order
	At      string     // the step it stands at; the last one when it has ended
	Step    Step       // the same step as written
	Offers  []Offer    // what can be chosen there, none when it has ended or is locked
	Needs   string     // the step is locked: how sure of the caller one must be to go into it; "" when it is open
	End     string     // how it ended, "" while it goes on
	Facts   map[string]any
	Level   string // as the table decided last, "" before
	Row     string
	Because string
	Problem string // what it is about: the choice at a step that asks the caller something in words (S1-22)
	Taken   []int  // which of the answers had a step to answer
}

// Offer is a choice as it stands on the screen, with what it would do.
type Offer struct {
	Key   string
	Label string
	Hint  string
	Does  []WalkLine // what would be sent, noted, assigned
	Needs string     // locked: how sure of the caller one has to be, "" when it is free
}

// How sure one is of who calls (seed 001; a number alone says nothing). Matched is by something only few know, such as the
// licensed website or an order number; verified is by a code that was mailed to the address on file.
const (
	Claimed  = "claimed"
	Matched  = "matched"
	Verified = "verified"
)

var grades = []string{"", Claimed, Matched, Verified}

// Surer reports whether a grade is at least another.
func Surer(grade, than string) bool { return slices.Index(grades, grade) >= slices.Index(grades, than) }

// surest is the highest of some grades.
func surest(all ...string) (top string) {
	for _, grade := range all {
		if Surer(grade, top) {
			top = grade
		}
	}
	return top
}

// onlyWith says for whom something is that needs a sure caller.
func onlyWith(grade string) string { return "only with a caller who is " + grade }

// wayTo says what makes one so sure of a caller.
var wayTo = map[string]string{
	Claimed:  "choose who is calling",
	Matched:  "ask for the website, an order number or a licence key",
	Verified: "send a code to their address and let them read it to you",
}

// Unlocks says how one becomes as sure of a caller as a grade, as something to do.
func Unlocks(grade string) string { return wayTo[grade] }

// CallerGrade is the fact that says how sure one is, CallerKnown that somebody was found, CallMail how the newest mail of the
// call stands.
const (
	CallerGrade = "caller.grade"
	CallerKnown = "caller.known"
	CallMail    = "call.mail"
)

// mostSteps bounds a run whose steps lead round by themselves; the lint finds that before.
const mostSteps = 1000

// Run says how far these answers lead through a procedure, with these facts, now. Answers to steps that the run does not come to
// are left out. The error says that there is no such procedure, or that a key is not on the screen; then the run is as far as it came.
func (p *Policy) Run(procedure string, facts map[string]any, answers []RunAnswer, now time.Time) (Run, error) {
	proc, ok := p.Doc.Procedures[procedure]
	if !ok {
		return Run{}, fault.New(fault.NotFound, "policy %s has no procedure %q; it has %s", p.Name, clip(procedure), listed(p.Keys("procedures")))
	}
	w := walk{p: p, id: procedure, proc: proc, answers: answers, now: now, seen: map[string]bool{}, data: facts}
	w.Facts = maps.Clone(facts)
	if w.Facts == nil {
		w.Facts = map[string]any{}
	}
	var err error
	for step, n := proc.Start, 0; step != "" && n < mostSteps && err == nil; n++ {
		w.At, w.Step = step, proc.Steps[step]
		step, err = w.step()
	}
	return w.Run, err
}

type walk struct {
	Run
	p       *Policy
	id      string
	proc    Procedure
	answers []RunAnswer
	past    int // how many of them are behind
	now     time.Time
	data    map[string]any // what the desk knows, which no answer overrules
	seen    map[string]bool
}

func (w *walk) look() Facts { return w.p.WithAges(FactsIn(w.Facts), w.now) }

// step shows a step, does what it says, and returns the next one, "" where the run stands or ends. One that needs a surer caller is
// not gone into: of it only the title is shown.
func (w *walk) step() (next string, err error) {
	s := w.Step
	if w.Needs = w.short(s.NeedsCaller); w.Needs != "" {
		w.tell(WalkLine{Kind: WalkStep, Title: s.Title, Needs: w.Needs})
		return "", nil
	}
	if s.Table == "levels" {
		w.Level, w.Row, w.Because = w.p.Level(w.look(), w.now)
		w.Facts["ticket.level"] = w.Level
	}
	answer, answered := w.answer()
	maps.Copy(w.Facts, answer.Said)
	offers := w.offers()
	known := !answered && len(offers) > 0 && w.isKnown()
	w.seen[w.At] = true
	w.show(offers, known)
	w.do(s.Do)
	switch {
	case s.End != "":
		w.End = s.End
		w.tell(WalkLine{Kind: WalkEnd, End: s.End})
		return "", nil
	case len(s.GoByLevel) > 0:
		w.tell(WalkLine{Kind: WalkLevel, Level: w.Level, Row: w.Row, Because: w.Because, Rule: "levels.table." + w.Row})
		return s.GoByLevel[w.Level], nil
	case len(s.Choices) == 0:
		return s.Go, nil
	case known:
		return w.take(offers[0]), nil
	case !answered:
		w.Offers = w.offered(offers)
		return "", nil
	}
	return w.choose(answer, offers)
}

// answer is the next answer to the step at hand. Those before it, to steps the run did not come to, are left out.
func (w *walk) answer() (RunAnswer, bool) {
	i := slices.IndexFunc(w.answers[w.past:], func(a RunAnswer) bool { return a.Step == "" || a.Step == w.At })
	if i < 0 || len(w.Step.Choices) == 0 || w.Step.End != "" {
		return RunAnswer{}, false
	}
	i += w.past
	w.past = i + 1
	w.Taken = append(w.Taken, i)
	return w.answers[i], true
}

// isKnown reports whether what the step asks is known already: the fact it asks for, or the caller it looks for.
func (w *walk) isKnown() bool {
	s := w.Step
	if w.seen[w.At] {
		return false
	}
	if s.Search != nil {
		return w.Facts[CallerKnown] == true
	}
	if !factPattern.MatchString(s.Ask) {
		return false
	}
	_, known := w.look()(s.Ask)
	return known
}

func (w *walk) show(offers []Choice, known bool) {
	s := w.Step
	line := WalkLine{Kind: WalkStep, Title: s.Title, Say: s.Say, Hint: s.Hint, Ask: s.Ask, Known: known}
	for _, c := range offers {
		line.Choices = append(line.Choices, WalkOffer{c.Key, c.Label, c.Hint})
	}
	w.tell(line)
}

// offers are the choices on the screen.
func (w *walk) offers() []Choice {
	return slices.DeleteFunc(slices.Clone(w.Step.Choices), func(c Choice) bool { return !c.OnlyIf.Holds(w.look()) && c.ElseSend == "" })
}

// offered are the choices with what each would do: it is done in a copy, and thrown away.
func (w *walk) offered(choices []Choice) (all []Offer) {
	for _, c := range choices {
		trial := *w
		trial.Facts, trial.Lines = maps.Clone(w.Facts), nil
		trial.take(c)
		all = append(all, Offer{Key: c.Key, Label: c.Label, Hint: c.Hint, Does: trial.Lines[1:], Needs: w.locked(c, trial.Lines)})
	}
	return all
}

// locked is how sure of the caller one must be for a choice and for what it would send, "" when it is free.
func (w *walk) locked(c Choice, does []WalkLine) string {
	needs := c.NeedsCaller
	for _, l := range does {
		if l.Kind == WalkSend {
			needs = surest(needs, w.p.Doc.Messages[l.Message].NeedsCaller)
		}
	}
	return w.short(needs)
}

// short is what is needed where one is not as sure of the caller, "" where one is, or where nobody asks how sure one is: in the
// review of a case nobody calls.
func (w *walk) short(needs string) string {
	if grade, asked := w.Facts[CallerGrade].(string); asked && !Surer(grade, needs) {
		return needs
	}
	return ""
}

func (w *walk) choose(a RunAnswer, offers []Choice) (next string, err error) {
	i := slices.IndexFunc(offers, func(c Choice) bool { return c.Key == a.Key })
	if i < 0 {
		var there []string
		for _, c := range offers {
			there = append(there, c.Key+" ("+c.Label+")")
		}
		return "", fault.New(fault.Invalid, "the key %s chooses nothing at the step %s; on the screen are %s", clip(a.Key), w.At, listed(there))
	}
	if needs := w.offered(offers[i : i+1])[0].Needs; needs != "" {
		return "", fault.New(fault.Refused, "“%s” needs a caller who is %s; %s", offers[i].Label, needs, Unlocks(needs))
	}
	next = w.take(offers[i])
	for name := range a.Said { // it was so then; now holds what is known now
		if value, known := w.data[name]; known {
			w.Facts[name] = value
		}
	}
	return next, nil
}

// take goes the way of a choice.
func (w *walk) take(c Choice) (next string) {
	w.tell(WalkLine{Kind: WalkChoice, Key: c.Key, Label: c.Label})
	if w.Step.Ask != "" && !factPattern.MatchString(w.Step.Ask) {
		w.Problem = c.Label
	}
	w.know(c.Set)
	w.sendFor(c)
	w.do(c.Do)
	return or(c.Go, w.Step.Go)
}

// know adds the facts that follow from a choice. What a caller says does not overrule what the desk knows.
func (w *walk) know(facts map[string]any) {
	for name, value := range facts {
		if _, known := w.data[name]; !known {
			w.Facts[name] = value
		}
	}
}

// sendFor sends the message of a choice, or the other one to whom it is not for.
func (w *walk) sendFor(c Choice) {
	switch {
	case c.Send == "":
	case c.OnlyIf.Holds(w.look()):
		w.send(c.Send, "")
	default:
		w.send(c.ElseSend, "“"+w.p.messageName(c.Send)+"” is only sent when "+w.p.Says(c.OnlyIf)+".")
	}
}

func (w *walk) send(message, because string) {
	if only := w.p.Doc.Messages[message].OnlyFor; !only.Holds(w.look()) {
		w.tell(WalkLine{Kind: WalkNote, Says: "“" + w.p.messageName(message) + "” is not sent: it is only for customers of whom it holds that " + w.p.Says(only) + "."})
		return
	}
	w.tell(WalkLine{Kind: WalkSend, Message: message, Name: w.p.messageName(message), Files: w.p.Doc.Messages[message].Files, Because: because})
}

func (w *walk) do(actions []Action) {
	for _, a := range actions {
		switch {
		case a.Send != "":
			w.send(a.Send, "")
		case a.Status != "":
			w.tell(WalkLine{Kind: WalkStatus, Status: a.Status})
		case a.Assign != "":
			w.tell(WalkLine{Kind: WalkAssign, To: a.Assign})
		case a.Note != "":
			w.tell(WalkLine{Kind: WalkNote, Says: a.Note})
		default:
			if says, _ := w.p.actionSays(a); says != "" {
				w.tell(WalkLine{Kind: WalkTask, Says: or(a.Task, says)})
			}
		}
	}
}

// tell adds a line about the step at hand.
func (w *walk) tell(line WalkLine) {
	line.Step = w.At
	line.Rule = or(line.Rule, "procedures."+w.id+".steps."+w.At)
	w.Lines = append(w.Lines, line)
}

// CallOutcome is the outcome that a run's end amounts to by itself, "" when the policy names none (S1-22).
func (p *Policy) CallOutcome(end string) string {
	if p.Doc.Calls == nil || end == "" {
		return ""
	}
	o, _ := find(p.Doc.Calls.Outcomes, func(o CallOutcome) bool { return slices.Contains(o.Ends, end) })
	return o.ID
}

// MessageName is what people call a message of the policy.
func (p *Policy) MessageName(id string) string { return p.messageName(id) }

// CallProcedure is the procedure to go through with a caller: the first one that is not for reviewing new cases, "" when there is
// none.
func (p *Policy) CallProcedure() string {
	for _, id := range p.Keys("procedures") {
		if id != p.Doc.Intake.Review {
			return id
		}
	}
	return ""
}

// AsksFact reports whether a step's question is the name of a fact, whose answer is kept under it, rather than words to say.
func (p *Policy) AsksFact(ask string) bool { return factPattern.MatchString(ask) }

// Prepared are the messages that people send because they chose to: those that a step or a choice of a procedure sends, in the order
// of the file. What the policy sends by itself, such as an acknowledgement, is none of them.
func (p *Policy) Prepared() (all []string) {
	chosen := map[string]bool{}
	for _, proc := range p.Doc.Procedures {
		for _, s := range proc.Steps {
			does := slices.Clone(s.Do)
			for _, c := range s.Choices {
				chosen[c.Send], chosen[c.ElseSend] = true, true
				does = append(does, c.Do...)
			}
			for _, a := range does {
				chosen[a.Send] = true
			}
		}
	}
	for _, id := range p.Keys("messages") {
		if chosen[id] {
			all = append(all, id)
		}
	}
	return all
}
