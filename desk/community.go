package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/community"
	"hark/fault"
	"hark/store"
)

// The community of a brand: what its customers ask and tell each other (seed 003, 3.17). It is there while the brand has it switched on,
// and otherwise nowhere: every page of it then answers as a page that does not exist.

// CommunityPath is where the community of a brand stands, and [PostPath] where one of its posts does for ever.
const CommunityPath = "/community"

// PostPath is the permanent address of a post, below its brand's.
func PostPath(p community.Post) string {
	if p.First() {
		return CommunityPath + "/" + itoa(p.ID)
	}
	return CommunityPath + "/" + itoa(p.Thread) + "#post-" + itoa(p.ID)
}

// together is the community of one brand as one actor finds it.
type together struct {
	desk  *Desk
	tx    *store.Tx
	actor access.Actor
	brand account.Brand
	now   time.Time
}

// together begins to read the community of a brand; [fault.NotFound] where it is switched off.
func (d *Desk) together(tx *store.Tx, a access.Actor, brand int64, now time.Time) (c together, err error) {
	c = together{desk: d, tx: tx, actor: a, now: now}
	if brand, err = d.brandOr(tx, brand); err != nil {
		return c, noHelp()
	}
	if c.brand, err = tx.Brand(brand); err == nil && !c.brand.Community {
		err = noHelp()
	}
	return c, err
}

func (d *Desk) readCommunity(ctx context.Context, a access.Actor, brand int64, read func(together) error) error {
	now := d.now()
	return d.db.Read(ctx, func(tx *store.Tx) error {
		c, err := d.together(tx, a, brand, now)
		if err == nil {
			err = read(c)
		}
		return err
	})
}

func (d *Desk) inCommunity(ctx context.Context, a access.Actor, brand int64, change func(together) error) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := d.together(tx, a, brand, now)
		if err == nil {
			err = change(c)
		}
		return err
	})
}

// OpenCommunity switches the community of a brand on or off. What was written stays, and is there again when it is switched on again.
func (d *Desk) OpenCommunity(ctx context.Context, a access.Actor, brand int64, on bool) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	defer d.doors.forget()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		b, err := tx.Brand(brand)
		if err != nil || b.Community == on {
			return err
		}
		b.Community = on
		return tx.SaveBrand(&b)
	})
}

// Threads is one page of what customers of a brand ask and tell each other, the newest first: all, or what stands as the filter says.
func (d *Desk) Threads(ctx context.Context, a access.Actor, f store.ThreadFilter) (page store.Page[community.Post], err error) {
	err = d.readCommunity(ctx, a, f.Brand, func(c together) error {
		f.Brand = c.brand.ID
		page, err = c.tx.Threads(f)
		return err
	})
	return page, err
}

// FindThreads searches a brand's community; a few wrong letters are forgiven.
func (d *Desk) FindThreads(ctx context.Context, a access.Actor, brand int64, text, after string) (found store.FoundThreads, err error) {
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		found, err = c.tx.FindThreads(c.brand.ID, text, false, after, 0)
		return err
	})
	return found, err
}

// threadsBeside is how many threads stand below articles that were found.
const threadsBeside = 4

// ThreadsBeside are the few threads of a brand's community that stand below what a search found elsewhere; none where there is no
// community. With answered they are questions with an answer that helped.
func (d *Desk) ThreadsBeside(ctx context.Context, a access.Actor, brand int64, text string, answered bool) (found store.FoundThreads, err error) {
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		found, err = c.tx.FindThreads(c.brand.ID, text, answered, "", threadsBeside)
		return err
	})
	if isNotFound(err) {
		err = nil
	}
	return found, err
}

// Said is a post as its reader has it.
type Said struct {
	community.Post
	Text        article.Text
	Mine        bool // the reader wrote it
	Correctable bool // and can still correct it
	Removable   bool // or take it back
	Reports     []store.PostReport
}

// Thread is a thread as one reader has it.
type Thread struct {
	Said
	Accepted   *Said // the answer that helped, nil for none
	Answers    []Said
	Next       string // continues the answers, "" when these are all
	MayAnswer  bool
	MayAccept  bool
	Wanted     bool        // the reader wants the idea
	Joined     *store.Card // of the roadmap, nil for none
	Where      string      // the column it stands in there
	LastName   string      // by which the reader was known last
	FirstWaits bool        // what the reader writes waits for somebody here

	// For whoever looks posts through:
	Brand   account.Brand
	Choices []store.Card // that an idea can be joined to
	Writes  bool         // there is help to write an article for
}

