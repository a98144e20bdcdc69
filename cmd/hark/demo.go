package main

import (
	"context"
	"fmt"
	"time"

	"hark/demo"
	"hark/desk"
	"hark/mail/send"
	"hark/web"
)

// demoCmd is the server on a demo desk: realistic people, tickets and mail, a letter box instead of sending, and a clock
// that can be moved.
type demoCmd struct {
	serverFlags
	URL string `help:"Where people reach the pages, when that is not http://LISTEN."`
}

// Run fills an empty desk first; one that was filled before goes on where it was.
func (c *demoCmd) Run(out *Out, w *where) error {
	if w.Data == "./hark-data" {
		w.Data = "./hark-demo" // a demo never mixes with a desk that is in use
	}
	s := &server{flags: c.serverFlags, url: c.URL, out: out, demo: &web.Demo{Password: demo.Password, Address: demo.Address, SMTP: c.SMTP, Brands: otherBrands()}}
	catcher := &send.Catcher{Keep: func(context.Context, send.Caught) error { return nil }} // the outgoing rows are the letter box
	s.sender = catcher
	s.welcome = welcomeDemo
	if err := s.listen(); err != nil {
		return err
	}
	if err := fillDemo(w, s.url); err != nil {
		return err
	}
	s.prepare = func(_ context.Context, d *opened) error {
		catcher.Now = d.clock.Now
		return nil
	}
	return s.run(w)
}

// otherBrands are those beside the first, with where their policy stands.
func otherBrands() (brands []web.DemoBrand) {
	for _, o := range demo.Others {
		brands = append(brands, web.DemoBrand{Name: o.Name, Host: o.Host(), Path: o.Path(), Says: o.Says})
	}
	return brands
}

// fillDemo plays the script on a desk that has none of it yet, and marks it as a demo, whose clock can be moved. The links in its mails
// lead to address, where its pages will stand.
func fillDemo(w *where, address string) error {
	ctx := context.Background()
	now := time.Now()
	clock := demo.NewClock(now)
	d, err := w.openAt(ctx, clock, desk.WithURL(address))
	if err != nil {
		return err
	}
	defer d.close()
	if d.demo {
		return nil
	}
	if err := demo.Fill(ctx, d.Desk, clock, now); err != nil {
		return err
	}
	return d.set(ctx, demoSetting, "yes")
}

func welcomeDemo(s *server, d *opened) {
	fmt.Fprintf(s.out.Stdout, `
  Hark, the demo of Lark & Field's support desk

  Start here      %[1]s/demo
  The desk        %[1]s/inbox       sign in as %[2]s, password: %[3]s
  Customers       %[1]s/portal
  The policy      %[1]s/support
  Mail sent       %[1]s/demo/outbox
  Mail comes to   %[4]s at %[5]s

  Stop with Ctrl+C.
`, s.url, demo.FirstAgent, demo.Password, demo.Address, s.flags.SMTP)
}
