package e2e

import (
	"strings"
	"testing"
)

// Two projects are under way for Brightwater Rowing. Ben writes down who leads them; Leo chooses the one he writes about, on his phone, and
// Cem, who leads it, has the message (seed 002, 2.8).
func TestS2_26_AMessageGoesToTheLeadOfItsProject(t *testing.T) {
	server := Start(t, "demo")
	ben := Open(t)
	ben.Size(1440, 900)
	signIn(ben, server, "ben@larkandfield.example")
	ben.See("Next for me")
	ben.Visit(server.URL + "/customers?q=leo@brightwaterrowing.example")
	ben.Press("Leo Castellanos")
	ben.See("Say which organisation they belong to")
	record := ben.Path()
	ben.Press("Say which organisation they belong to")
	ben.Type("#organization-name", "Brightwater Rowing")
	ben.Click("form:has(#organization-name) button")
	ben.See("Write down a project")
	for _, one := range [][2]string{{"Boat house website", "cem@larkandfield.example"}, {"Membership cards", "ana@larkandfield.example"}} {
		ben.Visit(server.URL + record)
		ben.Press("Write down a project")
		ben.Type("#project-name", one[0])
		ben.choose("#project-lead", one[1])
		ben.Click("form:has(#project-name) button")
		ben.SeeIn(".record-part:has(#projects)", one[0])
	}
	ben.eval(`document.querySelector("#projects").scrollIntoView()`)
	ben.shows("projects-01-record")

	leo := Open(t)
	leo.Size(390, 844)
	leo.Visit(server.URL + "/portal/code")
	leo.Type("input[name=email]", "leo@brightwaterrowing.example")
	leo.Click("form .button-primary")
	leo.See("Look into your mail")
	leo.Visit(server.URL + mailedLink(t, server, "/sign-in/link/"))
	leo.Click("form .button-primary")
	leo.See("Your requests")
	leo.Visit(server.URL + "/requests/new")
	leo.Press("Message about a running project")
	leo.SeeIn("#fact-project-project", "Membership cards")
	leo.choose("#fact-project-project", "1")
	leo.Type("input[name=subject]", "Pictures of the new boats")
	leo.Type("textarea[name=body]", "Here are the pictures for the page about our boats.")
	leo.shows("projects-02-request")
	leo.Click("form:has(textarea[name=body]) .button-primary")
	leo.See("Pictures of the new boats")

	cem := Open(t)
	cem.Size(1440, 900)
	signIn(cem, server, "cem@larkandfield.example")
	cem.See("Next for me")
	cem.Visit(server.URL + "/tickets/" + story(t, server, "Pictures of the new boats"))
	cem.SeeIn("#project", "Boat house website")
	cem.SeeIn(".ticket-side", "leads it.")
	if with := cem.Text(".properties"); !strings.Contains(with, "Cem") {
		t.Errorf("the ticket is not with Cem: %s", with)
	}
	cem.shows("projects-03-ticket")
}
