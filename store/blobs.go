package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"hark/fault"
)

// Blobs keeps files under the SHA-256 of their bytes, in hexadecimal. The same bytes are kept once. A blob is durable
// before Put returns, and a row names it only afterwards, so no row ever points at a torn or missing file.
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error) // [fault.NotFound] when it is not there
	Has(ctx context.Context, sha256 string) (bool, error)
	Remove(ctx context.Context, sha256 string) error

	// What a sweep needs; see sweep.go.
	behind(g gate)
	leave(ctx context.Context, mark string) error                                         // a mark, unless it is there
	each(ctx context.Context, do func(name string, size int64, at time.Time) error) error // every blob, mark and half-written file
	removeOld(ctx context.Context, name string, before time.Time) (removed bool, err error)
}

func openBlobs(c Config) (Blobs, error) {
	if c.S3.Bucket != "" {
		return openS3(c.S3)
	}
	if c.Dir == "" {
		return nil, fault.New(fault.Invalid, "files need a place: name a data directory or an S3 bucket")
	}
	return openDirectory(filepath.Join(c.Dir, "blobs"), c.Unsafe)
}

// directory keeps blobs as files ab/abcdef... below one directory. os.Root keeps every path inside it, whatever is
// asked for.
type directory struct {
	root   *os.Root
	gate   gate
	unsafe bool
}

func openDirectory(dir string, unsafe bool) (*directory, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the directory for files cannot be made; choose another with --data or let the desk's user write there")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the directory for files cannot be opened; let the desk's user own it")
	}
	return &directory{root: root, unsafe: unsafe}, nil
}

func (d *directory) Close() error { return d.root.Close() }

func (d *directory) behind(g gate) { d.gate = g }

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place is where a blob lies. Only a real hash has one.
func place(sum string) (string, error) {
	if !sha256Form.MatchString(sum) {
		return "", absent("file")
	}
	return sum[:2] + "/" + sum, nil
}

// Put writes to a temporary name, makes the bytes durable, renames, and makes the name durable.
func (d *directory) Put(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	temp := halfWritten + rand.Text()
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, explain(err)
	}
	defer d.root.Remove(temp) // fails once it has been renamed
	hash := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, hash), ending{ctx, r})
	if err == nil {
		err = d.sync(f)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return "", 0, explain(err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	return sum, size, explain(d.settle(ctx, temp, sum))
}

// halfWritten begins the names of files whose bytes are not all there.
const halfWritten = "new-"

func (d *directory) settle(ctx context.Context, temp, sum string) error {
	name, err := place(sum)
	if err != nil {
		return err
	}
	leave, err := d.gate.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := d.root.Mkdir(sum[:2], 0o700); err == nil {
		err = d.syncDir(".")
		if err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.root.Rename(temp, name); err != nil {
		return err
	}
	return d.syncDir(sum[:2])
}

func (d *directory) sync(f *os.File) error {
	if d.unsafe {
		return nil
	}
	return f.Sync()
}

func (d *directory) syncDir(name string) error {
	dir, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer dir.Close()
	return d.sync(dir)
}

// ending is a reader that stops when its context does.
type ending struct {
	ctx context.Context
	r   io.Reader
}

func (e ending) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.r.Read(p)
}

func (d *directory) Open(_ context.Context, sum string) (io.ReadCloser, error) {
	name, err := place(sum)
	if err != nil {
		return nil, err
	}
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, absent("file")
	}
	if err != nil {
		return nil, fmt.Errorf("opening file %s: %w", sum, err)
	}
	return f, nil
}

func (d *directory) Has(_ context.Context, sum string) (bool, error) {
	name, err := place(sum)
	if err != nil {
		return false, nil
	}
	_, err = d.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d *directory) leave(_ context.Context, mark string) error {
	f, err := d.root.OpenFile(mark, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return explain(err)
	}
	return f.Close()
}

func (d *directory) each(ctx context.Context, do func(name string, size int64, at time.Time) error) error {
	return fs.WalkDir(d.root.FS(), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was half written a moment ago
		}
		if err != nil {
			return err
		}
		return do(entry.Name(), info.Size(), info.ModTime())
	})
}

func (d *directory) removeOld(ctx context.Context, name string, before time.Time) (bool, error) {
	path, err := place(name)
	if strings.HasPrefix(name, halfWritten) {
		path, err = name, nil
	}
	if err != nil {
		return false, nil // somebody else's file
	}
	open, err := d.gate.shut(ctx)
	if err != nil {
		return false, err
	}
	defer open()
	info, err := d.root.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // another program was here
	}
	if err != nil || !info.ModTime().Before(before) {
		return false, err
	}
	return true, d.root.Remove(path)
}

func (d *directory) Remove(_ context.Context, sum string) error {
	name, err := place(sum)
	if err != nil {
		return err
	}
	err = d.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
