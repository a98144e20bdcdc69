-- How customers rated the help, what they said of it, and to which group the policy sent a ticket.

-- +goose Up

-- A row comes into being when a customer is asked; a ticket is asked about once.
CREATE TABLE ratings (
	ticket_id  INTEGER PRIMARY KEY REFERENCES tickets (id),
	brand_id   INTEGER NOT NULL REFERENCES brands (id),
	agent_id   INTEGER REFERENCES people (id), -- who had the ticket when it was solved
	asked_at   INTEGER NOT NULL,
	rated_at   INTEGER, -- NULL while nobody has answered
	changed_at INTEGER,
	score      TEXT NOT NULL DEFAULT '', -- as the scale of the policy names it
	sense      TEXT NOT NULL DEFAULT '' CHECK (sense IN ('', 'good', 'fair', 'bad')),
	words      TEXT NOT NULL DEFAULT '',
	CHECK ((rated_at IS NULL) = (sense = ''))
) STRICT;
CREATE INDEX ratings_asked ON ratings (brand_id, asked_at);
CREATE INDEX ratings_sense ON ratings (sense, ticket_id);

-- Compliments and complaints, whichever way they came: with a rating, by mail, or on the phone.
CREATE TABLE feedback (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id  INTEGER NOT NULL REFERENCES brands (id),
	source    TEXT    NOT NULL CHECK (source IN ('rating', 'mail', 'call')),
	ticket_id INTEGER REFERENCES tickets (id),
	call_id   INTEGER REFERENCES phone_calls (id),
	sense     TEXT    NOT NULL DEFAULT '' CHECK (sense IN ('', 'good', 'fair', 'bad')), -- '' while nobody has said which it is
	words     TEXT    NOT NULL DEFAULT '',
	at        INTEGER NOT NULL,
	done_at   INTEGER,
	done_by   INTEGER REFERENCES people (id),
	CHECK ((ticket_id IS NULL) <> (call_id IS NULL)),
	CHECK ((source = 'call') = (call_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX feedback_of_ticket ON feedback (ticket_id, source) WHERE ticket_id IS NOT NULL;
CREATE UNIQUE INDEX feedback_of_call ON feedback (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX feedback_came ON feedback (at, id);
CREATE INDEX feedback_waits ON feedback (at, id) WHERE done_at IS NULL;

ALTER TABLE tickets ADD COLUMN route TEXT NOT NULL DEFAULT '';
UPDATE tickets SET route = json_extract(memory, '$.route') WHERE coalesce(json_extract(memory, '$.route'), '') <> '';
CREATE INDEX tickets_queue ON tickets (route, since, id) WHERE category IN ('new', 'open');

-- +goose Down
DROP INDEX tickets_queue;
ALTER TABLE tickets DROP COLUMN route;
DROP TABLE feedback;
DROP TABLE ratings;
