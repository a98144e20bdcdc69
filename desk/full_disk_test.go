package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

func TestAFullDiskRefusesMailForNowAndReadingGoesOn(t *testing.T) {
	o := &office{t: t, db: storetest.Open(t, store.Config{Dir: t.TempDir(), Pages: 400, Unsafe: true}), clock: desktest.At(when("2026-11-20 16:00"))}
	o.furnish()
	id := o.asks(maria, "Redirect broken")
	accepted := 0
	var err error
	for n := 0; err == nil && n < 10_000; n++ {
		raw := fmt.Appendf(nil, "From: %s\r\nTo: %s\r\nSubject: Number %d\r\n\r\n%s\r\n", maria, support, n, strings.Repeat("A long story. ", 200))
		if _, err = o.desk.Accept(ctx, desk.Envelope{From: "maria@greenfund.example", To: []string{support}}, raw); err == nil {
			accepted++
		}
	}
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "disk is full") {
		t.Fatalf("after %d mails: %v", accepted, err)
	}
	if page := o.sees(o.ben.Actor(), id); page.Ticket.Subject != "Redirect broken" {
		t.Errorf("the ticket cannot be read: %+v", page.Ticket)
	}
	if known, err := o.desk.KnownRecipient(ctx, support); err != nil || !known {
		t.Errorf("recipients cannot be looked up: %v", err)
	}
	kept, after := 0, ""
	for more := true; more; more = after != "" {
		page, err := o.desk.MailIn(ctx, access.Clock, store.MailFilter{State: "received", Limit: 200, After: after})
		o.must(err)
		kept, after = kept+len(page.Items), page.Next
	}
	if kept != accepted {
		t.Errorf("%d mails were acknowledged and %d are there", accepted, kept)
	}
}
