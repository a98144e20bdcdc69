package e2e

import (
	"strings"
	"testing"
)

// Maya changes a promise in the browser: while she types, the page and one ticket beside the text change with it; she reads
// the plan, says why, applies it, and the next ticket is reminded by the new rule.
func TestAPromiseIsChangedInTheBrowser(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Size(1440, 900)
	signIn(b, server, "maya@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + "/admin/policy")
	b.See("in force")
	b.Press("Change the policy")
	b.See("Today and with this draft, the same happens")

	b.eval(`(() => {
		const text = document.querySelector("textarea[name=source]")
		text.value = text.value.replace("after: 24h", "after: 1bd")
		text.dispatchEvent(new Event("input", {bubbles: true}))
	})()`)
	b.SeeIn(".rules-changed", "1 business day")
	b.SeeIn(".trial-sides", "With this draft")
	b.See("Draft saved")
	b.Shot("policy-editor")
	b.Axe("policy editor")

	b.Press("Plan")
	b.See("What customers read")
	b.SeeIn(".diff", "1 business day")
	b.Shot("policy-plan")
	b.Type("#reason", "A weekend is no day of waiting.")
	b.Press("Apply")
	b.See("A weekend is no day of waiting.")
	b.Shot("policy-history")

	_, page := server.Get(t, "/support")
	if !strings.Contains(page, "1 business day") {
		t.Error("the public page does not say the new promise")
	}
	b.Visit(server.URL + "/inbox?view=all")
	sendMail(t, server, "hilde@brandt-yoga.example", "Our class times", "Could you add Tuesday 18:00?")
	appears(t, b, "Our class times")
	b.Press("Our class times")
	b.See("Conversation")
	ticket := b.Path()
	answer(b, "Every Tuesday, or only in December?", "Send as Pending")
	b.See("Sending to")
	b.Visit(server.URL + ticket + "/why")
	b.See("One business day later is")
}
