package article

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Finding is something about a text that its author should know. What Stops keeps it from being published.
type Finding struct {
	Says  string
	Stops bool
}

// Findings is what there is to mend before an article is published: what is missing, and what leaves somebody out who cannot see or
// hear. No findings is the usual answer.
func Findings(c Content) (all []Finding) {
	stop := func(format string, args ...any) {
		all = append(all, Finding{fmt.Sprintf(format, args...), true})
	}
	if strings.TrimSpace(c.Title) == "" {
		stop("An article needs a title.")
	}
	if strings.TrimSpace(c.Body) == "" && len(c.Videos) == 0 {
		stop("There is nothing to read yet.")
	}
	if c.Section == 0 {
		stop("Choose the section in which it stands.")
	}
	for i, v := range c.Videos {
		for _, wrong := range v.wrong() {
			stop("Video %d: %s", i+1, wrong)
		}
	}
	return append(all, inText(c.Body)...)
}

func (v Video) wrong() (all []string) {
	if strings.TrimSpace(v.Title) == "" {
		all = append(all, "it needs a title.")
	}
	if u, err := url.Parse(v.URL); err != nil || u.Scheme != "https" || !namesItsHost(u) {
		all = append(all, "its address begins with https:// and names a host.")
	}
	if strings.TrimSpace(v.Transcript) == "" {
		all = append(all, "it needs a transcript, for whoever cannot hear or play it.")
	}
	return all
}

// inText looks at headings and pictures. Headings that leave out a level are confusing to hear; a picture without words is nothing to
// whoever does not see it.
func inText(body string) (all []Finding) {
	raw := []byte(clip(body, MostBody))
	root := markdown.Parser().Parse(text.NewReader(raw))
	above := highest(root)
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level > above+1 {
				all = append(all, Finding{Says: fmt.Sprintf("The heading “%s” leaves out a level; one # fewer puts it below the heading before it.", words(n, raw))})
			}
			above = n.Level
		case *ast.Image:
			if strings.TrimSpace(words(n, raw)) == "" {
				all = append(all, Finding{fmt.Sprintf("The picture %s needs a few words that say what it shows: ![words](address).", n.Destination), true})
			}
		case *ast.RawHTML, *ast.HTMLBlock:
			all = append(all, Finding{Says: "HTML is left out; what is written in Markdown is shown."})
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return all
}
