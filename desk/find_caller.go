package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/policy"
	"hark/store"
)

// Candidate is somebody the caller may be, and what the call may be about. Nobody chooses among candidates but the person who
// talks to them (S1-18).
type Candidate struct {
	Person  account.Person
	Company string
	About   account.About // the licence, order or evaluation; the zero value for the person alone
	Site    string        // the same in words: "acme-shop.example"
	Says    string        // more of it: product, version and date
	FoundBy string        // website, order, key, number, name
	Shared  bool          // by a number that others have too
	Near    bool          // one letter of what was typed differs
	Few     bool          // too few letters were typed to know anything by them
	Level   string
	Row     string
	Because string

	owned account.Owned
	facts map[string]any
}

// foundGrades says how sure one is of whoever was found like this: what only few know is a match, a name is only said.
var foundGrades = map[string]string{byWebsite: policy.Matched, byOrder: policy.Matched, byKey: policy.Matched}

const (
	byWebsite = "website"
	byOrder   = "order"
	byKey     = "key"
	byNumber  = "number"
	byName    = "name"
)

// gradeOf is how sure one is of a caller who was found like this. A number matches when it is one person's alone and the network
// vouches for it; without that it identifies nobody (S1-18). A name that is only nearly right, or a few letters of one, anybody can say.
func (c *calling) gradeOf(found Candidate) string {
	if found.FoundBy == byNumber && !found.Shared && c.call.Attested {
		return policy.Matched
	}
	if found.Near || found.Few {
		return policy.Claimed
	}
	return cmp.Or(foundGrades[found.FoundBy], policy.Claimed)
}

// mostCandidates is how many candidates a screen shows: one for each number key.
const mostCandidates = 9

// candidates are whom a few words may mean, each with the level of support they would have, decided while one looks.
func (c *calling) candidates(query string) ([]Candidate, error) {
	f := finding{c: c, query: query}
	if err := f.find(); err != nil {
		return nil, err
	}
	for i := range f.all {
		if err := f.weigh(&f.all[i]); err != nil {
			return nil, err
		}
	}
	return f.all, nil
}

// finding is one search for a caller.
type finding struct {
	c     *calling
	query string
	all   []Candidate
}

func (f *finding) find() error {
	if number, err := wholeNumber(f.query); err == nil && number != "" {
		return f.byNumber(number)
	}
	hits, err := f.c.tx.SearchCustomers(f.c.a, f.query, 2*mostCandidates)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		if err := f.hit(hit); err != nil {
			return err
		}
	}
	return nil
}

// byNumber finds everybody who has a number. Each is shown, and none is chosen.
func (f *finding) byNumber(number string) error {
	contacts, err := f.c.tx.ContactsWith(account.Phone, number)
	if err != nil {
		return err
	}
	for _, contact := range contacts {
		person, err := f.c.tx.Person(contact.Person)
		if err != nil {
			return err
		}
		if err := f.things(person, Candidate{FoundBy: byNumber, Shared: contact.Shared || len(contacts) > 1}); err != nil {
			return err
		}
	}
	return nil
}

// hit makes candidates of one thing that a search has found.
func (f *finding) hit(hit store.CustomerHit) error {
	about, by := account.About{}, byName
	switch hit.By {
	case store.CustomerLicence:
		about, by = account.About{Kind: account.AboutLicence, ID: hit.Licence.ID}, f.licenceBy(hit.Licence)
	case store.CustomerOrder:
		about, by = account.About{Kind: account.AboutOrder, ID: hit.Order.ID}, byOrder
		if !hit.Near && !strings.Contains(plainLetters(hit.Order.Number), plainLetters(f.query)) {
			by = byWebsite // it stands in the order's notes (1.10)
		}
	}
	people, err := f.peopleOf(hit)
	for _, person := range people {
		like := Candidate{About: about, FoundBy: by, Near: hit.Near, Few: by != byName && f.few(hit)}
		if err = f.add(person, like); err != nil {
			return err
		}
	}
	return err
}

// licenceBy says by which of its two names a licence was found.
func (f *finding) licenceBy(l account.Licence) string {
	if key := account.KeyOf(f.query); l.Key.Start != "" && (key.Hash == l.Key.Hash || key.Start == l.Key.Start) {
		return byKey
	}
	return byWebsite
}

// mostColleagues is how many people of one company are candidates.
const mostColleagues = 5

// peopleOf are who may call about a hit: its owner, else the people of the company.
func (f *finding) peopleOf(hit store.CustomerHit) ([]account.Person, error) {
	if hit.Person.ID != 0 {
		return []account.Person{hit.Person}, nil
	}
	page, err := f.c.tx.People(access.Clock, store.PeopleFilter{Role: access.Customer, Organization: hit.Organization.ID, Limit: mostColleagues})
	return page.Items, err
}

// fewest is how many letters of a website or an order number one has to know to be matched by a part of it.
const fewest = 5

