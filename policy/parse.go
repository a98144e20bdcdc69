package policy

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hark/calendar"
)

// Parse reads a policy, YAML or JSON, strictly: an unknown key, a key written twice, a missing one, a value of another
// type or a word outside its list is an error. Every mistake is reported at once, in the order of the file, with the
// place and how to mend it; the policy is nil when there is any error. The file's name is only used in the findings.
//
// What Parse accepts can be read and compiled. Whether it makes sense as a promise is for [Policy.Lint] to say.
func Parse(file string, src []byte) (*Policy, Findings) {
	r := reader{file: file, nodes: map[string]*node{}}
	root := grow(src, r.found)
	if root == nil {
		return nil, r.findings.sorted()
	}
	p := &Policy{File: file, root: root, nodes: r.nodes}
	r.index(root)
	r.value(root, reflect.ValueOf(&p.Doc).Elem(), "")
	p.compile(&r)
	if r.findings.Errors() > 0 {
		return nil, r.findings.sorted()
	}
	return p, r.findings.sorted()
}

// reader turns nodes into the document's types. It walks both at once, so every mistake has a place.
type reader struct {
	file     string
	nodes    map[string]*node
	findings Findings
}

func (r *reader) found(at span, rule, message, mend string) {
	r.say(at, Error, rule, message, mend)
}

func (r *reader) say(at span, severity Severity, rule, message, mend string) {
	if len(r.findings) < mostFound {
		r.findings = append(r.findings, Finding{r.file, at.line, at.column, at.length, severity, rule, message, mend})
	}
}

// index finds nodes by their path, and reports members of a list that cannot be told apart.
func (r *reader) index(n *node) {
	if first, twice := r.nodes[n.path]; twice {
		at := n.at
		if id := n.entry("id"); id != nil {
			at = id.at
		}
		r.found(at, "duplicate-id", fmt.Sprintf("%q is used twice, first in line %d", n.path, first.at.line), "give this one another id")
		return
	}
	r.nodes[n.path] = n
	for _, e := range n.entries {
		r.index(e)
	}
}

var (
	durationType  = reflect.TypeFor[calendar.Duration]()
	conditionType = reflect.TypeFor[Condition]()
	hoursType     = reflect.TypeFor[Hours]()
	actionType    = reflect.TypeFor[Action]()
)

// value reads n into v. The place is the type and key of v, such as "Channel.kind", which the tables of words know.
func (r *reader) value(n *node, v reflect.Value, place string) {
	n.place = place
	switch v.Type() {
	case durationType:
		r.duration(n, v)
		return
	case conditionType:
		v.Set(reflect.ValueOf(r.condition(n)))
		return
	case hoursType:
		v.Set(reflect.ValueOf(r.hours(n)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, v.Elem(), place)
	case reflect.Struct:
		r.structure(n, v)
	case reflect.Map:
		r.group(n, v, place)
	case reflect.Slice:
		r.members(n, v, place)
	case reflect.String:
		v.SetString(r.text(n, place))
	case reflect.Bool:
		v.SetBool(r.yes(n))
	case reflect.Int:
		v.SetInt(int64(r.number(n)))
	case reflect.Interface:
		if value, ok := r.plainValue(n); ok {
			v.Set(reflect.ValueOf(value))
		}
	}
}

func (r *reader) wrongType(n *node, wanted, mend string) {
	what := n.describe()
	if n.name != "" {
		what = fmt.Sprintf("%s is %s; here stands %s", n.name, wanted, what)
	} else {
		what = fmt.Sprintf("here stands %s instead of %s", what, wanted)
	}
	r.found(n.at, "wrong-type", what, mend)
}

// field is one key of a group: its name and whether it must be there.
type field struct {
	name     string
	required bool
	index    int
}

// fieldsOf are the keys of a document type in the order in which they are declared, which is the order of a formatted file.
func fieldsOf(t reflect.Type) []field {
	var list []field
	for i := range t.NumField() {
		tag, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		list = append(list, field{tag, options != "omitempty", i})
	}
	return list
}

func (r *reader) structure(n *node, v reflect.Value) {
	if n.kind != mapping {
		r.wrongType(n, "a group of keys", "write "+n.name+": {...}, or the keys below it, indented")
		return
	}
	fields := fieldsOf(v.Type())
	for _, e := range n.entries {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == e.name })
		if i < 0 {
			r.unknown(n, e, fields)
			continue
		}
		r.value(e, v.Field(fields[i].index), v.Type().Name()+"."+e.name)
	}
	for _, f := range fields {
		if f.required && n.entry(f.name) == nil {
			r.missing(n, f.name)
		}
	}
	if v.Type() == actionType {
		r.oneAction(n)
	}
}

