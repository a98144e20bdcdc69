package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/community"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// together opens the community, and makes Maria and Jonas customers who can sign in.
func (o *office) together() (maria, jonas access.Actor) {
	o.t.Helper()
	o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), o.brand.ID, true))
	o.asks(`Maria Lopez <maria@greenfund.example>`, "Hello")
	o.asks(`Jonas Weber <jonas@greenfund.example>`, "Hello")
	return o.customer("maria@"), o.customer("jonas@")
}

// puts is a question of somebody's that everybody reads: Ben looks at it when it waits.
func (o *office) puts(a access.Actor, title, body string) int64 {
	return o.postsOf(a, desk.WritePost{Kind: community.Question, Title: title, Body: body, Mails: true})
}

func (o *office) postsOf(a access.Actor, in desk.WritePost) int64 {
	o.t.Helper()
	id, waits, err := o.desk.WritePost(ctx, a, in)
	o.must(err)
	o.lets(id, waits)
	return id
}

// answersPost is an answer that everybody reads.
func (o *office) answersPost(a access.Actor, thread int64, body string) int64 {
	o.t.Helper()
	id, waits, err := o.desk.AnswerPost(ctx, a, desk.AnswerPost{Thread: thread, Body: body})
	o.must(err)
	o.lets(id, waits)
	return id
}

func (o *office) lets(id int64, waits bool) {
	o.t.Helper()
	if waits {
		o.judges(id, desk.ShowPost, "")
	}
}

func (o *office) judges(id int64, do desk.Moderation, reason string) {
	o.t.Helper()
	_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: id, Do: do, Reason: reason})
	o.must(err)
}

// thread is a thread as somebody has it, one line for each post: the answer that helped first.
func (o *office) thread(a access.Actor, id int64) string {
	o.t.Helper()
	t, err := o.desk.ReadThread(ctx, a, 0, id, "")
	if fault.Is(err, fault.NotFound) {
		return "nothing"
	}
	o.must(err)
	line := func(mark string, s desk.Said) string {
		says := mark + s.Name + ": " + s.Text.Plain
		if s.Staff {
			says += " (team)"
		}
		if s.State != community.Shown {
			says += " (" + string(s.State) + strings.TrimRight(" "+s.Reason, " ") + ")"
		}
		return says + "\n"
	}
	said := line(t.Title+", ", t.Said)
	if t.Accepted != nil {
		said += line("* ", *t.Accepted)
	}
	for _, s := range t.Answers {
		said += line("- ", s)
	}
	return strings.TrimSpace(said)
}

// listed are the titles of a list of threads.
func (o *office) listed(standing community.Standing) string {
	o.t.Helper()
	page, err := o.desk.Threads(ctx, access.Actor{}, store.ThreadFilter{Standing: standing})
	o.must(err)
	var titles []string
	for _, p := range page.Items {
		titles = append(titles, p.Title)
	}
	return strings.Join(titles, ", ")
}

// Seed 003, 3.17: customers ask each other, and the answer that helped stands first.
func TestSeed003_3_17_CustomersAskEachOther(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id, waits, err := o.desk.WritePost(ctx, maria, desk.WritePost{Kind: community.Question, Title: "How do you print?", Body: "Ours leaves the **footer** out.", Mails: true})
		o.must(err)
		if !waits {
			t.Error("Maria's first post does not wait")
		}
		o.is("before somebody has looked", o.thread(access.Actor{}, id)+", "+o.thread(jonas, id)+", listed "+o.listed(""), "nothing, nothing, listed")
		o.is("for Maria", o.thread(maria, id), "How do you print?, Maria: Ours leaves the footer out. (waiting)")
		o.judges(id, desk.ShowPost, "")
		o.is("listed", o.listed("")+" / "+o.listed(community.Unanswered)+" / "+o.listed(community.Answered), "How do you print? / How do you print? /")

		first := o.answersPost(jonas, id, "With backgrounds.")
		o.answersPost(o.ben.Actor(), id, "Jonas is right.")
		_, err = o.desk.AcceptAnswer(ctx, maria, 0, first, false)
		o.must(err)
		o.is("for everybody", o.thread(access.Actor{}, id), "How do you print?, Maria: Ours leaves the footer out.\n* Jonas: With backgrounds.\n- Ben: Jonas is right. (team)")
		o.is("listed", o.listed(community.Unanswered)+" / "+o.listed(community.Answered), "/ How do you print?")
		_, err = o.desk.AcceptAnswer(ctx, maria, 0, first, true)
		o.must(err)
		o.is("after all", o.listed(community.Unanswered), "How do you print?")
		if _, waits, err := o.desk.AnswerPost(ctx, jonas, desk.AnswerPost{Thread: id, Body: "See https://a.example, https://b.example and https://c.example."}); err != nil || !waits {
			t.Errorf("an answer that leads to three places is read at once (%v)", err)
		}
	})
}

