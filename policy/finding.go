package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how much a finding matters. A document with an error cannot be applied; a warning is probably a mistake;
// a note is something the company should know, such as an assumption nobody has confirmed.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one thing to say about a policy file: where, what, and how to mend it. Lines and columns count from 1, and
// columns count characters. Length is the number of characters the caret line covers.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Length   int      `json:"-"`
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"`
	Message  string   `json:"message"`
	Mend     string   `json:"mend"`
}

// String is the finding on one line, as compilers write it.
func (f Finding) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Severity, f.Message)
	if f.Mend != "" {
		s += "; " + f.Mend
	}
	return s
}

// Caret is the finding with the line of src it is about and carets under the words at fault.
func (f Finding) Caret(src []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s: %s\n", f.File, f.Line, f.Column, f.Severity, f.Message)
	b.WriteString(f.Excerpt(src))
	if f.Mend != "" {
		fmt.Fprintf(&b, "        mend: %s\n", f.Mend)
	}
	return b.String()
}

// Excerpt is the line of src a finding is about, and carets under the words at fault; "" when src has no such line.
func (f Finding) Excerpt(src []byte) string {
	line, ok := lineOf(src, f.Line)
	if !ok {
		return ""
	}
	shown, before, under := excerpt(line, f.Column, f.Length)
	number := fmt.Sprintf("%5d", f.Line)
	return fmt.Sprintf("%s | %s\n%s | %s%s\n", number, shown, strings.Repeat(" ", len(number)), strings.Repeat(" ", before), strings.Repeat("^", under))
}

func lineOf(src []byte, number int) (string, bool) {
	src = normal(src)
	for n := 1; ; n++ {
		line, rest, more := bytes.Cut(src, []byte("\n"))
		if n == number {
			return string(line), true
		}
		if !more {
			return "", false
		}
		src = rest
	}
}

// excerpt cuts a long line down to what fits a terminal around the words at fault, and says how far to indent the
// carets and how many there are. Control characters are shown as spaces.
func excerpt(line string, column, length int) (shown string, before, under int) {
	const wide = 100
	runes := []rune(strings.ToValidUTF8(line, "\uFFFD"))
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = ' '
		}
	}
	at := min(max(column-1, 0), len(runes))
	from := 0
	if len(runes) > wide {
		from = max(0, min(at-wide/3, len(runes)-wide))
		runes = runes[from:min(len(runes), from+wide)]
	}
	before = at - from
	return string(runes), before, max(1, min(length, len(runes)-before))
}

// Findings are in the order of the file.
type Findings []Finding

// Errors reports how many findings forbid the document to be applied.
func (f Findings) Errors() (n int) {
	for _, one := range f {
		if one.Severity == Error {
			n++
		}
	}
	return n
}

// ErrorsFirst puts what has to be mended before what only has to be known.
func (f Findings) ErrorsFirst() Findings {
	first := slices.Clone(f)
	slices.SortStableFunc(first, func(a, b Finding) int { return rank(a) - rank(b) })
	return first
}

func rank(f Finding) int {
	if f.Severity == Error {
		return 0
	}
	return 1
}

// Carets prints every finding with its line of src.
func (f Findings) Carets(src []byte) string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString(one.Caret(src))
	}
	return b.String()
}

func (f Findings) sorted() Findings {
	slices.SortStableFunc(f, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}