func (r *reader) unknown(n, e *node, fields []field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	mend := "the keys here are " + strings.Join(names, ", ")
	if len(names) > 20 {
		mend = "write one of the keys that hark policy schema lists"
	}
	if near := nearest(e.name, names); near != "" {
		mend = fmt.Sprintf("write %s", near)
	}
	r.found(e.key, "unknown-key", fmt.Sprintf("%q is not a key of %s", clip(e.name), placeName(n)), mend)
}

func (r *reader) missing(n *node, key string) {
	at := n.key
	if n.path == "" {
		at = span{1, 1, 1}
	}
	if n.path == "" && key == "policy" {
		r.found(at, "missing-key", "this file does not say that it is a policy", "begin it with policy: hark/v1")
		return
	}
	r.found(at, "missing-key", fmt.Sprintf("%s lacks the key %s", this(placeName(n)), key), fmt.Sprintf("add %s: ...", key))
}

// this points to the one policy that is read, where a sentence is not about all of them.
func this(place string) string {
	if place == "a policy" {
		return "this policy"
	}
	return place
}

func placeName(n *node) string {
	if n.path == "" {
		return "a policy"
	}
	return n.path
}

func (r *reader) oneAction(n *node) {
	if len(n.entries) != 1 {
		r.found(n.at, "action", fmt.Sprintf("one thing is done at a time; here stand %d keys", len(n.entries)), "write one { key: value } for each thing that is done")
	}
}

var (
	idPattern   = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	factPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
)

// freeKeys are the groups whose keys are not ids: facts have dots, weeks have days.
var freeKeys = map[string]bool{"Calendar.week": true, "Document.facts": true, "Scenario.facts": true, "ScenarioEvent.facts": true, "Choice.set": true}

func (r *reader) group(n *node, v reflect.Value, place string) {
	if n.kind != mapping {
		r.wrongType(n, "a group of names", "write a name and a colon for each")
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.entries)))
	for _, e := range n.entries {
		r.keyIsID(e, place)
		member := reflect.New(v.Type().Elem()).Elem()
		r.value(e, member, place)
		v.SetMapIndex(reflect.ValueOf(e.name), member)
	}
}

func (r *reader) keyIsID(e *node, place string) {
	switch {
	case strings.HasSuffix(place, ".facts") || place == "Choice.set":
		if !factPattern.MatchString(e.name) {
			r.found(e.key, "id", fmt.Sprintf("%q cannot be the name of a fact", clip(e.name)), "use small letters, digits, _ and dots, like ticket.kind")
		}
	case !freeKeys[place] && !idPattern.MatchString(e.name):
		r.found(e.key, "id", fmt.Sprintf("%q cannot be an id", clip(e.name)), "use small letters, digits, - and _, beginning with a letter")
	}
}

func (r *reader) members(n *node, v reflect.Value, place string) {
	if n.kind != list {
		r.wrongType(n, "a list", "write each member in [ ], or after a - on its own line")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.entries), len(n.entries)))
	for i, e := range n.entries {
		r.value(e, v.Index(i), place)
	}
}

// text reads a text. Numbers, true and false are refused, because the next program would read 1.10 as 1.1.
func (r *reader) text(n *node, place string) string {
	n.isText = true
	switch {
	case n.kind != scalar || n.typ == null:
		r.wrongType(n, "a text", "write it after the colon")
	case n.typ != plain && n.typ != quoted:
		r.wrongType(n, "a text", fmt.Sprintf("put it in quotes: %q", n.text))
	default:
		r.word(n, place)
	}
	return n.text
}

// word checks a text that must be an id or one word of a list.
func (r *reader) word(n *node, place string) {
	if _, key, _ := strings.Cut(place, "."); key == "id" && !idPattern.MatchString(n.text) {
		r.found(n.at, "id", fmt.Sprintf("%q cannot be an id", clip(n.text)), "use small letters, digits, - and _, beginning with a letter")
	}
	if allowed := words[place]; allowed != nil && !slices.Contains(allowed, n.text) {
		mend := "write " + either(allowed)
		if near := nearest(n.text, allowed); near != "" {
			mend = "write " + near
		}
		r.found(n.at, "wrong-word", fmt.Sprintf("%q is not known here", clip(n.text)), mend)
	}
	if check := shapes[place]; check.pattern != nil && !check.pattern.MatchString(n.text) {
		r.found(n.at, "wrong-word", fmt.Sprintf("%q is not %s", clip(n.text), check.what), "write it like "+check.like)
	}
}

