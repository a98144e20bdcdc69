package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hark/access"
	"hark/article"
	"hark/community"
	"hark/desk"
	"hark/fault"
	"hark/store"
	page "hark/web/community"
	"hark/web/visit"
)

// The community of the brand whose pages are visited, as everybody reads it. Writing in it is in community_write.go, and looking posts
// through in community_desk.go.

// threadTabs are the lists of threads there are.
var threadTabs = []struct {
	standing    community.Standing
	label, none string
}{
	{"", "All", "Nobody has asked anything yet. Yours would be the first."},
	{community.Unanswered, "Open questions", "Every question has an answer that helped."},
	{community.Answered, "Answered", "No question has an answer that helped yet."},
	{community.IdeaStands, "Ideas", "Nobody has shared an idea yet. Yours would be the first."},
}

// threads lists what customers ask and tell each other, or what a search finds of it.
func (h *house) threads(v *visit.Visit) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	view := page.List{Query: strings.TrimSpace(v.Query("q")), Ask: "/requests/new", Feed: desk.CommunityPath + ".atom"}
	if view.Query != "" {
		err = h.foundThreads(v, brand.ID, &view)
	} else {
		err = h.listThreads(v, brand.ID, &view)
	}
	if err != nil {
		return err
	}
	return h.show(v, page.ListPage(view))
}

func (h *house) listThreads(v *visit.Visit, brand int64, view *page.List) error {
	standing := community.Standing(v.Query("show"))
	list, err := h.desk.Threads(v.Context(), v.Actor, store.ThreadFilter{Brand: brand, Standing: standing, After: v.Query("after"), Limit: 30})
	if err != nil {
		return err
	}
	for _, t := range threadTabs {
		view.Tabs = append(view.Tabs, page.Tab{Label: t.label, URL: threadsPath(t.standing), Current: t.standing == standing})
		if t.standing == standing {
			view.None = t.none
		}
	}
	for _, p := range list.Items {
		view.Rows = append(view.Rows, h.threadRow(v, p, article.Outline(p.Body).Beginning(160)))
	}
	view.Pager = pager(v, list.Next)
	return nil
}

func threadsPath(standing community.Standing) string {
	if standing == "" {
		return desk.CommunityPath
	}
	return desk.CommunityPath + "?show=" + string(standing)
}

func (h *house) foundThreads(v *visit.Visit, brand int64, view *page.List) error {
	found, err := h.desk.FindThreads(v.Context(), v.Actor, brand, view.Query, v.Query("after"))
	if err != nil {
		return err
	}
	for _, t := range threadTabs {
		view.Tabs = append(view.Tabs, page.Tab{Label: t.label, URL: threadsPath(t.standing)})
	}
	for _, f := range found.Items {
		view.Rows = append(view.Rows, h.threadRow(v, f.Post, f.Snippet))
	}
	view.Says, view.Pager = foundThreadsSay(found), pager(v, found.Next)
	view.Ask = "/requests/new?" + url.Values{"subject": {view.Query}}.Encode()
	return nil
}

// foundThreadsSay is how well what was found fits.
func foundThreadsSay(found store.FoundThreads) string {
	switch {
	case len(found.Items) == 0:
		return "Nobody has used these words yet. Other words may find more, or ask them yourself."
	case found.Meant != "":
		return "Nothing is spelled like that. This is what we found for “" + found.Meant + "”."
	case found.Some:
		return "Nothing has all of these words. These have the most of them."
	}
	return "What fits best"
}

// threadRow is a thread in a list.
func (h *house) threadRow(v *visit.Visit, p community.Post, line string) page.Row {
	row := page.Row{URL: desk.PostPath(p), Title: p.Title, Line: line, Name: p.Name, At: h.time(v, p.At), State: standingSays(p), Helped: p.Standing() == community.Answered, Counts: answersSay(p.Answers)}
	if p.Kind == community.Idea {
		row.Counts = wantSays(p.Wants)
	}
	return row
}

