package desk_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/store"
	"hark/store/storetest"
)

// What a customer can see follows from what is public and from nothing else (I1). Two offices live through the same days;
// in one of them colleagues also talk among themselves. No customer can tell which one they are with.

// openly is what customers and agents do for all to see.
var openly = []func(o *office, id int64, n int){
	func(o *office, id int64, n int) {
		o.arrives(letter{from: maria, answers: o.last(id), headers: fmt.Sprintf("Message-ID: <m%d@greenfund.example>\r\n", n), body: "An answer."})
	},
	func(o *office, id int64, n int) {
		o.arrives(letter{from: jonas, answers: o.last(id), headers: fmt.Sprintf("Message-ID: <j%d@greenfund.example>\r\n", n), body: "A colleague's answer."})
	},
	func(o *office, id int64, _ int) {
		o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Which page?", Status: "pending"})
	},
	func(o *office, id int64, _ int) {
		o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "Done.", Status: "solved"})
	},
	func(o *office, id int64, _ int) {
		o.desk.Reply(ctx, o.customer("maria@"), desk.Reply{Ticket: id, Text: "From the page."})
	},
	func(o *office, _ int64, _ int) { o.desk.Advance(ctx, access.Clock, minute(25*60)) },
}

// quietly is what colleagues do among themselves.
var quietly = []func(o *office, id int64){
	func(o *office, id int64) {
		o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: id, Text: "SECRET they are always late"})
	},
	func(o *office, id int64) {
		o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Tags: []string{"SECRET"}})
	},
	func(o *office, id int64) {
		urgent := "urgent"
		o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Priority: &urgent})
	},
	func(o *office, id int64) {
		follow := true
		o.desk.Set(ctx, o.cem.Actor(), desk.Set{Ticket: id, Follow: &follow})
	},
	func(o *office, id int64) {
		o.desk.SaveDraft(ctx, o.ben.Actor(), desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: "SECRET draft"})
	},
	func(o *office, id int64) {
		o.arrives(letter{from: "stranger@elsewhere.example", answers: o.last(id), body: "SECRET from a stranger"})
	},
	func(o *office, id int64) {
		done, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "SECRET that was taken back", Status: "pending"})
		if err == nil {
			o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		}
	},
	func(o *office, id int64) {
		for _, held := range o.sees(o.ana.Actor(), id).Held {
			o.desk.DiscardHeld(ctx, o.ana.Actor(), held.ID)
		}
	},
}

// life plays a history and returns everything that customers can see of it.
func life(t *testing.T, history []int, gossip [][]int) string {
	o := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	id := o.arrives(letter{from: maria, cc: jonas, subject: "Redirect broken", body: "Look."}).Ticket
	for n, act := range history {
		for _, secret := range gossip[n] {
			quietly[secret](o, id)
		}
		o.clock.Pass(minute(7))
		openly[act](o, id, n)
	}
	for _, secret := range gossip[len(history)] {
		o.clock.Pass(minute(1))
		quietly[secret](o, id)
	}
	return o.asCustomersSee()
}

var random = regexp.MustCompile(`https://agency\.example/\S+|support\+t\.[a-z2-7]+@|<v1\.[^>]+>|bounce\+[a-z2-7]+@|=_[0-9a-f]{32}`)

// asCustomersSee is every page, list and mail that Maria and Jonas get, without what is random in them.
func (o *office) asCustomersSee() string {
	var b strings.Builder
	for _, who := range []string{"maria@", "jonas@"} {
		a := o.customer(who)
		list, err := o.desk.Inbox(ctx, a, store.Filter{View: store.All})
		o.must(err)
		show(&b, list)
		for _, row := range list.Items {
			page := o.sees(a, row.ID)
			page.Policy = nil
			show(&b, page)
		}
	}
	for _, m := range o.mails(0) {
		if m.state != store.Cancelled {
			b.WriteString(random.ReplaceAllString(string(m.raw), "*") + "\n")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ") // where lines are folded depends on what is random
}

func show(b *strings.Builder, v any) {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	b.Write(text)
}

func TestI1_CustomersCannotTellWhatColleaguesSayAmongThemselves(t *testing.T) {
	for seed := range uint64(12) {
		history, gossip, silence := histories(rand.New(rand.NewPCG(seed, 4711)))
		with, without := life(t, history, gossip), life(t, history, silence)
		if strings.Contains(with, "SECRET") {
			t.Fatalf("history %d: a secret is on a customer's page or in their mail:\n%s", seed, with)
		}
		if with != without {
			t.Fatalf("history %d: customers can tell the difference at:\n%s", seed, difference(with, without))
		}
	}
}

// histories draws a public history and what is said in between.
func histories(c *rand.Rand) (history []int, gossip, silence [][]int) {
	for range 3 + c.IntN(8) {
		history = append(history, c.IntN(len(openly)))
		var secrets []int
		for range c.IntN(4) {
			secrets = append(secrets, c.IntN(len(quietly)))
		}
		gossip, silence = append(gossip, secrets), append(silence, nil)
	}
	return history, append(gossip, []int{0, 1, c.IntN(len(quietly))}), append(silence, nil)
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	return "with:    ..." + a[from:min(len(a), i+200)] + "\nwithout: ..." + b[from:min(len(b), i+200)]
}
