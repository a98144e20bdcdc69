package web_test

import (
	"strconv"
	"strings"
	"testing"

	"hark/desk"
)

const silence = "Nothing is written in this mail."

// Below Maria's words her name is folded away, and in her second mail Ben's answer with it.
func TestASignatureIsNotCalledAnEarlierMail(t *testing.T) {
	o := open(t, sqlite(t))
	for body, summary := range map[string]string{
		"Please have a look.\r\n\r\n-- \r\nMaria Lopez\r\nGreen Fund":                                          "Signature",
		"Please have a look.\r\n\r\nSent from my iPhone":                                                       "Signature",
		"Please have a look.\r\n\r\n-- \r\nMaria Lopez\r\n\r\nOn Fri 20 Nov 2026, Ben wrote:\r\n> Which page?": "Earlier mail quoted below",
	} {
		id := o.arrives("Maria Lopez <maria@greenfund.example>", "Footer", "", body).Ticket
		for path, visitor := range map[string]*visitor{"/tickets/" + number(id): o.as(o.ana), "/requests/" + number(id): o.as(o.maria)} {
			if page := visitor.get(path).body; !strings.Contains(page, "<summary>"+summary+"</summary>") {
				t.Errorf("%s does not call it %q: %s", path, summary, excerpt(page))
			}
		}
	}
}

// Maria sends a file and not a word, once as plain mail and once from a program that writes HTML.
func TestAMailWithoutWordsSaysSo(t *testing.T) {
	o := open(t, sqlite(t))
	for subject, part := range map[string]string{
		"The invoice": "Content-Type: text/plain\r\n\r\n\r\n",
		"The receipt": "Content-Type: text/html\r\n\r\n<div><br></div>\r\n",
	} {
		got := o.deliver("maria@greenfund.example", "From: Maria Lopez <maria@greenfund.example>\r\nTo: "+address+"\r\nSubject: "+subject+
			"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"+part+
			"--b\r\nContent-Type: application/pdf; name=november.pdf\r\nContent-Disposition: attachment; filename=november.pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n")
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: got.Ticket, Group: &o.support.ID})
		o.must(err)
		id := strconv.FormatInt(got.Ticket, 10)
		for path, visitor := range map[string]*visitor{"/tickets/" + id: o.as(o.ben), "/requests/" + id: o.as(o.maria), o.link(got.Ticket, o.maria): o.stranger()} {
			if page := visitor.get(path).body; strings.Count(page, silence) != 1 || !strings.Contains(page, "november.pdf") {
				t.Errorf("%q, %s: says %d times that nothing is written: %s", subject, path, strings.Count(page, silence), excerpt(page))
			}
		}
	}
	if list := o.as(o.ben).get("/inbox").body; strings.Count(list, silence) != 2 {
		t.Errorf("the inbox says %d times that nothing is written: %s", strings.Count(list, silence), excerpt(list))
	}
}
