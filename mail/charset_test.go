package mail

import (
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	german   = "Schöne Grüße aus Köln, das Öl für 5 € ist übrig"
	russian  = "Здравствуйте, не могу войти в систему, пароль больше не подходит"
	japanes  = "お世話になっております。請求書を再送してください。"
	chinese  = "您好，我们没有收到发票，请再寄一次，谢谢。"
	koreans  = "로그인이 되지 않습니다. 도와 주세요."
	taiwan   = "請問訂單何時出貨，謝謝您的幫忙。"
	greeting = "Hello, plain words only"
)

func in(e encoding.Encoding, s string) []byte {
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func TestCharsetsAreReadByTheirBytesNotOnlyByTheirLabels(t *testing.T) {
	cases := []struct {
		name, label string
		bytes       []byte
		want        string
	}{
		{"right label", "utf-8", []byte(german), german},
		{"no label", "", []byte(german), german},
		{"UTF-8 labelled Latin-1", "iso-8859-1", []byte(german), german},
		{"UTF-8 labelled windows-1251", "windows-1251", []byte(russian), russian},
		{"UTF-8 labelled ASCII", "us-ascii", []byte(japanes), japanes},
		{"UTF-8 with an unknown label", "x-klingon", []byte(german), german},
		{"windows-1252 labelled Latin-1", "ISO-8859-1", in(charmap.Windows1252, german), german},
		{"windows-1252 labelled UTF-8", "utf-8", in(charmap.Windows1252, german), german},
		{"windows-1252 without a label", "", in(charmap.Windows1252, german), german},
		{"windows-1252 with an unknown label", "x-unknown", in(charmap.Windows1252, german), german},
		{"KOI8-R", "koi8-r", in(charmap.KOI8R, russian), russian},
		{"KOI8-R without a label", "", in(charmap.KOI8R, russian), russian},
		{"windows-1251 labelled UTF-8", "utf-8", in(charmap.Windows1251, russian), russian},
		{"windows-1251 labelled ASCII", "us-ascii", in(charmap.Windows1251, russian), russian},
		{"ISO-2022-JP", "iso-2022-jp", in(japanese.ISO2022JP, japanes), japanes},
		{"ISO-2022-JP without a label", "", in(japanese.ISO2022JP, japanes), japanes},
		{"ISO-2022-JP labelled UTF-8", "utf-8", in(japanese.ISO2022JP, japanes), japanes},
		{"Shift-JIS", "Shift_JIS", in(japanese.ShiftJIS, japanes), japanes},
		{"Shift-JIS without a label", "", in(japanese.ShiftJIS, japanes), japanes},
		{"EUC-JP", "euc-jp", in(japanese.EUCJP, japanes), japanes},
		{"GB18030 labelled gb2312", "gb2312", in(simplifiedchinese.GB18030, chinese), chinese},
		{"GBK without a label", "", in(simplifiedchinese.GBK, chinese), chinese},
		{"HZ", "hz-gb-2312", in(simplifiedchinese.HZGB2312, chinese), chinese},
		{"Big5", "big5", in(traditionalchinese.Big5, taiwan), taiwan},
		{"EUC-KR", "ks_c_5601-1987", in(korean.EUCKR, koreans), koreans},
		{"UTF-16 with a mark", "utf-16", in(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), german), german},
		{"UTF-16LE", "utf-16le", in(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), german), german},
		{"UTF-7", "utf-7", []byte("Gr+APwA3w-e und +2D3eAA-"), "Grüße und 😀"},
		{"ASCII labelled Shift-JIS", "shift_jis", []byte(greeting), greeting},
		{"label in quotes", `"utf-8"`, []byte(german), german},
		{"NUL and a mark", "utf-8", []byte("\xef\xbb\xbfa\x00b\r\nc\x07"), "ab\nc"},
		{"one bad byte in UTF-8", "utf-8", []byte(german + "\xff."), german + "\uFFFD."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, _ := decodeCharset(c.bytes, c.label); got != c.want {
				t.Errorf("reads %q, want %q", got, c.want)
			}
		})
	}
}

func TestHeadersInTheCharsetOfTheText(t *testing.T) {
	raw := append([]byte("From: "), in(simplifiedchinese.GBK, "王芳")...)
	raw = append(append(raw, []byte(" <wang.fang@gongsi.example>\nSubject: ")...), in(simplifiedchinese.GBK, "发票")...)
	raw = append(append(raw, []byte("\nContent-Type: text/plain; charset=gb2312\n\n")...), in(simplifiedchinese.GBK, chinese)...)
	m := parsed(t, raw)
	if m.From == nil || m.From.Name != "王芳" || m.Subject != "发票" || m.Text != chinese || m.Ambiguous != "" {
		t.Errorf("%v, %q, %q, %q", m.From, m.Subject, m.Text, m.Ambiguous)
	}
	m = parsed(t, append(append([]byte("From: "), in(japanese.ISO2022JP, "佐藤")...), []byte(" <sato@kaisha.example>\n\nx")...))
	if m.Ambiguous == "" {
		t.Errorf("escape sequences in From were trusted: %v", m.From)
	}
}

// RFC 2047 allows 75 characters for a word. Senders write whole subjects into one.
func TestLongEncodedWordsAreRead(t *testing.T) {
	long := strings.Repeat("Grüße aus Köln. ", 400)
	b := "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(long)) + "?="
	q := "=?iso-8859-1?Q?" + strings.Repeat("Gr=FC=DFe_aus_K=F6ln._", 400) + "?="
	for _, word := range []string{b, q} {
		m, err := Parse([]byte("From: " + word + " <maria@greenfund.example>\r\nSubject: " + word + " and more\r\n\r\nLook."))
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != long+"and more" || m.From == nil || !strings.HasPrefix(m.From.Name, "Grüße aus Köln.") {
			t.Errorf("%.30s… became the subject %.60q from %.60q", word, m.Subject, m.From.Name)
		}
	}
	for raw, want := range map[string]string{"=?utf-8?q?half": "=?utf-8?q?half", "=?utf-8?q?a?= =?utf-8?q?half": "a =?utf-8?q?half", "why =?": "why =?", "?= =?": "?= =?"} {
		if got := decodeWords(raw); got != want {
			t.Errorf("%q is read as %q, want %q", raw, got, want)
		}
	}
}
