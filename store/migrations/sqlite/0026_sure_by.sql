-- How one became sure of a caller: by a code in a mail, or by the number on a page of their own; '' while nobody has proved anything.

-- +goose Up
ALTER TABLE phone_calls ADD COLUMN sure_by TEXT NOT NULL DEFAULT '' CHECK (sure_by IN ('', 'code', 'page'));

-- +goose Down
ALTER TABLE phone_calls DROP COLUMN sure_by;
