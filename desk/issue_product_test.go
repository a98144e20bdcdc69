package desk_test

import (
	"errors"
	"fmt"
	"testing"

	"hark/desk"
	"hark/issue"
)

// The agency has two products, and the same words are said of both. A known problem says of which it is: Ben is offered those of Maria's
// product first, though more customers have the other, and customers read the name and find it by it.
func TestAKnownProblemIsOfAProduct(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		id, jonass := o.bug(maria, "Totals are wrong"), o.bug(jonas, "Totals are wrong")
		o.owns(desk.Sale{Email: "maria@greenfund.example", Product: "PipeRocks CRM", Site: "greenfund.example"})
		o.is("one product is nothing to choose", fmt.Sprint(o.products()), "[]")
		o.owns(desk.Sale{Email: "jonas@greenfund.example", Product: "PipeRocks Mail", Site: "mail.greenfund.example"})
		o.is("products", fmt.Sprint(o.products()), "[PipeRocks CRM PipeRocks Mail]")

		of := func(product, title string) desk.IssueText {
			text := everybodys()
			text.Title, text.Product = title, product
			return text
		}
		o.writesDown(of("PipeRocks Mail", "Totals of letters are off"), jonass)
		crm := o.writesDown(of("PipeRocks CRM", "Totals of lists are off"), 0)
		o.writesDown(of("", "Totals of everything are off"), 0)
		wrong := (*issue.Wrong)(nil)
		if _, err := o.desk.OpenIssue(ctx, o.ben.Actor(), desk.OpenIssue{Text: of("PipeRocks Gold", "Totals")}); !errors.As(err, &wrong) || wrong.Field != "product" {
			t.Errorf("a product that nobody has: %v", err)
		}

		o.is("offered for Maria's", o.offered(id, ""), "Totals of lists are off, Totals of letters are off, Totals of everything are off, ")
		o.is("offered for Jonas's", o.offered(jonass, ""), "Totals of letters are off, Totals of everything are off, Totals of lists are off, ")
		o.is("found by the product", o.offered(id, "mail"), "Totals of letters are off, ")
		o.is("typed with the product", o.recognised("totals are off in piperocks crm"), "Totals of lists are off\nTotals of letters are off\n")
		o.links(crm, id)
		o.is("Maria reads", o.sees(o.ticketActor(id), id).Issue.Issue.Product, "PipeRocks CRM")
	})
}

// products are those that Ben can choose from.
func (o *office) products() []string {
	o.t.Helper()
	products, err := o.desk.IssueProducts(ctx, o.ben.Actor(), o.brand.ID)
	o.must(err)
	return products
}

// offered are the known problems that a ticket may report, in their order.
func (o *office) offered(id int64, words string) (titles string) {
	o.t.Helper()
	found, err := o.desk.TicketToLink(ctx, o.ben.Actor(), id, words, 8)
	o.must(err)
	for _, i := range found.Issues {
		titles += i.Title + ", "
	}
	return titles
}
