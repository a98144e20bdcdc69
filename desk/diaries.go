package desk

import (
	"context"
	"net/url"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/store"
)

// Calendars that colleagues keep elsewhere. The desk reads when they are busy, and keeps nothing else of what stands there. An address
// opens the whole calendar to whoever has it, so it is sealed and never shown again.

// ReadAddress fetches a file from an address that somebody else named; package diary does. Its errors say in words what the owner of the
// address can do about them.
type ReadAddress func(ctx context.Context, address string) (content []byte, err error)

const (
	mostDiaries    = 5
	mostAddress    = 2000
	diariesAtOnce  = 4
	diaryEvery     = 15 * time.Minute
	diaryLease     = 3 * time.Minute // reading takes one minute at most
	mostDiaryPause = 2 * time.Hour   // between two tries of one that cannot be read
)

// ReadDiary is a calendar elsewhere that the desk is to read.
type ReadDiary struct {
	Name    string
	Address string // https:// or webcal://
}

// AddDiary lets the desk read another calendar of the actor from now on. What is no address is [fault.Invalid].
func (d *Desk) AddDiary(ctx context.Context, a access.Actor, in ReadDiary) error {
	address, err := diaryAddress(in.Address)
	if err != nil {
		return err
	}
	name := strings.Join(strings.Fields(in.Name), " ")
	if len([]rune(name)) > 60 {
		return misfilled("name", "a name has at most 60 letters")
	}
	if name == "" {
		name = address.Hostname()
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := whoseHours(tx, a, 0)
		if err != nil {
			return err
		}
		known, err := tx.Diaries(p.ID)
		if err == nil && len(known) >= mostDiaries {
			err = misfilled("address", "%d calendars are read already; take one out first", mostDiaries)
		}
		if err != nil {
			return err
		}
		sealed := d.Seal(diarySealed(p.ID), []byte(address.String()))
		return tx.AddDiary(&store.Diary{Person: p.ID, Name: name, Host: address.Hostname(), Secret: sealed, Created: now, Due: now})
	})
}

// diarySealed is the name under which an address of somebody is sealed.
func diarySealed(person int64) string { return "diary/" + itoa(person) }

// diaryAddress reads an address as people copy it.
func diaryAddress(said string) (*url.URL, error) {
	said = strings.TrimSpace(said)
	if rest, is := strings.CutPrefix(said, "webcal://"); is {
		said = "https://" + rest
	}
	u, err := url.Parse(said)
	switch {
	case len(said) > mostAddress || err != nil || u.Hostname() == "":
		return nil, misfilled("address", "this is no address of a calendar; it begins with https:// and often ends in .ics")
	case u.Scheme != "https":
		return nil, misfilled("address", "the address begins with https://; what others could read on the way is not read")
	case u.User != nil:
		return nil, misfilled("address", "a name and a password cannot stand in the address; use the secret address that the calendar offers")
	}
	u.Fragment = ""
	return u, nil
}

// DropDiary takes a calendar of the actor out, and forgets everything that was read in it.
func (d *Desk) DropDiary(ctx context.Context, a access.Actor, id int64) error {
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := whoseHours(tx, a, 0); err != nil {
			return err
		}
		dropped, err := tx.DropDiary(a.Person, id)
		if err == nil && !dropped {
			err = noDiary()
		}
		return err
	})
}

func noDiary() error { return fault.New(fault.NotFound, "this calendar is not read any more") }

// ReadDiaryNow lets the next worker read a calendar of the actor, instead of when its turn comes.
func (d *Desk) ReadDiaryNow(ctx context.Context, a access.Actor, id int64) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := whoseHours(tx, a, 0); err != nil {
			return err
		}
		all, err := tx.Diaries(a.Person)
		if err != nil {
			return err
		}
		for _, diary := range all {
			if diary.ID == id {
				was := diary.Due
				diary.Due = now
				_, err := tx.SaveDiary(diary, was)
				return err
			}
		}
		return noDiary()
	})
}

// ReadDiaries reads the calendars whose turn has come, and returns how many had it. Each is claimed first, in a transaction of its own,
// by which it is due again only when its worker must have stopped; then it is fetched; then what it says is stored. What cannot be
// read is named to its owner, and what it said last stays.
func (d *Desk) ReadDiaries(ctx context.Context, read ReadAddress) (did int, err error) {
	claimed, err := d.claimDiaries(ctx)
	for _, one := range claimed {
		if err := d.readDiary(ctx, read, one); err != nil {
			return did, err
		}
		did++
	}
	return did, err
}

