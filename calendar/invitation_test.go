package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hark/fault"
)

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// dana is invited to a call with Cem on Wednesday 18 November, 11:00 Eastern.
func dana(t testing.TB) Invitation {
	return Invitation{
		UID: "call-7f3a@picnet.example", Summary: "Call about the importer; with Cem", Says: "Cem calls you at +1 555 0100.\nSee https://desk.example/t/x",
		Organizer: "support+t.abc@picnet.example", Company: "PICnet", Guest: Invited{"Dana \"D\" Reyes\r\nX-EVIL:1", "dana@client.example"}, Host: Invited{"Cem", "cem@picnet.example"},
		Start: time.Date(2026, 11, 18, 16, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 18, 16, 30, 0, 0, time.UTC),
		Zone: zoneNamed(t, "America/New_York"), Stamp: time.Date(2026, 11, 9, 16, 0, 0, 0, time.UTC),
	}
}

func TestAnInvitationIsReadAsOneCall(t *testing.T) {
	got := strings.ReplaceAll(string(dana(t).ICS(MethodRequest)), "\r\n ", "")
	for _, want := range []string{
		"METHOD:REQUEST\r\n", "UID:call-7f3a@picnet.example\r\n", "SEQUENCE:0\r\n", "DTSTART;TZID=America/New_York:20261118T110000\r\n", "DTEND;TZID=America/New_York:20261118T113000\r\n",
		"BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n", `SUMMARY:Call about the importer\; with Cem`, `ORGANIZER;CN="PICnet":mailto:support+t.abc@picnet.example`,
		`ATTENDEE;CN="Dana D Reyes X-EVIL:1";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:dana@client.example`, "STATUS:CONFIRMED\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the invitation does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\r\nX-EVIL") {
		t.Error("a name has become a property of its own")
	}
	for line := range strings.SplitSeq(string(dana(t).ICS(MethodRequest)), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line has %d bytes: %s", len(line), line)
		}
	}
}

func TestAWithdrawalNamesTheSameCall(t *testing.T) {
	call := dana(t)
	call.Sequence = 2
	got := string(call.ICS(MethodCancel))
	for _, want := range []string{"METHOD:CANCEL\r\n", "UID:call-7f3a@picnet.example\r\n", "SEQUENCE:2\r\n", "STATUS:CANCELLED\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the withdrawal does not say %q:\n%s", want, got)
		}
	}
}

// gmails is what a large mail service sends when somebody presses "No" and writes why.
const gmails = "BEGIN:VCALENDAR\r\nPRODID:-//Example Mail//Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" +
	"DTSTART:20261118T160000Z\r\nDTEND:20261118T163000Z\r\nDTSTAMP:20261110T090000Z\r\nORGANIZER;CN=PICnet:mailto:support+t.abc@picnet.example\r\n" +
	"UID:call-7f3a@picnet.example\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=\"Reyes: Da\r\n na\";X-NUM-GUESTS=0:mailto:Dana@client.example\r\n" +
	"COMMENT:I am travelling\\, sorry.\\nThursday?\r\nSEQUENCE:1\r\nSTATUS:CONFIRMED\r\nSUMMARY:Call\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestAnswersOfMailProgramsAreRead(t *testing.T) {
	start := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	counter := strings.NewReplacer("METHOD:REPLY", "METHOD:COUNTER", "PARTSTAT=DECLINED", "PARTSTAT=TENTATIVE", "DTSTART:20261118T160000Z", "DTSTART;TZID=\"America/New_York\":20261120T150000", "DTEND:20261118T163000Z", "DTEND;TZID=America/New_York:20261120T153000").Replace(gmails)
	for _, c := range []struct {
		says, ics string
		want      Answer
	}{
		{"no", gmails, Answer{MethodReply, "call-7f3a@picnet.example", 1, "dana@client.example", "declined", "I am travelling, sorry.\nThursday?", time.Date(2026, 11, 18, 16, 0, 0, 0, time.UTC), time.Date(2026, 11, 18, 16, 30, 0, 0, time.UTC), "support+t.abc@picnet.example"}},
		{"with bare line ends", strings.ReplaceAll(gmails, "\r\n", "\n"), Answer{MethodReply, "call-7f3a@picnet.example", 1, "dana@client.example", "declined", "I am travelling, sorry.\nThursday?", time.Date(2026, 11, 18, 16, 0, 0, 0, time.UTC), time.Date(2026, 11, 18, 16, 30, 0, 0, time.UTC), "support+t.abc@picnet.example"}},
		{"another time, in a zone", counter, Answer{MethodCounter, "call-7f3a@picnet.example", 1, "dana@client.example", "tentative", "I am travelling, sorry.\nThursday?", start, start.Add(30 * time.Minute), "support+t.abc@picnet.example"}},
	} {
		got, err := ReadAnswer([]byte(c.ics))
		if err != nil || got != c.want {
			t.Errorf("%s: read as %+v, %v", c.says, got, err)
		}
	}
}

