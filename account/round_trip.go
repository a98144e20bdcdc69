package account

import "time"

// RoundTrip is the last mail that the desk wrote to one of its own mailboxes to see that mail leaves and arrives. A mailbox can fall
// silent without any error: a rule somebody made in it, a full quota, a name server. Nobody misses mail that never came, so the desk
// sends itself one an hour and misses that.
type RoundTrip struct {
	Mailbox  int64
	Outgoing int64     // the mail as it left
	Incoming int64     // and as it arrived, 0 when it has not
	Sent     time.Time // zero before the first
	Back     time.Time // zero until it has arrived
	Alarmed  time.Time // when the administrators were told that it is missing, zero when nothing is wrong
}

const (
	// RoundTripEvery is how often a mailbox is tried.
	RoundTripEvery = time.Hour
	// RoundTripWithin is how long a mail may take. A server that puts off mail from strangers does so for less.
	RoundTripWithin = 30 * time.Minute
)

// Due reports whether the next one should leave.
func (r RoundTrip) Due(now time.Time) bool { return !r.Sent.Add(RoundTripEvery).After(now) }

// Missing reports whether mail has stopped to arrive. After an alarm that is so until one arrives.
func (r RoundTrip) Missing(now time.Time) bool {
	return !r.Sent.IsZero() && r.Back.IsZero() && (!r.Alarmed.IsZero() || !r.Sent.Add(RoundTripWithin).After(now))
}
