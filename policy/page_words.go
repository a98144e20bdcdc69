package policy

import (
	"strings"

	"hark/calendar"
)

// Placeholders of a page: what each reads as in the middle of a sentence.

// inline is what a placeholder reads as in the middle of a sentence.
func (p *Policy) inline(name, filter string) (string, bool) {
	n := p.nodes[strings.TrimPrefix(name, "policy.")]
	switch {
	case filter == "" && strings.HasSuffix(name, ".expect.say"):
		return p.expectAt(strings.TrimSuffix(name, ".expect.say"))
	case n == nil || name == "":
		return "", false
	case filter == "" && n.kind == scalar:
		return p.nodeSays(n), true
	case filter == "date" && name == "policy.effective":
		return dateSays(calendar.DateOf(p.Effective, p.Zone)), true
	case filter == "live" && Rule(name) == name && strings.HasPrefix(name, "figures."):
		return n.scalarAt("source_value"), true
	case (filter == "labels" || filter == "names") && n.kind != scalar:
		return enumerate(p.labels(n)), true
	case strings.HasPrefix(name, "calendars.") && n.kind == mapping:
		return p.calendarPart(lastStep(name), filter)
	}
	return "", false
}

func (p *Policy) calendarPart(id, filter string) (string, bool) {
	c, cal := p.Doc.Calendars[id], p.Calendars[id]
	if cal == nil {
		return "", false
	}
	switch filter {
	case "hours":
		return cal.WeekSays(), true
	case "zone":
		return zoneSays(cal.Zone.String()), true
	case "holidays":
		return holidaysSay(c.Holidays), len(c.Holidays) > 0
	}
	return "", false
}

// expectAt is the usual time of a target or a phase.
func (p *Policy) expectAt(path string) (string, bool) {
	if id, ok := strings.CutPrefix(path, "targets."); ok {
		t, found := find(p.Doc.Targets, func(t Target) bool { return t.ID == id })
		return t.Expect.Says(), found && t.Expect.Says() != ""
	}
	tracker, phase, ok := strings.Cut(strings.TrimPrefix(path, "trackers."), ".phases.")
	if !ok {
		return "", false
	}
	found, ok := find(p.Doc.Trackers[tracker].Phases, func(ph Phase) bool { return ph.ID == phase })
	return or(found.Expect.Says(), "none"), ok
}

// announceSays are the places where changes are announced, as customers know them.
var announceSays = map[string]string{"Changes.announce_on/website": "our website", "Changes.announce_on/in_app": "in the product", "Changes.announce_on/mail": "by mail"}

func (p *Policy) labels(n *node) (labels []string) {
	for i, e := range n.entries {
		if e.kind == scalar {
			label := or(announceSays[n.place+"/"+e.text], p.nodeSays(e))
			if idPattern.MatchString(label) {
				label = spaced(label)
			}
			labels = append(labels, label)
			continue
		}
		labels = append(labels, or(e.scalarAt("label"), e.scalarAt("name"), e.scalarAt("title"), spaced(or(e.name, memberName(e, i)))))
	}
	return labels
}
