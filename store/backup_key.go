package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"hark/fault"
)

// keyFile lies beside the database and seals its secrets (desk.KeyFile). A backup without it could not be read again by
// anybody, so it travels along. It is absent where HARK_SECRET takes its place; then the operator keeps that.
const keyFile = "hark.key"

func (w *backupWriter) key(dir string) error {
	content, err := os.ReadFile(filepath.Join(dir, keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.part(keyFile, content)
}

// restoreKey puts the key in its place, and never over another one.
func restoreKey(dir string, content []byte) error {
	path := filepath.Join(dir, keyFile)
	there, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(there, content):
		return nil
	case err == nil:
		return fault.New(fault.Conflict, "%s belongs to another desk; restore into another data directory, or move that file away", path)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
