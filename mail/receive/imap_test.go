package receive_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hark/fault"
	"hark/mail/mailtest"
	"hark/mail/peer"
	"hark/mail/receive"
)

// office is where a mailbox's mail goes, and what is remembered between two runs of the reader.
type office struct {
	mu        sync.Mutex
	mails     []string
	envelopes []receive.Envelope
	position  receive.Position
	moves     []receive.Position
	troubles  []string
	notices   []string
	refuse    func(raw string) error // what accepting answers, nil for yes
	change    chan struct{}          // signalled whenever anything above changes
}

func newOffice() *office { return &office{change: make(chan struct{}, 10_000)} }

func (o *office) note(do func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do()
	o.change <- struct{}{}
}

func (o *office) accept(_ context.Context, e receive.Envelope, raw []byte) (err error) {
	o.note(func() {
		if o.refuse != nil {
			err = o.refuse(string(raw))
		}
		if err == nil {
			o.mails, o.envelopes = append(o.mails, string(raw)), append(o.envelopes, e)
		}
	})
	return err
}

// until waits until the office looks as wanted.
func (o *office) until(t testing.TB, what string, wanted func() bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		o.mu.Lock()
		ok := wanted()
		o.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-o.change:
		case <-late:
			t.Fatalf("waited in vain for: %s; %d mails, troubles %q, notices %q", what, len(o.mails), o.troubles, o.notices)
		}
	}
}

// mailbox reads url for the office.
func (o *office) mailbox(t testing.TB, ca *mailtest.Authority, url string, options ...func(*receive.Mailbox)) *receive.Mailbox {
	t.Helper()
	server, err := peer.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	server.Roots = ca.Pool
	m := &receive.Mailbox{
		Address: "support@acme.test", Server: server, Accept: o.accept, Poll: 100 * time.Millisecond,
		Load: func(context.Context) (receive.Position, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.position, nil
		},
		Save: func(_ context.Context, p receive.Position) error {
			o.note(func() { o.position = p; o.moves = append(o.moves, p) })
			return nil
		},
		Trouble: func(words string) { o.note(func() { o.troubles = append(o.troubles, words) }) },
		Notice:  func(words string) { o.note(func() { o.notices = append(o.notices, words) }) },
		Pause:   func(int) time.Duration { return 20 * time.Millisecond },
	}
	for _, option := range options {
		option(m)
	}
	return m
}

// run starts a mailbox; it is stopped with the test at the latest.
func run(t testing.TB, m *receive.Mailbox) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); m.Run(ctx) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

func dovecot(t testing.TB) (*mailtest.Dovecot, *mailtest.Authority) {
	t.Helper()
	ca := mailtest.NewAuthority(t)
	return mailtest.StartDovecot(t, ca.Certificate(time.Now().Add(time.Hour), "127.0.0.1"), ""), ca
}

func imaps(d *mailtest.Dovecot, rest string) string {
	return "imaps://support:" + mailtest.Password + "@" + d.IMAPS + "/" + rest
}

func letter(n int) string {
	return fmt.Sprintf("Return-Path: <laura%d@customer.test>\r\nReceived: from x by y; Mon, 2 Mar 2026 09:00:00 +0000\r\n"+
		"From: Laura <laura%d@customer.test>\r\nTo: support@acme.test\r\nSubject: Letter %d\r\n\r\nHello %d\r\n", n, n, n, n)
}

// distinct counts the different mails, since coming twice is allowed where coming never is not.
func (o *office) distinct() int {
	seen := map[string]bool{}
	for _, raw := range o.mails {
		seen[raw] = true
	}
	return len(seen)
}

func TestIMAP_FiveHundredMailsComeInOrderAndUnchanged(t *testing.T) {
	d, ca := dovecot(t)
	for n := range 500 {
		d.Deliver("support", letter(n))
	}
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "500 mails", func() bool { return len(o.mails) == 500 && o.position.Last == 500 })
	e := o.envelopes[0]
	if o.distinct() != 500 || e.From == "" || e.Unstated || fmt.Sprint(e.To) != "[support@acme.test]" || e.Remote != "127.0.0.1" || !e.TLS {
		t.Errorf("%d distinct; the first came as %+v", o.distinct(), e)
	}
	if seen := flags(t, d, ca); strings.Contains(seen, "Seen") || strings.Contains(seen, "Deleted") {
		t.Errorf("reading changed the flags: %s", seen)
	}
}

