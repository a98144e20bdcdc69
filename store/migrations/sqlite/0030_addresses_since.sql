-- Since when an address is somebody's: one of today proves nothing about who calls.

-- +goose Up
ALTER TABLE addresses ADD COLUMN added_at INTEGER; -- NULL for what was on file before this was kept

-- +goose Down
ALTER TABLE addresses DROP COLUMN added_at;
