package mail

import (
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"hark/fault"
)

const unsigned = "From: Acme <support@acme.test>\r\nTo: laura@customer.test\r\nSubject: Re: Invoice\r\nMessage-ID: <1@acme.test>\r\n\r\nIt is paid.\r\n"

func TestASignatureHoldsUntilAnythingIsChanged(t *testing.T) {
	key, err := NewSigningKey("acme.test", "hark1")
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseSigningKey("acme.test", "hark1", text)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := again.Sign([]byte(unsigned))
	if err != nil {
		t.Fatal(err)
	}
	raw := string(signed)
	if !holds(key, raw) {
		t.Errorf("the signature does not hold:\n%s", raw)
	}
	for what, changed := range map[string]string{
		"body":        raw + "P.S. pay\r\n",
		"subject":     strings.Replace(raw, "Subject: Re: Invoice", "Subject: Re: Payment", 1),
		"second From": strings.Replace(raw, "\r\n\r\n", "\r\nFrom: boss@acme.test\r\n\r\n", 1),
	} {
		if holds(key, changed) {
			t.Errorf("the signature holds with another %s", what)
		}
	}
	if _, err := ParseSigningKey("acme.test", "hark1", []byte("not a key")); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

// holds asks an independent verifier, with the key's record in place of DNS.
func holds(key SigningKey, raw string) bool {
	found, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != key.Name() {
			return nil, &net.DNSError{IsNotFound: true}
		}
		record, err := key.Record()
		return []string{record}, err
	}})
	return err == nil && len(found) == 1 && found[0].Err == nil && found[0].Domain == "acme.test"
}
