package policy

import (
	"reflect"
	"strings"
)

// Source is a file beside the policy, such as a scenario, that has been read in the same strict way: every value has a
// place, so that whatever is wrong with it later can be shown with its line and a caret.
type Source struct {
	r    reader
	what string
}

// Read reads YAML or JSON strictly into a struct with yaml tags: unknown keys, keys written twice and values of another
// type are findings. What names the kind of file in messages, "a scenario".
func Read(file string, src []byte, what string, into any) *Source {
	s := &Source{reader{file: file, nodes: map[string]*node{}}, what}
	if root := grow(src, s.r.found); root != nil {
		s.r.index(root)
		s.r.value(root, reflect.ValueOf(into).Elem(), "")
	}
	return s
}

// Findings are all mistakes so far, in the order of the file.
func (s *Source) Findings() Findings {
	for i := range s.r.findings {
		f := &s.r.findings[i]
		f.Message = strings.NewReplacer("this policy", "this "+strings.TrimPrefix(s.what, "a "), "a policy", s.what).Replace(f.Message)
		f.Mend = strings.ReplaceAll(f.Mend, "policy: hark/v1", "policy: customer-support-center")
	}
	return s.r.findings.sorted()
}

// Keys are the keys written below a path such as "events.3", members of a list counted from 0.
func (s *Source) Keys(path string) (names []string) {
	if n := s.r.nodes[path]; n != nil {
		for _, e := range n.entries {
			names = append(names, e.name)
		}
	}
	return names
}

// Found adds a mistake in the value at a path; when nothing stands there, at what would hold it.
func (s *Source) Found(path, rule, message, mend string) { s.found(path, rule, message, mend, false) }

// FoundKey adds a mistake that lies in the key of a path and not in its value.
func (s *Source) FoundKey(path, rule, message, mend string) { s.found(path, rule, message, mend, true) }

func (s *Source) found(path, rule, message, mend string, key bool) {
	for {
		if n := s.r.nodes[path]; n != nil {
			at := n.at
			if key {
				at = n.key
			}
			s.r.found(at, rule, message, mend)
			return
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			s.r.found(span{1, 1, 1}, rule, message, mend)
			return
		}
		path = path[:i]
	}
}
