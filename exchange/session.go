package exchange

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// session is one connection to the exchange, under a name that nobody else knows.
type session struct {
	e      *Extension
	ctx    context.Context
	cancel context.CancelFunc
	host   string   // of the exchange
	remote net.Addr // where it is
	local  net.Addr // where we are
	close  func() error
	failed chan error // the connection is lost
	ua     *sipgo.UserAgent
	client *sipgo.Client
	door   door
	seq    uint32 // of our registrations, which have one Call-ID (RFC 3261, 10.2)
	bound  bool   // we are registered
	calls  calls
}

// reachFor is how long connecting and each answer may take.
const reachFor = 10 * time.Second

// connect reaches the exchange and begins to listen to it.
func (e *Extension) connect(ctx context.Context) (s *session, err error) {
	s = &session{e: e, failed: make(chan error, 1), door: newDoor(), calls: calls{ring: map[string]chan string{}}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	if s.ua, err = sipgo.NewUA(sipgo.WithUserAgent("Hark")); err != nil {
		s.cancel()
		return nil, err
	}
	server, err := sipgo.NewServer(s.ua)
	if err == nil {
		s.answer(server)
		err = s.open(server)
	}
	if err == nil {
		s.client, err = sipgo.NewClient(s.ua, sipgo.WithClientAddr(s.local.String()), sipgo.WithClientConnectionAddr(s.local.String()))
	}
	if err != nil {
		s.leave()
		return nil, err
	}
	return s, nil
}

// open opens the way to the exchange: to the first of its places that can be reached. Both directions use it: what the exchange sends comes
// where we registered from.
func (s *session) open(server *sipgo.Server) (err error) {
	ctx, cancel := context.WithTimeout(s.ctx, reachFor)
	defer cancel()
	s.host = s.e.Line.Server
	if host, _, err := net.SplitHostPort(s.e.Line.Server); err == nil {
		s.host = host
	}
	way := s.openStream
	if s.e.Line.Transport == "udp" {
		way = s.openPackets
	}
	for _, place := range s.e.places(ctx) {
		if err = way(ctx, server, place); err == nil || s.close != nil { // what can be reached is the one
			return err
		}
	}
	return err
}

func (s *session) dialer() *net.Dialer { return &net.Dialer{Resolver: s.e.Resolver} }

func (s *session) openPackets(ctx context.Context, server *sipgo.Server, place string) error {
	route, err := s.dialer().DialContext(ctx, "udp", place) // sends nothing, and says from where one would
	if err != nil {
		return err
	}
	s.remote = route.RemoteAddr()
	from := route.LocalAddr().(*net.UDPAddr)
	route.Close()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: from.IP, Zone: from.Zone})
	if err != nil {
		return err
	}
	s.local, s.close = conn.LocalAddr(), conn.Close
	go func() { s.fail(server.ServeUDP(&packets{conn, s.door})) }()
	return s.begun(ctx)
}

