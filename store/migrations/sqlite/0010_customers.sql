-- What customers own: products with their versions, orders, licences, subscriptions, evaluations, and how people are reached.
--
-- Whatever is owned belongs to a person, to an organisation, or to both. Days are kept as text, YYYY-MM-DD: they are days on the
-- company's wall calendar and no instants. external_id is another program's name for a row; it is unique, so that what is sent
-- again changes the row instead of adding one.

-- +goose Up

CREATE TABLE products (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id INTEGER NOT NULL REFERENCES brands (id),
	name     TEXT    NOT NULL CHECK (name <> ''),
	folded   TEXT    NOT NULL CHECK (folded <> ''), -- the name as it is compared
	UNIQUE (brand_id, folded)
) STRICT;

CREATE TABLE product_versions (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	product_id      INTEGER NOT NULL REFERENCES products (id),
	name            TEXT    NOT NULL CHECK (name <> ''),
	released        TEXT    CHECK (length(released) = 10),
	supported_until TEXT    CHECK (length(supported_until) = 10), -- the last day; NULL: no end is planned
	UNIQUE (product_id, name)
) STRICT;

CREATE TABLE orders (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id        INTEGER NOT NULL REFERENCES brands (id),
	number          TEXT    NOT NULL CHECK (number <> ''),
	person_id       INTEGER REFERENCES people (id),
	organization_id INTEGER REFERENCES organizations (id),
	placed_on       TEXT    NOT NULL CHECK (length(placed_on) = 10),
	notes           TEXT    NOT NULL DEFAULT '',
	source          TEXT    NOT NULL CHECK (source IN ('hand', 'import', 'shop')),
	UNIQUE (brand_id, number),
	CHECK (person_id IS NOT NULL OR organization_id IS NOT NULL)
) STRICT;
CREATE INDEX orders_of_person ON orders (person_id, placed_on, id) WHERE person_id IS NOT NULL;
CREATE INDEX orders_of_organization ON orders (organization_id, placed_on, id) WHERE organization_id IS NOT NULL;

CREATE TABLE order_lines (
	order_id   INTEGER NOT NULL REFERENCES orders (id),
	position   INTEGER NOT NULL,
	product_id INTEGER REFERENCES products (id),
	what       TEXT    NOT NULL CHECK (what <> ''),
	quantity   INTEGER NOT NULL CHECK (quantity > 0),
	PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE licences (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id        INTEGER NOT NULL REFERENCES brands (id),
	person_id       INTEGER REFERENCES people (id),
	organization_id INTEGER REFERENCES organizations (id),
	product_id      INTEGER NOT NULL REFERENCES products (id),
	version_id      INTEGER REFERENCES product_versions (id),
	site            TEXT    NOT NULL DEFAULT '',
	key_hash        BLOB    CHECK (length(key_hash) = 32), -- SHA-256; the key itself is kept nowhere
	key_start       TEXT    NOT NULL DEFAULT '',           -- its first eight characters
	order_id        INTEGER REFERENCES orders (id),
	ordered_on      TEXT    CHECK (length(ordered_on) = 10),
	status          TEXT    NOT NULL CHECK (status IN ('active', 'ended')),
	external_id     TEXT    NOT NULL DEFAULT '',
	CHECK (person_id IS NOT NULL OR organization_id IS NOT NULL)
) STRICT;
CREATE INDEX licences_of_person ON licences (person_id, ordered_on, id) WHERE person_id IS NOT NULL;
CREATE INDEX licences_of_organization ON licences (organization_id, ordered_on, id) WHERE organization_id IS NOT NULL;
CREATE INDEX licences_of_order ON licences (order_id, id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX licences_key ON licences (brand_id, key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX licences_by_key ON licences (key_hash) WHERE key_hash IS NOT NULL;
CREATE UNIQUE INDEX licences_external ON licences (brand_id, external_id) WHERE external_id <> '';

CREATE TABLE subscriptions (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id        INTEGER NOT NULL REFERENCES brands (id),
	person_id       INTEGER REFERENCES people (id),
	organization_id INTEGER REFERENCES organizations (id),
	plan            TEXT    NOT NULL CHECK (plan <> ''), -- the id of a plan of the brand's policy
	begins_on       TEXT    NOT NULL CHECK (length(begins_on) = 10),
	ends_on         TEXT    CHECK (length(ends_on) = 10), -- the last day that is paid for; NULL: until somebody ends it
	external_id     TEXT    NOT NULL DEFAULT '',
	CHECK (person_id IS NOT NULL OR organization_id IS NOT NULL)
) STRICT;
CREATE INDEX subscriptions_of_person ON subscriptions (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX subscriptions_of_organization ON subscriptions (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX subscriptions_external ON subscriptions (brand_id, external_id) WHERE external_id <> '';

CREATE TABLE evaluations (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	brand_id   INTEGER NOT NULL REFERENCES brands (id),
	person_id  INTEGER NOT NULL REFERENCES people (id),
	product_id INTEGER NOT NULL REFERENCES products (id),
	began_on   TEXT    NOT NULL CHECK (length(began_on) = 10),
	UNIQUE (person_id, product_id)
) STRICT;

CREATE TABLE contact_methods (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	person_id   INTEGER NOT NULL REFERENCES people (id),
	kind        TEXT    NOT NULL CHECK (kind IN ('phone')),
	value       TEXT    NOT NULL CHECK (value <> ''), -- E.164: +493012345
	shared      INTEGER NOT NULL CHECK (shared IN (0, 1)), -- a switchboard: it says which company calls, not who
	verified_at INTEGER,
	UNIQUE (person_id, kind, value)
) STRICT;
CREATE INDEX contact_methods_value ON contact_methods (kind, value);

-- Which level of support was decided, by which row of which policy, and on what it rested.
CREATE TABLE decisions (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket_id INTEGER REFERENCES tickets (id), -- NULL: decided while somebody called
	person_id INTEGER NOT NULL REFERENCES people (id),
	about     TEXT    NOT NULL, -- 'licence:12', 'evaluation:3', or '' when nothing was chosen
	policy_id INTEGER NOT NULL REFERENCES policy_versions (id),
	level     TEXT    NOT NULL,
	row_id    TEXT    NOT NULL,
	because   TEXT    NOT NULL,
	facts     TEXT    NOT NULL,
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_ticket ON decisions (ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX decisions_person ON decisions (person_id, id);

-- By what customers are found: the words of names, sites, numbers and addresses, and what goes on inside a site or a company's
-- name. Each search reads a stretch of the primary key and stops, however many there are.
CREATE TABLE customer_terms (
	term       TEXT    NOT NULL,
	inside     INTEGER NOT NULL CHECK (inside IN (0, 1)), -- the term begins inside a word
	kind       TEXT    NOT NULL CHECK (kind IN ('person', 'organization', 'order', 'licence')),
	subject_id INTEGER NOT NULL,
	PRIMARY KEY (inside, term, kind, subject_id)
) STRICT, WITHOUT ROWID;

-- A table of orders names companies; each is looked up as it is written.
CREATE INDEX organizations_name ON organizations (lower(name));

-- +goose Down
DROP INDEX organizations_name;
DROP TABLE customer_terms;
DROP TABLE decisions;
DROP TABLE contact_methods;
DROP TABLE evaluations;
DROP TABLE subscriptions;
DROP TABLE licences;
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE product_versions;
DROP TABLE products;
