package simulate

import (
	"slices"
	"testing"
	"time"

	"hark/calendar"
	"hark/policy"
	"hark/ticket"
)

// everyAnswer calls each with the answers that make different rules: every way of waiting under every strength of an answer, and
// the ways of reaching the company and of having support in turn with them.
func everyAnswer(each func(policy.Answers)) {
	phones, whom := []string{"no", "yes", "add-on"}, []string{"everyone", "ordered", "plan", "version"}
	for i, reply := range []string{"", "none", "usual", "promise"} {
		for waits := range 8 {
			wait := func(bit int, after string) string {
				if waits&bit == 0 {
					return policy.Never
				}
				return after
			}
			each(policy.Answers{
				Company: "Green Field", Address: "help@greenfield.example", Mail: "yes", Portal: "yes", Phone: phones[(i+waits)%3], Number: "+44 20 7946 0018",
				Zone: "Europe/London", Reply: reply, Within: "4bh", First: wait(1, "2d"), Second: wait(2, "5d"), Close: wait(4, "10d"),
				Whom: whom[(i+waits/2)%4], Days: 365, Plans: []string{"Team"}, Versions: 5, Limits: []policy.Outside{{Says: "We write no texts."}},
			})
		}
	}
}

// TestATicketLivesToItsEndUnderEveryFirstPolicy holds for every policy that the answers of a new desk amount to: a ticket is
// acknowledged, waits as the answers say, is opened again by an answer, is solved, and is closed by itself.
func TestATicketLivesToItsEndUnderEveryFirstPolicy(t *testing.T) {
	everyAnswer(func(a policy.Answers) {
		source := policy.Begin(a, calendar.Date{Y: 2026, M: time.November, D: 25})
		p, findings := policy.Parse("policy", source)
		if findings.Errors() > 0 {
			t.Fatalf("%+v: %s", a, findings[0])
		}
		result := playText(t, p, "life", `
events:
  - {at: "2026-11-26 10:00", event: customer_creates}
  - {at: "2026-11-26 11:00", event: agent_replies, status: pending}
  - {at: "2026-12-02 10:00", event: customer_replies}
  - {at: "2026-12-02 11:00", event: agent_replies, status: solved}
until: "2027-01-31 10:00"
`)
		lives(t, a, result)
	})
}

func lives(t *testing.T, a policy.Answers, result Result) {
	t.Helper()
	var sent, states []string
	due := false
	for _, l := range result.Lines {
		switch {
		case l.Kind == policy.IsSend:
			sent = append(sent, l.Message)
		case l.Kind == policy.IsStatus:
			states = append(states, l.Status)
		case l.Kind == policy.IsDue:
			due = true
		case l.Refused != "":
			t.Errorf("%+v: %s", a, l.Refused)
		}
	}
	if due != (a.Reply != "none") {
		t.Errorf("%+v: whether an answer is due: %v", a, due)
	}
	if want := []string{"new", "pending", "open", "solved", "closed"}; !slices.Equal(states, want) {
		t.Errorf("%+v: the ticket was %v, not %v", a, states, want)
	}
	want := []string{"received"}
	if a.First != policy.Never {
		want = append(want, "reminder")
	}
	if a.Second != policy.Never {
		want = append(want, "last-reminder")
	}
	if !slices.Equal(sent, want) {
		t.Errorf("%+v: these mails were sent: %v, not %v", a, sent, want)
	}
}

func TestAQuietTicketEndsAsTheAnswersSay(t *testing.T) {
	everyAnswer(func(a policy.Answers) {
		p, _ := policy.Parse("policy", policy.Begin(a, calendar.Date{Y: 2026, M: time.November, D: 25}))
		result := playText(t, p, "quiet", `
events:
  - {at: "2026-11-26 10:00", event: customer_creates}
  - {at: "2026-11-26 11:00", event: agent_replies, status: pending}
until: "2027-01-31 10:00"
`)
		last := ""
		for _, l := range result.Lines {
			if l.Kind == policy.IsStatus {
				last = l.Status
			}
		}
		if closes := a.Close != policy.Never; closes != (p.Category(last) == ticket.Closed) {
			t.Errorf("%+v: after two quiet months the ticket is %s", a, last)
		}
	})
}

func TestWhoHasNoSupportIsToldSo(t *testing.T) {
	a := policy.Answers{Company: "Green Field", Whom: "plan", Plans: []string{"Team"}}
	p, _ := policy.Parse("policy", policy.Begin(a, calendar.Date{Y: 2026, M: time.November, D: 25}))
	for plan, want := range map[string]string{`{customer.plan: Team}`: "received", `{customer.plan: Free}`: "no-support", `{}`: "received"} {
		result := playText(t, p, "plan", `
facts: `+plan+`
events:
  - {at: "2026-11-26 10:00", event: customer_creates}
until: "2026-11-26 12:00"
`)
		if i := slices.IndexFunc(result.Lines, func(l Line) bool { return l.Kind == policy.IsSend }); i < 0 || result.Lines[i].Message != want {
			t.Errorf("with %s the customer does not get %s: %v", plan, want, happened(result, nil))
		}
	}
}
