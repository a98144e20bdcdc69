package desk

import (
	"context"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/mail"
	"hark/policy"
	"hark/store"
)

// What is shown of telephone calls: the screen of one, and the list of all.

// PhonePage is everything the screen of one call shows.
type PhonePage struct {
	Call      store.PhoneCall
	Brand     account.Brand
	Policy    *policy.Policy
	Procedure policy.Procedure
	Run       policy.Run
	Base      int // how many answers there are: an answer is given to what the page shows
	Facts     map[string]any
	Person    account.Person // the caller; zero while nobody is chosen
	Company   string
	Query     string
	Found     []Candidate
	Mails     []CallLetter
	Codes     []CallLetter // mails with a code, without their words
	Code      Code         // how one becomes sure of the caller
	Events    []store.PhoneEvent
	Earlier   []store.PhoneCall
	Tickets   []store.Row
	Mine      bool
	MayTake   bool
	Left      []string            // mails that had left when somebody else was chosen
	Unsent    bool                // the newest message could not be sent at all
	Message   string              // the newest message that the call has come to
	Text      string              // its words
	Files     []store.LibraryFile // of the brand; steps and messages name those they need
}

// CallLetter is a mail of the call, with its words for reading aloud and the files that it carries.
type CallLetter struct {
	store.PhoneMail
	Name  string
	Text  string
	Files []mail.Attachment
}

func (c *calling) page(query string) (page PhonePage, err error) {
	page = PhonePage{
		Call: c.call, Policy: c.policy, Run: c.run, Base: len(c.kept.Answers), Facts: c.facts(), Query: strings.TrimSpace(query), Mine: c.call.Agent == c.a.Person,
		Procedure: c.policy.Doc.Procedures[c.kept.Procedure], MayTake: c.mayTake() == nil,
	}
	for _, read := range []func(*PhonePage) error{c.readBrand, c.readCaller, c.readFound, c.readMails, c.readCode, c.readFiles} {
		if err := read(&page); err != nil {
			return page, err
		}
	}
	page.Events, err = c.tx.PhoneEvents(c.a, c.call.ID)
	for _, e := range page.Events {
		switch e.What {
		case eventChose:
			page.Left = nil
		case eventLeft:
			page.Left = append(page.Left, e.Says)
		}
	}
	return page, err
}

func (c *calling) readBrand(page *PhonePage) (err error) {
	page.Brand, err = c.tx.Brand(c.call.Brand)
	return err
}

// readFiles reads the library that the steps and the messages of the call name files of.
func (c *calling) readFiles(page *PhonePage) (err error) {
	page.Files, err = c.tx.LibraryFiles(c.call.Brand)
	return err
}

// readCaller reads what is known of the caller beside the call.
func (c *calling) readCaller(page *PhonePage) (err error) {
	if c.call.Person == 0 {
		return nil
	}
	if page.Person, err = c.tx.Person(c.call.Person); err != nil {
		return err
	}
	if page.Company, err = c.company(page.Person); err != nil {
		return err
	}
	earlier, err := c.tx.PhoneCalls(c.a, store.PhoneFilter{Person: c.call.Person, Limit: mostEarlier + 1})
	if err != nil {
		return err
	}
	page.Earlier = slices.DeleteFunc(earlier.Items, func(o store.PhoneCall) bool { return o.ID == c.call.ID })
	tickets, err := c.tx.Tickets(c.a, store.Filter{View: store.All, Requester: c.call.Person, Now: c.now, Limit: mostEarlier})
	page.Tickets = tickets.Items
	return err
}

func (c *calling) company(p account.Person) (string, error) {
	if p.Organization == 0 {
		return "", nil
	}
	o, err := c.tx.Organization(p.Organization)
	return o.Name, err
}

// readFound looks for the caller while nobody is chosen, or when somebody asks for another.
func (c *calling) readFound(page *PhonePage) (err error) {
	if page.Query == "" && c.call.Person == 0 && c.call.State != store.PhoneRecorded {
		if site, _ := c.run.Facts["caller.site"].(string); site != "" && c.run.At != c.procedure().Start {
			page.Query = site
		} else if c.call.Number != "" {
			page.Query = c.call.Number
		}
	}
	if page.Query != "" {
		page.Found, err = c.candidates(page.Query)
	}
	return err
}

func (c *calling) procedure() policy.Procedure { return c.policy.Doc.Procedures[c.kept.Procedure] }

func (c *calling) readMails(page *PhonePage) error {
	for _, m := range c.mails {
		text, files, err := c.asSent(m)
		if err != nil {
			return err
		}
		page.Mails = append(page.Mails, CallLetter{PhoneMail: m, Name: c.policy.MessageName(m.Message), Text: text, Files: files})
	}
	for _, m := range c.codes {
		page.Codes = append(page.Codes, CallLetter{PhoneMail: m, Name: CodeName})
	}
	page.Unsent = c.unsent
	for _, l := range c.run.Lines {
		if l.Kind == policy.WalkSend {
			page.Message = l.Message
		}
	}
	_, page.Text, _ = c.policy.Message(page.Message, c.data(page.Message, page.Person))
	return nil
}

// PhoneCalls is one page of the list of calls.
func (d *Desk) PhoneCalls(ctx context.Context, a access.Actor, f store.PhoneFilter) (page store.Page[store.PhoneCall], err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.PhoneCalls(a, f)
		return err
	})
	return page, err
}

// OpenPhoneCalls is what waits for the actor: calls of theirs that are not recorded, calls handed to a group of theirs, and calls that
// ring at them or at nobody in particular.
func (d *Desk) OpenPhoneCalls(ctx context.Context, a access.Actor) (calls []store.PhoneCall, err error) {
	if !access.May(a, access.TakeCalls) {
		return nil, nil
	}
	since := d.now().Add(-longestRing)
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		calls, err = tx.OpenPhoneCalls(a, since)
		return err
	})
	return calls, err
}

// PhoneBrands are the brands that calls can be for: those whose policy has a procedure for calls, else the first that has a policy.
func (d *Desk) PhoneBrands(ctx context.Context, a access.Actor) (all []RunningBrand, err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all = nil
		running, err := d.runningBrands(tx, now)
		for _, b := range running {
			if b.Policy.CallProcedure() != "" {
				all = append(all, b)
			}
		}
		if len(all) == 0 {
			all = running[:min(1, len(running))]
		}
		return err
	})
	return all, err
}

// CountPhoneCalls is what became of a brand's calls of the last thirty days.
func (d *Desk) CountPhoneCalls(ctx context.Context, a access.Actor, brand int64) (all []store.PhoneCount, err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return nil, err
	}
	since := d.now().Add(-countedCalls)
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err = tx.CountPhoneCalls(a, brand, since)
		return err
	})
	return all, err
}
