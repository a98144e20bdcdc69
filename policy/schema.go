package policy

import (
	"encoding/json"
	"reflect"
	"strings"
)

// JSONSchema is the published schema of a policy file (JSON Schema, draft 2020-12), for editors and other programs. It is
// made from the same types and tables that the parser reads by, so the two cannot drift apart. It cannot say everything:
// whether names exist and sentences have something behind them is for [Policy.Lint].
func JSONSchema() []byte {
	s := schemer{defs: map[string]any{}}
	root := s.structure(reflect.TypeFor[Document]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "hark/v1/policy.schema.json"
	root["title"] = "Hark support policy"
	root["$defs"] = s.defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of texts and numbers can always be written
	}
	return append(out, '\n')
}

type schemer struct{ defs map[string]any }

func (s schemer) ref(name string, make func() map[string]any) map[string]any {
	if _, known := s.defs[name]; !known {
		s.defs[name] = nil // a type may contain itself
		s.defs[name] = make()
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (s schemer) typed(t reflect.Type, place string) map[string]any {
	switch t {
	case durationType:
		return s.ref("Duration", durationSchema)
	case conditionType:
		return s.ref("Condition", conditionSchema)
	case hoursType:
		return s.ref("Hours", hoursSchema)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.typed(t.Elem(), place)
	case reflect.Struct:
		return s.ref(t.Name(), func() map[string]any { return s.structure(t) })
	case reflect.Map:
		return s.group(t, place)
	case reflect.Slice:
		return map[string]any{"type": "array", "maxItems": mostEntries, "items": s.typed(t.Elem(), place)}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0, "maximum": 1_000_000}
	case reflect.Interface:
		return map[string]any{"type": []string{"string", "number", "boolean", "array"}}
	}
	return s.text(place)
}

func (s schemer) structure(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(t) {
		properties[f.name] = s.typed(t.Field(f.index).Type, t.Name()+"."+f.name)
		if f.required {
			required = append(required, f.name)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	if t == actionType {
		schema["minProperties"], schema["maxProperties"] = 1, 1
	}
	return schema
}

func (s schemer) group(t reflect.Type, place string) map[string]any {
	names := idPattern.String()
	switch {
	case strings.HasSuffix(place, ".facts") || place == "Choice.set":
		names = factPattern.String()
	case place == "Calendar.week":
		names = `^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$`
	}
	return map[string]any{
		"type": "object", "maxProperties": mostEntries, "propertyNames": map[string]any{"pattern": names},
		"additionalProperties": s.typed(t.Elem(), place),
	}
}

func (s schemer) text(place string) map[string]any {
	schema := map[string]any{"type": "string", "maxLength": mostText}
	if allowed := words[place]; allowed != nil {
		return map[string]any{"enum": allowed}
	}
	if check, ok := shapes[place]; ok {
		schema["pattern"] = check.pattern.String()
	}
	if lastKey(place) == "id" {
		schema["pattern"] = idPattern.String()
	}
	return schema
}

func durationSchema() map[string]any {
	return map[string]any{
		"type": "string", "pattern": `^[0-9]{1,8}(m|h|d|w|bm|bh|bd)(@(open|close))?$`,
		"description": "A number and the clock it is counted on: m and h exact; d and w keep the local time; bm, bh and bd count opening time; @open and @close move to the edge of that day.",
	}
}

func hoursSchema() map[string]any {
	interval := map[string]any{"type": "string", "pattern": `^([0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]|closed)$`}
	return map[string]any{"anyOf": []any{interval, map[string]any{"type": "array", "items": interval}}}
}

func conditionSchema() map[string]any {
	self := map[string]any{"$ref": "#/$defs/Condition"}
	several := map[string]any{"type": "array", "minItems": 1, "items": self}
	value := map[string]any{"type": []string{"string", "number", "boolean"}}
	return map[string]any{
		"type": "object", "minProperties": 1,
		"description": "Every key must hold. A key is a fact, or any, all, not. A value is a scalar (equals), a list (one of) or one or two operators.",
		"properties":  map[string]any{"any": several, "all": several, "not": self},
		"additionalProperties": map[string]any{"anyOf": []any{
			value,
			map[string]any{"type": "array", "items": value},
			map[string]any{"type": "object", "minProperties": 1, "maxProperties": 2, "propertyNames": map[string]any{"enum": operators}},
		}},
	}
}
