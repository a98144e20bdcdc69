package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/mail/receive"
	"hark/mail/send"
	"hark/web"
	"hark/web/visit"
)

// serverFlags are what serve and demo have in common.
type serverFlags struct {
	Listen string `help:"Where the pages are served." default:"127.0.0.1:8025" placeholder:"HOST:PORT"`
	SMTP   string `help:"Where mail is taken; empty switches the listener off." default:"127.0.0.1:2525" placeholder:"HOST:PORT"`
}

// serveCmd is the server.
type serveCmd struct {
	serverFlags
	URL        string   `help:"Where people reach the pages, when that is not http://LISTEN."`
	Domain     string   `help:"Serve this domain over TLS on ports 80 and 443, with certificates that renew themselves."`
	ACME       string   `name:"acme" help:"Authority that certifies the domain, by the address of its ACME directory; Let's Encrypt by default." placeholder:"URL"`
	HTTPS      string   `name:"https" help:"Where the domain is served over TLS." default:":443" placeholder:"HOST:PORT"`
	HTTP       string   `name:"http" help:"Where the authority's challenges for the domain are answered, and everything else is sent on to TLS." default:":80" placeholder:"HOST:PORT"`
	SMTPOut    string   `help:"Mail server that takes our mail; without it mail goes straight to each recipient's server." placeholder:"smtp://user:password@host:port"`
	TLSCert    string   `name:"tls-cert" help:"Certificate that the mail listener offers by STARTTLS, when there is no --domain." type:"existingfile" placeholder:"FILE"`
	TLSKey     string   `name:"tls-key" help:"Its private key." type:"existingfile" placeholder:"FILE"`
	Proxy      []string `help:"Addresses of reverse proxies whose X-Forwarded-For is believed, as CIDR."`
	Nearby     []string `help:"Networks nearby in which the engineers' tracker may be, as CIDR; without it the desk speaks with one on the public internet only."`
	RoundTrips bool     `help:"Write to every mailbox once an hour, to see that mail arrives." default:"true" negatable:""`
	Debug      bool     `help:"Log more."`
}

// Run serves until it is asked to stop, then finishes what is under way.
func (c *serveCmd) Run(out *Out, w *where) error {
	logging(c.Debug)
	proxies, err := prefixes("--proxy", c.Proxy)
	if err != nil {
		return err
	}
	nearby, err := prefixes("--nearby", c.Nearby)
	if err != nil {
		return err
	}
	s := &server{flags: c.serverFlags, url: c.URL, nearby: nearby, roundTrips: c.RoundTrips, domain: domain{name: c.Domain, authority: c.ACME, https: c.HTTPS, plain: c.HTTP}, proxies: proxies, out: out}
	if s.tls, err = certificate(c.TLSCert, c.TLSKey); err != nil {
		return err
	}
	if s.sender, err = outward(c.SMTPOut, hostName(c.Domain)); err != nil {
		return err
	}
	if err := s.listen(); err != nil {
		return err
	}
	return s.run(w)
}

func prefixes(flag string, texts []string) (all []netip.Prefix, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s %s is no range of addresses; write it like 10.0.0.0/8", flag, text)
		}
		all = append(all, p)
	}
	return all, nil
}

// logging writes JSON lines to standard error. Nothing that people wrote and no secret is ever given to it (I8).
func logging(debug bool) {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
}

// server is a running desk: the pages, the mail listener, and the workers.
type server struct {
	flags      serverFlags
	url        string
	domain     domain // its name is empty when the pages are served without TLS
	proxies    []netip.Prefix
	nearby     []netip.Prefix // where the engineers' tracker may be
	sender     send.Sender
	roundTrips bool        // mail really leaves, and the desk tries whether it arrives
	tls        *tls.Config // what the mail listener offers by STARTTLS; nil for nothing
	demo       *web.Demo
	prepare    func(ctx context.Context, d *opened) error // before the doors open
	welcome    func(s *server, d *opened)                 // after they are open
	out        *Out

	pages   net.Listener
	mail    net.Listener
	meters  *meters
	workers sync.WaitGroup
}

// run opens the doors it has listened at, and serves until it is asked to stop.
func (s *server) run(w *where) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d, err := w.open(ctx, desk.WithURL(s.url), desk.WithLog(slog.Default()), desk.WithAuthserv(hostName(s.domain.name)))
	if err != nil {
		return err
	}
	defer d.close()
	leave, err := d.alone(ctx, w.Data)
	if err != nil {
		return err
	}
	defer leave()
	if err := d.set(ctx, urlSetting, s.url); err != nil {
		return err
	}
	if s.prepare != nil {
		if err := s.prepare(ctx, d); err != nil {
			return err
		}
	}
	return s.serve(ctx, d)
}

