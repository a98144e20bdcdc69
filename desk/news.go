package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/issue"
	"hark/store"
)

// What's New: what a brand tells its customers about its product (seed 004, 4.16; seed 000, 0.1 and 0.26). An entry is a draft until
// somebody publishes it; what is published can be corrected and taken back, and what it said before is kept.

// NewsKinds are what an entry can tell of, in the order in which people read them.
var NewsKinds = []string{"new", "changed", "fixed"}

// NewsPath is where a brand's entries stand, and [NewsEntryPath] where one of them stands for ever.
const NewsPath = "/whats-new"

// NewsEndPath is where the links begin that end the letters.
const NewsEndPath = NewsPath + "/end/"

// NewsEntryPath is the permanent address of an entry, below its brand's.
func NewsEntryPath(id int64) string { return NewsPath + "/" + itoa(id) }

// News returns one page of the entries of a brand that the actor may read, the newest first: everybody reads what is published, and
// whoever works here drafts too.
func (d *Desk) News(ctx context.Context, a access.Actor, f store.NewsFilter) (page store.Page[store.NewsEntry], err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.NewsEntries(a, f)
		return err
	})
	return page, err
}

// PublicNews is News as everybody reads it, whoever asks.
func (d *Desk) PublicNews(ctx context.Context, f store.NewsFilter) (store.Page[store.NewsEntry], error) {
	return d.News(ctx, access.Actor{}, f)
}

// NewsStands is a number that becomes another one whenever what a brand has published does.
func (d *Desk) NewsStands(ctx context.Context, brand int64) (last int64, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		last, err = tx.NewsStands(brand)
		return err
	})
	return last, err
}

// NewsEntry returns one published entry of a brand; [fault.NotFound] for a draft, for what was taken back, and for another brand's.
func (d *Desk) NewsEntry(ctx context.Context, brand, id int64) (e store.NewsEntry, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if e, err = tx.NewsEntry(access.Actor{}, id); err == nil && e.Brand != brand {
			err = fault.New(fault.NotFound, "there is no such entry")
		}
		return err
	})
	return e, err
}

// Shown is what of news and roadmap customers of a brand can look at by now. What is empty is nowhere.
type Shown struct {
	News    bool
	Roadmap bool
	Banner  store.NewsEntry // zero for none
}

// Shown reports what customers of a brand can look at, and what stands above their pages today.
func (d *Desk) Shown(ctx context.Context, brand int64) (shown Shown, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if shown.Roadmap, err = tx.HasCards(brand); err != nil {
			return err
		}
		if shown.News, err = tx.HasNews(brand); err != nil || !shown.News {
			return err
		}
		today, err := d.today(tx, brand, now)
		if err != nil {
			return err
		}
		shown.Banner, _, err = tx.NewsBanner(brand, today)
		return err
	})
	return shown, err
}

// today is the date on the calendar of a brand's policy.
func (d *Desk) today(tx *store.Tx, brand int64, now time.Time) (calendar.Date, error) {
	zone, err := d.brandZone(tx, brand, now)
	return calendar.DateOf(now, zone), err
}

// brandZone is the zone of a brand's policy, UTC before it has one.
func (d *Desk) brandZone(tx *store.Tx, brand int64, now time.Time) (*time.Location, error) {
	p, err := d.runningOf(tx, brand, now)
	if err != nil || p == nil {
		return time.UTC, err
	}
	return p.Zone, nil
}

// NewsDesk is an entry as whoever writes it sees it.
type NewsDesk struct {
	Entry    store.NewsEntry
	Brand    account.Brand
	Today    calendar.Date
	Products []string      // named before
	Told     []issue.Issue // the known problems whose fix it tells of
	Fixes    []issue.Issue // those of the brand that were fixed last
	Changes  []store.NewsChange
	Last     int64 // the newest change: what is saved is saved against it
	Readers  int64 // who gets the letter of the brand
	Leaves   time.Time
}

