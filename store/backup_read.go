package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hark/fault"
)

// parts calls do with every part of a backup file.
func parts(ctx context.Context, file string, do func(name string, content []byte) error) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Invalid, "there is no file %s", file)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return notWhole(err)
	}
	archive := tar.NewReader(unpacked)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return notWhole(err)
		}
		content, err := io.ReadAll(ending{ctx, archive})
		if err != nil {
			return notWhole(err)
		}
		if err := do(header.Name, content); err != nil {
			return err
		}
	}
}

func notWhole(err error) error {
	return fault.Wrap(err, fault.Invalid, "this is not a whole backup of Hark; take another one")
}

// verify reads a whole backup and compares it with its manifest.
func verify(ctx context.Context, file string) (m manifest, err error) {
	have := map[string]string{}
	rows := map[string]int64{}
	err = parts(ctx, file, func(name string, content []byte) error {
		if name == "manifest.json" {
			if err := json.Unmarshal(content, &m); err != nil {
				return notWhole(err)
			}
			return nil
		}
		sum := sha256.Sum256(content)
		have[name] = hex.EncodeToString(sum[:])
		if table, ok := tableOf(name); ok {
			rows[table] += int64(bytes.Count(content, []byte("\n")))
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	if m.Format != backupFormat {
		return m, notWhole(errors.New("the manifest is missing or of another format"))
	}
	for name, sum := range m.SHA256 {
		if have[name] != sum {
			return m, notWhole(fmt.Errorf("part %s is missing or damaged", name))
		}
	}
	for table, n := range m.Rows {
		if rows[table] != n {
			return m, notWhole(fmt.Errorf("table %s has %d rows, the manifest says %d", table, rows[table], n))
		}
	}
	if len(have) != len(m.SHA256) {
		return m, notWhole(errors.New("there are parts the manifest does not name"))
	}
	return m, nil
}

func tableOf(part string) (string, bool) {
	name, found := strings.CutPrefix(part, "tables/")
	return filepath.Dir(name), found
}
