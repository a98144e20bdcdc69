package store

import (
	"time"

	"hark/access"
)

// How calls come to an end of which nobody says so, and how those that ended are counted.

// rangLast is when a call that rings was last said to: by the newest signal of its exchange, else by its beginning.
const rangLast = "coalesce((SELECT max(s.at) FROM phone_signals s WHERE s.external_id = c.external_id), c.began_at)"

// GiveUpRinging lets calls be missed that rang last before an instant and of which nobody ever told the end, and returns how many.
func (tx *Tx) GiveUpRinging(before time.Time) (n int, err error) {
	return tx.phoneCallsEnd(`
		UPDATE phone_calls AS c SET state = 'missed'
		WHERE c.state = 'ringing' AND `+rangLast+` < $1
		RETURNING id`, before)
}

// LeaveUnrecorded ends the record of calls that nobody confirmed and of which nothing was heard since an instant: without an outcome, as
// the report counts them. It returns how many.
func (tx *Tx) LeaveUnrecorded(before, now time.Time) (n int, err error) {
	return tx.phoneCallsEnd(`
		UPDATE phone_calls SET state = 'recorded', outcome = '', recorded_at = $2, ended_at = coalesce(ended_at, answered_at, began_at)
		WHERE state IN ('open', 'parked', 'over') AND coalesce(ended_at, answered_at, began_at) < $1
		RETURNING id`, before, now)
}

func (tx *Tx) phoneCallsEnd(update string, args ...any) (n int, err error) {
	ended, err := tx.ids(update, args...)
	for _, id := range ended {
		tx.CallChanged(id)
	}
	return len(ended), err
}

// PhoneCount is how many calls of one outcome and level there were, how long they took together, and how many had no ticket.
type PhoneCount struct {
	Outcome, Level  string
	Calls, Unticked int64
	Spoken          time.Duration
}

// CountPhoneCalls counts the recorded calls of a brand since an instant, for whoever answers the phone.
func (tx *Tx) CountPhoneCalls(a access.Actor, brand int64, since time.Time) (all []PhoneCount, err error) {
	var c PhoneCount
	var spoken int64
	q := (&query{}).add(`
		SELECT c.outcome, c.level, count(*), sum(CASE WHEN c.ticket_id IS NULL THEN 1 ELSE 0 END),
			CAST(coalesce(sum(CASE WHEN c.answered_at IS NULL OR c.ended_at IS NULL THEN 0 ELSE c.ended_at - c.answered_at END), 0) AS BIGINT)
		FROM phone_calls c
		WHERE c.state = 'recorded' AND c.brand_id = ?`, brand).add(` AND c.began_at >= ? AND `, since).hearsCalls(a)
	err = tx.each([]any{&c.Outcome, &c.Level, &c.Calls, &c.Unticked, &spoken}, func() error {
		c.Spoken = time.Duration(spoken) * time.Microsecond
		all = append(all, c)
		return nil
	}, q.add(` GROUP BY c.outcome, c.level ORDER BY count(*) DESC, c.outcome, c.level`).String(), q.args...)
	return all, err
}
