package policy

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a policy file. They are far above what a company writes and keep a hostile file from costing more than
// a moment: YAML can be nested, repeated by aliases and made of very many keys at little expense to its author.
const (
	MostBytes   = 1 << 20
	mostTokens  = 100_000
	mostKeys    = 8_000
	mostNodes   = 50_000
	mostDepth   = 32
	mostEntries = 1_000
	mostText    = 20_000
	mostFound   = 100
)

type kind int

const (
	scalar kind = iota
	mapping
	list
)

// scalarType is what a scalar looks like to YAML. Only plain ones can be mistaken for something else.
type scalarType int

const (
	plain scalarType = iota
	quoted
	integer
	decimal
	boolean
	null
)

// node is one value of the file and the place where it stands. The file's order is the order of entries.
type node struct {
	path    string // "lifecycle.timers.reminder-1.after"; the members of a list go by their id, or by their number
	name    string // the key under which it stands; "" in a list
	kind    kind
	typ     scalarType
	text    string
	key     span   // where the key stands; for members of a list, the value
	at      span   // where the value stands
	place   string // what it is in the document's types, "Timer.after"
	says    string // for people, where that differs from the text: durations in words
	entries []*node

	isText bool     // the document's types want a text here
	head   []string // comments above it, for Format
	tail   string   // the comment behind it
}

type span struct{ line, column, length int }

func (n *node) entry(name string) *node {
	for _, e := range n.entries {
		if e.name == name {
			return e
		}
	}
	return nil
}

// scalarAt is the text under a key, and "" when there is none.
func (n *node) scalarAt(name string) string {
	if e := n.entry(name); e != nil && e.kind == scalar {
		return e.text
	}
	return ""
}

// describe names what stands here, for messages about what should.
func (n *node) describe() string {
	switch {
	case n.kind == mapping:
		return "a group of keys"
	case n.kind == list:
		return "a list"
	case n.typ == null:
		return "nothing"
	case n.typ == integer || n.typ == decimal:
		return "the number " + clip(n.text)
	case n.typ == boolean:
		return n.text
	}
	return "the text " + strconv.Quote(clip(n.text))
}

func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "..."
}

// grower turns the parser's tree into ours: anchors followed, keys as text, duplicates and excess reported.
type grower struct {
	report  func(span, string, string, string)
	anchors map[string]ast.Node
	open    map[string]bool // aliases being followed, against loops
	nodes   int
	full    bool
}

// grow reads YAML or JSON. A nil node means that the findings say why there is none.
func grow(src []byte, report func(at span, rule, message, mend string)) *node {
	src = normal(src)
	body, ok := parseYAML(src, report)
	if !ok {
		return nil
	}
	g := grower{report: report, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	root := g.value(body, 0)
	if root == nil || root.kind != mapping {
		report(span{1, 1, 1}, "syntax", "this is not a policy: the file is not a group of keys", "begin with: policy: hark/v1")
		return nil
	}
	name(root, "")
	return root
}

// normal is a file without the marks that some editors leave: a byte order mark, and line ends of two characters. Lines
// and columns stay what they are.
func normal(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !bytes.Contains(src, []byte("\r\n")) {
		return src
	}
	return bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
}

func parseYAML(src []byte, report func(span, string, string, string)) (ast.Node, bool) {
	if len(src) > MostBytes {
		report(span{1, 1, 1}, "too-large", fmt.Sprintf("the file has %d bytes; a policy has at most %d", len(src), MostBytes), "split it, or leave out what is not policy")
		return nil, false
	}
	if at, ok := validUTF8(src); !ok {
		report(at, "syntax", "this byte is not UTF-8 text", "save the file as UTF-8")
		return nil, false
	}
	tokens := lexer.Tokenize(string(src))
	if at, why := excessive(tokens); why != "" {
		report(at, "too-large", why, "a policy is far smaller; look for a mistake, or write it simpler")
		return nil, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, message := syntaxError(err)
		report(at, "syntax", message, syntaxMend(message))
		return nil, false
	}
	return onlyDocument(file, report)
}

// onlyDocument refuses a second document: half of the file would silently not count.
func onlyDocument(file *ast.File, report func(span, string, string, string)) (body ast.Node, ok bool) {
	for _, doc := range file.Docs {
		if _, isDirective := doc.Body.(*ast.DirectiveNode); doc.Body == nil || isDirective {
			continue
		}
		if body != nil {
			report(spanOf(doc.Body.GetToken()), "syntax", "a second document begins here", "keep one policy in a file; remove the line with ---")
			return nil, false
		}
		body = doc.Body
	}
	if body == nil {
		report(span{1, 1, 1}, "syntax", "the file is empty", "begin with: policy: hark/v1")
	}
	return body, body != nil
}

func validUTF8(src []byte) (span, bool) {
	at := span{1, 1, 1}
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			return at, false
		}
		at.column++
		if r == '\n' {
			at = span{at.line + 1, 1, 1}
		}
		i += size
	}
	return at, true
}

