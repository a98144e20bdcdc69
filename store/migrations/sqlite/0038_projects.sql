-- The projects that are under way for a customer, each with the agent who leads it (seed 002, 2.8).
--
-- A project belongs to an organisation, or to a customer who has none. Who leads it may have left since; their number stays, so that
-- the gap can be seen.

-- +goose Up
CREATE TABLE projects (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id        INTEGER NOT NULL REFERENCES brands (id),
	person_id       INTEGER REFERENCES people (id),
	organization_id INTEGER REFERENCES organizations (id),
	name            TEXT    NOT NULL CHECK (name <> ''),
	lead_id         INTEGER REFERENCES people (id), -- NULL: nobody leads it yet
	ended           INTEGER NOT NULL CHECK (ended IN (0, 1)),
	told_at         INTEGER, -- when a shop said what stands; NULL while none has said anything
	CHECK (person_id IS NOT NULL OR organization_id IS NOT NULL)
) STRICT;
CREATE INDEX projects_of_person ON projects (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX projects_of_organization ON projects (organization_id, id) WHERE organization_id IS NOT NULL;

-- +goose Down
DROP TABLE projects;
