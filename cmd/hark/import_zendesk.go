package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"hark/access"
	"hark/demo"
	"hark/desk"
	"hark/fault"
	"hark/zendesk"
)

// zendeskWire is how a Zendesk is reached: over the public internet.
var zendeskWire zendesk.Wire

// openPast opens a Zendesk for a page. A demo reaches nobody: it has an old desk of its own.
func (s *server) openPast(address, email, token string) (desk.Past, error) {
	if s.demo != nil {
		return demo.OldDesk(time.Now()), nil
	}
	return openZendesk(address, email, token)
}

// openZendesk keeps a nil client from becoming a desk that is not nil.
func openZendesk(address, email, token string) (desk.Past, error) {
	client, err := zendesk.Open(zendesk.Account{Address: address, Email: email, Token: token}, zendeskWire)
	if err != nil {
		return nil, err
	}
	return client, nil
}

type importZendeskCmd struct {
	Address   string `arg:"" help:"Where it is: yourcompany.zendesk.com."`
	Email     string `required:"" help:"Mail address of an administrator there, whose token it is."`
	TokenFile string `help:"A file that holds the API token and nothing else; - is standard input. When not given, the token is the value of HARK_ZENDESK_TOKEN."`
	Brand     string `help:"Whose tickets they become; the first brand's when not given."`
	Look      bool   `help:"Only say what would come."`
}

// pastLine is what became of another desk.
type pastLine struct {
	From          string `json:"from"`
	Read          int    `json:"read"`
	New           int    `json:"new"`
	Added         int    `json:"added"`
	Known         int    `json:"known"`
	Left          int    `json:"left_out"`
	Organizations int    `json:"organizations"`
	Customers     int    `json:"customers"`
	Messages      int    `json:"messages"`
	Files         int    `json:"files"`
	Bytes         int64  `json:"bytes"`
}

// Run brings it in, tells how far it is, and can be stopped and run again.
func (c *importZendeskCmd) Run(out *Out, w *where) error {
	token, err := c.token()
	if err != nil {
		return err
	}
	past, err := openZendesk(c.Address, c.Email, token)
	if err != nil {
		return err
	}
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		brand, err := brandNamed(ctx, d, operator, c.Brand)
		if err != nil {
			return err
		}
		done, err := d.ImportPast(ctx, operator, past, desk.FromPast{Brand: brand, Look: c.Look}, func(so desk.Brought) {
			if so.Read > 0 && so.Read%100 == 0 {
				fmt.Fprintf(out.Stderr, "%d of about %d tickets read\n", so.Read, so.Size.Tickets)
			}
		})
		if told := out.brought(past.Name(), done); told != nil {
			return told
		}
		return err
	})
}

// token comes from a file or the environment: what is an argument can be read by everybody on the machine.
func (c *importZendeskCmd) token() (string, error) {
	if c.TokenFile == "" {
		token := os.Getenv("HARK_ZENDESK_TOKEN")
		if token == "" {
			return "", fault.New(fault.Invalid, "there is no API token; put it into a file and name that with --token-file, or set HARK_ZENDESK_TOKEN")
		}
		return token, nil
	}
	text, err := readFile(c.TokenFile)
	return strings.TrimSpace(string(text)), err
}

// brought prints what came of another desk: what was left out on standard error, and one line for the rest.
func (out *Out) brought(name string, done desk.Brought) error {
	for _, t := range done.Troubles {
		fmt.Fprintf(out.Stderr, "hark: %s: %d: %s (%s)\n", name, t.Number, t.Says, t.About)
	}
	line := pastLine{name, done.Read, done.New, done.Added, done.Known, len(done.Troubles) + done.More, done.Organizations, done.People, done.Comments, done.Files, done.Bytes}
	return out.Print(line, done.Says())
}
