package admin

import "hark/web/shared"

// Telephones is how the desk hears of calls: each way with how it does, and whose telephone has which number.
type Telephones struct {
	Line     LineForm
	Twilio   TwilioForm
	Exchange Exchange
	Numbers  string // "201 ana@example.com", one a line
	Wrong    map[string]string
	Errors   map[string][]shared.FormError // by form: line, twilio, numbers
}

// Way is how one way of hearing does.
type Way struct {
	State string // good, bad; "" when it is not connected or nobody can say
	Says  string
	Last  string // when it was last heard, "" for never
}

// LineForm connects the desk as an extension. Its password is never sent back to a page.
type LineForm struct {
	Way         Way
	Server      string
	Transports  []shared.Option
	User        string
	Country     string
	HasPassword bool
	On          bool
	Tried       *Way // what trying it just now came to
}

// TwilioForm connects a Twilio account. Its token is never sent back to a page.
type TwilioForm struct {
	Way     Way
	Address string // where Twilio posts its callbacks
	On      bool
}

// Exchange is what a program needs that tells of calls itself.
type Exchange struct {
	Way     Way
	Address string
	Secret  string
}
