package visit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"hark/fault"
)

func asError[T error](err error, target *T) bool { return errors.As(err, target) }

const (
	tokenField  = "csrf"
	seedCookie  = "hark_seed"
	tokenHeader = "X-CSRF-Token" // for scripts; cannot be set across origins
)

// Guard protects forms against other sites (F13). Three brakes, each enough by itself in a current browser: cookies are
// SameSite=Lax, a request that says it comes from elsewhere is refused, and every form carries a token derived from the
// session, or for strangers from a random cookie.
type Guard struct {
	Key     []byte // secret of this desk
	Secure  bool   // pages are served over TLS: cookies say Secure and HSTS is sent
	Proxies []netip.Prefix
}

// Token is the value of a form's hidden field. For a stranger it sets the cookie it depends on, so pages without forms set none.
//
// It is written in other characters in every answer. Pages are compressed and can repeat what an address holds; a value that
// stood in each of them unchanged could be guessed letter by letter from their lengths (BREACH).
func (v *Visit) Token() string {
	return Once(v, "form token", func() string { return mask(v.guard.token(v.seedOf())) })
}

func (v *Visit) seedOf() string {
	if v.Session != "" {
		return "session:" + v.Session
	}
	if cookie, err := v.Request.Cookie(seedCookie); err == nil && len(cookie.Value) == 22 {
		return "stranger:" + cookie.Value
	}
	value := Random()
	http.SetCookie(v.Writer, v.guard.Cookie(seedCookie, value, 0))
	return "stranger:" + value
}

// tokenSize is how many bytes of a form token there are.
const tokenSize = 18

// token is what every form of a session or a stranger's browser carries, before it is masked.
func (g *Guard) token(seed string) []byte {
	mac := hmac.New(sha256.New, g.Key)
	mac.Write([]byte("form token\x00" + seed))
	return mac.Sum(nil)[:tokenSize]
}

// mask writes a token as random bytes and what is left of it when they are taken away.
func mask(token []byte) string {
	both := make([]byte, 2*tokenSize)
	rand.Read(both[:tokenSize])
	subtle.XORBytes(both[tokenSize:], both[:tokenSize], token)
	return base64.RawURLEncoding.EncodeToString(both)
}

// unmask is the token in a field, nil when it is none of ours.
func unmask(field string) []byte {
	both, err := base64.RawURLEncoding.Strict().DecodeString(field)
	if err != nil || len(both) != 2*tokenSize {
		return nil
	}
	token := make([]byte, tokenSize)
	subtle.XORBytes(token, both[:tokenSize], both[tokenSize:])
	return token
}

// Cookie makes a cookie that scripts cannot read and other sites cannot send; maxAge is in seconds, 0 for the browser's session.
func (g *Guard) Cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: g.Secure, SameSite: http.SameSiteLaxMode, MaxAge: maxAge}
}

// Random is a new 128-bit value.
func Random() string {
	var b [16]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// checkOrigin refuses an unsafe request that says it comes from another site. Sec-Fetch-Site is the browser's own word and
// decides where it is sent; Origin decides otherwise. (A page without referrers posts with the origin "null", so that alone
// proves nothing either way.)
func checkOrigin(r *http.Request) error {
	refused := fault.New(fault.Forbidden, "This form was sent from another site. Open the page here and send it again.")
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		if origin := r.Header.Get("Origin"); origin == "" || origin == "null" || sameHost(origin, r.Host) {
			return nil
		}
		return refused
	case "":
		if origin := r.Header.Get("Origin"); origin == "" || sameHost(origin, r.Host) {
			return nil
		}
	}
	return refused
}

func sameHost(origin, host string) bool {
	from, err := url.Parse(origin)
	return err == nil && from.Host == host
}

// checkToken refuses an unsafe request without the form's token.
func (v *Visit) checkToken() error {
	given := v.Request.Header.Get(tokenHeader)
	if given == "" {
		if err := v.parseForm(); err != nil {
			return err
		}
		given = v.Request.PostForm.Get(tokenField)
	}
	known := v.Session != ""
	if _, err := v.Request.Cookie(seedCookie); err == nil {
		known = true
	}
	if !known || !hmac.Equal(unmask(given), v.guard.token(v.seedOf())) {
		return fault.New(fault.Forbidden, "This form is too old or came from elsewhere. Go back, reload the page and send it again; what you wrote is still there.")
	}
	return nil
}

// checkQuery refuses repeated parameters, so that two parts of the program can never read two different values (F5).
func checkQuery(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.Invalid, "The address is not well formed.")
	}
	for name, values := range query {
		if len(values) > 1 {
			return fault.New(fault.Invalid, "%q stands in the address %d times; once is meant.", name, len(values))
		}
	}
	return nil
}

// Remote is the address a request comes from. A proxy's word is believed only when the proxy is one of ours, and only
// when it is an IP address (A9, F11).
func (g *Guard) Remote(r *http.Request) netip.Addr {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	peer, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	// Each proxy adds the address it was asked from at the end, in the same line or in a new one. So the chain is walked
	// from its end, past our own proxies; what stands before the first address that is not ours is only a claim.
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	from := peer.Unmap()
	for i := len(chain) - 1; i >= 0 && g.trusts(from); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		from = before.Unmap()
	}
	return from
}

// trusts reports whether an address is one of our own proxies.
func (g *Guard) trusts(from netip.Addr) bool {
	return slices.ContainsFunc(g.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
}

// FramedBy lets pages of these origins show this answer inside of theirs. Every other answer may be framed by the desk alone.
func (v *Visit) FramedBy(origins []string) {
	h := v.Writer.Header()
	const own = "frame-ancestors 'self'"
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), own, strings.Join(append([]string{own}, origins...), " "), 1))
	h.Set("Referrer-Policy", "no-referrer") // the address says who is signed in over there
}

// secure sets the headers that every answer carries (A5, A10, I3).
func (v *Visit) secure() {
	h := v.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'nonce-"+v.Nonce+"'; style-src 'self' 'nonce-"+v.Nonce+"'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'; manifest-src 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if v.Path("token") != "" {
		h.Set("Referrer-Policy", "no-referrer") // the address itself is a secret
	}
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Cookie")
	if v.guard.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Tell signs words for the page a form leads to, so that they can stand in its address.
func (v *Visit) Tell(words string) string { return v.mark("told", words) + "." + words }

// Told are words that [Visit.Tell] signed for this browser, "" when somebody else made them up.
func (v *Visit) Told(signed string) string {
	mark, words, _ := strings.Cut(signed, ".")
	if !hmac.Equal([]byte(mark), []byte(v.mark("told", words))) {
		return ""
	}
	return words
}

// Reader names whoever sends a form: the same for all that one browser sends, and nothing that says who they are or lets anybody find
// out. A browser that keeps no cookies has none.
func (v *Visit) Reader() string {
	if v.Session == "" {
		if _, err := v.Request.Cookie(seedCookie); err != nil {
			return ""
		}
	}
	return v.mark("reader")
}

// mark is a code that only this desk can make, for this browser and this purpose.
func (v *Visit) mark(purpose string, words ...string) string {
	mac := hmac.New(sha256.New, v.guard.Key)
	mac.Write([]byte(strings.Join(append([]string{purpose, v.seedOf()}, words...), "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:tokenSize])
}