// NewsDesk reads an entry for whoever writes news; with 0, a new one of a brand. What it is to be about is among the fixes, however long
// ago it was fixed.
func (d *Desk) NewsDesk(ctx context.Context, a access.Actor, id, brand int64, about ...int64) (n NewsDesk, err error) {
	if err := may(a, access.PublishNews); err != nil {
		return n, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if n, err = d.newsDesk(tx, a, id, brand, now); err == nil {
			err = n.offer(tx, about)
		}
		return err
	})
	return n, err
}

func (d *Desk) newsDesk(tx *store.Tx, a access.Actor, id, brand int64, now time.Time) (n NewsDesk, err error) {
	if id != 0 {
		if n.Entry, err = tx.NewsEntry(a, id); err != nil {
			return n, err
		}
		brand = n.Entry.Brand
	}
	if brand, err = d.brandOr(tx, brand); err != nil {
		return n, err
	}
	for _, read := range []func() error{
		func() error { n.Brand, err = tx.Brand(brand); return err },
		func() error { n.Today, err = d.today(tx, brand, now); return err },
		func() error { n.Products, err = tx.NewsProducts(brand); return err },
		func() error { n.Told, err = tx.ToldOf(id); return err },
		func() error { n.Fixes, err = tx.Fixes(brand, mostFixes); return err },
		func() error { n.Readers, err = tx.CountNewsReaders(brand); return err },
		func() error { n.Changes, err = tx.NewsChanges(id); return err },
		func() error { n.Leaves, err = d.letterLeaves(tx, n.Entry, brand, now); return err },
	} {
		if err := read(); err != nil {
			return n, err
		}
	}
	n.Last = newestChange(n.Changes)
	return n, nil
}

// offer adds known problems of the brand to the fixes that it can tell of.
func (n *NewsDesk) offer(tx *store.Tx, about []int64) error {
	for _, id := range about {
		i, err := tx.Issue(access.Clock, id)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		if i.IsFixed() && i.Brand == n.Brand.ID && !slices.ContainsFunc(n.Fixes, func(f issue.Issue) bool { return f.ID == id }) {
			n.Fixes = append(n.Fixes, i)
		}
	}
	return nil
}

// mostFixes is how many fixes are offered to tell of.
const mostFixes = 12

func newestChange(changes []store.NewsChange) int64 {
	if len(changes) == 0 {
		return 0
	}
	return changes[0].ID
}

// wasEntry is what an entry said before it was changed, as it is kept.
type wasEntry struct {
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	Product string `json:"product,omitempty"`
	Version string `json:"version,omitempty"`
	Body    string `json:"text"`
	Day     string `json:"day"`
	Banner  string `json:"banner,omitempty"`
	From    string `json:"from,omitempty"`
	Until   string `json:"until,omitempty"`
}

func entryWas(e store.NewsEntry) string {
	was := wasEntry{Kind: e.Kind, Title: e.Title, Product: e.Product, Version: e.Version, Body: e.Body, Day: e.Day.String(), Banner: e.Banner}
	if e.Banner != "" {
		was.From, was.Until = e.From.String(), e.Until.String()
	}
	text, err := json.Marshal(was)
	if err != nil {
		panic(err) // strings are always JSON
	}
	return string(text)
}

// WhatItSaid is the title and the text of an entry before a change, "" when the change tells of none.
func WhatItSaid(c store.NewsChange) (title, body string) {
	var was wasEntry
	if json.Unmarshal([]byte(c.Was), &was) != nil {
		return "", ""
	}
	return was.Title, was.Body
}

// Misfilled is a form that cannot be taken because of one of its fields.
type Misfilled struct {
	Field string
	error
}

// Unwrap is the refusal itself, of kind fault.Invalid.
func (e *Misfilled) Unwrap() error { return e.error }

// MisfilledField is the field because of which a form cannot be taken; "" when it is none of them.
func MisfilledField(err error) string {
	var wrong *Misfilled
	if errors.As(err, &wrong) {
		return wrong.Field
	}
	return ""
}

func misfilled(field, format string, args ...any) error {
	return &Misfilled{field, fault.New(fault.Invalid, format, args...)}
}

// knownKind reports whether an entry can be of a kind.
func knownKind(kind string) bool { return slices.Contains(NewsKinds, kind) }
