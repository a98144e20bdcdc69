package mail

import (
	"net/mail"
	"strings"
	"time"
)

// dateLayouts are spellings of dates beyond the standard that senders use.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05",
	"Mon, 2 Jan 06 15:04:05 -0700", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon Jan 2 15:04:05 2006 -0700",
	"Mon, 02-Jan-2006 15:04:05 MST", "Monday, 2 January 2006 15:04:05 -0700", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05", "Mon, 2 Jan 2006 15:04 -0700", "Mon, 2 Jan 2006 15.04.05 -0700",
}

// zones replaces names of time zones that net/mail would take for UTC.
var zones = strings.NewReplacer(" CEST", " +0200", " CET", " +0100", " EEST", " +0300", " EET", " +0200", " BST", " +0100", " WEST", " +0100", " MSK", " +0300",
	" JST", " +0900", " KST", " +0900", " HKT", " +0800", " AEST", " +1000", " AEDT", " +1100", " NZST", " +1200", " NZDT", " +1300")

// parseDate reads a date generously and returns it in UTC, zero when it cannot be read. Years beyond 1970 to 9999 are noise.
func parseDate(v string) time.Time {
	if at, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", strings.TrimSpace(v)); err == nil && at.Year() >= 1970 {
		return at.UTC()
	}
	v = strings.Join(strings.Fields(decodeWords(v)), " ")
	if len(v) > 100 {
		return time.Time{}
	}
	v = zones.Replace(v)
	at, err := mail.ParseDate(v)
	if bare, _, found := strings.Cut(v, " ("); err != nil && found {
		v = bare
	}
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		at, err = time.Parse(dateLayouts[i], v)
	}
	if err != nil || at.Year() < 1970 || at.Year() > 9999 {
		return time.Time{}
	}
	return at.UTC()
}
