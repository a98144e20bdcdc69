package policy

import (
	"maps"
	"slices"
	"time"

	"hark/fault"
)

// Walks: going through a procedure step by step, as a technician does on the phone (seed 001). A step is shown; a key chooses
// what comes next; steps without a choice lead on by themselves. Choices that do not apply are not shown; one whose message
// is for others only stays, and sends the other message, with the reason (S1-04, S1-13).

// WalkKind says what a line of a walk tells.
type WalkKind string

// The lines there are.
const (
	WalkStep   WalkKind = "step"
	WalkLevel  WalkKind = "level"
	WalkChoice WalkKind = "choice"
	WalkSend   WalkKind = "send"
	WalkNote   WalkKind = "note"
	WalkTask   WalkKind = "task"
	WalkAssign WalkKind = "assign"
	WalkStatus WalkKind = "status"
	WalkEnd    WalkKind = "end"
)

// WalkLine is one thing that is shown or done. Only the fields of its kind are set.
type WalkLine struct {
	Kind    WalkKind    `json:"kind"`
	Step    string      `json:"step,omitempty"`
	Title   string      `json:"title,omitempty"`
	Say     string      `json:"say,omitempty"`
	Hint    string      `json:"hint,omitempty"`
	Ask     string      `json:"ask,omitempty"`
	Choices []WalkOffer `json:"choices,omitempty"` // step: what is on the screen
	Key     string      `json:"key,omitempty"`
	Label   string      `json:"label,omitempty"`
	Message string      `json:"message,omitempty"`
	Name    string      `json:"name,omitempty"` // send: what people call the message
	To      string      `json:"to,omitempty"`
	Says    string      `json:"says,omitempty"`
	Status  string      `json:"status,omitempty"`
	Level   string      `json:"level,omitempty"`
	Row     string      `json:"row,omitempty"`
	Because string      `json:"because,omitempty"` // level: the row's reason; send: why this one goes instead of another
	End     string      `json:"end,omitempty"`
	Rule    string      `json:"rule,omitempty"`
}

