package desk

import (
	"context"
	"strings"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// SelfChange is what people may change about themselves. Role, groups and address are not theirs to give (B8). A nil
// field stays.
type SelfChange struct {
	Name *string
	Zone *string // IANA name; "" reads times in the desk's zone
}

// longestName is how much of a name is kept, in bytes. Real ones are shorter; a page of text is not a name.
const longestName = 200

// ChangeSelf changes what the actor says of themselves.
func (d *Desk) ChangeSelf(ctx context.Context, a access.Actor, in SelfChange) error {
	if err := may(a, access.OwnAccount); err != nil {
		return err
	}
	if err := checkSelf(in); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.PersonForUpdate(a.Person)
		if err != nil {
			return err
		}
		set(&person.Name, in.Name)
		set(&person.Zone, in.Zone)
		return tx.SavePerson(&person)
	})
}

func checkSelf(in SelfChange) error {
	if in.Name != nil {
		*in.Name = strings.Join(strings.Fields(*in.Name), " ")
		if err := checkName(*in.Name); err != nil {
			return err
		}
	}
	if in.Zone != nil {
		return checkZone(*in.Zone)
	}
	return nil
}

func checkName(name string) error {
	switch {
	case name == "":
		return fault.New(fault.Invalid, "a name is what others call you; write one")
	case len(name) > longestName:
		return fault.New(fault.Invalid, "the name is longer than %d bytes; a shorter one is enough", longestName)
	}
	return nil
}
