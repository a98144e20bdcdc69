package web_test

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
)

var sourceField = regexp.MustCompile(`(?s)<textarea name="source"[^\n]*>\n(.*?)</textarea>`)

// rules is somebody who changes the policy in the browser.
type rules struct{ *visitor }

func (r rules) source() string {
	r.o.t.Helper()
	found := sourceField.FindStringSubmatch(r.get("/admin/policy/edit").body)
	if found == nil {
		r.o.t.Fatal("the editor shows no text")
	}
	return html.UnescapeString(found[1])
}

// send posts a form and reads the page it leads to.
func (r rules) send(path string, pairs ...string) answer {
	r.o.t.Helper()
	return r.follow(r.sendFrom(r.drawn(), path, pairs...))
}

// follow is the page an answer leads to.
func (r rules) follow(got answer) answer {
	r.o.t.Helper()
	for range 3 {
		if got.status == 303 {
			got = r.get(got.header.Get("Location"))
		}
	}
	return got
}

// sendFrom posts the form of a page that was drawn from a certain draft.
func (r rules) sendFrom(drawn, path string, pairs ...string) answer {
	r.o.t.Helper()
	if path == "/admin/policy/edit" || path == "/admin/policy/apply" {
		pairs = append(pairs, "drawn", drawn)
	}
	return r.post(path, form(append(pairs, "brand", "1")...))
}

var drawnField = regexp.MustCompile(`name="drawn" value="([0-9a-f]+)"`)

// drawn is what the editor says its page is drawn from.
func (r rules) drawn() string {
	r.o.t.Helper()
	return r.get("/admin/policy/edit").drawn(r.o.t)
}

func (a answer) drawn(t testing.TB) string {
	t.Helper()
	found := drawnField.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatal("the page does not say what it is drawn from")
	}
	return found[1]
}

func (a answer) reads(t *testing.T, words ...string) {
	t.Helper()
	text := html.UnescapeString(strings.Join(strings.Fields(tags.ReplaceAllString(a.body, " ")), " "))
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the page does not say %q: %s", word, text[:min(len(text), 2000)])
		}
	}
}

// Ana makes the first reminder come a business day after the question instead of 24 hours: she sees what it does, says
// why, and can go back.
func TestAPolicyIsChangedPlannedAppliedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		better := strings.Replace(source, "after: 24h", "after: 1bd", 1)
		broken := strings.Replace(source, "zone: America", "zonne: America", 1)

		ana.send("/admin/policy/edit", "source", broken, "do", "check").reads(t, "To mend: 2", "Line 10", `"zonne" is not a key of a policy`, "Write zone")
		if ana.source() != broken {
			t.Error("the draft with mistakes was not kept")
		}
		if led := ana.send("/admin/policy/edit", "source", broken, "do", "plan"); !strings.Contains(led.body, "To mend: 2") {
			t.Error("a policy with mistakes can be planned")
		}

		shown := ana.send("/admin/policy/edit", "source", better, "do", "check", "kind", "question", "start", "2026-11-20T15:00", "event", "agent_replies:pending", "at", "2026-11-20T16:30")
		shown.reads(t, "Nothing to mend", "Today", "Sat 21 Nov 16:30 Mail: Reminder 1", "With this draft", "Mon 23 Nov 16:30 Mail: Reminder 1 (different)")

		ana.send("/admin/policy/edit", "source", better, "do", "plan").reads(t, "First reminder", "24 hours", "1 business day", "What customers read", "2 tickets are open", "If open tickets go along, these times change",
			"#1 Redirect broken Reminder 1 Sun 22 Nov 2026, 11:00 EST Tue 24 Nov 2026, 09:00 EST")
		refused := ana.send("/admin/policy/apply", "open", "keep", "reason", "  ")
		if refused.status != 400 {
			t.Errorf("without a reason it answered %d", refused.status)
		}
		refused.reads(t, "Say why the policy changes")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "A weekend is no day of waiting.").reads(t, "A weekend is no day of waiting.", "in force", "1 business day", "Ana Ruiz")
		ana.get("/support").reads(t, "After 1 business day from our last question")
		ana.get("/policy/versions/1").reads(t, "After 24 hours from our last question", "An earlier version")

		ana.send("/admin/policy/begin", "version", "1").reads(t, "First reminder from 1 business day")
		ana.send("/admin/policy/edit", "do", "discard", "source", "")
		if ana.source() != better {
			t.Error("after the draft was thrown away the editor does not show what runs")
		}
	})
}

