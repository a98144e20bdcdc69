package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"hark/calendar"
)

// A sheet is a section of a policy as a form: the same document, asked value by value. Nothing here knows what a policy
// contains; sheets follow the document's types and the words that may stand in them, so a new key has its box by itself.
// What has no shape to fill in, such as a condition, is told in words and left to the text.

// Sheet is a section, a rule or a part of one, with what can be filled in.
type Sheet struct {
	Path        string
	Title       string
	Says        string // the rule in words, "" where it has no sentence
	First, Last int    // its lines in the text
	Boxes       []Box
	More        []Box // those that may be absent, and are
	Entries     []Sheet
	Grows       string // what can be added here, "timer"; "" for nothing
	Goes        bool   // it may be taken out
}

// Box is one value. Its kind says how it is asked for.
type Box struct {
	Path        string
	Label       string
	Kind        BoxKind
	Values      []string // as [Fill] takes them; see the kinds
	Options     []Option
	Optional    bool
	First, Last int // lines, 0 while it is absent
}

// Option is one word that may stand in a box, and what people call it.
type Option struct{ Value, Label string }

// SectionMark is a section a policy has, for a list of them.
type SectionMark struct {
	ID, Title   string
	First, Last int
	Size        int // how many entries it has
}

// about is the section of what a document says of itself, before its first rule.
const about = "about"

// Sections are the sections of the document in the order of its types. The first holds what it says of itself.
func (t *Text) Sections() []SectionMark {
	marks := []SectionMark{{ID: about, Title: sectionSays(about)}}
	for _, e := range inOrder(t.p.root, reflect.TypeFor[Document]()) {
		typ := t.typeOf(e.path)
		if typ == nil || isValue(typ) {
			continue
		}
		first, last := t.Lines(e.path)
		marks = append(marks, SectionMark{e.path, sectionSays(e.path), first, last, len(e.entries)})
	}
	return marks
}

// Unused are the sections a policy can have and this one has not. Their sheets are empty, and what is filled in begins them.
func (t *Text) Unused() (marks []SectionMark) {
	for _, f := range fieldsOf(reflect.TypeFor[Document]()) {
		typ := t.typeOf(f.name)
		if !t.Known(f.name) && !isValue(typ) && (typ.Kind() == reflect.Struct || growing["Document."+f.name] != "") {
			marks = append(marks, SectionMark{ID: f.name, Title: sectionSays(f.name)})
		}
	}
	return marks
}

// Section is the section a path lies in: "lifecycle" for lifecycle.timers.reminder-1.
func (t *Text) Section(path string) string {
	first, _, _ := strings.Cut(path, ".")
	if typ := t.typeOf(first); typ == nil || isValue(typ) {
		return about
	}
	return first
}

// Sheet is a section as a form; ok is false when the document cannot have it.
func (t *Text) Sheet(section string) (sheet Sheet, ok bool) {
	if section == about {
		sheet = Sheet{Title: sectionSays(about)}
		t.fields(&sheet, t.p.root, reflect.TypeFor[Document](), isValue)
		return sheet, true
	}
	typ := t.typeOf(section)
	if typ == nil || strings.Contains(section, ".") || isValue(typ) {
		return Sheet{}, false
	}
	sheet = t.entry(section, typ)
	sheet.Title = sectionSays(section)
	return sheet, true
}

// Box is the box of one value, wherever it is; ok is false when no box can be made of it.
func (t *Text) Box(path string) (box Box, ok bool) {
	typ := t.typeOf(path)
	if typ == nil || !isValue(typ) {
		return Box{}, false
	}
	return t.box(path, typ), true
}

// entry is a group or list, with what stands in it.
func (t *Text) entry(path string, typ reflect.Type) Sheet {
	n := t.p.nodes[path]
	entry := Sheet{Path: path, Title: t.entryTitle(path)}
	entry.First, entry.Last = t.Lines(path)
	switch typ.Kind() {
	case reflect.Struct:
		t.fields(&entry, n, typ, nil)
	case reflect.Map, reflect.Slice:
		entry.Grows = growing[t.placeOf(path)]
		t.members(&entry, n, elem(typ))
	}
	return entry
}

