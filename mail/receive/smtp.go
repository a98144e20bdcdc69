package receive

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Listener speaks SMTP (RFC 5321) to the mail servers of the world. Domain, Accept and Known are needed, a zero limit means
// the default beside it. A Listener serves once: after Close it stays closed.
type Listener struct {
	Domain string // our host name, in the greeting and in Received
	Accept Accept
	Known  Known
	TLS    *tls.Config      // offered by STARTTLS when given
	Now    func() time.Time // the desk's clock; nil for the machine's
	Log    *slog.Logger     // nil discards
	Verify *Verifier        // finds out who stands behind a mail; nil leaves that unknown

	MaxBytes       int64         // of one mail, 36 MiB: 25 MB of attachments in base64
	MaxInFlight    int64         // octets of all mails being received at once, 256 MiB
	MaxRecipients  int           // of one mail, 100 (RFC 5321, 4.5.3.1.8 asks for that many)
	MaxLine        int           // octets, 64 KiB; RFC 5322 says 998, but mail beyond it exists and should become a ticket
	MaxConnections int           // at once, 200
	MaxPerHost     int           // at once from one IP address, 20
	Patience       time.Duration // for one command, and for each pause inside a mail, 5 minutes (RFC 5321, 4.5.3.2.7)
	MaxTransfer    time.Duration // for one mail, 20 minutes
	StoreTime      time.Duration // for Accept, 1 minute

	once     sync.Once
	server   *smtp.Server
	hosts    *hosts
	inFlight budget

	mu       sync.Mutex
	closing  bool
	doors    []net.Listener
	sessions map[*session]struct{}
}

// Serve accepts connections on l until Close, and then returns nil. It may be called for several listeners.
func (l *Listener) Serve(ln net.Listener) error {
	l.once.Do(l.prepare)
	if !l.opens(ln) {
		return ln.Close()
	}
	err := l.server.Serve(&doorkeeper{Listener: ln, hosts: l.hosts, domain: l.Domain})
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// opens notes ln for Close, and reports false when Close was quicker.
func (l *Listener) opens(ln net.Listener) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doors = append(l.doors, ln)
	return !l.closing
}

func (l *Listener) prepare() {
	l.defaults()
	l.sessions = map[*session]struct{}{}
	l.hosts = newHosts(l.MaxConnections, l.MaxPerHost)
	l.inFlight.limit = l.MaxInFlight
	l.server = smtp.NewServer(smtp.BackendFunc(l.newSession))
	l.server.Domain = l.Domain
	l.server.TLSConfig = l.TLS
	l.server.MaxMessageBytes = l.MaxBytes
	l.server.MaxRecipients = l.MaxRecipients
	l.server.MaxLineLength = l.MaxLine
	l.server.ReadTimeout = l.Patience
	l.server.WriteTimeout = l.Patience
	l.server.EnableSMTPUTF8 = true
	l.server.ErrorLog = serverLog{l.Log}
}

func (l *Listener) defaults() {
	orElse(&l.MaxBytes, 36<<20)
	orElse(&l.MaxInFlight, 256<<20)
	orElse(&l.MaxRecipients, 100)
	orElse(&l.MaxLine, 64<<10)
	orElse(&l.MaxConnections, 200)
	orElse(&l.MaxPerHost, 20)
	orElse(&l.Patience, 5*time.Minute)
	orElse(&l.MaxTransfer, 20*time.Minute)
	orElse(&l.StoreTime, time.Minute)
	orElse(&l.Log, slog.New(slog.DiscardHandler))
	if l.Now == nil {
		l.Now = time.Now
	}
}

func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Close stops listening, says 421 to everybody who is not in the middle of a mail, lets those who are finish it and have
// their answer, and returns when the last has gone or ctx is done. Mail cut off by ctx was not acknowledged: it comes again.
func (l *Listener) Close(ctx context.Context) error {
	l.once.Do(l.prepare)
	for _, s := range l.beginClosing() {
		s.dismiss()
	}
	l.hosts.dismissStrangers(l.Domain)
	err := l.hosts.wait(ctx)
	l.hosts.closeAll()
	return err
}

// beginClosing shuts the doors and returns the sessions that are not receiving a mail.
func (l *Listener) beginClosing() (idle []*session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closing = true
	for _, ln := range l.doors {
		ln.Close()
	}
	for s := range l.sessions {
		if !s.receiving {
			idle = append(idle, s)
		}
	}
	return idle
}

// serverLog turns the protocol library's complaints into debug lines: a peer that hangs up is not news.
type serverLog struct{ log *slog.Logger }

func (s serverLog) Printf(format string, v ...any) { s.log.Debug("smtp: " + fmt.Sprintf(format, v...)) }
func (s serverLog) Println(v ...any)               { s.log.Debug("smtp: " + fmt.Sprint(v...)) }
