package policy

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hark/fault"
)

// In this file a form changes a file. Only the letters of the value itself are exchanged: order, comments, quotes and
// everything else stay as somebody wrote them. The result is read again and compared with what was meant; an edit that
// would say anything else is refused, and the file is left as it is.

// Set gives the scalar at a path another value, written as its place wants it: true and false for yes and no, digits for a
// number, 1bd for a duration, anything else as a text. A key that is not there yet is added to its group; an empty value
// takes a key out that may be absent. Setting what is there already changes no byte.
//
// The error is [fault.NotFound] when there is no such place, and [fault.Invalid] when the value stands in a way that a form
// cannot change, such as an alias. Whether the new value makes sense is for [Parse] and [Policy.Lint].
func Set(source []byte, path, value string) ([]byte, error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	n, optional := t.p.nodes[path], t.optional(path)
	switch {
	case n == nil && value == "":
		return source, nil
	case n == nil:
		return t.insert(path, t.spell(value, t.typeOf(path), path))
	case n.kind != scalar:
		return nil, fault.New(fault.Invalid, "%s is %s; change it in the text", path, n.describe())
	case n.text == value && (n.typ != null || value != ""):
		return source, nil
	case value == "" && optional:
		return Remove(source, path)
	}
	return t.exchange(n, value)
}

// SetList gives a list of plain values other members. Those that stay keep their place and their comments.
func SetList(source []byte, path string, values []string) ([]byte, error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	n := t.p.nodes[path]
	switch {
	case n == nil && len(values) == 0:
		return source, nil
	case n == nil || len(n.entries) == 0 && len(values) > 0:
		return t.fillList(path, values)
	case n.kind == list && len(values) == 0 && t.optional(path):
		return Remove(source, path)
	case n.kind == list && len(values) == 0:
		return t.exchangeList(n)
	case n.kind == scalar:
		return Set(source, path, strings.Join(values, ", "))
	}
	return setMembers(source, path, len(n.entries), values)
}

// setMembers writes over the members there are, takes out those that are too many and puts new ones behind.
func setMembers(source []byte, path string, had int, values []string) (out []byte, err error) {
	out = source
	for i := had - 1; i >= len(values) && err == nil; i-- {
		out, err = Remove(out, path+"."+strconv.Itoa(i))
	}
	for i, value := range values {
		if err == nil && i < had {
			out, err = Set(out, path+"."+strconv.Itoa(i), value)
		} else if err == nil {
			out, err = addMember(out, path, value)
		}
	}
	return out, err
}

func addMember(source []byte, path, value string) ([]byte, error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	return t.insert(path+"."+strconv.Itoa(len(t.p.nodes[path].entries)), t.spell(value, elem(t.typeOf(path)), path))
}

// fillList writes a list that is not there, or empty.
func (t *Text) fillList(path string, values []string) ([]byte, error) {
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = t.spell(value, elem(t.typeOf(path)), path)
	}
	text := "[" + strings.Join(parts, ", ") + "]"
	n := t.p.nodes[path]
	if n == nil {
		return t.insert(path, text)
	}
	return t.replace(t.at(n.at), t.end(n), text, func(after *node) { adopt(after, n, t.grown(text)) })
}

func (t *Text) exchangeList(n *node) ([]byte, error) {
	if !t.flow(n) {
		return nil, fault.New(fault.Invalid, "%s needs at least one member", n.path)
	}
	return t.replace(t.at(n.at), t.end(n), "[]", func(*node) { n.entries = nil })
}

