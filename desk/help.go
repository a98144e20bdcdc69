package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// The help of a brand, for whoever reads it. It is there while the brand's policy offers it (self_help), and otherwise nowhere: every
// page of it then answers as a page that does not exist.

// HelpShelf is a section with how many of its articles the reader may read, and the first of them.
type HelpShelf struct {
	article.Section
	Count int
	First []article.Article
}

// shelfShows is how many articles of a section stand on the first page.
const shelfShows = 5

// helped is the help of one brand as one actor finds it.
type helped struct {
	tx     *store.Tx
	reader store.Reader
	brand  account.Brand
	policy *policy.Policy
	now    time.Time
}

// help begins to read the help of a brand; [fault.NotFound] where the policy has none.
func (d *Desk) help(tx *store.Tx, a access.Actor, brand int64, now time.Time) (h helped, err error) {
	h = helped{tx: tx, now: now, reader: store.Reader{Actor: a}}
	if brand, err = d.brandOr(tx, brand); err != nil {
		return h, noHelp()
	}
	if h.brand, err = tx.Brand(brand); err != nil {
		return h, err
	}
	if h.policy, err = d.runningOf(tx, brand, now); err != nil {
		return h, err
	}
	if !hasHelp(h.policy) {
		return h, noHelp()
	}
	h.reader.Today = calendar.DateOf(now, h.policy.Zone)
	return h, nil
}

func noHelp() error { return fault.New(fault.NotFound, "there is no such page") }

// hasHelp reports whether a policy offers articles; nil offers nothing.
func hasHelp(p *policy.Policy) bool {
	if p == nil {
		return false
	}
	_, offers := p.SelfHelp(policy.KnowledgeBase)
	return offers
}

// HasHelp reports whether any brand has help to read and to write.
func (d *Desk) HasHelp(ctx context.Context) (bool, error) { return d.anyBrand(ctx, "help", hasHelp) }

// readHelp reads from the help of a brand.
func (d *Desk) readHelp(ctx context.Context, a access.Actor, brand int64, read func(helped) error) error {
	now := d.now()
	return d.db.Read(ctx, func(tx *store.Tx) error {
		h, err := d.help(tx, a, brand, now)
		if err == nil {
			err = read(h)
		}
		return err
	})
}

// HelpHome are the sections of a brand's help in which the reader may read anything.
func (d *Desk) HelpHome(ctx context.Context, a access.Actor, brand int64) (shelves []HelpShelf, err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		shelves, err = h.shelves(shelfShows)
		return err
	})
	return shelves, err
}

func (h helped) shelves(first int) (all []HelpShelf, err error) {
	sections, err := h.tx.HelpSections(h.brand.ID)
	if err != nil {
		return nil, err
	}
	counts, err := h.tx.HelpCounts(h.reader, h.brand.ID)
	for _, s := range sections {
		if err != nil {
			return nil, err
		}
		shelf := HelpShelf{Section: s, Count: counts[s.ID]}
		if shelf.Count == 0 {
			continue
		}
		if first > 0 {
			page, wrong := h.tx.ArticlesIn(h.reader, s.ID, "", first)
			shelf.First, err = page.Items, wrong
		}
		all = append(all, shelf)
	}
	return all, err
}

// HelpSection is one page of what stands in a section; a section without anything for the reader is [fault.NotFound].
func (d *Desk) HelpSection(ctx context.Context, a access.Actor, brand int64, slug, after string) (shelf HelpShelf, page store.Page[article.Article], err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		shelves, err := h.shelves(0)
		if err != nil {
			return err
		}
		for _, s := range shelves {
			if s.Slug == slug {
				shelf = s
			}
		}
		if shelf.ID == 0 {
			return noHelp()
		}
		page, err = h.tx.ArticlesIn(h.reader, shelf.ID, after, 0)
		return err
	})
	return shelf, page, err
}

// Reading is an article with what stands around it, for one reader.
type Reading struct {
	article.Article
	Text     article.Text // with what the policy says today in the places that name a rule
	Comments article.Comments
	Said     []article.Said
	Others   []article.Article // that stand beside it
}

// How much of it a page shows.
const (
	saidShown   = 100
	besideShown = 4
)

// ReadArticle is the article that stands or stood at an address, for whoever may read it; else [fault.NotFound]. Its Slug says where it
// stands now.
func (d *Desk) ReadArticle(ctx context.Context, a access.Actor, brand int64, slug string) (r Reading, err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		if r.Article, err = h.tx.ArticleAt(h.reader, h.brand.ID, slug); err != nil || r.Slug != slug {
			return err
		}
		r.Text, r.Comments = h.text(r.Content), r.Allowed(h.comments())
		if r.Said, err = h.tx.SaidOf(r.ID, saidShown); err != nil {
			return err
		}
		r.Others, err = h.beside(r.Article)
		return err
	})
	return r, err
}

