package gallery

import (
	"strings"

	"github.com/a-h/templ"

	"hark/article"
	"hark/web/articles"
	"hark/web/help"
	"hark/web/portal"
	"hark/web/shared"
)

func helpSamples() []Sample {
	return []Sample{
		{Name: "help", Title: "Help", Page: help.HomePage(helpHome()), Public: true},
		{Name: "help-found", Title: "Help, searched", Page: help.HomePage(helpFound()), Public: true},
		{Name: "help-nothing", Title: "Help, nothing found", Page: help.HomePage(helpNothing()), Public: true},
		{Name: "help-empty", Title: "Help, none yet", Page: help.HomePage(help.Home{State: portalHome().State}), Public: true},
		{Name: "help-section", Title: "A section of the help", Page: help.SectionPage(helpSection()), Public: true},
		{Name: "help-article", Title: "An article", Page: help.ArticlePage(helpArticle()), Public: true},
		{Name: "help-judged", Title: "An article that did not help", Page: help.ArticlePage(judgedArticle()), Public: true, Brand: "f2b600"},
		{Name: "help-said", Title: "An article with comments", Page: help.ArticlePage(saidArticle()), Public: true},
		{Name: "help-versions", Title: "Supported versions", Page: help.VersionsPage(helpVersions()), Public: true},
		{Name: "portal-help", Title: "Portal for a visitor, with help", Page: portal.HomePage(visitorWithHelp()), Public: true},
		{Name: "request-recognised", Title: "New request, for a known problem", Page: portal.NewPage(requestForKnown()), Public: true},
		{Name: "request-from", Title: "New request, from an article", Page: portal.NewPage(requestFromArticle()), Public: true},
		{Name: "articles", Title: "Articles", Page: articles.ListPage(articleList())},
		{Name: "articles-empty", Title: "Articles, none yet", Page: articles.ListPage(articles.List{Brand: "1"})},
		{Name: "article-edit", Title: "Writing an article", Page: articles.EditPage(articleEdit())},
		{Name: "article-new", Title: "A new article", Page: articles.EditPage(newArticle())},
		{Name: "article-apart", Title: "Two texts of an article", Page: articles.ApartPage(articleApart())},
		{Name: "article-versions", Title: "An article's versions", Page: articles.HistoryPage(articleHistory())},
		{Name: "article-synonyms", Title: "Words that mean the same", Page: articles.SynonymsPage(articles.Synonyms{Brand: "1", Text: "invoice, bill, receipt\nsign, log", Wrong: "Line 2: “sign in” is several words; write one alone, or put a comma between them."})},
		{Name: "article-sections", Title: "Sections of the help", Page: articles.SectionsPage(helpSections())},
	}
}

func links(labels ...string) (all []help.Link) {
	for _, label := range labels {
		all = append(all, help.Link{URL: "/help/" + article.Slug(label), Label: label})
	}
	return all
}

func helpHome() help.Home {
	shelves := []help.Shelf{
		{URL: "/help/sections/first-steps", Name: "First steps", Count: 9, Links: links("How to open a case", "How to sign in", "Giving a colleague access", "What the parts of the page are called", "Your first form, from nothing to the first answer")},
		{URL: "/help/sections/what-to-expect", Name: "What to expect", Count: 3, Links: links("What happens next", "How long it takes", "When we are here")},
		{URL: "/help/sections/donations", Name: "Donations and forms", Count: 14, Links: links("Asking for recurring donations", "Importing a list of donors", "The receipt a donor gets", "When a card is refused", "Two ticket forms, or one?")},
		{URL: "/help/sections/domains", Name: "Your own address", Count: 2, Links: links("Pointing your own domain here", "Certificates, and why there is nothing to do")},
	}
	shelves[3].Links[1].For = "only we read this"
	return help.Home{State: portalHome().State, Shelves: shelves, Also: []help.Link{{URL: "/help/versions", Label: "Supported versions"}}}
}

func helpFound() help.Home {
	return help.Home{State: portalHome().State, Query: "importer stops", Found: &help.Found{Query: "importer stops", Says: "Nothing is spelled like that. This is what we found for “import stops”.", Ask: "/requests/new?subject=importer+stops",
		Hits: []help.Hit{
			{URL: "/help/importing-a-list-of-donors", Title: "Importing a list of donors", Says: "…the import stops at the first line it cannot read, and says which. Mend that line and import the file again; what is there already is not added twice.", Section: "Donations and forms"},
			{URL: "/help/large-files", Title: "Files with more than ten thousand lines", Says: "Large files are imported in the background. You get a mail when it is done, or when it stops.", Section: "Donations and forms", For: "for your plan"},
		}}}
}

