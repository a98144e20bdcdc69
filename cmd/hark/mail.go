package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/mail"
)

// mailCmd groups what is done with raw mail.
type mailCmd struct {
	Parse  mailParseCmd  `cmd:"" help:"Say what the desk reads in a raw mail, without storing it."`
	Ingest mailIngestCmd `cmd:"" help:"Take raw mails, an mbox or a Maildir the way the listener does."`
}

type mailParseCmd struct {
	Files []string `arg:"" name:"file" help:"Raw mails; - is standard input."`
}

// Run prints one object a mail. A mail that cannot be read is said so, and the next one is read.
func (c *mailParseCmd) Run(out *Out) error {
	unreadable := 0
	for _, name := range c.Files {
		raw, err := readFile(name)
		if err != nil {
			return err
		}
		m, err := mail.Parse(raw)
		if err != nil && len(c.Files) == 1 {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err != nil {
			unreadable++
			fmt.Fprintf(out.Stderr, "hark: %s: %v\n", name, err)
			continue
		}
		if err := out.Print(m.View(), asText(m)); err != nil {
			return err
		}
	}
	if unreadable > 0 {
		return fault.New(fault.Invalid, "%d of %d mails could not be read", unreadable, len(c.Files))
	}
	return nil
}

// asText is a mail for somebody at a terminal.
func asText(m *mail.Message) string {
	from := "(nobody says who wrote it)"
	if m.From != nil {
		from = strings.TrimSpace(m.From.Name + " <" + m.From.Email + ">")
	}
	return fmt.Sprintf("%s\n%s\n\n%s\n", from, m.Subject, m.TextTrimmed)
}

func readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	raw, err := os.ReadFile(name)
	return raw, fault.Wrap(err, fault.Invalid, "the mail cannot be read")
}

type mailIngestCmd struct {
	Files []string `arg:"" name:"file" help:"Raw mails, mbox files or Maildirs; - is standard input."`
	To    string   `help:"The address of the desk they are for, where a mail names none."`
}

// ingested is what became of one mail.
type ingested struct {
	Outcome string `json:"outcome"`
	Number  *int64 `json:"number"`
	Reason  string `json:"reason,omitempty"`
}

// Run answers each mail with one line: the ticket's number, or what became of it.
func (c *mailIngestCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		house, err := d.House(ctx, operator)
		if err != nil {
			return err
		}
		var own []string
		for _, box := range house.Mailboxes {
			own = append(own, box.Address)
		}
		if c.To != "" {
			own = append([]string{c.To}, own...)
		}
		if len(own) == 0 {
			return fault.New(fault.Refused, "the desk receives for no address yet; add one with hark mailbox add ADDRESS")
		}
		return c.each(func(raw []byte) error { return ingest(ctx, d, out, own, raw) })
	})
}

func ingest(ctx context.Context, d *opened, out *Out, own []string, raw []byte) error {
	to, err := recipients(ctx, d, own, raw)
	if err != nil {
		return err
	}
	accepted, err := d.Accept(ctx, desk.Envelope{Unstated: true, To: to, Remote: "cli"}, raw)
	if err != nil {
		return err
	}
	received, err := d.Receive(ctx, accepted.ID)
	if err != nil {
		return err
	}
	if accepted.Duplicate {
		received.Outcome = "duplicate"
	}
	line := ingested{Outcome: received.Outcome, Number: numberOrNull(received.Ticket), Reason: received.Reason}
	text := line.Outcome
	if line.Number != nil {
		text += fmt.Sprintf(" #%d", *line.Number)
	}
	if line.Reason != "" {
		text += ": " + line.Reason
	}
	return out.Print(line, text)
}

// recipients are the desk's addresses that a mail names, else its first.
func recipients(ctx context.Context, d *opened, own []string, raw []byte) (to []string, err error) {
	m, err := mail.Parse(raw)
	if err != nil {
		return own[:1], nil // it cannot be read; it becomes a visible record
	}
	for _, a := range slices.Concat(m.To, m.Cc) {
		if known, err := d.KnownRecipient(ctx, a.Email); err != nil {
			return nil, err
		} else if known {
			to = append(to, a.Email)
		}
	}
	if len(to) == 0 {
		to = own[:1]
	}
	return to, nil
}

// each hands over every mail of every file, one at a time, whatever form it is kept in.
func (c *mailIngestCmd) each(do func(raw []byte) error) error {
	for _, name := range c.Files {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if err := maildir(name, do); err != nil {
				return err
			}
			continue
		}
		raw, err := readFile(name)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(raw, []byte("From ")) { // one mail, to the last byte, whatever is wrong with it
			if err := do(raw); err != nil {
				return err
			}
			continue
		}
		if err := mail.EachInMbox(bytes.NewReader(raw), desk.LargestMail, func(_ int, one []byte) error { return do(one) }); err != nil {
			return err
		}
	}
	return nil
}

// maildir reads the cur and new folders of a Maildir; in any other folder, every file is a mail.
func maildir(dir string, do func(raw []byte) error) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && entry.Name() == "tmp" {
				return filepath.SkipDir
			}
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return do(raw)
	})
}
