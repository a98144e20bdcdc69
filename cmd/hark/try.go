package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/mail/peer"
	"hark/mail/receive"
	"hark/mail/send"
)

// patience is how long each way of a mailbox may take when somebody waits for the answer.
const patience = 15 * time.Second

// try tries a mailbox both ways. Nothing is sent to anybody and nothing is read: each dialogue ends just before that.
func (s *server) try(d *opened) func(ctx context.Context, address, recipient string) []desk.TriedWay {
	return func(ctx context.Context, address, recipient string) []desk.TriedWay {
		boxes, secrets, err := d.Mailboxes(ctx)
		if err != nil {
			return []desk.TriedWay{{Way: "in", Where: "listener", Says: fault.Says(err)}}
		}
		for i, box := range boxes {
			if box.Address == account.FoldAddress(address) {
				return []desk.TriedWay{s.tryIn(ctx, box, secrets[i]), s.tryOut(ctx, box, secrets[i], recipient)}
			}
		}
		return nil
	}
}

func (s *server) tryIn(ctx context.Context, box account.Mailbox, secret desk.MailboxSecrets) desk.TriedWay {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if box.IMAP == "" {
		return s.tryListener(ctx, box.Address)
	}
	server, err := peer.Parse(withSecret(box.IMAP, secret.IMAP))
	if err != nil {
		return desk.TriedWay{Way: "in", Where: "imap", Says: fault.Says(err)}
	}
	m := &receive.Mailbox{Domain: hostName(s.domain.name), Address: box.Address, Server: server, Patience: patience, Log: slog.Default()}
	says, good := m.Try(ctx)
	return desk.TriedWay{Way: "in", Where: "imap", Good: good, Says: says}
}

// tryListener asks our own listener, as another mail server would, whether it takes mail for the address.
func (s *server) tryListener(ctx context.Context, address string) desk.TriedWay {
	tried := desk.TriedWay{Way: "in", Where: "listener", Says: "The desk takes no mail itself: its listener is switched off."}
	if s.mail == nil {
		return tried
	}
	host, port, err := net.SplitHostPort(s.mail.Addr().String())
	if err != nil {
		return tried
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ours := &send.SMTP{Name: hostName(s.domain.name), Smarthost: &peer.Server{Scheme: "smtp", Host: host, Port: port, Security: peer.Opportunistic}, Patience: hurried}
	tried.Says, tried.Good = goesAsFarAs(ctx, ours, send.Message{To: address}, send.Data)
	if tried.Good {
		tried.Says = "The desk takes mail for " + address + " at " + s.mail.Addr().String() + "."
	}
	return tried
}

func (s *server) tryOut(ctx context.Context, box account.Mailbox, secret desk.MailboxSecrets, recipient string) desk.TriedWay {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tried := desk.TriedWay{Way: "out", Where: "direct"}
	sender, says := s.sender, "Mail to "+recipient+" would be taken."
	if box.SMTPOut != "" {
		tried.Where = "smtp"
		server, err := peer.Parse(withSecret(box.SMTPOut, secret.SMTPOut))
		if err != nil {
			tried.Says = fault.Says(err)
			return tried
		}
		sender, says = &send.SMTP{Name: hostName(s.domain.name), Smarthost: &server, Patience: hurried}, server.Host+" takes mail from "+box.Address+"."
	}
	tried.Says, tried.Good = goesAsFarAs(ctx, sender, send.Message{From: box.Address, To: recipient}, send.Data)
	if tried.Good {
		tried.Says = says
	}
	return tried
}

var hurried = send.Patience{Connect: patience, Command: patience, Total: patience}

var errFarEnough = errors.New("far enough")

// goesAsFarAs begins to send a mail and ends the dialogue before a phase; says is what the server answered when it did not come
// that far.
func goesAsFarAs(ctx context.Context, sender send.Sender, m send.Message, phase send.Phase) (says string, ok bool) {
	result := sender.Send(ctx, m, func(p send.Phase) error {
		if p == phase {
			ok = true
			return errFarEnough
		}
		return nil
	})
	if result.Code != 0 {
		return fmt.Sprintf("%s answered %d %s", result.Host, result.Code, result.Text), ok
	}
	return result.Text, ok
}