func standingSays(p community.Post) string {
	switch {
	case p.Kind == community.Idea && p.Card != 0:
		return "On the roadmap"
	case p.Kind == community.Idea:
		return "Idea"
	case p.Accepted != 0:
		return "Answered"
	case p.Answers > 0:
		return "Open"
	}
	return "No answer yet"
}

func answersSay(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 answer"
	}
	return fmt.Sprintf("%d answers", n)
}

func wantSays(n int) string {
	if n == 1 {
		return "1 person wants it"
	}
	return fmt.Sprintf("%d people want it", n)
}

// brandOfPost is the brand in whose community a post is looked for: that of the address for everybody, and the post's own for whoever looks
// posts through, wherever they opened its page.
func (h *house) brandOfPost(v *visit.Visit, id int64) (int64, error) {
	if access.May(v.Actor, access.Moderate) {
		brand, err := h.desk.BrandOfPost(v.Context(), v.Actor, id)
		if err != nil {
			return 0, err
		}
		return brand.ID, h.inBrand(v, brand)
	}
	_, brand, err := h.running(v)
	return brand.ID, err
}

// typedPost is what somebody typed into a form of a thread's page that was refused, and stands in it again.
type typedPost struct {
	form  string // answer, correct, report, moderate
	post  int64  // below which it stands
	title string
	body  string
	name  string
	wrong string
}

// thread shows a thread.
func (h *house) thread(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.showThread(v, http.StatusOK, id, typedPost{})
}

func (h *house) showThread(v *visit.Visit, status int, id int64, typed typedPost) error {
	brand, err := h.brandOfPost(v, id)
	if err != nil {
		return err
	}
	t, err := h.desk.ReadThread(v.Context(), v.Actor, brand, id, v.Query("after"))
	if err != nil {
		return err
	}
	return h.showStatus(v, status, page.ThreadPage(h.threadView(v, t, typed)))
}

func (h *house) threadView(v *visit.Visit, t desk.Thread, typed typedPost) page.Thread {
	view := page.Thread{
		Title: t.Title, Kind: string(t.Kind), State: standingSays(t.Post), Helped: t.Standing() == community.Answered, First: h.saidView(v, t, t.Said, typed),
		Heads: answersHead(t), Pager: pager(v, t.Next), Locked: t.Locked, Ask: "/requests/new?" + url.Values{"subject": {t.Title}}.Encode(),
	}
	if t.Accepted != nil {
		view.Accepted = pointer(h.saidView(v, t, *t.Accepted, typed))
	}
	for _, s := range t.Answers {
		view.Answers = append(view.Answers, h.saidView(v, t, s, typed))
	}
	view.Card, view.Want = cardOfThread(t), wantOf(v, t)
	switch {
	case t.State != community.Shown:
	case t.MayAnswer:
		view.Answer = answerForm(v, t, typed)
	case v.Session == "" && !t.Locked:
		view.SignIn = "/portal/code?" + url.Values{"next": {desk.PostPath(t.Post) + "#answer"}}.Encode()
	}
	if access.May(v.Actor, access.Moderate) {
		view.Desk = deskOfThread(t)
	}
	if !typed.stands(view) {
		view.Refused = &page.Refused{Says: typed.wrong, Words: typed.body}
	}
	return view
}

// stands reports whether the form into which it was typed is still on the page, or nothing was typed.
func (typed typedPost) stands(view page.Thread) bool {
	switch typed.form {
	case "answer":
		return view.Answer != nil
	case "correct":
		all := append([]page.Said{view.First}, view.Answers...)
		if view.Accepted != nil {
			all = append(all, *view.Accepted)
		}
		return slices.ContainsFunc(all, func(s page.Said) bool { return s.ID == number(typed.post) && s.Correct != nil })
	}
	return true
}

// answersHead is what stands above the answers beside the one that helped.
func answersHead(t desk.Thread) string {
	if t.Accepted != nil {
		return "More answers"
	}
	return cmp.Or(answersSay(t.Post.Answers), "Answers")
}

