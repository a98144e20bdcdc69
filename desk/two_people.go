package desk

import (
	"context"
	"encoding/json"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// TwoPeople makes a brand's policy need a second administrator, or no longer. One administrator may ask for more care; less care is
// itself decided by two, else whoever wants to apply alone would only have to switch it off. It reports whether a second one is
// still needed. An operator on the host decides alone.
func (d *Desk) TwoPeople(ctx context.Context, a access.Actor, brand int64, on bool) (waits bool, err error) {
	if err := may(a, access.Administer); err != nil {
		return false, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		b, err := tx.Brand(brand)
		if err != nil || b.TwoPeople == on {
			return orElse(err, tx.DropSetting(lessCareName(brand)))
		}
		if on {
			err = enoughAdministrators(tx)
		} else {
			waits, err = d.lessCare(tx, a, brand)
		}
		if err != nil || waits {
			return err
		}
		b.TwoPeople = on
		return orElse(tx.SaveBrand(&b), tx.DropSetting(lessCareName(brand)))
	})
	d.doors.forget()
	return waits, err
}

func lessCareName(brand int64) string { return "two-people-off/" + itoa(brand) }

// enoughAdministrators refuses a rule that nobody could keep.
func enoughAdministrators(tx *store.Tx) error {
	staff, err := tx.Staff()
	if err != nil {
		return err
	}
	n := 0
	for _, p := range staff {
		if p.Role == access.Admin && !p.Suspended {
			n++
		}
	}
	if n < 2 {
		return fault.New(fault.Refused, "there is no second administrator who could apply a policy; invite one first")
	}
	return nil
}

// lessCare notes that somebody wants to do without the second person, and waits for another who wants it too.
func (d *Desk) lessCare(tx *store.Tx, a access.Actor, brand int64) (waits bool, err error) {
	kept, err := tx.Setting(lessCareName(brand))
	if err != nil || a.Desk {
		return false, err
	}
	var asked int64
	if kept != nil {
		if err := json.Unmarshal(kept, &asked); err != nil {
			return false, err
		}
	}
	if asked != 0 && asked != a.Person {
		return false, nil
	}
	kept, err = json.Marshal(a.Person)
	return true, orElse(err, tx.SetSetting(lessCareName(brand), kept))
}

// LessCareAsked is the administrator who wants a brand's policy to need one person only and waits for a second who agrees; the zero
// person when nobody does.
func (d *Desk) LessCareAsked(ctx context.Context, a access.Actor, brand int64) (who account.Person, err error) {
	if err := may(a, access.Administer); err != nil {
		return who, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		kept, err := tx.Setting(lessCareName(brand))
		if err != nil || kept == nil {
			return err
		}
		var id int64
		if err := json.Unmarshal(kept, &id); err != nil {
			return err
		}
		who, err = tx.Person(id)
		return err
	})
	return who, err
}
