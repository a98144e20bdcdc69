-- How a version of a policy comes to hold: who wrote it, what becomes of open tickets when it begins, and how customers hear of it.

-- +goose Up
ALTER TABLE brands ADD COLUMN two_people BOOLEAN NOT NULL DEFAULT false; -- a policy needs a second administrator
ALTER TABLE policy_versions ADD COLUMN written_by BIGINT REFERENCES people (id); -- NULL: whoever applied it
ALTER TABLE policy_versions ADD COLUMN moves BOOLEAN NOT NULL DEFAULT false; -- open tickets go along when it begins to hold, and have not yet

-- Mails go to people in the order of their ids; reached is the last one. A row that still mails is taken up again by whoever looks next.
CREATE TABLE announcements (
	version_id  BIGINT PRIMARY KEY REFERENCES policy_versions (id),
	brand_id    BIGINT NOT NULL REFERENCES brands (id),
	website     BOOLEAN NOT NULL DEFAULT false,
	in_app      BOOLEAN NOT NULL DEFAULT false,
	mails       BOOLEAN NOT NULL DEFAULT false,
	said_at     BIGINT NOT NULL,
	shown_until BIGINT NOT NULL,
	since       BIGINT NOT NULL, -- whoever wrote since then is mailed
	reached     BIGINT NOT NULL DEFAULT 0,
	mailed      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX announcements_shown ON announcements (brand_id, shown_until);

-- +goose Down
DROP TABLE announcements;
ALTER TABLE policy_versions DROP COLUMN moves;
ALTER TABLE policy_versions DROP COLUMN written_by;
ALTER TABLE brands DROP COLUMN two_people;
