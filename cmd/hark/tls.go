package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/caddyserver/certmagic"

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

// ownCertificates fetches the domain's certificate, for the pages and for the mail listener, and renews it by itself.
func (s *server) ownCertificates(ctx context.Context) error {
	if s.domain == "" {
		return nil
	}
	s.certificates = certmagic.NewDefault()
	if err := s.certificates.ManageAsync(ctx, []string{s.domain}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "no certificate for %s; its name must lead here, and ports 80 and 443 must be open", s.domain)
	}
	s.tls = s.certificates.TLSConfig()
	return nil
}

// serveTLS serves the pages on port 443, and answers on port 80 with the authority's challenges and a redirect. The address
// of --listen keeps answering too, for health checks.
func serveTLS(magic *certmagic.Config, domain string, local net.Listener, pages *http.Server) error {
	config := magic.TLSConfig()
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	outside, err := tls.Listen("tcp", ":443", config)
	if err != nil {
		return portTaken(err, 443)
	}
	defer outside.Close()
	challenges, err := net.Listen("tcp", ":80")
	if err != nil {
		return portTaken(err, 80)
	}
	plain := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: redirect(magic, domain)}
	pages.RegisterOnShutdown(func() { _ = plain.Close() })
	failed := make(chan error, 3)
	go func() { failed <- plain.Serve(challenges) }()
	go func() { failed <- pages.Serve(local) }()
	go func() { failed <- pages.Serve(outside) }()
	err = <-failed
	if errors.Is(err, http.ErrServerClosed) {
		return http.ErrServerClosed
	}
	return err
}

func portTaken(err error, port int) error {
	return fault.Wrap(err, fault.Invalid, "port %d cannot be opened, which --domain needs; end what uses it, or leave --domain and HARK_DOMAIN out and serve behind a reverse proxy", port)
}

func redirect(magic *certmagic.Config, domain string) http.Handler {
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+domain+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
	return certmagic.NewACMEIssuer(magic, certmagic.DefaultACME).HTTPChallengeHandler(away)
}
