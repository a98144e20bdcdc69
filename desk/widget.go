package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
)

// The widget: a "?" on the company's own pages that opens the request form, and the requests of whoever is signed in there (seed 003,
// 3.1). The company's server vouches for its user with a signature; without one the form is the one for strangers. Cookies of the desk
// play no part: in a frame of another site there are none, and where there are, they say nothing about who is signed in over there.

// WidgetUser is who uses a page of the company, as its server has signed it.
type WidgetUser struct {
	Email   string `json:"email"`
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"` // of the app they use
	At      int64  `json:"at"`                // when it was signed, in seconds since 1970
}

// Known reports whether this is anybody; the zero user is a stranger.
func (u WidgetUser) Known() bool { return u.Email != "" }

const (
	widgetLife     = time.Hour // how long a page may stay open before it has to be loaded again
	widgetAhead    = 5 * time.Minute
	longestWidget  = 2000
	longestVersion = 60
	mostSites      = 20
)

// SignWidget returns the text that vouches for a user: what is said in base64url, a full stop, and the HMAC-SHA256 of the first part in
// hexadecimal, made with the secret that the brand's page in the settings shows.
func SignWidget(secret string, u WidgetUser) (string, error) {
	said, err := json.Marshal(u)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(said)
	return body + "." + widgetSeal(secret, body), nil
}

func widgetSeal(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func (d *Desk) widgetSecret(brand int64) string {
	return hex.EncodeToString(d.Key("widget/" + itoa(brand)))
}

// ReadWidgetUser says whom a brand's own page vouches for. "" is a stranger. A signature that is not right, made with another brand's
// secret, or older than an hour is fault.Unsigned, whichever it is.
func (d *Desk) ReadWidgetUser(brand int64, token string) (u WidgetUser, err error) {
	if token == "" {
		return u, nil
	}
	body, seal, _ := strings.Cut(token, ".")
	said, wrong := base64.RawURLEncoding.Strict().DecodeString(body)
	if len(token) > longestWidget || wrong != nil || !hmac.Equal([]byte(seal), []byte(widgetSeal(d.widgetSecret(brand), body))) || json.Unmarshal(said, &u) != nil {
		return WidgetUser{}, staleWidget()
	}
	if age := d.now().Sub(time.Unix(u.At, 0)); age > widgetLife || age < -widgetAhead {
		return WidgetUser{}, staleWidget()
	}
	address, wrong := mail.NewAddress(u.Email)
	if wrong != nil {
		return WidgetUser{}, staleWidget()
	}
	u.Email, u.Name, u.Version = account.FoldAddress(address), strings.TrimSpace(u.Name), shortened(strings.Join(strings.Fields(u.Version), " "), longestVersion)
	return u, nil
}

func staleWidget() error {
	return fault.New(fault.Unsigned, "we cannot tell who you are any more; load the page that you are on again")
}

// widgetActor is the customer a signature speaks of, and a stranger when nobody has that address yet. A company's page vouches for
// customers only: whoever works at the desk, or is suspended, is nobody here.
func widgetActor(tx *store.Tx, u WidgetUser) (access.Actor, error) {
	if !u.Known() {
		return access.Actor{}, nil
	}
	p, err := tx.PersonByAddress(u.Email)
	if isNotFound(err) || err == nil && (p.Role != access.Customer || p.Suspended) {
		return access.Actor{}, nil
	}
	return p.Actor(), err
}

// WidgetActor is what a signed user may do: what the customer of that address may, and nothing while there is none.
func (d *Desk) WidgetActor(ctx context.Context, u WidgetUser) (a access.Actor, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		a, err = widgetActor(tx, u)
		return err
	})
	return a, err
}

// WidgetRequests are the newest requests of such a customer with one brand, each as far as it has come. What they asked another brand
// is not that company's to see.
func (d *Desk) WidgetRequests(ctx context.Context, a access.Actor, brand int64) (list []OwnRequest, err error) {
	if a.Person == 0 {
		return nil, nil
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err := tx.Tickets(a, store.Filter{View: store.Requester, Requester: a.Person, Brand: brand, Limit: 20})
		for _, row := range page.Items {
			list = append(list, OwnRequest{Row: publicRow(row)})
		}
		if err != nil {
			return err
		}
		return d.follow(tx, a, list, now)
	})
	return list, err
}