// fields are the keys of a group: values as boxes, groups as entries. only leaves out the others.
func (t *Text) fields(entry *Sheet, n *node, typ reflect.Type, only func(reflect.Type) bool) {
	for _, f := range fieldsOf(typ) {
		field, path := bare(typ.Field(f.index).Type), join(entry.Path, f.name)
		there := n != nil && n.entry(f.name) != nil
		switch {
		case only != nil && !only(field) || hidden[typ.Name()+"."+f.name]:
		case isActions(field) && there:
			entry.Boxes = append(entry.Boxes, t.actions(path, n.entry(f.name))...)
		case isActions(field) || field == conditionType && !there:
		case isValue(field) && (there || f.required):
			entry.Boxes = append(entry.Boxes, t.box(path, field))
		case isValue(field):
			entry.More = append(entry.More, t.box(path, field))
		case there && inOneRow[typ.Name()+"."+f.name]:
			entry.Entries = append(entry.Entries, t.entry(path, field).Entries...)
		case there:
			entry.Entries = append(entry.Entries, t.entry(path, field))
		}
	}
}

// members are the entries of a list or of a group of named things.
func (t *Text) members(entry *Sheet, n *node, typ reflect.Type) {
	if n == nil {
		return
	}
	for _, e := range n.entries {
		if isValue(typ) {
			entry.Boxes = append(entry.Boxes, t.box(e.path, typ))
			continue
		}
		member := t.entry(e.path, typ)
		member.Goes = entry.Grows != ""
		if spokenOf[above(e.path, 1)] {
			member.Says = t.p.RuleSays(e.path, false)
		}
		entry.Entries = append(entry.Entries, member)
	}
}

// actions are what a rule does, one box each.
func (t *Text) actions(path string, n *node) (boxes []Box) {
	for _, e := range n.entries {
		if box, ok := t.actionBox(e); ok {
			boxes = append(boxes, box)
			continue
		}
		boxes = append(boxes, t.told(e.path, "Then", t.actionsTold(e)))
	}
	return boxes
}

// actionBox is for an action that is one value, as most are.
func (t *Text) actionBox(n *node) (box Box, ok bool) {
	if n.kind != mapping || len(n.entries) != 1 {
		return box, false
	}
	return t.Box(n.entries[0].path)
}

func (t *Text) actionsTold(n *node) string {
	var a Action
	r := reader{nodes: map[string]*node{}}
	r.value(n, reflect.ValueOf(&a).Elem(), n.place)
	return upperFirst(t.p.actionsSay([]Action{a}, false))
}

func (t *Text) told(path, label, says string) Box {
	box := Box{Path: path, Label: label, Kind: InWords, Values: []string{says}}
	box.First, box.Last = t.Lines(path)
	return box
}

// box asks for the value at a path.
func (t *Text) box(path string, typ reflect.Type) Box {
	n, place := t.p.nodes[path], t.placeOf(path)
	if typ == conditionType {
		return t.told(path, labelOf(place), t.conditionTold(n))
	}
	box := Box{Path: path, Label: labelOf(place), Optional: t.optional(path), Options: t.options(path, place)}
	if strings.HasPrefix(place, "Calendar.week") {
		box.Label = daysSay(lastStep(path))
	}
	box.First, box.Last = t.Lines(path)
	box.Kind = kindOf(typ, place, len(box.Options) > 0)
	box.Values = box.Kind.values(n)
	if box.Kind == InWords {
		box.Values = []string{t.inWords(n)}
	}
	box.Options = withOwn(box.Options, box)
	return box
}

func (t *Text) conditionTold(n *node) string {
	if n == nil {
		return ""
	}
	r := reader{nodes: map[string]*node{}}
	return t.p.Says(r.condition(n))
}