func (r *reader) yes(n *node) bool {
	if n.kind == scalar && n.typ == boolean {
		return strings.EqualFold(n.text, "true")
	}
	r.wrongType(n, "true or false", "write true or false, without quotes")
	return false
}

func (r *reader) number(n *node) int {
	value, err := strconv.Atoi(n.text)
	if n.kind == scalar && n.typ == integer && err == nil && value >= 0 && value <= 1_000_000 {
		return value
	}
	r.wrongType(n, "a whole number", "write digits without quotes, up to 1000000")
	return 0
}

func (r *reader) duration(n *node, v reflect.Value) {
	if n.kind != scalar || n.typ == null {
		r.wrongType(n, "a duration", `write a number and a unit, like 24h or 1bd`)
		return
	}
	d, err := calendar.ParseDuration(n.text)
	if err != nil {
		message, mend, _ := strings.Cut(err.Error(), "; ")
		r.found(n.at, "duration", message, mend)
		return
	}
	n.says = d.Says()
	v.Set(reflect.ValueOf(d))
}

// hours reads one interval, a list of them, or the word closed. Times that are not quoted are refused: some programs
// read 9:30 as the number 570.
func (r *reader) hours(n *node) Hours {
	texts := []*node{n}
	if n.kind == list {
		texts = n.entries
	}
	var hours Hours
	for _, t := range texts {
		switch {
		case t.kind != scalar:
			r.wrongType(t, `opening hours`, `write "09:00-17:00"`)
		case t.typ != quoted && t.text != "closed":
			r.found(t.at, "unquoted-time", fmt.Sprintf("opening hours stand in quotes; here stands %s", t.text), fmt.Sprintf("write %q", twoDigits(t.text)))
		case t.typ == quoted && twoDigits(t.text) != t.text:
			r.found(t.at, "short-time", fmt.Sprintf("hours have two digits; here stands %q", clip(t.text)), fmt.Sprintf("write %q", twoDigits(t.text)))
		}
		hours = append(hours, twoDigits(t.text))
	}
	return hours
}

var shortTime = regexp.MustCompile(`^([0-9]{1,2})(?::([0-9]{2}))? *[-–] *([0-9]{1,2})(?::([0-9]{2}))?$`)

// twoDigits writes "9:00 - 17:00" or "9-17" as "09:00-17:00", and leaves alone what is no pair of times.
func twoDigits(s string) string {
	m := shortTime.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return fmt.Sprintf("%02s:%s-%02s:%s", m[1], cmp.Or(m[2], "00"), m[3], cmp.Or(m[4], "00"))
}

// plainValue reads any scalar or list of scalars as Go has them: string, int, float64, bool, nil, []any.
func (r *reader) plainValue(n *node) (any, bool) {
	if n.kind == list {
		values := make([]any, len(n.entries))
		for i, e := range n.entries {
			values[i], _ = r.plainValue(e)
		}
		return values, true
	}
	if n.kind != scalar {
		r.wrongType(n, "a value", "write a text, a number, true or false, or a list of them")
		return nil, false
	}
	switch n.typ {
	case integer:
		if value, err := strconv.Atoi(n.text); err == nil {
			return value, true
		}
		r.found(n.at, "wrong-type", fmt.Sprintf("%s is not a decimal number that can be kept", clip(n.text)), "write a smaller one, or put it in quotes")
	case decimal:
		if value, err := strconv.ParseFloat(n.text, 64); err == nil && value-value == 0 {
			return value, true
		}
		r.found(n.at, "wrong-type", fmt.Sprintf("%s is not a number that can be compared", clip(n.text)), "write digits, or put it in quotes")
	case boolean:
		return strings.EqualFold(n.text, "true"), true
	case null:
		return nil, false
	}
	return n.text, true
}

// nearest is the known word that differs in a letter or two, or "".
func nearest(word string, known []string) string {
	best, near := 3, ""
	for _, k := range known {
		if d := distance(word, k); d < best && d < len(k) {
			best, near = d, k
		}
	}
	return near
}

// distance counts the letters to add, drop or change (Levenshtein); words that are too long are simply far apart.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}

func either(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