// Where it is closed, everything answers as if it were not there, for everybody, and what was written stays.
func TestACommunityThatIsClosedIsNowhere(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, _ := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		answer := o.answersPost(o.ben.Actor(), id, "With backgrounds.")
		if err := o.desk.OpenCommunity(ctx, o.ben.Actor(), o.brand.ID, false); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Ben closes it: %v", err)
		}
		o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), o.brand.ID, false))
		for who, a := range map[string]access.Actor{"Maria": maria, "Ben": o.ben.Actor(), "Ana": o.ana.Actor()} {
			for what, act := range o.communityActs(a, id, answer) {
				if err := act(); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s may %s: %v", who, what, err)
				}
			}
		}
		if found, err := o.desk.ThreadsBeside(ctx, maria, 0, "print", false); err != nil || len(found.Items) > 0 {
			t.Errorf("a search finds %+v, %v", found.Items, err)
		}
		o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), o.brand.ID, true))
		o.is("opened again", o.thread(access.Actor{}, id), "How do you print?, Maria: Ours leaves the footer out.\n- Ben: With backgrounds. (team)")
	})
}

// communityActs are all verbs of the community on a thread of Maria's with an answer of Ben's.
func (o *office) communityActs(a access.Actor, thread, answer int64) map[string]func() error {
	return map[string]func() error{
		"list": func() error { _, err := o.desk.Threads(ctx, a, store.ThreadFilter{}); return err },
		"find": func() error { _, err := o.desk.FindThreads(ctx, a, 0, "print", ""); return err },
		"read": func() error { _, err := o.desk.ReadThread(ctx, a, 0, thread, ""); return err },
		"ask": func() error {
			_, _, err := o.desk.WritePost(ctx, a, desk.WritePost{Kind: community.Idea, Title: "T", Body: "B"})
			return err
		},
		"answer": func() error {
			_, _, err := o.desk.AnswerPost(ctx, a, desk.AnswerPost{Thread: thread, Body: "B"})
			return err
		},
		"correct": func() error {
			_, err := o.desk.CorrectPost(ctx, a, desk.CorrectPost{Post: thread, Title: "T", Body: "B"})
			return err
		},
		"undo":   func() error { _, err := o.desk.TakeBackPost(ctx, a, 0, thread); return err },
		"accept": func() error { _, err := o.desk.AcceptAnswer(ctx, a, 0, answer, false); return err },
		"want":   func() error { return o.desk.WantIdea(ctx, a, 0, thread, false) },
		"report": func() error { _, err := o.desk.ReportPost(ctx, a, desk.ReportPost{Post: thread}); return err },
		"moderate": func() error {
			_, err := o.desk.ModeratePost(ctx, a, desk.ModeratePost{Post: thread, Do: desk.LockPost})
			return err
		},
		"look":    func() error { _, _, err := o.desk.PostPile(ctx, a, 0, "", ""); return err },
		"ticket":  func() error { _, err := o.desk.TicketOfPost(ctx, a, 0, thread); return err },
		"article": func() error { _, err := o.desk.ArticleOfPost(ctx, a, 0, thread); return err },
		"join":    func() error { return o.desk.JoinIdea(ctx, a, desk.JoinIdea{Post: thread}) },
	}
}

