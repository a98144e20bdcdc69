package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

const noon = "2026-11-17 12:00"

// publishes is an article of Ben's in the section, for everybody unless it is changed.
func (o *office) publishes(title, body string, change ...func(*article.Content)) desk.ArticleEdit {
	o.t.Helper()
	sections, err := o.desk.HelpSections(ctx, o.ben.Actor(), 0)
	o.must(err)
	if len(sections) == 0 {
		o.must(o.desk.Shelve(ctx, o.ben.Actor(), desk.Shelve{Name: "First steps"}))
	}
	id, err := o.desk.NewArticle(ctx, o.ben.Actor(), 0, title)
	o.must(err)
	e := o.edits(id)
	e.Writing.Body = body
	for _, c := range change {
		c(&e.Writing)
	}
	e, err = o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: id, Content: e.Writing, Was: e.Mark, Publish: true})
	o.must(err)
	return e
}

// edits is an article as Ben has it before him.
func (o *office) edits(id int64) desk.ArticleEdit {
	o.t.Helper()
	e, err := o.desk.EditArticle(ctx, o.ben.Actor(), id)
	o.must(err)
	return e
}

// reads is an article at an address as somebody reads it, "" when there is none for them.
func (o *office) reads(a access.Actor, slug string) string {
	o.t.Helper()
	r, err := o.desk.ReadArticle(ctx, a, 0, slug)
	if fault.Is(err, fault.NotFound) {
		return ""
	}
	o.must(err)
	return r.Text.Plain
}

// signedIn is somebody who has written to us and has signed in since.
func (o *office) signedIn(who string) access.Actor {
	o.t.Helper()
	return access.Actor{Person: o.ticket(o.asks(who, "Hello")).Requester.ID, Role: access.Customer}
}

func TestReadersHaveWhatWasPublishedAndNotWhatIsBeingWritten(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		e.Writing.Body = "Ask for a link. It comes by mail."
		saved, err := o.desk.SaveArticle(ctx, o.cem.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark})
		o.must(err)
		if got := o.reads(access.Actor{}, "how-to-sign-in"); got != "Ask for a link." {
			t.Errorf("readers have %q", got)
		}
		if !saved.Differs || saved.By != "Cem Yildiz" {
			t.Errorf("its authors see %+v", saved)
		}
		_, err = o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: saved.Writing, Was: saved.Mark, Publish: true})
		o.must(err)
		if got := o.reads(access.Actor{}, "how-to-sign-in"); got != "Ask for a link. It comes by mail." {
			t.Errorf("after publishing readers have %q", got)
		}
		_, versions, err := o.desk.ArticleHistory(ctx, o.ben.Actor(), e.ID)
		o.must(err)
		if len(versions) != 2 || len(versions[0].Changes) != 1 || versions[0].Changes[0].Is != "Ask for a link. It comes by mail." || !versions[0].Read {
			t.Errorf("its versions are %+v", versions)
		}
	})
}

func TestAnEarlierVersionComesBackAsADraft(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		first := e.Version
		e.Writing.Body = "Something wrong."
		e, err := o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark, Publish: true})
		o.must(err)
		o.must(o.desk.RestoreArticle(ctx, o.ben.Actor(), e.ID, first, e.Mark))
		if got := o.reads(access.Actor{}, "how-to-sign-in"); got != "Something wrong." {
			t.Errorf("going back has published %q", got)
		}
		if got := o.edits(e.ID); got.Writing.Body != "Ask for a link." || !got.Differs {
			t.Errorf("the draft is %q", got.Writing.Body)
		}
		if err := o.desk.RestoreArticle(ctx, o.ben.Actor(), e.ID, first+1000, o.edits(e.ID).Mark); !fault.Is(err, fault.NotFound) {
			t.Errorf("a version of nothing: %v", err)
		}
	})
}

