package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

func TestAFileIsKeptUnderTheHashOfItsBytes(t *testing.T) {
	blobs := storetest.Durable(t).Blobs()
	content := bytes.Repeat([]byte("invoice "), 50_000)
	want := sha256.Sum256(content)
	for range 2 { // the second time it is there already
		sum, size, err := blobs.Put(t.Context(), bytes.NewReader(content))
		must(t, err)
		if sum != hex.EncodeToString(want[:]) || size != int64(len(content)) {
			t.Errorf("kept as %s with %d bytes", sum, size)
		}
	}
	sum := hex.EncodeToString(want[:])
	r, err := blobs.Open(t.Context(), sum)
	must(t, err)
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		t.Errorf("it came back with %d bytes (%v)", len(got), err)
	}
	must(t, blobs.Remove(t.Context(), sum))
	must(t, blobs.Remove(t.Context(), sum))
	if there, err := blobs.Has(t.Context(), sum); there || err != nil {
		t.Errorf("after removing it: %v %v", there, err)
	}
	_, err = blobs.Open(t.Context(), sum)
	is(t, err, fault.NotFound)
}

// G4: a name that is no hash reaches nothing, wherever it points.
func TestG4_NoPathLeadsOutOfTheBlobs(t *testing.T) {
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir})
	must(t, os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o600))
	for _, name := range []string{"", ".", "..", "../secret", "..%2fsecret", "/etc/passwd", strings.Repeat("../", 21) + "x", "ab/../../secret", strings.Repeat("A", 64), strings.Repeat("a", 63) + "/", "secret\x00" + strings.Repeat("a", 57)} {
		_, err := db.Blobs().Open(t.Context(), name)
		is(t, err, fault.NotFound)
		if there, err := db.Blobs().Has(t.Context(), name); there || err != nil {
			t.Errorf("%q is there (%v)", name, err)
		}
		is(t, db.Blobs().Remove(t.Context(), name), fault.NotFound)
	}
}

func TestAFileThatBreaksOffLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir})
	broken := errors.New("the connection broke")
	_, _, err := db.Blobs().Put(t.Context(), io.MultiReader(strings.NewReader("half"), failing{broken}))
	if !errors.Is(err, broken) {
		t.Errorf("it says %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err = db.Blobs().Put(gone, strings.NewReader("whole")); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "blobs"))
	if len(left) != 0 {
		t.Errorf("left are %v (%v)", left, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