// Who may not is refused, and what somebody else wrote is not theirs to change.
func TestB6_WhatSomebodyElseWroteIsNotTheirsToChange(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		answer := o.answersPost(o.ben.Actor(), id, "With backgrounds.")
		light := o.hire("dora@agency.example", "Dora Lind", access.Light).Actor()
		link := access.Actor{Person: jonas.Person, Role: access.Customer, Ticket: 1}
		for who, a := range map[string]access.Actor{"a stranger": {}, "Jonas": jonas, "a light agent": light, "a link": link} {
			before := o.thread(maria, id)
			for what, act := range o.communityActs(a, id, answer) {
				free := what == "list" || what == "find" || what == "read" || who == "Jonas" && (what == "ask" || what == "answer" || what == "report")
				if err := act(); (err == nil) != free {
					t.Errorf("%s and %s: %v", who, what, err)
				}
			}
			o.is("after "+who, o.thread(maria, id), before)
		}
	})
}

// An author hears of each answer once, however often it is taken off and shown again, and one press ends it.
func TestTheAuthorHearsOfAnAnswerOnce(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		waiting, waits, err := o.desk.AnswerPost(ctx, jonas, desk.AnswerPost{Thread: id, Body: "With SECRET backgrounds."})
		o.must(err)
		if mails := o.byTemplate("community-answer"); !waits || len(mails) != 0 {
			t.Fatalf("%d mails about an answer that waits", len(mails))
		}
		o.judges(waiting, desk.ShowPost, "")
		o.judges(waiting, desk.HidePost, "Please say it in other words.")
		o.judges(waiting, desk.ShowPost, "")
		o.answersPost(maria, id, "Thank you.") // her own
		mails := o.byTemplate("community-answer")
		if len(mails) != 1 {
			t.Fatalf("%d mails, want one", len(mails))
		}
		letter := o.read(mails[0])
		link := "https://agency.example/community/" + fmt.Sprint(id) + "#post-" + fmt.Sprint(waiting)
		if letter.to != "maria@greenfund.example" || !strings.Contains(letter.text, "Jonas has answered") || !strings.Contains(letter.text, link) || strings.Contains(letter.text, "SECRET") {
			t.Errorf("the mail to %s says %s", letter.to, letter.text)
		}
		_, rest, _ := strings.Cut(letter.text, "/community/end/")
		token := strings.Fields(rest)[0]
		if !strings.Contains(string(letter.raw), "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
			t.Error("mail programs are not told how to end it")
		}
		says := map[string]bool{}
		for _, wrong := range []string{token[1:], token + "A", "", "x"} {
			err := o.desk.EndAnswersByLink(ctx, wrong)
			says[fault.Says(err)] = true
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%q ends something: %v", wrong, err)
			}
		}
		o.must(o.desk.EndAnswersByLink(ctx, token))
		says[fault.Says(o.desk.EndAnswersByLink(ctx, token))] = true
		if len(says) != 1 {
			t.Errorf("dead links are told apart: %v", says)
		}
		o.answersPost(o.ben.Actor(), id, "Jonas is right.")
		if mails := o.byTemplate("community-answer"); len(mails) != 1 {
			t.Errorf("%d mails after it was ended", len(mails))
		}
	})
}

