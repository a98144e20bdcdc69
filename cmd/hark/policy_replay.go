package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"hark/access"
	"hark/desk"
	"hark/simulate"
)

// policyReplayCmd lets recorded tickets happen again under a policy file, beside the one that runs. It only reads.
type policyReplayCmd struct {
	File    string `arg:"" help:"A policy file, or the name of a built-in example."`
	Days    int    `help:"How far to look back." default:"90" placeholder:"N"`
	Seconds int    `help:"Stop after so long." default:"10" placeholder:"N"`
	Tickets int    `help:"Stop after so many tickets; the newest come first." default:"20000" placeholder:"N"`
	Brand   string `help:"Whose tickets; the first brand's when not given."`
}

// Validate refuses limits that are none.
func (c *policyReplayCmd) Validate() error {
	if c.Days < 1 || c.Seconds < 1 || c.Tickets < 1 {
		return fmt.Errorf("--days, --seconds and --tickets are numbers from 1 on")
	}
	return nil
}

// Run prints the figures of both policies, then the tickets that would have gone otherwise, the newest first.
func (c *policyReplayCmd) Run(out *Out, w *where) error {
	src, err := policySource(c.File)
	if err != nil {
		return err
	}
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		in := desk.Replay{Brand: brand, File: c.File, Source: src, Days: c.Days, Tickets: c.Tickets, For: time.Duration(c.Seconds) * time.Second}
		result, err := d.Replay(ctx, operator, in)
		if err != nil {
			return err
		}
		if err := c.figures(out, result); err != nil {
			return err
		}
		for _, m := range result.Moves {
			for _, s := range m.Shifts {
				line := map[string]any{"ticket": m.Ticket, "subject": m.Subject, "what": s.What, "from": s.From, "to": s.To}
				text := fmt.Sprintf("#%d %s: %s, from %s to %s", m.Ticket, m.Subject, simulate.Measured(s.What), planned(s.From), planned(s.To))
				if err := out.Print(line, text); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (c *policyReplayCmd) figures(out *Out, r desk.Replayed) error {
	if out.JSON {
		return out.Print(map[string]any{"since": r.Since, "until": r.Until, "tickets": r.Done, "of": r.Of, "stopped": r.Stopped, "moved": r.Moved, "old": r.Old, "new": r.New}, "")
	}
	table := tabwriter.NewWriter(out.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s of the last %d days\ttoday\twith this policy\n", plural(r.Done, "ticket"), c.Days)
	for _, row := range simulate.Compare(r.Old, r.New) {
		fmt.Fprintf(table, "%s\t%d\t%d\n", row.Says, row.Old, row.New)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out.Stdout, strings.TrimSpace(movedTicketsSay(r.Moved)+" "+r.Stopped))
	return err
}

func movedTicketsSay(n int) string {
	if n == 0 {
		return "No ticket closes or is due at another time."
	}
	return plural(n, "ticket") + " would close or be due at another time."
}
