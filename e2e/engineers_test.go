package e2e

import "testing"

// Cem logs a known problem with the engineers: he reads what they will read, sends it, and its address comes back by itself. Of another
// one the engineers say that it is closed, and he is asked whether it works (S0-23, in the demo, whose engineers are its own).
func TestS0_23_AKnownProblemGoesToTheEngineers(t *testing.T) {
	server := Start(t, "demo")
	cem := Open(t)
	cem.Size(1440, 900)
	signIn(cem, server, "cem@larkandfield.example")
	cem.See("Next for me")
	cem.Visit(server.URL + "/problems")
	cem.See("The engineers closed it: does it work?")
	cem.Shot("engineers-01-list")
	cem.Axe("known problems, one closed by the engineers")
	cem.Press("Who is invited twice gets two mails")
	cem.See("Log it with the engineers")
	cem.ready()
	cem.Press("Log it with the engineers")
	cem.SeeIn(".problem-letter", "Severity: minor. It affects everybody.")
	cem.Shot("engineers-02-letter")
	cem.Axe("a known problem, before it is logged")
	cem.Press("Send it")
	cem.SeeIn(".problem-there", "Open")
	cem.Shot("engineers-03-logged")

	cem.Visit(server.URL + "/problems")
	cem.Press("Search does not find names with an umlaut or an accent")
	cem.See("The engineers closed it. Does it work for customers?")
	cem.Dark(true)
	cem.Shot("engineers-04-closed")
	cem.Axe("a known problem that the engineers have closed")
	cem.Dark(false)

	maya := Open(t)
	maya.Size(390, 844)
	signIn(maya, server, "maya@larkandfield.example")
	maya.See("Next for me")
	maya.Visit(server.URL + "/admin/engineers")
	maya.See("orders/app")
	maya.Shot("engineers-05-settings")
	maya.Press("orders/app")
	maya.See("So that it tells us what happens there")
	maya.Press("Save and try it")
	maya.See("It works")
	maya.Shot("engineers-06-tried")
	maya.Axe("a tracker that was tried")
}
