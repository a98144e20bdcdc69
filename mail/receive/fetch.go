package receive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hark/fault"
	"hark/mail"
	"hark/mail/peer"
)

const (
	batchSize  = 50
	batchBytes = 64 << 20
	maxStrikes = 3
	maxHeader  = 256 << 10
)

// catchUp reads everything after the position. The order is the whole point: a mail is accepted, then the position moves,
// then the server may be told. Dying between any two of them makes a mail come again, never not at all.
func (v *visit) catchUp(ctx context.Context) error {
	uids, err := v.unread()
	for err == nil && len(uids) > 0 {
		n := batchSize
		if v.careful {
			n = 1
		}
		n = min(n, len(uids))
		err = v.take(ctx, uids[:n])
		uids = uids[n:]
	}
	return err
}

// unread lists the numbers after the position, in order. "n:*" always includes the last mail, so that is sorted out here.
func (v *visit) unread() ([]imap.UID, error) {
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(v.position.Last + 1), Stop: 0}}}}
	if v.position.Last == 0 {
		criteria.Since = v.Since
	}
	var found *imap.SearchData
	err := v.within(func() (err error) {
		found, err = v.client.UIDSearch(criteria, nil).Wait()
		return err
	})
	if err != nil {
		return nil, err
	}
	uids := slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uint32(uid) <= v.position.Last })
	slices.Sort(uids)
	return uids, nil
}

// take brings some mails in and moves the position behind those that are safe. After a failure mails are taken one by one,
// so that a single one that cannot be fetched is found, and after some tries set aside: it never holds up the others.
func (v *visit) take(ctx context.Context, uids []imap.UID) error {
	safe, err := v.fetch(ctx, uids)
	if err != nil && len(uids) == 1 && isAboutTheMail(err) {
		safe, err = v.strike(ctx, uids[0], err)
	}
	if safe > 0 {
		v.position.Last = uint32(uids[safe-1])
		if saveErr := v.Save(ctx, v.position); saveErr != nil {
			return fault.Wrap(saveErr, fault.Unavailable, "The position in %s cannot be stored here.", v.Address)
		}
		if afterErr := v.settle(uids[:safe]); afterErr != nil {
			v.Log.Warn("imap: a mail that is safe here stays as it is on the server", "mailbox", v.Address, "error", afterErr)
		}
	}
	v.careful = err != nil || v.careful && len(v.strikes) > 0
	return err
}

// isAboutTheMail reports whether trying again later for the whole mailbox is no answer.
func isAboutTheMail(err error) bool {
	return !fault.Is(err, fault.Unavailable) && !errors.Is(err, context.Canceled)
}

// strike counts a failure of one mail, and sets it aside after the third.
func (v *visit) strike(ctx context.Context, uid imap.UID, cause error) (safe int, err error) {
	v.strikes[uint32(uid)]++
	if v.strikes[uint32(uid)] < maxStrikes {
		return 0, cause
	}
	why := fmt.Sprintf("Mail %d of %s could not be fetched (%s). It is still on the server.", uid, v.Address, v.words(cause))
	if err := v.accept(ctx, fetched{uid: uid}, note(nil, why)); err != nil {
		return 0, err
	}
	delete(v.strikes, uint32(uid))
	v.notice("%s", why)
	return 1, nil
}

// fetched is one mail as it came.
type fetched struct {
	uid  imap.UID
	at   time.Time
	raw  []byte
	full bool // raw is all of it
}

// fetch accepts the given mails in their order and says how many, counted from the first, are safe. Mails that have been
// deleted meanwhile count as safe.
func (v *visit) fetch(ctx context.Context, uids []imap.UID) (safe int, err error) {
	sizes, err := v.sizes(uids)
	if err != nil {
		return 0, err
	}
	for safe < len(uids) {
		run := v.run(uids[safe:], sizes)
		done, err := v.fetchRun(ctx, run, sizes)
		safe += done
		if err != nil {
			return safe, err
		}
	}
	return safe, nil
}

// run is how many mails from the first on are fetched at once: as many as are moderate together.
func (v *visit) run(uids []imap.UID, sizes map[imap.UID]int64) []imap.UID {
	total := int64(0)
	for i, uid := range uids {
		if total += sizes[uid]; i > 0 && (total > batchBytes || sizes[uid] > v.MaxBytes) {
			return uids[:i]
		}
		if sizes[uid] > v.MaxBytes {
			return uids[:1]
		}
	}
	return uids
}

// sizes asks how large the mails are that are still there.
func (v *visit) sizes(uids []imap.UID) (map[imap.UID]int64, error) {
	sizes := map[imap.UID]int64{}
	err := v.within(func() error {
		all, err := v.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
		for _, m := range all {
			sizes[m.UID] = m.RFC822Size
		}
		return err
	})
	return sizes, err
}

// fetchRun fetches some mails by one command. BODY.PEEK leaves \Seen as it is.
func (v *visit) fetchRun(ctx context.Context, uids []imap.UID, sizes map[imap.UID]int64) (safe int, err error) {
	section := &imap.FetchItemBodySection{Peek: true}
	if sizes[uids[0]] > v.MaxBytes {
		section.Specifier = imap.PartSpecifierHeader
	}
	command := v.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}})
	defer func() {
		if v.spoiled {
			return
		}
		if closeErr := v.within(command.Close); err == nil && closeErr != nil {
			err = closeErr
		}
	}()
	mails := map[imap.UID]fetched{}
	for {
		f, ok, err := v.next(command)
		if err != nil {
			return safe, err
		}
		if !ok {
			break
		}
		mails[f.uid] = f
		for safe < len(uids) && mails[uids[safe]].raw != nil {
			if err := v.acceptFetched(ctx, mails[uids[safe]], sizes[uids[safe]]); err != nil {
				return safe, err
			}
			delete(mails, uids[safe])
			safe++
		}
	}
	return v.countGone(uids, safe, sizes)
}

