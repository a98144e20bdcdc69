package desk

import (
	"context"
	"crypto/sha256"
	"time"

	"hark/engineers"
	"hark/store"
)

// HearEngineers takes what a tracker sends when something has happened there. Only a delivery that is signed with the secret of that
// tracker and speaks of its project is looked into, and each counts once. A forged one, a repeated one, one of another project or to a
// tracker that is not there change nothing, and whoever sends them cannot tell them from others: an error says only that nothing can
// be stored just now.
func (d *Desk) HearEngineers(ctx context.Context, tracker int64, sent engineers.Delivery) error {
	now := d.now()
	t, signed, err := d.signedByEngineers(ctx, tracker, sent)
	if err != nil || !signed {
		return err
	}
	said, about := t.Project.Tells(sent.Body)
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.HeardTracker(t.ID, now); err != nil || !about {
			return err
		}
		return d.hearEngineers(tx, t, said, sent.Body, now)
	})
}

// signedByEngineers looks at the signature without a write: anybody may send anything here.
func (d *Desk) signedByEngineers(ctx context.Context, tracker int64, sent engineers.Delivery) (t store.Tracker, signed bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err = tx.Tracker(tracker)
		return err
	})
	if isNotFound(err) {
		return t, false, nil
	}
	return t, err == nil && t.Project.Signed(sent, d.engineersSecret(tracker)), err
}

// hearEngineers takes each delivery once. It is known by what it says, because the number that a tracker gives it is not signed. After
// a month it is forgotten, and then it is older than what is known.
func (d *Desk) hearEngineers(tx *store.Tx, t store.Tracker, said engineers.Entry, body []byte, now time.Time) error {
	entries, err := tx.EntriesNamed(t.ID, said.Name)
	if err != nil || len(entries) == 0 {
		return err
	}
	key := sha256.Sum256(append([]byte("engineers/"+itoa(t.ID)+"/"), body...))
	if first, _, err := tx.UseForm(key, 0, now); err != nil || !first {
		return err
	}
	return d.engineersSay(tx, t.ID, said, false, now)
}
