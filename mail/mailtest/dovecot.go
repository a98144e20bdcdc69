package mailtest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// Dovecot is a real IMAP server with its mail in a temporary directory. Every user name can sign in with Password.
type Dovecot struct {
	IMAP  string // host:port, with STARTTLS
	IMAPS string // host:port, encrypted from the start

	t       testing.TB
	dir     string
	process *exec.Cmd
	owner   *syscall.Credential // whom the server runs as when the test is run by root, else nil
	count   int
}

// Password opens every mailbox of a test server.
const Password = "right-password"

const configuration = `
protocols = imap
base_dir = {{.Dir}}/run
log_path = {{.Dir}}/log
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
ssl = required
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
ssl_min_protocol = TLSv1.2
mail_location = maildir:{{.Dir}}/mail/%u
mailbox_idle_check_interval = 1 secs
first_valid_uid = 1
auth_mechanisms = plain login{{if .Tokens}} xoauth2{{end}}
{{if .Tokens}}passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = {{.Dir}}/oauth2.conf
}
{{end}}passdb {
  driver = static
  args = password={{.Password}}
}
userdb {
  driver = static
  args = uid={{.User}} gid={{.Group}} home={{.Dir}}/home/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = {{.IMAP}}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.IMAPS}}
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service auth {
  user = {{.User}}
}
service auth-worker {
  user = {{.User}}
}
`

// StartDovecot starts an IMAP server whose certificate is for 127.0.0.1 unless another is given. It is Debian's package
// dovecot-imapd; without it the test fails. tokens is the URL that says whether an OAuth token is good, "" for passwords only.
func StartDovecot(t testing.TB, certificate tls.Certificate, tokens string) *Dovecot {
	t.Helper()
	if _, err := exec.LookPath("dovecot"); err != nil {
		if _, err = os.Stat("/usr/sbin/dovecot"); err != nil {
			t.Fatal("dovecot is not installed: apt-get install dovecot-imapd")
		}
	}
	d := &Dovecot{t: t, IMAP: FreeAddress(t), IMAPS: FreeAddress(t)}
	d.prepare(certificate, tokens)
	d.Start()
	t.Cleanup(d.Stop)
	return d
}

func (d *Dovecot) prepare(certificate tls.Certificate, tokens string) {
	d.t.Helper()
	var err error
	if d.dir, err = os.MkdirTemp("", "dovecot"); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { os.RemoveAll(d.dir) })
	who, group := d.whoRuns()
	cert, key := Files(d.t, certificate, d.dir)
	var text bytes.Buffer
	err = template.Must(template.New("dovecot").Parse(configuration)).Execute(&text, map[string]any{
		"Dir": d.dir, "User": who.Username, "Group": group.Name, "Cert": cert, "Key": key, "Password": Password,
		"IMAP": portOf(d.IMAP), "IMAPS": portOf(d.IMAPS), "Tokens": tokens,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.write("dovecot.conf", text.String())
	if tokens != "" {
		d.write("oauth2.conf", "introspection_mode = post\nintrospection_url = "+tokens+"\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n")
	}
	d.give(d.dir)
}

// whoRuns is the user the server runs as: ours, or nobody when we are root, because dovecot gives no mail to root.
func (d *Dovecot) whoRuns() (*user.User, *user.Group) {
	d.t.Helper()
	who, err := user.Current()
	if err == nil && who.Uid == "0" {
		who, err = user.Lookup("nobody")
		d.owner = &syscall.Credential{}
	}
	if err != nil {
		d.t.Fatal(err)
	}
	group, err := user.LookupGroupId(who.Gid)
	if err != nil {
		d.t.Fatal(err)
	}
	if d.owner != nil {
		uid, _ := strconv.ParseUint(who.Uid, 10, 32)
		gid, _ := strconv.ParseUint(who.Gid, 10, 32)
		d.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return who, group
}

func (d *Dovecot) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// give makes a file or folder, with all in it, the server's.
func (d *Dovecot) give(path string) {
	if d.owner == nil {
		return
	}
	filepath.WalkDir(path, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(d.owner.Uid), int(d.owner.Gid))
	})
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// Start starts the server, or starts it again after Stop, and returns when it answers.
func (d *Dovecot) Start() {
	d.t.Helper()
	d.process = exec.Command("/usr/sbin/dovecot", "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))
	d.process.Dir = d.dir
	d.process.SysProcAttr = &syscall.SysProcAttr{Credential: d.owner, Setpgid: true}
	says, err := os.Create(filepath.Join(d.dir, "says"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer says.Close()
	d.process.Stderr, d.process.Stdout = says, says
	if err := d.process.Start(); err != nil {
		d.t.Fatal(err)
	}
	for late := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", d.IMAP)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(late) {
			d.Stop()
			d.t.Fatalf("dovecot does not start: %s", d.Log())
		}
	}
}

// Stop ends the server with all its processes, and every connection with them, at once. Stopping it gently takes seconds.
func (d *Dovecot) Stop() {
	if d.process == nil {
		return
	}
	syscall.Kill(-d.process.Process.Pid, syscall.SIGKILL)
	d.process.Wait()
	d.process = nil
}

// Log is what the server has to say.
func (d *Dovecot) Log() string {
	says, _ := os.ReadFile(filepath.Join(d.dir, "says"))
	log, _ := os.ReadFile(filepath.Join(d.dir, "log"))
	return string(says) + string(log)
}

// Deliver puts a mail into a user's inbox, as a delivery agent would.
func (d *Dovecot) Deliver(name, raw string) {
	d.t.Helper()
	box := d.folder(name)
	d.count++
	file := fmt.Sprintf("%d.M%06d.test", time.Now().Unix(), d.count)
	path := filepath.Join(box, "tmp", file)
	if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.give(path)
	if err := os.Rename(path, filepath.Join(box, "new", file)); err != nil {
		d.t.Fatal(err)
	}
}

// folder is a user's inbox, made on first use.
func (d *Dovecot) folder(name string) string {
	d.t.Helper()
	box := filepath.Join(d.dir, "mail", name)
	if _, err := os.Stat(filepath.Join(box, "new")); err == nil {
		return box
	}
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(box, sub), 0o700); err != nil {
			d.t.Fatal(err)
		}
	}
	d.give(filepath.Join(d.dir, "mail"))
	return box
}

// Renumber makes the server forget the numbers of a user's mails, as happens when a mailbox is restored or moved: the same
// mails are there under another UIDVALIDITY. The server must be stopped.
func (d *Dovecot) Renumber(name string) {
	d.t.Helper()
	box := d.folder(name)
	files, err := os.ReadDir(box)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasPrefix(file.Name(), "dovecot") && !strings.HasPrefix(file.Name(), "dovecot-uidvalidity") {
			os.Remove(filepath.Join(box, file.Name()))
		}
	}
}
