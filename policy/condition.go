package policy

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Facts looks a fact up by its name, such as "ticket.kind". The second value is false when nobody has said.
type Facts func(name string) (value any, known bool)

// FactsIn looks facts up in a map.
func FactsIn(known map[string]any) Facts {
	return func(name string) (any, bool) {
		value, ok := known[name]
		return value, ok
	}
}

// Holds reports whether every part of the condition is true for these facts. An empty condition always holds. A fact
// that nobody has said is not equal to anything, with one exception: a yes-or-no fact that nobody has set counts as no,
// because "has not paid for calls" must not need a record that says so.
func (c Condition) Holds(facts Facts) bool {
	for key, wanted := range c {
		if !holds(key, wanted, facts) {
			return false
		}
	}
	return true
}

func holds(key string, wanted any, facts Facts) bool {
	switch key {
	case "any":
		return slices.ContainsFunc(conditions(wanted), func(c Condition) bool { return c.Holds(facts) })
	case "all":
		return !slices.ContainsFunc(conditions(wanted), func(c Condition) bool { return !c.Holds(facts) })
	case "not":
		inner, _ := wanted.(Condition)
		return !inner.Holds(facts)
	}
	fact, known := facts(key)
	switch w := wanted.(type) {
	case map[string]any:
		return compared(w, fact, known && fact != nil)
	case []any:
		return slices.ContainsFunc(w, func(one any) bool { return equal(one, fact, known) })
	}
	return equal(wanted, fact, known)
}

func conditions(v any) []Condition {
	list, _ := v.([]Condition)
	return list
}

func equal(wanted, fact any, known bool) bool {
	if !known || fact == nil {
		return wanted == false || wanted == nil
	}
	return compare(fact, wanted) == 0
}

// compared applies the operators of one fact. Nothing is less or more than a fact that nobody has said.
func compared(ops map[string]any, fact any, known bool) bool {
	for op, value := range ops {
		if !operate(op, value, fact, known) {
			return false
		}
	}
	return true
}

func operate(op string, value, fact any, known bool) bool {
	switch op {
	case "exists":
		return known == (value == true)
	case "is_not":
		return !known || compare(fact, value) != 0
	case "has":
		return known && has(fact, value)
	case "has_not":
		return !known || !has(fact, value)
	}
	if !known {
		return false
	}
	order := compare(fact, value)
	switch op {
	case "lt":
		return order == -1
	case "lte":
		return order == -1 || order == 0
	case "gt":
		return order == 1
	case "gte":
		return order == 1 || order == 0
	}
	return false
}

// incomparable is what compare answers for values of different types.
const incomparable = 2

// compare orders numbers, texts (and so dates, which are written year first) and instants; true is only equal to true.
func compare(a, b any) int {
	if x, ok := numeric(a); ok {
		if y, ok := numeric(b); ok {
			return cmp.Compare(x, y)
		}
		return incomparable
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok && x == y {
			return 0
		}
	case time.Time:
		if y, ok := b.(string); ok {
			return strings.Compare(x.Format(time.DateOnly), y)
		}
	}
	return incomparable
}

func numeric(v any) (float64, bool) {
	switch n := reflect.ValueOf(v); {
	case n.CanInt():
		return float64(n.Int()), true
	case n.CanUint():
		return float64(n.Uint()), true
	case n.CanFloat():
		return n.Float(), true
	}
	return 0, false
}

// has looks for a member of a list, or for a text within a text.
func has(fact, value any) bool {
	switch list := fact.(type) {
	case []any:
		return slices.ContainsFunc(list, func(one any) bool { return compare(one, value) == 0 })
	case []string:
		text, ok := value.(string)
		return ok && slices.Contains(list, text)
	case string:
		text, ok := value.(string)
		return ok && strings.Contains(strings.ToLower(list), strings.ToLower(text))
	}
	return false
}

// Facts are the names of the facts the condition looks at, in order of the alphabet, each once.
func (c Condition) Facts() []string {
	seen := map[string]bool{}
	c.collect(seen)
	return slices.Sorted(maps.Keys(seen))
}

func (c Condition) collect(seen map[string]bool) {
	for key, value := range c {
		switch inner := value.(type) {
		case []Condition:
			for _, one := range inner {
				one.collect(seen)
			}
		case Condition:
			inner.collect(seen)
		default:
			seen[key] = true
		}
	}
}

// Says is the condition in words, such as "the ticket kind is question or project".
func (c Condition) Says() string { return c.says(namesOnly{}) }

// naming gives facts and values the names people know them by.
type naming interface {
	fact(name string) string // "the ticket's kind"
	yes(name string) string  // a yes-or-no fact as a sentence, or ""
	value(fact string, v any) string
}

type namesOnly struct{}

func (namesOnly) fact(name string) string      { return "the " + spaced(name) }
func (namesOnly) yes(string) string            { return "" }
func (namesOnly) value(_ string, v any) string { return spaced(fmt.Sprint(v)) }

