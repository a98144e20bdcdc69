package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/community"
	"hark/desk"
	"hark/store"
	"hark/store/storetest"
)

// asked is a thread of Maria's that everybody reads.
func (o *office) asked(in desk.WritePost) int64 {
	o.t.Helper()
	id, waits, err := o.desk.WritePost(ctx, o.maria.Actor(), in)
	o.must(err)
	if waits {
		_, err = o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: id, Do: desk.ShowPost})
		o.must(err)
	}
	return id
}

func TestAStrangerReadsTheCommunityAndSignsInToWrite(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		stranger, at := o.stranger(), "/community/"+number(o.thread)
		if got := stranger.get("/community"); !got.says("Which browsers print well?", `href="`+at+`"`, "1 answer", "Maria", "Ask a question", "/requests/new") || got.says("Lopez") || got.says("@greenfund") {
			t.Errorf("the list says %s", excerpt(got.body))
		}
		if got := stranger.get("/community?q=backgruonds"); !got.says("Nothing is spelled like that", at) {
			t.Errorf("a search with a wrong letter says %s", excerpt(got.body))
		}
		if got := stranger.get("/community?show=ideas"); !got.says("Nobody has shared an idea yet") {
			t.Errorf("the ideas say %s", excerpt(got.body))
		}
		got := stranger.get(at)
		if !got.says("<strong>footer</strong>", "Ben", "our team", "to answer. We mail you a link", "/portal/code?next=%2Fcommunity%2F"+number(o.thread)+"%23answer") || got.says("For us") || got.says("Okafor") {
			t.Errorf("the thread says %s", got.body)
		}
		if got := stranger.get("/community/ask"); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/portal/code?next=") {
			t.Errorf("asking leads to %d %s", got.status, got.header.Get("Location"))
		}
	})
}

func TestSeed003_3_17_MariaAsksAndSaysWhatHelped(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.as(o.maria)
		if got := maria.get("/community/ask?kind=idea"); !got.says("Share an idea", `value="Maria"`, "Your mail address is never shown") {
			t.Errorf("the form says %s", excerpt(got.body))
		}
		if got := maria.post("/community/ask", form("kind", "question", "title", "", "body", "Words that stay.", "key", "k1")); got.status != http.StatusBadRequest || !got.says("Give it a title", "Words that stay.") {
			t.Errorf("without a title: %d %s", got.status, excerpt(got.body))
		}
		sent := maria.post("/community/ask", form("kind", "question", "title", "A second one", "body", "Words.", "name", "Maria L.", "mails", "yes", "key", "k2"))
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending it answers %d %s", sent.status, excerpt(sent.body))
		}
		at := sent.header.Get("Location")
		if got := maria.get(at); !got.says("A second one", "Maria L.", "Correct it", "Take it back") {
			t.Errorf("her page says %s", excerpt(got.body))
		}
		thread, err := o.desk.ReadThread(ctx, o.maria.Actor(), 0, o.thread, "")
		o.must(err)
		answer := "/community/posts/" + number(thread.Answers[0].ID)
		if got := maria.get("/community/" + number(o.thread)); !got.says("This helped", answer+"/accept") {
			t.Errorf("her question says %s", excerpt(got.body))
		}
		if got := maria.post(answer+"/accept", form("do", "yes")); got.status != http.StatusSeeOther {
			t.Errorf("accepting answers %d", got.status)
		}
		if got := o.stranger().get("/community/" + number(o.thread)); !got.says("The answer that helped", "Answered") {
			t.Errorf("the thread says %s", excerpt(got.body))
		}
		if got := o.stranger().get("/requests/new"); got.says("data-suggest") {
			if got := o.stranger().get("/help/suggest?q=print+backgrounds"); !got.says("/community/" + number(o.thread)) {
				t.Errorf("the form suggests %s", got.body)
			}
		}
		if got := o.stranger().get("/help?q=backgrounds"); !got.says("From other customers", "Which browsers print well?", "No article has these words") || got.says("data-missed") {
			t.Errorf("the search of the help says %s", excerpt(got.body))
		}
	})
}

