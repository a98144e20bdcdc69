package prose_test

import (
	"strings"
	"testing"

	"hark/web/prose"
)

func TestProseIsDrawnBelowTheHeadingsOfItsPage(t *testing.T) {
	for written, want := range map[string]string{
		"The list can be **saved** as a spreadsheet.": "<p>The list can be <strong>saved</strong> as a spreadsheet.</p>",
		"# Columns\n\n- name\n- day":                  "<h3>Columns</h3>\n<ul>\n<li>name</li>\n<li>day</li>\n</ul>",
		"##### Deep":                                  "<h6>Deep</h6>",
		"See https://docs.example/a?b=1&c=2":          `<p>See <a href="https://docs.example/a?b=1&amp;c=2" rel="nofollow noreferrer">https://docs.example/a?b=1&amp;c=2</a></p>`,
		"~~Eleven~~ twelve":                           "<p><del>Eleven</del> twelve</p>",
		"3. third":                                    "<ol start=\"3\">\n<li>third</li>\n</ol>",
		"":                                            "",
	} {
		if got := prose.HTML(written); got != want {
			t.Errorf("%q is drawn as\n%s\nwant\n%s", written, got, want)
		}
	}
}

// Nothing but Markdown's own markup comes through, however it is wrapped (A2, A4).
func TestA2_ProseRunsNothingAndLoadsNothing(t *testing.T) {
	for _, written := range []string{
		"<script>canary()</script>", "<img src=x onerror=canary()>", "![x](https://elsewhere.example/pixel.png)", "![x](data:image/svg+xml,<svg onload=canary()>)",
		"[press](javascript:canary())", "[press](JaVaScRiPt:canary())", "[press](data:text/html,canary())", "<a href=\"javascript:canary()\">press</a>", "<style>body{background:url(//elsewhere.example)}</style>",
		"`<script>canary()</script>`\n\n<iframe src=//elsewhere.example>", "[a]: javascript:canary()\n\n[a]", "<javascript:canary()>", "<form action=//elsewhere.example><input name=canary>",
		strings.Repeat("[", 2000) + "<svg/onload=canary()>",
	} {
		got := strings.ToLower(prose.HTML(written))
		for _, never := range []string{"<script", "<img", "<iframe", "<style", "<form", "<input", "<svg", `href="javascript`, `href="data`, " onerror", " onload"} {
			if strings.Contains(strings.ReplaceAll(got, "&lt;svg/onload", ""), never) {
				t.Errorf("%.80q is drawn with %s:\n%.300s", written, never, got)
			}
		}
	}
}

func TestHowAProseBegins(t *testing.T) {
	for written, want := range map[string]string{
		"Short & **sweet**":                            "Short & sweet",
		"# Title\n\nOne two three four five six seven": "Title One two three …",
		"Donaudampfschifffahrtsgesellschaft":           "Donaudampfschifffahrt …",
	} {
		if got := prose.Beginning(written, 21); got != want {
			t.Errorf("%q begins %q, want %q", written, got, want)
		}
	}
}
