package desk

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/article"
	"hark/fault"
	"hark/store"
)

// What readers say of an article: a comment, and whether it helped.

// Comment is what a reader writes below an article.
type Comment struct {
	Brand  int64
	Slug   string
	Name   string // of a stranger
	Text   string
	Key    string // of the form (D7)
	Remote string
}

// CommentArticle stores a comment. Whoever has signed in is read at once. What a stranger writes, where an article is open to
// everybody, waits until somebody here has read it; waits says so. Where comments are closed, or need a sign-in, it is
// [fault.Refused] or [fault.Unsigned].
func (d *Desk) CommentArticle(ctx context.Context, a access.Actor, in Comment) (waits bool, err error) {
	text := strings.TrimSpace(in.Text)
	if text == "" || utf8.RuneCountInString(text) > article.MostComment {
		return false, fault.New(fault.Invalid, "a comment has at least one letter and at most %d", article.MostComment)
	}
	if err := d.limit(ctx, sayLimits(in.Remote)...); err != nil {
		return false, err
	}
	err = d.inHelp(ctx, a, in.Brand, func(h helped) error {
		r, err := h.tx.ArticleAt(h.reader, h.brand.ID, in.Slug)
		if err != nil {
			return err
		}
		if err := mayComment(a, r.Allowed(h.comments())); err != nil {
			return err
		}
		waits = a.Person == 0
		_, err = onceNumbered(h.tx, a, "comment", in.Key, h.now, func() (int64, error) { return h.comment(a, r.ID, in.Name, text) })
		return err
	})
	return waits, err
}

// inHelp changes something in the help of a brand.
func (d *Desk) inHelp(ctx context.Context, a access.Actor, brand int64, change func(helped) error) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.help(tx, a, brand, now)
		if err == nil {
			err = change(h)
		}
		return err
	})
}

// sayLimits are how much strangers can say of articles.
func sayLimits(remote string) []limit {
	return []limit{{"help/source/" + remote, 30, time.Hour}, {"help/all", 2000, time.Hour}}
}

func mayComment(a access.Actor, allowed article.Comments) error {
	switch {
	case allowed == article.Closed:
		return fault.New(fault.Refused, "this article is closed for comments; what you want to ask us, you can ask us")
	case allowed == article.SignIn && a.Person == 0:
		return fault.New(fault.Unsigned, "please sign in to leave a comment")
	}
	return nil
}

// comment stores what somebody wrote below an article.
func (h helped) comment(a access.Actor, id int64, name, text string) (int64, error) {
	said := article.Said{Article: id, Author: a.Person, Name: cmp.Or(strings.Join(strings.Fields(name), " "), "A reader"), Text: text, At: h.now, Shown: a.Person != 0}
	said.Name = shortened(said.Name, article.MostTitle)
	if a.Person != 0 {
		who, err := h.tx.Person(a.Person)
		if err != nil {
			return 0, err
		}
		said.Name = readerName(who.Name)
	}
	err := h.tx.AddSaid(&said)
	return said.ID, err
}

// readerName is how somebody is called where strangers read: by their first name. Whoever has told us only an address is a reader.
func readerName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	if first == "" || strings.Contains(first, "@") {
		return "A reader"
	}
	return first
}

// Judgement is whether an article helped somebody.
type Judgement struct {
	Brand  int64
	Slug   string
	Reader string // the same for everything that one browser sends; "" for whoever has signed in
	Helped bool
	Reason string // "" keeps the one they gave before
	Remote string
}

// JudgeArticle keeps whether an article helped its reader. Each reader counts once and may change their mind.
func (d *Desk) JudgeArticle(ctx context.Context, a access.Actor, in Judgement) error {
	reason := strings.TrimSpace(in.Reason)
	if utf8.RuneCountInString(reason) > article.MostReason {
		return fault.New(fault.Invalid, "a reason has at most %d letters", article.MostReason)
	}
	if err := d.limit(ctx, sayLimits(in.Remote)...); err != nil {
		return err
	}
	reader := in.Reader
	if a.Person != 0 {
		reader = "person:" + itoa(a.Person)
	}
	if reader == "" {
		return fault.New(fault.Invalid, "this browser keeps no cookies, so it could count more than once; tell us by writing to us")
	}
	return d.inHelp(ctx, a, in.Brand, func(h helped) error {
		r, err := h.tx.ArticleAt(h.reader, h.brand.ID, in.Slug)
		if err != nil {
			return err
		}
		return h.tx.SaveVote(store.Vote{Article: r.ID, Reader: reader, Helped: in.Helped, Reason: reason, At: h.now})
	})
}

// MissHelp counts a search that found nothing its reader may read, for whoever writes. A search that does find something counts for
// nothing, whoever says otherwise.
func (d *Desk) MissHelp(ctx context.Context, a access.Actor, brand int64, text, remote string) error {
	if err := d.limit(ctx, sayLimits(remote)...); err != nil {
		return err
	}
	return d.inHelp(ctx, a, brand, func(h helped) error {
		found, err := h.tx.FindArticles(h.reader, h.brand.ID, text, "", 1)
		if err != nil || len(found.Items) > 0 && !found.Some {
			return err
		}
		return h.tx.CountMiss(h.brand.ID, text, false, h.now)
	})
}
