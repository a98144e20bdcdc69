package phone

import (
	"cmp"
	"context"
	"strings"

	"hark/web/shared/say"
)

// finds reports whether the step looks for a caller whom nobody has chosen.
func (v View) finds() bool { return v.Step != nil && v.Step.Finds && v.Caller == nil && v.acts() }

// headed reports whether the step or the record has the page's heading.
func (v View) headed() bool { return v.Step != nil && v.acts() || len(v.Record) > 0 }

// parkedSays says whose turn it is.
func (v View) parkedSays(ctx context.Context) string {
	switch {
	case v.Mine:
		return say.It(ctx, "You parked this call")
	case v.Agent != "":
		return say.It(ctx, "%s parked this call", v.Agent)
	}
	return say.It(ctx, "Nobody has taken this call yet")
}

func joined(parts []string) string { return strings.Join(parts, "; ") + "." }

// who is a caller in a list: their name, else their number.
func (r Row) who(ctx context.Context) string {
	return cmp.Or(r.Caller, r.Number, say.It(ctx, "Not identified"))
}
