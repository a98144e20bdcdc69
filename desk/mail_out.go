package desk

import (
	"context"
	"errors"
	"time"

	"hark/fault"
	"hark/store"
)

// Mail to many: a letter with what is new, a decision about a card, news of a changed policy. Each goes out a few copies at once, and how
// far it has come is stored with them. While the desk has no mailbox to write from, all of it waits.

// mailRounds is how many batches of one such mail a round of time plans, so that no reminder waits behind ten thousand copies.
const mailRounds = 8

// mailPause is how long a mail waits that could not go out when its turn came.
const mailPause = time.Hour

// mailOut goes on with the mails that still have readers to reach. One that fails holds up none of the others.
func mailOut(ctx context.Context, waiting []int64, some func(ctx context.Context, id int64) (mailed int, more bool, err error)) (mailed int, err error) {
	for _, id := range waiting {
		n, wrong := mailRound(ctx, id, some)
		mailed, err = mailed+n, errors.Join(err, wrong)
	}
	return mailed, err
}

func mailRound(ctx context.Context, id int64, some func(context.Context, int64) (int, bool, error)) (mailed int, err error) {
	for range mailRounds {
		n, more, err := some(ctx, id)
		if mailed += n; err != nil || !more {
			return mailed, err
		}
	}
	return mailed, nil
}

// mailSome plans the next few copies of one mail, and reports whether there may be more.
func (d *Desk) mailSome(ctx context.Context, plan func(tx *store.Tx, now time.Time) (mailed int, more bool, err error)) (mailed int, more bool, err error) {
	now := d.now()
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		mailed, more, err = plan(tx, now)
		return err
	})
	if fault.Is(err, fault.Refused) {
		return 0, false, nil
	}
	return mailed, more && err == nil, err
}

// mailEach plans a copy for each reader. One whose copy cannot be written goes without it, and stands in the log; all others have theirs.
func (d *Desk) mailEach(ctx context.Context, tx *store.Tx, people []int64, one func(person int64) (sent bool, err error)) (mailed int, err error) {
	for _, id := range people {
		sent := false
		wrong := tx.Try(func() (err error) { sent, err = one(id); return err })
		switch {
		case fault.Is(wrong, fault.Refused) || stops(ctx, wrong):
			return 0, wrong
		case wrong != nil:
			d.log.ErrorContext(ctx, "a mail to many could not be written for one reader", "person", id, "error", wrong)
		case sent:
			mailed++
		}
	}
	return mailed, nil
}

// stops reports whether what failed is nobody's own trouble: the database is away or asks for the transaction once more, or the desk stops.
func stops(ctx context.Context, wrong error) bool {
	return fault.Is(wrong, fault.Unavailable) || store.AsksAgain(wrong) || ctx.Err() != nil
}

// lastOr is up to whom a mail has come, in the order of its readers' numbers.
func lastOr(people []int64, before int64) int64 {
	if len(people) == 0 {
		return before
	}
	return people[len(people)-1]
}