// flags lists the flags of all mails, as another mail program would see them.
func flags(t testing.TB, d *mailtest.Dovecot, ca *mailtest.Authority) (all string) {
	t.Helper()
	other(t, d, ca, func(c *imapclient.Client) {
		mails, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Flags: true}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails {
			all += fmt.Sprint(m.Flags)
		}
	})
	return all
}

// other is somebody else's mail program at the same mailbox.
func other(t testing.TB, d *mailtest.Dovecot, ca *mailtest.Authority, do func(c *imapclient.Client)) {
	t.Helper()
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("support", mailtest.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	do(c)
}

// TestIMAP_KilledBetweenAcceptAndPosition kills the reader again and again between the two, and at other places.
func TestIMAP_KilledBetweenAcceptAndPosition(t *testing.T) {
	d, ca := dovecot(t)
	for n := range 300 {
		d.Deliver("support", letter(n))
	}
	o := newOffice()
	for _, kill := range []int{1, 30, 49, 50, 51, 73, 80} {
		ctx, cancel := context.WithCancel(context.Background())
		accepted := 0
		m := o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) {
			accept, save := m.Accept, m.Save
			m.Accept = func(ctx context.Context, e receive.Envelope, raw []byte) error {
				err := accept(ctx, e, raw)
				if accepted++; accepted == kill {
					cancel() // from here on nothing is remembered
				}
				return err
			}
			m.Save = func(c context.Context, p receive.Position) error {
				if ctx.Err() != nil {
					return errors.New("killed")
				}
				return save(c, p)
			}
		})
		m.Run(ctx)
	}
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "all 300 mails", func() bool { return o.distinct() == 300 && o.position.Last == 300 })
	if len(o.mails) == 300 {
		t.Error("nothing came twice, so nothing was killed in the middle")
	}
}

func TestIMAP_ThePositionNeverMovesBeforeTheMailIsSafe(t *testing.T) {
	d, ca := dovecot(t)
	for n := range 10 {
		d.Deliver("support", letter(n))
	}
	o := newOffice()
	full := true
	o.refuse = func(raw string) error {
		if full && strings.Contains(raw, "Letter 4") {
			return fault.New(fault.Unavailable, "The disk is full.")
		}
		return nil
	}
	run(t, o.mailbox(t, ca, imaps(d, "?after=delete")))
	o.until(t, "the trouble", func() bool { return len(o.troubles) > 0 })
	o.mu.Lock()
	if o.position.Last != 4 || o.troubles[0] != "The disk is full." {
		t.Errorf("position %v, troubles %q", o.position, o.troubles)
	}
	full = false
	o.mu.Unlock()
	o.until(t, "the rest", func() bool { return o.distinct() == 10 && o.position.Last == 10 && o.troubles[len(o.troubles)-1] == "" })
}

func TestIMAP_IdleBringsAMailWithinASecond(t *testing.T) {
	d, ca := dovecot(t)
	d.Deliver("support", letter(0))
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) { m.Poll = 20 * time.Minute }))
	o.until(t, "the first mail", func() bool { return len(o.mails) == 1 && o.position.Last == 1 })
	best := time.Hour // of three, because the machine does other things too
	for n := 1; n <= 3; n++ {
		begun := time.Now()
		d.Deliver("support", letter(n))
		o.until(t, "the next mail", func() bool { return len(o.mails) == n+1 })
		best = min(best, time.Since(begun))
		o.until(t, "its position", func() bool { return o.position.Last == uint32(n+1) })
	}
	if best > time.Second {
		t.Errorf("the quickest took %v", best)
	}
}

