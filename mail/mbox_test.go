package mail

import (
	"slices"
	"strings"
	"testing"
)

func takenApart(t *testing.T, text string, most int) (mails []string) {
	t.Helper()
	err := EachInMbox(strings.NewReader(text), most, func(number int, raw []byte) error {
		if mails = append(mails, string(raw)); number != len(mails) {
			t.Errorf("mail %d is called number %d", len(mails), number)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

func TestAnMboxIsTakenApart(t *testing.T) {
	text := "From iris Mon Nov 23 10:00:00 2026\nSubject: One\n\nHello\n>From here on\n>>From there\n\nFrom ben Mon Nov 23 11:00:00 2026\nSubject: Two\n\nHello again\nFrom is no separator inside\n"
	want := []string{"Subject: One\n\nHello\nFrom here on\n>From there", "Subject: Two\n\nHello again\nFrom is no separator inside"}
	if got := takenApart(t, text, 1000); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNoMboxIsOneMail(t *testing.T) {
	single := "Subject: One\n\nHello\n\nFrom here on\n>From there\n\n"
	if got := takenApart(t, single, 1000); !slices.Equal(got, []string{single}) {
		t.Errorf("%q", got)
	}
	if got := takenApart(t, "", 1000); len(got) != 0 {
		t.Errorf("nothing is %q", got)
	}
}

func TestALongMailOfAnMboxIsCutAndTheNextOneIsWhole(t *testing.T) {
	text := "From a\nSubject: Long\n\n" + strings.Repeat("x", 200_000) + "\n\nFrom b\nSubject: Short\n\nHello\n"
	got := takenApart(t, text, 1000)
	if len(got) != 2 || len(got[0]) != 1001 || got[1] != "Subject: Short\n\nHello" {
		t.Errorf("%d mails, the first with %d bytes", len(got), len(got[0]))
	}
}