func TestAPostIsCorrectedWithinAnHourAndTakenBackBeforeAnAnswer(t *testing.T) {
	each(t, "2026-11-17 12:00", func(o *office) {
		maria, jonas := o.together()
		o.puts(maria, "Earlier", "So that she is known.")
		id := o.puts(maria, "How do you prnt?", "Ours leaves the footer out.")
		correct := func(body string) (community.Post, error) {
			return o.desk.CorrectPost(ctx, maria, desk.CorrectPost{Post: id, Title: "How do you print?", Body: body})
		}
		p, err := correct("Ours leaves the header out.")
		o.must(err)
		if p.State != community.Shown || p.Corrected.IsZero() {
			t.Errorf("corrected it is %+v", p)
		}
		o.is("corrected", o.thread(jonas, id), "How do you print?, Maria: Ours leaves the header out.")
		p, err = correct("https://a.example https://b.example https://c.example")
		o.must(err)
		o.is("with three addresses", string(p.State)+", "+o.thread(jonas, id), "waiting, nothing")
		o.judges(id, desk.ShowPost, "")
		o.at("2026-11-17 13:00")
		if _, err := correct("Something else."); !fault.Is(err, fault.Refused) {
			t.Errorf("after an hour: %v", err)
		}
		answer := o.answersPost(jonas, id, "With backgrounds.")
		if _, err := o.desk.TakeBackPost(ctx, maria, 0, id); !fault.Is(err, fault.Refused) {
			t.Errorf("Maria takes back what Jonas has answered: %v", err)
		}
		_, err = o.desk.AcceptAnswer(ctx, maria, 0, answer, false)
		o.must(err)
		_, err = o.desk.TakeBackPost(ctx, jonas, 0, answer)
		o.must(err)
		o.is("without Jonas", o.listed(community.Answered)+" / "+fmt.Sprint(strings.Contains(o.thread(o.ana.Actor(), id), "Jonas")), "/ false")
		_, err = o.desk.TakeBackPost(ctx, maria, 0, id)
		o.must(err)
		o.is("taken back", o.thread(maria, id)+", "+o.thread(o.ana.Actor(), id), "nothing, nothing")
	})
}

// What is reported stays until somebody has looked; what is taken off has a reason, which its author reads and nobody else does.
func TestSomebodyLooksPostsThrough(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		bad := o.answersPost(jonas, id, "Buy my printers.")
		pile := func(which string) string {
			said, _, err := o.desk.PostPile(ctx, o.ben.Actor(), 0, which, "")
			o.must(err)
			var all []string
			for _, s := range said {
				all = append(all, s.Title+": "+s.Text.Plain+fmt.Sprint(len(s.Reports)))
			}
			n, err := o.desk.PostsToLookAt(ctx, o.ben.Actor(), 0)
			o.must(err)
			return strings.Join(all, ", ") + " of " + n.String()
		}
		for range 2 {
			_, err := o.desk.ReportPost(ctx, maria, desk.ReportPost{Post: bad, Reason: "It sells something."})
			o.must(err)
		}
		o.is("reported", pile(store.PostsReported), "How do you print?: Buy my printers.1 of 1")
		o.is("it stays", fmt.Sprint(strings.Contains(o.thread(access.Actor{}, id), "printers")), "true")
		o.judges(bad, desk.KeepPost, "")
		o.is("looked at", pile(store.PostsReported), "of 0")

		_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: bad, Do: desk.HidePost})
		if desk.MisfilledField(err) != "reason" {
			t.Errorf("taken off without a reason: %v", err)
		}
		o.judges(bad, desk.HidePost, "It sells something.")
		o.is("for everybody", o.thread(access.Actor{}, id)+" / "+o.thread(maria, id), "How do you print?, Maria: Ours leaves the footer out. / How do you print?, Maria: Ours leaves the footer out.")
		o.is("for Jonas", o.thread(jonas, id), "How do you print?, Maria: Ours leaves the footer out.\n- Jonas: Buy my printers. (hidden It sells something.)")
		if _, waits, err := o.desk.AnswerPost(ctx, jonas, desk.AnswerPost{Thread: id, Body: "Sorry."}); err != nil || !waits {
			t.Errorf("whoever had a post taken off is read at once (%v)", err)
		}
		o.is("waiting", pile(store.PostsWaiting), "How do you print?: Sorry.0 of 1")
		o.judges(bad, desk.ShowPost, "")
		o.is("restored", fmt.Sprint(strings.Contains(o.thread(access.Actor{}, id), "printers")), "true")

		o.judges(id, desk.LockPost, "")
		if _, _, err := o.desk.AnswerPost(ctx, maria, desk.AnswerPost{Thread: id, Body: "More."}); !fault.Is(err, fault.Refused) {
			t.Errorf("an answer in a locked thread: %v", err)
		}
	})
}

