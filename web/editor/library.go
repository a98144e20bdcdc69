package editor

// Library is the files of a brand that its procedures name.
type Library struct {
	Brand string
	Files []LibraryFile
	Wrong string // with the file that was just sent
}

// LibraryFile is one of them.
type LibraryFile struct {
	ID    string
	Name  string // as a step names it
	Size  string
	Added string // "by Ana Kuhn, 3 days ago"
}
