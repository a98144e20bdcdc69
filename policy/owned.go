package policy

import (
	"slices"
	"strings"
	"time"

	"hark/account"
	"hark/calendar"
)

// What a customer owns becomes facts here and nowhere else, so that the request form, the call, routing and the customer's record
// decide one level of support (seed 001, 1.14 to 1.20).

// fromOwned are the facts that follow from the thing a request is about; when that is known, nothing else says them.
var fromOwned = []string{
	"licence.site", "licence.product", "licence.version", "licence.version_major", "licence.version_supported",
	"licence.ordered_on", "licence.order_age_days",
	"customer.evaluating", "customer.evaluation_began_on", "customer.evaluation_age_days",
}

// WithOwned adds to facts what follows from what a customer owns at an instant, and takes out what does not follow any more: the
// dates and the version of the licence, order or evaluation that this is about; the plans that are paid for today; and whether they
// have bought at all. Where nothing is known to be theirs, the facts stay as people have said them. Of several things none is
// chosen here: a level belongs to the one that was named.
func (p *Policy) WithOwned(facts map[string]any, o account.Owned, about account.About, now time.Time) {
	if o.Empty() {
		return
	}
	for _, name := range fromOwned {
		delete(facts, name)
	}
	p.addAbout(facts, o, Only(o, about), now)
	p.addPlans(facts, o, now)
	p.addStage(facts, o, now)
}

// LooksAtOwned reports whether anything in this policy can depend on what customers own; where nothing can, nobody needs to look.
func (p *Policy) LooksAtOwned() bool {
	return p.Doc.Levels != nil || len(p.Doc.Plans) > 0 || slices.ContainsFunc(p.Keys("facts"), func(name string) bool {
		return name == "customer.stage" || name == "caller.is_customer" || slices.Contains(fromOwned, name)
	})
}

// LevelFacts are the facts that the table of levels looks at, as far as they are known: what a decision rested on.
func (p *Policy) LevelFacts(facts Facts, now time.Time) map[string]any {
	known := map[string]any{}
	if p.Doc.Levels == nil {
		return known
	}
	facts = p.WithAges(facts, now)
	for _, row := range p.Doc.Levels.Table {
		for _, name := range row.When.Facts() {
			if value, said := facts(name); said {
				known[name] = value
			}
		}
	}
	return known
}

// Only is what a request is about: what was named, else the only thing there is to be about.
func Only(o account.Owned, named account.About) account.About {
	if choices := o.Choices(); named == (account.About{}) && len(choices) == 1 {
		return choices[0]
	}
	return named
}

func (p *Policy) addAbout(facts map[string]any, o account.Owned, about account.About, now time.Time) {
	switch about.Kind {
	case account.AboutLicence:
		p.addLicence(facts, o, o.Licence(about.ID), now)
	case account.AboutOrder:
		addDay(facts, "licence.ordered_on", o.Order(about.ID).PlacedOn)
	case account.AboutEvaluation:
		if e := o.Evaluation(about.ID); e.ID != 0 {
			facts["customer.evaluating"] = true
			facts["licence.product"] = e.ProductName
			addDay(facts, "customer.evaluation_began_on", e.BeganOn)
		}
	}
}

// addLicence says what is known of a licence. One that has ended gives nothing any more.
func (p *Policy) addLicence(facts map[string]any, o account.Owned, l account.Licence, now time.Time) {
	if l.ID == 0 {
		return
	}
	addText(facts, "licence.site", l.Site)
	addText(facts, "licence.product", l.ProductName)
	addText(facts, "licence.version", l.VersionName)
	if major, known := account.Major(l.VersionName); known {
		facts["licence.version_major"] = major
	}
	if !l.SupportedUntil.IsZero() {
		facts["licence.version_supported"] = !l.SupportedUntil.Before(calendar.DateOf(now, p.Zone))
		if _, declared := p.Doc.Facts[versionSupported]; declared {
			facts[versionSupported] = facts["licence.version_supported"]
		}
	}
	if l.Status == account.Ended {
		return
	}
	if addDay(facts, "licence.ordered_on", l.OrderedOn); l.OrderedOn.IsZero() {
		addDay(facts, "licence.ordered_on", o.Order(l.Order).PlacedOn)
	}
}

// versionSupported is what a policy looks at that supports versions whoever has them (S3-17). What the app itself says counts first, then
// the licence; a record says it where neither does.
const versionSupported = "product.version_supported"

// VersionFact is the version that the company's own app, from which a customer wrote, says it is (seed 003, 3.1).
const VersionFact = "product.version"

const versionMajor = "product.version_major"

// WithVersion adds to facts what follows from the version that the app says it is: its major number, and where one of the products has
// that version, whether it is supported at an instant. A version that nobody has written down says nothing of support.
func (p *Policy) WithVersion(facts map[string]any, said string, products []account.Product, now time.Time) {
	if major, known := account.Major(said); known {
		facts[versionMajor] = major
	}
	v, known := account.VersionNamed(products, said)
	if _, declared := p.Doc.Facts[versionSupported]; declared && known {
		facts[versionSupported] = v.SupportedUntil.IsZero() || !v.SupportedUntil.Before(calendar.DateOf(now, p.Zone))
	}
}

