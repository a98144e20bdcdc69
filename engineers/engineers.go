// Package engineers is the tracker in which engineers keep their work, as far as support has to do with it.
//
// A known problem can have an entry there: an issue of GitHub or GitLab, or one of Jira. The desk has it opened, notes its address,
// and hears what the engineers say of it. Their words stay theirs: an entry that is closed says that they have done what they
// meant to do, and not that a customer can see it. So what they say is shown beside the known problem and changes nothing of it.
//
// Which of the three it is follows from the address of the project (seed 000, 0.22). This package knows addresses, texts and
// signatures; package tracker speaks with them.
package engineers

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"hark/fault"
)

// Kind is which tracker it is.
type Kind string

// The trackers.
const (
	GitHub Kind = "github" // github.com, and GitHub Enterprise Server
	GitLab Kind = "gitlab" // gitlab.com, and one's own
	Jira   Kind = "jira"   // Jira Cloud, and Jira Data Center
)

// Kinds are all of them, with what people call them.
var Kinds = []struct {
	Kind Kind
	Name string
}{{GitHub, "GitHub"}, {GitLab, "GitLab"}, {Jira, "Jira"}}

// Says is what people call it.
func (k Kind) Says() string {
	for _, known := range Kinds {
		if known.Kind == k {
			return known.Name
		}
	}
	return string(k)
}

// Project is where the engineers keep the work on a product.
type Project struct {
	Kind Kind
	Base string // where the tracker is, without a slash at the end: "https://github.com", "https://tools.acme.example/jira"
	Name string // "acme/shop"; of Jira the key, "SHOP"
}

// Account is a project with what opens it.
type Account struct {
	Project
	User  string // the mail address to which a token of Jira Cloud belongs, "" elsewhere
	Token string
}

// String hides the token, whatever an Account is printed with.
func (a Account) String() string { return a.Project.String() }

// GoString hides it likewise.
func (a Account) GoString() string { return a.String() }

// String is the project as people read it: "acme/shop at github.com".
func (p Project) String() string { return p.Name + " at " + p.Host() }

// Host is where the tracker is, with its port where it has one.
func (p Project) Host() string {
	u, err := url.Parse(p.Base)
	if err != nil {
		return p.Base
	}
	return u.Host
}

// IsCloud reports whether a Jira is Atlassian's own, which is asked in other words than one's own.
func (p Project) IsCloud() bool { return strings.HasSuffix(p.Host(), cloudHost) }

const cloudHost = ".atlassian.net"

// URL is the page of the project.
func (p Project) URL() string {
	if p.Kind == Jira {
		return p.Base + "/browse/" + p.Name
	}
	return p.Base + "/" + p.Name
}

// EntryURL is the page of an entry.
func (p Project) EntryURL(name string) string {
	switch p.Kind {
	case Jira:
		return p.Base + "/browse/" + name
	case GitLab:
		return p.URL() + "/-/issues/" + name
	}
	return p.URL() + "/issues/" + name
}

// Is reports whether a tracker means this project by a name. Names are the same in small letters and in large.
func (p Project) Is(name string) bool { return strings.EqualFold(p.Name, name) }

const longestAddress = 500

var (
	part    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$`)
	key     = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,19}$`)
	jiraKey = regexp.MustCompile(`^([A-Z][A-Z0-9_]{1,19})(-[1-9][0-9]{0,9})?$`)
	digits  = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)
)

// ProjectAt reads the address of a project as somebody copies it out of a browser. The kind is "" where the address says it. What is
// no such address is [fault.Invalid], and the sentence says what one looks like.
func ProjectAt(address string, kind Kind) (p Project, err error) {
	u, parts, err := pageAt(address)
	if err != nil {
		return p, err
	}
	p = Project{Kind: cmp.Or(kind, kindAt(u.Hostname(), parts)), Base: "https://" + u.Host}
	switch p.Kind {
	case GitHub:
		p.Name = joined(parts[:min(len(parts), 2)])
	case GitLab:
		p.Name = joined(beforePages(parts))
	case Jira:
		var before []string
		if before, p.Name = jiraAt(parts); !p.IsCloud() && len(before) > 0 {
			p.Base += "/" + strings.Join(before, "/")
		}
	default:
		return p, fault.New(fault.Invalid, "the address does not say whether this is GitHub, GitLab or Jira; choose it")
	}
	return p, p.check()
}

