-- The last mail that each mailbox was sent by the desk itself, to see that mail arrives.

-- +goose Up
CREATE TABLE round_trips (
	mailbox_id  INTEGER PRIMARY KEY REFERENCES mailboxes (id),
	outgoing_id INTEGER NOT NULL, -- no foreign keys: the mails are removed when the next one leaves
	incoming_id INTEGER NOT NULL,
	sent_at     INTEGER NOT NULL,
	back_at     INTEGER,
	alarmed_at  INTEGER
) STRICT;

-- +goose Down
DROP TABLE round_trips;
