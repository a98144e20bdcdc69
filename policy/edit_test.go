package policy_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"hark/fault"
	"hark/policy"
)

// scalars are the paths of everything in a file that is no list and no group, read by another reader than ours.
func scalars(t *testing.T, src []byte) map[string]any {
	t.Helper()
	var doc yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(src, &doc, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	collect(found, "", doc)
	return found
}

func collect(found map[string]any, path string, v any) {
	switch v := v.(type) {
	case yaml.MapSlice:
		for _, e := range v {
			collect(found, strings.TrimPrefix(fmt.Sprint(path, ".", e.Key), "."), e.Value)
		}
	case []any:
		for i, e := range v {
			step := fmt.Sprint(i)
			if group, ok := e.(yaml.MapSlice); ok {
				for _, key := range group {
					if key.Key == "id" {
						step = fmt.Sprint(key.Value)
					}
				}
			}
			collect(found, path+"."+step, e)
		}
	default:
		found[path] = v
	}
}

// written is a value as a form has it.
func written(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// another is a different value of the same sort, short enough for the place.
func another(v any) string {
	switch v := v.(type) {
	case bool:
		return fmt.Sprint(!v)
	case uint64, int64, float64:
		return "7"
	}
	return "Another: “word”, with # signs"
}

// Whatever stands in a file can be written again, and the file stays as it is, to the byte.
func TestSettingAValueToItselfChangesNothing(t *testing.T) {
	for _, name := range policy.Examples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, _ := policy.Example(name)
			for path, value := range scalars(t, src) {
				out, err := policy.Set(src, path, written(value))
				if err != nil || !bytes.Equal(out, src) {
					t.Errorf("%s set to itself changes the file: %v", path, err)
				}
			}
		})
	}
}

// A new value changes the line it stands on and no other; another program reads the new value there and the old ones elsewhere.
func TestAnotherValueChangesItsLineOnly(t *testing.T) {
	for _, name := range policy.Examples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, _ := policy.Example(name)
			before := scalars(t, src)
			for i, path := range slices.Sorted(maps.Keys(before)) {
				if strings.HasSuffix(path, ".id") {
					continue // a member goes by its id, so another id is another path
				}
				out, err := policy.Set(src, path, another(before[path]))
				if changed := changedLines(src, out); err != nil || len(changed) != 1 {
					t.Errorf("setting %s changed the lines %v: %v", path, changed, err)
				} else if i%40 == 0 { // the other program is slow
					onlyAt(t, path, before, scalars(t, out))
				}
			}
		})
	}
}

func onlyAt(t *testing.T, path string, before, after map[string]any) {
	t.Helper()
	for other, was := range before {
		want := written(was)
		if other == path {
			want = another(was)
		}
		if got := written(after[other]); got != want {
			t.Errorf("after setting %s, %s reads %q, want %q", path, other, got, want)
		}
	}
}

func changedLines(a, b []byte) (changed []int) {
	was, is := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	if len(was) != len(is) {
		return []int{-1, len(was), len(is)}
	}
	for i := range was {
		if was[i] != is[i] {
			changed = append(changed, i+1)
		}
	}
	return changed
}

// Every box of every form shows what stands in the file: sent back as it is, it counts as untouched.
func TestAFormAsItIsShownChangesNothing(t *testing.T) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		text, err := policy.ReadText(src)
		if err != nil {
			t.Fatal(err)
		}
		boxes := 0
		for _, section := range append(text.Sections(), text.Unused()...) {
			sheet, ok := text.Sheet(section.ID)
			if !ok {
				t.Errorf("%s has no form for %s", name, section.ID)
			}
			everyBox(sheet, func(b policy.Box) {
				boxes++
				asked, ok := text.Box(b.Path)
				if b.Label == "" || b.Kind != policy.InWords && (!ok || !asked.Same(sent(b))) {
					t.Errorf("%s: the box of %s, %q, does not say what stands in the file: %q", name, b.Path, b.Label, b.Values)
				}
				if boxes%20 != 0 || b.Kind == policy.InWords { // reading the whole file again for each is slow
					return
				}
				if out, err := policy.Fill(src, b.Path, sent(b)); err != nil || !bytes.Equal(out, src) {
					t.Errorf("%s: the box of %s changes the file as it is shown: %v", name, b.Path, err)
				}
			})
		}
		if boxes < 100 {
			t.Errorf("%s has %d boxes", name, boxes)
		}
	}
}

