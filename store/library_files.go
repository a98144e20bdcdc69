package store

import "time"

// LibraryFile is a file of a brand's library. A policy names it at a step of a procedure, or at a message.
type LibraryFile struct {
	ID     int64
	Brand  int64
	Name   string // no two of a brand are called the same
	Type   string // as its bytes say
	Size   int64
	SHA256 string
	By     int64 // who added it, or replaced it last
	At     time.Time
}

// AddLibraryFile stores a file of a library and sets its ID. Its bytes are kept already.
func (tx *Tx) AddLibraryFile(f *LibraryFile) (err error) {
	f.ID, err = tx.insert(`
		INSERT INTO library_files (brand_id, name, type, size, sha256, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, f.Brand, f.Name, f.Type, f.Size, f.SHA256, ref(f.By), f.At)
	return err
}

// LibraryFiles are the files of a brand's library, by name.
func (tx *Tx) LibraryFiles(brand int64) (all []LibraryFile, err error) {
	var f LibraryFile
	err = tx.each([]any{&f.ID, &f.Brand, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.By, &f.At}, func() error { all = append(all, f); return nil }, `
		SELECT id, brand_id, name, type, size, sha256, added_by, added_at
		FROM library_files
		WHERE brand_id = $1
		ORDER BY name`, brand)
	return all, err
}

// ReplaceLibraryFile keeps a file of a brand's library under its name with other bytes; [fault.NotFound] when that library does not have it.
func (tx *Tx) ReplaceLibraryFile(f LibraryFile) error {
	had, err := tx.exec(`
		UPDATE library_files
		SET type = $1, size = $2, sha256 = $3, added_by = $4, added_at = $5
		WHERE brand_id = $6 AND id = $7`, f.Type, f.Size, f.SHA256, ref(f.By), f.At, f.Brand, f.ID)
	if err == nil && had == 0 {
		err = absent("file")
	}
	return err
}

// RemoveLibraryFile takes a file out of a brand's library; [fault.NotFound] when that library does not have it.
func (tx *Tx) RemoveLibraryFile(brand, id int64) error {
	gone, err := tx.exec(`DELETE FROM library_files WHERE brand_id = $1 AND id = $2`, brand, id)
	if err == nil && gone == 0 {
		err = absent("file")
	}
	return err
}
