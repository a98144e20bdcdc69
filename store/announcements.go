package store

import "time"

// Announcement is how a version of a policy is made known to customers, and how far that has come.
type Announcement struct {
	Version int64
	Brand   int64
	Website bool      // a banner on what customers read
	InApp   bool      // a notice for those who work at the desk
	Mails   bool      // there may be more people to mail
	Said    time.Time // when it was made known: whoever comes later is not mailed
	Until   time.Time // banner and notice end
	Since   time.Time // whoever wrote since then is mailed, besides those with open tickets
	Reached int64     // the last person who was mailed
	Mailed  int64     // how many were
}

// AddAnnouncement stores how a version is made known.
func (tx *Tx) AddAnnouncement(a Announcement) error {
	_, err := tx.exec(`
		INSERT INTO announcements (version_id, brand_id, website, in_app, mails, said_at, shown_until, since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.Version, a.Brand, a.Website, a.InApp, a.Mails, a.Said, a.Until, a.Since)
	return err
}

const selectAnnouncement = `
	SELECT
		version_id,
		brand_id,
		website,
		in_app,
		mails,
		said_at,
		shown_until,
		since,
		reached,
		mailed
	FROM announcements
	`

func announcementFields(a *Announcement) []any {
	return []any{
		&a.Version,
		&a.Brand,
		&a.Website,
		&a.InApp,
		&a.Mails,
		&a.Said,
		&a.Until,
		&a.Since,
		&a.Reached,
		&a.Mailed,
	}
}

// Announcement returns how a version was made known; [fault.NotFound] when it was not.
func (tx *Tx) Announcement(version int64) (a Announcement, err error) {
	found, err := tx.get(announcementFields(&a), selectAnnouncement+`WHERE version_id = $1`, version)
	if err == nil && !found {
		err = absent("announcement")
	}
	return a, err
}

// ShownAnnouncement returns the newest announcement of a brand that is still shown; found is false when there is none.
func (tx *Tx) ShownAnnouncement(brand int64, now time.Time) (a Announcement, found bool, err error) {
	found, err = tx.get(announcementFields(&a), selectAnnouncement+`
		WHERE brand_id = $1 AND shown_until > $2
		ORDER BY version_id DESC
		LIMIT 1`, brand, now)
	return a, found, err
}

// Mailing returns the announcements that may still have people to mail, the oldest first.
func (tx *Tx) Mailing() (all []Announcement, err error) {
	var a Announcement
	err = tx.each(announcementFields(&a), func() error { all = append(all, a); return nil }, selectAnnouncement+`
		WHERE mails
		ORDER BY version_id`)
	return all, err
}

// Mailed notes whom an announcement has reached, and whether there may be more.
func (tx *Tx) Mailed(a Announcement) error {
	_, err := tx.exec(`UPDATE announcements SET reached = $1, mailed = $2, mails = $3 WHERE version_id = $4`, a.Reached, a.Mailed, a.Mails, a.Version)
	return err
}

// reachable are the customers of a brand whom an announcement concerns: they have an open ticket or wrote not long before, and
// mail reaches them. Whoever is known from imported mail alone has not asked this desk for anything.
const reachable = `
	FROM tickets t
	JOIN people p ON p.id = t.requester_id
	WHERE t.brand_id = $1 AND t.` + firstHand + ` AND t.created_at <= $2 AND (t.category NOT IN ('solved', 'closed') OR t.customer_at >= $3)
		AND p.role = 'customer' AND NOT p.suspended AND p.unreachable = ''`

// ToTell returns the next people whom an announcement is to reach by mail, in the order of their ids.
func (tx *Tx) ToTell(a Announcement, limit int) ([]int64, error) {
	return tx.ids(`SELECT DISTINCT t.requester_id`+reachable+` AND t.requester_id > $4 ORDER BY t.requester_id LIMIT $5`, a.Brand, a.Said, a.Since, a.Reached, limit)
}

// CountToTell counts whom an announcement would reach by mail, up to a limit.
func (tx *Tx) CountToTell(a Announcement, limit int) (n int64, err error) {
	_, err = tx.get([]any{&n}, `SELECT count(*) FROM (SELECT DISTINCT t.requester_id`+reachable+` LIMIT $4) told`, a.Brand, a.Said, a.Since, limit)
	return n, err
}
