package e2e

import (
	"path"
	"testing"
)

// Maya takes a ticket that exists and looks what a longer wait would have made of it, reads the mail as the customer would,
// keeps what she sees, and lets the last 90 days happen again.
func TestMayaLooksWhatOtherRulesWouldHaveDone(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	signIn(b, server, "maya@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + "/inbox?view=waiting")
	b.See("Waiting")
	waits := b.eval(`document.querySelector("main a[href*='/tickets/']").pathname`)
	b.Visit(server.URL + "/admin/policy/edit?ticket=" + path.Base(waits))
	b.See("What people did on")
	b.See("Today and with this draft, the same happens")
	b.eval(`(() => {
		document.querySelector(".trial-mail").open = true
		const text = document.querySelector("textarea[name=source]")
		text.value = text.value.replace("after: 24h", "after: 1bd").replace("after: 7d", "after: 9d")
		text.dispatchEvent(new Event("input", {bubbles: true}))
	})()`)
	b.SeeIn(".trial-sides", "With this draft")
	b.SeeIn(".trial-mail[open]", "[1234]") // what is read stays open while the text changes
	b.Shot("policy-trial")
	b.Axe("policy trial")

	b.eval(`document.querySelector(".trial-keep").open = true`)
	b.Type("[name=scenario]", "A real ticket goes on like this")
	b.Press("Keep this as a scenario")
	b.until("the text keeps the scenario", func() bool {
		return b.eval(`document.querySelector("textarea[name=source]").value.includes("A real ticket goes on like this")`) == "true"
	})
	b.ready()
	b.eval(`(() => {
		const text = document.querySelector("textarea[name=source]")
		text.value = text.value.replace("after: 9d", "after: 12d")
		text.dispatchEvent(new Event("input", {bubbles: true}))
	})()`)
	b.SeeIn(".rules-findings", "A real ticket goes on like this")
	b.Shot("policy-scenario-broken")

	b.eval(`(() => {
		const text = document.querySelector("textarea[name=source]")
		text.value = text.value.replace("after: 12d", "after: 9d")
		text.dispatchEvent(new Event("input", {bubbles: true}))
	})()`)
	b.See("Nothing to mend")
	b.Press("Replay")
	b.Press("Replay the last 90 days")
	b.See("When mails leave")
	b.See("at another time")
	b.Shot("policy-replay")
	b.Axe("policy replay")
}
