package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/ticket"
	"hark/web/shared"
	"hark/web/visit"
)

// person is somebody the desk knows, as pages show people.
func person(p account.Person) shared.Person {
	return shared.Person{Name: p.Display(), Email: p.Email, Initials: initials(p.Display()), Agent: p.Role != access.Customer}
}

// ticketPerson is somebody a ticket names. staff says which ids belong to colleagues.
func ticketPerson(p ticket.Person, staff bool) shared.Person {
	name := p.Name
	if name == "" {
		name = p.Address
	}
	return shared.Person{Name: name, Email: p.Address, Initials: initials(name), Agent: staff}
}

// initials are the first letters of the first and the last word; addresses give their first letter.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
	if len(words) == 0 {
		return "?"
	}
	if len(words) == 1 || strings.Contains(name, "@") {
		return first(words[0])
	}
	return first(words[0]) + first(words[len(words)-1])
}

func first(word string) string {
	letter, _ := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(letter))
}

// preferences are read from cookies, so that a page is right before anybody has signed in.
func preferences(v *visit.Visit) shared.Preferences {
	return shared.Preferences{Theme: cookie(v, "theme"), Compact: cookie(v, "rows") == "compact", LettersOff: cookie(v, "letters") == "off"}
}

func cookie(v *visit.Visit, name string) string {
	if c, err := v.Request.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

func isNotFound(err error) bool { return fault.Is(err, fault.NotFound) }