func (t *Text) inWords(n *node) string {
	if n == nil {
		return ""
	}
	if n.place == "Block.binds" {
		var rules []string
		for _, path := range n.texts() {
			rules = append(rules, t.Title(path))
		}
		return strings.Join(rules, ", ")
	}
	return t.p.nodeSays(n)
}

// withOwn adds what stands in the file to the options, where it is none of them: a form never changes a value by showing it.
func withOwn(options []Option, box Box) []Option {
	if box.Kind != One && box.Kind != Several {
		return options
	}
	for _, value := range box.Values {
		if value != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == value }) {
			options = append(options, Option{value, value})
		}
	}
	return options
}

// placeOf is the type and key of a path, such as Timer.after, which the tables of words know.
func (t *Text) placeOf(path string) string {
	if n := t.p.nodes[path]; n != nil && n.place != "" {
		return n.place
	}
	up := above(path, 1)
	if up == "" {
		return "Document." + path
	}
	if typ := t.typeOf(up); typ.Kind() == reflect.Struct {
		return typ.Name() + "." + lastStep(path)
	}
	return t.placeOf(up)
}

// options are the words that may stand in a place: the schema's, the sets of holidays there are, or the ids of what the
// policy has.
func (t *Text) options(path, place string) (options []Option) {
	for _, word := range words[place] {
		options = append(options, Option{word, wordSays(place, word)})
	}
	if lastKey(place) == "holidays" {
		for _, set := range calendar.Sets() {
			options = append(options, Option{set, upperFirst(or(setNames[set], spaced(set)))})
		}
	}
	if group := t.groupFor(path, place); group != "" {
		for _, id := range t.p.Keys(group) {
			options = append(options, Option{id, t.idSays(group, id)})
		}
	}
	return options
}

// groupFor is where the ids that may stand at a path are to be found, "" where no ids stand.
func (t *Text) groupFor(path, place string) string {
	if beside, ok := nextTo[place]; ok {
		return strings.Trim(above(path, t.depth(path, beside.up))+"."+beside.group, ".")
	}
	return refersTo[place]
}

// depth corrects how far up to look: a list itself is one step nearer than its members, for which the table is written.
func (t *Text) depth(path string, up int) int {
	if typ := t.typeOf(path); typ != nil && typ.Kind() == reflect.Slice {
		return up - 1
	}
	return up
}

// idSays is what people call the thing an id stands for.
func (t *Text) idSays(group, id string) string {
	n := t.p.nodes[group+"."+id]
	if n == nil {
		return upperFirst(spaced(id))
	}
	return or(n.scalarAt("label"), n.scalarAt("name"), n.scalarAt("title"), upperFirst(spaced(id)))
}

// entryTitle is what people call a part of a policy.
func (t *Text) entryTitle(path string) string {
	n := t.p.nodes[path]
	place, id := t.placeOf(path), lastStep(path)
	switch {
	case n == nil:
		return sectionSays(path)
	case strings.HasPrefix(path, "facts."):
		return strings.TrimPrefix(path, "facts.")
	case strings.HasPrefix(path, "lifecycle.timers."), place == "Document.targets" && n.kind == mapping:
		return t.p.ruleTitle(path)
	case n.place == "Lifecycle.moves" && n.kind == mapping:
		return "When " + EventSays(n.scalarAt("event"))
	case n.place == "Document.assumptions" && n.kind == mapping:
		return t.Title(n.scalarAt("about"))
	case n.place == "Except":
		return n.scalarAt("date")
	case strings.Trim(id, "0123456789") == "":
		return or(n.scalarAt("label"), n.scalarAt("section"), n.scalarAt("kind"), n.scalarAt("date"), fmt.Sprintf("%s %d", strings.TrimSuffix(sectionSays(lastKey(place)), "s"), number(id)+1))
	}
	return or(n.scalarAt("label"), n.scalarAt("name"), n.scalarAt("title"), sectionSays(id))
}

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }
