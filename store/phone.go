package store

import (
	"fmt"
	"time"

	"hark/access"
)

// PhoneCall is one telephone call as it happens: with a ticket or without, with a known caller or without. It is a record of
// its own (seed 001), and its number never makes a person.
type PhoneCall struct {
	ID        int64
	Brand     int64
	Direction string // in, out
	Number    string // E.164, "" when nobody knows it
	Attested  bool   // the network vouches for the number; it still says nothing about who speaks
	External  string // the exchange's name of the call, "" when there is no exchange
	State     PhoneState
	Agent     int64
	Team      int64  // it was handed to
	Reason    string // why it is parked or was handed over
	Run       int64
	Person    int64  // the caller, once somebody has chosen them
	About     string // what it is about: "licence:12"; "" for the person alone
	Site      string // the same in words
	FoundBy   string
	Grade     string // how sure one is of the caller: claimed, matched, verified; "" while nobody is chosen
	SureBy    string // what has proved it: code, page; "" while nothing has
	Level     string
	Row       string // of the table of levels that decided
	Because   string
	Problem   string
	Outcome   string
	Note      string
	Ticket    int64
	Began     time.Time
	Answered  time.Time
	Ended     time.Time
	Recorded  time.Time
	Task      string // what the outcome asks of somebody
	TaskDone  time.Time

	AgentName string // read with it, never written
	Caller    string
	TeamName  string
}

// PhoneState is how a call stands.
type PhoneState string

const (
	PhoneRinging  PhoneState = "ringing"
	PhoneOpen     PhoneState = "open"
	PhoneParked   PhoneState = "parked"
	PhoneOver     PhoneState = "over" // the line is closed, and nobody has confirmed the record yet
	PhoneRecorded PhoneState = "recorded"
	PhoneMissed   PhoneState = "missed" // nobody here answered
)

// Elsewhere reports whether somebody answered a call at a telephone that is nobody's here.
func (c PhoneCall) Elsewhere() bool { return c.State == PhoneMissed && !c.Answered.IsZero() }

// Standing is how a call stands and who has it, as a page that offers to take it up remembers it. While it rings nobody has it, whosever
// telephone that is at.
func (c PhoneCall) Standing() string {
	if c.State == PhoneRinging {
		return string(c.State)
	}
	return fmt.Sprintf("%s by %d, %d", c.State, c.Agent, c.Team)
}

// Length is how long they spoke, so far when the call goes on.
func (c PhoneCall) Length(now time.Time) time.Duration {
	from, to := c.Answered, c.Ended
	if from.IsZero() {
		return 0
	}
	if to.IsZero() {
		to = now
	}
	return max(0, to.Sub(from))
}

// ProcedureRun is how far somebody has come with a procedure: the answers, by the version of the policy it began with.
type ProcedureRun struct {
	ID        int64
	Brand     int64
	Ticket    int64 // whose review it is, 0 for a call
	Policy    int64
	Procedure string
	Answers   []PhoneAnswer
	Facts     map[string]any
	Step      string
	Ended     string
	Began     time.Time
	EndedAt   time.Time
}

// PhoneAnswer is one answer of a run as it is kept.
type PhoneAnswer struct {
	Step string         `json:"step"`
	Key  string         `json:"key"`
	Said map[string]any `json:"said,omitempty"`
	At   time.Time      `json:"at"`
	By   int64          `json:"by,omitempty"`
}

// PhoneEvent is one line of what happened on a call.
type PhoneEvent struct {
	ID     int64
	Call   int64
	Author int64 // 0: the exchange, or time
	Name   string
	At     time.Time
	What   string
	Says   string
}

// PhoneMail is a mail that left during a call. One without a message carries a code, which its reader alone may see.
type PhoneMail struct {
	Outgoing
	Step    string
	Message string
}

const selectPhoneCall = `
	SELECT
		c.id, c.brand_id, c.direction, c.number, c.attested, c.external_id, c.state,
		c.agent_id, c.team_id, c.reason, c.run_id, c.person_id, c.about, c.site, c.found_by, c.grade, c.sure_by,
		c.level, c.level_row, c.because, c.problem, c.outcome, c.note, c.ticket_id,
		c.began_at, c.answered_at, c.ended_at, c.recorded_at, c.task, c.task_done_at,
		coalesce(nullif(a.name, ''), a.email, ''), coalesce(nullif(p.name, ''), p.email, ''), coalesce(g.name, '')
	FROM phone_calls c
	LEFT JOIN people a ON a.id = c.agent_id
	LEFT JOIN people p ON p.id = c.person_id
	LEFT JOIN teams g ON g.id = c.team_id
	`

