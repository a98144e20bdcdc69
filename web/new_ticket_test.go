package web_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/store"
)

// north is a second brand with a policy, a host name and an address of its own.
func (o *office) north() account.Brand {
	o.t.Helper()
	brand, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound Software", Slug: "northbound", Host: "northbound.example"})
	o.must(err)
	source, _ := policy.Example("what-happens-next")
	_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: brand.ID, File: "p.yaml", Source: source, Reason: "the first one"})
	o.must(err)
	_, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "help@northbound.example", Brand: brand.ID})
	o.must(err)
	return brand
}

// A ticket that is written down on a brand's host is that brand's: its kinds are offered, and the mail comes from its address.
func TestAWrittenTicketIsItsBrands(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		north := o.north()
		ben := o.as(o.ben).on(north.Host)
		p, _, err := o.desk.Running(ctx, north.ID)
		o.must(err)
		kind := p.Kinds()[0]
		ben.get("/tickets/new").holds(t, `value="`+kind+`"`, `name="brand" value="`+decimal(north.ID)+`"`)
		for _, chosen := range []string{kind, ""} {
			got := ben.post("/tickets/new", form("requester", "nora@harbour.example", "subject", "By phone "+chosen, "body", "They called.", "kind", chosen, "key", "the "+chosen+" form's key"))
			if got.status != 303 {
				t.Fatalf("the ticket of kind %q answered %d: %s", chosen, got.status, excerpt(got.body))
			}
			if written := o.page(lastNumber(got.header.Get("Location"))); written.Ticket.Brand != north.ID {
				t.Errorf("the ticket of kind %q is of brand %d, want Northbound's", chosen, written.Ticket.Brand)
			}
		}
		if got := o.sendersTo("nora@harbour.example"); len(got) == 0 || slices.ContainsFunc(got, func(from string) bool { return !strings.Contains(from, "help@northbound.example") }) {
			t.Errorf("Nora got mails from %q, want all from Northbound", got)
		}
	})
}

// Where the desk speaks for several, an agent chooses for whom. The customer stays filled in, and no script is needed.
func TestAnAgentChoosesTheBrandOfATicket(t *testing.T) {
	o := open(t, sqlite(t))
	if page := o.as(o.ben).get("/tickets/new").body; strings.Contains(page, `aria-label="Brands"`) {
		t.Error("a desk of one brand asks which one")
	}
	north := o.north()
	ben := o.as(o.ben)
	page := ben.get("/tickets/new?requester=nora%2Btest@harbour.example")
	choice := "/tickets/new?brand=" + decimal(north.ID) + "&amp;requester=nora%2Btest%40harbour.example"
	page.holds(t, choice)
	ben.get(strings.ReplaceAll(choice, "&amp;", "&")).holds(t, `name="brand" value="`+decimal(north.ID)+`"`, "nora+test@harbour.example")
	got := ben.post("/tickets/new", form("brand", decimal(north.ID), "requester", "nora@harbour.example", "subject", "By phone", "body", "They called.", "key", "k1"))
	if written := o.page(lastNumber(got.header.Get("Location"))); written.Ticket.Brand != north.ID {
		t.Errorf("the ticket is of brand %d, want the chosen one", written.Ticket.Brand)
	}
}

// A form that cannot be used keeps its kind and its brand, and says at the field what is wrong there.
func TestANewTicketComesBackAsItWasWritten(t *testing.T) {
	o := open(t, sqlite(t))
	north := o.north()
	p, _, err := o.desk.Running(ctx, north.ID)
	o.must(err)
	kinds := p.Kinds()
	kind := kinds[len(kinds)-1]
	ben := o.as(o.ben)
	for _, try := range []struct{ requester, body, kind, field string }{
		{"nora@harbour.example", "", kind, "body"},
		{"nobody", "They called.", kind, "requester"},
		{address, "They called.", kind, "requester"},
		{"nora@harbour.example", "They called.", "no-such-kind", "kind"},
	} {
		got := ben.post("/tickets/new", form("brand", decimal(north.ID), "requester", try.requester, "subject", "By phone", "body", try.body, "kind", try.kind, "key", "k"))
		got.holds(t, `href="#`+try.field+`"`, `id="`+try.field+`-error"`, `name="brand" value="`+decimal(north.ID)+`"`)
		if try.kind == kind && !strings.Contains(got.body, `<option value="`+kind+`" selected`) {
			t.Errorf("the kind is forgotten when %s is wrong", try.field)
		}
	}
}

// Somebody who is written down on a brand's host is that brand's customer.
func TestAWrittenCustomerIsOfTheHostsBrand(t *testing.T) {
	o := open(t, sqlite(t))
	north := o.north()
	got := o.as(o.ben).on(north.Host).post("/customers", form("email", "nora@harbour.example", "name", "Nora Berg"))
	if got.status != 303 {
		t.Fatalf("answered %d: %s", got.status, excerpt(got.body))
	}
	if nora := o.customer("nora@harbour.example"); nora.Brand != north.ID {
		t.Errorf("Nora is of brand %d, want Northbound's", nora.Brand)
	}
}

// sendersTo are the From fields of what was mailed to somebody.
func (o *office) sendersTo(email string) (all []string) {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{})
	o.must(err)
	for _, m := range out.Items {
		if m.To == email {
			all = append(all, m.From)
		}
	}
	return all
}

// holds says which of the parts the page's source does not hold.
func (a answer) holds(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			t.Errorf("the page does not hold %s: %s", part, excerpt(a.body))
		}
	}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// lastNumber is the number at the end of an address.
func lastNumber(path string) int64 {
	n, _ := strconv.ParseInt(path[strings.LastIndex(path, "/")+1:], 10, 64)
	return n
}
