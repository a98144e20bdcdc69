package account

import "slices"

// Project is work that is under way for a customer, with the agent who leads it (seed 002, 2.8). It belongs to an organisation, or to a
// customer who has none.
type Project struct {
	ID    int64
	Brand int64
	Owner
	Name     string
	Lead     int64  // 0 while nobody leads it
	LeadName string // filled in on reading
	LeadGone bool   // whoever led it answers no tickets any more
	Ended    bool
}

// Led reports whether there is somebody to whom messages about the project can go.
func (p Project) Led() bool { return p.Lead != 0 && !p.LeadGone }

// Running are those of the projects that have not ended.
func Running(all []Project) []Project {
	return slices.DeleteFunc(slices.Clone(all), func(p Project) bool { return p.Ended })
}

// ProjectNumbered is one of the projects; the zero Project when it is none of them.
func ProjectNumbered(all []Project, id int64) Project {
	if i := slices.IndexFunc(all, func(p Project) bool { return p.ID == id }); i >= 0 {
		return all[i]
	}
	return Project{}
}
