package receive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"hark/fault"
	"hark/mail"
)

// session is the dialogue with one peer, from its greeting on. STARTTLS begins a new one.
type session struct {
	*Listener
	conn      *smtp.Conn
	remote    string
	from      string
	to        []string
	receiving bool // a mail is on its way in; guarded by Listener.mu
}

func (l *Listener) newSession(c *smtp.Conn) (smtp.Session, error) {
	s := &session{Listener: l, conn: c, remote: hostOf(c.Conn().RemoteAddr())}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return nil, reply(421, 4, 3, 2, l.Domain+" is shutting down, come back in a minute")
	}
	l.sessions[s] = struct{}{}
	guardOf(c.Conn()).state.Store(introduced)
	return s, nil
}

func reply(code, class, subject, detail int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

// Mail notes the return path. A path that two programs could read differently is refused (threat C9): its quotes are
// already gone here, so "a@b"@c would look like an address at b@c.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if from != "" && !isPlainPath(from) {
		return reply(553, 5, 1, 7, "the sender address is not one that can be answered")
	}
	s.from, s.to = from, nil
	return nil
}

// Rcpt takes a recipient that the desk receives for and no other.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !isPlainPath(to) {
		return reply(550, 5, 1, 1, "no such address here")
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.StoreTime)
	defer cancel()
	known, err := s.Known(ctx, to)
	switch {
	case err != nil:
		s.Log.Error("smtp: cannot look up a recipient", "recipient", to, "error", err)
		return reply(451, 4, 3, 0, "addresses cannot be looked up just now, try again later")
	case !known:
		return reply(550, 5, 1, 1, "no such address here")
	}
	s.to = append(s.to, to)
	return nil
}

// isPlainPath reports whether address has one @ with something on both sides, no blank, quote or control, and a usual length.
func isPlainPath(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`@"\()<>,;`, r) }
	return ok && local != "" && domain != "" && len(address) <= 254 && !strings.ContainsFunc(local+domain, odd)
}

// Data reads one mail and hands it on. Its result is the answer to the final dot.
func (s *session) Data(r io.Reader) error {
	if !s.begin() {
		return reply(421, 4, 3, 2, s.Domain+" is shutting down, come back in a minute")
	}
	taken := s.inFlight.start()
	defer taken.giveBack()
	raw, err := s.readMail(r, taken)
	if err != nil {
		return s.answer(err)
	}
	at := s.Now()
	e := Envelope{From: s.from, To: s.to, Remote: s.remote, HeloName: s.conn.Hostname(), TLS: s.encrypted(), At: at}
	ctx, cancel := context.WithTimeout(context.Background(), s.StoreTime)
	defer cancel()
	return s.answer(s.Accept(ctx, e, s.mark(ctx, e, raw)))
}

// mark puts our fields on top of a mail: how it came and, when that was asked for, who stands behind it. Whatever claims to
// be ours already is taken out first (threat C10).
func (s *session) mark(ctx context.Context, e Envelope, raw []byte) []byte {
	top := trace(e, s.Domain)
	if s.Verify.concerns(e.Remote) {
		top = append(top, s.Verify.Check(ctx, e, raw).Field(s.Domain)...)
	}
	return append(top, mail.Disown(raw, s.Domain)...)
}

// begin marks the session as receiving, so that Close waits for it.
func (s *session) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receiving = !s.closing
	return s.receiving
}

var errBareNewline = reply(550, 5, 5, 2, "lines have to end with CR LF, and this mail has a CR or a LF alone (with curl, add --crlf)")

// readMail reads until the end of the mail. Each pause and the whole transfer are bounded. Only CR LF ends a line: a mail
// with any other line end is refused, because a peer that reads it as an end could be made to see two mails here where the
// next server sees one (threat C16).
func (s *session) readMail(r io.Reader, taken *share) ([]byte, error) {
	var raw bytes.Buffer
	chunk := make([]byte, 16<<10)
	end := time.Now().Add(s.MaxTransfer)
	for {
		s.conn.Conn().SetReadDeadline(earlier(end, time.Now().Add(s.Patience)))
		n, err := r.Read(chunk)
		if !taken.take(int64(n)) {
			return nil, reply(452, 4, 3, 1, "too many large mails at once, try again later")
		}
		raw.Write(chunk[:n])
		switch {
		case err == nil:
		case hasBareNewline(raw.Bytes()): // also when time ran out: the peer may take CR CR LF . CR LF for an end
			return nil, errBareNewline
		case err == io.EOF:
			return raw.Bytes(), nil
		default:
			return nil, err
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// hasBareNewline reports a CR or a LF that stands alone. A CR at the very end may still get its LF.
func hasBareNewline(raw []byte) bool {
	raw = bytes.TrimSuffix(raw, []byte("\r"))
	pairs := bytes.Count(raw, []byte("\r\n"))
	return bytes.Count(raw, []byte("\n")) != pairs || bytes.Count(raw, []byte("\r")) != pairs
}

// answer turns what happened into an SMTP reply: only "too large" and "cannot be used" are final, everything else asks the
// sender to keep the mail and try again.
func (s *session) answer(err error) error {
	var said *smtp.SMTPError
	switch {
	case err == nil, errors.As(err, &said):
		return err
	case errors.Is(err, smtp.ErrTooLongLine):
		return reply(554, 5, 6, 0, "a line of this mail is too long")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, smtp.ErrDataReset), errors.Is(err, net.ErrClosed):
		return reply(451, 4, 4, 2, "the mail ended before its end")
	}
	s.Log.Error("smtp: a mail was not accepted, its sender keeps it", "remote", s.remote, "error", err)
	switch fault.KindOf(err) {
	case fault.TooLarge:
		return reply(552, 5, 3, 4, "this mail is larger than we take")
	case fault.Invalid:
		return reply(554, 5, 6, 0, "this mail cannot be taken")
	case fault.Unavailable:
		return reply(452, 4, 3, 1, "mail cannot be stored just now, try again later")
	}
	return reply(451, 4, 3, 0, "something went wrong here, try again later")
}

func (s *session) encrypted() bool {
	_, ok := s.conn.TLSConnectionState()
	return ok
}

// Reset ends a transaction. The library calls it after the answer to a mail has been written, which is the moment to leave
// when the listener is closing.
func (s *session) Reset() {
	s.from, s.to = "", nil
	if s.finishReceiving() {
		s.dismiss()
	}
}

// finishReceiving reports whether a mail has just ended while the listener closes.
func (s *session) finishReceiving() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.receiving
	s.receiving = false
	return was && s.closing
}

// Logout forgets the session: the connection has ended, or begins anew under TLS.
func (s *session) Logout() error {
	guardOf(s.conn.Conn()).state.Store(between)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, s)
	return nil
}

// dismiss says goodbye on the bare connection: the library's own Close may be holding the lock that led here.
func (s *session) dismiss() { farewell(s.conn.Conn(), s.Domain) }

func farewell(c net.Conn, domain string) {
	c.SetWriteDeadline(time.Now().Add(time.Second))
	io.WriteString(c, "421 4.3.2 "+domain+" is shutting down, come back in a minute\r\n")
	c.Close()
}