func TestAnOlderPageOfAnArticleTakesNothingBack(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		bens, cems := e.Writing, e.Writing
		bens.Body, cems.Body = "Ben was here.", "Cem was here."
		_, err := o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: bens, Was: e.Mark})
		o.must(err)
		_, err = o.desk.SaveArticle(ctx, o.cem.Actor(), desk.SaveArticle{ID: e.ID, Content: cems, Was: e.Mark, Publish: true})
		var apart *desk.ArticleApart
		if !errors.As(err, &apart) || apart.Writing.Body != "Ben was here." {
			t.Fatalf("Cem's older page is answered %v", err)
		}
		for what, err := range map[string]error{
			"throwing away": o.desk.DropArticleDraft(ctx, o.cem.Actor(), e.ID, e.Mark),
			"taking away":   o.desk.RetireArticle(ctx, o.cem.Actor(), e.ID, e.Mark),
			"going back":    o.desk.RestoreArticle(ctx, o.cem.Actor(), e.ID, e.Version, e.Mark),
		} {
			if !errors.As(err, &apart) {
				t.Errorf("%s from an older page: %v", what, err)
			}
		}
		if got := o.edits(e.ID); got.Writing.Body != "Ben was here." || o.reads(access.Actor{}, "how-to-sign-in") != "Ask for a link." {
			t.Errorf("the draft is %q", got.Writing.Body)
		}
	})
}

func TestWhatIsNotReadyIsKeptAndNotPublished(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		e.Writing.Videos = []article.Video{{Title: "Signing in", URL: "https://video.example/1"}}
		_, err := o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark, Publish: true})
		if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "transcript") {
			t.Fatalf("a video without a transcript: %v", err)
		}
		if got := o.edits(e.ID); len(got.Writing.Videos) != 1 {
			t.Error("the draft was not kept")
		}
		if r, _ := o.desk.ReadArticle(ctx, access.Actor{}, 0, "how-to-sign-in"); len(r.Videos) != 0 {
			t.Error("readers have a video without a transcript")
		}
	})
}

// A number that the policy promises is written as the rule that makes it true. Another policy, and the article says the other number.
func TestAnArticleSaysWhatThePolicySaysToday(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("How long it takes", "A question is answered {{targets.question.expect.say}}.")
		before := o.reads(access.Actor{}, "how-long-it-takes")
		if strings.Contains(before, "{{") || !strings.HasPrefix(before, "A question is answered ") {
			t.Fatalf("it reads %q", before)
		}
		e := o.publishes("Not in the policy", "Words.")
		e.Writing.Body = "It takes {{targets.nothing.expect.say}}."
		_, err := o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark, Publish: true})
		if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "targets.nothing") {
			t.Errorf("a rule that is none: %v", err)
		}
	})
}

// Where the policy offers no articles there are none: no page, no search, no suggestion, and no place to write them.
func TestHelpThatThePolicySwitchesOffIsNowhere(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		source := string(example(t, "customer-support-center"))
		source = strings.Replace(source, "  - {kind: knowledge_base,", "  - {kind: faq,", 1)
		o.apply([]byte(source))
		maria := o.signedIn(maria)
		for who, a := range map[string]access.Actor{"a stranger": {}, "a customer": maria, "an agent": o.ben.Actor(), "an administrator": o.ana.Actor()} {
			_, home := o.desk.HelpHome(ctx, a, 0)
			_, find := o.desk.FindHelp(ctx, a, 0, "link", "")
			_, suggest := o.desk.SuggestHelp(ctx, a, 0, "link")
			_, read := o.desk.ReadArticle(ctx, a, 0, "how-to-sign-in")
			_, _, _, versions := o.desk.Supported(ctx, a, 0)
			judge := o.desk.JudgeArticle(ctx, a, desk.Judgement{Slug: "how-to-sign-in", Reader: "one"})
			_, comment := o.desk.CommentArticle(ctx, a, desk.Comment{Slug: "how-to-sign-in", Text: "Thank you"})
			for what, err := range map[string]error{"home": home, "search": find, "suggestion": suggest, "article": read, "versions": versions, "judgement": judge, "comment": comment} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%s for %s: %v", what, who, err)
				}
			}
		}
		_, _, list := o.desk.Articles(ctx, o.ben.Actor(), 0, "", "")
		_, edit := o.desk.EditArticle(ctx, o.ben.Actor(), e.ID)
		if !fault.Is(list, fault.NotFound) || !fault.Is(edit, fault.NotFound) {
			t.Errorf("writing it: %v, %v", list, edit)
		}
	})
}

