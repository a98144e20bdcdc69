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
func person(p account.Person) shared.Person { return named(p.Name, p.Email, p.Role != access.Customer) }

// ticketPerson is somebody a ticket names; staff says whether they are a colleague.
func ticketPerson(p ticket.Person, staff bool) shared.Person { return named(p.Name, p.Address, staff) }

// named shows a name with the address it was written from. Where only the address is known it stands once.
func named(name, address string, staff bool) shared.Person {
	if name == "" || name == address {
		name, address = address, ""
	}
	return shared.Person{Name: name, Email: address, Initials: initials(name), Agent: staff}
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
