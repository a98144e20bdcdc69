// Package peer is a mail server that the desk signs in to: where it is, as whom, and how it has to prove that it is the one.
//
// A server is written as a URL: imaps://support@mail.acme.test/INBOX, smtp://support:secret@mail.acme.test:587. Certificates
// are always verified before the first octet of a name or password is sent, and a server that suddenly offers no encryption
// gets none of them either (threat F15). Two exceptions can be written into the URL: pin=..., the SHA-256 of one server's
// public key, for a certificate that nobody else vouches for; and tls=off, for a server on this very machine.
//
// What is deliberately absent: a switch that turns verification off.
package peer

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"hark/fault"
)

// Secret is a password or a token. It prints as "(secret)" wherever something is printed or logged (threat I8).
type Secret string

func (s Secret) String() string               { return "(secret)" }
func (s Secret) GoString() string             { return "(secret)" }
func (s Secret) LogValue() slog.Value         { return slog.StringValue("(secret)") }
func (s Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// Login is how the desk signs in: with a password, or with an OAuth access token when Token is given.
type Login struct {
	User     string
	Password Secret
	Token    Secret
}

// Server is one mail server and the encryption it has to offer.
type Server struct {
	Scheme   string // imap, imaps, smtp or smtps
	Host     string
	Port     string
	Login    Login  // as the URL has it; User "" means that nobody signs in
	Folder   string // IMAP only, INBOX unless the URL says otherwise
	Security Security
	Pin      string         // SHA-256 of the public key in hexadecimal, "" to ask the authorities
	Roots    *x509.CertPool // authorities to trust, nil for those of the machine
	Options  url.Values     // what else the URL asks for
}

// Security is when encryption begins.
type Security int

const (
	FromTheStart  Security = iota // imaps, smtps
	Required                      // STARTTLS, and nothing is sent without it
	Opportunistic                 // STARTTLS when it is offered; only without a name and password, between mail servers
	Off                           // only on this machine
)

var ports = map[string]string{"imap": "143", "imaps": "993", "smtp": "587", "smtps": "465"}

// Parse reads the URL of a mail server. The error, of kind Invalid, never repeats what may be the password.
func Parse(text string) (Server, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || ports[u.Scheme] == "" || u.Hostname() == "" {
		return Server{}, fault.New(fault.Invalid, "this is not the URL of a mail server; write it like imaps://user@host/INBOX or smtp://user@host:587")
	}
	s := Server{Scheme: u.Scheme, Host: u.Hostname(), Port: ports[u.Scheme], Folder: "INBOX", Options: u.Query()}
	if u.Port() != "" {
		s.Port = u.Port()
	}
	if folder := strings.Trim(u.Path, "/"); folder != "" {
		s.Folder = folder
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.Login = Login{User: u.User.Username(), Password: Secret(password)}
	}
	s.Pin = strings.NewReplacer(":", "", "sha256", "").Replace(strings.ToLower(s.Options.Get("pin")))
	if key, err := hex.DecodeString(s.Pin); err != nil || s.Pin != "" && len(key) != sha256.Size {
		return Server{}, fault.New(fault.Invalid, "the pin of %s has to be 64 hexadecimal digits, the SHA-256 of its public key", s.Host)
	}
	s.Security, err = security(s)
	return s, err
}

// security decides when encryption begins: earlier is always allowed, later never when a password would be sent.
func security(s Server) (Security, error) {
	wish := s.Options.Get("tls")
	switch {
	case s.Scheme == "imaps" || s.Scheme == "smtps":
		return FromTheStart, nil
	case wish == "off" && s.isHere():
		return Off, nil
	case wish == "off":
		return Off, fault.New(fault.Invalid, "encryption can be off only for a server on this machine, and %s is elsewhere; leave out tls=off", s.Host)
	case wish != "" && wish != "required":
		return Off, fault.New(fault.Invalid, "tls=%s is unknown; tls=required and tls=off can be written", wish)
	case s.Scheme == "smtp" && s.Login.User == "" && s.Pin == "" && wish == "":
		return Opportunistic, nil
	}
	return Required, nil
}

func (s Server) isHere() bool {
	ip, err := netip.ParseAddr(s.Host)
	return s.Host == "localhost" || err == nil && ip.IsLoopback()
}

// Addr is host:port.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, s.Port) }

// String names the server for people, without the password.
func (s Server) String() string {
	if s.Login.User == "" {
		return s.Scheme + "://" + s.Addr()
	}
	return s.Scheme + "://" + url.User(s.Login.User).String() + "@" + s.Addr()
}

// TLS is the configuration that accepts this server and no other.
func (s Server) TLS() *tls.Config {
	config := &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	if s.Pin != "" {
		config.InsecureSkipVerify = true // the pin takes the place of the authorities
		config.VerifyConnection = s.verifyPin
	}
	if s.Security == Opportunistic {
		config.InsecureSkipVerify = true // RFC 7435: without a password at stake, unverified is better than plain
	}
	return config
}

func (s Server) verifyPin(state tls.ConnectionState) error {
	if got := Fingerprint(state.PeerCertificates[0]); got != s.Pin {
		return &PinError{Host: s.Host, Got: got}
	}
	return nil
}

// PinError says that a server showed another key than the pinned one.
type PinError struct{ Host, Got string }

func (e *PinError) Error() string { return e.Host + " shows the public key " + e.Got }

// Fingerprint is the SHA-256 of a certificate's public key in hexadecimal, as pin=... wants it.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// Dial opens the connection, encrypted and verified when Security is FromTheStart.
func (s Server) Dial(ctx context.Context, dial func(ctx context.Context, network, addr string) (net.Conn, error)) (net.Conn, error) {
	conn, err := dial(ctx, "tcp", s.Addr())
	if err != nil || s.Security != FromTheStart {
		return conn, err
	}
	secure := tls.Client(conn, s.TLS())
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}
