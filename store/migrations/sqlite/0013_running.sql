-- Promises that run are few among all that were ever given; the wall asks for them.

-- +goose Up
CREATE INDEX promises_running ON promises (brand_id, due_at) WHERE state = 'running';

-- +goose Down
DROP INDEX promises_running;