// text is what an article says today.
func (h helped) text(c article.Content) article.Text {
	filled, _ := h.policy.Quote(c.Body, policy.Live{At: h.now})
	return article.Read(filled)
}

// comments is what the policy says of comments on articles that say nothing themselves.
func (h helped) comments() article.Comments {
	said, _ := h.policy.SelfHelp(policy.KnowledgeBase)
	return article.Comments(said.Comments)
}

// beside are the articles that stand next in the same section.
func (h helped) beside(a article.Article) (others []article.Article, err error) {
	page, err := h.tx.ArticlesIn(h.reader, a.Section, "", besideShown+1)
	for _, other := range page.Items {
		if other.ID != a.ID && len(others) < besideShown {
			others = append(others, other)
		}
	}
	return others, err
}

// FindHelp searches what the reader may read of a brand's help; a few wrong letters are forgiven.
func (d *Desk) FindHelp(ctx context.Context, a access.Actor, brand int64, text, after string) (found store.FoundArticles, err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		found, err = h.tx.FindArticles(h.reader, h.brand.ID, text, after, 0)
		return err
	})
	return found, err
}

// suggested is how many articles stand beside a form: more would be a list to work through.
const suggested = 4

// SuggestHelp are the articles that may answer what somebody begins to ask, where the policy wants them suggested; none otherwise.
func (d *Desk) SuggestHelp(ctx context.Context, a access.Actor, brand int64, text string) (found store.FoundArticles, err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		if said, _ := h.policy.SelfHelp(policy.KnowledgeBase); !said.SuggestBeforeTicket {
			return nil
		}
		found, err = h.tx.FindArticles(h.reader, h.brand.ID, text, "", suggested)
		return err
	})
	return found, err
}

// SuggestsHelp reports whether a policy wants articles suggested to whoever begins to write.
func SuggestsHelp(p *policy.Policy) bool {
	said, offers := p.SelfHelp(policy.KnowledgeBase)
	return offers && said.SuggestBeforeTicket
}

// Cited is an article as an agent puts it into an answer.
type Cited struct {
	Title string
	URL   string // the whole address, for a mail
	Text  string // what it says today, in words alone
}

// CiteHelp are articles that may answer a ticket and that its requester may read. What is looked for is the ticket's subject when
// nothing is said.
func (d *Desk) CiteHelp(ctx context.Context, a access.Actor, ticketID int64, text string) (cited []Cited, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := d.load(tx, a, ticketID)
		if err != nil {
			return err
		}
		requester, err := tx.Person(t.Requester.ID)
		if err != nil {
			return err
		}
		h, err := d.help(tx, requester.Actor(), t.Brand, now)
		if err != nil {
			return err
		}
		if text == "" {
			text = t.Subject
		}
		found, err := tx.FindArticles(h.reader, t.Brand, text, "", suggested)
		for _, f := range found.Items {
			cited = append(cited, Cited{f.Title, d.BrandURL(h.brand) + HelpPath(f.Slug), h.text(f.Content).Plain})
		}
		return err
	})
	return cited, err
}

// HelpPath is where an article stands.
func HelpPath(slug string) string { return "/help/" + slug }

// Supported are the products of a brand with their versions and until when each is supported, and what support covers beside them.
func (d *Desk) Supported(ctx context.Context, a access.Actor, brand int64) (products []account.Product, p *policy.Policy, today calendar.Date, err error) {
	err = d.readHelp(ctx, a, brand, func(h helped) error {
		p, today = h.policy, h.reader.Today
		products, err = h.tx.Products(h.brand.ID)
		return err
	})
	return products, p, today, err
}

// fromHelp remembers from where in the help somebody came when they wrote (seed 000, 0.3), and that a search was followed by a request.
// An article that is gone, or that is not theirs to read, is nothing to remember; the request is made all the same.
func (d *Desk) fromHelp(tx *store.Tx, t ticket.Ticket, in Request, requester account.Person, now time.Time) error {
	if in.Article == "" && in.Searched == "" {
		return nil
	}
	h, err := d.help(tx, requester.Actor(), t.Brand, now)
	if isNotFound(err) {
		return nil
	}
	if err == nil && in.Searched != "" {
		err = tx.CountMiss(t.Brand, in.Searched, true, now)
	}
	if err != nil || in.Article == "" {
		return err
	}
	a, err := tx.ArticleAt(h.reader, t.Brand, in.Article)
	if isNotFound(err) {
		return nil
	}
	if err == nil {
		err = tx.CameFrom(t.ID, a.ID)
	}
	return err
}

// cameFrom is the article that the requester of a ticket had read when they wrote; only a form can say so.
func cameFrom(tx *store.Tx, t ticket.Ticket) (article.Article, error) {
	if t.Channel != "portal" && t.Channel != "widget" {
		return article.Article{}, nil
	}
	return tx.ArticleOf(t.ID)
}
