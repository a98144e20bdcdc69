// Package reach tells the public internet from everything nearer. The desk connects to hosts that somebody else names: a mail
// server from a recipient's DNS, another desk or a tracker from a form. None of them may lead it back to its own machine, its own network or
// what a cloud keeps at a link-local address. A name proves nothing, so the address is looked at when it is really connected to:
// in the Control of a dialer, after DNS has been asked and for each try anew.
package reach

import "net/netip"

// nearby are networks that the standard library counts as global and that are not: this network, carrier NAT, protocol
// assignments, benchmarks, reserved (RFC 6890), and the local-use translation prefix (RFC 8215).
var nearby = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b:1::/48", "fec0::/10")

// translated is where IPv6-only networks put the IPv4 internet (RFC 6052): what counts is the address inside.
var translated = netip.MustParsePrefix("64:ff9b::/96")

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// Public reports whether an address with its port, as a dialer's Control is given it, lies on the public internet, and which
// address that is. What cannot be read lies nowhere.
func Public(address string) (ip netip.Addr, public bool) {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ip, false
	}
	ip = at.Addr().Unmap().WithZone("")
	if translated.Contains(ip) {
		whole := ip.As16()
		ip = netip.AddrFrom4([4]byte(whole[12:]))
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return ip, false
	}
	for _, near := range nearby {
		if near.Contains(ip) {
			return ip, false
		}
	}
	return ip, true
}
