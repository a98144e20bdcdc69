package demo_test

import (
	"context"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/demo"
	"hark/desk"
	"hark/desk/desktest"
	"hark/policy"
	"hark/store/storetest"
)

// A visitor of the demo brings the agency's old desk in, whole and without any network.
func TestTheOldDeskOfTheDemoComesInWhole(t *testing.T) {
	ctx, clock := context.Background(), desktest.At(time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC))
	d := desktest.Open(t, storetest.SQLite(t), clock)
	brand, err := d.AddBrand(ctx, access.Clock, account.Brand{Name: "Lark & Field", Slug: "lark-and-field"})
	if err != nil {
		t.Fatal(err)
	}
	source, _ := policy.Example("customer-support-center")
	if _, err := d.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: brand.ID, File: "policy.yaml", Source: source, Reason: "the first one"}); err != nil {
		t.Fatal(err)
	}
	done, err := d.ImportPast(ctx, access.Clock, demo.OldDesk(clock.Now()), desk.FromPast{}, nil)
	const want = "5 tickets read: 5 new tickets, 0 added to what was there, 0 known already, 0 left out. With 2 organisations, 3 customers, 11 messages and 1 file (69 bytes)."
	if err != nil || done.Says() != want {
		t.Errorf("%s %v, want %s", done.Says(), err, want)
	}
}