// What is no answer, or could be one of several, is refused and read no further than a fixed length.
func TestHostileAnswersAreRefused(t *testing.T) {
	deep := strings.Repeat("BEGIN:VEVENT\r\n", 5000)
	for says, ics := range map[string]string{
		"nothing":            "",
		"an invitation":      strings.Replace(gmails, "METHOD:REPLY", "METHOD:REQUEST", 1),
		"two events":         strings.Replace(gmails, "END:VCALENDAR", gmails[strings.Index(gmails, "BEGIN:VEVENT"):], 1),
		"no name":            strings.Replace(gmails, "UID:call-7f3a@picnet.example\r\n", "", 1),
		"two people":         strings.Replace(gmails, "COMMENT", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:mallory@evil.example\r\nCOMMENT", 1),
		"parts within parts": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + deep,
		"too long":           gmails + strings.Repeat("X", 64<<10),
		"too many lines":     strings.Replace(gmails, "COMMENT", strings.Repeat("X:1\r\n", 3000)+"COMMENT", 1),
	} {
		if got, err := ReadAnswer([]byte(ics)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: read as %+v, %v", says, got, err)
		}
	}
	long, err := ReadAnswer([]byte(strings.Replace(gmails, "Thursday?", strings.Repeat("é", 20000), 1)))
	if err != nil || len([]rune(long.Comment)) > 1001 {
		t.Errorf("a long comment has %d letters, %v", len([]rune(long.Comment)), err)
	}
}

func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte(gmails))
	f.Add(dana(f).ICS(MethodCounter))
	f.Add([]byte(strings.NewReplacer("DTSTART:20261118T160000Z", "DTSTART;TZID=Eastern Standard Time:20261118T110000", "END:VCALENDAR", outlooks+"END:VCALENDAR").Replace(gmails)))
	f.Add([]byte("BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\nUID:\\\nATTENDEE;CN=\":\nDTSTART;TZID=../../x:20261118T250000\nEND:VEVENT"))
	f.Fuzz(func(t *testing.T, ics []byte) {
		a, err := ReadAnswer(ics)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("an error without a kind: %v", err)
		}
		if err == nil && (a.UID == "" || !slices.Contains(answering, a.Method) || len([]rune(a.Comment)) > longestWords+1) {
			t.Errorf("read as %+v", a)
		}
	})
}

