package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/community"
	"hark/fault"
)

// Moderation is what somebody who looks posts through does with one.
type Moderation string

const (
	ShowPost   Moderation = "show"   // a post that waited, or was taken off, is read by everybody
	HidePost   Moderation = "hide"   // it is taken off, with a reason that its author reads
	KeepPost   Moderation = "keep"   // what was reported is looked at, and the post stays
	LockPost   Moderation = "lock"   // nobody answers any more
	UnlockPost Moderation = "unlock" //
)

// ModeratePost is a decision about a post.
type ModeratePost struct {
	Brand  int64
	Post   int64
	Do     Moderation
	Reason string // why it is taken off
}

// ModeratePost decides about a post. What is decided twice changes nothing. Taking one off needs a reason, and what was reported of it is
// settled by any decision. An answer that is shown after it waited is told to the author of its thread then.
func (d *Desk) ModeratePost(ctx context.Context, a access.Actor, in ModeratePost) (p community.Post, err error) {
	if err := may(a, access.Moderate); err != nil {
		return p, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	switch {
	case in.Do == HidePost && in.Reason == "":
		return p, misfilled("reason", "say why; its author reads it")
	case utf8.RuneCountInString(in.Reason) > community.MostReason:
		return p, misfilled("reason", "a reason has at most %d letters", community.MostReason)
	}
	err = d.inCommunity(ctx, a, in.Brand, func(c together) error {
		if p, err = c.one(in.Post); err != nil {
			return err
		}
		if err := c.decide(&p, in); err != nil {
			return err
		}
		if err := c.tx.SettleReports(p.ID, c.now); err != nil {
			return err
		}
		return c.tx.PostDecided(p.ID, a.Person, c.now)
	})
	return p, err
}

func (c together) decide(p *community.Post, in ModeratePost) error {
	switch in.Do {
	case ShowPost:
		p.State, p.Reason = community.Shown, ""
		if err := c.tx.SavePost(p); err != nil {
			return err
		}
		return c.answered(*p)
	case HidePost:
		p.State, p.Reason = community.Hidden, in.Reason
		return c.away(p)
	case KeepPost:
		return nil
	case LockPost, UnlockPost:
		if !p.First() {
			return fault.New(fault.Invalid, "a whole thread is locked, not an answer")
		}
		p.Locked = in.Do == LockPost
		return c.tx.SavePost(p)
	}
	return fault.New(fault.Invalid, "show it, take it off, or lock its thread")
}
