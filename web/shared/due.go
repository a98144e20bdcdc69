package shared

import "strings"

// tone is the only place where a due time gets a colour: a broken promise, or a usual time that has passed.
func (d Due) tone() string {
	switch {
	case d.State == Missed && d.Strength == Promise:
		return "due-broken"
	case d.State == Missed && d.Strength == Usual:
		return "due-late"
	case d.State == Paused:
		return "due-paused"
	case d.State == Kept:
		return "due-kept"
	}
	return ""
}

// marked says whether a shape stands beside the colour, because colour never speaks alone.
func (d Due) marked() bool { return d.State == Missed && d.Strength != Planned }

// In returns the same due time for a second place on the page, where its popover needs a name of its own.
func (d Due) In(place string) Due {
	d.ID += "-" + place
	return d
}

// unnamed reports whether the reasons leave their rule's name out, so that it has to stand below them.
func (w Why) unnamed() bool {
	return w.Rule != "" && !strings.Contains(strings.Join(w.Sentences, " "), w.Rule)
}