// ReadThread is a thread of a brand for whoever may know of it; else [fault.NotFound].
func (d *Desk) ReadThread(ctx context.Context, a access.Actor, brand, id int64, after string) (t Thread, err error) {
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		p, err := c.tx.Post(a, c.brand.ID, id)
		if err == nil && !p.First() {
			err = noHelp()
		}
		if err == nil {
			t, err = c.thread(p, after)
		}
		return err
	})
	return t, err
}

func (c together) thread(p community.Post, after string) (t Thread, err error) {
	t.Brand = c.brand
	page, err := c.tx.Answers(c.actor, p.ID, after, 0)
	if err != nil {
		return t, err
	}
	t.Next = page.Next
	reports, err := c.reports(append([]community.Post{p}, page.Items...))
	if err != nil {
		return t, err
	}
	t.Said = c.said(p, reports)
	for _, one := range page.Items {
		if one.ID != p.Accepted {
			t.Answers = append(t.Answers, c.said(one, reports))
		}
	}
	t.MayAnswer = access.May(c.actor, access.TakePart) && !p.Locked && p.State == community.Shown
	t.MayAccept = p.Kind == community.Question && (t.Mine || access.May(c.actor, access.Moderate))
	for _, read := range []func() error{
		func() error { return c.accepted(&t, after, reports) },
		func() error { return c.joined(&t) },
		func() error { return c.reader(&t) },
		func() error { return c.deskOf(&t) },
	} {
		if err := read(); err != nil {
			return t, err
		}
	}
	return t, nil
}

// said is a post with what its reader may do with it.
func (c together) said(p community.Post, reports []store.PostReport) Said {
	s := Said{Post: p, Text: article.OfReaders(p.Body), Mine: c.actor.Person != 0 && p.Author == c.actor.Person}
	s.Correctable = s.Mine && p.Correctable(c.now)
	s.Removable = s.Mine && (p.State == community.Shown || p.State == community.Waiting) && p.Answers == 0
	for _, r := range reports {
		if r.Post == p.ID {
			s.Reports = append(s.Reports, r)
		}
	}
	return s
}

// reports are what was reported of some posts, for whoever looks them through.
func (c together) reports(posts []community.Post) ([]store.PostReport, error) {
	if !access.May(c.actor, access.Moderate) {
		return nil, nil
	}
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	return c.tx.OpenReports(ids...)
}

// accepted adds the answer that helped. It stands first, so only the first page has it. Once it was taken off, its thread is for whoever
// may not read it as if none had helped.
func (c together) accepted(t *Thread, after string, reports []store.PostReport) error {
	if t.Post.Accepted == 0 || after != "" {
		return nil
	}
	p, err := c.tx.Post(c.actor, c.brand.ID, t.Post.Accepted)
	if isNotFound(err) {
		t.Post.Accepted = 0
		return nil
	}
	if err == nil {
		s := c.said(p, reports)
		t.Accepted = &s
	}
	return err
}

// joined adds the card of the roadmap that an idea stands behind.
func (c together) joined(t *Thread) error {
	if t.Card == 0 {
		return nil
	}
	card, err := c.tx.Card(t.Card)
	if err != nil {
		return err
	}
	p, err := c.desk.runningOf(c.tx, c.brand.ID, c.now)
	t.Joined, t.Where = &card, CardStateSays(p, card.State)
	return err
}

// reader adds what is known of whoever reads.
func (c together) reader(t *Thread) (err error) {
	if c.actor.Person == 0 || c.actor.Ticket != 0 {
		return nil
	}
	if t.Wanted, err = c.tx.Wanted(t.ID, c.actor.Person); err != nil {
		return err
	}
	t.LastName, t.FirstWaits, err = c.writer()
	return err
}

// writer is by which name the actor is known, and whether what they write waits.
func (c together) writer() (name string, waits bool, err error) {
	if name, err = c.tx.NameIn(c.brand.ID, c.actor.Person); err != nil {
		return "", false, err
	}
	if name == "" {
		who, err := c.tx.Person(c.actor.Person)
		if err != nil {
			return "", false, err
		}
		name = readerName(who.Name)
	}
	if access.May(c.actor, access.Moderate) {
		return name, false, nil
	}
	past, err := c.tx.PastOf(c.brand.ID, c.actor.Person, 0)
	return name, community.Waits(past, "", ""), err
}

