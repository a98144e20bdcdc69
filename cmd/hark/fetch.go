package main

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/mail/peer"
	"hark/mail/receive"
	"hark/mail/send"
)

// lookAgain is how often the list of mailboxes is read anew, so that one that was added or changed is fetched without a restart.
const lookAgain = 15 * time.Second

// fetchMail reads every mailbox elsewhere, each on its own, until ctx ends.
func (s *server) fetchMail(ctx context.Context, d *opened) {
	running := map[int64]*fetching{}
	var all sync.WaitGroup
	defer all.Wait()
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for {
		s.matchMailboxes(ctx, d, running, &all)
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// fetching is one mailbox being read, as it was when the reading began.
type fetching struct {
	box    account.Mailbox
	secret desk.MailboxSecrets
	stop   context.CancelFunc
}

func (s *server) matchMailboxes(ctx context.Context, d *opened, running map[int64]*fetching, all *sync.WaitGroup) {
	boxes, secrets, err := d.Mailboxes(ctx)
	if err != nil {
		if ctx.Err() == nil {
			slog.Error("the mailboxes cannot be listed", "error", err)
		}
		return
	}
	for i, box := range boxes {
		if f, known := running[box.ID]; known && (f.box.IMAP != box.IMAP || f.secret != secrets[i] || box.Paused) {
			f.stop()
			delete(running, box.ID)
		}
		if _, known := running[box.ID]; known || box.IMAP == "" || box.Paused {
			continue
		}
		reader, err := s.reader(d, box, secrets[i])
		if err != nil {
			_ = d.MailboxPosition(ctx, box.ID, box.Position, fault.Says(err))
			continue
		}
		work, stop := context.WithCancel(ctx)
		running[box.ID] = &fetching{box, secrets[i], stop}
		all.Go(func() { reader.Run(work) })
	}
}

// reader reads one mailbox, into the same path as the listener.
func (s *server) reader(d *opened, box account.Mailbox, secret desk.MailboxSecrets) (*receive.Mailbox, error) {
	server, err := peer.Parse(withSecret(box.IMAP, secret.IMAP))
	if err != nil {
		return nil, err
	}
	position, err := receive.ParsePosition(box.Position)
	if err != nil {
		return nil, err
	}
	since, err := since(server, box)
	if err != nil {
		return nil, err
	}
	keep := newBookmark(d, box.ID, position)
	reads := &receive.Mailbox{
		Domain: hostName(s.domain.name), Address: box.Address, Server: server, Now: d.clock.Now, Log: slog.Default(), Since: since,
		Accept: func(ctx context.Context, e receive.Envelope, raw []byte) error { return s.accept(ctx, d, e, raw) },
		Load:   keep.load, Save: keep.save, Trouble: keep.trouble,
		Notice: func(words string) { slog.Warn("a mailbox has news", "mailbox", box.ID, "says", words) },
	}
	if s.roundTrips { // else the mailbox is opened for reading alone
		reads.Ours = func(raw []byte) bool { return d.IsRoundTrip(raw, box.Address) }
	}
	return reads, nil
}

// westmost is how far behind UTC a mail server's day can be. IMAP compares days only, in the server's own zone (RFC 9051,
// 6.4.4), so asking for today's mail alone could miss what arrives just now.
const westmost = 12 * time.Hour

// since is from which day on a mailbox elsewhere is read: the day it was added, or what since= in its address asks for, a
// day (2026-01-31) or all. The zero time takes everything.
func since(server peer.Server, box account.Mailbox) (time.Time, error) {
	switch asked := server.Options.Get("since"); asked {
	case "all":
		return time.Time{}, nil
	case "":
		if box.Since.IsZero() {
			return time.Time{}, nil
		}
		return box.Since.UTC().Add(-westmost), nil
	default:
		day, err := time.Parse(time.DateOnly, asked)
		return day, fault.Wrap(err, fault.Invalid, "The address of %s asks for mail since=%s; write a day, since=2026-01-31, or since=all.", box.Address, asked)
	}
}

// bookmark remembers how far a mailbox has been read, and what troubles it.
type bookmark struct {
	desk *opened
	id   int64
	mu   sync.Mutex
	at   receive.Position
	says string
}

func newBookmark(d *opened, id int64, at receive.Position) *bookmark {
	return &bookmark{desk: d, id: id, at: at}
}

func (b *bookmark) load(context.Context) (receive.Position, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at, nil
}

func (b *bookmark) save(ctx context.Context, p receive.Position) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.desk.MailboxPosition(ctx, b.id, p.String(), b.says)
	if err == nil {
		b.at = p
	}
	return err
}

func (b *bookmark) trouble(words string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.says == words {
		return
	}
	b.says = words
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := b.desk.MailboxPosition(ctx, b.id, b.at.String(), words); err != nil {
		slog.Error("a mailbox's trouble cannot be stored", "mailbox", b.id, "error", err)
	}
}

// withSecret puts an opened password back into a server's address.
func withSecret(address, password string) string {
	u, err := url.Parse(address)
	if err != nil || password == "" || u.User == nil {
		return address
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

// ways sends each mail the way its mailbox says: through a server of its own, else the desk's way. The opened ways are
// kept for a minute, so that a changed password is used soon.
type ways struct {
	desk *opened
	name string
	mu   sync.Mutex
	read time.Time
	by   map[string]send.Sender
}

func (w *ways) find(ctx context.Context, from string) (send.Sender, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.read) > time.Minute {
		if err := w.reload(ctx); err != nil {
			return nil, err
		}
	}
	return w.by[account.FoldAddress(from)], nil
}

func (w *ways) reload(ctx context.Context) error {
	boxes, secrets, err := w.desk.Mailboxes(ctx)
	if err != nil {
		return err
	}
	w.by = map[string]send.Sender{}
	for i, box := range boxes {
		if box.SMTPOut == "" {
			continue
		}
		server, err := peer.Parse(withSecret(box.SMTPOut, secrets[i].SMTPOut))
		if err != nil {
			return err
		}
		w.by[box.Address] = &send.SMTP{Name: w.name, Smarthost: &server}
	}
	w.read = time.Now()
	return nil
}
