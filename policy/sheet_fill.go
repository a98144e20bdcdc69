package policy

import (
	"slices"
	"strings"

	"hark/fault"
)

// What is filled into a box is written into the text where it belongs.

// Fill writes what somebody filled into a box into the file: see [BoxKind] for the values, [Set] for what happens to the
// rest of the file, and for the errors.
func Fill(source []byte, path string, values []string) ([]byte, error) {
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	box, ok := t.Box(path)
	switch {
	case !ok || box.Kind == InWords:
		return nil, fault.New(fault.Invalid, "%s is no box of a form; change it in the text", path)
	case box.Same(values):
		return source, nil
	}
	filled := box.Kind.tidy(values)
	switch box.Kind {
	case Several:
		return SetList(source, path, inFileOrder(box.Values, filled))
	case Lines:
		return SetList(source, path, filled)
	case Times:
		return fillTimes(source, path, filled)
	case Yes:
		return setYes(source, path, filled[0], box)
	}
	return Set(source, path, filled[0])
}

// lengthOf puts number and unit together; without a number there is no duration.
func lengthOf(values []string) string {
	if len(values) < 2 || values[0] == "" {
		return ""
	}
	return values[0] + values[1]
}

// setYes writes no where the file says so already or must say something; a key that is absent says no by itself.
func setYes(source []byte, path, value string, box Box) ([]byte, error) {
	if value == "false" && box.First == 0 && box.Optional {
		return source, nil
	}
	return Set(source, path, value)
}

// inFileOrder keeps those that stay where they are and puts new ones behind them.
func inFileOrder(had, chosen []string) (list []string) {
	for _, value := range had {
		if slices.Contains(chosen, value) {
			list = append(list, value)
		}
	}
	for _, value := range chosen {
		if !slices.Contains(had, value) {
			list = append(list, value)
		}
	}
	return list
}

func fillTimes(source []byte, path string, times []string) ([]byte, error) {
	var hours []string
	for i := 0; i+1 < len(times); i += 2 {
		hours = append(hours, times[i]+"-"+times[i+1])
	}
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(times, ""): // half of an interval: somebody is still at it
		return source, nil
	case len(hours) == 0:
		hours = []string{"closed"}
	}
	n := t.p.nodes[path]
	switch {
	case len(hours) == 1 && (n == nil || n.kind == scalar):
		return Set(source, path, hours[0])
	case n == nil:
		return t.fillList(path, hours)
	}
	return t.writeHours(n, hours)
}

// writeHours exchanges one interval for several, or the other way round.
func (t *Text) writeHours(n *node, hours []string) ([]byte, error) {
	parts := make([]string, len(hours))
	for i, one := range hours {
		parts[i] = quote(one)
		if one == "closed" {
			parts[i] = t.spell(one, nil, n.path)
		}
	}
	text := "[" + strings.Join(parts, ", ") + "]"
	if len(hours) == 1 {
		text = parts[0]
	}
	return t.replace(t.at(n.at), t.end(n), text, func(after *node) { adopt(after, n, t.grown(text)) })
}
