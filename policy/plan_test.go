package policy_test

import (
	"slices"
	"testing"

	"hark/policy"
)

// plan is what changes when some words of the support centre are replaced.
func plan(t *testing.T, pairs ...string) (lines []string) {
	t.Helper()
	before := example(t, "customer-support-center")
	after := parsed(t, "edited", edited(t, "customer-support-center", pairs...))
	for _, d := range policy.Differences(before, after) {
		lines = append(lines, d.Says())
	}
	return lines
}

func TestADifferenceIsASentence(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 1bd", "First reminder: 24 hours → 1 business day"},
		{`mon-fri: "09:00-17:00"`, `mon-fri: ["09:00-12:00", "13:00-17:00"]`, "Opening hours office, week mon fri: 09:00-17:00 → 09:00-12:00, 13:00-17:00"},
		{"within: 1bd@close", "within: 2bd@close", "First answer (other): the close of the next business day → the close of the second business day"},
		{"label: Question", "label: Request", "Kind Request, label: Question → Request"},
		{"    - {id: reminder-2, in: pending, after: 5d, since: last_agent_message, do: [{send: reminder-2}]}\n", "", "Second reminder: no longer: After 5 days in Pending, counted from our last question: we send “Second reminder”."},
		{"    - {event: customer_creates", "    - {event: agent_sets, from: [closed], do: [{task: look}]}\n    - {event: customer_creates", "Move 1: new: When we decide in Closed: a task is noted: look."},
		{"name: First reminder", "name: Reminder", "Message “Reminder”, name: First reminder → Reminder"},
		{"public: true", "public: false", "Channel Write an email, public: yes → no"},
	} {
		if lines := plan(t, c.old, c.new); len(lines) == 0 || !slices.Contains(lines, c.want) {
			t.Errorf("%q → %q reads\n%q\nwanted %q", c.old, c.new, lines, c.want)
		}
	}
}

func TestThePlanShowsTheSentencesThatReadDifferently(t *testing.T) {
	lines := plan(t, "lock-solved, in: solved, after: 24h", "lock-solved, in: solved, after: 48h")
	want := []string{
		"Lock solved: 24 hours → 48 hours",
		"Page “Customer support center”, The life of a ticket: After 24 hours: it becomes Closed. → After 48 hours: it becomes Closed.",
		"Page “Customer support center”, The life of a ticket: Solved: we consider it done and tell you so. You have 24 hours to add something, which opens it again; then it is closed. → Solved: we consider it done and tell you so. You have 48 hours to add something, which opens it again; then it is closed.",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the plan is\n%q\nwanted\n%q", lines, want)
	}
}

func TestCommentsAndOrderAreNoDifference(t *testing.T) {
	if lines := plan(t, "kind: email\n    address: support@example.com", "address: \"support@example.com\" # where mail comes in\n    kind: email"); len(lines) > 0 {
		t.Errorf("nothing changes, and the plan says %q", lines)
	}
	for _, name := range policy.Examples() {
		if d := policy.Differences(example(t, name), example(t, name)); len(d) > 0 {
			t.Errorf("%s differs from itself: %s", name, d[0].Says())
		}
	}
}
