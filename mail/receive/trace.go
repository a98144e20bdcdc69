package receive

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// trace writes our Received field (RFC 5321, 4.4). The recipient is named only when there is one: naming several would tell
// each of them about the others. Whatever the peer said about itself is written only when it has the form of a host name.
func trace(e Envelope, domain string) []byte {
	with := "ESMTP"
	if e.TLS {
		with = "ESMTPS"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from %s (%s)\r\n\tby %s with %s", helo(e.HeloName), addressLiteral(e.Remote), domain, with)
	if len(e.To) == 1 {
		fmt.Fprintf(&b, "\r\n\tfor <%s>", e.To[0])
	}
	fmt.Fprintf(&b, ";\r\n\t%s\r\n", e.At.Format(time.RFC1123Z))
	return []byte(b.String())
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9.:_\[\]-]{1,255}$`)

func helo(name string) string {
	if !hostName.MatchString(name) {
		return "unknown"
	}
	return name
}

// addressLiteral writes an IP address as RFC 5321, 4.1.3 wants it.
func addressLiteral(ip string) string {
	if strings.Contains(ip, ":") {
		return "[IPv6:" + ip + "]"
	}
	return "[" + ip + "]"
}
