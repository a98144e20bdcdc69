package web

import (
	"cmp"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/ticket"
	"hark/web/portal"
	"hark/web/rating"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// requestRating asks whoever is signed in about their own request.
func (h *house) requestRating(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerRating(v, v.Actor, id, "/requests/"+number(id))
}

// linkedRating asks whoever holds the link of a request. Opening it says nothing: mail programs open links by themselves (I5).
func (h *house) linkedRating(v *visit.Visit) error { return h.behindGoodLink(v, h.customerRating) }

func (h *house) customerRating(v *visit.Visit, a access.Actor, id int64, base string) error {
	p, err := h.desk.RatingPage(v.Context(), a, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	view := h.ratingView(v, p, base)
	if score, known := p.Policy.Score(v.Query("score")); known && !p.Stays { // who has rated and follows another link of the mail wants to change it
		choose(view.Scores, score.ID)
		view.Changes = score.ID != p.Score
	}
	return h.show(v, rating.Page(view))
}

func (h *house) ratingView(v *visit.Visit, p desk.RatingPage, base string) rating.View {
	view := rating.View{Number: number(p.Ticket.ID), Subject: subjectOr(p.Ticket.Subject), Base: base, Words: p.Words}
	for _, s := range p.Policy.Scores() {
		view.Scores = append(view.Scores, shared.Option{Value: s.ID, Label: s.Label, Chosen: s.ID == p.Score})
	}
	if !p.Rated.IsZero() {
		view.Given = &rating.Given{Label: policy.ScoreLabel(p.Score), Words: p.Words, Until: h.time(v, p.Until), Stays: p.Stays}
		if p.Sense == string(policy.RatedGood) {
			view.Given.Glad = p.Policy.Celebrates()
		}
	}
	return view
}

func choose(options []shared.Option, value string) {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
}

// requestRates and linkedRates keep what was said.
func (h *house) requestRates(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerRates(v, v.Actor, id, "/requests/"+number(id))
}

func (h *house) linkedRates(v *visit.Visit) error { return h.behindLink(v, h.customerRates) }

func (h *house) customerRates(v *visit.Visit, a access.Actor, id int64, base string) error {
	var in struct {
		Score string `form:"score"`
		Words string `form:"words"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	refused := h.desk.RateTicket(v.Context(), a, desk.Rate{Ticket: id, Score: in.Score, Words: in.Words})
	if refused == nil {
		return v.SeeOther(base + "/rating")
	}
	if visit.Status(refused) >= 500 || isNotFound(refused) {
		return refused
	}
	p, err := h.desk.RatingPage(v.Context(), a, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	view := h.ratingView(v, p, base)
	choose(view.Scores, in.Score)
	field, says := cmp.Or(desk.WrongField(refused), "score"), sentence(fault.Says(refused))
	view.Words, view.Errors, view.Wrong = in.Words, []shared.FormError{{Field: field, Says: says}}, map[string]string{field: says}
	return h.showStatus(v, visit.Status(refused), rating.Page(view))
}

// askedRating is what a customer's page of a request shows of its rating, nil when they were never asked.
func askedRating(p desk.TicketPage, base string) *portal.Rating {
	r := p.Rating
	if r == nil {
		return nil
	}
	out := &portal.Rating{URL: base + "/rating"}
	if !r.Rated.IsZero() {
		out.Given = policy.ScoreLabel(r.Score)
		return out
	}
	for _, s := range p.Policy.Scores() {
		out.Scores = append(out.Scores, shared.Button{Label: s.Label, Href: out.URL + "?score=" + s.ID, Small: true})
	}
	return out
}

// rated is what an agent's page of a ticket shows of its rating.
func (h *house) rated(v *visit.Visit, p desk.TicketPage) *page.Rated {
	r := p.Rating
	if r == nil {
		return nil
	}
	if r.Rated.IsZero() {
		return &page.Rated{At: h.time(v, r.Asked)}
	}
	return &page.Rated{Label: policy.ScoreLabel(r.Score), Sense: r.Sense, Words: r.Words, At: h.time(v, r.Changed)}
}

// freshFor is how long a good rating is news.
const freshFor = 10 * time.Minute

// cheers says whether there is something to be glad about just now: the reader has solved it a moment ago, or its customer rated the
// help well (seed 000, 0.19).
func (h *house) cheers(p desk.TicketPage) bool {
	if p.Undo.Audit != 0 && p.Ticket.Category == ticket.Solved {
		return true
	}
	return p.Rating != nil && p.Rating.Sense == string(policy.RatedGood) && h.desk.Now().Sub(p.Rating.Changed) < freshFor
}