// Add puts a new entry behind the others of a list or group: with this id, and with what an entry of its kind needs to be
// read. The id of a member of a list without ids is left out. The error is [fault.Invalid] when the id is taken, or when
// nothing can be added there.
func Add(source []byte, path, name string) (out []byte, id string, err error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, "", err
	}
	group := t.typeOf(path)
	if group == nil || group.Kind() != reflect.Slice && group.Kind() != reflect.Map {
		return nil, "", fault.New(fault.NotFound, "nothing can be added to %s", path)
	}
	if strings.TrimSpace(name) == "" {
		return nil, "", fault.New(fault.Invalid, "give the new %s a name", or(growing[t.placeOf(path)], "entry"))
	}
	if id = t.idFor(path, name); id == "" {
		return nil, "", fault.New(fault.Invalid, "“%s” is no day of the week; write it like Saturday, or Monday to Friday. A single day goes to the dates of the calendar", strings.TrimSpace(name))
	}
	if t.p.nodes[path+"."+id] != nil {
		return nil, "", fault.New(fault.Invalid, "%s has a %s already", sectionSays(path), or(dayNames[id], id))
	}
	text := t.beginning(elem(group), path, id, name)
	if group.Kind() == reflect.Slice && !hasID(elem(group)) {
		id = strconv.Itoa(len(t.p.Keys(path)))
	}
	out, err = t.insert(path+"."+id, text)
	return out, id, err
}

// Remove takes an entry out, with the comment behind it. A group or list that would be left empty goes too where it may;
// where it may not, the error is [fault.Invalid].
func Remove(source []byte, path string) ([]byte, error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	n, parent := t.p.nodes[path], t.parentOf(path)
	switch {
	case n == nil || parent == nil:
		return nil, fault.New(fault.NotFound, "there is no %s", path)
	case len(parent.entries) > 1 || t.flow(parent):
		from, to := t.cut(parent, n)
		return t.replace(from, to, "", func(*node) { parent.drop(n) })
	case t.optional(parent.path):
		return Remove(source, parent.path)
	}
	return nil, fault.New(fault.Invalid, "%s needs at least one; add another before this one goes", sectionSays(parent.path))
}

func (n *node) drop(e *node) {
	n.entries = slices.DeleteFunc(n.entries, func(one *node) bool { return one == e })
}

// cut is what goes with an entry: in brackets the comma beside it, on lines of its own these lines.
func (t *Text) cut(parent, n *node) (from, to int) {
	i := slices.Index(parent.entries, n)
	begin, end := t.begin(n), t.end(n)
	switch {
	case t.flow(parent) && i > 0:
		return t.end(parent.entries[i-1]), end
	case i+1 < len(parent.entries) && (t.flow(parent) || !t.ownLine(n)):
		return begin, t.begin(parent.entries[i+1])
	case t.flow(parent):
		return begin, end
	}
	first, last := t.lineAt(begin), t.lineAt(end)
	if first > 1 && t.blank(first-1) && (last >= len(t.from) || t.blank(last+1)) {
		first--
	}
	return t.from[first-1], min(t.lineEnd(last)+1, len(t.src))
}

func (t *Text) blank(line int) bool { return strings.TrimSpace(t.line(line)) == "" }

// ownLine reports whether nothing but the sign of a list stands before an entry on its line; the first key of a member
// shares that sign with the rest of the member.
func (t *Text) ownLine(n *node) bool {
	begin := t.begin(n)
	before := t.src[t.from[t.lineAt(begin)-1]:begin]
	return strings.TrimSpace(before) == "" || n.name == "" && strings.TrimSpace(before) == "-"
}

// exchange writes another value in the place of a scalar.
func (t *Text) exchange(n *node, value string) ([]byte, error) {
	from, to := t.at(n.at), t.end(n)
	text := t.respell(n, t.src[from:to], value)
	if from == to { // nothing stood here
		text = " " + text
		from = min(from, t.lineEnd(n.at.line))
		to = from
	}
	return t.replace(from, to, text, func(*node) { n.text, n.typ = value, quoted })
}

// respell keeps the quotes that somebody chose.
func (t *Text) respell(n *node, was, value string) string {
	single := strings.HasPrefix(was, "'") && n.typ == quoted
	switch {
	case single && !strings.ContainsAny(value, "\n\r\t") && strings.TrimSpace(value) == value:
		return "'" + strings.ReplaceAll(value, "'", "''") + "'"
	case strings.HasPrefix(was, "|") && n.typ == quoted && strings.Contains(strings.TrimRight(value, "\n"), "\n"):
		return literal(value, strings.Repeat(" ", t.indent(n.key.line)))
	case n.typ == quoted:
		return quote(value)
	}
	return t.spell(value, t.typeOf(n.path), n.path)
}