// Switched off in one place, and then nowhere: no page, no link, no suggestion, nothing in the settings of articles.
func TestACommunityThatIsClosedIsOnNoPage(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	if got := ana.post("/admin/brands/1", form("do", "community-off")); got.status != http.StatusSeeOther {
		t.Fatalf("closing it answers %d", got.status)
	}
	absent := nonceless(o.stranger().get("/nothing-here").body)
	for who, v := range map[string]*visitor{"a stranger": o.stranger(), "Maria": o.as(o.maria), "Ben": o.as(o.ben), "Ana": ana} {
		for _, path := range []string{"/community", "/community.atom", "/community/ask", "/community/" + number(o.thread), "/community?q=print"} {
			if got := v.get(path); got.status != http.StatusNotFound || who == "a stranger" && nonceless(got.body) != absent {
				t.Errorf("%s at %s: %d %s", who, path, got.status, excerpt(got.body))
			}
		}
		for _, path := range []string{"/help", "/help?q=backgrounds", "/portal", "/help/suggest?q=print", "/requests/new"} {
			if got := v.get(path); got.says("/community") {
				t.Errorf("%s finds a way there at %s", who, path)
			}
		}
	}
	if got := ana.get("/articles/community"); got.status != http.StatusNotFound {
		t.Errorf("looking posts through answers %d", got.status)
	}
	if got := ana.get("/articles"); got.says("/articles/community") {
		t.Error("the articles lead there")
	}
	if got := ana.get("/admin/brands/1"); !got.says("Open a community") {
		t.Errorf("the settings say %s", excerpt(got.body))
	}
}

func TestBenLooksPostsThroughAndTurnsThem(t *testing.T) {
	o := open(t, sqlite(t))
	tomas, ben := o.as(o.tomas), o.as(o.ben)
	sent := tomas.post("/community/ask", form("kind", "question", "title", "My invoice 2211", "body", "It is wrong.", "key", "k"))
	at := sent.header.Get("Location")
	id := strings.TrimPrefix(at, "/community/")
	if got := tomas.get(at); !got.says("One of us reads it first") {
		t.Errorf("Tomas reads %s", excerpt(got.body))
	}
	if got := o.as(o.maria).get(at); got.status != http.StatusNotFound {
		t.Errorf("Maria reads it before anybody has looked: %d", got.status)
	}
	if got := ben.get("/articles"); !got.says("Community: 1 to look at") {
		t.Errorf("the articles say %s", excerpt(got.body))
	}
	if got := ben.get("/articles/community"); !got.says("My invoice 2211", "Show it to everybody", "Take it off") {
		t.Errorf("the list says %s", excerpt(got.body))
	}
	post := "/community/posts/" + id
	if got := ben.post(post+"/moderate", form("do", "hide", "reason", "", "back", "/articles/community")); got.status != http.StatusBadRequest || !got.says("Say why") {
		t.Errorf("without a reason: %d %s", got.status, excerpt(got.body))
	}
	if got := ben.post(post+"/moderate", form("do", "show", "back", "/articles/community")); got.header.Get("Location") != "/articles/community" {
		t.Errorf("showing it leads to %d %s", got.status, got.header.Get("Location"))
	}
	if got := ben.post(post+"/moderate", form("do", "keep", "back", "https://elsewhere.example/")); got.header.Get("Location") != at {
		t.Errorf("a way back to elsewhere leads to %s", got.header.Get("Location"))
	}
	made := ben.post(post+"/turn", form("do", "ticket"))
	if ticket := ben.get(made.header.Get("Location")); !ticket.says("From the community", `href="`+at+`"`, "made it of") {
		t.Errorf("the ticket says %s", excerpt(ticket.body))
	}
	request := strings.Replace(made.header.Get("Location"), "/tickets/", "/requests/", 1)
	if got := tomas.get(at); !got.says("We answer this to you alone", request) {
		t.Errorf("Tomas reads %s", excerpt(got.body))
	}
	if got := tomas.get(request); got.says("made it of") || !got.says("It is wrong.") {
		t.Errorf("his request says %s", excerpt(got.body))
	}
	if got := o.as(o.maria).get(at); got.says("/requests/") && got.says(request) {
		t.Error("Maria is told of his request")
	}
	if draft := ben.post(post+"/turn", form("do", "article")); !strings.HasPrefix(draft.header.Get("Location"), "/articles/") {
		t.Errorf("an article: %d %s", draft.status, draft.header.Get("Location"))
	}
	idea := o.asked(desk.WritePost{Kind: community.Idea, Title: "Lists as spreadsheets", Body: "I copy them."})
	if got := ben.post("/community/posts/"+number(idea)+"/turn", form("do", "join", "card", "1")); got.status != http.StatusSeeOther {
		t.Errorf("joining answers %d %s", got.status, excerpt(got.body))
	}
	if got := o.stranger().get("/community/" + number(idea)); !got.says("On our roadmap", "/roadmap#card-1", "1 person wants it") {
		t.Errorf("the idea says %s", excerpt(got.body))
	}
}

