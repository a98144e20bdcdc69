package receive

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hark/fault"
	"hark/mail/peer"
)

// visit is one connection to the server.
type visit struct {
	*Mailbox
	client   *imapclient.Client
	conn     net.Conn
	release  func() bool   // stops ctx from closing the connection
	news     chan struct{} // the server says that something came
	position Position
	ours     []imap.UID // mails that are taken out again
	spoiled  bool       // the connection broke in the middle of a mail
}

// visit signs in, reads what is new, and then waits and reads until something fails or ctx ends.
func (m *Mailbox) visit(ctx context.Context) error {
	v, err := m.connect(ctx)
	if err != nil {
		return err
	}
	defer v.leave()
	if err := v.open(ctx); err != nil {
		return err
	}
	for {
		if err := v.catchUp(ctx); err != nil {
			return err
		}
		m.well()
		if err := v.wait(ctx); err != nil {
			return err
		}
	}
}

// connect comes as far as signed in. The name and password are not even looked up before the server has proved who it is.
func (m *Mailbox) connect(ctx context.Context) (*visit, error) {
	dialing, cancel := context.WithTimeout(ctx, m.Patience)
	defer cancel()
	conn, err := m.Server.Dial(dialing, new(net.Dialer).DialContext)
	if err != nil {
		return nil, err
	}
	v := &visit{Mailbox: m, conn: conn, news: make(chan struct{}, 1)}
	v.release = context.AfterFunc(ctx, func() { conn.Close() })
	if err = v.within(v.greet); err == nil {
		err = v.signIn(ctx)
	}
	if err != nil {
		v.leave()
	}
	return v, err
}

func (v *visit) leave() {
	v.release()
	v.conn.Close()
	if v.client != nil {
		v.client.Close()
	}
}

func (v *visit) greet() (err error) {
	options := &imapclient.Options{TLSConfig: v.Server.TLS(), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				v.hasNews()
			}
		},
	}}
	if v.Server.Security == peer.Required {
		v.client, err = imapclient.NewStartTLS(v.conn, options)
		return noEncryption(v.Server, err)
	}
	v.client = imapclient.New(v.conn, options)
	return v.client.WaitGreeting()
}

// noEncryption says in words that a server refused STARTTLS.
func noEncryption(s peer.Server, err error) error {
	var answer *imap.Error
	if !errors.As(err, &answer) {
		return err
	}
	return fault.New(fault.Refused, "%s offers no encryption at port %s (it answered %s), and nothing is sent without it. If it has a port of its own for that, write imaps://.",
		s.Host, s.Port, answerWords(answer))
}

func (v *visit) hasNews() {
	select {
	case v.news <- struct{}{}:
	default:
	}
}

func (v *visit) signIn(ctx context.Context) error {
	login, err := v.Login(ctx)
	if err != nil {
		return err
	}
	err = v.within(func() error { return v.present(login) })
	var answer *imap.Error
	if errors.As(err, &answer) {
		return &signInError{login.User, answerWords(answer)}
	}
	return err
}

// present shows the name and password by the best way the server offers.
func (v *visit) present(login peer.Login) error {
	caps := v.client.Caps()
	mechanism := login.Mechanism(func(name string) bool { return caps.Has(imap.AuthCap(name)) })
	switch {
	case mechanism != nil:
		return v.client.Authenticate(mechanism)
	case login.Token != "" || caps.Has(imap.CapLoginDisabled):
		return fault.New(fault.Refused, "%s offers no way to sign in that we know; it offers %v.", v.Server.Host, caps.AuthMechanisms())
	}
	return v.client.Login(login.User, string(login.Password)).Wait()
}

// within bounds one exchange with the server: when it takes too long the connection is closed, which ends it.
func (v *visit) within(do func() error) error {
	tooLate := time.AfterFunc(v.Patience, func() { v.conn.Close() })
	err := do()
	if !tooLate.Stop() && err != nil {
		return errors.Join(context.DeadlineExceeded, err)
	}
	return err
}

// open selects the folder and finds out where reading goes on.
func (v *visit) open(ctx context.Context) error {
	var folder *imap.SelectData
	err := v.within(func() (err error) {
		folder, err = v.client.Select(v.Server.Folder, &imap.SelectOptions{ReadOnly: v.after.verb == "" && v.Ours == nil}).Wait()
		return err
	})
	var answer *imap.Error
	if errors.As(err, &answer) {
		return fault.New(fault.Refused, "%s does not open the folder %s: %s. Check the end of the mailbox's URL.", v.Server.Host, v.Server.Folder, answerWords(answer))
	}
	if err != nil {
		return err
	}
	if v.position, err = v.Load(ctx); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The position in %s cannot be read here.", v.Address)
	}
	return v.compare(folder.UIDValidity)
}

// compare notices that the server has numbered its mails anew. Then all of them are read again: the desk knows each by its
// content, so none comes twice and none is missed.
func (v *visit) compare(validity uint32) error {
	if v.position.Validity != 0 && v.position.Validity != validity {
		v.notice("%s has numbered the mails of %s anew. All of them are read again; those the desk has already are recognised.", v.Server.Host, v.Address)
		v.strikes = map[uint32]int{}
		v.position = Position{}
	}
	v.position.Validity = validity
	return nil
}

// wait returns when there may be new mail: because the server says so (IDLE, RFC 2177), or because it was not asked for a
// while. A safety net compares the server's next number with ours each time, since some servers forget to say so.
func (v *visit) wait(ctx context.Context) error {
	for {
		told, err := v.listen(ctx)
		if err != nil || told {
			return err
		}
		behind, err := v.isBehind()
		if err != nil || behind {
			return err
		}
	}
}

// listen waits for news, for at most Poll.
func (v *visit) listen(ctx context.Context) (told bool, err error) {
	if v.client.Caps().Has(imap.CapIdle) {
		var idle *imapclient.IdleCommand
		if err := v.within(func() (err error) { idle, err = v.client.Idle(); return err }); err != nil {
			return false, err
		}
		defer func() {
			err = errors.Join(err, v.within(func() error { return errors.Join(idle.Close(), idle.Wait()) }))
		}()
	}
	timer := time.NewTimer(v.Poll)
	defer timer.Stop()
	select {
	case <-v.news:
		return true, nil
	case <-timer.C:
		return false, nil
	case <-v.client.Closed():
		return false, net.ErrClosed
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

var errNumberedAnew = errors.New("the server numbers its mails anew")

// isBehind asks for UIDNEXT and UIDVALIDITY.
func (v *visit) isBehind() (bool, error) {
	var status *imap.StatusData
	err := v.within(func() (err error) {
		status, err = v.client.Status(v.Server.Folder, &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
		return err
	})
	switch {
	case err != nil:
		return false, err
	case status.UIDValidity != 0 && status.UIDValidity != v.position.Validity:
		return false, errNumberedAnew // the next visit sees it
	}
	return status.UIDNext == 0 || uint32(status.UIDNext) > v.position.Last+1, nil
}