func (tx *Tx) phoneCalls(q *query) (all []PhoneCall, err error) {
	var c PhoneCall
	err = tx.each([]any{
		&c.ID, &c.Brand, &c.Direction, &c.Number, &c.Attested, &c.External, &c.State,
		&c.Agent, &c.Team, &c.Reason, &c.Run, &c.Person, &c.About, &c.Site, &c.FoundBy, &c.Grade, &c.SureBy,
		&c.Level, &c.Row, &c.Because, &c.Problem, &c.Outcome, &c.Note, &c.Ticket,
		&c.Began, &c.Answered, &c.Ended, &c.Recorded, &c.Task, &c.TaskDone,
		&c.AgentName, &c.Caller, &c.TeamName,
	}, func() error { all = append(all, c); return nil }, q.String(), q.args...)
	return all, err
}

// hearsCalls appends the condition that decides who may know of telephone calls: whoever answers the phone knows of all of
// them, because whoever rings is given to anybody; nobody else of any.
func (q *query) hearsCalls(a access.Actor) *query {
	if access.May(a, access.TakeCalls) {
		return q.add("1 = 1")
	}
	return q.add("1 = 0")
}

func (tx *Tx) onePhoneCall(q *query) (PhoneCall, error) {
	all, err := tx.phoneCalls(q)
	if err == nil && len(all) == 0 {
		err = absent("call")
	}
	if err != nil {
		return PhoneCall{}, err
	}
	return all[0], nil
}

// PhoneCall returns a call to whoever answers the phone.
func (tx *Tx) PhoneCall(a access.Actor, id int64) (PhoneCall, error) {
	return tx.onePhoneCall((&query{}).add(selectPhoneCall+`WHERE c.id = ? AND `, id).hearsCalls(a))
}

// PhoneCallForUpdate is PhoneCall for somebody about to change it: on PostgreSQL others wait.
func (tx *Tx) PhoneCallForUpdate(a access.Actor, id int64) (PhoneCall, error) {
	return tx.onePhoneCall((&query{}).add(selectPhoneCall+`WHERE c.id = ? AND `, id).hearsCalls(a).lock(tx, "OF c"))
}

// PhoneCallNamed returns the call that an exchange knows by a name.
func (tx *Tx) PhoneCallNamed(external string) (PhoneCall, error) {
	if external == "" {
		return PhoneCall{}, absent("call")
	}
	return tx.onePhoneCall((&query{}).add(selectPhoneCall+`WHERE c.external_id = ? AND c.external_id <> ''`, external).lock(tx, "OF c"))
}

// PhoneFilter says which calls a list shows; the zero value shows all.
type PhoneFilter struct {
	Agent   int64
	Person  int64
	Ticket  int64
	Level   string
	Outcome string
	Tasks   bool         // with something left to do
	Unheard bool         // nobody answered, here or elsewhere
	States  []PhoneState // any of these
	Since   time.Time
	After   string
	Limit   int
}

// PhoneCalls returns one page of calls, the newest first, to whoever answers the phone.
func (tx *Tx) PhoneCalls(a access.Actor, f PhoneFilter) (page Page[PhoneCall], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	n := limit(f.Limit)
	q := f.narrow((&query{}).add(selectPhoneCall + `WHERE `).hearsCalls(a))
	if at.ID != 0 {
		q.add(" AND c.id < ?", at.ID)
	}
	all, err := tx.phoneCalls(q.add(" ORDER BY c.id DESC LIMIT ?", n+1))
	return cut(all, n, func(c PhoneCall) cursor { return cursor{ID: c.ID} }), err
}

