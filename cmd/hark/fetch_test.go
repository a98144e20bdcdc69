package main

import (
	"strings"
	"testing"
	"time"

	"hark/account"
	"hark/desk"
	"hark/fault"
)

// A mailbox with years of mail in it is added on a Wednesday. Its old mail does not become tickets unless somebody asks for it.
func TestAMailboxElsewhereIsReadFromTheDayItWasAdded(t *testing.T) {
	added := time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC)
	from := func(query string, added time.Time) (time.Time, error) {
		box := account.Mailbox{Address: "support@agency.example", IMAP: "imaps://support@mail.example/INBOX" + query, Since: added}
		reader, err := (&server{}).reader(&opened{clock: desk.RealClock{}}, box, desk.MailboxSecrets{})
		if err != nil {
			return time.Time{}, err
		}
		if reader.Notice == nil {
			t.Error("what an administrator should know is told to nobody")
		}
		return reader.Since, nil
	}
	for query, want := range map[string]string{"": "2026-11-24", "?after=seen": "2026-11-24", "?since=2026-01-31": "2026-01-31", "?since=all": "0001-01-01"} {
		if got, err := from(query, added); err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%q reads mail since %v (%v), want %s", query, got, err, want)
		}
	}
	if got, err := from("", time.Time{}); err != nil || !got.IsZero() {
		t.Errorf("a mailbox from before this was remembered is read since %v (%v)", got, err)
	}
	if _, err := from("?since=yesterday", added); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Says(err), "since=2026-01-31, or since=all") {
		t.Errorf("since=yesterday: %v", err)
	}
}
