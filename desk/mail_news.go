package desk

import (
	"context"
	"strings"
	"time"

	"hark/account"
	"hark/store"
)

// newsTemplate is the template of the letters with what is new.
const newsTemplate = "news"

// mailNews makes the letters whose hour has come and mails them to whoever asked for them, a few at once. How far a letter has come is
// stored with its mails, and each mail's key names the letter and the person: whoever is stopped in the middle goes on from there, and
// nobody gets it twice.
func (d *Desk) mailNews(ctx context.Context) (mailed int, err error) {
	letters, err := d.beginNews(ctx)
	if err != nil {
		return 0, err
	}
	var waiting []int64
	for _, l := range letters {
		waiting = append(waiting, l.ID)
	}
	return mailOut(ctx, waiting, d.MailSomeNews)
}

// beginNews are the letters that are to be mailed. Nothing is written when none is due.
func (d *Desk) beginNews(ctx context.Context) (letters []store.NewsLetter, err error) {
	now := d.now()
	var due time.Time
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if due, err = tx.NextNews(); err == nil {
			letters, err = tx.NewsMailing()
		}
		return err
	})
	if err != nil || due.IsZero() || due.After(now) {
		return letters, err
	}
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		if err := tx.Alone("news"); err != nil {
			return err
		}
		if err := tx.BeginNewsLetters(now); err != nil {
			return err
		}
		letters, err = tx.NewsMailing()
		return err
	})
	return letters, err
}

// MailSomeNews plans the next few mails of a letter, and reports whether there may be more. While the desk has no mailbox to write
// from, they wait.
func (d *Desk) MailSomeNews(ctx context.Context, letter int64) (mailed int, more bool, err error) {
	return d.mailSome(ctx, func(tx *store.Tx, now time.Time) (int, bool, error) { return d.mailSomeNews(ctx, tx, letter, now) })
}

func (d *Desk) mailSomeNews(ctx context.Context, tx *store.Tx, letter int64, now time.Time) (mailed int, more bool, err error) {
	if err := tx.Alone("news/" + itoa(letter)); err != nil {
		return 0, false, err
	}
	l, err := tx.NewsLetter(letter) // another node may have gone on meanwhile
	if err != nil || !l.Mails {
		return 0, false, err
	}
	entries, err := tx.NewsInLetter(letter)
	if err != nil {
		return 0, false, err
	}
	var people []int64
	if len(entries) > 0 { // all of it may have been taken back
		people, err = tx.NewsReaders(l.Brand, l.Reached, tellAtOnce)
	}
	if err != nil {
		return 0, false, err
	}
	mailed, err = d.mailEach(ctx, tx, people, func(id int64) (bool, error) { return d.mailNewsTo(tx, l, entries, id, now) })
	if err != nil {
		return 0, false, err
	}
	l.Mailed, l.Reached, l.Mails = l.Mailed+int64(mailed), lastOr(people, l.Reached), len(people) > 0
	return mailed, l.Mails, tx.NewsMailed(l)
}

// mailNewsTo plans one copy, through the gate that every automatic mail passes.
func (d *Desk) mailNewsTo(tx *store.Tx, l store.NewsLetter, entries []store.NewsEntry, person int64, now time.Time) (sent bool, err error) {
	to, err := tx.Person(person)
	if err != nil {
		return false, err
	}
	brand, err := tx.Brand(l.Brand)
	if err != nil {
		return false, err
	}
	home := d.BrandURL(brand)
	end := home + NewsEndPath + d.newsToken(l.Brand, person, now)
	ways, err := d.waysOn(tx, l.Brand, person, home, end, now)
	if err != nil {
		return false, err
	}
	n := notice{key: newsTemplate + "/" + itoa(l.ID) + "/" + itoa(person), template: newsTemplate, subject: newsSubject(brand, entries), text: newsText(home, entries) + ways}
	if strings.HasPrefix(end, "https://") {
		n.end = end
	}
	return d.mailToMany(tx, to, l.Brand, n, now)
}

func newsSubject(brand account.Brand, entries []store.NewsEntry) string {
	if len(entries) == 1 {
		return brand.Name + ": " + entries[0].Title
	}
	return brand.Name + ": " + itoa(int64(len(entries))) + " things are new"
}

// newsText is the letter: each entry with its words, as they were written, and where it stands.
func newsText(home string, entries []store.NewsEntry) string {
	var b letterText
	for i, e := range entries {
		if i > 0 {
			b.line()
		}
		b.line(NewsSays(e), ": ", e.Title)
		if e.Body != "" {
			b.line("\n", e.Body)
		}
		b.line("\n", home, NewsEntryPath(e.ID))
	}
	return b.String()
}

// waysOn is what stands under the letter: the reader's own way to the roadmap, and the way to end all this.
func (d *Desk) waysOn(tx *store.Tx, brand, person int64, home, end string, now time.Time) (string, error) {
	var b letterText
	b.line("\n--")
	has, err := tx.HasCards(brand)
	if has {
		b.line("What may come next, and what you would like:\n", home, d.RoadmapLinkPath(brand, person, now), "\n")
	}
	b.line("You get this because you asked for it, once a week at most. This ends it:\n", end)
	return b.String(), err
}

// NewsSays is what an entry is about in a few words: "New in Ledger 2026.12", "Fixed".
func NewsSays(e store.NewsEntry) string {
	says := map[string]string{"new": "New", "changed": "Changed", "fixed": "Fixed"}[e.Kind]
	if about := strings.TrimSpace(e.Product + " " + e.Version); about != "" {
		says += " in " + about
	}
	return says
}
