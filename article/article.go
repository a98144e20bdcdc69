// Package article is what customers can read before they ask, and what an article has to be before anybody reads it.
//
// An article is a title and a text in Markdown, in a section of its brand's help. It is a draft until somebody publishes it, and
// what is changed afterwards is a draft beside what is read, until that is published too. Each publishing is a version that is kept.
// An article says for whom it is, which product it is about, who answers for it and when somebody last looked whether it is still
// true: help that nobody checks is worse than none. Numbers that the company promises are not written into an article; it names the
// rule, as the policy's own pages do, and reads as the policy reads today.
//
// The package turns Markdown into the HTML of a page ([Read]; [Beside] for what is new), tells what keeps a text from being published ([Findings]), says
// what is different between two texts ([Differences]), and makes addresses of titles ([Slug]).
package article

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hark/calendar"
)

// Article is one article as it holds: as readers have it, or as its draft has it while nobody has published it.
type Article struct {
	ID        int64
	Brand     int64
	Content             // what is read
	State     State     //
	Published time.Time // when it was published last, which readers know as "updated"; zero for never
	Checked   time.Time // when somebody last said that it is still true; zero for never
	Version   int64     // the version that is read, 0 for none
	Shelf     Section   // the section that Content names; zero for none
	OwnerName string    // of the owner, "" for nobody
	Helped    int       // how many readers said that it helped them
	Unhelped  int       // and how many that it did not
}

// Content is all that an author writes, and what one version keeps.
type Content struct {
	Title    string        `json:"title"`
	Slug     string        `json:"slug"` // the last part of its address
	Section  int64         `json:"section"`
	Position int           `json:"position,omitempty"` // its place in the section, the lowest first
	Body     string        `json:"body"`               // Markdown
	Audience Audience      `json:"audience"`
	Plan     string        `json:"plan,omitempty"`     // for ForPlans: the id of the plan, "" for any
	Comments Comments      `json:"comments,omitempty"` // AsPolicy leaves it to the policy
	Product  string        `json:"product,omitempty"`
	Release  string        `json:"release,omitempty"` // the version of the product it is about
	Videos   []Video       `json:"videos,omitempty"`
	Owner    int64         `json:"owner,omitempty"` // who answers for it
	Review   calendar.Date `json:"review,omitzero"` // the day on which somebody should look at it again
}

// Video is a film that is shown elsewhere. Without a transcript it says nothing to whoever cannot hear, see or play it.
type Video struct {
	Title      string `json:"title"`
	URL        string `json:"url"`
	Transcript string `json:"transcript"` // words, or the address where they stand
}

// Section is a shelf of a brand's help.
type Section struct {
	ID       int64
	Brand    int64
	Name     string
	Slug     string
	Position int
}

// State says whether readers have an article.
type State string

const (
	Draft     State = "draft"     // nobody but its authors
	Published State = "published" // whoever its audience is
)

// Audience is who may read an article.
type Audience string

const (
	ForAll    Audience = "public"    // everybody, signed in or not
	ForSigned Audience = "signed_in" // customers who have signed in
	ForPlans  Audience = "plan"      // customers who hold a plan, or one plan
	ForStaff  Audience = "agents"    // whoever works here
)

// Audiences lists them, the widest first.
var Audiences = []Audience{ForAll, ForSigned, ForPlans, ForStaff}

// Comments is who may write below an article (seed 000, 0.2; seed 002, 2.30).
type Comments string

const (
	AsPolicy Comments = ""        // what the policy says of its articles
	Closed   Comments = "closed"  //
	SignIn   Comments = "sign_in" // whoever has signed in
	Open     Comments = "open"    // everybody; what a stranger writes waits until somebody here has read it
)

// Allowed is who may comment where the policy says what holds for articles that say nothing; an unstated policy keeps them closed.
func (c Content) Allowed(policy Comments) Comments {
	if c.Comments != AsPolicy {
		return c.Comments
	}
	if policy == AsPolicy {
		return Closed
	}
	return policy
}

// Said is one comment of a reader.
type Said struct {
	ID      int64
	Article int64
	Author  int64 // 0 for a stranger
	Name    string
	Staff   bool // the author works here
	Text    string
	At      time.Time
	Shown   bool // false while it waits for somebody here, and when it was taken away
}

// Sizes that no text needs to exceed.
const (
	MostTitle   = 200
	MostBody    = 100_000 // bytes of Markdown
	MostComment = 4_000
	MostReason  = 1_000
	MostVideos  = 10
)

const longestSlug = 80

// reserved are the words that mean other pages of the help.
var reserved = map[string]bool{"versions": true, "suggest": true, "sections": true, "missed": true}

// Slug makes the last part of an address out of a title: lower case letters and digits with single dashes, at most 80 of them. A
// title without any letter of the Latin alphabet becomes "article", and so that no address means two things, neither does one that
// is the name of another page.
func Slug(title string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	slug = strings.Trim(slug[:min(len(slug), longestSlug)], "-")
	switch {
	case slug == "":
		return "article"
	case reserved[slug]:
		return "about-" + slug
	}
	return slug
}
