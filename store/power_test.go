package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hark/fault"
	"hark/internal/interpose"
	"hark/store"
	"hark/store/storetest"
)

// someEnv holds what this test binary writes when it is started as a process between which and the kernel a test stands.
const someEnv = "HARK_TEST_SOME"

// some is what that process does: so many mails from so many goroutines.
type some struct {
	Config  store.Config
	Writers int
	Mails   int // of each writer
	Middle  int // octets of every third mail
}

// writeSome accepts mails of three sizes: small, middle, and one that is kept as a file. It prints the key of
// each when it is acknowledged, or what kind of fault refused it, and ends without closing anything.
func writeSome() {
	var s some
	if err := json.Unmarshal([]byte(os.Getenv(someEnv)), &s); err != nil {
		panic(err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, s.Config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var writers sync.WaitGroup
	for w := range s.Writers {
		writers.Go(func() {
			for n := range s.Mails {
				fmt.Println(s.accept(ctx, db, w, n))
			}
		})
	}
	writers.Wait()
	os.Exit(0)
}

func (s some) accept(ctx context.Context, db *store.DB, writer, n int) (says string) {
	raw := fmt.Appendf(nil, "Subject: %d of %d\n\n", n, writer)
	raw = append(raw, bytes.Repeat([]byte("x"), []int{0, s.Middle, store.RowSize}[n%3])...)
	in := store.Incoming{Key: sha256.Sum256(raw), Mailbox: 1, ReceivedAt: monday, Raw: raw}
	in.MessageID = hex.EncodeToString(in.Key[:])
	err := db.KeepRaw(ctx, &in)
	if err == nil {
		err = db.Write(ctx, func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err })
	}
	if err != nil {
		return fmt.Sprintf("refused %s: %v", fault.KindOf(err), err)
	}
	return in.MessageID
}

// prepared is a data directory with a mailbox, closed.
func prepared(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db, err := store.Open(t.Context(), store.Config{Dir: dir, Unsafe: true})
	must(t, err)
	storetest.NewCast(t, db)
	must(t, db.Close())
	return dir
}

// writing runs the process and returns what it said and what it ended with.
func writing(t *testing.T, s some, ask func(interpose.Call) syscall.Errno) (said []string, err error) {
	t.Helper()
	config, err := json.Marshal(s)
	must(t, err)
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), someEnv+"="+string(config))
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	asked, err := interpose.Start(command, ask)
	must(t, err)
	stuck := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	defer stuck.Stop()
	if err = command.Wait(); err != nil {
		err = fmt.Errorf("%w: %s", err, complaint.String())
	}
	<-asked
	return strings.Fields(strings.ReplaceAll(out.String(), " ", "_")), err
}

// Each step of storing fails once: the first write of the log, the second, and so on until none is left, then each fsync, and
// so on. Whoever was told yes finds it; whoever was told no was told "not now"; and the next mail is taken again.
func TestEveryStepOfStoringMayFailOnce(t *testing.T) {
	template := prepared(t)
	for call, errors := range map[string][]syscall.Errno{
		"pwrite64":  {syscall.EIO, syscall.ENOSPC}, // in turn
		"write":     {syscall.ENOSPC, syscall.EIO},
		"fsync":     {syscall.EIO},
		"ftruncate": {syscall.ENOSPC},
		"renameat":  {syscall.EIO},
		"openat":    {syscall.EMFILE},
		"unlinkat":  {syscall.EIO},
	} {
		t.Run(call, func(t *testing.T) {
			nth, alone := 1, some{Writers: 1, Mails: 5, Middle: 10_000}
			for failsOnce(t, template, alone, call, nth, errors[nth%len(errors)]) {
				if nth++; nth > 500 {
					t.Fatal("it never runs through")
				}
			}
			t.Logf("%d calls", nth-1)
			if nth == 1 {
				t.Error("there is no such call; the test shows nothing")
			}
		})
	}
}

// The same while several write at once and share commits: what fails for one must not be said to another.
func TestAStepThatFailsForMany(t *testing.T) {
	template := prepared(t)
	for call, every := range map[string]int{"pwrite64": 11, "fsync": 2} {
		for nth := 1; failsOnce(t, template, some{Writers: 4, Mails: 4, Middle: 10_000}, call, nth, syscall.EIO); nth += every {
			if nth > 2000 {
				t.Fatal("it never runs through")
			}
		}
	}
}

// failsOnce runs a few mails of which the nth call of a name fails, and reports whether there was an nth.
func failsOnce(t *testing.T, template string, s some, call string, nth int, errno syscall.Errno) (failed bool) {
	t.Helper()
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(template)))
	count := 0
	s.Config = store.Config{Dir: dir}
	said, err := writing(t, s, func(c interpose.Call) syscall.Errno {
		if c.Name != call || !strings.HasPrefix(c.Path, dir) {
			return 0
		}
		if count++; count == nth {
			failed = true
			return errno
		}
		return 0
	})
	if err != nil && (!failed || len(said) > 0) {
		t.Errorf("%s %d: the process ended with %v", call, nth, err)
	}
	keys := acknowledged(said)
	for _, told := range said {
		if strings.HasPrefix(told, "refused") && !strings.HasPrefix(told, "refused_unavailable") {
			t.Errorf("%s %d: somebody was told %s", call, nth, told)
		}
	}
	if all := s.Writers * s.Mails; err == nil && (len(said) != all || len(keys) < all-s.Writers) {
		t.Errorf("%s %d: it failed once, and of %d mails %d were taken: %v", call, nth, all, len(keys), said)
	}
	checkMails(t, store.Config{Dir: dir, Unsafe: true}, keys)
	return failed
}

