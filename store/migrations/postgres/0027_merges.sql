-- Two records of one customer that became one.

-- +goose Up

-- Who a person is now. Their row stays, so that what was signed for them still finds somebody; it has no address and opens no door.
ALTER TABLE people ADD COLUMN merged_into BIGINT REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE people ADD COLUMN merged_at BIGINT;
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- The tickets they took part in then. Their links go on opening these and no others.
CREATE TABLE merged_tickets (
	person_id BIGINT NOT NULL REFERENCES people (id),
	ticket_id BIGINT NOT NULL REFERENCES tickets (id),
	PRIMARY KEY (person_id, ticket_id)
);

-- +goose Down
DROP TABLE merged_tickets;
DROP INDEX people_merged;
ALTER TABLE people DROP COLUMN merged_at;
ALTER TABLE people DROP COLUMN merged_into;
