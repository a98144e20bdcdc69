package policy

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"hark/fault"
)

// Text is a policy as it is written: every value with the lines on which it stands, whether or not the whole can be run
// already. Forms are drawn from it, and sentences find their rule in it. It does not change; [Set] and its neighbours
// make a new file.
type Text struct {
	p    *Policy // as far as the file could be understood
	src  string
	from []int // where each line begins, in bytes
}

// ReadText takes a file apart. Mistakes in what it says do not matter; the error is [fault.Invalid] when it cannot be read as
// YAML at all, and says where.
func ReadText(source []byte) (*Text, error) {
	src := normal(source)
	r := reader{file: "policy", nodes: map[string]*node{}}
	root := grow(src, r.found)
	if root == nil {
		return nil, fault.New(fault.Invalid, "%s", r.findings.sorted()[0])
	}
	p := &Policy{File: "policy", root: root, nodes: r.nodes}
	r.index(root)
	r.value(root, reflect.ValueOf(&p.Doc).Elem(), "")
	p.compile(&r)
	return &Text{p: p, src: string(src), from: lineStarts(src)}, nil
}

func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, c := range src {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// Lines are the first and the last line on which the value at a path stands, counted from 1; zeros when it does not.
func (t *Text) Lines(path string) (first, last int) {
	n := t.p.nodes[path]
	if n == nil || n == t.p.root {
		return 0, 0
	}
	return n.key.line, max(n.key.line, t.lineAt(t.end(n)))
}

// Title is what people call the rule at a path, and which part of it is meant: "First reminder, since". A path that leads
// nowhere is told as it is.
func (t *Text) Title(path string) string { return t.p.RuleName(path) }

// Known reports whether anything stands at a path.
func (t *Text) Known(path string) bool { return t.p.nodes[path] != nil }

func (t *Text) lineAt(at int) int {
	i, found := slices.BinarySearch(t.from, at)
	if found {
		return i + 1
	}
	return i
}

// at is where a span begins, in bytes. Columns count characters.
func (t *Text) at(s span) int {
	if s.line < 1 || s.line > len(t.from) {
		return len(t.src)
	}
	at := t.from[s.line-1]
	for column := 1; column < s.column && at < len(t.src) && t.src[at] != '\n'; column++ {
		_, size := utf8.DecodeRuneInString(t.src[at:])
		at += size
	}
	return at
}

// begin is where an entry begins: at its key, or for a member of a list at its value.
func (t *Text) begin(n *node) int {
	if n.name == "" && n.kind != scalar && !t.flow(n) && len(n.entries) > 0 {
		return t.begin(n.entries[0])
	}
	return t.at(n.key)
}

// flow reports whether a group or list is written in brackets.
func (t *Text) flow(n *node) bool {
	at := t.at(n.at)
	return n.kind != scalar && at < len(t.src) && (t.src[at] == '{' || t.src[at] == '[')
}

// end is where a value ends, in bytes, without the comment behind it.
func (t *Text) end(n *node) int {
	switch {
	case n.kind == scalar:
		return t.scalarEnd(n)
	case t.flow(n):
		return t.closing(t.at(n.at))
	case len(n.entries) == 0:
		return t.at(n.at)
	}
	return t.end(n.entries[len(n.entries)-1])
}

func (t *Text) scalarEnd(n *node) int {
	at := t.at(n.at)
	if n.typ == null && !strings.HasPrefix(t.src[at:], "null") && !strings.HasPrefix(t.src[at:], "~") {
		return at
	}
	switch rest := t.src[at:]; {
	case n.typ == quoted && strings.HasPrefix(rest, `"`):
		return at + closingQuote(rest, '"', '\\')
	case n.typ == quoted && strings.HasPrefix(rest, `'`):
		return at + closingQuote(rest, '\'', '\'')
	case n.typ == quoted:
		return t.blockEnd(n)
	}
	return t.plainEnd(at, n.text)
}

// closingQuote is how long a quoted text is. In single quotes the sign that escapes is the quote itself.
func closingQuote(rest string, quote, escape byte) int {
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == escape && i+1 < len(rest) && (escape != quote || rest[i+1] == quote):
			i++
		case rest[i] == quote:
			return i + 1
		}
	}
	return len(rest)
}

// blockEnd is the end of a text below | or >: the last line that is indented further than its key.
func (t *Text) blockEnd(n *node) int {
	end, outer := t.lineEnd(n.at.line), t.indent(n.key.line)
	for line := n.at.line + 1; line <= len(t.from); line++ {
		text := t.line(line)
		if strings.TrimSpace(text) != "" && len(text)-len(strings.TrimLeft(text, " ")) <= outer {
			break
		}
		if strings.TrimSpace(text) != "" {
			end = t.lineEnd(line)
		}
	}
	return end
}

// plainEnd follows a text without quotes word by word: it may be folded over several lines.
func (t *Text) plainEnd(at int, text string) int {
	end := at
	for _, word := range strings.Fields(text) {
		for end < len(t.src) && strings.IndexByte(" \t\n", t.src[end]) >= 0 {
			end++
		}
		if !strings.HasPrefix(t.src[end:], word) {
			return end
		}
		end += len(word)
	}
	return end
}

// closing is behind the bracket that closes the one at a place. Brackets in quotes and in comments do not count.
func (t *Text) closing(at int) int {
	depth := 0
	for i := at; i < len(t.src); i++ {
		switch c := t.src[i]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'':
			if strings.IndexByte(" \t\n{[,:", t.src[i-1]) >= 0 {
				i += closingQuote(t.src[i:], c, map[byte]byte{'"': '\\', '\'': '\''}[c]) - 1
			}
		case '#':
			if strings.IndexByte(" \t\n", t.src[i-1]) >= 0 {
				i = t.lineEnd(t.lineAt(i)) - 1
			}
		}
	}
	return len(t.src)
}

func (t *Text) line(number int) string { return t.src[t.from[number-1]:t.lineEnd(number)] }

func (t *Text) lineEnd(number int) int {
	if number < len(t.from) {
		return t.from[number] - 1
	}
	return len(t.src)
}

func (t *Text) indent(line int) int {
	text := t.line(line)
	return len(text) - len(strings.TrimLeft(text, " "))
}

// column is how far a place is from the beginning of its line, in bytes.
func (t *Text) column(at int) int { return at - t.from[t.lineAt(at)-1] }

func (t *Text) isJSON() bool { return bytes.HasPrefix(bytes.TrimSpace([]byte(t.src)), []byte("{")) }