func TestIMAP_ReadFlagsOfOtherProgramsChangeNothing(t *testing.T) {
	d, ca := dovecot(t)
	o := newOffice()
	for n := range 5 {
		d.Deliver("support", letter(n))
	}
	mark := func(op imap.StoreFlagsOp) {
		other(t, d, ca, func(c *imapclient.Client) {
			if err := c.Store(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.StoreFlags{Op: op, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
	mark(imap.StoreFlagsAdd) // read elsewhere before we came
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "five mails", func() bool { return len(o.mails) == 5 && o.position.Last == 5 })
	mark(imap.StoreFlagsDel) // and unread again
	d.Deliver("support", letter(5))
	o.until(t, "the sixth", func() bool { return o.position.Last == 6 })
	if len(o.mails) != 6 {
		t.Errorf("%d mails came", len(o.mails))
	}
}

func TestIMAP_AServerThatNumbersAnewIsReadAgainWithANotice(t *testing.T) {
	d, ca := dovecot(t)
	for n := range 3 {
		d.Deliver("support", letter(n))
	}
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "three mails", func() bool { return o.position.Last == 3 })
	before := o.position.Validity
	d.Stop()
	d.Deliver("support", letter(3))
	d.Renumber("support")
	d.Start()
	o.until(t, "the fourth mail", func() bool { return o.distinct() == 4 && o.position.Validity != before && o.position.Last == 4 })
	if len(o.notices) != 1 || !strings.Contains(o.notices[0], "numbered the mails of support@acme.test anew") {
		t.Errorf("notices %q", o.notices)
	}
}

func TestIMAP_ARestartOfTheServerIsSurvived(t *testing.T) {
	d, ca := dovecot(t)
	d.Deliver("support", letter(0))
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "the first mail", func() bool { return o.position.Last == 1 })
	d.Stop()
	o.until(t, "the trouble", func() bool {
		return len(o.troubles) > 0 && strings.Contains(o.troubles[len(o.troubles)-1], "Nothing listens at")
	})
	d.Deliver("support", letter(1))
	d.Start()
	o.until(t, "the second mail, and no trouble", func() bool { return o.position.Last == 2 && o.troubles[len(o.troubles)-1] == "" })
	if len(o.mails) != 2 {
		t.Errorf("%d mails came", len(o.mails))
	}
}

// TestItem11_OddMailsBetweenGoodOnes: nothing is looked into here, so nothing can be poison; a mail that is too large comes
// as its header with a note.
func TestItem11_OddMailsBetweenGoodOnes(t *testing.T) {
	d, ca := dovecot(t)
	odd := []string{
		"", "\r\n", "no header at all", "From\r\n\r\n", "\x00\xff\xfe\r\n\r\n\x00", "Subject: =?x?q?\r\n\r\n",
		strings.Repeat("X: y\r\n", 20_000) + "\r\n", "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + strings.Repeat("--a\r\n", 20_000),
		strings.Repeat("x", 200_000), "From: a\n\nbare\n.\nlines\n",
	}
	big := "Return-Path: <omar@customer.test>\r\nFrom: Omar <omar@customer.test>\r\nSubject: Photos\r\n of the roof\r\nContent-Type: image/jpeg\r\n\r\n" + strings.Repeat("0123456789abcdef\r\n", 100_000)
	for n, raw := range append(odd, big) {
		d.Deliver("support", letter(n))
		d.Deliver("support", raw)
	}
	d.Deliver("support", letter(99))
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) { m.MaxBytes = 1 << 20 }))
	o.until(t, "the last mail", func() bool { return len(o.mails) > 0 && strings.Contains(o.mails[len(o.mails)-1], "Letter 99") })
	good := 0
	for _, raw := range o.mails {
		if strings.Contains(raw, "Subject: Letter") {
			good++
		}
	}
	if good != len(odd)+2 || len(o.mails) < 2*len(odd)+1 {
		t.Errorf("%d good ones among %d", good, len(o.mails))
	}
	stub := o.mails[len(o.mails)-2]
	for _, want := range []string{"From: Omar <omar@customer.test>\r\n", "Subject: Photos\r\n of the roof\r\n", "too large to be taken: 2 MB", "still on the server"} {
		if !strings.Contains(stub, want) {
			t.Errorf("%q is missing in %q", want, stub)
		}
	}
	if e := o.envelopes[len(o.envelopes)-2]; strings.Contains(stub, "image/jpeg") || strings.Contains(stub, "0123456789") || e.From != "omar@customer.test" {
		t.Errorf("the stub came from %q: %q", e.From, stub)
	}
}

