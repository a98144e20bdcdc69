package policy

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// The kinds of boxes, and what stands in them.

// BoxKind is the way in which a value is asked for.
type BoxKind string

// The kinds of box, and what their values are.
const (
	Line    BoxKind = "line"    // one line of text
	Prose   BoxKind = "prose"   // a sentence or more
	Number  BoxKind = "number"  // digits
	Yes     BoxKind = "yes"     // "true" or "false"
	Length  BoxKind = "length"  // a number and its unit with the edge: "1", "bd@close"
	One     BoxKind = "one"     // one of the options
	Several BoxKind = "several" // any of the options
	Lines   BoxKind = "lines"   // any number of texts
	Times   BoxKind = "times"   // from and to, as often as there are intervals; none is closed
	Day     BoxKind = "day"     // a date
	InWords BoxKind = "told"    // one sentence that says it; it is changed in the text
)

func kindOf(typ reflect.Type, place string, chosen bool) BoxKind {
	list := typ.Kind() == reflect.Slice
	switch {
	case typ == hoursType:
		return Times
	case typ == durationType:
		return Length
	case typ.Kind() == reflect.Bool:
		return Yes
	case typ.Kind() == reflect.Int:
		return Number
	case place == "Block.binds", list && elem(typ).Kind() != reflect.String, typ.Kind() == reflect.Map, typ.Kind() == reflect.Interface:
		return InWords
	case chosen && list:
		return Several
	case chosen:
		return One
	case list:
		return Lines
	case shapes[place].pattern == datePattern:
		return Day
	case sentences[lastKey(place)] && lastKey(place) != "subject":
		return Prose
	}
	return Line
}

// values are what stands in a node, as a box of this kind has it.
func (k BoxKind) values(n *node) []string {
	if n == nil {
		n = &node{kind: scalar, typ: null}
	}
	switch k {
	case Several, Lines:
		return n.texts()
	case Length:
		digits := len(n.text) - len(strings.TrimLeft(n.text, "0123456789"))
		return []string{n.text[:digits], n.text[digits:]}
	case Yes:
		return []string{cmp.Or(strings.ToLower(n.text), "false")}
	case Times:
		return intervals(n.texts())
	}
	return []string{n.text}
}

func (n *node) texts() (texts []string) {
	if n.kind == scalar && n.typ == null {
		return nil
	}
	if n.kind == scalar {
		return []string{n.text}
	}
	for _, e := range n.entries {
		texts = append(texts, e.text)
	}
	return texts
}

func intervals(hours []string) (times []string) {
	for _, one := range hours {
		if from, to, ok := strings.Cut(twoDigits(one), "-"); ok {
			times = append(times, from, to)
		}
	}
	return times
}

// isValue reports whether a type is asked for in a box, not as a group of its own.
func isValue(typ reflect.Type) bool {
	switch {
	case typ == durationType, typ == conditionType, typ == hoursType:
		return true
	case typ.Kind() == reflect.Slice:
		return isValue(elem(typ))
	case typ.Kind() == reflect.Map:
		return elem(typ).Kind() == reflect.String || elem(typ).Kind() == reflect.Interface
	}
	return typ.Kind() != reflect.Struct
}

func isActions(typ reflect.Type) bool { return typ.Kind() == reflect.Slice && elem(typ) == actionType }

// Same reports whether what was filled in is what stands there.
func (b Box) Same(values []string) bool {
	return slices.Equal(b.Kind.tidy(values), b.Kind.tidy(b.Values))
}

// tidy leaves out what a form sends along: empty lines, empty intervals, the empty value that stands for nothing chosen.
func (k BoxKind) tidy(values []string) []string {
	switch k {
	case Yes:
		return []string{strconv.FormatBool(slices.Contains(values, "true"))}
	case Several:
		return sorted(slices.DeleteFunc(slices.Clone(values), empty))
	case Lines:
		return slices.DeleteFunc(lines(strings.Join(values, "\n")), empty)
	case Times:
		return wholePairs(values)
	case Length:
		return []string{lengthOf(values)}
	}
	return []string{strings.ReplaceAll(strings.Join(values, ""), "\r\n", "\n")}
}

// wholePairs are from and to of each interval; one of which nothing is said is none.
func wholePairs(values []string) (pairs []string) {
	for pair := range slices.Chunk(values, 2) {
		if from, to := pair[0], strings.Join(pair[1:], ""); from != "" || to != "" {
			pairs = append(pairs, from, to)
		}
	}
	return pairs
}

func sorted(texts []string) []string { slices.Sort(texts); return texts }

func empty(s string) bool { return s == "" }

func lines(text string) (list []string) {
	for _, line := range strings.Split(text, "\n") {
		list = append(list, strings.TrimSpace(line))
	}
	return list
}
