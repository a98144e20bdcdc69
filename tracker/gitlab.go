package tracker

import (
	"context"
	"net/http"
	"net/url"

	"hark/engineers"
)

// gitLab is a project of gitlab.com or of one's own GitLab, by version 4 of the REST API.
type gitLab struct{ *client }

func newGitLab(c *client, a engineers.Account) gitLab {
	c.api = a.Base + "/api/v4/projects/" + url.PathEscape(a.Name)
	c.sign = func(r *http.Request) { r.Header.Set("Private-Token", a.Token) }
	return gitLab{c}
}

// Look reads the project.
func (g gitLab) Look(ctx context.Context) (string, error) {
	var project struct {
		Issues *bool `json:"issues_enabled"`
	}
	if err := g.get(ctx, "", nil, &project); err != nil {
		return "", err
	}
	return g.found(project.Issues == nil || *project.Issues)
}

// Open opens an issue. GitLab finds one by its description without delay.
func (g gitLab) Open(ctx context.Context, l engineers.Letter) (e engineers.Entry, err error) {
	if !l.Since.IsZero() {
		var found []engineers.GitLabIssue
		query := url.Values{"search": {l.Mark}, "in": {"description"}, "scope": {"all"}, "state": {"all"}}
		if err := g.get(ctx, "/issues", query, &found); err != nil {
			return e, err
		}
		if len(found) > 0 {
			return g.opened(found[0].Entry())
		}
	}
	var issue engineers.GitLabIssue
	if err := g.post(ctx, "/issues", map[string]string{"title": l.Title, "description": l.Text}, &issue); err != nil {
		return e, err
	}
	return g.opened(issue.Entry())
}

// Read reads an issue.
func (g gitLab) Read(ctx context.Context, name string) (e engineers.Entry, err error) {
	var issue engineers.GitLabIssue
	if err := g.get(ctx, "/issues/"+url.PathEscape(name), nil, &issue); err != nil {
		return e, err
	}
	return g.opened(issue.Entry())
}

// Comment writes a note below an issue.
func (g gitLab) Comment(ctx context.Context, name string, l engineers.Letter) error {
	path := "/issues/" + url.PathEscape(name) + "/notes"
	if !l.Since.IsZero() {
		var all []comment
		if err := g.get(ctx, path, url.Values{"sort": {"desc"}, "order_by": {"created_at"}, "per_page": {atATime}}, &all); err != nil || marked(all, l) {
			return err
		}
	}
	return g.post(ctx, path, comment{l.Text}, nil)
}
