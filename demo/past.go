package demo

import (
	"context"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/ticket"
)

// OldDesk is the Zendesk that the agency is said to have had: what a visitor of the demo brings in when they try the import. It is
// a few tickets long and answers without any network, whatever token is typed.
func OldDesk(now time.Time) desk.Past { return oldDesk{now} }

// OldDeskName is where it is said to stand.
const OldDeskName = "larkandfield.zendesk.com"

type oldDesk struct{ now time.Time }

func (o oldDesk) Name() string { return OldDeskName }

func (o oldDesk) Holds(context.Context) (desk.PastSize, error) {
	return desk.PastSize{Organizations: len(oldCompanies), People: len(oldPeople), Tickets: len(oldTickets)}, nil
}

func (o oldDesk) Organizations(_ context.Context, each func(desk.PastOrganization) error) error {
	return all(oldCompanies, each)
}

func (o oldDesk) People(_ context.Context, each func(desk.PastPerson) error) error {
	return all(oldPeople, each)
}

func (o oldDesk) Tickets(_ context.Context, each func(desk.PastTicket) error) error {
	for i, t := range oldTickets {
		past := desk.PastTicket{
			ID: firstOld + int64(i), Subject: t.subject, Kind: "question", Category: t.is, Priority: t.priority, Tags: t.tags, Requester: t.who, Submitter: t.who,
			Assignee: oldAgent, Created: o.now.Add(-t.ago), Updated: o.now.Add(-t.ago + time.Duration(len(t.said))*2*time.Hour),
		}
		if err := each(past); err != nil {
			return err
		}
	}
	return nil
}

func (o oldDesk) Conversation(_ context.Context, id int64) (said []desk.PastComment, err error) {
	t := oldTickets[id-firstOld]
	for i, line := range t.said {
		c := desk.PastComment{ID: id*10 + int64(i), Author: line.by, Public: !line.note, Text: line.text, Created: o.now.Add(-t.ago + time.Duration(i)*2*time.Hour)}
		if line.file != "" {
			c.Files = []desk.PastFile{{Name: line.file, Type: "text/plain", Size: int64(len(oldLog)), From: line.file}}
		}
		said = append(said, c)
	}
	return said, nil
}

func (o oldDesk) File(_ context.Context, f desk.PastFile, _ int) ([]byte, error) {
	if f.From == "" {
		return nil, fault.New(fault.NotFound, "it is no longer there")
	}
	return []byte(oldLog), nil
}

func all[T any](records []T, each func(T) error) error {
	for _, record := range records {
		if err := each(record); err != nil {
			return err
		}
	}
	return nil
}

const (
	firstOld = 20811
	oldAgent = 1
	oldHelp  = 2 // left before Hark came
	elif     = 11
	duncan   = 12
	ines     = 13
	oldLog   = "08:14 export started\n08:15 row 412: no category\n08:15 export stopped\n"
)

var oldCompanies = []desk.PastOrganization{{ID: 101, Name: "Yıldız Seramik", Domains: []string{"yildizseramik.example"}}, {ID: 102, Name: "Moray Boats", Domains: []string{"morayboats.example"}}}

var oldPeople = []desk.PastPerson{
	{ID: oldAgent, Name: "Ana", Email: FirstAgent, Staff: true},
	{ID: oldHelp, Name: "Henrik Dahl", Email: "henrik@larkandfield.example", Staff: true},
	{ID: elif, Name: "Elif Yıldız", Email: "elif@yildizseramik.example", Organization: 101},
	{ID: duncan, Name: "Duncan Reid", Email: "duncan@morayboats.example", Organization: 102, Phone: "+44 20 7946 0018"},
	{ID: ines, Name: "Inês Matos", Email: "ines.matos@casaverde.example"},
}

type oldLine struct {
	by   int64
	note bool
	text string
	file string
}

var oldTickets = []struct {
	subject, priority string
	who               int64
	is                ticket.Category
	ago               time.Duration
	tags              []string
	said              []oldLine
}{
	{"The export stops at row 412", "high", elif, ticket.Closed, 410 * day, []string{"export"}, []oldLine{
		{by: elif, text: "Every morning the export of our catalogue stops at the same row. The log is attached.", file: "export.log"},
		{by: oldHelp, note: true, text: "Row 412 has no category. The export should not care."},
		{by: oldHelp, text: "One product has no category, and our export trips over it. It will not any more from tonight on."},
		{by: elif, text: "It ran through this morning. Thank you."},
	}},
	{"A second language for the shop", "", duncan, ticket.Solved, 95 * day, nil, []oldLine{
		{by: duncan, text: "Half of our boats go to Norway. Can the shop have Norwegian beside English?"},
		{by: oldAgent, text: "Yes: under Settings, Languages. Texts that have no translation yet stay English."},
	}},
	{"Invoices to another address", "low", ines, ticket.Closed, 230 * day, []string{"billing"}, []oldLine{
		{by: ines, text: "Please send invoices to our accountant from now on."},
		{by: oldAgent, text: "Done, from the next one on."},
	}},
	{"The contact form sends everything twice", "normal", duncan, ticket.Pending, 3 * day, nil, []oldLine{
		{by: duncan, text: "Each enquiry reaches us two times, a minute apart."},
		{by: oldAgent, text: "Since when, and from which page?"},
	}},
	{"Photographs turn out too dark", "", ines, ticket.Open, 2 * day, []string{"images"}, []oldLine{
		{by: ines, text: "The photographs of the new rooms are darker on the page than on my screen."},
	}},
}