// few reports whether only a few letters were typed, which are not the whole of anything.
func (f *finding) few(hit store.CustomerHit) bool {
	typed := plainLetters(f.query)
	whole := []string{plainLetters(hit.Licence.Site), plainLetters(hit.Order.Number), plainLetters(hit.Licence.OrderNumber)}
	return utf8.RuneCountInString(typed) < fewest && !slices.Contains(whole, typed)
}

// plainLetters are the letters and digits of a text in lower case: an order number is the same without its hyphen.
func plainLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// add adds a person with the thing that was found, or with everything of theirs when none was.
func (f *finding) add(person account.Person, like Candidate) (err error) {
	if like.About.Kind == "" {
		return f.things(person, like)
	}
	if like.owned, err = f.ownedBy(person); err != nil {
		return err
	}
	if like.About.Kind == account.AboutOrder { // an order is about its licence, where it has one
		for _, l := range like.owned.Licences {
			if l.Order == like.About.ID {
				like.About = account.About{Kind: account.AboutLicence, ID: l.ID}
				break
			}
		}
	}
	return f.offer(person, like)
}

// things adds a person once for each thing of theirs that a call can be about.
func (f *finding) things(person account.Person, like Candidate) (err error) {
	if like.owned, err = f.ownedBy(person); err != nil {
		return err
	}
	things := like.owned.Choices()
	if len(things) == 0 {
		things = []account.About{{}}
	}
	for _, about := range things {
		like.About = about
		if err := f.offer(person, like); err != nil {
			return err
		}
	}
	return nil
}

func (f *finding) ownedBy(person account.Person) (account.Owned, error) {
	return f.c.tx.Owned(f.c.a, store.OwnerOf(person), f.c.call.Brand)
}

// offer adds a candidate, unless they are there already or there are more than keys.
func (f *finding) offer(person account.Person, one Candidate) (err error) {
	same := func(other Candidate) bool { return other.Person.ID == person.ID && other.About == one.About }
	if person.Role != access.Customer || len(f.all) >= mostCandidates || slices.ContainsFunc(f.all, same) {
		return nil
	}
	one.Person = person
	if one.Company, err = f.c.company(person); err != nil {
		return err
	}
	one.Site, one.Says = described(one.owned, one.About)
	f.all = append(f.all, one)
	return nil
}

// described is a thing in words: its name, and what one looks at to tell it from others.
func described(o account.Owned, about account.About) (name, says string) {
	switch about.Kind {
	case account.AboutLicence:
		l := o.Licence(about.ID)
		return l.Name(), inCommas(strings.TrimSpace(l.ProductName+" "+l.VersionName), dated("ordered", l.OrderedOn))
	case account.AboutOrder:
		order := o.Order(about.ID)
		return "order " + order.Number, dated("placed", order.PlacedOn)
	case account.AboutEvaluation:
		e := o.Evaluation(about.ID)
		return "evaluation of " + e.ProductName, dated("since", e.BeganOn)
	}
	return "", ""
}

func dated(what string, day calendar.Date) string {
	if day.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %d %s %d", what, day.D, time.Month(day.M).String()[:3], day.Y)
}

func inCommas(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// weigh decides the level of support that a candidate would have, from what is theirs.
func (f *finding) weigh(one *Candidate) error {
	organization, err := organizationOf(f.c.tx, one.Person)
	if err != nil {
		return err
	}
	facts := f.c.d.factsAbout(f.c.policy, one.owned, one.Person, organization, one.About, f.c.call.Began)
	if one.About.Kind == "" {
		f.c.policy.WithOwned(facts, one.owned.Of(f.c.call.Brand), one.About, f.c.call.Began)
	}
	facts["caller.site"] = cmp.Or(one.Site, one.Person.Display())
	one.facts = facts
	one.Level, one.Row, one.Because = f.c.policy.Level(policy.FactsIn(facts), f.c.call.Began)
	return nil
}

// chosen is the candidate that a form names. One that the search does not find answers like one that there is not (B1).
func chosen(found []Candidate, person int64, about account.About) (Candidate, error) {
	i := slices.IndexFunc(found, func(one Candidate) bool { return one.Person.ID == person && one.About == about })
	if i < 0 {
		return Candidate{}, absentCaller()
	}
	return found[i], nil
}

var foundSays = map[string]string{byWebsite: "found by the website", byOrder: "found by an order number", byKey: "found by a licence key", byNumber: "found by the number that calls", byName: "found by name"}

// Doubt is why what was typed proves less than it might, "" when nothing is wrong with it.
func (one Candidate) Doubt() string {
	switch {
	case one.Near:
		return "one letter differs"
	case one.Few:
		return "by a few letters only"
	}
	return ""
}

// says is whom a candidate is, for the record.
func (one Candidate) says() string {
	return inCommas(one.Person.Display(), one.Site, foundSays[one.FoundBy], one.Doubt())
}

// wholeNumber reads a number with its country, as telephones are dialled from anywhere; "" is nobody's.
func wholeNumber(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	return account.PhoneNumber(text)
}
