package policy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"hark/policy"
)

// schema checks a value the way an editor does: the small part of JSON Schema that the published one uses.
type schema struct{ root map[string]any }

func publishedSchema(t *testing.T) schema {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(policy.JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	return schema{root}
}

// wrong says the first thing that does not fit, or "".
func (s schema) wrong(rule map[string]any, v any, at string) string {
	for keyword, wanted := range rule {
		if why := s.keyword(keyword, wanted, rule, v, at); why != "" {
			return why
		}
	}
	return ""
}

func (s schema) keyword(keyword string, wanted any, rule map[string]any, v any, at string) string {
	group, isGroup := v.(map[string]any)
	list, isList := v.([]any)
	text, isText := v.(string)
	switch keyword {
	case "$ref":
		name := strings.TrimPrefix(wanted.(string), "#/$defs/")
		return s.wrong(s.root["$defs"].(map[string]any)[name].(map[string]any), v, at)
	case "type":
		if !isType(wanted, v) {
			return fmt.Sprintf("%s is a %T, not %v", at, v, wanted)
		}
	case "enum":
		if !slices.Contains(wanted.([]any), v) {
			return fmt.Sprintf("%s: %v is not one of %v", at, v, wanted)
		}
	case "pattern":
		if isText && !regexp.MustCompile(wanted.(string)).MatchString(text) {
			return fmt.Sprintf("%s: %q does not match %s", at, text, wanted)
		}
	case "required":
		for _, key := range wanted.([]any) {
			if _, ok := group[key.(string)]; isGroup && !ok {
				return fmt.Sprintf("%s has no %s", at, key)
			}
		}
	case "items":
		for i, member := range list {
			if why := s.wrong(wanted.(map[string]any), member, fmt.Sprintf("%s.%d", at, i)); why != "" {
				return why
			}
		}
	case "anyOf":
		for _, one := range wanted.([]any) {
			if s.wrong(one.(map[string]any), v, at) == "" {
				return ""
			}
		}
		return fmt.Sprintf("%s: %v fits nothing", at, v)
	case "propertyNames":
		for key := range group {
			if why := s.wrong(wanted.(map[string]any), key, at+"."+key); why != "" {
				return why
			}
		}
	case "additionalProperties":
		return s.members(rule, group, at)
	case "minProperties", "maxProperties", "minItems", "maxItems":
		n := len(group) + len(list)
		if least := strings.HasPrefix(keyword, "min"); (isGroup || isList) && (least && float64(n) < wanted.(float64) || !least && float64(n) > wanted.(float64)) {
			return fmt.Sprintf("%s has %d members", at, n)
		}
	}
	return ""
}

// members checks every key of a group by its own rule, or by the rule for all others.
func (s schema) members(rule, group map[string]any, at string) string {
	properties, _ := rule["properties"].(map[string]any)
	for key, v := range group {
		own, known := properties[key].(map[string]any)
		others, isRule := rule["additionalProperties"].(map[string]any)
		switch {
		case known:
		case isRule:
			own = others
		default:
			return fmt.Sprintf("%s: nobody knows the key %s", at, key)
		}
		if why := s.wrong(own, v, at+"."+key); why != "" {
			return why
		}
	}
	return ""
}

func isType(wanted, v any) bool {
	if list, several := wanted.([]any); several {
		return slices.ContainsFunc(list, func(one any) bool { return isType(one, v) })
	}
	number, isNumber := v.(float64)
	switch wanted {
	case "integer":
		return isNumber && number == float64(int64(number))
	case "number":
		return isNumber
	}
	return fmt.Sprintf("%T", v) == map[any]string{"object": "map[string]interface {}", "array": "[]interface {}", "string": "string", "boolean": "bool"}[wanted]
}

func asData(t *testing.T, src []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(asJSON, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheExamplesFitThePublishedSchema(t *testing.T) {
	s := publishedSchema(t)
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		if why := s.wrong(s.root, asData(t, src), name); why != "" {
			t.Error(why)
		}
	}
}

// TestTheSchemaRefusesWhatTheParserRefuses, as far as a schema can: forms and words, not names of things.
func TestTheSchemaRefusesWhatTheParserRefuses(t *testing.T) {
	s := publishedSchema(t)
	checked := 0
	for _, pattern := range []string{"unknown-key", "missing-key", "wrong-type", "wrong-word", "wrong-duration", "short-times", "wrong-id", "wrong-condition", "two-actions-in-one", "several-at-once"} {
		files, _ := filepath.Glob("testdata/broken/" + pattern + ".yaml")
		for _, file := range files {
			checked++
			if why := s.wrong(s.root, asData(t, read(t, file)), file); why == "" {
				t.Errorf("%s fits the schema", file)
			}
		}
	}
	if checked != 10 {
		t.Errorf("%d files checked", checked)
	}
}

// TestEveryKeyOfTheSchemaIsReadByTheParser: a document with that key and a wrong value is refused for the value and not
// for the key.
func TestEveryKeyOfTheSchemaIsReadByTheParser(t *testing.T) {
	s := publishedSchema(t)
	for key := range s.root["properties"].(map[string]any) {
		_, findings := policy.Parse("x.yaml", []byte(key+": ~\n"))
		if slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.Rule == "unknown-key" }) {
			t.Errorf("the parser does not know %s", key)
		}
	}
}

// TestThePublishedSchemaIsUpToDate compares the file that editors use with what the types say.
func TestThePublishedSchemaIsUpToDate(t *testing.T) {
	const file = "policy.schema.json"
	if *update {
		if err := os.WriteFile(file, policy.JSONSchema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(read(t, file), policy.JSONSchema()) {
		t.Errorf("%s is older than the types; run the tests of this package with -update", file)
	}
}