// excessive says why the tokens are too many or too deep for the parser, which calls itself for every level and for
// every key of a group.
func excessive(tokens token.Tokens) (at span, why string) {
	var m measure
	for i, t := range tokens {
		m.take(t)
		switch {
		case m.depth > mostDepth || m.chain > mostDepth:
			return spanOf(t), fmt.Sprintf("this is nested more than %d levels deep", mostDepth)
		case m.entries > mostEntries:
			return spanOf(t.Prev), fmt.Sprintf("this is entry number %d; a list or group has at most %d", m.entries, mostEntries)
		case m.keys > mostKeys:
			return spanOf(t), fmt.Sprintf("this is key number %d; a policy has at most %d", m.keys, mostKeys)
		case i >= mostTokens:
			return spanOf(t), fmt.Sprintf("a policy has at most %d words and signs", mostTokens)
		}
	}
	return span{}, ""
}

// measure is how deep and how many the tokens are so far.
type measure struct {
	depth   int // of brackets
	chain   int // of signs that nest on one line: - ? & !
	line    int
	keys    int
	entries int // of the indented group that the last key belongs to
	blocks  columns
}

func (m *measure) take(t *token.Token) {
	if t.Position.Line != m.line {
		m.chain, m.line = 0, t.Position.Line
	}
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		m.depth++
	case token.MappingEndType, token.SequenceEndType:
		m.depth--
	case token.SequenceEntryType:
		m.chain++
		m.blocks.close(t.Position.Column)
	case token.MappingKeyType, token.AnchorType, token.TagType:
		m.chain++
	case token.MappingValueType:
		m.keys++
		if m.depth == 0 && t.Prev != nil {
			m.entries = m.blocks.add(t.Prev.Position.Column)
		}
	}
}

// columns counts the keys of the indented groups that are open, by the column they stand in.
type columns []struct{ column, keys int }

// add counts a key and returns how many its group has by now.
func (c *columns) add(column int) int {
	c.close(column)
	open := *c
	if len(open) == 0 || open[len(open)-1].column < column {
		open = append(open, struct{ column, keys int }{column, 0})
	}
	last := &open[len(open)-1]
	last.keys++
	*c = open
	return last.keys
}

// close ends the groups that are indented further.
func (c *columns) close(column int) {
	for len(*c) > 0 && (*c)[len(*c)-1].column > column {
		*c = (*c)[:len(*c)-1]
	}
}

func syntaxError(err error) (span, string) {
	placed, ok := err.(interface {
		GetMessage() string
		GetToken() *token.Token
	})
	if !ok || placed.GetToken() == nil {
		return span{1, 1, 1}, "this is not YAML: " + clip(err.Error())
	}
	return spanOf(placed.GetToken()), placed.GetMessage()
}

func syntaxMend(message string) string {
	switch {
	case strings.Contains(message, "tab"):
		return "indent with spaces"
	case strings.Contains(message, "must be specified"):
		return "close the bracket that is open here"
	case strings.Contains(message, "end character"):
		return "close the quotation mark"
	case strings.Contains(message, "mapping value"):
		return "put the text in double quotes if the colon belongs to it, or begin a new line"
	}
	return "look at the indentation, the brackets and the quotation marks around here"
}

func spanOf(t *token.Token) span {
	if t == nil || t.Position == nil {
		return span{1, 1, 1}
	}
	length := utf8.RuneCountInString(strings.TrimSpace(t.Origin))
	if line, _, more := strings.Cut(strings.TrimSpace(t.Origin), "\n"); more {
		length = utf8.RuneCountInString(line)
	}
	return span{t.Position.Line, t.Position.Column, max(1, length)}
}

