package exchange

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Where an exchange is (RFC 3263, 4.2): a port that was given counts; else DNS may name several places under the exchange's name, the
// best one first; else it is at the name itself, at the usual port.

const (
	usual    = "5060" // port of an exchange, and for TLS:
	usualTLS = "5061"
)

// services is under which name of a service DNS has an exchange, by the way to it.
var services = map[string][2]string{"udp": {"sip", "udp"}, "tcp": {"sip", "tcp"}, "tls": {"sips", "tcp"}}

// places are the addresses at which the exchange may be reached, each with its port. What failed to answer comes later the next time, so
// that over UDP, where nothing says that nobody is there, another place gets its turn.
func (e *Extension) places(ctx context.Context) (all []string) {
	if _, _, err := net.SplitHostPort(e.Line.Server); err == nil {
		return []string{e.Line.Server}
	}
	if all = e.named(ctx); len(all) == 0 {
		port := usual
		if e.Line.Transport == "tls" {
			port = usualTLS
		}
		return []string{net.JoinHostPort(e.Line.Server, port)}
	}
	turn := e.failures % len(all)
	return slices.Concat(all[turn:], all[:turn])
}

// askFor is how long DNS may take for it.
const askFor = 3 * time.Second

// named are the places that DNS names, in the order in which they should be tried. Whoever has no such names, or no DNS that answers, has
// none.
func (e *Extension) named(ctx context.Context) (all []string) {
	service, known := services[e.Line.Transport]
	if _, err := netip.ParseAddr(strings.Trim(e.Line.Server, "[]")); err == nil || !known {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	_, records, err := cmp.Or(e.Resolver, net.DefaultResolver).LookupSRV(ctx, service[0], service[1], e.Line.Server)
	if err != nil || len(records) == 1 && records[0].Target == "." { // "." says that there is no such service
		return nil
	}
	for _, r := range records {
		all = append(all, net.JoinHostPort(strings.TrimSuffix(r.Target, "."), strconv.Itoa(int(r.Port))))
	}
	return all
}
