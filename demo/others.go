package demo

import (
	"context"
	"strings"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
)

// Other is a brand beside the agency: the same desk under another policy, with its own name, colour and address.
type Other struct {
	Name    string
	Slug    string // its pages stand at http://SLUG.localhost:PORT, a name every browser takes for this machine
	Accent  string
	Address string
	Policy  string // the example it runs
	Says    string // what is special about it
}

// Others are the four ways of supporting customers that the agency's is not.
var Others = []Other{
	{"PICnet", "picnet", "#b4531b", "support@picnet.example", "soapbox-phone-support", "Calls are booked through tickets, by whoever has the phone add-on"},
	{"AbleCommerce", "ablecommerce", "#3f51a5", "support@ablecommerce.example", "ablecommerce-phone-procedures", "Level one follows a script; who gets support follows from the licence"},
	{"PipeRocks", "piperocks", "#8a3a6b", "help@piperocks.example", "piperocks-crm", "Plans, escalation in three steps, a team on three continents"},
	{"Northbound Software", "northbound", "#2f6d3a", "support@northbound.example", "what-happens-next", "Every request goes through phases that customers can follow"},
}

// Host is where the brand's pages stand, without the port.
func (o Other) Host() string { return o.Slug + ".localhost" }

// Path is where its first page stands; a page for colleagues asks for the way in first.
func (o Other) Path() string {
	p, _ := policy.Parse(o.Policy, o.source())
	for _, id := range p.Pages() {
		return p.Doc.Pages[id].Path
	}
	return "/"
}

// openOthers makes the other brands.
func (p *play) openOthers(ctx context.Context) error {
	for _, o := range Others {
		brand, err := p.desk.AddBrand(ctx, access.Clock, account.Brand{Name: o.Name, Slug: o.Slug, Host: o.Host(), Accent: o.Accent})
		if err != nil {
			return err
		}
		p.brands[o.Slug] = brand.ID
		if _, err := p.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: o.Address, Brand: brand.ID}); err != nil {
			return err
		}
		if _, err := p.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: brand.ID, File: o.Policy + ".yaml", Source: o.source(), Reason: "The policy " + o.Name + " begins with."}); err != nil {
			return err
		}
		if o.Slug == northboundSlug {
			if err := p.connectEngineers(ctx, brand.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// source is the example with the brand's own name and address in it.
func (o Other) source() []byte {
	text, _ := policy.Example(o.Policy)
	return []byte(strings.NewReplacer("support@example.com", o.Address, "company: The software company", "company: "+o.Name, "@piperocks.com", "@piperocks.example", "@ablecommerce.com", "@ablecommerce.example").Replace(string(text)))
}
