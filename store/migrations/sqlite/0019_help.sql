-- The help of each brand: sections, articles with their versions and their old addresses, and what readers say of them.

-- +goose Up

CREATE TABLE help_sections (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	name     TEXT    NOT NULL CHECK (name <> ''),
	slug     TEXT    NOT NULL CHECK (slug <> ''),
	position INTEGER NOT NULL,
	UNIQUE (brand_id, slug)
) STRICT;

-- An article as it holds: what is published, or its draft while nothing is. What is written after that waits in draft.
CREATE TABLE articles (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	section_id   INTEGER REFERENCES help_sections (id),
	position     INTEGER NOT NULL DEFAULT 0, -- its place in the section
	state        TEXT    NOT NULL CHECK (state IN ('draft', 'published')),
	title        TEXT    NOT NULL,
	slug         TEXT    NOT NULL,
	body         TEXT    NOT NULL,
	audience     TEXT    NOT NULL CHECK (audience IN ('public', 'signed_in', 'plan', 'agents')),
	plan         TEXT    NOT NULL DEFAULT '', -- for 'plan': which one, '' for any
	comments     TEXT    NOT NULL DEFAULT '' CHECK (comments IN ('', 'closed', 'sign_in', 'open')), -- '': as the policy says
	product      TEXT    NOT NULL DEFAULT '',
	product_version TEXT NOT NULL DEFAULT '',
	videos       TEXT    NOT NULL DEFAULT '[]',
	owner_id     INTEGER REFERENCES people (id),
	review_on    TEXT    CHECK (length(review_on) = 10),
	version_id   INTEGER,          -- the one that is read, NULL while none is
	published_at INTEGER,
	checked_at   INTEGER,
	draft        TEXT    NOT NULL DEFAULT '', -- what is being written, '' when it is what is read
	draft_by     INTEGER REFERENCES people (id),
	draft_at     INTEGER,
	helped       INTEGER NOT NULL DEFAULT 0, -- readers whom it helped
	unhelped     INTEGER NOT NULL DEFAULT 0,
	CHECK (state <> 'published' OR section_id IS NOT NULL AND published_at IS NOT NULL)
) STRICT;
CREATE INDEX articles_in_section ON articles (section_id, position, id) WHERE state = 'published';
CREATE INDEX articles_counted ON articles (brand_id, section_id, audience, plan) WHERE state = 'published';
CREATE INDEX articles_of_brand ON articles (brand_id, id);
CREATE INDEX articles_reviewed ON articles (brand_id, review_on, id) WHERE review_on IS NOT NULL;

-- Every address an article has had. The newest is in its row; the others lead to it.
CREATE TABLE article_paths (
	brand_id   INTEGER NOT NULL REFERENCES brands (id),
	slug       TEXT    NOT NULL CHECK (slug <> ''),
	article_id INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (brand_id, slug)
) STRICT, WITHOUT ROWID;

-- What was published, each as it was. Only ever added to.
CREATE TABLE article_versions (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	article_id   INTEGER NOT NULL REFERENCES articles (id),
	content      TEXT    NOT NULL,
	author_id    INTEGER REFERENCES people (id),
	published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX article_versions_of ON article_versions (article_id, id);

CREATE TABLE article_comments (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	article_id INTEGER NOT NULL REFERENCES articles (id),
	author_id  INTEGER REFERENCES people (id), -- NULL for a stranger
	name       TEXT    NOT NULL,
	text       TEXT    NOT NULL CHECK (text <> ''),
	at         INTEGER NOT NULL,
	shown      INTEGER NOT NULL CHECK (shown IN (0, 1)),
	decided_at INTEGER -- when somebody here showed it or took it away; NULL while it waits or nobody had to
) STRICT;
CREATE INDEX article_comments_of ON article_comments (article_id, id);
CREATE INDEX article_comments_wait ON article_comments (id) WHERE shown = 0 AND decided_at IS NULL;

-- Whether an article helped, once for each reader; saying it again changes it.
CREATE TABLE article_votes (
	article_id INTEGER NOT NULL REFERENCES articles (id),
	reader     TEXT    NOT NULL CHECK (reader <> ''), -- 'person:12', or the hash of a browser's own secret
	helped     INTEGER NOT NULL CHECK (helped IN (0, 1)),
	reason     TEXT    NOT NULL DEFAULT '',
	at         INTEGER NOT NULL,
	PRIMARY KEY (article_id, reader)
) STRICT, WITHOUT ROWID;

-- Words that were looked for and not found, for whoever writes.
CREATE TABLE help_misses (
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	looked_for TEXT  NOT NULL CHECK (looked_for <> ''),
	times    INTEGER NOT NULL,
	asked    INTEGER NOT NULL DEFAULT 0, -- how many requests followed
	last_at  INTEGER NOT NULL,
	PRIMARY KEY (brand_id, looked_for)
) STRICT, WITHOUT ROWID;
CREATE INDEX help_misses_often ON help_misses (brand_id, times, last_at);

-- Which article somebody came from when they wrote.
CREATE TABLE article_tickets (
	ticket_id  INTEGER PRIMARY KEY REFERENCES tickets (id),
	article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT;
CREATE INDEX article_tickets_of ON article_tickets (article_id, ticket_id);

-- The words of what is published, under the article's id; title and headings also for themselves, because what stands there counts
-- more. Made by words() in search.go, as for tickets.
CREATE VIRTUAL TABLE article_words USING fts5 (
	title,
	headings,
	words,
	content = '',
	contentless_delete = 1,
	detail = column,
	prefix = '3',
	tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);

-- Every word that stands or stood in an article, forwards and backwards, to find what somebody meant whose letters are nearly right.
CREATE TABLE help_words (
	word      TEXT PRIMARY KEY CHECK (word <> ''),
	backwards TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX help_words_backwards ON help_words (backwards);

-- +goose Down
DROP TABLE help_words;
DROP TABLE article_words;
DROP TABLE article_tickets;
DROP TABLE help_misses;
DROP TABLE article_votes;
DROP TABLE article_comments;
DROP TABLE article_versions;
DROP TABLE article_paths;
DROP TABLE articles;
DROP TABLE help_sections;
