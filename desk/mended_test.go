package desk_test

import (
	"testing"

	"hark/desk"
	"hark/store"
)

// What was set aside waits for a person like a stranger's mail on a ticket does: in one list, counted, and until it is discarded.
func TestD5_WhatWasSetAsideCanBeDiscarded(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		forged := o.arrives(letter{from: support, subject: "Pay now", body: "At once."})
		waiting := func() (int, int64) {
			list, err := o.desk.MailIn(ctx, o.ben.Actor(), store.MailFilter{State: string(store.HeldMail)})
			o.must(err)
			var backlog store.Backlog
			o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { backlog, err = tx.Backlog(); return err }))
			return len(list.Items), backlog.Held
		}
		if listed, counted := waiting(); listed != 1 || counted != 1 {
			t.Errorf("%d mails are listed as held and %d counted, want one", listed, counted)
		}
		o.must(o.desk.DiscardHeld(ctx, o.ben.Actor(), forged.ID))
		if listed, counted := waiting(); listed != 0 || counted != 0 {
			t.Errorf("after discarding %d mails are listed and %d counted", listed, counted)
		}
	})
}

// A request that waited for its link is not lost because the policy has lost its kind meanwhile; nor are those beside it.
func TestARequestThatWaitedOutlivesItsKind(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		ask := func(subject, kind string) {
			o.must(o.desk.Ask(ctx, desk.Request{Requester: "nils@harbour.example", Subject: subject, Text: "It is upside down.", Kind: kind, Remote: "192.0.2.7"}))
		}
		ask("The map", "a-kind-that-left")
		ask("The key of the map", "")
		link := ""
		for _, m := range o.mails(0) {
			if m.to == "nils@harbour.example" {
				link = linkToken(t, m.text)
			}
		}
		done, err := o.desk.Confirm(ctx, link)
		o.must(err)
		if done.Ticket.Subject != "The key of the map" {
			t.Errorf("the newest ticket is %q", done.Ticket.Subject)
		}
	})
}
