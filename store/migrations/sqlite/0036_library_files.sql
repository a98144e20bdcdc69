-- +goose Up

-- The files of a brand's library, which procedures name at a step. Whoever is on the phone opens them.
CREATE TABLE library_files (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	name     TEXT   NOT NULL,
	type     TEXT   NOT NULL,
	size     INTEGER NOT NULL CHECK (size >= 0),
	sha256   TEXT   NOT NULL CHECK (length(sha256) = 64),
	added_by INTEGER REFERENCES people (id),
	added_at INTEGER NOT NULL,
	UNIQUE (brand_id, name)
) STRICT;

-- +goose Down
DROP TABLE library_files;
