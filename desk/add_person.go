package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// NewPerson is somebody to be known to the desk. Only these fields can be set (B8).
type NewPerson struct {
	Email    string
	Name     string
	Role     access.Role
	Groups   []int64
	Skills   []string // what they know best, for policies that ask for it
	Zone     string
	Password string // "" when they will choose one by a link
}

// AddPerson makes a person known to the desk, with a password when one is given. An address the desk receives for can
// belong to nobody (D5).
func (d *Desk) AddPerson(ctx context.Context, a access.Actor, in NewPerson) (person account.Person, err error) {
	if err := may(a, access.Administer); err != nil {
		return person, err
	}
	hash := ""
	if in.Password != "" {
		if hash, err = d.hash(ctx, in.Password); err != nil {
			return person, err
		}
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		person, err = d.addPerson(tx, in, hash, now)
		return err
	})
	return person, err
}

func (d *Desk) addPerson(tx *store.Tx, in NewPerson, hash string, now time.Time) (account.Person, error) {
	person, err := d.newPerson(tx, in, now)
	if err != nil {
		return person, err
	}
	if err := tx.SavePerson(&person); err != nil || hash == "" {
		return person, err
	}
	return person, tx.SetPassword(person.ID, hash)
}

// newPerson checks what is said about somebody. A customer who wrote before keeps their number and becomes what is said now.
func (d *Desk) newPerson(tx *store.Tx, in NewPerson, now time.Time) (account.Person, error) {
	address, err := mail.NewAddress(in.Email)
	if err != nil {
		return account.Person{}, fault.Wrap(err, fault.Invalid, "%q is not an address mail can be sent to", in.Email)
	}
	if !validRole(in.Role) {
		return account.Person{}, fault.New(fault.Invalid, "%q is not a role; choose admin, agent, light or customer", in.Role)
	}
	folded := account.FoldAddress(address)
	if own, err := d.isOwn(tx, folded); err != nil || own {
		return account.Person{}, orElse(err, ownAddress(folded))
	}
	person, err := tx.PersonByAddressForUpdate(folded)
	if err == nil && person.Role != access.Customer {
		return person, fault.New(fault.Conflict, "%s is already known as %s", folded, person.Role)
	}
	if notFoundIsNothing(err) != nil {
		return person, err
	}
	if person.ID == 0 {
		person = account.Person{Email: folded, Addresses: []string{folded}, Created: now}
	}
	person.Role, person.Groups, person.Zone = in.Role, in.Groups, in.Zone
	if in.Name != "" {
		person.Name = in.Name
	}
	if person.Skills, err = skillsSaid(in.Skills); err != nil {
		return person, err
	}
	return person, checkZone(in.Zone)
}

func ownAddress(address string) error {
	return fault.New(fault.Invalid, "%s is an address this desk receives for; a person needs one of their own", address)
}

func validRole(r access.Role) bool {
	return r == access.Admin || r == access.Agent || r == access.LevelOne || r == access.Light || r == access.Customer
}

func checkZone(zone string) error {
	if zone == "" {
		return nil
	}
	_, err := time.LoadLocation(zone)
	return fault.Wrap(err, fault.Invalid, "%q is not a time zone; write it like America/New_York", zone)
}

// PersonChange is what an administrator may change about a person. A nil field stays.
type PersonChange struct {
	Name      *string
	Role      *access.Role
	Groups    *[]int64
	Skills    *[]string
	Zone      *string
	Suspended *bool
	Email     *string // a corrected address; mail is tried again (S2-30)
}

// ChangePerson changes what is known about a person. Someone who is suspended or gets another role loses their sessions
// at once (B5). The last administrator stays one: anything else is fault.Refused.
func (d *Desk) ChangePerson(ctx context.Context, a access.Actor, id int64, in PersonChange) (person account.Person, err error) {
	if err := may(a, access.Administer); err != nil {
		return person, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if person, err = tx.PersonForUpdate(id); err != nil {
			return err
		}
		before := person
		if err := d.changePerson(tx, &person, in); err != nil {
			return err
		}
		if administers(before) && !administers(person) {
			if err := anotherAdministers(tx, id); err != nil {
				return err
			}
		}
		if err := tx.SaveReaddressed(&person, now); err != nil {
			return err
		}
		if person.Suspended || person.Role != before.Role {
			if err := tx.EndSessions(id, [32]byte{}); err != nil {
				return err
			}
		}
		if person.Email != before.Email {
			return d.resumeTimersOf(tx, person, now)
		}
		return nil
	})
	return person, err
}

func administers(p account.Person) bool { return p.Role == access.Admin && !p.Suspended }

// anotherAdministers refuses to let go of the last administrator, because nobody could make another. Two who let go of each other at once
// are asked one after the other.
func anotherAdministers(tx *store.Tx, id int64) error {
	if err := tx.Alone("administrators"); err != nil {
		return err
	}
	staff, err := tx.Staff()
	if err != nil || slices.ContainsFunc(staff, func(p account.Person) bool { return p.ID != id && administers(p) }) {
		return err
	}
	return fault.New(fault.Refused, "this is the last administrator of the desk; make somebody else an administrator first")
}

func (d *Desk) changePerson(tx *store.Tx, p *account.Person, in PersonChange) error {
	set(&p.Name, in.Name)
	set(&p.Groups, in.Groups)
	set(&p.Suspended, in.Suspended)
	set(&p.Zone, in.Zone)
	set(&p.Role, in.Role)
	if !validRole(p.Role) {
		return fault.New(fault.Invalid, "%q is not a role; choose admin, agent, light or customer", p.Role)
	}
	if in.Skills != nil {
		skills, err := skillsSaid(*in.Skills)
		if err != nil {
			return err
		}
		p.Skills = skills
	}
	if in.Email != nil {
		if err := d.changeAddress(tx, p, *in.Email); err != nil {
			return err
		}
	}
	return checkZone(p.Zone)
}

// changeAddress makes another address the one mail goes to. It must be nobody else's.
func (d *Desk) changeAddress(tx *store.Tx, p *account.Person, email string) error {
	address, err := mail.NewAddress(email)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "%q is not an address mail can be sent to", email)
	}
	folded := account.FoldAddress(address)
	if own, err := d.isOwn(tx, folded); err != nil || own {
		return orElse(err, ownAddress(folded))
	}
	other, err := tx.PersonByAddress(folded)
	if err == nil && other.ID != p.ID {
		return fault.New(fault.Conflict, "%s already belongs to %s", folded, other.Display())
	}
	if notFoundIsNothing(err) != nil {
		return err
	}
	p.Email, p.Addresses, p.Unreachable = folded, withFirst(p.Addresses, folded), ""
	return nil
}

// withFirst returns the addresses with one at their head and nowhere else.
func withFirst(addresses []string, first string) []string {
	out := []string{first}
	for _, a := range addresses {
		if a != first {
			out = append(out, a)
		}
	}
	return out
}

// set overwrites *field when there is something to overwrite it with.
func set[T any](field *T, with *T) {
	if with != nil {
		*field = *with
	}
}
