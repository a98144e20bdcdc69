package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/policy"
)

// policyCmd are the questions one can ask a policy file without a server, and the ways a file and a desk meet.
type policyCmd struct {
	Lint   policyLintCmd   `cmd:"" help:"Say what is wrong with policy files, where, and how to mend it. On a terminal to read; on a pipe one JSON object a line, unless --format text asks otherwise."`
	Level  policyLevelCmd  `cmd:"" help:"Say which level of support some facts give, and why."`
	Print  policyPrintCmd  `cmd:"" help:"Print a page as customers read it."`
	Walk   policyWalkCmd   `cmd:"" help:"Go through a procedure with some keys: what is shown, what is sent, where it ends."`
	Slots  policySlotsCmd  `cmd:"" help:"List the times at which a call can be had."`
	Plan   policyPlanCmd   `cmd:"" help:"Say in words what changes from one policy to another."`
	Fmt    policyFmtCmd    `cmd:"" help:"Write a policy file the way every policy file is written."`
	Schema policySchemaCmd `cmd:"" help:"Print the JSON Schema of policy files, for editors."`

	Apply   policyApplyCmd   `cmd:"" help:"Make a policy the running one of a desk."`
	Export  policyExportCmd  `cmd:"" help:"Print the policy a desk runs, exactly as it was applied."`
	History policyHistoryCmd `cmd:"" help:"List the versions a desk has run."`
	Explain policyExplainCmd `cmd:"" help:"Say for a ticket what is due when, and why."`
	Replay  policyReplayCmd  `cmd:"" help:"Let the last weeks' tickets happen again under another policy, and say what would be different."`
}

// loadPolicy reads a built-in example or a file. The error shows every mistake with its line.
func loadPolicy(name string) (*policy.Policy, error) {
	src, err := policySource(name)
	if err != nil {
		return nil, err
	}
	p, findings := policy.Parse(name, src)
	if p == nil {
		return nil, fault.New(fault.Invalid, "the policy has mistakes\n%s", findings.Carets(src))
	}
	return p, nil
}

func policySource(name string) ([]byte, error) {
	if src, builtIn := policy.Example(name); builtIn {
		return src, nil
	}
	src, err := os.ReadFile(name)
	return src, fault.Wrap(err, fault.Invalid, "there is no policy %q; name a file, or one of the examples %s", name, strings.Join(policy.Examples(), ", "))
}

// answerFormat is how a command answers: JSON lines for programs, text for people.
type answerFormat struct {
	Format string `help:"json: one object a line; text: for reading. By default text on a terminal, else json." enum:"auto,text,json" default:"auto" placeholder:"auto|text|json"`
}

func (f answerFormat) text(out *Out) bool {
	return f.Format == "text" || f.Format == "auto" && out.Terminal() && !out.JSON
}

// policyLintCmd prints the findings of each file, and fails when there are errors.
type policyLintCmd struct {
	answerFormat
	Files []string `arg:"" name:"file" help:"Policy files, or names of built-in examples."`
}

func (c *policyLintCmd) Run(out *Out) error {
	errors, unread := 0, []string(nil)
	for _, name := range c.Files {
		src, err := policySource(name)
		if err != nil {
			unread = append(unread, fault.Says(err))
			continue
		}
		findings := lint(name, src)
		errors += findings.Errors()
		if err := c.print(out, findings, src); err != nil {
			return err
		}
	}
	switch {
	case len(unread) > 0:
		return fault.New(fault.Invalid, "%s", strings.Join(unread, "\n"))
	case errors > 0:
		return fault.New(fault.Invalid, "%s found", plural(errors, "error"))
	}
	return nil
}

func lint(name string, src []byte) policy.Findings {
	_, findings, _ := desk.CheckPolicy(name, src)
	return findings
}

