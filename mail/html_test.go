package mail

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// payloads are fragments that ran or loaded something in mail programs and help desks.
var payloads = []string{
	`<script>canary()</script>`, `<scr<script>ipt>canary()</scr</script>ipt>`, `<img src=x onerror=canary()>`, `<svg onload=canary()>`, `<svg><script>canary()</script></svg>`,
	`<svg><style><img src=x onerror=canary()></style></svg>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=canary()&gt;">`,
	`<form action=//evil.test><input type=password name=p><button formaction=//evil.test>go</button><select><option>x</select><textarea>y</textarea></form>`,
	`<iframe src=https://youtube.com@evil.test></iframe>`, `<iframe srcdoc="<script>canary()</script>"></iframe>`, `<object data=x></object>`, `<embed src=x>`, `<applet code=x></applet>`,
	`<a href="javascript:canary()">x</a>`, `<a href="JaVaScRiPt:canary()">x</a>`, `<a href="java&#10;script:canary()">x</a>`, `<a href="&#106;avascript:canary()">x</a>`, `<a href=" javascript:canary()">x</a>`,
	`<a href="vbscript:x">x</a>`, `<a href="data:text/html,<script>canary()</script>">x</a>`, `<a href="https://allowed.test@evil.test/">x</a>`, `<a href="//allowed.test.evil.test">x</a>`, `<a href="https:/\evil.test">x</a>`,
	`<a href="https:\\evil.test">x</a>`, `<a href="file:///etc/passwd">x</a>`, `<a href="/tickets/1">x</a>`, `<a href="?delete=1">x</a>`, `<a href="https://good.test/?a=1&b=2#c" onclick=canary() target=_top>x</a>`,
	`<img src=https://evil.test/a.png srcset="https://evil.test/b.png 2x">`, `<img src="http://evil.test/a.png?x=<b>">`, `<img src=//evil.test/a.png>`, `<img src=cid:logo@x>`, `<img src="data:image/svg+xml,<svg onload=canary()>">`,
	`<img src="data:image/png;base64,iVBORw0KGgo=">`, `<img data-remote-src="javascript:canary()">`, `<img data-remote-src="https://evil.test/x" src="https://evil.test/y">`, `<input type=image src=https://evil.test/a.png>`,
	`<body background=https://evil.test/a.png>`, `<table background=https://evil.test/a.png><tr><td background=https://evil.test/a.png>x</table>`, `<link rel=stylesheet href=https://evil.test/a.css>`, `<style>@import url(https://evil.test/a.css);</style>`,
	`<p style="background:url(https://evil.test/a.png)">x</p>`, `<p style="background-image:u\72l(https://evil.test/a.png)">x</p>`, `<p style="list-style:url(//evil.test)">x</p>`, `<p style="width:expression(canary())">x</p>`, `<p style="behavior:url(x)">x</p>`,
	`<p style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9">x</p>`, `<p style="color:red;/*;*/background:url(x)">x</p>`, `<div style="-moz-binding:url(x)">x</div>`, `<p style="margin-left:-9999px">x</p>`, `<p style="font-size:0">x</p>`, `<p style="color:#FFF">x</p>`,
	`<meta http-equiv=refresh content="0;url=https://evil.test">`, `<base href=https://evil.test>`, `<video src=https://evil.test/v poster=https://evil.test/p></video>`, `<audio src=x>`, `<source srcset=x>`, `<picture><source srcset=https://evil.test/x></picture>`,
	`<noscript><p title="</noscript><img src=x onerror=canary()>">`, `<template><script>canary()</script></template>`, `<xmp><img src=x onerror=canary()></xmp>`, `<title><img src=x onerror=canary()></title>`, `<textarea><img src=x onerror=canary()></textarea>`,
	`<p id=location name=x class="btn admin">x</p>`, `<img name=getElementById src=cid:a>`, `<marquee onstart=canary()>x</marquee>`, `<details ontoggle=canary() open>x</details>`, `<isindex type=image src=1 onerror=canary()>`,
	`<!--[if IE]><script>canary()</script><![endif]-->`, `<!-- --!><img src=x onerror=canary()> -->`, `<![CDATA[<script>canary()</script>]]>`, `<?xml version="1.0"?><p>x</p>`, `<!DOCTYPE html [<!ENTITY x "y">]><p>&x;</p>`,
	`</div></div></main></body></html><script>canary()</script><p>after`, `<table><tr><td></table></table></div><p>x`, `<a href="https://a.test"><a href="https://b.test">x</a>`, `<p><table><p></table>`, `<b><i></b></i><u>`, `<pre>` + "\n\n" + `x</pre>`,
	"<p>nul\x00 and \x01 control</p>", "<\x00script>canary()</script>", `<<script>canary()//<</script>`, `<p>unclosed <b>bold`, `&lt;script&gt;canary()&lt;/script&gt;`, `&amp;lt;b&amp;gt;`, `plain text & "quotes" <`, `<p hidden>x</p>`, `<div style="display:none">x</div>`,
	`<a href="https://good.test/%zz">x</a>`, `<a href="mailto:a@b.test?subject=x">x</a>`, `<a href="tel:+47123">x</a>`, `<a href="https://good.test/a b">x</a>`, `<blockquote cite="javascript:canary()">x</blockquote>`, `<q cite=https://evil.test>x</q>`, `<select><p>x</p></select>`,
	`<font color=white>x</font>`, `<p dir=rtl lang=he>x</p>`, `<li>x`, `<td>x`, `<caption>x`, `<col>`, `<h1><h2>x`, `<center><p align=center>x`, `<div class="gmail_quote">x</div>`, `<div id=divRplyFwdMsg>x</div>`, `<ol start=3 type=a><li>x</ol>`, ``, ` `, `<`, `>`, `&`, `&#0;`, `&#1`, `&#13;&#10;x`, `<p title="&#1;&#13;">x</p>`, `&#xFEFF;`, `&#x85;`, `&#x110000;`,
}

