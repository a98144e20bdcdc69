package main

import (
	"context"
	"fmt"
	"time"

	"hark/access"
	"hark/desk"
	"hark/policy"
	"hark/ticket"
)

// policyApplyCmd makes a policy the running one.
type policyApplyCmd struct {
	File        string `arg:"" help:"A policy file, or the name of a built-in example."`
	Reason      string `help:"Why; kept with the version." required:""`
	Brand       string `help:"Whose policy; the first brand's when not given."`
	OpenTickets string `help:"Whether open tickets keep the version they began with, or move to this one." enum:"keep,move" default:"keep" placeholder:"keep|move"`
	Base        int64  `help:"The version that the file began from, by its number in \"policy history\". When another was applied since, nothing changes." placeholder:"N"`
	DryRun      bool   `help:"Say what would change, and change nothing."`
}

// Run applies it. A policy with errors changes nothing; each error is shown with its line.
func (c *policyApplyCmd) Run(out *Out, w *where) error {
	src, err := policySource(c.File)
	if err != nil {
		return err
	}
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		in := desk.NewPolicy{Brand: brand, File: c.File, Source: src, Reason: c.Reason, MoveOpen: c.OpenTickets == "move", Base: c.Base}
		if c.DryRun {
			return c.plan(ctx, d, operator, out, in)
		}
		applied, err := d.ApplyPolicy(ctx, operator, in)
		if err != nil {
			return err
		}
		if applied.Same {
			return out.Print(map[string]any{"version": applied.Version, "same": true}, fmt.Sprintf("version %d has this very text; nothing changes", applied.Version))
		}
		return out.Print(map[string]any{"version": applied.Version, "moved": applied.Moved}, fmt.Sprintf("applied as version %d; %s", applied.Version, movedSays(c.OpenTickets, applied, d.Now())))
	})
}

func movedSays(open string, applied desk.Applied, now time.Time) string {
	switch {
	case open == "keep":
		return "open tickets keep the version they began with"
	case applied.From.After(now):
		return "open tickets go along when it begins, at " + applied.From.Format(time.RFC3339)
	case applied.Stayed > 0:
		return plural(applied.Moved, "open ticket") + " moved along, " + plural(applied.Stayed, "open ticket") + " could not"
	}
	return plural(applied.Moved, "open ticket") + " moved along"
}

func (c *policyApplyCmd) plan(ctx context.Context, d *opened, operator access.Actor, out *Out, in desk.NewPolicy) error {
	plan, err := d.PlanApply(ctx, operator, in)
	if err != nil {
		return err
	}
	if err := out.Print(map[string]int{"open": plan.Open, "moves": len(plan.Moves)}, fmt.Sprintf("%s; %s would move if they went along", plural(plan.Open, "open ticket"), plural(len(plan.Moves), "deadline"))); err != nil {
		return err
	}
	for _, m := range plan.Moves {
		text := fmt.Sprintf("#%d %s: %s, from %s to %s", m.Ticket, m.Subject, m.Rule, planned(m.From), planned(m.To))
		if err := out.Print(m, text); err != nil {
			return err
		}
	}
	for _, s := range plan.Stay {
		if err := out.Print(s, fmt.Sprintf("#%d %s: cannot go along. %s", s.Ticket, s.Subject, s.Why)); err != nil {
			return err
		}
	}
	for _, call := range plan.Calls {
		if err := out.Print(call, fmt.Sprintf("#%d %s: has a call at %s. %s", call.Ticket, call.Subject, planned(call.At), call.Why)); err != nil {
			return err
		}
	}
	for _, name := range plan.NoFiles {
		if err := out.Print(map[string]string{"missing": name}, fmt.Sprintf("the library has no file called %s, which the policy names", name)); err != nil {
			return err
		}
	}
	for _, name := range plan.Heavy {
		if err := out.Print(map[string]string{"heavy": name}, fmt.Sprintf("the files of the message %s have more than %d MB together, so it is not sent", name, desk.MostAttached>>20)); err != nil {
			return err
		}
	}
	return nil
}

func planned(at time.Time) string {
	if at.IsZero() {
		return "nothing"
	}
	return at.Format(time.RFC3339)
}

// policyExportCmd prints what runs, exactly as it was applied.
type policyExportCmd struct {
	Brand string `help:"Whose policy; the first brand's when not given."`
}

// Run prints the source.
func (c *policyExportCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		version, err := d.ExportPolicy(ctx, operator, brand)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(out.Stdout, version.Source)
		return err
	})
}

// policyHistoryCmd lists every version, newest first.
type policyHistoryCmd struct {
	Brand string `help:"Whose policy; the first brand's when not given."`
}

// Run prints one version a line.
func (c *policyHistoryCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		versions, err := d.PolicyHistory(ctx, brand)
		if err != nil {
			return err
		}
		for _, v := range versions {
			line := map[string]any{"id": v.ID, "name": v.Name, "version": v.Version, "effective": v.Effective, "applied": v.Applied, "reason": v.Reason}
			text := fmt.Sprintf("%-4d %s %s, from %s: %s", v.ID, v.Name, v.Version, v.Effective.Format(time.RFC3339), v.Reason)
			if err := out.Print(line, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// policyExplainCmd says of every due time of a ticket why it is that time, and why it has its level and goes to whom it goes.
type policyExplainCmd struct {
	Number int64 `arg:"" help:"The ticket's number."`
}

// Run prints one due time a line, timers first, then the level of support and the route.
func (c *policyExplainCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		page, err := d.TicketPage(ctx, operator, c.Number)
		if err != nil {
			return err
		}
		for _, e := range page.Why {
			line := map[string]any{"rule": e.Rule, "does": e.Does, "at": e.At, "strength": e.Strength, "state": e.State, "why": e.Sentence}
			if err := out.Print(line, e.Sentence); err != nil {
				return err
			}
		}
		return c.choices(out, page.Policy, page.Ticket, d.Now())
	})
}

func (c *policyExplainCmd) choices(out *Out, p *policy.Policy, t ticket.Ticket, now time.Time) error {
	if why, ok := p.ExplainLevel(policy.FactsIn(t.Facts), now); ok {
		line := map[string]any{"rule": "levels.table." + why.Row, "does": "level", "level": why.Level, "because": why.Because, "facts": why.Facts, "why": why.Sentence}
		if err := out.Print(line, why.Sentence); err != nil {
			return err
		}
	}
	if why, ok := p.ExplainRoute(t, now); ok {
		line := map[string]any{"rule": why.Rule, "does": "route", "to": why.To, "facts": why.Facts, "why": why.Sentence}
		return out.Print(line, why.Sentence)
	}
	return nil
}