// A post becomes its author's ticket, once, and each leads to the other.
func TestAPostBecomesATicket(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "My invoice 2211", "It is wrong.")
		made, err := o.desk.TicketOfPost(ctx, o.ben.Actor(), 0, id)
		o.must(err)
		again, err := o.desk.TicketOfPost(ctx, o.cem.Actor(), 0, id)
		o.must(err)
		page := o.sees(o.ben.Actor(), made)
		if again != made || page.Ticket.Requester.ID != maria.Person || page.Ticket.Subject != "My invoice 2211" || page.Ticket.Channel != "community" || !strings.Contains(page.Comments[0].Text, "It is wrong.") {
			t.Errorf("made %d and %d: %+v", made, again, page.Ticket)
		}
		from, err := o.desk.FromCommunity(ctx, o.ben.Actor(), made)
		o.must(err)
		seen, err := o.desk.ReadThread(ctx, maria, 0, id, "")
		o.must(err)
		if from.ID != id || seen.Ticket != made {
			t.Errorf("the ticket leads to %d, the post to %d", from.ID, seen.Ticket)
		}
		if _, err := o.desk.TicketPage(ctx, jonas, made); !fault.Is(err, fault.NotFound) {
			t.Errorf("Jonas reads Maria's ticket: %v", err)
		}
		team := o.answersPost(o.ben.Actor(), id, "We look into it.")
		if _, err := o.desk.TicketOfPost(ctx, o.ben.Actor(), 0, team); !fault.Is(err, fault.Refused) {
			t.Errorf("a ticket of a colleague's words: %v", err)
		}
	})
}

func TestAThreadBecomesADraftOfAnArticle(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		answer := o.answersPost(jonas, id, "With backgrounds.")
		_, err := o.desk.AcceptAnswer(ctx, maria, 0, answer, false)
		o.must(err)
		made, err := o.desk.ArticleOfPost(ctx, o.ben.Actor(), 0, id)
		o.must(err)
		again, err := o.desk.ArticleOfPost(ctx, o.ben.Actor(), 0, id)
		o.must(err)
		e := o.edits(made)
		o.is("the draft", e.Writing.Title+": "+e.Writing.Body, "How do you print?: Ours leaves the footer out.\n\nWith backgrounds.")
		if again != made || o.reads(access.Actor{}, "how-do-you-print") != "" {
			t.Errorf("made %d and %d, and readers have it", made, again)
		}
	})
}

// Whoever wrote an idea, wants it, voted for its card and wrote a ticket about it is one person who wants the card.
func TestAnIdeaOnTheRoadmapCountsEachPersonOnce(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		maria, jonas := o.together()
		idea := o.postsOf(maria, desk.WritePost{Kind: community.Idea, Title: "Lists as spreadsheets", Body: "I copy them line by line."})
		wants := func() string {
			thread, err := o.desk.ReadThread(ctx, jonas, 0, idea, "")
			o.must(err)
			return fmt.Sprint(thread.Wants, thread.Wanted)
		}
		for range 2 {
			o.must(o.desk.WantIdea(ctx, jonas, 0, idea, false))
		}
		o.must(o.desk.WantIdea(ctx, maria, 0, idea, false)) // she wrote it
		o.is("wanted", wants(), "2 true")
		card, ticket := o.plans("Lists as spreadsheets"), o.wish("Maria Lopez <maria@greenfund.example>", "Lists as spreadsheets")
		o.must(o.desk.Vote(ctx, jonas, desk.Vote{Brand: o.brand.ID, Card: card}))
		_, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: ticket, Card: card})
		o.must(err)
		o.must(o.desk.JoinIdea(ctx, o.ben.Actor(), desk.JoinIdea{Post: idea, Card: card}))
		o.is("the card", fmt.Sprint(o.cardOf(card).Card.Asking), "2")
		var people []string
		for _, p := range o.cardOf(card).Asking {
			people = append(people, fmt.Sprint(p.Person.Name, " ", p.Ticket != 0))
		}
		o.is("the people behind it", strings.Join(people, ", "), "Maria Lopez false, Maria Lopez true, Jonas Weber false")
		o.must(o.desk.WantIdea(ctx, jonas, 0, idea, true))
		o.must(o.desk.Vote(ctx, jonas, desk.Vote{Brand: o.brand.ID, Card: card, Back: true}))
		o.is("without Jonas", fmt.Sprint(o.cardOf(card).Card.Asking), "1")
		o.judges(idea, desk.HidePost, "Twice.")
		_, err = o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: ticket, Leave: true})
		o.must(err)
		o.is("taken off", fmt.Sprint(o.cardOf(card).Card.Asking), "0")
		question := o.puts(maria, "A question", "It is none.")
		if err := o.desk.JoinIdea(ctx, o.ben.Actor(), desk.JoinIdea{Post: question, Card: card}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a question on the roadmap: %v", err)
		}
	})
}

