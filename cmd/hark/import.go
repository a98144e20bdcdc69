package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
)

// importCmd brings in what is older than the desk.
type importCmd struct {
	Mbox      importMboxCmd      `cmd:"" help:"Turn the mails of mailbox files into tickets of the past: solved, findable, counted in no figure."`
	Zendesk   importZendeskCmd   `cmd:"" help:"Bring in all of a Zendesk: organisations, customers, and tickets with their messages and files, in the states they have there."`
	Customers importCustomersCmd `cmd:"" help:"Make the customers of a table known: CSV with a first line that names the columns."`
}

type importMboxCmd struct {
	Files []string `arg:"" name:"file" help:"Mailbox files (mbox)."`
}

// importLine is what became of one file.
type importLine struct {
	File  string `json:"file"`
	Read  int    `json:"read"`
	New   int    `json:"new"`
	Added int    `json:"added"`
	Known int    `json:"known"`
	Left  int    `json:"left_out"`
}

// Run reads one file after the other, a mail at a time, and tells how far it is.
func (c *importMboxCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		for _, name := range c.Files {
			old, closing, err := openMailbox(name)
			if err != nil {
				return err
			}
			defer closing()
			done, err := d.ImportMail(ctx, operator, old, func(so desk.Imported) {
				if so.Read%100 == 0 {
					fmt.Fprintf(out.Stderr, "%d mails read\n", so.Read)
				}
			})
			if err := out.imported(name, done, "mail", "ticket"); err != nil {
				return err
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func openMailbox(name string) (old desk.OldMail, closing func() error, err error) {
	file, err := os.Open(name)
	if err != nil {
		return old, nil, fault.Wrap(err, fault.Invalid, "%s cannot be read", name)
	}
	about, err := file.Stat()
	if err == nil {
		old, err = desk.ReadMailbox(io.NewSectionReader(file, 0, about.Size()))
	}
	if err != nil {
		file.Close()
		err = fault.Wrap(err, fault.Invalid, "%s: %s", name, cmp.Or(fault.Says(err), "it cannot be read"))
	}
	return old, file.Close, err
}

type importCustomersCmd struct {
	File string `arg:"" name:"file" help:"The table; - is standard input."`
	Look bool   `help:"Only say what would happen."`
}

// Run finds the columns by their names.
func (c *importCustomersCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		text, err := readFile(c.File)
		if err != nil {
			return err
		}
		table, err := desk.ReadCustomers(string(text))
		if err != nil {
			return err
		}
		columns := table.Guess()
		if columns.Email < 0 {
			return fault.New(fault.Invalid, "no column of %s is called email; its columns are %s", c.File, strings.Join(table.Head, ", "))
		}
		done, err := d.ImportCustomers(ctx, operator, table, columns, c.Look)
		if err != nil {
			return err
		}
		return out.imported(c.File, done, "line", "customer")
	})
}

// imported prints what became of a file: what was left out on standard error, and one line for the rest.
func (out *Out) imported(file string, done desk.Imported, things, of string) error {
	for _, t := range done.Troubles {
		fmt.Fprintf(out.Stderr, "hark: %s: %d: %s (%s)\n", file, t.Number, t.Says, t.About)
	}
	line := importLine{file, done.Read, done.New, done.Added, done.Known, len(done.Troubles) + done.More}
	return out.Print(line, done.Says(things, of))
}