// spell writes a value as its place wants it.
func (t *Text) spell(value string, typ reflect.Type, path string) string {
	if typ != nil {
		switch typ.Kind() {
		case reflect.Bool:
			if value == "true" || value == "false" {
				return value
			}
		case reflect.Int:
			if _, err := strconv.Atoi(value); err == nil {
				return value
			}
		}
	}
	if t.isJSON() || sentences[lastStep(path)] || !bareText.MatchString(value) || misread(value) {
		return quote(value)
	}
	return value
}

// insert writes a new entry: behind the entries that stand before it in the order of the document's types.
func (t *Text) insert(path, text string) ([]byte, error) {
	parent, key := t.parentOf(path), lastStep(path)
	if parent == nil {
		up := above(path, 1)
		if up == "" || t.typeOf(up) == nil {
			return nil, fault.New(fault.NotFound, "there is no %s", path)
		}
		return t.insert(up, t.alone(up, key, text))
	}
	if t.typeOf(path) == nil || parent.kind == scalar && parent.typ != null {
		return nil, fault.New(fault.NotFound, "there is no %s", path)
	}
	if parent.kind == scalar {
		return nil, fault.New(fault.Invalid, "%s is empty; write it in the text", parent.path)
	}
	at, entry := t.room(parent, key, text)
	added := t.grown(text)
	added.name = ""
	if parent.kind == mapping {
		added.name = key
	}
	return t.replace(at, at, entry, func(*node) { parent.entries = append(parent.entries, added) })
}

// alone is the only entry of a group or list that is not there yet. A whole section stands on lines of its own.
func (t *Text) alone(path, key, text string) string {
	member, open, shut := t.key(key)+": "+text, "{", "}"
	line := member
	if t.typeOf(path).Kind() == reflect.Slice {
		member, line, open, shut = text, "- "+text, "[", "]"
	}
	if strings.Contains(path, ".") || t.isJSON() {
		return open + member + shut
	}
	return "\n  " + line
}

// room is where a new entry of a group or list goes, and how it is written there.
func (t *Text) room(parent *node, key, text string) (at int, entry string) {
	if parent.kind == mapping {
		text = strings.Replace(t.key(key)+": "+text, ": \n", ":\n", 1)
	}
	if len(parent.entries) == 0 {
		return t.at(parent.at) + 1, text
	}
	before := t.before(parent, key)
	switch {
	case t.flow(parent) && before == nil:
		return t.begin(parent.entries[0]), text + ", "
	case t.flow(parent):
		return t.end(before), ", " + text
	case before == nil:
		begin := t.begin(parent.entries[0])
		return begin, text + "\n" + strings.Repeat(" ", t.column(begin))
	}
	end := t.lineEnd(t.lineAt(t.end(before)))
	if parent == t.p.root && strings.Contains(text, "\n") {
		return end, "\n\n" + text
	}
	return end, "\n" + t.margin(parent) + text
}

// before is the entry behind which a key belongs, nil when it comes first.
func (t *Text) before(parent *node, key string) *node {
	typ := t.typeOf(parent.path)
	last := parent.entries[len(parent.entries)-1]
	if parent.kind == list || typ == nil || typ.Kind() != reflect.Struct {
		return last
	}
	rank := map[string]int{}
	for i, f := range fieldsOf(typ) {
		rank[f.name] = i
	}
	var before *node
	for _, e := range parent.entries {
		if rank[e.name] < rank[key] {
			before = e
		}
	}
	return before
}

// margin is what stands before an entry on a line of its own: spaces, and the sign of a list.
func (t *Text) margin(parent *node) string {
	begin := t.begin(parent.entries[0])
	if parent.kind == mapping {
		return strings.Repeat(" ", t.column(begin))
	}
	dash := strings.LastIndexByte(t.src[:begin], '-')
	return strings.Repeat(" ", t.column(max(dash, 0))) + "- "
}

