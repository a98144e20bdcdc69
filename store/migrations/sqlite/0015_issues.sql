-- Known problems, and the tickets that report them. A ticket belongs to one at most.

-- +goose Up
CREATE TABLE issues (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	title        TEXT    NOT NULL,
	happens      TEXT    NOT NULL,
	reach        TEXT    NOT NULL CHECK (reach IN ('system-wide', 'local')),
	severity     TEXT    NOT NULL CHECK (severity IN ('critical', 'serious', 'minor')),
	workaround   TEXT    NOT NULL,
	plan         TEXT    NOT NULL,
	horizon      TEXT    NOT NULL, -- in the policy's words
	estimate     TEXT, -- a day
	tracker      TEXT    NOT NULL,
	announcement TEXT    NOT NULL,
	state        TEXT    NOT NULL CHECK (state IN ('open', 'fixed')),
	customers    INTEGER NOT NULL DEFAULT 0, -- who have reported it, each counted once
	tickets      INTEGER NOT NULL DEFAULT 0,
	opened_at    INTEGER NOT NULL,
	fixed_at     INTEGER,
	fixed_by     INTEGER REFERENCES people (id),
	fixes        INTEGER NOT NULL DEFAULT 0, -- how often it was confirmed
	words        TEXT    NOT NULL -- by which it is found
) STRICT;
CREATE INDEX issues_open ON issues (customers DESC, id DESC) WHERE state = 'open';
CREATE INDEX issues_fixed ON issues (fixed_at DESC, id DESC) WHERE state = 'fixed';

CREATE TABLE issue_tickets (
	ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id),
	issue_id  INTEGER NOT NULL REFERENCES issues (id),
	linked_at INTEGER NOT NULL,
	linked_by INTEGER REFERENCES people (id),
	tell_at   INTEGER, -- from when its policy is to hear of the fix; NULL when there is nothing to tell
	told_at   INTEGER  -- when it last did
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_tickets_of ON issue_tickets (issue_id, ticket_id);
CREATE INDEX issue_tickets_tell ON issue_tickets (tell_at, ticket_id) WHERE tell_at IS NOT NULL;

-- What became different, and who said so. Rows are only added.
CREATE TABLE issue_changes (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	issue_id  INTEGER NOT NULL REFERENCES issues (id),
	person_id INTEGER REFERENCES people (id),
	at        INTEGER NOT NULL,
	what      TEXT    NOT NULL,
	was       TEXT    NOT NULL,
	becomes   TEXT    NOT NULL
) STRICT;
CREATE INDEX issue_changes_of ON issue_changes (issue_id, id);

-- +goose Down
DROP TABLE issue_changes;
DROP TABLE issue_tickets;
DROP TABLE issues;
