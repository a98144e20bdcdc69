package policy

import "time"

// Walks: a whole run of a procedure at once, told line by line (see run.go for the rule).

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
	Name    string      `json:"name,omitempty"`  // send: what people call the message
	Files   []string    `json:"files,omitempty"` // send: those that it carries
	To      string      `json:"to,omitempty"`
	Says    string      `json:"says,omitempty"`
	Status  string      `json:"status,omitempty"`
	Level   string      `json:"level,omitempty"`
	Row     string      `json:"row,omitempty"`
	Because string      `json:"because,omitempty"` // level: the row's reason; send: why this one goes instead of another
	End     string      `json:"end,omitempty"`
	Known   bool        `json:"known,omitempty"` // step: what it asks is known, so nobody had to answer it
	Needs   string      `json:"needs,omitempty"` // step: locked; how sure of the caller one must be
	Rule    string      `json:"rule,omitempty"`
}

// WalkOffer is a choice as it stands on the screen.
type WalkOffer struct {
	Key   string `json:"key,omitempty"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
}

// Walk goes through a procedure with these keys and facts, now. It stops where the procedure ends, or at the first step that
// waits for a key when there are no more; choices of a step that has one key for all come in order. The error says that there
// is no such procedure, or that a key is not on the screen.
func (p *Policy) Walk(procedure string, facts map[string]any, keys []string, now time.Time) ([]WalkLine, error) {
	answers := make([]RunAnswer, len(keys))
	for i, key := range keys {
		answers[i].Key = key
	}
	run, err := p.Run(procedure, facts, answers, now)
	return run.Lines, err
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
		return inOneLine([]string{"  sends " + carrying(l.Name, l.Files) + ".", l.Because})
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
	if l.Needs != "" {
		text += "\n  locked: " + onlyWith(l.Needs)
	}
	for _, c := range l.Choices {
		text += "\n    [" + c.Key + "] " + c.Label
	}
	return text
}
