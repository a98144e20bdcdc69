package shared

import (
	"context"

	"hark/web/shared/say"
)

// organization is the second line under the requester: where they belong, else where they write from.
func (r Row) organization() string {
	if r.Requester.Organization != "" {
		return r.Requester.Organization
	}
	return r.Requester.Email
}

func (r Row) kindAndNumber() string {
	if r.Kind == "" {
		return "#" + r.Number
	}
	return r.Kind + " #" + r.Number
}

// status is the row's status; its words say also that something is unread.
func (r Row) status(ctx context.Context) Status {
	s := r.Status
	if r.Unread {
		s.Label = say.It(ctx, "%s, unread", s.Label)
	}
	return s
}

// long reports whether a phone may cut the subject; then the whole is its title.
func (r Row) long() bool { return len(r.Subject) > 60 }
