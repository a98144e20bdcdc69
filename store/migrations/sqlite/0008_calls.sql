-- Calls that were booked through tickets, and times that are kept for a moment while somebody decides.

-- +goose Up
CREATE TABLE calls (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket_id    INTEGER NOT NULL REFERENCES tickets (id),
	host_id      INTEGER NOT NULL REFERENCES people (id),
	guest_id     INTEGER NOT NULL REFERENCES people (id),
	state        TEXT    NOT NULL CHECK (state IN ('held', 'booked', 'done', 'cancelled')),
	start_at     INTEGER NOT NULL,
	end_at       INTEGER NOT NULL CHECK (end_at > start_at),
	free_at      INTEGER NOT NULL CHECK (free_at >= end_at), -- the end, and the gap the policy keeps after it
	until_at     INTEGER, -- how long a held time is kept
	uid          TEXT    NOT NULL UNIQUE, -- in calendars; it never changes
	sequence     INTEGER NOT NULL DEFAULT 0,
	phone        TEXT    NOT NULL DEFAULT '',
	zone         TEXT    NOT NULL DEFAULT '', -- in which the guest reads clocks
	exception    INTEGER NOT NULL DEFAULT 0 CHECK (exception IN (0, 1)),
	answer       TEXT    NOT NULL DEFAULT '' CHECK (answer IN ('', 'accepted', 'tentative', 'declined')),
	answer_says  TEXT    NOT NULL DEFAULT '',
	proposed_at  INTEGER, -- the time the guest would rather have
	outcome      TEXT    NOT NULL DEFAULT '',
	result       TEXT    NOT NULL DEFAULT '',
	ended_at     INTEGER,
	created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX calls_of_ticket ON calls (ticket_id, id);
CREATE INDEX calls_to_come ON calls (start_at, id) WHERE state IN ('held', 'booked');
CREATE INDEX calls_of_host ON calls (host_id, free_at) WHERE state IN ('held', 'booked');
CREATE UNIQUE INDEX calls_one_booked ON calls (ticket_id) WHERE state = 'booked';
CREATE UNIQUE INDEX calls_one_held ON calls (ticket_id) WHERE state = 'held';

-- The secret address of a calendar of calls; only its hash is kept. One person has one, and a new one ends it.
CREATE TABLE call_feeds (
	person_id  INTEGER PRIMARY KEY REFERENCES people (id),
	hash       BLOB    NOT NULL UNIQUE,
	created_at INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE call_feeds;
DROP TABLE calls;
