package engineers_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hark/engineers"
)

// Whatever a tracker sends, what is kept of it is short, is about the project, and can be stored.
func FuzzTells(f *testing.F) {
	f.Add([]byte(`{"issue":{"number":812,"html_url":"https://github.com/acme/shop/issues/812","state":"closed","state_reason":"not_planned","updated_at":"2026-11-19T16:00:00Z"},"repository":{"full_name":"acme/shop"}}`))
	f.Add([]byte(`{"object_kind":"issue","object_attributes":{"iid":812,"state":"opened","updated_at":"2026-11-19 16:00:00 UTC"},"project":{"path_with_namespace":"acme/shop"}}`))
	f.Add([]byte(`{"timestamp":1763568000000,"issue":{"key":"SHOP-812","fields":{"status":{"name":"In review","statusCategory":{"key":"indeterminate"}}}}}`))
	f.Add([]byte(`{"timestamp":9223372036854775807,"issue":{"key":"SHOP-812","fields":{"status":{"name":"Done","statusCategory":{"key":"done"}}}}}`))
	projects := []engineers.Project{
		{Kind: engineers.GitHub, Base: "https://github.com", Name: "acme/shop"},
		{Kind: engineers.GitLab, Base: "https://gitlab.com", Name: "acme/shop"},
		{Kind: engineers.Jira, Base: "https://acme.atlassian.net", Name: "SHOP"},
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, p := range projects {
			e, about := p.Tells(body)
			if !about {
				if e != (engineers.Entry{}) {
					t.Fatalf("nothing is said of %s, and %+v is kept", p, e)
				}
				continue
			}
			if e.State != engineers.Open && e.State != engineers.Closed || e.URL != p.EntryURL(e.Name) || strings.ContainsAny(e.Name, "/ ?#") {
				t.Fatalf("of %s is kept %+v", p, e)
			}
			if !utf8.ValidString(e.Says) || utf8.RuneCountInString(e.Says) > 60 || strings.ContainsAny(e.Says, "\r\n") {
				t.Fatalf("their words are %q", e.Says)
			}
			if !time.UnixMicro(e.At.UnixMicro()).Equal(e.At) {
				t.Fatalf("%v cannot be stored", e.At)
			}
		}
	})
}