func (f PhoneFilter) narrow(q *query) *query {
	for _, by := range []struct {
		column string
		id     int64
	}{{"c.agent_id", f.Agent}, {"c.person_id", f.Person}, {"c.ticket_id", f.Ticket}} {
		if by.id != 0 {
			q.add(" AND "+by.column+" = ?", by.id)
		}
	}
	if f.Level != "" {
		q.add(" AND c.level = ?", f.Level)
	}
	if f.Outcome != "" {
		q.add(" AND c.outcome = ?", f.Outcome)
	}
	if f.Tasks {
		q.add(" AND c.task <> '' AND c.task_done_at IS NULL")
	}
	if f.Unheard {
		q.add(" AND c.state = 'missed' AND c.answered_at IS NULL")
	}
	if !f.Since.IsZero() {
		q.add(" AND c.began_at >= ?", f.Since)
	}
	for i, state := range f.States {
		q.add([]string{" AND (c.state = ?", " OR c.state = ?"}[min(i, 1)], string(state))
	}
	if len(f.States) > 0 {
		q.add(")")
	}
	return q
}

// OpenPhoneCalls returns what waits for somebody: their own calls that are not recorded, those handed to a team of theirs, and those that
// rang since an instant, at them or at nobody in particular.
func (tx *Tx) OpenPhoneCalls(a access.Actor, since time.Time) ([]PhoneCall, error) {
	q := (&query{}).add(selectPhoneCall + `WHERE `).hearsCalls(a)
	q.add(` AND (c.agent_id = ? AND c.state IN ('open', 'parked', 'over')`, a.Person)
	q.add(` OR c.agent_id IS NULL AND c.state = 'parked' AND `).in("c.team_id", a.Groups)
	q.add(` OR c.state = 'ringing' AND (c.agent_id = ? OR c.agent_id IS NULL AND c.team_id IS NULL) AND `+rangLast+` >= ?`, a.Person, since)
	return tx.phoneCalls(q.add(`) ORDER BY c.id DESC LIMIT ?`, mostLimit))
}

// InsertPhoneCall stores a new call and sets its ID.
func (tx *Tx) InsertPhoneCall(c *PhoneCall) (err error) {
	c.ID, err = tx.insert(`
		INSERT INTO phone_calls (brand_id, direction, number, attested, external_id, state, agent_id, began_at, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		RETURNING id`,
		c.Brand, c.Direction, c.Number, c.Attested, c.External, c.State, ref(c.Agent), c.Began, c.Answered)
	tx.CallChanged(c.ID)
	return err
}

// SavePhoneCall stores a call as it stands now.
func (tx *Tx) SavePhoneCall(c *PhoneCall) error {
	tx.CallChanged(c.ID)
	_, err := tx.exec(`
		UPDATE phone_calls SET
			number = $1, attested = $2, state = $3, agent_id = $4, team_id = $5, reason = $6, run_id = $7,
			person_id = $8, about = $9, site = $10, found_by = $11, grade = $12,
			level = $13, level_row = $14, because = $15, problem = $16, outcome = $17, note = $18, ticket_id = $19,
			began_at = $20, answered_at = $21, ended_at = $22, recorded_at = $23, task = $24, task_done_at = $25,
			brand_id = $26, direction = $27, sure_by = $28
		WHERE id = $29`,
		c.Number, c.Attested, c.State, ref(c.Agent), ref(c.Team), c.Reason, ref(c.Run),
		ref(c.Person), c.About, c.Site, c.FoundBy, c.Grade,
		c.Level, c.Row, c.Because, c.Problem, c.Outcome, c.Note, ref(c.Ticket),
		c.Began, c.Answered, c.Ended, c.Recorded, c.Task, c.TaskDone,
		c.Brand, c.Direction, c.SureBy, c.ID)
	return err
}

// ParkPhoneCalls parks the open calls of an agent but one, and returns which.
func (tx *Tx) ParkPhoneCalls(agent, except int64, reason string) ([]int64, error) {
	parked, err := tx.ids(`
		UPDATE phone_calls SET state = 'parked', reason = $1
		WHERE agent_id = $2 AND state = 'open' AND id <> $3
		RETURNING id`, reason, agent, except)
	for _, id := range parked {
		tx.CallChanged(id)
	}
	return parked, err
}

// ProcedureRun returns a run.
func (tx *Tx) ProcedureRun(id int64) (ProcedureRun, error) { return tx.procedureRun("id", id) }

// ReviewOf returns the run in which the case of a ticket was reviewed; [fault.NotFound] while nobody has begun. It is for whoever has read
// the ticket.
func (tx *Tx) ReviewOf(ticketID int64) (ProcedureRun, error) {
	return tx.procedureRun("ticket_id", ticketID)
}

