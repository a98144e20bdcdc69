package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// ParkCall puts a call aside. Everything stays as it is until somebody takes it up again.
func (d *Desk) ParkCall(ctx context.Context, a access.Actor, call int64, reason string) error {
	return d.onLine(ctx, a, call, func(c *calling) error {
		if err := c.going(); err != nil {
			return err
		}
		c.call.State, c.call.Reason = store.PhoneParked, clipReason(reason)
		return c.tell(eventParked, cmp.Or(c.call.Reason, "Parked"))
	})
}

// HandedCall says to whom a call goes, and why. Either a group or one person takes it.
type HandedCall struct {
	Call   int64
	Group  int64
	Person int64
	Reason string // what they should know first; it cannot be empty
}

// HandOverCall gives a call to others with everything that was heard: the run goes on at the step where it stands, on their screen
// (seed 001, 1.3).
func (d *Desk) HandOverCall(ctx context.Context, a access.Actor, in HandedCall) error {
	reason := clipReason(in.Reason)
	if reason == "" {
		return fault.New(fault.Invalid, "say in a few words why; they read it first")
	}
	return d.onLine(ctx, a, in.Call, func(c *calling) error {
		if err := c.going(); err != nil {
			return err
		}
		to, err := c.handTo(in)
		if err != nil {
			return err
		}
		c.call.State, c.call.Reason = store.PhoneParked, reason
		return c.tell(eventHanded, "To "+to+": "+reason)
	})
}

// handTo gives the call to a group or a person, and returns their name.
func (c *calling) handTo(in HandedCall) (string, error) {
	if in.Group != 0 {
		groups, err := c.tx.Groups()
		if err != nil {
			return "", err
		}
		for _, g := range groups {
			if g.ID == in.Group {
				c.call.Team, c.call.Agent = g.ID, 0
				return g.Name, nil
			}
		}
		return "", fault.New(fault.NotFound, "there is no such group")
	}
	person, err := c.tx.Person(in.Person)
	switch {
	case err != nil:
		return "", err
	case !access.May(person.Actor(), access.TakeCalls) || person.Suspended:
		return "", fault.New(fault.Refused, "%s does not answer the phone", person.Display())
	case person.ID == c.a.Person:
		return "", fault.New(fault.Refused, "the call is yours already")
	}
	c.call.Team, c.call.Agent = 0, person.ID
	return person.Display(), nil
}

// TakeUpCall goes on with a parked call, and answers one that rings. A call that was handed to a group is for its members, one that
// somebody parked or was handed is for them; an administrator may take any over, so that none is left when somebody has gone home. The
// actor's other call is parked. seen is [store.PhoneCall.Standing] as the actor's page showed it: what has changed since is refused, so that
// nobody takes a call away from whoever was quicker.
func (d *Desk) TakeUpCall(ctx context.Context, a access.Actor, call int64, seen string) error {
	return d.withCall(ctx, a, call, func(c *calling) error {
		if (c.call.State == store.PhoneOpen || c.call.State == store.PhoneOver) && c.call.Agent == a.Person {
			return nil
		}
		if err := c.mayTake(); err != nil {
			return err
		}
		if seen != c.call.Standing() {
			return fault.New(fault.Conflict, "the call is not as your page showed it: %s; look again whether you still want it", c.standsNow())
		}
		if err := parkOthers(c.tx, a, c.call.ID, c.now); err != nil {
			return err
		}
		says := "Taken up again"
		if c.call.State == store.PhoneRinging {
			says = "Answered"
		}
		if c.call.Answered.IsZero() {
			c.call.Answered = c.now
		}
		c.call.State, c.call.Agent, c.call.Team = store.PhoneOpen, a.Person, 0
		if !c.call.Ended.IsZero() {
			c.call.State = store.PhoneOver
		}
		return c.tell(eventResumed, says)
	})
}

// standsNow is how a call stands, in words.
func (c *calling) standsNow() string {
	who := cmp.Or(c.call.AgentName, c.call.TeamName, "somebody else")
	switch c.call.State {
	case store.PhoneRinging:
		return "it rings"
	case store.PhoneParked:
		return "it is parked for " + who
	}
	return who + " has it"
}

// mayTake refuses to take a call up that is over, or for somebody else.
func (c *calling) mayTake() error {
	if err := c.going(); err != nil || access.May(c.a, access.Administer) {
		return err
	}
	switch c.call.State {
	case store.PhoneOpen, store.PhoneOver:
		return fault.New(fault.Conflict, "%s has this call; ask them to park it or hand it over", cmp.Or(c.call.AgentName, "somebody else"))
	case store.PhoneParked:
		if c.call.Team != 0 && !slices.Contains(c.a.Groups, c.call.Team) {
			return fault.New(fault.Refused, "this call is for the group %s", c.call.TeamName)
		}
		if c.call.Team == 0 && c.call.Agent != 0 && c.call.Agent != c.a.Person {
			return fault.New(fault.Refused, "this call is for %s", c.call.AgentName)
		}
	}
	return nil
}

// going refuses what makes sense only before a call is over.
func (c *calling) going() error {
	if c.call.State == store.PhoneRecorded || c.call.State == store.PhoneMissed {
		return fault.New(fault.Refused, "this call is over; its record stays")
	}
	return nil
}

const longestReason = 300

func clipReason(text string) string {
	return shortened(strings.Join(strings.Fields(text), " "), longestReason)
}

// CallTeams are to whom a call can be handed: the groups, and everybody else who answers the phone.
func (d *Desk) CallTeams(ctx context.Context, a access.Actor) (groups, people []Place, err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return nil, nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Groups()
		if err != nil {
			return err
		}
		for _, g := range all {
			groups = append(groups, Place{g.ID, g.Name})
		}
		staff, err := tx.Staff()
		for _, p := range staff {
			if access.May(p.Actor(), access.TakeCalls) && !p.Suspended && p.ID != a.Person {
				people = append(people, Place{p.ID, p.Display()})
			}
		}
		return err
	})
	return groups, people, err
}

// Place is somewhere a call can go.
type Place struct {
	ID   int64
	Name string
}