func addText(facts map[string]any, name, text string) {
	if text != "" {
		facts[name] = text
	}
}

func addDay(facts map[string]any, name string, day calendar.Date) {
	if !day.IsZero() {
		facts[name] = day.String()
	}
}

// addPlans says which plans run today. What a plan's holds_when asks to be true is what a subscription to it makes true, and no
// longer makes true when it has ended. A plan that nobody ever subscribed to says nothing.
func (p *Policy) addPlans(facts map[string]any, o account.Owned, now time.Time) {
	today := calendar.DateOf(now, p.Zone)
	for _, plan := range p.Doc.Plans {
		had, runs := false, false
		for _, s := range o.Subscriptions {
			if s.Plan == plan.ID {
				had, runs = true, runs || s.RunsOn(today)
			}
		}
		for fact, is := range plan.paidFacts() {
			switch {
			case had && runs:
				facts[fact] = is
			case had && is == true:
				facts[fact] = false
			case had && facts[fact] == is:
				delete(facts, fact)
			}
		}
	}
}

// paidFacts are the facts that a plan makes true for whoever pays for it, and what it makes of them: that phone support is paid for,
// or that the plan is the enterprise one.
func (p Plan) paidFacts() map[string]any {
	facts := map[string]any{}
	for name, wanted := range p.HoldsWhen {
		_, named := wanted.(string)
		named = named && p.Paid && strings.HasPrefix(name, "subscription.")
		if (wanted == true || named) && !slices.Contains(fromOwned, name) && !strings.HasPrefix(name, "ticket.") {
			facts[name] = wanted
		}
	}
	return facts
}

// addStage says whether somebody has bought, and how far they are as a customer: active with anything that they bought, prospective
// with nothing but an evaluation or an add-on (seed 000, 0.5).
func (p *Policy) addStage(facts map[string]any, o account.Owned, now time.Time) {
	bought := len(o.Licences)+len(o.Orders) > 0
	if bought || len(o.Evaluations) > 0 {
		facts["caller.is_customer"] = bought
	}
	if bought || p.pays(o, now) {
		facts["customer.stage"] = "active"
	} else if said, _ := facts["customer.stage"].(string); said == "" {
		facts["customer.stage"] = "prospective"
	}
}

// pays reports whether a plan runs that is more than an addition to one.
func (p *Policy) pays(o account.Owned, now time.Time) bool {
	return slices.ContainsFunc(o.Subscriptions, func(s account.Subscription) bool {
		plan, known := p.plan(s.Plan)
		return known && !plan.AddOn && s.RunsOn(calendar.DateOf(now, p.Zone))
	})
}

func (p *Policy) plan(id string) (Plan, bool) {
	i := slices.IndexFunc(p.Doc.Plans, func(plan Plan) bool { return plan.ID == id })
	if i < 0 {
		return Plan{}, false
	}
	return p.Doc.Plans[i], true
}

// Supports reports whether a level gives support, as the table of levels says.
func (p *Policy) Supports(level string) bool {
	return p.Doc.Levels != nil && p.Doc.Levels.Meaning[level].Support
}

// PlanLabel is what a plan is called; its id where the policy names none, which happens when a plan was taken out of it.
func (p *Policy) PlanLabel(id string) string {
	plan, _ := p.plan(id)
	return or(plan.Label, spaced(id))
}

// PaidPlans are the plans somebody can subscribe to, in the order of the file.
func (p *Policy) PaidPlans() (all []Plan) {
	for _, plan := range p.Doc.Plans {
		if plan.Paid || plan.AddOn {
			all = append(all, plan)
		}
	}
	return all
}

// How a form's list of needs names an account and an order (seed 001, 1.29 and 1.30).
const (
	accountNeeded = "account"
	orderNeeded   = "order"
)

// NeedsOrder reports whether a request of this kind is about an order, a licence or an evaluation: the form of the kind says so, or,
// where kinds name no form, the only one there is.
func (p *Policy) NeedsOrder(kind string) bool {
	return slices.Contains(p.formOf(kind).Needs, orderNeeded)
}

func (p *Policy) formOf(kind string) Form {
	name := p.Doc.Kinds[kind].Form
	if name == "" && len(p.Doc.Intake.Forms) == 1 && !p.anyKindHasForm() {
		name = p.Keys("intake.forms")[0]
	}
	return p.Doc.Intake.Forms[name]
}

func (p *Policy) anyKindHasForm() bool {
	for _, kind := range p.Doc.Kinds {
		if kind.Form != "" {
			return true
		}
	}
	return false
}

// SignInFirst reports whether a request of this kind is taken from somebody who is signed in alone (1.29): its form needs an account.
// A portal that only prefers signing in takes a stranger's request too, once their address is proved.
func (p *Policy) SignInFirst(kind string) bool {
	return slices.Contains(p.formOf(kind).Needs, accountNeeded)
}
