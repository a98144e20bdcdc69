package desk

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/community"
	"hark/fault"
	"hark/store"
)

// WritePost is a question or an idea that a customer puts to the others.
type WritePost struct {
	Brand  int64
	Kind   community.Kind // Question or Idea
	Title  string
	Body   string // Markdown
	Name   string // by which they want to be known; "" leaves it to us
	Mails  bool   // they want to hear of answers
	Key    string // of the form (D7)
	Remote string
}

// WritePost begins a thread. Whoever writes for the first time is told by waits that somebody here reads it before others do. A field that
// cannot be taken is a [Misfilled].
func (d *Desk) WritePost(ctx context.Context, a access.Actor, in WritePost) (id int64, waits bool, err error) {
	if err := may(a, access.OwnTickets); err != nil {
		return 0, false, err
	}
	p := community.Post{Kind: in.Kind, Title: oneLine(in.Title), Body: paragraphs(in.Body), Mails: in.Mails}
	if err := writable(p); err != nil {
		return 0, false, err
	}
	if err := d.limit(ctx, postLimits(a, in.Remote)...); err != nil {
		return 0, false, err
	}
	return d.writes(ctx, a, in.Brand, "community-post", in.Key, in.Name, func(together) (community.Post, error) { return p, nil })
}

// AnswerPost is an answer to a question, or a word about an idea.
type AnswerPost struct {
	Brand  int64
	Thread int64
	Body   string // Markdown
	Name   string // by which a customer wants to be known; colleagues go by their first name
	Key    string // of the form (D7)
	Remote string
}

// AnswerPost adds an answer to a thread, and mails its author that there is one. In a thread that was locked it is [fault.Refused].
func (d *Desk) AnswerPost(ctx context.Context, a access.Actor, in AnswerPost) (id int64, waits bool, err error) {
	if err := may(a, access.TakePart); err != nil {
		return 0, false, err
	}
	p := community.Post{Kind: community.Answer, Thread: in.Thread, Body: paragraphs(in.Body)}
	if err := writable(p); err != nil {
		return 0, false, err
	}
	if err := d.limit(ctx, postLimits(a, in.Remote)...); err != nil {
		return 0, false, err
	}
	return d.writes(ctx, a, in.Brand, "community-answer", in.Key, in.Name, func(c together) (community.Post, error) {
		thread, err := c.one(in.Thread)
		switch {
		case err != nil:
			return p, err
		case !thread.First():
			return p, noHelp()
		case thread.Locked || thread.State != community.Shown:
			return p, fault.New(fault.Refused, "nobody can answer here any more; what you want to ask us, you can ask us")
		}
		return p, nil
	})
}

// writable refuses what no post can be.
func writable(p community.Post) error {
	switch {
	case p.First() && p.Kind != community.Question && p.Kind != community.Idea:
		return misfilled("kind", "say whether it is a question or an idea")
	case p.First() && p.Title == "":
		return misfilled("title", "give it a title; it is what others read first")
	case utf8.RuneCountInString(p.Title) > community.MostTitle:
		return misfilled("title", "a title has at most %d letters", community.MostTitle)
	case p.Body == "":
		return misfilled("body", "write at least a sentence")
	case utf8.RuneCountInString(p.Body) > community.MostBody:
		return misfilled("body", "this has more than %d letters; others read it at a glance", community.MostBody)
	}
	return nil
}

// postLimits are how much one person, and one source, can write to others.
func postLimits(a access.Actor, remote string) []limit {
	return []limit{{"community/person/" + itoa(a.Person), 20, time.Hour}, {"community/source/" + remote, 60, time.Hour}, {"community/all", 2000, time.Hour}}
}

// writes stores a new post, once for one form, and does what follows when everybody reads it at once.
func (d *Desk) writes(ctx context.Context, a access.Actor, brand int64, verb, key, name string, begun func(together) (community.Post, error)) (id int64, waits bool, err error) {
	err = d.inCommunity(ctx, a, brand, func(c together) error {
		id, err = onceNumbered(c.tx, a, verb, key, c.now, func() (int64, error) {
			p, err := begun(c)
			if err != nil {
				return 0, err
			}
			return c.add(p, name)
		})
		if err != nil {
			return err
		}
		p, err := c.tx.Post(a, c.brand.ID, id)
		waits = p.State == community.Waiting
		return err
	})
	return id, waits, err
}

// add stores a new post of the actor.
func (c together) add(p community.Post, name string) (int64, error) {
	known, _, err := c.writer()
	if err != nil {
		return 0, err
	}
	p.Brand, p.Author, p.At, p.Name = c.brand.ID, c.actor.Person, c.now, known
	if !c.actor.Staff() {
		p.Name = cmp.Or(community.Name(name), known)
	}
	if p.State, err = c.stateOf(p); err != nil {
		return 0, err
	}
	if err := c.tx.SavePost(&p); err != nil {
		return 0, err
	}
	return p.ID, c.answered(p)
}

// stateOf is whether a post of the actor's is read at once, or waits.
func (c together) stateOf(p community.Post) (community.State, error) {
	if access.May(c.actor, access.Moderate) {
		return community.Shown, nil
	}
	past, err := c.tx.PastOf(c.brand.ID, c.actor.Person, p.ID)
	if community.Waits(past, p.Title, p.Body) {
		return community.Waiting, err
	}
	return community.Shown, err
}

