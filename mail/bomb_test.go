package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"hark/fault"
	"hark/internal/effort"
)

// The budget of one hostile mail.
const (
	bombTime   = 500 * time.Millisecond
	bombMemory = 64 << 20
)

// nested returns a mail of n multiparts within each other.
func nested(n int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@b.example\n")
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\n\nx\n")
	return b.Bytes()
}

// wide returns a mail of n parts beside each other.
func wide(n int) []byte {
	return []byte("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", n) + "--b--\n")
}

func headers(n int) []byte {
	return []byte("From: a@b.example\n" + strings.Repeat("X-A: b\n", n) + "\nx")
}

func inBody(kind, body string) []byte {
	return []byte("From: a@b.example\nContent-Type: " + kind + "\n\n" + body)
}

type bomb struct {
	name string
	raw  []byte
	kept bool // has to be refused and kept raw
}

func bombs() []bomb {
	return []bomb{
		{"nested 100", nested(100), true}, {"nested 300", nested(300), true}, {"nested 1,000", nested(1_000), true}, {"nested 10,000", nested(10_000), true}, {"nested 19", nested(19), false},
		{"wide 1,000", wide(1_000), true}, {"wide 100,000", wide(100_000), true}, {"wide 499", wide(499), false},
		{"100,000 headers", headers(100_000), true}, {"900 headers", headers(900), false}, {"one header of 1 MB", []byte("Subject: " + strings.Repeat("x", 1<<20) + "\n\nx"), true},
		{"100,000 continuation lines", []byte("Subject: x\n" + strings.Repeat(" x\n", 100_000) + "\nx"), true},
		{"100,000 addresses", []byte("From: a@b.example\nTo: " + strings.Repeat("a@b.example,", 100_000) + "\n\nx"), true},
		{"3,000 addresses", []byte("From: a@b.example\nTo: " + strings.Repeat("a@b.example,", 3_000) + "\n\nx"), true},
		{"900 addresses", []byte("From: a@b.example\nTo: " + strings.Repeat("a@b.example,", 900) + "\n\nx"), false},
		{"50,000 encoded words", []byte("Subject: " + strings.Repeat("=?utf-8?q?x?= ", 50_000) + "\n\nx"), true},
		{"15,000 encoded words", []byte("Subject: " + strings.Repeat("=?utf-8?q?x?= ", 15_000) + "\n\nx"), false},
		{"encoded words with a far end", []byte("Subject: " + strings.Repeat("=?a?q? ", 30_000) + "?=\n\nx"), false},
		{"encoded words after the last end", []byte("Subject: =?a?q?x?=" + strings.Repeat("=?a? ", 40_000) + "\n\nx"), false},
		{"encoded words without an end", []byte("Subject: " + strings.Repeat("=?a?q?", 40_000) + "\n\nx"), false},
		{"1 MB of References", []byte("References: " + strings.Repeat("<a@b> ", 180_000) + "\n\nx"), true},
		{"250 kB of References", []byte("References: " + strings.Repeat("<a@b> ", 40_000) + "\n\nx"), false},
		{"brackets", []byte("From: " + strings.Repeat("<", 250_000) + "\n\nx"), false}, {"brackets and commas", []byte("From: " + strings.Repeat("<,", 1_900) + strings.Repeat("x", 240_000) + "\n\nx"), false},
		{"comments", []byte("From: " + strings.Repeat("(", 250_000) + "\n\nx"), false}, {"comments that touch", []byte("From: a" + strings.Repeat("(a)", 80_000) + "@b\n\nx"), false},
		{"quotes", []byte("From: " + strings.Repeat("\"a", 100_000) + "\n\nx"), false}, {"one name", []byte("From: " + strings.Repeat("x ", 120_000) + "<a@b.example>\n\nx"), false},
		{"colons", []byte("To: " + strings.Repeat("a:", 120_000) + "\n\nx"), false},
		{"parameters", []byte("Content-Type: text/plain; " + strings.Repeat("a=b; ", 50_000) + "\n\nx"), false}, {"parameter pieces", []byte("Content-Type: text/plain; " + strings.Repeat("name*1*=b; ", 20_000) + "\n\nx"), false},
		{"Received", []byte(strings.Repeat("Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\n", 990) + "From: a@b.example\n\nx"), false},
		{"boundary lines", []byte("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + strings.Repeat("--\n--a\n", 600_000)), false},
		{"boundary lines, 19 deep", append(nested(19), bytes.Repeat([]byte("--bbbbbbbbbb\n"), 400_000)...), false},
		{"unclosed nesting in 450 parts", []byte("Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=c\n\n", 240)), false},
		{"many part headers", []byte("Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n"+strings.Repeat("X-A: b\n", 900)+"\nx\n", 490)), true},
		{"quoted-printable", []byte("Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=", 2<<20)), false}, {"soft breaks", []byte("Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("= ", 1<<20)), false},
		{"blanks behind =", []byte("Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("="+strings.Repeat(" ", 2_000), 1_000)), false},
		{"base64 of UTF-32", []byte("Content-Type: text/plain; charset=utf-32\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0, 0, 0xd8, 0}, 400_000))), false},
		{"UTF-7 shifts", inBody("text/plain; charset=utf-7", strings.Repeat("+AAAA", 200_000)), false}, {"ISO-2022-JP shifts", inBody("text/plain", strings.Repeat("\x1b$B\x1b(B", 300_000)), false},
		{"deep HTML", inBody("text/html", strings.Repeat("<div>", 100_000)), false}, {"deep quotes", inBody("text/html", strings.Repeat("<blockquote>x", 60_000)), false}, {"deep tables", inBody("text/html", strings.Repeat("<table><tr><td>", 20_000)), false},
		{"open tags", inBody("text/html", strings.Repeat("<", 1<<20)), false}, {"many attributes", inBody("text/html", "<p "+strings.Repeat("a=b ", 200_000)+">x"), false}, {"many styles", inBody("text/html", "<p style=\""+strings.Repeat("color:red;", 100_000)+"\">x"), false},
		{"misnested formatting", inBody("text/html", strings.Repeat("<b><i><a href=x><p>", 400)+"x"), false}, {"comments in HTML", inBody("text/html", strings.Repeat("<!--", 200_000)), false}, {"entities", inBody("text/html", strings.Repeat("&amp", 200_000)), false},
		{"links", inBody("text/html", strings.Repeat("<a href=https://a.test>x</a>", 20_000)), false},
		{"attributions", inBody("text/plain", strings.Repeat("On 2026-11-24 10:00 Ben <b@c.example> wrote:\n", 20_000)), false}, {"attributions and quotes", inBody("text/plain", strings.Repeat("On 2026-11-24 10:00 Ben <b@c.example> wrote:\n> x\ny\n", 15_000)), false},
		{"separators", inBody("text/plain", strings.Repeat("-- \n", 200_000)), false}, {"header blocks", inBody("text/plain", strings.Repeat("From: a\nSent: b\n", 50_000)), false}, {"one line of 3 MB", inBody("text/plain", strings.Repeat("x:", 3<<19)), false},
		{"quotes of quotes", inBody("text/plain", strings.Repeat(strings.Repeat(">", 500)+"\n", 1_500)), false}, {"flowed", inBody("text/plain; format=flowed", strings.Repeat("> x \n", 200_000)), false},
		{"a delivery report of 20,000 recipients", []byte("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\n\n", 20_000)), false},
		{"junk", bytes.Repeat([]byte{0xff, 0, 0x1b, '$', '\n'}, 300_000), false},
	}
}

// Every bomb stays within the budget, whether it is refused or read.
func TestH4_H5_BombsStayWithinTheBudget(t *testing.T) {
	for _, b := range bombs() {
		took, memory, err := cost(b.raw)
		for try := 0; try < 5 && took > bombTime; try++ {
			took, memory, err = cost(b.raw) // others work on this machine, too
		}
		if took > bombTime || memory > bombMemory {
			t.Errorf("%s (%d kB) took %v and %d MB", b.name, len(b.raw)>>10, took, memory>>20)
		}
		if testing.Verbose() && took > 20*time.Millisecond {
			t.Logf("%s: %v, %d kB", b.name, took, memory>>10)
		}
		switch {
		case b.kept && (err == nil || !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), "kept as it came")):
			t.Errorf("%s is not kept raw: %v", b.name, err)
		case !b.kept && err != nil:
			t.Errorf("%s is refused: %v", b.name, err)
		}
	}
}

func cost(raw []byte) (time.Duration, uint64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var err error
	took := effort.Of(func() { _, err = Parse(raw) })
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc, err
}

func TestScanRefusesWhatParseRefuses(t *testing.T) {
	for _, b := range bombs() {
		if scan := Scan(b.raw); (scan != nil) != b.kept {
			t.Errorf("%s: Scan says %v", b.name, scan)
		}
	}
}

func TestLimitsAreNamedInTheRefusal(t *testing.T) {
	for want, raw := range map[string][]byte{
		"nested deeper than 20": nested(21), "more than 500 parts": wide(501), "more than 1000 fields": headers(1_001), "more than 262144 bytes": []byte("A: " + strings.Repeat("x", MaxHeaderBytes) + "\n\nx"),
		"more than 1000 addresses": []byte("To: " + strings.Repeat("a@b.c,", 2_001) + "\n\nx"), "more than the 67108864 that are read": make([]byte, MaxSize+1),
	} {
		if err := Scan(raw); err == nil || !strings.Contains(fault.Says(err), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// Twice the mail may take about twice the time; the factor leaves room for a busy machine, and still catches a square.
func TestScanTakesLinearTime(t *testing.T) {
	shapes := map[string]func(n int) []byte{
		"parts":      func(n int) []byte { return append(nested(19), bytes.Repeat([]byte("--b18x\nabc\n"), n)...) },
		"base64":     func(n int) []byte { return inBody("text/plain", strings.Repeat(strings.Repeat("A", 76)+"\n", n)) },
		"dash lines": func(n int) []byte { return append(wide(400), bytes.Repeat([]byte("--\n"), n)...) },
	}
	for name, shape := range shapes {
		small, large := fastest(shape(20_000)), fastest(shape(160_000))
		if large > 40*small+5*time.Millisecond {
			t.Errorf("%s: eight times the mail takes %v instead of %v", name, large, small)
		}
	}
}

func fastest(raw []byte) time.Duration {
	return effort.Least(5, func() { _ = Scan(raw) })
}
