-- What somebody said that a ticket is about, of the kinds of questions that the policy prints: its facts hold it, and lists and reports look here.

-- +goose Up
ALTER TABLE tickets ADD COLUMN topic TEXT NOT NULL DEFAULT '';
UPDATE tickets SET topic = coalesce(CAST(facts AS jsonb) ->> 'ticket.topic', '') WHERE facts LIKE '%"ticket.topic"%';
CREATE INDEX tickets_topic ON tickets (topic, updated_at, id) WHERE topic <> '';

-- +goose Down
DROP INDEX tickets_topic;
ALTER TABLE tickets DROP COLUMN topic;
