package web_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"golang.org/x/net/html"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/desk"
	"hark/policy"
)

// hostile is what somebody writes who wants a reader's browser to run it, whatever it is put into: an element, an
// attribute in either kind of quotes, a title, a text area, a script, a style, a comment, a link.
const hostile = `</title></textarea></script></style>-->"'><script>canary()</script><img src=x onerror=canary()><svg onload=canary()></svg><a href="javascript:canary()">x</a>`

// inert reports what an HTML page could run or fetch of what was put into it, "" for nothing. It also returns how often the
// hostile words stand there as text.
func inert(page string) (runs string, shown int) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return err.Error(), 0
	}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style":
			shown += strings.Count(n.Data, "canary()</script>")
		case n.Type == html.TextNode && strings.Contains(n.Data, "canary()"):
			return "<" + n.Parent.Data + "> holds " + n.Data[:min(len(n.Data), 200)], shown
		case n.Type == html.CommentNode && strings.Contains(n.Data, "canary()"):
			return "a comment holds it", shown
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(value, "javascript:") || n.Data == "img" && a.Key == "src" && a.Val == "x" || strings.Contains(a.Key, "canary") {
				return "<" + n.Data + " " + a.Key + "=" + a.Val[:min(len(a.Val), 200)] + ">", shown
			}
		}
	}
	return "", shown
}

// poisoned is an example policy with the hostile words behind every text of it that may hold them, and how many those are.
func poisoned(t *testing.T, name string) (source []byte, places int) {
	t.Helper()
	example, _ := policy.Example(name)
	var doc any
	if err := yaml.UnmarshalWithOptions(example, &doc, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	var findings policy.Findings
	usable := func() bool {
		text, err := yaml.MarshalWithOptions(doc, yaml.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if _, findings, err = desk.CheckPolicy("poisoned.yaml", text); err != nil {
			return false
		}
		source = text
		return true
	}
	var poison func(value any, set func(any))
	poison = func(value any, set func(any)) {
		switch v := value.(type) {
		case yaml.MapSlice:
			for i := range v {
				poison(v[i].Value, func(with any) { v[i].Value = with })
			}
		case []any:
			for i := range v {
				poison(v[i], func(with any) { v[i] = with })
			}
		case string:
			if set(v + hostile); usable() {
				places++
			} else {
				set(v)
			}
		}
	}
	poison(doc, func(any) {})
	if !usable() {
		t.Fatalf("the poisoned policy is not usable: %v", findings)
	}
	return source, places
}

// Whoever sets up the desk writes markup into everything they can: every text of the policy, brand, group, people, tags,
// subjects, names of files and tokens. Nobody who reads a page or a mail runs it.
func TestA8_WhatAnAdministratorWritesIsTextEverywhere(t *testing.T) {
	o := open(t, sqlite(t))
	source, places := poisoned(t, "customer-support-center")
	if places < 60 {
		t.Fatalf("only %d texts of the policy were reached", places)
	}
	_, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "policy.yaml", Source: source, Reason: hostile})
	o.must(err)
	o.poison()
	shown := 0
	for _, v := range []*visitor{o.stranger(), o.as(o.maria), o.as(o.dora), o.as(o.ben), o.as(o.ana)} {
		for _, path := range append(o.everyPage(), "/search?q="+"%3Cscript%3Ecanary()%3C/script%3E", "/sign-in?next=%22%3E%3Cscript%3Ecanary()%3C/script%3E", "/inbox?view=all", "/inbox?view=closed", o.link(o.marias, o.maria), "/tickets/"+strconv.FormatInt(o.closed, 10)) {
			got := v.get(path)
			if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
				continue
			}
			runs, n := inert(got.body)
			if shown += n; runs != "" {
				t.Errorf("%s: %s", path, runs)
			}
		}
	}
	if shown < 200 {
		t.Errorf("the hostile words are shown %d times in all; they do not reach the pages", shown)
	}
	parts, plain := 0, 0
	for _, raw := range o.mails() {
		plain += bytes.Count(unfolded(raw), []byte("<script>canary()</script>"))
		for _, part := range htmlParts(t, raw) {
			parts++
			if runs, _ := inert(part); runs != "" {
				t.Errorf("a mail holds %s", runs)
			}
		}
	}
	if parts < 1 || plain < 3 {
		t.Errorf("%d mails have HTML, and the hostile words stand in plain text %d times", parts, plain)
	}
}

