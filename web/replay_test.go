package web_test

import (
	"strconv"
	"strings"
	"testing"
)

// replayed posts the form and looks until the replay has ended.
func (r rules) replayed(pairs ...string) answer {
	r.o.t.Helper()
	got := r.send("/admin/policy/replay", pairs...)
	for range 1000 {
		if got.header.Get("Refresh") == "" {
			return got
		}
		got = r.get("/admin/policy/replay?brand=1")
	}
	r.o.t.Fatal("the replay does not end")
	return got
}

// Ana asks what the last 90 days would have been like if the first reminder waited for a business day, and looks closer at the
// ticket it moves.
func TestTheLast90DaysAreReplayedUnderADraft(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		ana.get("/admin/policy/replay").reads(t, "The last 90 days again", "Your draft has not been replayed yet", "Replay the last 90 days")

		later := strings.Replace(source, "status: closed}, {send: closed-no-response", "status: closed}, {send: closed-no-response", 1)
		later = strings.Replace(later, "after: 7d", "after: 9d", 1)
		ana.send("/admin/policy/edit", "source", later, "do", "check")
		got := ana.replayed()
		got.reads(t, "tickets that came in since", "Mails to customers", "Closings", "When mails leave", "Saturday", "would close, or be due, at another time",
			"#"+strconv.FormatInt(o.marias, 10), "Redirect broken", "Closing", "Step by step")

		ana.send("/admin/policy/edit", "source", strings.Replace(source, "after: 24h", "after: 1bd", 1), "do", "check")
		ana.get("/admin/policy/replay").reads(t, "This is about an earlier text of your draft")

		ana.get("/admin/policy/edit?brand=1&ticket="+strconv.FormatInt(o.marias, 10)).reads(t, "What people did on", "Redirect broken", "Tue 24 Nov 09:00 Mail: Reminder 1", "(different)")
	})
}

func TestADraftWithMistakesIsNotReplayed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		ana.send("/admin/policy/edit", "source", "policy: hark/v1", "do", "check")
		got := ana.send("/admin/policy/replay")
		if got.status != 422 {
			t.Errorf("answered %d, want 422", got.status)
		}
		got.reads(t, "The draft has mistakes to mend first")
	})
}

// What Ana tries she can keep. From then on a change that breaks it is told with its line, and cannot be planned.
func TestATrialIsKeptAndHoldsEveryChangeToIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		trial := []string{"kind", "question", "start", "2026-11-20T15:45", "event", "agent_replies:pending", "at", "2026-11-20T16:30", "until", "", "fact", "project.lead", "value", "ben@agency.example"}
		nameless := ana.send("/admin/policy/edit", append([]string{"source", source, "do", "keep", "scenario", " "}, trial...)...)
		if nameless.status != 400 {
			t.Errorf("without a name it answered %d", nameless.status)
		}
		nameless.reads(t, "A scenario needs a name")

		ana.send("/admin/policy/edit", append([]string{"source", source, "do", "keep", "scenario", "A Friday question"}, trial...)...).reads(t, "Nothing to mend")
		kept := ana.source()
		for _, line := range []string{"  - name: \"A Friday question\"", "    facts: {project.lead: ben@agency.example}", "      - {at: \"2026-11-21 16:30\", kind: send, message: reminder-1}"} {
			if !strings.Contains(kept, line+"\n") {
				t.Errorf("the text does not keep %q", line)
			}
		}
		broken := strings.Replace(kept, "after: 24h", "after: 1bd", 1)
		ana.send("/admin/policy/edit", "source", broken, "do", "plan").reads(t, "To mend: 1", `"A Friday question" expects send reminder-1`, "it comes on Mon 2026-11-23 16:30 EST")
		if got := ana.send("/admin/policy/apply", "open", "keep", "reason", "Anyway."); got.status != 400 && !strings.Contains(got.body, "To mend") {
			t.Errorf("it was applied: %d", got.status)
		}
	})
}

