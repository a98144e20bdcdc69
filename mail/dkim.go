package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"

	"github.com/emersion/go-msgauth/dkim"

	"hark/fault"
)

// SigningKey signs the mail of one domain (RFC 6376). Its public half stands in DNS under Name with the text of Record.
type SigningKey struct {
	Domain   string
	Selector string
	Private  crypto.Signer // RSA or Ed25519
}

// NewSigningKey makes an RSA key, which every receiver understands.
func NewSigningKey(domain, selector string) (SigningKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	return SigningKey{domain, selector, private}, err
}

// ParseSigningKey reads the PEM form of a private key.
func ParseSigningKey(domain, selector string, text []byte) (SigningKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return SigningKey{}, fault.New(fault.Invalid, "the DKIM key of %s is not in PEM form", domain)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		private, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	signer, ok := private.(crypto.Signer)
	if err != nil || !ok {
		return SigningKey{}, fault.New(fault.Invalid, "the DKIM key of %s has to be an RSA or Ed25519 private key (PKCS #8 or #1)", domain)
	}
	return SigningKey{domain, selector, signer}, nil
}

// PEM is the private key as ParseSigningKey reads it.
func (k SigningKey) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Name is where the public half belongs in DNS.
func (k SigningKey) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the TXT record that belongs there.
func (k SigningKey) Record() (string, error) {
	if public, ok := k.Private.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	der, err := x509.MarshalPKIXPublicKey(k.Private.Public())
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
}

// signed are the fields that a signature covers. From is named twice, so that no second one can be added on the way.
var signed = []string{
	"From", "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// Sign puts a signature on top of a rendered mail, once, when it is rendered: a mail that is sent again is the same octets.
// The time in the signature is the one thing in this package that reads a clock.
func (k SigningKey) Sign(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: k.Domain, Selector: k.Selector, Signer: k.Private, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the mail cannot be signed for %s with the key %s", k.Domain, k.Selector)
	}
	return out.Bytes(), nil
}
