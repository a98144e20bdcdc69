package send

import (
	"context"
	"errors"
	"net"
	"sort"
	"strings"
	"syscall"

	"hark/fault"
	"hark/mail/peer"
	"hark/reach"
)

// SMTP is the real Sender. With a Smarthost everything goes there; without one every mail goes to the servers that its
// recipient's domain names in DNS (RFC 5321, 5.1).
type SMTP struct {
	Name      string       // our host name
	Smarthost *peer.Server // nil to deliver ourselves
	Patience  Patience

	Resolver Resolver // nil for the machine's
	Port     string   // of the servers named in DNS, 25
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Resolver looks up who takes mail for a domain; *net.Resolver is one.
type Resolver interface {
	LookupMX(ctx context.Context, domain string) ([]*net.MX, error)
}

// maxServers is how many of a domain's servers are asked for one mail.
const maxServers = 5

// Host is the smarthost, or the recipient's domain.
func (s *SMTP) Host(m Message) string {
	if s.Smarthost != nil {
		return s.Smarthost.Addr()
	}
	return domainOf(m.To)
}

// Send makes one attempt at one mail. Servers are asked in turn until one lets us come as far as MAIL: what it says from
// there on is about the mail, and its word counts.
func (s *SMTP) Send(ctx context.Context, m Message, observe func(Phase) error) Result {
	m.Raw = CRLF(m.Raw)
	if err := check(m); err != nil {
		return Result{State: Failed, Phase: Connect, Text: fault.Says(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, s.Patience.orUsual().Total)
	defer cancel()
	servers, refusal := s.servers(ctx, domainOf(m.To))
	result := refusal
	for _, server := range servers {
		if result = s.ask(ctx, server, m, observe); result.isAboutTheMail() || ctx.Err() != nil {
			break
		}
	}
	return result
}

func (r Result) isAboutTheMail() bool {
	switch r.Phase {
	case Connect, Banner, Hello, StartTLS, SignIn:
		return r.State == Failed
	}
	return true
}

// servers lists who to ask, best first. Without any, the result says why.
func (s *SMTP) servers(ctx context.Context, domain string) ([]peer.Server, Result) {
	if s.Smarthost != nil {
		return []peer.Server{*s.Smarthost}, Result{}
	}
	found, err := s.resolver().LookupMX(ctx, domain)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		found = []*net.MX{{Host: domain}} // no MX: the domain itself is asked (RFC 5321, 5.1)
	case err != nil && len(found) == 0:
		return nil, Result{State: Deferred, Phase: Connect, Host: domain, Text: "Who takes mail for " + domain + " cannot be looked up just now."}
	case len(found) == 1 && strings.Trim(found[0].Host, ".") == "":
		return nil, Result{State: Failed, Phase: Connect, Host: domain, Enhanced: "5.1.10", Text: domain + " says that it takes no mail."} // RFC 7505
	}
	return s.asServers(found), Result{State: Deferred, Phase: Connect, Host: domain, Text: domain + " names no mail server."}
}

func (s *SMTP) resolver() Resolver {
	if s.Resolver == nil {
		return net.DefaultResolver
	}
	return s.Resolver
}

func (s *SMTP) asServers(found []*net.MX) (servers []peer.Server) {
	sort.SliceStable(found, func(i, j int) bool { return found[i].Pref < found[j].Pref })
	port := s.Port
	if port == "" {
		port = "25"
	}
	for _, mx := range found[:min(len(found), maxServers)] {
		host := strings.TrimSuffix(mx.Host, ".")
		servers = append(servers, peer.Server{Scheme: "smtp", Host: host, Port: port, Security: peer.Opportunistic})
	}
	return servers
}

// ask tries one server. Between mail servers encryption is a bonus: where it was offered and does not work, the mail goes
// without (RFC 7435). A server that we sign in to is never asked that way.
func (s *SMTP) ask(ctx context.Context, server peer.Server, m Message, observe func(Phase) error) Result {
	result := s.converse(ctx, server, m, observe)
	if server.Security == peer.Opportunistic && result.Phase == StartTLS && ctx.Err() == nil {
		server.Security = peer.Off
		result = s.converse(ctx, server, m, observe)
	}
	return result
}

// converse is one connection.
func (s *SMTP) converse(ctx context.Context, server peer.Server, m Message, observe func(Phase) error) Result {
	if err := observe(Connect); err != nil {
		return judge(server, Connect, err)
	}
	patience := s.Patience.orUsual()
	until, _ := ctx.Deadline()
	connecting, cancel := context.WithTimeout(ctx, patience.Connect)
	conn, err := server.Dial(connecting, s.dial())
	cancel()
	if err != nil {
		return judge(server, Connect, err)
	}
	defer conn.Close()
	defer closeWith(ctx, conn)()
	d := &dialogue{name: s.Name, server: server, patience: patience, until: until, observe: observe}
	d.use(conn)
	err = d.run(m)
	switch {
	case err == nil || isReply(err):
		d.quit()
	case ctx.Err() != nil:
		err = errors.Join(ctx.Err(), err)
	}
	return judge(server, d.phase, err)
}

func isReply(err error) bool {
	var reply *Reply
	return errors.As(err, &reply)
}

func (s *SMTP) dial() func(ctx context.Context, network, addr string) (net.Conn, error) {
	switch {
	case s.Dial != nil:
		return s.Dial
	case s.Smarthost != nil:
		return new(net.Dialer).DialContext
	}
	return (&net.Dialer{Control: onlyPublic}).DialContext
}

// onlyPublic keeps us from being sent to our own machine or network by what somebody wrote into DNS. It sees the address
// that is really connected to.
func onlyPublic(_, addr string, _ syscall.RawConn) error {
	if ip, public := reach.Public(addr); !public {
		return fault.New(fault.Refused, "The recipient's domain names %s as its mail server, which is not on the public internet.", ip)
	}
	return nil
}
