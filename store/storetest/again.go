package storetest

import (
	"database/sql"
)

// Making a database costs PostgreSQL most of a second, emptying one that a test has used a fiftieth of that. So a test's
// database is emptied and handed to the next one, unless the test has changed its schema or left much behind.

// muchLeft is the size in bytes from which dropping a database is better than going on with what deleted rows leave behind.
const muchLeft = 20 << 20

// learn finds out, from the empty database, how one is emptied and what its schema looks like.
func (c *cluster) learn(empty *sql.DB) error {
	var deletes, restarts string
	err := empty.QueryRow(`SELECT string_agg(format('DELETE FROM %I;', tablename), ' ') FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_versions'`).Scan(&deletes)
	if err == nil {
		err = empty.QueryRow(`SELECT string_agg(format('ALTER SEQUENCE %I RESTART;', sequencename), ' ') FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'schema_versions%'`).Scan(&restarts)
	}
	c.emptying = "SET session_replication_role = replica; " + deletes + restarts // the order of tables does not matter then
	if err == nil {
		c.schema, err = schemaOf(empty)
	}
	return err
}

// schemaOf describes all columns, indexes and the versions of the schema.
func schemaOf(db *sql.DB) (says string, err error) {
	err = db.QueryRow(`
		SELECT (SELECT md5(string_agg(format('%s.%s %s %s', table_name, column_name, data_type, is_nullable), ',' ORDER BY table_name, column_name)) FROM information_schema.columns WHERE table_schema = 'public')
			|| (SELECT md5(string_agg(indexdef, ',' ORDER BY indexdef)) FROM pg_indexes WHERE schemaname = 'public')
			|| (SELECT string_agg(version_id::text, ',' ORDER BY id) FROM schema_versions)`).Scan(&says)
	return says, err
}

// put takes a database back when its test has ended.
func (c *cluster) put(name string) {
	if c.lasting || !c.empty(name) {
		c.admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, name)
}

// take returns a database that is free again, "" when none is.
func (c *cluster) take() (name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := len(c.free) - 1; last >= 0 {
		name, c.free = c.free[last], c.free[:last]
	}
	return name
}

// empty removes every row and reports whether the database is as good as new.
func (c *cluster) empty(name string) bool {
	if _, err := c.admin.Exec("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name); err != nil {
		return false
	}
	db, err := sql.Open("pgx", c.url(name))
	if err != nil {
		return false
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var size int64
	if err := db.QueryRow("SELECT pg_database_size(current_database())").Scan(&size); err != nil || size > muchLeft {
		return false
	}
	if schema, err := schemaOf(db); err != nil || schema != c.schema {
		return false
	}
	_, err = db.Exec(c.emptying)
	return err == nil
}
