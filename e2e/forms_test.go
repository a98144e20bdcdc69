package e2e

import (
	"fmt"
	"strings"
	"testing"
)

const firstReminder = "lifecycle.timers.reminder-1"

// fill types into a box of a form, or chooses in it, as a person does: the page hears of it.
func fill(b *Browser, path string, n int, value string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(() => {
		const box = document.querySelectorAll('[name="set:%s"]')[%d]
		box.focus()
		box.value = %q
		box.dispatchEvent(new Event("input", {bubbles: true}))
	})()`, path, n, value))
}

func (b *Browser) text() string { return b.valueOf("textarea[name=source]") }

func (b *Browser) valueOf(selector string) string {
	b.t.Helper()
	var value string
	b.until(selector+" is there", func() bool {
		value = b.eval(fmt.Sprintf(`document.querySelector(%q)?.value ?? ""`, selector))
		return value != ""
	})
	return value
}

// Maya changes the first reminder in a form: text, page and trial change with it. She finds rules by their sentences and
// sentences by their rules, settles an assumption, and applies what she has.
func TestAPromiseIsChangedInAForm(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	signIn(b, server, "maya@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + "/admin/policy/edit")
	b.See("Today and with this draft, the same happens")

	b.Press("Life of a ticket")
	b.SeeIn("#sheet", "Life of a ticket")
	b.SeeIn(`[data-says="`+firstReminder+`"]`, "After 24 hours in Pending")
	fill(b, firstReminder+".after", 0, "1")
	fill(b, firstReminder+".after", 1, "bd")
	b.SeeIn(".rules-changed", "1 business day")
	b.SeeIn(".trial-sides", "With this draft")
	b.SeeIn(`[data-says="`+firstReminder+`"]`, "After 1 business day in Pending")
	b.See("Draft saved")
	if !strings.Contains(b.text(), "{id: reminder-1, in: pending, after: 1bd, since: last_agent_message,") {
		t.Errorf("the text does not say it where it belongs: %s", b.text())
	}
	b.SeeIn(".rules-said", "1 business day")
	b.Shot("forms-lifecycle")
	b.Axe("a form of the policy")

	// A sentence leads to its rule.
	b.eval(`[...document.querySelectorAll(".rules-bind")].find(e => e.value === "rule:lifecycle.timers.lock-solved").click()`)
	b.until("the rule's form has the focus", func() bool {
		return b.eval(`document.activeElement.name ?? ""`) == "set:lifecycle.timers.lock-solved.in"
	})
	// In the text it leads to its lines, and the line leads back to the sentence.
	b.Press("Text")
	b.until("the text is shown", func() bool { return b.eval(`document.querySelector(".rules-text").hidden`) == "false" })
	b.eval(`[...document.querySelectorAll(".rules-bind")].find(e => e.value === "rule:` + firstReminder + `").click()`)
	b.until("the rule's line is selected", func() bool {
		return strings.Contains(b.eval(`(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.querySelector("textarea[name=source]"))`), "id: reminder-1")
	})
	b.SeeIn(".rules-said", "1 business day")
	b.Shot("forms-text")
	// One line of a list leads to its own rule, which the block does not name.
	b.Click(`.rules-page li[data-rule="lifecycle.timers.lock-solved"]`)
	b.until("the line's own rule is selected", func() bool {
		return strings.Contains(b.eval(`(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.querySelector("textarea[name=source]"))`), "id: lock-solved")
	})

	b.Press("Assumptions")
	b.See("What nobody has decided yet")
	b.Shot("forms-assumptions")
	before := strings.Count(b.text(), "- {about:")
	b.Press("Confirm")
	b.See("is confirmed.")
	b.See("Settled in this draft")
	if after := strings.Count(b.text(), "- {about:"); after != before-1 {
		t.Errorf("%d assumptions are left of %d", after, before)
	}
	b.Press("Undo")
	b.until("the assumption is back", func() bool { return strings.Count(b.text(), "- {about:") == before })
	b.Press("Confirm")
	b.See("Settled in this draft")

	b.Press("Plan")
	b.SeeIn(".diff", "1 business day")
	b.SeeIn(".diff", "Assumption")
	b.Type("#reason", "A weekend is no day of waiting.")
	b.Press("Apply")
	b.See("A weekend is no day of waiting.")
	if _, page := server.Get(t, "/support"); !strings.Contains(page, "1 business day") {
		t.Error("the public page does not say the new promise")
	}
}

// The editor is worked with keys: columns, findings, saving.
func TestTheEditorIsWorkedByKeys(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	signIn(b, server, "maya@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + "/admin/policy/edit")
	b.See("Today and with this draft, the same happens")
	for key, column := range map[string]string{"1": ".rules-sections", "2": "textarea[name=source]", "3": ".rules-beside", "4": ".rules-trial"} {
		b.eval(`document.dispatchEvent(new KeyboardEvent("keydown", {key: "` + key + `", code: "Digit` + key + `", altKey: true, bubbles: true, cancelable: true}))`)
		b.until("Alt+"+key+" goes to "+column, func() bool {
			return b.eval(`String(document.activeElement.matches("`+column+`"))`) == "true"
		})
	}
	b.eval(`(() => {
		const text = document.querySelector("textarea[name=source]")
		text.value = text.value.replace("zone: America", "zonne: America").replace("in: solved", "in: resolved")
		text.setSelectionRange(0, 0)
		text.dispatchEvent(new Event("input", {bubbles: true}))
	})()`)
	b.See("To mend")
	selected := func() string {
		b.eval(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "F8", bubbles: true, cancelable: true}))`)
		return b.eval(`(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.querySelector("textarea[name=source]"))`)
	}
	b.eval(`document.querySelector("textarea[name=source]").focus()`)
	b.until("F8 goes to the finding", func() bool { return strings.Contains(selected(), "zonne") })
	b.Shot("forms-findings")
}

// Maya has the editor open twice. The first page notices that it has become old when she types: it stops saving, keeps what she
// typed, and shows her both texts.
func TestAnEditorThatHasBecomeOldStopsSaving(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	signIn(b, server, "maya@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + "/admin/policy/edit?section=lifecycle")
	b.SeeIn("#sheet", "Life of a ticket")
	b.eval(`(async () => {
		const other = new DOMParser().parseFromString(await (await fetch("/admin/policy/edit")).text(), "text/html")
		const form = new URLSearchParams(new FormData(other.querySelector(".rules-editor")))
		form.set("source", form.get("source").replace("after: 5d", "after: 6d"))
		form.set("do", "check")
		document.title = String((await fetch("/admin/policy/edit", {method: "POST", body: form})).status)
	})()`)
	b.until("the other page is saved", func() bool { return b.eval(`document.title`) == "200" })
	fill(b, firstReminder+".after", 0, "1")
	fill(b, firstReminder+".after", 1, "bd")
	b.See("Your draft was changed on another page")
	b.Shot("forms-old")
	b.Press("Look at both")
	b.See("Two texts of your draft")
	b.SeeIn(".diff", "1 business day")
	b.SeeIn(".apart-lines", "after: 6d")
	b.Shot("forms-apart")
	b.Axe("two texts of one draft")
	b.Press("Go on with the saved draft")
	b.See("Draft saved")
	if !strings.Contains(b.text(), "after: 6d") || strings.Contains(b.text(), "after: 1bd") {
		t.Errorf("the saved draft is not what was saved: %s", b.text())
	}
}
