package main

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// The settings in which a server leaves what later commands must know.
const (
	urlSetting  = "desk.url"
	demoSetting = "demo"
)

// opened is a desk that a command works on, beside a running server or alone.
type opened struct {
	*desk.Desk
	db    *store.DB
	clock desk.Clock
	demo  bool
}

// open opens the database a command names, migrates it when it is new, and makes the desk on it.
func (w *where) open(ctx context.Context, options ...desk.Option) (*opened, error) {
	return w.openAt(ctx, desk.RealClock{}, options...)
}

// openAt is open with another clock than the machine's, unless the desk is a demo and has its own.
func (w *where) openAt(ctx context.Context, clock desk.Clock, options ...desk.Option) (*opened, error) {
	db, err := w.database(ctx)
	if err != nil {
		return nil, err
	}
	o := &opened{db: db, clock: clock}
	if err := o.openDesk(ctx, w, options); err != nil {
		db.Close()
		return nil, err
	}
	return o, nil
}

func (o *opened) openDesk(ctx context.Context, w *where, options []desk.Option) error {
	address, err := o.setting(ctx, urlSetting)
	if err != nil {
		return err
	}
	demo, err := o.setting(ctx, demoSetting)
	if err != nil {
		return err
	}
	if o.demo = demo != ""; o.demo {
		o.clock = desk.NewDemoClock(o.db)
	}
	secret, err := w.secret()
	if err != nil {
		return err
	}
	if address != "" {
		options = append([]desk.Option{desk.WithURL(address)}, options...)
	}
	if o.Desk, err = desk.Open(ctx, o.db, o.clock, append(options, desk.WithSecret(secret))...); err != nil {
		return err
	}
	return o.Begin(ctx)
}

// secret is what secrets at rest are sealed with: HARK_SECRET, else the key file in the data directory.
func (w *where) secret() ([]byte, error) {
	if s := os.Getenv("HARK_SECRET"); s != "" {
		if len(s) < 32 {
			return nil, fault.New(fault.Invalid, "HARK_SECRET is too short: give at least 32 characters that nobody can guess")
		}
		return []byte(s), nil
	}
	if err := os.MkdirAll(w.Data, 0o700); err != nil {
		return nil, err
	}
	return desk.KeyFile(w.Data)
}

func (o *opened) setting(ctx context.Context, name string) (value string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		got, err := tx.Setting(name)
		value = string(got)
		return err
	})
	return value, err
}

func (o *opened) set(ctx context.Context, name, value string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(name, []byte(value)) })
}

// close ends the work on the database.
func (o *opened) close() error { return o.db.Close() }

// config is where the database and the files are.
func (w *where) config() (store.Config, error) {
	bucket, err := bucketAt(w.S3)
	return store.Config{Dir: w.Data, URL: w.DatabaseURL, S3: bucket}, err
}

// bucketAt reads https://KEY:SECRET@HOST/BUCKET[/PREFIX][?region=R]; "" is none.
func bucketAt(text string) (bucket store.S3, err error) {
	if text == "" {
		return bucket, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User == nil || u.Scheme != "https" && u.Scheme != "http" {
		return bucket, fault.New(fault.Invalid, "--s3 is no bucket; write https://KEY:SECRET@HOST/BUCKET")
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if name == "" {
		return bucket, fault.New(fault.Invalid, "--s3 names no bucket; write https://KEY:SECRET@HOST/BUCKET")
	}
	if prefix != "" {
		prefix += "/"
	}
	secret, _ := u.User.Password()
	return store.S3{Endpoint: u.Host, Bucket: name, Prefix: prefix, Region: u.Query().Get("region"), Key: u.User.Username(), Secret: secret, Plain: u.Scheme == "http"}, nil
}

// database opens the database a command names, and migrates it when it is new or older.
func (w *where) database(ctx context.Context) (*store.DB, error) {
	config, err := w.config()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, config)
}

// there is an error when the data directory holds no desk. Commands that only look ask first, so that a mistyped
// directory is said and not made.
func (w *where) there() error {
	if w.DatabaseURL != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(w.Data, "hark.db")); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "there is no desk in %s; name its directory with --data, or begin one with hark serve", w.Data)
	}
	return nil
}

// stored runs work on the database of a desk that is there, without making the desk itself.
func (w *where) stored(work func(ctx context.Context, db *store.DB) error) error {
	if err := w.there(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db, err := w.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	return work(ctx, db)
}

// look is on for commands that only look.
func (w *where) look(work func(ctx context.Context, d *opened, operator access.Actor) error) error {
	if err := w.there(); err != nil {
		return err
	}
	return w.on(work)
}

// on runs a command's work on the desk it names, as the operator on the host.
func (w *where) on(work func(ctx context.Context, d *opened, operator access.Actor) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	return work(ctx, d, access.Clock)
}
