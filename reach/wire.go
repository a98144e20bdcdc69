package reach

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"hark/fault"
)

// Wire is how a client goes out to a host that somebody has named. The zero value is the public internet and nothing nearer; tests lead
// it to a server of their own.
type Wire struct {
	Nearby []netip.Prefix // networks that may be reached although they are near, because the operator says so
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Roots  *x509.CertPool
}

// Transport speaks TLS and uses no proxy: what the environment says must not lead a token elsewhere.
func (w Wire) Transport() *http.Transport {
	dial := w.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 30 * time.Second, Control: w.control}).DialContext
	}
	return &http.Transport{
		DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: w.Roots, MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: 30 * time.Second,
		ResponseHeaderTimeout: 2 * time.Minute, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
}

// Client asks for at most that long, and follows no way elsewhere: an answer that leads to another place is the answer.
func (w Wire) Client(patience time.Duration) *http.Client {
	return &http.Client{
		Transport: w.Transport(), Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// control lets nothing be connected to that lies nearer than it may.
func (w Wire) control(_, address string, _ syscall.RawConn) error {
	ip, public := Public(address)
	if public || w.isNearby(ip) {
		return nil
	}
	return fault.New(fault.Refused, "the name leads to %s, which is not on the public internet", ip)
}

// isNearby reports whether the operator has named the network of an address. What a machine keeps for itself alone stays out of reach:
// link-local addresses, where clouds hand out credentials.
func (w Wire) isNearby(ip netip.Addr) bool {
	for _, network := range w.Nearby {
		if network.Contains(ip) && !ip.IsLinkLocalUnicast() {
			return true
		}
	}
	return false
}
