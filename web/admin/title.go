package admin

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

func (v MailboxForm) title(ctx context.Context) string {
	return named(v.ID, v.Address, say.It(ctx, "New mailbox"))
}
func (v PersonForm) title(ctx context.Context) string {
	return named(v.ID, v.Name, say.It(ctx, "New person"))
}
func (v GroupForm) title(ctx context.Context) string {
	return named(v.ID, v.Name, say.It(ctx, "New group"))
}
func (v BrandForm) title(ctx context.Context) string {
	return named(v.ID, v.Name, say.It(ctx, "New brand"))
}

func named(id, name, fresh string) string {
	if id == "" {
		return fresh
	}
	return name
}

func (v MailboxForm) action() string { return address("mailboxes", v.ID) }
func (v PersonForm) action() string  { return address("people", v.ID) }
func (v GroupForm) action() string   { return address("groups", v.ID) }
func (v BrandForm) action() string   { return address("brands", v.ID) }

func address(kind, id string) string {
	if id == "" {
		return "/admin/" + kind + "/new"
	}
	return "/admin/" + kind + "/" + id
}

// kept is the hint below a password that is stored: it is never shown, and an empty field keeps it.
func kept(ctx context.Context, stored bool) string {
	if stored {
		return say.It(ctx, "One is stored. Leave this empty to keep it.")
	}
	return ""
}

func (t Test) tone() shared.Tone {
	if t.Good {
		return shared.Note
	}
	return shared.Broken
}

func (t Test) title(ctx context.Context) string {
	if t.Good {
		return say.It(ctx, "It works, both ways")
	}
	return say.It(ctx, "It does not work yet. Everything you wrote was saved.")
}

// lessSays is the button that does without the second administrator.
func (v BrandForm) lessSays(ctx context.Context) string {
	if v.LessCare != "" {
		return say.It(ctx, "Agree: one is enough")
	}
	return say.It(ctx, "Let one be enough")
}

// tokenHint says where the token is found, or that one is stored.
func (v Telephones) tokenHint(ctx context.Context) string {
	if v.Twilio.On {
		return say.It(ctx, "One is stored. It is replaced by what you write.")
	}
	return say.It(ctx, "From the console of your Twilio account.")
}

// skills are what stands in the field.
func (v PersonForm) skills() string {
	if v.Skills == nil {
		return ""
	}
	return *v.Skills
}
