package web

import (
	"cmp"
	"net/http"
	"net/url"

	"hark/access"
	"hark/community"
	"hark/desk"
	"hark/fault"
	page "hark/web/community"
	"hark/web/shared"
	"hark/web/visit"
)

// askForm is the form for a new question or idea. A stranger signs in first, by a link in a mail.
func (h *house) askForm(v *visit.Visit) error {
	kind := community.Question
	if v.Query("kind") == string(community.Idea) {
		kind = community.Idea
	}
	if v.Session == "" {
		if err := h.hasCommunity(v); err != nil {
			return err
		}
		return v.SeeOther("/portal/code?" + url.Values{"next": {desk.CommunityPath + "/ask?kind=" + string(kind)}}.Encode())
	}
	return h.showAsk(v, http.StatusOK, page.Ask{Kind: string(kind), Mails: true, Title: v.Query("title")})
}

// hasCommunity is a fault where the brand whose pages are visited has none.
func (h *house) hasCommunity(v *visit.Visit) error {
	_, brand, err := h.running(v)
	if err == nil && !brand.Community {
		err = fault.New(fault.NotFound, "There is no such page.")
	}
	return err
}

func (h *house) showAsk(v *visit.Visit, status int, form page.Ask) error {
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	if !access.May(v.Actor, access.OwnTickets) {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	name, waits, err := h.desk.Writer(v.Context(), v.Actor, brand.ID)
	if err != nil {
		return err
	}
	form.Name, form.Waits, form.Key = cmp.Or(form.Name, name), waits, visit.Random()
	return h.showStatus(v, status, page.AskPage(form))
}

// askOthers begins a thread.
func (h *house) askOthers(v *visit.Visit) error {
	var in struct {
		Kind  string `form:"kind"`
		Title string `form:"title"`
		Body  string `form:"body"`
		Name  string `form:"name"`
		Mails string `form:"mails"`
		Key   string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	id, waits, err := h.desk.WritePost(v.Context(), v.Actor, desk.WritePost{
		Brand: brand.ID, Kind: community.Kind(in.Kind), Title: in.Title, Body: in.Body, Name: in.Name, Mails: in.Mails == "yes", Key: in.Key, Remote: h.options.Guard.Remote(v.Request).String(),
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		form := page.Ask{Kind: oneOf(in.Kind, "question", "idea"), Title: in.Title, Body: in.Body, Name: in.Name, Mails: in.Mails == "yes"}
		form.Errors, form.Wrong = misfiled(err)
		return h.showAsk(v, visit.Status(err), form)
	}
	if err != nil {
		return err
	}
	return h.posted(v, waits, desk.CommunityPath+"/"+number(id))
}

// misfiled is why a form was refused, above it and at its field.
func misfiled(err error) ([]shared.FormError, map[string]string) {
	field, says := desk.MisfilledField(err), sentence(fault.Says(err))
	return []shared.FormError{{Field: cmp.Or(field, "title"), Says: says}}, map[string]string{field: says}
}

// posted leads to what was written.
func (h *house) posted(v *visit.Visit, waits bool, path string) error {
	if waits {
		return h.done(v, "post-waits", path)
	}
	return v.SeeOther(path)
}

// answerPost adds an answer.
func (h *house) answerPost(v *visit.Visit) error {
	var in struct {
		Body string `form:"body"`
		Name string `form:"name"`
		Key  string `form:"key"`
	}
	thread, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	id, waits, err := h.desk.AnswerPost(v.Context(), v.Actor, desk.AnswerPost{Brand: brand, Thread: thread, Body: in.Body, Name: in.Name, Key: in.Key, Remote: h.options.Guard.Remote(v.Request).String()})
	if err != nil {
		return h.refusedPost(v, err, thread, typedPost{form: "answer", body: in.Body, name: in.Name})
	}
	return h.posted(v, waits, desk.PostPath(community.Post{ID: id, Thread: thread, Kind: community.Answer}))
}

// postForm reads a form about a post of the brand whose pages are visited.
func (h *house) postForm(v *visit.Visit, in any) (id, brand int64, err error) {
	if id, err = v.Number("id"); err != nil {
		return 0, 0, err
	}
	if err := v.Form(in); err != nil {
		return 0, 0, err
	}
	brand, err = h.brandOfPost(v, id)
	return id, brand, err
}

// correctPost changes what its author wrote a moment ago.
func (h *house) correctPost(v *visit.Visit) error {
	var in struct {
		Title string `form:"title"`
		Body  string `form:"body"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	p, err := h.desk.CorrectPost(v.Context(), v.Actor, desk.CorrectPost{Brand: brand, Post: id, Title: in.Title, Body: in.Body})
	if err != nil && p.Thread != 0 {
		return h.refusedPost(v, err, p.Thread, typedPost{form: "correct", post: id, title: in.Title, body: in.Body})
	}
	if err != nil {
		return err
	}
	return h.posted(v, p.State == community.Waiting, desk.PostPath(p))
}

// takeBackPost takes back what its author wrote.
func (h *house) takeBackPost(v *visit.Visit) error {
	id, brand, err := h.postForm(v, &struct{}{})
	if err != nil {
		return err
	}
	p, err := h.desk.TakeBackPost(v.Context(), v.Actor, brand, id)
	switch {
	case err != nil:
		return err
	case p.First():
		return h.done(v, "post-back", desk.CommunityPath)
	}
	return h.done(v, "post-back", desk.CommunityPath+"/"+number(p.Thread))
}

// acceptAnswer says that an answer helped, or that it did not after all.
func (h *house) acceptAnswer(v *visit.Visit) error {
	var in struct {
		Do string `form:"do"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	p, err := h.desk.AcceptAnswer(v.Context(), v.Actor, brand, id, in.Do == "no")
	if err != nil {
		return err
	}
	return v.SeeOther(desk.PostPath(p))
}

// wantIdea counts the reader among those who want an idea.
func (h *house) wantIdea(v *visit.Visit) error {
	var in struct {
		Do string `form:"do"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	if err := h.desk.WantIdea(v.Context(), v.Actor, brand, id, in.Do == "back"); err != nil {
		return err
	}
	said := "voted"
	if in.Do == "back" {
		said = "vote-back"
	}
	return h.done(v, said, desk.CommunityPath+"/"+number(id))
}

// reportPost tells whoever looks posts through that something is wrong with one.
func (h *house) reportPost(v *visit.Visit) error {
	var in struct {
		Reason string `form:"reason"`
	}
	id, brand, err := h.postForm(v, &in)
	if err != nil {
		return err
	}
	p, err := h.desk.ReportPost(v.Context(), v.Actor, desk.ReportPost{Brand: brand, Post: id, Reason: in.Reason, Remote: h.options.Guard.Remote(v.Request).String()})
	if err != nil {
		return err
	}
	return h.done(v, "post-reported", desk.PostPath(p))
}
