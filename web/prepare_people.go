package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The last question: who works here.

const shownPeople = 3

func askPeople(h *house, v *visit.Visit, _ desk.Preparation, wrong map[string]string) (templ.Component, error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	out := begin.People{CanMail: len(house.Mailboxes) > 0}
	for _, p := range house.Staff {
		out.Known = append(out.Known, p.Display())
	}
	for i := range shownPeople {
		out.Rows = append(out.Rows, begin.Invitation{
			Name:  shared.Field{Name: "name", ID: "name-" + itoa(i), Label: "Name", Value: typed(v, "name", i, ""), Optional: true, Autocomplete: "off"},
			Email: shared.Field{Name: "email", ID: "email-" + itoa(i), Label: "Mail address", Type: "email", Value: typed(v, "email", i, ""), Optional: true, Dir: "ltr", Autocomplete: "off", Error: wrong["email-"+itoa(i)]},
			Role:  shared.Field{Name: "role", ID: "role-" + itoa(i), Label: "Role", Type: "select", Options: chosen(roles, typed(v, "role", i, ""))},
		})
	}
	return out.View(), nil
}

func takePeople(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Name    []string `form:"name"`
		Email   []string `form:"email"`
		Role    []string `form:"role"`
		Do      string   `form:"do"`
		Replace string   `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do}.taken(nil, "email-0")
	out.more = func() (string, error) {
		if err := h.inviteAll(v, in.Name, in.Email, in.Role); err != nil {
			return "", err
		}
		return "", h.desk.StepTaken(v.Context(), v.Actor, begin.Steps)
	}
	return out, nil
}

// inviteAll invites whoever can be, and says in which row somebody cannot. The rows of those who were invited are empty afterwards:
// the page names them among the others.
func (h *house) inviteAll(v *visit.Visit, names, emails, jobs []string) error {
	wrong := wrongRows{}
	for i := range min(len(names), len(emails), len(jobs)) {
		if strings.TrimSpace(emails[i]) == "" {
			continue
		}
		_, err := h.desk.Invite(v.Context(), v.Actor, desk.NewPerson{Email: emails[i], Name: names[i], Role: access.Role(jobs[i])})
		switch {
		case err == nil:
			names[i], emails[i], jobs[i] = "", "", ""
		case visit.Status(err) >= 500:
			return err
		default:
			wrong["email-"+itoa(i)] = emails[i] + ": " + sentence(fault.Says(err))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	maps.Copy(v.Request.PostForm, url.Values{"name": names, "email": emails, "role": jobs})
	return wrong
}

// wrongRows are the fields that something is wrong with, and what.
type wrongRows map[string]string

// Error is all of it, in the order of the rows.
func (w wrongRows) Error() string {
	var says []string
	for _, field := range slices.Sorted(maps.Keys(w)) {
		says = append(says, w[field])
	}
	return strings.Join(says, " ")
}

// chosen is a list of options with another one chosen; "" leaves it as it is.
func chosen(options []shared.Option, value string) []shared.Option {
	if value == "" {
		return options
	}
	options = slices.Clone(options)
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}
