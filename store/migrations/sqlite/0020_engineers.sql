-- The engineers' trackers that the desk speaks with, what known problems are called there, and what is still to be said there.

-- +goose Up

-- A brand has one at most, and those without have the one of the house. One that was taken out stays, without its token.
CREATE TABLE trackers (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id INTEGER REFERENCES brands (id), -- NULL for the house
	kind     TEXT    NOT NULL CHECK (kind IN ('github', 'gitlab', 'jira')),
	base     TEXT    NOT NULL,
	project  TEXT    NOT NULL,
	account  TEXT    NOT NULL,
	secret   BLOB, -- the token, sealed
	since    INTEGER NOT NULL,
	since_by INTEGER REFERENCES people (id),
	heard_at INTEGER, -- when a signed delivery came last
	ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX trackers_of ON trackers ((coalesce(brand_id, 0))) WHERE ended_at IS NULL;

-- A known problem has one entry at most; several may share one.
CREATE TABLE issue_entries (
	issue_id       INTEGER PRIMARY KEY REFERENCES issues (id),
	tracker_id     INTEGER NOT NULL REFERENCES trackers (id),
	name           TEXT    NOT NULL, -- 812, SHOP-812
	url            TEXT    NOT NULL,
	state          TEXT    NOT NULL CHECK (state IN ('', 'open', 'closed')), -- '' while nothing was heard
	says           TEXT    NOT NULL, -- the state in their words
	at             INTEGER, -- since when, by their clock
	asks           INTEGER NOT NULL DEFAULT 0 CHECK (asks IN (0, 1)), -- closed there, and nobody has looked yet whether it works
	told_customers INTEGER NOT NULL, -- how the problem stood when they were told of it last
	told_severity  TEXT    NOT NULL,
	told_state     TEXT    NOT NULL,
	told_at        INTEGER NOT NULL,
	comments       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_entries_name ON issue_entries (tracker_id, name);

-- What is still to be said or asked there. The key makes each happen once; the lease keeps two workers from doing it at a time.
CREATE TABLE errands (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	key         TEXT    NOT NULL UNIQUE,
	issue_id    INTEGER NOT NULL REFERENCES issues (id),
	tracker_id  INTEGER NOT NULL REFERENCES trackers (id),
	what        TEXT    NOT NULL CHECK (what IN ('open', 'read', 'comment')),
	title       TEXT    NOT NULL DEFAULT '',
	text        TEXT    NOT NULL DEFAULT '',
	mark        TEXT    NOT NULL,
	person_id   INTEGER REFERENCES people (id), -- who wants it, NULL for the desk itself
	customers   INTEGER NOT NULL DEFAULT 0, -- how the problem stood when this was written
	severity    TEXT    NOT NULL DEFAULT '',
	state       TEXT    NOT NULL DEFAULT '',
	created_at  INTEGER NOT NULL,
	due_at      INTEGER, -- NULL when there is nothing left to do
	tries       INTEGER NOT NULL DEFAULT 0,
	tried_at    INTEGER, -- when it was tried first: from then on it may have arrived
	done_at     INTEGER,
	trouble     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX errands_due ON errands (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX errands_of ON errands (issue_id, what, id);

-- +goose Down
DROP TABLE errands;
DROP TABLE issue_entries;
DROP TABLE trackers;
