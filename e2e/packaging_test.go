package e2e

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hark/mail/mailtest"
)

// instructions are the lines of the Dockerfile by their first word, continued lines joined.
func instructions(t *testing.T) (all [][2]string) {
	t.Helper()
	text, err := os.ReadFile("../packaging/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", " ")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word != "" && word != "#" {
			all = append(all, [2]string{word, strings.TrimSpace(rest)})
		}
	}
	return all
}

// What the Dockerfile copies from the repository is there, and the program is built as make builds it.
func TestTheDockerfileFitsTheRepository(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	built := false
	for _, i := range instructions(t) {
		switch i[0] {
		case "COPY":
			words := strings.Fields(i[1])
			for _, file := range words[:len(words)-1] {
				if strings.Contains(i[1], "--from=") {
					break
				}
				if _, err := os.Stat(filepath.Join("..", file)); err != nil {
					t.Errorf("COPY %s: %v", i[1], err)
				}
			}
		case "RUN":
			for _, flag := range []string{"CGO_ENABLED=0", "-trimpath", "hark/web/...=-l", "-X main.version="} {
				built = built || strings.Contains(i[1], "go build")
				if strings.Contains(i[1], "go build") && (!strings.Contains(i[1], flag) || !strings.Contains(string(makefile), flag)) {
					t.Errorf("the image is not built with %s as everywhere else: %s", flag, i[1])
				}
			}
		case "FROM":
			if version, ok := strings.CutPrefix(i[1], "golang:"); ok && !goVersion(t, strings.SplitN(version, "-", 2)[0]) {
				t.Errorf("go.mod asks for another Go than %s", i[1])
			}
		}
	}
	if !built {
		t.Error("the image builds nothing")
	}
}

func goVersion(t *testing.T, want string) bool {
	t.Helper()
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "\ngo "+want)
}

// The program runs where nothing else is: no shell, no zones, no names of users, as somebody without rights. The settings are
// those of the image.
func TestTheProgramRunsInAnEmptyImage(t *testing.T) {
	if os.Getuid() != 0 && !MayMount() {
		t.Log("this machine lets nobody but root change the root directory")
		return
	}
	root, listen := emptyImage(t), mailtest.FreeAddress(t)
	path, args := "", []string{}
	env := []string{"HARK_LISTEN=" + listen, "HARK_SMTP=" + mailtest.FreeAddress(t)}
	for _, i := range instructions(t) {
		switch i[0] {
		case "ENV":
			env = append(strings.Fields(i[1]), env...) // ours come last and hold
		case "ENTRYPOINT":
			path = strings.Trim(i[1], `[]"`)
		case "CMD":
			args = append(args, strings.Trim(i[1], `[]"`))
		}
	}
	command := exec.Command(path, args...)
	command.Env, command.Dir = env, "/"
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	if os.Getuid() != 0 {
		command.SysProcAttr = apart()
		command.SysProcAttr.Chroot = root
	}
	says := &lockedBuffer{}
	command.Stderr = says
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Wait()
	defer command.Process.Signal(syscall.SIGTERM)
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "ready http") {
		t.Fatalf("it is not ready: %q\n%s", lines.Text(), says.tail(2000))
	}
	client := &http.Client{Timeout: 10 * time.Second}
	if page, err := read(client, "http://"+listen+"/support"); err != nil || !strings.Contains(page, "How to reach us") {
		t.Errorf("the page of its first policy: %v\n%.500s", err, page)
	}
}

// emptyImage is the root of the last stage: the program, a place for data and one for temporary files.
func emptyImage(t *testing.T) (root string) {
	t.Helper()
	built, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	for dir := root; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{"data": 0o700, "tmp": 0o777} {
		if err := os.Mkdir(filepath.Join(root, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "hark"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(filepath.Join(root, "data"), 65532, 65532); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// systemd understands every line of the unit. Where there is no systemd, it cannot be asked.
func TestTheUnitIsUnderstood(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("there is no systemd here to ask")
		return
	}
	text, err := os.ReadFile("../packaging/hark.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "hark.service")
	write(t, unit, strings.Replace(string(text), "/usr/local/bin/hark", "/bin/true", -1)) // it looks whether the program is there
	if out, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput(); err != nil || strings.Contains(string(out), "hark.service") {
		t.Errorf("systemd says %v: %s", err, out)
	}
}

// Whoever carries Hark to a machine carries one file of less than 45 MB.
func TestTheProgramIsOneSmallFile(t *testing.T) {
	path, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mb := float64(file.Size()) / 1e6; mb > 45 {
		t.Errorf("the program is %.1f MB", mb)
	}
}
