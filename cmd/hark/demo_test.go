package main

import (
	"context"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/store"
)

// Whoever opens a link of the demo's mails comes to the demo, at the port where it listens; and two cases wait to be reviewed.
func TestTheDemosMailsLeadToItsOwnAddress(t *testing.T) {
	ctx, w := context.Background(), &where{Data: t.TempDir()}
	if err := fillDemo(w, "http://127.0.0.1:8461"); err != nil {
		t.Fatal(err)
	}
	d, err := w.openAt(ctx, desk.RealClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	out, err := d.MailOut(ctx, access.Clock, store.MailFilter{})
	if err != nil {
		t.Fatal(err)
	}
	led := 0
	for _, m := range out.Items {
		_, raw, err := d.SentMail(ctx, access.Clock, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(raw), "=\r\n", "")
		led += strings.Count(text, ":8461/t/")
		if strings.Contains(text, "localhost/") {
			t.Errorf("%q to %s leads to a page without its port", m.Subject, m.To)
		}
	}
	if led == 0 {
		t.Error("no mail leads to a request")
	}
	queues, _, err := d.Queues(ctx, access.Clock)
	if err != nil {
		t.Fatal(err)
	}
	waiting := 0
	for _, q := range queues {
		if q.ID != "review" {
			continue
		}
		page, err := d.Inbox(ctx, access.Clock, q.Filter())
		if err != nil {
			t.Fatal(err)
		}
		waiting += len(page.Items)
	}
	if waiting != 2 {
		t.Errorf("%d cases wait for a review, want Theo's and Hanne's", waiting)
	}
}
