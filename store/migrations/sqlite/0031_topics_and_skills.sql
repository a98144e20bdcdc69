-- What tickets are about, and who knows about it.

-- +goose Up

-- What somebody said, of the kinds of questions that the policy prints: a ticket's facts hold it, and lists and reports look here.
ALTER TABLE tickets ADD COLUMN topic TEXT NOT NULL DEFAULT '';
UPDATE tickets SET topic = coalesce(json_extract(facts, '$."ticket.topic"'), '') WHERE facts LIKE '%"ticket.topic"%';
CREATE INDEX tickets_topic ON tickets (topic, updated_at, id) WHERE topic <> '';

-- What a colleague knows best, as an administrator wrote it down.
ALTER TABLE people ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE people DROP COLUMN skills;
DROP INDEX tickets_topic;
ALTER TABLE tickets DROP COLUMN topic;
