package desk_test

import (
	"fmt"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/store"
)

func TestThePileIsOnesOwnAndEndsWithTheAnswer(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		hers, his := o.asks(maria, "Redirect broken"), o.asks(jonas, "Invoice 2211")
		for _, id := range []int64{his, hers, hers} {
			o.must(o.desk.ReplyLater(ctx, o.ben.Actor(), id, true))
		}
		o.is("Ben's pile", o.pile(o.ben), fmt.Sprint([]int64{hers, his}))
		o.is("Cem's pile", o.pile(o.cem), "[]")
		if !o.sees(o.ben.Actor(), hers).Later || o.sees(o.cem.Actor(), hers).Later {
			t.Error("the page says that it is on the wrong person's pile")
		}
		_, err := o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: hers, Text: "I look tomorrow."})
		o.must(err)
		o.answers(o.ben, hers, "It works again.", "solved")
		o.is("after Ben's answer", o.pile(o.ben), fmt.Sprint([]int64{his}))
		o.must(o.desk.ReplyLater(ctx, o.ben.Actor(), his, false))
		o.is("after taking the other off", o.pile(o.ben), "[]")
	})
}

// pile is the tickets on somebody's pile, as their list shows them; each says that it is there.
func (o *office) pile(p account.Person) string {
	o.t.Helper()
	page, err := o.desk.Inbox(ctx, p.Actor(), store.Filter{View: store.Later})
	o.must(err)
	ids := []int64{}
	for _, row := range page.Items {
		if !row.Later {
			o.t.Errorf("#%d does not say that it is on the pile", row.ID)
		}
		ids = append(ids, row.ID)
	}
	count, err := o.desk.Counts(ctx, p.Actor(), store.Later)
	o.must(err)
	if int(count[store.Later]) != len(ids) {
		o.t.Errorf("the pile counts %d and shows %d", count[store.Later], len(ids))
	}
	return fmt.Sprint(ids)
}

func TestB3_ThePileShowsNothingThatIsNoLongerOnesToSee(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.teams()
		o.must(o.desk.ReplyLater(ctx, o.ben.Actor(), id, true))
		billing := o.cem.Groups[0]
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Group: &billing})
		o.must(err)
		o.is("Ben's pile after the ticket moved to billing", o.pile(o.ben), "[]")
		if err := o.desk.ReplyLater(ctx, access.Actor{}, id, true); err == nil {
			t.Error("a stranger has a pile")
		}
	})
}
