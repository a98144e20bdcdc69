package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Writing the help. What an author saves is a draft that no reader sees; publishing makes it what is read, and keeps it as a version.
// A draft is the team's: whoever opens an article goes on with what is there. A page that was drawn from an older text changes nothing
// and is answered with both, as the policy's editor does.

// ArticleEdit is an article as its authors see it.
type ArticleEdit struct {
	article.Article
	Writing  article.Content // what is being written; what is read while nothing else is
	Differs  bool            // readers do not have all of it yet
	By       string          // who wrote last
	Saved    time.Time       // and when; zero while nobody has
	Mark     string          // tells this text from another
	Text     article.Text    // as readers would have it
	Findings []article.Finding
	Sections []article.Section
	Staff    []account.Person
	Plans    []policy.Plan  // that an article can be for
	Waiting  []article.Said // comments that wait for somebody here
	Said     []article.Said
	Reasons  []store.Vote
	Pictures []article.Picture // the newest first
	Brand    account.Brand
}

// markOf tells one text from another, so that a page can say which of them it shows.
func markOf(c article.Content) string {
	said, _ := json.Marshal(c) // texts, numbers and days can always be written
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:12])
}

// authors reads or changes the help of a brand for whoever may write it.
func (d *Desk) authors(tx *store.Tx, a access.Actor, brand int64, now time.Time) (h helped, err error) {
	if err := mayWriteArticles(a); err != nil {
		return h, err
	}
	return d.help(tx, a, brand, now)
}

// mayWriteArticles refuses whoever may not, and the desk itself: an article has an author.
func mayWriteArticles(a access.Actor) error {
	if err := may(a, access.WriteArticles); err != nil {
		return err
	}
	if a.Person == 0 {
		return fault.New(fault.Forbidden, "this needs a person who is signed in")
	}
	return nil
}

// ofArticle is the help that an article belongs to.
func (d *Desk) ofArticle(tx *store.Tx, a access.Actor, id int64, now time.Time) (h helped, art article.Article, err error) {
	if err := mayWriteArticles(a); err != nil {
		return h, art, err
	}
	if art, err = tx.Article(id); err != nil {
		return h, art, err
	}
	h, err = d.help(tx, a, art.Brand, now)
	return h, art, err
}

// Articles is one page of a pile of a brand's articles for whoever writes them.
func (d *Desk) Articles(ctx context.Context, a access.Actor, brand int64, pile, after string) (page store.Page[store.Authored], misses []store.Miss, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, brand, now)
		if err != nil {
			return err
		}
		if misses, err = tx.Misses(h.brand.ID, missesShown); err != nil {
			return err
		}
		page, err = tx.Articles(h.reader, h.brand.ID, pile, after, 0)
		return err
	})
	return page, misses, err
}

// How much of what readers say an author is shown.
const (
	missesShown  = 10
	reasonsShown = 10
	historyShown = 30
)

// NewArticle begins an article of a brand and returns its number. Its title may be empty.
func (d *Desk) NewArticle(ctx context.Context, a access.Actor, brand int64, title string) (id int64, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, brand, now)
		if err != nil {
			return err
		}
		sections, err := tx.HelpSections(h.brand.ID)
		if err != nil {
			return err
		}
		c := article.Content{Title: title, Audience: article.ForAll, Owner: a.Person}
		if len(sections) > 0 {
			c.Section = sections[0].ID
		}
		id, err = h.begin(a, c)
		return err
	})
	return id, err
}

// begin stores an article that nobody reads yet.
func (h helped) begin(a access.Actor, c article.Content) (int64, error) {
	art := article.Article{Brand: h.brand.ID, State: article.Draft, Content: c}
	if err := h.tx.SaveArticle(&art); err != nil {
		return 0, err
	}
	return art.ID, h.keep(a, art, c)
}

// keep stores what is being written.
func (h helped) keep(a access.Actor, art article.Article, c article.Content) error {
	if art.State == article.Draft { // nobody reads it, so the draft is what holds; only its address waits for readers
		art.Content, art.Slug = c, ""
		if err := h.tx.SaveArticle(&art); err != nil {
			return err
		}
	}
	said, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return h.tx.SaveArticleDraft(art.ID, store.WrittenDraft{Text: string(said), By: a.Person, At: h.now})
}

