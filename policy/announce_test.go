package policy_test

import (
	"strings"
	"testing"
	"time"

	"hark/policy"
)

// changed is an example with some words of it replaced.
func changed(t *testing.T, name string, pairs ...string) *policy.Policy {
	t.Helper()
	source, _ := policy.Example(name)
	text := string(source)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s does not say %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return parsed(t, name, []byte(text))
}

// What customers are told is different is what they can read: the hours and the page, and nothing of what only the team knows.
func TestS3_20_CustomersAreToldWhatReadsDifferently(t *testing.T) {
	before := example(t, "piperocks-crm")
	after := changed(t, "piperocks-crm", `week: {mon-fri: "09:00-17:00"}`, `week: {mon-fri: "08:00-18:00"}`, "within: 4bh", "within: 2bh", "to: \"pool: support, next available\"", "to: \"group: night\"")
	told := after.Announced(before)
	if len(told) != 1 || told[0].Where != "When we are there" {
		t.Fatalf("told are %+v", told)
	}
	if says := told[0].Says(); !strings.Contains(says, "Monday to Friday, 09:00 to 17:00") && !strings.Contains(says, "09:00") || !strings.Contains(says, "18:00") {
		t.Errorf("the difference says %q", says)
	}
	for _, secret := range []string{"2 business hours", "4 business hours", "night", "support, next"} {
		if strings.Contains(told[0].Old+told[0].New, secret) {
			t.Errorf("customers read %q", secret)
		}
	}
}

func TestAChangeIsAnnouncedInTheWaysOldAndNewPromise(t *testing.T) {
	before := example(t, "piperocks-crm")
	longer := []string{`within: 1bd, calendar: regional`, `within: 2bd, calendar: regional`}
	for _, x := range []struct {
		name            string
		edit            []string
		website, mail   bool
		showFor, toldTo string
	}{
		{"as before", longer, true, false, "14 days", "90 days"},
		{"also by mail", append(longer, "announce_on: [website, in_app], show_for: 14d", "announce_on: [website, in_app, mail], show_for: 30d, look_back: 10d"), true, true, "30 days", "10 days"},
		{"who no longer announces still tells of that", append(longer, "announce_on: [website, in_app], show_for: 14d, ", ""), true, false, "14 days", "90 days"},
	} {
		a := changed(t, "piperocks-crm", x.edit...).Announce(before)
		if a.Website != x.website || a.Mail != x.mail || a.ShowFor.Says() != x.showFor || a.Since.Says() != x.toldTo || (a.Send == "policy-changed") != x.mail {
			t.Errorf("%s: announced as %+v", x.name, a)
		}
	}
	if a := changed(t, "piperocks-crm", "warn_at: 75%", "warn_at: 50%").Announce(before); a.Any() {
		t.Errorf("a change that nobody can read is announced: %+v", a)
	}
	if a := before.Announce(nil); a.Any() {
		t.Errorf("the first policy is announced as a change: %+v", a)
	}
}

func TestTheMailAboutAPolicySpeaksOfNoTicket(t *testing.T) {
	p := changed(t, "piperocks-crm", "{{policy.summary_of_changes}}", "{{policy.summary_of_changes}} See ticket {{ticket.number}}.")
	for _, f := range p.Lint() {
		if f.Severity == policy.Error && strings.Contains(f.Message, "{{ticket.number}}") {
			return
		}
	}
	t.Error("a mail about the policy may name a ticket, and nobody would know which")
}

// A reader of no known region sees the hours of the clock most like theirs, and of the default when nothing is known.
func TestARegionIsChosenByTheReadersClock(t *testing.T) {
	p := example(t, "piperocks-crm")
	nobody := policy.FactsIn(nil)
	now := time.Date(2026, 11, 17, 12, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"America/New_York": "us-east", "America/Toronto": "us-east", "America/Chicago": "us-east", "America/Vancouver": "us-west", "Europe/London": "uk",
		"Europe/Lisbon": "uk", "Europe/Berlin": "uk", "Australia/Melbourne": "australia-nsw", "Pacific/Auckland": "australia-nsw", "": "us-east",
	} {
		var reader *time.Location
		if zone != "" {
			reader, _ = time.LoadLocation(zone)
		}
		if got := p.RegionOf(nobody, reader, now); got != want {
			t.Errorf("somebody in %q is counted to %s, want %s", zone, got, want)
		}
	}
	if got := p.RegionOf(policy.FactsIn(map[string]any{"customer.region": "uk"}), nil, now); got != "uk" {
		t.Errorf("somebody whose record says uk is counted to %s", got)
	}
	if got := example(t, "customer-support-center").RegionOf(nobody, time.UTC, now); got != "" {
		t.Errorf("hours without regions have the region %q", got)
	}
}

func TestTheHoursFileIsOfTheRegion(t *testing.T) {
	p := example(t, "piperocks-crm")
	now := time.Date(2026, 11, 17, 12, 0, 0, 0, time.UTC)
	for region, wants := range map[string][]string{
		"uk":      {"TZID:Europe/London", "DTSTART;TZID=Europe/London:20261117T090000", "SUMMARY:Closed: Boxing Day", "UID:regional-uk-mo-0540@help.piperocks.example"},
		"us-west": {"TZID:America/Los_Angeles", "DTSTART;TZID=America/Los_Angeles:20261117T090000", "SUMMARY:Closed: Thanksgiving Day"},
	} {
		file := string(p.HoursFile(region, "help.piperocks.example", now))
		for _, want := range append(wants, "RRULE:FREQ=WEEKLY;UNTIL=", "NAME:PipeRocks: opening hours") {
			if !strings.Contains(file, want+"\r\n") && !strings.Contains(file, want) {
				t.Errorf("%s: no %q in\n%s", region, want, file)
			}
		}
	}
}