// spaced writes an id as words: "ticket.work_request" as "ticket work request".
func spaced(id string) string { return strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(id) }

func (c Condition) says(names naming) string {
	if len(c) == 0 {
		return "always"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(c)) {
		parts = append(parts, partSays(key, c[key], names))
	}
	return strings.Join(parts, " and ")
}

func partSays(key string, wanted any, names naming) string {
	switch w := wanted.(type) {
	case []Condition:
		glue := map[string]string{"any": " or ", "all": " and "}[key]
		return joinSays(w, glue, names)
	case Condition:
		return "not (" + w.says(names) + ")"
	case map[string]any:
		return names.fact(key) + " " + operatorsSay(key, w, names)
	case []any:
		return names.fact(key) + " is " + listSays(key, w, names)
	case bool:
		return yesSays(key, w, names)
	}
	return names.fact(key) + " is " + names.value(key, wanted)
}

func joinSays(list []Condition, glue string, names naming) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = c.says(names)
		if len(c) > 1 && len(list) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, glue)
}

func yesSays(key string, yes bool, names naming) string {
	sentence := names.yes(key)
	switch {
	case sentence == "" && yes:
		return names.fact(key) + " is yes"
	case sentence == "":
		return names.fact(key) + " is no"
	case yes:
		return sentence
	}
	return "it is not so that " + sentence
}

func listSays(key string, values []any, names naming) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = names.value(key, v)
	}
	if len(texts) == 0 {
		return "nothing"
	}
	return either(texts)
}

var operatorWords = map[string]string{
	"lt": "is less than", "lte": "is at most", "gt": "is more than", "gte": "is at least",
	"is_not": "is not", "has": "contains", "has_not": "does not contain",
}

func operatorsSay(key string, ops map[string]any, names naming) string {
	var parts []string
	for _, op := range slices.Sorted(maps.Keys(ops)) {
		switch {
		case op == "exists" && ops[op] == true:
			parts = append(parts, "is known")
		case op == "exists":
			parts = append(parts, "is not known")
		default:
			parts = append(parts, operatorWords[op]+" "+names.value(key, ops[op]))
		}
	}
	return strings.Join(parts, " and ")
}

// condition reads a condition and checks its form; whether its facts exist is for the lint to say.
func (r *reader) condition(n *node) Condition {
	if n.kind != mapping {
		r.wrongType(n, "a condition", "write {fact: value}")
		return nil
	}
	if len(n.entries) == 0 {
		r.found(n.at, "condition", "this condition is empty", "write {fact: value}, or leave the key out: then it always holds")
	}
	c := Condition{}
	for _, e := range n.entries {
		if value, ok := r.part(e); ok {
			c[e.name] = value
		}
	}
	return c
}

func (r *reader) part(e *node) (value any, ok bool) {
	switch {
	case e.name == "any" || e.name == "all":
		return r.several(e)
	case e.name == "not":
		return r.condition(e), true
	case !factPattern.MatchString(e.name):
		r.found(e.key, "condition", fmt.Sprintf("%q cannot be the name of a fact", clip(e.name)), "write a fact like ticket.kind, or any, all, not")
		return nil, false
	case e.kind == mapping:
		return r.operatorsIn(e)
	case e.kind == scalar && e.typ == null:
		r.found(e.at, "condition", e.name+" is compared with nothing", "write a value, or {exists: false}")
		return nil, false
	}
	return r.plainValue(e)
}

func (r *reader) several(e *node) (any, bool) {
	if e.kind != list || len(e.entries) == 0 {
		r.wrongType(e, "a list of conditions", fmt.Sprintf("write %s: [{fact: value}, {fact: value}]", e.name))
		return nil, false
	}
	conditions := make([]Condition, len(e.entries))
	for i, one := range e.entries {
		conditions[i] = r.condition(one)
	}
	return conditions, true
}

func (r *reader) operatorsIn(e *node) (any, bool) {
	if len(e.entries) < 1 || len(e.entries) > 2 {
		r.found(e.at, "condition", fmt.Sprintf("%s is compared %d times; once or twice is possible", e.name, len(e.entries)), "write one or two of "+strings.Join(operators, ", "))
		return nil, false
	}
	ops := map[string]any{}
	for _, op := range e.entries {
		if !slices.Contains(operators, op.name) {
			r.found(op.key, "condition", fmt.Sprintf("%q does not compare anything", clip(op.name)), "write "+either(operators))
			continue
		}
		value, ok := r.plainValue(op)
		if !ok || !r.comparable(op, value) {
			continue
		}
		ops[op.name] = value
	}
	return ops, len(ops) > 0
}

func (r *reader) comparable(op *node, value any) bool {
	_, isList := value.([]any)
	_, isBool := value.(bool)
	switch {
	case op.name == "exists" && !isBool:
		r.wrongType(op, "true or false", "write true or false, without quotes")
	case op.name != "exists" && isList:
		r.wrongType(op, "one value", "write a list directly after the fact: {ticket.kind: [a, b]}")
	default:
		return true
	}
	return false
}
