package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Every field of a mail is somebody else's words. None of them runs, on any page, and nothing they name is fetched by the
// browser or by the desk.
func TestA1_A12_A14_MailRunsNothingAndFetchesNothing(t *testing.T) {
	server := Start(t, "demo")
	var fetched atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	t.Cleanup(elsewhere.Close)
	away := "http://" + elsewhere.Listener.Addr().(*net.TCPAddr).String()
	script := `"><img src=x onerror=window.canary=1><script>window.canary=1</script>`
	body := strings.NewReplacer("AWAY", away, "SCRIPT", script).Replace(`<p>Look SCRIPT</p><img src="AWAY/1"><img srcset="AWAY/2 2x"><table background="AWAY/3"><tr><td style="background:url(AWAY/4)">x</td></tr></table>` +
		`<link rel="stylesheet" href="AWAY/5"><style>@import url(AWAY/6); body{background:url(AWAY/7)}</style><svg><use href="AWAY/8#x"></use><image href="AWAY/9"/></svg><video poster="AWAY/10"></video><iframe src="AWAY/11"></iframe><a href="javascript:window.canary=1">press</a>`)
	raw := fmt.Sprintf("From: \"%s\" <eve@evil.example>\r\nTo: \"%s\" <%s>\r\nCc: \"%s\" <cc@evil.example>\r\nSubject: %s\r\nMessage-ID: <canary@evil.example>\r\nX-Canary: %s\r\nDate: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s\r\n--b\r\nContent-Type: image/png; name=\"x\"\r\nContent-ID: <%s>\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\nnot a picture\r\n--b--\r\n",
		escaped(script), escaped(script), deskAddress, escaped(script), "canary "+script, script, time.Now().Format(time.RFC1123Z), body, script, escaped(script))
	if err := smtp.SendMail(server.SMTP, nil, "eve@evil.example", []string{deskAddress}, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	b := Open(t)
	signIn(b, server, signs["admin"])
	b.See("Next for me")
	b.Visit(server.URL + "/inbox?view=all")
	b.SeeIn(".rows", "canary")
	number := b.Attribute(".rows .row-link", "id")[len("t"):]
	for _, path := range []string{"/inbox?view=all", "/inbox?view=unassigned", "/tickets/" + number, "/tickets/" + number + "/why", "/search?q=canary", "/mail/in", "/mail/out", "/demo/outbox", "/demo", newestArrival(t, b, server), customerLink(t, server)} {
		joined := "?"
		if strings.Contains(path, "?") {
			joined = "&"
		}
		b.Visit(server.URL + path + joined + "__proto__[x]=1&constructor[prototype][x]=1")
		settle(b)
		if b.eval(`window.canary`) != "undefined" {
			t.Errorf("%s ran a mail's script", path)
		}
		if b.eval(`({}).x`) != "undefined" {
			t.Errorf("%s let its address into every object", path)
		}
		if b.eval(`document.querySelectorAll("main img[src=x], main script, main iframe:not(.letter), main svg use[href^=http], main [onerror]").length`) != "0" {
			t.Errorf("%s holds a mail's elements", path)
		}
	}
	if fetched.Load() != 0 {
		t.Errorf("%d things that a mail names were fetched", fetched.Load())
	}
}

// escaped is a text inside the quotes of a header.
func escaped(text string) string { return strings.ReplaceAll(text, `"`, `\"`) }

// newestArrival is the page of the mail that came last.
func newestArrival(t *testing.T, b *Browser, server *Server) string {
	t.Helper()
	b.Visit(server.URL + "/mail/in")
	path := b.Attribute(".mail-link", "href")
	if !strings.HasPrefix(path, "/mail/in/") {
		t.Fatalf("the mail log leads to %q", path)
	}
	return path
}
