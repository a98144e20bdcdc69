package policy

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"hark/fault"
)

// Format writes a document in the one way every document is written: keys in the order of the types, two spaces, short
// groups on one line, texts in quotes where any program could read them as something else, times with two-digit hours.
// Comments stay with what they stand above or behind; aliases are written out. Formatting twice changes nothing more.
//
// A file with unknown keys or wrong values can be formatted too, as long as it is YAML. The error says why it is not,
// or that formatting would have changed what the file says; then the file is better left alone.
func Format(src []byte) ([]byte, error) {
	src = normal(src)
	r := reader{file: "policy", nodes: map[string]*node{}}
	root := grow(src, r.found)
	if r.findings.Errors() > 0 {
		return nil, fault.New(fault.Invalid, "%s", r.findings.sorted()[0])
	}
	var doc Document
	r.index(root)
	r.value(root, reflect.ValueOf(&doc).Elem(), "")
	f := formatter{}
	header, trailer := attach(root, commentsIn(src))
	f.comments(header, "")
	f.top(root)
	f.comments(trailer, "")
	return f.checked(root, src)
}

// checked reads the result again and compares: a formatter must never change what is said.
func (f *formatter) checked(root *node, src []byte) ([]byte, error) {
	out := []byte(f.String())
	var r reader
	again := grow(out, r.found)
	if again == nil || r.findings.Errors() > 0 || content(again) != content(root) {
		return nil, fault.New(fault.Invalid, "formatting would change what this file says; it is left as it is")
	}
	kept := map[string]int{}
	for _, c := range commentsIn(out) {
		kept[c.text]++
	}
	for _, c := range commentsIn(src) {
		if kept[c.text]--; kept[c.text] < 0 {
			return nil, fault.New(fault.Invalid, "formatting would lose the comment in line %d; the file is left as it is", c.line)
		}
	}
	return out, nil
}

// content is what a tree says, whatever the order of its keys and the spelling of its times.
func content(n *node) string {
	if n.kind == scalar {
		return strconv.Quote(twoDigits(n.text))
	}
	parts := make([]string, len(n.entries))
	for i, e := range n.entries {
		parts[i] = strconv.Quote(e.name) + content(e)
	}
	if n.kind == mapping {
		slices.Sort(parts)
	}
	return strconv.Itoa(int(n.kind)) + "[" + strings.Join(parts, ",") + "]"
}

type comment struct {
	line int
	text string
	own  bool // it has its line for itself
}

func commentsIn(src []byte) (list []comment) {
	line := 0
	for _, t := range lexer.Tokenize(string(src)) {
		if t.Type == token.CommentType {
			list = append(list, comment{t.Position.Line, strings.TrimRight(t.Value, " \t\r"), t.Position.Line != line})
		}
		line = t.Position.Line + strings.Count(strings.TrimSpace(t.Value), "\n")
	}
	return list
}

// attach gives each comment to the outermost value that begins on the next line, or on its own.
func attach(root *node, comments []comment) (header, trailer []string) {
	begins := map[int]*node{}
	var lines []int
	walkFrom(root, func(n *node) {
		if n != root && begins[n.key.line] == nil {
			begins[n.key.line] = n
			lines = append(lines, n.key.line)
		}
	})
	slices.Sort(lines)
	for _, c := range comments {
		i, found := slices.BinarySearch(lines, c.line)
		switch {
		case c.own && i == 0:
			header = append(header, c.text)
		case c.own && i == len(lines):
			trailer = append(trailer, c.text)
		case c.own:
			begins[lines[i]].head = append(begins[lines[i]].head, c.text)
		case found || i > 0:
			if !found {
				i--
			}
			begins[lines[i]].behind(c.text)
		default:
			header = append(header, c.text)
		}
	}
	return header, trailer
}

func (n *node) behind(text string) {
	if n.tail != "" {
		n.head = append(n.head, text)
		return
	}
	n.tail = text
}

func (n *node) commented() bool {
	return len(n.head) > 0 || n.tail != "" || slices.ContainsFunc(n.entries, (*node).commented)
}

const lineWidth = 120

type formatter struct{ strings.Builder }

func (f *formatter) comments(texts []string, indent string) {
	for _, text := range texts {
		f.WriteString(indent + "#" + text + "\n")
	}
}

// top writes the sections of the document, with an empty line around each that is more than a value.
func (f *formatter) top(root *node) {
	single := true
	for i, e := range inOrder(root, reflect.TypeFor[Document]()) {
		short := e.kind == scalar
		if i > 0 && !(short && single) {
			f.WriteString("\n")
		}
		single = short
		f.comments(e.head, "")
		f.entry(e, "", typeAt(reflect.TypeFor[Document](), e.name), len(e.entries) > 0)
	}
}

// entry writes one key with its value. A block is never drawn together on one line.
func (f *formatter) entry(e *node, indent string, t reflect.Type, block bool) {
	head := indent + keySays(e.name) + ":"
	line := head + " " + flow(e, t) + tailSays(e)
	switch {
	case e.kind == scalar && strings.Contains(e.text, "\n"):
		f.WriteString(head + " " + literal(e.text, indent) + "\n")
	case e.kind == scalar || !block && !collects(e, t) && fits(e, line):
		f.WriteString(line + "\n")
	default:
		f.WriteString(head + tailSays(e) + "\n")
		f.below(e, indent+"  ", t)
	}
}

// collects reports a group of things with names, such as states, which stand below each other however few there are.
func collects(n *node, t reflect.Type) bool {
	return len(n.entries) > 0 && t != nil && t.Kind() == reflect.Map && bare(t.Elem()).Kind() == reflect.Struct
}

