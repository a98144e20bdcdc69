package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// What a shop tells: who bought what, which plan runs until when, who downloaded to evaluate. It is signed as an exchange signs, each
// event counts once by its id, and what it says goes the same way as a line of a table. Events may overtake one another: what an older
// one says about an order, a licence or a plan changes nothing once a newer one was heard, and no value that a colleague has corrected since.

// ShopTold is one event as a shop sends it.
type ShopTold struct {
	ID    string              `json:"id"`          // other for each event; the same event again changes nothing for thirty days, and a corrected one is heard
	At    time.Time           `json:"at,omitzero"` // when it happened at the shop; zero is now
	Brand string              `json:"brand"`       // the slug of a brand, "" for the first
	Sales []map[string]string `json:"sales"`       // each as a line of a table: email, name, organization, and the ids of [SaleColumns]
}

// ShopHeard is what came of it.
type ShopHeard struct {
	New     int           `json:"new"`
	Changed int           `json:"changed"`
	Known   int           `json:"known"`
	Refused []ShopTrouble `json:"refused,omitempty"`
}

// ShopTrouble is one sale that could not be taken; the others were.
type ShopTrouble struct {
	Sale int    `json:"sale"` // which one, counted from 1
	Says string `json:"says"`
}

// mostSales is how many sales one event may tell of.
const mostSales = 100

// ShopSecret is what a shop signs with, derived like the exchange's.
func (d *Desk) ShopSecret(_ context.Context, a access.Actor) (string, error) {
	if err := may(a, access.Administer); err != nil {
		return "", err
	}
	return hex.EncodeToString(d.Key("shop")), nil
}

// HearShop takes one event of a shop. A body whose signature is not right, or older than five minutes, is fault.Unsigned and changes
// nothing. The same event told again within thirty days answers as it did the first time. A sale that cannot be taken is named, and the others go in.
func (d *Desk) HearShop(ctx context.Context, body []byte, timestamp, signature string) (heard ShopHeard, err error) {
	now := d.now()
	if err := d.signedBy("shop", body, timestamp, signature, now); err != nil {
		return heard, err
	}
	told, err := readShop(body, now)
	if err != nil {
		return heard, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		heard, err = d.hearShop(tx, told, now)
		return err
	})
	return heard, err
}

func readShop(body []byte, now time.Time) (told ShopTold, err error) {
	read := json.NewDecoder(bytes.NewReader(body))
	read.DisallowUnknownFields()
	if err := read.Decode(&told); err != nil {
		return told, fault.Wrap(err, fault.Invalid, "the body is no JSON object with id, sales whose values are texts, and perhaps at, such as 2026-11-17T18:04:05Z")
	}
	switch {
	case told.ID == "" || len(told.ID) > longestCallName:
		return told, fault.New(fault.Invalid, "id is a name of 1 to %d letters, other for each event", longestCallName)
	case told.At.After(now.Add(exchangeWindow)):
		return told, fault.New(fault.Invalid, "at is when it happened, and cannot be still to come; look at the shop's clock")
	case len(told.Sales) == 0 || len(told.Sales) > mostSales:
		return told, fault.New(fault.Invalid, "sales are 1 to %d objects", mostSales)
	}
	for _, sale := range told.Sales {
		for name := range sale {
			if !isSaleValue(name) {
				return told, fault.New(fault.Invalid, "a sale says nothing called %q; it has %s", clipReason(name), strings.Join(saleValues(), ", "))
			}
		}
	}
	return told, nil
}

// saleValues are the names of what a sale can say.
func saleValues() []string {
	all := []string{"email", "name", "organization"}
	for _, c := range SaleColumns {
		all = append(all, c.ID)
	}
	return all
}

func isSaleValue(name string) bool { return slices.Contains(saleValues(), name) }

func (d *Desk) hearShop(tx *store.Tx, told ShopTold, now time.Time) (heard ShopHeard, err error) {
	key, err := told.key()
	if err != nil {
		return heard, err
	}
	first, before, err := tx.UseForm(key, 0, now)
	if err != nil {
		return heard, err
	}
	if !first {
		return heard, json.Unmarshal([]byte(before), &heard)
	}
	brand, err := brandBySlug(tx, told.Brand)
	if err != nil {
		return heard, err
	}
	if brand == 0 && told.Brand != "" {
		return heard, fault.New(fault.Invalid, "there is no brand %q", clipReason(told.Brand))
	}
	for i, values := range told.Sales {
		sale := saleOf(values, brand)
		sale.Told = cmp.Or(told.At, now)
		if err := d.hearSale(tx, &heard, i+1, sale, now); err != nil {
			return heard, err
		}
	}
	kept, err := json.Marshal(heard)
	if err != nil {
		return heard, err
	}
	return heard, tx.FinishForm(key, string(kept))
}

// key is under which an event is remembered: its id with what it says, so that one that was corrected is heard under the same id.
func (told ShopTold) key() (key [32]byte, err error) {
	said, err := json.Marshal(told)
	return sha256.Sum256(append([]byte("shop/"), said...)), err
}

func saleOf(values map[string]string, brand int64) Sale {
	s := Sale{Brand: brand, Email: values["email"], Name: values["name"], Organization: values["organization"]}
	for _, c := range SaleColumns {
		c.put(&s, values[c.ID])
	}
	return s
}

func (d *Desk) hearSale(tx *store.Tx, heard *ShopHeard, number int, sale Sale, now time.Time) error {
	var sold Sold
	err := fault.New(fault.Invalid, "say whose this is: email, organization, or both")
	if sale.Email != "" || sale.Organization != "" {
		err = tx.Try(func() error {
			sold, err = d.own(tx, sale, teller{source: account.ByShop}, now)
			return err
		})
	}
	switch {
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
		heard.Refused = append(heard.Refused, ShopTrouble{number, fault.Says(err)})
	case err != nil:
		return err
	case sold.New:
		heard.New++
	case sold.Changed:
		heard.Changed++
	default:
		heard.Known++
	}
	return nil
}