func TestOnlyWhoMayWriteArticlesDoes(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		dora, eve := o.hire("dora@agency.example", "Dora Lind", access.Light), o.hire("eve@agency.example", "Eve Novak", access.LevelOne)
		for who, a := range map[string]access.Actor{"a stranger": {}, "a customer": o.signedIn(maria), "a light agent": dora.Actor(), "the first line": eve.Actor()} {
			_, save := o.desk.SaveArticle(ctx, a, desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark, Publish: true})
			_, begin := o.desk.NewArticle(ctx, a, 0, "Mine")
			for what, err := range map[string]error{"saving": save, "beginning": begin, "sections": o.desk.Shelve(ctx, a, desk.Shelve{Name: "Mine"}), "starting": o.desk.StartHelp(ctx, a, 0),
				"checking": o.desk.CheckArticle(ctx, a, e.ID), "retiring": o.desk.RetireArticle(ctx, a, e.ID, e.Mark), "deciding": o.desk.DecideComment(ctx, a, e.ID, 1, true)} {
				if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
					t.Errorf("%s by %s: %v", what, who, err)
				}
			}
		}
	})
}

// The policy of the support center lets whoever has signed in comment (seed 002, 2.30).
func TestSigningInToLeaveAComment(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("How to sign in", "Ask for a link.")
		_, err := o.desk.CommentArticle(ctx, access.Actor{}, desk.Comment{Slug: "how-to-sign-in", Text: "First"})
		if !fault.Is(err, fault.Unsigned) {
			t.Errorf("a stranger: %v", err)
		}
		waits, err := o.desk.CommentArticle(ctx, o.signedIn(maria), desk.Comment{Slug: "how-to-sign-in", Text: "It came at once.", Key: "k"})
		o.must(err)
		_, err = o.desk.CommentArticle(ctx, o.signedIn(maria), desk.Comment{Slug: "how-to-sign-in", Text: "It came at once.", Key: "k"})
		o.must(err)
		r, err := o.desk.ReadArticle(ctx, access.Actor{}, 0, "how-to-sign-in")
		o.must(err)
		if waits || len(r.Said) != 1 || r.Said[0].Name != "Maria" || r.Said[0].Text != "It came at once." {
			t.Errorf("readers see %+v", r.Said)
		}
	})
}

// Soapbox closes its articles for comments (seed 000, 0.2); one of them may be opened, and then a stranger's words wait.
func TestArticlesThatAreClosedForComments(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", noon, func(o *office) {
		o.publishes("Setting up phone support", "Add it to your account.")
		_, err := o.desk.CommentArticle(ctx, o.signedIn(maria), desk.Comment{Slug: "setting-up-phone-support", Text: "Thank you"})
		if !fault.Is(err, fault.Refused) {
			t.Errorf("a closed article: %v", err)
		}
		e := o.publishes("Your own domain", "Point it here.", func(c *article.Content) { c.Comments = article.Open })
		waits, err := o.desk.CommentArticle(ctx, access.Actor{}, desk.Comment{Slug: "your-own-domain", Name: "Iris Baum", Text: "Which address?"})
		o.must(err)
		r, err := o.desk.ReadArticle(ctx, access.Actor{}, 0, "your-own-domain")
		o.must(err)
		if !waits || len(r.Said) != 0 {
			t.Errorf("a stranger's words stand there at once: %+v", r.Said)
		}
		waiting := o.edits(e.ID).Waiting
		if len(waiting) != 1 {
			t.Fatalf("%d comments wait", len(waiting))
		}
		o.must(o.desk.DecideComment(ctx, o.ben.Actor(), e.ID, waiting[0].ID, true))
		if r, err = o.desk.ReadArticle(ctx, access.Actor{}, 0, "your-own-domain"); err != nil || len(r.Said) != 1 || r.Said[0].Name != "Iris Baum" {
			t.Errorf("after Ben has read it: %+v, %v", r.Said, err)
		}
	})
}

// What somebody read goes with them when they ask (seed 000, 0.3).
func TestFromAnArticleToARequest(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		hidden := o.publishes("What we tell nobody", "Words.", func(c *article.Content) { c.Audience = article.ForStaff })
		done, err := o.desk.Create(ctx, o.signedIn(maria), desk.Request{Subject: "How to sign in", Text: "No mail comes.", Channel: "portal", Article: e.Slug, Searched: "link by mail"})
		o.must(err)
		page, err := o.desk.TicketPage(ctx, o.ben.Actor(), done.Ticket.ID)
		o.must(err)
		if page.CameFrom.Title != "How to sign in" {
			t.Errorf("Ben sees that she came from %q", page.CameFrom.Title)
		}
		for _, from := range []string{hidden.Slug, "nothing-at-all"} {
			done, err := o.desk.Create(ctx, o.signedIn(maria), desk.Request{Subject: "S", Text: "T " + from, Channel: "portal", Article: from})
			o.must(err)
			if page, err = o.desk.TicketPage(ctx, o.ben.Actor(), done.Ticket.ID); err != nil || page.CameFrom.ID != 0 {
				t.Errorf("from %q she came from %q, %v", from, page.CameFrom.Title, err)
			}
		}
	})
}

