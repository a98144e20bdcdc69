package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
)

// userCmd groups what is done about people.
type userCmd struct {
	Add userAddCmd `cmd:"" help:"Make a person known to the desk."`
}

type userAddCmd struct {
	Email         string `arg:"" help:"Their mail address."`
	Name          string `help:"Their name."`
	Role          string `help:"What they are to the desk." enum:"admin,agent,light,customer" default:"customer" placeholder:"admin|agent|light|customer"`
	PasswordStdin bool   `help:"Read a password from standard input."`
}

// Run prints the person's id.
func (c *userAddCmd) Run(out *Out, w *where) error {
	person := desk.NewPerson{Email: c.Email, Name: c.Name, Role: access.Role(c.Role)}
	if c.PasswordStdin {
		password, err := firstLine()
		if err != nil {
			return err
		}
		person.Password = password
	}
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		added, err := d.AddPerson(ctx, operator, person)
		if err != nil {
			return err
		}
		return out.Print(map[string]any{"id": added.ID, "email": added.Email, "role": added.Role}, fmt.Sprint(added.ID))
	})
}

// firstLine reads a secret from standard input, where it stands in no list of processes and no shell history.
func firstLine() (string, error) {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", fault.Wrap(err, fault.Invalid, "no password came on standard input")
	}
	return line, nil
}

// tokenCmd groups what is done about API tokens.
type tokenCmd struct {
	Add tokenAddCmd `cmd:"" help:"Make an API token; it is shown once."`
}

type tokenAddCmd struct {
	Email string `arg:"" help:"Whom it acts for."`
	Name  string `help:"What it is for." default:"token"`
}

// Run prints the token, once.
func (c *tokenAddCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		token, err := d.AddToken(ctx, operator, c.Email, c.Name)
		if err != nil {
			return err
		}
		return out.Print(map[string]string{"token": token, "name": c.Name}, token)
	})
}

// mailboxCmd groups what is done about the desk's addresses.
type mailboxCmd struct {
	Add mailboxAddCmd `cmd:"" help:"Receive for an address, and answer from it."`
}

type mailboxAddCmd struct {
	Address string `arg:"" help:"The address."`
	Brand   string `help:"The brand it belongs to; the first one when not given."`
	IMAP    string `name:"imap" help:"Fetch its mail from a mailbox elsewhere." placeholder:"imaps://user:password@host/INBOX"`
	SMTPOut string `name:"smtp-out" help:"Send its mail through a mail server." placeholder:"smtp://user:password@host:port"`
}

// Run prints the mailbox's id.
func (c *mailboxAddCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		box, err := d.AddMailbox(ctx, operator, desk.NewMailbox{Address: c.Address, Brand: brand, IMAP: c.IMAP, SMTPOut: c.SMTPOut})
		if err != nil {
			return err
		}
		return out.Print(map[string]any{"id": box.ID, "address": box.Address}, fmt.Sprint(box.ID))
	})
}

// brandNamed finds a brand by its name or short name; "" is the first.
func brandNamed(ctx context.Context, d *opened, operator access.Actor, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	house, err := d.House(ctx, operator)
	if err != nil {
		return 0, err
	}
	var known []string
	for _, b := range house.Brands {
		if strings.EqualFold(b.Name, name) || strings.EqualFold(b.Slug, name) {
			return b.ID, nil
		}
		known = append(known, b.Slug)
	}
	return 0, fault.New(fault.Invalid, "there is no brand %q; there are: %s", name, strings.Join(known, ", "))
}

// dkimCmd signs the mail of a domain.
type dkimCmd struct {
	Domain string `arg:"" help:"The domain the desk writes from."`
}

// Run prints the record that belongs into DNS.
func (c *dkimCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		key, err := d.SignMail(ctx, operator, strings.ToLower(c.Domain))
		if err != nil {
			return err
		}
		record, err := key.Record()
		if err != nil {
			return err
		}
		return out.Print(map[string]string{"name": key.Name(), "type": "TXT", "value": record}, fmt.Sprintf("%s. TXT %q", key.Name(), record))
	})
}
