package web_test

import (
	"strings"
	"testing"
)

// Maria says in the form which of the printed kinds of questions hers is; Ben corrects it on the ticket. The inbox has a list for each,
// the search finds them, and the report counts them: the same list that the policy page prints.
func TestTheKindsOfQuestionsThatArePrintedSortTickets(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.runs("soapbox-phone-support")
		maria, ben := o.as(o.maria), o.as(o.ben)
		o.stranger().get("/support/phone").reads(t, "What our documentation means.")
		maria.get("/requests/new").reads(t, "The kind of question", "I cannot say Setup Configuration Integration Features Troubleshooting Documentation")
		send := func(topic string) answer {
			f := form("kind", "question", "subject", "Where do the receipts go?", "body", "I cannot find them.", "key", "k"+topic)
			f["fact"], f["value"] = []string{"question/ticket.topic"}, []string{topic}
			return maria.post("/requests/new", f)
		}
		if refused := send("weather"); refused.status != 422 {
			t.Errorf("a kind that is not printed answers %d", refused.status)
		}
		path := strings.TrimSuffix(strings.Replace(send("configuration").header.Get("Location"), "/requests/", "/tickets/", 1), "?arrived=yes")
		ben.get(path).reads(t, "The kind of question Configuration")
		ben.get("/search?q=topic:configuration").reads(t, "Where do the receipts go?")

		ben.post(path+"/fact", form("fact", "ticket.topic", "value", "setup"))
		ben.get(path).reads(t, "The kind of question Setup", "Ben Okafor said: the kind of question is Setup")
		ben.get("/search?q=topic:configuration").reads(t, "Nothing found")
		ben.get("/inbox?view=next").reads(t, "Complaints and compliments Topics of The Agency Setup 1 Configuration Integration")
		ben.get("/inbox?queue=1.topic:setup").reads(t, "What is about this, the oldest first", "Where do the receipts go?")
		ben.get("/inbox?queue=1.topic:features").reads(t, "Nothing waits here")
		ben.get("/reports").reads(t, "Topic", "Setup")
		ben.get("/reports/list?what=topic:setup").reads(t, "Where do the receipts go?")

		ben.post(path+"/scope", form("clause", "covers.integration"))
		ben.get(path).reads(t, "The kind of question Integration")
	})
}
