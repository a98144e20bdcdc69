package policy_test

import (
	"bytes"
	"strings"
	"testing"

	"hark/policy"
)

func TestFormattingChangesNothingThatIsSaid(t *testing.T) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		out, err := policy.Format(src)
		if err != nil {
			t.Fatal(name, err)
		}
		if d := policy.Differences(parsed(t, name, src), parsed(t, name, out)); len(d) > 0 {
			t.Errorf("%s says something else: %s", name, d[0].Says())
		}
		if again, err := policy.Format(out); err != nil || !bytes.Equal(out, again) {
			t.Errorf("%s is formatted differently the second time: %v", name, err)
		}
		for _, line := range strings.Split(string(src), "\n") {
			if strings.HasPrefix(line, "#") && !strings.Contains(string(out), line) {
				t.Errorf("%s loses the comment %q", name, line)
			}
		}
	}
}

func TestFormattingTidiesUp(t *testing.T) {
	src := `# Our policy.
name:   small
# The format
policy: 'hark/v1'   # always this
version: 1.10
effective: 2026-11-01T00:00
kinds: {question: {means: What you want to know, label: Question}} # the only one
calendars:
    office:
        holidays: []
        # not at night
        week: {mon-fri: 9:00-17:00, sat: "10:00 - 12:00"}
lifecycle:
  states:
    new: &state {waits_on: support, label: No, initial: true}
    open: *state
  moves:
  - do: # what happens
    - send: received
    event: customer_creates
messages:
  received:
    body: |
      Hello.

      We have it.
# The end.
`
	want := `# Our policy.
# The format
policy: hark/v1 # always this
name: small
version: "1.10"
effective: "2026-11-01T00:00"

calendars:
  office:
    # not at night
    week: {mon-fri: "09:00-17:00", sat: "10:00-12:00"}
    holidays: []

kinds: # the only one
  question: {label: Question, means: "What you want to know"}

lifecycle:
  states:
    new: {label: "No", waits_on: support, initial: true}
    open: {label: "No", waits_on: support, initial: true}
  moves:
    - {event: customer_creates, do: [{send: received}]} # what happens

messages:
  received:
    body: |
      Hello.

      We have it.
# The end.
`
	got, err := policy.Format([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwanted\n%s", got, want)
	}
}

// A text that looks like a number to some reader of YAML stays in quotes, wherever its digits are parted.
func TestATextThatLooksLikeANumberStaysAText(t *testing.T) {
	for _, label := range []string{"5_.", "1_000", "0x_1f", "12e3", "no", "2026-11-26"} {
		src := []byte("name: small\npolicy: hark/v1\nkinds: {question: {label: \"" + label + "\"}}\n")
		out, err := policy.Format(src)
		if err != nil {
			t.Fatal(label, err)
		}
		if !strings.Contains(string(out), `label: "`+label+`"`) {
			t.Errorf("%q lost its quotes:\n%s", label, out)
		}
	}
}

func TestAFileThatIsNoYAMLIsLeftAlone(t *testing.T) {
	if out, err := policy.Format([]byte("policy: [hark/v1\n")); err == nil || out != nil || !strings.Contains(err.Error(), "policy:1:") {
		t.Errorf("%s, %v", out, err)
	}
}