func acknowledged(said []string) (keys []string) {
	for _, s := range said {
		if len(s) == 64 {
			keys = append(keys, s)
		}
	}
	return keys
}

// cuts is how often the power is cut; HARK_CUTS=10000 for a night.
func cuts() int {
	if n, err := strconv.Atoi(os.Getenv("HARK_CUTS")); err == nil {
		return n
	}
	return 60
}

// The power goes at any moment. What had been synced is there; of what had not, some sectors are and some are not, whatever
// was written first. Everything that was acknowledged before is there, with its files, and the database is whole.
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	dir := prepared(t)
	before, err := os.ReadFile(filepath.Join(dir, "hark.db"))
	must(t, err)
	var calls []interpose.Call
	_, err = writing(t, some{Config: store.Config{Dir: dir}, Writers: 4, Mails: 30, Middle: store.RowSize - 100}, func(c interpose.Call) syscall.Errno {
		if c.FD == 1 || strings.HasPrefix(c.Path, dir) {
			calls = append(calls, c)
		}
		return 0
	})
	must(t, err)
	for range cuts() {
		at := rand.IntN(len(calls) + 1)
		d := &disk{dir: dir, files: map[string]*onDisk{filepath.Join(dir, "hark.db"): {synced: bytes.Clone(before)}}}
		for _, c := range calls[:at] {
			d.happens(c)
		}
		after := d.powerGoes(t)
		checkMails(t, store.Config{Dir: after, Unsafe: true}, acknowledged(strings.Fields(d.said.String())))
		if t.Failed() {
			t.Fatalf("after %d of %d calls", at, len(calls))
		}
		must(t, os.RemoveAll(after))
	}
	t.Logf("%d calls, %d cuts", len(calls), cuts())
}

// disk is what a disk holds while a program writes to it, and what of it is certain.
type disk struct {
	dir     string
	files   map[string]*onDisk
	renamed []renaming // whose directory has not been synced since
	said    bytes.Buffer
}

// onDisk is one file: what has been synced of it, and what was written since.
type onDisk struct {
	synced  []byte
	pending []interpose.Call
	length  int64 // for writes that go on where the last one ended
}

type renaming struct {
	from, to string
	file     *onDisk // what was at to before, nil for nothing
}

func (d *disk) file(path string) *onDisk {
	if d.files[path] == nil {
		d.files[path] = &onDisk{}
	}
	return d.files[path]
}

func (d *disk) happens(c interpose.Call) {
	switch {
	case c.FD == 1:
		d.said.Write(c.Data)
	case strings.HasSuffix(c.Path, "-shm"): // not needed after a crash
	case c.Name == "write":
		f := d.file(c.Path)
		c.Offset, f.length = f.length, f.length+int64(len(c.Data))
		f.pending = append(f.pending, c)
	case c.Name == "pwrite64" || c.Name == "ftruncate":
		f := d.file(c.Path)
		f.pending = append(f.pending, c)
	case c.Name == "renameat":
		d.renamed = append(d.renamed, renaming{c.Path, c.To, d.files[c.To]})
		d.files[c.To] = d.file(c.Path)
		delete(d.files, c.Path)
	case c.Name == "fsync" || c.Name == "fdatasync":
		d.syncs(c.Path)
	}
}

// syncs makes a file certain, or the names in a directory.
func (d *disk) syncs(path string) {
	if f := d.files[path]; f != nil {
		for _, c := range f.pending {
			f.synced = applied(f.synced, c, 0, len(c.Data))
		}
		f.pending = nil
		return
	}
	var open []renaming
	for _, r := range d.renamed {
		if filepath.Dir(r.to) != path {
			open = append(open, r)
		}
	}
	d.renamed = open
}

// applied is the content after a part of a call has reached the disk.
func applied(content []byte, c interpose.Call, from, to int) []byte {
	if c.Name == "ftruncate" {
		return append(content, make([]byte, max(0, c.Size-int64(len(content))))...)[:c.Size]
	}
	if end := int(c.Offset) + to; end > len(content) {
		content = append(content, make([]byte, end-len(content))...)
	}
	copy(content[int(c.Offset)+from:], c.Data[from:to])
	return content
}

// powerGoes writes down what is found afterwards: all that is certain, and by chance what is not.
func (d *disk) powerGoes(t *testing.T) (dir string) {
	t.Helper()
	for i := len(d.renamed) - 1; i >= rand.IntN(len(d.renamed)+1); i-- { // the last ones have not happened
		r := d.renamed[i]
		if d.files[r.to] = r.file; r.file == nil {
			delete(d.files, r.to)
		}
	}
	dir = t.TempDir()
	for path, f := range d.files {
		path = filepath.Join(dir, strings.TrimPrefix(path, d.dir))
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, f.byChance(), 0o600))
	}
	return dir
}

const sector = 512

func (f *onDisk) byChance() []byte {
	content := bytes.Clone(f.synced)
	share := rand.Float64()
	for _, c := range f.pending {
		if c.Name == "ftruncate" && rand.Float64() < share {
			content = applied(content, c, 0, 0)
		}
		for from := 0; from < len(c.Data); from += sector {
			if rand.Float64() < share {
				content = applied(content, c, from, min(from+sector, len(c.Data)))
			}
		}
	}
	return content
}
