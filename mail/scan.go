package mail

import (
	"bytes"
	"slices"
	"strings"

	"hark/fault"
)

// The limits of what is read at all. A mail beyond one of them is kept raw and shown as a record (threats H4 and H5);
// both popular libraries need seconds to minutes for mails that are only a little larger than these.
const (
	MaxSize        = 64 << 20  // bytes of a whole mail
	MaxDepth       = 20        // parts within parts
	MaxParts       = 500       // parts in the whole mail
	MaxHeaders     = 1_000     // fields in one header block
	MaxHeaderBytes = 256 << 10 // bytes of one header block
	MaxAllHeaders  = 5_000     // fields in all header blocks of the mail
	MaxAddresses   = 1_000     // addresses in all address fields
	MaxFilename    = 255       // bytes of a file name; longer names are cut, the file is kept
	MaxReferences  = 100       // ids of In-Reply-To and References that are looked at; the first and the last ones stay
	maxBoundary    = 250       // bytes of a boundary; RFC 2046 allows 70
)

// Scan reports the first limit that a raw mail breaks. It takes one linear pass and holds no more than the headers.
func Scan(raw []byte) error {
	_, _, err := read(raw)
	return err
}

// part is one node of a mail: either it has children (multipart), or it has a body.
type part struct {
	fields   []Field
	kind     string // media type in lower case, such as "text/plain"
	params   map[string]string
	body     []byte // not yet decoded
	children []*part
}

// read splits a raw mail into its parts, or says which limit it breaks. What is broken but readable is told in defects.
func read(raw []byte) (*part, []string, error) {
	if len(raw) > MaxSize {
		return nil, nil, fault.New(fault.TooLarge, "the mail has %d bytes, more than the %d that are read; it is kept as it came", len(raw), MaxSize)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil, fault.New(fault.Invalid, "the mail is empty")
	}
	if bytes.IndexByte(raw, '\n') < 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	s := &scanner{rest: raw}
	root, _, err := s.part(1, "text/plain")
	if err == nil {
		err = tooManyAddresses(root.fields)
	}
	return root, s.defects, err
}

type scanner struct {
	rest    []byte
	marks   []string // boundaries of the multiparts we are in, outermost first
	parts   int
	fields  int
	defects []string
}

// stop says what ended a part: the boundary line of an open multipart (its level in marks), or the end of the mail (-1).
type stop struct {
	level int
	last  bool // the line closes the multipart
}

var endOfMail = stop{level: -1, last: true}

// part reads one part with its children and returns what ended it.
func (s *scanner) part(depth int, defaultKind string) (*part, stop, error) {
	p, err := s.head(depth, defaultKind)
	if err != nil {
		return nil, stop{}, err
	}
	if !strings.HasPrefix(p.kind, "multipart/") {
		body, end := s.untilMark()
		p.body = body
		return p, end, nil
	}
	return s.multipart(p, depth)
}

// head reads the header block of a part and counts it against the limits.
func (s *scanner) head(depth int, defaultKind string) (*part, error) {
	s.parts++
	switch {
	case depth > MaxDepth:
		return nil, fault.New(fault.TooLarge, "the mail has parts nested deeper than %d; it is kept as it came", MaxDepth)
	case s.parts > MaxParts:
		return nil, fault.New(fault.TooLarge, "the mail has more than %d parts; it is kept as it came", MaxParts)
	}
	if err := headersWithin(s.rest); err != nil {
		return nil, err
	}
	fields, rest, broken := header(s.rest)
	if s.fields += len(fields); s.fields > MaxAllHeaders {
		return nil, fault.New(fault.TooLarge, "the mail has more than %d header fields in all its parts; it is kept as it came", MaxAllHeaders)
	}
	if broken && !s.atMark() {
		s.defect("a header ends without an empty line")
	}
	s.rest = rest
	p := &part{fields: fields}
	p.kind, p.params = parameters(first(fields, "Content-Type"))
	if !typeForm.MatchString(p.kind) {
		if p.kind != "" {
			s.defect("the content type " + quote(p.kind) + " is not one")
		}
		p.kind = defaultKind
	}
	return p, nil
}

// headersWithin checks the header block at the start of b before it is split into fields.
func headersWithin(b []byte) error {
	for n, size := 0, 0; len(b) > 0; {
		line, rest := cutLine(b)
		if len(line) == 0 {
			return nil
		}
		if line[0] != ' ' && line[0] != '\t' {
			n++
			if _, ok := fieldName(line); !ok && !isMboxLine(line) {
				return nil
			}
		}
		size += len(b) - len(rest)
		switch {
		case n > MaxHeaders:
			return fault.New(fault.TooLarge, "a header has more than %d fields; the mail is kept as it came", MaxHeaders)
		case size > MaxHeaderBytes:
			return fault.New(fault.TooLarge, "a header has more than %d bytes; the mail is kept as it came", MaxHeaderBytes)
		}
		b = rest
	}
	return nil
}