// Whatever customers write to each other, no reader's browser runs it: not in a list, a thread, a search, a feed, or where it is looked
// through.
func TestA1_WhatCustomersWriteToEachOtherIsTextEverywhere(t *testing.T) {
	o := open(t, sqlite(t))
	id := o.asked(desk.WritePost{Kind: community.Question, Title: hostile[:min(len(hostile), 150)], Body: "# Words " + hostile + "\n\n[x](javascript:canary())\n\n![x](x)\n\n" + hostile, Name: "Maria" + hostile})
	for _, a := range []access.Actor{o.tomas.Actor(), o.ben.Actor()} {
		answer, _, err := o.desk.AnswerPost(ctx, a, desk.AnswerPost{Thread: id, Body: "Answer " + hostile, Name: hostile})
		o.must(err)
		_, err = o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: answer, Do: desk.ShowPost})
		o.must(err)
		_, err = o.desk.ReportPost(ctx, o.maria.Actor(), desk.ReportPost{Post: answer, Reason: hostile})
		o.must(err)
	}
	off := o.asked(desk.WritePost{Kind: community.Question, Title: "Off", Body: hostile})
	_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: off, Do: desk.HidePost, Reason: hostile})
	o.must(err)
	shown := 0
	for _, v := range []*visitor{o.stranger(), o.as(o.maria), o.as(o.ben)} {
		for _, path := range []string{"/community", "/community?q=canary", "/help?q=canary", "/community/" + number(id), "/community/" + number(off), "/articles/community?show=reported", "/articles/community?show=hidden", "/articles/community"} {
			got := v.get(path)
			runs, n := inert(got.body)
			if shown += n; runs != "" {
				t.Errorf("%s: %s", path, runs)
			}
		}
	}
	if shown < 10 {
		t.Errorf("the hostile words are shown %d times; they do not reach the pages", shown)
	}
	if feed := o.stranger().get("/community.atom"); feed.status != http.StatusOK || strings.Contains(feed.body, "<script") {
		t.Errorf("the feed holds a script: %s", feed.body)
	}
}

// What waits, what was taken off and what was taken back answers like what never was.
func TestI3_APostThatIsNotForAReaderIsNotThere(t *testing.T) {
	o := open(t, sqlite(t))
	off := o.asked(desk.WritePost{Kind: community.Question, Title: "Zebra", Body: "Words."})
	o.unchangedUntil("/community.atom", "Zebra", func() {
		_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: off, Do: desk.HidePost, Reason: "Twice."})
		o.must(err)
	})
	waiting, _, err := o.desk.WritePost(ctx, o.tomas.Actor(), desk.WritePost{Kind: community.Question, Title: "Zebra", Body: "Words."})
	o.must(err)
	stranger := o.stranger()
	absent := nonceless(stranger.get("/community/999999").body)
	for _, id := range []int64{off, waiting} {
		if got := stranger.get("/community/" + number(id)); got.status != http.StatusNotFound || nonceless(got.body) != absent {
			t.Errorf("%d answers %d", id, got.status)
		}
	}
	for _, path := range []string{"/community", "/community?q=zebra", "/help?q=zebra", "/community.atom"} {
		if got := stranger.get(path); got.says("Zebra") {
			t.Errorf("%s tells of it", path)
		}
	}
	if got := o.as(o.maria).get("/community/" + number(off)); !got.says("We have taken this off.", "Twice.") {
		t.Errorf("its author reads %d %s", got.status, excerpt(got.body))
	}
}