func (s *session) openStream(ctx context.Context, server *sipgo.Server, place string) error {
	var conn net.Conn
	var err error
	if s.e.Line.Transport == "tls" {
		conn, err = (&tls.Dialer{NetDialer: s.dialer(), Config: &tls.Config{ServerName: s.host, RootCAs: s.e.Roots, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", place)
	} else {
		conn, err = s.dialer().DialContext(ctx, "tcp", place)
	}
	if err != nil {
		return err
	}
	s.remote, s.local, s.close = conn.RemoteAddr(), conn.LocalAddr(), conn.Close
	once := newOnce(newStream(conn, s.door, s.fail))
	serve := server.ServeTCP
	if s.e.Line.Transport == "tls" {
		serve = server.ServeTLS
	}
	go func() { _ = serve(once) }()
	defer once.Close()
	return s.begun(ctx)
}

// begun waits until what the exchange sends is read: until then the library would open a way of its own.
func (s *session) begun(ctx context.Context) error {
	select {
	case <-s.door.open:
		return nil
	case err := <-s.failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fail says that the connection is lost; the first reason counts.
func (s *session) fail(err error) {
	if err == nil {
		err = net.ErrClosed
	}
	select {
	case s.failed <- err:
	default:
	}
}

// leave takes the registration back where that is possible, and closes the connection.
func (s *session) leave() {
	if s.bound {
		s.bound = false
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), time.Second)
		_, _ = s.register(ctx, -1)
		cancel()
	}
	s.cancel()
	if s.close != nil {
		_ = s.close()
	}
	if s.ua != nil {
		_ = s.ua.Close()
	}
}

// registerFor is for how long we register; we do so again when half of it has gone, and soon enough that a firewall between keeps the way.
const (
	registerFor = 5 * time.Minute
	mostWait    = 45 * time.Second
	leastWait   = 5 * time.Second
)

// register registers for a time, and returns when to do so again. Of no time it asks only for what is registered, and less than none
// takes the registration back.
func (s *session) register(ctx context.Context, keep time.Duration) (again time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, reachFor)
	defer cancel()
	req := s.registration(keep)
	res, err := s.client.Do(ctx, req, sipgo.ClientRequestBuild)
	if err == nil && (res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired) {
		res, err = s.client.DoDigestAuth(ctx, req, res, sipgo.DigestAuth{Username: s.e.Line.User, Password: s.e.Line.Password})
		s.seq++
	}
	if err != nil {
		return 0, err
	}
	if least := lifetime(res.GetHeader("Min-Expires")); res.StatusCode == sip.StatusIntervalToBrief && least > keep {
		return s.register(ctx, least)
	}
	if !res.IsSuccess() {
		return 0, refusal{res.StatusCode, res.Reason}
	}
	s.bound = keep > 0
	return max(leastWait, min(mostWait, s.granted(res, keep)/2)), nil
}

func (s *session) registration(keep time.Duration) *sip.Request {
	line := s.e.Line
	req := sip.NewRequest(sip.REGISTER, sip.Uri{Scheme: "sip", Host: s.host})
	own := sip.Uri{Scheme: "sip", User: line.User, Host: s.host}
	from := &sip.FromHeader{Address: own, Params: sip.NewParams()}
	from.Params.Add("tag", rand.Text())
	id := sip.CallIDHeader(s.door.call)
	s.seq++
	for _, h := range []sip.Header{from, &sip.ToHeader{Address: own, Params: sip.NewParams()}, &id, &sip.CSeqHeader{SeqNo: s.seq, MethodName: sip.REGISTER}} {
		req.AppendHeader(h)
	}
	if keep != 0 {
		req.AppendHeader(s.contact())
		req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(max(0, int(keep.Seconds())))))
	}
	req.SetTransport(strings.ToUpper(line.Transport))
	req.SetDestination(s.remote.String())
	return req
}

// contact is where the exchange sends its calls.
func (s *session) contact() *sip.ContactHeader {
	host, port, _ := net.SplitHostPort(s.local.String())
	n, _ := strconv.Atoi(port)
	c := &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: s.door.token, Host: host, Port: n, UriParams: sip.NewParams()}, Params: sip.NewParams()}
	if s.e.Line.Transport != "udp" {
		c.Address.UriParams.Add("transport", s.e.Line.Transport)
	}
	return c
}

// granted is for how long the exchange keeps us.
func (s *session) granted(res *sip.Response, asked time.Duration) time.Duration {
	for _, h := range res.GetHeaders("Contact") {
		if strings.Contains(h.Value(), s.door.token) {
			if _, after, ok := strings.Cut(h.Value(), "expires="); ok {
				digits := after[:len(after)-len(strings.TrimLeft(after, "0123456789"))]
				if n, err := strconv.Atoi(digits); err == nil {
					return time.Duration(n) * time.Second
				}
			}
		}
	}
	if d := lifetime(res.GetHeader("Expires")); d > 0 {
		return d
	}
	return asked
}

// lifetime reads a header that holds seconds; 0 when it does not.
func lifetime(h sip.Header) time.Duration {
	if h == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(h.Value()))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}
