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

// serveTLS serves the pages on port 443 with a certificate that is fetched and renewed by itself, and answers on port 80
// with the authority's challenges and a redirect. The address of --listen keeps answering too, for health checks.
func serveTLS(ctx context.Context, domain string, local net.Listener, pages *http.Server) error {
	magic := certmagic.NewDefault()
	if err := magic.ManageAsync(ctx, []string{domain}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "no certificate for %s; its name must lead here, and ports 80 and 443 must be open", domain)
	}
	config := magic.TLSConfig()
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	outside, err := tls.Listen("tcp", ":443", config)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "port 443 cannot be opened")
	}
	plain := &http.Server{Addr: ":80", ReadHeaderTimeout: 10 * time.Second, Handler: redirect(magic, domain)}
	pages.RegisterOnShutdown(func() { _ = plain.Close() })
	failed := make(chan error, 3)
	go func() { failed <- plain.ListenAndServe() }()
	go func() { failed <- pages.Serve(local) }()
	go func() { failed <- pages.Serve(outside) }()
	err = <-failed
	if errors.Is(err, http.ErrServerClosed) {
		return http.ErrServerClosed
	}
	return err
}

func redirect(magic *certmagic.Config, domain string) http.Handler {
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+domain+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
	issuer := certmagic.NewACMEIssuer(magic, certmagic.DefaultACME)
	return issuer.HTTPChallengeHandler(away)
}
