-- An index of all categories tempts away from the small ones of what is alive: it would read every open ticket of the
-- desk to find the first fifty. Closed tickets are nearly all there are, and the order of all serves them; those that are
-- solved get a small index of their own.

-- +goose Up
DROP INDEX tickets_category;
CREATE INDEX tickets_solved ON tickets (updated_at, id) WHERE category = 'solved';

-- Comments whose words are not in comment_words yet, or not as they are now.
CREATE TABLE comment_words_due (
	comment_id INTEGER PRIMARY KEY
) STRICT;

-- +goose Down
DROP TABLE comment_words_due;
DROP INDEX tickets_solved;
CREATE INDEX tickets_category ON tickets (category, updated_at, id);