// WalkOffer is a choice as it stands on the screen.
type WalkOffer struct {
	Key   string `json:"key,omitempty"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
}

// mostSteps bounds a walk whose steps lead round by themselves; the lint finds that before.
const mostSteps = 1000

// Walk goes through a procedure with these keys and facts, now. It stops where the procedure ends, or at the first step that
// waits for a key when there are no more; choices of a step that has one key for all come in order. The error says that there
// is no such procedure, or that a key is not on the screen.
func (p *Policy) Walk(procedure string, facts map[string]any, keys []string, now time.Time) ([]WalkLine, error) {
	proc, ok := p.Doc.Procedures[procedure]
	if !ok {
		return nil, fault.New(fault.NotFound, "policy %s has no procedure %q; it has %s", p.Name, clip(procedure), listed(p.Keys("procedures")))
	}
	w := walk{p: p, id: procedure, proc: proc, keys: keys, now: now, facts: maps.Clone(facts)}
	if w.facts == nil {
		w.facts = map[string]any{}
	}
	for step, n := proc.Start, 0; step != "" && n < mostSteps; n++ {
		next, err := w.step(step)
		if err != nil {
			return w.lines, err
		}
		step = next
	}
	return w.lines, nil
}

type walk struct {
	p     *Policy
	id    string
	proc  Procedure
	keys  []string
	now   time.Time
	facts map[string]any
	lines []WalkLine
}

func (w *walk) look() Facts { return w.p.WithAges(FactsIn(w.facts), w.now) }

// step shows a step, does what it says, and returns the next one, "" at the end.
func (w *walk) step(id string) (next string, err error) {
	s := w.proc.Steps[id]
	if s.Table == "levels" {
		w.facts["ticket.level"], _, _ = w.p.Level(w.look(), w.now)
	}
	offers := w.offers(s)
	w.show(id, s, offers)
	w.do(s.Do, id)
	switch {
	case s.End != "":
		w.tell(WalkLine{Kind: WalkEnd, Step: id, End: s.End})
		return "", nil
	case len(s.GoByLevel) > 0:
		return w.byLevel(id, s), nil
	case len(s.Choices) == 0:
		return s.Go, nil
	case len(w.keys) == 0:
		return "", nil
	}
	return w.choose(id, s, offers)
}

func (w *walk) show(id string, s Step, offers []Choice) {
	line := WalkLine{Kind: WalkStep, Step: id, Title: s.Title, Say: s.Say, Hint: s.Hint, Ask: s.Ask}
	for _, c := range offers {
		line.Choices = append(line.Choices, WalkOffer{c.Key, c.Label, c.Hint})
	}
	w.tell(line)
}

// offers are the choices on the screen.
func (w *walk) offers(s Step) []Choice {
	return slices.DeleteFunc(slices.Clone(s.Choices), func(c Choice) bool { return !c.OnlyIf.Holds(w.look()) && c.ElseSend == "" })
}

func (w *walk) byLevel(id string, s Step) string {
	level, row, because := w.p.Level(w.look(), w.now)
	w.tell(WalkLine{Kind: WalkLevel, Step: id, Level: level, Row: row, Because: because, Rule: "levels.table." + row})
	return s.GoByLevel[level]
}

func (w *walk) choose(id string, s Step, offers []Choice) (next string, err error) {
	key := w.keys[0]
	i := slices.IndexFunc(offers, func(c Choice) bool { return c.Key == key })
	if i < 0 {
		var there []string
		for _, c := range offers {
			there = append(there, c.Key+" ("+c.Label+")")
		}
		return "", fault.New(fault.Invalid, "the key %s chooses nothing at the step %s; on the screen are %s", clip(key), id, listed(there))
	}
	w.keys = w.keys[1:]
	c := offers[i]
	w.tell(WalkLine{Kind: WalkChoice, Step: id, Key: c.Key, Label: c.Label})
	maps.Copy(w.facts, c.Set)
	w.sendFor(id, c)
	w.do(c.Do, id)
	return or(c.Go, s.Go), nil
}

// sendFor sends the message of a choice, or the other one to whom it is not for.
func (w *walk) sendFor(id string, c Choice) {
	switch {
	case c.Send == "":
	case c.OnlyIf.Holds(w.look()):
		w.send(id, c.Send, "")
	default:
		w.send(id, c.ElseSend, "“"+w.p.messageName(c.Send)+"” is only sent when "+w.p.Says(c.OnlyIf)+".")
	}
}

func (w *walk) send(id, message, because string) {
	if only := w.p.Doc.Messages[message].OnlyFor; !only.Holds(w.look()) {
		w.tell(WalkLine{Kind: WalkNote, Step: id, Says: "“" + w.p.messageName(message) + "” is not sent: it is only for customers of whom it holds that " + w.p.Says(only) + "."})
		return
	}
	w.tell(WalkLine{Kind: WalkSend, Step: id, Message: message, Name: w.p.messageName(message), Because: because})
}

func (w *walk) do(actions []Action, id string) {
	for _, a := range actions {
		switch {
		case a.Send != "":
			w.send(id, a.Send, "")
		case a.Status != "":
			w.tell(WalkLine{Kind: WalkStatus, Step: id, Status: a.Status})
		case a.Assign != "":
			w.tell(WalkLine{Kind: WalkAssign, Step: id, To: a.Assign})
		case a.Note != "":
			w.tell(WalkLine{Kind: WalkNote, Step: id, Says: a.Note})
		default:
			if says, _ := w.p.actionSays(a); says != "" {
				w.tell(WalkLine{Kind: WalkTask, Step: id, Says: or(a.Task, says)})
			}
		}
	}
}

func (w *walk) tell(line WalkLine) {
	if line.Rule == "" {
		line.Rule = "procedures." + w.id + ".steps." + line.Step
	}
	w.lines = append(w.lines, line)
}

// Text is the line for reading.
func (l WalkLine) Text() string {
	switch l.Kind {
	case WalkStep:
		return l.stepText()
	case WalkLevel:
		return "  level " + l.Level + " (row " + l.Row + "): " + l.Because
	case WalkChoice:
		return "  key " + l.Key + ": " + l.Label
	case WalkSend:
		return inOneLine([]string{"  sends “" + l.Name + "”.", l.Because})
	case WalkAssign:
		return "  gives it to " + spaced(l.To)
	case WalkStatus:
		return "  status " + l.Status
	case WalkEnd:
		return "  ends: " + spaced(l.End)
	}
	return "  " + string(l.Kind) + ": " + l.Says
}

func (l WalkLine) stepText() string {
	say := ""
	if l.Say != "" {
		say = "“" + l.Say + "”"
	}
	text := inOneLine([]string{l.Title, say, l.Hint, l.Ask})
	for _, c := range l.Choices {
		text += "\n    [" + c.Key + "] " + c.Label
	}
	return text
}
