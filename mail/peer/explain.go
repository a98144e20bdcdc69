package peer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// Explain says in words why a server cannot be used and what mends it.
func (s Server) Explain(err error) string {
	var (
		untrusted x509.UnknownAuthorityError
		wrongName x509.HostnameError
		invalid   x509.CertificateInvalidError
		pin       *PinError
		dns       *net.DNSError
		notTLS    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &pin):
		return fmt.Sprintf("%s shows another public key than the pinned one. If it was renewed on purpose, set pin=%s.", s.Host, pin.Got)
	case errors.As(err, &untrusted):
		return fmt.Sprintf("Nobody we trust vouches for the certificate of %s. If the server is yours, add pin=%s to its URL.", s.Host, fingerprintOf(err))
	case errors.As(err, &wrongName):
		return fmt.Sprintf("The certificate is not for %s. Write the host name that the certificate is for.", s.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("The certificate of %s has expired. It has to be renewed there.", s.Host)
	case errors.As(err, &invalid):
		return fmt.Sprintf("The certificate of %s cannot be used: %v.", s.Host, invalid)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("There is no host %s. Check its name.", s.Host)
	case errors.As(err, &dns):
		return fmt.Sprintf("The address of %s cannot be looked up just now.", s.Host)
	case errors.As(err, &notTLS):
		return fmt.Sprintf("%s does not begin with TLS. Write %s:// to begin with STARTTLS, or check the port.", s.Addr(), s.Scheme[:4])
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("Nothing listens at %s. Check the port.", s.Addr())
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s did not answer in time.", s.Addr())
	case errors.Is(err, context.Canceled):
		return fmt.Sprintf("The conversation with %s was ended here.", s.Addr())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET):
		return fmt.Sprintf("%s ended the connection.", s.Addr())
	}
	return fmt.Sprintf("%s: %v.", s.Addr(), err)
}

func fingerprintOf(err error) string {
	var refused *tls.CertificateVerificationError
	if errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
		return Fingerprint(refused.UnverifiedCertificates[0])
	}
	return "..."
}
