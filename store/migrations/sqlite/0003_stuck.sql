-- Tickets whose turn came and failed, and since when a mailbox elsewhere is read.

-- +goose Up

-- tickets.next_at is moved to again_at together with the row here. A change to the ticket sets it back to what the
-- policy wants, so a row whose again_at is another one belongs to a ticket that has gone on.
CREATE TABLE stuck (
	ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id),
	tries     INTEGER NOT NULL CHECK (tries > 0),
	since     INTEGER NOT NULL,
	again_at  INTEGER NOT NULL,
	says      TEXT    NOT NULL
) STRICT;

ALTER TABLE mailboxes ADD COLUMN since INTEGER; -- mail that is older stays where it is; NULL: everything is taken

-- +goose Down
ALTER TABLE mailboxes DROP COLUMN since;
DROP TABLE stuck;