// CreateFromWidget makes a ticket for a signed user. The company's server has vouched for the address, so that no mail has to prove it;
// the version of their app goes with their words, and is a fact that the policy's rules see (S3-17).
func (d *Desk) CreateFromWidget(ctx context.Context, u WidgetUser, in Request) (Done, error) {
	if !u.Known() {
		return Done{}, staleWidget()
	}
	in.Requester, in.Name, in.CCs = u.Email, u.Name, nil
	if in.Key != "" {
		in.Key = u.Email + "/" + in.Key
	}
	if u.Version != "" {
		in.Text = strings.TrimSpace(in.Text) + "\n\nVersion of the app: " + u.Version
	}
	signed := access.Actor{Role: access.Customer} // somebody who may not be known yet; the key says whose form it is
	return d.write(ctx, signed, writing{"", in.Text, in.Files, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.createSigned(tx, in, u.Version, w, files, now)
	})
}

func (d *Desk) createSigned(tx *store.Tx, in Request, version string, w words, files attachments, now time.Time) (Done, error) {
	over, err := overLimit(tx, now, limit{"widget/" + in.Requester, 20, time.Hour})
	if err == nil && len(over) > 0 {
		err = fault.New(fault.TooMany, "you have sent us a lot within an hour; write the rest into one of your requests")
	}
	if err != nil {
		return Done{}, err
	}
	person, err := d.customer(tx, in, now)
	if err == nil && (person.Role != access.Customer || person.Suspended) {
		err = staleWidget()
	}
	if err != nil {
		return Done{}, err
	}
	if in, err = d.asCustomersMay(tx, in, now); err != nil {
		return Done{}, err
	}
	in.Channel = "widget"
	if version != "" {
		in.Facts = maps.Clone(in.Facts)
		if in.Facts == nil {
			in.Facts = map[string]any{}
		}
		in.Facts[policy.VersionFact] = version
	}
	if in, err = d.about(tx, person.Actor(), in, person, now); err != nil {
		return Done{}, err
	}
	return d.create(tx, in, w, files, person, person, now)
}

func widgetSites(brand int64) string { return "widget-sites/" + itoa(brand) }

// WidgetSites are the sites on which a brand's widget may be shown, as origins: "https://app.example".
func (d *Desk) WidgetSites(ctx context.Context, brand int64) (sites []string, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		kept, err := tx.Setting(widgetSites(brand))
		if err != nil || kept == nil {
			return err
		}
		return json.Unmarshal(kept, &sites)
	})
	return sites, err
}

// Widget is what an administrator needs to put a brand's widget on a site.
type Widget struct {
	Sites  []string
	Secret string // what the site's server signs with
	Script string // its address
}

// Widget reads it.
func (d *Desk) Widget(ctx context.Context, a access.Actor, brand account.Brand) (w Widget, err error) {
	if err := may(a, access.Administer); err != nil {
		return w, err
	}
	w = Widget{Secret: d.widgetSecret(brand.ID), Script: d.BrandURL(brand) + "/widget.js"}
	w.Sites, err = d.WidgetSites(ctx, brand.ID)
	return w, err
}

// SaveWidgetSites says on which sites a brand's widget may be shown. Each is an address whose scheme, host and port count; http is for
// trying on this machine.
func (d *Desk) SaveWidgetSites(ctx context.Context, a access.Actor, brand int64, sites []string) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	var all []string
	for _, site := range sites {
		origin, err := siteOrigin(site)
		if err != nil {
			return err
		}
		if origin != "" && !slices.Contains(all, origin) {
			all = append(all, origin)
		}
	}
	if len(all) > mostSites {
		return fault.New(fault.Invalid, "a brand's widget can stand on %d sites", mostSites)
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Brand(brand); err != nil {
			return err
		}
		return keepJSON(tx, widgetSites(brand), all)
	})
}

// siteOrigin is the origin of an address as browsers compare it, "" for an empty line.
func siteOrigin(site string) (string, error) {
	site = strings.TrimSpace(site)
	if site == "" {
		return "", nil
	}
	u, err := url.Parse(site)
	wrong := fault.New(fault.Invalid, "%q is no site; write its address, such as https://app.example", shortened(site, 80))
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, "*;, '\"") {
		return "", wrong
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || strings.HasSuffix(u.Hostname(), ".localhost")
	if u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return "", wrong
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}
