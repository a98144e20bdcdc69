package desk_test

import (
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
)

// Two companies share a desk. A customer of the second reads of its own host alone: in mails about a ticket, in links that are used
// once, and in the file of a call. The scheme and the port are the desk's.
func TestLinksLeadToTheBrandThatSpeaks(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		north, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound", Slug: "northbound", Host: "northbound.example"})
		o.must(err)
		_, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "care@northbound.example", Brand: north.ID})
		o.must(err)
		_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: north.ID, File: "p.yaml", Source: example(t, "customer-support-center"), Reason: "the first one"})
		o.must(err)
		asked, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Brand: north.ID, Requester: "nora@harbour.example", Subject: "The map", Text: "It is upside down."})
		o.must(err)
		o.answers(o.ben, asked.Ticket.ID, "Turned round.", "pending")
		for _, m := range o.mails(asked.Ticket.ID) {
			if m.to == "nora@harbour.example" && !strings.Contains(m.text, o.desk.BrandURL(north)+"/t/") {
				t.Errorf("Nora is told of another address: %s", m.text)
			}
		}
		o.must(o.desk.MailSignInLink(ctx, "nora@harbour.example", "192.0.2.7"))
		o.must(o.desk.Ask(ctx, desk.Request{Brand: north.ID, Requester: "nils@harbour.example", Subject: "The map", Text: "It is upside down.", Remote: "192.0.2.7"}))
		for _, m := range o.mails(0) {
			way := strings.Contains(m.text, "/sign-in/link/") || strings.Contains(m.text, "/confirm/")
			if way && !strings.Contains(m.text, "https://northbound.example/") {
				t.Errorf("%s goes to %s with %s", m.template, m.to, m.text)
			}
		}
		id := o.asks("maria@acme.example", "The form")
		o.answers(o.ben, id, "Mended.", "pending")
		if text := o.last(id).text; strings.Contains(text, "northbound") {
			t.Errorf("Maria reads of another company: %s", text)
		}
	})
}

func TestABrandsAddressHasTheDesksSchemeAndPort(t *testing.T) {
	for _, c := range [][3]string{
		{"https://desk.example", "north.example", "https://north.example"},
		{"http://127.0.0.1:8080", "north.localhost", "http://north.localhost:8080"},
		{"https://desk.example", "", "https://desk.example"},
		{"https://desk.example:8443", "north.example:9000", "https://north.example:9000"},
	} {
		d := desk.At(c[0])
		if got := d.BrandURL(account.Brand{Host: c[1]}); got != c[2] {
			t.Errorf("%q at %s is %s, want %s", c[1], c[0], got, c[2])
		}
	}
}