// CorrectPost is a post as its author corrects it.
type CorrectPost struct {
	Brand int64
	Post  int64
	Title string // of a first post
	Body  string
}

// CorrectPost changes what somebody wrote less than an hour ago; after that it is [fault.Refused]. What leads to many places after it waits
// as a new post would.
func (d *Desk) CorrectPost(ctx context.Context, a access.Actor, in CorrectPost) (p community.Post, err error) {
	if err := may(a, access.TakePart); err != nil {
		return p, err
	}
	err = d.inCommunity(ctx, a, in.Brand, func(c together) error {
		if p, err = c.own(in.Post); err != nil {
			return err
		}
		if !p.Correctable(c.now) {
			return fault.New(fault.Refused, "an hour has passed, so it stays as it is; you can answer below it")
		}
		was := p.State
		p.Body, p.Corrected = paragraphs(in.Body), c.now
		if p.First() {
			p.Title = oneLine(in.Title)
		}
		if err := writable(p); err != nil {
			return err
		}
		if p.State, err = c.stateOf(p); err != nil {
			return err
		}
		if was == community.Waiting {
			p.State = was
		}
		if p.State != community.Shown {
			return c.away(&p)
		}
		return c.tx.SavePost(&p)
	})
	return p, err
}

// TakeBackPost takes back what somebody wrote, for as long as nobody has answered it. It is gone for everybody.
func (d *Desk) TakeBackPost(ctx context.Context, a access.Actor, brand, id int64) (p community.Post, err error) {
	if err := may(a, access.TakePart); err != nil {
		return p, err
	}
	err = d.inCommunity(ctx, a, brand, func(c together) error {
		if p, err = c.own(id); err != nil {
			return err
		}
		if p.Answers > 0 {
			return fault.New(fault.Refused, "others have answered, so it stays; ask us if it has to go")
		}
		p.State = community.Back
		return c.away(&p)
	})
	return p, err
}

// away stores a post that is not read any more. It helped nobody then.
func (c together) away(p *community.Post) error {
	if err := c.tx.SavePost(p); err != nil || p.First() {
		return err
	}
	thread, err := c.tx.PostForUpdate(access.Clock, c.brand.ID, p.Thread)
	if err != nil || thread.Accepted != p.ID {
		return err
	}
	thread.Accepted = 0
	return c.tx.SavePost(&thread)
}

// AcceptAnswer says that an answer of a question helped, or with not that it did not after all. The author of the question says so, or
// whoever looks posts through; one answer helps, so the last word counts. What is being taken off meanwhile is waited for, and then helps
// nobody.
func (d *Desk) AcceptAnswer(ctx context.Context, a access.Actor, brand, answer int64, not bool) (p community.Post, err error) {
	if err := may(a, access.TakePart); err != nil {
		return p, err
	}
	err = d.inCommunity(ctx, a, brand, func(c together) error {
		if p, err = c.tx.PostForUpdate(access.Actor{}, c.brand.ID, answer); err != nil {
			return err
		}
		thread, err := c.one(p.Thread)
		if err != nil {
			return err
		}
		if p.First() || thread.Kind != community.Question || thread.Author != a.Person && !access.May(a, access.Moderate) {
			return fault.New(fault.NotFound, "there is no such answer to a question of yours")
		}
		switch {
		case !not:
			thread.Accepted = p.ID
		case thread.Accepted == p.ID:
			thread.Accepted = 0
		}
		return c.tx.SavePost(&thread)
	})
	return p, err
}

// WantIdea counts a customer among those who want an idea, or no longer.
func (d *Desk) WantIdea(ctx context.Context, a access.Actor, brand, thread int64, back bool) error {
	if err := may(a, access.OwnTickets); err != nil {
		return err
	}
	return d.inCommunity(ctx, a, brand, func(c together) error {
		p, err := c.tx.Post(a, c.brand.ID, thread)
		switch {
		case err != nil:
			return err
		case p.Kind != community.Idea || p.State != community.Shown:
			return noHelp()
		case back:
			return c.tx.TakeBackWant(p.ID, a.Person)
		}
		return c.tx.Want(p.ID, a.Person, c.now)
	})
}

// ReportPost is what somebody finds wrong with a post.
type ReportPost struct {
	Brand  int64
	Post   int64
	Reason string
	Remote string
}

// ReportPost tells whoever looks posts through that something is wrong with one. The post stays as it is until they have looked.
func (d *Desk) ReportPost(ctx context.Context, a access.Actor, in ReportPost) (p community.Post, err error) {
	if err := may(a, access.TakePart); err != nil {
		return p, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	if utf8.RuneCountInString(in.Reason) > community.MostReason {
		return p, misfilled("reason", "a reason has at most %d letters", community.MostReason)
	}
	if err := d.limit(ctx, postLimits(a, in.Remote)...); err != nil {
		return p, err
	}
	err = d.inCommunity(ctx, a, in.Brand, func(c together) error {
		if p, err = c.tx.Post(access.Actor{}, c.brand.ID, in.Post); err != nil {
			return err
		}
		return c.tx.ReportPost(store.PostReport{Post: p.ID, Person: a.Person, Reason: in.Reason, At: c.now})
	})
	return p, err
}
