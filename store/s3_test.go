package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// service is somebody's S3, spoken to over HTTP. It does not check signatures; everything else is as it is elsewhere.
type service struct {
	*httptest.Server
	mu  sync.Mutex
	now time.Time
}

func startS3(t *testing.T) *service {
	t.Helper()
	s := &service{now: time.Now()}
	backend := s3mem.New(s3mem.WithTimeSource(s))
	must(t, backend.CreateBucket("files"))
	s.Server = httptest.NewServer(gofakes3.New(backend, gofakes3.WithTimeSource(s), gofakes3.WithTimeSkewLimit(0)).Server())
	t.Cleanup(s.Close)
	return s
}

// Now is what the service's clock shows; objects are as old as it says.
func (s *service) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Since is how long ago an instant was by the service's clock.
func (s *service) Since(t time.Time) time.Duration { return s.Now().Sub(t) }

func (s *service) set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// at is the bucket below a prefix.
func (s *service) at(prefix string) store.S3 {
	return store.S3{Endpoint: s.Listener.Addr().String(), Bucket: "files", Prefix: prefix, Region: "eu-central-1", Key: "key", Secret: "secret", Plain: true}
}

// eachGate opens a desk whose files are in the bucket: beside SQLite, and beside PostgreSQL, which several nodes share.
func eachGate(t *testing.T, test func(t *testing.T, s *service, db *store.DB)) {
	for name, url := range map[string]func() string{store.SQLite: func() string { return "" }, store.Postgres: func() string { return storetest.Database(t) }} {
		t.Run(name, func(t *testing.T) {
			s := startS3(t)
			test(t, s, storetest.Open(t, store.Config{Dir: t.TempDir(), URL: url(), S3: s.at("desk/"), Unsafe: true}))
		})
	}
}

func TestS3_AFileIsKeptUnderTheHashOfItsBytes(t *testing.T) {
	eachGate(t, func(t *testing.T, _ *service, db *store.DB) {
		content := bytes.Repeat([]byte("a long mail "), 3<<20) // 36 MB
		want := sha256.Sum256(content)
		sum := hex.EncodeToString(want[:])
		for range 2 { // the second time it is there already
			got, size, err := db.Blobs().Put(t.Context(), bytes.NewReader(content))
			if err != nil || got != sum || size != int64(len(content)) {
				t.Fatalf("kept as %s with %d bytes (%v)", got, size, err)
			}
		}
		r, err := db.Blobs().Open(t.Context(), sum)
		must(t, err)
		defer r.Close()
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
			t.Errorf("it came back with %d bytes (%v)", len(got), err)
		}
		empty := keep(t, db, "")
		kept(t, db, empty)
		for range 2 {
			must(t, db.Blobs().Remove(t.Context(), sum))
		}
		if there, err := db.Blobs().Has(t.Context(), sum); there || err != nil {
			t.Errorf("after removing it: %v %v", there, err)
		}
		_, err = db.Blobs().Open(t.Context(), sum)
		is(t, err, fault.NotFound)
	})
}

// G4: a name that is no hash reaches nothing in the bucket either.
func TestG4_NoNameLeadsOutOfThePrefix(t *testing.T) {
	s := startS3(t)
	db := storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at("desk/"), Unsafe: true})
	other := keep(t, storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at("other/"), Unsafe: true}), "another desk's")
	for _, name := range []string{"", "..", "../other/" + other[:2] + "/" + other, "/" + other, strings.ToUpper(other), other} {
		_, err := db.Blobs().Open(t.Context(), name)
		is(t, err, fault.NotFound)
		if there, err := db.Blobs().Has(t.Context(), name); there || err != nil {
			t.Errorf("%q is there (%v)", name, err)
		}
	}
}

