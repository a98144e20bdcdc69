package demo

import (
	"bytes"
	"context"
	"regexp"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/desk"
	"hark/store"
)

// What Northbound Software tells its customers, and what they ask for: three entries and a draft, a letter with its readers, and a
// roadmap on which Ifeoma's wish stands behind a card.

// told is an entry, from the beginning of its text to its banner.
type told struct {
	ago                                  time.Duration
	by                                   string
	kind, title, product, version, words string
	banner                               string
	draft                                bool
}

var northboundTold = []told{
	{ago: 16 * day, by: ana, kind: "changed", title: "Invoices are rounded once", product: "Northbound", version: "2026.10",
		words: "The total under a list is the sum of its lines. Until now each line was rounded first, so that a few cents could be missing.\n\nNothing changes in invoices that were sent."},
	{ago: 9 * day, by: ben, kind: "new", title: "Give a colleague access to the invoices alone", product: "Northbound", version: "2026.11", banner: "Colleagues can be given access to the invoices alone.",
		words: "Under **People, Invite**, choose what somebody may see:\n\n- everything,\n- the invoices and nothing else,\n- one customer.\n\nWhoever is there already keeps what they have."},
	{ago: 3 * day, by: ana, kind: "fixed", title: "Dates in the list follow your own clock", product: "Northbound", version: "2026.11.1",
		words: "Whoever works east of Greenwich saw the day before in the evening. It is the right day now, in every list and in the spreadsheet."},
	{ago: 20 * time.Hour, by: ben, kind: "fixed", title: "Search finds names with marks on their letters", product: "Northbound", version: "2026.12",
		words: "“Müller” finds Müller and Mueller, and so does every other letter that carries a mark.", draft: true},
}

// planned is a card, with the decisions about it.
type planned struct {
	ago                        time.Duration
	title, what, why, estimate string
	state                      store.CardState
	reason                     string
	votes                      []string // who wants it, by address
	behind                     string   // subject of the ticket that stands behind it
}

var northboundPlanned = []planned{
	{ago: 15 * day, title: "A telephone app", what: "The lists on a telephone, without a connection.", why: "On building sites there is none.", state: store.CardNotNow,
		reason: "The pages work on a telephone. An app of its own would take the whole half-year.", votes: []string{"emil@fjordboats.example"}},
	{ago: 14 * day, title: "Several currencies in one list", what: "Each line keeps its own; the total is told in yours.", why: "Many of you work across a border.", estimate: "spring 2027", state: store.CardPlanned,
		reason: "The groundwork is there since 2026.10.", votes: []string{"joerg@brandtundsoehne.example", "nadia@harbourlights.example", "emil@fjordboats.example"}},
	{ago: 13 * day, title: "Reminders for unpaid invoices", what: "A polite mail after two weeks, in your own words.", why: "Small offices write these by hand on Fridays.", state: store.CardProgress,
		reason: "It is the wish we hear most often.", votes: []string{"nadia@harbourlights.example", "ifeoma@lagoslibrary.example"}},
	{ago: 5 * day, title: "The monthly list as a spreadsheet", what: "All columns or some of them, saved with a press.", why: "It is copied line by line today.", votes: []string{"joerg@brandtundsoehne.example"}, behind: "The monthly list as a spreadsheet"},
}

var northboundReaders = []string{"ifeoma@lagoslibrary.example", "joerg@brandtundsoehne.example"}

// newsCues are these as lines of the script.
func (p *play) newsCues() (all []cue) {
	for _, one := range northboundTold {
		all = append(all, cue{p.end.Add(-one.ago), func(ctx context.Context) error { return p.tell(ctx, one) }})
	}
	for _, one := range northboundPlanned {
		all = append(all, cue{p.end.Add(-one.ago), func(ctx context.Context) error { return p.plan(ctx, one) }})
		for i, from := range one.votes {
			all = append(all, cue{p.end.Add(-20*time.Hour + time.Duration(i)*time.Hour), func(ctx context.Context) error { return p.vote(ctx, one.title, from) }})
		}
	}
	return append(all, cue{p.end.Add(-10 * day), p.subscribe})
}

func (p *play) tell(ctx context.Context, one told) error {
	by, brand := p.staff[one.by].Actor(), p.brands["northbound"]
	in := desk.WriteNews{Brand: brand, Kind: one.kind, Title: one.title, Product: one.product, Version: one.version, Body: one.words, Banner: one.banner}
	if one.banner != "" {
		in.Until = calendar.DateOf(p.end, time.UTC).Plus(7)
	}
	id, err := p.desk.WriteNews(ctx, by, in)
	if err != nil || one.draft {
		return err
	}
	n, err := p.desk.NewsDesk(ctx, by, id, brand)
	if err != nil {
		return err
	}
	return p.desk.PublishNews(ctx, by, desk.ChangeNews{Entry: id, Base: n.Last})
}

func (p *play) plan(ctx context.Context, one planned) error {
	by, brand := p.staff[ana].Actor(), p.brands["northbound"]
	id, err := p.desk.WriteCard(ctx, by, desk.WriteCard{Brand: brand, Title: one.title, What: one.what, Why: one.why, Estimate: one.estimate})
	if err != nil {
		return err
	}
	for s, ticket := range p.tickets {
		if one.behind != "" && s.subject == one.behind {
			if _, err := p.desk.JoinCard(ctx, by, desk.JoinCard{Ticket: ticket, Card: id}); err != nil {
				return err
			}
		}
	}
	if one.state == "" {
		return nil
	}
	c, err := p.desk.CardDesk(ctx, by, id, "")
	if err != nil {
		return err
	}
	return p.desk.DecideCard(ctx, by, desk.DecideCard{Card: id, State: one.state, Reason: one.reason, Base: c.Last})
}

// vote is a customer who says on the roadmap what they want.
func (p *play) vote(ctx context.Context, title, from string) error {
	brand := p.brands["northbound"]
	m, err := p.desk.Roadmap(ctx, brand, 0, "", "")
	if err != nil {
		return err
	}
	who, known, err := p.customer(ctx, from)
	if err != nil || !known {
		return err
	}
	for _, column := range m.Columns {
		for _, card := range column.Cards {
			if card.Title == title {
				return p.desk.Vote(ctx, who, desk.Vote{Brand: brand, Card: card.ID})
			}
		}
	}
	return nil
}

var confirmation = regexp.MustCompile(`/whats-new/confirm/([A-Za-z0-9_-]+)`)

// subscribe lets two customers ask for the letter, and press the button of the mail they get.
func (p *play) subscribe(ctx context.Context) error {
	for _, email := range northboundReaders {
		if err := p.desk.FollowNews(ctx, desk.FollowNews{Brand: p.brands["northbound"], Email: email, Remote: "demo"}); err != nil {
			return err
		}
		mails, err := p.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 1})
		if err != nil {
			return err
		}
		_, raw, err := p.desk.SentMail(ctx, access.Clock, mails.Items[0].ID)
		if err != nil {
			return err
		}
		link := confirmation.FindSubmatch(bytes.ReplaceAll(raw, []byte("=\r\n"), nil)) // soft line breaks (RFC 2045, 6.7)
		if link == nil {
			continue
		}
		if err := p.desk.ConfirmNews(ctx, string(link[1])); err != nil {
			return err
		}
	}
	return nil
}
