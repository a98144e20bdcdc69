package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hark/fault"
)

// certificate reads a certificate for the mail listener; nil when none is given.
func certificate(cert, key string) (*tls.Config, error) {
	if cert == "" && key == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the certificate cannot be used; --tls-cert and --tls-key have to belong together, in PEM form")
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// domain is a name that is served over TLS, with certificates that an authority gives out by itself (ACME, RFC 8555).
type domain struct {
	name         string
	authority    string // directory of the authority; Let's Encrypt when empty
	https, plain string // where TLS is served, and where challenges are answered and everything else is sent on to TLS
	outside      net.Listener
	redirects    net.Listener
	certificates *certmagic.Config
}

// listen takes both addresses, before the authority is asked: it asks back at once.
func (d *domain) listen() (err error) {
	if d.outside, err = net.Listen("tcp", d.https); err != nil {
		return fault.Wrap(err, fault.Invalid, "%s cannot be served over TLS at %s; choose another with --https or HARK_HTTPS", d.name, d.https)
	}
	if d.redirects, err = net.Listen("tcp", d.plain); err != nil {
		return fault.Wrap(err, fault.Invalid, "the authority's challenges for %s cannot be answered at %s; choose another with --http or HARK_HTTP", d.name, d.plain)
	}
	return nil
}

// certify fetches the certificate and keeps it fresh, beside everything else. The library renews by its defaults, so it is
// these that say which authority that is.
func (d *domain) certify(ctx context.Context) error {
	certmagic.DefaultACME.Agreed = true
	certmagic.DefaultACME.AltTLSALPNPort, certmagic.DefaultACME.AltHTTPPort = portOf(d.outside), portOf(d.redirects)
	if d.authority != "" {
		certmagic.DefaultACME.CA, certmagic.DefaultACME.TestCA = d.authority, ""
	}
	certmagic.Default.Logger = jsonLines()
	certmagic.DefaultACME.Logger = certmagic.Default.Logger
	d.certificates = certmagic.NewDefault()
	if err := d.certificates.ManageAsync(ctx, []string{d.name}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "no certificate for %s; its name must lead here, and ports 80 and 443 must be open", d.name)
	}
	return nil
}

// jsonLines lets the library write its log as the rest of the program does.
func jsonLines() *zap.Logger {
	form := zapcore.EncoderConfig{
		TimeKey: "time", LevelKey: "level", MessageKey: "msg", NameKey: "part",
		EncodeTime: zapcore.RFC3339NanoTimeEncoder, EncodeLevel: zapcore.CapitalLevelEncoder, EncodeDuration: zapcore.StringDurationEncoder,
	}
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(form), zapcore.Lock(os.Stderr), zapcore.InfoLevel))
}

// forMail is what the mail listener offers: the same certificate, and none of the protocols of pages.
func (d *domain) forMail() *tls.Config {
	config := d.certificates.TLSConfig()
	config.NextProtos = nil
	return config
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// serve serves the pages over TLS, and without it answers the authority's challenges and redirects. The address of --listen
// keeps answering too, for health checks.
func (d *domain) serve(local net.Listener, pages *http.Server) error {
	config := d.certificates.TLSConfig()
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	plain := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: d.redirect()}
	pages.RegisterOnShutdown(func() { _ = plain.Close() })
	failed := make(chan error, 3)
	go func() { failed <- plain.Serve(d.redirects) }()
	go func() { failed <- pages.Serve(local) }()
	go func() { failed <- pages.Serve(tls.NewListener(d.outside, config)) }()
	err := <-failed
	if errors.Is(err, http.ErrServerClosed) {
		return http.ErrServerClosed
	}
	return err
}

func (d *domain) redirect() http.Handler {
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+d.name+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
	return certmagic.NewACMEIssuer(d.certificates, certmagic.DefaultACME).HTTPChallengeHandler(away)
}
