package tracker

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"hark/engineers"
)

// gitHub is a repository of GitHub, or of GitHub Enterprise Server, by version 2022-11-28 of the REST API.
type gitHub struct{ *client }

func newGitHub(c *client, a engineers.Account) gitHub {
	c.api = a.Base + "/api/v3/repos/" + a.Name
	if a.Host() == "github.com" {
		c.api = "https://api.github.com/repos/" + a.Name
	}
	c.sign = func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+a.Token)
		r.Header.Set("Accept", "application/vnd.github+json")
		r.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	}
	return gitHub{c}
}

// Look reads the repository.
func (g gitHub) Look(ctx context.Context) (string, error) {
	var repository struct {
		Issues bool `json:"has_issues"`
	}
	if err := g.get(ctx, "", nil, &repository); err != nil {
		return "", err
	}
	return g.found(repository.Issues)
}

// Open opens an issue.
func (g gitHub) Open(ctx context.Context, l engineers.Letter) (e engineers.Entry, err error) {
	if e, err = g.sent(ctx, l); err != nil || e.Name != "" {
		return e, err
	}
	var issue engineers.GitHubIssue
	if err := g.post(ctx, "/issues", map[string]string{"title": l.Title, "body": l.Text}, &issue); err != nil {
		return e, err
	}
	return g.opened(issue.Entry())
}

// mostPages is how many pages of a hundred are looked through for a mark.
const mostPages = 5

// sent looks for an issue with the mark of a letter that may have arrived. GitHub's search lags behind, its list does not.
func (g gitHub) sent(ctx context.Context, l engineers.Letter) (e engineers.Entry, err error) {
	for page := 1; page <= mostPages && !l.Since.IsZero(); page++ {
		var issues []engineers.GitHubIssue
		query := url.Values{"state": {"all"}, "since": {since(l)}, "sort": {"created"}, "direction": {"desc"}, "per_page": {atATime}, "page": {strconv.Itoa(page)}}
		if err := g.get(ctx, "/issues", query, &issues); err != nil {
			return e, err
		}
		for _, i := range issues {
			if strings.Contains(i.Body, l.Mark) && i.PullRequest == nil {
				return g.opened(i.Entry())
			}
		}
		if len(issues) < 100 {
			break
		}
	}
	return e, nil
}

// Read reads an issue.
func (g gitHub) Read(ctx context.Context, name string) (e engineers.Entry, err error) {
	var issue engineers.GitHubIssue
	if err := g.get(ctx, "/issues/"+url.PathEscape(name), nil, &issue); err != nil {
		return e, err
	}
	return g.opened(issue.Entry())
}

// Comment comments an issue.
func (g gitHub) Comment(ctx context.Context, name string, l engineers.Letter) error {
	path := "/issues/" + url.PathEscape(name) + "/comments"
	if !l.Since.IsZero() {
		var all []comment
		if err := g.get(ctx, path, url.Values{"since": {since(l)}, "per_page": {atATime}}, &all); err != nil || marked(all, l) {
			return err
		}
	}
	return g.post(ctx, path, comment{l.Text}, nil)
}

// comment is one as all three write it.
type comment struct {
	Body string `json:"body"`
}

// marked reports whether one of the comments is the letter.
func marked(all []comment, l engineers.Letter) bool {
	for _, c := range all {
		if strings.Contains(c.Body, l.Mark) {
			return true
		}
	}
	return false
}

// since is from when a letter may have arrived, by whichever clock.
func since(l engineers.Letter) string {
	return l.Since.Add(-slack).UTC().Format("2006-01-02T15:04:05Z")
}
