package desk

import (
	"slices"

	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Files that a message of the policy takes along, where a person sends it (seed 001, "Attachments?"). It takes them as the library has them
// at that moment; what was sent keeps what was sent.

// carried reads the files of a message. Where one cannot go the message does not go either, because its words speak of it: the error is
// [fault.Refused] or [fault.TooLarge], and says what whoever writes the policy has to mend.
func (d *Desk) carried(tx *store.Tx, brand int64, p *policy.Policy, message string) (all attachments, err error) {
	names := p.Doc.Messages[message].Files
	if len(names) == 0 {
		return all, nil
	}
	library, err := tx.LibraryFiles(brand)
	if err != nil {
		return all, err
	}
	if weight(library, names) > MostAttached {
		return all, fault.New(fault.TooLarge, "its files have more than %d MB together; tell whoever writes the policy", MostAttached>>20)
	}
	files := make([]File, len(names))
	for i, name := range names {
		f, has := libraryFile(library, name)
		if !has {
			return all, fault.New(fault.Refused, "it carries %s, which is not in the library; tell whoever writes the policy", name)
		}
		files[i] = File{Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256}
	}
	return d.attached(tx.Context(), files)
}

// notCarried says of which message a file cannot go.
func notCarried(p *policy.Policy, message string, err error) error {
	if kind := fault.KindOf(err); kind != "" {
		return fault.New(kind, "“%s” was not sent: %s", p.MessageName(message), fault.Says(err))
	}
	return err
}

// libraryFile is the file of a library that is called so.
func libraryFile(library []store.LibraryFile, name string) (f store.LibraryFile, has bool) {
	i := slices.IndexFunc(library, func(f store.LibraryFile) bool { return f.Name == name })
	if i < 0 {
		return f, false
	}
	return library[i], true
}

// weight is how many bytes some files of a library have together.
func weight(library []store.LibraryFile, names []string) (sum int64) {
	for _, name := range names {
		f, _ := libraryFile(library, name)
		sum += f.Size
	}
	return sum
}

// heavy are the messages of a policy, as people call them, whose files are too large together to be mailed.
func heavy(p *policy.Policy, library []store.LibraryFile) (names []string) {
	for _, id := range p.Keys("messages") {
		if weight(library, p.Doc.Messages[id].Files) > MostAttached {
			names = append(names, p.MessageName(id))
		}
	}
	return names
}