// writing is what is being written on an article, and who wrote last.
func (h helped) writing(art article.Article) (c article.Content, d store.WrittenDraft, err error) {
	if d, err = h.tx.ArticleDraft(art.ID); err != nil || d.Text == "" {
		return art.Content, d, err
	}
	err = json.Unmarshal([]byte(d.Text), &c)
	return c, d, err
}

// EditArticle reads an article for whoever writes it.
func (d *Desk) EditArticle(ctx context.Context, a access.Actor, id int64) (e ArticleEdit, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		h, art, err := d.ofArticle(tx, a, id, now)
		if err == nil {
			e, err = h.edit(art)
		}
		return err
	})
	return e, err
}

func (h helped) edit(art article.Article) (e ArticleEdit, err error) {
	written, draft, err := h.writing(art)
	if err != nil {
		return e, err
	}
	e = ArticleEdit{Article: art, Brand: h.brand, Writing: written, By: draft.Name, Saved: draft.At, Mark: markOf(written), Findings: h.findings(written)}
	e.Text = h.text(written)
	e.Differs = art.State == article.Published && draft.Text != ""
	e.Plans = h.policy.Doc.Plans
	for _, read := range []func() error{
		func() (err error) { e.Sections, err = h.tx.HelpSections(h.brand.ID); return err },
		func() (err error) { e.Staff, err = h.tx.Staff(); return err },
		func() (err error) { e.Waiting, err = h.tx.SaidWaiting(art.ID, saidShown); return err },
		func() (err error) { e.Said, err = h.tx.SaidOf(art.ID, saidShown); return err },
		func() (err error) { e.Pictures, err = h.tx.PicturesOf(art.ID); return err },
		func() (err error) { e.Reasons, err = h.tx.Reasons(art.ID, reasonsShown); return err },
	} {
		if err := read(); err != nil {
			return e, err
		}
	}
	return e, nil
}

// findings is what there is to mend, also in the rules that the text names.
func (h helped) findings(c article.Content) []article.Finding {
	all := article.Findings(c)
	_, unknown := h.policy.Quote(c.Body, policy.Live{At: h.now})
	for _, name := range unknown {
		all = append(all, article.Finding{Says: fmt.Sprintf("The policy has nothing called %s. It would be read as it stands.", name), Stops: true})
	}
	return all
}

// SaveArticle is what an author posts.
type SaveArticle struct {
	ID      int64
	Content article.Content
	Was     string // the Mark of the text it was made from
	Publish bool
}

// ArticleApart is returned instead of saving what was made from a text that is not there any more.
type ArticleApart struct{ ArticleEdit }

// Error says so.
func (*ArticleApart) Error() string {
	return "this article was changed on another page since this one was drawn"
}

// SaveArticle keeps what an author writes, and publishes it when asked. Anything may be in a draft. What is not ready to be read is
// [fault.Refused] with what to mend; the draft is kept all the same. A text made from one that is no longer there is an
// [*ArticleApart] with what is, and changes nothing.
func (d *Desk) SaveArticle(ctx context.Context, a access.Actor, in SaveArticle) (saved ArticleEdit, err error) {
	if len(in.Content.Body) > article.MostBody {
		return saved, fault.New(fault.TooLarge, "an article has at most %d kB; two shorter ones are easier to find", article.MostBody/1000)
	}
	now := d.now()
	var refused error
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		refused = nil
		h, art, err := d.written(tx, a, in.ID, in.Was, now)
		if err != nil {
			return err
		}
		if in.Content, err = h.known(tidyContent(in.Content, art)); err != nil {
			return err
		}
		if err := h.keep(a, art, in.Content); err != nil {
			return err
		}
		if in.Publish {
			if refused, err = h.publish(a, art, in.Content); err != nil {
				return err
			}
		}
		if art, err = tx.Article(in.ID); err == nil {
			saved, err = h.edit(art)
		}
		return err
	})
	return saved, cmp.Or(err, refused)
}

