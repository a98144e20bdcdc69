package send

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	netmail "net/mail"

	"hark/fault"
	"hark/mail"
)

// Key signs the mail of one domain (RFC 6376). Its public half stands in DNS under Name with the text of Record.
type Key struct {
	Domain   string
	Selector string
	Private  crypto.Signer // RSA or Ed25519
}

// NewKey makes an RSA key, which every receiver understands.
func NewKey(domain, selector string) (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	return Key{domain, selector, private}, err
}

// ParseKey reads the PEM form of a private key.
func ParseKey(domain, selector string, text []byte) (Key, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return Key{}, fault.New(fault.Invalid, "the DKIM key of %s is not in PEM form", domain)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		private, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	signer, ok := private.(crypto.Signer)
	if err != nil || !ok {
		return Key{}, fault.New(fault.Invalid, "the DKIM key of %s has to be an RSA or Ed25519 private key (PKCS #8 or #1)", domain)
	}
	return Key{domain, selector, signer}, nil
}

// PEM is the private key as ParseKey reads it.
func (k Key) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Name is where the public half belongs in DNS.
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the TXT record that belongs there.
func (k Key) Record() (string, error) {
	if public, ok := k.Private.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	der, err := x509.MarshalPKIXPublicKey(k.Private.Public())
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
}

// Keys are the keys of all domains we write from.
type Keys map[string]Key

// Sign puts a DKIM signature before raw, which has CR LF line ends. Mail from a domain without a key stays as it is. Signing
// the same mail again gives the same octets but for the time in the signature.
func (k Keys) Sign(raw []byte) ([]byte, error) {
	domain, err := domainOfFrom(raw)
	if err != nil {
		return nil, err
	}
	key, ok := k[domain]
	if !ok {
		return raw, nil
	}
	return mail.SignDKIM(raw, key.Private, key.Domain, key.Selector)
}

// domainOfFrom reads the domain of the one From address that composed mail has.
func domainOfFrom(raw []byte) (string, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	from, err := mail.ParseAddress(m.Header.Get("From"))
	return mail.Domain(from.Email), err
}
