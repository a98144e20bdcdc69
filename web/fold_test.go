package web_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hark/desk"
)

var showAll = regexp.MustCompile(`href="(\?all=\d+)#comment-\d+">Show all`)

// Maria pastes a log of 200,000 lines into a mail. Everybody can still open the ticket, and can read all of it.
func TestALongMailIsFoldedAndCanBeUnfolded(t *testing.T) {
	o := open(t, sqlite(t))
	var log strings.Builder
	for n := range 200_000 {
		fmt.Fprintf(&log, "line %d\r\n", n)
	}
	got := o.deliver("maria@greenfund.example", "From: Maria Lopez <maria@greenfund.example>\r\nTo: "+address+"\r\nSubject: The log\r\nMessage-ID: <log@customers.example>\r\n\r\n"+log.String())
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: got.Ticket, Group: &o.support.ID})
	o.must(err)
	id := strconv.FormatInt(got.Ticket, 10)
	for path, visitor := range map[string]*visitor{"/tickets/" + id: o.as(o.ben), "/requests/" + id: o.as(o.maria), o.link(got.Ticket, o.maria): o.stranger(), "/inbox": o.as(o.ben), "/search?q=log": o.as(o.ben)} {
		page := visitor.get(path)
		if page.status != 200 || len(page.body) > 150_000 || strings.Contains(page.body, "line 200\n") {
			t.Errorf("%s: %d, %d kB", path, page.status, len(page.body)>>10)
		}
		if !strings.HasPrefix(path, "/tickets/") && !strings.HasPrefix(path, "/requests/") && !strings.HasPrefix(path, "/t/") {
			continue
		}
		rest := showAll.FindStringSubmatch(page.body)
		if !strings.Contains(page.body, "line 199") || rest == nil {
			t.Fatalf("%s does not show the beginning and the way to the rest: %s", path, excerpt(page.body))
		}
		all := visitor.get(path + rest[1]).body // a megabyte of it; the whole is attached as a file
		if !strings.Contains(all, "line 80000") || !strings.Contains(all, "message.txt") || showAll.MatchString(all) {
			t.Errorf("%s does not show all when it is asked to", path)
		}
	}
}

// A long mail in HTML is shown by its text until somebody asks for all of it; a short one is shown as it is.
func TestALongHTMLMailIsFolded(t *testing.T) {
	o := open(t, sqlite(t))
	mail := func(subject, html string) (int64, string) {
		got := o.deliver("maria@greenfund.example", "From: Maria Lopez <maria@greenfund.example>\r\nTo: "+address+"\r\nSubject: "+subject+"\r\nContent-Type: text/html\r\n\r\n"+html)
		return got.Ticket, "/tickets/" + strconv.FormatInt(got.Ticket, 10)
	}
	id, path := mail("Newsletter", strings.Repeat("<p>A <b>bold</b> word.</p>", 3_000))
	ana := o.as(o.ana)
	if page := ana.get(path).body; len(page) > 150_000 || !strings.Contains(page, "A bold word.") || strings.Contains(page, "<b>bold</b>") {
		t.Errorf("the page has %d kB", len(page)>>10)
	}
	if page := ana.get(path + "?all=" + strconv.FormatInt(o.page(id).Comments[0].ID, 10)).body; strings.Count(page, "<b>bold</b>") != 3_000 {
		t.Errorf("all of it is %d words", strings.Count(page, "<b>bold</b>"))
	}
	_, path = mail("Short", "<p>A <b>bold</b> word.</p>")
	if page := ana.get(path).body; !strings.Contains(page, "<b>bold</b>") || strings.Contains(page, "Show all") {
		t.Error("a short mail is folded")
	}
}
