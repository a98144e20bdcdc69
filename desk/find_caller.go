package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Candidate is somebody the caller may be, and what the call may be about. Nobody chooses among candidates but the person who
// talks to them (S1-18).
type Candidate struct {
	Person  account.Person
	Company string
	About   string // "licence:12", "" for the person alone
	Site    string // what it is about in words
	Says    string // more of it: version and date
	FoundBy string // website, order, key, number, name
	Shared  bool   // by a number that several people have
	Level   string
	Row     string
	Because string

	facts map[string]any
}

// foundGrades says how sure one is of whoever was found like this. What only few know counts as a match; a name is only said.
var foundGrades = map[string]string{"website": policy.Matched, "order": policy.Matched, "key": policy.Matched}

// gradeOf is how sure one is of a caller who was found like this. A number matches when it is one person's alone and the network
// vouches for it; without that it identifies nobody (S1-18).
func (c *calling) gradeOf(found Candidate) string {
	if found.FoundBy == "number" && !found.Shared && c.call.Attested {
		return policy.Matched
	}
	return orElseName(foundGrades[found.FoundBy], policy.Claimed)
}

// mostCandidates is how many candidates a screen shows: one for each number key.
const mostCandidates = 9

// candidates are whom a few words may mean, each with the level of support they would have.
func (c *calling) candidates(query string) (all []Candidate, err error) {
	found, err := c.search(query)
	if err != nil {
		return nil, err
	}
	for _, one := range found[:min(len(found), mostCandidates)] {
		facts, err := c.callerFacts(one)
		if err != nil {
			return nil, err
		}
		one.facts = facts
		one.Level, one.Row, one.Because = c.policy.Level(policy.FactsIn(facts), c.call.Began)
		all = append(all, one)
	}
	return all, nil
}

// search finds people by name, address and organisation.
func (c *calling) search(query string) (all []Candidate, err error) {
	people, err := c.tx.People(access.Clock, store.PeopleFilter{Role: access.Customer, Query: query, Limit: mostCandidates})
	if err != nil {
		return nil, err
	}
	for _, p := range people.Items {
		one := Candidate{Person: p, FoundBy: "name"}
		one.Site, _ = p.Facts["licence.site"].(string)
		if one.Company, err = c.company(p); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// callerFacts are what the policy may look at when this is the caller.
func (c *calling) callerFacts(one Candidate) (map[string]any, error) {
	facts := map[string]any{}
	if one.Person.Organization != 0 {
		o, err := c.tx.Organization(one.Person.Organization)
		if err != nil {
			return nil, err
		}
		maps.Copy(facts, o.Facts)
		facts["requester.organisation"] = o.Name
	}
	maps.Copy(facts, one.Person.Facts)
	facts["caller.site"] = orElseName(one.Site, one.Person.Display())
	return facts, nil
}

// chosen is the candidate that a form names. One that the search does not find answers like one that there is not (B1).
func chosen(found []Candidate, person int64, about string) (Candidate, error) {
	i := slices.IndexFunc(found, func(one Candidate) bool { return one.Person.ID == person && one.About == about })
	if i < 0 {
		return Candidate{}, absentCaller()
	}
	return found[i], nil
}

// name is whom a candidate is, for the record.
func (one Candidate) name() string {
	parts := []string{one.Person.Display()}
	if one.Site != "" {
		parts = append(parts, one.Site)
	}
	return strings.Join(parts, ", ")
}

func (one Candidate) foundSays() string {
	return map[string]string{"website": "by the website", "order": "by an order number", "key": "by a licence key", "number": "by the number that calls"}[one.FoundBy]
}

func (one Candidate) says() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", one.name(), one.foundSays()))
}

// phoneNumber reads a number that somebody typed; "" is nobody's.
func phoneNumber(text string) (string, error) {
	plain := strings.NewReplacer(" ", "", "-", "", "(0)", "", "(", "", ")", "", ".", "", "/", "", "tel:", "").Replace(strings.TrimSpace(text))
	if plain == "" {
		return "", nil
	}
	if abroad, ok := strings.CutPrefix(plain, "00"); ok {
		plain = "+" + abroad
	}
	digits, ok := strings.CutPrefix(plain, "+")
	if !ok || strings.Trim(digits, "0123456789") != "" || len(digits) < 7 || len(digits) > 15 {
		return "", fault.New(fault.Invalid, "%q is no whole telephone number; begin with + and the country, like +1 206 555 0142", clipReason(text))
	}
	return plain, nil
}
