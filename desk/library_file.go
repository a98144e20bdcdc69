package desk

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// Files of a brand's library: what a procedure names at a step, and whoever is on the phone opens; and what a message carries (seed 001,
// "Attachments?"). Whoever writes the policy keeps them.

// The bounds of a library: somebody opens a file of it while a caller waits.
const (
	MostLibraryFiles   = 200
	LargestLibraryFile = 10 << 20 // bytes
	longestLibraryName = 120      // letters, so that a step has room for it
)

// libraryTypes are the kinds of files that a library takes, as their bytes say. Office documents are archives to whoever looks at bytes.
// What a browser or a system would run, it does not take.
var libraryTypes = []string{"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain; charset=utf-8", "application/zip"}

// LibraryFiles are the files of a brand's library, by name, for whoever writes its policy.
func (d *Desk) LibraryFiles(ctx context.Context, a access.Actor, brand int64) (all []store.LibraryFile, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		all, err = tx.LibraryFiles(brand)
		return err
	})
	return all, err
}

// AddLibraryFile puts a file into a brand's library. A policy names it as the file is called, so no two are called the same. The error of
// one that cannot be taken is [fault.Invalid] or [fault.TooLarge].
func (d *Desk) AddLibraryFile(ctx context.Context, a access.Actor, brand int64, file File) (f store.LibraryFile, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return f, err
	}
	f = store.LibraryFile{Name: strings.TrimSpace(file.Name), Size: file.Size, SHA256: file.SHA256, By: a.Person, At: d.now()}
	if f.Type, err = d.libraryType(ctx, f); err != nil {
		return f, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if f.Brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		if err := hasRoom(tx, f); err != nil {
			return err
		}
		return tx.AddLibraryFile(&f)
	})
	return f, err
}

// libraryType is what the bytes of a file say it is, if a library takes it.
func (d *Desk) libraryType(ctx context.Context, f store.LibraryFile) (string, error) {
	if f.Name == "" || utf8.RuneCountInString(f.Name) > longestLibraryName || strings.ContainsFunc(f.Name, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "give the file a name of at most %d letters", longestLibraryName)
	}
	if f.Size > LargestLibraryFile {
		return "", fault.New(fault.TooLarge, "%s has more than %d MB; somebody opens it while a caller waits", f.Name, LargestLibraryFile>>20)
	}
	content, err := d.db.Blobs().Open(ctx, f.SHA256)
	if err != nil {
		return "", err
	}
	defer content.Close()
	head, err := io.ReadAll(io.LimitReader(content, 512))
	kind := http.DetectContentType(head)
	if err == nil && (len(head) == 0 || !slices.Contains(libraryTypes, kind)) {
		err = fault.New(fault.Invalid, "%s cannot be taken; use a PDF, a picture, a plain text or an office document", f.Name)
	}
	return kind, err
}

// hasRoom refuses a file that a library has already, or has no room for.
func hasRoom(tx *store.Tx, f store.LibraryFile) error {
	if err := tx.Alone("library/" + itoa(f.Brand)); err != nil {
		return err
	}
	all, err := tx.LibraryFiles(f.Brand)
	switch {
	case err != nil:
		return err
	case slices.ContainsFunc(all, func(other store.LibraryFile) bool { return other.Name == f.Name }):
		return fault.New(fault.Invalid, "there is a file called %s; replace that one, or give this one another name", f.Name)
	case len(all) >= MostLibraryFiles:
		return fault.New(fault.Invalid, "a library has room for %d files", MostLibraryFiles)
	}
	return nil
}

// ReplaceLibraryFile puts a new version under the name of a file: steps and messages that name it have the new one from then on, and what
// was sent keeps what was sent. The new one is of the same kind, because its name may say of which. The errors are those of
// [Desk.AddLibraryFile], and [fault.NotFound] for a file that the library does not have.
func (d *Desk) ReplaceLibraryFile(ctx context.Context, a access.Actor, brand, id int64, file File) (f store.LibraryFile, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return f, err
	}
	next := store.LibraryFile{Name: strings.TrimSpace(file.Name), Size: file.Size, SHA256: file.SHA256, By: a.Person, At: d.now()}
	if next.Type, err = d.libraryType(ctx, next); err != nil {
		return f, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if f, err = d.libraryFile(tx, brand, id); err != nil {
			return err
		}
		if f.Type != next.Type {
			return fault.New(fault.Invalid, "%s is not of the same kind as %s; add it under its own name, and name that in the policy", next.Name, f.Name)
		}
		f.Size, f.SHA256, f.By, f.At = next.Size, next.SHA256, next.By, next.At
		return tx.ReplaceLibraryFile(f)
	})
	return f, err
}

// libraryFile is a file of a brand's library by its number.
func (d *Desk) libraryFile(tx *store.Tx, brand, id int64) (f store.LibraryFile, err error) {
	if brand, err = d.brandOr(tx, brand); err != nil {
		return f, err
	}
	all, err := tx.LibraryFiles(brand)
	if err != nil {
		return f, err
	}
	i := slices.IndexFunc(all, func(f store.LibraryFile) bool { return f.ID == id })
	if i < 0 {
		return f, fault.New(fault.NotFound, "the library has no such file")
	}
	return all[i], nil
}

// RemoveLibraryFile takes a file out of a brand's library. Steps that name it show its name, and that it is not there; messages that carry
// it are not sent.
func (d *Desk) RemoveLibraryFile(ctx context.Context, a access.Actor, brand, id int64) error {
	if err := may(a, access.ApplyPolicy); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, brand)
		if err != nil {
			return err
		}
		return tx.RemoveLibraryFile(brand, id)
	})
}

// PhoneFile is a file that the procedure of a call names, for whoever may see the call. Any other is [fault.NotFound], whether it exists
// or not (threats B6 and B7).
func (d *Desk) PhoneFile(ctx context.Context, a access.Actor, call, id int64) (f store.LibraryFile, content io.ReadCloser, err error) {
	page, err := d.PhonePage(ctx, a, call, "")
	if err != nil {
		return f, nil, err
	}
	named := page.Procedure.Files()
	i := slices.IndexFunc(page.Files, func(f store.LibraryFile) bool { return f.ID == id && slices.Contains(named, f.Name) })
	if i < 0 {
		return f, nil, fault.New(fault.NotFound, "there is no such file on this call")
	}
	content, err = d.db.Blobs().Open(ctx, page.Files[i].SHA256)
	return page.Files[i], content, err
}