// poison writes the hostile words into everything that is no policy, and lets mails be written with them.
func (o *office) poison() {
	o.t.Helper()
	ana := o.ana.Actor()
	_, err := o.desk.SaveBrand(ctx, ana, account.Brand{ID: 1, Name: "Brand" + hostile, Accent: "red" + hostile})
	o.must(err)
	_, err = o.desk.SaveGroup(ctx, ana, account.Group{ID: o.support.ID, Name: "Group" + hostile, Members: []int64{o.ben.ID, o.dora.ID}})
	o.must(err)
	name := "Name" + hostile
	for _, p := range []account.Person{o.ana, o.ben, o.dora, o.maria} {
		_, err = o.desk.ChangePerson(ctx, ana, p.ID, desk.PersonChange{Name: &name})
		o.must(err)
	}
	_, err = o.desk.AddToken(ctx, ana, o.ben.Email, "Token"+hostile)
	o.must(err)
	subject := "Subject" + hostile
	_, err = o.desk.Set(ctx, ana, desk.Set{Ticket: o.marias, Subject: &subject, Tags: []string{"tag" + hostile}})
	o.must(err)
	_, err = o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: o.marias, Text: "Note" + hostile})
	o.must(err)
	file, err := o.desk.Keep(ctx, o.ben.Actor(), "file"+hostile, "text/html"+hostile, strings.NewReader("x"))
	o.must(err)
	_, err = o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.marias, HTML: "<p>Answer</p>" + hostile, Status: "pending", Files: []desk.File{file}})
	o.must(err)
	done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "zoe@elsewhere.example", Name: name, Subject: subject, Text: "Text" + hostile, Channel: "portal"})
	o.must(err)
	_, err = o.desk.Answer(ctx, ana, desk.Answer{Ticket: done.Ticket.ID, Text: "Text" + hostile, Status: "solved"})
	o.must(err)
	e, err := o.desk.EditArticle(ctx, ana, o.article)
	o.must(err)
	c := e.Writing
	c.Title, c.Product, c.Release, c.Body = "Title"+hostile, "Product"+hostile, "1"+hostile, c.Body+"\n\n# Heading "+hostile+"\n\nWords "+hostile
	c.Videos = []article.Video{{Title: "Video" + hostile, URL: "https://video.example/1", Transcript: "They say " + hostile}}
	_, err = o.desk.SaveArticle(ctx, ana, desk.SaveArticle{ID: o.article, Content: c, Was: e.Mark, Publish: true})
	o.must(err)
	o.must(o.desk.Shelve(ctx, ana, desk.Shelve{Section: c.Section, Name: "Section" + hostile}))
	_, err = o.desk.CommentArticle(ctx, o.maria.Actor(), desk.Comment{Slug: "how-to-sign-in", Text: "Comment" + hostile})
	o.must(err)
	o.must(o.desk.JudgeArticle(ctx, o.maria.Actor(), desk.Judgement{Slug: "how-to-sign-in", Reason: "Reason" + hostile}))
	o.must(o.desk.MailSignInLink(ctx, o.maria.Email, "192.0.2.1"))
	_, err = o.desk.Invite(ctx, ana, desk.NewPerson{Name: name, Email: "eva@agency.example", Role: access.Agent})
	o.must(err)
}

// htmlParts are the parts of a mail that a mail program shows as HTML, as they were sent.
func htmlParts(t *testing.T, raw []byte) (all []string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(kind, encoding string, body io.Reader)
	walk = func(kind, encoding string, body io.Reader) {
		media, parameters, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(media, "multipart/") {
			for parts := multipart.NewReader(body, parameters["boundary"]); ; {
				part, err := parts.NextRawPart()
				if err != nil {
					return
				}
				walk(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
			}
		}
		switch strings.ToLower(encoding) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if media == "text/html" {
			all = append(all, string(text))
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return all
}
