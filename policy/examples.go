package policy

import (
	"embed"
	"strings"
)

//go:embed examples/*.yaml
var examples embed.FS

// Examples are the names of the built-in policies, in order of the alphabet. Each carries one way of supporting
// customers: phone calls as an add-on, a phone procedure, reminders and automatic closing, hours by region, phases.
func Examples() []string {
	var names []string
	files, _ := examples.ReadDir("examples")
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Example is the text of a built-in policy.
func Example(name string) ([]byte, bool) {
	if strings.ContainsAny(name, "/\\.") {
		return nil, false
	}
	src, err := examples.ReadFile("examples/" + name + ".yaml")
	return src, err == nil
}

// ExampleSays is what a built-in policy is for, in the sentence it begins with: "Phone calls as a paid extra, arranged through a
// ticket."
func ExampleSays(name string) string {
	src, _ := Example(name)
	var comment []string
	for line := range strings.Lines(string(src)) {
		words, more := strings.CutPrefix(line, "#")
		if !more {
			break
		}
		comment = append(comment, strings.TrimSpace(words))
	}
	says, _, _ := strings.Cut(strings.Join(comment, " "), ". ")
	return asSentence(says)
}
