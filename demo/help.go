package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/article"
	"hark/desk"
	"hark/fault"
)

// written is an article of one of the brands, and who wrote it when. A number of the policy is named, not copied.
type written struct {
	ago                  time.Duration
	brand                string // the slug, "" for the agency
	by                   string
	section, title, body string
	audience             article.Audience
	product, release     string
	video                article.Video
	draft                bool // nobody reads it yet
}

var writtenArticles = []written{
	{
		ago: 80 * day, by: ana, section: "Your site", title: "How to sign in",
		body: "Sign in with the address to which we write. There is no password to remember.\n\n1. Open **My requests**, and choose *Get a link by mail*.\n2. Write your address.\n3. Press the button behind the link that comes.\n\n# When no mail comes\n\nLook into the folder for unwanted mail. If a colleague has left and their address is the one we know, write to us from yours.",
	},
	{
		ago: 76 * day, by: ben, section: "Your site", title: "Changing the opening hours",
		body: "The opening hours stand below **Settings, Places**.\n\nChoose the place, press *Change*, and save. The contact page and the footer show them at once; a search engine may take a few days.\n\n# A day that is different\n\nAdd it below *Days that are different*. It goes back by itself on the next day.",
	},
	{
		ago: 70 * day, by: cem, section: "Your site", title: "Giving a colleague access",
		body: "Below **People**, press *Invite* and choose what they may change.\n\n| Role | May change |\n|---|---|\n| Editor | events and pages |\n| Shop | the shop and its orders |\n| Owner | everything, and who else may |\n\nThe invitation works for a week.",
	},
	{
		ago: 60 * day, by: ana, section: "Working with us", title: "How long it takes",
		body: "A question is answered {{targets.question.expect.say}}. Everything else takes {{targets.other.expect.say}}.\n\nWe are here {{calendars.office | hours}}.\n\n# While we wait for you\n\nWe remind you of a question after {{lifecycle.timers.reminder-1.after}}. Nothing is lost when a request closes: write, and it goes on.",
	},
	{
		ago: 20 * day, by: ben, section: "Your site", title: "A photo in the right size",
		body: "Photos look best when they are 2,000 pixels wide.\n\n> You need not make them smaller. The page does that for telephones.\n\n# When a part is cut off\n\nThe middle is always shown. Drag the ring onto what must stay in sight.",
	},
	{
		ago: 9 * day, by: cem, section: "Your site", title: "Redirects, and what breaks them", audience: article.ForStaff,
		body: "Most broken redirects have two rules for one address. The first one wins.\n\nAsk for the address that breaks before you look: a link in a newsletter often carries a tracking part that no rule expects.",
	},
	{
		ago: 2 * day, by: ben, section: "Working with us", title: "Sending us texts and pictures", draft: true,
		body: "Attach them to your request, up to ten at once.\n\nFor a whole round of texts, one file with headings is easiest for us.",
	},
	{
		ago: 65 * day, brand: "picnet", by: cem, section: "Donations", title: "Importing a list of donors", product: "Soapbox Engage", release: "4",
		body:  "A list of donors comes in as a file with one line for each. What you have already is recognised by its address and is not added twice.\n\n# Before you begin\n\nSave the list as CSV, with a first line that names the columns: email, name, amount.\n\n# When it stops\n\nEach line that cannot be read is named with its number. Mend those lines and import the whole file again. Nothing is counted twice.\n\n# Taking it back\n\nBelow **Donors, Imports** each import can be taken back for thirty days.",
		video: article.Video{Title: "A list, from the file to the first receipt", URL: "https://video.example/imports", Transcript: "I have a list with three donors here. I choose the file, and the first lines are shown. The columns are right, so I press Import.\n\nThe second line has no address; it is named. I mend it, import again, and the receipt is on its way."},
	},
	{
		ago: 62 * day, brand: "picnet", by: ben, section: "Donations", title: "Asking for recurring donations",
		body: "Choose *Every month* in the settings of the form. Donors see both and choose.\n\nA card that is refused is tried again after three days. The donor is told each time.",
	},
	{
		ago: 58 * day, brand: "picnet", by: cem, section: "Phone support", title: "Getting a call", audience: article.ForPlans,
		body: "With phone support in your account, submit a request and choose a time that suits you. We call you.\n\nTo move the call, open your request. Both calendars are told.",
	},
	{
		ago: 50 * day, brand: "northbound", by: ana, section: "What happens next", title: "What happens to a bug",
		body: "Whoever reports a bug can see where it stands, behind the link in our mails.\n\n{{trackers.bug | phases}}",
	},
	{
		ago: 49 * day, brand: "northbound", by: ben, section: "Finding things", title: "Searching for names with an umlaut",
		body: "A search finds a name as it is written, and without its marks.\n\nWe are mending that names with marks are not found when they are typed with them. Until then, leave the marks out.",
	},
}

// helpCues are the articles, and what readers said of some.
func (p *play) helpCues() (all []cue) {
	for _, w := range writtenArticles {
		all = append(all, cue{p.end.Add(-w.ago), func(ctx context.Context) error { return p.writes(ctx, w) }})
	}
	return append(all, cue{p.end.Add(-6 * hour), p.readersSay})
}

// writes lets somebody write an article, and publish it.
func (p *play) writes(ctx context.Context, w written) error {
	author, brand := p.staff[w.by].Actor(), p.brands[w.brand]
	section, err := p.shelf(ctx, author, brand, w.section)
	if err != nil {
		return err
	}
	id, err := p.desk.NewArticle(ctx, author, brand, w.title)
	if err != nil {
		return err
	}
	e, err := p.desk.EditArticle(ctx, author, id)
	if err != nil {
		return err
	}
	c := e.Writing
	c.Body, c.Section, c.Product, c.Release = w.body, section, w.product, w.release
	if w.audience != "" {
		c.Audience = w.audience
	}
	if w.video.URL != "" {
		c.Videos = []article.Video{w.video}
	}
	_, err = p.desk.SaveArticle(ctx, author, desk.SaveArticle{ID: id, Content: c, Was: e.Mark, Publish: !w.draft})
	return err
}

// shelf is the section of that name, which is made when there is none.
func (p *play) shelf(ctx context.Context, author access.Actor, brand int64, name string) (int64, error) {
	for range 2 {
		sections, err := p.desk.HelpSections(ctx, author, brand)
		if err != nil {
			return 0, err
		}
		for _, s := range sections {
			if s.Name == name {
				return s.ID, nil
			}
		}
		if err := p.desk.Shelve(ctx, author, desk.Shelve{Brand: brand, Name: name}); err != nil {
			return 0, err
		}
	}
	return 0, fault.New(fault.Refused, "the demo finds no section %q", name)
}

// readersSay is what a few readers did today.
func (p *play) readersSay(ctx context.Context) error {
	for _, j := range []desk.Judgement{
		{Slug: "how-to-sign-in", Reader: "demo-1", Helped: true}, {Slug: "how-to-sign-in", Reader: "demo-2", Helped: true},
		{Slug: "a-photo-in-the-right-size", Reader: "demo-3", Reason: "I have a square photo. Which part is shown then?"},
		{Brand: p.brands["picnet"], Slug: "importing-a-list-of-donors", Reader: "demo-4", Helped: true, Reason: "The number of the line."},
	} {
		if err := p.desk.JudgeArticle(ctx, access.Actor{}, j); err != nil {
			return err
		}
	}
	for _, words := range []string{"withdrawal form", "withdrawal form", "invoice in english"} {
		if err := p.desk.MissHelp(ctx, access.Actor{}, 0, words, "demo"); err != nil {
			return err
		}
	}
	return nil
}
