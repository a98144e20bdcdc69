package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hark/calendar"
	"hark/fault"
	"hark/policy"
)

// policySlotsCmd answers at which times a call can be had.
type policySlotsCmd struct {
	answerFormat
	File     string   `arg:"" help:"A policy file, or the name of a built-in example."`
	Now      string   `help:"The instant asked at, RFC 3339 or YYYY-MM-DD HH:MM in the policy's zone. By default now." placeholder:"AT"`
	Day      string   `help:"Which day, on the reader's calendar." placeholder:"YYYY-MM-DD"`
	Length   string   `help:"How long the call shall be; by default as the policy says." placeholder:"30m"`
	Zone     string   `help:"The reader's time zone; by default the company's." placeholder:"ZONE"`
	Busy     []string `sep:"none" help:"A call that the host has already. May be repeated." placeholder:"FROM/TO"`
	Earliest bool     `help:"Only the soonest time, on whichever day."`
}

// Validate refuses a call that names no day.
func (c *policySlotsCmd) Validate() error {
	if c.Day == "" && !c.Earliest {
		return fmt.Errorf("say which --day, or ask for the --earliest")
	}
	for _, b := range c.Busy {
		if from, to, ok := strings.Cut(b, "/"); !ok || from == "" || to == "" {
			return fmt.Errorf("--busy %s: write it as FROM/TO", b)
		}
	}
	return nil
}

func (c *policySlotsCmd) Run(out *Out) error {
	p, err := loadPolicy(c.File)
	if err != nil {
		return err
	}
	q, err := c.question(p)
	if err != nil {
		return err
	}
	slots, why, err := p.Slots(q)
	if err != nil {
		return err
	}
	if c.Earliest && len(slots) > 1 {
		slots = slots[:1]
	}
	return c.printAll(out, p, q, slots, why)
}

// question is the command line as a question, read part by part; the first mistake ends it.
func (c *policySlotsCmd) question(p *policy.Policy) (q policy.SlotQuestion, err error) {
	for _, read := range []func() error{
		func() error { q.Zone, err = c.reader(p); return err },
		func() error { q.Now, err = instant(c.Now, p.Zone); return err },
		func() error { q.Day, err = c.day(); return err },
		func() error { q.Length, err = c.length(); return err },
		func() error { q.Busy, err = c.busy(p); return err },
	} {
		if err := read(); err != nil {
			return q, err
		}
	}
	return q, nil
}

func (c *policySlotsCmd) reader(p *policy.Policy) (*time.Location, error) {
	if c.Zone == "" {
		return p.Zone, nil
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "Local" {
		return nil, fault.New(fault.Invalid, "%q is not a time zone; write an IANA name like America/New_York, Europe/London or UTC", c.Zone)
	}
	return zone, nil
}

func (c *policySlotsCmd) day() (calendar.Date, error) {
	if c.Day == "" || c.Earliest {
		return calendar.Date{}, nil
	}
	return calendar.ParseDate(c.Day)
}

func (c *policySlotsCmd) length() (calendar.Duration, error) {
	if c.Length == "" {
		return calendar.Duration{}, nil
	}
	return calendar.ParseDuration(c.Length)
}

func (c *policySlotsCmd) busy(p *policy.Policy) (all []policy.Busy, err error) {
	for _, b := range c.Busy {
		from, to, _ := strings.Cut(b, "/")
		var busy policy.Busy
		if busy.From, err = instant(from, p.Zone); err == nil {
			busy.To, err = instant(to, p.Zone)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, busy)
	}
	return all, nil
}

// printAll prints the times; that there are none, and why, is not a time and goes beside them.
func (c *policySlotsCmd) printAll(out *Out, p *policy.Policy, q policy.SlotQuestion, slots []policy.Slot, why string) error {
	if len(slots) == 0 {
		_, err := fmt.Fprintf(out.Stderr, "no times: %s\n", why)
		return err
	}
	for _, s := range slots {
		if err := c.print(out, p, q, s); err != nil {
			return err
		}
	}
	return nil
}

func (c *policySlotsCmd) print(out *Out, p *policy.Policy, q policy.SlotQuestion, s policy.Slot) error {
	const form = "Mon 2006-01-02 15:04 MST"
	local, reader := s.Start.In(p.Zone).Format(form), s.Start.In(q.Zone).Format(form)
	if c.text(out) {
		_, err := fmt.Fprintln(out.Stdout, strings.TrimSuffix(reader+"  ("+local+")", "  ("+reader+")"))
		return err
	}
	return json.NewEncoder(out.Stdout).Encode(struct {
		Start  string `json:"start"`
		Local  string `json:"local"`
		Reader string `json:"reader"`
	}{s.Start.UTC().Format(time.RFC3339), local, reader})
}

// policyWalkCmd goes through a procedure.
type policyWalkCmd struct {
	answerFormat
	File      string   `arg:"" help:"A policy file, or the name of a built-in example."`
	Procedure string   `arg:"" help:"Which procedure."`
	Facts     []string `name:"fact" sep:"none" help:"Something that is so, such as licence.ordered_on=2026-10-18. May be repeated." placeholder:"KEY=VALUE"`
	Keys      []string `help:"The keys pressed, in order." placeholder:"1,2,1"`
	Now       string   `help:"The instant it happens, RFC 3339 or YYYY-MM-DD HH:MM in the policy's zone. By default now." placeholder:"AT"`
}

// Validate refuses facts without a value as a wrong call.
func (c *policyWalkCmd) Validate() error {
	return (&policyLevelCmd{Facts: c.Facts}).Validate()
}

func (c *policyWalkCmd) Run(out *Out) error {
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
	lines, wrong := p.Walk(c.Procedure, facts, c.Keys, now)
	for _, line := range lines {
		if err := c.print(out, line); err != nil {
			return err
		}
	}
	return wrong
}

func (c *policyWalkCmd) print(out *Out, line policy.WalkLine) error {
	if c.text(out) {
		_, err := fmt.Fprintln(out.Stdout, line.Text())
		return err
	}
	enc := json.NewEncoder(out.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(line)
}
