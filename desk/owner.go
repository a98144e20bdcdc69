package desk

import (
	"slices"
	"strings"

	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/store"
)

// ownerOf is whose something is after a sale named an owner. A shop and a table can say more about an owner, the company of a person
// or the person in a company, and never hand anything to somebody else: one wrong address would take a licence away from who paid
// for it. A colleague can, by hand.
func (s *owning) ownerOf(what string, was account.Owner) (account.Owner, error) {
	if slices.Contains(s.corrected, "owner") {
		return was, nil
	}
	is := merged(was, s.owner)
	if s.teller.source == account.ByHand || was == (account.Owner{}) || !movesAway(was, is) {
		return is, nil
	}
	name, err := ownerName(s.tx, was)
	if err != nil {
		return was, err
	}
	return was, fault.New(fault.Conflict, "%s belongs to %s; a colleague can hand it to somebody else on the record", what, name)
}

// movesAway reports whether another person, or another company alone, owns it afterwards.
func movesAway(was, is account.Owner) bool {
	if was.Person != 0 {
		return is.Person != was.Person
	}
	return is.Organization != was.Organization
}

// merged is whose something is after somebody named an owner: what they name counts, the rest stays. A company that is named alone
// leaves the person in it.
func merged(was, said account.Owner) account.Owner {
	if said.Person == 0 && (said.Organization == 0 || said.Organization == was.Organization) {
		return was
	}
	return said
}

func ownerName(tx *store.Tx, w account.Owner) (string, error) {
	var names []string
	if w.Person != 0 {
		p, err := tx.Person(w.Person)
		if err != nil {
			return "", err
		}
		names = append(names, p.Display())
	}
	if w.Organization != 0 {
		o, err := tx.Organization(w.Organization)
		if err != nil {
			return "", err
		}
		names = append(names, o.Name)
	}
	return strings.Join(names, ", "), nil
}

// valued is a value before and after.
type valued struct{ what, was, is string }

// changed keeps what is different about something a customer owns, one row for each value; for something new, that it was added.
func (s *owning) changed(kind string, id int64, added bool, was, is account.Owner, values ...valued) error {
	if added {
		if _, err := s.late(kind, id); err != nil {
			return err
		}
		values = []valued{{what: "added"}}
	} else if was != is {
		before, err := ownerName(s.tx, was)
		if err != nil {
			return err
		}
		after, err := ownerName(s.tx, is)
		if err != nil {
			return err
		}
		values = append(values, valued{"owner", before, after})
	}
	for _, v := range values {
		if v.was == v.is && v.what != "added" {
			continue
		}
		err := s.tx.AddChange(account.Change{About: kind + ":" + itoa(id), What: v.what, Was: v.was, Is: v.is, Source: s.teller.source, By: s.teller.person, At: s.now})
		if err != nil {
			return err
		}
	}
	return nil
}

// late reports whether a shop has said something newer about a thing already: events overtake one another on their way. It keeps when
// what is said now was said.
func (s *owning) late(kind string, id int64) (bool, error) {
	if id == 0 || s.in.Told.IsZero() {
		return false, nil
	}
	newest, err := s.tx.ShopTold(kind, id, s.in.Told)
	return !newest, err
}

// unsay takes out of a sale what a colleague has corrected by hand after the shop said it: an event can be on its way for hours. The rest
// of it counts, and what the shop says later counts again. It is asked for the values of one thing, by what each is called in its
// history, and what was taken out is said again for the next thing by restore.
func (s *owning) unsay(kind string, id int64, says map[string][]*string) (restore func(), err error) {
	before := s.in
	s.corrected = nil
	if id != 0 && !s.in.Told.IsZero() {
		s.corrected, err = s.tx.CorrectedSince(kind+":"+itoa(id), s.in.Told)
	}
	for _, what := range s.corrected {
		for _, text := range says[what] {
			*text = ""
		}
	}
	return func() { s.in, s.corrected = before, nil }, err
}

func dayOf(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func whatOf(o account.Order) string {
	var all []string
	for _, line := range o.Lines {
		all = append(all, line.What)
	}
	return strings.Join(all, ", ")
}
