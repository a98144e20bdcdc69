-- The desk's memory, for SQLite.
--
-- The PostgreSQL file of the same number makes the same tables: a column added here is added there.
-- Times are microseconds since 1970 in UTC. A time or a reference that does not apply is NULL, never 0 or ''.
-- Columns named facts, memory, fields, events, recipients and results hold JSON that only Go reads.
-- STRICT keeps text out of number columns, which SQLite would otherwise accept.

-- +goose Up

CREATE TABLE organizations (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	name        TEXT    NOT NULL CHECK (name <> ''),
	facts       TEXT    NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE organization_domains (
	domain          TEXT    PRIMARY KEY,
	organization_id INTEGER NOT NULL REFERENCES organizations (id)
) STRICT;
CREATE INDEX organization_domains_of ON organization_domains (organization_id);

CREATE TABLE brands (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	name   TEXT    NOT NULL CHECK (name <> ''),
	slug   TEXT    NOT NULL UNIQUE CHECK (slug <> ''),
	host   TEXT    NOT NULL DEFAULT '',
	accent TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE teams (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT    NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

CREATE TABLE people (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	email           TEXT    NOT NULL UNIQUE CHECK (email <> ''),
	name            TEXT    NOT NULL DEFAULT '',
	role            TEXT    NOT NULL CHECK (role IN ('admin', 'agent', 'light', 'customer')),
	zone            TEXT    NOT NULL DEFAULT '',
	locale          TEXT    NOT NULL DEFAULT '',
	organization_id INTEGER REFERENCES organizations (id),
	brand_id        INTEGER REFERENCES brands (id),
	suspended       INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
	verified        INTEGER NOT NULL DEFAULT 0 CHECK (verified IN (0, 1)),
	away_until      INTEGER,
	facts           TEXT    NOT NULL DEFAULT '{}',
	unreachable     TEXT    NOT NULL DEFAULT '',
	created_at      INTEGER NOT NULL,
	password        TEXT    CHECK (length(password) >= 16), -- an argon2id hash; NULL: cannot sign in by password
	second_factor   BLOB    CHECK (length(second_factor) > 0), -- sealed; NULL: none
	factor_step     INTEGER NOT NULL DEFAULT 0 -- the last step used, so that no code works twice
) STRICT;
CREATE INDEX people_staff ON people (role, name) WHERE role <> 'customer';
CREATE INDEX people_of_organization ON people (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE addresses (
	address   TEXT    PRIMARY KEY CHECK (address <> ''),
	person_id INTEGER NOT NULL REFERENCES people (id),
	position  INTEGER NOT NULL
) STRICT;
CREATE INDEX addresses_of ON addresses (person_id, position);

CREATE TABLE team_members (
	team_id   INTEGER NOT NULL REFERENCES teams (id),
	person_id INTEGER NOT NULL REFERENCES people (id),
	PRIMARY KEY (team_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_of ON team_members (person_id);

CREATE TABLE mailboxes (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	address  TEXT    NOT NULL UNIQUE CHECK (address <> ''),
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	team_id  INTEGER REFERENCES teams (id),
	imap     TEXT    NOT NULL DEFAULT '',
	smtp_out TEXT    NOT NULL DEFAULT '',
	secret   BLOB,
	position TEXT    NOT NULL DEFAULT '',
	trouble  TEXT    NOT NULL DEFAULT '',
	paused   INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))
) STRICT;

CREATE TABLE policy_versions (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id     INTEGER NOT NULL REFERENCES brands (id),
	name         TEXT    NOT NULL,
	version      TEXT    NOT NULL,
	source       TEXT    NOT NULL CHECK (source <> ''),
	effective_at INTEGER NOT NULL,
	applied_at   INTEGER NOT NULL,
	applied_by   INTEGER REFERENCES people (id),
	reason       TEXT    NOT NULL DEFAULT '' -- why it was applied, in the words of whoever did
) STRICT;
CREATE INDEX policy_versions_of_brand ON policy_versions (brand_id, effective_at, id);

-- What is filtered and sorted is a column; what only the policy reads is JSON.
-- due_at, warn_at, due_strength and due_rule repeat the one target the inbox shows; next_at repeats Ticket.Next.
CREATE TABLE tickets (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	subject         TEXT    NOT NULL,
	kind            TEXT    NOT NULL,
	state           TEXT    NOT NULL CHECK (state <> ''),
	category        TEXT    NOT NULL CHECK (category IN ('new', 'open', 'pending', 'hold', 'solved', 'closed')),
	priority        TEXT    NOT NULL CHECK (priority IN ('', 'low', 'normal', 'high', 'urgent')),
	requester_id    INTEGER NOT NULL REFERENCES people (id),
	submitter_id    INTEGER REFERENCES people (id),
	assignee_id     INTEGER REFERENCES people (id),
	team_id         INTEGER REFERENCES teams (id),
	organization_id INTEGER REFERENCES organizations (id),
	brand_id        INTEGER NOT NULL REFERENCES brands (id),
	channel         TEXT    NOT NULL,
	external_id     TEXT    NOT NULL DEFAULT '',
	fields          TEXT    NOT NULL DEFAULT '{}',
	follow_up_of    INTEGER REFERENCES tickets (id),
	followed_by     INTEGER REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
	policy_id       INTEGER REFERENCES policy_versions (id),
	facts           TEXT    NOT NULL DEFAULT '{}',
	memory          TEXT    NOT NULL DEFAULT '{}',
	created_at      INTEGER NOT NULL,
	updated_at      INTEGER NOT NULL,
	since           INTEGER NOT NULL, -- when the state was entered: "oldest first" counts from here
	next_at         INTEGER,          -- when the policy wants to be asked again
	due_at          INTEGER,
	warn_at         INTEGER,
	due_strength    TEXT    CHECK (due_strength IN ('promise', 'aim', 'usual', 'unstated')),
	due_rule        TEXT,
	first_reply_at  INTEGER,
	first_responder TEXT    NOT NULL DEFAULT '',
	snippet         TEXT    NOT NULL DEFAULT '', -- how the newest public message of the customer begins
	customer_at     INTEGER,                     -- when it came
	comments        INTEGER NOT NULL DEFAULT 0,
	CHECK (id <> follow_up_of),
	CHECK (category <> 'closed' OR due_at IS NULL), -- nobody is late with a closed ticket
	CHECK ((due_at IS NULL) = (due_strength IS NULL))
) STRICT;

-- Nearly all tickets of a desk that has run for a year are closed. The working views read partial indexes that hold
-- only what is alive, so their cost follows the work at hand and not the years.
CREATE INDEX tickets_next_at ON tickets (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX tickets_promised ON tickets (due_at, id) WHERE due_strength = 'promise' AND category NOT IN ('solved', 'closed');
CREATE INDEX tickets_due ON tickets (due_at, id) WHERE due_at IS NOT NULL AND category NOT IN ('solved', 'closed');
CREATE INDEX tickets_mine ON tickets (assignee_id, since, id) WHERE category NOT IN ('solved', 'closed');
CREATE INDEX tickets_unassigned ON tickets (since, id) WHERE assignee_id IS NULL AND category IN ('new', 'open');
CREATE INDEX tickets_working ON tickets (updated_at, id) WHERE category IN ('new', 'open');
CREATE INDEX tickets_waiting ON tickets (updated_at, id) WHERE category IN ('pending', 'hold');
CREATE INDEX tickets_updated ON tickets (updated_at, id);
CREATE INDEX tickets_category ON tickets (category, updated_at, id);
CREATE INDEX tickets_without_team ON tickets (updated_at, id) WHERE team_id IS NULL;
CREATE INDEX tickets_team ON tickets (team_id, updated_at, id);
CREATE INDEX tickets_assignee ON tickets (assignee_id, updated_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_requester ON tickets (requester_id, updated_at, id);
CREATE INDEX tickets_follow_up ON tickets (follow_up_of) WHERE follow_up_of IS NOT NULL;
CREATE INDEX tickets_external ON tickets (external_id) WHERE external_id <> '';
CREATE INDEX tickets_created ON tickets (brand_id, created_at);
CREATE INDEX tickets_first_reply ON tickets (first_reply_at) WHERE first_reply_at IS NOT NULL;

CREATE TABLE ticket_tags (
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	tag       TEXT    NOT NULL CHECK (tag <> ''),
	position  INTEGER NOT NULL,
	PRIMARY KEY (tag, ticket_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tags_of ON ticket_tags (ticket_id, position);

CREATE TABLE ticket_people (
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	person_id INTEGER NOT NULL REFERENCES people (id),
	part      TEXT    NOT NULL CHECK (part IN ('cc', 'follower')),
	position  INTEGER NOT NULL,
	PRIMARY KEY (person_id, part, ticket_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_people_of ON ticket_people (ticket_id, part, position);

CREATE TABLE ticket_reads (
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	person_id INTEGER NOT NULL REFERENCES people (id),
	read_at   INTEGER NOT NULL,
	PRIMARY KEY (ticket_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audits (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket_id INTEGER NOT NULL REFERENCES tickets (id),
	author_id INTEGER REFERENCES people (id),
	at        INTEGER NOT NULL,
	via       TEXT    NOT NULL,
	events    TEXT    NOT NULL
) STRICT;
CREATE INDEX audits_of ON audits (ticket_id, id);

CREATE TABLE comments (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
	audit_id    INTEGER REFERENCES audits (id),
	author_id   INTEGER REFERENCES people (id),
	public      INTEGER NOT NULL CHECK (public IN (0, 1)),
	html        TEXT    NOT NULL,
	text        TEXT    NOT NULL,
	trimmed     TEXT    NOT NULL,
	quoted      TEXT    NOT NULL,
	automatic   TEXT    NOT NULL,
	via         TEXT    NOT NULL,
	message_id  TEXT    NOT NULL,
	mail_id     INTEGER, -- incoming.id; no foreign key, because incoming.comment_id already points here
	unverified  INTEGER NOT NULL CHECK (unverified IN (0, 1)),
	third_party TEXT    NOT NULL,
	created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_of ON comments (ticket_id, id);
CREATE INDEX comments_message_id ON comments (message_id) WHERE message_id <> '';

CREATE TABLE attachments (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	comment_id INTEGER NOT NULL REFERENCES comments (id),
	name       TEXT    NOT NULL,
	type       TEXT    NOT NULL,
	size       INTEGER NOT NULL CHECK (size >= 0),
	sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
	inline     INTEGER NOT NULL CHECK (inline IN (0, 1)),
	content_id TEXT    NOT NULL
) STRICT;
CREATE INDEX attachments_of ON attachments (comment_id, id);
CREATE INDEX attachments_blob ON attachments (sha256);

-- A row per comment under the comment's id: walking it backwards finds the newest first and stops when a page is full.
-- It holds no text of its own; what is indexed is made by words() in search.go.
CREATE VIRTUAL TABLE comment_words USING fts5 (
	words,
	content = '',
	contentless_delete = 1,
	detail = none,
	prefix = '3',
	tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);

CREATE TABLE incoming (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	mailbox_id    INTEGER NOT NULL REFERENCES mailboxes (id),
	key           BLOB    NOT NULL CHECK (length(key) = 32),
	message_id    TEXT    NOT NULL,
	received_at   INTEGER NOT NULL,
	recipients    TEXT    NOT NULL,
	envelope_from TEXT    NOT NULL,
	remote        TEXT    NOT NULL,
	size          INTEGER NOT NULL,
	blob          TEXT    CHECK (length(blob) = 64), -- where the raw mail is when it is too large for a row
	state         TEXT    NOT NULL CHECK (state IN ('received', 'done', 'held', 'unreadable', 'duplicate', 'quarantined', 'bounce', 'ignored')),
	outcome       TEXT    NOT NULL DEFAULT '',
	reason        TEXT    NOT NULL DEFAULT '',
	ticket_id     INTEGER REFERENCES tickets (id),
	comment_id    INTEGER REFERENCES comments (id),
	from_address  TEXT    NOT NULL DEFAULT '',
	subject       TEXT    NOT NULL DEFAULT '',
	tries         INTEGER NOT NULL DEFAULT 0,
	UNIQUE (mailbox_id, key)
) STRICT;
CREATE INDEX incoming_pending ON incoming (id) WHERE state = 'received';
CREATE INDEX incoming_held ON incoming (ticket_id, id) WHERE state = 'held';
CREATE INDEX incoming_state ON incoming (state, id);
CREATE INDEX incoming_message_id ON incoming (message_id) WHERE message_id <> '';
CREATE INDEX incoming_ticket ON incoming (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX incoming_blob ON incoming (blob) WHERE blob IS NOT NULL;

-- Apart from incoming, so that listing mails does not read them.
CREATE TABLE incoming_raw (
	incoming_id INTEGER PRIMARY KEY REFERENCES incoming (id),
	raw         BLOB    NOT NULL
) STRICT;

CREATE TABLE outgoing (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	key           TEXT    NOT NULL UNIQUE CHECK (key <> ''),
	ticket_id     INTEGER REFERENCES tickets (id),
	comment_id    INTEGER REFERENCES comments (id),
	audit_id      INTEGER REFERENCES audits (id),
	template      TEXT    NOT NULL,
	to_address    TEXT    NOT NULL CHECK (to_address <> ''),
	to_name       TEXT    NOT NULL,
	from_address  TEXT    NOT NULL,
	envelope_from TEXT    NOT NULL,
	subject       TEXT    NOT NULL,
	message_id    TEXT    NOT NULL,
	automatic     INTEGER NOT NULL CHECK (automatic IN (0, 1)),
	state         TEXT    NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'sent', 'uncertain', 'deferred', 'failed', 'cancelled')),
	phase         TEXT    NOT NULL,
	attempts      INTEGER NOT NULL DEFAULT 0,
	lease         INTEGER NOT NULL DEFAULT 0,
	lease_until   INTEGER,
	next_at       INTEGER, -- when a worker should look at it; NULL when nothing is left to do
	last_error    TEXT    NOT NULL,
	last_code     TEXT    NOT NULL,
	host          TEXT    NOT NULL,
	created_at    INTEGER NOT NULL,
	sent_at       INTEGER,
	results       TEXT    NOT NULL,
	CHECK (state NOT IN ('held', 'queued', 'sending', 'deferred') OR next_at IS NOT NULL), -- nothing waits for ever
	CHECK (state NOT IN ('sent', 'failed', 'cancelled') OR next_at IS NULL)
) STRICT;
CREATE INDEX outgoing_next_at ON outgoing (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX outgoing_message_id ON outgoing (message_id) WHERE message_id <> '';
CREATE INDEX outgoing_ticket ON outgoing (ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX outgoing_comment ON outgoing (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX outgoing_state ON outgoing (state, id);
CREATE INDEX outgoing_to ON outgoing (to_address, id);

CREATE TABLE outgoing_raw (
	outgoing_id INTEGER PRIMARY KEY REFERENCES outgoing (id),
	raw         BLOB    NOT NULL
) STRICT;

-- Secrets are kept as the SHA-256 of what was handed out, always 32 bytes, so that no empty or odd value finds a row.
CREATE TABLE sessions (
	hash       BLOB    PRIMARY KEY CHECK (length(hash) = 32),
	person_id  INTEGER NOT NULL REFERENCES people (id),
	created_at INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	remote     TEXT    NOT NULL,
	device     TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_of ON sessions (person_id);
CREATE INDEX sessions_expire ON sessions (expires_at);

CREATE TABLE links (
	hash       BLOB    PRIMARY KEY CHECK (length(hash) = 32),
	purpose    TEXT    NOT NULL CHECK (purpose <> ''),
	person_id  INTEGER REFERENCES people (id),
	ticket_id  INTEGER REFERENCES tickets (id),
	address    TEXT    NOT NULL,
	code       BLOB    CHECK (length(code) = 32),
	tries      INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at    INTEGER
) STRICT;
CREATE INDEX links_of ON links (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX links_expire ON links (expires_at);

CREATE TABLE tokens (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
	person_id  INTEGER NOT NULL REFERENCES people (id),
	name       TEXT    NOT NULL,
	created_at INTEGER NOT NULL,
	used_at    INTEGER,
	ended_at   INTEGER
) STRICT;
CREATE INDEX tokens_of ON tokens (person_id);

CREATE TABLE attempts (
	key     TEXT    NOT NULL,
	started INTEGER NOT NULL, -- when the counted window began
	until   INTEGER NOT NULL, -- when it ends
	count   INTEGER NOT NULL,
	PRIMARY KEY (key, started)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_until ON attempts (until);

CREATE TABLE drafts (
	ticket_id  INTEGER NOT NULL REFERENCES tickets (id),
	person_id  INTEGER NOT NULL REFERENCES people (id),
	kind       TEXT    NOT NULL CHECK (kind IN ('reply', 'note')),
	body       TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	base_audit INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (ticket_id, person_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_of ON drafts (person_id, updated_at);

CREATE TABLE tasks (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	key        TEXT    NOT NULL UNIQUE CHECK (key <> ''),
	ticket_id  INTEGER NOT NULL REFERENCES tickets (id),
	says       TEXT    NOT NULL,
	rule       TEXT    NOT NULL,
	created_at INTEGER NOT NULL,
	due_at     INTEGER,
	done_at    INTEGER,
	done_by    INTEGER REFERENCES people (id)
) STRICT;
CREATE INDEX tasks_of ON tasks (ticket_id, id);
CREATE INDEX tasks_open ON tasks (id) WHERE done_at IS NULL;

CREATE TABLE settings (
	name  TEXT PRIMARY KEY CHECK (name <> ''),
	value BLOB NOT NULL
) STRICT;

CREATE TABLE forms (
	key        BLOB    PRIMARY KEY CHECK (length(key) = 32),
	person_id  INTEGER REFERENCES people (id),
	result     TEXT    NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX forms_created ON forms (created_at);

-- +goose Down
DROP TABLE forms;
DROP TABLE settings;
DROP TABLE tasks;
DROP TABLE drafts;
DROP TABLE attempts;
DROP TABLE tokens;
DROP TABLE links;
DROP TABLE sessions;
DROP TABLE outgoing_raw;
DROP TABLE outgoing;
DROP TABLE incoming_raw;
DROP TABLE incoming;
DROP TABLE comment_words;
DROP TABLE attachments;
DROP TABLE comments;
DROP TABLE audits;
DROP TABLE ticket_reads;
DROP TABLE ticket_people;
DROP TABLE ticket_tags;
DROP TABLE tickets;
DROP TABLE policy_versions;
DROP TABLE mailboxes;
DROP TABLE team_members;
DROP TABLE addresses;
DROP TABLE people;
DROP TABLE teams;
DROP TABLE brands;
DROP TABLE organization_domains;
DROP TABLE organizations;
