package send

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Caught is a mail that would have been sent.
type Caught struct {
	At       time.Time
	From, To string
	Raw      []byte
}

// Catcher is the demo's Sender: nothing leaves the machine, every mail is handed to Keep. It goes through the same phases
// as the real one, and what can go wrong can be shown by writing to special addresses (see Troubles).
type Catcher struct {
	Keep func(ctx context.Context, c Caught) error
	Now  func() time.Time // the demo's clock
}

// Troubles says, by local part, what a Catcher pretends to have met.
var Troubles = map[string]Result{
	"temperror": {State: Deferred, Phase: RcptTo, Code: 451, Enhanced: "4.7.1", Text: "please try again later"},
	"550":       {State: Failed, Phase: RcptTo, Code: 550, Enhanced: "5.1.1", Text: "no such user"},
	"timeout":   {State: Uncertain, Phase: FinalDot, Text: "the server did not answer in time"},
}

// Host is always the same: there is nobody to protect.
func (c *Catcher) Host(Message) string { return "the mail catcher" }

// Send keeps the mail, or pretends trouble in the phase in which it would have come.
func (c *Catcher) Send(ctx context.Context, m Message, observe func(Phase) error) Result {
	local, _, _ := strings.Cut(strings.ToLower(m.To), "@")
	trouble, pretends := Troubles[local]
	for _, phase := range []Phase{Connect, Banner, Hello, MailFrom, RcptTo, Data, Body, FinalDot} {
		if err := observe(phase); err != nil {
			return c.deferred(m, err)
		}
		if pretends && trouble.Phase == phase {
			trouble.Host = c.Host(m)
			return trouble
		}
	}
	if err := c.Keep(ctx, Caught{At: c.Now(), From: m.From, To: m.To, Raw: CRLF(m.Raw)}); err != nil {
		return c.deferred(m, err)
	}
	return Result{State: Sent, Phase: Done, Code: 250, Enhanced: "2.0.0", Text: "caught", Host: c.Host(m)}
}

// deferred is for trouble of our own: nothing was kept, so nothing is uncertain.
func (c *Catcher) deferred(m Message, err error) Result {
	return Result{State: Deferred, Phase: Data, Host: c.Host(m), Text: err.Error()}
}

// Box keeps caught mails in memory, the newest Most of them.
type Box struct {
	Most int // 1,000 when zero

	mu    sync.Mutex
	mails []Caught
}

// Keep adds a mail and drops the oldest when there are too many.
func (b *Box) Keep(_ context.Context, c Caught) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	orElse(&b.Most, 1000)
	b.mails = append(b.mails, c)
	b.mails = b.mails[max(0, len(b.mails)-b.Most):]
	return nil
}

// Mails returns what was caught, the newest first.
func (b *Box) Mails() []Caught {
	b.mu.Lock()
	defer b.mu.Unlock()
	newest := slices.Clone(b.mails)
	slices.Reverse(newest)
	return newest
}