var safeElements = strings.Fields("a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr")

var safeAttributes = strings.Fields("abbr align alt bgcolor border cellpadding cellspacing class color colspan data-remote-src dir height href lang rel rowspan size span src start style target title type valign width")

// forbidden walks a result with a second parser and names the first thing that must not be there; "" if all is well.
func forbidden(s string) string {
	doc, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head></head><body>" + s + "</body></html>"))
	if err != nil {
		return "it does not parse: " + err.Error()
	}
	body := doc.LastChild.LastChild
	var walk func(n *html.Node) string
	walk = func(n *html.Node) string {
		if bad := forbiddenNode(n); bad != "" {
			return bad
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if bad := walk(c); bad != "" {
				return bad
			}
		}
		return ""
	}
	for c := body.FirstChild; c != nil; c = c.NextSibling {
		if bad := walk(c); bad != "" {
			return bad
		}
	}
	return ""
}

func forbiddenNode(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return ""
	case n.Type != html.ElementNode || !slices.Contains(safeElements, n.Data) || n.Namespace != "":
		return "the node " + n.Data
	}
	for _, a := range n.Attr {
		low := strings.ToLower(a.Val)
		switch {
		case !slices.Contains(safeAttributes, a.Key):
			return "the attribute " + a.Key
		case a.Key == "style" && (strings.Contains(low, "url") || strings.Contains(low, "expression") || strings.Contains(low, "\\") || strings.Contains(low, "position")):
			return "the style " + a.Val
		case a.Key == "class" && a.Val != quotedHere && a.Val != quotedBelow:
			return "the class " + a.Val
		case a.Key == "src" && !strings.HasPrefix(a.Val, "cid:") && !strings.HasPrefix(a.Val, "data:image/"):
			return "the source " + a.Val
		case a.Key == "data-remote-src" && !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://"):
			return "the remote source " + a.Val
		case a.Key == "href" && !safeLink(a.Val):
			return "the link " + a.Val
		}
	}
	return ""
}

func safeLink(href string) bool {
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "mailto", "tel":
		return true
	}
	return false
}

func TestA2_SanitisedHTMLIsAFixedPointWithoutAnythingForbidden(t *testing.T) {
	inputs := slices.Clone(payloads)
	for i, a := range payloads { // pairs, so that one payload can open what the next one closes
		inputs = append(inputs, a+payloads[(i*7+3)%len(payloads)], "<div><p>"+a)
	}
	for _, in := range inputs {
		once := Sanitise(in)
		if bad := forbidden(once); bad != "" {
			t.Errorf("%q keeps %s: %s", in, bad, once)
		}
		if twice := Sanitise(once); twice != once {
			t.Errorf("%q settles late: %q then %q", in, once, twice)
		}
	}
}

