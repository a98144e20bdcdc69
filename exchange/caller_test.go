package exchange

import (
	"bufio"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

const invite = "INVITE sip:name@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1\r\nFrom: <sip:FROM@pbx>;tag=a\r\nTo: <sip:201@pbx>\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\nMORE\r\nContent-Length: 0\r\n\r\n"

func invited(t testing.TB, from, more string) *sip.Request {
	t.Helper()
	text := strings.Replace(strings.Replace(invite, "FROM", from, 1), "MORE", more, 1)
	read, err := sip.ParseMessage([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return read.(*sip.Request)
}

func TestWhoCallsIsReadFromWhatTheExchangeAsserts(t *testing.T) {
	const none = "X-None: 1"
	for _, c := range []struct{ from, more, country, want string }{
		{"+12065550142", none, "", "+12065550142"},
		{"0012065550142", none, "", "+12065550142"},
		{"+1-206-555-0142;phone-context=x", none, "", "+12065550142"},
		{"030123456", none, "+49", "+4930123456"},
		{"4930123456", none, "+49", "+4930123456"},
		{"2065550142", none, "+1", "+12065550142"},
		{"0669812345", none, "+39", "+390669812345"},
		{"030123456", none, "", ""}, // nobody knows in which country
		{"201", none, "+49", ""},    // a colleague
		{"anonymous", none, "+49", ""},
		{"anonymous", `P-Asserted-Identity: "Acme" <sip:+12065550142@pbx>, <tel:+12065550142>`, "", "+12065550142"},
		{"+12065550199", "P-Asserted-Identity: <tel:+12065550142;ext=3>", "", "+12065550142"},
		{"+12065550142", "Privacy: id;critical", "", ""},
		{"+12065550142", "Privacy: none", "", "+12065550142"},
		{"+12065550142", "P-Asserted-Identity: nonsense", "", "+12065550142"},
	} {
		if got := caller(invited(t, c.from, c.more), c.country); got != c.want {
			t.Errorf("From %s, %s, in %q: %q calls, want %q", c.from, c.more, c.country, got, c.want)
		}
	}
}

func TestWhoIsRungIsWhomTheCallerDialled(t *testing.T) {
	for more, want := range map[string]string{
		"X-None: 1": "201",
		"Diversion: <sip:202@pbx>;reason=no-answer":                           "202",
		"Diversion: <sip:204@pbx>;reason=user-busy, <tel:+493055501420>;x=y":  "+493055501420",
		"Diversion: <sip:204@pbx>\r\nDiversion: \"Reception\" <sips:205@pbx>": "205",
		"Diversion: <mailto:eve@pbx>":                                         "201",
		"Diversion: <sip:" + strings.Repeat("9", 70) + "@pbx>;reason=unknown": "201",
	} {
		if got := dialled(invited(t, "+12065550142", more)); got != want {
			t.Errorf("%s: %q is rung, want %q", more, got, want)
		}
	}
}

func TestACallThatNobodyCouldReadHasAName(t *testing.T) {
	req := invited(t, "+12065550142", "X-None: 1")
	for id, want := range map[string]string{"one@pbx": "sip/one@pbx", strings.Repeat("x", 500): "", "caf\u00e9": "", "a\x00b": ""} {
		named := sip.CallIDHeader(id)
		req.RemoveHeader("Call-ID")
		req.AppendHeader(&named)
		if got := callName(req); want != "" && got != want || want == "" && (len(got) != len("sip/")+64 || !utf8.ValidString(got)) {
			t.Errorf("%q is named %q", id, got)
		}
	}
}

// Whatever comes over the wire is read or dropped, and what is read can be told to the desk.
func FuzzDoor(f *testing.F) {
	for _, more := range []string{"X-None: 1", "Privacy: id", `P-Asserted-Identity: "A" <sip:+1@x>, <tel:+12065550142>`, "Diversion: <sip:1@x>;a, <sip:2@x>", "Reason: SIP;cause=200", "v: SIP/2.0/UDP x", "To: <sip:a@b>;tag=;tag"} {
		f.Add(strings.Replace(invite, "MORE", more, 1), "name", "+49")
	}
	f.Add("SIP/2.0 180 Ringing\r\n\r\n", "name", "")
	f.Fuzz(func(t *testing.T, text, token, country string) {
		if !(door{token: token, call: "call"}).lets([]byte(text)) {
			return
		}
		read, err := sip.ParseMessage([]byte(text))
		if err != nil {
			t.Fatalf("it is let in and cannot be read: %v", err)
		}
		req, ok := read.(*sip.Request)
		if !ok {
			return
		}
		told := rung(req, country, time.Unix(0, 0))
		_ = answeredElsewhere(req)
		if len(told.Call) > 200 || !utf8.ValidString(told.Call) || strings.ContainsFunc(told.Agent, odd) || strings.ContainsFunc(told.From, odd) {
			t.Fatalf("told %+v", told)
		}
	})
}

// A stream is cut into messages where they say that they end.
func FuzzNextMessage(f *testing.F) {
	f.Add("INVITE sip:a SIP/2.0\r\nl: 3\r\n\r\nabcOPTIONS sip:a SIP/2.0\r\n\r\n")
	f.Add("\r\n\r\nContent-Length: 99999999999999\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		in, total := bufio.NewReader(strings.NewReader(text)), 0
		for {
			message, err := nextMessage(in)
			if err != nil {
				break
			}
			if total += len(message); len(message) == 0 || len(message) > mostMessage || total > len(text) {
				t.Fatalf("a message of %d letters, %d of %d in all", len(message), total, len(text))
			}
		}
	})
}