// TestItem11_AMailThatCannotBeFetchedIsSetAside has a server that drops the connection whenever mail 2 is asked for.
func TestItem11_AMailThatCannotBeFetchedIsSetAside(t *testing.T) {
	var asked atomic.Int32
	addr := mailtest.Speak(t, hostile(4, func(v *mailtest.Voice, uid string) bool {
		if uid == "2" {
			asked.Add(1)
		}
		return uid == "2"
	}))
	o := newOffice()
	run(t, o.mailbox(t, mailtest.NewAuthority(t), "imap://support:x@"+addr+"/?tls=off"))
	o.until(t, "the last mail", func() bool { return o.position.Last == 4 })
	if o.distinct() != 4 || !strings.Contains(o.mails[1], "Mail 2 of support@acme.test could not be fetched") || len(o.notices) != 1 {
		t.Errorf("mails %q, notices %q", o.mails, o.notices)
	}
	if asked.Load() != 4 { // once in a batch, three times alone
		t.Errorf("asked %d times", asked.Load())
	}
}

// hostile is a small IMAP server with n mails, which hangs up instead of sending a mail when drop says so.
func hostile(n int, drop func(v *mailtest.Voice, uid string) bool) func(*mailtest.Voice) {
	return func(v *mailtest.Voice) {
		v.Say("* OK [CAPABILITY IMAP4rev1] hi\r\n")
		for line := v.Hear(); line != ""; line = v.Hear() {
			words := strings.Fields(line)
			tag, verb := words[0], strings.ToUpper(words[1])
			switch {
			case verb == "SELECT" || verb == "EXAMINE":
				v.Say(fmt.Sprintf("* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n", n, n+1))
			case verb == "STATUS":
				v.Say(fmt.Sprintf("* STATUS INBOX (UIDNEXT %d UIDVALIDITY 7)\r\n", n+1))
			case strings.Contains(line, "UID SEARCH"):
				var first int
				fmt.Sscanf(words[len(words)-1], "%d:", &first)
				v.Say("* SEARCH")
				for uid := first; uid <= n; uid++ {
					v.Say(fmt.Sprintf(" %d", uid))
				}
				v.Say("\r\n")
			case strings.Contains(line, "UID FETCH"):
				for uid := range n + 1 {
					if !contains(words[3], uid) {
						continue
					}
					if !strings.Contains(line, "BODY") {
						v.Say(fmt.Sprintf("* %d FETCH (UID %d RFC822.SIZE 100)\r\n", uid, uid))
						continue
					}
					if drop(v, fmt.Sprint(uid)) {
						return
					}
					raw := letter(uid)
					v.Say(fmt.Sprintf("* %d FETCH (UID %d INTERNALDATE \"02-Mar-2026 09:00:00 +0000\" BODY[] {%d}\r\n%s)\r\n", uid, uid, len(raw), raw))
				}
			}
			v.Say(tag + " OK done\r\n")
		}
	}
}

func contains(set string, uid int) bool {
	for _, part := range strings.Split(set, ",") {
		from, to := 0, 0
		if n, _ := fmt.Sscanf(part, "%d:%d", &from, &to); n == 1 {
			to = from
		}
		if from <= uid && uid <= to {
			return true
		}
	}
	return false
}

func TestItem8_AServerThatHangsIsLeftAndVisitedAgain(t *testing.T) {
	visits := make(chan bool, 100)
	addr := mailtest.Speak(t, func(v *mailtest.Voice) {
		visits <- true
		v.Say("* OK [CAPABILITY IMAP4rev1] hi\r\n")
		v.Hang()
	})
	o := newOffice()
	run(t, o.mailbox(t, mailtest.NewAuthority(t), "imap://support:x@"+addr+"/?tls=off", func(m *receive.Mailbox) { m.Patience = 50 * time.Millisecond }))
	<-visits
	<-visits
	o.until(t, "words", func() bool { return len(o.troubles) == 1 && strings.Contains(o.troubles[0], "did not answer in time") })
}