func TestSearchesWithoutAResultAreListedForAuthors(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("How to sign in", "Ask for a link.")
		for range 2 {
			o.must(o.desk.MissHelp(ctx, access.Actor{}, 0, "Withdrawal form", "192.0.2.1"))
		}
		o.must(o.desk.MissHelp(ctx, access.Actor{}, 0, "sign in", "192.0.2.1")) // it is found, whoever says otherwise
		_, err := o.desk.Create(ctx, o.signedIn(maria), desk.Request{Subject: "S", Text: "T", Channel: "portal", Searched: "withdrawal form"})
		o.must(err)
		_, misses, err := o.desk.Articles(ctx, o.ben.Actor(), 0, "", "")
		o.must(err)
		if len(misses) != 1 || misses[0].Words != "withdrawal form" || misses[0].Times != 2 || misses[0].Asked != 1 {
			t.Errorf("authors read %+v", misses)
		}
		for range 100 {
			err = o.desk.MissHelp(ctx, access.Actor{}, 0, "flood", "192.0.2.2")
		}
		if !fault.Is(err, fault.TooMany) {
			t.Errorf("a flood from one source: %v", err)
		}
	})
}

// Five drafts made from any policy are whole: every rule they name is one of it, and nobody reads them yet.
func TestAnEmptyHelpBeginsWithFiveDrafts(t *testing.T) {
	for _, name := range policy.Examples() {
		source, _ := policy.Example(name)
		p, _ := policy.Parse(name, source)
		if _, offers := p.SelfHelp(policy.KnowledgeBase); !offers {
			continue
		}
		t.Run(name, func(t *testing.T) {
			eachUnder(t, name, noon, func(o *office) {
				o.must(o.desk.StartHelp(ctx, o.ben.Actor(), 0))
				page, _, err := o.desk.Articles(ctx, o.ben.Actor(), 0, store.DraftArticles, "")
				o.must(err)
				var titles []string
				for _, a := range page.Items {
					titles = append(titles, a.Title)
					e := o.edits(a.ID)
					if len(e.Findings) > 0 || strings.Contains(e.Text.HTML, "{{") || len(e.Text.Plain) < 60 {
						t.Errorf("%s: %+v\n%s", a.Title, e.Findings, e.Text.Plain)
					}
				}
				slices.Reverse(titles)
				if !slices.Equal(titles, []string{"How to open a case", "How to report a bug", "What happens next", "How long it takes", "When we are here"}) {
					t.Errorf("the drafts are %q", titles)
				}
				if found, err := o.desk.FindHelp(ctx, access.Actor{}, 0, "case", ""); err != nil || len(found.Items) > 0 {
					t.Errorf("readers find %+v, %v", found.Items, err)
				}
				if err := o.desk.StartHelp(ctx, o.ben.Actor(), 0); !fault.Is(err, fault.Refused) {
					t.Errorf("beginning twice: %v", err)
				}
			})
		})
	}
}

// What an agent can put into an answer is what its reader can open.
func TestArticlesToCiteAreThoseTheRequesterMayRead(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("Redirects on the donation page", "Look at Settings.")
		o.publishes("Redirects, what we know", "Words.", func(c *article.Content) { c.Audience = article.ForStaff })
		id := o.asks(maria, "Redirect broken on the donation page")
		cited, err := o.desk.CiteHelp(ctx, o.ben.Actor(), id, "")
		o.must(err)
		if len(cited) != 1 || cited[0].Title != "Redirects on the donation page" || cited[0].Text != "Look at Settings." || !strings.HasSuffix(cited[0].URL, "/help/redirects-on-the-donation-page") {
			t.Errorf("Ben is offered %+v", cited)
		}
		if _, err := o.desk.CiteHelp(ctx, access.Actor{Person: o.ticket(id).Requester.ID, Role: access.Customer}, id, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Maria is offered articles to cite: %v", err)
		}
	})
}

