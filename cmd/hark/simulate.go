package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/simulate"
)

// simulateCmd lets a scenario happen under a policy and prints what comes of it. Nothing is sent or stored.
type simulateCmd struct {
	Scenario string `arg:"" help:"The scenario, a YAML file." placeholder:"SCENARIO.yaml"`
	Policy   string `help:"A built-in example or a policy file, instead of the one the scenario names." placeholder:"NAME|FILE"`
	Format   string `help:"json: one object a line; text: a time line. By default text on a terminal, else json." enum:"auto,text,json" default:"auto" placeholder:"auto|text|json"`
}

// simulateFor is how long one scenario may take.
const simulateFor = 30 * time.Second

// Run prints the time line to standard output, and to standard error why it ended early, if it did.
func (c *simulateCmd) Run(out *Out) error {
	src, err := os.ReadFile(c.Scenario)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "the scenario cannot be read")
	}
	p, err := c.policy(src)
	if err != nil {
		return err
	}
	scenario, findings := simulate.Parse(c.Scenario, src, p.Zone)
	if findings.Errors() > 0 {
		return fault.New(fault.Invalid, "the scenario cannot be run\n%s", findings.Carets(src))
	}
	result := simulate.Run(p, scenario, simulate.Limits{Stop: after(simulateFor)})
	if result.Stopped != "" {
		fmt.Fprintf(out.Stderr, "hark: stopped early: %s\n", result.Stopped)
	}
	return c.print(out, result)
}

func (c *simulateCmd) print(out *Out, result simulate.Result) error {
	if c.Format == "text" || c.Format == "auto" && out.Terminal() && !out.JSON {
		_, err := fmt.Fprint(out.Stdout, result.Text())
		return err
	}
	lines, err := result.JSON()
	if err == nil {
		_, err = out.Stdout.Write(lines)
	}
	return err
}

// policy is the one asked for, else the one the scenario names: an example, or a file seen from here or from beside the
// scenario.
func (c *simulateCmd) policy(scenario []byte) (*policy.Policy, error) {
	name := c.Policy
	if name == "" {
		name = simulate.PolicyIn(scenario)
	}
	if name == "" {
		return nil, fault.New(fault.Invalid, "the scenario names no policy; write policy: customer-support-center in it, or add --policy")
	}
	src, err := c.policyText(name)
	if err != nil {
		return nil, err
	}
	p, findings := policy.Parse(name, src)
	if findings.Errors() > 0 {
		return nil, fault.New(fault.Invalid, "the policy has mistakes\n%s", findings.Carets(src))
	}
	return p, nil
}

func (c *simulateCmd) policyText(name string) ([]byte, error) {
	if src, builtIn := policy.Example(name); builtIn {
		return src, nil
	}
	src, err := os.ReadFile(name)
	if err == nil || filepath.IsAbs(name) {
		return src, noPolicy(err, name)
	}
	src, beside := os.ReadFile(filepath.Join(filepath.Dir(c.Scenario), name))
	if beside != nil {
		return nil, noPolicy(err, name)
	}
	return src, nil
}

func noPolicy(err error, name string) error {
	return fault.Wrap(err, fault.Invalid, "there is no policy %q; write a file, or one of the examples: %s", name, strings.Join(policy.Examples(), ", "))
}

// after tells when so much time has passed since it was asked for.
func after(limit time.Duration) func() bool {
	end := time.Now().Add(limit)
	return func() bool { return time.Now().After(end) }
}