// value grows one value, or returns nil when there are too many.
func (g *grower) value(n ast.Node, depth int) *node {
	if g.nodes++; g.full || g.nodes > mostNodes || depth > mostDepth {
		if !g.full {
			g.report(spanOf(n.GetToken()), "too-large", fmt.Sprintf("with its aliases written out this has more than %d values, or %d levels", mostNodes, mostDepth), "use fewer aliases")
		}
		g.full = true
		return nil
	}
	at := spanOf(n.GetToken())
	switch v := n.(type) {
	case *ast.MappingNode:
		if v.Start != nil && v.IsFlowStyle {
			at = spanOf(v.Start)
		}
		return g.mapping(v.Values, at, depth)
	case *ast.MappingValueNode:
		return g.mapping([]*ast.MappingValueNode{v}, at, depth)
	case *ast.SequenceNode:
		return g.list(v, at, depth)
	case *ast.AnchorNode:
		g.anchors[v.Name.GetToken().Value] = v.Value
		return g.value(v.Value, depth+1)
	case *ast.AliasNode:
		return g.alias(v, at, depth)
	case *ast.TagNode:
		g.report(at, "syntax", "a policy has no tags; "+clip(v.Start.Value)+" says how a program should read what follows", "remove it")
		return g.value(v.Value, depth+1)
	case *ast.LiteralNode:
		return g.scalar(v.Value.Value, quoted, at)
	}
	return g.plainValue(n, at)
}

func (g *grower) plainValue(n ast.Node, at span) *node {
	t := n.GetToken()
	switch n.(type) {
	case *ast.NullNode:
		return g.scalar("", null, at)
	case *ast.BoolNode:
		return g.scalar(t.Value, boolean, at)
	case *ast.IntegerNode:
		return g.scalar(t.Value, integer, at)
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return g.scalar(t.Value, decimal, at)
	case *ast.StringNode:
		if t.Type == token.DoubleQuoteType || t.Type == token.SingleQuoteType {
			return g.scalar(t.Value, quoted, at)
		}
		return g.scalar(t.Value, plain, at)
	}
	g.report(at, "syntax", "this cannot stand here", "write a text, a list or a group of keys")
	return g.scalar("", null, at)
}

func (g *grower) scalar(text string, typ scalarType, at span) *node {
	if len(text) > mostText {
		g.report(at, "too-large", fmt.Sprintf("this text has %d bytes; a text has at most %d", len(text), mostText), "shorten it")
	}
	return &node{kind: scalar, typ: typ, text: text, at: at, key: at}
}

func (g *grower) mapping(values []*ast.MappingValueNode, at span, depth int) *node {
	n := &node{kind: mapping, at: at, key: at}
	seen := map[string]span{}
	for _, v := range values {
		key, ok := g.keyOf(v.Key)
		if !ok {
			continue
		}
		where := spanOf(v.Key.GetToken())
		if first, twice := seen[key]; twice {
			g.report(where, "duplicate-key", fmt.Sprintf("%q is written twice here, first in line %d", clip(key), first.line), "keep one of the two")
			continue
		}
		seen[key] = where
		g.add(n, g.value(v.Value, depth+1), key, where)
	}
	return n
}

// keyOf is a key as text. Merge keys are refused: what they bring in cannot be seen where it is used.
func (g *grower) keyOf(key ast.MapKeyNode) (string, bool) {
	switch key.(type) {
	case *ast.StringNode, *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.NullNode:
		return key.GetToken().Value, true
	case *ast.MergeKeyNode:
		g.report(spanOf(key.GetToken()), "syntax", "<< is not used in a policy", "write the keys out, or use an alias for a whole value")
	default:
		g.report(spanOf(key.GetToken()), "syntax", "this cannot be a key", "write a word before the colon")
	}
	return "", false
}

func (g *grower) list(v *ast.SequenceNode, at span, depth int) *node {
	n := &node{kind: list, at: at, key: at}
	for _, member := range v.Values {
		value := g.value(member, depth+1)
		if value != nil {
			g.add(n, value, "", value.at)
		}
	}
	return n
}

func (g *grower) add(to, value *node, name string, key span) {
	if value == nil {
		return
	}
	value.name, value.key = name, key
	if len(to.entries) == mostEntries {
		g.report(key, "too-large", fmt.Sprintf("this is entry number %d; a list or group has at most %d", mostEntries+1, mostEntries), "write fewer")
		g.full = true
	}
	to.entries = append(to.entries, value)
}

func (g *grower) alias(v *ast.AliasNode, at span, depth int) *node {
	id := v.Value.GetToken().Value
	target, ok := g.anchors[id]
	if !ok || g.open[id] {
		g.report(at, "syntax", fmt.Sprintf("*%s repeats something that is not written before it", clip(id)), "write &"+clip(id)+" before the value that should be repeated")
		return g.scalar("", null, at)
	}
	g.open[id] = true
	defer delete(g.open, id)
	return g.value(target, depth+1)
}

// name gives every node its path.
func name(n *node, path string) {
	n.path = path
	for i, e := range n.entries {
		step := e.name
		if n.kind == list {
			step = memberName(e, i)
		}
		name(e, strings.TrimPrefix(path+"."+step, "."))
	}
}

func memberName(n *node, i int) string {
	if id := n.scalarAt("id"); id != "" {
		return id
	}
	return strconv.Itoa(i)
}