// sent are a box's values as a browser sends them: lines in one field, and an empty value before ticks.
func sent(b policy.Box) []string {
	switch b.Kind {
	case policy.Lines:
		return []string{strings.Join(b.Values, "\r\n")}
	case policy.Several, policy.Yes:
		return append([]string{""}, slices.DeleteFunc(slices.Clone(b.Values), func(v string) bool { return v == "false" })...)
	case policy.Times:
		return append(slices.Clone(b.Values), "", "")
	case policy.Length:
		if b.Values[0] == "" {
			return []string{"", "m"} // a choice of units always has one
		}
	case policy.Prose:
		return []string{strings.ReplaceAll(b.Values[0], "\n", "\r\n")}
	}
	return b.Values
}

func everyBox(e policy.Sheet, each func(policy.Box)) {
	for _, b := range append(e.Boxes, e.More...) {
		each(b)
	}
	for _, inner := range e.Entries {
		everyBox(inner, each)
	}
}

// Ana's first reminder comes one business day after the question, no longer 24 hours after it.
func TestTheFirstReminderIsChangedInAForm(t *testing.T) {
	src, _ := policy.Example("customer-support-center")
	out, err := policy.Fill(src, "lifecycle.timers.reminder-1.after", []string{"1", "bd"})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(string(src), "{id: reminder-1, in: pending, after: 24h,", "{id: reminder-1, in: pending, after: 1bd,", 1)
	if string(out) != want {
		t.Errorf("lines %v changed", changedLines(src, out))
	}
}

const handwritten = `# Ours.
policy: hark/v1   # the format
name: 'small'
title: "It's ours"
company: Lark & Field
zone: Europe/London # until we move

assumptions:
  # from the lawyer
  - about: zone
    says: 'It''s London.' # ask Ben
  - {about: kinds, says: "One is enough."}

kinds:
  question: {label: Question} # the usual one
  # rare
  order:
    label: Order

calendars:
  office:
    week: {mon-thu: "09:00-17:00", fri: ["09:00-12:00", "13:00-15:00"]}
    holidays: [gb-eng]
    except:
      - {date: "2026-12-24", hours: closed, why: "Christmas Eve"} # every year
messages:
  hello:
    subject: Hello
    body: |
      Hello.

      We have it.
  bye:
    subject: Bye
    body: >-
      Folded
      text
feedback:
targets: []
`

func TestAFormKeepsWhatPeopleWroteAround(t *testing.T) {
	for _, c := range []struct{ path, value, was, is string }{
		{"name", "smaller", "name: 'small'", "name: 'smaller'"},
		{"title", "Yours", `title: "It's ours"`, `title: "Yours"`},
		{"company", "Lark: Field", "company: Lark & Field", `company: "Lark: Field"`},
		{"zone", "Europe/Berlin", "zone: Europe/London # until we move", "zone: Europe/Berlin # until we move"},
		{"assumptions.0.says", "It's Berlin.", "says: 'It''s London.' # ask Ben", "says: 'It''s Berlin.' # ask Ben"},
		{"kinds.question.means", "Anything.", "question: {label: Question} # the usual one", `question: {label: Question, means: "Anything."} # the usual one`},
		{"kinds.order.means", "A parcel.", "    label: Order\n", "    label: Order\n    means: \"A parcel.\"\n"},
		{"calendars.office.zone", "Europe/Paris", "    week: {mon-thu", "    zone: Europe/Paris\n    week: {mon-thu"},
		{"calendars.office.except.0.why", "", `, why: "Christmas Eve"`, ""},
		{"messages.hello.body", "Good day.\n\nIt is here.\n", "      Hello.\n\n      We have it.\n", "      Good day.\n\n      It is here.\n"},
		{"messages.hello.body", "Short.", "body: |\n      Hello.\n\n      We have it.\n", "body: \"Short.\"\n"},
		{"intake.triage.default_kind", "order", "# every year\n", "# every year\n\nintake:\n  triage: {default_kind: order}\n"},
		{"product", "Parcels", "zone: Europe", "product: Parcels\nzone: Europe"},
	} {
		out, err := policy.Set([]byte(handwritten), c.path, c.value)
		if want := strings.Replace(handwritten, c.was, c.is, 1); err != nil || string(out) != want {
			t.Errorf("%s: %v\n%s", c.path, err, out)
		}
	}
}

func TestAFormRefusesWhatItCannotChangeAlone(t *testing.T) {
	const shared = "policy: hark/v1\nkinds:\n  a: &a {label: One}\n  b: *a\n"
	for path, value := range map[string]string{"kinds.b.label": "Two", "kinds.b": "Two", "nowhere.at.all": "x", "kinds.a.colour": "red"} {
		if out, err := policy.Set([]byte(shared), path, value); err == nil {
			t.Errorf("%s was set:\n%s", path, out)
		}
	}
	if _, err := policy.Set([]byte("kinds: [\n"), "name", "x"); err == nil {
		t.Error("a file that is no YAML was changed")
	}
}

