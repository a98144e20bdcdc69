package tracker_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/engineers"
	"hark/fault"
	"hark/reach"
	"hark/tracker"
	"hark/tracker/trackertest"
)

// each lets a story happen with each of the trackers.
func each(t *testing.T, story func(t *testing.T, s *trackertest.Server, there desk.Engineers)) {
	t.Helper()
	for _, address := range trackertest.Addresses {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			s := trackertest.Start(t)
			there, err := s.Open(trackertest.Account(t, address))
			if err != nil {
				t.Fatal(err)
			}
			story(t, s, there)
		})
	}
}

var (
	totals = engineers.Letter{Title: "Totals are off", Text: "Each line is rounded first. (hark5f2c)", Mark: "hark5f2c"}
	more   = engineers.Letter{Text: "Reported by 40 customers. (hark77aa)", Mark: "hark77aa"}
)

// An entry is opened, commented and read, by the shape of each tracker.
func TestS0_23_EveryTrackerOpensCommentsAndReads(t *testing.T) {
	each(t, func(t *testing.T, s *trackertest.Server, there desk.Engineers) {
		ctx := t.Context()
		if says, err := there.Look(ctx); err != nil || !strings.Contains(says, "lets the token read") {
			t.Fatalf("looking says %q, %v", says, err)
		}
		e, err := there.Open(ctx, totals)
		if err != nil || e.State != engineers.Open || !strings.HasSuffix(e.URL, "812") || !strings.HasPrefix(e.URL, "https://") {
			t.Fatalf("opened: %+v, %v", e, err)
		}
		if err := there.Comment(ctx, e.Name, more); err != nil {
			t.Fatal(err)
		}
		s.Set(812, true)
		now, err := there.Read(ctx, e.Name)
		if err != nil || now.State != engineers.Closed || !now.At.After(e.At) {
			t.Errorf("it reads %+v, %v", now, err)
		}
		if all := s.Issues(); len(all) != 1 || all[0].Title != totals.Title || all[0].Text != totals.Text || len(all[0].Comments) != 1 || all[0].Comments[0] != more.Text {
			t.Errorf("there is %+v", all)
		}
	})
}

// The answer is lost after it was stored: the line breaks. Sent again, the letter is found by its mark.
func TestALetterThatMayHaveArrivedIsLookedForFirst(t *testing.T) {
	each(t, func(t *testing.T, s *trackertest.Server, there desk.Engineers) {
		ctx := t.Context()
		lost := func() { s.Stored = nil; panic(http.ErrAbortHandler) }
		s.Stored = lost
		if e, err := there.Open(ctx, totals); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("the lost answer is %+v, %v", e, err)
		}
		again := totals
		again.Since = time.Now()
		e, err := there.Open(ctx, again)
		if err != nil || !strings.HasSuffix(e.Name, "812") || len(s.Issues()) != 1 {
			t.Fatalf("again it is %+v, %v, and there are %d", e, err, len(s.Issues()))
		}
		s.Stored = lost
		if err := there.Comment(ctx, e.Name, more); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("the lost answer to a comment is %v", err)
		}
		again = more
		again.Since = time.Now()
		if err := there.Comment(ctx, e.Name, again); err != nil || len(s.Issues()[0].Comments) != 1 {
			t.Errorf("again: %v, and the comments are %q", err, s.Issues()[0].Comments)
		}
		other := engineers.Letter{Title: "Another", Text: "(harkeeee)", Mark: "harkeeee", Since: time.Now()}
		if e, err := there.Open(ctx, other); err != nil || len(s.Issues()) != 2 {
			t.Errorf("one that did not arrive: %+v, %v", e, err)
		}
	})
}