// A limit that speaks of letters counts letters, also those that take two bytes.
func TestLimitsCountLetters(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("How to sign in", "Ask for a link.")
		umlauts := func(n int) string { return strings.Repeat("ü", n) }
		maria := o.signedIn(maria)
		for what, write := range map[string]func(extra int) error{
			"a comment": func(extra int) error {
				_, err := o.desk.CommentArticle(ctx, maria, desk.Comment{Slug: "how-to-sign-in", Text: umlauts(article.MostComment + extra)})
				return err
			},
			"a reason": func(extra int) error {
				return o.desk.JudgeArticle(ctx, maria, desk.Judgement{Slug: "how-to-sign-in", Reason: umlauts(article.MostReason + extra)})
			},
			"a section": func(extra int) error {
				return o.desk.Shelve(ctx, o.ben.Actor(), desk.Shelve{Name: umlauts(article.MostTitle + extra)})
			},
		} {
			if err := write(0); err != nil {
				t.Errorf("%s of as many letters as there may be: %v", what, err)
			}
			if err := write(1); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s with one more: %v", what, err)
			}
		}
	})
}

// Ben notes that an article is true while Cem writes in it: what Cem wrote stays.
func TestCheckingAnArticleKeepsWhatIsBeingWritten(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		for n := range 8 {
			e = o.edits(e.ID)
			e.Writing.Body = fmt.Sprintf("Ask for a link, then wait %d minutes.", n)
			check := func() error { return o.desk.CheckArticle(ctx, o.ben.Actor(), e.ID) }
			o.all(atOnce(check, check, check, check, check, check,
				func() error {
					_, err := o.desk.SaveArticle(ctx, o.cem.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark})
					var apart *desk.ArticleApart
					if errors.As(err, &apart) { // Ben was first; Cem is shown it and saves again
						e.Writing.Review = apart.Writing.Review
						_, err = o.desk.SaveArticle(ctx, o.cem.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: apart.Mark})
					}
					return err
				},
			))
			o.is("what Cem wrote", o.edits(e.ID).Writing.Body, e.Writing.Body)
		}
	})
}

func TestAnArticleIsCheckedAndTakenAway(t *testing.T) {
	each(t, noon, func(o *office) {
		e := o.publishes("How to sign in", "Ask for a link.")
		o.must(o.desk.CheckArticle(ctx, o.ben.Actor(), e.ID))
		if got := o.edits(e.ID); got.Checked.IsZero() || got.Review.String() != "2027-05-18" {
			t.Errorf("checked %v, to be looked at again on %v", got.Checked, got.Review)
		}
		o.must(o.desk.RetireArticle(ctx, o.ben.Actor(), e.ID, o.edits(e.ID).Mark))
		if got := o.reads(access.Actor{}, "how-to-sign-in"); got != "" {
			t.Errorf("readers still have %q", got)
		}
		if found, err := o.desk.FindHelp(ctx, access.Actor{}, 0, "link", ""); err != nil || len(found.Items) > 0 {
			t.Errorf("readers still find it: %+v, %v", found.Items, err)
		}
		e = o.edits(e.ID)
		_, err := o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: e.ID, Content: e.Writing, Was: e.Mark, Publish: true})
		o.must(err)
		if got := o.reads(access.Actor{}, "how-to-sign-in"); got != "Ask for a link." {
			t.Errorf("published again it reads %q", got)
		}
	})
}

func TestEachBrandHasItsOwnHelp(t *testing.T) {
	each(t, noon, func(o *office) {
		o.publishes("How to sign in", "Ask for a link.")
		other, err := o.desk.AddBrand(context.Background(), access.Clock, account.Brand{Name: "The Other", Slug: "other"})
		o.must(err)
		_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: other.ID, File: "p.yaml", Source: example(t, "piperocks-crm"), Reason: "the story needs it"})
		o.must(err)
		if _, err := o.desk.ReadArticle(ctx, access.Actor{}, other.ID, "how-to-sign-in"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another brand's article: %v", err)
		}
		if found, err := o.desk.FindHelp(ctx, access.Actor{}, other.ID, "link", ""); err != nil || len(found.Items) > 0 {
			t.Errorf("another brand's search finds %+v, %v", found.Items, err)
		}
	})
}
