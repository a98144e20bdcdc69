-- What changed about orders, licences and plans: who said so, when, from what to what. Rows are only added.

-- +goose Up
CREATE TABLE owned_changes (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	about     TEXT    NOT NULL, -- 'licence:12', 'order:3', 'subscription:4'
	what      TEXT    NOT NULL, -- 'owner', 'site', ... or 'added'
	was       TEXT    NOT NULL,
	becomes   TEXT    NOT NULL,
	source    TEXT    NOT NULL, -- hand, import, shop
	person_id INTEGER REFERENCES people (id), -- NULL: a shop said so
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX owned_changes_about ON owned_changes (about, id);

-- +goose Down
DROP TABLE owned_changes;