// below writes the entries of a group or list, one or more lines each.
func (f *formatter) below(n *node, indent string, t reflect.Type) {
	if n.kind == list {
		for _, e := range n.entries {
			f.member(e, indent, elem(t))
		}
		return
	}
	for _, e := range inOrder(n, t) {
		f.comments(e.head, indent)
		f.entry(e, indent, typeAt(t, e.name), false)
	}
}

func (f *formatter) member(e *node, indent string, t reflect.Type) {
	f.comments(e.head, indent)
	line := indent + "- " + flow(e, t) + tailSays(e)
	if e.kind == scalar && !strings.Contains(e.text, "\n") || fits(e, line) {
		f.WriteString(line + "\n")
		return
	}
	if e.tail != "" {
		f.comments([]string{e.tail}, indent)
	}
	if e.kind == scalar {
		f.WriteString(indent + "- " + literal(e.text, indent) + "\n")
		return
	}
	var inner formatter
	if entries := inOrder(e, t); e.kind == mapping && len(entries) > 0 {
		f.comments(entries[0].head, indent)
		entries[0].head = nil
	}
	inner.below(e, indent+"  ", t)
	f.WriteString(indent + "- " + strings.TrimPrefix(inner.String(), indent+"  "))
}

// fits reports whether a group or list is written on one line: it is short, has no comments and no long texts inside.
func fits(n *node, line string) bool {
	inner := slices.ContainsFunc(n.entries, (*node).commented)
	return len(n.entries) == 0 || !inner && utf8.RuneCountInString(line) <= lineWidth && !strings.Contains(line, `\n`)
}

func tailSays(n *node) string {
	if n.tail == "" {
		return ""
	}
	return " #" + n.tail
}

// flow is a value on one line.
func flow(n *node, t reflect.Type) string {
	switch {
	case n.kind == scalar:
		return scalarSays(n)
	case n.kind == list:
		parts := make([]string, len(n.entries))
		for i, e := range n.entries {
			parts[i] = flow(e, elem(t))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var parts []string
	for _, e := range inOrder(n, t) {
		parts = append(parts, keySays(e.name)+": "+flow(e, typeAt(t, e.name)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// inOrder are the entries of a group, those of a document type in the order of its fields, what it does not know behind.
func inOrder(n *node, t reflect.Type) []*node {
	if t == nil || t.Kind() != reflect.Struct {
		return n.entries
	}
	rank := map[string]int{}
	fields := fieldsOf(t)
	for i, f := range fields {
		rank[f.name] = i
	}
	entries := slices.Clone(n.entries)
	slices.SortStableFunc(entries, func(a, b *node) int { return rankOf(rank, a) - rankOf(rank, b) })
	return entries
}

func rankOf(rank map[string]int, n *node) int {
	if i, known := rank[n.name]; known {
		return i
	}
	return len(rank)
}

// typeAt is the document type below a key, nil where there is none.
func typeAt(t reflect.Type, key string) reflect.Type {
	switch {
	case t == nil:
		return nil
	case t.Kind() == reflect.Map:
		return elem(t)
	case t.Kind() != reflect.Struct:
		return nil
	}
	for _, f := range fieldsOf(t) {
		if f.name == key {
			return bare(t.Field(f.index).Type)
		}
	}
	return nil
}

func elem(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		return nil
	}
	return bare(t.Elem())
}

func bare(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

var bareText = regexp.MustCompile(`^[A-Za-z0-9/][A-Za-z0-9 _/@.%-]*$`)

// sentences are the keys under which people write whole sentences; they always stand in quotes, so that a colon or a
// comma added later does not change what the file says.
var sentences = map[string]bool{
	"says": true, "say": true, "means": true, "text": true, "subject": true, "body": true, "hint": true, "ask": true, "because": true, "next": true,
	"intro": true, "advice": true, "note": true, "why": true, "why_no_dates": true, "we_still": true, "task": true,
}

// scalarSays writes a scalar so that every program reads the same.
func scalarSays(n *node) string {
	text := n.text
	if n.place == "Calendar.week" || n.place == "Except.hours" {
		text = twoDigits(text)
	}
	isText := n.typ == plain || n.typ == quoted || n.isText && n.typ != null
	switch {
	case n.typ == null && !n.isText:
		return "null"
	case n.typ == null:
		return `""`
	case isText && (n.typ == quoted && n.place == "Calendar.week" || sentences[lastKey(n.place)] || !bareText.MatchString(text) || misread(text)):
		return quote(text)
	}
	return text
}

func keySays(key string) string {
	if bareText.MatchString(key) && !misread(key) {
		return key
	}
	return quote(key)
}

// misread reports a text that some program takes for a number, a date or a truth when it is not quoted.
func misread(s string) bool {
	digits := strings.ReplaceAll(s, "_", "") // YAML 1.1 lets them part the digits anywhere
	_, notInt := strconv.ParseInt(digits, 0, 64)
	_, notFloat := strconv.ParseFloat(digits, 64)
	return notInt == nil || notFloat == nil || yamlWords[strings.ToLower(s)] || datePattern.MatchString(s) || strings.HasSuffix(s, " ")
}

// quote writes a text in double quotes; JSON's escapes are YAML's too.
func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// literal writes a text of several lines as such; where YAML would lose something of it, as one quoted line.
func literal(text, indent string) string {
	body, end := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	risky := func(line string) bool {
		return strings.TrimSpace(line) != line || strings.ContainsAny(line, "\t\r\u0085\u2028\u2029")
	}
	if slices.ContainsFunc(lines, risky) || lines[0] == "" || lines[len(lines)-1] == "" {
		return quote(text)
	}
	sign := "|-"
	if end {
		sign = "|"
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + "  " + line
		}
	}
	return sign + "\n" + strings.Join(lines, "\n")
}
