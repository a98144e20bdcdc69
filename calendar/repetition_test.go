package calendar

import (
	"strings"
	"testing"
	"time"
)

// comesOn are the dates of a window on which an entry comes, as words: "Sep 2 3 5, Oct 4".
func comesOn(t *testing.T, rule, first, from, to string) string {
	t.Helper()
	r, err := readRepetition(rule)
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	left := work(1_000_000)
	dates, done := r.dates(date(t, first), date(t, from), date(t, to), &left)
	if !done {
		t.Fatalf("%s: too much work", rule)
	}
	var b strings.Builder
	month := time.Month(0)
	for _, d := range dates {
		if d.M != month {
			b.WriteString(d.Format(" Jan"))
			month = d.M
		}
		b.WriteString(d.Format(" 2"))
	}
	return strings.TrimSpace(b.String())
}

func date(t *testing.T, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The examples of RFC 5545, 3.8.5.3, with the dates that it gives for them.
func TestEntriesComeAgainAsTheStandardSays(t *testing.T) {
	for _, c := range []struct{ rule, first, to, want string }{
		{"FREQ=DAILY;COUNT=10", "1997-09-02", "1997-12-31", "Sep 2 3 4 5 6 7 8 9 10 11"},
		{"FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "1997-12-31", "Sep 2 12 22 Oct 2 12"},
		{"FREQ=WEEKLY;COUNT=10", "1997-09-02", "1997-12-31", "Sep 2 9 16 23 30 Oct 7 14 21 28 Nov 4"},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "1997-11-30", "Sep 2 16 30 Oct 14 28 Nov 11 25"},
		{"FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02", "1997-12-31", "Sep 2 4 9 11 16 18 23 25 30 Oct 2"},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01", "1997-10-05", "Sep 1 3 5 15 17 19 29 Oct 1 3"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02", "1997-12-31", "Sep 2 4 16 18 30 Oct 2 14 16"},
		{"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05", "1998-12-31", "Sep 5 Oct 3 Nov 7 Dec 5 Jan 2 Feb 6 Mar 6 Apr 3 May 1 Jun 5"},
		{"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07", "1998-12-31", "Sep 7 28 Nov 2 30 Jan 4 25 Mar 1 29 May 3 31"},
		{"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "1998-12-31", "Sep 22 Oct 20 Nov 17 Dec 22 Jan 19 Feb 16"},
		{"FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1998-02-28", "Sep 28 Oct 29 Nov 28 Dec 29 Jan 29 Feb 26"},
		{"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02", "1998-12-31", "Sep 2 15 Oct 2 15 Nov 2 15 Dec 2 15 Jan 2 15"},
		{"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09-10", "1999-12-31", "Sep 10 11 12 13 14 15 Mar 10 11 12 13"},
		{"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-02", "1997-11-30", "Sep 2 9 16 23 30 Nov 4 11 18 25"},
		{"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", "2002-12-31", "Jun 10 Jul 10 Jun 10 Jul 10 Jun 10 Jul 10 Jun 10 Jul 10 Jun 10 Jul 10"},
		{"FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1999-12-31", "May 19 18 17"},
		{"FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "1998-03-31", "Mar 13 20 27 5 12 19 26"},
		{"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "2000-12-31", "Feb 13 Mar 13 Nov 13 Aug 13 Oct 13"},
		{"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13", "1998-02-28", "Sep 13 Oct 11 Nov 8 Dec 13 Jan 10 Feb 7"},
		{"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", "2004-12-31", "Nov 5 7 2"},
		{"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1998-12-31", "Sep 4 Oct 7 Nov 6"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "1998-03-31", "Sep 29 Oct 30 Nov 27 Dec 30 Jan 29 Feb 26 Mar 30"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-12-31", "Aug 5 10 19 24"},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-12-31", "Aug 5 17 19 31"},
		{"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", "2007-12-31", "Jan 15 30 Feb 15 Mar 15 30"},
	} {
		if got := comesOn(t, c.rule, c.first, c.first, c.to); got != c.want {
			t.Errorf("%s from %s\n  comes on %s\n  want     %s", c.rule, c.first, got, c.want)
		}
	}
}

// A window years later has the dates that walking there one by one has, for every rule that does not count.
func TestAWindowHasTheDatesOfTheWholeRule(t *testing.T) {
	for _, rule := range []string{"FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,SA", "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;INTERVAL=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;BYMONTH=1"} {
		whole := comesOn(t, rule, "2016-02-29", "2016-02-29", "2027-06-30")
		window := comesOn(t, rule, "2016-02-29", "2026-11-01", "2027-06-30")
		if !strings.HasSuffix(whole, strings.TrimLeft(window, "JanFebMrApyulgSeOctNovD")) {
			t.Errorf("%s: the window has %s, and the whole ends with %s", rule, window, whole[max(0, len(whole)-60):])
		}
	}
}

func TestRulesThatAreNotUnderstoodSaySo(t *testing.T) {
	for _, rule := range []string{"", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=3", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=DAILY;BYHOUR=9,10", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=MO,,", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;INTERVAL=99999999999", "BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=0"} {
		if r, err := readRepetition(rule); err == nil {
			t.Errorf("%q is read as %+v", rule, r)
		}
	}
}