// countGone decides about mails that the server did not send: those that no longer exist are done with.
func (v *visit) countGone(uids []imap.UID, safe int, sizes map[imap.UID]int64) (int, error) {
	if safe == len(uids) {
		return safe, nil
	}
	left, err := v.sizes(uids[safe : safe+1])
	if err != nil {
		return safe, err
	}
	if _, exists := left[uids[safe]]; exists {
		return safe, fault.New(fault.Refused, "%s did not send mail %d", v.Server.Host, uids[safe])
	}
	return safe + 1, nil
}

// next reads the next mail of a command. More than the limit is not kept in memory, whatever size the server had claimed.
func (v *visit) next(command *imapclient.FetchCommand) (f fetched, ok bool, err error) {
	err = v.within(func() error {
		m := command.Next()
		if m == nil {
			return nil
		}
		ok = true
		for item := m.Next(); item != nil; item = m.Next() {
			if err := v.note(&f, item); err != nil {
				return err
			}
		}
		return nil
	})
	return f, ok, err
}

func (v *visit) note(f *fetched, item imapclient.FetchItemData) error {
	switch item := item.(type) {
	case imapclient.FetchItemDataUID:
		f.uid = item.UID
	case imapclient.FetchItemDataInternalDate:
		f.at = item.Time
	case imapclient.FetchItemDataBodySection:
		return v.read(f, item)
	}
	return nil
}

func (v *visit) read(f *fetched, item imapclient.FetchItemDataBodySection) (err error) {
	f.raw = []byte{}
	if item.Literal == nil {
		return nil
	}
	f.raw, err = io.ReadAll(io.LimitReader(item.Literal, v.MaxBytes+1))
	if err != nil {
		v.spoiled = true // the library must not be asked for the rest of a mail that broke off: it reads on already
		return errors.Join(err, v.conn.Close())
	}
	f.full = item.Section.Specifier == imap.PartSpecifierNone && int64(len(f.raw)) <= v.MaxBytes
	return err
}

// acceptFetched hands a mail on: all of it, or its header with a note when it is too large for us or for the desk.
func (v *visit) acceptFetched(ctx context.Context, f fetched, size int64) error {
	if f.full {
		if v.Ours != nil && v.Ours(f.raw) {
			v.ours = append(v.ours, f.uid)
		}
		err := v.accept(ctx, f, f.raw)
		if !fault.Is(err, fault.TooLarge) {
			return err
		}
	}
	why := fmt.Sprintf("This mail is too large to be taken: %d MB. Only its header stands here. The mail itself is mail %d of %s and still on the server.",
		(max(size, int64(len(f.raw)))+1<<20-1)>>20, f.uid, v.Address)
	v.notice("%s", why)
	return v.accept(ctx, f, note(f.raw, why))
}

func (v *visit) accept(ctx context.Context, f fetched, raw []byte) error {
	at := v.Now()
	if !f.at.IsZero() && f.at.Before(at) {
		at = f.at
	}
	e := Envelope{To: []string{v.Address}, Remote: v.Server.Host, TLS: v.Server.Security != peer.Off, At: at}
	e.From, e.Unstated = returnPath(f.raw)
	return v.Accept(ctx, e, mail.Disown(raw, v.Domain))
}

// settle does on the server what the administrator wants done with mails that are safe here. What is there only because of us leaves.
func (v *visit) settle(uids []imap.UID) error {
	isOurs := func(uid imap.UID) bool { return slices.Contains(v.ours, uid) }
	if ours := slices.DeleteFunc(slices.Clone(uids), func(uid imap.UID) bool { return !isOurs(uid) }); len(ours) > 0 {
		if err := v.remove(imap.UIDSetNum(ours...)); err != nil {
			return err
		}
		uids = slices.DeleteFunc(slices.Clone(uids), isOurs)
		v.ours = nil
	}
	if len(uids) == 0 {
		return nil
	}
	set := imap.UIDSetNum(uids...)
	switch v.after.verb {
	case "seen":
		return v.flag(set, imap.FlagSeen)
	case "delete":
		return v.remove(set)
	case "move":
		return v.move(set)
	}
	return nil
}

func (v *visit) flag(set imap.UIDSet, flag imap.Flag) error {
	return v.within(v.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}, nil).Close)
}

// remove deletes exactly these. A server without UID EXPUNGE (RFC 4315) keeps them marked as deleted: a plain EXPUNGE would
// take other people's marked mails along.
func (v *visit) remove(set imap.UIDSet) error {
	if err := v.flag(set, imap.FlagDeleted); err != nil || !v.client.Caps().Has(imap.CapUIDPlus) {
		return err
	}
	return v.within(v.client.UIDExpunge(set).Close)
}

// move copies first and removes only what was copied, where the server has no MOVE of its own (RFC 6851).
func (v *visit) move(set imap.UIDSet) error {
	if v.client.Caps().Has(imap.CapMove) {
		return v.within(func() error { _, err := v.client.Move(set, v.after.folder).Wait(); return err })
	}
	if err := v.within(func() error { _, err := v.client.Copy(set, v.after.folder).Wait(); return err }); err != nil {
		return err
	}
	return v.remove(set)
}
