-- Which of a brand's products a known problem concerns, by its name as articles and news have it.

-- +goose Up
ALTER TABLE issues ADD COLUMN product TEXT NOT NULL DEFAULT ''; -- '' for all, or where nobody has said

-- +goose Down
ALTER TABLE issues DROP COLUMN product;
