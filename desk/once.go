package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"time"

	"hark/access"
	"hark/store"
)

// writing is what somebody wrote in a form: words, files, and the form's key.
type writing struct {
	html, text string
	files      []File
	key        string
}

// write makes words and files of what somebody wrote, and lets it happen in one transaction, once for one form.
func (d *Desk) write(ctx context.Context, a access.Actor, in writing, do func(*store.Tx, words, attachments, time.Time) (Done, error)) (result Done, err error) {
	w, err := wordsOf(in.html, in.text)
	if err != nil {
		return result, err
	}
	files, err := d.attached(ctx, in.files)
	if err != nil {
		return result, err
	}
	return d.once(ctx, a, withFiles(in.key, in.files), func(tx *store.Tx, now time.Time) (Done, error) { return do(tx, w, files, now) })
}

// withFiles makes another form of one that is sent again with other files. Otherwise whoever goes back to add the file they
// had forgotten would be told that it is sent, and the file would be nowhere.
func withFiles(key string, files []File) string {
	if key == "" {
		return ""
	}
	for _, f := range files {
		key += "/" + f.SHA256 + "/" + strconv.Quote(f.Name)
	}
	return key
}

// once does something in one transaction, for a form that may be sent several times: pressed twice, sent again after an error, or replayed by
// a browser (D7). The key comes from the form; the second time, what the first did is returned and nothing happens.
// Without a key it simply does it.
func (d *Desk) once(ctx context.Context, a access.Actor, key string, do func(*store.Tx, time.Time) (Done, error)) (result Done, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		result, err = onceIn(tx, a, key, now, func() (Done, error) { return do(tx, now) })
		return err
	})
	return result, err
}

func onceIn(tx *store.Tx, a access.Actor, key string, now time.Time, do func() (Done, error)) (Done, error) {
	if key == "" {
		return do()
	}
	name := formKey(a, key)
	first, earlier, err := tx.UseForm(name, a.Person, now)
	if err != nil {
		return Done{}, err
	}
	if !first {
		return again(tx, earlier)
	}
	result, err := do()
	if err != nil {
		return result, err
	}
	kept, err := json.Marshal(formResult{result.Ticket.ID, result.Audit, result.Comment, result.Until})
	if err != nil {
		return result, err
	}
	return result, tx.FinishForm(name, string(kept))
}

// formResult is what is remembered of a form that was worked on.
type formResult struct {
	Ticket, Audit, Comment int64
	Until                  time.Time
}

func again(tx *store.Tx, kept string) (Done, error) {
	var r formResult
	if err := json.Unmarshal([]byte(kept), &r); err != nil {
		return Done{}, err
	}
	t, err := tx.Ticket(access.Clock, r.Ticket)
	return Done{Ticket: t, Audit: r.Audit, Comment: r.Comment, Until: r.Until, Again: true}, err
}

// onceNumbered is once for what leads to a number alone: a call, a known problem. The key counts for this verb alone: one that
// another form has used is another key here.
func onceNumbered(tx *store.Tx, a access.Actor, verb, key string, now time.Time, do func() (int64, error)) (id int64, err error) {
	if key == "" {
		return do()
	}
	name := formKey(a, verb+"/"+key)
	first, earlier, err := tx.UseForm(name, a.Person, now)
	if err != nil {
		return 0, err
	}
	if !first {
		return strconv.ParseInt(earlier, 10, 64)
	}
	if id, err = do(); err != nil {
		return 0, err
	}
	return id, tx.FinishForm(name, itoa(id))
}

// formKey binds a form's key to whoever sends it, so that nobody can spend somebody else's.
func formKey(a access.Actor, key string) [32]byte {
	return sha256.Sum256([]byte(itoa(a.Person) + "/" + itoa(a.Ticket) + "/" + key))
}
