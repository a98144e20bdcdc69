package store

import "time"

// PhoneSignal is something that was told about a call, by an exchange or another source.
type PhoneSignal struct {
	External, Event, What string
	At                    time.Time // when it happened there
	Source                string    // exchange, twilio, sip, try
	Heard                 time.Time // when it came here
	Said                  PhoneSaid
}

// PhoneSaid is what a signal says of its call; whatever is zero it does not say.
type PhoneSaid struct {
	From     string `json:"from,omitempty"` // E.164
	To       string `json:"to,omitempty"`
	Attested bool   `json:"attested,omitempty"` // the network vouches for the number of the other side
	Outgoing bool   `json:"outgoing,omitempty"`
	Agent    int64  `json:"agent,omitempty"`
	Brand    int64  `json:"brand,omitempty"`
}

// AddPhoneSignal keeps a signal. It reports false when it was told before.
func (tx *Tx) AddPhoneSignal(s PhoneSignal) (first bool, err error) {
	n, err := tx.exec(`
		INSERT INTO phone_signals (external_id, event, what, at, source, said, heard_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (external_id, event) DO NOTHING`, s.External, s.Event, s.What, s.At, s.Source, inJSON{s.Said}, s.Heard)
	return n == 1, err
}

// PhoneSignals returns all that was told about a call, by its own time.
func (tx *Tx) PhoneSignals(external string) (all []PhoneSignal, err error) {
	s := PhoneSignal{External: external}
	err = tx.each([]any{&s.Event, &s.What, &s.At, &s.Source, outJSON{&s.Said}}, func() error {
		all, s.Said = append(all, s), PhoneSaid{}
		return nil
	}, `
		SELECT event, what, at, source, said
		FROM phone_signals
		WHERE external_id = $1
		ORDER BY at, event`, external)
	return all, err
}

// PhoneHeard returns when a source was last heard; the zero time when it never was.
func (tx *Tx) PhoneHeard(source string) (last time.Time, err error) {
	_, err = tx.get([]any{&last}, `SELECT max(heard_at) FROM phone_signals WHERE source = $1 AND heard_at > 0`, source)
	return last, err
}