func (tx *Tx) procedureRun(by string, id int64) (r ProcedureRun, err error) {
	found, err := tx.get([]any{&r.ID, &r.Brand, &r.Ticket, &r.Policy, &r.Procedure, outJSON{&r.Answers}, outJSON{&r.Facts}, &r.Step, &r.Ended, &r.Began, &r.EndedAt}, `
		SELECT id, brand_id, ticket_id, policy_id, procedure, answers, facts, step, ended, began_at, ended_at
		FROM procedure_runs
		WHERE `+by+` = $1`, id)
	if err == nil && !found {
		err = absent("run")
	}
	return r, err
}

// SaveProcedureRun stores a run, new when its ID is 0.
func (tx *Tx) SaveProcedureRun(r *ProcedureRun) (err error) {
	if r.Answers == nil {
		r.Answers = []PhoneAnswer{}
	}
	if r.Facts == nil {
		r.Facts = map[string]any{}
	}
	if r.ID == 0 {
		r.ID, err = tx.insert(`
			INSERT INTO procedure_runs (brand_id, ticket_id, policy_id, procedure, answers, facts, step, ended, began_at, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			RETURNING id`, r.Brand, ref(r.Ticket), r.Policy, r.Procedure, inJSON{r.Answers}, inJSON{r.Facts}, r.Step, r.Ended, r.Began, r.EndedAt)
		return err
	}
	_, err = tx.exec(`
		UPDATE procedure_runs SET answers = $1, facts = $2, step = $3, ended = $4, ended_at = $5
		WHERE id = $6`, inJSON{r.Answers}, inJSON{r.Facts}, r.Step, r.Ended, r.EndedAt, r.ID)
	return err
}

// AddPhoneEvent adds a line to what happened on a call.
func (tx *Tx) AddPhoneEvent(e *PhoneEvent) (err error) {
	e.ID, err = tx.insert(`
		INSERT INTO phone_events (call_id, author_id, at, what, says)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, e.Call, ref(e.Author), e.At, e.What, e.Says)
	return err
}

// PhoneEvents returns what happened on a call, oldest first, to whoever answers the phone.
func (tx *Tx) PhoneEvents(a access.Actor, call int64) (all []PhoneEvent, err error) {
	var e PhoneEvent
	q := (&query{}).add(`
		SELECT e.id, e.call_id, e.author_id, coalesce(nullif(p.name, ''), p.email, ''), e.at, e.what, e.says
		FROM phone_events e
		LEFT JOIN people p ON p.id = e.author_id
		WHERE e.call_id = ? AND `, call).hearsCalls(a).add(` ORDER BY e.id`)
	err = tx.each([]any{&e.ID, &e.Call, &e.Author, &e.Name, &e.At, &e.What, &e.Says}, func() error { all = append(all, e); return nil }, q.String(), q.args...)
	return all, err
}

// AddPhoneMail notes that a mail belongs to a call.
func (tx *Tx) AddPhoneMail(call, outgoing int64, step, message string) error {
	_, err := tx.exec(`
		INSERT INTO phone_mails (outgoing_id, call_id, step, message)
		VALUES ($1, $2, $3, $4)`, outgoing, call, step, message)
	return err
}

// PhoneMails returns the mails of a call, oldest first, to whoever answers the phone.
func (tx *Tx) PhoneMails(a access.Actor, call int64) (all []PhoneMail, err error) {
	var m PhoneMail
	places := map[int64]PhoneMail{}
	q := (&query{}).add(`SELECT m.outgoing_id, m.step, m.message FROM phone_mails m WHERE m.call_id = ? AND `, call).hearsCalls(a)
	err = tx.each([]any{&m.ID, &m.Step, &m.Message}, func() error { places[m.ID] = m; return nil }, q.String(), q.args...)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	sent, err := tx.outgoing((&query{}).add(selectOutgoing+`WHERE o.id IN (SELECT outgoing_id FROM phone_mails WHERE call_id = ?) ORDER BY o.id`, call))
	for _, o := range sent {
		all = append(all, PhoneMail{Outgoing: o, Step: places[o.ID].Step, Message: places[o.ID].Message})
	}
	return all, err
}

// CallOfMail returns the call during which a mail left, 0 for every other mail.
func (tx *Tx) CallOfMail(outgoing int64) (call int64, err error) {
	_, err = tx.get([]any{&call}, `SELECT call_id FROM phone_mails WHERE outgoing_id = $1`, outgoing)
	return call, err
}
