package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Skills: what colleagues know best, and who of them a route that asks for one means (seed 000, 0.14).

// How many skills somebody has at most, and how many letters each.
const (
	mostSkills   = 20
	longestSkill = 40
)

// skillsSaid are skills as somebody wrote them, each once and without what surrounds it.
func skillsSaid(said []string) (all []string, err error) {
	for _, s := range said {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" || slices.ContainsFunc(all, func(known string) bool { return policy.SameName(s, known) }) {
			continue
		}
		if utf8.RuneCountInString(s) > longestSkill {
			return nil, inField("skills", fault.New(fault.Invalid, "a skill has at most %d letters, which %q has not; name it in a word or two", longestSkill, shortened(s, longestSkill)))
		}
		all = append(all, s)
	}
	if len(all) > mostSkills {
		return nil, inField("skills", fault.New(fault.Invalid, "somebody has at most %d skills; name what they know best", mostSkills))
	}
	return all, nil
}

// addSkilled says for each skill that routes ask for who has it and is here.
func (d *Desk) addSkilled(tx *store.Tx, p *policy.Policy, t ticket.Ticket, facts map[string]any, h happening) error {
	for _, fact := range p.SkillFacts() {
		delete(facts, policy.SkilledFact(fact))
		delete(facts, policy.WhySkilledFact(fact))
		value := skillAsked(p, t, fact, facts, h)
		if value == "" {
			continue
		}
		who, why, err := skilledIn(tx, p, t, fact, value, h.now)
		if err != nil {
			return err
		}
		facts[policy.SkilledFact(fact)], facts[policy.WhySkilledFact(fact)] = who, why
	}
	return nil
}

// skillAsked is what the fact says once the event has happened.
func skillAsked(p *policy.Policy, t ticket.Ticket, fact string, facts map[string]any, h happening) string {
	if fact == "ticket.kind" {
		return cmp.Or(h.event.TicketKind, t.Kind, p.DefaultKind())
	}
	value, said := h.event.Facts[fact]
	if !said {
		value = facts[fact]
	}
	text, _ := value.(string)
	return text
}

// skilledIn is the address of somebody who has a skill and is here, "" for nobody, and why. Whom the ticket went to before stays; else it
// is whoever has the fewest open tickets.
func skilledIn(tx *store.Tx, p *policy.Policy, t ticket.Ticket, fact, value string, now time.Time) (who, why string, err error) {
	called := p.Called(fact, value)
	staff, err := callers(tx)
	able := knowing(p, staff, fact, value)
	if err != nil || len(able) == 0 {
		return "", "nobody here has the skill " + called, err
	}
	here, err := notAway(tx, p, able, now)
	if err != nil || len(here) == 0 {
		return "", "everybody with the skill " + called + " is away", err
	}
	if i := slices.IndexFunc(here, func(a account.Person) bool { return a.Email == t.Memory.Route }); i >= 0 {
		return here[i].Email, here[i].Display() + " has the skill " + called, nil
	}
	open, err := tx.Loads(personIDs(here))
	least := slices.MinFunc(here, func(a, b account.Person) int {
		return cmp.Or(cmp.Compare(open[a.ID], open[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	why = least.Display() + " has the skill " + called
	if len(here) > 1 {
		why += fmt.Sprintf(" and, of %d who have it and are here, the fewest open tickets", len(here))
	}
	return least.Email, why, err
}

// knowing are those of some colleagues who have a skill.
func knowing(p *policy.Policy, staff []account.Person, fact, value string) []account.Person {
	return slices.DeleteFunc(slices.Clone(staff), func(a account.Person) bool {
		return !slices.ContainsFunc(a.Skills, func(skill string) bool { return p.Knows(skill, fact, value) })
	})
}

// notAway are those who are not away just now.
func notAway(tx *store.Tx, p *policy.Policy, people []account.Person, now time.Time) ([]account.Person, error) {
	at := calendar.Span{From: now, To: now.Add(time.Second)}
	rotas, err := rotasOf(tx, people, p.Zone, at)
	return slices.DeleteFunc(people, func(a account.Person) bool {
		_, away := rotas[a.ID].AwayDuring(at)
		return away
	}), err
}

func personIDs(people []account.Person) (ids []int64) {
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids
}