func (c *policyLintCmd) print(out *Out, findings policy.Findings, src []byte) error {
	if c.text(out) {
		_, err := fmt.Fprint(out.Stdout, findings.Carets(src))
		return err
	}
	enc := json.NewEncoder(out.Stdout)
	for _, f := range findings {
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// policyLevelCmd answers which level of support some facts give.
type policyLevelCmd struct {
	answerFormat
	File  string   `arg:"" help:"A policy file, or the name of a built-in example."`
	Facts []string `name:"fact" sep:"none" help:"Something that is so, such as licence.ordered_on=2026-10-18. May be repeated." placeholder:"KEY=VALUE"`
	Now   string   `help:"The instant asked about, RFC 3339 or YYYY-MM-DD HH:MM in the policy's zone. By default now." placeholder:"AT"`
}

// Validate refuses facts without a value as a wrong call.
func (c *policyLevelCmd) Validate() error {
	for _, f := range c.Facts {
		if name, _, ok := strings.Cut(f, "="); !ok || name == "" {
			return fmt.Errorf("--fact %s: write it as KEY=VALUE", f)
		}
	}
	return nil
}

func (c *policyLevelCmd) Run(out *Out) error {
	p, err := loadPolicy(c.File)
	if err != nil {
		return err
	}
	now, err := instant(c.Now, p.Zone)
	if err != nil {
		return err
	}
	facts, err := factsFrom(p, c.Facts)
	if err != nil {
		return err
	}
	level, row, because := p.Level(policy.FactsIn(facts), now)
	if level == "" {
		return fault.New(fault.Invalid, "policy %s gives no level for these facts", p.Name)
	}
	if c.text(out) {
		_, err := fmt.Fprintf(out.Stdout, "%s (row %s): %s\n", level, row, because)
		return err
	}
	return json.NewEncoder(out.Stdout).Encode(struct {
		Level   string `json:"level"`
		Row     string `json:"row"`
		Because string `json:"because"`
	}{level, row, because})
}

// factsFrom reads KEY=VALUE by the types the policy declares.
func factsFrom(p *policy.Policy, pairs []string) (map[string]any, error) {
	facts := map[string]any{}
	for _, pair := range pairs {
		name, text, _ := strings.Cut(pair, "=")
		value, err := p.FactValue(name, text)
		if err != nil {
			return nil, err
		}
		facts[name] = value
	}
	return facts, nil
}

// instant reads RFC 3339, or a local date and time; "" is now.
func instant(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"} {
		if local, err := time.Parse(layout, text); err == nil {
			clock := calendar.Clock(local.Sub(local.Truncate(24 * time.Hour)))
			return calendar.Resolve(calendar.DateOf(local, time.UTC), clock, zone), nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "%q is not a time; write RFC 3339, or YYYY-MM-DD HH:MM", text)
}

// policyPrintCmd prints one page. Without --now the same file always prints the same.
type policyPrintCmd struct {
	File   string `arg:"" help:"A policy file, or the name of a built-in example."`
	Page   string `help:"Which page; by default the first public one." placeholder:"ID"`
	Format string `help:"html, markdown or json." enum:"html,markdown,json" default:"markdown" placeholder:"html|markdown|json"`
	Now    string `help:"Also say what is true at this instant, such as whether the desk is open." placeholder:"AT"`
}

func (c *policyPrintCmd) Run(out *Out) error {
	p, err := loadPolicy(c.File)
	if err != nil {
		return err
	}
	var live policy.Live
	if c.Now != "" {
		if live.At, err = instant(c.Now, p.Zone); err != nil {
			return err
		}
	}
	if out.JSON {
		c.Format = "json"
	}
	page, err := p.Print(c.Page, c.Format, live)
	if err != nil {
		return err
	}
	_, err = out.Stdout.Write(page)
	return err
}

// policyPlanCmd prints the differences between two policies.
type policyPlanCmd struct {
	answerFormat
	Old string `arg:"" help:"The policy that holds now."`
	New string `arg:"" help:"The policy that shall take its place."`
}

func (c *policyPlanCmd) Run(out *Out) error {
	before, err := loadPolicy(c.Old)
	if err != nil {
		return err
	}
	after, err := loadPolicy(c.New)
	if err != nil {
		return err
	}
	differences := policy.Differences(before, after)
	if c.text(out) && len(differences) == 0 {
		_, err = fmt.Fprintln(out.Stdout, "Nothing changes.")
	}
	for _, d := range differences {
		if err = c.print(out, d); err != nil {
			return err
		}
	}
	return err
}

func (c *policyPlanCmd) print(out *Out, d policy.Difference) error {
	if c.text(out) {
		_, err := fmt.Fprintln(out.Stdout, d.Says())
		return err
	}
	return json.NewEncoder(out.Stdout).Encode(struct {
		policy.Difference
		Says string `json:"says"`
	}{d, d.Says()})
}

// policyFmtCmd prints a formatted file, or writes it back.
type policyFmtCmd struct {
	Files []string `arg:"" name:"file" help:"Policy files." type:"existingfile"`
	Write bool     `short:"w" help:"Write each file back instead of printing it."`
}

func (c *policyFmtCmd) Run(out *Out) error {
	for _, name := range c.Files {
		src, err := os.ReadFile(name)
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "%s cannot be read", name)
		}
		formatted, err := policy.Format(src)
		switch {
		case err != nil:
			return fault.Wrap(err, fault.Invalid, "%s cannot be formatted", name)
		case !c.Write:
			_, err = out.Stdout.Write(formatted)
		case string(formatted) != string(src):
			err = replaceFile(name, formatted)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// replaceFile writes beside the file and renames, so that the old text is there until the new one is complete.
func replaceFile(name string, text []byte) error {
	beside := name + ".new"
	if err := os.WriteFile(beside, text, 0o644); err != nil {
		return fault.Wrap(err, fault.Invalid, "%s cannot be written", name)
	}
	return fault.Wrap(os.Rename(beside, name), fault.Invalid, "%s cannot be written", name)
}

// policySchemaCmd prints the schema.
type policySchemaCmd struct{}

func (policySchemaCmd) Run(out *Out) error {
	_, err := out.Stdout.Write(policy.JSONSchema())
	return err
}
