package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
	"hark/fault"
	"hark/rota"
)

// skilled gives somebody skills, as an administrator writes them.
func (o *office) skilled(person int64, skills ...string) {
	o.t.Helper()
	_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), person, desk.PersonChange{Skills: &skills})
	o.must(err)
}

// Whoever reviews the ticket says that a specialist should take it, and what it is about. It goes to somebody with that skill who is here
// and has the fewest open tickets; the ticket says why. Their calendar alone is offered for the call.
func TestSeed000_0_14_ASpecialistIsFoundByTheirSkill(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-17 10:00", func(o *office) {
		o.skilled(o.ben.ID, "Setup", "Troubleshooting")
		o.skilled(o.cem.ID, "  integration ", "Setup", "SETUP")
		if got := strings.Join(o.person("cem@agency.example").Skills, ", "); got != "integration, Setup" {
			t.Errorf("Cem's skills are %q", got)
		}
		first := o.asks(maria, "Connecting the bank")
		o.says(first, "ticket.topic", "integration")
		if got := o.ticket(first).Assignee; got.Known() {
			t.Errorf("nobody asked for a specialist, and it is with %+v", got)
		}
		o.says(first, "ticket.needs_specialist", "true")
		if got := o.ticket(first).Assignee; got.ID != o.cem.ID {
			t.Errorf("it is with %+v", got)
		}
		page, err := o.desk.TicketPage(ctx, o.ana.Actor(), first)
		o.must(err)
		why, _ := page.Policy.ExplainRoute(page.Ticket, page.Ticket.Updated)
		if want := "It goes to cem@agency.example, somebody who knows about Integration, because a specialist should take it."; !strings.HasPrefix(why.Sentence, want) {
			t.Errorf("it says %q", why.Sentence)
		}

		second := o.asks("Jonas Weber <jonas@greenfund.example>", "Where to begin")
		o.says(second, "ticket.topic", "setup")
		o.says(second, "ticket.needs_specialist", "true")
		if got := o.ticket(second).Assignee; got.ID != o.ben.ID {
			t.Errorf("Ben has fewer tickets, and it is with %+v", got)
		}
		if said := o.notesOf(second); !strings.Contains(said, "Ben Okafor has the skill Setup and, of 2 who have it and are here, the fewest open tickets") {
			t.Errorf("the record says:\n%s", said)
		}
	})
}

// Nobody with the skill is here: the ticket goes where the rule says otherwise, and says so. The call is still offered with those who know.
func TestSeed000_0_14_TheSpecialistIsAway(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-17 10:00", func(o *office) {
		o.skilled(o.cem.ID, "Integration")
		o.must(o.desk.GoAway(ctx, o.cem.Actor(), rota.Absence{From: day("2026-11-17"), To: day("2026-11-18")}))
		id := o.asks(maria, "Connecting the bank")
		o.says(id, "ticket.topic", "integration")
		o.says(id, "ticket.needs_specialist", "true")
		got := o.ticket(id)
		if got.Assignee.Known() || got.Memory.Route != "group: specialists" {
			t.Errorf("it is with %+v, %q", got.Assignee, got.Memory.Route)
		}
		if said := o.notesOf(id); !strings.Contains(said, "everybody with the skill Integration is away") {
			t.Errorf("the record says:\n%s", said)
		}
		page, err := o.desk.CallPage(ctx, o.ana.Actor(), id, desk.CallQuestion{})
		o.must(err)
		if len(page.Hosts) != 1 || page.Hosts[0].ID != o.cem.ID {
			t.Errorf("the hosts are %+v", page.Hosts)
		}
	})
}

// A skill is a word or two.
func TestASkillIsShort(t *testing.T) {
	each(t, "2026-11-17 10:00", func(o *office) {
		_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.cem.ID, desk.PersonChange{Skills: &[]string{strings.Repeat("x", 41)}})
		if !fault.Is(err, fault.Invalid) || desk.WrongField(err) != "skills" {
			t.Errorf("it answers %v", err)
		}
	})
}

// notesOf are the words of a ticket's conversation, notes by rules too.
func (o *office) notesOf(id int64) string {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, o.ana.Actor(), id)
	o.must(err)
	var says []string
	for _, c := range page.Comments {
		says = append(says, c.Text)
	}
	return strings.Join(says, "\n")
}
