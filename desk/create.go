package desk

import (
	"context"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Request is a new ticket that does not come by mail: from the portal, the form anybody can fill in, the API or an agent
// who writes down what somebody told them. Only these fields can be set (B8).
type Request struct {
	Brand     int64  // 0 for the first
	Requester string // the address whose problem it is; a signed-in customer's own when empty
	Name      string
	Subject   string
	HTML      string
	Text      string
	Kind      string // "" leaves it to triage
	Priority  string
	Tags      []string // staff only
	CCs       []string
	Facts     map[string]any
	About     string // the licence, order or evaluation it is about, as [account.About] writes it; "" for none
	Project   string // the number of the project it is about; "" for none
	External  string // another program's name for it
	Files     []File
	Times     []time.Time // at which the requester could be called, where the policy has calls
	Phone     string      // the number to call
	Zone      string      // IANA zone of the requester's clock
	Key       string      // of the form (D7)
	Remote    string      // the source's address, for the limits
	Channel   string      // the policy's way in: portal, api, phone_in
	Article   string      // the address of the article they came from; "" for none
	Searched  string      // what they looked for in the help before they wrote
	Problem   int64       // the known problem they recognised in the form; 0 for none
}

// Create makes a ticket for somebody who is known: a customer for themselves, staff for anybody. A customer can name
// nobody else as requester (B1), and what staff write is a ticket of the requester's, submitted by them.
func (d *Desk) Create(ctx context.Context, a access.Actor, in Request) (Done, error) {
	staff := access.May(a, access.ChangeTicket)
	if !staff {
		if err := may(a, access.OwnTickets); err != nil {
			return Done{}, err
		}
	}
	return d.write(ctx, a, writing{in.HTML, in.Text, in.Files, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.createAs(tx, a, in, staff, w, files, now)
	})
}

func (d *Desk) createAs(tx *store.Tx, a access.Actor, in Request, staff bool, w words, files attachments, now time.Time) (Done, error) {
	requester, submitter, err := d.whose(tx, a, in, staff, now)
	if err != nil {
		return Done{}, err
	}
	if !staff {
		if in, err = d.asCustomersMay(tx, in, now); err != nil {
			return Done{}, err
		}
	}
	if in, err = d.about(tx, a, in, requester, now); err != nil {
		return Done{}, err
	}
	return d.create(tx, in, w, files, requester, submitter, now)
}

// asCustomersMay leaves out of a request what is the desk's to set. Of what rules look at, customers say only what the
// policy asks them for.
func (d *Desk) asCustomersMay(tx *store.Tx, in Request, now time.Time) (Request, error) {
	in.Tags, in.Priority, in.External, in.Channel = nil, "", "", "portal"
	var err error
	if in.Phone, err = phoneNumber(in.Phone); err != nil || len(in.Facts) == 0 {
		return in, err
	}
	p, _, err := d.rulesFor(tx, in.Brand, now)
	if err != nil {
		return in, err
	}
	facts := map[string]any{}
	for name, value := range in.Facts {
		if p.Doc.Facts[name].SetBy == "customer" {
			facts[name] = value
		}
	}
	in.Facts = facts
	return in, nil
}

// rulesFor is the policy that holds for the brand that is named, or for the first there is; fault.Refused while it has none.
func (d *Desk) rulesFor(tx *store.Tx, named int64, now time.Time) (p *policy.Policy, brand int64, err error) {
	if brand, err = d.brandOr(tx, named); err != nil {
		return nil, 0, err
	}
	version, err := d.rules.running(tx, brand, now)
	if err == nil {
		p, err = d.rules.of(tx, version)
	}
	return p, brand, err
}

// whose finds out whose problem it is and who writes it down.
func (d *Desk) whose(tx *store.Tx, a access.Actor, in Request, staff bool, now time.Time) (requester, submitter account.Person, err error) {
	if a.Person != 0 {
		if submitter, err = tx.Person(a.Person); err != nil {
			return requester, submitter, err
		}
	}
	address := account.FoldAddress(in.Requester)
	if !staff || address == "" {
		if address != "" && address != account.FoldAddress(submitter.Email) {
			return requester, submitter, fault.New(fault.NotFound, "you can write for yourself only")
		}
		return submitter, submitter, nil
	}
	requester, err = d.customer(tx, in, now)
	if a.Person == 0 {
		submitter = requester
	}
	return requester, submitter, err
}

// customer is the person a request names, who becomes a customer when nobody knew them.
func (d *Desk) customer(tx *store.Tx, in Request, now time.Time) (account.Person, error) {
	address, err := mail.NewAddress(in.Requester)
	if err != nil {
		return account.Person{}, inField("requester", err)
	}
	if own, err := d.isOwn(tx, address); err != nil || own {
		return account.Person{}, orElse(err, inField("requester", ownAddress(address)))
	}
	return tx.EnsureCustomer(account.FoldAddress(address), strings.TrimSpace(in.Name), in.Brand, now)
}

func (d *Desk) create(tx *store.Tx, in Request, w words, files attachments, requester, submitter account.Person, now time.Time) (Done, error) {
	t, err := d.begin(tx, in, requester, submitter, now)
	if err != nil {
		return Done{}, err
	}
	if err := d.copy(tx, in.CCs, &t, now); err != nil {
		return Done{}, err
	}
	if in, w, err = d.withTimes(tx, t, in, w, now); err != nil {
		return Done{}, err
	}
	author := asTicketPerson(submitter)
	h := happening{
		event:   ticket.Event{Kind: ticket.CustomerCreates, At: now, By: author, Text: w.text, TicketKind: in.Kind, Priority: in.Priority, Facts: in.Facts},
		now:     now,
		via:     t.Channel,
		comment: saidPublicly(author, w, files, t.Channel, now),
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	if err := d.recognise(tx, did.ticket, in, requester, now); err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}, d.fromHelp(tx, did.ticket, in, requester, now)
}

// begin is a ticket before anything has happened to it.
func (d *Desk) begin(tx *store.Tx, in Request, requester, submitter account.Person, now time.Time) (t ticket.Ticket, err error) {
	brand, err := d.brandOr(tx, in.Brand)
	if err != nil {
		return t, err
	}
	version, err := d.rules.running(tx, brand, now)
	if err != nil {
		return t, err
	}
	channel := in.Channel
	if channel == "" {
		channel = "portal"
	}
	return ticket.Ticket{
		Subject: subjectOr(strings.Join(strings.Fields(in.Subject), " ")), Tags: tidyTags(in.Tags),
		Requester: asTicketPerson(requester), Submitter: asTicketPerson(submitter), Organization: requester.Organization,
		Brand: brand, Channel: channel, ExternalID: in.External, Policy: version, Created: now, Updated: now,
	}, nil
}

// brandOr is the brand that is named, or the first there is.
func (d *Desk) brandOr(tx *store.Tx, brand int64) (int64, error) {
	if brand != 0 {
		_, err := tx.Brand(brand)
		return brand, err
	}
	brands, err := tx.Brands()
	if err == nil && len(brands) == 0 {
		err = fault.New(fault.Refused, "the desk has no brand yet")
	}
	if err != nil {
		return 0, err
	}
	return brands[0].ID, nil
}
