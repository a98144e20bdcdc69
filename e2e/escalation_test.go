package e2e

import (
	"strings"
	"testing"
)

// Lena is not getting any further. On her telephone, behind the link in her mail, she reads who will look and until when she hears, asks,
// and reads it again afterwards; Ana, who is senior, finds the case with what it stops, and answers.
func TestS3_14_ACustomerAsksForEscalationInABrowser(t *testing.T) {
	server := Start(t, "demo")
	sendMailTo(t, server, "help@piperocks.example", "lena@kitefactory.example", "Contacts are doubled after each import", "Hello,\n\neach import doubles our contacts.\n\nLena")
	ana := Open(t)
	ana.Size(1440, 900)
	signIn(ana, server, "ana@larkandfield.example")
	appears(t, ana, "Contacts are doubled after each import")
	number := story(t, server, "Contacts are doubled after each import")
	link := linkIn(t, server, "We have your request ["+number+"]")

	lena := Open(t)
	lena.Size(390, 844)
	lena.Visit(server.URL + link)
	lena.See("Not getting any further?")
	lena.Press("Ask for escalation")
	lena.See("What does it stop you from doing?")
	lena.SeeIn("#escalation-then", "It goes to our senior technicians.")
	lena.SeeIn("#escalation-then", "We aim to write to you by")
	lena.Axe("asking for escalation")
	lena.Shot("escalation-01-asks")
	lena.Type("textarea[name=body]", "We cannot send the invitations of this week.")
	lena.Click("form .button-primary")
	lena.See("Somebody senior looks at it")
	lena.SeeIn("#escalation-with", "It is with our senior technicians since")
	lena.SeeIn("#escalation-with", "We aim to write to you by")
	lena.See("We have mailed this to lena@kitefactory.example")
	lena.Axe("escalated")
	lena.Shot("escalation-02-asked")

	ana.Visit(server.URL + "/tickets/" + number)
	ana.See("asked for escalation")
	ana.See("We cannot send the invitations of this week.")
	ana.SeeIn(".ticket-side", "Senior technicians")
	ana.Axe("a ticket that was escalated")
	ana.Shot("escalation-03-senior")
	answer(ana, "Hello Lena, the importer compared addresses with their capitals. It is mended; your next import takes the doubles away.", "Send as Open")
	ana.See("Sending to")
	server.Hark(t, "", "clock", "advance", "1m")

	lena.Visit(server.URL + link)
	lena.SeeIn(".portal-talk", "The importer compared addresses with their capitals")
	lena.SeeIn("#look", "With our senior technicians since")
	lena.Shot("escalation-04-answered")
	if strings.Contains(lena.Text("main"), "Not getting any further?") {
		t.Error("the page still offers what was asked for")
	}
}