func TestIMAP_MailsAreSettledOnTheServerOnlyWhenTheyAreSafe(t *testing.T) {
	for after, check := range map[string]func(c *imapclient.Client) error{
		"seen": func(c *imapclient.Client) error { return expectCount(c, "INBOX", 3, 0) },
		"delete": func(c *imapclient.Client) error {
			return expectCount(c, "INBOX", 0, 0)
		},
		"move:Archive": func(c *imapclient.Client) error {
			return errors.Join(expectCount(c, "INBOX", 0, 0), expectCount(c, "Archive", 3, 3))
		},
		"move:Nowhere": func(c *imapclient.Client) error { return expectCount(c, "INBOX", 3, 3) },
	} {
		t.Run(after, func(t *testing.T) {
			d, ca := dovecot(t)
			for n := range 3 {
				d.Deliver("support", letter(n))
			}
			other(t, d, ca, func(c *imapclient.Client) {
				if err := c.Create("Archive", nil).Wait(); err != nil {
					t.Fatal(err)
				}
			})
			o := newOffice()
			stop := run(t, o.mailbox(t, ca, imaps(d, "?after="+after)))
			o.until(t, "three mails", func() bool { return o.position.Last == 3 })
			d.Deliver("support", letter(3)) // the reader comes back only after settling
			o.until(t, "the fourth", func() bool { return o.position.Last == 4 })
			stop()
			other(t, d, ca, func(c *imapclient.Client) {
				if err := check(c); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What the desk wrote into a mailbox itself, to see that mail arrives, is taken out again whatever happens to the rest.
func TestIMAP_OurOwnMailIsTakenOutAgain(t *testing.T) {
	d, ca := dovecot(t)
	for n := range 3 {
		d.Deliver("support", letter(n))
	}
	o := newOffice()
	stop := run(t, o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) {
		m.Ours = func(raw []byte) bool { return bytes.Contains(raw, []byte("Subject: Letter 1\r\n")) }
	}))
	o.until(t, "three mails", func() bool { return o.position.Last == 3 })
	d.Deliver("support", letter(3))
	o.until(t, "the fourth", func() bool { return o.position.Last == 4 })
	stop()
	other(t, d, ca, func(c *imapclient.Client) {
		s, err := c.Status("INBOX", &imap.StatusOptions{NumMessages: true}).Wait()
		if err != nil || *s.NumMessages != 3 {
			t.Errorf("the mailbox has %d mails (%v), want the three that are not ours", *s.NumMessages, err)
		}
	})
}

// expectCount looks at a folder; the fourth mail may or may not have been settled when the reader was stopped.
func expectCount(c *imapclient.Client, folder string, mails, unseen uint32) error {
	s, err := c.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true}).Wait()
	if err != nil {
		return err
	}
	within := func(n, least uint32) bool { return n == least || n == least+1 }
	if !within(*s.NumMessages, mails) || !within(*s.NumUnseen, unseen) {
		return fmt.Errorf("%s has %d mails, %d unseen", folder, *s.NumMessages, *s.NumUnseen)
	}
	return nil
}

func TestF15_NoPasswordGoesToAnIMAPServerThatIsNotTheOne(t *testing.T) {
	ca, stranger := mailtest.NewAuthority(t), mailtest.NewAuthority(t)
	later := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		certificate tls.Certificate
		words       string
	}{
		"another authority": {stranger.Certificate(later, "127.0.0.1"), "Nobody we trust vouches"},
		"wrong name":        {ca.Certificate(later, "mail.evil.test"), "is not for 127.0.0.1"},
		"expired":           {ca.Certificate(time.Now().Add(-time.Hour), "127.0.0.1"), "has expired"},
	} {
		t.Run(name, func(t *testing.T) {
			d := mailtest.StartDovecot(t, c.certificate, "")
			for _, url := range []string{imaps(d, ""), "imap://support:" + mailtest.Password + "@" + d.IMAP + "/"} {
				o := newOffice()
				asked := false
				run(t, o.mailbox(t, ca, url, func(m *receive.Mailbox) {
					m.Login = func(context.Context) (peer.Login, error) { asked = true; return m.Server.Login, nil }
				}))
				o.until(t, "words", func() bool { return len(o.troubles) == 1 && strings.Contains(o.troubles[0], c.words) })
				if asked {
					t.Errorf("%s: the password was taken out", url)
				}
			}
			if strings.Contains(d.Log(), "Login:") {
				t.Errorf("signed in:\n%s", d.Log())
			}
		})
	}
}

func TestF15_StrippedSTARTTLSGetsNoPassword(t *testing.T) {
	heard := make(chan string, 100)
	addr := mailtest.Speak(t, func(v *mailtest.Voice) {
		v.Say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
		for line := v.Hear(); line != ""; line = v.Hear() {
			heard <- line
			tag, _, _ := strings.Cut(line, " ")
			v.Say(tag + " BAD what is that\r\n")
		}
	})
	o := newOffice()
	stop := run(t, o.mailbox(t, mailtest.NewAuthority(t), "imap://support:pa55word@"+addr+"/"))
	o.until(t, "words", func() bool { return len(o.troubles) == 1 && strings.Contains(o.troubles[0], "offers no encryption") })
	stop()
	for len(heard) > 0 {
		if line := <-heard; strings.Contains(line, "LOGIN") || strings.Contains(line, "AUTH") || strings.Contains(line, "pa55word") {
			t.Errorf("said %q", line)
		}
	}
}

func TestIMAP_WordsForWhatCanBeWrong(t *testing.T) {
	d, ca := dovecot(t)
	for url, words := range map[string]string{
		"imaps://support:wrong@" + d.IMAPS + "/": "does not let support in: NO [AUTHENTICATIONFAILED]",
		imaps(d, "Nowhere"):                      "does not open the folder Nowhere: NO Mailbox doesn't exist: Nowhere. Check",
		imaps(d, "?after=burn"):                  "after=burn is unknown",
		"imaps://support:x@" + d.IMAP + "/":      "does not begin with TLS. Write imap://",
		"imaps://support:x@no-such-host.invalid": "no-such-host.invalid",
	} {
		o := newOffice()
		stop := run(t, o.mailbox(t, ca, url))
		o.until(t, words, func() bool { return len(o.troubles) == 1 && strings.Contains(o.troubles[0], words) })
		stop()
	}
}

func TestIMAP_StartsEncryptionAndSignsInWithAToken(t *testing.T) {
	introspection := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"active": %t, "username": "support"}`, r.FormValue("token") == "good-token")
	}))
	defer introspection.Close()
	ca := mailtest.NewAuthority(t)
	d := mailtest.StartDovecot(t, ca.Certificate(time.Now().Add(time.Hour), "127.0.0.1"), introspection.URL+"/")
	d.Deliver("support", letter(1))
	token := peer.Secret("expired-token")
	o := newOffice()
	run(t, o.mailbox(t, ca, "imap://support@"+d.IMAP+"/", func(m *receive.Mailbox) {
		m.Login = func(context.Context) (peer.Login, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return peer.Login{User: "support", Token: token}, nil
		}
	}))
	o.until(t, "the refusal", func() bool { return len(o.troubles) > 0 && strings.Contains(o.troubles[0], "does not let support in") })
	o.mu.Lock()
	token = "good-token"
	o.mu.Unlock()
	o.until(t, "the mail", func() bool { return len(o.mails) == 1 })
}

func TestIMAP_SeveralMailboxesRunOnTheirOwn(t *testing.T) {
	d, ca := dovecot(t)
	d.Deliver("support", letter(1))
	d.Deliver("sales", letter(2))
	support, sales, broken := newOffice(), newOffice(), newOffice()
	run(t, broken.mailbox(t, ca, "imaps://support:wrong@"+d.IMAPS+"/"))
	run(t, support.mailbox(t, ca, imaps(d, "")))
	run(t, sales.mailbox(t, ca, strings.Replace(imaps(d, ""), "support:", "sales:", 1)))
	support.until(t, "support's mail", func() bool { return len(support.mails) == 1 && strings.Contains(support.mails[0], "Letter 1") })
	sales.until(t, "sales' mail", func() bool { return len(sales.mails) == 1 && strings.Contains(sales.mails[0], "Letter 2") })
}

func TestIMAP_OlderMailIsLeftAloneOnTheFirstVisit(t *testing.T) {
	d, ca := dovecot(t)
	other(t, d, ca, func(c *imapclient.Client) {
		for n, at := range []time.Time{monday.AddDate(0, -1, 0), monday.AddDate(0, 0, 1)} {
			raw := letter(n)
			command := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: at})
			command.Write([]byte(raw))
			command.Close()
			if _, err := command.Wait(); err != nil {
				t.Fatal(err)
			}
		}
	})
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, ""), func(m *receive.Mailbox) { m.Since = monday }))
	o.until(t, "the newer mail", func() bool { return o.position.Last == 2 })
	if len(o.mails) != 1 || !strings.Contains(o.mails[0], "Letter 1") || !o.envelopes[0].At.Equal(monday.AddDate(0, 0, 1)) {
		t.Errorf("%d mails, the first at %v", len(o.mails), o.envelopes[0].At)
	}
}

func TestAPositionIsReadAsItWasWritten(t *testing.T) {
	for _, p := range []receive.Position{{}, {1751871234, 42}, {1, 0}} {
		if got, err := receive.ParsePosition(p.String()); err != nil || got != p {
			t.Errorf("%v became %q and %v, %v", p, p.String(), got, err)
		}
	}
	for _, bad := range []string{"x", "1", "1:", ":1", "1:2:3", "1:2 3", "99999999999:1", "-1:1"} {
		if p, err := receive.ParsePosition(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is %v, %v", bad, p, err)
		}
	}
}

func TestOnlyTheServersOwnReturnPathCounts(t *testing.T) {
	d, ca := dovecot(t)
	for _, head := range []string{
		"Return-Path: <>\r\nReceived: x\r\n", "Return-Path: <laura@customer.test>\r\n",
		"Received: x\r\nReturn-Path: <>\r\n", "Subject: none\r\n", "Return-Path: <a@b@c>\r\n",
	} {
		d.Deliver("support", head+"From: laura@customer.test\r\n\r\nHello\r\n")
	}
	o := newOffice()
	run(t, o.mailbox(t, ca, imaps(d, "")))
	o.until(t, "five mails", func() bool { return o.position.Last == 5 })
	var got []string
	for _, e := range o.envelopes {
		got = append(got, fmt.Sprintf("%s/%t", e.From, e.Unstated))
	}
	if fmt.Sprint(got) != "[/false laura@customer.test/false /true /true a@b@c/true]" {
		t.Errorf("got %v", got)
	}
}

// Somebody who sets up a mailbox is told at once what the server says about it, and nothing is read on the way.
func TestAMailboxIsTriedWithoutReadingIt(t *testing.T) {
	d, ca := dovecot(t)
	d.Deliver("support", letter(1))
	for url, wanted := range map[string]struct {
		good  bool
		words string
	}{
		imaps(d, ""): {true, "let support in and opened INBOX"},
		strings.Replace(imaps(d, ""), mailtest.Password, "wrong", 1): {false, "does not let support in: NO [AUTHENTICATIONFAILED]"},
		imaps(d, "Nowhere"): {false, "does not open the folder Nowhere"},
	} {
		o := newOffice()
		says, good := o.mailbox(t, ca, url).Try(t.Context())
		if good != wanted.good || !strings.Contains(says, wanted.words) {
			t.Errorf("trying %s says %q", strings.ReplaceAll(url, mailtest.Password, "..."), says)
		}
		if len(o.mails) > 0 || len(o.moves) > 0 {
			t.Error("a mail was read")
		}
	}
}
