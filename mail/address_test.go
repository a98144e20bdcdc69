package mail

import (
	"os"
	"strings"
	"testing"
)

// awkward are addresses on which programs disagree. What we accept, and as what, stands in a golden file.
var awkward = []string{
	`ana@example.org`, `Ana.Berg+tag@Example.ORG`, `o'brien@example.org`, `a@b`, `root@localhost`, `user_name@example.org`, `x=y@example.org`, `!#$%&*/?^{|}~@example.org`,
	`jan@bücher.example`, `jan@xn--bcher-kva.example`, `jan@BÜCHER.EXAMPLE`, `jürgen@example.org`, `用户@example.org`, `service@xn--pypal-4ve.example`,
	`"victim@corp.test"@evil.test`, `"a b"@example.org`, `"a"@example.org`, `victim@corp.test@evil.test`, `victim@corp.test(@evil.test`, `victim(@corp.test)@evil.test`,
	`(comment)a@example.org`, `a@(comment)example.org`, `attacker(&email=victim@x&)@evil.test`, `a@[127.0.0.1]`, `a@[IPv6:::1]`, `a@127.0.0.1`, `a@2130706433`,
	`=?utf-8?q?victim=40corp.test?=@evil.test`, `=?x?q?=41=42?=collab@psres.test`, `a@=?utf-8?q?x?=.test`, `a@xn--0049.test`, `a@xn--a`, `a@xn--`,
	"a\x00@example.org", "a\n@example.org", "a@example.org\r\nBcc: b@c.test", "a\tb@example.org", "a b@example.org", `a@exam ple.org`, `a@example..org`, `a@.example.org`, `a@example.org.`,
	`.a@example.org`, `a.@example.org`, `a..b@example.org`, `@example.org`, `a@`, `a`, ``, `@`, `a@-example.org`, `a@example-.org`, `a@exa_mple.org`, `a@example.123`,
	strings.Repeat("a", 64) + `@example.org`, strings.Repeat("a", 65) + `@example.org`, `a@` + strings.Repeat("b", 63) + `.org`, `a@` + strings.Repeat("b", 64) + `.org`,
	`a@` + strings.Repeat("bcd.", 62) + `org`, "a\u200b@example.org", "a@exa\u200bmple.org", "a\u202e@example.org", "\u0430na@example.org", "a@ex\u0430mple.org", `a@example.org,b@example.org`, `<a@example.org>`,
	`a%b@example.org`, `a!b@example.org`, `<@evil.test:a@example.org>`, `a\@b@example.org`, `a@example.org>`, `a@ｅxample.org`, `a＠example.org`,
}

func TestC9_OneAddressTypeForEveryone(t *testing.T) {
	var out strings.Builder
	for _, s := range awkward {
		got, err := NewAddress(s)
		if err != nil {
			got = "refused"
		}
		out.WriteString(strings.ReplaceAll(quote(s), "\n", " ") + " -> " + got + "\n")
		if strings.Contains(s, "corp.test") && strings.HasSuffix(got, "corp.test") {
			t.Errorf("%q was taken for an address at corp.test: %s", s, got)
		}
	}
	const file = "testdata/golden/addresses.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || out.String() != string(want) {
		t.Errorf("the accepted addresses changed (%v):\n%s", err, out.String())
	}
}

func TestC9_HeaderAddressesAreTheSameType(t *testing.T) {
	cases := []struct {
		field string
		want  string // "Name|email" joined by "; "
		bad   int
	}{
		{`Ana Berg <ana@example.org>`, "Ana Berg|ana@example.org", 0},
		{`"Berg, Ana" <ana@example.org>, ben@example.org`, "Berg, Ana|ana@example.org; |ben@example.org", 0},
		{`Berg, Ana <ana@example.org>`, "Berg, Ana|ana@example.org", 0},
		{`ana@example.org (Ana Berg)`, "Ana Berg|ana@example.org", 0},
		{`=?utf-8?q?B=C3=A4r=2C_Ana?= <ana@example.org>`, "Bär, Ana|ana@example.org", 0},
		{`"=?utf-8?q?B=C3=A4r?=" <ana@example.org>`, "Bär|ana@example.org", 0},
		{`'ana@example.org' <ana@example.org>`, "ana@example.org|ana@example.org", 0},
		{`Team: a@example.org, b@example.org;`, "|a@example.org; |b@example.org", 0},
		{`undisclosed-recipients:;`, "", 0},
		{`<>`, "", 1},
		{`"victim@corp.test"@evil.test`, "", 1},
		{`"victim@corp.test" <x@evil.test>`, "victim@corp.test|x@evil.test", 0},
		{`<victim@corp.test> <x@evil.test>`, "", 1},
		{`victim@corp.test <x@evil.test>`, "victim@corp.test|x@evil.test", 0},
		{`<x@evil.test> victim@corp.test`, "", 1},
		{`victim@corp.test(<x@evil.test>`, "", 1},
		{`=?utf-8?q?victim=40corp.test=2C?= <x@evil.test>`, "victim@corp.test,|x@evil.test", 0},
		{`=?utf-8?q?victim=40corp.test?=`, "", 1},
		{`<=?utf-8?q?victim=40corp.test?=>`, "", 1},
		{`a@example.org; b@example.org`, "|a@example.org; |b@example.org", 0},
		{`<a@example.org`, "|a@example.org", 0},
	}
	for _, c := range cases {
		list, bad := addressList(c.field)
		var got []string
		for _, a := range list {
			got = append(got, a.Name+"|"+a.Email)
		}
		if strings.Join(got, "; ") != c.want || len(bad) != c.bad {
			t.Errorf("%s reads as %v, %v", c.field, got, bad)
		}
	}
}

func TestParseAddressWantsExactlyOne(t *testing.T) {
	if a, err := ParseAddress("Ana Berg <Ana@Example.org>"); err != nil || a.Name != "Ana Berg" || a.Email != "Ana@example.org" {
		t.Errorf("%v, %v", a, err)
	}
	for _, s := range []string{"", "a@b.org, c@d.org", "a@b.org, nonsense@", "Ana"} {
		if a, err := ParseAddress(s); err == nil {
			t.Errorf("%q was taken as %v", s, a)
		}
	}
}
