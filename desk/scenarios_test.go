package desk_test

import (
	"testing"
)

func TestS2_01_ATicketIsAcknowledgedAtOnceDayOrNight(t *testing.T) {
	each(t, "2026-11-21 03:12", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.in(id, "new")
		o.at("2026-11-21 12:00")
		o.is("mails", o.posted(id), `Sat 2026-11-21 03:12:00 EST received to maria@greenfund.example`)
		o.is("what the customer reads", o.sees(o.customer("maria@"), id).Label, "Open / New")
	})
}

func TestS2_02_PendingOnAFridayAfternoon(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.at("2026-11-20 16:30")
		o.answers(o.ben, id, "Which page do you mean?", "pending")
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(id), `
Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example
Fri 2026-11-20 16:30:00 EST reply to maria@greenfund.example
Sat 2026-11-21 16:30:00 EST reminder-1 to maria@greenfund.example
Wed 2026-11-25 16:30:00 EST reminder-2 to maria@greenfund.example
Fri 2026-11-27 16:30:00 EST closed-no-response to maria@greenfund.example`)
		o.is("story", o.story(id), `
Fri 2026-11-20 16:00:00 EST status new
Fri 2026-11-20 16:30:00 EST status pending
Fri 2026-11-27 16:30:00 EST tags No Response
Fri 2026-11-27 16:30:00 EST status closed`)
	})
}
