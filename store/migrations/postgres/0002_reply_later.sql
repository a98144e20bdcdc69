-- What somebody means to answer later: their own pile, which nobody else sees.

-- +goose Up

CREATE TABLE reply_later (
	person_id BIGINT NOT NULL REFERENCES people (id),
	ticket_id BIGINT NOT NULL REFERENCES tickets (id),
	added_at  BIGINT NOT NULL,
	PRIMARY KEY (person_id, ticket_id)
);

-- +goose Down

DROP TABLE reply_later;
