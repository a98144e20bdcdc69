package policy

import "slices"

// Files of the library: a policy names them, and the desk keeps them.

// FilesMissing are the files that steps of procedures name and a library does not have: each once, by name.
func (p *Policy) FilesMissing(has func(name string) bool) (missing []string) {
	for _, proc := range p.Doc.Procedures {
		for _, name := range proc.Files() {
			if !has(name) {
				missing = append(missing, name)
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// Files are the names of the files of all its steps.
func (p Procedure) Files() (names []string) {
	for _, s := range p.Steps {
		names = append(names, s.Files...)
	}
	return names
}
