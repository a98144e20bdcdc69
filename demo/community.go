package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/community"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// asked is a thread of Northbound's customers among themselves. Whoever writes for the first time is read by Ben first.
type asked struct {
	ago     time.Duration
	from    string // an address
	kind    community.Kind
	title   string
	words   string
	answers []answered
	wants   []string // addresses
	waits   bool     // nobody has read it yet
}

type answered struct {
	after  time.Duration
	from   string // an address, or the name of a colleague
	words  string
	helped bool
}

var northboundAsked = []asked{
	{ago: 11 * day, from: "marta@piekarniakowalczyk.example", kind: community.Question, title: "How do you print the order list for the night shift?",
		words: "We print it at four in the morning, and nobody is in the office who could press a button. Does anybody do this **without a computer** in the bakery?",
		answers: []answered{
			{after: 5 * hour, from: "sigga@hafnarskoli.example", words: "At our school the list is mailed to the printer.\n\n1. Give the printer an address of its own.\n2. Under *Lists, Send*, choose the hour and that address.\n\nIt has run for two years, holidays included.", helped: true},
			{after: 7 * hour, from: ben, words: "Sigríður’s way is the one we would choose too. The hour is that of your company, also when the clocks change."},
		}},
	{ago: 7 * day, from: "ifeoma@lagoslibrary.example", kind: community.Idea, title: "The monthly list as a spreadsheet",
		words:   "I copy the list line by line every month. With all columns in a spreadsheet I would be done before the coffee is.",
		answers: []answered{{after: 60 * hour, from: ana, words: "Thank you. It stands on our roadmap now, together with what others have written to us about it."}},
		wants:   []string{"sigga@hafnarskoli.example"}},
	{ago: 4 * day, from: "nadia@harbourlights.example", kind: community.Question, title: "One invoice for several jobs on the same boat?",
		words: "We often do three small jobs on one boat in a week, and its owner wants **one** invoice. How do you do it?",
		answers: []answered{
			{after: 3 * hour, from: "marta@piekarniakowalczyk.example", words: "We deliver twice a day and invoice once a week: keep it as a draft until Friday, and add each job as a line. Press *Keep as draft*, not *Send*."},
		}},
	{ago: 2 * day, from: "sigga@hafnarskoli.example", kind: community.Idea, title: "A quiet sign when somebody else changes the same list",
		words: "Two of us change the class lists in August. A small name beside the line would be enough.", wants: []string{"marta@piekarniakowalczyk.example"}},
	{ago: 5 * hour, from: "joerg@brandtundsoehne.example", kind: community.Question, title: "Müller, Mueller: do you keep both?", waits: true,
		words: "Until the search is mended we write every name twice. Does anybody know a better way?"},
}

// communityCues are these as lines of the script.
func (p *play) communityCues() []cue {
	all := []cue{{p.end.Add(-12 * day), func(ctx context.Context) error {
		return p.desk.OpenCommunity(ctx, access.Clock, p.brands["northbound"], true)
	}}}
	for _, a := range northboundAsked {
		began := p.end.Add(-a.ago)
		var thread int64
		all = append(all, cue{began, func(ctx context.Context) (err error) {
			thread, err = p.asksOthers(ctx, a)
			return err
		}})
		for _, one := range a.answers {
			all = append(all, cue{began.Add(one.after), func(ctx context.Context) error { return p.answersOther(ctx, a, thread, one) }})
		}
	}
	return append(all, cue{p.end.Add(-4 * day), p.joinIdeas})
}

// customer is somebody who has written to us before.
func (p *play) customer(ctx context.Context, email string) (who access.Actor, known bool, err error) {
	people, err := p.desk.People(ctx, access.Clock, store.PeopleFilter{Query: email})
	if err != nil || len(people.Items) == 0 {
		return who, false, err
	}
	return people.Items[0].Actor(), true, nil
}

// writer is a customer by their address, or a colleague by their name.
func (p *play) writer(ctx context.Context, from string) (access.Actor, error) {
	if colleague, works := p.staff[from]; works {
		return colleague.Actor(), nil
	}
	who, known, err := p.customer(ctx, from)
	if err == nil && !known {
		err = fault.New(fault.NotFound, "the demo knows nobody at %s", from)
	}
	return who, err
}

func (p *play) asksOthers(ctx context.Context, a asked) (int64, error) {
	brand := p.brands["northbound"]
	who, err := p.writer(ctx, a.from)
	if err != nil {
		return 0, err
	}
	id, waits, err := p.desk.WritePost(ctx, who, desk.WritePost{Brand: brand, Kind: a.kind, Title: a.title, Body: a.words, Mails: true})
	if err == nil && waits && !a.waits {
		err = p.reads(ctx, id)
	}
	for _, email := range a.wants {
		if err != nil {
			return id, err
		}
		var one access.Actor
		if one, err = p.writer(ctx, email); err == nil {
			err = p.desk.WantIdea(ctx, one, brand, id, false)
		}
	}
	return id, err
}

// reads lets Ben look at what somebody wrote for the first time.
func (p *play) reads(ctx context.Context, post int64) error {
	_, err := p.desk.ModeratePost(ctx, p.staff[ben].Actor(), desk.ModeratePost{Brand: p.brands["northbound"], Post: post, Do: desk.ShowPost})
	return err
}

func (p *play) answersOther(ctx context.Context, a asked, thread int64, one answered) error {
	brand := p.brands["northbound"]
	who, err := p.writer(ctx, one.from)
	if err != nil {
		return err
	}
	id, waits, err := p.desk.AnswerPost(ctx, who, desk.AnswerPost{Brand: brand, Thread: thread, Body: one.words})
	if err == nil && waits {
		err = p.reads(ctx, id)
	}
	if err != nil || !one.helped {
		return err
	}
	author, err := p.writer(ctx, a.from)
	if err == nil {
		_, err = p.desk.AcceptAnswer(ctx, author, brand, id, false)
	}
	return err
}

// joinIdeas puts ideas behind the cards of the roadmap that ask for the same.
func (p *play) joinIdeas(ctx context.Context) error {
	brand := p.brands["northbound"]
	by := p.staff[ana].Actor()
	ideas, err := p.desk.Threads(ctx, by, store.ThreadFilter{Brand: brand, Standing: community.IdeaStands})
	if err != nil {
		return err
	}
	m, err := p.desk.Roadmap(ctx, brand, 0, "", "")
	for _, column := range m.Columns {
		for _, card := range column.Cards {
			for _, idea := range ideas.Items {
				if err == nil && idea.Title == card.Title {
					err = p.desk.JoinIdea(ctx, by, desk.JoinIdea{Brand: brand, Post: idea.ID, Card: card.ID})
				}
			}
		}
	}
	return err
}