// written is an article whose text is still the one with this mark; else it is an [*ArticleApart].
func (d *Desk) written(tx *store.Tx, a access.Actor, id int64, was string, now time.Time) (h helped, art article.Article, err error) {
	if err := tx.Alone("article/" + itoa(id)); err != nil {
		return h, art, err
	}
	if h, art, err = d.ofArticle(tx, a, id, now); err != nil {
		return h, art, err
	}
	e, err := h.edit(art)
	if err == nil && e.Mark != was {
		err = &ArticleApart{e}
	}
	return h, art, err
}

// tidyContent is what an author typed as it is kept.
func tidyContent(c article.Content, art article.Article) article.Content {
	line := func(s string, most int) string {
		letters := []rune(strings.Join(strings.Fields(s), " "))
		return string(letters[:min(len(letters), most)])
	}
	c.Title, c.Product, c.Release = line(c.Title, article.MostTitle), line(c.Product, article.MostTitle), line(c.Release, article.MostTitle)
	c.Body = strings.ReplaceAll(c.Body, "\r\n", "\n")
	if c.Slug = strings.TrimSpace(c.Slug); c.Slug != "" {
		c.Slug = article.Slug(c.Slug)
	}
	if c.Slug == "" && art.State == article.Published {
		c.Slug = art.Slug
	}
	if !slices.Contains(article.Audiences, c.Audience) {
		c.Audience = article.ForStaff // the one for whom nothing can be told to too many
	}
	if c.Audience != article.ForPlans {
		c.Plan = ""
	}
	if !slices.Contains([]article.Comments{article.Closed, article.SignIn, article.Open}, c.Comments) {
		c.Comments = article.AsPolicy
	}
	var videos []article.Video
	for _, v := range c.Videos {
		v = article.Video{Title: line(v.Title, article.MostTitle), URL: strings.TrimSpace(v.URL), Transcript: strings.TrimSpace(v.Transcript)}
		if v != (article.Video{}) && len(videos) < article.MostVideos {
			videos = append(videos, v)
		}
	}
	c.Videos = videos
	return c
}

// known leaves out what is not there any more: a section that was taken away, an owner who has left. What is written stays.
func (h helped) known(c article.Content) (article.Content, error) {
	sections, err := h.tx.HelpSections(h.brand.ID)
	if err != nil {
		return c, err
	}
	if !slices.ContainsFunc(sections, func(s article.Section) bool { return s.ID == c.Section }) {
		c.Section = 0
	}
	staff, err := h.tx.Staff()
	if !slices.ContainsFunc(staff, func(p account.Person) bool { return p.ID == c.Owner }) {
		c.Owner = 0
	}
	return c, err
}

// publish makes a text what is read. What keeps it from that is refused: the draft stays, and its author reads why.
func (h helped) publish(a access.Actor, art article.Article, c article.Content) (refused, err error) {
	for _, f := range h.findings(c) {
		if f.Stops {
			return fault.New(fault.Refused, "not published yet: %s", f.Says), nil
		}
	}
	if c.Slug, refused, err = h.address(art, c); refused != nil || err != nil {
		return refused, err
	}
	version := store.ArticleVersion{Article: art.ID, Content: c, Author: a.Person, At: h.now}
	if err := h.tx.AddArticleVersion(&version); err != nil {
		return nil, err
	}
	art.Content, art.State, art.Published, art.Version = c, article.Published, h.now, version.ID
	if err := h.tx.SaveArticle(&art); err != nil {
		return nil, err
	}
	return nil, h.tx.SaveArticleDraft(art.ID, store.WrittenDraft{By: a.Person, At: h.now})
}

// address is where an article will stand: where its author wants it, else where its title leads.
func (h helped) address(art article.Article, c article.Content) (slug string, refused, err error) {
	wanted := cmp.Or(c.Slug, article.Slug(c.Title))
	slug, err = h.tx.FreeSlug(art.Brand, art.ID, wanted, numberedSlug)
	if err == nil && c.Slug != "" && slug != c.Slug {
		refused = fault.New(fault.Refused, "not published yet: the address %q leads to another article; choose another one", c.Slug)
	}
	return slug, refused, err
}

func numberedSlug(slug string, n int) string {
	if n == 1 {
		return slug
	}
	return fmt.Sprintf("%s-%d", slug, n)
}

