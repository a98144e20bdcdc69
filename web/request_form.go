package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/visit"
)

// newRequest is the form for something new.
func (h *house) newRequest(v *visit.Visit) error {
	form := portal.New{SignedIn: v.Session != "", Subject: v.Query("subject"), Article: v.Query("article"), Searched: v.Query("searched")}
	return h.requestForm(v, http.StatusOK, form, asked{kind: v.Query("kind"), about: v.Query("about"), problem: int64(wholeNumber(v.Query("problem")))})
}

// asked is what the request form was told: the kind that is chosen, what it is about, the known problem that was recognised, the facts
// that were said for that kind, and why some of them cannot be taken.
type asked struct {
	kind, about string
	problem     int64
	said, wrong map[string]string
}

// requestForm shows the form.
func (h *house) requestForm(v *visit.Visit, status int, form portal.New, in asked) error {
	if err := h.fillRequest(v, &form, in); err != nil {
		return err
	}
	return h.showStatus(v, status, portal.NewPage(form))
}

// fillRequest adds what the running policy asks.
func (h *house) fillRequest(v *visit.Visit, form *portal.New, in asked) error {
	form.Key, form.MaxFiles = visit.Random(), maxFiles
	p, brand, err := h.running(v)
	if err == nil {
		err = h.fromHelp(v, form)
	}
	if err == nil {
		err = h.fromKnown(v, p, form, in.problem)
	}
	if err != nil {
		return err
	}
	if p != nil {
		chosen := cmp.Or(in.kind, p.DefaultKind())
		projects, err := h.ownProjects(v, brand.ID)
		if err != nil {
			return err
		}
		form.Asks = kindAsks(p, in.said, in.wrong, chosen, v.Zone(p.CallZone()), projects)
		for _, id := range p.Kinds() {
			kind := p.Doc.Kinds[id]
			form.Kinds = append(form.Kinds, shared.Option{Value: id, Label: kind.Label, Hint: kindHint(kind.Means, p.UsuallyBegins(id)), Chosen: id == chosen})
		}
		if !form.SignedIn && p.SignInFirst(chosen) {
			form.SignIn = "/portal/code?next=" + url.QueryEscape("/requests/new")
		}
		if form.Which, err = h.which(v, p, brand.ID, in.about, form.Wrong["about"]); err != nil {
			return err
		}
	}
	return nil
}

// kindHint says what a kind of request is, and how long it usually takes until somebody begins with one.
func kindHint(means, usual string) string {
	if usual == "" {
		return means
	}
	return strings.TrimSpace(means + " Usual time until we begin: " + strings.TrimSuffix(usual, ".") + ".")
}

// which asks what a request is about, with what the reader owns as of today, where the policy wants to know (S1-16).
func (h *house) which(v *visit.Visit, p *policy.Policy, brand int64, chosen, wrong string) (*portal.Which, error) {
	needs := func(kind string) bool { return p.NeedsOrder(kind) }
	if !access.May(v.Actor, access.OwnTickets) || !slices.ContainsFunc(p.Kinds(), needs) {
		return nil, nil
	}
	things, err := h.desk.Things(v.Context(), v.Actor, brand)
	if err != nil {
		return nil, err
	}
	who, err := h.desk.Person(v.Context(), v.Actor, v.Actor.Person)
	if err != nil {
		return nil, err
	}
	which := &portal.Which{Error: wrong, Email: who.Email, Needed: !slices.ContainsFunc(p.Kinds(), func(kind string) bool { return !needs(kind) })}
	for _, t := range things {
		which.Things = append(which.Things, portal.Thing{
			Value: t.About.String(), Name: thingName(t), Says: thingSays(t), Level: t.Level.Label, Because: t.Level.Because, Support: p.Supports(t.Level.Level),
			Chosen: t.About.String() == chosen || len(things) == 1,
		})
	}
	return which, nil
}

// sendRequest takes the form. Somebody who is signed in gets a ticket at once; a stranger gets a mail with a link, and the
// request waits for it (D1). What was written comes back when it cannot be used.
func (h *house) sendRequest(v *visit.Visit) error {
	return h.requestSent(v, portal.New{SignedIn: v.Session != ""}, h.take, h.requestForm)
}