func TestEntriesAreTakenOutAndPutIn(t *testing.T) {
	gone, err := policy.Remove([]byte(handwritten), "assumptions.1")
	if want := strings.Replace(handwritten, "  - {about: kinds, says: \"One is enough.\"}\n", "", 1); err != nil || string(gone) != want {
		t.Errorf("%v\n%s", err, gone)
	}
	gone, err = policy.Remove(gone, "assumptions.0")
	if err != nil || strings.Contains(string(gone), "assumptions") || strings.Contains(string(gone), "\n\n\n") {
		t.Errorf("the last assumption takes its section along: %v\n%s", err, gone)
	}
	out, id, err := policy.Add([]byte(handwritten), "kinds", "Refund request")
	if err != nil || id != "refund-request" || !strings.Contains(string(out), "    label: Order\n  refund-request: {label: Refund request}\n") {
		t.Errorf("%s, %v\n%s", id, err, out)
	}
	if _, _, err := policy.Add(out, "kinds", "Refund request"); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("the same kind twice: %v", err)
	}
	out, id, err = policy.Add([]byte(handwritten), "calendars.office.except", "2026-12-31")
	if err != nil || id != "1" || !strings.Contains(string(out), "# every year\n      - {date: \"2026-12-31\", hours: closed}\n") {
		t.Errorf("%s, %v\n%s", id, err, out)
	}
	out, err = policy.Fill([]byte(handwritten), "calendars.office.week.mon-thu", []string{"09:00", "12:00", "13:00", "17:00"})
	if err != nil || !strings.Contains(string(out), `mon-thu: ["09:00-12:00", "13:00-17:00"], fri`) {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = policy.Fill([]byte(handwritten), "calendars.office.week.fri", []string{"", ""})
	if err != nil || !strings.Contains(string(out), `fri: closed}`) {
		t.Errorf("%v\n%s", err, out)
	}
	out, id, err = policy.Add([]byte(handwritten), "calendars.office.week", "Saturday")
	if err != nil || id != "sat" || !strings.Contains(string(out), `"13:00-15:00"], sat: "09:00-17:00"}`) {
		t.Errorf("%s, %v\n%s", id, err, out)
	}
	out, id, err = policy.Add([]byte(handwritten), "targets", "First answer")
	if err != nil || id != "first-answer" || !strings.Contains(string(out), "targets: [{id: first-answer, measure: first_reply, within: 1d, strength: unstated}]") {
		t.Errorf("%s, %v\n%s", id, err, out)
	}
	out, _, err = policy.Add([]byte(handwritten), "plans", "Priority")
	if err != nil || !strings.Contains(string(out), "# every year\n\nplans:\n  - {id: priority, label: Priority}\n") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = policy.Fill([]byte(handwritten), "calendars.office.holidays", []string{"", "us-federal", "gb-eng"})
	if err != nil || !strings.Contains(string(out), `holidays: [gb-eng, us-federal]`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// Every section that can grow does, in every example; what comes in can be read, and taken out again it leaves the old file.
func TestWhatIsAddedCanBeTakenOutAgain(t *testing.T) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		text, _ := policy.ReadText(src)
		for _, section := range text.Sections() {
			sheet, _ := text.Sheet(section.ID)
			everyEntry(sheet, func(e policy.Sheet) {
				if e.Grows == "" || e.First == 0 {
					return
				}
				called := "something new"
				if e.Grows == "day of the week" {
					called = "Sunday"
				}
				out, id, err := policy.Add(src, e.Path, called)
				if err != nil {
					t.Errorf("%s: %s: %v", name, e.Path, err)
					return
				}
				if _, findings := policy.Parse(name, out); findings.Errors() > 0 {
					t.Errorf("%s: a new %s cannot be read: %s", name, e.Grows, findings.Carets(out))
				}
				if back, err := policy.Remove(out, e.Path+"."+id); err != nil || !bytes.Equal(back, src) {
					t.Errorf("%s: the new %s leaves something behind: %v", name, e.Grows, err)
				}
			})
		}
	}
}

func everyEntry(e policy.Sheet, each func(policy.Sheet)) {
	each(e)
	for _, inner := range e.Entries {
		everyEntry(inner, each)
	}
}

func TestARuleKnowsItsLines(t *testing.T) {
	text, err := policy.ReadText([]byte(handwritten))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][2]int{
		"zone": {6, 6}, "assumptions": {8, 12}, "assumptions.0": {10, 11}, "kinds.order": {17, 18}, "kinds.order.label": {18, 18},
		"calendars.office": {21, 25}, "messages.hello.body": {29, 32}, "nowhere": {0, 0},
	} {
		if first, last := text.Lines(path); first != want[0] || last != want[1] {
			t.Errorf("%s stands in the lines %d to %d, want %v", path, first, last, want)
		}
	}
}

