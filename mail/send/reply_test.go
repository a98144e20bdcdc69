package send

import (
	"bufio"
	"strings"
	"testing"
	"unicode"
)

func TestAReplyIsReadWithItsCodeItsEnhancedCodeAndItsWords(t *testing.T) {
	for said, want := range map[string]string{
		"250 2.0.0 ok\r\n": "250 2.0.0 ok",
		"250\r\n":          "250",
		"550-5.1.1 no such\r\n550 5.1.1 user\r\n":   "550 5.1.1 no such user",
		"552 mailbox full\n":                        "552 mailbox full",
		"451 4.7.1\tcome \x1b[31mback\x00 \xff\r\n": "451 4.7.1 come [31mback ?",
		"554 1.2.3.4 is not welcome\r\n":            "554 1.2.3.4 is not welcome",
		"421 " + strings.Repeat("x", 600) + "\r\n":  "421 " + strings.Repeat("x", 500) + "...",
	} {
		reply, err := readReply(bufio.NewReaderSize(strings.NewReader(said), maxReplyLine))
		if err != nil || reply.Error() != want {
			t.Errorf("%q is %q, %v; want %q", said, reply, err, want)
		}
	}
	for _, said := range []string{"", "25", "2x0 ok\r\n", "ok\r\n", "099 ok\r\n", "600 ok\r\n", "250-yes\r\n", "250-yes\r\n251 no\r\n", "250_ok\r\n", "-50 ok\r\n"} {
		if reply, err := readReply(bufio.NewReaderSize(strings.NewReader(said), maxReplyLine)); err == nil {
			t.Errorf("%q is %v", said, reply)
		}
	}
}

func FuzzReply(f *testing.F) {
	f.Add("250-a\r\n250 5.1.1 b\r\n")
	f.Add("550 " + strings.Repeat("x", 5000))
	f.Fuzz(func(t *testing.T, said string) {
		reply, err := readReply(bufio.NewReaderSize(strings.NewReader(said), maxReplyLine))
		if err != nil {
			return
		}
		if reply.Code < 200 || reply.Code > 599 || len(reply.Text) > 510 || strings.ContainsFunc(reply.Error(), unicode.IsControl) {
			t.Fatalf("%q is %+v", said, reply)
		}
	})
}