// pageAt reads an address, and the parts of its path.
func pageAt(address string) (*url.URL, []string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" || len(address) > longestAddress {
		return nil, nil, fault.New(fault.Invalid, "this is no address of a project; copy it from your browser, like https://github.com/acme/shop")
	}
	u.Host = strings.ToLower(u.Host)
	return u, strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' }), nil
}

// kindAt is what an address says of the kind, "" for nothing.
func kindAt(host string, parts []string) Kind {
	switch {
	case strings.Contains(host, "github"):
		return GitHub
	case strings.Contains(host, "gitlab") || slices.Contains(parts, "-"):
		return GitLab
	case strings.HasSuffix(host, cloudHost) || strings.Contains(host, "jira") || slices.Contains(parts, "browse"):
		return Jira
	}
	return ""
}

// joined is the name of a project of GitHub or GitLab. What git appends to it is not part of it.
func joined(parts []string) string { return strings.TrimSuffix(strings.Join(parts, "/"), ".git") }

// beforePages is the path of a project of GitLab, which ends where its pages begin.
func beforePages(parts []string) []string {
	if i := slices.Index(parts, "-"); i >= 0 {
		return parts[:i]
	}
	return parts
}

// jiraAt finds the key of a project in the path of one of its pages, and what the path has before: one's own Jira may lie at a path.
func jiraAt(parts []string) (before []string, name string) {
	for i, p := range parts {
		if (p == "browse" || p == "projects") && i+1 < len(parts) {
			if found := jiraKey.FindStringSubmatch(strings.ToUpper(parts[i+1])); found != nil {
				return parts[:i], found[1]
			}
		}
	}
	return nil, ""
}

// check refuses what is no project.
func (p Project) check() error {
	example := map[Kind]string{GitHub: "https://github.com/acme/shop", GitLab: "https://gitlab.com/acme/shop", Jira: "https://acme.atlassian.net/browse/SHOP"}[p.Kind]
	if example == "" {
		return fault.New(fault.Invalid, "choose GitHub, GitLab or Jira")
	}
	parts, good := strings.Split(p.Name, "/"), true
	for _, one := range parts {
		good = good && part.MatchString(one)
	}
	switch p.Kind {
	case GitHub:
		good = good && len(parts) == 2
	case GitLab:
		good = good && len(parts) >= 2
	case Jira:
		good = key.MatchString(p.Name)
	}
	if !good {
		return fault.New(fault.Invalid, "this is no address of a project of %s; one reads like %s", p.Kind.Says(), example)
	}
	return nil
}

// Entry reads the address of an entry of this project: its name there. An address of anything else is not ok; a known problem keeps
// it as a plain link.
func (p Project) Entry(address string) (name string, ok bool) {
	u, parts, err := pageAt(address)
	if err != nil || u.Host != p.Host() || len(parts) < 2 {
		return "", false
	}
	last := parts[len(parts)-1]
	if p.Kind == Jira {
		found := jiraKey.FindStringSubmatch(strings.ToUpper(last))
		return strings.ToUpper(last), parts[len(parts)-2] == "browse" && found != nil && found[2] != "" && p.Is(found[1])
	}
	pages := parts[len(parts)-2]
	in := beforePages(parts[:len(parts)-2])
	return last, (pages == "issues" || pages == "work_items") && digits.MatchString(last) && p.Is(joined(in))
}

// State is what the engineers say of an entry, in one word of ours.
type State string

// The states. Closed is what they call done, and nothing more.
const (
	Unheard State = "" // nothing was heard of it yet
	Open    State = "open"
	Closed  State = "closed"
)

// Entry is one piece of their work, as they tell it.
type Entry struct {
	Name  string // "812"; of Jira "SHOP-812"
	URL   string
	State State
	Says  string    // the state in their words: "closed as completed", "In review"
	At    time.Time // when it changed last, by their clock; zero when they do not say
}

// notDone are the words with which trackers say that an entry is closed and its work was not done. GitHub gives them as the reason of a
// closing; in a Jira they are the name of a state, as whoever runs it has called it.
var notDone = []string{"closed as not planned", "closed as duplicate", "won't do", "won't fix", "duplicate", "declined", "rejected", "cancelled", "canceled"}

// Declined reports whether it was closed without being done here: there is no fix to look for.
func (e Entry) Declined() bool {
	return e.State == Closed && slices.Contains(notDone, strings.ToLower(strings.ReplaceAll(e.Says, "’", "'")))
}