// While somebody types, a draft is rarely whole. Whatever can be read as YAML has its forms, and can be changed in them or not,
// but nothing falls over: letters are exchanged, dropped, doubled and cut out at random places of every example.
func TestADraftWithMistakesStillHasItsForms(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 7))
	shown := 0
	for range 40 {
		for _, name := range policy.Examples() {
			src, _ := policy.Example(name)
			broken := spoiled(random, slices.Clone(src))
			text, err := policy.ReadText(broken)
			if err != nil {
				continue
			}
			for _, section := range append(text.Sections(), text.Unused()...) {
				sheet, _ := text.Sheet(section.ID)
				everyBox(sheet, func(policy.Box) { shown++ })
			}
			_, _ = policy.Set(broken, "company", "x: y")
			_, _ = policy.Remove(broken, "assumptions.0")
			_, _, _ = policy.Add(broken, "kinds", "Refund")
		}
	}
	if shown < 1000 {
		t.Errorf("only %d boxes were shown", shown)
	}
}

func spoiled(random *rand.Rand, src []byte) []byte {
	for range 1 + random.IntN(4) {
		i := random.IntN(len(src))
		switch random.IntN(4) {
		case 0:
			src[i] = byte(' ' + random.IntN(95))
		case 1:
			src = slices.Delete(src, i, i+1)
		case 2:
			src = slices.Insert(src, i, "\n{[\"': #|&*-"[random.IntN(11)])
		case 3:
			src = slices.Delete(src, i, min(len(src), i+random.IntN(30)))
		}
	}
	return src
}

// Nothing somebody fills in breaks a file: it is changed as meant, or left alone.
func FuzzSet(f *testing.F) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		f.Add(string(src), "lifecycle.timers.lock-solved.after", "3bd")
	}
	f.Add(handwritten, "messages.hello.body", "a\n b\n# c")
	f.Add(handwritten, "company", "'\"{[# :")
	f.Fuzz(func(t *testing.T, src, path, value string) {
		out, err := policy.Set([]byte(src), path, value)
		if err != nil {
			return
		}
		text, err := policy.ReadText(out)
		if err != nil {
			t.Fatalf("%q at %q makes it unreadable: %v\n%s", value, path, err, out)
		}
		for _, section := range text.Sections() {
			if sheet, ok := text.Sheet(section.ID); ok {
				everyBox(sheet, func(policy.Box) {})
			}
		}
	})
}

// Hours are written as pairs: half of one says nothing yet, and nobody's afternoon moves into the morning.
func TestHalfAnIntervalMovesNoOther(t *testing.T) {
	source, _ := policy.Example("customer-support-center")
	const path = "calendars.office.week.mon-fri"
	two, err := policy.Fill(source, path, []string{"09:00", "12:00", "13:00", "24:00"})
	if err != nil {
		t.Fatal(err)
	}
	for _, half := range [][]string{{"", "12:00", "13:00", "24:00"}, {"09:00", "", "13:00", "24:00"}, {"09:00", "12:00", "13:00", ""}} {
		if got, err := policy.Fill(two, path, half); err != nil || !bytes.Equal(got, two) {
			t.Errorf("%q wrote %v: %s", half, err, got)
		}
	}
	earlier, err := policy.Fill(two, path, []string{"08:00", "12:00", "13:00", "24:00", "", ""})
	if err != nil || !strings.Contains(string(earlier), `"08:00-12:00", "13:00-24:00"`) {
		t.Errorf("an earlier morning wrote %v: %s", err, earlier)
	}
}

// A day of the week is named, and nothing else is taken for one.
func TestOnlyADayOfTheWeekIsAdded(t *testing.T) {
	text, _ := policy.Example("customer-support-center")
	source := []byte(strings.Replace(string(text), `{mon-fri: "09:00-17:00"}`, `{mon: "09:00-17:00"}`, 1))
	for name, want := range map[string]string{"Saturday": "sat", "tue": "tue", "Tuesdays": "tue", "Tuesday to Friday": "tue-fri", " wed - FRI ": "wed-fri"} {
		if _, id, err := policy.Add(source, "calendars.office.week", name); err != nil || id != want {
			t.Errorf("%q is added as %q: %v", name, id, err)
		}
	}
	for _, name := range []string{"Feiertag", "Monument", "Friedrich", "Sunset", "Mon Tue Wed", "2026-12-24"} {
		_, _, err := policy.Add(source, "calendars.office.week", name)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "“"+name+"” is no day of the week") {
			t.Errorf("%q is answered %v", name, err)
		}
	}
}