// One press in a mail program ends the mails about answers, without a cookie; looking at the link ends nothing.
func TestI7_OnePressEndsTheMailsAboutAnswers(t *testing.T) {
	o := open(t, sqlite(t))
	var token string
	for _, raw := range o.mails() {
		if _, rest, found := strings.Cut(string(unfolded(raw)), "/community/end/"); found {
			token = strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("> \r\n", r) })[0]
		}
	}
	if token == "" {
		t.Fatal("no mail about Ben's answer has a link that ends it")
	}
	stranger := o.stranger()
	for range 2 {
		if got := stranger.get("/community/end/" + token); got.status != http.StatusOK || !got.says("End these mails?") {
			t.Errorf("the link shows %d %s", got.status, excerpt(got.body))
		}
	}
	if got := stranger.post("/community/end/"+token, form("List-Unsubscribe", "One-Click")); !got.says("These mails are ended") {
		t.Errorf("pressing it answers %d %s", got.status, excerpt(got.body))
	}
	if got := stranger.post("/community/end/"+token, form("List-Unsubscribe", "One-Click")); got.status != http.StatusNotFound {
		t.Errorf("pressing it again answers %d", got.status)
	}
}

// Whoever signs in to answer comes to the thread, and to nothing that is not ours.
func TestSigningInLeadsOnToTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		stranger, at := o.stranger(), "/community/"+number(o.thread)
		if got := stranger.get("/portal/code?next=%2Fcommunity%2F" + number(o.thread) + "%23answer"); !got.says(`name="next" value="` + at + `#answer"`) {
			t.Errorf("the form forgets where one was going: %s", excerpt(got.body))
		}
		for next, want := range map[string]string{at + "#answer": at + "#answer", "//evil.example/": "/", "https://evil.example/": "/", "": "/"} {
			o.clock.Pass(61 * time.Minute) // as often as one can ask within the hour
			if got := stranger.post("/portal/code", form("email", o.maria.Email, "next", next)); !got.says("Look into your mail") {
				t.Errorf("asking for a link answers %d %s", got.status, excerpt(got.body))
			}
			link := o.lastSignIn(o.maria.Email)
			got := stranger.get(link)
			if !got.says(`action="` + html.EscapeString(link) + `"`) {
				t.Errorf("the page behind %s says %s", link, excerpt(got.body))
			}
			if got := o.stranger().post(link, form()); got.status != http.StatusSeeOther || got.header.Get("Location") != want {
				t.Errorf("going to %q one comes to %d %q", next, got.status, got.header.Get("Location"))
			}
		}
		if got := o.as(o.maria).get("/portal/code?next=%2Fcommunity"); got.header.Get("Location") != "/community" {
			t.Errorf("who is signed in is asked again: %d", got.status)
		}
		altered := "/sign-in/link/" + nobodysToken + "?next=https%3A%2F%2Fevil.example"
		if got := stranger.get(altered); got.says("evil.example") {
			t.Error("a link somebody made up leads elsewhere")
		}
	})
}

// What somebody wrote while the thread was closed, or for longer than an hour, is refused with the reason and kept to copy.
func TestWordsForAThreadThatWasClosedAreKept(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.as(o.maria)
		asked := o.asked(desk.WritePost{Kind: community.Question, Title: "Another printer?", Body: "Which one do you have?", Key: "q"})
		_, err := o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: o.thread, Do: desk.LockPost})
		o.must(err)
		got := maria.post("/community/posts/"+number(o.thread)+"/answer", form("body", "Firefox prints it well.", "key", "a"))
		if got.status != http.StatusUnprocessableEntity || !got.says("Nobody can answer here any more", "What you wrote, to copy", "Firefox prints it well.") {
			t.Errorf("an answer to a closed thread: %d %s", got.status, excerpt(got.body))
		}
		o.clock.Pass(61 * time.Minute)
		got = o.as(o.maria).post("/community/posts/"+number(asked)+"/correct", form("title", "Another printer?", "body", "Which one do all of you have?"))
		if got.status != http.StatusUnprocessableEntity || !got.says("An hour has passed", "What you wrote, to copy", "Which one do all of you have?") {
			t.Errorf("a correction after an hour: %d %s", got.status, excerpt(got.body))
		}
	})
}