// "A new card" pressed twice, by one or by two, is one card on the public roadmap (D7).
func TestD7_AnIdeaBecomesOneCard(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		maria, _ := o.together()
		idea := o.postsOf(maria, desk.WritePost{Kind: community.Idea, Title: "Lists by mail", Body: "Please."})
		for _, who := range []account.Person{o.ana, o.ana, o.ben} {
			o.must(o.desk.JoinIdea(ctx, who.Actor(), desk.JoinIdea{Post: idea}))
		}
		o.is("the roadmap", o.columns(0), "Considered: Lists by mail (1)")
		o.must(o.desk.JoinIdea(ctx, o.ana.Actor(), desk.JoinIdea{Post: idea, Leave: true}))
		o.must(o.desk.JoinIdea(ctx, o.ana.Actor(), desk.JoinIdea{Post: idea}))
		o.is("taken away first, it is another one", o.columns(0), "Considered: Lists by mail (1)\nConsidered: Lists by mail (0)")
	})
}

// Ben and Cem clear the pile of one thread together: every answer is shown, and the thread is found by the words of each. What Maria
// accepts while it is taken off helps nobody, and her thread stays readable.
func TestTwoColleaguesLookThroughOneThreadAtOnce(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		thread := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		words := []string{"aubergine", "bergamot", "cardamom", "dragonfruit", "elderflower", "fenugreek", "gooseberry", "horseradish"}
		var answers []int64
		for _, word := range words {
			id, _, err := o.desk.AnswerPost(ctx, jonas, desk.AnswerPost{Thread: thread, Body: "We print on " + word + " paper."})
			o.must(err)
			answers = append(answers, id)
		}
		var decisions []func() error
		for i, id := range answers {
			who := []account.Person{o.ben, o.cem}[i%2].Actor()
			decisions = append(decisions, func() error {
				_, err := o.desk.ModeratePost(ctx, who, desk.ModeratePost{Post: id, Do: desk.ShowPost})
				return err
			})
		}
		o.all(atOnce(decisions...))
		for _, word := range words {
			found, err := o.desk.FindThreads(ctx, access.Actor{}, 0, word, "")
			o.must(err)
			if len(found.Items) != 1 {
				t.Errorf("%s finds %d threads", word, len(found.Items))
			}
		}
		for _, id := range answers {
			hide := func() error {
				_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: id, Do: desk.HidePost, Reason: "Not about this."})
				return err
			}
			accept := func() error {
				if _, err := o.desk.AcceptAnswer(ctx, maria, 0, id, false); !fault.Is(err, fault.NotFound) {
					return err
				}
				return nil // it was taken off before
			}
			o.all(atOnce(hide, accept))
			read, err := o.desk.ReadThread(ctx, access.Actor{}, 0, thread, "")
			o.must(err)
			if read.Post.Accepted != 0 {
				t.Fatalf("an answer that was taken off is the one that helped")
			}
		}
	})
}

// Who writes is known by a name and never by an address (I2).
func TestI2_ACommunityTellsNamesAndNoAddresses(t *testing.T) {
	each(t, noon, func(o *office) {
		_, _ = o.together()
		o.asks("nameless@greenfund.example", "Hello")
		nobody := o.customer("nameless@")
		for chosen, want := range map[string]string{"": "A reader", "nameless@greenfund.example": "A reader", "Nell from the bakery": "Nell from the bakery"} {
			id := o.postsOf(nobody, desk.WritePost{Kind: community.Question, Title: "T", Body: "B", Name: chosen})
			thread, err := o.desk.ReadThread(ctx, access.Actor{}, 0, id, "")
			o.must(err)
			if thread.Name != want && !(chosen != "Nell from the bakery" && thread.Name == "Nell from the bakery") {
				t.Errorf("chose %q and is known as %q", chosen, thread.Name)
			}
		}
		id := o.puts(nobody, "T", "B")
		_, _, err := o.desk.AnswerPost(ctx, o.ben.Actor(), desk.AnswerPost{Thread: id, Body: "B", Name: "The boss"})
		o.must(err)
		o.is("Ben", fmt.Sprint(strings.Contains(o.thread(access.Actor{}, id), "- Ben: B (team)")), "true")
	})
}

