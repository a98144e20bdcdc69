package desk_test

import (
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
)

// 1.3: Lena of the first line has found out who writes. She hands the case to the second line with what she heard, which they read first
// and the customer never does; without a reason nothing happens.
func TestSeed001_1_3_ACaseIsHandedOverWithAReason(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		lena := o.hire("lena@agency.example", "Lena Vogt", access.LevelOne)
		second, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Second line", Members: []int64{o.cem.ID}})
		o.must(err)
		o.cem.Groups = []int64{second.ID}
		id := o.asks(maria, "Redirect broken")
		hands := func(who account.Person, group int64, reason string) error {
			_, err := o.desk.HandOver(ctx, who.Actor(), desk.HandOver{Ticket: id, Group: group, Reason: reason})
			return err
		}
		for says, try := range map[string]struct {
			err  error
			kind fault.Kind
		}{
			"without a reason":  {hands(lena, second.ID, " \n "), fault.Invalid},
			"to nobody":         {hands(lena, 0, "Bug"), fault.Invalid},
			"to an unknown one": {hands(lena, 99999, "Bug"), fault.Invalid},
			"by the customer":   {hands(o.person("maria@greenfund.example"), second.ID, "Bug"), fault.Forbidden},
			"by a light agent":  {hands(o.hire("lars@agency.example", "Lars", access.Light), second.ID, "Bug"), fault.Forbidden},
		} {
			if !fault.Is(try.err, try.kind) {
				t.Errorf("%s: %v, want it refused as %v", says, try.err, try.kind)
			}
		}
		if got := o.ticket(id).Group; got != 0 {
			t.Errorf("it went to group %d all the same", got)
		}
		o.must(hands(lena, second.ID, "Version 7, active plan. The donation page goes back to the start since Monday."))
		page := o.sees(o.cem.Actor(), id)
		last := page.Comments[len(page.Comments)-1]
		if last.Public || last.Author.ID != lena.ID || last.Text != "For Second line: Version 7, active plan. The donation page goes back to the start since Monday." {
			t.Errorf("the second line reads %+v", last)
		}
		if page.Ticket.Group != second.ID || page.Ticket.Assignee.Known() {
			t.Errorf("it is with group %d, %+v", page.Ticket.Group, page.Ticket.Assignee)
		}
		for _, c := range o.sees(o.customer("maria@"), id).Comments {
			if strings.Contains(c.Text, "Version 7") {
				t.Error("Maria reads what Lena noted")
			}
		}
		if _, err := o.desk.TicketPage(ctx, lena.Actor(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("Lena is not in that group and sees it: %v", err)
		}
		if err := hands(o.cem, second.ID, "Again"); !fault.Is(err, fault.Refused) {
			t.Errorf("to the group that has it: %v", err)
		}
		if err := hands(o.ben, second.ID, "Mine"); !fault.Is(err, fault.NotFound) {
			t.Errorf("B3: Ben hands over what he does not see: %v", err)
		}
	})
}
