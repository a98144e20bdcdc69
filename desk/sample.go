package desk

import (
	"cmp"
	"strings"
	"time"

	"hark/account"
	"hark/policy"
	"hark/ticket"
)

// Sample is a message of a policy as a customer would read it, about a ticket that is only tried, at an instant. Nothing
// is sent. Its number is made up and its link leads nowhere, because there is no such ticket.
func (d *Desk) Sample(p *policy.Policy, message string, t ticket.Ticket, at time.Time) (subject, body string, err error) {
	k := &keeping{d: d, policy: p, after: t, h: happening{now: at}}
	to := account.Person{Name: t.Requester.Name, Email: t.Requester.Address}
	to.Name = cmp.Or(to.Name, "Maria Lopez")
	k.after.ID = 0
	k.after.Subject = cmp.Or(t.Subject, "A question")
	k.after.Memory.LastQuestion = cmp.Or(t.Memory.LastQuestion, "(the last question)")
	data := map[string]string{"ticket.number": "1234", "ticket.link": d.url + "/t/..."}
	for _, name := range p.Needs(message) {
		if _, known := data[name]; known {
			continue
		}
		if say, known := sayings[name]; known {
			data[name] = say(k, to)
		} else if rule, ok := strings.CutPrefix(name, "target."); ok {
			data[name] = k.targetSays(rule, to)
		} else {
			data[name] = "[" + strings.NewReplacer(".", " ", "_", " ").Replace(name) + "]"
		}
	}
	return p.Message(message, data)
}
