package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"hark/policy"
)

var (
	popovers = regexp.MustCompile(`(?s)<div class="popover.*?</div>`)
	marks    = regexp.MustCompile(`(?s)<button.*?</button>`)
	markup   = regexp.MustCompile(`<[^>]*>`)
)

// visible is what a reader sees of a page, in one line.
func visible(page string) string {
	for _, unseen := range []*regexp.Regexp{popovers, marks, markup} {
		page = unseen.ReplaceAllString(page, "")
	}
	return strings.Join(strings.Fields(html.UnescapeString(page)), " ")
}

// What stands around a bound number is read as it was written: no sign is lost beside the mark that leads to the rule.
func TestEveryParagraphOfThePageIsWhole(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for _, name := range policy.Examples() {
			o.runs(name)
			got := o.stranger().get("/policy.json")
			if got.status == 404 { // it has pages for colleagues alone
				continue
			}
			var data policy.PageView
			o.must(json.Unmarshal([]byte(got.body), &data))
			page := visible(o.stranger().get("/support").body)
			for _, paragraph := range paragraphs(data) {
				if !strings.Contains(page, paragraph) {
					t.Errorf("%s: nobody reads %q", name, paragraph)
				}
			}
		}
	})
}

func paragraphs(page policy.PageView) (all []string) {
	for _, s := range page.Sections {
		for _, b := range s.Blocks {
			if len(b.Figures) > 0 { // drawn large
				continue
			}
			for _, part := range b.Parts {
				var text strings.Builder
				for _, span := range part.Text {
					text.WriteString(span.Text)
				}
				all = append(all, strings.Join(strings.Fields(text.String()), " "))
			}
		}
	}
	return all
}

// A handbook is for colleagues, in whatever form somebody asks for it.
func TestB2_AHandbookIsShownToNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		version := o.runs("ablecommerce-phone-procedures")
		maria := o.as(o.maria)
		for _, path := range []string{"/policy.json", "/policy", "/support", fmt.Sprintf("/policy/versions/%d", version)} {
			if got := o.stranger().get(path); got.status != 404 || strings.Contains(got.body, "level one") {
				t.Errorf("a stranger gets %d for %s", got.status, path)
			}
			if got := maria.get(path); got.status != 404 {
				t.Errorf("Maria gets %d for %s", got.status, path)
			}
		}
		if got := o.as(o.ben).get("/policy.json"); got.status != 200 || !strings.Contains(got.body, "level one") {
			t.Errorf("Ben gets %d", got.status)
		}
	})
}