// deskOf adds what somebody who looks posts through can make of a thread.
func (c together) deskOf(t *Thread) (err error) {
	if !access.May(c.actor, access.Moderate) {
		return nil
	}
	p, err := c.desk.runningOf(c.tx, c.brand.ID, c.now)
	if err != nil {
		return err
	}
	t.Writes = hasHelp(p)
	if t.Kind == community.Idea {
		t.Choices, err = openCards(c.tx, c.brand.ID)
	}
	return err
}

// Writer is by which name the actor is known in a brand's community, and whether what they write there waits until somebody has read it.
func (d *Desk) Writer(ctx context.Context, a access.Actor, brand int64) (name string, waits bool, err error) {
	if err := may(a, access.TakePart); err != nil {
		return "", false, err
	}
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		name, waits, err = c.writer()
		return err
	})
	return name, waits, err
}

// PostPile is one page of a pile of posts for whoever looks them through. An answer has the title of its thread.
func (d *Desk) PostPile(ctx context.Context, a access.Actor, brand int64, pile, after string) (said []Said, next string, err error) {
	if err := may(a, access.Moderate); err != nil {
		return nil, "", err
	}
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		page, err := c.tx.PostPile(c.brand.ID, pile, after)
		if err != nil {
			return err
		}
		reports, err := c.reports(page.Items)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			s := c.said(p, reports)
			if s.Title, err = c.threadTitle(p); err != nil {
				return err
			}
			said = append(said, s)
		}
		next = page.Next
		return nil
	})
	return said, next, err
}

// PostsToLookAt is how many posts of a brand wait for somebody who looks them through; 0 where there is no community.
func (d *Desk) PostsToLookAt(ctx context.Context, a access.Actor, brand int64) (n store.Count, err error) {
	if err := may(a, access.Moderate); err != nil {
		return 0, err
	}
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		n, err = c.tx.PostsToLookAt(c.brand.ID)
		return err
	})
	if isNotFound(err) {
		err = nil
	}
	return n, err
}

// threadTitle is what a post is called: its title, or that of its thread.
func (c together) threadTitle(p community.Post) (string, error) {
	if p.First() {
		return p.Title, nil
	}
	first, err := c.tx.Post(access.Clock, c.brand.ID, p.Thread)
	if isNotFound(err) { // its author has taken the thread back
		return "", nil
	}
	return first.Title, err
}

// one is a post that the actor may know of, about to be changed.
func (c together) one(id int64) (community.Post, error) {
	return c.tx.PostForUpdate(c.actor, c.brand.ID, id)
}

// own is a post that the actor wrote. Somebody else's is absent for them, as far as changing it goes.
func (c together) own(id int64) (community.Post, error) {
	p, err := c.one(id)
	if err == nil && (p.Author != c.actor.Person || c.actor.Person == 0) {
		err = fault.New(fault.NotFound, "there is no such post of yours")
	}
	return p, err
}

// BrandOfPost is whose community a post stands in, for whoever looks posts through.
func (d *Desk) BrandOfPost(ctx context.Context, a access.Actor, id int64) (brand account.Brand, err error) {
	if err := may(a, access.Moderate); err != nil {
		return brand, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		of, err := tx.BrandOfPost(id)
		if err == nil {
			brand, err = tx.Brand(of)
		}
		return err
	})
	return brand, err
}

// ThreadOf is the thread that a post stands in, for whoever may know of it.
func (d *Desk) ThreadOf(ctx context.Context, a access.Actor, brand, id int64) (thread int64, err error) {
	err = d.readCommunity(ctx, a, brand, func(c together) error {
		p, err := c.tx.Post(a, c.brand.ID, id)
		thread = p.Thread
		return err
	})
	return thread, err
}

// Communities are the brands whose customers ask each other. Every page of the desk asks.
func (d *Desk) Communities(ctx context.Context) (ids []int64, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		for _, b := range brands {
			if b.Community {
				ids = append(ids, b.ID)
			}
		}
		return err
	})
	return ids, err
}
