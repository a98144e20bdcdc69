package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/web/begin"
	"hark/web/shared"
	"hark/web/visit"
)

// The second question: how people reach the desk, and whether its mailbox works.

func askWays(h *house, v *visit.Visit, p desk.Preparation, wrong map[string]string) (templ.Component, error) {
	a := p.Answers
	box, _, err := h.preparedMailbox(v, a.Address)
	if err != nil {
		return nil, err
	}
	mail := a.Mail
	if mail == "" && a.Address != "" {
		mail = "yes"
	}
	mailHint := "Their mail becomes tickets. The mailbox is tried when you go on."
	if a.Address == "" {
		mailHint = "Write the address in step 1 first."
	}
	w := begin.Ways{
		Address: a.Address,
		Mail:    shared.Choice{Name: "mail", Legend: "By mail", Options: choices(mail, [2]string{"yes", "Yes, to " + cmp.Or(a.Address, "an address of ours") + "|" + mailHint}, [2]string{"no", "No"})},
		Portal:  shared.Choice{Name: "portal", Legend: "By a form on your own pages", Options: choices(cmp.Or(a.Portal, "yes"), [2]string{"yes", "Yes|A page with a form; a link in the mail shows how a request stands."}, [2]string{"no", "No"})},
		Phone: shared.Choice{Name: "phone", Legend: "By telephone", Options: choices(cmp.Or(a.Phone, "no"), [2]string{"no", "No"}, [2]string{"yes", "Yes, people call us"},
			[2]string{"add-on", "As a paid extra|A call is booked through a ticket, by customers who have added phone support."})},
		Number: shared.Field{Name: "number", Label: "Telephone number", Hint: "When people call you.", Type: "tel", Value: a.Number, Optional: true, Dir: "ltr", Error: wrong["number"]},
		Fetch: []shared.Field{
			{Name: "imap", Label: "IMAP server", Hint: "Like imaps://user@mail.example", Value: typed(v, "imap", 0, box.IMAP), Optional: true, Dir: "ltr", Code: true, Error: wrong["mail"]},
			{Name: "imap_password", Label: "Password", Type: "password", Optional: true, Dir: "ltr", Autocomplete: "off", Hint: keptPassword(box.IMAP)},
		},
		Send: []shared.Field{
			{Name: "smtp", Label: "SMTP server", Hint: "Like smtp://user@mail.example:587", Value: typed(v, "smtp", 0, box.SMTPOut), Optional: true, Dir: "ltr", Code: true},
			{Name: "smtp_password", Label: "Password", Type: "password", Optional: true, Dir: "ltr", Autocomplete: "off", Hint: keptPassword(box.SMTPOut)},
		},
		Again: len(p.Mail) > 0 && !allGood(p.Mail),
	}
	for _, t := range p.Mail {
		w.Tried = append(w.Tried, triedSays(t))
	}
	return w.View(), nil
}

func keptPassword(server string) string {
	if server == "" {
		return ""
	}
	return "One is stored. Leave this empty to keep it."
}

// usualCauses are the three things that are wrong most often, by what was tried.
var usualCauses = map[string][]string{
	"imap": {
		"The password. Many providers want an app password, made in your account's security settings, and not the one you sign in with.",
		"IMAP is switched off for the account. Switch it on in the provider's settings.",
		"The server's name or port. Most providers write it as imaps://, on port 993.",
	},
	"smtp": {
		"The password. Many providers want an app password, made in your account's security settings.",
		"The port. Write smtp:// with :587, or smtps:// with :465.",
		"The account may not send as this address. Add it there as a sender.",
	},
	"listener": {
		"The desk's mail listener is switched off, or listens elsewhere. Look at --smtp where the desk is started.",
		"The address is written differently there. It has to be exactly the one of step 1.",
		"The mail of your domain goes elsewhere. Let its MX record name this machine, or fetch the mail by IMAP.",
	},
	"direct": {
		"The machine may not reach other mail servers: many providers close port 25. Send through a server of your own.",
		"Your own domain's mail server does not answer. Try again in a minute.",
		"The names of mail servers cannot be looked up from here. Look at the machine's DNS.",
	},
}

func triedSays(t desk.TriedWay) begin.Tried {
	way := map[string]string{"in": "Receiving", "out": "Sending"}[t.Way]
	if t.Good {
		return begin.Tried{Title: way + " works", Good: true, Says: t.Says}
	}
	return begin.Tried{Title: way + " does not work yet", Says: t.Says, Causes: usualCauses[t.Where]}
}

// preparedMailbox is the mailbox of an address, if there is one.
func (h *house) preparedMailbox(v *visit.Visit, address string) (box account.Mailbox, known bool, err error) {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return box, false, err
	}
	i := slices.IndexFunc(house.Mailboxes, func(m account.Mailbox) bool { return m.Address == account.FoldAddress(address) })
	if i < 0 {
		return box, false, nil
	}
	return house.Mailboxes[i], true, nil
}

func takeWays(h *house, v *visit.Visit) (taken, error) {
	var in struct {
		Mail    string `form:"mail"`
		Portal  string `form:"portal"`
		Phone   string `form:"phone"`
		Number  string `form:"number"`
		IMAP    string `form:"imap"`
		IMAPKey string `form:"imap_password"`
		SMTP    string `form:"smtp"`
		SMTPKey string `form:"smtp_password"`
		Do      string `form:"do"`
		Replace string `form:"replace"`
	}
	if err := v.Form(&in); err != nil {
		return taken{}, err
	}
	out := head{do: in.Do, replace: in.Replace}.taken(func(a *policy.Answers) {
		a.Mail, a.Portal, a.Phone, a.Number = in.Mail, in.Portal, in.Phone, strings.TrimSpace(in.Number)
	}, "mail", "number")
	out.more = func() (string, error) {
		if in.Mail != "yes" {
			return "", h.desk.NoteMail(v.Context(), v.Actor, nil)
		}
		return h.connectMail(v, desk.NewMailbox{IMAP: withPassword(in.IMAP, in.IMAPKey), SMTPOut: withPassword(in.SMTP, in.SMTPKey)})
	}
	return out, nil
}

// connectMail makes the mailbox of the first step, or changes it, and tries it. One that does not work is shown with what its
// server said, on the same page.
func (h *house) connectMail(v *visit.Visit, in desk.NewMailbox) (stay string, err error) {
	p, err := h.desk.Preparation(v.Context(), v.Actor)
	if err != nil || p.Answers.Address == "" {
		return "", err
	}
	in.Address = p.Answers.Address
	box, known, err := h.preparedMailbox(v, in.Address)
	if err != nil {
		return "", err
	}
	if known {
		in.Brand, in.Group = box.Brand, box.Group
		err = h.desk.ChangeMailbox(v.Context(), v.Actor, box.ID, in)
	} else {
		_, err = h.desk.AddMailbox(v.Context(), v.Actor, in)
	}
	if err != nil || h.options.Try == nil {
		return "", err
	}
	tried := h.options.Try(v.Context(), account.FoldAddress(in.Address), v.Person.Email)
	if err := h.desk.NoteMail(v.Context(), v.Actor, tried); err != nil {
		return "", err
	}
	if !allGood(tried) {
		return begin.Address(2), nil
	}
	return "", nil
}
