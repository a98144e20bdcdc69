package web

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"time"

	"hark/account"
	"hark/desk"
	"hark/engineers"
	"hark/fault"
	"hark/web/admin"
	"hark/web/shared"
	"hark/web/visit"
)

// The engineers' trackers: what an administrator connects, and what they send.

// trackers lists those that are connected.
func (h *house) trackers(v *visit.Visit) error {
	connected, err := h.desk.ConnectedEngineers(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var list admin.Engineers
	for _, c := range connected {
		list.List = append(list.List, admin.Tracker{
			URL: trackerPath(c.ID), Project: c.Project.Name, Where: c.Project.Kind.Says() + " at " + c.Project.Host(), For: cmp.Or(brandName(house, c.Brand), everyBrand),
			Entries: counted(int(c.Entries), "known problem", "known problems"), Heard: h.heardSays(v, c.Heard), Wrong: sentence(c.Trouble),
		})
	}
	return h.show(v, admin.EngineersPage(list))
}

const everyBrand = "All brands"

func trackerPath(id int64) string { return "/admin/engineers/" + number(id) }

func (h *house) heardSays(v *visit.Visit, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return "Heard from it: " + h.time(v, at).Exact + "."
}

// trackerFields is what the form sends.
type trackerFields struct {
	Address string `form:"address"`
	Kind    string `form:"kind"`
	Brand   int64  `form:"brand"`
	User    string `form:"user"`
	Token   string `form:"token"`
	Do      string `form:"do"`
}

// tracker is the form for one.
func (h *house) oneTracker(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	return h.trackerForm(v, http.StatusOK, id, nil, admin.EngineersForm{})
}

// trackerForm shows what is stored, or what was typed and why it cannot be kept.
func (h *house) trackerForm(v *visit.Visit, status int, id int64, typed *trackerFields, form admin.EngineersForm) error {
	connected, err := h.desk.ConnectedEngineers(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var in trackerFields
	if id != 0 {
		c, err := connectedTracker(connected, id)
		if err != nil {
			return err
		}
		in = trackerFields{Address: c.Project.URL(), Kind: string(c.Project.Kind), Brand: c.Brand, User: c.User}
		form.ID, form.Name, form.HasToken = number(id), c.Project.String(), true
		form.Hook = &admin.Hook{URL: c.Hook, Secret: c.Secret, Says: hookSays[c.Project.Kind], Heard: h.heardSays(v, c.Heard)}
	}
	if typed != nil {
		in = *typed
	}
	form.Address, form.User, form.Kinds, form.Brands = in.Address, in.User, kindOptions(in.Kind), houseOrBrand(house.Brands, in.Brand)
	return h.showStatus(v, status, admin.EngineersFormPage(form))
}

func connectedTracker(all []desk.ConnectedEngineers, id int64) (c desk.ConnectedEngineers, err error) {
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return c, fault.New(fault.NotFound, "There is no such page.")
}

// hookSays is where a tracker is told to send what happens.
var hookSays = map[engineers.Kind]string{
	engineers.GitHub: "In GitHub, under the repository's Settings, Webhooks: add a webhook with this address and secret, the content type application/json, and the event Issues alone.",
	engineers.GitLab: "In GitLab, under the project's Settings, Webhooks: add a webhook with this address and secret token, and the trigger for issues (work items) alone.",
	engineers.Jira:   "In Jira, under System, WebHooks: create a webhook with this address and secret, for issues that are updated. An old Jira Data Center without a field for the secret does not sign, and is not heard.",
}

func kindOptions(chosen string) []shared.Option {
	options := []shared.Option{{Value: "", Label: "The address says it", Chosen: chosen == ""}}
	for _, k := range engineers.Kinds {
		options = append(options, shared.Option{Value: string(k.Kind), Label: k.Name, Chosen: string(k.Kind) == chosen})
	}
	return options
}

func houseOrBrand(brands []account.Brand, chosen int64) []shared.Option {
	if len(brands) < 2 {
		return nil
	}
	options := []shared.Option{{Value: "0", Label: "Those of all brands without a tracker of their own", Chosen: chosen == 0}}
	for _, b := range brands {
		options = append(options, shared.Option{Value: number(b.ID), Label: b.Name, Chosen: b.ID == chosen})
	}
	return options
}

// saveTracker connects one, changes it, tries it or takes it out, whichever button was pressed.
func (h *house) saveTracker(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in trackerFields
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "end" {
		if err := h.desk.DisconnectEngineers(v.Context(), v.Actor, id); err != nil {
			return err
		}
		return h.done(v, "engineers-ended", "/admin/engineers")
	}
	saved, err := h.desk.ConnectEngineers(v.Context(), v.Actor, desk.ConnectEngineers{ID: id, Brand: in.Brand, Address: in.Address, Kind: engineers.Kind(in.Kind), User: in.User, Token: in.Token})
	if err != nil && visit.Status(err) < 500 && visit.Status(err) != http.StatusNotFound {
		return h.refuseTracker(v, id, in, err)
	}
	if err != nil {
		return err
	}
	if in.Do == "try" {
		return h.tryTracker(v, saved)
	}
	return h.done(v, "saved", trackerPath(saved))
}

func (h *house) refuseTracker(v *visit.Visit, id int64, in trackerFields, refused error) error {
	says, field := sentence(fault.Says(refused)), cmp.Or(desk.MisfilledField(refused), "address")
	form := admin.EngineersForm{Errors: []shared.FormError{{Field: field, Says: says}}, Wrong: map[string]string{field: says}}
	return h.trackerForm(v, visit.Status(refused), id, &in, form)
}

// tryPatience is how long somebody waits for a tracker to answer.
const tryPatience = 15 * time.Second

// tryTracker asks it one thing while somebody waits.
func (h *house) tryTracker(v *visit.Visit, id int64) error {
	if h.options.Engineers == nil {
		return h.done(v, "saved", trackerPath(id))
	}
	ctx, cancel := context.WithTimeout(v.Context(), tryPatience)
	defer cancel()
	says, err := h.desk.TryEngineers(ctx, v.Actor, id, h.options.Engineers)
	test := &admin.Test{Good: err == nil, Lines: []string{says}}
	if err != nil {
		test.Lines = []string{sentence(cmp.Or(fault.Says(err), "it cannot be asked"))}
	}
	return h.trackerForm(v, http.StatusOK, id, nil, admin.EngineersForm{Test: test})
}

// mostSaid is how large a delivery may be; the longest issue with all that stands around it is smaller.
const mostSaid = 1 << 20

// hearEngineers takes what a tracker sends. Every delivery gets the same answer, whether it is heard or not: a forged one, a repeated one,
// one of another project, one that is too large, one to a tracker that is not there. Settings, Engineers shows when one was heard last.
func (h *house) hearEngineers(v *visit.Visit) error {
	body, err := io.ReadAll(io.LimitReader(v.Request.Body, mostSaid+1))
	id, unnumbered := v.Number("id")
	if err == nil && unnumbered == nil && len(body) <= mostSaid {
		err = h.desk.HearEngineers(v.Context(), id, engineers.Delivery{Body: body, Header: v.Request.Header.Get})
	}
	if fault.Is(err, fault.Unavailable) {
		return err // it comes again
	}
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}
