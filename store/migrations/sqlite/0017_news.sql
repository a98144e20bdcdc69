-- What a brand has made and what it means to make: the entries of What's New with who reads them by mail, and the cards of the roadmap.

-- +goose Up

-- One thing customers have asked for. Where it stands is repeated from its last decision.
CREATE TABLE roadmap_cards (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id   INTEGER NOT NULL REFERENCES brands (id),
	title      TEXT    NOT NULL CHECK (title <> ''),
	what       TEXT    NOT NULL DEFAULT '',
	why        TEXT    NOT NULL DEFAULT '',
	state      TEXT    NOT NULL CHECK (state IN ('considered', 'planned', 'progress', 'done', 'not_now')),
	estimate   TEXT    NOT NULL DEFAULT '', -- roughly when, in words; never shown without saying that it is an estimate
	decided_at INTEGER NOT NULL,
	review_at  INTEGER, -- when it is to be weighed again
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX roadmap_cards_of ON roadmap_cards (brand_id, state, decided_at, id);

-- Every decision about a card, for everybody to read. Only ever added to.
CREATE TABLE roadmap_decisions (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	card_id   INTEGER NOT NULL REFERENCES roadmap_cards (id),
	author_id INTEGER REFERENCES people (id),
	state     TEXT    NOT NULL CHECK (state IN ('considered', 'planned', 'progress', 'done', 'not_now')),
	reason    TEXT    NOT NULL CHECK (reason <> ''),
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX roadmap_decisions_of ON roadmap_decisions (card_id, id);

-- The tickets behind a card. A ticket stands behind one.
CREATE TABLE roadmap_tickets (
	ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id),
	card_id   INTEGER NOT NULL REFERENCES roadmap_cards (id),
	joined_at INTEGER NOT NULL
) STRICT;
CREATE INDEX roadmap_tickets_of ON roadmap_tickets (card_id, ticket_id);

-- Who wants it without having written a ticket, each once.
CREATE TABLE roadmap_votes (
	card_id   INTEGER NOT NULL REFERENCES roadmap_cards (id),
	person_id INTEGER NOT NULL REFERENCES people (id),
	at        INTEGER NOT NULL,
	PRIMARY KEY (card_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX roadmap_votes_of ON roadmap_votes (person_id);

-- A letter with the news of a week. Copies go to readers in the order of their ids; reached is the last one.
CREATE TABLE news_letters (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	due_at   INTEGER NOT NULL,
	mails    INTEGER NOT NULL DEFAULT 1 CHECK (mails IN (0, 1)), -- there may be more people to mail
	reached  INTEGER NOT NULL DEFAULT 0,
	mailed   INTEGER NOT NULL DEFAULT 0,
	UNIQUE (brand_id, due_at)
) STRICT;
CREATE INDEX news_letters_mailing ON news_letters (id) WHERE mails = 1;

CREATE TABLE news_entries (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	uid          TEXT    NOT NULL UNIQUE, -- in feeds; it never changes
	state        TEXT    NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
	kind         TEXT    NOT NULL CHECK (kind IN ('new', 'changed', 'fixed')),
	title        TEXT    NOT NULL CHECK (title <> ''),
	product      TEXT    NOT NULL DEFAULT '',
	version      TEXT    NOT NULL DEFAULT '',
	body         TEXT    NOT NULL DEFAULT '', -- Markdown
	day          TEXT    NOT NULL, -- its date, on the policy's calendar
	card_id      INTEGER REFERENCES roadmap_cards (id), -- what of the roadmap is done with it
	banner       TEXT    NOT NULL DEFAULT '', -- said above customers' pages, from the first of these days to the last
	banner_from  TEXT,
	banner_until TEXT,
	letter_at    INTEGER, -- when the letter leaves that it is to be in
	letter_id    INTEGER REFERENCES news_letters (id),
	published_at INTEGER,
	changed_at   INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	CHECK (state <> 'published' OR published_at IS NOT NULL)
) STRICT;
CREATE INDEX news_entries_of ON news_entries (brand_id, state, day, id);
CREATE INDEX news_entries_waiting ON news_entries (letter_at) WHERE letter_id IS NULL AND state = 'published';
CREATE INDEX news_entries_card ON news_entries (card_id) WHERE card_id IS NOT NULL;
CREATE INDEX news_entries_letter ON news_entries (letter_id) WHERE letter_id IS NOT NULL;

-- The known problems whose fix an entry tells of.
CREATE TABLE news_issues (
	entry_id INTEGER NOT NULL REFERENCES news_entries (id),
	issue_id INTEGER NOT NULL REFERENCES issues (id),
	PRIMARY KEY (entry_id, issue_id)
) STRICT, WITHOUT ROWID;

-- What was done to an entry or a card, and what it was before. Only ever added to.
CREATE TABLE news_changes (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	entry_id  INTEGER REFERENCES news_entries (id),
	card_id   INTEGER REFERENCES roadmap_cards (id),
	author_id INTEGER REFERENCES people (id),
	what      TEXT    NOT NULL CHECK (what <> ''),
	was       TEXT    NOT NULL DEFAULT '',
	at        INTEGER NOT NULL,
	CHECK ((entry_id IS NULL) <> (card_id IS NULL))
) STRICT;
CREATE INDEX news_changes_of ON news_changes (entry_id, id);
CREATE INDEX news_changes_card ON news_changes (card_id, id);

-- Who asked for the letter of a brand. They get it once they have confirmed that they did.
CREATE TABLE news_readers (
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	person_id    INTEGER NOT NULL REFERENCES people (id),
	asked_at     INTEGER NOT NULL,
	confirmed_at INTEGER,
	PRIMARY KEY (brand_id, person_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE news_readers;
DROP TABLE news_changes;
DROP TABLE news_issues;
DROP TABLE news_entries;
DROP TABLE news_letters;
DROP TABLE roadmap_votes;
DROP TABLE roadmap_tickets;
DROP TABLE roadmap_decisions;
DROP TABLE roadmap_cards;
