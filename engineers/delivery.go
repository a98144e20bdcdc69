package engineers

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Delivery is what a tracker sends when something has happened there: a body, and the header that vouches for it.
type Delivery struct {
	Body   []byte
	Header func(name string) string
}

// Signed reports whether the delivery was made with the secret. GitHub and Jira sign the body with it (HMAC-SHA256); GitLab sends it
// along. The comparison takes as long whatever was sent.
func (p Project) Signed(d Delivery, secret string) bool {
	switch p.Kind {
	case GitHub:
		return hmac.Equal([]byte(d.Header("X-Hub-Signature-256")), []byte(Sign(d.Body, secret)))
	case Jira:
		return hmac.Equal([]byte(d.Header("X-Hub-Signature")), []byte(Sign(d.Body, secret)))
	case GitLab:
		sent, right := sha256.Sum256([]byte(d.Header("X-Gitlab-Token"))), sha256.Sum256([]byte(secret))
		return hmac.Equal(sent[:], right[:])
	}
	return false
}

// Sign is the signature of a body as GitHub and Jira write it.
func Sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Tells is what a body says of an entry of this project; about is false when it speaks of anything else, or cannot be read.
func (p Project) Tells(body []byte) (e Entry, about bool) {
	read := map[Kind]func([]byte) (Entry, string){GitHub: gitHubTells, GitLab: gitLabTells, Jira: jiraTells}[p.Kind]
	if read == nil {
		return e, false
	}
	e, in := read(body)
	if e.Name == "" || e.State == Unheard || !p.Is(in) {
		return Entry{}, false
	}
	e.URL = p.EntryURL(e.Name)
	return e, true
}

// GitHubIssue is an issue as GitHub writes it, in its API and in its webhooks.
type GitHubIssue struct {
	Number      int64     `json:"number"`
	URL         string    `json:"html_url"`
	State       string    `json:"state"`
	Reason      string    `json:"state_reason"`
	Body        string    `json:"body"`
	Updated     time.Time `json:"updated_at"`
	PullRequest *struct{} `json:"pull_request"`
}

// Entry is the issue in our words.
func (i GitHubIssue) Entry() Entry {
	e := Entry{Name: numbered(i.Number), URL: i.URL, State: State(i.State), Says: i.State, At: i.Updated}
	if e.State != Open && e.State != Closed {
		return Entry{}
	}
	if e.State == Closed && i.Reason != "" {
		e.Says = "closed as " + strings.ReplaceAll(i.Reason, "_", " ")
	}
	return e.bounded()
}

func gitHubTells(body []byte) (Entry, string) {
	var told struct {
		Issue      GitHubIssue `json:"issue"`
		Repository struct {
			Name string `json:"full_name"`
		} `json:"repository"`
	}
	if json.Unmarshal(body, &told) != nil || told.Issue.PullRequest != nil {
		return Entry{}, ""
	}
	return told.Issue.Entry(), told.Repository.Name
}

// GitLabIssue is an issue as GitLab writes it.
type GitLabIssue struct {
	Number      int64  `json:"iid"`
	URL         string `json:"web_url"`
	State       string `json:"state"` // opened, closed
	Description string `json:"description"`
	Updated     string `json:"updated_at"`
}

// Entry is the issue in our words.
func (i GitLabIssue) Entry() Entry {
	state := map[string]State{"opened": Open, "closed": Closed}[i.State]
	return Entry{Name: numbered(i.Number), URL: i.URL, State: state, Says: string(state), At: written(i.Updated)}.bounded()
}

func gitLabTells(body []byte) (Entry, string) {
	var told struct {
		Kind    string      `json:"object_kind"`
		Issue   GitLabIssue `json:"object_attributes"`
		Project struct {
			Path string `json:"path_with_namespace"`
		} `json:"project"`
	}
	if json.Unmarshal(body, &told) != nil || told.Kind != "issue" && told.Kind != "work_item" {
		return Entry{}, "" // a merge request has a number too, of another count
	}
	return told.Issue.Entry(), told.Project.Path
}

// JiraIssue is an issue as Jira writes it.
type JiraIssue struct {
	Key    string `json:"key"`
	Fields struct {
		Description any    `json:"description"`
		Updated     string `json:"updated"`
		Status      struct {
			Name     string `json:"name"`
			Category struct {
				Key string `json:"key"` // new, indeterminate, done
			} `json:"statusCategory"`
		} `json:"status"`
	} `json:"fields"`
}

// Entry is the issue in our words, with no address: a Jira tells that of its API only.
func (i JiraIssue) Entry() Entry {
	state := map[string]State{"new": Open, "indeterminate": Open, "done": Closed}[i.Fields.Status.Category.Key]
	if found := jiraKey.FindStringSubmatch(i.Key); found == nil || found[2] == "" {
		return Entry{}
	}
	return Entry{Name: i.Key, State: state, Says: i.Fields.Status.Name, At: written(i.Fields.Updated)}.bounded()
}

func jiraTells(body []byte) (Entry, string) {
	var told struct {
		At    int64     `json:"timestamp"` // milliseconds
		Issue JiraIssue `json:"issue"`
	}
	if json.Unmarshal(body, &told) != nil {
		return Entry{}, ""
	}
	e := told.Issue.Entry()
	if e.At.IsZero() && told.At > 0 && told.At < lastMilli {
		e.At = time.UnixMilli(told.At).UTC()
	}
	in, _, _ := strings.Cut(e.Name, "-")
	return e, in
}

// lastMilli is where the year 10000 begins: a later instant is a mistake, and cannot be stored.
const lastMilli = 253_402_300_800_000

// mostSaid bounds what is kept of a tracker's own words, in characters.
const mostSaid = 60

// bounded is an entry whose words are one short line.
func (e Entry) bounded() Entry {
	words := []rune(strings.Join(strings.Fields(e.Says), " "))
	e.Says = cmp.Or(string(words[:min(len(words), mostSaid)]), string(e.State))
	e.At = e.At.UTC().Truncate(time.Microsecond)
	if e.State == Unheard {
		return Entry{}
	}
	return e
}

func numbered(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// layouts are the ways in which GitLab and Jira write an instant.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05.000-0700", "2006-01-02 15:04:05 -0700"}

// written reads an instant, zero for what cannot be read.
func written(text string) time.Time {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