// DropArticleDraft throws away what readers do not have yet, if it is still the text with this mark.
func (d *Desk) DropArticleDraft(ctx context.Context, a access.Actor, id int64, was string) error {
	return d.changeArticle(ctx, a, id, was, func(h helped, art article.Article) error {
		if art.State == article.Draft {
			return fault.New(fault.Refused, "nobody reads this article yet; there is nothing to go back to")
		}
		return h.tx.SaveArticleDraft(art.ID, store.WrittenDraft{})
	})
}

// RetireArticle takes an article away from its readers. It becomes a draft; its address leads to it again when it is published.
func (d *Desk) RetireArticle(ctx context.Context, a access.Actor, id int64, was string) error {
	return d.changeArticle(ctx, a, id, was, func(h helped, art article.Article) error {
		written, _, err := h.writing(art)
		if err != nil {
			return err
		}
		art.State, art.Version = article.Draft, 0
		return h.keep(a, art, written)
	})
}

// RestoreArticle puts a version into the draft, where it can be read, changed and published.
func (d *Desk) RestoreArticle(ctx context.Context, a access.Actor, id, version int64, was string) error {
	return d.changeArticle(ctx, a, id, was, func(h helped, art article.Article) error {
		v, err := h.tx.ArticleVersion(id, version)
		if err != nil {
			return err
		}
		c, err := h.known(v.Content)
		if err != nil {
			return err
		}
		c.Section, c.Slug = cmp.Or(c.Section, art.Section), cmp.Or(art.Slug, c.Slug) // an address that has changed since stays changed
		return h.keep(a, art, c)
	})
}

func (d *Desk) changeArticle(ctx context.Context, a access.Actor, id int64, was string, change func(helped, article.Article) error) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		h, art, err := d.written(tx, a, id, was, now)
		if err == nil {
			err = change(h, art)
		}
		return err
	})
}

// checkedFor is how long an article is taken to be true after somebody has looked, in days.
const checkedFor = 182

// CheckArticle notes that an article is still true. Somebody should look again half a year later.
func (d *Desk) CheckArticle(ctx context.Context, a access.Actor, id int64) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Alone("article/" + itoa(id)); err != nil { // whoever writes it meanwhile is waited for
			return err
		}
		h, art, err := d.ofArticle(tx, a, id, now)
		if err != nil {
			return err
		}
		review := calendar.DateOf(now.Add(checkedFor*24*time.Hour), h.policy.Zone)
		written, draft, err := h.writing(art)
		if err == nil && draft.Text != "" { // else publishing it would bring the old day back
			written.Review = review
			err = h.keep(a, art, written)
		}
		if err != nil {
			return err
		}
		return tx.ArticleChecked(art.ID, now, review)
	})
}

// DecideComment shows a comment that waits, or takes one away.
func (d *Desk) DecideComment(ctx context.Context, a access.Actor, id, comment int64, show bool) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		_, art, err := d.ofArticle(tx, a, id, now)
		if err != nil {
			return err
		}
		return tx.DecideSaid(art.ID, comment, show, now)
	})
}

// ArticleVersion is a version with what was different in it from the one before.
type ArticleVersion struct {
	store.ArticleVersion
	Read    bool // this is the one that readers have
	Changes []article.Difference
}

// ArticleHistory are the versions of an article, the newest first, each with what changed.
func (d *Desk) ArticleHistory(ctx context.Context, a access.Actor, id int64) (e ArticleEdit, all []ArticleVersion, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		h, art, err := d.ofArticle(tx, a, id, now)
		if err != nil {
			return err
		}
		if e, err = h.edit(art); err != nil {
			return err
		}
		versions, err := tx.ArticleVersions(id, historyShown+1)
		all = nil
		for i, v := range versions {
			if i == historyShown {
				break
			}
			one := ArticleVersion{ArticleVersion: v, Read: v.ID == art.Version}
			if i+1 < len(versions) {
				one.Changes = article.Differences(versions[i+1].Content, v.Content)
			}
			all = append(all, one)
		}
		return err
	})
	return e, all, err
}

// ForgetMiss takes what was looked for in vain off the list.
func (d *Desk) ForgetMiss(ctx context.Context, a access.Actor, brand int64, words string) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, brand, now)
		if err != nil {
			return err
		}
		return tx.DropMiss(h.brand.ID, words)
	})
}