func helpNothing() help.Home {
	return help.Home{State: portalHome().State, Query: "withdrawal form", Found: &help.Found{Query: "withdrawal form", Miss: true, Says: "Nothing here has these words. Other words may find more, and a person answers in any case.", Ask: "/requests/new?subject=withdrawal+form"}}
}

func helpSection() help.Section {
	return help.Section{Name: "Donations and forms", Says: "14 articles", Links: append(links("Asking for recurring donations", "Importing a list of donors", "The receipt a donor gets", "When a card is refused", "Two ticket forms, or one?"), help.Link{URL: "/help/x", Label: long.Organization, For: "for your plan"}), Pager: shared.Pager{Older: "/help/sections/donations?after=x"}}
}

// sampleText is an article with everything in it that an article can have.
const sampleText = `A list of donors comes in as a file with one line for each. What you have already is recognised by its address and is not added twice.

# Before you begin

Save the list as CSV, with a first line that names the columns. These are understood:

| Column | What it means | Needed |
|---|---|---|
| email | where the receipt goes | yes |
| name | how the donor is addressed | no |
| amount | of the last donation, in your currency | no |

> A list with more than ten thousand lines is imported in the background. You get a mail when it is done.

# Importing it

1. Open **Donors**, and choose *Import*.
2. Choose the file. The first five lines are shown, so that you see whether the columns are right.
3. Press **Import the list**.

Each line that cannot be read is named with its number:

` + "```\nline 200: “12,50 EUR” is no amount; write 12.50\n```" + `

## When it stops

Mend the lines that are named and import the whole file again. Nothing is counted twice.

# Taking it back

Under [Donors, Imports](/help/imports) each import can be taken back for thirty days. Donations that came since then stay.
`

func helpArticle() help.Article {
	text := article.Read(sampleText)
	v := help.Article{
		Title: "Importing a list of donors", Section: help.Link{URL: "/help/sections/donations", Label: "Donations and forms"}, Facts: []string{"Updated 20 Nov 2026", "checked 24 Nov 2026", "for Soapbox Engage 4.2"}, HTML: text.HTML,
		Videos: []help.Video{{Title: "A list, from the file to the first receipt", URL: "https://video.example/1", Host: "video.example", Transcript: "I have a list with three donors here. I choose the file, and see the first lines.\nNow I press import."}},
		Judge:  help.Judge{URL: "/help/x/helpful"}, Ask: "/requests/new?article=x", Others: links("Asking for recurring donations", "The receipt a donor gets"), Comment: help.Comment{Closed: "This article is closed for comments."},
	}
	for _, h := range text.Headings {
		v.Contents = append(v.Contents, help.Heading{URL: "#" + h.ID, Title: h.Title, Deep: h.Level > 2})
	}
	return v
}

func judgedArticle() help.Article {
	v := helpArticle()
	v.Judge.Said, v.Videos, v.Edit = "no", nil, "/articles/7"
	v.Comment = help.Comment{SignIn: "/portal/code"}
	return v
}

func saidArticle() help.Article {
	v := helpArticle()
	v.Title, v.HTML, v.Contents, v.Videos = long.Organization+": "+leila.Name, article.Read("One line, and "+strings.Repeat("averylongword", 12)+".").HTML, nil, nil
	v.Said = []help.Said{
		{Name: "Priya", At: at("2 days ago", "Wed 18 Nov 2026, 09:12 EST", "2026-11-18T09:12:00-05:00"), Text: "Does this also work with the list from the old system?\n\nOurs has no header line."},
		{Name: "Ben", Team: true, At: at("yesterday", "Thu 19 Nov 2026, 10:00 EST", "2026-11-19T10:00:00-05:00"), Text: "Yes. Add a first line with the names of the columns, and it is read."},
	}
	v.Comment = help.Comment{URL: "/help/x/comments", Name: true, Key: "k", Waits: true}
	return v
}

