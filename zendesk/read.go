package zendesk

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"hark/desk"
	"hark/fault"
)

// Holds asks how much there is. It is the first question, so a wrong address or token shows here.
func (c *Client) Holds(ctx context.Context) (size desk.PastSize, err error) {
	for _, ask := range []struct {
		what string
		n    *int
	}{{"tickets", &size.Tickets}, {"users", &size.People}, {"organizations", &size.Organizations}} {
		var said struct {
			Count struct {
				Value int `json:"value"`
			} `json:"count"`
		}
		if err := c.get(ctx, ask.what+"/count.json", nil, &said); err != nil {
			return size, err
		}
		*ask.n = said.Count.Value
	}
	return size, nil
}

// Organizations tells every organisation.
func (c *Client) Organizations(ctx context.Context, each func(desk.PastOrganization) error) error {
	return c.list(ctx, "organizations", "organizations", nil, func(raw json.RawMessage) error {
		var o organization
		if err := read(raw, &o); err != nil {
			return each(desk.PastOrganization{ID: idOf(raw), Wrong: err})
		}
		return each(desk.PastOrganization{ID: o.ID, Name: o.Name, Domains: o.Domains})
	})
}

// People tells everybody, those who work there among them.
func (c *Client) People(ctx context.Context, each func(desk.PastPerson) error) error {
	return c.export(ctx, "users", nil, func(raw json.RawMessage) error {
		var u user
		if err := read(raw, &u); err != nil {
			return each(desk.PastPerson{ID: idOf(raw), Wrong: err})
		}
		return each(u.person())
	})
}

// Tickets tells every ticket, the longest unchanged first. One that changes meanwhile comes twice.
func (c *Client) Tickets(ctx context.Context, each func(desk.PastTicket) error) error {
	groups, err := c.groups(ctx)
	if err != nil {
		return err
	}
	fields, err := c.fields(ctx)
	if err != nil {
		return err
	}
	return c.export(ctx, "tickets", url.Values{"exclude_deleted": {"true"}}, func(raw json.RawMessage) error {
		var t ticketRecord
		if err := read(raw, &t); err != nil {
			return each(desk.PastTicket{ID: idOf(raw), Wrong: err})
		}
		if t.Status == "deleted" {
			return nil
		}
		return each(t.ticket(groups, fields))
	})
}

// Conversation is what was written on a ticket, the oldest first.
func (c *Client) Conversation(ctx context.Context, ticket int64) (all []desk.PastComment, err error) {
	path := "tickets/" + strconv.FormatInt(ticket, 10) + "/comments"
	err = c.list(ctx, path, "comments", url.Values{"include_inline_images": {"true"}}, func(raw json.RawMessage) error {
		var said comment
		if err := read(raw, &said); err != nil {
			return fault.Wrap(err, fault.Invalid, "its message %d cannot be read", idOf(raw))
		}
		all = append(all, said.comment())
		return nil
	})
	return all, err
}

// groups are the names of groups by their ids.
func (c *Client) groups(ctx context.Context) (map[int64]string, error) {
	return c.names(ctx, "groups", func(raw json.RawMessage) (int64, string, error) {
		var g struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
		}
		err := read(raw, &g)
		return g.ID, g.Name, err
	})
}

// builtIn are fields that a ticket has as values of its own.
var builtIn = map[string]bool{
	"subject": true, "description": true, "status": true, "custom_status": true, "tickettype": true, "priority": true, "basic_priority": true, "group": true, "assignee": true,
}

// fields are the titles of the fields that this Zendesk has added, by their ids.
func (c *Client) fields(ctx context.Context) (map[int64]string, error) {
	return c.names(ctx, "ticket_fields", func(raw json.RawMessage) (int64, string, error) {
		var f struct {
			ID    int64  `json:"id"`
			Title string `json:"title"`
			Type  string `json:"type"`
		}
		err := read(raw, &f)
		if builtIn[f.Type] {
			f.Title = ""
		}
		return f.ID, f.Title, err
	})
}

// names collects what things of a list are called. One that cannot be read has no name.
func (c *Client) names(ctx context.Context, what string, of func(json.RawMessage) (int64, string, error)) (map[int64]string, error) {
	all := map[int64]string{}
	err := c.list(ctx, what, what, nil, func(raw json.RawMessage) error {
		if id, name, err := of(raw); err == nil && name != "" {
			all[id] = name
		}
		return nil
	})
	return all, err
}

// list reads a list page by page, by Zendesk's cursors.
func (c *Client) list(ctx context.Context, path, what string, query url.Values, each func(json.RawMessage) error) error {
	ask := url.Values{"page[size]": {"100"}}
	for name, values := range query {
		ask[name] = values
	}
	for {
		var page map[string]json.RawMessage
		if err := c.get(ctx, path+".json", ask, &page); err != nil {
			return err
		}
		var meta struct {
			More  bool   `json:"has_more"`
			After string `json:"after_cursor"`
		}
		if err := c.records(page, what, each); err != nil {
			return err
		}
		if err := read(page["meta"], &meta); len(page["meta"]) > 0 && err != nil {
			return fault.Wrap(err, fault.Invalid, "the Zendesk %s does not say how its list of %s goes on", c.host, what)
		}
		if !meta.More {
			return nil
		}
		if meta.After == "" || meta.After == ask.Get("page[after]") {
			return c.says(fault.Unavailable, "does not say how its list of %s goes on", what)
		}
		ask.Set("page[after]", meta.After)
	}
}

// export reads everything of a kind by the incremental export, from the beginning on.
func (c *Client) export(ctx context.Context, what string, query url.Values, each func(json.RawMessage) error) error {
	ask := url.Values{"start_time": {"1"}, "per_page": {"200"}}
	for name, values := range query {
		ask[name] = values
	}
	for {
		if err := c.pace(ctx); err != nil {
			return err
		}
		var page map[string]json.RawMessage
		if err := c.get(ctx, "incremental/"+what+"/cursor.json", ask, &page); err != nil {
			return err
		}
		if err := c.records(page, what, each); err != nil {
			return err
		}
		var after string
		var end bool
		if err := read(page["end_of_stream"], &end); err != nil {
			return fault.Wrap(err, fault.Invalid, "the Zendesk %s does not say where its export of %s ends", c.host, what)
		}
		if end {
			return nil
		}
		if err := read(page["after_cursor"], &after); err != nil || after == "" || after == ask.Get("cursor") {
			return c.says(fault.Unavailable, "does not say how its export of %s goes on", what)
		}
		ask.Del("start_time")
		ask.Set("cursor", after)
	}
}

// records takes the things of one page apart, so that a broken one spoils none of the others.
func (c *Client) records(page map[string]json.RawMessage, what string, each func(json.RawMessage) error) error {
	var all []json.RawMessage
	if err := read(page[what], &all); err != nil {
		return fault.Wrap(err, fault.Invalid, "the Zendesk %s answers without %s", c.host, what)
	}
	for _, raw := range all {
		if err := each(raw); err != nil {
			return err
		}
	}
	return nil
}
