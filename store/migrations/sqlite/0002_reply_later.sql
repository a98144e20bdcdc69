-- What somebody means to answer later: their own pile, which nobody else sees.

-- +goose Up

CREATE TABLE reply_later (
	person_id INTEGER NOT NULL REFERENCES people (id),
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	added_at  INTEGER NOT NULL,
	PRIMARY KEY (person_id, ticket_id)
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE reply_later;