func TestSanitisedHTMLStaysInItsBox(t *testing.T) {
	for _, in := range payloads {
		doc, err := html.Parse(strings.NewReader(`<html><head></head><body><div id="box">` + Sanitise(in) + `</div><p id="below"></p></body></html>`))
		if err != nil {
			t.Fatal(err)
		}
		body := doc.FirstChild.LastChild
		if body.FirstChild.NextSibling == nil || attribute(body.FirstChild.NextSibling, "id") != "below" || body.LastChild != body.FirstChild.NextSibling {
			t.Errorf("%q leaves its box: %s", in, Sanitise(in))
		}
	}
}

func TestA3_FormsLeaveOnlyTheirText(t *testing.T) {
	got := Sanitise(`<form action="//evil.test"><label>Password</label> <input type=password> <button formaction=x>Sign in</button></form>`)
	if strings.Contains(got, "<") || !strings.Contains(got, "Password") || !strings.Contains(got, "Sign in") {
		t.Errorf("%q", got)
	}
}

func TestA4_LinksLeadWhereTheySay(t *testing.T) {
	for _, href := range []string{"https://allowed.test@evil.test/", "//allowed.test.evil.test", `https:/\evil.test`, `https:\\evil.test`, "https:evil.test", "https://", "/sign-out", "https://a:b@evil.test"} {
		if got := Sanitise(`<a href="` + href + `">x</a><iframe src="` + href + `"></iframe>`); strings.Contains(got, "href") || strings.Contains(got, "iframe") {
			t.Errorf("%s stays: %s", href, got)
		}
	}
	want := `<a href="https://good.test/?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">x</a>`
	if got := Sanitise(`<a href="https://good.test/?a=1&b=2">x</a>`); got != want {
		t.Errorf("a good link became %s", got)
	}
}