func TestS3_AFileThatNoRowNamesIsSweptAfterADay(t *testing.T) {
	eachGate(t, func(t *testing.T, s *service, db *store.DB) {
		c := storetest.NewCast(t, db)
		s.set(time.Now().Add(-25 * time.Hour))
		lost, mailed := keep(t, db, "of a crash"), keepMail(t, db, c, "a long mail")
		sweepsAt(t, db, s.Now(), 0) // leaves the desk's mark
		s.set(time.Now())
		young := keep(t, db, "of a moment ago")
		sweepsAt(t, db, s.Now(), 1)
		kept(t, db, mailed)
		kept(t, db, young)
		if there, err := db.Blobs().Has(t.Context(), lost); there || err != nil {
			t.Errorf("the file of the crash is there (%v)", err)
		}
		sweepsAt(t, db, s.Now(), 0)
	})
}

func TestS3_ASweepNeverTakesWhatIsBeingStored(t *testing.T) {
	eachGate(t, func(t *testing.T, s *service, db *store.DB) {
		s.set(time.Now().Add(-25 * time.Hour))
		sweepsAt(t, db, s.Now(), 0)
		sum := keep(t, db, "invoice")
		s.set(time.Now())
		sweeping := store.Shut(t, db)
		stored := begin(func() error {
			_, _, err := db.Blobs().Put(context.Background(), strings.NewReader("invoice"))
			return err
		})
		stored.orMoment()
		must(t, db.Blobs().Remove(t.Context(), sum)) // as a sweep does that looked before
		sweeping()
		must(t, stored.wait())
		kept(t, db, sum)
	})
}

func TestS3_NothingIsSweptBesideAnotherDesk(t *testing.T) {
	s := startS3(t)
	s.set(time.Now().Add(-25 * time.Hour))
	whole := storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at(""), Unsafe: true})
	below := storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at("below/"), Unsafe: true})
	for _, db := range []*store.DB{whole, below} {
		keep(t, db, "of a crash")
		sweepsAt(t, db, s.Now(), 0)
	}
	s.set(time.Now())
	for _, db := range []*store.DB{whole, below} { // each has a place of its own
		sweepsAt(t, db, s.Now(), 1)
	}
	second := storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at("below/"), Unsafe: true})
	for _, db := range []*store.DB{below, second} {
		if _, err := db.Sweep(t.Context(), time.Now()); err != nil && !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	_, err := below.Sweep(t.Context(), time.Now())
	is(t, err, fault.Conflict)
}

// A bucket that cannot be reached is said, and keeps nothing half.
func TestS3_ABucketThatIsAwayIsSaid(t *testing.T) {
	s := startS3(t)
	wrong := s.at("")
	wrong.Bucket = "another"
	db := storetest.Open(t, store.Config{Dir: t.TempDir(), S3: wrong, Unsafe: true})
	_, _, err := db.Blobs().Put(t.Context(), strings.NewReader("invoice"))
	is(t, err, fault.Unavailable)
	if !strings.Contains(err.Error(), "another") {
		t.Errorf("it says %v", err)
	}
	db = storetest.Open(t, store.Config{Dir: t.TempDir(), S3: s.at(""), Unsafe: true})
	sum := keep(t, db, "invoice")
	s.Close()
	ctx, leave := context.WithTimeout(t.Context(), 20*time.Second)
	defer leave()
	_, err = db.Blobs().Has(ctx, sum)
	is(t, err, fault.Unavailable)
}

// A desk whose files are in a bucket is moved to a directory by backup and restore.
func TestS3_ABackupHoldsTheFilesOfTheBucket(t *testing.T) {
	eachGate(t, func(t *testing.T, _ *service, db *store.DB) {
		c := storetest.NewCast(t, db)
		sum := keepMail(t, db, c, "a long mail")
		file := filepath.Join(t.TempDir(), "desk.backup")
		must(t, db.Backup(t.Context(), file))
		fresh := storetest.Open(t, store.Config{Dir: t.TempDir(), Unsafe: true})
		must(t, fresh.Restore(t.Context(), file))
		kept(t, fresh, sum)
	})
}
