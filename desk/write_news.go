package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/calendar"
	"hark/fault"
	"hark/store"
)

// WriteNews is an entry of What's New as somebody writes it.
type WriteNews struct {
	Entry   int64  // 0 for a new one, which is a draft
	Brand   int64  // of a new one; 0 for the first
	Kind    string // new, changed, fixed
	Title   string
	Product string
	Version string
	Body    string        // Markdown
	Day     calendar.Date // zero for today
	Card    int64         // what of the roadmap is done with it, 0 for nothing
	Issues  []int64       // the known problems whose fix it tells of; each must have been confirmed
	Banner  string        // said above customers' pages, "" for nothing
	From    calendar.Date // the banner's first day, today when zero
	Until   calendar.Date // and its last
	Base    int64         // the newest change that the form showed
	Key     string
}

// WriteNews keeps a draft, or corrects what is published: it is told anew to whoever looks, and to nobody by mail. What it said before
// is kept. An entry that somebody else has changed meanwhile is [fault.Conflict]; a field that cannot be taken is a [Misfilled].
func (d *Desk) WriteNews(ctx context.Context, a access.Actor, in WriteNews) (id int64, err error) {
	if err := may(a, access.PublishNews); err != nil {
		return 0, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		id, err = onceNumbered(tx, a, "write-news", in.Key, now, func() (int64, error) { return d.writeNews(tx, a, in, now) })
		return err
	})
	return id, err
}

func (d *Desk) writeNews(tx *store.Tx, a access.Actor, in WriteNews, now time.Time) (int64, error) {
	e, err := d.entryToWrite(tx, a, in, now)
	if err != nil {
		return 0, err
	}
	today, err := d.today(tx, e.Brand, now)
	if err != nil {
		return 0, err
	}
	was, before := entryWas(e), e
	if err := filledIn(&e, in, today); err != nil {
		return 0, err
	}
	if err := closable(tx, e, before); err != nil {
		return 0, err
	}
	fixes, err := fixesToTell(tx, e, in.Issues)
	if err != nil || e == before && !fixes.differ() {
		return e.ID, err
	}
	e.Changed = now
	if err := tx.SaveNewsEntry(&e); err != nil {
		return 0, err
	}
	if err := d.tellFixes(tx, a, e, fixes, now); err != nil {
		return 0, err
	}
	what := newsDid[before.State]
	if in.Entry == 0 {
		what, was = "wrote the draft", ""
	}
	return e.ID, tx.AddNewsChange(store.NewsChange{Entry: e.ID, Author: a.Person, What: what, Was: was, At: now})
}

// newsDid is what somebody did who changed an entry in that state.
var newsDid = map[store.NewsState]string{store.NewsDraft: "changed the draft", store.NewsPublished: "corrected it", store.NewsWithdrawn: "changed it, while it was taken back"}

// entryToWrite is the entry that is changed, or the beginning of a new one.
func (d *Desk) entryToWrite(tx *store.Tx, a access.Actor, in WriteNews, now time.Time) (e store.NewsEntry, err error) {
	if in.Entry != 0 {
		return entryAsShown(tx, a, in.Entry, in.Base)
	}
	e = store.NewsEntry{UID: newUID(), State: store.NewsDraft, Created: now}
	if e.Brand, err = d.brandOr(tx, in.Brand); err != nil {
		return e, err
	}
	_, err = tx.Brand(e.Brand)
	return e, err
}

// entryAsShown is an entry that nobody has changed since somebody saw it.
func entryAsShown(tx *store.Tx, a access.Actor, id, base int64) (store.NewsEntry, error) {
	e, err := tx.NewsEntryForUpdate(a, id)
	if err != nil {
		return e, err
	}
	changes, err := tx.NewsChanges(id)
	if err == nil && newestChange(changes) != base {
		err = fault.New(fault.Conflict, "%s has changed this entry meanwhile; look at it again, your words are kept below", cmp.Or(changes[0].Name, "somebody"))
	}
	return e, err
}

// newUID names an entry in feeds for ever (RFC 9562, version 4).
func newUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// The longest that fit where they are read.
const (
	mostNewsTitle  = 160
	mostNewsName   = 80
	mostNewsBanner = 200
	mostNewsBody   = 64 << 10
)

// filledIn takes over what was written, or says what of it cannot be taken.
func filledIn(e *store.NewsEntry, in WriteNews, today calendar.Date) error {
	e.Kind, e.Title, e.Product, e.Version = in.Kind, oneLine(in.Title), oneLine(in.Product), oneLine(in.Version)
	e.Body, e.Card, e.Banner = strings.TrimSpace(strings.ReplaceAll(in.Body, "\r\n", "\n")), in.Card, oneLine(in.Banner)
	if e.Day = in.Day; e.Day.IsZero() {
		e.Day = today
	}
	switch {
	case !knownKind(e.Kind):
		return misfilled("kind", "say whether it is new, changed or fixed")
	case e.Title == "":
		return misfilled("title", "give it a title; it is what people read first")
	case utf8.RuneCountInString(e.Title) > mostNewsTitle:
		return misfilled("title", "a title has at most %d letters", mostNewsTitle)
	case utf8.RuneCountInString(e.Product) > mostNewsName:
		return misfilled("product", "the name of a product has at most %d letters", mostNewsName)
	case utf8.RuneCountInString(e.Version) > mostNewsName:
		return misfilled("version", "a version has at most %d letters", mostNewsName)
	case len(e.Body) > mostNewsBody:
		return misfilled("body", "the text has more than %d kB; say the rest on a page of its own", mostNewsBody>>10)
	}
	return withBanner(e, in, today)
}

func withBanner(e *store.NewsEntry, in WriteNews, today calendar.Date) error {
	e.From, e.Until = in.From, in.Until
	switch {
	case e.Banner == "":
		e.From, e.Until = calendar.Date{}, calendar.Date{}
		return nil
	case utf8.RuneCountInString(e.Banner) > mostNewsBanner:
		return misfilled("banner", "a banner has at most %d letters; the entry says the rest", mostNewsBanner)
	case e.Until.IsZero():
		return misfilled("until", "say until which day the banner stands")
	}
	if e.From.IsZero() {
		e.From = today
	}
	if e.Until.Before(e.From) {
		return misfilled("until", "the banner ends before it begins; choose a later day")
	}
	return nil
}

// oneLine is a text without line ends and the like, trimmed.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