// One person can put so much to others in an hour, and no more (D6).
func TestD6_OnePersonCannotFloodACommunity(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, _ := o.together()
		var err error
		written := 0
		for n := 0; n < 30 && err == nil; n++ {
			if _, _, err = o.desk.WritePost(ctx, maria, desk.WritePost{Kind: community.Question, Title: "T", Body: "B", Remote: fmt.Sprintf("192.0.2.%d", n)}); err == nil {
				written++
			}
		}
		if written != 20 || !fault.Is(err, fault.TooMany) {
			t.Errorf("%d posts, then %v", written, err)
		}
	})
}

// The same form, sent twice, is one post (D7).
func TestD7_AFormOfTheCommunityCountsOnce(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, _ := o.together()
		in := desk.WritePost{Kind: community.Question, Title: "T", Body: "B", Key: "form"}
		first, _, err := o.desk.WritePost(ctx, maria, in)
		o.must(err)
		second, _, err := o.desk.WritePost(ctx, maria, in)
		o.must(err)
		if first != second {
			t.Errorf("two posts, %d and %d", first, second)
		}
	})
}

// A search finds what everybody may read of one brand, by words of its answers too, and forgives a letter.
func TestACommunityIsSearched(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, jonas := o.together()
		id := o.puts(maria, "How do you print?", "Ours leaves the footer out.")
		answer := o.answersPost(jonas, id, "Switch the backgrounds on.")
		off := o.puts(maria, "Backgrounds again", "Words.")
		o.judges(off, desk.HidePost, "Twice.")
		other, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Elsewhere", Slug: "elsewhere"})
		o.must(err)
		o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), other.ID, true))
		find := func(brand int64, text string, answered bool) string {
			found, err := o.desk.ThreadsBeside(ctx, access.Actor{}, brand, text, answered)
			o.must(err)
			var titles []string
			for _, f := range found.Items {
				titles = append(titles, f.Title)
			}
			return strings.Join(titles, ", ")
		}
		o.is("by a word of an answer", find(0, "backgrounds", false), "How do you print?")
		o.is("with a wrong letter", find(0, "backgruonds footer", false)+find(0, "backgrounfs", false), "How do you print?How do you print?")
		o.is("elsewhere", find(other.ID, "backgrounds", false), "")
		o.is("before it is answered", find(0, "backgrounds", true), "")
		_, err = o.desk.AcceptAnswer(ctx, maria, 0, answer, false)
		o.must(err)
		o.is("answered", find(0, "backgrounds", true), "How do you print?")
		o.judges(answer, desk.HidePost, "Wrong.")
		o.is("without the answer", find(0, "backgrounds", false), "")
		o.must(o.db.Reindex(ctx))
		o.is("indexed again", find(0, "footer", false), "How do you print?")
	})
}

// A page of a list ends where the next begins, and nothing is shown twice.
func TestThreadsArePaged(t *testing.T) {
	each(t, noon, func(o *office) {
		maria, _ := o.together()
		for n := range 7 {
			o.puts(maria, fmt.Sprint("Question ", n), "B")
		}
		var seen []string
		for after, more := "", true; more; more = after != "" {
			page, err := o.desk.Threads(ctx, access.Actor{}, store.ThreadFilter{After: after, Limit: 3})
			o.must(err)
			for _, p := range page.Items {
				seen = append(seen, strings.TrimPrefix(p.Title, "Question "))
			}
			after = page.Next
		}
		o.is("all of them", strings.Join(seen, " "), "6 5 4 3 2 1 0")
		if _, err := o.desk.Threads(ctx, access.Actor{}, store.ThreadFilter{Standing: "nothing"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a list that is none: %v", err)
		}
	})
}
