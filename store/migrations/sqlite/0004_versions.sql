-- How a version of a policy comes to hold: who wrote it, what becomes of open tickets when it begins, and how customers hear of it.

-- +goose Up
ALTER TABLE brands ADD COLUMN two_people INTEGER NOT NULL DEFAULT 0 CHECK (two_people IN (0, 1)); -- a policy needs a second administrator
ALTER TABLE policy_versions ADD COLUMN written_by INTEGER REFERENCES people (id); -- NULL: whoever applied it
ALTER TABLE policy_versions ADD COLUMN moves INTEGER NOT NULL DEFAULT 0 CHECK (moves IN (0, 1)); -- open tickets go along when it begins to hold, and have not yet

-- Mails go to people in the order of their ids; reached is the last one. A row that still mails is taken up again by whoever looks next.
CREATE TABLE announcements (
	version_id  INTEGER PRIMARY KEY REFERENCES policy_versions (id),
	brand_id    INTEGER NOT NULL REFERENCES brands (id),
	website     INTEGER NOT NULL DEFAULT 0 CHECK (website IN (0, 1)),
	in_app      INTEGER NOT NULL DEFAULT 0 CHECK (in_app IN (0, 1)),
	mails       INTEGER NOT NULL DEFAULT 0 CHECK (mails IN (0, 1)),
	said_at     INTEGER NOT NULL,
	shown_until INTEGER NOT NULL,
	since       INTEGER NOT NULL, -- whoever wrote since then is mailed
	reached     INTEGER NOT NULL DEFAULT 0,
	mailed      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX announcements_shown ON announcements (brand_id, shown_until);

-- +goose Down
DROP TABLE announcements;
ALTER TABLE policy_versions DROP COLUMN moves;
ALTER TABLE policy_versions DROP COLUMN written_by;
ALTER TABLE brands DROP COLUMN two_people;
