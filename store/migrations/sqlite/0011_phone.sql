-- Telephone calls as they happen, and how far somebody has come with a procedure.

-- +goose Up

-- One person's way through a procedure. It is its answers; where it stands is worked out from them, by the version of the policy
-- that it began with.
CREATE TABLE procedure_runs (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id  INTEGER NOT NULL REFERENCES brands (id),
	policy_id INTEGER NOT NULL REFERENCES policy_versions (id),
	procedure TEXT    NOT NULL CHECK (procedure <> ''),
	answers   TEXT    NOT NULL DEFAULT '[]',
	facts     TEXT    NOT NULL DEFAULT '{}', -- what was known of the caller when somebody chose them
	step      TEXT    NOT NULL DEFAULT '',   -- where it stands, repeated so that lists can say it
	ended     TEXT    NOT NULL DEFAULT '',
	began_at  INTEGER NOT NULL,
	ended_at  INTEGER
) STRICT;

CREATE TABLE phone_calls (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	direction    TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
	number       TEXT    NOT NULL DEFAULT '', -- E.164, '' when nobody knows it
	attested     INTEGER NOT NULL DEFAULT 0 CHECK (attested IN (0, 1)), -- the network vouches for the number; it still says nothing about who speaks
	external_id  TEXT    NOT NULL DEFAULT '', -- the exchange's name of the call
	state        TEXT    NOT NULL CHECK (state IN ('ringing', 'open', 'parked', 'over', 'recorded', 'missed')),
	agent_id     INTEGER REFERENCES people (id),
	team_id      INTEGER REFERENCES teams (id), -- it was handed to
	reason       TEXT    NOT NULL DEFAULT '',   -- why it is parked or was handed over
	run_id       INTEGER REFERENCES procedure_runs (id),
	person_id    INTEGER REFERENCES people (id), -- who is calling, once somebody has chosen them
	about        TEXT    NOT NULL DEFAULT '',   -- what it is about: 'licence:12', or '' for the person alone
	site         TEXT    NOT NULL DEFAULT '',   -- the same in words
	found_by     TEXT    NOT NULL DEFAULT '',
	grade        TEXT    NOT NULL DEFAULT '' CHECK (grade IN ('', 'claimed', 'matched', 'verified')),
	level        TEXT    NOT NULL DEFAULT '',
	level_row    TEXT    NOT NULL DEFAULT '',
	because      TEXT    NOT NULL DEFAULT '',
	problem      TEXT    NOT NULL DEFAULT '',
	outcome      TEXT    NOT NULL DEFAULT '',
	note         TEXT    NOT NULL DEFAULT '',
	ticket_id    INTEGER REFERENCES tickets (id),
	began_at     INTEGER NOT NULL,
	answered_at  INTEGER,
	ended_at     INTEGER,
	recorded_at  INTEGER,
	task         TEXT    NOT NULL DEFAULT '', -- what the outcome asks of somebody
	task_done_at INTEGER,
	CHECK (state <> 'recorded' OR recorded_at IS NOT NULL)
) STRICT;
CREATE INDEX phone_calls_began ON phone_calls (began_at, id);
CREATE INDEX phone_calls_agent ON phone_calls (agent_id, id) WHERE state IN ('ringing', 'open', 'parked', 'over');
CREATE INDEX phone_calls_team ON phone_calls (team_id, id) WHERE state = 'parked';
CREATE INDEX phone_calls_person ON phone_calls (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX phone_calls_ticket ON phone_calls (ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX phone_calls_task ON phone_calls (id) WHERE task <> '' AND task_done_at IS NULL;
CREATE UNIQUE INDEX phone_calls_external ON phone_calls (external_id) WHERE external_id <> '';

-- What happened on a call, line by line. Only ever added to.
CREATE TABLE phone_events (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	call_id   INTEGER NOT NULL REFERENCES phone_calls (id),
	author_id INTEGER REFERENCES people (id), -- NULL: the exchange, or time
	at        INTEGER NOT NULL,
	what      TEXT    NOT NULL CHECK (what <> ''),
	says      TEXT    NOT NULL
) STRICT;
CREATE INDEX phone_events_of ON phone_events (call_id, id);

-- The mails that left during a call.
CREATE TABLE phone_mails (
	outgoing_id INTEGER PRIMARY KEY REFERENCES outgoing (id),
	call_id     INTEGER NOT NULL REFERENCES phone_calls (id),
	step        TEXT    NOT NULL,
	message     TEXT    NOT NULL
) STRICT;
CREATE INDEX phone_mails_of ON phone_mails (call_id, outgoing_id);

-- What an exchange has told, each once, in whatever order it came.
CREATE TABLE phone_signals (
	external_id TEXT    NOT NULL CHECK (external_id <> ''),
	event       TEXT    NOT NULL CHECK (event <> ''),
	what        TEXT    NOT NULL CHECK (what IN ('ringing', 'answered', 'ended')),
	at          INTEGER NOT NULL,
	PRIMARY KEY (external_id, event)
) STRICT, WITHOUT ROWID;

-- The first line: they route cases and send prepared messages, and do not answer in their own words. To whatever does not know
-- the role they are light agents, who may do less.
ALTER TABLE people ADD COLUMN first_line INTEGER NOT NULL DEFAULT 0 CHECK (first_line IN (0, 1));

-- +goose Down
ALTER TABLE people DROP COLUMN first_line;
DROP TABLE phone_signals;
DROP TABLE phone_mails;
DROP TABLE phone_events;
DROP TABLE phone_calls;
DROP TABLE procedure_runs;