// listen takes the addresses first, so that a wrong one is said at once.
func (s *server) listen() (err error) {
	if s.pages, err = net.Listen("tcp", s.flags.Listen); err != nil {
		return fault.Wrap(err, fault.Invalid, "the pages cannot be served at %s; choose another address with --listen HOST:PORT or HARK_LISTEN", s.flags.Listen)
	}
	if s.url == "" {
		s.url = "http://" + s.pages.Addr().String()
		if s.domain.name != "" {
			s.url = "https://" + s.domain.name
		}
	}
	if s.domain.name != "" {
		if err := s.domain.listen(); err != nil {
			return err
		}
	}
	if s.flags.SMTP == "" {
		return nil
	}
	if s.mail, err = net.Listen("tcp", s.flags.SMTP); err != nil {
		return fault.Wrap(err, fault.Invalid, "mail cannot be taken at %s; choose another address with --smtp HOST:PORT or HARK_SMTP, or switch it off with --smtp \"\"", s.flags.SMTP)
	}
	return nil
}

func (s *server) serve(ctx context.Context, d *opened) error {
	sweepSeldom()
	s.meters = newMeters(d)
	handler, err := web.New(d.Desk, web.Options{
		Guard: &visit.Guard{Key: d.Key("forms"), Secure: strings.HasPrefix(s.url, "https://"), Proxies: s.proxies},
		Demo:  s.demo, Metrics: s.meters.handler(), Ready: d.db.Ping, Seen: s.meters.request, Try: s.try(d), Past: s.openPast, Engineers: s.openEngineers, Line: tryLine(d),
	})
	if err != nil {
		return err
	}
	work, endWork := context.WithCancel(context.WithoutCancel(ctx))
	defer endWork()
	if s.domain.name != "" {
		if err := s.domain.certify(work); err != nil {
			return err
		}
		s.tls = s.domain.forMail()
	}
	listener := s.takeMail(work, d)
	s.startWorkers(work, d)
	pages := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return work }}
	failed := make(chan error, 1)
	go func() { failed <- s.servePages(ctx, pages) }()
	fmt.Fprintln(s.out.Stdout, "ready "+s.url)
	s.sayHello(ctx, d)
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, s.stop(pages, listener, endWork))
}

// sweepSeldom lets five times of what is in use lie before memory is swept, up to a quarter of a gigabyte, unless the operator has said
// otherwise (GOGC, GOMEMLIMIT). A desk keeps some ten megabytes and a page makes one or two: at Go's own measure it is swept every few
// pages, and those pages wait.
func sweepSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(256 << 20)
	}
}

func (s *server) servePages(ctx context.Context, pages *http.Server) error {
	serve := func() error { return pages.Serve(s.pages) }
	if s.domain.name != "" {
		serve = func() error { return s.domain.serve(s.pages, pages) }
	}
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// sayHello prints what somebody in front of the terminal needs first.
func (s *server) sayHello(ctx context.Context, d *opened) {
	if s.welcome != nil {
		s.welcome(s, d)
		return
	}
	if link, err := d.SetupLink(ctx); err == nil && link != "" {
		fmt.Fprintln(s.out.Stdout, "set up "+link)
	}
}

// grace is how long mails and pages that are under way may take when the server is asked to stop.
const grace = 15 * time.Second

// stop ends so that nothing is lost: no new mail, no new requests, and what is under way finishes, all within grace. The
// database is closed by whoever opened it, after that.
func (s *server) stop(pages *http.Server, mail *receive.Listener, endWork func()) error {
	patience, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	left := make(chan error, 1)
	go func() {
		if mail == nil {
			left <- nil
			return
		}
		left <- cutOff(mail.Close(patience))
	}()
	endWork() // open event streams and sleeping workers end now, running dialogues finish
	err := errors.Join(cutOff(pages.Shutdown(patience)), <-left)
	s.workers.Wait()
	return err
}

// cutOff is no error when somebody was too slow: what they were not told has not happened, and they try again.
func cutOff(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("somebody was too slow and has been cut off")
		return nil
	}
	return err
}

// takeMail opens the door for other mail servers; nil when it is switched off.
func (s *server) takeMail(ctx context.Context, d *opened) *receive.Listener {
	if s.mail == nil {
		return nil
	}
	l := &receive.Listener{
		Domain: hostName(s.domain.name), Known: d.KnownRecipient, Now: d.clock.Now, Log: slog.Default(), TLS: s.tls, Verify: &receive.Verifier{},
		Accept: func(ctx context.Context, e receive.Envelope, raw []byte) error { return s.accept(ctx, d, e, raw) },
	}
	go func() {
		if err := l.Serve(s.mail); err != nil && ctx.Err() == nil {
			slog.Error("the mail listener ended", "error", err)
		}
	}()
	return l
}

// accept makes a mail durable and wakes whoever reads it.
func (s *server) accept(ctx context.Context, d *opened, e receive.Envelope, raw []byte) error {
	_, err := d.Accept(ctx, desk.Envelope{From: e.From, Unstated: e.Unstated, To: e.To, Remote: e.Remote, At: e.At}, raw)
	if err == nil {
		s.meters.accepted.Inc()
		wake(s.meters.received)
	}
	return err
}

func hostName(domain string) string {
	if domain != "" {
		return domain
	}
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") {
		return name
	}
	return "localhost"
}
