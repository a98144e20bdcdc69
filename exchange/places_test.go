package exchange

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"hark/desk"
)

// names is a DNS server that knows services, "_sip._udp.pbx.example." to "10 5070 node1.pbx.example.", and where the machines are: all of
// them here.
func names(t *testing.T, services map[string][]dnsmessage.SRVResource) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var asked dnsmessage.Message
			if asked.Unpack(buffer[:n]) == nil && len(asked.Questions) == 1 {
				answer, _ := said(asked, services).Pack()
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// said is the answer to a question.
func said(asked dnsmessage.Message, services map[string][]dnsmessage.SRVResource) *dnsmessage.Message {
	q := asked.Questions[0]
	answer := &dnsmessage.Message{Header: dnsmessage.Header{ID: asked.ID, Response: true, Authoritative: true, RecursionAvailable: true}, Questions: asked.Questions}
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	records := services[strings.ToLower(q.Name.String())]
	switch {
	case q.Type == dnsmessage.TypeSRV && records != nil:
		for _, r := range records {
			answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: head, Body: &r})
		}
	case q.Type == dnsmessage.TypeA && strings.Contains(q.Name.String(), "node"):
		answer.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	case q.Type == dnsmessage.TypeSRV || !strings.Contains(q.Name.String(), "node"):
		answer.RCode = dnsmessage.RCodeNameError
	}
	return answer
}

func srv(priority uint16, port int, target string) dnsmessage.SRVResource {
	return dnsmessage.SRVResource{Priority: priority, Weight: 1, Port: uint16(port), Target: dnsmessage.MustNewName(target)}
}

func TestAnExchangeIsWhereDNSSaysItIs(t *testing.T) {
	resolver := names(t, map[string][]dnsmessage.SRVResource{
		"_sip._udp.pbx.example.":  {srv(20, 5080, "node2.pbx.example."), srv(10, 5070, "node1.pbx.example.")},
		"_sips._tcp.pbx.example.": {srv(10, 5071, "node1.pbx.example.")},
		"_sip._tcp.shut.example.": {srv(0, 0, ".")},
	})
	for _, c := range []struct {
		server, transport string
		failures          int
		want              string
	}{
		{"pbx.example", "udp", 0, "node1.pbx.example:5070 node2.pbx.example:5080"},
		{"pbx.example", "udp", 1, "node2.pbx.example:5080 node1.pbx.example:5070"},
		{"pbx.example", "udp", 2, "node1.pbx.example:5070 node2.pbx.example:5080"},
		{"pbx.example", "tls", 0, "node1.pbx.example:5071"},
		{"pbx.example", "tcp", 0, "pbx.example:5060"},
		{"shut.example", "tcp", 3, "shut.example:5060"},
		{"elsewhere.example", "tls", 0, "elsewhere.example:5061"},
		{"pbx.example:5090", "udp", 0, "pbx.example:5090"},
		{"192.0.2.7", "udp", 0, "192.0.2.7:5060"},
		{"2001:db8::7", "tls", 0, "[2001:db8::7]:5061"},
	} {
		e := &Extension{Line: desk.Line{Server: c.server, Transport: c.transport}, Resolver: resolver, failures: c.failures}
		if got := strings.Join(e.places(t.Context()), " "); got != c.want {
			t.Errorf("%s over %s, after %d failures, is at %s, want %s", c.server, c.transport, c.failures, got, c.want)
		}
	}
}

// The exchange is known by its name alone. DNS names a machine that is gone and one that is there; the desk registers at the second.
func TestTheDeskRegistersWhereDNSLeadsIt(t *testing.T) {
	_, there, _ := net.SplitHostPort(registrar(t))
	port, err := net.LookupPort("udp", there)
	if err != nil {
		t.Fatal(err)
	}
	resolver := names(t, map[string][]dnsmessage.SRVResource{"_sip._udp.pbx.example.": {srv(10, 5070, "gone.pbx.example."), srv(20, port, "node.pbx.example.")}})
	e := &Extension{Line: desk.Line{Server: "pbx.example", Transport: "udp", User: "299", Password: "secret-299"}, Now: time.Now, Resolver: resolver}
	s, err := e.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.cancel()
	if _, err := s.register(t.Context(), registerFor); err != nil || !s.bound {
		t.Errorf("at %s the desk is registered: %v, %v", s.remote, s.bound, err)
	}
}
