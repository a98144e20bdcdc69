package policy_test

import (
	"slices"
	"strings"
	"testing"

	"hark/fault"
	"hark/policy"
)

// injections is what people have put into templates of help desks to run code, or to read what is not theirs.
var injections = []string{
	"{{.}}", "{{printf \"%s\" .}}", "{{.Agent.Email}}", "{{ticket.number}}", "{{agent.password}}", "#{7*7}", "<%= 7*7 %>", "${7*7}",
	"{{range .}}x{{end}}", "{% for x in y %}", "{{lifecycle.timers.reminder-1.after}}", "{{{{ticket.number}}}}", "{{ticket.number | system}}", "{{constructor.constructor}}",
}

// TestH1_PlaceholdersAreAFixedList: whatever else looks like a template stays text, in the policy's own texts and in
// what customers wrote.
func TestH1_PlaceholdersAreAFixedList(t *testing.T) {
	p := example(t, "customer-support-center")
	for _, hostile := range injections {
		data := map[string]string{"ticket.number": "17", "ticket.last_question": hostile}
		_, body, err := p.Message("reminder-1", data)
		if err != nil {
			t.Fatal(err)
		}
		if want := "We cannot go on without your answer. We asked: " + hostile; body != want {
			t.Errorf("what somebody wrote is read as a template: %q", body)
		}
	}
}

func TestH1_HostilePolicyTextStaysText(t *testing.T) {
	for _, hostile := range []string{"{{.}}", "{{printf}}", "{{.Agent.Email}}", "#{7*7}", "<%= 7*7 %>", "{{agent.password}}", "{{name | upper}}", "{{calendars}}", "{{messages.received.body.subject}}"} {
		src := edited(t, "customer-support-center", "Your message is here. An agent takes", hostile+" An agent takes")
		p := parsed(t, "hostile", src)
		_, body, err := p.Message("received", map[string]string{"ticket.number": "17"})
		if err != nil || !strings.HasPrefix(body, hostile) {
			t.Errorf("%q becomes %q, %v", hostile, body, err)
		}
		if strings.Contains(hostile, "{{") && p.Lint().Errors() == 0 {
			t.Errorf("%q in a policy is not noticed", hostile)
		}
	}
}

func TestMessagesTakeTheirNumbersFromTheRules(t *testing.T) {
	src := edited(t, "customer-support-center", "lock-solved, in: solved, after: 24h", "lock-solved, in: solved, after: 2bd")
	_, body, err := parsed(t, "edited", src).Message("solved", map[string]string{"ticket.number": "17", "ticket.closes_at": "Tue 24 Nov 17:10 EST"})
	if err != nil || !strings.Contains(body, "within 2 business days: the ticket closes on Tue 24 Nov 17:10 EST.") {
		t.Errorf("%q, %v", body, err)
	}
}

func TestAMessageSaysWhatItNeeds(t *testing.T) {
	p := example(t, "customer-support-center")
	if got := strings.Join(p.Needs("reminder-2"), " "); got != "ticket.number ticket.closes_at ticket.last_question" {
		t.Errorf("the second reminder needs %s", got)
	}
	if _, _, err := p.Message("reminder-2", map[string]string{"ticket.number": "17"}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "ticket.closes_at") {
		t.Errorf("a missing value is named: %v", err)
	}
	if _, _, err := p.Message("reminder-9", nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown message: %v", err)
	}
}

// An address that the policy names is in the message; one that it does not name keeps the message from being sent.
func TestALinkIsThePolicysOwn(t *testing.T) {
	p := example(t, "ablecommerce-phone-procedures")
	if _, body, err := p.Message("resources", nil); err != nil || !strings.HasSuffix(body, "https://ablecommerce.example/resources") {
		t.Errorf("%q, %v", body, err)
	}
	without := parsed(t, "without", edited(t, "ablecommerce-phone-procedures", "  resources: https://ablecommerce.example/resources\n", ""))
	if _, _, err := without.Message("resources", nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a message with an address nobody knows: %v", err)
	}
	found := without.Lint()
	if !slices.ContainsFunc(found, func(f policy.Finding) bool { return strings.Contains(f.Message, "links.resources") }) {
		t.Errorf("the lint says %v", found)
	}
}

// TestASubjectIsOneLine: a value with line breaks must not begin a new header (A1).
func TestASubjectIsOneLine(t *testing.T) {
	p := example(t, "customer-support-center")
	subject, _, err := p.Message("received", map[string]string{"ticket.number": "17\r\nBcc: everybody@example.com"})
	if err != nil || strings.ContainsAny(subject, "\r\n") {
		t.Errorf("%q, %v", subject, err)
	}
}

func TestEveryMessageOfEveryExampleCanBeSent(t *testing.T) {
	for _, name := range policy.Examples() {
		p := example(t, name)
		for _, id := range p.Messages() {
			data := map[string]string{}
			for _, need := range p.Needs(id) {
				data[need] = "X"
			}
			subject, body, err := p.Message(id, data)
			if err != nil || subject == "" || body == "" || strings.Contains(subject+body, "{{") {
				t.Errorf("%s, %s: %q %q %v", name, id, subject, body, err)
			}
		}
	}
}

// TestTheGuideNamesEveryPlaceholder keeps docs/policy.md complete.
func TestTheGuideNamesEveryPlaceholder(t *testing.T) {
	guide := string(read(t, "../docs/policy.md"))
	for name := range policy.Placeholders() {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("docs/policy.md does not name %s", name)
		}
	}
}