func helpVersions() help.Versions {
	integrations := []help.Integration{{Name: "QuickBooks Online", URL: "https://quickbooks.example", Says: "Customers, invoices and payments."}, {Name: "Zapier", Says: "We do not support it. What you build there yourself is for you, or for Zapier, to mend."}}
	return help.Versions{Policy: "/support", Integrations: integrations, Products: []help.Product{
		{Name: "AbleCommerce", Versions: []help.Version{{Name: "7.0.2", Released: "3 Aug 2026", Until: "no end is planned"}, {Name: "7.0.1", Released: "2 Mar 2025", Until: "31 Dec 2026"}, {Name: "5.5", Released: "1 Jun 2009", Until: "31 Dec 2015", Ended: true}}},
		{Name: "AbleCommerce Mobile"},
	}, Covers: []help.Cover{{Name: "Integrations", Says: "Those that are listed in the product under Settings, Integrations."}, {Name: "Setup", Says: "Installing it, and moving it to another server."}}}
}

func visitorWithHelp() portal.Home {
	v := visitorHome()
	v.Help = true
	return v
}

func requestFromArticle() portal.New {
	v := newRequest()
	v.Article, v.From, v.Subject, v.Suggest = "importing-a-list-of-donors", "Importing a list of donors", "Importing a list of donors", "/requests/suggest"
	return v
}

// requestForKnown is a form in which one of two known problems is recognised, above an article.
func requestForKnown() portal.New {
	v := newRequest()
	v.Subject, v.Suggest = "The totals do not add up", "/requests/suggest"
	v.Known = help.Suggestions{Known: []help.Known{
		{ID: "12", Title: "Totals under the invoice list are off by a few cents", Says: "We are on it, and tell everybody who has it when it is fixed.", Helps: helps, When: "Weeks.", Why: noDates, Chosen: true},
		{ID: "14", Title: "Search does not find names with an umlaut", Says: "We are on it, and tell everybody who has it when it is fixed."},
	}, Articles: []help.Hit{{URL: "/help/x", Title: "How totals are added"}}}
	return v
}

func articleList() articles.List {
	return articles.List{Brand: "1", Begun: true, Piles: []articles.Pile{{Label: "All", URL: "/articles", Current: true}, {Label: "Being written", URL: "/articles?show=drafts"}, {Label: "To check", URL: "/articles?show=review"}, {Label: "Not helpful", URL: "/articles?show=unhelpful"}},
		Rows: []articles.Row{
			{URL: "/articles/7", Title: "Importing a list of donors", Section: "Donations and forms", State: "Published", Updated: "updated 20 Nov 2026", Helped: "helped 12 of 14", Changed: "Changed since, and not published", Waiting: "2 comments wait"},
			{URL: "/articles/6", Title: "Certificates, and why there is nothing to do", Section: "Your own address", State: "Published", Updated: "updated 2 May 2026", For: "only we read this", Review: "To be checked since 3 Nov 2026"},
			{URL: "/articles/5", Title: "How long it takes", Section: "What to expect", State: "Draft", Draft: true},
			{URL: "/articles/4", Title: long.Organization + ", " + leila.Name, Section: "First steps", State: "Published", Updated: "updated 1 Nov 2026"},
		},
		Misses: []articles.Miss{{Words: "withdrawal form", Says: "9 times, 2 wrote to us, last yesterday"}, {Words: "invoice in english", Says: "once, last 3 days ago"}},
		Pager:  shared.Pager{Older: "/articles?after=x"}}
}

func options(chosen string, labels ...string) (all []shared.Option) {
	for _, label := range labels {
		all = append(all, shared.Option{Value: label, Label: label, Chosen: label == chosen})
	}
	return all
}

func articleEdit() articles.Edit {
	v := newArticle()
	v.ID, v.Title, v.Body, v.HTML, v.Slug, v.Live, v.State = "7", "Importing a list of donors", sampleText, article.Read(sampleText).HTML, "importing-a-list-of-donors", true, "Published"
	v.Differs, v.Saved, v.Facts, v.URL, v.Checked, v.Helped = "Readers do not have your last changes yet.", "Saved 2 min ago by Ben Okafor", []string{"Updated 20 Nov 2026", "for Soapbox Engage 4.2"}, "/help/x", "Checked on 24 Nov 2026.", "Helped 12 of 14."
	v.Wrong = "Not published yet: Video 1: it needs a transcript, for whoever cannot hear or play it."
	v.Findings = []articles.Finding{{Says: "Video 1: it needs a transcript, for whoever cannot hear or play it.", Stops: true}, {Says: "The heading “When it stops” leaves out a level; one # fewer puts it below the heading before it."}}
	v.Videos = []articles.Video{{Title: "A list, from the file to the first receipt", URL: "https://video.example/1"}, {}}
	v.Reasons = []articles.Reason{{Text: "The menu is called Supporters with us, not Donors.", At: "yesterday"}, {Helped: true, Text: "The line with the number.", At: "3 days ago"}}
	v.Waiting = []articles.Said{{ID: "3", Name: "Iris", At: "2 h ago", Text: "Does this also work with the list from the old system?"}}
	v.Said = []articles.Said{{ID: "1", Name: "Priya", At: "2 days ago", Text: "Thank you, that was it."}}
	return v
}

