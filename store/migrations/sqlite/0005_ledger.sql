-- The ledger of what customers were promised, and two things about tickets that reports count.

-- +goose Up

-- A row repeats one target or phase of tickets.memory, so that it can be counted; it can always be made again from there.
CREATE TABLE promises (
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	measure   TEXT    NOT NULL,
	number    INTEGER NOT NULL CHECK (number > 0), -- the first, second, ... of its measure on the ticket
	brand_id  INTEGER NOT NULL REFERENCES brands (id),
	rule      TEXT    NOT NULL,
	strength  TEXT    NOT NULL,
	policy_id INTEGER REFERENCES policy_versions (id),
	given_at  INTEGER NOT NULL,
	due_at    INTEGER NOT NULL,
	done_at   INTEGER,
	state     TEXT    NOT NULL CHECK (state IN ('running', 'paused', 'kept', 'missed', 'excluded')),
	why       TEXT    NOT NULL,
	PRIMARY KEY (ticket_id, measure, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX promises_given ON promises (brand_id, given_at, measure, rule, strength, state); -- all that is counted

ALTER TABLE tickets ADD COLUMN level TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE tickets DROP COLUMN reopened;
ALTER TABLE tickets DROP COLUMN level;
DROP TABLE promises;
