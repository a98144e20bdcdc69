package tracker

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"hark/engineers"
	"hark/fault"
)

// jira is a project of Jira Cloud or Jira Data Center. Both take version 2 of the REST API, whose texts are plain; version 3 of Cloud
// wants them as documents and says nothing more. Only the search has another address in Cloud.
type jira struct {
	*client
	search string
}

func newJira(c *client, a engineers.Account) jira {
	c.api = a.Base + "/rest/api/2"
	j := jira{c, "/search"}
	c.sign = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+a.Token) }
	if a.IsCloud() {
		j.search = "/search/jql"
		c.sign = func(r *http.Request) { r.SetBasicAuth(a.User, a.Token) }
	}
	return j
}

// jiraProject is a project with the types that an issue can have there.
type jiraProject struct {
	Name  string `json:"name"`
	Types []struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Subtask bool   `json:"subtask"`
	} `json:"issueTypes"`
}

// Look reads the project.
func (j jira) Look(ctx context.Context) (string, error) {
	p, kind, err := j.read(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("The tracker at %s lets the token read “%s”. Known problems become issues of the type %s there.", j.project.Host(), p.Name, p.Types[kind].Name), nil
}

// read finds the type of issue that a known problem becomes: Bug where there is one, else the first that stands by itself.
func (j jira) read(ctx context.Context) (p jiraProject, kind int, err error) {
	if err := j.get(ctx, "/project/"+url.PathEscape(j.project.Name), nil, &p); err != nil {
		return p, 0, err
	}
	kind = -1
	for i, t := range p.Types {
		if !t.Subtask && (kind < 0 || t.Name == "Bug") {
			kind = i
		}
	}
	if kind < 0 {
		return p, 0, j.says(fault.Refused, "has no type of issue in %s that the token could open", j.project.Name)
	}
	return p, kind, nil
}

// Open opens an issue.
func (j jira) Open(ctx context.Context, l engineers.Letter) (e engineers.Entry, err error) {
	if e, err = j.sent(ctx, l); err != nil || e.Name != "" {
		return e, err
	}
	p, kind, err := j.read(ctx)
	if err != nil {
		return e, err
	}
	var made engineers.JiraIssue
	fields := map[string]any{
		"project": map[string]string{"key": j.project.Name}, "issuetype": map[string]string{"id": p.Types[kind].ID}, "summary": l.Title, "description": l.Text,
	}
	if err := j.post(ctx, "/issue", map[string]any{"fields": fields}, &made); err != nil {
		return e, err
	}
	e, err = j.Read(ctx, made.Key) // the first answer says nothing of its state
	if err != nil {
		e, err = j.opened(engineers.Entry{Name: made.Key})
	}
	return e, err
}

// sent looks for an issue with the mark of a letter that may have arrived. Jira knows the words of an issue within seconds, and a
// letter is not sent again within a minute.
func (j jira) sent(ctx context.Context, l engineers.Letter) (e engineers.Entry, err error) {
	if l.Since.IsZero() {
		return e, nil
	}
	var found struct {
		Issues []engineers.JiraIssue `json:"issues"`
	}
	jql := fmt.Sprintf(`project = "%s" AND description ~ "\"%s\""`, j.project.Name, l.Mark)
	if err := j.get(ctx, j.search, url.Values{"jql": {jql}, "fields": {"status,updated"}, "maxResults": {"1"}}, &found); err != nil || len(found.Issues) == 0 {
		return e, err
	}
	return j.opened(found.Issues[0].Entry())
}

// Read reads an issue.
func (j jira) Read(ctx context.Context, name string) (e engineers.Entry, err error) {
	var issue engineers.JiraIssue
	if err := j.get(ctx, "/issue/"+url.PathEscape(name), url.Values{"fields": {"status,updated"}}, &issue); err != nil {
		return e, err
	}
	return j.opened(issue.Entry())
}

// Comment writes below an issue.
func (j jira) Comment(ctx context.Context, name string, l engineers.Letter) error {
	path := "/issue/" + url.PathEscape(name) + "/comment"
	if !l.Since.IsZero() {
		var all struct {
			Comments []comment `json:"comments"`
		}
		if err := j.get(ctx, path, url.Values{"orderBy": {"-created"}, "maxResults": {atATime}}, &all); err != nil || marked(all.Comments, l) {
			return err
		}
	}
	return j.post(ctx, path, comment{l.Text}, nil)
}
