package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hark/access"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// The steps that keep a mail for a person to look at: what cannot be read, came before, or may not be from whom it says.

// aside keeps the mail for a person to look at; it belongs to no ticket and nobody is told anything.
func (r *receiving) aside(reason string) (bool, error) {
	return r.settle(store.Quarantined, held, 0, reason)
}

func (r *receiving) unreadable() (bool, error) {
	if r.broken == nil {
		return false, nil
	}
	return r.settle(store.Unreadable, unreadable, 0, cmp.Or(fault.Says(r.broken), r.broken.Error()))
}

// twice recognises a mail that came before by another way: to another mailbox, or again with other trace fields.
// The same Message-ID alone proves nothing: a mail that says something else is kept beside the first.
// Copies that arrive at once wait for one another, so that the second finds what the first became.
func (r *receiving) twice() (bool, error) {
	if r.mail.MessageID == "" {
		return false, nil
	}
	if err := r.tx.Alone("mail " + r.mail.MessageID); err != nil {
		return false, err
	}
	others, err := r.tx.LinkedByMessageID(r.mail.MessageID)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		same, err := r.same(other)
		if err != nil {
			return false, err
		}
		if same {
			r.in.Comment = other.Comment
			return r.settle(store.Duplicate, duplicate, other.Ticket, fmt.Sprintf("the same mail came before, as number %d", other.ID))
		}
	}
	return false, nil
}

// same reports whether another mail is this one: the same bytes but for trace fields, or the same words by the same sender.
func (r *receiving) same(other store.Incoming) (bool, error) {
	switch {
	case other.ID == r.in.ID:
		return false, nil
	case other.Key == r.in.Key:
		return true, nil
	case other.Comment == 0 || other.FromAddress != r.in.FromAddress || other.Subject != r.in.Subject:
		return false, nil
	}
	said, err := commentsOf(r.tx, access.Clock, other.Ticket, []int64{other.Comment})
	return err == nil && len(said) == 1 && said[0].Text == r.mail.Text && len(said[0].Attachments) == len(r.files), err
}

// ambiguous sets aside what could be from several people (C8).
func (r *receiving) ambiguous() (bool, error) {
	switch {
	case r.mail.Ambiguous != "":
		return r.aside("nobody can tell who wrote it: " + r.mail.Ambiguous)
	case r.mail.From == nil:
		return r.aside("it does not say who wrote it")
	}
	return false, nil
}

// fromOurselves sets aside what claims to come from an address of ours: a loop or a forgery (D5).
func (r *receiving) fromOurselves() (bool, error) {
	own, err := r.d.isOwn(r.tx, r.mail.From.Email)
	if err != nil || !own {
		return false, err
	}
	return r.aside("it claims to come from " + r.mail.From.Email + ", which is an address of this desk")
}

// recipients are all addresses the mail was sent to, on the envelope and inside.
func (r *receiving) recipients() []string {
	all := slices.Clone(r.in.Recipients)
	for _, a := range append(slices.Clone(r.mail.To), r.mail.Cc...) {
		all = append(all, a.Email)
	}
	return all
}

func (r *receiving) fromSuspended() (bool, error) {
	if !r.sender.Suspended {
		return false, nil
	}
	return r.aside(r.sender.Display() + " is suspended")
}

// pretendsToAnswer sets aside what comes in the name of a colleague and refers to a mail of ours that we never sent: a reference
// that proves nothing is how such mails are forged (C3).
func (r *receiving) pretendsToAnswer() (bool, error) {
	if r.sender.ID == 0 || !r.sender.Actor().Staff() {
		return false, nil
	}
	for _, id := range append(slices.Clone(r.mail.InReplyTo), r.mail.References...) {
		if r.isOurDomain(id) {
			return r.aside("it comes in the name of " + r.sender.Display() + " and answers a mail that is not ours")
		}
	}
	for _, to := range r.recipients() {
		if own, err := r.d.isOwn(r.tx, to); err == nil && own && strings.Contains(to, "+") {
			return r.aside("it comes in the name of " + r.sender.Display() + " to an address that we never gave away")
		}
	}
	return false, nil
}

// isOurDomain reports whether a Message-ID claims to be from a domain the desk receives for.
func (r *receiving) isOurDomain(id string) bool {
	return slices.ContainsFunc(r.own, func(own string) bool {
		return strings.HasSuffix(strings.ToLower(id), "@"+mail.Domain(own)+">")
	})
}

// machineOutOfNowhere keeps an automatic answer that belongs to no ticket. It is no request, and answering it begins a loop.
func (r *receiving) machineOutOfNowhere() (bool, error) {
	if r.mail.Automatic != mail.AutoReply && r.mail.Automatic != mail.AutoBounce && r.in.EnvelopeFrom != "" {
		return false, nil
	}
	return r.aside("a machine's answer that belongs to no ticket: " + r.mail.AutomaticWhy)
}
