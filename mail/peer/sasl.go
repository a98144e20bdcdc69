package peer

import (
	"strings"

	"github.com/emersion/go-sasl"
)

// Mechanism picks how to sign in from the names a server offers. Without a common one it returns nil. LOGIN is not a
// standard, but some large providers offer nothing else for passwords.
func (l Login) Mechanism(offered func(name string) bool) sasl.Client {
	switch {
	case l.Token != "" && offered("XOAUTH2"):
		return &xoauth2{l}
	case l.Token != "" && offered("OAUTHBEARER"):
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: l.User, Token: string(l.Token)})
	case l.Token != "":
		return nil
	case offered("PLAIN"):
		return sasl.NewPlainClient("", l.User, string(l.Password))
	case offered("LOGIN"):
		return sasl.NewLoginClient(l.User, string(l.Password))
	}
	return nil
}

// Has reports whether the blank-separated list names the mechanism, in any case.
func Has(list, name string) bool {
	for _, item := range strings.Fields(list) {
		if strings.EqualFold(item, name) {
			return true
		}
	}
	return false
}

// xoauth2 is the mechanism of the large providers: a bearer token in one line. A refused token is answered with a
// challenge that explains why; an empty answer to it makes the server say so properly.
type xoauth2 struct{ login Login }

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.login.User + "\x01auth=Bearer " + string(x.login.Token) + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
