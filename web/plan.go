package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/editor"
	"hark/web/visit"
)

// fillPlan puts into words what applying a policy would do.
func (h *house) fillPlan(v *visit.Visit, view *editor.Plan, p *policy.Policy, plan desk.Plan, brand int64) error {
	view.Open, view.Later = openSays(plan.Open), plan.Later
	view.Moves, view.MoreMoves = h.moves(v, p, plan.Moves), max(0, len(plan.Moves)-shownMoves)
	view.Corrected = h.moves(v, p, plan.Corrected)
	view.Begins = h.time(v, plan.From).Exact
	view.Told = h.toldSays(v, plan.Told)
	view.NoFiles, view.Heavy = plan.NoFiles, plan.Heavy
	for _, s := range plan.Stay[:min(len(plan.Stay), shownMoves)] {
		view.Stay = append(view.Stay, editor.Stay{Number: number(s.Ticket), URL: "/tickets/" + number(s.Ticket), Subject: subjectOr(s.Subject), Why: s.Why})
	}
	for _, c := range plan.Calls[:min(len(plan.Calls), shownMoves)] {
		view.Calls = append(view.Calls, editor.Call{Number: number(c.Ticket), URL: "/tickets/" + number(c.Ticket), Subject: subjectOr(c.Subject), At: h.time(v, c.At).Exact, Why: c.Why})
	}
	running, _, err := h.desk.Running(v.Context(), brand)
	if fault.Is(err, fault.Refused) { // the first policy of a brand differs from nothing
		return nil
	}
	if err != nil {
		return err
	}
	view.Rules, view.Sentences = changes(running, p)
	if c := running.Doc.Changes; c != nil {
		view.Keeps, view.MovesFirst = c.OpenTickets == "keep_old", c.OpenTickets == "move_to_new"
	}
	return nil
}

// toldSays is who will hear of it, and how.
func (h *house) toldSays(v *visit.Visit, t desk.Told) (lines []string) {
	if !t.Any() {
		return nil
	}
	if t.Website {
		lines = append(lines, "A banner on every page customers read, for "+t.ShowFor.Says()+".")
	}
	if t.InApp {
		lines = append(lines, "A notice for everybody who is signed in, for "+t.ShowFor.Says()+".")
	}
	if t.Mail {
		lines = append(lines, fmt.Sprintf("A mail to %s: whoever has an open ticket, or wrote within %s.", customersSay(t.People), t.Since.Says()))
		if t.More {
			lines = append(lines, "There are more such customers. That is as many as one version is mailed to; the others read it on the website.")
		}
	}
	return lines
}

func customersSay(n int) string {
	switch n {
	case 0:
		return "nobody"
	case 1:
		return "1 customer"
	}
	return desk.Thousands(n) + " customers"
}

// takesTwo reports whether a brand's policy needs a second administrator.
func (h *house) takesTwo(v *visit.Visit, brand int64) (bool, error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	i := slices.IndexFunc(house.Brands, func(b account.Brand) bool { return b.ID == brand })
	return i >= 0 && house.Brands[i].TwoPeople, err
}

// applyOrAsk applies a policy, or asks a colleague to where the brand wants two people.
func (h *house) applyOrAsk(v *visit.Visit, in desk.NewPolicy) error {
	two, err := h.takesTwo(v, in.Brand)
	switch {
	case err != nil:
	case two:
		_, err = h.desk.ProposePolicy(v.Context(), v.Actor, in)
	default:
		_, err = h.desk.ApplyPolicy(v.Context(), v.Actor, in)
	}
	return err
}

// bySays is who made a version: one person, or two.
func bySays(staff []account.Person, v store.PolicyVersion) string {
	by := nameOf(staff, v.AppliedBy)
	if v.WrittenBy != 0 {
		return "written by " + nameOf(staff, v.WrittenBy) + ", applied by " + by
	}
	return by
}

// askedFor is the proposal of a brand as its administrators see it; nil when there is none.
func (h *house) askedFor(v *visit.Visit, brand int64, staff []account.Person) (*editor.Asked, error) {
	p, err := h.desk.PolicyProposal(v.Context(), v.Actor, brand)
	if err != nil || p.ID == "" {
		return nil, err
	}
	return &editor.Asked{
		ID: p.ID, Brand: number(brand), Version: p.Version, By: nameOf(staff, p.By), At: h.time(v, p.At), Reason: p.Reason, Mine: p.By == v.Actor.Person,
		Word: p.Word, BackBy: nameOf(staff, p.BackBy), URL: "/admin/policy/proposal?brand=" + number(brand),
	}, nil
}

// proposal is what a colleague wants to apply: the same plan they saw, and a way to say yes or no.
func (h *house) proposal(v *visit.Visit) error {
	brand, _, err := h.brandAsked(v)
	if err != nil {
		return err
	}
	return h.showProposal(v, http.StatusOK, brand, "", "")
}

func (h *house) showProposal(v *visit.Visit, status int, brand int64, word, wrong string) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	asked, err := h.askedFor(v, brand, house.Staff)
	if err != nil {
		return err
	}
	if asked == nil {
		return v.SeeOther("/admin/policy?brand=" + number(brand))
	}
	kept, err := h.desk.PolicyProposal(v.Context(), v.Actor, brand)
	if err != nil {
		return err
	}
	in := desk.NewPolicy{Brand: brand, File: "policy", Source: []byte(kept.Source)}
	plan, err := h.desk.PlanApply(v.Context(), v.Actor, in)
	if err != nil {
		return err
	}
	p, findings, err := desk.CheckPolicy(in.File, in.Source)
	if err != nil {
		return err
	}
	asked.Moves, asked.Rebook, asked.Answer = kept.MoveOpen, kept.Rebook, word
	view := editor.Plan{Brand: number(brand), Version: kept.Version, From: h.beginsSays(v, p), Notes: editorFindings(findings, kept.Source), Asked: asked, Wrong: wrong}
	if err := h.fillPlan(v, &view, p, plan, brand); err != nil {
		return err
	}
	return h.showStatus(v, status, editor.ProposalPage(view))
}

// answerProposal applies a colleague's policy, sends it back with a word, or takes one's own back.
func (h *house) answerProposal(v *visit.Visit) error {
	var in struct {
		Brand int64  `form:"brand"`
		ID    string `form:"id"`
		Word  string `form:"word"`
		Do    string `form:"do"`
	}
	err := v.Form(&in)
	if err != nil {
		return err
	}
	switch in.Do {
	case "apply":
		_, err = h.desk.ApproveProposal(v.Context(), v.Actor, in.Brand, in.ID)
	case "back":
		err = h.desk.SendProposalBack(v.Context(), v.Actor, in.Brand, in.ID, in.Word)
	case "withdraw":
		err = h.desk.WithdrawProposal(v.Context(), v.Actor, in.Brand, in.ID)
	default:
		err = fault.New(fault.Invalid, "choose what is to happen with it")
	}
	if err != nil && visit.Status(err) < 500 && strings.TrimSpace(in.ID) != "" {
		return h.showProposal(v, visit.Status(err), in.Brand, in.Word, sentence(fault.Says(err)))
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/admin/policy?brand=" + number(in.Brand))
}
