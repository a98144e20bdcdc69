// Package e2e plays the product as people do: it starts the real binary on a real database, speaks SMTP to it, clicks
// through its pages in a real browser, moves the demo's clock, and kills the process in the middle of work. What is
// asserted is what a person would see. Its tests need Debian's chromium and PostgreSQL, which `make test` installs.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hark/mail/mailtest"
)

// binary is the product, built once for all tests of the package.
var binary struct {
	once sync.Once
	path string
	err  error
}

// Build compiles the product into a temporary folder and returns the path of the binary.
func Build() (string, error) {
	binary.once.Do(func() {
		dir, err := os.MkdirTemp("", "hark-e2e-")
		if err != nil {
			binary.err = err
			return
		}
		binary.path = filepath.Join(dir, "hark")
		build := exec.Command("go", "build", "-trimpath", "-gcflags", "hark/web/...=-l", "-gcflags", "hark/desk=-l", "-ldflags", "-s -w", "-o", binary.path, "hark/cmd/hark")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	return binary.path, binary.err
}

// RemoveBuild removes the binary that Build made.
func RemoveBuild() {
	if binary.path != "" {
		_ = os.RemoveAll(filepath.Dir(binary.path))
	}
}

// Server is one running hark.
type Server struct {
	URL      string        // "http://127.0.0.1:41234"
	SMTP     string        // host:port of the mail listener
	Data     string        // its data directory
	ReadyIn  time.Duration // from exec to the ready line
	Database string        // PostgreSQL address, "" for SQLite
	flags    []string
	env      []string
	args     []string
	disk     string // size of a file system of its own for Data, "" for the machine's
	command  *exec.Cmd
	output   *lockedBuffer
}

// Start runs `hark serve` or `hark demo` on free ports and waits until it is ready. The server is stopped with the test.
func Start(t testing.TB, verb string, options ...func(*Server)) *Server {
	t.Helper()
	s := &Server{Data: t.TempDir(), SMTP: mailtest.FreeAddress(t), env: []string{"HARK_ROUND_TRIPS=false"}} // nobody outside sends a mail on to the desk
	listen := mailtest.FreeAddress(t)
	s.URL = "http://" + listen
	for _, option := range options {
		option(s)
	}
	s.args = append([]string{verb, "--listen", listen, "--smtp", s.SMTP, "--data", s.Data}, s.flags...)
	s.Restart(t)
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			t.Logf("hark said:\n%s", s.output.tail(6000))
		}
	})
	return s
}

// In runs the server on an existing data directory.
func In(dir string) func(*Server) { return func(s *Server) { s.Data = dir } }

// On runs the server on PostgreSQL.
func On(database string) func(*Server) { return func(s *Server) { s.Database = database } }

// With runs the server with further flags.
func With(flags ...string) func(*Server) {
	return func(s *Server) { s.flags = append(s.flags, flags...) }
}

// Beside runs the server, and every command, with further variables: "ZONEINFO=/somewhere".
func Beside(variables ...string) func(*Server) {
	return func(s *Server) { s.env = append(s.env, variables...) }
}

// Restart starts the process again on the same addresses and data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	path, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	s.output = &lockedBuffer{}
	s.command = exec.Command(path, s.args...)
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if s.disk != "" {
		s.command = s.mounted(path)
	}
	s.command.Env = append(os.Environ(), append(s.env, "HARK_DATABASE_URL="+s.Database)...)
	s.command.Stderr = s.output
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			fmt.Fprintln(s.output, lines.Text())
			if strings.HasPrefix(lines.Text(), "ready http") {
				close(ready)
			}
		}
	}()
	select {
	case <-ready:
		s.ReadyIn = time.Since(began)
	case <-time.After(time.Minute):
		t.Fatalf("hark was not ready within a minute; it said:\n%s", s.output.tail(4000))
	}
}

// Stop asks the server to finish and waits for it.
func (s *Server) Stop() {
	if s.command.ProcessState == nil {
		_ = s.command.Process.Signal(syscall.SIGTERM)
		_ = s.command.Process.Signal(syscall.SIGCONT) // a test may have put it to sleep
		_ = s.command.Wait()
	}
}

// Kill ends the process as a power cut would.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// PID is the process's id.
func (s *Server) PID() int { return s.command.Process.Pid }

// Output is what the server printed so far.
func (s *Server) Output() string { return s.output.tail(1 << 20) }

// Hark runs one operator command against the server's data and returns what it printed.
func (s *Server) Hark(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	out, err := s.TryHark(stdin, args...)
	if err != nil {
		t.Fatalf("hark %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// TryHark is Hark for commands that may fail: it returns standard output followed by standard error.
func (s *Server) TryHark(stdin string, args ...string) (string, error) {
	path, err := Build()
	if err != nil {
		return "", err
	}
	command := exec.Command(path, append(args, "--data", s.Data)...)
	if s.disk != "" {
		command = s.beside(path, command.Args[1:])
	}
	command.Env = append(os.Environ(), append(s.env, "HARK_DATABASE_URL="+s.Database)...)
	command.Stdin = strings.NewReader(stdin)
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	err = command.Run()
	return out.String() + complaint.String(), err
}

// Get fetches a page as a stranger.
func (s *Server) Get(t testing.TB, path string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text.String()
}

// Eventually waits until a condition holds, asking every 50 ms, at most for the given time.
func Eventually(t testing.TB, atMost time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(atMost); time.Now().Before(deadline); {
		if holds() {
			return
		}
		pause := time.NewTimer(50 * time.Millisecond)
		<-pause.C
	}
	t.Fatalf("still not true after %v: %s", atMost, what)
}

// lockedBuffer collects output of a process that is still writing.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) tail(most int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.text.String()
	return text[max(0, len(text)-most):]
}
