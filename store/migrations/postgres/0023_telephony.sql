-- What a signal of an exchange says beyond its kind and time, so that a call follows from all of its signals in whatever order they
-- came; and from where and when it was heard, so that settings can show which ways work.

-- +goose Up
ALTER TABLE phone_signals ADD COLUMN source TEXT NOT NULL DEFAULT 'exchange' CHECK (source IN ('exchange', 'twilio', 'sip', 'try'));
ALTER TABLE phone_signals ADD COLUMN said TEXT NOT NULL DEFAULT '{}';
ALTER TABLE phone_signals ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX phone_signals_heard ON phone_signals (source, heard_at);
CREATE INDEX phone_calls_rings ON phone_calls (began_at) WHERE state = 'ringing';

-- +goose Down
DROP INDEX phone_calls_rings;
DROP INDEX phone_signals_heard;
ALTER TABLE phone_signals DROP COLUMN heard_at;
ALTER TABLE phone_signals DROP COLUMN said;
ALTER TABLE phone_signals DROP COLUMN source;
