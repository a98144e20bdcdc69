package desk

import (
	"context"
	"net"
	"net/url"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// brandFor returns the brand whose pages stand at a host name, the first brand for any other host, and the zero brand
// while there is none.
func brandFor(tx *store.Tx, host string) (brand account.Brand, err error) {
	host, _, _ = strings.Cut(host, ":")
	brands, err := tx.Brands()
	for i, b := range brands {
		if i == 0 || b.Host != "" && strings.EqualFold(b.Host, host) {
			brand = b
		}
	}
	return brand, err
}

// BrandURL is where the pages of a brand stand: its own host with the scheme and the port of the desk's address, and the desk's
// address while it has none. What host a request names has no part in it (threat F10).
func (d *Desk) BrandURL(b account.Brand) string {
	home, err := url.Parse(d.url)
	if err != nil || b.Host == "" || home.Host == "" {
		return d.url
	}
	port := home.Port()
	home.Host = b.Host
	if port != "" && !strings.Contains(b.Host, ":") {
		home.Host = net.JoinHostPort(b.Host, port)
	}
	return strings.TrimSuffix(home.String(), "/")
}

// brandHome is [Desk.BrandURL] of the brand with this number, and the desk's own address for 0.
func (d *Desk) brandHome(tx *store.Tx, id int64) (string, error) {
	if id == 0 {
		return d.url, nil
	}
	brand, err := tx.Brand(id)
	return d.BrandURL(brand), err
}

// homeOf is where somebody signs in: a customer at the brand they wrote to first, a colleague at the desk's own address.
func (d *Desk) homeOf(tx *store.Tx, p account.Person) (string, error) {
	if p.Actor().Staff() {
		return d.url, nil
	}
	return d.brandHome(tx, p.Brand)
}

// RunningOf returns a brand and the policy that holds for it now, nil while there is none.
func (d *Desk) RunningOf(ctx context.Context, id int64) (p *policy.Policy, brand account.Brand, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = tx.Brand(id); err == nil {
			p, err = d.runningOf(tx, id, now)
		}
		return err
	})
	return p, brand, err
}

func (d *Desk) runningOf(tx *store.Tx, brand int64, now time.Time) (*policy.Policy, error) {
	version, err := d.rules.running(tx, brand, now)
	if err != nil {
		if fault.Is(err, fault.Refused) {
			err = nil
		}
		return nil, err
	}
	return d.rules.of(tx, version)
}

// RunningFor returns the brand whose pages stand at a host name and the policy that holds for it now, nil while there is none.
func (d *Desk) RunningFor(ctx context.Context, host string) (p *policy.Policy, brand account.Brand, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = brandFor(tx, host); err == nil {
			p, err = d.runningOf(tx, brand.ID, now)
		}
		return err
	})
	return p, brand, err
}

// BrandAccent is the colour of a brand, "" for the desk's own.
func (d *Desk) BrandAccent(ctx context.Context, id int64) (accent string, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brand, err := tx.Brand(id)
		accent = brand.Accent
		return err
	})
	return accent, err
}

// NameFirstBrand gives the desk's first brand the name its first administrator chose; an empty name leaves it.
func (d *Desk) NameFirstBrand(ctx context.Context, a access.Actor, name string) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	defer d.doors.forget()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		if err != nil || len(brands) == 0 || name == "" {
			return err
		}
		brands[0].Name = name
		return tx.SaveBrand(&brands[0])
	})
}