// While Ana writes, another version is applied; hers would take it back without anybody noticing.
func TestAPolicyThatBeganFromAnOlderVersionIsStopped(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		source := ana.source()
		ana.send("/admin/policy/edit", "source", strings.Replace(source, "after: 5d", "after: 6d", 1), "do", "check")
		other := strings.Replace(source, "after: 24h", "after: 36h", 1)
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(other), Reason: "Meanwhile."})
		o.must(err)
		stopped := ana.send("/admin/policy/apply", "open", "keep", "reason", "Mine.")
		if stopped.status != 409 {
			t.Errorf("answered %d, want 409", stopped.status)
		}
		stopped.reads(t, "was applied since you began")
	})
}

// Ana presses Apply, goes back, and presses it again: the draft is applied once. A draft that begins anew can be had back.
func TestAPlanIsAppliedOnceAndADraftCanBeHadBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		better := strings.Replace(ana.source(), "after: 5d", "after: 6d", 1)
		ana.send("/admin/policy/edit", "source", better, "do", "check")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "A day more.").reads(t, "A day more.", "in force")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "Twice.").reads(t, "What is different from") // it leads to what came of the first
		if got := ana.get("/admin/policy"); strings.Contains(got.body, "Twice.") {
			t.Error("the history has it twice")
		}

		mine := strings.Replace(better, "after: 6d", "after: 7d", 1)
		ana.send("/admin/policy/edit", "source", mine, "do", "check")
		ana.send("/admin/policy/begin", "example", "piperocks-crm")
		ana.get("/admin/policy/edit?brand=1").reads(t, "Your draft began anew.")
		ana.send("/admin/policy/edit", "source", ana.source(), "do", "undo")
		if ana.source() != mine {
			t.Error("what Ana had written is lost")
		}
	})
}

// A version that holds from next month is nobody's to read but the administrator's.
func TestAVersionToComeIsNotPublic(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		later := strings.Replace(ana.source(), `effective: "2026-11-01T00:00"`, `effective: "2027-01-01T00:00"`, 1)
		ana.send("/admin/policy/edit", "source", later, "do", "plan").reads(t, "Holds from Fri 1 Jan 2027, 00:00 EST")
		ana.send("/admin/policy/apply", "open", "keep", "reason", "For the new year.").reads(t, "to come", "For the new year.")
		if got := o.stranger().get("/policy/versions/2"); got.status != 404 {
			t.Errorf("a stranger is answered %d, want 404", got.status)
		}
		ana.get("/policy/versions/2").reads(t, "It holds from Fri 1 Jan 2027")
	})
}

// A new brand has no policy. Ana begins from an example, and the brand has a page.
func TestABrandWithoutAPolicyBeginsFromAnExample(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		brand, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound Software", Slug: "northbound", Host: "northbound.example"})
		o.must(err)
		ana, id := rules{o.as(o.ana)}, strconv.FormatInt(brand.ID, 10)
		ana.get("/admin/policy?brand="+id).reads(t, "Nothing is promised yet", "what-happens-next")
		ana.post("/admin/policy/begin", form("brand", id, "example", "what-happens-next"))
		ana.get("/admin/policy/edit?brand="+id).reads(t, "Nothing to mend", "The page", "What happens next?")
		planned := ana.get("/admin/policy/plan?brand=" + id)
		planned.reads(t, "No ticket is open.")
		if got := ana.post("/admin/policy/apply", form("brand", id, "drawn", planned.drawn(t), "open", "keep", "reason", "Our first promise.")); got.status != 303 {
			t.Fatalf("applying answered %d: %s", got.status, excerpt(got.body))
		}
		if _, page := o.at(t, "northbound.example", "/policy"); !strings.Contains(page, "What happens next?") {
			t.Errorf("the brand has no page: %s", excerpt(page))
		}
	})
}
