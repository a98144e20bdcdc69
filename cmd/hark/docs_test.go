package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// The page of commands is printed from the commands themselves, so it cannot say what they do not.
func TestTheCommandsPageIsFresh(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "commands.md")
	fresh := commandsPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(page); err != nil || string(kept) != fresh {
		t.Errorf("docs/commands.md is not what the commands say (%v); run: go test ./cmd/hark -run TestTheCommandsPageIsFresh -update", err)
	}
}

func commandsPage(t *testing.T) string {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.Name("hark"), kong.DefaultEnvars("HARK"))
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(`# Commands

Every command answers with text, and with JSON when ` + "`--json`" + ` is given: one object, or one a line for lists. Errors go to standard error.
The exit status is 0 when it is done, 1 when it could not be done, 2 when the command line is wrong. Each flag can be set by the
variable beside it; the command line wins.

## For all commands

`)
	flags(&page, parser.Model.Flags)
	for _, command := range parser.Model.Leaves(true) {
		fmt.Fprintf(&page, "\n## %s\n\n%s\n", usage(command), command.Help)
		if len(command.Positional) > 0 {
			page.WriteString("\n")
		}
		for _, p := range command.Positional {
			if p.Help != "" {
				fmt.Fprintf(&page, "- `%s`: %s\n", strings.ToUpper(p.Name), p.Help)
			}
		}
		if len(command.Flags) > 0 {
			page.WriteString("\n")
			flags(&page, command.Flags)
		}
	}
	return page.String()
}

func usage(command *kong.Node) string {
	text := "hark " + command.Path()
	for _, p := range command.Positional {
		name := strings.ToUpper(p.Name)
		if p.IsCumulative() {
			name += "..."
		}
		if !p.Required {
			name = "[" + name + "]"
		}
		text += " " + name
	}
	return "`" + text + "`"
}

func flags(page *strings.Builder, all []*kong.Flag) {
	page.WriteString("| Flag | Variable | What it does |\n|---|---|---|\n")
	for _, f := range all {
		if f.Name == "help" {
			continue
		}
		name, variable := "--"+f.Name, ""
		if len(f.Envs) > 0 {
			variable = "`" + strings.Join(f.Envs, "` `") + "`"
		}
		if !f.IsBool() {
			name += "=" + f.FormatPlaceHolder()
		}
		says := f.Help
		if f.HasDefault && f.Default != "" {
			says += " Default: `" + f.Default + "`."
		}
		if f.Required {
			says += " Required."
		}
		fmt.Fprintf(page, "| `%s` | %s | %s |\n", strings.ReplaceAll(name, "|", "\\|"), variable, says)
	}
}

// Whoever watches a desk finds every number explained.
func TestTheOperatorsPageNamesEveryMetric(t *testing.T) {
	source, err := os.ReadFile("metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`"(hark_[a-z_]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(names) < 6 {
		t.Fatalf("only %d metrics found", len(names))
	}
	for _, name := range names {
		if !strings.Contains(string(page), "`"+name[1]) {
			t.Errorf("docs/operating.md does not explain %s", name[1])
		}
	}
}

// A setting that the operators' page tells of exists.
func TestTheOperatorsPageNamesRealSettings(t *testing.T) {
	known := map[string]bool{"HARK_SECRET": true, "HARK_ZENDESK_TOKEN": true}
	for _, name := range regexp.MustCompile(`HARK_[A-Z0-9_]+`).FindAllString(commandsPage(t), -1) {
		known[name] = true
	}
	for _, file := range []string{"docs/operating.md", "packaging/hark.service", "packaging/Dockerfile", "README.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`HARK_[A-Z0-9_]*[A-Z0-9]`).FindAllString(string(text), -1) {
			if name != "HARK_NAME" && !known[name] {
				t.Errorf("%s tells of %s, which no command reads", file, name)
			}
		}
	}
}