func answerForm(v *visit.Visit, t desk.Thread, typed typedPost) *page.Answer {
	form := &page.Answer{Do: postDo(t.ID), Key: visit.Random(), Name: t.LastName, Waits: t.FirstWaits}
	if v.Actor.Staff() {
		form.Name = ""
	}
	if typed.form == "answer" {
		form.Body, form.Name, form.Wrong = typed.body, cmp.Or(typed.name, form.Name), typed.wrong
	}
	return form
}

// postDo is the address below which the forms of a post are sent.
func postDo(id int64) string { return desk.CommunityPath + "/posts/" + number(id) }

func (h *house) saidView(v *visit.Visit, t desk.Thread, s desk.Said, typed typedPost) page.Said {
	view := page.Said{
		ID: number(s.ID), Do: postDo(s.ID), Name: s.Name, Team: s.Staff, At: h.time(v, s.At), Changed: !s.Corrected.IsZero(), HTML: s.Text.HTML,
		Waits: s.State == community.Waiting, Off: s.State == community.Hidden, Hidden: s.Reason, Remove: s.Removable,
		Report: v.Session != "" && !s.Mine && s.State == community.Shown && access.May(v.Actor, access.TakePart) && !access.May(v.Actor, access.Moderate),
	}
	if t.MayAccept && !s.First() && s.State == community.Shown {
		view.Accept = map[bool]string{true: "no", false: "yes"}[t.Post.Accepted == s.ID]
	}
	if s.Mine && s.Ticket != 0 {
		view.Request = "/requests/" + number(s.Ticket)
	}
	mine := typed.post == s.ID
	if s.Correctable {
		view.Correct = &page.Correct{Title: s.Title, Body: s.Post.Body, First: s.First()}
		if mine && typed.form == "correct" {
			view.Correct.Title, view.Correct.Body, view.Correct.Open = typed.title, typed.body, true
		}
	}
	if access.May(v.Actor, access.Moderate) {
		view.Desk = deskOfPost(s, desk.PostPath(s.Post))
		if mine && typed.form == "moderate" {
			view.Desk.Open, view.Desk.Reason = true, typed.body
		}
	}
	if mine {
		view.Wrong = typed.wrong
	}
	return view
}

// cardOfThread is where an idea stands on the roadmap.
func cardOfThread(t desk.Thread) *page.Card {
	if t.Joined == nil {
		return nil
	}
	return &page.Card{URL: desk.RoadmapPath + "#card-" + number(t.Joined.ID), Title: t.Joined.Title, State: t.Where, Asking: wantSays(int(t.Joined.Asking))}
}

// wantOf is who wants an idea. What is on the roadmap says there how many do.
func wantOf(v *visit.Visit, t desk.Thread) *page.Want {
	if t.Kind != community.Idea || t.State != community.Shown {
		return nil
	}
	want := &page.Want{Do: postDo(t.ID), Says: wantSays(t.Wants), Wanted: t.Wanted, Mine: t.Mine, May: access.May(v.Actor, access.OwnTickets)}
	switch {
	case t.Mine:
		want.Says += ", you among them"
	case t.Wanted:
		want.Says += ", and so do you"
	}
	if t.Joined != nil && !t.Wanted {
		want.Says = ""
	}
	return want
}

// threadsBelow are the threads that stand below what a search of the help found.
func (h *house) threadsBelow(v *visit.Visit, brand int64, query string) (rows []page.Row, more string, err error) {
	found, err := h.desk.ThreadsBeside(v.Context(), v.Actor, brand, query, false)
	if err != nil || found.Some {
		return nil, "", err
	}
	for _, f := range found.Items {
		rows = append(rows, h.threadRow(v, f.Post, f.Snippet))
	}
	if found.Next != "" {
		more = desk.CommunityPath + "?" + url.Values{"q": {query}}.Encode()
	}
	return rows, more, nil
}

// refusedPost shows a thread again with what was typed, when a form of it was refused because of what was in it.
func (h *house) refusedPost(v *visit.Visit, err error, thread int64, typed typedPost) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Refused) {
		return err
	}
	typed.wrong = sentence(fault.Says(err))
	return h.showThread(v, visit.Status(err), thread, typed)
}
