package web_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
)

// Two companies share a desk. Each has its own promise, at its own host name and in its own colour.
func TestEachBrandHasItsOwnPages(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		brand, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound Software", Slug: "northbound", Host: "northbound.example", Accent: "#2f6d3a"})
		o.must(err)
		source, _ := policy.Example("what-happens-next")
		_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: brand.ID, File: "p.yaml", Source: source, Reason: "the first one"})
		o.must(err)

		status, page := o.at(t, "northbound.example", "/support/what-happens-next")
		if status != 200 || !strings.Contains(page, "What happens next?") || !strings.Contains(page, "/brands/2/style.css") {
			t.Errorf("the brand's page answered %d: %s", status, excerpt(page))
		}
		if status, style := o.at(t, "northbound.example", "/brands/2/style.css"); status != 200 || !strings.Contains(style, "--accent") {
			t.Errorf("its colour answered %d: %s", status, style)
		}
		if _, page := o.at(t, "northbound.example", "/policy"); !strings.Contains(page, "What happens next?") {
			t.Error("/policy is not the brand's own first page")
		}
		if status, _ := o.at(t, "agency.example", "/support/what-happens-next"); status != 404 {
			t.Errorf("at another brand's host the page answers %d, want 404", status)
		}
		if _, page := o.at(t, "agency.example", "/support"); !strings.Contains(page, "Customer support center") {
			t.Error("the first brand's page is not its own any more")
		}
	})
}

// What level one says on the phone is written for colleagues: a customer is not shown that the page exists.
func TestAHandbookIsForColleagues(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		source, _ := policy.Example("ablecommerce-phone-procedures")
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: source, Reason: "phones"})
		o.must(err)
		o.as(o.ben).get("/handbook/phone").reads(t, "Procedures for phone support")
		if got := o.stranger().get("/handbook/phone"); got.status != 303 {
			t.Errorf("a stranger is answered %d, want the way in", got.status)
		}
		if got := o.as(o.maria).get("/handbook/phone"); got.status != 404 {
			t.Errorf("a customer is answered %d, want 404", got.status)
		}
	})
}

// at asks for a page at a host name that leads to this desk.
func (o *office) at(t *testing.T, host, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, "GET", o.server.URL+path, nil)
	o.must(err)
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	o.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	o.must(err)
	return response.StatusCode, string(body)
}

// A link opens a ticket on every host of the desk. The page speaks as the ticket's brand, wherever it was opened.
func TestATicketsPageIsItsBrands(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		north, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound Software", Slug: "northbound", Host: "northbound.example", Accent: "#2f6d3a"})
		o.must(err)
		source, _ := policy.Example("what-happens-next")
		_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: north.ID, File: "p.yaml", Source: source, Reason: "the first one"})
		o.must(err)
		_, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "care@northbound.example", Brand: north.ID})
		o.must(err)
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Brand: north.ID, Requester: "nora@harbour.example", Subject: "The map", Text: "It is upside down.", Kind: "bug"})
		o.must(err)
		nora := o.customer("nora@harbour.example")
		for host, policyPage := range map[string]string{"agency.example": o.desk.BrandURL(north) + "/support/what-happens-next", "northbound.example": "/support/what-happens-next"} {
			status, page := o.at(t, host, o.link(done.Ticket.ID, nora))
			if status != 200 || !strings.Contains(page, "Northbound Software") || !strings.Contains(page, "/brands/2/style.css") || !strings.Contains(page, `href="`+policyPage+`"`) || strings.Contains(page, "The Agency") {
				t.Errorf("at %s the ticket's page answers %d: %s", host, status, excerpt(page))
			}
		}
		o.as(o.ben).get("/tickets/"+fmt.Sprint(done.Ticket.ID)).sees(t, "/tickets/"+fmt.Sprint(done.Ticket.ID)+"/customer")
		o.as(o.ben).get("/inbox?view=all").sees(t, "Bug or wrong data") // its kind in its own brand's words
	})
}