func TestA14_NothingIsFetched(t *testing.T) {
	m := parsed(t, sample(t, "hostile-html"))
	doc, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.Contains(a.Val, "evil") && a.Key != "data-remote-src" {
				t.Errorf("<%s %s=%q> would be fetched", n.Data, a.Key, a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	if !strings.Contains(m.HTML, `data-remote-src="https://evil.example/e.png"`) {
		t.Errorf("the picture cannot be asked for: %s", m.HTML)
	}
	if got := Sanitise(`<img src="cid:logo@desk">`); got != `<img src="cid:logo@desk"/>` {
		t.Errorf("a picture of the mail itself became %s", got)
	}
}

func TestA1_FieldsArriveAsTextAndNothingElse(t *testing.T) {
	m := parsed(t, sample(t, "hostile-fields"))
	for name, got := range map[string]string{"subject": m.Subject, "name": m.From.Name, "to": m.To[0].Name, "file": m.Attachments[0].Name, "text": m.Text} {
		if !strings.ContainsAny(got, "<>") {
			t.Errorf("%s lost its characters: %q; escaping is for pages, not for the parser", name, got)
		}
		if strings.ContainsAny(got, "\r\x00") {
			t.Errorf("%s holds controls: %q", name, got)
		}
	}
	if bad := forbidden(m.HTML); bad != "" {
		t.Errorf("the HTML keeps %s", bad)
	}
	if m.Attachments[0].Inline {
		t.Errorf("the sender decided that his file is shown in place")
	}
}

func TestC13_HiddenTextIsSeenByNobody(t *testing.T) {
	hidden := []string{
		`<p>Seen</p><p style="display:none">secret</p>`, `<p>Seen</p><p style="DISPLAY : NONE">secret</p>`, `<p>Seen</p><div style="visibility:hidden">secret</div>`, `<p>Seen</p><span hidden>secret</span>`,
		`<p>Seen</p><div style="color:red;max-height:0">secret</div>`, `<p>Seen</p><span style="opacity:0">secret</span>`, `<p>Seen</p><span style="mso-hide:all">secret</span>`, `<p>Seen</p><!-- secret -->`, `<p>Seen</p><style>secret</style>`,
	}
	for _, in := range hidden {
		m := parsed(t, []byte("From: a@b.example\nContent-Type: text/html\n\n"+in))
		if strings.Contains(m.Text+m.HTML, "secret") || m.Text != "Seen" {
			t.Errorf("%s reads %q, %q", in, m.Text, m.HTML)
		}
	}
	for _, in := range []string{`<p style="font-size:1px">tiny</p>`, `<p style="font-size:0">tiny</p>`, `<p style="color:#fff">tiny</p>`, `<font color="white">tiny</font>`, `<p style="color: rgb(255, 255, 255)">tiny</p>`, `<p style="color:transparent">tiny</p>`} {
		if got := Sanitise(in); strings.Contains(got, "font-size") || strings.Contains(got, "color") || !strings.Contains(got, "tiny") {
			t.Errorf("%s is still hard to see: %s", in, got)
		}
	}
	if got := Sanitise(`<table><tr><td bgcolor="#222222"><p style="color:#fff">button</p></td></tr></table>`); !strings.Contains(got, "#fff") {
		t.Errorf("white on dark lost its colour: %s", got)
	}
}

func TestC13_TwoFacedMailsAreMarkedAndReadAsShown(t *testing.T) {
	m := parsed(t, sample(t, "two-faced"))
	if len(m.Warnings) != 1 || !strings.Contains(m.Warnings[0], "bodies differ") {
		t.Errorf("warnings: %v", m.Warnings)
	}
	if strings.Contains(m.Text, "Transfer") || strings.Contains(m.Text, "refund") || m.Text != textOfHTML(m.HTML) {
		t.Errorf("rules would read %q, the agent sees %q", m.Text, m.HTML)
	}
	for _, name := range []string{"gmail-reply", "outlook-desktop-reply", "apple-mail-reply", "yahoo-reply", "rtl-hebrew", "bounce-gmail"} {
		if m := parsed(t, sample(t, name)); len(m.Warnings) > 0 {
			t.Errorf("%s: %v", name, m.Warnings)
		}
	}
}

func TestTextOfHTMLReadsLikeTheMail(t *testing.T) {
	cases := []struct{ in, want string }{
		{`<p>One</p><p>Two</p>`, "One\n\nTwo"},
		{`<div>One</div><div>Two</div>`, "One\nTwo"},
		{`One<br>Two<br><br>Three`, "One\nTwo\n\nThree"},
		{`<p>a <b>bold</b> word</p>`, "a bold word"},
		{`<ul><li>One</li><li>Two</li></ul>`, "- One\n- Two"},
		{`<blockquote>One<br>Two<blockquote>Three</blockquote></blockquote>Four`, "> One\n> Two\n> > Three\nFour"},
		{`<a href="https://a.test/">here</a>`, "here <https://a.test/>"},
		{`<a href="https://a.test/">https://a.test</a>`, "https://a.test"},
		{`<a href="mailto:a@b.test">a@b.test</a>`, "a@b.test"},
		{`<pre>a  b` + "\n" + `c</pre>`, "a  b\nc"},
		{`<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`, "a b\nc"},
		{`a&nbsp;b &lt;c&gt;`, "a b <c>"},
		{`<pre>a&#13;b&#0;&#1;</pre>`, "a\nb\uFFFD"},
		{`<div>a</div><br><div>b</div>`, "a\n\nb"},
		{`<p>日本<b>語</b></p>`, "日本語"},
	}
	for _, c := range cases {
		if got := textOfHTML(c.in); got != c.want {
			t.Errorf("%s reads %q, want %q", c.in, got, c.want)
		}
	}
}

// The characters that hide in names (threat G1) stay in the file name for the page to show; the parser only bounds it.
func TestFileNamesAreBoundedAndKept(t *testing.T) {
	long := strings.Repeat("ä", 300) + ".pdf"
	raw := "From: a@b.example\nContent-Type: application/pdf; name=\"" + long + "\"\n\nx"
	m := parsed(t, []byte(raw))
	if name := m.Attachments[0].Name; len(name) > MaxFilename || !strings.HasSuffix(name, ".pdf") || len(m.Defects) == 0 {
		t.Errorf("the name has %d bytes: %q", len(name), name)
	}
}
