// Package me is the page on which people look after their own account: how they are called, with what they sign in, how
// pages look to them, and where they are signed in. Colleagues and customers have the same page; a customer has no
// password, and none of the desk's keys.
package me

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is one person's own account.
type View struct {
	Staff    bool // in the desk's frame, with a password
	Calls    bool // has calls, and so hours for them
	Name     string
	Email    string
	Zone     string
	Zones    []shared.Option // to suggest
	Sessions []Session       // the last used first

	Errors         []shared.FormError // of the name and zone
	PasswordErrors []shared.FormError
}

// Session is one browser the person is signed in with.
type Session struct {
	ID     string
	Device string // "Firefox on Linux"
	Remote string // the address it came from
	Seen   shared.Time
	Since  shared.Time
	Here   bool // the one this page is read with
}

// elsewhere reports whether there is any other browser to sign out.
func (v View) elsewhere() bool {
	for _, s := range v.Sessions {
		if !s.Here {
			return true
		}
	}
	return false
}

// wrong is the first thing a form's summary says, for the field itself.
func wrong(errors []shared.FormError, field string) string {
	for _, e := range errors {
		if e.Field == field {
			return e.Says
		}
	}
	return ""
}

func lights(ctx context.Context, p shared.Preferences) []shared.Option {
	return []shared.Option{
		{Value: "auto", Label: say.It(ctx, "As the device"), Chosen: p.Theme == ""},
		{Value: "light", Label: say.It(ctx, "Day"), Chosen: p.Theme == "light"},
		{Value: "dark", Label: say.It(ctx, "Night"), Chosen: p.Theme == "dark"},
	}
}

func rows(ctx context.Context, p shared.Preferences) []shared.Option {
	return []shared.Option{
		{Value: "roomy", Label: say.It(ctx, "Roomy"), Chosen: !p.Compact},
		{Value: "compact", Label: say.It(ctx, "Compact"), Chosen: p.Compact},
	}
}

func letters(ctx context.Context, p shared.Preferences) []shared.Option {
	return []shared.Option{
		{Value: "on", Label: say.It(ctx, "On"), Chosen: !p.LettersOff},
		{Value: "off", Label: say.It(ctx, "Off"), Chosen: p.LettersOff},
	}
}
