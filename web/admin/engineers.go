package admin

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// Engineers are the trackers of engineers that the desk speaks with.
type Engineers struct{ List []Tracker }

// Tracker is one of them with how it is doing.
type Tracker struct {
	URL     string
	Project string // "acme/shop"
	Where   string // "GitHub at github.com"
	For     string // "All brands"
	Entries string // "12 known problems"
	Heard   string // "Heard from it today, 10:02", "" while nothing was
	Wrong   string // what went wrong last, "" when all is well
}

// EngineersForm connects a tracker, or changes one. Its token is never sent back to a page.
type EngineersForm struct {
	ID       string // "" for a new one
	Name     string // "acme/shop at github.com"
	Brands   []shared.Option
	Address  string
	Kinds    []shared.Option
	User     string
	HasToken bool
	Hook     *Hook // nil for a new one
	Test     *Test
	Errors   []shared.FormError
	Wrong    map[string]string
}

// Hook is how the tracker tells the desk what happens there.
type Hook struct {
	URL    string
	Secret string
	Says   string // where its fields are in this tracker
	Heard  string // "Heard from it today, 10:02", "" while nothing was
}

func (v EngineersForm) title(ctx context.Context) string {
	return named(v.ID, v.Name, say.It(ctx, "Connect a tracker"))
}

func (v EngineersForm) action() string { return address("engineers", v.ID) }

// triedTitle heads what a try of a tracker has found.
func (t Test) triedTitle(ctx context.Context) string {
	if t.Good {
		return say.It(ctx, "It works")
	}
	return say.It(ctx, "It does not work yet. Everything you wrote was saved.")
}

func (v EngineersForm) tokenHint(ctx context.Context) string {
	if v.HasToken {
		return say.It(ctx, "One is stored, sealed, for this project alone. Leave this empty to keep it.")
	}
	return say.It(ctx, "It may read and write issues of this project, and nothing more.")
}
