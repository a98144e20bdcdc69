package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/engineers"
)

// The engineers of Northbound keep their work in a GitLab. Two known problems have an issue there, which the engineers have closed; of
// one of them nobody has looked yet whether it works. A third one has none yet.

const (
	northboundSlug    = "northbound"
	northboundProject = "https://gitlab.northbound.example/orders/app"
	umlautsIssue      = northboundProject + "/-/issues/812"
	printingIssue     = northboundProject + "/-/issues/790"
)

// Engineers stand for a tracker: nothing leaves the demo. Whatever is logged becomes an issue, and nobody works on it.
type Engineers struct{ Project engineers.Project }

// Look says that it is there.
func (e Engineers) Look(context.Context) (string, error) {
	return fmt.Sprintf("In the demo nobody is asked. %s would be.", e.Project), nil
}

// Open gives an issue a number, the same one for the same letter.
func (e Engineers) Open(_ context.Context, l engineers.Letter) (engineers.Entry, error) {
	h := fnv.New32a()
	h.Write([]byte(l.Mark))
	number := strconv.Itoa(820 + int(h.Sum32()%80))
	if e.Project.Kind == engineers.Jira {
		number = e.Project.Name + "-" + number
	}
	return engineers.Entry{Name: number, URL: e.Project.EntryURL(number), State: engineers.Open, Says: "open"}, nil
}

// Read says that it is being worked on.
func (e Engineers) Read(_ context.Context, name string) (engineers.Entry, error) {
	return engineers.Entry{Name: name, URL: e.Project.EntryURL(name), State: engineers.Open, Says: "open"}, nil
}

// Comment is read by nobody.
func (e Engineers) Comment(context.Context, string, engineers.Letter) error { return nil }

// connectEngineers connects the GitLab of Northbound.
func (p *play) connectEngineers(ctx context.Context, brand int64) (err error) {
	p.tracker, err = p.desk.ConnectEngineers(ctx, access.Clock, desk.ConnectEngineers{Brand: brand, Address: northboundProject, Token: "the-demo-has-no-token"})
	return err
}

// twice is a known problem that the engineers have not heard of.
var twice = desk.IssueText{
	Title: "Who is invited twice gets two mails", Happens: "When “Invite” is pressed again before the list has loaded, a second invitation leaves. Both work.", Reach: "system-wide", Severity: "minor",
	Workaround: "Use either mail; the other one ends with it.",
}

// engineerCues is what happened with the engineers, as lines of the script.
func (p *play) engineerCues() []cue {
	closed := func(ago time.Duration, issue string) cue {
		at := p.end.Add(-ago)
		return cue{at, func(ctx context.Context) error { return p.closed(ctx, issue, at) }}
	}
	return []cue{
		closed(8*day, printingIssue), closed(21*hour, umlautsIssue),
		{p.end.Add(-2 * day), func(ctx context.Context) error {
			_, err := p.desk.OpenIssue(ctx, p.staff[cem].Actor(), desk.OpenIssue{Brand: p.brands[northboundSlug], Text: twice})
			return err
		}},
	}
}

// closed is the GitLab telling that an issue was closed, signed as it does.
func (p *play) closed(ctx context.Context, issue string, at time.Time) error {
	all, err := p.desk.ConnectedEngineers(ctx, access.Clock)
	if err != nil {
		return err
	}
	project, err := engineers.ProjectAt(northboundProject, "")
	if err != nil {
		return err
	}
	name, _ := project.Entry(issue)
	body, err := json.Marshal(map[string]any{
		"object_kind": "issue", "project": map[string]string{"path_with_namespace": project.Name},
		"object_attributes": map[string]any{"iid": json.Number(name), "state": "closed", "action": "close", "updated_at": at.UTC().Format(time.RFC3339)},
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.ID == p.tracker {
			return p.desk.HearEngineers(ctx, c.ID, engineers.Delivery{Body: body, Header: func(name string) string {
				if strings.EqualFold(name, "X-Gitlab-Token") {
					return c.Secret
				}
				return ""
			}})
		}
	}
	return nil
}
