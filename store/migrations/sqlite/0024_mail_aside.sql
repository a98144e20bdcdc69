-- A mail that cannot be worked on yet stands aside until then, so that it is in nobody's way.

-- +goose Up
ALTER TABLE incoming ADD COLUMN again_at INTEGER;

-- +goose Down
ALTER TABLE incoming DROP COLUMN again_at;
