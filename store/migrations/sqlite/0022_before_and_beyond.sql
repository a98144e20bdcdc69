-- What is known before somebody asks, what support does not reach, the review of a new case, who hears of a decision, and pictures in the help.

-- +goose Up

-- Known problems that whoever is about to ask reads of. Until a colleague says so, only whoever has reported one does.
ALTER TABLE issues ADD COLUMN public INTEGER NOT NULL DEFAULT 0 CHECK (public IN (0, 1));
CREATE INDEX issues_public ON issues (brand_id, customers DESC, id DESC) WHERE public AND state = 'open';

-- The clause of the scope that somebody decided on, and when: a ticket's facts and memory hold both, and reports count them here.
ALTER TABLE tickets ADD COLUMN clause TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN clause_at INTEGER;
UPDATE tickets SET
	clause = coalesce(json_extract(facts, '$."scope.clause"'), ''),
	clause_at = CAST(unixepoch(json_extract(memory, '$.scoped.at'), 'subsec') * 1000000 AS INTEGER)
WHERE memory LIKE '%"scoped":%' AND facts LIKE '%"scope.clause"%';
CREATE INDEX tickets_decided ON tickets (brand_id, clause_at, id) WHERE clause <> '';

-- The review of a new case is a run that belongs to its ticket.
ALTER TABLE procedure_runs ADD COLUMN ticket_id INTEGER REFERENCES tickets (id);
CREATE UNIQUE INDEX procedure_runs_of ON procedure_runs (ticket_id) WHERE ticket_id IS NOT NULL;

-- A decision about a card is mailed to everybody who asked for it: whether there may be more, and up to whom it has come.
ALTER TABLE roadmap_decisions ADD COLUMN mails INTEGER NOT NULL DEFAULT 0 CHECK (mails IN (0, 1));
ALTER TABLE roadmap_decisions ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;
CREATE INDEX roadmap_decisions_mail ON roadmap_decisions (id) WHERE mails;

-- The pictures of an article. Who may read the article may see them.
CREATE TABLE article_pictures (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	article_id INTEGER NOT NULL REFERENCES articles (id),
	name       TEXT   NOT NULL,
	type       TEXT   NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
	size       INTEGER NOT NULL CHECK (size >= 0),
	sha256     TEXT   NOT NULL CHECK (length(sha256) = 64),
	added_by   INTEGER REFERENCES people (id),
	added_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX article_pictures_of ON article_pictures (article_id, id);

-- +goose Down
DROP TABLE article_pictures;
DROP INDEX roadmap_decisions_mail;
ALTER TABLE roadmap_decisions DROP COLUMN reached;
ALTER TABLE roadmap_decisions DROP COLUMN mails;
DROP INDEX procedure_runs_of;
ALTER TABLE procedure_runs DROP COLUMN ticket_id;
DROP INDEX tickets_decided;
ALTER TABLE tickets DROP COLUMN clause_at;
ALTER TABLE tickets DROP COLUMN clause;
DROP INDEX issues_public;
ALTER TABLE issues DROP COLUMN public;
