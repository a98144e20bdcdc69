package customers

import (
	"slices"

	"hark/web/shared"
)

// Project is work that is under way for a customer, with whoever leads it.
type Project struct {
	ID    string
	Name  string
	Says  string // "Ana Ruiz leads it"
	Gap   bool   // nobody leads it any more
	Ended bool
	Leads []shared.Option // to choose from
}

func (p Project) underway() []shared.Option {
	return []shared.Option{{Value: "running", Label: "Running", Chosen: !p.Ended}, {Value: "ended", Label: "Ended", Chosen: p.Ended}}
}

// chosen are the options of a field, with what was chosen where this form was refused.
func (f Forms) chosen(form, field string, options []shared.Option) []shared.Option {
	if !f.open(form) {
		return options
	}
	options = slices.Clone(options)
	for i := range options {
		options[i].Chosen = options[i].Value == f.Values[field]
	}
	return options
}