// requestSent reads the form, lets take make a request of it, and shows it again with what was written when it cannot be used.
func (h *house) requestSent(v *visit.Visit, form portal.New, take func(*visit.Visit, desk.Request, string) error, show func(*visit.Visit, int, portal.New, asked) error) error {
	var in struct {
		Kind    string   `form:"kind"`
		About   string   `form:"about"`
		Subject string   `form:"subject"`
		Body    string   `form:"body"`
		Fact    []string `form:"fact"`
		Value   []string `form:"value"`
		Name    string   `form:"name"`
		Email   string   `form:"email"`
		Website string   `form:"website"` // nobody sees this field; machines fill it in
		Key     string   `form:"key"`
		Article string   `form:"article"`
		Search  string   `form:"searched"`
		Problem string   `form:"problem"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	said := saidFor(in.Kind, in.Fact, in.Value)
	clock, err := h.callClock(v)
	if err != nil {
		return err
	}
	facted, times, phone, unread := offered(said, clock)
	facts, wrong, err := h.formFacts(v, in.Kind, facted)
	if err != nil {
		return err
	}
	maps.Copy(unread, wrong)
	wrong = unread
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	request := desk.Request{Brand: brand.ID, About: in.About, Project: said[projectAsked], Requester: in.Email, Name: in.Name, Subject: in.Subject, Text: in.Body, Kind: in.Kind, Facts: facts,
		Times: times, Phone: phone, Zone: clock.String(), Key: in.Key, Channel: "portal", Remote: h.options.Guard.Remote(v.Request).String(), Article: in.Article, Searched: in.Search}
	if err := h.recogniseIn(v, &request, int64(wholeNumber(in.Problem))); err != nil {
		return err
	}
	if len(wrong) == 0 {
		if err = take(v, request, in.Website); err == nil || visit.Status(err) >= 500 {
			return err
		}
	}
	form.Subject, form.Body, form.Name, form.Email, form.Errors = in.Subject, in.Body, in.Name, in.Email, factErrors(in.Kind, wrong)
	form.Article, form.Searched = in.Article, in.Search
	if err != nil {
		field, says := requestField(err), sentence(fault.Says(err))
		if field == "about" || field == "email" {
			form.Wrong = map[string]string{field: says}
		}
		if field == projectAsked {
			wrong[projectAsked], field = says, factID(in.Kind+"."+projectAsked)
		}
		form.Errors = []shared.FormError{{Field: field, Says: says}}
	}
	return show(v, visit.Status(cmp.Or(err, errFacts)), form, asked{in.Kind, in.About, request.Problem, said, wrong})
}

// requestField is the field of the customers' form that a refusal is about; what is about the whole leads to the words.
func requestField(err error) string {
	switch field := desk.WrongField(err); field {
	case "requester":
		return "email"
	case "about", projectAsked:
		return field
	}
	return "body"
}

// callClock is the clock on which a visitor writes times: their own, else the company's.
func (h *house) callClock(v *visit.Visit) (*time.Location, error) {
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return v.Zone(time.UTC), err
	}
	return v.Zone(p.CallZone()), nil
}

// errNoWords is what an empty request is refused with.
var errNoWords = fault.New(fault.Invalid, "Please write what happened, or what you would like.")

func (h *house) take(v *visit.Visit, request desk.Request, trap string) error {
	if trap != "" {
		return v.SeeOther("/portal")
	}
	if strings.TrimSpace(request.Text) == "" {
		return errNoWords
	}
	if v.Session == "" {
		if err := h.desk.Ask(v.Context(), request); err != nil {
			return err
		}
		return h.show(v, portal.AskedPage(request.Requester))
	}
	files, err := h.keepFiles(v)
	if err != nil {
		return err
	}
	request.Files, request.Requester = files, ""
	done, err := h.desk.Create(v.Context(), v.Actor, request)
	if err != nil {
		return err
	}
	return v.SeeOther("/requests/" + number(done.Ticket.ID) + "?arrived=yes")
}