// A trial has what the policy has: facts with their values, downtime, changes without a message, and the mails as customers read them.
func TestATrialHasFactsDowntimeAndMailsAsTheyWouldLook(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		shown := ana.send("/admin/policy/edit", "source", ana.source(), "do", "check", "kind", "question", "start", "2026-11-20T15:45",
			"event", "agent_replies:pending", "at", "2026-11-20T16:30", "until", "",
			"event", "server_down", "at", "2026-11-21T16:00", "until", "2026-11-25T17:00", "event", "agent_sets?priority=high", "at", "2026-11-25T17:30", "until", "")
		shown.reads(t, "The desk is down", "Wed 25 Nov 17:00", "skipped", "Priority high")
		shown.reads(t, "Your ticket closes without an answer [1234]", "Please answer until Friday 27 November 2026, 17:00 EST", "We asked: (the last question)")
		for _, want := range []string{`value="2026-11-25T17:00"`, `value="agent_sets?priority=high" selected`} {
			if !strings.Contains(shown.body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		wrong := ana.send("/admin/policy/edit", "source", ana.source(), "do", "check", "kind", "question", "start", "2026-11-20T15:45", "fact", "ticket.is_existing", "value", "perhaps")
		wrong.reads(t, `ticket.is_existing is true or false, not "perhaps"`)
	})
}

// From a ticket Ana sees what other rules would make of it; from the trial by its number as well.
func TestARealTicketIsTriedUnderOtherRules(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana, number := rules{o.as(o.ana)}, strconv.FormatInt(o.marias, 10)
		if page := ana.get("/tickets/" + number).body; !strings.Contains(page, "/admin/policy/edit?ticket="+number) {
			t.Error("her ticket page does not lead there")
		}
		if page := o.as(o.ben).get("/tickets/" + number).body; strings.Contains(page, "/admin/policy/edit") {
			t.Error("Ben, who may not change promises, is led there")
		}
		source := ana.source()
		taken := ana.send("/admin/policy/edit", "source", strings.Replace(source, "after: 24h", "after: 1bd", 1), "do", "take", "take", "#"+number)
		taken.reads(t, "What people did on", "#"+number, "Redirect broken", "Today", "With this draft")
		ana.get("/admin/policy/edit").reads(t, "What people did on") // it stays in the draft
		absent := ana.send("/admin/policy/edit", "source", source, "do", "take", "take", "99999")
		if absent.status != 404 {
			t.Errorf("a ticket that is not there answered %d", absent.status)
		}
		ana.send("/admin/policy/edit", "source", source, "do", "take", "take", "four").reads(t, "Write the number of a ticket")
	})
}

// Whatever is written into the fields of a trial stays a value: nothing of it becomes a line of the scenario or of the policy.
func TestH1_NothingInATrialBecomesARule(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		const evil = "x}\n  - {at: \"2026-11-20 16:00\", event: bounce}\nuntil: \"2099-01-01 00:00\" # \"'{{ticket.link}}"
		for _, field := range []string{"kind", "event", "value", "ticket", "scenario"} {
			form := map[string]string{"kind": "question", "start": "2026-11-20T15:45", "event": "customer_replies", "at": "2026-11-20T16:30", "fact": "project.lead", "value": "ben@agency.example", "scenario": "Plain"}
			form[field] = evil
			pairs := []string{"source", source, "do", "keep"}
			for name, value := range form {
				pairs = append(pairs, name, value)
			}
			got := ana.send("/admin/policy/edit", pairs...)
			if got.status >= 500 || strings.Contains(got.body, "The mail came back") {
				t.Errorf("%s: answered %d", field, got.status)
			}
			kept := ana.source()
			if strings.Contains(kept, "\nuntil: ") || strings.Contains(kept, "\n  - {at: \"2026-11-20 16:00\"") || !strings.HasPrefix(kept, source) {
				t.Errorf("%s: it became part of the text:\n%s", field, kept[min(len(kept), len(source)):])
			}
		}
	})
}