// multipart reads the children of p, whose header has just been read.
func (s *scanner) multipart(p *part, depth int) (*part, stop, error) {
	boundary := strings.TrimRight(p.params["boundary"], " \t")
	if boundary == "" || len(boundary) > maxBoundary {
		s.defect("a part of several parts names no usable boundary and is read as text")
		body, end := s.untilMark()
		p.kind, p.body = "text/plain", body
		return p, end, nil
	}
	whole, level := s.rest, len(s.marks)
	s.marks = append(s.marks, boundary)
	end, err := s.childrenOf(p, level, depth)
	s.marks = s.marks[:level]
	switch {
	case err != nil:
		return nil, stop{}, err
	case end.level == level:
		_, end = s.untilMark() // the epilogue
	default:
		s.defect("a part of several parts is never closed")
	}
	if len(p.children) == 0 {
		s.defect("a part of several parts has none; its content is read as text")
		p.kind, p.body = "text/plain", whole[:len(whole)-len(s.rest)]
	}
	return p, end, nil
}

// childrenOf reads parts until the multipart of that level is closed, or one around it goes on.
func (s *scanner) childrenOf(p *part, level, depth int) (stop, error) {
	_, end := s.untilMark() // the preamble is for readers without MIME
	kind := "text/plain"
	if p.kind == "multipart/digest" {
		kind = "message/rfc822"
	}
	for end.level == level && !end.last {
		child, e, err := s.part(depth+1, kind)
		if err != nil {
			return stop{}, err
		}
		p.children, end = append(p.children, child), e
	}
	return end, nil
}

// untilMark returns everything up to the next boundary line of an open multipart, and moves past that line.
func (s *scanner) untilMark() ([]byte, stop) {
	if len(s.marks) == 0 {
		body := s.rest
		s.rest = nil
		return body, endOfMail
	}
	all := s.rest
	for at := 0; at < len(all); {
		if bytes.HasPrefix(all[at:], []byte("--")) {
			line, rest := cutLine(all[at:])
			if end, ok := s.isMark(line); ok {
				s.rest = rest
				return withoutLineEnd(all[:at]), end
			}
		}
		i := bytes.Index(all[at:], []byte("\n--"))
		if i < 0 {
			break
		}
		at += i + 1
	}
	s.rest = nil
	return all, endOfMail
}

func (s *scanner) atMark() bool {
	line, _ := cutLine(s.rest)
	_, ok := s.isMark(line)
	return ok
}

// isMark recognises the boundary line of any open multipart, the innermost first.
func (s *scanner) isMark(line []byte) (stop, bool) {
	if len(line) < 3 || len(line) > maxBoundary+100 || line[0] != '-' || line[1] != '-' {
		return stop{}, false
	}
	line = bytes.TrimRight(line[2:], " \t")
	for level := len(s.marks) - 1; level >= 0; level-- {
		mark := s.marks[level]
		switch len(line) - len(mark) {
		case 0:
			if string(line) == mark {
				return stop{level, false}, true
			}
		case 2:
			if string(line[:len(mark)]) == mark && string(line[len(mark):]) == "--" {
				return stop{level, true}, true
			}
		}
	}
	return stop{}, false
}

// withoutLineEnd drops the line end before a boundary, which belongs to the boundary (RFC 2046, 5.1.1).
func withoutLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

func (s *scanner) defect(what string) {
	if !slices.Contains(s.defects, what) {
		s.defects = append(s.defects, what)
	}
}

var addressFields = []string{"From", "Sender", "Reply-To", "To", "Cc", "Bcc"}

// tooManyAddresses counts separators, which is never less than the number of addresses.
func tooManyAddresses(fields []Field) error {
	n := 0
	for _, f := range fields {
		if slices.ContainsFunc(addressFields, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
			n += 1 + strings.Count(f.Value, ",") + strings.Count(f.Value, ";")
		}
	}
	if n > 2*MaxAddresses {
		return fault.New(fault.TooLarge, "the mail names more than %d addresses; it is kept as it came", MaxAddresses)
	}
	return nil
}

// quote shows foreign text inside one of our sentences, cut to a readable length.
func quote(s string) string {
	s = oneLine(s)
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "..."
	}
	return `"` + s + `"`
}
