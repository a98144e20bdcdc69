package editor

// Library is the files of a brand that its procedures and messages name.
type Library struct {
	Brand string
	Files []LibraryFile
	Wrong string // with the file that was just sent
}

// LibraryFile is one of them.
type LibraryFile struct {
	ID      string
	Name    string // as a step or a message names it
	Size    string
	Changed string // "Ana Kuhn, 3 days ago"
	Wrong   string // with the new version that was just sent
}
