// Package signin is the door: for the team by password, for customers by a link sent to their address, and once, at
// the very beginning, for the first administrator.
package signin

import (
	"net/url"

	"hark/web/shared"
)

// View is the team's sign-in.
type View struct {
	Email string
	Next  string // where to go afterwards
	Wrong string // one sentence for a wrong address and a wrong password alike
	Says  string // "You were signed out after 12 hours.", "" for nothing
}

// Setup is the first administrator's page; Token came from the terminal.
type Setup struct {
	Token   string
	Name    string
	Email   string
	Company string
	Errors  []shared.FormError
	Wrong   map[string]string // by field
}

// Code is where a customer asks for a link to sign in. The page is the same whether we know the address or not.
type Code struct {
	Email string
	Sent  bool
	Wrong string
	Next  string
}

// Forgot is where somebody asks for a link with which to choose a new password.
type Forgot struct {
	Email string
	Sent  bool
	Wrong string
}

func (v Forgot) errors() []shared.FormError { return one("email", v.Wrong) }

// Once is the page behind a link that works once.
type Once struct {
	Title    string
	Says     string
	Button   string
	Name     string // what the button sends with it, "" for nothing
	Value    string
	Password bool   // it asks for a new password
	Action   string // POST address: its own
	Wrong    string
}

func (v View) errors() []shared.FormError { return one("email", v.Wrong) }

func (v Code) errors() []shared.FormError { return one("email", v.Wrong) }

func one(field, says string) []shared.FormError {
	if says == "" {
		return nil
	}
	return []shared.FormError{{Field: field, Says: says}}
}

// LeadsOn is an address of ours from which one goes on to next, a path on this host; to go on to the front page needs no word.
func LeadsOn(path, next string) string {
	if next == "" || next == "/" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}
