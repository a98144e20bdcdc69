package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/desk"
)

// sale is something a customer of one of the other brands owns; its days are that long ago.
type sale struct {
	brand                             string
	name, email, company, phone       string
	shared                            bool
	order, product, version           string
	site, key, notes                  string
	plan                              string
	ordered, begins, ends, downloaded time.Duration // ago; ends is to come when it is negative
}

// owned is what customers have when the story begins: every row of the level table has somebody.
var owned = []sale{
	{brand: "ablecommerce", name: "Rosa Delgado", email: "rosa@acme-shop.example", company: "Acme Tools", phone: "+1 503 555 0142", order: "AC-20417", ordered: 12 * day, product: "AbleCommerce", version: "7.0.2", site: "acme-shop.example", key: "AC7K-99QX-11ZZ-TTTT", notes: "Paid by card. For www.acme-shop.example"},
	{brand: "ablecommerce", email: "rosa@acme-shop.example", order: "AC-18230", ordered: 620 * day, product: "AbleCommerce", version: "7.0.1", site: "acme-parts.example", key: "BB55-0000-2222-XXXX"},
	{brand: "ablecommerce", name: "Wendell Price", email: "wendell@acme-shop.example", company: "Acme Tools", phone: "+1 503 555 0100", shared: true},
	{brand: "ablecommerce", name: "Hanne Vik", email: "hanne@fjordgarn.example", company: "Fjordgarn AS", phone: "+47 22 55 01 42", order: "AC-20391", ordered: 30 * day, product: "AbleCommerce", version: "7.0.2", site: "fjordgarn.example", key: "FJ30-4411-8800-AAPQ"},
	{brand: "ablecommerce", name: "Theo Marsh", email: "theo@marshbooks.example", company: "Marsh Books", order: "AC-20388", ordered: 31 * day, product: "AbleCommerce", version: "7.0.2", site: "marshbooks.example", key: "MB31-1200-5577-KKLM"},
	{brand: "ablecommerce", name: "Gloria Stone", email: "gloria@stone-lamps.example", company: "Stone Lamps", order: "AC-4410", ordered: 2100 * day, product: "AbleCommerce", version: "5.5", site: "stone-lamps.example", key: "SL05-7788-0101-OLDV"},
	{brand: "ablecommerce", name: "Benoît Carré", email: "benoit@carre-vins.example", company: "Carré Vins", phone: "+33 1 55 55 01 42", order: "AC-12077", ordered: 400 * day, product: "AbleCommerce", version: "7.0.1", site: "carre-vins.example", key: "CV12-0770-9090-HOST"},
	{brand: "ablecommerce", email: "benoit@carre-vins.example", plan: "hosting", begins: 398 * day},
	{brand: "ablecommerce", name: "Yuki Tanabe", email: "yuki@tanabe-tea.example", company: "Tanabe Tea", order: "AC-11904", ordered: 430 * day, product: "AbleCommerce", version: "7.0.1", site: "tanabe-tea.example", key: "TT11-9040-3131-PRIO"},
	{brand: "ablecommerce", email: "yuki@tanabe-tea.example", plan: "priority", begins: 5 * day, ends: -25 * day},
	{brand: "ablecommerce", name: "Lena Fischer", email: "lena@kuestenladen.example", product: "AbleCommerce", downloaded: 20 * day},
	{brand: "ablecommerce", name: "Lena Fischer", email: "lena.fischer@private-post.example", order: "AC-20402", ordered: 6 * day, product: "AbleCommerce", version: "7.0.2", site: "kuestenladen.example", notes: "Ordered from home"}, // the same person: her two records wait to be merged
	{brand: "ablecommerce", name: "Omar Haddad", email: "omar@oasis-rugs.example", product: "AbleCommerce", downloaded: 120 * day},
	{brand: "picnet", name: "June Abbott", email: "june@riverkeepers.example", company: "Riverkeepers", product: "Soapbox Engage", ordered: 800 * day, site: "riverkeepers.example"},
	{brand: "picnet", name: "Nils Aas", email: "nils@northlight.example", company: "Northlight Theatre", product: "Soapbox Engage", downloaded: 9 * day},
	{brand: "picnet", email: "nils@northlight.example", plan: "phone", begins: 9 * day},
}

// stock writes down what customers own.
func (p *play) stock(ctx context.Context) error {
	for _, s := range owned {
		if _, err := p.desk.Own(ctx, access.Clock, p.sold(s)); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) sold(s sale) desk.Sale {
	return desk.Sale{
		Brand: p.brands[s.brand], Name: s.name, Email: s.email, Organization: s.company, Phone: s.phone, Shared: s.shared, Order: s.order, Ordered: p.dayAgo(s.ordered),
		Product: s.product, Version: s.version, Site: s.site, Key: s.key, Notes: s.notes, Plan: s.plan, From: p.dayAgo(s.begins), Until: p.dayAgo(s.ends), Evaluating: p.dayAgo(s.downloaded),
	}
}

// dayAgo is a day so long before the end of the script, "" for none.
func (p *play) dayAgo(ago time.Duration) string {
	if ago == 0 {
		return ""
	}
	return p.end.Add(-ago).Format(time.DateOnly)
}
