-- What customers of a brand ask and tell each other in the open: posts, who wants an idea, what was reported, and what became of it.

-- +goose Up

ALTER TABLE brands ADD COLUMN community INTEGER NOT NULL DEFAULT 0 CHECK (community IN (0, 1)); -- customers ask each other

-- A thread is its first post, a question or an idea, with the answers that name it. What is taken off stays: states change, rows do not go.
CREATE TABLE community_posts (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	thread_id    INTEGER REFERENCES community_posts (id), -- NULL for the first post of a thread
	kind         TEXT    NOT NULL CHECK (kind IN ('question', 'idea', 'answer')),
	title        TEXT    NOT NULL DEFAULT '',
	body         TEXT    NOT NULL,
	author_id    INTEGER NOT NULL REFERENCES people (id),
	name         TEXT    NOT NULL CHECK (name <> ''), -- by which its author is known here
	at           INTEGER NOT NULL,
	state        TEXT    NOT NULL CHECK (state IN ('waiting', 'shown', 'hidden', 'back')),
	reason       TEXT    NOT NULL DEFAULT '', -- why it was hidden
	corrected_at INTEGER,
	decided_at   INTEGER,                     -- when somebody here last decided about it
	decided_by   INTEGER REFERENCES people (id),
	-- Of a first post:
	locked       INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)), -- nobody answers any more
	accepted_id  INTEGER,                     -- the answer that helped
	mails        INTEGER NOT NULL DEFAULT 0 CHECK (mails IN (0, 1)),  -- its author hears of answers
	card_id      INTEGER REFERENCES roadmap_cards (id),
	article_id   INTEGER REFERENCES articles (id),
	CHECK ((kind = 'answer') = (thread_id IS NOT NULL)),
	CHECK (kind = 'answer' OR title <> '')
) STRICT;
CREATE INDEX community_threads ON community_posts (brand_id, id) WHERE thread_id IS NULL AND state = 'shown';
CREATE INDEX community_kinds ON community_posts (brand_id, kind, id) WHERE thread_id IS NULL AND state = 'shown';
CREATE INDEX community_answers ON community_posts (thread_id, id) WHERE thread_id IS NOT NULL;
CREATE INDEX community_states ON community_posts (brand_id, state, id) WHERE state IN ('waiting', 'hidden');
CREATE INDEX community_of_author ON community_posts (author_id, brand_id, id);
CREATE INDEX community_of_card ON community_posts (card_id) WHERE card_id IS NOT NULL;

-- Who wants an idea, beside whoever wrote it.
CREATE TABLE community_wants (
	thread_id INTEGER NOT NULL REFERENCES community_posts (id),
	person_id INTEGER NOT NULL REFERENCES people (id),
	at        INTEGER NOT NULL,
	PRIMARY KEY (thread_id, person_id)
) STRICT, WITHOUT ROWID;

-- What somebody found wrong with a post, once a person.
CREATE TABLE community_reports (
	post_id    INTEGER NOT NULL REFERENCES community_posts (id),
	person_id  INTEGER NOT NULL REFERENCES people (id),
	reason     TEXT    NOT NULL DEFAULT '',
	at         INTEGER NOT NULL,
	settled_at INTEGER, -- when somebody here had looked at it
	PRIMARY KEY (post_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX community_reports_open ON community_reports (post_id) WHERE settled_at IS NULL;

-- Which post a ticket was made of; one of each.
CREATE TABLE community_tickets (
	ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id),
	post_id   INTEGER NOT NULL UNIQUE REFERENCES community_posts (id)
) STRICT;

-- The words of threads that everybody may read, with those of their answers, as article_words has them of articles. The headings stay
-- empty; they are there so that one search walks both.
CREATE VIRTUAL TABLE community_words USING fts5 (
	title,
	headings,
	words,
	content = '',
	contentless_delete = 1,
	detail = column,
	prefix = '3',
	tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);

-- +goose Down
DROP TABLE community_words;
DROP TABLE community_tickets;
DROP TABLE community_reports;
DROP TABLE community_wants;
DROP TABLE community_posts;
ALTER TABLE brands DROP COLUMN community;
