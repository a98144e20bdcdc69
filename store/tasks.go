package store

import (
	"time"

	"hark/access"
)

// Task is something a person should do about a ticket, which the policy asked for. Its key is unique, so asking twice
// makes one task.
type Task struct {
	ID      int64
	Key     string
	Ticket  int64
	Says    string
	Rule    string
	Created time.Time
	Due     time.Time // zero when it has no time
	Done    time.Time // zero while it is open
	DoneBy  int64
}

// AddTask stores a task and sets its ID. It reports false when one with the same key is there.
func (tx *Tx) AddTask(t *Task) (added bool, err error) {
	t.ID, err = tx.insert(`
		INSERT INTO tasks (key, ticket_id, says, rule, created_at, due_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO NOTHING
		RETURNING id`, t.Key, ref(t.Ticket), t.Says, t.Rule, t.Created, t.Due)
	if err != nil || t.ID != 0 {
		return err == nil, err
	}
	_, err = tx.get([]any{&t.ID}, `SELECT id FROM tasks WHERE key = $1`, t.Key)
	return false, err
}

const selectTask = `
	SELECT
		k.id,
		k.key,
		k.ticket_id,
		k.says,
		k.rule,
		k.created_at,
		k.due_at,
		k.done_at,
		k.done_by
	FROM tasks k
	JOIN tickets t ON t.id = k.ticket_id
	`

func (tx *Tx) tasks(a access.Actor, q *query) (all []Task, err error) {
	if !a.Staff() {
		return nil, nil
	}
	var t Task
	err = tx.each([]any{
		&t.ID,
		&t.Key,
		&t.Ticket,
		&t.Says,
		&t.Rule,
		&t.Created,
		&t.Due,
		&t.Done,
		&t.DoneBy,
	}, func() error { all = append(all, t); return nil }, q.String(), q.args...)
	return all, err
}

// Tasks returns a ticket's tasks to staff, open ones first.
func (tx *Tx) Tasks(a access.Actor, ticketID int64) ([]Task, error) {
	q := (&query{}).add(selectTask+`WHERE k.ticket_id = ? AND `, ticketID).visible(a)
	return tx.tasks(a, q.add(" ORDER BY k.done_at IS NOT NULL, k.id"))
}

// OpenTasks returns one page of open tasks of tickets that the actor may see, oldest first.
func (tx *Tx) OpenTasks(a access.Actor, after string, size int) (page Page[Task], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	n := limit(size)
	q := (&query{}).add(selectTask + `WHERE k.done_at IS NULL AND `).visible(a)
	q.add(" AND k.id > ?", at.ID).add(" ORDER BY k.id LIMIT ?", n+1)
	all, err := tx.tasks(a, q)
	return cut(all, n, func(t Task) cursor { return cursor{ID: t.ID} }), err
}

// DoTask marks an open task of that ticket as done. [fault.NotFound] when the ticket has no such open task.
func (tx *Tx) DoTask(ticketID, id, person int64, now time.Time) error {
	n, err := tx.exec(`
		UPDATE tasks SET done_at = $1, done_by = $2
		WHERE id = $3 AND ticket_id = $4 AND done_at IS NULL`, now, ref(person), id, ticketID)
	if err == nil && n == 0 {
		err = absent("open task")
	}
	return err
}
