-- When a shop said what stands of an order, a licence or a plan: what it said before that counts no more.

-- +goose Up
ALTER TABLE orders ADD COLUMN told_at BIGINT; -- NULL while no shop has said anything
ALTER TABLE licences ADD COLUMN told_at BIGINT;
ALTER TABLE subscriptions ADD COLUMN told_at BIGINT;

-- +goose Down
ALTER TABLE subscriptions DROP COLUMN told_at;
ALTER TABLE licences DROP COLUMN told_at;
ALTER TABLE orders DROP COLUMN told_at;
