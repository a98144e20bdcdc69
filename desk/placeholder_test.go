package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
)

// What people type is put into the policy's messages, and is never read as one: neither the customer's subject and name nor
// the agent's question.
func TestH1_WhatPeopleTypeIsNeverATemplate(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		const typed = `{{ticket.number}} {{requester.email}} {{.}} {{printf "%s" .Agent.Email}} {{range .}}x{{end}} #{7*7} <%= 7*7 %> ${7*7} %s %n`
		id := o.asks("\"{{ticket.number}} ${7*7}\" <maria@greenfund.example>", typed)
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Is it " + typed + "?", Status: "pending"})
		o.must(err)
		o.at("2026-11-21 17:00")
		reminder := o.last(id)
		if reminder.template != "reminder-1" || !strings.Contains(strings.Join(strings.Fields(reminder.text), " "), "We asked: Is it "+typed+"?") {
			o.t.Errorf("the reminder %s says:\n%s", reminder.template, reminder.text)
		}
		for _, m := range o.mails(id) {
			if strings.Contains(m.text, "49") || strings.Contains(m.subject, "49") || strings.Contains(m.text, o.ben.Email) {
				o.t.Errorf("the mail %s has worked something out:\n%s\n%s", m.template, m.subject, m.text)
			}
			if to := m.mail.To[0].Name; to != "{{ticket.number}} ${7*7}" {
				o.t.Errorf("the mail %s is addressed to %q", m.template, to)
			}
		}
		if got := o.ticket(id).Subject; got != typed {
			o.t.Errorf("the ticket is called %q", got)
		}
	})
}
