package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"hark/store/storetest"
	"hark/zendesk/zendesktest"
)

// The scripts in testdata are the operators' manual, played: each runs the real program in a directory of its own.
func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"hark": func() {
		if at := os.Getenv("TEST_ZENDESK"); at != "" {
			zendeskWire = zendesktest.Wire(at)
		}
		os.Exit(run(os.Args[1:]))
	}})
}

// suite ends the PostgreSQL server of the tests with them.
type suite struct{ *testing.M }

func (s suite) Run() int { return storetest.Run(s.M) }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			simulated, err := filepath.Abs(filepath.Join("..", "..", "simulate", "testdata"))
			env.Setenv("SIMULATE", simulated)
			env.Setenv("TZ", "Asia/Tokyo") // nothing depends on the machine's zone
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails": fails,
			"json":  jsonSays,
			"runs":  runs,
			"zendesk": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Setenv("TEST_ZENDESK", zendesktest.Start(t).Where(t))
			},
			"database": func(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv(args[0], storetest.EmptyDatabase(t)) },
		},
	})
}

// fails STATUS COMMAND...: the command ends with this exit status.
func fails(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	exit, ok := err.(*exec.ExitError)
	if !ok || strconv.Itoa(exit.ExitCode()) != args[0] {
		ts.Fatalf("%s ends with %v, want status %s", strings.Join(args[1:], " "), err, args[0])
	}
}

// json [LINE] PATH WANT: in a line of standard output, the first if none is given, what stands at PATH (comments.0.body) is
// WANT, printed as JSON or as a bare text. "! json PATH" means that nothing stands there.
func jsonSays(ts *testscript.TestScript, absent bool, args []string) {
	line := 1
	if n, err := strconv.Atoi(args[0]); err == nil {
		line, args = n, args[1:]
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	if line > len(lines) {
		ts.Fatalf("there are only %d lines", len(lines))
	}
	var value any
	if err := json.Unmarshal([]byte(lines[line-1]), &value); err != nil {
		ts.Fatalf("line %d is no JSON: %v\n%s", line, err, lines[line-1])
	}
	found, ok := at(value, args[0])
	switch {
	case absent && ok:
		ts.Fatalf("there is a %s: %v", args[0], found)
	case absent:
		return
	case !ok:
		ts.Fatalf("there is no %s in %s", args[0], lines[line-1])
	}
	text, bare := found.(string)
	if !bare {
		encoded, _ := json.Marshal(found)
		text = string(encoded)
	}
	if want := strings.ReplaceAll(args[1], `\n`, "\n"); text != want {
		ts.Fatalf("%s is %q, want %q", args[0], text, want)
	}
}

// at follows a path through objects and lists.
func at(value any, path string) (any, bool) {
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(v) {
				return nil, false
			}
			value = v[n]
		default:
			return nil, false
		}
	}
	return value, true
}

// runs COMMAND...: a server, started and ready; URL is where it is, LISTEN the same as host and port. It is asked to stop at the end, and has to do so well.
func runs(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath(args[0])
	ts.Check(err)
	server := exec.Command(program, args[1:]...)
	server.Dir = ts.MkAbs(".")
	server.Env = append(os.Environ(), "HARK_DATA="+ts.Getenv("HARK_DATA"), "HARK_DATABASE_URL="+ts.Getenv("HARK_DATABASE_URL"), "TZ="+ts.Getenv("TZ"))
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	ts.Check(err)
	ts.Check(server.Start())
	ts.Defer(func() {
		ts.Check(server.Process.Signal(syscall.SIGTERM))
		if err := server.Wait(); err != nil {
			ts.Fatalf("the server does not end well: %v", err)
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ready := strings.CutPrefix(lines.Text(), "ready "); ready {
			ts.Setenv("URL", url)
			ts.Setenv("LISTEN", strings.TrimPrefix(url, "http://"))
			go func() {
				for lines.Scan() {
				}
			}()
			return
		}
	}
	ts.Fatalf("%s", fmt.Sprintf("the server does not say that it is ready: %v", args))
}
