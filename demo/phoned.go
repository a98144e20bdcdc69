package demo

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
)

// phoned is a telephone call of today. Eve answers it by the procedure of the brand's policy: she looks for the caller and presses
// the keys of her choices, as she would on the screen.
type phoned struct {
	ago     time.Duration
	number  string // "" when the telephone shows none
	looks   string // what the caller says they are to be found by, "" for somebody who cannot say
	proves  bool   // they read out the number on their own page
	keys    []string
	talks   time.Duration // between two keys
	park    string        // why it waits
	hand    string        // to whom it goes, with why in park
	outcome string        // "" takes the one that the keys amount to
	note    string
}

var phonedToday = []phoned{
	{ago: 3*hour + 10*minute, number: "+1 503 555 0142", looks: "acme-shop.example", proves: true, keys: []string{"1", "1"}, talks: 25 * time.Second},
	{ago: 2*hour + 25*minute, number: "+1 206 555 0188", keys: []string{"3"}, talks: 70 * time.Second, note: "Runs a shop that his former partner bought. Asks her for the order number."},
	{ago: 95 * minute, number: "+47 22 55 01 42", looks: "fjordgarn.example", keys: []string{"2", "1"}, talks: 40 * time.Second, outcome: "complaint",
		note: "Wants Cem to hear that the import he mended took in every skein on the first try. Her whole team says thank you."},
	{ago: 48 * minute, looks: "AC-4410", talks: 35 * time.Second},
	{ago: 17 * minute, number: "+1 802 555 0131", looks: "marshbooks.example", talks: 45 * time.Second, park: "Looks for the invoice of his support plan and rings back"},
	{ago: 4 * minute, number: "+81 3 5550 0142", looks: "tanabe-tea.example", talks: 30 * time.Second, park: "Pays for priority support. Her checkout has shown an empty page since this morning.", hand: ana},
}

// phoneCues are the lines of these calls.
func (p *play) phoneCues() (all []cue) {
	for _, c := range phonedToday {
		all = append(all, cue{p.end.Add(-c.ago), func(ctx context.Context) error { return p.phones(ctx, c) }})
	}
	return all
}

// phones plays one call from the first word to how it stands now.
func (p *play) phones(ctx context.Context, c phoned) error {
	actor := p.staff[eve].Actor()
	id, err := p.desk.BeginCall(ctx, actor, desk.NewCall{Brand: p.brands["ablecommerce"], Number: c.number})
	if err != nil {
		return err
	}
	if err := p.talk(ctx, c); err != nil {
		return err
	}
	if c.looks != "" {
		if err := p.finds(ctx, actor, id, c.looks); err != nil {
			return err
		}
	}
	if c.proves {
		if err := p.proves(ctx, actor, id); err != nil {
			return err
		}
	}
	for _, key := range c.keys {
		if err := p.presses(ctx, actor, id, key); err != nil {
			return err
		}
		if err := p.talk(ctx, c); err != nil {
			return err
		}
	}
	return p.leaves(ctx, actor, id, c)
}

// talk lets time pass in the middle of a call; the mails leave meanwhile.
func (p *play) talk(ctx context.Context, c phoned) error {
	return p.waitUntil(ctx, p.clock.at.Add(c.talks))
}

// finds chooses whom the caller's words mean.
func (p *play) finds(ctx context.Context, actor access.Actor, id int64, words string) error {
	page, err := p.desk.PhonePage(ctx, actor, id, words)
	if err != nil {
		return err
	}
	if len(page.Found) == 0 {
		return fault.New(fault.Refused, "the demo finds nobody by %q", words)
	}
	one := page.Found[0]
	return p.desk.ChooseCaller(ctx, actor, desk.Chosen{Call: id, Query: words, Person: one.Person.ID, About: one.About.String()})
}

// proves lets the caller press “I am on the phone” on their own page and read out the number.
func (p *play) proves(ctx context.Context, actor access.Actor, id int64) error {
	page, err := p.desk.PhonePage(ctx, actor, id, "")
	if err != nil {
		return err
	}
	caller := page.Person.Actor()
	if err := p.desk.SayOnPhone(ctx, caller); err != nil {
		return err
	}
	spoken, err := p.desk.OnPhone(ctx, caller)
	if err != nil {
		return err
	}
	return p.desk.VerifyCaller(ctx, actor, id, spoken.Number)
}

// presses takes the call one step on, and is an error when its step has no such key.
func (p *play) presses(ctx context.Context, actor access.Actor, id int64, key string) error {
	page, err := p.desk.PhonePage(ctx, actor, id, "")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(page.Run.Offers, func(o policy.Offer) bool { return o.Key == key && o.Needs == "" }) {
		return fault.New(fault.Refused, "the demo's call has no key %s at the step %q", key, page.Run.At)
	}
	return p.desk.AnswerStep(ctx, actor, desk.StepAnswer{Call: id, Step: page.Run.At, Base: page.Base, Key: key})
}

// leaves parks the call, hands it over, or keeps its record.
func (p *play) leaves(ctx context.Context, actor access.Actor, id int64, c phoned) error {
	switch {
	case c.hand != "":
		return p.desk.HandOverCall(ctx, actor, desk.HandedCall{Call: id, Person: p.staff[c.hand].ID, Reason: c.park})
	case c.park != "":
		return p.desk.ParkCall(ctx, actor, id, c.park)
	}
	return p.desk.KeepCall(ctx, actor, desk.CallRecord{Call: id, Outcome: c.outcome, Note: c.note})
}
