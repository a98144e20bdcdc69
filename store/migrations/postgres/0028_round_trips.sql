-- The last mail that each mailbox was sent by the desk itself, to see that mail arrives.

-- +goose Up
CREATE TABLE round_trips (
	mailbox_id  BIGINT PRIMARY KEY REFERENCES mailboxes (id),
	outgoing_id BIGINT NOT NULL, -- no foreign keys: the mails are removed when the next one leaves
	incoming_id BIGINT NOT NULL,
	sent_at     BIGINT NOT NULL,
	back_at     BIGINT,
	alarmed_at  BIGINT
);

-- +goose Down
DROP TABLE round_trips;
