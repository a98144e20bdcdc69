-- When colleagues can have calls: what they wrote themselves, when they are away, and when calendars elsewhere say that they are busy.

-- +goose Up
CREATE TABLE call_hours (
	person_id INTEGER PRIMARY KEY REFERENCES people (id),
	hours     TEXT    NOT NULL, -- zone, week and single dates, as JSON
	saved_at  INTEGER NOT NULL
) STRICT;

-- Whole days of the colleague's own calendar, the last one included.
CREATE TABLE absences (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	person_id   INTEGER NOT NULL REFERENCES people (id),
	from_day    TEXT    NOT NULL,
	to_day      TEXT    NOT NULL CHECK (to_day >= from_day),
	note        TEXT    NOT NULL DEFAULT '',
	stand_in_id INTEGER REFERENCES people (id),
	created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX absences_of ON absences (person_id, to_day);

-- Until when somebody was away stood beside them. Nothing reads that column any more; it stays so that older backups can be restored.
INSERT INTO absences (person_id, from_day, to_day, created_at)
SELECT id, date(created_at / 1000000, 'unixepoch'), date(away_until / 1000000 - 1, 'unixepoch'), created_at FROM people
WHERE away_until > created_at + 86400000000;

-- A calendar that a colleague keeps elsewhere. Its address is a secret: whoever has it reads everything in it.
CREATE TABLE diaries (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	person_id  INTEGER NOT NULL REFERENCES people (id),
	name       TEXT    NOT NULL,
	host       TEXT    NOT NULL, -- of the address, to be shown
	secret     BLOB    NOT NULL, -- the address, sealed
	created_at INTEGER NOT NULL,
	due_at     INTEGER NOT NULL, -- when it is read next
	read_at    INTEGER, -- when it was read last with success
	tries      INTEGER NOT NULL DEFAULT 0, -- without success since then
	entries    INTEGER NOT NULL DEFAULT 0,
	unread     INTEGER NOT NULL DEFAULT 0, -- entries that could not be understood
	trouble    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX diaries_of ON diaries (person_id, id);
CREATE INDEX diaries_due ON diaries (due_at, id);

-- What it says: times, and nothing of what they are for.
CREATE TABLE diary_times (
	diary_id INTEGER NOT NULL REFERENCES diaries (id),
	from_at  INTEGER NOT NULL,
	to_at    INTEGER NOT NULL CHECK (to_at > from_at),
	PRIMARY KEY (diary_id, from_at)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE diary_times;
DROP TABLE diaries;
DROP TABLE absences;
DROP TABLE call_hours;
