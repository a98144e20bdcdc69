package desk_test

import (
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/store"
)

// Mail of the desk to itself, by which it learns that a mailbox has fallen silent.

// triesMailbox lets the desk try its mailboxes now, and returns the mail it has written to itself, nil when there was no need.
func (o *office) triesMailbox() *sent {
	o.t.Helper()
	before := o.toOurselves()
	o.must(o.desk.MakeRoundTrips(ctx))
	after := o.toOurselves()
	if after == nil || before != nil && before.id == after.id {
		return nil
	}
	return after
}

// toOurselves is the newest such mail there is, nil for none. There is never more than one.
func (o *office) toOurselves() (newest *sent) {
	o.t.Helper()
	for _, m := range o.mails(0) {
		if m.template == "round-trip" {
			if newest != nil {
				o.t.Errorf("mails %d and %d to ourselves are both kept", newest.id, m.id)
			}
			newest = &m
		}
	}
	return newest
}

// comesBack lets a mail of ours arrive, as another server has passed it on.
func (o *office) comesBack(raw []byte) desk.Received {
	o.t.Helper()
	relayed := append([]byte("Received: from mx.agency.example by mail.agency.example; Fri, 20 Nov 2026 16:05:00 -0500\r\n"), raw...)
	accepted, err := o.desk.Accept(ctx, desk.Envelope{From: "", To: []string{support}, Remote: "192.0.2.7"}, relayed)
	o.must(err)
	return o.receives(accepted)
}

// alarms are the mails to administrators about silence.
func (o *office) alarms() (all []string) {
	for _, m := range o.mails(0) {
		if m.template == "round-trip-missing" {
			all = append(all, m.to+": "+m.subject)
		}
	}
	return all
}

func TestAMailboxThatFallsSilentIsMissed(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		if m := o.triesMailbox(); m != nil {
			t.Errorf("a mailbox that nobody uses yet was written to: %s", m.subject)
		}
		o.asks(maria, "Redirect broken")
		first := o.triesMailbox()
		if first == nil || first.to != support || first.from != support {
			t.Fatalf("the desk has not written to itself: %+v", first)
		}
		if o.triesMailbox() != nil {
			t.Error("the desk writes to itself more than once an hour")
		}

		o.clock.Pass(4 * time.Minute)
		if got := o.comesBack(first.raw); got.Outcome != "round-trip" || got.Ticket != 0 || !strings.Contains(got.Reason, "after 4 min") {
			t.Errorf("its own mail became %+v", got)
		}
		o.clock.Pass(time.Hour)
		second := o.triesMailbox()
		o.clock.Pass(29 * time.Minute)
		o.must(o.desk.MakeRoundTrips(ctx))
		if got := o.alarms(); got != nil {
			t.Errorf("half an hour has not passed, and the alarm is raised: %v", got)
		}
		o.clock.Pass(time.Minute)
		o.must(o.desk.MakeRoundTrips(ctx))
		if got := strings.Join(o.alarms(), "\n"); got != "ana@agency.example: Mail to support@agency.example does not arrive" {
			t.Errorf("the alarm is %q", got)
		}
		if found := o.db.Doctor(ctx, o.clock.Now()); !strings.Contains(doctorSays(found), "the mail that the desk wrote to support@agency.example at 2026-11-20T22:04:00Z has not arrived") {
			t.Errorf("the doctor finds %+v", found)
		}

		o.clock.Pass(2 * time.Hour)
		third := o.triesMailbox()
		if got := o.alarms(); len(got) != 1 || third == nil {
			t.Errorf("while the mailbox stays silent, the alarms are %v and it is tried: %v", got, third != nil)
		}
		if got := o.comesBack(second.raw); got.Outcome != "round-trip" || len(o.alarms()) != 1 {
			t.Errorf("an old mail that came late became %+v, and the alarms are %v", got, o.alarms())
		}
		o.comesBack(third.raw)
		if got := o.alarms(); len(got) != 2 || got[1] != "ana@agency.example: Mail to support@agency.example arrives again" {
			t.Errorf("after mail arrives the administrators have heard %v", got)
		}
		if found := doctorSays(o.db.Doctor(ctx, o.clock.Now())); strings.Contains(found, "wrote to") {
			t.Errorf("all is well, and the doctor finds %s", found)
		}
	})
}

func doctorSays(found []store.Finding) string {
	var b strings.Builder
	for _, f := range found {
		b.WriteString(f.Says + "\n")
	}
	return b.String()
}

// A server that gives mails a new Message-ID hides nothing, and a mail that only claims to be the desk's is set aside as before (D5).
func TestD5_OnlyTheDesksOwnMailGoesRound(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Redirect broken")
		m := o.triesMailbox()
		forged := letter{from: support, subject: m.subject, headers: "Message-ID: <v1.1.abc.def@agency.example>\r\nReferences: " + strings.Replace(m.messageID, ".", "x.", 2) + "\r\n", body: "Your support desk has written this to itself."}
		if got := o.arrives(forged); got.Outcome != "held" || !strings.Contains(got.Reason, "an address of this desk") {
			t.Errorf("a forged mail became %+v", got)
		}
		other := letter{from: maria, subject: m.subject, headers: "References: " + m.messageID + "\r\n", body: "I have found this."}
		if got := o.arrives(other); got.Outcome != "created" {
			t.Errorf("Maria's mail that names one of ours became %+v", got)
		}
		renamed := []byte(strings.Replace(string(m.raw), "Message-ID: "+m.messageID, "Message-ID: <0100018f@mail.relay.example>", 1))
		if string(renamed) == string(m.raw) {
			t.Fatalf("the mail has no Message-ID to change:\n%s", m.raw)
		}
		if got := o.comesBack(renamed); got.Outcome != "round-trip" || !strings.Contains(got.Reason, "within a minute") {
			t.Errorf("with another Message-ID it became %+v", got)
		}
	})
}