func (t *Text) key(name string) string {
	if t.isJSON() {
		return quote(name)
	}
	return keySays(name)
}

// replace exchanges a piece of the file and makes sure that it says what was meant: meant makes the same change to the tree.
func (t *Text) replace(from, to int, text string, meant func(*node)) ([]byte, error) {
	out := []byte(t.src[:from] + text + t.src[to:])
	meant(t.p.root)
	var r reader
	again := grow(out, r.found)
	if again == nil || r.findings.Errors() > 0 || content(again) != content(t.p.root) {
		return nil, fault.New(fault.Invalid, "this value is written in a way that a form cannot change; change it in the text, line %d", t.lineAt(from))
	}
	return out, nil
}

// keyed is a line that begins with a key.
var keyed = regexp.MustCompile(`^[a-z_]+: `)

// grown is a value as a tree.
func (t *Text) grown(text string) *node {
	var r reader
	source := "x: " + text
	if first, rest, several := strings.Cut(text, "\n"); several && keyed.MatchString(first) { // a group on lines of its own
		source = "x:\n" + rest[:len(rest)-len(strings.TrimLeft(rest, " "))] + text
	}
	root := grow([]byte(source), r.found)
	if root == nil || len(root.entries) == 0 {
		return &node{}
	}
	return root.entries[0]
}

func adopt(_, n, other *node) {
	n.kind, n.typ, n.text, n.entries = other.kind, other.typ, other.text, other.entries
}

func (t *Text) parentOf(path string) *node {
	n := t.p.nodes[path]
	if n == nil {
		return t.p.nodes[above(path, 1)]
	}
	var parent *node
	t.p.walk(func(one *node) {
		if slices.Contains(one.entries, n) {
			parent = one
		}
	})
	return parent
}

// typeOf is the document's type at a path, nil where the document knows none.
func (t *Text) typeOf(path string) reflect.Type { return t.p.typeOf(path) }

func (p *Policy) typeOf(path string) reflect.Type {
	typ := reflect.TypeFor[Document]()
	for path != "" && typ != nil {
		step, rest := p.step(typ, path)
		typ, path = below(typ, step), rest
	}
	return typ
}

// step takes the first key off a path. The names of facts have dots.
func (p *Policy) step(typ reflect.Type, path string) (step, rest string) {
	if typ == reflect.TypeFor[map[string]Fact]() {
		for _, name := range p.Keys("facts") {
			if tail, ok := strings.CutPrefix(path+".", name+"."); ok {
				return name, strings.TrimSuffix(tail, ".")
			}
		}
		return path, ""
	}
	step, rest, _ = strings.Cut(path, ".")
	return step, rest
}

func below(typ reflect.Type, step string) reflect.Type {
	if typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
		return elem(typ)
	}
	return typeAt(typ, step)
}

// optional reports whether the key at a path may be absent.
func (t *Text) optional(path string) bool {
	parent := t.typeOf(above(path, 1))
	if parent == nil || parent.Kind() != reflect.Struct {
		return parent != nil
	}
	for _, f := range fieldsOf(parent) {
		if f.name == lastStep(path) {
			return !f.required
		}
	}
	return false
}

// idFor makes an id out of what somebody calls a thing, "" when it cannot be one.
func (t *Text) idFor(path, name string) string {
	name = strings.TrimSpace(name)
	switch {
	case t.placeOf(path) == "Calendar.week":
		return daysNamed(name)
	case idPattern.MatchString(name), path == "facts" && factPattern.MatchString(name):
		return name
	}
	id := strings.TrimLeft(anchor(name), "0123456789-")
	if id == "" || !strings.ContainsAny(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz") {
		id = fmt.Sprintf("new-%d", len(t.p.Keys(path))+1)
	}
	if path == "facts" {
		return strings.ReplaceAll(id, "-", "_")
	}
	return id
}
