package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"

	"hark/mail/mailtest"
)

// authority is somebody who certifies domains by ACME, as Let's Encrypt does. It asks a name server of its own, in which
// every name leads to this machine.
type authority struct {
	directory string         // its address
	file      string         // the certificate of that address, for whoever asks it
	roots     *x509.CertPool // what it vouches for
}

const ourDomain = "support.agency.example"

func startAuthority(t *testing.T, https, plain string, valid time.Duration) authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	quiet := log.New(io.Discard, "", 0)
	names := mailtest.FreeAddress(t)
	dns, err := challtestsrv.New(challtestsrv.Config{Log: quiet, DNSAddrs: []string{names}})
	if err != nil {
		t.Fatal(err)
	}
	dns.SetDefaultDNSIPv4("127.0.0.1")
	dns.SetDefaultDNSIPv6("")
	go dns.Run()
	t.Cleanup(dns.Shutdown)
	known := db.NewMemoryStore()
	issuer := ca.New(quiet, known, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "usual", ValidityPeriod: uint64(valid.Seconds())}})
	front := wfe.New(quiet, known, va.New(quiet, port(t, plain), port(t, https), false, names, known), issuer, []string{"authority.example"}, false, false, 1, 1)
	server := httptest.NewUnstartedServer(front.Handler())
	server.Config.ErrorLog = quiet
	server.StartTLS()
	t.Cleanup(server.Close)
	a := authority{directory: server.URL + wfe.DirectoryPath, file: filepath.Join(t.TempDir(), "authority.pem"), roots: x509.NewCertPool()}
	a.roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	write(t, a.file, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return a
}

func port(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// certifies starts a desk with a domain of its own.
func certifies(t *testing.T, valid time.Duration) (server *Server, https, plain string, roots *x509.CertPool) {
	t.Helper()
	https, plain = mailtest.FreeAddress(t), mailtest.FreeAddress(t)
	a := startAuthority(t, https, plain, valid)
	server = Start(t, "serve", With("--domain", ourDomain, "--acme", a.directory, "--https", https, "--http", plain),
		Beside("SSL_CERT_FILE="+a.file, "XDG_DATA_HOME="+t.TempDir()))
	return server, https, plain, a.roots
}

// shaken is the certificate that is shown for our domain, checked as a browser does; nil when there is none yet.
func shaken(address string, roots *x509.CertPool) *x509.Certificate {
	conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: ourDomain, RootCAs: roots})
	if err != nil {
		return nil
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}

// The desk fetches a certificate by itself from an authority that checks that the name leads here. Pages and mail show it.
func TestADomainIsCertifiedByItself(t *testing.T) {
	server, https, plain, roots := certifies(t, 90*24*time.Hour)
	Eventually(t, 60*time.Second, "the domain is certified", func() bool { return shaken(https, roots) != nil })
	trusting := &tls.Config{ServerName: ourDomain, RootCAs: roots}
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: trusting, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, _ := http.NewRequest(http.MethodGet, "https://"+https+"/sign-in", nil)
	request.Host = ourDomain
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for line := range strings.Lines(server.Output()) {
		if !strings.HasPrefix(line, "{") && !strings.HasPrefix(line, "ready ") && !strings.HasPrefix(line, "set up ") {
			t.Errorf("the log is not JSON: %s", line)
		}
	}
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || !strings.Contains(answer.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("the page came as %s %s with %v", answer.Proto, answer.Status, answer.Header)
	}
	away, err := client.Get("http://" + plain + "/sign-in?next=%2Finbox")
	if err != nil {
		t.Fatal(err)
	}
	away.Body.Close()
	if to := away.Header.Get("Location"); away.StatusCode != http.StatusPermanentRedirect || to != "https://"+ourDomain+"/sign-in?next=%2Finbox" {
		t.Errorf("without TLS one is sent to %q (%s)", to, away.Status)
	}
	if status, _ := server.Get(t, "/healthz"); status != http.StatusOK {
		t.Errorf("the health check says %d", status)
	}
	startTLS(t, server.SMTP, &tls.Config{ServerName: ourDomain, RootCAs: roots, NextProtos: []string{"smtp"}})
}

// startTLS speaks to the mail listener as a server that checks certificates does.
func startTLS(t *testing.T, address string, trusting *tls.Config) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := &Sender{textproto.NewConn(conn)}
	if _, _, err := s.conn.ReadResponse(220); err != nil {
		t.Fatal(err)
	}
	if err := s.say(250, "EHLO outside.example"); err != nil {
		t.Fatal(err)
	}
	if err := s.say(220, "STARTTLS"); err != nil {
		t.Fatal(err)
	}
	if err := tls.Client(conn, trusting).Handshake(); err != nil {
		t.Errorf("the mail listener shows another certificate: %v", err)
	}
}

// A certificate that has not long to live is renewed at the next start, and until then the old one is shown.
func TestACertificateIsRenewed(t *testing.T) {
	server, https, _, roots := certifies(t, 20*time.Second)
	var first *x509.Certificate
	Eventually(t, 60*time.Second, "the domain is certified", func() bool { first = shaken(https, roots); return first != nil })
	Eventually(t, 60*time.Second, "the certificate is renewed", func() bool {
		if time.Until(first.NotAfter) > 6*time.Second { // a third of its life is left
			return false
		}
		server.Stop()
		server.Restart(t)
		var now *x509.Certificate
		Eventually(t, 30*time.Second, "some certificate is shown", func() bool { now = shaken(https, roots); return now != nil })
		return now.SerialNumber.Cmp(first.SerialNumber) != 0
	})
}