// Each answer has one meaning: wait, or somebody has to look. None of them shows the token, and none leads elsewhere.
func TestTroubleIsSaidAndTheTokenIsNot(t *testing.T) {
	each(t, func(t *testing.T, s *trackertest.Server, there desk.Engineers) {
		for _, one := range []struct {
			status int
			header [2]string
			body   string
			kind   fault.Kind
			says   string
		}{
			{status: 401, kind: fault.Refused, says: "does not accept the token"},
			{status: 403, kind: fault.Forbidden, says: "needs to read and write issues"},
			{status: 403, header: [2]string{"X-RateLimit-Remaining", "0"}, kind: fault.TooMany, says: "asks to wait"},
			{status: 404, kind: fault.NotFound, says: "hides it from the token"},
			{status: 410, kind: fault.Refused, says: "switched off"},
			{status: 429, kind: fault.TooMany, says: "asks to wait"},
			{status: 502, kind: fault.Unavailable, says: "answers 502"},
			{status: 302, header: [2]string{"Location", "https://evil.example/"}, kind: fault.Refused, says: "leads to another place"},
			{status: 422, body: `{"message":"Validation Failed","errors":[{"field":"title"}]}`, kind: fault.Invalid, says: "answers 422: Validation Failed"},
			{status: 400, body: `{"errorMessages":[],"errors":{"components":"Components is required."}}`, kind: fault.Invalid, says: "components: Components is required."},
			{status: 200, body: `<html>sign in</html>`, kind: fault.Invalid, says: "cannot be read"},
		} {
			s.Before = func(w http.ResponseWriter, _ *http.Request) bool {
				if one.header[0] != "" {
					w.Header().Set(one.header[0], one.header[1])
				}
				w.WriteHeader(one.status)
				fmt.Fprint(w, one.body)
				return true
			}
			_, err := there.Read(t.Context(), "812")
			if !fault.Is(err, one.kind) || !strings.Contains(fault.Says(err), one.says) {
				t.Errorf("%d says %q (%v)", one.status, fault.Says(err), fault.KindOf(err))
			}
			if strings.Contains(fmt.Sprintf("%+v", err), trackertest.Token) {
				t.Errorf("%d shows the token: %v", one.status, err)
			}
		}
	})
}

// An answer without end is not read to its end.
func TestAnAnswerHasAnEnd(t *testing.T) {
	s := trackertest.Start(t)
	s.Before = func(w http.ResponseWriter, _ *http.Request) bool {
		page := []byte(strings.Repeat("x", 1<<20))
		for range 10 {
			if _, err := w.Write(page); err != nil {
				break
			}
		}
		return true
	}
	there, err := s.Open(trackertest.Account(t, trackertest.GitHub))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := there.Read(t.Context(), "812"); !fault.Is(err, fault.TooLarge) {
		t.Errorf("it is %v", err)
	}
}

func TestWhatIsNoAccountIsRefused(t *testing.T) {
	good := trackertest.Account(t, trackertest.Cloud)
	short, nobody := good, good
	short.Token, nobody.User = "abc\n", ""
	for _, bad := range []engineers.Account{short, nobody, {Token: trackertest.Token}} {
		if there, err := tracker.Open(bad, reach.Wire{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v opens %v, %v", bad, there, err)
		}
	}
}

// A name that leads inside is refused before a byte is sent; a network that the operator has named is reached.
func TestE3_ATrackerInsideIsReachedOnlyWhereTheOperatorSaysSo(t *testing.T) {
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	dial := func(w reach.Wire) error {
		c, err := w.Transport().DialContext(context.Background(), "tcp", inside.Addr().String())
		if err == nil {
			c.Close()
		}
		return err
	}
	if err := dial(reach.Wire{}); !fault.Is(err, fault.Refused) {
		t.Errorf("it is reached: %v", err)
	}
	if err := dial(reach.Wire{Nearby: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}); !fault.Is(err, fault.Refused) {
		t.Errorf("another network opens it: %v", err)
	}
	if err := dial(reach.Wire{Nearby: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}); err != nil {
		t.Errorf("the network is named, and it is refused: %v", err)
	}
	if (reach.Wire{}).Transport().Proxy != nil {
		t.Error("what the environment calls a proxy would be told the token")
	}
}
