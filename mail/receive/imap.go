package receive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"hark/fault"
	"hark/mail/peer"
)

// Mailbox reads one folder of one IMAP account for as long as it runs. Address, Server, Accept, Load and Save are needed,
// zero means the default beside a field. Several mailboxes run side by side and know nothing of each other.
//
// What happens to a mail on the server once it is safe here says after=... in the URL: keep (the usual: nothing), seen,
// delete, or move:FOLDER.
type Mailbox struct {
	Domain  string      // our host name: what claims to be written by it is taken out (threat C10)
	Address string      // whose mail this is; the recipient of all of it
	Server  peer.Server // imap or imaps
	Accept  Accept
	Load    func(ctx context.Context) (Position, error)
	Save    func(ctx context.Context, p Position) error
	Login   func(ctx context.Context) (peer.Login, error) // asked before every sign-in, because tokens expire; nil for what the URL says

	Ours    func(raw []byte) bool // mails that are taken out of the mailbox again, as soon as they are safe here; nil for none
	Trouble func(words string)    // told when the mailbox cannot be read, why, and what mends it; "" when it can again
	Notice  func(words string)    // told what an administrator should know once
	Since   time.Time             // on the first visit, older mail is left alone; zero takes everything
	Now     func() time.Time      // the desk's clock; nil for the machine's
	Log     *slog.Logger          // nil discards

	MaxBytes int64                            // of one mail, 36 MiB; of a larger one only its header is taken, with a note
	Poll     time.Duration                    // longest time between two looks, 1 minute; at most 28, so that IDLE is begun anew in time (RFC 2177)
	Patience time.Duration                    // for one answer, or one mail, 5 minutes
	Pause    func(failures int) time.Duration // before the next visit after trouble; nil for a second, doubled up to five minutes, with jitter

	after    afterwards
	trouble  string
	failures int
	careful  bool           // the last batch failed: one mail at a time
	strikes  map[uint32]int // how often a single mail failed
}

// Run visits the mailbox until ctx ends: it reads what is new, waits for more, and comes back after trouble.
func (m *Mailbox) Run(ctx context.Context) {
	m.defaults()
	for ctx.Err() == nil {
		err := m.visitSafely(ctx)
		if ctx.Err() != nil {
			return
		}
		m.failures++
		m.tell(m.words(err))
		m.Log.Warn("imap: a visit ended", "mailbox", m.Address, "server", m.Server.String(), "error", err, "failures", m.failures)
		select {
		case <-time.After(m.pause(err)):
		case <-ctx.Done():
		}
	}
}

func (m *Mailbox) defaults() {
	orElse(&m.MaxBytes, 36<<20)
	orElse(&m.Poll, time.Minute)
	orElse(&m.Patience, 5*time.Minute)
	orElse(&m.Log, slog.New(slog.DiscardHandler))
	m.Poll = min(m.Poll, 28*time.Minute)
	m.strikes = map[uint32]int{}
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Login == nil {
		m.Login = func(context.Context) (peer.Login, error) { return m.Server.Login, nil }
	}
	if m.Pause == nil {
		m.Pause = usualPause
	}
}

func usualPause(failures int) time.Duration {
	longest := min(time.Second<<min(failures, 10), 5*time.Minute)
	return longest/2 + rand.N(longest/2)
}

// pause is longer when signing in failed: hammering with a wrong password locks accounts.
func (m *Mailbox) pause(err error) time.Duration {
	pause := m.Pause(m.failures)
	var refused *signInError
	if errors.As(err, &refused) {
		pause *= 8
	}
	return pause
}

// visitSafely is visit, with a panic as an error: one odd server must not end the reading of the others.
func (m *Mailbox) visitSafely(ctx context.Context) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("reading broke off: %v\n%s", cause, debug.Stack())
		}
	}()
	if m.after, err = parseAfterwards(m.Server.Options.Get("after")); err != nil {
		return err
	}
	return m.visit(ctx)
}

// well is said after a visit has succeeded in reading.
func (m *Mailbox) well() {
	m.failures = 0
	m.tell("")
}

func (m *Mailbox) tell(trouble string) {
	if trouble != m.trouble && m.Trouble != nil {
		m.Trouble(trouble)
	}
	m.trouble = trouble
}

func (m *Mailbox) notice(format string, args ...any) {
	if m.Notice != nil {
		m.Notice(fmt.Sprintf(format, args...))
	}
}

// words says what is wrong and what mends it.
func (m *Mailbox) words(err error) string {
	var refused *signInError
	var answer *imap.Error
	switch {
	case errors.As(err, &refused):
		return fmt.Sprintf("%s does not let %s in: %s. Check the name and the password; some providers want an app password or a token instead.",
			m.Server.Host, refused.user, refused.says)
	case errors.As(err, &answer):
		return fmt.Sprintf("%s answered %s.", m.Server.Host, answerWords(answer))
	case fault.Says(err) != "":
		return fault.Says(err)
	}
	return m.Server.Explain(err)
}

// answerWords is what a server said, without the time it took to say so, which dovecot adds.
func answerWords(e *imap.Error) string {
	text := strings.TrimRight(timing.ReplaceAllString(e.Text, ""), ". ")
	if e.Code == "" {
		return fmt.Sprintf("%s %s", e.Type, text)
	}
	return fmt.Sprintf("%s [%s] %s", e.Type, e.Code, text)
}

var timing = regexp.MustCompile(` \([0-9.+ ]+ secs\)`)

// signInError is a server's no to a name and password.
type signInError struct{ user, says string }

func (e *signInError) Error() string { return "sign-in refused: " + e.says }

// afterwards is what happens on the server to a mail that is safe here.
type afterwards struct {
	verb   string // "", seen, delete or move
	folder string
}

func parseAfterwards(text string) (afterwards, error) {
	verb, folder, _ := strings.Cut(text, ":")
	switch {
	case verb == "" || verb == "keep":
		return afterwards{}, nil
	case verb == "seen", verb == "delete", verb == "move" && folder != "":
		return afterwards{verb, folder}, nil
	}
	return afterwards{}, fault.New(fault.Invalid, "after=%s is unknown; keep, seen, delete and move:FOLDER can be written", text)
}