// NextDiary is when the next calendar is to be read, zero when there is none.
func (d *Desk) NextDiary(ctx context.Context) (at time.Time, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		at, err = tx.NextDiary()
		return err
	})
	return at, err
}

// dueDiary is one that was claimed, with its owner and their clock.
type dueDiary struct {
	store.Diary
	owner account.Person
	zone  *time.Location
}

func (d *Desk) claimDiaries(ctx context.Context) (claimed []dueDiary, err error) {
	now := d.now()
	if next, err := d.NextDiary(ctx); err != nil || next.IsZero() || next.After(now) {
		return nil, err // looking costs no write
	}
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		claimed = nil
		due, err := tx.DueDiaries(now, diariesAtOnce)
		if err != nil {
			return err
		}
		for _, one := range due {
			diary, needed, err := d.claimDiary(tx, one, now)
			if err != nil {
				return err
			}
			if needed {
				claimed = append(claimed, diary)
			}
		}
		return nil
	})
	return claimed, err
}

// claimDiary lets a calendar be due again when its worker must have stopped. That of somebody who has no calls any more waits for a day.
func (d *Desk) claimDiary(tx *store.Tx, one store.Diary, now time.Time) (diary dueDiary, needed bool, err error) {
	owner, err := tx.Person(one.Person)
	if err != nil {
		return diary, false, err
	}
	was := one.Due
	one.Due = now.Add(diaryLease)
	if needed = canHaveCalls(owner); !needed {
		one.Due = now.Add(24 * time.Hour)
	}
	hours, err := tx.CallHours([]int64{owner.ID})
	if err != nil {
		return diary, false, err
	}
	company, err := d.callZone(tx, now)
	if err != nil {
		return diary, false, err
	}
	_, err = tx.SaveDiary(one, was)
	return dueDiary{one, owner, clockOf(owner, hours[owner.ID], company)}, needed, err
}

// readDiary reads one calendar, and stores what came of it. What cannot be stored is the only error: it is then due again when its
// lease ends.
func (d *Desk) readDiary(ctx context.Context, read ReadAddress, one dueDiary) error {
	now := d.now()
	busy, wrong := d.busyIn(ctx, read, one, now)
	if ctx.Err() != nil {
		return ctx.Err() // we are stopping; the next worker reads it
	}
	now = d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		lease, after := one.Due, one.Diary
		if wrong != nil {
			after.Tries++
			after.Due, after.Trouble = now.Add(diaryPause(after.Tries)), shortened(whyNot(wrong), 300)
		} else {
			after.Due, after.Read, after.Tries, after.Trouble = now.Add(diaryEvery), now, 0, shortened(busy.Why, 300)
			after.Entries, after.Unread = int64(busy.Entries), int64(busy.Unread)
		}
		ours, err := tx.SaveDiary(after, lease)
		if err != nil || !ours || wrong != nil {
			return err
		}
		return tx.SetDiaryTimes(one.ID, busy.Spans)
	})
}

// diaryPause is how long a calendar waits that could not be read so many times: twice as long each time.
func diaryPause(tries int64) time.Duration {
	return min(diaryEvery<<min(tries-1, 10), mostDiaryPause)
}

// busyIn fetches a calendar and works out when its owner is busy. Our own calls, which their calendar may know by our invitation, count
// as calls and not as something else to do.
func (d *Desk) busyIn(ctx context.Context, read ReadAddress, one dueDiary, now time.Time) (busy calendar.BusyTimes, err error) {
	address, err := d.Unseal(diarySealed(one.Person), one.Secret)
	if err != nil {
		return busy, err
	}
	content, err := read(ctx, string(address))
	if err != nil {
		return busy, err
	}
	return calendar.ReadBusy(content, calendar.BusyQuestion{From: now.Add(-dayAhead), To: now.Add(farAhead), Zone: one.zone, But: isOurCall})
}

// isOurCall reports whether an entry of a calendar is a call of this or another Hark, by its name ([Desk.callUID]).
func isOurCall(uid string) bool {
	local, _, _ := strings.Cut(uid, "@")
	digits, is := strings.CutPrefix(local, "call-")
	return is && len(digits) == 32 && strings.Trim(digits, "0123456789abcdef") == ""
}

// TroubledDiaries are the calendars of the actor that cannot be read just now.
func (d *Desk) TroubledDiaries(ctx context.Context, a access.Actor) (all []store.Diary, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		known, err := tx.Diaries(a.Person)
		for _, diary := range known {
			if diary.Tries > 0 {
				all = append(all, diary)
			}
		}
		return err
	})
	return all, err
}
