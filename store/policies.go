package store

import "time"

// PolicyVersion is a policy as it was applied. Versions are only ever added: tickets keep the one they began with.
type PolicyVersion struct {
	ID        int64
	Brand     int64
	Name      string
	Version   string
	Source    string // the document as written
	Effective time.Time
	Applied   time.Time
	AppliedBy int64  // 0 when an operator on the host did it
	WrittenBy int64  // who asked for it, where it takes two people; 0 when that is whoever applied it
	Moves     bool   // open tickets are to go along when it begins to hold, and have not yet
	Reason    string // why, in their words
}

// AddPolicyVersion stores a version and sets its ID.
func (tx *Tx) AddPolicyVersion(v *PolicyVersion) (err error) {
	v.ID, err = tx.insert(`
		INSERT INTO policy_versions (brand_id, name, version, source, effective_at, applied_at, applied_by, reason, written_by, moves)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING id`, ref(v.Brand), v.Name, v.Version, v.Source, v.Effective, v.Applied, ref(v.AppliedBy), v.Reason, ref(v.WrittenBy), v.Moves)
	return err
}

const selectPolicyVersion = `
	SELECT
		id,
		brand_id,
		name,
		version,
		source,
		effective_at,
		applied_at,
		applied_by,
		written_by,
		moves,
		reason
	FROM policy_versions
	`

func policyFields(v *PolicyVersion) []any {
	return []any{
		&v.ID,
		&v.Brand,
		&v.Name,
		&v.Version,
		&v.Source,
		&v.Effective,
		&v.Applied,
		&v.AppliedBy,
		&v.WrittenBy,
		&v.Moves,
		&v.Reason,
	}
}

// PolicyVersion returns a version by id.
func (tx *Tx) PolicyVersion(id int64) (v PolicyVersion, err error) {
	found, err := tx.get(policyFields(&v), selectPolicyVersion+`WHERE id = $1`, id)
	if err == nil && !found {
		err = absent("policy version")
	}
	return v, err
}

// PolicyReason returns why a version was applied, without its long text; "" for a version that is not there.
func (tx *Tx) PolicyReason(id int64) (reason string, err error) {
	_, err = tx.get([]any{&reason}, `
		SELECT reason
		FROM policy_versions
		WHERE id = $1`, id)
	return reason, err
}

// PolicyVersions returns a brand's versions, the newest first.
func (tx *Tx) PolicyVersions(brand int64) (all []PolicyVersion, err error) {
	var v PolicyVersion
	err = tx.each(policyFields(&v), func() error { all = append(all, v); return nil }, selectPolicyVersion+`
		WHERE brand_id = $1
		ORDER BY id DESC`, brand)
	return all, err
}

// PolicyAt returns the id of the version that is effective for a brand at that time: of those whose time has come, the one
// applied last. [fault.NotFound] when none is. Every ticket asks it, and the text of a policy is long.
func (tx *Tx) PolicyAt(brand int64, now time.Time) (id int64, err error) {
	found, err := tx.get([]any{&id}, `
		SELECT id
		FROM policy_versions
		WHERE brand_id = $1 AND effective_at <= $2
		ORDER BY effective_at DESC, id DESC
		LIMIT 1`, brand, now)
	if err == nil && !found {
		err = absent("policy in force")
	}
	return id, err
}

// Running is which version of a brand's policy holds, and since when.
type Running struct {
	Brand, Version int64
	From           time.Time
	Moves          bool // open tickets are still to go along with it
}

// RunningPolicies returns, for every brand that has a policy, the version that holds now, and when the next of any brand
// begins to hold: the zero time when none is waiting.
func (tx *Tx) RunningPolicies(now time.Time) (all []Running, next time.Time, err error) {
	var r Running
	err = tx.each([]any{&r.Brand, &r.Version, &r.From, &r.Moves}, func() error { all = append(all, r); return nil }, `
		SELECT brand_id, id, effective_at, moves
		FROM policy_versions v
		WHERE effective_at <= $1 AND NOT EXISTS (
			SELECT 1
			FROM policy_versions l
			WHERE l.brand_id = v.brand_id AND l.effective_at <= $1
				AND (l.effective_at > v.effective_at OR l.effective_at = v.effective_at AND l.id > v.id))
		ORDER BY brand_id`, now)
	if err == nil {
		_, err = tx.get([]any{&next}, `SELECT min(effective_at) FROM policy_versions WHERE effective_at > $1`, now)
	}
	return all, next, err
}

// MovesDone notes that the open tickets of a brand have gone along with a version.
func (tx *Tx) MovesDone(version int64) error {
	_, err := tx.exec(`UPDATE policy_versions SET moves = $1 WHERE id = $2`, false, version)
	return err
}

// OpenUnderOthers returns open tickets of a brand that live by another version than this one, in the order of their numbers and
// from after one of them on.
func (tx *Tx) OpenUnderOthers(brand, version, after int64, limit int) ([]int64, error) {
	return tx.ids(`
		SELECT id
		FROM tickets
		WHERE brand_id = $1 AND policy_id <> $2 AND id > $3 AND category <> 'closed'
		ORDER BY id
		LIMIT $4`, brand, version, after, limit)
}