func newArticle() articles.Edit {
	return articles.Edit{ID: "8", Brand: "1", Drawn: "x", State: "Draft", Findings: []articles.Finding{{Says: "An article needs a title.", Stops: true}, {Says: "There is nothing to read yet.", Stops: true}},
		Section: options("First steps", "None yet", "First steps", "What to expect"), Audience: options("Everybody", "Everybody", "Customers who have signed in", "Customers with a plan", "Only we"), Plan: options("Any plan", "Any plan", "Phone support"),
		Comments: options("As the policy says", "As the policy says", "Closed", "Whoever has signed in", "Everybody"), Owner: options("Ben Okafor", "Nobody", "Ana Ruiz", "Ben Okafor"), Videos: []articles.Video{{}}}
}

func articleApart() articles.Apart {
	return articles.Apart{ID: "7", Title: "Importing a list of donors", By: "What is kept was saved 2 min ago by Ben Okafor.", Body: sampleText, Fields: []articles.Field{{Name: "drawn", Value: "x"}},
		Changes: []shared.Change{{Where: "Importing it", Before: "1. Open Donors.", After: "1. Open **Donors**, and choose *Import*."}, {Where: "Taking it back", After: "Donations that came since then stay."}}}
}

func articleHistory() articles.History {
	return articles.History{ID: "7", Title: "Importing a list of donors", Drawn: "x", Versions: []articles.Version{
		{ID: "3", Name: "Fri 20 Nov 2026, 10:00 EST", By: "by Ben Okafor", Read: true, Changes: articleApart().Changes}, {ID: "2", Name: "Mon 2 Nov 2026, 16:20 EST", By: "by Ana Ruiz"}, {ID: "1", Name: "Mon 2 Nov 2026, 16:00 EST", By: "by Ana Ruiz", First: true}}}
}

func helpSections() articles.Sections {
	return articles.Sections{Brand: "1", Wrong: "Articles stand in this section; move them to another first.", List: []articles.Section{{ID: "1", Name: "First steps"}, {ID: "2", Name: "What to expect"}, {ID: "3", Name: long.Organization}}}
}

// hostileHelp are the pages of the help with every field that somebody can fill set to a text.
func hostileHelp(text string) map[string]templ.Component {
	edit := newArticle()
	edit.Title, edit.Body, edit.HTML, edit.Slug, edit.Product, edit.Wrong = text, text, article.Read(text).HTML, text, text, text
	edit.Waiting, edit.Reasons = []articles.Said{{ID: "1", Name: text, Text: text}}, []articles.Reason{{Text: text}}
	read := helpArticle()
	read.Title, read.HTML, read.Section.Label, read.Facts = text, article.Read(text).HTML, text, []string{text}
	read.Videos = []help.Video{{Title: text, URL: "https://video.example/1", Host: text, Transcript: text}}
	read.Said = []help.Said{{Name: text, Text: text}}
	return map[string]templ.Component{
		"help":      help.HomePage(help.Home{Query: text, Found: &help.Found{Query: text, Says: text, Miss: true, Ask: "/requests/new", Hits: []help.Hit{{URL: "/help/x", Title: text, Says: text, Section: text}}}}),
		"article":   help.ArticlePage(read),
		"synonyms":  articles.SynonymsPage(articles.Synonyms{Text: text + "\n" + text, Was: text, Wrong: text}),
		"cites":     articles.Cites([]articles.Cite{{Title: text, URL: "/help/x", Text: text}, {Title: text, URL: "/help/y", Text: text}}),
		"articles":  articles.ListPage(articles.List{Begun: true, Rows: []articles.Row{{URL: "/articles/1", Title: text, Section: text}}, Misses: []articles.Miss{{Words: text}}}),
		"writing":   articles.EditPage(edit),
		"suggested": help.Suggested(help.Suggestions{Known: []help.Known{{ID: "1", Title: text, Product: text, Says: text, Helps: text, When: text, Why: text}}, Articles: []help.Hit{{URL: "/help/x", Title: text}, {URL: "/help/y", Title: text}, {URL: "/help/z", Title: text}}}),
	}
}