// lastSignIn is the link in the newest mail that signs somebody in, from its path on.
func (o *office) lastSignIn(email string) string {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{})
	o.must(err)
	for _, m := range out.Items {
		_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
		o.must(err)
		if found := signInPath.Find(unfolded(raw)); m.To == email && found != nil {
			return string(found)
		}
	}
	o.t.Fatalf("no mail to %s holds a sign-in link", email)
	return ""
}

var signInPath = regexp.MustCompile(`/sign-in/link/[^\s<>]+`)

// The policy page leads to the community it speaks of, while the brand has it switched on, and to nowhere otherwise.
func TestThePolicyPageLeadsToTheCommunity(t *testing.T) {
	o := open(t, sqlite(t))
	o.under("piperocks-crm")
	for _, on := range []bool{true, false} {
		o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), 1, on))
		page := o.stranger().get("/support/policy")
		page.reads(t, "A forum where users help each other.")
		if strings.Contains(page.body, `<a href="/community">A forum where users help each other.</a>`) != on {
			t.Errorf("with the community on %v the page says %s", on, page.body)
		}
	}
}

// A thread whose answer that helped cannot be read any more is there all the same, as one that nobody has answered well.
func TestAThreadOutlivesTheAnswerThatHelped(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.as(o.maria)
		thread, err := o.desk.ReadThread(ctx, o.maria.Actor(), 0, o.thread, "")
		o.must(err)
		id := thread.Answers[0].ID
		leads(t, maria.post("/community/posts/"+number(id)+"/accept", form("do", "yes")), "/community/"+number(o.thread)+"#post-"+number(id))
		storetest.Write(t, o.db, func(tx *store.Tx) error { // as it was kept before taking an answer off said that it helps nobody
			p, err := tx.PostForUpdate(o.ben.Actor(), 1, id)
			if err != nil {
				return err
			}
			p.State, p.Reason = community.Hidden, "Wrong."
			return tx.SavePost(&p)
		})
		got := o.stranger().get("/community/" + number(o.thread))
		if got.status != http.StatusOK || !got.says("Which browsers print well?") || got.says("The answer that helped", "Answered") {
			t.Errorf("a stranger gets %d %s", got.status, excerpt(got.body))
		}
		if got := o.as(o.ben).get("/community/" + number(o.thread)); !got.says("The answer that helped", "We have taken this off.") {
			t.Errorf("Ben reads %s", excerpt(got.body))
		}
	})
}

// Whoever asks for a fresh link, because theirs has ended, still comes to where they were going, and to nothing that is not ours (H10).
func TestH10_AFreshLinkLeadsOnToThePageOfTheOldOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := "/community/" + number(o.thread)
		for next, want := range map[string]string{at: at, "//evil.example/": "/", "https://evil.example/": "/", `/\evil.example`: "/"} {
			o.clock.Pass(61 * time.Minute)
			stranger := o.stranger()
			stranger.post("/portal/code", form("email", o.maria.Email, "next", at))
			link, _, _ := strings.Cut(o.lastSignIn(o.maria.Email), "?")
			o.clock.Pass(11 * time.Minute)
			ended := stranger.post(link+"?"+url.Values{"next": {next}}.Encode(), form())
			if ended.status != http.StatusNotFound || strings.Contains(ended.body, "evil.example") {
				t.Errorf("the link that has ended, on the way to %q, answers %d %s", next, ended.status, excerpt(ended.body))
			}
			if got := fieldOf(ended.body, "next"); got != want {
				t.Errorf("its page leads on to %q, want %q", got, want)
			}
			if sent := stranger.post("/links/fresh", form("link", link, "next", next)); !sent.says("Look into your mail") || strings.Contains(sent.body, "evil.example") {
				t.Errorf("asking for a fresh one answers %s", excerpt(sent.body))
			}
			if got := o.stranger().post(o.lastSignIn(o.maria.Email), form()); got.header.Get("Location") != want {
				t.Errorf("on the way to %q the fresh link leads to %q, want %q", next, got.header.Get("Location"), want)
			}
		}
	})
}
