package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// Ana has the editor open twice, as text. What she writes in the second is not taken back by the first, and what she typed in the
// first is not lost: both are shown, and she chooses.
func TestAnOlderPageTakesBackNothing(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source, older := ana.source(), ana.drawn()
		newer := strings.Replace(source, "after: 5d", "after: 6d", 1)
		ana.send("/admin/policy/edit", "source", newer, "do", "check")

		typed := strings.Replace(source, "after: 24h", "after: 1bd", 1)
		stopped := ana.sendFrom(older, "/admin/policy/edit", "source", typed, "do", "plan", "start", "2026-11-20T15:00", "kind", "question")
		if stopped.status != 409 {
			t.Errorf("the older page is answered %d, want 409", stopped.status)
		}
		stopped.reads(t, "Two texts of your draft", "First reminder", "from 24 hours", "to 1 business day", "Second reminder", "The saved draft", "after: 6d", "The text of this page", "after: 5d")
		if ana.source() != newer {
			t.Error("the older page has taken something back")
		}
		kept := sourceOf(t, stopped)
		if kept != typed {
			t.Errorf("what was typed is not on the page:\n%s", kept)
		}
		if !strings.Contains(stopped.body, `name="start" value="2026-11-20T15:00"`) {
			t.Error("the trial is lost")
		}
		chosen := stopped.drawn(t)
		ana.sendFrom(chosen, "/admin/policy/edit", "source", kept, "do", "check")
		if ana.source() != typed {
			t.Error("what Ana chose is not saved")
		}
	})
}

// The same from a form without script: the box she filled in, the kind she added, the draft she threw away.
func TestAnOlderFormTakesBackNothing(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source, older := ana.source(), ana.drawn()
		newer := strings.Replace(source, "after: 5d", "after: 6d", 1)
		ana.send("/admin/policy/edit", "source", newer, "do", "check")

		filled := ana.sendFrom(older, "/admin/policy/edit", "source", source, "section", "lifecycle", "do", "check",
			"set:"+reminder+".after", "1", "set:"+reminder+".after", "bd", "set:lifecycle.timers.reminder-2.after", "5", "set:lifecycle.timers.reminder-2.after", "d")
		if want := strings.Replace(source, "after: 24h, since", "after: 1bd, since", 1); filled.status != 409 || sourceOf(t, filled) != want {
			t.Errorf("answered %d with\n%s", filled.status, sourceOf(t, filled))
		}
		added := ana.sendFrom(older, "/admin/policy/edit", "source", source, "section", "kinds", "new:kinds", "Invoice question", "do", "add:kinds")
		if added.status != 409 || !strings.Contains(sourceOf(t, added), "invoice-question") {
			t.Errorf("a kind that was added on an older page: answered %d with\n%s", added.status, sourceOf(t, added))
		}
		wrong := ana.sendFrom(older, "/admin/policy/edit", "source", source, "section", "kinds", "new:kinds", "question", "do", "add:kinds")
		wrong.reads(t, "One thing you typed could not be written into the text", "Kinds of request has a question already")
		for _, drawn := range []string{older, "", "ffff"} {
			if got := ana.sendFrom(drawn, "/admin/policy/edit", "source", source, "do", "discard"); got.status != 409 {
				t.Errorf("throwing away from %q is answered %d, want 409", drawn, got.status)
			}
		}
		if ana.source() != newer {
			t.Error("an older page has changed the draft")
		}
	})
}

// A plan applies the text it was the plan of. What Ana typed into its form stays when it is stopped.
func TestAPlanAppliesWhatItShowed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		read := strings.Replace(source, "after: 5d", "after: 6d", 1)
		shown := ana.send("/admin/policy/edit", "source", read, "do", "plan")
		older := shown.drawn(t)
		later := strings.Replace(source, "after: 5d", "after: 9d", 1)
		ana.send("/admin/policy/edit", "source", later, "do", "check")

		stopped := ana.sendFrom(older, "/admin/policy/apply", "open", "move", "reason", "Six days are enough.")
		if stopped.status != 409 {
			t.Errorf("answered %d, want 409", stopped.status)
		}
		stopped.reads(t, "changed since the plan you read was drawn", "to 9 days")
		if !strings.Contains(stopped.body, `value="Six days are enough."`) || !strings.Contains(stopped.body, `value="move" id="open-1" checked`) {
			t.Error("what was typed below the plan is lost")
		}
		if history := ana.get("/admin/policy").body; strings.Contains(history, "Six days are enough.") {
			t.Error("it was applied all the same")
		}
		again := stopped.drawn(t)
		ana.sendFrom(again, "/admin/policy/apply", "open", "keep", "reason", "Nine days, then.")
		ana.get("/admin/policy").reads(t, "Nine days, then.", "in force")
	})
}

var typedField = regexp.MustCompile(`(?s)<textarea [^>]*name="source"[^>]*>\n(.*?)</textarea>`)

func sourceOf(t *testing.T, a answer) string {
	t.Helper()
	found := typedField.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("answered %d without the text", a.status)
	}
	return html.UnescapeString(found[1])
}
