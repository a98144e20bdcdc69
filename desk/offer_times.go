package desk

import (
	"context"
	"html"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// OfferTimes are times at which a customer could talk, when none of those on offer suits them (seed 000, 0.8).
type OfferTimes struct {
	Ticket int64
	Times  []time.Time
	Phone  string
	Zone   string
	Words  string
	Key    string
}

// mostOffers is how many times somebody can offer at once.
const mostOffers = 6

// offersFact is where a ticket keeps them, oldest first, as RFC 3339 says instants.
const offersFact = "call.offers"

// OfferTimes adds a message of the customer with their times; agents see each beside the free ones and book it with one press. It
// keeps nobody's time.
func (d *Desk) OfferTimes(ctx context.Context, a access.Actor, in OfferTimes) (result Done, err error) {
	if err := may(a, access.ArrangeCall); err != nil {
		return result, err
	}
	in.Times = toCome(in.Times, d.now())
	if in.Phone, err = phoneNumber(in.Phone); err != nil {
		return result, err
	}
	switch {
	case len(in.Times) == 0:
		return result, fault.New(fault.Invalid, "name at least one time that is still to come")
	case len(in.Times) > mostOffers:
		return result, fault.New(fault.Invalid, "name %d times at most", mostOffers)
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.offerTimes(tx, a, in, now) })
}

func (d *Desk) offerTimes(tx *store.Tx, a access.Actor, in OfferTimes, now time.Time) (Done, error) {
	f, err := d.findFor(tx, a, in.Ticket, now)
	if err != nil {
		return Done{}, err
	}
	if why := f.policy.WhyNoCall(policy.FactsIn(f.ticket.Facts)); why != "" {
		return Done{}, fault.New(fault.Refused, "%s", why)
	}
	w, err := wordsOf("", offerSays(f, in))
	if err != nil {
		return Done{}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	did, err := d.happen(tx, f.ticket, happening{
		event: ticket.Event{Kind: ticket.CustomerReplies, At: now, By: by, Text: w.text, Facts: in.facts()}, now: now, via: "portal",
		comment: saidPublicly(by, w, attachments{}, "portal", now),
	})
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, err
}

// facts are what a ticket remembers of an offer.
func (in OfferTimes) facts() map[string]any {
	return map[string]any{offersFact: offersText(in.Times), "ticket.wants_call": true, "call.zone": knownZone(in.Zone), "call.phone": in.Phone}
}

// withTimes puts the times of a new request where rules and agents look, and into its words. Times that have passed, and those for a
// policy without calls, are left out.
func (d *Desk) withTimes(tx *store.Tx, t ticket.Ticket, in Request, w words, now time.Time) (Request, words, error) {
	offer := OfferTimes{Times: toCome(in.Times, now), Zone: in.Zone}
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err != nil || len(offer.Times) == 0 || len(offer.Times) > mostOffers || p.Doc.Calls == nil {
		return in, w, err
	}
	if offer.Phone, err = phoneNumber(in.Phone); err != nil {
		return in, w, err
	}
	facts := maps.Clone(in.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	maps.Copy(facts, offer.facts())
	says := offerSays(finder{policy: p}, offer)
	if w.html != "" {
		w.html += "<p>" + strings.ReplaceAll(html.EscapeString(says), "\n", "<br>") + "</p>"
	}
	in.Facts, w.text = facts, w.text+"\n\n"+says
	return in, w, nil
}

func toCome(times []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(times), func(at time.Time) bool { return !at.After(now) })
}

func offersText(times []time.Time) string {
	slices.SortFunc(times, time.Time.Compare)
	var all []string
	for _, at := range times {
		all = append(all, at.UTC().Format(time.RFC3339))
	}
	return strings.Join(all, " ")
}

// OfferedTimes are the times that a ticket's customer has offered and that are still to come.
func OfferedTimes(t ticket.Ticket, now time.Time) (times []time.Time) {
	said, _ := t.Facts[offersFact].(string)
	for _, one := range strings.Fields(said) {
		if at, err := time.Parse(time.RFC3339, one); err == nil && at.After(now) {
			times = append(times, at)
		}
	}
	return times
}

// offerSays is the message: the times on the customer's clock, and the company's where it shows another.
func offerSays(f finder, in OfferTimes) string {
	zone := callZone(store.Call{Zone: in.Zone}, f.policy)
	says := "I could talk at one of these times:\n"
	for _, at := range in.Times {
		says += "\n- " + at.In(zone).Format("Monday 2 January 2006, 15:04 MST")
		if company := at.In(f.policy.CallZone()).Format("15:04 MST"); company != at.In(zone).Format("15:04 MST") {
			says += " (" + company + ")"
		}
	}
	if in.Phone != "" {
		says += "\n\nMy number: " + in.Phone
	}
	if words := strings.TrimSpace(in.Words); words != "" {
		says += "\n\n" + words
	}
	return says
}