func TestAnAgendaListsCalls(t *testing.T) {
	got := string(Agenda("Calls of Cem", dana(t).Stamp, []Invitation{dana(t)}))
	for _, want := range []string{"METHOD:PUBLISH", "X-WR-CALNAME:Calls of Cem", "DTSTART:20261118T160000Z", "UID:call-7f3a@picnet.example"} {
		if !strings.Contains(got, want) {
			t.Errorf("the agenda does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "ATTENDEE") {
		t.Error("a subscribed calendar invites somebody")
	}
}

// outlooks is a zone as a large mail program explains it, by a name that is nobody else's.
const outlooks = "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\n" +
	"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

// kabul is a zone that explains itself by single changes, half an hour from everybody else's.
const kabul = "BEGIN:VTIMEZONE\r\nTZID:/programs.example/Kabul\r\nBEGIN:STANDARD\r\nTZNAME:+0430\r\nDTSTART:18900101T000000\r\nRDATE:18900101T000000\r\nTZOFFSETFROM:+043648\r\nTZOFFSETTO:+0400\r\nEND:STANDARD\r\n" +
	"BEGIN:STANDARD\r\nDTSTART:19450101T000000\r\nTZOFFSETFROM:+0400\r\nTZOFFSETTO:+0430\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

// A proposal in a zone that only its own file explains is understood, wherever in the file that stands, also on the nights on which clocks
// change.
func TestAZoneIsWhatItsFileSays(t *testing.T) {
	proposes := func(zones, zone, local string) Answer {
		t.Helper()
		ics := strings.NewReplacer("METHOD:REPLY", "METHOD:COUNTER", "DTSTART:20261118T160000Z", "DTSTART;TZID=\""+zone+"\":"+local, "END:VCALENDAR", zones+"END:VCALENDAR").Replace(gmails)
		a, err := ReadAnswer([]byte(ics))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, c := range []struct{ says, zones, zone, local, want string }{
		{"winter", outlooks, "Eastern Standard Time", "20261120T150000", "2026-11-20T20:00:00Z"},
		{"summer", outlooks, "Eastern Standard Time", "20260720T150000", "2026-07-20T19:00:00Z"},
		{"the day clocks go forward", outlooks, "Eastern Standard Time", "20270314T090000", "2027-03-14T13:00:00Z"},
		{"a time that is skipped", outlooks, "Eastern Standard Time", "20270314T023000", "2027-03-14T07:30:00Z"},
		{"a time that is shown twice", outlooks, "Eastern Standard Time", "20261101T013000", "2026-11-01T05:30:00Z"},
		{"after the second", outlooks, "Eastern Standard Time", "20261101T020000", "2026-11-01T07:00:00Z"},
		{"half an hour", kabul, "/programs.example/Kabul", "20261120T150000", "2026-11-20T10:30:00Z"},
		{"long ago", kabul, "/programs.example/Kabul", "19300101T120000", "1930-01-01T08:00:00Z"},
		{"the file counts, not the name", strings.ReplaceAll(kabul, "/programs.example/Kabul", "America/New_York"), "America/New_York", "20261120T150000", "2026-11-20T10:30:00Z"},
		{"as New York itself does", "", "America/New_York", "20270314T023000", "2027-03-14T07:30:00Z"},
	} {
		if got := proposes(c.zones, c.zone, c.local).Start.UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: read as %s, want %s", c.says, got, c.want)
		}
	}
	for says, zones := range map[string]string{
		"a rule for months":      strings.ReplaceAll(outlooks, "YEARLY", "MONTHLY"),
		"a rule with a count":    strings.ReplaceAll(outlooks, "INTERVAL=1", "COUNT=3"),
		"no distance":            strings.ReplaceAll(outlooks, "TZOFFSETTO:-0500", "TZOFFSETTO:soon"),
		"a month that is none":   strings.ReplaceAll(outlooks, "BYMONTH=11", "BYMONTH=13"),
		"no day in the month":    strings.ReplaceAll(outlooks, "BYDAY=1SU", "BYMONTHDAY=40"),
		"nothing":                "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard Time\r\nEND:VTIMEZONE\r\n",
		"not explained anywhere": "",
	} {
		if got := proposes(zones, "Eastern Standard Time", "20261120T150000").Start; !got.IsZero() {
			t.Errorf("%s: read as %s, which is a guess", says, got)
		}
	}
}
